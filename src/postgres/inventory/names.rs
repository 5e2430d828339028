//! How an item is named in a statement: quoted, with its schema where that is not the home.

use crate::postgres::names::{qualified, quote};
use crate::schema::inventory::{Inventory, Item, Kind};

/// Quotes a name of an inventory; what stands before a dot is a schema where the inventory has one of that name.
pub(super) fn full(name: &str, inventory: &Inventory) -> String {
    match name.split_once('.') {
        Some((schema, rest)) if !schema.is_empty() && inventory.item(Kind::Schema, schema).is_some() => {
            qualified(schema, rest)
        }
        _ => quote(name),
    }
}

/// The relation that an item is a part of.
pub(super) fn whole(item: &Item, inventory: &Inventory) -> Option<String> {
    item.part_of.as_deref().map(|name| full(name, inventory))
}

/// What `alter` is followed by for the relation that an item is a part of.
pub(super) fn alter_whole(item: &Item, inventory: &Inventory) -> Option<String> {
    let name = item.part_of.as_deref()?;
    let word = match () {
        () if inventory.item(Kind::Domain, name).is_some() => "domain",
        () if inventory.item(Kind::ForeignTable, name).is_some() => "foreign table",
        () if inventory.item(Kind::MaterializedView, name).is_some() => "materialized view",
        () if inventory.item(Kind::Composite, name).is_some() => "type",
        () => "table",
    };
    Some(format!("alter {word} {}", full(name, inventory)))
}

/// What an item is, and its name, as `comment on` and `grant` take them; nothing for the home schema, which has no name.
pub(super) fn object(item: &Item, inventory: &Inventory) -> Option<String> {
    let name = item.name.as_deref().filter(|name| !name.is_empty())?;
    let own = || full(name, inventory);
    Some(match item.kind {
        Kind::Schema | Kind::Extension => format!("{} {}", item.kind.name(), quote(name)),
        Kind::Enum | Kind::Composite | Kind::Range => format!("type {}", own()),
        Kind::Domain => format!("domain {}", own()),
        Kind::Function => format!(
            "{} {}",
            item.fact("kind").filter(|kind| *kind != "window").unwrap_or("function"),
            routine(name, inventory)
        ),
        Kind::Column => format!("column {}.{}", whole(item, inventory)?, quote(name)),
        Kind::PrimaryKey | Kind::Unique | Kind::Check | Kind::ForeignKey | Kind::Exclusion => {
            let domain = if inventory.item(Kind::Domain, item.part_of.as_deref()?).is_some() { "domain " } else { "" };
            format!("constraint {} on {domain}{}", quote(name), whole(item, inventory)?)
        }
        Kind::Index | Kind::Statistics => {
            // It lies where its table lies.
            let table = whole(item, inventory)?;
            let schema =
                item.part_of.as_deref().filter(|name| quote(name) != table).and_then(|name| name.split_once('.'));
            let own = schema.map_or_else(|| quote(name), |(schema, _)| qualified(schema, name));
            format!("{} {own}", item.kind.name())
        }
        Kind::Trigger | Kind::Rule | Kind::Policy => {
            format!("{} {} on {}", item.kind.name(), quote(name), whole(item, inventory)?)
        }
        Kind::Table | Kind::ForeignTable | Kind::View | Kind::MaterializedView | Kind::Sequence => {
            format!("{} {}", item.kind.name(), own())
        }
        // SQLite's alone.
        Kind::VirtualTable => return None,
    })
}

/// A function's name, with the types of its arguments as they are.
fn routine(name: &str, inventory: &Inventory) -> String {
    let (name, arguments) = name.split_once('(').unwrap_or((name, ")"));
    format!("{}({arguments}", full(name, inventory))
}
