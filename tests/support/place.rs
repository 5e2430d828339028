//! A database of either engine for the library's own tests, and work on it awaited.

use std::future::Future;
use std::path::PathBuf;

use strait::database::{Access, Database, DatabaseError, Location};
use tempfile::TempDir;

use super::server;

/// A database of one engine, for as long as the test runs.
pub(crate) struct Place {
    pub(crate) location: Location,
    folder: Option<TempDir>,
    server: Option<server::Database>,
}

impl Place {
    /// The path of a SQLite file that is not there yet, in a folder of its own.
    pub(crate) fn sqlite() -> Self {
        let folder = TempDir::new().expect("a folder can be made");
        let location = Location::Sqlite(folder.path().join("app.db"));
        Self { location, folder: Some(folder), server: None }
    }

    /// An empty PostgreSQL database.
    pub(crate) fn postgres() -> Self {
        let server = server::fresh_database();
        let location = Location::parse(server.url()).expect("the URL is a location");
        Self { location, folder: None, server: Some(server) }
    }

    /// One of each.
    pub(crate) fn both() -> [Self; 2] {
        [Self::sqlite(), Self::postgres()]
    }

    /// The server's side of a PostgreSQL database.
    pub(crate) fn server(&self) -> &server::Database {
        self.server.as_ref().expect("it is a PostgreSQL database")
    }

    /// The path of a SQLite file.
    pub(crate) fn path(&self) -> PathBuf {
        self.folder.as_ref().expect("it is a SQLite database").path().join("app.db")
    }

    /// The names of the files beside a SQLite file, and its own when it is there; none for PostgreSQL.
    pub(crate) fn files(&self) -> Vec<String> {
        let Some(folder) = &self.folder else { return Vec::new() };
        let entries = std::fs::read_dir(folder.path()).expect("the folder can be read").flatten();
        let mut names: Vec<String> = entries.map(|entry| entry.file_name().to_string_lossy().into_owned()).collect();
        names.sort();
        names
    }

    /// The location as a user types it.
    pub(crate) fn url(&self) -> String {
        match &self.server {
            Some(server) => server.url().to_owned(),
            None => self.path().to_str().expect("the path is UTF-8").to_owned(),
        }
    }

    /// The database, open to be changed.
    pub(crate) async fn open(&self) -> Database {
        self.try_open(Access::Write).await.expect("the database can be opened")
    }

    /// The database, if it can be opened.
    pub(crate) async fn try_open(&self, access: Access) -> Result<Database, DatabaseError> {
        Database::open(&self.location, access).await
    }
}

/// Awaits some work, on a runtime of its own.
pub(crate) fn wait<T>(work: impl Future<Output = T>) -> T {
    let mut builder = tokio::runtime::Builder::new_multi_thread();
    builder.worker_threads(2).enable_all().build().expect("a runtime can be started").block_on(work)
}

/// What a question gives, a line for each row, `|` between columns.
pub(crate) async fn ask(database: &mut Database, sql: &str) -> Vec<String> {
    let rows = database.query("ask in a test", sql, &[]).await.unwrap_or_else(|error| panic!("{sql}: {error:?}"));
    let shown = |cell: &Option<String>| cell.clone().unwrap_or_else(|| "NULL".into());
    rows.iter().map(|row| row.iter().map(shown).collect::<Vec<_>>().join("|")).collect()
}

/// Runs a statement that must succeed.
pub(crate) async fn run(database: &mut Database, sql: &str) -> u64 {
    database.run(sql).await.unwrap_or_else(|error| panic!("{sql}: {error:?}"))
}

/// What an error says, and each of its causes.
pub(crate) fn told(error: &dyn std::error::Error) -> String {
    let mut told = error.to_string();
    let mut cause = error.source();
    while let Some(next) = cause {
        told.push_str(&format!(" <- {next}"));
        cause = next.source();
    }
    told
}
