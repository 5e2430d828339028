//! What things use of others, as the server keeps it: what must go before that goes, and come after it comes.

use std::collections::HashMap;

use crate::postgres::writer::Row;
use crate::schema::inventory::{Inventory, Use};

/// Notes of each item what it uses.
pub(super) fn note(rows: Vec<Row>, inventory: &mut Inventory) {
    type Known = (Option<String>, Option<String>, Option<String>);
    let mut uses: HashMap<Known, Vec<Use>> = HashMap::new();
    for row in rows {
        let Ok([kind, part_of, name, of, part]) = <[Option<String>; 5]>::try_from(row) else { continue };
        let used = of.map(|of| Use { of, part });
        uses.entry((kind, part_of, name)).or_default().extend(used);
    }
    for item in &mut inventory.items {
        let kind = item.kind.name().replace(' ', "_");
        let known = (Some(kind), item.part_of.clone(), item.name.clone());
        item.uses = uses.remove(&known).unwrap_or_default();
    }
}
