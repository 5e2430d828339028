//! What a partition has from its parent and was switched or named apart from it: triggers, the checks of references, indexes.

use std::collections::BTreeSet;

use super::{Change, relation};
use crate::postgres::inventory::keys::parts;
use crate::postgres::inventory::names::full;
use crate::postgres::names::{literal, quote};
use crate::schema::inventory::{Inventory, Item, Kind};

/// What is told of one trigger: its kind, its name in quotes where it needs them, and how it is switched.
type Told<'t> = (&'t str, &'t str, &'t str);

pub(super) fn mend(change: &Change<'_>) -> Option<String> {
    let table = full(change.item.name.as_deref()?, change.inventory);
    let (wanted, there) = (read(change.expected)?, read(change.found)?);
    let same = |one: &Told<'_>, other: &Told<'_>| (one.0, one.1) == (other.0, other.1);
    let mut statements = Vec::new();
    if there.iter().any(|(kind, ..)| *kind == REFERENCE) {
        statements.push(checked_again(&table));
    }
    for (kind, name, how) in wanted.iter().filter(|one| !there.contains(one)) {
        // Those that check a reference have no name that stays the same.
        let by_name = *kind == TRIGGER;
        statements
            .push(by_name.then(|| format!("alter table {table} {} trigger {name}", relation::switch(Some(how))))?);
    }
    let told_of_parent = |one: &&Told<'_>| one.0 == TRIGGER && !wanted.iter().any(|other| same(one, other));
    for (_, name, _) in there.iter().filter(told_of_parent) {
        let how = relation::switch(of_parent(change.item, name, change.inventory));
        statements.push(format!("alter table {table} {how} trigger {name}"));
    }
    (!statements.is_empty()).then(|| statements.join(";\n"))
}

/// Gives a partition's indexes their names again: `name for usual name`.
pub(super) fn rename(change: &Change<'_>) -> Option<String> {
    let own = change.item.name.as_deref()?;
    let schema = own.split_once('.').filter(|_| full(own, change.inventory) != quote(own));
    let schema = schema.map_or(String::new(), |(schema, _)| format!("{}.", quote(schema)));
    let (wanted, there) = (named(change.expected), named(change.found));
    let name = |list: &[(&str, &str)], usual: &str| {
        list.iter().find(|(_, other)| *other == usual).map_or(usual, |(name, _)| *name).to_owned()
    };
    let usual: BTreeSet<&str> = wanted.iter().chain(&there).map(|(_, usual)| *usual).collect();
    let pairs = usual.into_iter().map(|usual| (name(&there, usual), name(&wanted, usual)));
    let statements = pairs.filter(|(from, to)| from != to);
    let statements = statements.map(|(from, to)| format!("alter index {schema}{from} rename to {to}"));
    Some(statements.collect::<Vec<_>>().join(";\n")).filter(|text| !text.is_empty())
}

/// Reads a list of names, each with the usual one.
fn named(text: Option<&str>) -> Vec<(&str, &str)> {
    text.map(parts).unwrap_or_default().into_iter().filter_map(|one| one.split_once(" for ")).collect()
}

const TRIGGER: &str = "trigger";
const REFERENCE: &str = "foreign key";

/// Reads what is told: `trigger t disabled, foreign key f disabled`.
fn read(text: Option<&str>) -> Option<Vec<Told<'_>>> {
    let one = |entry| {
        let (what, how) = str::rsplit_once(entry, ' ')?;
        [TRIGGER, REFERENCE].iter().find_map(|kind| Some((*kind, what.strip_prefix(kind)?.trim_start(), how)))
    };
    text.map(parts).unwrap_or_default().into_iter().map(one).collect()
}

/// How the trigger is switched of which a partition has a copy, at the nearest of those above that is told of it.
fn of_parent<'i>(partition: &Item, name: &str, inventory: &'i Inventory) -> Option<&'i str> {
    let is_called = |known: &Option<String>, name: &str| {
        known.as_deref().is_some_and(|known| known == name || quote(known) == name)
    };
    let (above, _) = relation::of_partition(partition.fact("partition of")?)?;
    let parent = inventory.items.iter().find(|item| item.kind == Kind::Table && is_called(&item.name, above))?;
    let mut triggers = inventory.parts(parent.name.as_deref()?, Kind::Trigger);
    match triggers.find(|item| is_called(&item.name, name)) {
        Some(trigger) => trigger.fact("enabled"),
        None => of_parent(parent, name, inventory),
    }
}

/// Switches on what checks the references of a partition; the server has named it by a number.
fn checked_again(table: &str) -> String {
    let alter = literal(&format!("alter table {table} enable trigger "));
    let table = literal(table);
    format!(
        "do $mend$ declare one name; begin\n    for one in select tgname from pg_catalog.pg_trigger where tgrelid = \
         {table}::regclass and tgisinternal and tgconstraint <> 0 and tgenabled <> 'O' loop\n        execute {alter} || \
         quote_ident(one);\n    end loop;\nend $mend$"
    )
}
