//! The whole crossing into a private PostgreSQL that is started for it and thrown away after it.

use std::path::Path;
use std::sync::Arc;

use crate::copy::outcome::CopyReport;
use crate::copy::{CopyError, CopyOptions, copy};
use crate::event::{Event, Observer, Phase};
use crate::postgres::address::AddressError;
use crate::postgres::private::{PrivateServer, PrivateServerError, Settings};
use crate::postgres::{Address, Session};

/// The database that a rehearsal fills.
const DATABASE: &str = "rehearsal";

/// The sessions that a private server has room for besides those of the jobs.
const SPARE_SESSIONS: usize = 20;

/// Why a rehearsal could not be held.
#[derive(Debug, thiserror::Error)]
pub enum RehearseError {
    /// No private server could be started.
    #[error(transparent)]
    Server(#[from] PrivateServerError),
    /// The private server's own address makes no sense.
    #[error("the private server cannot be reached")]
    Address(#[from] AddressError),
    /// The crossing failed.
    #[error(transparent)]
    Copy(#[from] CopyError),
}

/// A rehearsal that was held: its outcome and the server, which lives until it is dropped.
pub struct Rehearsal {
    /// The outcome of the crossing.
    pub report: CopyReport,
    server: PrivateServer,
}

impl Rehearsal {
    /// A command line with which a person can look into the rehearsal's database.
    pub fn psql_hint(&self) -> String {
        self.server.psql_hint(DATABASE)
    }

    /// The URL of the rehearsal's database.
    pub fn url(&self) -> String {
        self.server.url(DATABASE)
    }

    /// Stops the server and removes all that it kept.
    pub fn end(self) -> Result<(), RehearseError> {
        Ok(self.server.stop()?)
    }
}

/// Copies a SQLite database into a private PostgreSQL.
pub async fn rehearse(
    source: &Path,
    options: &CopyOptions,
    observer: &Arc<dyn Observer>,
) -> Result<Rehearsal, RehearseError> {
    observer.notice(&Event::PhaseStarted { phase: Phase::Start, expected: None });
    // Each job has a session; a few more look on.
    let connections = ("max_connections".to_owned(), (options.jobs + SPARE_SESSIONS).to_string());
    let settings = Settings { extra: vec![connections], ..Settings::default() };
    let starting = tokio::task::spawn_blocking(move || PrivateServer::start(&settings));
    let server = starting.await.map_err(|error| CopyError::Worker(error.to_string()))??;
    let database = create_database(&server).await?;
    observer.notice(&Event::PhaseFinished { phase: Phase::Start });
    let mut report = copy(source, &database, options, observer).await?;
    report.target = "a private server".into();
    Ok(Rehearsal { report, server })
}

async fn create_database(server: &PrivateServer) -> Result<Address, RehearseError> {
    let address = |database| {
        let url = server.url(database);
        Address::parse(url.strip_prefix("postgres:").unwrap_or(&url))
    };
    let create = async {
        let mut session = Session::connect(&address("postgres")?).await.map_err(CopyError::from)?;
        let sql = format!("create database {DATABASE}");
        session.execute("create the rehearsal's database", sql).await.map_err(CopyError::from)?;
        session.close().await;
        Ok::<_, RehearseError>(())
    };
    create.await?;
    Ok(address(DATABASE)?)
}
