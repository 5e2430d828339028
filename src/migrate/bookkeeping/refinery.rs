//! refinery's `refinery_schema_history`: a row for each numbered revision, written by refinery itself where it can.

use refinery::{Runner, Target};
use refinery_core::Migration;
use refinery_core::traits::r#async::{AsyncMigrate, AsyncQuery, AsyncTransaction};

use super::Book;
use crate::database::refinery::applied_migrations;
use crate::database::{Database, offline};
use crate::migrate::apply::{Failure, Manner, Ready, run_statements};
use crate::migrate::error::MigrateError;
use crate::migrate::folder::Revision;
use crate::migrate::graph::Way;
use crate::schema::Engine;

const COLUMNS: &str = "version int4 primary key, name varchar(255), applied_on varchar(255), checksum varchar(255)";

/// Runs a revision's script through refinery's own runner, which compares the table with the files, runs what is missing,
/// and writes the row. Tells whether it did.
///
/// refinery has no way down, knows no revision without a number, and passes in silence over one that comes after a higher
/// number; and a table of its `int8-versions` build holds other checksums. There, the row is ours to write.
pub(super) async fn run(
    book: &Book,
    database: &mut Database,
    ready: &Ready<'_>,
    revisions: &[Revision],
    manner: Manner,
) -> Result<bool, Failure> {
    let engine = database.engine();
    let Some(this) = ready.revision.migration(engine) else { return Ok(false) };
    // A script that is only written down has no table to compare.
    if ready.step.way == Way::Down || is_wide(book) || database.is_recording() {
        return Ok(false);
    }
    book.ensure(database, COLUMNS).await?;
    let sql = format!("select version, name, applied_on, checksum from {} order by version", book.table);
    let applied =
        applied_migrations(database, &sql).await.map_err(|error| MigrateError::Refinery(error.to_string()))?;
    if applied.last().is_some_and(|last| last.version() >= this.version()) {
        return Ok(false);
    }
    let is_applied = |version| applied.iter().any(|migration| migration.version() == version);
    let mut migrations: Vec<Migration> = revisions.iter().filter_map(|revision| revision.migration(engine)).collect();
    migrations.retain(|migration| migration.version() == this.version() || is_applied(migration.version()));
    let runner = Runner::new(&migrations);
    let mut runner = runner.set_target(Target::Version(this.version())).set_abort_divergent(true);
    runner.set_migration_table_name(&book.table);
    let mut drive = Drive { database, ready, revisions, manner, failure: None };
    let result = runner.run_async(&mut drive).await;
    match (result, drive.failure) {
        (_, Some(failure)) => Err(failure),
        (Ok(report), None) if report.applied_migrations().len() == 1 => Ok(true),
        (Ok(_), None) => Err(MigrateError::Refinery(format!("it ran nothing for {}", ready.step.id)).into()),
        (Err(error), None) => Err(MigrateError::Refinery(error.to_string()).into()),
    }
}

/// Adds or removes the row of a revision.
pub(super) async fn record(
    book: &Book,
    database: &mut Database,
    revision: &Revision,
    way: Way,
) -> Result<(), MigrateError> {
    book.ensure(database, COLUMNS).await?;
    let version = revision.number.to_string();
    let sql = match way {
        Way::Down => {
            let sql = format!("delete from {} where version = cast($1 as bigint)", book.table);
            database.execute("move the table of refinery", &sql, &[Some(&version)]).await?;
            return Ok(());
        }
        Way::Up => format!(
            "insert into {0} (version, name, applied_on, checksum) select cast($1 as bigint), $2, $3, $4 where not exists \
             (select 1 from {0} where version = cast($1 as bigint))",
            book.table
        ),
    };
    // A revision that does nothing on this engine has no script whose checksum could be kept.
    let Some(checksums) = revision.refinery_checksums(database.engine()) else { return Ok(()) };
    let wanted = if is_wide(book) { Some(checksums.int8) } else { checksums.int4 };
    let Some(checksum) = wanted.map(|checksum| checksum.to_string()) else {
        return Err(MigrateError::NotBookable {
            revision: revision.id.clone(),
            tool: "refinery",
            table: book.shown.clone(),
            why: "its number is beyond 32 bits; widen the column `version` to bigint, as refinery's feature \
                  `int8-versions` has it"
                .into(),
        });
    };
    let now = crate::migrate::state::now_rfc3339();
    let now = if database.is_recording() { offline::FINISHED_TEXT } else { now.as_str() };
    let values = [Some(version.as_str()), Some(revision.slug.as_str()), Some(now), Some(checksum.as_str())];
    database.execute("move the table of refinery", &sql, &values).await?;
    Ok(())
}

/// Makes the table tell of the applied revisions, with the checksums of the files as they are; rows of others stay.
pub(super) async fn set(
    book: &Book,
    database: &mut Database,
    applied: &[&Revision],
    revisions: &[Revision],
) -> Result<(), MigrateError> {
    let is_applied = |revision: &Revision| applied.iter().any(|one| one.id == revision.id);
    book.ensure(database, COLUMNS).await?;
    let sql = format!("select cast(version as varchar(20)), checksum from {}", book.table);
    let rows = database.query("read the table of refinery", &sql, &[]).await?;
    for revision in revisions {
        let is_row = |row: &&Vec<Option<String>>| row[0].as_ref().is_some_and(|it| *it == revision.number.to_string());
        let Some(row) = rows.iter().find(is_row) else { continue };
        let checksum = row[1].as_ref().and_then(|text| text.parse().ok());
        let checksums = revision.refinery_checksums(database.engine());
        let is_same = checksums.zip(checksum).is_some_and(|(known, recorded)| known.recognise(recorded));
        if !(is_applied(revision) && is_same) {
            record(book, database, revision, Way::Down).await?;
        }
    }
    for revision in applied {
        record(book, database, revision, Way::Up).await?;
    }
    Ok(())
}

/// Tells whether the table was made by a build with `int8-versions`.
fn is_wide(book: &Book) -> bool {
    let declared = book.version_type.as_deref().unwrap_or_default().to_lowercase();
    declared == "bigint" || declared == "int8"
}

/// A row whose checksum is that of the same script with other line ends is the file's as it is here.
fn as_checked_out(applied: Migration, revisions: &[Revision], engine: Engine) -> Migration {
    let same = revisions.iter().find(|revision| revision.number == i64::from(applied.version()));
    let known = same.and_then(|revision| revision.refinery_checksums(engine));
    let here = known.filter(|known| known.recognise(applied.checksum())).and_then(|known| known.int4);
    match (here, applied.applied_on()) {
        (Some(here), Some(moment)) => Migration::applied(applied.version(), applied.name().to_owned(), *moment, here),
        _ => applied,
    }
}

/// The database as refinery drives it: a script is run our way, statement by statement, worded for the engine.
struct Drive<'a, 'f> {
    database: &'a mut Database,
    ready: &'a Ready<'f>,
    revisions: &'a [Revision],
    manner: Manner,
    failure: Option<Failure>,
}

/// A failure that is kept aside, since refinery's own error would hide where in the script it was.
#[derive(Debug, thiserror::Error)]
#[error("{0}")]
struct Aside(String);

impl AsyncTransaction for Drive<'_, '_> {
    type Error = Aside;

    /// Everything runs inside the revision's own transaction, which is open: script and records are committed together.
    async fn execute<'a, T: Iterator<Item = &'a str> + Send + 'a>(&'a mut self, queries: T) -> Result<usize, Aside> {
        let script = self.ready.revision.migration(self.database.engine());
        let script = script.as_ref().and_then(Migration::sql).unwrap_or_default().to_owned();
        let mut count = 0;
        for query in queries {
            let result = if query == script {
                run_statements(self.database, self.ready, self.manner).await
            } else {
                let ran = self.database.execute("keep the table of refinery", query, &[]).await;
                ran.map(drop).map_err(Failure::Database)
            };
            if let Err(failure) = result {
                self.failure = Some(failure);
                return Err(Aside("the script failed".into()));
            }
            count += 1;
        }
        Ok(count)
    }
}

impl AsyncQuery<Vec<Migration>> for Drive<'_, '_> {
    async fn query<'a>(&'a mut self, query: &'a str) -> Result<Vec<Migration>, Aside> {
        let applied = applied_migrations(self.database, query).await.map_err(|error| Aside(error.to_string()))?;
        let engine = self.database.engine();
        Ok(applied.into_iter().map(|migration| as_checked_out(migration, self.revisions, engine)).collect())
    }
}

impl AsyncMigrate for Drive<'_, '_> {}
