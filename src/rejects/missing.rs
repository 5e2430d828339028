//! How many more rows of some kind the source holds than the target: those alone can be rows that were set aside.
//!
//! A kind is all rows that are the same in the target, in the columns that are compared.

use std::collections::{HashMap, HashSet};
use std::sync::Arc;

use crate::copy::CopyError;
use crate::copy::matching::ColumnPlan;
use crate::copy::orphans::Orphans;
use crate::copy::plan::TablePlan;
use crate::copy::rows::RowEncoder;
use crate::copy::workers::blocking;
use crate::postgres::Session;
use crate::postgres::names::list;
use crate::sqlite::Snapshot;
use crate::sqlite::read::{TableRead, Walk};
use crate::value::digest::{RowHash, RowHasher};
use crate::value::{Key, KeyRange};

/// Some columns of a table on both sides.
#[derive(Clone)]
pub(super) struct Part {
    pub(super) read: TableRead,
    pub(super) columns: Vec<ColumnPlan>,
    pub(super) orphans: Orphans,
    /// The target's table, where rows are read from.
    rows: String,
}

impl Part {
    /// All that is stored of a table: not what the server computes.
    pub(super) fn stored(schema: &str, table: &TablePlan) -> Self {
        let (rows, orphans) = (table.rows_of_target(schema), table.orphans.clone());
        Self { read: table.read.clone(), columns: table.columns.clone(), orphans, rows }.only(|column| !column.computed)
    }

    /// Those of the columns that `wanted` is true of.
    pub(super) fn only(&self, wanted: impl Fn(&ColumnPlan) -> bool) -> Self {
        let columns: Vec<ColumnPlan> = self.columns.iter().filter(|column| wanted(column)).cloned().collect();
        let names = columns.iter().map(|column| column.source.clone()).collect();
        Self { read: TableRead { columns: names, ..self.read.clone() }, columns, ..self.clone() }
    }

    /// These columns alone, in this order; those that are not copied are left out.
    pub(super) fn of(&self, names: &[String]) -> Self {
        let column = |name: &String| self.columns.iter().find(|column| column.source == *name).cloned();
        let columns: Vec<ColumnPlan> = names.iter().filter_map(column).collect();
        Self { columns, ..self.clone() }.only(|_| true)
    }

    /// The kinds of single rows of the source; none of one that fits no kind, for it has no form in the target.
    pub(super) async fn kinds(
        &self,
        snapshot: &Arc<Snapshot>,
        keys: Vec<Key>,
    ) -> Result<Vec<Option<RowHash>>, CopyError> {
        let (snapshot, part) = (Arc::clone(snapshot), self.clone());
        blocking(move || {
            let (mut encoder, mut tuple) = (RowEncoder::new(&part.columns, &part.orphans), Vec::new());
            let mut kinds = vec![None; keys.len()];
            part.read.rows(&snapshot.lend(), &keys, |at, row| {
                tuple.clear();
                if let Some(row) = row {
                    kinds[at] = encoder.encode(row, &mut tuple)?.ok();
                }
                Ok(())
            })?;
            Ok(kinds)
        })
        .await
    }

    /// Counts the rows of these kinds on both sides; rows of the source that are spoken for are left out.
    pub(super) async fn missing(
        &self,
        session: &mut Session,
        snapshot: &Arc<Snapshot>,
        kinds: impl Iterator<Item = RowHash>,
        spoken_for: &HashSet<i64>,
    ) -> Result<Missing, CopyError> {
        let mut counts: HashMap<RowHash, i64> = kinds.map(|kind| (kind, 0)).collect();
        if counts.is_empty() {
            return Ok(Missing(counts));
        }
        let query = format!("select {} from {}", list(self.columns.iter().map(|column| &column.target)), self.rows);
        let oids: Vec<u32> = self.columns.iter().map(|column| column.oid).collect();
        let count = |hash: RowHash| {
            if let Some(count) = counts.get_mut(&hash) {
                *count -= 1;
            }
        };
        session
            .hashes(&format!("look for rows of {} that arrived", self.read.table), &query, RowHasher::new(oids), count)
            .await?;
        let (snapshot, part, spoken_for) = (Arc::clone(snapshot), self.clone(), spoken_for.clone());
        blocking(move || {
            let (mut encoder, mut tuple) = (RowEncoder::new(&part.columns, &part.orphans), Vec::new());
            part.read.walk(&snapshot.lend(), &KeyRange::default(), |row| {
                tuple.clear();
                let is_free = !matches!(row.key()?, Some(Key::Rowid(number)) if spoken_for.contains(&number));
                if let (true, Ok(kind)) = (is_free, encoder.encode(row, &mut tuple)?)
                    && let Some(count) = counts.get_mut(&kind)
                {
                    *count += 1;
                }
                Ok(Walk::Continue)
            })?;
            Ok(Missing(counts))
        })
        .await
    }
}

/// How many rows of each kind the target lacks.
pub(super) struct Missing(HashMap<RowHash, i64>);

impl Missing {
    /// Tells whether the target lacks a row of this kind.
    pub(super) fn lacks(&self, kind: RowHash) -> bool {
        self.0.get(&kind).is_some_and(|count| *count > 0)
    }

    /// Counts one of them as found.
    pub(super) fn take(&mut self, kind: RowHash) {
        self.0.entry(kind).and_modify(|count| *count -= 1);
    }
}
