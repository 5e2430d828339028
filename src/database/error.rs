//! Why a database could not be used, and what an engine says of one statement.

use std::time::Duration;

use crate::postgres::private::PrivateServerError;
use crate::postgres::{PostgresError, ServerSays};
use crate::sqlite::SqliteError;
use crate::sqlite::says::SqliteSays;

/// Why a database could not be used.
#[derive(Debug, thiserror::Error)]
pub enum DatabaseError {
    /// There is no such SQLite file, and it was only to be read.
    #[error("there is no database at {location}; check the path (the first revision that runs creates it)")]
    Absent {
        /// The path.
        location: String,
    },
    /// Its URL lets it be read alone.
    #[error("{location} is not changed, because its URL says `mode=ro`; take that out, or say `mode=rw`")]
    OnlyRead {
        /// The path.
        location: String,
    },
    /// SQLite could not open it.
    #[error(transparent)]
    Sqlite(#[from] SqliteError),
    /// PostgreSQL could not be reached, or cannot be used.
    #[error(transparent)]
    Postgres(#[from] PostgresError),
    /// Another runner is at work.
    #[error(
        "another run ({holder}) works on {location}{}; let it end, or end it, then run this again",
        if waited.as_millis() < 100 { String::new() } else { format!(", and did not end within {}", seconds(*waited)) }
    )]
    Held {
        /// The database, without its password.
        location: String,
        /// Who it is, as far as is known.
        holder: String,
        /// How long was waited.
        waited: Duration,
    },
    /// A program that is no runner of ours keeps a SQLite file locked.
    #[error(
        "another program writes to {location} and did not end within {}; stop the application, or run this again when \
         it is at rest; nothing was changed",
        seconds(*waited)
    )]
    Busy {
        /// The path.
        location: String,
        /// How long was waited.
        waited: Duration,
    },
    /// A program was killed while it wrote to a SQLite file, and reading alone cannot take back what it left half done.
    #[error(
        "a program that wrote to {location} ended in the middle, and reading alone cannot take back what it has left half \
         done: `strait migrate repair` does, and changes nothing else, and so does `strait migrate up`"
    )]
    Unfinished {
        /// The path.
        location: String,
    },
    /// A statement of our own failed.
    #[error("cannot {what} on {location}")]
    Statement {
        /// What was being done.
        what: String,
        /// The database, without its password.
        location: String,
        /// What the engine says.
        source: StatementError,
    },
    /// The connection was lost before the end of a transaction.
    #[error(
        "the connection to {location} was lost (to {what}); the server takes back what was not committed, so nothing is \
         half done: run this again"
    )]
    Lost {
        /// What was being done.
        what: String,
        /// The database, without its password.
        location: String,
        /// What the engine says.
        source: StatementError,
    },
    /// The connection was lost while a transaction was being committed.
    #[error(
        "the connection to {location} was lost while a transaction was being committed; it is there either whole or not at \
         all, and its record with it: run this again, which goes on from what is recorded"
    )]
    Uncertain {
        /// The database, without its password.
        location: String,
        /// What the engine says.
        source: StatementError,
    },
    /// A statement ended the transaction in which it ran.
    #[error(
        "a statement ended the transaction in which it ran on {location}, so that what it did could not be recorded with \
         it; take commit and rollback out of the script, or mark it `-- transaction: none`, and look what is in the \
         database now"
    )]
    EndedItself {
        /// The database, without its password.
        location: String,
    },
    /// A table of strait's own holds what it never writes there.
    #[error("{table} on {location} holds {what}; somebody else has written to it: restore it from a backup")]
    Unreadable {
        /// The table.
        table: String,
        /// The database, without its password.
        location: String,
        /// What cannot be read, without its value.
        what: String,
    },
    /// Our tables could not be made.
    #[error("cannot make the tables of the runner's records on {location}")]
    OwnTables {
        /// The database, without its password.
        location: String,
        /// What refinery says.
        source: refinery_core::Error,
    },
    /// A later version of this program was here.
    #[error("a newer version of this program has worked on {location} ({what}); upgrade this one")]
    Newer {
        /// The database, without its password.
        location: String,
        /// What is not understood.
        what: String,
    },
    /// A version row that should go is not there.
    #[error(
        "{location} has no version row {revision} any more: somebody else has changed the version table; run this again"
    )]
    NoVersionRow {
        /// The database, without its password.
        location: String,
        /// The revision.
        revision: String,
    },
    /// A private PostgreSQL could not be had.
    #[error(transparent)]
    PrivateServer(#[from] PrivateServerError),
    /// A private folder could not be had, or not be removed.
    #[error("the folder {path} cannot be made or removed; set TMPDIR to a folder that can be written")]
    PrivateFolder {
        /// Its path.
        path: String,
        /// Why.
        source: std::io::Error,
    },
    /// Steps were taken in an order that has no meaning.
    #[error("a fault of this program: {what}; please report it")]
    OutOfOrder {
        /// What was out of order.
        what: &'static str,
    },
}

/// A time as it is told: `5 s`, `0.3 s`.
fn seconds(time: Duration) -> String {
    format!("{} s", (time.as_secs_f32() * 10.0).round() / 10.0)
}

impl DatabaseError {
    /// Whether the same may succeed when it is tried again.
    pub fn may_pass(&self) -> bool {
        match self {
            Self::Busy { .. } => true,
            Self::Statement { source, .. } => source.retry,
            _ => false,
        }
    }
}

/// What an engine says of a statement that failed, without any row's value.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("{message}")]
pub struct StatementError {
    /// The engine's words.
    pub message: String,
    /// PostgreSQL's SQLSTATE, or SQLite's extended result code.
    pub code: Option<String>,
    /// The byte of the statement to which the engine points.
    pub offset: Option<usize>,
    /// Whether the same statement may succeed when its transaction is run again: a lock was not granted in time.
    pub retry: bool,
    /// Whether the connection is gone; a transaction that was open is rolled back by the engine.
    pub lost: bool,
}

impl StatementError {
    /// Something that is held against a statement before the engine sees it.
    pub(super) fn refused(message: String) -> Self {
        Self { message, code: None, offset: None, retry: false, lost: false }
    }

    /// Whether PostgreSQL does not know a type, an operator class or a function that the statement names.
    pub fn may_miss_an_extension(&self) -> bool {
        // Source: PostgreSQL manual, "PostgreSQL Error Codes".
        matches!(self.code.as_deref(), Some("42704" | "42883"))
    }

    /// The role that PostgreSQL does not know, where that is why the statement failed.
    pub fn missing_role(&self) -> Option<&str> {
        let name = self.message.strip_prefix("role \"")?.split_once("\" does not exist")?.0;
        (self.code.as_deref() == Some("42704")).then_some(name)
    }

    /// Whether PostgreSQL refuses a value.
    pub(super) fn is_of_a_value(&self) -> bool {
        // Source: PostgreSQL manual, "PostgreSQL Error Codes", class 22.
        self.code.as_deref().is_some_and(|code| code.starts_with("22"))
    }

    /// Whether the cause lies outside of the statement: the disk, rights to the file, the server's resources, an operator.
    pub fn lies_outside(&self) -> bool {
        // Source: PostgreSQL manual, "PostgreSQL Error Codes"; SQLite, "Result and Error Codes".
        const CLASSES: [&str; 4] = ["25006", "53", "57", "58"];
        const NOMEM_READONLY_IOERR_CORRUPT_FULL_CANTOPEN: [i32; 6] = [7, 8, 10, 11, 13, 14];
        let Some(code) = &self.code else { return false };
        match code.parse::<i32>() {
            Ok(number) if code.len() < 5 => NOMEM_READONLY_IOERR_CORRUPT_FULL_CANTOPEN.contains(&(number & 0xff)),
            _ => CLASSES.iter().any(|class| code.starts_with(class)),
        }
    }

    /// As it is told of a statement that was taken, and refused with all others at the end of their transaction.
    #[must_use]
    pub fn at_the_end(self) -> Self {
        let message = format!("{} (which is checked only at the end of the transaction)", self.message);
        Self { message, offset: None, ..self }
    }

    pub(super) fn of_server(says: &ServerSays, sql: &str) -> Self {
        Self {
            message: says.told(),
            code: says.code().map(str::to_owned),
            offset: says.offset(sql),
            retry: says.may_pass(),
            lost: says.is_lost(),
        }
    }
}

impl From<SqliteSays> for StatementError {
    fn from(says: SqliteSays) -> Self {
        let message = match () {
            () if says.is_full() => format!("{says}; make room on the disk, then run this again"),
            () if says.is_read_only() => format!("{says}; give this user the right to write the file and its folder"),
            () if says.is_out_of_reach() => format!("{says}: {}", super::script::REACHES),
            () if says.is_busy() => format!("{says}: another program uses it; run this again when it is at rest"),
            () => says.to_string(),
        };
        Self {
            message,
            code: says.code().map(|code| code.to_string()),
            offset: says.offset(),
            retry: says.is_busy(),
            lost: says.is_gone(),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_full_disk_is_not_the_statement_s_fault_and_a_missing_table_is() {
        let of = |code: &str| StatementError { code: Some(code.into()), ..StatementError::refused(String::new()) };
        for code in ["13", "778", "1032", "53100", "57014", "25006"] {
            assert!(of(code).lies_outside(), "{code}");
        }
        for code in ["1", "19", "2067", "42P01", "23505", "22012"] {
            assert!(!of(code).lies_outside(), "{code}");
        }
        assert!(!StatementError::refused(String::new()).lies_outside());
    }
}
