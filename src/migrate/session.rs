//! One command's work on one database: opened, locked, compared with the folder, moved.

use std::collections::BTreeSet;
use std::path::Path;

use super::apply::{Applier, Manner, Ready, needs_foreign_keys_off};
use super::bookkeeping::{self, Books, Found, Ours};
use super::dialect::NATIVE_NOTE;
use super::error::MigrateError;
use super::graph::{Step, Way};
use super::outcome::{MigrateOutcome, State};
use super::patience::ensure_records;
use super::prepare::{Dialect, Reader};
use super::standing::{Memory, Standing};
use super::{Migrator, state};
use crate::database::{Access, Begin, Database, DatabaseError, ForeignKeys, Location};
use crate::event::{Event, Observer, Phase, Silent};
use crate::schema::Engine;

/// A database under a command's hand.
pub(super) struct Session<'m> {
    pub(super) migrator: &'m Migrator,
    /// None when there is no such file, and nothing was to be changed.
    pub(super) database: Option<Database>,
    pub(super) location: String,
    pub(super) engine: Engine,
    pub(super) memory: Memory,
    pub(super) standing: Standing,
    pub(super) found: Vec<Found>,
    /// Whether our own tables are there.
    pub(super) known: bool,
    dialect: Dialect,
    pub(super) notices: Vec<String>,
}

impl<'m> Session<'m> {
    /// Opens a database to change it: under its lock, with our own tables, and in agreement with the folder.
    pub(super) async fn open(
        migrator: &'m Migrator,
        location: &Location,
        purpose: &str,
        observer: &dyn Observer,
    ) -> Result<Self, MigrateError> {
        let mut session = Self::open_unchecked(migrator, location, purpose, observer).await?;
        session.refuse_disagreement()?;
        Ok(session)
    }

    /// Opens a database to change it, whatever its records say.
    pub(super) async fn open_unchecked(
        migrator: &'m Migrator,
        location: &Location,
        purpose: &str,
        observer: &dyn Observer,
    ) -> Result<Self, MigrateError> {
        if let Location::Sqlite(path) = location
            && !path.exists()
        {
            refuse_missing_folder(path)?;
            return Self::absent(migrator, location).await;
        }
        Self::create_told(migrator, location, purpose, observer).await
    }

    /// Opens a database to change it, of which nobody else knows; a SQLite file that is missing is made.
    pub(super) async fn create(
        migrator: &'m Migrator,
        location: &Location,
        purpose: &str,
    ) -> Result<Self, MigrateError> {
        Self::create_told(migrator, location, purpose, &Silent).await
    }

    /// Opens a database to change it, and tells for whom it waits; a SQLite file that is missing is made.
    pub(super) async fn create_told(
        migrator: &'m Migrator,
        location: &Location,
        purpose: &str,
        observer: &dyn Observer,
    ) -> Result<Self, MigrateError> {
        let database = Database::open_locked(location, migrator.options.wait, purpose, observer).await?;
        Self::read(migrator, database).await
    }

    /// Opens a database that must be there, whatever its records say. It is not read before it may be written: what a
    /// program that was killed has left half done is mended by that.
    pub(super) async fn open_existing(
        migrator: &'m Migrator,
        location: &Location,
        purpose: &str,
        observer: &dyn Observer,
    ) -> Result<Self, MigrateError> {
        match location.file() {
            Some(path) if !path.exists() => Err(DatabaseError::Absent { location: location.to_string() }.into()),
            _ => Self::create_told(migrator, location, purpose, observer).await,
        }
    }

    /// Opens a database to look at it; nothing is created or changed, and no lock is taken.
    pub(super) async fn look(migrator: &'m Migrator, location: &Location) -> Result<Self, MigrateError> {
        match Database::open(location, Access::Read).await {
            Err(DatabaseError::Absent { .. }) => Self::of_absent(migrator, location),
            database => Self::read(migrator, database?).await,
        }
    }

    /// A file that is not there and is made only when something is to be run. For a rehearsal, which must not make it, a
    /// database in memory stands for it.
    async fn absent(migrator: &'m Migrator, location: &Location) -> Result<Self, MigrateError> {
        let mut session = Self::of_absent(migrator, location)?;
        if migrator.options.dry_run {
            session.database = Some(Database::scratch().await?);
        }
        Ok(session)
    }

    fn of_absent(migrator: &'m Migrator, location: &Location) -> Result<Self, MigrateError> {
        Self::without_database(migrator, location.to_string(), Engine::Sqlite, Memory::default())
    }

    /// What a database that is not there would be, if it remembered so much.
    pub(super) fn without_database(
        migrator: &'m Migrator,
        location: String,
        engine: Engine,
        memory: Memory,
    ) -> Result<Self, MigrateError> {
        let (dialect, notices) = migrator.dialect(engine, &memory.history)?;
        Ok(Self {
            standing: Standing::of(migrator, &memory, engine)?,
            location,
            database: None,
            found: Vec::new(),
            known: false,
            migrator,
            engine,
            memory,
            dialect,
            notices,
        })
    }

    async fn read(migrator: &'m Migrator, mut database: Database) -> Result<Self, MigrateError> {
        let known = state::exists(&mut database).await?;
        let mut memory = Memory::default();
        if known {
            memory.versions = state::read_versions(&mut database).await?;
            memory.history = state::read_history(&mut database).await?;
        }
        let found = bookkeeping::find(&mut database).await?;
        let engine = database.engine();
        let (dialect, notices) = migrator.dialect(engine, &memory.history)?;
        Ok(Self {
            standing: Standing::of(migrator, &memory, engine)?,
            location: database.location().to_owned(),
            database: Some(database),
            migrator,
            engine,
            memory,
            found,
            known,
            dialect,
            notices,
        })
    }

    /// The version rows.
    pub(super) fn rows(&self) -> BTreeSet<String> {
        self.memory.versions.iter().cloned().collect()
    }

    /// What keeps a run from being started.
    pub(super) fn problems(&self) -> Vec<String> {
        let mut problems = self.standing.problems();
        problems.extend(self.below_a_squash());
        problems
    }

    /// The version rows that were squashed into a later revision, each as a sentence that says what to do.
    pub(super) fn below_a_squash(&self) -> impl Iterator<Item = String> {
        self.memory.versions.iter().filter_map(|id| {
            let into = self.migrator.replaced_by(id)?;
            Some(format!(
                "the database is at {id}, which was squashed into {into}: bring it up to {into} with the old files \
                 first, then come back to these"
            ))
        })
    }

    pub(super) fn refuse_disagreement(&mut self) -> Result<(), MigrateError> {
        if !self.known
            && let Some(found) = self.found.iter().find(|found| found.near && !found.entries.is_empty())
        {
            return Err(MigrateError::NotAdopted {
                database: self.location.clone(),
                tool: found.shape.tool,
                table: found.table.clone(),
            });
        }
        let problems = self.problems();
        if problems.is_empty() {
            return Ok(());
        }
        let folder = self.migrator.folder.shown();
        Err(MigrateError::Disagree { database: self.location.clone(), folder, problems })
    }

    pub(super) fn reader(&self) -> Reader<'m> {
        Reader::new(self.migrator, self.engine, self.dialect)
    }

    /// Reads the script of every step, so that what is wrong is told before anything runs.
    pub(super) fn ready(&self, steps: Vec<Step>) -> Result<Vec<Ready<'m>>, MigrateError> {
        ready(self.migrator, &self.reader(), steps)
    }

    /// Takes the steps.
    pub(super) async fn take(
        &mut self,
        steps: Vec<Step>,
        observer: &dyn Observer,
    ) -> Result<MigrateOutcome, MigrateError> {
        self.refuse_interrupted(&steps)?;
        let ready = self.ready(steps)?;
        ready.iter().try_for_each(Ready::refuse_outside)?;
        self.refuse_changed(&ready)?;
        let (before, options) = (self.rows(), &self.migrator.options);
        let books = self.books(&before)?;
        for text in std::mem::take(&mut self.notices) {
            observer.notice(&Event::Notice { text: &text });
        }
        let Some(database) = self.database.as_mut() else { return self.nothing_to_do() };
        if options.dry_run {
            // What one step needs, all have: it cannot be changed inside a transaction.
            let mut foreign_keys = ForeignKeys::On;
            for one in &ready {
                if needs_foreign_keys_off(database, &one.program).await? {
                    foreign_keys = ForeignKeys::Off;
                }
            }
            let begin = Begin { lock_timeout: Some(options.lock_timeout), foreign_keys, ..Begin::default() };
            database.begin(begin).await?;
            state::ensure(database).await?;
        } else {
            ensure_records(database, options.lock_timeout, observer).await?;
        }
        let mut notices = books.notices.clone();
        let note = (self.dialect == Dialect::Native).then_some(NATIVE_NOTE);
        let manner = Manner { allow_destructive: options.allow_destructive, lock_timeout: options.lock_timeout, note };
        let revisions = &self.migrator.folder.revisions;
        let mut applier = Applier { database, observer, manner, books: &books, rows: before.clone(), revisions };
        let mut taken = Vec::new();
        let phase = Phase::Migrate;
        observer.notice(&Event::PhaseStarted { phase, expected: Some(ready.len() as u64) });
        for one in &ready {
            let step = match (options.dry_run, one.program.transaction) {
                (true, true) => applier.rehearse(one).await?,
                (true, false) => {
                    let id = &one.step.id;
                    notices.push(format!(
                        "{id} runs without a transaction and cannot be taken back: the rehearsal ends before it"
                    ));
                    break;
                }
                (false, true) => applier.take(one).await?,
                (false, false) => {
                    let interrupted = self.standing.interrupted.get(&one.step.id);
                    applier.take_outside(one, interrupted.filter(|broken| broken.way == one.step.way)).await?
                }
            };
            taken.push(step);
        }
        let after = applier.rows;
        observer.notice(&Event::PhaseFinished { phase });
        if options.dry_run {
            database.rollback().await?;
        }
        Ok(MigrateOutcome {
            database: self.location.clone(),
            engine: self.engine,
            before: before.into_iter().collect(),
            after: after.into_iter().collect(),
            left_out: ready[taken.len()..].iter().map(|one| one.step.id.clone()).collect(),
            steps: taken,
            dry_run: options.dry_run,
            notices,
        })
    }

    /// The tables of other tools that are kept true during a run.
    pub(super) fn books(&self, rows: &BTreeSet<String>) -> Result<Books, MigrateError> {
        let applied = self.standing.in_state(State::Applied).map(|one| self.migrator.revision(&one.revision));
        let applied: Vec<_> = applied.collect::<Result<_, _>>()?;
        let ours = Ours {
            migrator: self.migrator,
            engine: self.engine,
            rows,
            applied: &applied,
            history: &self.memory.history,
        };
        Books::open(&self.migrator.options.bookkeeping, &self.found, &ours)
    }

    /// The outcome where there is no database, and nothing that would make one.
    fn nothing_to_do(&self) -> Result<MigrateOutcome, MigrateError> {
        Ok(MigrateOutcome {
            database: self.location.clone(),
            engine: self.engine,
            before: Vec::new(),
            after: Vec::new(),
            steps: Vec::new(),
            left_out: Vec::new(),
            dry_run: self.migrator.options.dry_run,
            notices: Vec::new(),
        })
    }

    /// Lets go of the database.
    pub(super) async fn close(self) {
        if let Some(mut database) = self.database {
            database.unlock().await.ok();
            database.close().await;
        }
    }
}

/// A file that is not there can be made only in a folder that is.
fn refuse_missing_folder(path: &Path) -> Result<(), MigrateError> {
    match path.parent().filter(|folder| !folder.as_os_str().is_empty() && !folder.is_dir()) {
        Some(folder) => {
            let (path, folder) = (path.display(), folder.display());
            Err(MigrateError::Usage(format!("cannot make {path}: there is no folder {folder}; create it first")))
        }
        None => Ok(()),
    }
}

/// Reads the script of every step.
pub(super) fn ready<'m>(
    migrator: &'m Migrator,
    reader: &Reader<'m>,
    steps: Vec<Step>,
) -> Result<Vec<Ready<'m>>, MigrateError> {
    let ready = |step: Step| {
        let revision = migrator.revision(&step.id)?;
        Ok(Ready { program: reader.read(revision, step.way)?, step, revision })
    };
    steps.into_iter().map(ready).collect()
}

impl Way {
    /// What a run is called to those who wait for it.
    pub(super) fn purpose(self) -> &'static str {
        match self {
            Self::Up => "migrate up",
            Self::Down => "migrate down",
        }
    }
}
