//! When what mends a difference has its turn: what is in the way goes first, and what needs others comes after them.

use crate::schema::Engine;
use crate::schema::inventory::{Difference, Inventory, Item, Kind, What};

/// The turns, in their order.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Phase {
    /// Columns of SQLite, which looks at all views and triggers when one goes.
    Alter,
    /// Triggers, rules and policies go.
    DropActors,
    /// Views go.
    DropViews,
    /// Foreign keys go.
    DropReferences,
    /// Other constraints and indexes go.
    DropKeys,
    /// Columns let go of what makes their values.
    Release,
    DropColumns,
    DropTables,
    /// Schemas, extensions, types and sequences come and change.
    Types,
    Functions,
    Tables,
    Columns,
    /// Functions that name tables.
    LateFunctions,
    /// Constraints and indexes come.
    Keys,
    /// Columns get what makes their values.
    Values,
    References,
    Views,
    Actors,
    Rest,
    /// What others may have used until now goes.
    DropRest,
}

/// The phase of what mends a difference as a whole, or of what makes it where it is made anew.
pub(super) fn of(difference: &Difference, expected: &Inventory) -> Phase {
    match &difference.what {
        What::Unexpected => of_drop(difference.kind, expected.engine),
        What::Missing => of_create(difference.kind, expected, difference.mend.as_deref()),
        What::Order { .. } => Phase::Rest,
        What::Changed { fact, expected: wanted, .. } => match (difference.kind, fact.as_str()) {
            (_, "grants" | "comment" | "column grants" | "column comments") => Phase::Rest,
            (Kind::Column, "type" | "collation") => Phase::Columns,
            (Kind::Column, "identity" | "default" | "generated" | "numbers rows") if wanted.is_none() => Phase::Release,
            (Kind::Column, _) => Phase::Values,
            (Kind::Table | Kind::ForeignTable | Kind::VirtualTable, _) => Phase::Rest,
            (Kind::Sequence, "owned by") => Phase::Values,
            (kind, _) => of_create(kind, expected, difference.mend.as_deref()),
        },
    }
}

/// The phase in which a thing comes that was taken away.
pub(super) fn of_made_anew(item: &Item, expected: &Inventory) -> Phase {
    of_create(item.kind, expected, item.create.as_deref())
}

/// The phase in which a thing of a kind goes.
pub(super) fn of_drop(kind: Kind, engine: Engine) -> Phase {
    match kind {
        Kind::Column if engine == Engine::Sqlite => Phase::Alter,
        Kind::Trigger | Kind::Rule | Kind::Policy => Phase::DropActors,
        Kind::View | Kind::MaterializedView => Phase::DropViews,
        Kind::ForeignKey => Phase::DropReferences,
        Kind::PrimaryKey | Kind::Unique | Kind::Check | Kind::Exclusion | Kind::Index | Kind::Statistics => {
            Phase::DropKeys
        }
        Kind::Column => Phase::DropColumns,
        Kind::Table | Kind::ForeignTable | Kind::VirtualTable => Phase::DropTables,
        _ => Phase::DropRest,
    }
}

fn of_create(kind: Kind, expected: &Inventory, create: Option<&str>) -> Phase {
    match kind {
        Kind::Column if expected.engine == Engine::Sqlite => Phase::Alter,
        Kind::Function if create.is_some_and(|text| names_relation(text, expected)) => Phase::LateFunctions,
        Kind::Function => Phase::Functions,
        Kind::Table | Kind::ForeignTable | Kind::VirtualTable => Phase::Tables,
        Kind::Column => Phase::Columns,
        Kind::PrimaryKey | Kind::Unique | Kind::Check | Kind::Exclusion | Kind::Index | Kind::Statistics => Phase::Keys,
        Kind::ForeignKey => Phase::References,
        Kind::View | Kind::MaterializedView => Phase::Views,
        Kind::Trigger | Kind::Rule | Kind::Policy => Phase::Actors,
        _ => Phase::Types,
    }
}

/// Tells whether a function's text has the name of a relation among its words.
fn names_relation(text: &str, inventory: &Inventory) -> bool {
    let is_named = |item: &Item| {
        let is_relation =
            item.part_of.is_none() && matches!(item.kind, Kind::Table | Kind::View | Kind::MaterializedView);
        let plain = item.name.as_deref().and_then(|name| name.rsplit('.').next());
        is_relation
            && plain.is_some_and(|name| text.split(|c: char| !c.is_alphanumeric() && c != '_').any(|w| w == name))
    };
    inventory.items.iter().any(is_named)
}
