//! The writing side: a chunk is one transaction with its rejects; streams run in parallel.

use std::sync::Arc;

use tokio::sync::mpsc;

use super::plan::{Plan, TablePlan};
use super::reject::{self, RejectLimit, RejectSummary};
use super::stream::{BUFFERS_WAITING, Chunk, Piece, read_stream};
use super::workers::{blocking, in_parallel};
use super::{CopyError, in_phase, isolate};
use crate::event::{Event, Observer, Phase};
use crate::postgres::Session;
use crate::postgres::binary::{HEADER, TRAILER};
use crate::sqlite::Snapshot;
use crate::value::KeyRange;
use crate::value::digest::RangeDigest;
use crate::value::tally::Tally;

/// What became of the rows of a table.
#[derive(Clone, Debug, Default)]
pub struct Loaded {
    /// The rows that were sent and committed, and the sum of their hashes.
    pub digest: RangeDigest,
    /// The rules that were applied to them.
    pub tally: Tally,
    /// The rows that were set aside.
    pub rejects: RejectSummary,
    /// The bytes that were sent.
    pub bytes: u64,
    /// The seconds that all of the table's streams took together.
    pub seconds: f64,
}

impl Loaded {
    /// Adds a chunk that was committed.
    pub fn add_chunk(&mut self, table: &str, chunk: &Chunk) {
        self.digest += chunk.digest;
        self.tally.add(&chunk.tally);
        for reject in &chunk.rejects {
            self.rejects.count(table, reject);
        }
        self.bytes += chunk.bytes;
    }

    /// Checks that every row that the source counts was sent or set aside.
    fn accounts_for(&self, table: &TablePlan) -> Result<(), CopyError> {
        let handled = self.digest.rows + self.rejects.rows();
        if handled == table.rows {
            return Ok(());
        }
        Err(CopyError::Unaccounted { table: table.source.name.clone(), counted: table.rows, handled })
    }

    fn add(&mut self, other: Self) {
        self.digest += other.digest;
        self.tally.add(&other.tally);
        self.rejects.add(other.rejects);
        self.bytes += other.bytes;
        self.seconds += other.seconds;
    }
}

/// One range of one table, by the table's place in the plan.
struct Stream {
    table: usize,
    range: KeyRange,
}

/// Loads some tables of a plan, by their places in it; gives back what became of each table of the plan, in its order.
pub async fn load(
    crew: Vec<Session>,
    snapshot: &Arc<Snapshot>,
    plan: &Arc<Plan>,
    tables: &[usize],
    run: i64,
    limit: &Arc<RejectLimit>,
    observer: &Arc<dyn Observer>,
) -> Result<(Vec<Session>, Vec<Loaded>), CopyError> {
    let of_table = |table: &usize| {
        let table = *table;
        plan.tables[table].ranges.iter().map(move |range| Stream { table, range: range.clone() })
    };
    let streams: Vec<Stream> = tables.iter().flat_map(of_table).collect();
    let rows = tables.iter().map(|table| plan.tables[*table].rows).sum();
    let work = {
        let (snapshot, plan, limit, observer) =
            (Arc::clone(snapshot), Arc::clone(plan), Arc::clone(limit), Arc::clone(observer));
        move |session, stream: Stream| {
            let (snapshot, plan, limit, observer) =
                (Arc::clone(&snapshot), Arc::clone(&plan), Arc::clone(&limit), Arc::clone(&observer));
            async move {
                let table = stream.table;
                let (session, loaded) = load_stream(session, snapshot, plan, stream, run, &limit, observer).await?;
                Ok((session, (table, loaded)))
            }
        }
    };
    let (crew, parts) = in_phase(observer, Phase::Load, Some(rows), in_parallel(crew, streams, work)).await?;
    let mut loaded = vec![Loaded::default(); plan.tables.len()];
    for (table, part) in parts {
        loaded[table].add(part);
    }
    for table in tables {
        loaded[*table].accounts_for(&plan.tables[*table])?;
    }
    Ok((crew, loaded))
}

async fn load_stream(
    mut session: Session,
    snapshot: Arc<Snapshot>,
    plan: Arc<Plan>,
    stream: Stream,
    run: i64,
    limit: &RejectLimit,
    observer: Arc<dyn Observer>,
) -> Result<(Session, Loaded), CopyError> {
    let started = std::time::Instant::now();
    let name = plan.tables[stream.table].source.name.clone();
    observer.notice(&Event::TableStarted { table: &name, rows: plan.tables[stream.table].rows });
    let (send_pieces, mut pieces) = mpsc::channel(BUFFERS_WAITING);
    let (send_spare, spare) = std::sync::mpsc::channel();
    let reading = {
        let (snapshot, plan, table, range) = (Arc::clone(&snapshot), Arc::clone(&plan), stream.table, stream.range);
        blocking(move || read_stream(&snapshot.lend(), &plan.tables[table], &range, &send_pieces, &spare))
    };
    let table = &plan.tables[stream.table];
    let writer = Writer { plan: &plan, table, run, limit, observer: &observer };
    let writing = writer.write_stream(&mut session, &mut pieces, &send_spare);
    // The reader ends when its pieces are taken or refused; its error explains a writer that came too short.
    let (read, written) = tokio::join!(tokio::spawn(reading), writing);
    read.map_err(|error| CopyError::Worker(error.to_string()))??;
    let (mut loaded, refused) = written?;
    for range in refused {
        let which = isolate::Which::Range(range);
        let again = isolate::load_again(&mut session, &snapshot, &plan, stream.table, &which, "", Some(run)).await?;
        limit.count(&name, &again.rejects)?;
        loaded.add(again);
    }
    loaded.seconds = started.elapsed().as_secs_f64();
    observer.notice(&Event::TableFinished { table: &name });
    Ok((session, loaded))
}

struct Writer<'w> {
    plan: &'w Plan,
    table: &'w TablePlan,
    run: i64,
    limit: &'w RejectLimit,
    observer: &'w Arc<dyn Observer>,
}

impl Writer<'_> {
    /// Writes chunk after chunk; gives back what was committed and the ranges that the server refused.
    async fn write_stream(
        &self,
        session: &mut Session,
        pieces: &mut mpsc::Receiver<Piece>,
        spare: &std::sync::mpsc::Sender<Vec<u8>>,
    ) -> Result<(Loaded, Vec<KeyRange>), CopyError> {
        let (mut loaded, mut refused) = (Loaded::default(), Vec::new());
        while let Some(first) = pieces.recv().await {
            let written = self.write_chunk(session, first, pieces, spare).await;
            let written = written.and_then(|written| self.within_limit(written));
            if written.is_err() {
                // Nobody listens any more: the reader stops.
                pieces.close();
            }
            match written? {
                Some((chunk, true)) => loaded.add_chunk(&self.table.source.name, &chunk),
                Some((chunk, false)) => refused.push(chunk.range),
                None => break,
            }
        }
        Ok((loaded, refused))
    }

    /// Writes one chunk in one transaction; tells whether it was committed. `None` when the reader gave up inside it.
    async fn write_chunk(
        &self,
        session: &mut Session,
        first: Piece,
        pieces: &mut mpsc::Receiver<Piece>,
        spare: &std::sync::mpsc::Sender<Vec<u8>>,
    ) -> Result<Option<(Box<Chunk>, bool)>, CopyError> {
        session.execute("begin a chunk", "begin".into()).await?;
        let mut copy =
            session.copy_in(&self.table.qualified_target(&self.plan.schema), &self.table.target_columns()).await?;
        copy.send(&HEADER).await?;
        let mut next = Some(first);
        let chunk = loop {
            match next {
                Some(Piece::Rows { bytes, rows }) => {
                    copy.send(&bytes).await?;
                    let table = &self.table.source.name;
                    self.observer.notice(&Event::Progressed { table, rows, bytes: bytes.len() as u64 });
                    spare.send(bytes).ok();
                }
                Some(Piece::End(chunk)) => break chunk,
                None => {
                    copy.abort().await?;
                    session.execute("give up a chunk", "rollback".into()).await?;
                    return Ok(None);
                }
            }
            next = pieces.recv().await;
        };
        copy.send(TRAILER).await?;
        match copy.finish().await {
            Ok(taken) if taken < chunk.digest.rows => return self.refuse(session, chunk, None).await.map(Some),
            Ok(taken) => check_count(self.table, chunk.digest.rows, taken)?,
            Err(error) if isolate::goes_row_by_row(&error) => {
                return self.refuse(session, chunk, error.code()).await.map(Some);
            }
            Err(error) => return Err(error.into()),
        }
        reject::keep(session, self.run, &self.table.source.name, &chunk.rejects).await?;
        match session.execute("commit a chunk", "commit".into()).await {
            Ok(()) => Ok(Some((chunk, true))),
            Err(error) if isolate::goes_row_by_row(&error) => self.refuse(session, chunk, error.code()).await.map(Some),
            Err(error) => Err(error.into()),
        }
    }

    /// Counts the rejects of a chunk that was committed.
    fn within_limit(&self, written: Option<(Box<Chunk>, bool)>) -> Result<Option<(Box<Chunk>, bool)>, CopyError> {
        if let Some((chunk, true)) = &written {
            let mut rejects = RejectSummary::default();
            let table = &self.table.source.name;
            chunk.rejects.iter().for_each(|reject| rejects.count(table, reject));
            self.limit.count(table, &rejects)?;
        }
        Ok(written)
    }

    async fn refuse(
        &self,
        session: &mut Session,
        chunk: Box<Chunk>,
        code: Option<&str>,
    ) -> Result<(Box<Chunk>, bool), CopyError> {
        tracing::info!(table = self.table.source.name, code, "a chunk was refused; looking for its rows");
        session.execute("give up a chunk", "rollback".into()).await?;
        Ok((chunk, false))
    }
}

pub(super) fn check_count(table: &TablePlan, sent: u64, taken: u64) -> Result<(), CopyError> {
    if sent == taken {
        return Ok(());
    }
    Err(CopyError::Miscounted { table: table.source.name.clone(), sent, taken })
}
