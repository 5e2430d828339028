//! Rows that are set aside: kept on the target with their place, their reason and what was stored.

use std::sync::atomic::{AtomicU64, Ordering};

use serde::Serialize;

use super::CopyError;
use super::fingerprint::Fingerprint;
use crate::postgres::Session;
use crate::value::relax::lifts;
use crate::value::rule::Reason;
use crate::value::{Key, Stored};

/// The longest value that is kept whole with a reject, in bytes.
const LONGEST_KEPT: usize = 8 << 20;
/// How many keys a report gives as examples for one reason.
const EXAMPLES: usize = 3;

/// A row that was set aside.
#[derive(Clone, Debug)]
pub struct Reject {
    /// What the row is known by; `None` in a table whose rows cannot be told apart.
    pub key: Option<Key>,
    /// The column whose value does not fit, when one can be named.
    pub column: Option<String>,
    /// Why.
    pub reason: Reason,
    /// The row as it was stored.
    pub row: Vec<(String, Stored)>,
}

impl Reject {
    /// About how much memory the row takes.
    pub fn bytes(&self) -> usize {
        let value = |(name, value): &(String, Stored)| match value {
            Stored::Text(bytes) | Stored::Blob(bytes) => bytes.len() + name.len() + 64,
            _ => name.len() + 64,
        };
        self.row.iter().map(value).sum()
    }

    fn stored(&self) -> String {
        let entry = |(name, value): &(String, Stored)| {
            format!("{}:{}", serde_json::Value::from(name.as_str()), serde_json::Value::from(kept(value)))
        };
        format!("{{{}}}", self.row.iter().map(entry).collect::<Vec<_>>().join(","))
    }

    /// What the whole row is known by, where a part of it alone is kept.
    fn whole(&self) -> Option<Fingerprint> {
        let is_cut = |(_, value): &(String, Stored)| match value {
            Stored::Text(bytes) | Stored::Blob(bytes) => bytes.len() > LONGEST_KEPT,
            _ => false,
        };
        let literals = || self.row.iter().map(|(_, value)| value.to_string());
        self.row.iter().any(is_cut).then(|| Fingerprint::of(literals()))
    }

    /// Why, with the column's own name where it says what to do for it.
    fn reason_text(&self, table: &str) -> String {
        let place = format!("{table}.{}", self.column.as_deref().unwrap_or("*"));
        self.reason.to_string().replace("TABLE.COLUMN", &place)
    }

    fn key_text(&self) -> String {
        self.key.as_ref().map_or_else(|| "without a key".to_owned(), Key::to_string)
    }
}

/// A value as a literal; of a huge one the beginning, for the whole is in the source.
fn kept(value: &Stored) -> String {
    let cut = |bytes: &[u8]| (bytes.len() > LONGEST_KEPT).then(|| bytes[..LONGEST_KEPT].to_vec());
    let (beginning, whole) = match value {
        Stored::Text(bytes) => (cut(bytes).map(Stored::Text), bytes.len()),
        Stored::Blob(bytes) => (cut(bytes).map(Stored::Blob), bytes.len()),
        _ => (None, 0),
    };
    match beginning {
        Some(beginning) => format!("{beginning} -- the first {LONGEST_KEPT} of {whole} bytes"),
        None => value.to_string(),
    }
}

/// Writes rejects of one table into the run's notes, in the transaction that is open.
pub async fn keep(session: &mut Session, run: i64, table: &str, rejects: &[Reject]) -> Result<(), CopyError> {
    if rejects.is_empty() {
        return Ok(());
    }
    let column = |of: &dyn Fn(&Reject) -> String| rejects.iter().map(of).collect::<Vec<String>>();
    let arrays = [
        column(&|_| run.to_string()),
        column(&|_| table.to_owned()),
        // PostgreSQL's text holds no NUL; a key's literal writes one in hex already.
        column(&|reject| reject.key_text()),
        column(&|reject| reject.column.clone().unwrap_or_default()),
        column(&|reject| reject.reason_text(table)),
        column(&Reject::stored),
        column(&|reject| reject.whole().map_or_else(String::new, |whole| format!("{whole:x}"))),
    ];
    let sql = "insert into strait.reject (run, table_name, row_key, column_name, reason, stored, whole) \
               select r.run::bigint, r.tab, r.key, nullif(r.col, ''), r.reason, r.stored::json, nullif(r.whole, '') \
               from unnest($1::text[], $2::text[], $3::text[], $4::text[], $5::text[], $6::text[], $7::text[]) \
               r (run, tab, key, col, reason, stored, whole)";
    Ok(session.execute_with(&format!("keep the rejects of table {table}"), sql, &arrays).await?)
}

/// The rejects of a table by column and reason, with a few keys of each.
#[derive(Clone, Debug, Default, Serialize)]
pub struct RejectSummary {
    /// One for each column and reason.
    pub reasons: Vec<ReasonCount>,
}

/// How many rows were set aside for one reason.
#[derive(Clone, Debug, Serialize)]
pub struct ReasonCount {
    /// The column, when one can be named.
    pub column: Option<String>,
    /// Why.
    pub reason: String,
    /// How many rows.
    pub rows: u64,
    /// The keys of the first of them.
    pub examples: Vec<String>,
    /// What can be allowed for the column so that they are taken, when anything can.
    pub option: Option<&'static str>,
}

impl RejectSummary {
    /// Counts a reject.
    pub fn count(&mut self, table: &str, reject: &Reject) {
        let reason = reject.reason_text(table);
        let same = |count: &&mut ReasonCount| count.reason == reason && count.column == reject.column;
        let count = match self.reasons.iter_mut().find(same) {
            Some(count) => count,
            None => {
                let (column, option) = (reject.column.clone(), lifts(&reason));
                self.reasons.push(ReasonCount { column, reason, rows: 0, examples: Vec::new(), option });
                let last = self.reasons.len() - 1;
                &mut self.reasons[last]
            }
        };
        count.rows += 1;
        if count.examples.len() < EXAMPLES {
            count.examples.extend(reject.key.as_ref().map(Key::to_string));
        }
    }

    /// Adds another summary of the same table.
    pub fn add(&mut self, other: Self) {
        for theirs in other.reasons {
            match self.reasons.iter_mut().find(|mine| mine.reason == theirs.reason && mine.column == theirs.column) {
                Some(mine) => {
                    mine.rows += theirs.rows;
                    mine.examples.extend(theirs.examples);
                    mine.examples.truncate(EXAMPLES);
                }
                None => self.reasons.push(theirs),
            }
        }
    }

    /// How many rows in all.
    pub fn rows(&self) -> u64 {
        self.reasons.iter().map(|count| count.rows).sum()
    }
}

/// How many rows a run may set aside, all its streams together.
#[derive(Debug, Default)]
pub struct RejectLimit {
    /// The most rows; any number when absent.
    pub most: Option<u64>,
    so_far: AtomicU64,
}

impl RejectLimit {
    /// Allows so many rows.
    pub fn new(most: Option<u64>) -> Self {
        Self { most, so_far: AtomicU64::new(0) }
    }

    /// Counts rows of a table that were set aside; an error when they are too many.
    pub fn count(&self, table: &str, rejects: &RejectSummary) -> Result<(), CopyError> {
        let (Some(most), Some(first)) = (self.most, rejects.reasons.first()) else { return Ok(()) };
        let so_far = self.so_far.fetch_add(rejects.rows(), Ordering::Relaxed) + rejects.rows();
        if so_far <= most {
            return Ok(());
        }
        let column = first.column.as_ref().map_or(String::new(), |column| format!(".{column}"));
        let example = first.examples.first().map_or(String::new(), |key| format!(", such as {key}"));
        let found = format!("table {table}{column}, {}{example}", first.reason);
        Err(CopyError::TooManyRejects { most, found })
    }
}
