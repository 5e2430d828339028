//! Which computed columns hold other values in the target than in the source, when the digests of both sides differ.

use std::sync::Arc;

use super::CopyError;
use super::matching::{ColumnPlan, sources};
use super::orphans::Orphans;
use super::rows::RowEncoder;
use super::workers::blocking;
use crate::postgres::Session;
use crate::postgres::names::list;
use crate::sqlite::Snapshot;
use crate::sqlite::read::{TableRead, Walk};
use crate::value::KeyRange;
use crate::value::digest::RangeDigest;

/// Names the computed columns that differ, when all else is equal; `rows` is what the target's rows are read from.
pub async fn differing(
    session: &mut Session,
    snapshot: &Arc<Snapshot>,
    read: &TableRead,
    columns: &[ColumnPlan],
    orphans: &Orphans,
    rows: &str,
) -> Result<Vec<String>, CopyError> {
    let (computed, sent): (Vec<ColumnPlan>, Vec<ColumnPlan>) =
        columns.iter().cloned().partition(|column| column.computed);
    let mut differing = Vec::new();
    if computed.is_empty() || !are_equal(session, snapshot, read, &sent, orphans, rows).await? {
        return Ok(differing);
    }
    for column in computed {
        let mut with_it = sent.clone();
        with_it.push(column.clone());
        if !are_equal(session, snapshot, read, &with_it, orphans, rows).await? {
            differing.push(column.source);
        }
    }
    Ok(differing)
}

/// Says of computed columns that they differ.
pub fn told(differing: &[String]) -> String {
    let names = differing.join(", ");
    format!(
        "PostgreSQL computes other values of {names} than the source holds: its expression means something else there"
    )
}

/// Whether both sides hold the same in these columns.
async fn are_equal(
    session: &mut Session,
    snapshot: &Arc<Snapshot>,
    read: &TableRead,
    columns: &[ColumnPlan],
    orphans: &Orphans,
    rows: &str,
) -> Result<bool, CopyError> {
    let query = format!("select {} from {rows}", list(columns.iter().map(|column| &column.target)));
    let oids = columns.iter().map(|column| column.oid).collect();
    let found = session.digest(&format!("read computed columns of {}", read.table), &query, oids, || {}).await?;
    let read = TableRead { columns: sources(columns), ..read.clone() };
    let (snapshot, columns, orphans) = (Arc::clone(snapshot), columns.to_vec(), orphans.clone());
    let expected = blocking(move || {
        let (mut encoder, mut tuple) = (RowEncoder::new(&columns, &orphans), Vec::new());
        let mut digest = RangeDigest::default();
        read.walk(&snapshot.lend(), &KeyRange::default(), |row| {
            tuple.clear();
            if let Ok(hash) = encoder.encode(row, &mut tuple)? {
                digest.add_row(hash);
            }
            Ok(Walk::Continue)
        })?;
        Ok(digest)
    })
    .await?;
    Ok(expected == found)
}
