//! One row from SQLite's page to a tuple of COPY, its hash and its rules; or the reason to set it aside.

use super::matching::ColumnPlan;
use super::orphans::Orphans;
use crate::postgres::binary;
use crate::sqlite::SqliteError;
use crate::sqlite::cast::{Scratch, cast};
use crate::sqlite::read::RowRef;
use crate::value::digest::{RowHash, RowHasher};
use crate::value::rule::{Reason, Rule};
use crate::value::tally::Tally;
use crate::value::{Cell, Key};

/// Encodes the rows of one table, one after the other, with buffers that are used again.
pub struct RowEncoder<'p> {
    columns: &'p [ColumnPlan],
    orphans: &'p Orphans,
    /// The key of the row under way, where it is asked for.
    key: Option<Key>,
    /// How many columns are sent: the others, which the server computes, come after them.
    sent: usize,
    /// What the server should compute of the row under way, and the whole row with it.
    computed: Vec<u8>,
    whole: Vec<u8>,
    hasher: RowHasher,
    scratch: Scratch,
    /// The rules of the row under way: they count only when the whole row goes.
    applied: Vec<(usize, Rule)>,
    /// The rules of all rows so far.
    pub tally: Tally,
}

const ROW_TOO_LARGE: Reason =
    Reason::Unfit("a value with which the row is larger than the 1 GB that PostgreSQL sends at once");
const BEYOND_TYPE: Reason = Reason::Unfit("a value beyond the range of the column's type");

/// The column that a row could not be cast for, and why.
#[derive(Debug)]
pub struct Misfit {
    /// The column's place among those read.
    pub column: usize,
    /// Why.
    pub reason: Reason,
}

impl<'p> RowEncoder<'p> {
    /// Makes an encoder for rows that are read in the order of these columns.
    pub fn new(columns: &'p [ColumnPlan], orphans: &'p Orphans) -> Self {
        Self {
            columns,
            orphans,
            key: None,
            sent: columns.iter().filter(|column| !column.computed).count(),
            computed: Vec::new(),
            whole: Vec::new(),
            hasher: RowHasher::new(columns.iter().map(|column| column.oid).collect()),
            scratch: Scratch::default(),
            applied: Vec::new(),
            tally: Tally::new(columns.len()),
        }
    }

    /// Appends the row's tuple to `out` and returns its hash; `out` is as before when the row does not fit.
    pub fn encode(&mut self, row: &RowRef<'_>, out: &mut Vec<u8>) -> Result<Result<RowHash, Misfit>, SqliteError> {
        let start = out.len();
        self.applied.clear();
        if !self.orphans.is_empty() {
            row.key_into(&mut self.key)?;
        }
        let fate = self.orphans.fate(self.key.as_ref());
        if let Some(misfit) = self.orphans.misfit(fate, self.columns) {
            return Ok(Err(misfit));
        }
        binary::begin_tuple(self.sent, out);
        self.computed.clear();
        for (at, column) in self.columns.iter().enumerate() {
            // A computed column comes after all that is sent, and the server sends it back with them.
            let sent_bytes = if column.computed { out.len() - start } else { 0 };
            let (into, begun) = if column.computed { (&mut self.computed, 0) } else { (&mut *out, start) };
            let is_nulled = self.orphans.nulls(fate, column) && !row.is_null(at)?;
            if is_nulled && binary::encode(&Cell::Null, &column.logical, into) {
                self.applied.push((at, Rule::ReferenceToNull));
                continue;
            }
            let value = row.value(at)?;
            let reason = match cast(&column.logical, value, &column.reading, &mut self.scratch) {
                Ok((cell, rule)) => {
                    let encoded = binary::encode(&cell, &column.logical, into);
                    self.applied.extend(rule.into_iter().chain(self.scratch.take_warning()).map(|rule| (at, rule)));
                    if encoded && sent_bytes + into.len() - begun <= binary::MOST_ROW_BYTES {
                        continue;
                    }
                    if encoded { ROW_TOO_LARGE } else { BEYOND_TYPE }
                }
                Err(_) if column.computed => {
                    // The row goes all the same; what the server computes is another value than this one, whatever it is.
                    binary::unlike_any(into);
                    continue;
                }
                Err(reason) => reason,
            };
            out.truncate(start);
            return Ok(Err(Misfit { column: at, reason }));
        }
        let hash = if self.sent == self.columns.len() {
            self.hasher.hash(&out[start..])
        } else {
            self.whole.clear();
            binary::begin_tuple(self.columns.len(), &mut self.whole);
            self.whole.extend_from_slice(out.get(start + 2..).unwrap_or_default());
            self.whole.extend_from_slice(&self.computed);
            self.hasher.hash(&self.whole)
        };
        let Some(hash) = hash else {
            out.truncate(start);
            return Ok(Err(Misfit { column: 0, reason: Reason::Unfit("a row that cannot be encoded") }));
        };
        if self.tally.count_row(&self.applied) {
            self.tally.keep_examples(&self.applied, row.key()?.as_ref());
        }
        Ok(Ok(hash))
    }

    /// The rules that were applied to the row encoded last, each with its column's place.
    pub fn applied(&self) -> &[(usize, Rule)] {
        &self.applied
    }
}
