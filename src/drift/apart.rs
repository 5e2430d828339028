//! Sets apart what is not compared: tables that another tool keeps for itself, and what a person asked to pass over.

use std::collections::{BTreeSet, HashMap, HashSet};

use super::outcome::{NotCompared, Side};
use crate::schema::histories;
use crate::schema::inventory::{Difference, Inventory, Item, Kind, Unmanaged};
use crate::schema::pattern::Pattern;

/// Takes the tables out in which other tools keep their history, unless they are expected.
pub(super) fn histories(expected: &Inventory, found: &mut Inventory) -> Vec<Unmanaged> {
    let tables = |inventory: &'_ Inventory| -> HashSet<String> {
        inventory.items.iter().filter(|item| item.kind == Kind::Table).filter_map(|item| item.name.clone()).collect()
    };
    let (expected, there) = (tables(expected), tables(found));
    let mut columns: HashMap<&str, Vec<&str>> = HashMap::new();
    for column in found.items.iter().filter(|item| item.kind == Kind::Column) {
        let (Some(whole), Some(name)) = (&column.part_of, &column.name) else { continue };
        columns.entry(whole).or_default().push(name);
    }
    let mut apart = Vec::new();
    for (name, columns) in columns.into_iter().filter(|(name, _)| there.contains(*name) && !expected.contains(*name)) {
        let plain = name.rsplit_once('.').map_or(name, |(_, plain)| plain);
        if let Some(shape) = histories::recognise(plain, &columns) {
            let why = format!("{} keeps its history in it", shape.tool);
            apart.push(Unmanaged { kind: Kind::Table.name().into(), name: name.to_owned(), why });
        }
    }
    apart.sort();
    let names: HashSet<&str> = apart.iter().map(|one| one.name.as_str()).collect();
    let is_kept = |item: &Item| {
        let own = if item.kind == Kind::Table { item.name.as_deref() } else { None };
        ![item.part_of.as_deref(), own].into_iter().flatten().any(|name| names.contains(name))
    };
    found.items.retain(is_kept);
    apart
}

/// What lies in a schema, among what is not compared, besides what serves the search of texts.
const IN_SCHEMAS: [&str; 6] = ["base type", "collation", "conversion", "operator", "operator class", "operator family"];

/// Forgets what a database has besides, where what should be there was made beside it: in a schema, without whose name it is
/// told.
pub(super) fn forget_surroundings(made: &mut Inventory) {
    let is_own = |one: &Unmanaged| {
        let name = one.name.split('(').next().unwrap_or_default();
        let lies_in_schema = IN_SCHEMAS.contains(&one.kind.as_str()) || one.kind.starts_with("text search ");
        lies_in_schema && !name.contains('.')
    };
    made.unmanaged.retain(is_own);
}

/// Names what is not compared on either side, each thing once.
pub(super) fn sides(expected: Vec<Unmanaged>, found: Vec<Unmanaged>) -> Vec<NotCompared> {
    let (expected, found): (BTreeSet<_>, BTreeSet<_>) = (expected.into_iter().collect(), found.into_iter().collect());
    let side = |thing: &Unmanaged| match (expected.contains(thing), found.contains(thing)) {
        (true, true) => Side::Both,
        (true, false) => Side::Expected,
        (false, _) => Side::Found,
    };
    expected.union(&found).map(|thing| NotCompared { thing: thing.clone(), side: side(thing) }).collect()
}

/// Tells whether nothing of anybody's own is there; the schema in which unqualified names are created is always there, and
/// extensions may be.
pub(super) fn is_empty(inventory: &Inventory) -> bool {
    inventory.items.iter().all(|item| item.kind == Kind::Extension || is_home(item))
}

/// Tells whether other schemas are there than the one in which unqualified names are created.
pub(super) fn has_other_schemas(inventory: &Inventory) -> bool {
    inventory.items.iter().any(|item| item.kind == Kind::Schema && !is_home(item))
}

/// The schema in which unqualified names are created has no name here.
pub(super) fn is_home(item: &Item) -> bool {
    item.kind == Kind::Schema && item.name.as_deref().is_none_or(str::is_empty)
}

/// Parts differences from those that a person asked to pass over.
pub(super) fn ignored(differences: Vec<Difference>, patterns: &[Pattern]) -> (Vec<Difference>, Vec<String>) {
    let (passed, kept): (Vec<_>, Vec<_>) =
        differences.into_iter().partition(|one| patterns.iter().any(|pattern| is_meant(one, pattern)));
    (kept, passed.iter().map(Difference::sentence).collect())
}

/// Whether a pattern means a thing: its relation, its own name, or both with a full stop between them.
fn is_meant(difference: &Difference, pattern: &Pattern) -> bool {
    let (whole, own) = (difference.part_of.as_deref(), difference.name.as_deref());
    let both = whole.zip(own).map(|(whole, own)| format!("{whole}.{own}"));
    let subject = difference.subject();
    [whole, own, both.as_deref(), Some(subject.as_str())].into_iter().flatten().any(|name| pattern.means(name))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::schema::Engine;
    use crate::schema::inventory::compare;

    fn with(names: &[(&str, &[&str])]) -> Inventory {
        let mut inventory = Inventory::new(Engine::Sqlite);
        for (table, columns) in names {
            inventory.items.push(Item::new(Kind::Table, None, Some(table)));
            let column = |name: &&str| Item::new(Kind::Column, Some(table), Some(name)).with("type", Some("TEXT"));
            inventory.items.extend(columns.iter().map(column));
        }
        inventory
    }

    #[test]
    fn another_tool_s_history_is_unmanaged_unless_it_is_expected() {
        let tables = [("users", &["id"][..]), ("alembic_version", &["version_num"][..])];
        let (mut found, expected) = (with(&tables), with(&tables[..1]));
        let apart = histories(&expected, &mut found);
        assert_eq!(
            (apart[0].name.as_str(), apart[0].why.as_str()),
            ("alembic_version", "Alembic keeps its history in it")
        );
        assert_eq!(compare(&expected, &found), []);
        let mut found = with(&tables);
        assert_eq!((histories(&with(&tables), &mut found), found.items.len()), (vec![], 4));
    }

    #[test]
    fn what_is_passed_over_is_named() {
        let expected = with(&[("users", &["id", "email"][..])]);
        let found = with(&[("users", &["id"][..]), ("tmp_1", &["x"][..])]);
        let told = |pattern: &str| {
            let (kept, passed) = ignored(compare(&expected, &found), &[pattern.parse().expect("a pattern")]);
            (kept.len(), passed.join("; "))
        };
        assert_eq!(told("tmp_*"), (1, "table tmp_1 is there and should not be".into()));
        assert_eq!(told("users.e*"), (1, "users.email is missing".into()));
        assert_eq!(told("users").0, 1);
        assert_eq!(told("other").0, 2);
    }
}
