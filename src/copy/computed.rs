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

/// One table on both sides.
pub struct Both<'b> {
    /// The source, in one state.
    pub snapshot: &'b Arc<Snapshot>,
    /// How the source's rows are read.
    pub read: &'b TableRead,
    /// Those of its rows that do not arrive as they are for their references.
    pub orphans: &'b Orphans,
    /// What the target's rows are read from.
    pub rows: &'b str,
}

/// Says of computed columns that they differ.
pub fn told(differing: &[String]) -> String {
    let names = differing.join(", ");
    format!(
        "PostgreSQL computes other values of {names} than the source holds: its expression means something else there"
    )
}

impl Both<'_> {
    /// Names the computed columns that differ, when all else is equal.
    pub async fn differing(&self, session: &mut Session, columns: &[ColumnPlan]) -> Result<Vec<String>, CopyError> {
        let (computed, sent): (Vec<ColumnPlan>, Vec<ColumnPlan>) =
            columns.iter().cloned().partition(|column| column.computed);
        let mut differing = Vec::new();
        if computed.is_empty() || !self.are_equal(session, &sent).await? {
            return Ok(differing);
        }
        for column in computed {
            let mut with_it = sent.clone();
            with_it.push(column.clone());
            if !self.are_equal(session, &with_it).await? {
                differing.push(column.source);
            }
        }
        Ok(differing)
    }

    /// Whether both sides hold the same in these columns.
    async fn are_equal(&self, session: &mut Session, columns: &[ColumnPlan]) -> Result<bool, CopyError> {
        let query = format!("select {} from {}", list(columns.iter().map(|column| &column.target)), self.rows);
        let oids = columns.iter().map(|column| column.oid).collect();
        let found =
            session.digest(&format!("read computed columns of {}", self.read.table), &query, oids, || {}).await?;
        let read = TableRead { columns: sources(columns), ..self.read.clone() };
        let (snapshot, columns, orphans) = (Arc::clone(self.snapshot), columns.to_vec(), self.orphans.clone());
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
}
