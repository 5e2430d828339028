//! Which computed columns hold other values in the target than in the source, when the digests of both sides differ.

use std::sync::Arc;

use super::CopyError;
use super::matching::{ColumnPlan, sources};
use super::orphans::Orphans;
use super::rows::RowEncoder;
use super::workers::blocking;
use crate::postgres::Session;
use crate::postgres::names::{list, quote};
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

/// Says of computed columns that they differ, and what can be done; `target` is their table there, as SQL names it.
pub fn told(table: &str, target: &str, differing: &[ColumnPlan]) -> String {
    let names = sources(differing).join(", ");
    let flags: Vec<String> = differing.iter().map(|column| format!("--exclude '{table}.{}'", column.source)).collect();
    let drops: Vec<String> =
        differing.iter().map(|column| format!("alter column {} drop expression", quote(&column.target))).collect();
    format!(
        "PostgreSQL computes other values of {names} than the source holds: its expression means something else there; \
         where what it computes is wanted, leave the source's out ({}); where the source's values are, make an ordinary \
         column of it (from PostgreSQL 13 on: alter table {target} {}) and copy again with --on-nonempty truncate",
        flags.join(" "),
        drops.join(", ")
    )
}

impl Both<'_> {
    /// The computed columns that differ, when all else is equal.
    pub async fn differing(&self, session: &mut Session, columns: &[ColumnPlan]) -> Result<Vec<ColumnPlan>, CopyError> {
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
                differing.push(column);
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

#[cfg(test)]
mod tests {
    use super::*;
    use crate::schema::{Column, LogicalType};

    #[test]
    fn what_differs_is_told_with_both_ways_out() {
        let planned = |source: &str, target: &str| ColumnPlan::created(source, &Column::new(target, LogicalType::Text));
        let said = told("notes", "\"public\".\"notes\"", &[planned("Head", "Head"), planned("size", "size")]);
        for words in [
            "other values of Head, size than",
            "(--exclude 'notes.Head' --exclude 'notes.size')",
            "alter table \"public\".\"notes\" alter column \"Head\" drop expression, alter column \"size\" drop expression)",
        ] {
            assert!(said.contains(words), "{said}");
        }
    }
}
