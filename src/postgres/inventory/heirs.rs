//! Columns that a table has from those that it inherits from, and does not say itself.

use crate::postgres::names::quote;
use crate::schema::inventory::{Inventory, Item, Kind};

/// Tells whether a column is there for its parent alone, and is all that it is there.
pub(super) fn is_as_inherited(column: &Item, inventory: &Inventory) -> bool {
    let facts = ["type", "collation", "not null", "default", "generated"];
    parent_of(column, inventory).is_some_and(|parent| facts.iter().all(|fact| parent.fact(fact) == column.fact(fact)))
}

/// Tells whether a table has a column for its parents alone.
pub(super) fn has_inherited(table: &Item, inventory: &Inventory) -> bool {
    let name = table.name.as_deref().unwrap_or_default();
    inventory.parts(name, Kind::Column).any(|column| parent_of(column, inventory).is_some())
}

/// The same column of the first parent that has it; none where the table says it itself.
fn parent_of<'i>(column: &Item, inventory: &'i Inventory) -> Option<&'i Item> {
    let heir = inventory.item(Kind::Table, column.part_of.as_deref()?)?;
    let parents = heir.fact("inherits").filter(|_| column.fact("own definition").is_none())?;
    let parents = super::keys::parts(parents);
    let is_parent = |item: &Item| {
        let known = item.part_of.as_deref().unwrap_or_default();
        parents.iter().any(|parent| *parent == known || *parent == quote(known))
    };
    inventory.items.iter().find(|item| item.kind == Kind::Column && item.name == column.name && is_parent(item))
}
