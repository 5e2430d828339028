//! The labels that types of PostgreSQL's allow, and the checks that list them on SQLite.

use std::collections::{BTreeMap, BTreeSet, HashSet};

use super::condition::{Condition, labels};
use super::findings::Findings;
use super::names::{name, parts};
use super::relation::Relation;
use crate::schema::Engine;
use crate::schema::inventory::{Inventory, Item, Kind};

/// The types with labels of a form, by their names.
pub(super) type Enums = BTreeMap<String, Vec<String>>;

/// Reads the types with labels.
pub(super) fn enums(postgres: &Inventory) -> Enums {
    let enums = postgres.items.iter().filter(|item| item.kind == Kind::Enum);
    let text = |label: &str| label.trim_start_matches('E').trim_matches('\'').replace("''", "'");
    let listed = |item: &Item| parts(item.fact("labels").unwrap_or_default()).into_iter().map(text).collect();
    enums.filter_map(|item| Some((item.name.clone()?, listed(item)))).collect()
}

/// Holds the labels of a column's type against the check that stands for it on SQLite.
pub(super) fn compare(
    sqlite: &Relation<'_>,
    (name, own): (&str, &Item),
    postgres: &Item,
    enums: &Enums,
    findings: &mut Findings,
) {
    let Some(expected) = of_type(postgres, enums) else { return };
    let words = own.name.as_deref().unwrap_or_default();
    let shown = |list: &BTreeSet<String>| list.iter().map(|label| format!("'{label}'")).collect::<Vec<_>>().join(", ");
    let is = standing(sqlite, name, &expected).map(|(_, labels)| labels);
    if is.as_ref() != Some(&expected) {
        findings.held(own, words, "labels", is.as_ref().map(shown).as_deref(), Some(&shown(&expected)));
    }
}

/// Tells whether a check of SQLite's stands for the labels of a type.
///
/// One that lists other labels is a check beside it, unless there is none that lists these.
pub(super) fn is_of_a_type(
    check: &Item,
    sqlite: &Relation<'_>,
    columns: &BTreeMap<String, &Item>,
    enums: &Enums,
) -> bool {
    let Some((column, labels)) = list_of(check) else { return false };
    let expected = columns.get(&column).and_then(|column| of_type(column, enums));
    expected.is_some_and(|expected| {
        let is_the_one = |(item, _): (&Item, _)| std::ptr::eq(item, check);
        labels == expected || standing(sqlite, &column, &expected).is_some_and(is_the_one)
    })
}

/// The labels that a column's type allows.
fn of_type(column: &Item, enums: &Enums) -> Option<BTreeSet<String>> {
    let declared = column.fact("type")?;
    let plain = declared.replace('"', "");
    let labels = enums.get(&plain).or_else(|| enums.get(&name(declared)))?;
    Some(labels.iter().cloned().collect())
}

/// The check that stands for a column's labels: one that lists just these, else the first that lists any.
fn standing<'i>(
    sqlite: &Relation<'i>,
    column: &str,
    expected: &BTreeSet<String>,
) -> Option<(&'i Item, BTreeSet<String>)> {
    let lists = sqlite.parts(Kind::Check).filter_map(|check| Some((check, list_of(check)?)));
    let mut lists: Vec<_> =
        lists.filter(|(_, (of, _))| of == column).map(|(check, (_, labels))| (check, labels)).collect();
    lists.sort_by_key(|(_, labels)| labels != expected);
    lists.into_iter().next()
}

/// The column and the labels of a check that lists them.
fn list_of(check: &Item) -> Option<(String, BTreeSet<String>)> {
    let (column, labels) = labels(&Condition::read(Engine::Sqlite, check.fact("expression")?, &HashSet::new()))?;
    Some((column, labels.into_iter().collect()))
}
