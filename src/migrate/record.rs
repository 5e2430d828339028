//! Records revisions as applied, or as not applied, without running them.

use std::collections::BTreeSet;

use super::Migrator;
use super::bookkeeping::Books;
use super::error::MigrateError;
use super::folder::Revision;
use super::graph::{Target, VersionChange};
use super::outcome::{StampOutcome, State};
use super::session::Session;
use super::state::{self, Outcome, Record, Recorded};
use crate::database::{Begin, Location};
use crate::event::Observer;

impl Migrator {
    /// Says that a database is at some revisions, and runs nothing; with `purge`, whatever it says now.
    ///
    /// The outcome lists the revisions that are recorded as applied since now. Fails when a target is no revision, or when
    /// one of several includes another ([`MigrateError::Plan`]).
    ///
    /// ```
    /// # use strait::{include_dir::{self, include_dir}, migrate::Migrator};
    /// # #[tokio::main(flavor = "current_thread")]
    /// # async fn main() -> Result<(), Box<dyn std::error::Error>> {
    /// # let place = tempfile::tempdir()?;
    /// # let location = strait::database::Location::Sqlite(place.path().join("app.db"));
    /// # let migrator = Migrator::embedded(&include_dir!("$CARGO_MANIFEST_DIR/examples/notes/migrations"))?;
    /// use strait::event::Silent;
    /// let outcome = migrator.stamp(&location, &["V0001__create_notes".parse()?], false, &Silent).await?;
    /// assert_eq!((outcome.before.len(), outcome.recorded), (0, vec!["V0001__create_notes".to_owned()]));
    /// # Ok(())
    /// # }
    /// ```
    pub async fn stamp(
        &self,
        location: &Location,
        targets: &[Target],
        purge: bool,
        observer: &dyn Observer,
    ) -> Result<StampOutcome, MigrateError> {
        let mut session = match self.options.dry_run {
            true => Session::open_unchecked(self, location, "migrate stamp", observer).await?,
            false => Session::create_told(self, location, "migrate stamp", observer).await?,
        };
        let outcome = session.stamp(targets, purge).await;
        session.close().await;
        outcome
    }
}

/// What is recorded.
#[derive(Debug)]
pub(super) struct Recording<'m> {
    /// The version rows.
    pub(super) change: VersionChange,
    /// How the history calls it.
    pub(super) way: Recorded,
    /// Applied revisions that stand beside the line.
    pub(super) beside: Vec<&'m Revision>,
    /// Whether revisions that the folder does not know are forgotten.
    pub(super) forget_unknown: bool,
}

impl<'m> Session<'m> {
    async fn stamp(&mut self, targets: &[Target], purge: bool) -> Result<StampOutcome, MigrateError> {
        let (rows, graph) = (&self.memory.versions, &self.migrator.graph);
        let change = if purge { graph.stamp_purged(rows, targets)? } else { graph.stamp(rows, targets)? };
        let (way, beside) = (Recorded::Stamp, Vec::new());
        self.record(Recording { change, way, beside, forget_unknown: purge }).await
    }

    /// Writes a change of the version rows, and a record for every revision that it marks as applied or not applied.
    pub(super) async fn record(&mut self, what: Recording<'m>) -> Result<StampOutcome, MigrateError> {
        let (before, options) = (self.rows(), &self.migrator.options);
        let mut after = before.clone();
        what.change.apply(&mut after).map_err(|row| MigrateError::Usage(format!("the version table lacks {row}")))?;
        let (was, is) = (self.applied(&before)?, self.applied(&after)?);
        let mut applied = self.revisions(is.iter())?;
        applied.extend(&what.beside);
        let unmarked = was.iter().rev().filter(|id| !is.contains(id)).copied();
        let unknown = self.standing.in_state(State::Unknown).filter(|_| what.forget_unknown);
        let unknown = unknown.map(|one| one.revision.as_str()).filter(|id| !after.contains(*id));
        let unmarked: Vec<String> = unmarked.chain(unknown).map(str::to_owned).collect();
        let mut records: Vec<Record> =
            unmarked.iter().map(|id| Record::new(id, Recorded::Unstamp, Outcome::Done)).collect();
        let marked: Vec<&Revision> =
            applied.iter().copied().filter(|one| !was.contains(&one.id.as_str()) || self.lacks_record(one)).collect();
        let lacking = marked.iter().filter(|revision| self.lacks_record(revision));
        let engine = self.engine;
        let record =
            |one: &&Revision| Record::new(&one.id, what.way, Outcome::Done).with_checksum(one.checksum(engine));
        let mut new: Vec<Record> = lacking.map(record).collect();
        let revisions = &self.migrator.folder.revisions;
        let books = Books::for_stamp(&options.bookkeeping, &self.found, &before, &after, self.migrator);
        new.iter_mut().for_each(|record| record.note = books.note());
        records.append(&mut new);
        let database = self.database.as_mut().ok_or(MigrateError::Usage("there is no database".into()))?;
        if !options.dry_run {
            database.begin(Begin::default()).await?;
            let written = async {
                state::ensure(database).await?;
                state::write_versions(database, &what.change).await?;
                for record in &records {
                    state::append_history(database, record).await?;
                }
                books.stamp(database, &after, &applied, revisions).await
            };
            match written.await {
                Ok(()) => database.commit().await?,
                Err(error) => {
                    // The first failure is the one to tell.
                    database.rollback().await.ok();
                    return Err(error);
                }
            }
        }
        Ok(StampOutcome {
            database: self.location.clone(),
            before: before.into_iter().collect(),
            after: after.into_iter().collect(),
            from: None,
            recorded: marked.iter().map(|revision| revision.id.clone()).collect(),
            unmarked,
            notices: books.notices,
            dry_run: options.dry_run,
        })
    }

    /// What is applied with some version rows, parents first.
    fn applied(&self, rows: &BTreeSet<String>) -> Result<Vec<&'m str>, MigrateError> {
        let known: Vec<String> = rows.iter().filter(|id| self.migrator.graph.contains(id)).cloned().collect();
        Ok(self.migrator.graph.applied(&known)?)
    }

    fn revisions<'a>(&self, ids: impl Iterator<Item = &'a &'m str>) -> Result<Vec<&'m Revision>, MigrateError>
    where
        'm: 'a,
    {
        ids.map(|id| self.migrator.revision(id)).collect()
    }

    /// Whether nothing says that a revision was applied.
    fn lacks_record(&self, revision: &Revision) -> bool {
        let said = self
            .memory
            .history
            .iter()
            .rev()
            .find(|record| record.revision == revision.id && record.outcome == Outcome::Done);
        said.is_none_or(|record| matches!(record.way, Recorded::Down | Recorded::Unstamp))
    }
}
