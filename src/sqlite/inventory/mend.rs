//! The statement that takes one difference away, where SQLite has one.

use std::collections::BTreeSet;

use super::words;
use crate::schema::inventory::{Difference, Inventory, Item, Kind, What};
use crate::sqlite::quote;

/// Writes the statements that take a difference away; none where SQLite has none, and a revision must build the table anew.
///
/// Where a thing has moved from one table to another, what is unexpected must go before what is missing comes.
pub fn mend(difference: &Difference, expected: &Inventory) -> Option<String> {
    let item = || expected.items.iter().find(|item| is_it(item, difference));
    match &difference.what {
        What::Missing => match difference.kind {
            // What stands on a table or a view is not told apart when all of it is missing.
            Kind::Table | Kind::View => with_parts(item()?, expected),
            _ => difference.mend.clone(),
        },
        What::Unexpected => difference.mend.clone(),
        What::Changed { .. } => {
            let create = match difference.kind {
                // The triggers of a view go with it.
                Kind::View => with_parts(item()?, expected)?,
                Kind::Index | Kind::Trigger => item()?.create.clone()?,
                _ => return None,
            };
            let name = quote(difference.name.as_deref()?);
            Some(format!("drop {} {name};\n{create}", difference.kind.name()))
        }
        What::Order { .. } => None,
    }
}

/// What must stand before the statement that drops a table, so that what refers to it keeps its rows: while foreign keys are
/// enforced, the rows of the table are deleted first, and those that refer to them follow.
///
/// Source: SQLite, "SQLite Foreign Key Support", 5.
pub fn before(difference: &Difference, found: &Inventory) -> Option<String> {
    let is_dropped = difference.kind == Kind::Table && matches!(difference.what, What::Unexpected);
    let own = words::name(difference.name.as_deref().filter(|_| is_dropped)?);
    let refers = |key: &&Item| {
        let parent = key.fact("refers to").and_then(|parent| parent.strip_prefix(&own));
        key.kind == Kind::ForeignKey
            && key.part_of != difference.name
            && parent.is_some_and(|columns| columns.is_empty() || columns.starts_with(" ("))
            && key.fact("on delete").is_some_and(|action| action != "restrict")
    };
    let followers: BTreeSet<&str> =
        found.items.iter().filter(refers).filter_map(|key| key.part_of.as_deref()).collect();
    let names = followers.into_iter().collect::<Vec<_>>().join(", ");
    // In a comment, a name stays on its line.
    (!names.is_empty()).then(|| {
        format!(
            "-- with foreign keys on, rows of {} that refer to it would go or be emptied, too; they can be put off only \
             outside of a transaction\npragma foreign_keys = off",
            names.replace(['\n', '\r'], " ")
        )
    })
}

fn is_it(item: &Item, difference: &Difference) -> bool {
    item.kind == difference.kind && item.part_of == difference.part_of && item.name == difference.name
}

fn with_parts(whole: &Item, expected: &Inventory) -> Option<String> {
    let mut statements = vec![whole.create.clone()?];
    let name = whole.name.as_deref()?;
    for kind in [Kind::Index, Kind::Trigger] {
        statements.extend(expected.parts(name, kind).filter_map(|part| part.create.clone()));
    }
    Some(statements.join(";\n"))
}
