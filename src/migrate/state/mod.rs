//! What strait itself remembers in a database: the version rows and the history, in tables that refinery's runner makes.
//!
//! The chain of these tables is linear and only goes forward, which is just what refinery is for. A later version of this
//! program adds a script to [`migrations`], and never changes one.

mod expect;
mod record;

use refinery_core::traits::r#async::{AsyncMigrate, AsyncQuery, AsyncTransaction};
use refinery_core::{Migration, Runner};

pub(super) use expect::demand_versions;
pub(super) use record::NOTE_SEPARATOR;
pub use record::{Outcome, Record, Recorded, now_rfc3339};

use super::graph::VersionChange;
use crate::database::refinery::{ForRefinery, applied_migrations};
use crate::database::{Begin, Database, DatabaseError, offline};
use crate::schema::Engine;
use crate::schema::names::quoted;

/// A cell of the history.
type Cell = Option<String>;

/// The scripts that make our tables, in their order.
fn numbered(engine: Engine) -> Result<Vec<Migration>, refinery_core::Error> {
    let first = match engine {
        Engine::Sqlite => include_str!("sqlite.sql"),
        Engine::Postgres => include_str!("postgres.sql"),
    };
    // What a checkout does to line ends must not make another checksum.
    [("V1__version_and_history", first)]
        .into_iter()
        .map(|(name, sql)| Migration::unapplied(name, &sql.replace("\r\n", "\n")))
        .collect()
}

/// All of the scripts, as a database has them that is up to date.
pub(super) fn migrations(engine: Engine) -> Result<Vec<Migration>, DatabaseError> {
    numbered(engine).map_err(|source| DatabaseError::OwnTables { location: "a script".into(), source })
}

/// Where refinery remembers which of these scripts have run.
fn refinery_table(engine: Engine) -> &'static str {
    match engine {
        Engine::Sqlite => "strait_refinery_history",
        Engine::Postgres => "strait.refinery_schema_history",
    }
}

/// Makes our tables where they are missing, and brings older ones up to date; inside an open transaction it stays in it.
///
/// The caller holds the lock of the database: two that do this at once would meet in PostgreSQL's catalogues.
pub async fn ensure(database: &mut Database) -> Result<(), DatabaseError> {
    let installed = installed(database).await?;
    install(database, installed).await
}

/// Reads which of the scripts that make our tables have run.
pub(super) async fn installed(database: &mut Database) -> Result<Vec<Migration>, DatabaseError> {
    let table = refinery_table(database.engine());
    if !has_tables(database, &[table]).await? {
        return Ok(Vec::new());
    }
    let sql = format!("select version, name, applied_on, checksum from {table} order by version");
    applied_migrations(database, &sql).await
}

/// Runs those of the scripts that are missing.
pub(super) async fn install(database: &mut Database, installed: Vec<Migration>) -> Result<(), DatabaseError> {
    let engine = database.engine();
    let location = database.location().to_owned();
    let failed = |source| DatabaseError::OwnTables { location: location.clone(), source };
    let migrations = numbered(engine).map_err(failed)?;
    if installed == migrations {
        return Ok(());
    }
    let newest = migrations.last().map_or(0, Migration::version);
    if let Some(newer) = installed.iter().find(|migration| migration.version() > newest) {
        return Err(DatabaseError::Newer { location, what: format!("its tables are of form {}", newer.version()) });
    }
    if engine == Engine::Postgres {
        create_schema(database).await?;
    }
    let mut runner = Runner::new(&migrations);
    runner.set_migration_table_name(refinery_table(engine));
    let mut installer = Installer { installed, drive: ForRefinery(database) };
    runner.run_async(&mut installer).await.map(drop).map_err(failed)
}

/// Tells whether our tables are there in their latest form; creates nothing.
pub async fn is_current(database: &mut Database) -> Result<bool, DatabaseError> {
    let ours = migrations(database.engine())?;
    Ok(installed(database).await? == ours)
}

/// refinery's drive that knows already what its table says.
struct Installer<'d> {
    installed: Vec<Migration>,
    drive: ForRefinery<'d>,
}

impl AsyncTransaction for Installer<'_> {
    type Error = DatabaseError;

    async fn execute<'a, T: Iterator<Item = &'a str> + Send + 'a>(
        &'a mut self,
        queries: T,
    ) -> Result<usize, Self::Error> {
        self.drive.execute(queries).await
    }
}

impl AsyncQuery<Vec<Migration>> for Installer<'_> {
    async fn query<'a>(&'a mut self, _query: &'a str) -> Result<Vec<Migration>, DatabaseError> {
        Ok(self.installed.clone())
    }
}

impl AsyncMigrate for Installer<'_> {}

async fn create_schema(database: &mut Database) -> Result<(), DatabaseError> {
    let role = quoted(&database.user().await?);
    let what = &format!(
        "create the schema `strait` for the runner's records (if the right is missing, let an administrator run: create \
         schema strait authorization {role})"
    );
    if database.in_transaction() {
        return database.run_script(what, include_str!("schema.sql")).await.map(drop);
    }
    database.begin(Begin::default()).await?;
    match database.run_script(what, include_str!("schema.sql")).await {
        Ok(_) => database.commit().await,
        Err(error) => {
            // The first failure is the one to tell.
            database.rollback().await.ok();
            Err(error)
        }
    }
}

/// Tells whether our tables are there; creates nothing.
pub async fn exists(database: &mut Database) -> Result<bool, DatabaseError> {
    let tables = ["version", "history"].map(|name| table(database.engine(), name));
    has_tables(database, &[&tables[0], &tables[1]]).await
}

async fn has_tables(database: &mut Database, tables: &[&str]) -> Result<bool, DatabaseError> {
    let sql = match database.engine() {
        Engine::Sqlite => "select name from sqlite_schema where type = 'table'",
        Engine::Postgres => "select 'strait.' || tablename from pg_catalog.pg_tables where schemaname = 'strait'",
    };
    let found = database.query("look for the runner's records", sql, &[]).await?;
    let found: Vec<String> = found.into_iter().flatten().flatten().collect();
    Ok(tables.iter().all(|table| found.iter().any(|name| name == table)))
}

fn table(engine: Engine, name: &str) -> String {
    match engine {
        Engine::Sqlite => format!("strait_{name}"),
        Engine::Postgres => format!("strait.{name}"),
    }
}

/// Reads the version rows, in order.
pub async fn read_versions(database: &mut Database) -> Result<Vec<String>, DatabaseError> {
    let sql = format!("select revision from {} order by revision", table(database.engine(), "version"));
    let rows = database.query("read the version rows", &sql, &[]).await?;
    let mut versions: Vec<String> = rows.into_iter().flatten().flatten().collect();
    // The server's collation may order them otherwise.
    versions.sort();
    Ok(versions)
}

/// Moves the version rows.
pub async fn write_versions(database: &mut Database, change: &VersionChange) -> Result<(), DatabaseError> {
    let what = "move the version rows";
    let table = table(database.engine(), "version");
    for revision in &change.delete {
        let sql = format!("delete from {table} where revision = $1");
        let changed = database.execute(what, &sql, &[Some(revision)]).await?;
        expect_row(database, changed, revision)?;
    }
    if let Some((from, to)) = &change.update {
        let sql = format!("update {table} set revision = $1 where revision = $2");
        let changed = database.execute(what, &sql, &[Some(to), Some(from)]).await?;
        expect_row(database, changed, from)?;
    }
    for revision in &change.insert {
        let sql = format!("insert into {table} (revision) values ($1)");
        database.execute(what, &sql, &[Some(revision)]).await?;
    }
    Ok(())
}

fn expect_row(database: &Database, changed: u64, revision: &str) -> Result<(), DatabaseError> {
    if changed == 1 {
        return Ok(());
    }
    Err(DatabaseError::NoVersionRow { location: database.location().to_owned(), revision: revision.to_owned() })
}

/// Adds a row to the history.
pub async fn append_history(database: &mut Database, record: &Record) -> Result<(), DatabaseError> {
    let user = match &record.applied_by {
        Some(user) => user.clone(),
        None => database.user().await?,
    };
    let statement = record.statement.map(|statement| statement.to_string());
    // When a script will be run, and for how long, is not known while it is written down.
    let (started, finished, duration) = match database.is_recording() {
        true => (offline::STARTED, offline::FINISHED, None),
        false => (record.started_at.as_str(), record.finished_at.as_str(), record.duration_ms),
    };
    let duration = duration.map(|duration| duration.to_string());
    let sql = format!(
        "insert into {} (revision, way, outcome, statement, started_at, finished_at, duration_ms, applied_by, checksum, \
         tool_version, note) values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11)",
        table(database.engine(), "history")
    );
    let values = [
        Some(record.revision.as_str()),
        Some(record.way.name()),
        Some(record.outcome.name()),
        statement.as_deref(),
        Some(started),
        Some(finished),
        duration.as_deref(),
        Some(&user),
        record.checksum.as_deref(),
        Some(&record.tool_version),
        record.note.as_deref(),
    ];
    database.execute("write the history", &sql, &values).await.map(drop)
}

/// Reads the history, oldest first.
pub async fn read_history(database: &mut Database) -> Result<Vec<Record>, DatabaseError> {
    let engine = database.engine();
    let instant = |column: &str| match engine {
        Engine::Sqlite => column.to_owned(),
        Engine::Postgres => {
            format!(r#"to_char({column} at time zone 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.US"Z"')"#)
        }
    };
    let sql = format!(
        "select revision, way, outcome, statement, {}, {}, duration_ms, applied_by, checksum, tool_version, note from {} \
         order by id",
        instant("started_at"),
        instant("finished_at"),
        table(engine, "history")
    );
    let rows = database.query("read the history", &sql, &[]).await?;
    let records: Result<Vec<_>, _> = rows.into_iter().map(record_of).collect();
    records.map_err(|what| DatabaseError::Newer { location: database.location().to_owned(), what: what.into() })
}

fn record_of(row: Vec<Cell>) -> Result<Record, &'static str> {
    let shape = "its history has other columns";
    let [revision, way, outcome, statement, started, finished, duration, applied_by, checksum, tool, note]: [Cell; 11] =
        row.try_into().map_err(|_| shape)?;
    let number = |cell: Cell| cell.map(|text| text.parse::<u64>()).transpose().map_err(|_| shape);
    let way = way.as_deref().and_then(Recorded::parse).ok_or("its history knows other ways than up, down and stamp")?;
    Ok(Record {
        revision: revision.ok_or(shape)?,
        way,
        outcome: outcome.as_deref().and_then(Outcome::parse).ok_or("its history knows other outcomes")?,
        statement: number(statement)?.map(|number| usize::try_from(number).unwrap_or(usize::MAX)),
        started_at: started.ok_or(shape)?,
        finished_at: finished.ok_or(shape)?,
        duration_ms: number(duration)?,
        applied_by,
        checksum,
        tool_version: tool.ok_or(shape)?,
        note,
    })
}
