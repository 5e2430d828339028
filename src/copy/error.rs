//! Why a copy could not be done.

use super::plan::Problem;
use crate::database::DatabaseError;
use crate::postgres::PostgresError;
use crate::sqlite::SqliteError;

/// Why a copy could not be done.
#[derive(Debug, thiserror::Error)]
pub enum CopyError {
    /// The source cannot be read.
    #[error(transparent)]
    Sqlite(#[from] SqliteError),
    /// The target cannot be written.
    #[error(transparent)]
    Postgres(#[from] PostgresError),
    /// The target cannot be held against the schema file.
    #[error(transparent)]
    Database(#[from] DatabaseError),
    /// The plan found something that needs a decision; nothing was changed.
    #[error("the work cannot start; nothing was changed:{}", bullets(.0))]
    Stopped(Vec<Problem>),
    /// Another run works on the same target.
    #[error("another copy into {schema} of {address} is running (server process {holder}); wait for it or stop it")]
    Busy {
        /// The target's address.
        address: String,
        /// The target's schema.
        schema: String,
        /// The process that holds the lock.
        holder: String,
    },
    /// The server counted other rows than were sent.
    #[error(
        "the server took {taken} rows of table {table} where {sent} were sent; this is a fault of the tool or of a trigger"
    )]
    Miscounted {
        /// The table.
        table: String,
        /// How many were sent.
        sent: u64,
        /// How many the server says it took.
        taken: u64,
    },
    /// Other rows came out of a table than it counts.
    #[error(
        "table {table} counts {counted} rows, and {handled} were read; its pages or indexes contradict each other: recover \
         it first with `sqlite3 FILE .recover | sqlite3 recovered.db`"
    )]
    Unaccounted {
        /// The table.
        table: String,
        /// How many rows the source counts.
        counted: u64,
        /// How many rows were read.
        handled: u64,
    },
    /// Sessions of a run that is over do not end.
    #[error(
        "the server is still at work for run {run}, which is over; wait until its sessions have ended, and try again"
    )]
    StillAtWork {
        /// The run.
        run: i64,
    },
    /// More rows had to be set aside than a person allowed.
    #[error(
        "more rows are set aside than --max-rejects {most} allows, so the copy was given up; the last found: {found}; see them \
         all with `strait assess`, or allow more"
    )]
    TooManyRejects {
        /// How many were allowed.
        most: u64,
        /// Where and why the last were.
        found: String,
    },
    /// What earlier runs noted cannot be read.
    #[error("the notes of earlier runs in schema strait cannot be read ({0}); they were written by another version")]
    Notes(String),
    /// A worker ended without an answer.
    #[error("a worker ended without an answer ({0}); this is a fault of the tool: please report it")]
    Worker(String),
    /// A person asked to stop.
    #[error("stopped on request")]
    Interrupted,
}

fn bullets(problems: &[Problem]) -> String {
    problems.iter().map(|problem| format!("\n  - {problem}")).collect()
}
