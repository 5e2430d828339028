//! The waist: a database as people name it, whichever engine it is, and the one place that asks which.
//!
//! A [`Location`] is parsed, a [`Database`] opened from it, [locked](Database::lock) against other runners, and changed in
//! [transactions](Database::begin). Dropping it at any moment rolls back, and lets go of every lock.

mod change;
pub mod error;
mod inventory;
mod lift;
mod location;
mod lock;
mod loss;
pub mod offline;
mod private;
pub mod refinery;
mod script;
mod structure;
mod surroundings;
mod transaction;
mod user;

use std::path::{Path, PathBuf};

use crate::postgres;
use crate::schema::Engine;
use crate::sqlite::lock::FileLock;
use crate::sqlite::writer::{BUSY_TIMEOUT, Place};
use crate::sqlite::{self, SqliteError};

pub use change::Worded;
pub use error::{DatabaseError, StatementError};
pub use inventory::{Scope, mend, mend_in_turn};
pub use lift::{Lifted, Nearness};
pub use location::{Location, LocationError, Mode, may_hold_password};
pub use private::PrivateDatabase;
pub(crate) use script::{Manner, manner, reach};
pub use structure::BrokenReferences;
pub(crate) use surroundings::Surroundings;
pub use transaction::{Begin, ForeignKeys};

use transaction::Transaction;
use user::machine_user;

/// What a script of SQLite's may have switched, and how it stands when a database is opened.
const OWN_PRAGMAS: &str = "pragma foreign_keys = on; pragma legacy_alter_table = off; \
                           pragma recursive_triggers = off; pragma ignore_check_constraints = off; \
                           pragma writable_schema = off; pragma case_sensitive_like = off";

/// A row of texts, one for each column.
pub type Row = Vec<Option<String>>;

/// What somebody wants of a database.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Access {
    /// To read: nothing is created or changed.
    Read,
    /// To change it: a SQLite file that is missing is created.
    Write,
}

/// A database of either engine, open.
pub struct Database {
    location: String,
    access: Access,
    connection: Connection,
    transaction: Option<Transaction>,
    lost: bool,
    user: Option<String>,
    recorder: Option<offline::Recorder>,
}

/// The one place that tells the engines apart.
enum Connection {
    // The lock comes last: it is let go of when the connection is closed.
    Sqlite {
        writer: sqlite::writer::Writer,
        path: Option<PathBuf>,
        lock: Option<FileLock>,
    },
    Postgres(Box<postgres::writer::Writer>),
    /// A PostgreSQL database that is not there.
    Offline,
}

impl Database {
    /// Opens a database.
    pub async fn open(location: &Location, access: Access) -> Result<Self, DatabaseError> {
        let connection = match location {
            Location::SqliteIn { mode: Mode::ReadOnly, .. } if access == Access::Write => {
                return Err(DatabaseError::OnlyRead { location: location.to_string() });
            }
            Location::SqliteIn { path, .. } if !path.exists() => {
                return Err(DatabaseError::Absent { location: location.to_string() });
            }
            Location::Sqlite(path) | Location::SqliteIn { path, .. } => open_file(path, access).await?,
            Location::Postgres(address) => {
                let writer = postgres::writer::Writer::connect(address, access == Access::Write).await?;
                Connection::Postgres(Box::new(writer))
            }
        };
        Ok(Self::new(location.to_string(), access, connection))
    }

    /// Opens an empty SQLite database in memory, which ends with this value.
    pub async fn scratch() -> Result<Self, DatabaseError> {
        let writer = sqlite::writer::Writer::open(Place::Memory).await?;
        let connection = Connection::Sqlite { writer, path: None, lock: None };
        Ok(Self::new(":memory:".into(), Access::Write, connection))
    }

    fn new(location: String, access: Access, connection: Connection) -> Self {
        Self { location, access, connection, transaction: None, lost: false, user: None, recorder: None }
    }

    /// The engine.
    pub fn engine(&self) -> Engine {
        match self.connection {
            Connection::Sqlite { .. } => Engine::Sqlite,
            Connection::Postgres(_) | Connection::Offline => Engine::Postgres,
        }
    }

    /// Where it is, without its password.
    pub fn location(&self) -> &str {
        &self.location
    }

    /// Whether a transaction is open.
    pub fn in_transaction(&self) -> bool {
        self.transaction.is_some()
    }

    /// The engine's version, as it writes it.
    pub async fn server_version(&mut self) -> Result<String, DatabaseError> {
        let sql = match self.connection {
            Connection::Sqlite { .. } => "select sqlite_version()",
            Connection::Postgres(_) | Connection::Offline => "show server_version",
        };
        self.one("ask for the version", sql).await
    }

    /// Who is connected: PostgreSQL's role, or the user of this machine.
    pub async fn user(&mut self) -> Result<String, DatabaseError> {
        if let Some(user) = &self.user {
            return Ok(user.clone());
        }
        let user = match self.connection {
            Connection::Sqlite { .. } => machine_user(),
            Connection::Postgres(_) => self.one("ask for the role", "select session_user").await?,
            Connection::Offline => offline::USER.to_owned(),
        };
        Ok(self.user.insert(user).clone())
    }

    /// Forgets what a script has set for its session: a search path, a role, a pragma. What one revision sets is not meant for
    /// another, nor for our own records.
    pub async fn forget_settings(&mut self) -> Result<(), DatabaseError> {
        let forgotten = match &mut self.connection {
            // Inside a transaction SQLite passes over `foreign_keys`; the transaction's end sees to it.
            Connection::Sqlite { writer, .. } => writer.run(OWN_PRAGMAS).await.map(drop).map_err(StatementError::from),
            Connection::Postgres(writer) => writer.renew().await.map_err(|says| StatementError::of_server(&says, "")),
            Connection::Offline => Ok(()),
        };
        let kept = match forgotten {
            Ok(()) => self.keep_lock_timeout().await,
            forgotten => forgotten,
        };
        self.record_forgotten();
        kept.map_err(|said| {
            self.note_failure(said.lost);
            self.failure("put the session's settings back", said)
        })
    }

    /// Runs one statement of a user's script; gives how many rows it changed.
    pub async fn run(&mut self, sql: &str) -> Result<u64, StatementError> {
        if let Some(objection) = script::objection(self.engine(), sql, self.in_transaction()) {
            self.note_failure(false);
            return Err(StatementError::refused(objection));
        }
        if self.is_recording() {
            return self.rehearse(sql).await;
        }
        self.answer(sql).await.map(|(_, changed)| changed)
    }

    /// Asks something of our own; `what` follows "cannot" when it fails. Parameters are `$1`, `$2`, … on both engines, and
    /// everything comes and goes as text.
    pub async fn query(
        &mut self,
        what: &str,
        sql: &str,
        parameters: &[Option<&str>],
    ) -> Result<Vec<Row>, DatabaseError> {
        self.ask(sql, parameters).await.map(|(rows, _)| rows).map_err(|said| self.failure(what, said))
    }

    /// Changes something of our own, as [`Database::query`] asks; gives how many rows were changed.
    pub async fn execute(&mut self, what: &str, sql: &str, parameters: &[Option<&str>]) -> Result<u64, DatabaseError> {
        let (_, changed) = self.ask(sql, parameters).await.map_err(|said| self.failure(what, said))?;
        self.record_with(sql, parameters);
        Ok(changed)
    }

    /// Runs statements of our own as they are; `what` follows "cannot" when one fails.
    pub(crate) async fn run_script(&mut self, what: &str, sql: &str) -> Result<u64, DatabaseError> {
        let (_, changed) = self.answer(sql).await.map_err(|said| self.failure(what, said))?;
        self.record(sql);
        Ok(changed)
    }

    async fn one(&mut self, what: &str, sql: &str) -> Result<String, DatabaseError> {
        let rows = self.query(what, sql, &[]).await?;
        Ok(rows.into_iter().flatten().next().flatten().unwrap_or_default())
    }

    async fn ask(&mut self, sql: &str, parameters: &[Option<&str>]) -> Result<(Vec<Row>, u64), StatementError> {
        if parameters.is_empty() && matches!(self.connection, Connection::Postgres(_)) {
            return self.answer(sql).await;
        }
        let answer = match &mut self.connection {
            Connection::Sqlite { writer, .. } => {
                let owned = parameters.iter().map(|parameter| parameter.map(str::to_owned)).collect();
                writer.query(sql, owned).await.map_err(StatementError::from)
            }
            Connection::Postgres(writer) => {
                let answer = writer.query(sql, parameters).await;
                // What the server points into is not the statement as it was given.
                answer.map_err(|says| StatementError::of_server(&says, ""))
            }
            // What changes one row would change it.
            Connection::Offline => Ok((Vec::new(), 1)),
        };
        answer.inspect_err(|said| self.note_failure(said.lost))
    }

    /// Has one or more statements answered as they are.
    async fn answer(&mut self, sql: &str) -> Result<(Vec<Row>, u64), StatementError> {
        let answer = match &mut self.connection {
            Connection::Sqlite { writer, .. } => {
                writer.run(sql).await.map(|changed| (Vec::new(), changed)).map_err(StatementError::from)
            }
            Connection::Postgres(writer) => {
                let answer = writer.query(sql, &[]).await;
                answer.map_err(|says| StatementError::of_server(&says, sql))
            }
            Connection::Offline => Ok((Vec::new(), 0)),
        };
        answer.inspect_err(|said| self.note_failure(said.lost))
    }

    fn note_failure(&mut self, lost: bool) {
        self.lost |= lost;
        if let Some(transaction) = &mut self.transaction {
            transaction.failed = true;
        }
    }

    fn failure(&self, what: &str, source: StatementError) -> DatabaseError {
        let (what, location) = (what.to_owned(), self.location.clone());
        match source.lost {
            true => DatabaseError::Lost { what, location, source },
            false => DatabaseError::Statement { what, location, source },
        }
    }

    /// Says good-bye; what is not committed is rolled back.
    pub async fn close(self) {
        match self.connection {
            Connection::Postgres(writer) if !self.lost => writer.close().await,
            _ => {}
        }
    }
}

async fn open_file(path: &Path, access: Access) -> Result<Connection, DatabaseError> {
    let place = match access {
        Access::Read if !path.exists() => {
            return Err(DatabaseError::Absent { location: path.display().to_string() });
        }
        Access::Read => Place::Read(path.to_owned()),
        Access::Write => Place::Write(path.to_owned()),
    };
    let writer = sqlite::writer::Writer::open(place).await.map_err(|error| match error {
        SqliteError::Locked { path } => {
            DatabaseError::Busy { location: path.display().to_string(), waited: BUSY_TIMEOUT }
        }
        SqliteError::Unfinished { path } => DatabaseError::Unfinished { location: path.display().to_string() },
        error => error.into(),
    })?;
    Ok(Connection::Sqlite { writer, path: Some(path.to_owned()), lock: None })
}
