//! The statement that takes one difference away, where SQLite has one.

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
