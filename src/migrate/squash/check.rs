//! Makes sure, before anything is changed, that the new folder is in order and makes what the old one makes, on each engine
//! that can be reached.

use std::collections::BTreeSet;

use super::text::Texts;
use crate::database::{Access, Database, DatabaseError, Location, PrivateDatabase};
use crate::migrate::evidence::{differences, made};
use crate::migrate::folder::{self, Revision};
use crate::migrate::graph::Way;
use crate::migrate::prepare::{Dialect, Reader};
use crate::migrate::replay::Place;
use crate::migrate::{MigrateError, Migrator};
use crate::schema::Engine;

/// The revisions as they are, and as they would be.
pub(super) struct Check<'c> {
    old: &'c Migrator,
    joined: BTreeSet<&'c str>,
    new: Migrator,
    last: &'c str,
}

impl<'c> Check<'c> {
    /// Reads the new folder; fails when it is not in order.
    pub(super) fn new(
        old: &'c Migrator,
        last: &'c Revision,
        joined: &[&'c Revision],
        files: &Texts,
    ) -> Result<Self, MigrateError> {
        let joined: BTreeSet<&str> = joined.iter().map(|one| one.id.as_str()).collect();
        let mut all: Vec<(String, String)> = Vec::new();
        for one in old.folder.revisions.iter().filter(|one| !joined.contains(one.id.as_str())) {
            for script in one.up.all().chain(one.down.all()) {
                all.push((script.path.display().to_string(), script.text.clone()));
            }
        }
        all.extend(files.named(old, last).into_iter().map(|(path, text)| (path.display().to_string(), text)));
        let all: Vec<(&str, &str)> = all.iter().map(|(path, text)| (path.as_str(), text.as_str())).collect();
        let new = Migrator::new(folder::from_embedded(&all)?)?;
        for engine in [Engine::Sqlite, Engine::Postgres] {
            let reader = Reader::new(&new, engine, Dialect::Portable);
            let revision = new.revision(&last.id)?;
            reader.read(revision, Way::Up)?;
            if files.down.is_ok() {
                reader.read(revision, Way::Down)?;
            }
        }
        Ok(Self { old, joined, new, last: &last.id })
    }

    /// Runs both on each engine that can be reached: on SQLite in memory, on PostgreSQL beside what a database holds, or on a
    /// private server where none is named. Gives what a person should know.
    pub(super) async fn run(&self, postgres: Option<&Location>) -> Result<Vec<String>, MigrateError> {
        let on_sqlite = self.same(&mut Database::scratch().await?, Place::Inside).await?;
        let on_postgres = match postgres {
            Some(location) => self.same_beside(location).await?,
            None => self.same_on_private().await?,
        };
        Ok(told(&[(Engine::Sqlite, on_sqlite), (Engine::Postgres, on_postgres)]))
    }

    async fn same_beside(&self, location: &Location) -> Result<Result<(), String>, MigrateError> {
        // Where the tables are kept matters to nobody here; that nothing could be tried is told.
        let mut database = match Database::open(location, Access::Write).await {
            Err(error) => return Ok(Err(error.to_string())),
            Ok(database) => database,
        };
        let same = self.same(&mut database, Place::Beside).await;
        database.close().await;
        same
    }

    async fn same_on_private(&self) -> Result<Result<(), String>, MigrateError> {
        let home = match PrivateDatabase::start(Engine::Postgres).await {
            Err(DatabaseError::PrivateServer(error)) => return Ok(Err(error.to_string())),
            home => home?,
        };
        let mut database = Database::open(home.location(), Access::Write).await?;
        let same = self.same(&mut database, Place::Inside).await;
        database.close().await;
        home.end().await?;
        same
    }

    /// Fails when the joined revision does not make the same; says why where the old ones cannot be tried.
    async fn same(&self, database: &mut Database, place: Place) -> Result<Result<(), String>, MigrateError> {
        let engine = database.engine().name();
        let before = match made(self.old, &self.joined, database, place).await {
            Ok(before) => before,
            Err(why) => return Ok(Err(why)),
        };
        let after = made(&self.new, &BTreeSet::from([self.last]), database, place).await;
        let after =
            after.map_err(|why| MigrateError::Usage(format!("the joined script does not run on {engine}: {why}")))?;
        match differences(before, after, database).await?.as_slice() {
            [] => Ok(Ok(())),
            found => Err(MigrateError::Usage(format!(
                "the joined script does not make on {engine} what the revisions make one by one: {}",
                found.join("; ")
            ))),
        }
    }
}

/// Says on which engines it was run, and why not on the others.
fn told(trials: &[(Engine, Result<(), String>)]) -> Vec<String> {
    let ran: Vec<&str> = trials.iter().filter(|(_, same)| same.is_ok()).map(|(engine, _)| engine.name()).collect();
    let mut notices = Vec::new();
    if !ran.is_empty() {
        notices.push(format!(
            "the joined script was run on {} and makes what the revisions make one by one",
            ran.join(" and ")
        ));
    }
    for (engine, same) in trials {
        if let Err(why) = same {
            notices.push(format!(
                "on {} the joined script was only read ({why}): `strait migrate test` runs it there",
                engine.name()
            ));
        }
    }
    notices
}
