//! The SQL that ends a difference, where it can be written without losing anything.

mod column;
mod constraint;
mod grants;
mod inherited;
mod number;
mod options;
mod relation;
mod types;

pub(super) use self::number::usual_sequence;
use super::keys::parts;
use super::names::object;
use crate::postgres::names::literal;
use crate::schema::inventory::{Difference, Inventory, Item, Kind, What};

/// A fact that differs: of what, about what, what should be and what is.
#[derive(Clone, Copy, Debug)]
struct Change<'c> {
    item: &'c Item,
    what: &'c str,
    expected: Option<&'c str>,
    found: Option<&'c str>,
    inventory: &'c Inventory,
    /// What the item is in what is there, where that is known.
    there: Option<&'c Item>,
}

/// Writes the statements that would make a difference vanish; `expected` is the inventory that should be, `found` the one that
/// is, where it is known.
pub fn mend(difference: &Difference, expected: &Inventory, found: Option<&Inventory>) -> Option<String> {
    if matches!(difference.what, What::Unexpected)
        && difference.kind == Kind::Sequence
        && difference.name.as_deref().is_some_and(|name| number::is_expected(name, expected))
    {
        return None;
    }
    let What::Changed { fact, expected: should, found: is } = &difference.what else { return difference.mend.clone() };
    let same = |item: &&Item| {
        item.kind == difference.kind && item.part_of == difference.part_of && item.name == difference.name
    };
    let item = expected.items.iter().find(same)?;
    let there = found.and_then(|found| found.items.iter().find(same));
    let change =
        Change { item, what: fact, expected: should.as_deref(), found: is.as_deref(), inventory: expected, there };
    of_change(&change)
}

/// Writes the statements that make a fact of an item true.
pub(super) fn of_fact(
    item: &Item,
    what: &str,
    expected: Option<&str>,
    found: Option<&str>,
    inventory: &Inventory,
) -> Option<String> {
    of_change(&Change { item, what, expected, found, inventory, there: None })
}

fn of_change(change: &Change<'_>) -> Option<String> {
    match change.what {
        "comment" => comment(change),
        "grants" => grants::mend(change),
        "depends on extension" => extension(change),
        _ => column::mend(change)
            .or_else(|| constraint::mend(change))
            .or_else(|| relation::mend(change))
            .or_else(|| types::mend(change)),
    }
}

fn comment(change: &Change<'_>) -> Option<String> {
    let text = change.expected.map_or_else(|| "null".into(), literal);
    Some(format!("comment on {} is {text}", object(change.item, change.inventory)?))
}

/// Ties an item to the extensions that it should go with, and unties it from the others.
fn extension(change: &Change<'_>) -> Option<String> {
    let can = matches!(change.item.kind, Kind::Function | Kind::MaterializedView | Kind::Index | Kind::Trigger);
    let object = object(change.item, change.inventory).filter(|_| can)?;
    let (wanted, there) = (change.expected.map(parts).unwrap_or_default(), change.found.map(parts).unwrap_or_default());
    let gone = there.iter().filter(|name| !wanted.contains(name)).map(|name| ("no ", name));
    let new = wanted.iter().filter(|name| !there.contains(name)).map(|name| ("", name));
    let statements = gone.chain(new).map(|(no, name)| format!("alter {object} {no}depends on extension {name}"));
    Some(statements.collect::<Vec<_>>().join(";\n")).filter(|text| !text.is_empty())
}

/// What takes an item away and makes it anew, as it should be.
fn anew(change: &Change<'_>) -> Option<String> {
    Some(format!("{};\n{}", change.item.drop.as_deref()?, change.item.create.as_deref()?))
}
