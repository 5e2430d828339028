//! The PostgreSQL engine: sessions, structure, DDL, and COPY in binary.
//!
//! This is the only room that names sqlx. [`Session`] is one connection; [`probe`] tells what its server can do;
//! [`introspect`] lifts the catalogues into the model; [`ddl`] renders the model; [`binary`] and [`copy`] move rows.

pub mod address;
pub mod binary;
pub mod change;
pub mod copy;
pub mod ddl;
mod ending;
pub mod expression;
pub mod introspect;
pub mod inventory;
pub mod names;
pub mod private;
pub mod probe;
pub mod wording;
pub mod writer;

use std::fmt;
use std::sync::Arc;

use futures::TryStreamExt as _;
use sqlx::postgres::{PgConnection, PgDatabaseError, PgRow};
use sqlx::{AssertSqlSafe, ConnectOptions as _, Connection as _, Row as _};

pub use address::Address;

/// Why PostgreSQL could not be used.
#[derive(Debug, thiserror::Error)]
pub enum PostgresError {
    /// No connection was made.
    #[error("cannot connect to {address}; {hint}")]
    Connect {
        /// The address, without its password.
        address: String,
        /// What to do.
        hint: &'static str,
        /// What the server or the network says.
        source: ServerSays,
    },
    /// Nobody answered in time.
    #[error(
        "{address} did not answer within {seconds} seconds; check the host and port, a firewall, or raise connect_timeout in the URL"
    )]
    NoAnswer {
        /// The address, without its password.
        address: String,
        /// How long was waited.
        seconds: u64,
    },
    /// The server cannot be a target, as the probe saw.
    #[error("{address} cannot be used: {why}")]
    Unsuitable {
        /// The address, without its password.
        address: String,
        /// What is in the way, and what to do.
        why: String,
    },
    /// Another session keeps locked what had to be read.
    #[error("cannot {what}: after {seconds} seconds of waiting, {holder}; let that end, then run this again")]
    Locked {
        /// What was being done.
        what: String,
        /// How long was waited.
        seconds: u64,
        /// Who holds what, as far as is known.
        holder: String,
    },
    /// A statement failed.
    #[error("cannot {what}")]
    Statement {
        /// What was being done.
        what: String,
        /// What the server says.
        source: ServerSays,
    },
}

impl PostgresError {
    /// The SQLSTATE, when the server gave one.
    pub fn code(&self) -> Option<&str> {
        match self {
            Self::Connect { source, .. } | Self::Statement { source, .. } => source.code(),
            _ => None,
        }
    }
}

/// A driver's error, shown as the server words it and without any row's value.
#[derive(Clone)]
pub struct ServerSays(Arc<sqlx::Error>);

impl ServerSays {
    fn database(&self) -> Option<&PgDatabaseError> {
        match self.0.as_ref() {
            sqlx::Error::Database(error) => error.try_downcast_ref::<PgDatabaseError>(),
            _ => None,
        }
    }

    /// The SQLSTATE, when the server gave one.
    pub fn code(&self) -> Option<&str> {
        self.database().map(PgDatabaseError::code)
    }

    /// The constraint or column that the server names, if any; else its condition in words.
    pub fn object(&self) -> String {
        let Some(error) = self.database() else { return self.to_string() };
        match (error.constraint(), error.column()) {
            (Some(constraint), _) => format!("constraint {constraint}"),
            (None, Some(column)) => format!("column {column}"),
            (None, None) => condition(error.code()).to_owned(),
        }
    }
}

/// Names the classes of conditions under which a server refuses a single row.
fn condition(code: &str) -> &'static str {
    match code {
        "23502" => "a NULL that is not allowed",
        "23505" => "a duplicate key",
        "23514" => "a check that fails",
        "54000" | "54001" => "a value beyond a limit of the server",
        code if code.starts_with("22") => "a value that the type does not hold",
        code if code.starts_with("23") => "a constraint that fails",
        _ => "a condition of the server's own",
    }
}

impl fmt::Display for ServerSays {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Some(error) = self.database() else {
            return match self.0.as_ref() {
                sqlx::Error::Io(source) => write!(f, "{source}"),
                sqlx::Error::Tls(source) => write!(f, "TLS: {source}"),
                other => write!(f, "{other}"),
            };
        };
        // The DETAIL holds values of rows and stays unsaid; the driver's own wording adds a line of the server's source.
        write!(f, "{} (SQLSTATE {})", error.message(), error.code())?;
        error.hint().map_or(Ok(()), |hint| write!(f, "; {hint}"))
    }
}

impl fmt::Debug for ServerSays {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "ServerSays({self})")
    }
}

impl std::error::Error for ServerSays {}

/// One connection to a PostgreSQL server.
pub struct Session {
    connection: PgConnection,
}

impl Session {
    /// Connects.
    pub async fn connect(address: &Address) -> Result<Self, PostgresError> {
        let attempt = tokio::time::timeout(address.connect_timeout, address.options.connect());
        match attempt.await {
            Ok(Ok(connection)) => {
                let mut session = Self { connection };
                for settings in OWN_WAYS {
                    session.execute("prepare a session", settings.into()).await?;
                }
                Ok(session)
            }
            Ok(Err(error)) => {
                let source = says(error);
                Err(PostgresError::Connect { address: address.to_string(), hint: hint(&source), source })
            }
            Err(_) => Err(PostgresError::NoAnswer {
                address: address.to_string(),
                seconds: address.connect_timeout.as_secs(),
            }),
        }
    }

    /// Runs statements that return nothing; several stand in one transaction unless they say otherwise.
    pub async fn execute(&mut self, what: &str, sql: String) -> Result<(), PostgresError> {
        tracing::debug!(what, "statement");
        sqlx::raw_sql(AssertSqlSafe(sql)).execute(&mut self.connection).await.map_err(failed(what)).map(drop)
    }

    /// Runs a query with text parameters that gives one text, or none.
    pub(crate) async fn text(
        &mut self,
        what: &str,
        sql: &'static str,
        parameters: &[&str],
    ) -> Result<Option<String>, PostgresError> {
        // Not kept as a prepared statement: it is asked once.
        let mut query = sqlx::query_scalar(sql).persistent(false);
        for parameter in parameters {
            query = query.bind(*parameter);
        }
        query.fetch_one(&mut self.connection).await.map_err(failed(what))
    }

    /// Runs a statement whose parameters are arrays of text.
    pub(crate) async fn execute_with(
        &mut self,
        what: &str,
        sql: &'static str,
        arrays: &[Vec<String>],
    ) -> Result<(), PostgresError> {
        let mut query = sqlx::query(sql).persistent(false);
        for array in arrays {
            query = query.bind(array.as_slice());
        }
        query.execute(&mut self.connection).await.map_err(failed(what)).map(drop)
    }

    /// Runs a query that gives one column of text.
    pub(crate) async fn texts(&mut self, what: &str, sql: String) -> Result<Vec<Option<String>>, PostgresError> {
        let rows: Vec<PgRow> =
            sqlx::raw_sql(AssertSqlSafe(sql)).fetch(&mut self.connection).try_collect().await.map_err(failed(what))?;
        rows.iter().map(|row| row.try_get(0)).collect::<Result<_, _>>().map_err(failed(what))
    }

    /// Runs a query that gives one `bigint`.
    pub async fn number(&mut self, what: &str, sql: String) -> Result<i64, PostgresError> {
        let row = sqlx::raw_sql(AssertSqlSafe(sql)).fetch_one(&mut self.connection).await.map_err(failed(what))?;
        row.try_get(0).map_err(failed(what))
    }

    /// Says good-bye.
    pub async fn close(self) {
        self.connection.close().await.ok();
    }
}

/// What holds for every session. The driver logs what a server notes in passing, and that may be a row's value; and time
/// limits that an administrator sets for an application's questions are not meant for moving its whole database.
const OWN_WAYS: [&str; 2] = [
    "set statement_timeout = 0; set lock_timeout = 0; set client_min_messages = error",
    // Not every version has all of these.
    "select set_config(name, '0', false) from pg_catalog.pg_settings where name in \
     ('idle_in_transaction_session_timeout', 'idle_session_timeout', 'transaction_timeout')",
];

const NO_TRUST: &str = "check sslmode, and name the certificate of the server's authority with sslrootcert";

/// What to do about a connection that was not made.
fn hint(says: &ServerSays) -> &'static str {
    match (says.code(), says.0.as_ref()) {
        (Some("28P01"), _) => "check the user and the password (PGPASSWORD or ~/.pgpass)",
        (Some("28000"), _) => "the server's pg_hba.conf does not let this user in from here in this way; check sslmode",
        (Some("3D000"), _) => "create the database first (createdb), or check its name",
        (Some("53300"), _) => "the server has no connection left; try again later, or with fewer --jobs",
        (None, sqlx::Error::Io(error)) if error.kind() == std::io::ErrorKind::InvalidData => NO_TRUST,
        (None, sqlx::Error::Tls(_)) => NO_TRUST,
        (None, sqlx::Error::Io(_)) => "check the host and port, and that the server runs there",
        _ => "check the URL",
    }
}

/// Names what failed.
pub(crate) fn failed(what: &str) -> impl Fn(sqlx::Error) -> PostgresError + '_ {
    move |error| PostgresError::Statement { what: what.to_owned(), source: says(error) }
}

fn says(error: sqlx::Error) -> ServerSays {
    ServerSays(Arc::new(error))
}
