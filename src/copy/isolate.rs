//! Finds the rows that the server refuses: rows that were refused together are loaded again in halves, down to single
//! rows.

use std::collections::{BTreeMap, HashMap};
use std::sync::Arc;

use super::CopyError;
use super::fingerprint::Fingerprint;
use super::load::{Loaded, check_count};
use super::plan::{Plan, TablePlan};
use super::reject::{self, Reject};
use super::rows::{Misfit, RowEncoder};
use super::stream::{Chunk, set_aside};
use super::workers::blocking;
use crate::postgres::binary::{HEADER, TRAILER};
use crate::postgres::{PostgresError, Session};
use crate::sqlite::read::{RowRef, Walk};
use crate::sqlite::{Reader, Snapshot, SqliteError};
use crate::value::digest::{RangeDigest, RowHash};
use crate::value::rule::{Reason, Rule};
use crate::value::tally::Tally;
use crate::value::{Key, KeyRange};

/// Tells whether an error is the fault of single rows, so that the others can go without them.
///
/// Source: PostgreSQL manual, "Error Codes": class 22 data exception, 23 integrity constraint violation,
/// 54 program limit exceeded, P0001 raised by a trigger.
pub fn is_about_rows(error: &PostgresError) -> bool {
    error.code().is_some_and(|code| {
        code.starts_with("22") || code.starts_with("23") || matches!(code, "54000" | "54001" | "P0001")
    })
}

/// How often a range is begun anew when another stream stands in its way.
const TRIES: u32 = 10;

/// Tells whether an error is the fault of another transaction, so that the same rows may go in a moment later.
///
/// Source: PostgreSQL manual, "Error Codes": class 40 transaction rollback, with 40P01 deadlock detected.
pub fn is_collision(error: &PostgresError) -> bool {
    error.code().is_some_and(|code| code.starts_with("40"))
}

/// Tells whether a chunk that was refused is worth being loaded again, row by row where needed.
pub fn goes_row_by_row(error: &PostgresError) -> bool {
    is_about_rows(error) || is_collision(error)
}

/// Which rows of a table are loaded again.
#[derive(Clone, Debug)]
pub(crate) enum Which {
    /// Those of a range that was refused.
    Range(KeyRange),
    /// Single ones, which were set aside earlier.
    Keys(Vec<Key>),
    /// So many of those that are stored so, but for what is computed, where rows have no key.
    Alike(HashMap<Fingerprint, usize>),
}

impl Which {
    fn walk(
        &self,
        table: &TablePlan,
        reader: &Reader<'_>,
        mut visit: impl FnMut(&RowRef<'_>) -> Result<Walk, SqliteError>,
    ) -> Result<(), SqliteError> {
        let read = &table.read;
        match self {
            Self::Range(range) => read.walk(reader, range, visit),
            Self::Keys(keys) => {
                let mut wanted = true;
                read.rows(reader, keys, |_, row| {
                    if let Some(row) = row.filter(|_| wanted) {
                        wanted = visit(row)? == Walk::Continue;
                    }
                    Ok(())
                })
            }
            Self::Alike(rows) => {
                let mut left = rows.clone();
                let places = || (0..table.columns.len()).filter(|at| !table.columns[*at].computed);
                read.walk(reader, &KeyRange::default(), |row| {
                    match left.get_mut(&Fingerprint::of_row(row, places())?) {
                        Some(count) if *count > 0 => {
                            *count -= 1;
                            visit(row)
                        }
                        _ => Ok(Walk::Continue),
                    }
                })
            }
        }
    }
}

/// The encoded rows that are tried, kept in memory: a range is one chunk.
pub(super) struct Rows {
    pub(super) bytes: Vec<u8>,
    /// Where each row ends in `bytes`.
    ends: Vec<usize>,
    pub(super) hashes: Vec<RowHash>,
    /// At which place of the walk each row was met.
    places: Vec<usize>,
    /// The rules that were applied: the row, the column's place, the rule.
    rules: Vec<(usize, usize, Rule)>,
    /// The keys of the rows to which any was applied.
    keys: BTreeMap<usize, Option<Key>>,
    pub(super) chunk: Chunk,
}

impl Rows {
    /// Counts the rules that were applied to the rows that are left.
    pub(super) fn tally(&mut self) {
        for row in self.rules.chunk_by(|one, next| one.0 == next.0) {
            let applied: Vec<(usize, Rule)> = row.iter().map(|(_, column, rule)| (*column, *rule)).collect();
            if self.chunk.tally.count_row(&applied) {
                self.chunk.tally.keep_examples(&applied, self.keys.get(&row[0].0).and_then(Option::as_ref));
            }
        }
    }

    fn slice(&self, from: usize, to: usize) -> &[u8] {
        let start = from.checked_sub(1).map_or(0, |before| self.ends[before]);
        let end = to.checked_sub(1).map_or(0, |last| self.ends[last]);
        &self.bytes[start..end]
    }
}

/// Loads rows that were refused as a whole; those that are refused alone become rejects. One transaction, which begins
/// with `first` (SQL, may be empty), and is begun anew when the server breaks it off because two streams wait for each
/// other. Rejects are kept under the run that is named; without one, a single reject takes everything back.
pub(crate) async fn load_again(
    session: &mut Session,
    snapshot: &Arc<Snapshot>,
    plan: &Arc<Plan>,
    table: usize,
    which: &Which,
    first: &str,
    run: Option<i64>,
) -> Result<Loaded, CopyError> {
    for _ in 1..TRIES {
        match try_once(session, snapshot, plan, table, which, first, run).await {
            Err(CopyError::Postgres(error)) if is_collision(&error) => {
                session.execute("give up a chunk", "rollback".into()).await?;
            }
            done => return done,
        }
    }
    try_once(session, snapshot, plan, table, which, first, run).await
}

async fn try_once(
    session: &mut Session,
    snapshot: &Arc<Snapshot>,
    plan: &Arc<Plan>,
    table: usize,
    which: &Which,
    first: &str,
    run: Option<i64>,
) -> Result<Loaded, CopyError> {
    let mut refused = Vec::new();
    let mut rows = read_again(snapshot, plan, table, which.clone()).await?;
    let planned = &plan.tables[table];
    session.execute("begin a chunk", format!("begin; {first}")).await?;
    let mut halves = vec![(0, rows.ends.len())];
    while let Some((from, to)) = halves.pop() {
        if from == to {
            continue;
        }
        match try_rows(session, plan, planned, rows.slice(from, to), (to - from) as u64).await? {
            None => rows.hashes[from..to].iter().for_each(|hash| rows.chunk.digest.add_row(*hash)),
            Some(reason) if to - from == 1 => {
                rows.rules.retain(|(at, ..)| *at != from);
                refused.push((rows.places[from], reason));
            }
            Some(_) => {
                let middle = from + (to - from) / 2;
                halves.push((middle, to));
                halves.push((from, middle));
            }
        }
    }
    rows.chunk.rejects.append(&mut read_stored(snapshot, plan, table, which.clone(), refused).await?);
    rows.tally();
    match run {
        None if !rows.chunk.rejects.is_empty() => {
            session.execute("give up a chunk", "rollback".into()).await?;
            (rows.chunk.digest, rows.chunk.tally) = (RangeDigest::default(), Tally::new(planned.columns.len()));
        }
        _ => {
            reject::keep(session, run.unwrap_or_default(), &planned.source.name, &rows.chunk.rejects).await?;
            session.execute("commit a chunk", "commit".into()).await?;
        }
    }
    let mut loaded = Loaded::default();
    loaded.add_chunk(&planned.source.name, &rows.chunk);
    Ok(loaded)
}

/// Why a row that the server took without an error is not there.
const LEFT_OUT: &str = "left out by a trigger or a rule of the target";

/// Tries some rows under a savepoint; gives back the reason when they are refused.
async fn try_rows(
    session: &mut Session,
    plan: &Plan,
    table: &TablePlan,
    bytes: &[u8],
    count: u64,
) -> Result<Option<Reason>, CopyError> {
    session.execute("set a savepoint", "savepoint part".into()).await?;
    let mut copy = session.copy_in(&table.qualified_target(&plan.schema), &table.target_columns()).await?;
    for part in [&HEADER[..], bytes, TRAILER] {
        copy.send(part).await?;
    }
    match copy.finish().await {
        Ok(taken) if taken < count => rolled_back(session, Reason::Unfit(LEFT_OUT)).await,
        Ok(taken) => {
            check_count(table, count, taken)?;
            // What waits for the end of the transaction is asked for now, row by row.
            match session.execute("check constraints", "set constraints all immediate".into()).await {
                Ok(()) => {
                    session.execute("keep a part", "release part".into()).await?;
                    Ok(None)
                }
                Err(error) if is_about_rows(&error) => rolled_back(session, refusal(&error)).await,
                Err(error) => Err(error.into()),
            }
        }
        Err(error) if is_about_rows(&error) => rolled_back(session, refusal(&error)).await,
        Err(error) => Err(error.into()),
    }
}

async fn rolled_back(session: &mut Session, reason: Reason) -> Result<Option<Reason>, CopyError> {
    session.execute("give up a part", "rollback to part; release part".into()).await?;
    Ok(Some(reason))
}

fn refusal(error: &PostgresError) -> Reason {
    match error {
        PostgresError::Statement { source, .. } => {
            Reason::Refused { code: source.code().unwrap_or_default().to_owned(), what: source.object() }
        }
        _ => Reason::Refused { code: String::new(), what: "a condition of the server's own".into() },
    }
}

pub(super) async fn read_again(
    snapshot: &Arc<Snapshot>,
    plan: &Arc<Plan>,
    table: usize,
    which: Which,
) -> Result<Rows, CopyError> {
    let (snapshot, plan) = (Arc::clone(snapshot), Arc::clone(plan));
    blocking(move || {
        let (reader, table) = (snapshot.lend(), &plan.tables[table]);
        let mut encoder = RowEncoder::new(&table.columns, &table.orphans);
        let chunk = Chunk {
            range: KeyRange::default(),
            digest: RangeDigest::default(),
            tally: Tally::new(table.columns.len()),
            rejects: Vec::new(),
            bytes: 0,
        };
        let mut rows = Rows {
            bytes: Vec::new(),
            ends: Vec::new(),
            hashes: Vec::new(),
            places: Vec::new(),
            rules: Vec::new(),
            keys: BTreeMap::new(),
            chunk,
        };
        let mut place = 0;
        which.walk(table, &reader, |row| {
            match encoder.encode(row, &mut rows.bytes)? {
                Ok(hash) => {
                    let at = rows.ends.len();
                    if !encoder.applied().is_empty() {
                        rows.keys.insert(at, row.key()?);
                    }
                    rows.rules.extend(encoder.applied().iter().map(|(column, rule)| (at, *column, *rule)));
                    rows.ends.push(rows.bytes.len());
                    rows.hashes.push(hash);
                    rows.places.push(place);
                }
                Err(misfit) => rows.chunk.rejects.push(set_aside(&table.columns, row, misfit)?),
            }
            place += 1;
            Ok(Walk::Continue)
        })?;
        rows.chunk.bytes = rows.bytes.len() as u64;
        Ok(rows)
    })
    .await
}

/// Reads refused rows as they are stored, in one walk: a table's rows may have no key to ask for them one by one.
async fn read_stored(
    snapshot: &Arc<Snapshot>,
    plan: &Arc<Plan>,
    table: usize,
    which: Which,
    refused: Vec<(usize, Reason)>,
) -> Result<Vec<Reject>, CopyError> {
    if refused.is_empty() {
        return Ok(Vec::new());
    }
    let (snapshot, plan) = (Arc::clone(snapshot), Arc::clone(plan));
    blocking(move || {
        let (reader, table) = (snapshot.lend(), &plan.tables[table]);
        let (mut refused, mut rejects, mut place) = (refused.into_iter().peekable(), Vec::new(), 0);
        which.walk(table, &reader, |row| {
            // Halves are tried in order, so rows were refused in the order of the walk.
            if let Some((_, reason)) = refused.next_if(|(at, _)| *at == place) {
                // The server blames the row; its reason names a column when there is one.
                rejects.push(Reject { column: None, ..set_aside(&table.columns, row, Misfit { column: 0, reason })? });
            }
            place += 1;
            Ok(if refused.peek().is_some() { Walk::Continue } else { Walk::Stop })
        })?;
        Ok(rejects)
    })
    .await
}
