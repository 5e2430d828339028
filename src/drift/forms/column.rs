//! The columns of both forms: which there are, which may not be null, which are computed, and which labels they take.

use std::collections::{BTreeMap, BTreeSet, HashSet};

use super::condition::{Condition, Verdict, labels};
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

/// Compares the columns of one table.
pub(super) fn compare(sqlite: &Relation<'_>, postgres: &Relation<'_>, enums: &Enums, findings: &mut Findings) {
    let (own, others) = (sqlite.columns(), postgres.columns());
    let keys: HashSet<String> = sqlite.key_columns().into_iter().chain(postgres.key_columns()).collect();
    let truths = postgres.truths();
    for (name, item) in &own {
        let Some(other) = others.get(name) else {
            findings.alone(Engine::Sqlite, item, item.name.as_deref().unwrap_or_default());
            continue;
        };
        if !keys.contains(name) {
            nullability(item, other, findings);
        }
        generated(item, other, &truths, findings);
        if let Some(labels) = labels_of_type(other, enums) {
            labelled(sqlite, item, name, labels, findings);
        }
    }
    for (_, item) in others.iter().filter(|(name, _)| !own.contains_key(*name)) {
        findings.alone(Engine::Postgres, item, item.name.as_deref().unwrap_or_default());
    }
}

/// SQLite lets some columns of primary keys be null, and its form need not say that they may not.
fn nullability(sqlite: &Item, postgres: &Item, findings: &mut Findings) {
    let counts_itself = |item: &Item| ["identity", "numbers rows"].iter().any(|fact| item.fact(fact).is_some());
    let is_said = |item: &Item| item.fact("not null").is_some() && !counts_itself(item);
    for (engine, item, other) in [(Engine::Sqlite, sqlite, postgres), (Engine::Postgres, postgres, sqlite)] {
        if is_said(item) && other.fact("not null").is_none() {
            findings.alone(engine, item, &format!("{} not null", item.name.as_deref().unwrap_or_default()));
        }
    }
}

fn generated(sqlite: &Item, postgres: &Item, truths: &HashSet<String>, findings: &mut Findings) {
    let words = sqlite.name.as_deref().unwrap_or_default();
    let (own, other) = (sqlite.fact("generated"), postgres.fact("generated"));
    let (Some(is), Some(there)) = (own, other) else {
        findings.held(sqlite, words, "generated", own, other);
        return;
    };
    let read = |engine: Engine, text: &str| Condition::read(engine, text, truths);
    match read(Engine::Sqlite, is).beside(&read(Engine::Postgres, there)) {
        Verdict::Same => {}
        Verdict::Different => findings.held(sqlite, words, "generated", own, other),
        Verdict::Unknown => {
            let why = "an engine computes it in words of its own";
            findings.incomparable(sqlite, words, &format!("generated {is}; {there}"), why);
        }
    }
    // That PostgreSQL stores what SQLite computes each time is told as a gap of SQLite's.
    if sqlite.fact("kept") == Some("stored") {
        findings.held(sqlite, words, "kept", sqlite.fact("kept"), postgres.fact("kept"));
    }
}

/// The labels that a column's type allows.
fn labels_of_type<'e>(column: &Item, enums: &'e Enums) -> Option<&'e [String]> {
    let declared = column.fact("type")?;
    let plain = declared.replace('"', "");
    enums.get(&plain).or_else(|| enums.get(&name(declared))).map(Vec::as_slice)
}

/// Holds the labels of a type against the check that stands for it on SQLite.
fn labelled(sqlite: &Relation<'_>, column: &Item, name: &str, expected: &[String], findings: &mut Findings) {
    let words = column.name.as_deref().unwrap_or_default();
    let shown = |list: &BTreeSet<&str>| list.iter().map(|label| format!("'{label}'")).collect::<Vec<_>>().join(", ");
    let expected: BTreeSet<&str> = expected.iter().map(String::as_str).collect();
    let listed = sqlite.parts(Kind::Check).find_map(|check| list_of(check).filter(|(of, _)| of == name));
    let listed = listed.map(|(_, labels)| labels);
    let is = listed.as_ref().map(|labels| labels.iter().map(String::as_str).collect::<BTreeSet<_>>());
    if is.as_ref() != Some(&expected) {
        findings.held(column, words, "labels", is.as_ref().map(shown).as_deref(), Some(&shown(&expected)));
    }
}

/// The column and the labels of a check that lists them.
fn list_of(check: &Item) -> Option<(String, Vec<String>)> {
    labels(&Condition::read(Engine::Sqlite, check.fact("expression")?, &HashSet::new()))
}

/// Tells whether a check of SQLite's stands for a type of PostgreSQL's.
pub(super) fn stands_for_type(check: &Item, postgres: &Relation<'_>, enums: &Enums) -> bool {
    let column = list_of(check).and_then(|(column, _)| postgres.columns().get(&column).copied());
    column.is_some_and(|column| labels_of_type(column, enums).is_some())
}
