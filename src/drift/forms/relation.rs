//! One table or view of a form, with its parts.

use std::collections::{BTreeMap, HashSet};

use super::findings::Findings;
use super::names::{lower, names};
use crate::drift::apart::is_home;
use crate::schema::Engine;
use crate::schema::inventory::{Inventory, Item, Kind};

/// A table or view.
pub(super) struct Relation<'i> {
    pub(super) engine: Engine,
    pub(super) item: &'i Item,
    parts: Vec<&'i Item>,
}

impl<'i> Relation<'i> {
    /// Those of a form by their names; what lies in a schema of its own is told with that schema.
    pub(super) fn of(inventory: &'i Inventory) -> BTreeMap<String, Self> {
        let schemas: Vec<String> = inventory
            .items
            .iter()
            .filter(|item| item.kind == Kind::Schema && !is_home(item))
            .filter_map(|item| Some(format!("{}.", item.name.as_deref()?)))
            .collect();
        let is_outside = |name: &str| schemas.iter().any(|schema| name.starts_with(schema));
        let mut relations = BTreeMap::new();
        for item in inventory.items.iter().filter(|item| is_relation(item.kind)) {
            if let Some(name) = item.name.as_deref().filter(|name| !is_outside(name)) {
                let relation = Self { engine: inventory.engine, item, parts: Vec::new() };
                relations.entry(lower(name)).or_insert(relation);
            }
        }
        for item in &inventory.items {
            if let Some(whole) = item.part_of.as_deref().and_then(|whole| relations.get_mut(&lower(whole))) {
                whole.parts.push(item);
            }
        }
        relations
    }

    /// Tells those tables and columns of PostgreSQL's that are one to SQLite.
    pub(super) fn tell_clashes(inventory: &Inventory, findings: &mut Findings) {
        let mut known = HashSet::new();
        for item in inventory.items.iter().filter(|item| is_relation(item.kind) || item.kind == Kind::Column) {
            let name = item.name.as_deref().unwrap_or_default();
            if !known.insert((&item.part_of, lower(name))) {
                let kind = if item.kind == Kind::Column { String::new() } else { format!("{} ", item.kind.name()) };
                let why = "SQLite does not tell names apart that differ in case alone";
                findings.gap_of(inventory.engine, item, &format!("{kind}{name}"), "a name in other letters", why);
            }
        }
    }

    pub(super) fn parts(&self, kind: Kind) -> impl Iterator<Item = &'i Item> {
        self.parts.iter().copied().filter(move |item| item.kind == kind)
    }

    /// How many things it is, with its parts.
    pub(super) fn objects(&self) -> usize {
        1 + self.parts.len()
    }

    pub(super) fn words(&self) -> String {
        format!("{} {}", self.item.kind.name(), self.item.name.as_deref().unwrap_or_default())
    }

    /// Whether it is a question and keeps no rows of its own.
    pub(super) fn is_view(&self) -> bool {
        matches!(self.item.kind, Kind::View | Kind::MaterializedView)
    }

    /// The columns by their names.
    pub(super) fn columns(&self) -> BTreeMap<String, &'i Item> {
        self.parts(Kind::Column).filter_map(|item| Some((lower(item.name.as_deref()?), item))).collect()
    }

    /// The columns of the primary key.
    pub(super) fn key_columns(&self) -> Vec<String> {
        self.parts(Kind::PrimaryKey).filter_map(|key| key.fact("columns")).flat_map(names).collect()
    }

    /// The columns that hold truths; only PostgreSQL tells them from numbers.
    pub(super) fn truths(&self) -> HashSet<String> {
        let columns = self.columns().into_iter();
        columns.filter(|(_, item)| item.fact("type") == Some("boolean")).map(|(name, _)| name).collect()
    }
}

fn is_relation(kind: Kind) -> bool {
    matches!(kind, Kind::Table | Kind::View | Kind::MaterializedView | Kind::ForeignTable | Kind::VirtualTable)
}
