//! What one side has and nothing on the other is compared with.

use std::sync::Arc;

use super::outcome::Comparison;
use crate::copy::workers::blocking;
use crate::copy::{CopyError, matching};
use crate::postgres::introspect;
use crate::schema::{OtherObject, Schema};
use crate::sqlite::read::{KeyShape, TableRead};
use crate::sqlite::{self, Snapshot};

/// Names the tables that only the target has.
pub(super) fn only_in_target(structure: &sqlite::introspect::Structure, found: &introspect::Structure) -> Vec<String> {
    let met: Vec<usize> = structure
        .schema
        .tables
        .iter()
        .filter_map(|table| matching::find(found, &table.name, &structure.schema.tables))
        .collect();
    let others = found.schema.tables.iter().enumerate().filter(|(place, _)| !met.contains(place));
    others.map(|(_, table)| format!("table {} is only in the target and was not looked at", table.name)).collect()
}

/// What is no table, holds what is stored nowhere else, and is not left out by name: a copy of it is nowhere to compare.
pub(super) async fn open_questions(
    snapshot: &Arc<Snapshot>,
    source: &Schema,
    excluded: &[String],
) -> Result<Vec<Comparison>, CopyError> {
    let open: Vec<OtherObject> = source.others.iter().filter(|other| other.is_open(excluded)).cloned().collect();
    let snapshot = Arc::clone(snapshot);
    blocking(move || {
        let reader = snapshot.lend();
        let told = |OtherObject { kind, name, reason, only_copy_in }| {
            let behind = only_copy_in.unwrap_or_default();
            let read = TableRead { table: behind, key: KeyShape::Unreachable, columns: Vec::new() };
            Ok(Comparison::open(name, format!("a {kind}: {reason}"), read.count(&reader)?))
        };
        open.into_iter().map(told).collect()
    })
    .await
}
