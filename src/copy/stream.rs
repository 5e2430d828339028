//! The reading side of a load: a key range of a table, row by row, into buffers that go down a bounded channel.

use tokio::sync::mpsc;

use super::CopyError;
use super::matching::ColumnPlan;
use super::plan::TablePlan;
use super::reject::Reject;
use super::rows::{Misfit, RowEncoder};
use crate::sqlite::read::{RowRef, Walk};
use crate::sqlite::{Reader, SqliteError};
use crate::value::digest::RangeDigest;
use crate::value::tally::Tally;
use crate::value::{Key, KeyRange};

/// A buffer goes on its way when it holds this much. Measured: 64 KB to 1 MB are equal, 8 KB is worse.
const BUFFER_BYTES: usize = 256 << 10;
/// How many buffers may wait between reader and server.
pub const BUFFERS_WAITING: usize = 4;
/// A chunk, the rows of one transaction, ends when it holds this much.
const CHUNK_BYTES: u64 = 32 << 20;
/// A chunk ends, too, when the rows that it sets aside take this much memory.
const CHUNK_REJECT_BYTES: usize = 4 << 20;

/// What travels from the reader to the server.
pub enum Piece {
    /// Encoded tuples.
    Rows {
        /// The tuples' bytes.
        bytes: Vec<u8>,
        /// How many of them end in these bytes.
        rows: u64,
    },
    /// A chunk is complete.
    End(Box<Chunk>),
}

/// A chunk's account.
#[derive(Debug)]
pub struct Chunk {
    /// The keys that the chunk covers.
    pub range: KeyRange,
    /// The rows that are sent, and the sum of their hashes.
    pub digest: RangeDigest,
    /// The rules that were applied to them.
    pub tally: Tally,
    /// The rows that are set aside.
    pub rejects: Vec<Reject>,
    /// The bytes that are sent.
    pub bytes: u64,
}

/// Reads a range and sends its chunks until it ends or nobody listens any more.
pub fn read_stream(
    reader: &Reader<'_>,
    table: &TablePlan,
    range: &KeyRange,
    pieces: &mpsc::Sender<Piece>,
    spare: &std::sync::mpsc::Receiver<Vec<u8>>,
) -> Result<(), CopyError> {
    let mut stream = Stream {
        table,
        encoder: RowEncoder::new(&table.columns, &table.orphans),
        buffer: Vec::with_capacity(BUFFER_BYTES + BUFFER_BYTES / 4),
        rows_in_buffer: 0,
        digest: RangeDigest::default(),
        rejects: Vec::new(),
        reject_bytes: 0,
        bytes: 0,
        after: range.after.clone(),
        pieces,
        spare,
    };
    let mut listening = true;
    table.read.walk(reader, range, |row| {
        stream.take(row)?;
        listening = stream.send_full_buffer() && stream.end_full_chunk(row)?;
        Ok(if listening { Walk::Continue } else { Walk::Stop })
    })?;
    if listening {
        stream.end_chunk(range.upto.clone());
    }
    Ok(())
}

struct Stream<'s> {
    table: &'s TablePlan,
    encoder: RowEncoder<'s>,
    buffer: Vec<u8>,
    rows_in_buffer: u64,
    digest: RangeDigest,
    rejects: Vec<Reject>,
    reject_bytes: usize,
    bytes: u64,
    after: Option<Key>,
    pieces: &'s mpsc::Sender<Piece>,
    spare: &'s std::sync::mpsc::Receiver<Vec<u8>>,
}

impl Stream<'_> {
    fn take(&mut self, row: &RowRef<'_>) -> Result<(), SqliteError> {
        match self.encoder.encode(row, &mut self.buffer)? {
            Ok(hash) => {
                self.digest.add_row(hash);
                self.rows_in_buffer += 1;
            }
            Err(misfit) => {
                let reject = set_aside(&self.table.columns, row, misfit)?;
                self.reject_bytes += reject.bytes();
                self.rejects.push(reject);
            }
        }
        Ok(())
    }

    /// Returns whether anybody still listens.
    fn send_full_buffer(&mut self) -> bool {
        self.buffer.len() < BUFFER_BYTES || self.send_buffer()
    }

    fn send_buffer(&mut self) -> bool {
        // A buffer that had to grow for a huge value is not used again.
        let fresh = || Vec::with_capacity(BUFFER_BYTES + BUFFER_BYTES / 4);
        let mut next =
            self.spare.try_recv().ok().filter(|spare| spare.capacity() <= 2 * BUFFER_BYTES).unwrap_or_else(fresh);
        next.clear();
        let bytes = std::mem::replace(&mut self.buffer, next);
        self.bytes += bytes.len() as u64;
        let rows = std::mem::take(&mut self.rows_in_buffer);
        self.pieces.blocking_send(Piece::Rows { bytes, rows }).is_ok()
    }

    fn end_full_chunk(&mut self, row: &RowRef<'_>) -> Result<bool, SqliteError> {
        if self.bytes + (self.buffer.len() as u64) < CHUNK_BYTES && self.reject_bytes < CHUNK_REJECT_BYTES {
            return Ok(true);
        }
        match row.key()? {
            Some(key) => Ok(self.end_chunk(Some(key))),
            // Rows that cannot be told apart are one chunk: there is no place to begin the next.
            None => Ok(true),
        }
    }

    fn end_chunk(&mut self, upto: Option<Key>) -> bool {
        if !self.buffer.is_empty() && !self.send_buffer() {
            return false;
        }
        self.reject_bytes = 0;
        let tally = std::mem::replace(&mut self.encoder.tally, Tally::new(self.table.columns.len()));
        let chunk = Chunk {
            range: KeyRange { after: std::mem::replace(&mut self.after, upto.clone()), upto },
            digest: std::mem::take(&mut self.digest),
            tally,
            rejects: std::mem::take(&mut self.rejects),
            bytes: std::mem::take(&mut self.bytes),
        };
        self.pieces.blocking_send(Piece::End(Box::new(chunk))).is_ok()
    }
}

/// Keeps a row that does not fit, as it is stored.
pub fn set_aside(columns: &[ColumnPlan], row: &RowRef<'_>, misfit: Misfit) -> Result<Reject, SqliteError> {
    let value = |(at, column): (usize, &ColumnPlan)| Ok((column.source.clone(), row.stored(at)?));
    Ok(Reject {
        key: row.key()?,
        column: columns.get(misfit.column).map(|column| column.source.clone()),
        reason: misfit.reason,
        // What is computed is no part of a row that is put in again.
        row: columns
            .iter()
            .enumerate()
            .filter(|(_, column)| !column.computed)
            .map(value)
            .collect::<Result<_, SqliteError>>()?,
    })
}
