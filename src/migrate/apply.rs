//! Takes steps: each revision and its records in one transaction.

use std::collections::BTreeSet;
use std::time::{Duration, Instant};

use super::aftermath::{kept, stopped};
use super::bookkeeping::{Books, in_words};
use super::error::MigrateError;
use super::folder::Revision;
use super::graph::{Step, VersionChange, Way};
use super::guard;
use super::outcome::StepOutcome;
use super::patience::Patience;
use super::place::Place;
use super::program::{Program, Work};
use super::state::{self, NOTE_SEPARATOR, Outcome, Record, Recorded};
use crate::database::{Begin, BrokenReferences, Database, DatabaseError, ForeignKeys, StatementError, reach};
use crate::event::{Event, Observer};

/// A step with all that it needs.
#[derive(Clone, Debug)]
pub(super) struct Ready<'f> {
    pub(super) step: Step,
    pub(super) revision: &'f Revision,
    pub(super) program: Program,
}

impl Ready<'_> {
    /// Refuses a statement that the engine takes only outside the transaction in which it would run, and one that would reach
    /// for another file.
    pub(super) fn refuse_outside(&self) -> Result<(), MigrateError> {
        let own = self.program.statements.iter().filter(|statement| matches!(statement.work, Work::Sql));
        for statement in own {
            if let Some(why) = reach(&statement.text) {
                return Err(MigrateError::Reaches { place: Place::of(&self.program, statement, None), why });
            }
        }
        match self.program.statements.iter().find(|statement| statement.outside && self.program.transaction) {
            Some(outside) => Err(MigrateError::OutsideTransaction { place: Place::of(&self.program, outside, None) }),
            None => Ok(()),
        }
    }
}

/// How steps are taken.
#[derive(Clone, Copy, Debug, Default)]
pub(super) struct Manner {
    pub(super) allow_destructive: bool,
    pub(super) lock_timeout: Duration,
    /// What the history notes of each step.
    pub(super) note: Option<&'static str>,
}

/// Takes steps on one database.
pub(super) struct Applier<'a> {
    pub(super) database: &'a mut Database,
    pub(super) observer: &'a dyn Observer,
    pub(super) manner: Manner,
    pub(super) books: &'a Books,
    /// What the version table says as far as we have brought it.
    pub(super) rows: BTreeSet<String>,
    /// All revisions of the folder, which refinery compares with its table.
    pub(super) revisions: &'a [Revision],
}

/// Why an attempt failed.
pub(super) enum Failure {
    /// A statement was refused.
    Statement {
        /// Its place in the program.
        index: usize,
        /// What the engine says.
        error: StatementError,
    },
    /// The transaction could not begin, be recorded or be committed.
    Database(DatabaseError),
    /// Something else.
    Other(MigrateError),
}

impl Failure {
    /// What a commit that was refused is: its transaction's statement was taken and refused at the end, or more is wrong.
    pub(super) fn at_commit(error: DatabaseError, index: Option<usize>) -> Self {
        match (error, index) {
            (DatabaseError::Statement { source, .. }, Some(index)) if !(source.retry || source.lies_outside()) => {
                Self::Statement { index, error: source.at_the_end() }
            }
            (error, _) => Self::Database(error),
        }
    }

    /// Whether the same may succeed when its transaction is run again.
    pub(super) fn may_pass(&self) -> bool {
        match self {
            Self::Statement { error, .. } => error.retry,
            Self::Database(error) => error.may_pass(),
            Self::Other(_) => false,
        }
    }
}

impl From<MigrateError> for Failure {
    fn from(error: MigrateError) -> Self {
        match error {
            MigrateError::Database(error) => Self::Database(error),
            error => Self::Other(error),
        }
    }
}

impl From<DatabaseError> for Failure {
    fn from(error: DatabaseError) -> Self {
        Self::Database(error)
    }
}

impl Applier<'_> {
    /// Takes one step in a transaction of its own.
    pub(super) async fn take(&mut self, ready: &Ready<'_>) -> Result<StepOutcome, MigrateError> {
        let started = Instant::now();
        self.tell(ready);
        let mut patience = Patience::new(self.lock_timeout(ready));
        while let Err(failure) = self.attempt(ready, started).await {
            if !(failure.may_pass() && patience.another(&ready.step.id, self.observer).await) {
                return Err(self.told(ready, failure, patience.attempts));
            }
        }
        self.follow(&ready.step.version);
        Ok(outcome(ready, started, false))
    }

    async fn attempt(&mut self, ready: &Ready<'_>, started: Instant) -> Result<(), Failure> {
        let begin = self.begin_for(ready).await?;
        self.database.begin(begin).await?;
        match self.inside(ready, started).await {
            Ok(()) => {
                let committed = self.database.commit().await;
                committed.map_err(|error| Failure::at_commit(error, ready.program.last()))
            }
            Err(failure) => {
                // The first failure is the one to tell; a lost connection rolls back by itself.
                self.database.rollback().await.ok();
                Err(failure)
            }
        }
    }

    /// Takes one step inside a transaction that is open; nothing is committed.
    pub(super) async fn rehearse(&mut self, ready: &Ready<'_>) -> Result<StepOutcome, MigrateError> {
        let started = Instant::now();
        self.tell(ready);
        match self.inside_to_its_end(ready, started).await {
            Ok(()) => {
                self.follow(&ready.step.version);
                Ok(outcome(ready, started, false))
            }
            Err(failure) => Err(self.told(ready, failure, 1)),
        }
    }

    /// As [`inside`](Self::inside), with what PostgreSQL checks in a commit, which a rehearsal never comes to.
    async fn inside_to_its_end(&mut self, ready: &Ready<'_>, started: Instant) -> Result<(), Failure> {
        self.inside(ready, started).await?;
        let checked = self.database.check_deferred().await;
        checked.map_err(|error| match ready.program.last() {
            Some(index) => Failure::Statement { index, error: error.at_the_end() },
            None => MigrateError::Usage(format!("{}: {error}", ready.step.id)).into(),
        })
    }

    pub(super) async fn begin_for(&mut self, ready: &Ready<'_>) -> Result<Begin, MigrateError> {
        let off = needs_foreign_keys_off(self.database, &ready.program).await?;
        let foreign_keys = if off { ForeignKeys::Off } else { ForeignKeys::On };
        Ok(Begin { foreign_keys, ..self.begin_record(ready) })
    }

    /// How a transaction begins that only writes records.
    pub(super) fn begin_record(&self, ready: &Ready<'_>) -> Begin {
        Begin { lock_timeout: Some(self.lock_timeout(ready)), ..Begin::default() }
    }

    /// How long a statement may wait for a lock.
    pub(super) fn lock_timeout(&self, ready: &Ready<'_>) -> Duration {
        ready.program.lock_timeout.unwrap_or(self.manner.lock_timeout)
    }

    /// Runs the script and writes what there is to remember of it.
    async fn inside(&mut self, ready: &Ready<'_>, started: Instant) -> Result<(), Failure> {
        self.expect_rows(ready).await?;
        let broken_before = self.broken_references().await?;
        // The first revision's way down may drop their tables.
        let told_first = ready.step.way == Way::Down;
        if told_first {
            self.books.record(self.database, ready, &self.rows, false).await?;
        }
        let script_booked = self.books.run(self.database, ready, self.revisions, self.manner).await?;
        if !script_booked {
            run_statements(self.database, ready, self.manner).await?;
        }
        self.refuse_broken_references(ready, &broken_before).await?;
        if !self.database.is_recording() {
            // Whoever moved it meanwhile: another program, or the script itself.
            self.expect_rows(ready).await?;
        }
        self.write_records(ready, started).await?;
        if !told_first {
            self.books.record(self.database, ready, &self.rows, script_booked).await?;
        }
        Ok(())
    }

    /// Writes the version rows and the history.
    pub(super) async fn write_records(&mut self, ready: &Ready<'_>, started: Instant) -> Result<(), MigrateError> {
        state::write_versions(self.database, &ready.step.version).await?;
        let way = match ready.step.way {
            Way::Up => Recorded::Up,
            Way::Down => Recorded::Down,
        };
        let mut record = Record::new(&ready.step.id, way, Outcome::Done)
            .with_checksum(ready.revision.checksum(self.database.engine()))
            .with_duration(started.elapsed());
        let notes: Vec<String> = self.manner.note.map(str::to_owned).into_iter().chain(self.books.note()).collect();
        record.note = (!notes.is_empty()).then(|| notes.join(NOTE_SEPARATOR));
        Ok(state::append_history(self.database, &record).await?)
    }

    /// Makes sure that nobody has moved the database since it was planned for.
    pub(super) async fn expect_rows(&mut self, ready: &Ready<'_>) -> Result<(), MigrateError> {
        if self.database.is_recording() {
            return Ok(state::demand_versions(self.database, &self.rows).await?);
        }
        let found: BTreeSet<String> = state::read_versions(self.database).await?.into_iter().collect();
        if found == self.rows {
            return Ok(());
        }
        Err(MigrateError::Moved {
            database: self.database.location().to_owned(),
            revision: ready.step.id.clone(),
            expected: in_words(&self.rows),
            found: in_words(&found),
        })
    }

    /// Counts rows that refer to nothing, where SQLite does not watch over them.
    async fn broken_references(&mut self) -> Result<Vec<BrokenReferences>, MigrateError> {
        match self.database.watches_references() {
            true => Ok(Vec::new()),
            false if self.database.is_recording() => Ok(guard::note_broken_references(self.database).await?),
            false => Ok(self.database.broken_references().await?),
        }
    }

    async fn refuse_broken_references(
        &mut self,
        ready: &Ready<'_>,
        before: &[BrokenReferences],
    ) -> Result<(), MigrateError> {
        if self.database.is_recording() && !self.database.watches_references() {
            return Ok(guard::demand_references(self.database).await?);
        }
        let after = self.broken_references().await?;
        let new = guard::newly_broken(before, &after);
        if new.is_empty() {
            return Ok(());
        }
        Err(MigrateError::BrokenReferences {
            revision: ready.step.id.clone(),
            what: new.join("; "),
            hint: "delete or correct these rows first; a revision that changes or drops a table runs with SQLite's \
                   foreign keys off, so that its own deletions do not cascade",
        })
    }

    pub(super) fn follow(&mut self, change: &VersionChange) {
        // The rows were compared with the database's own before the change was written.
        change.apply(&mut self.rows).ok();
    }

    pub(super) fn tell(&self, ready: &Ready<'_>) {
        self.observer.notice(&Event::StepStarted { revision: &ready.step.id, up: ready.step.way == Way::Up });
    }

    /// Says what failed: which statement was refused, where it stands, and what is left behind.
    pub(super) fn told(&self, ready: &Ready<'_>, failure: Failure, attempts: u32) -> MigrateError {
        match failure {
            Failure::Statement { index, error } => self.refused(ready, index, error, attempts),
            Failure::Database(error) => MigrateError::Step { what: stopped(ready, &error, attempts), source: error },
            Failure::Other(error) => error,
        }
    }

    fn refused(&self, ready: &Ready<'_>, index: usize, error: StatementError, attempts: u32) -> MigrateError {
        let statement = &ready.program.statements[index];
        let offset = error.offset.filter(|_| matches!(statement.work, Work::Sql));
        let place = Place::of(&ready.program, statement, offset);
        let excerpt = match place.excerpt(&ready.program.text) {
            nothing if nothing.is_empty() => nothing,
            line => line + "\n",
        };
        let kept = kept(ready, index, &error, attempts);
        MigrateError::Statement { place, engine: self.database.engine().name(), error: Box::new(error), excerpt, kept }
    }
}

/// Whether a program must run with SQLite's foreign keys off.
pub(super) async fn needs_foreign_keys_off(database: &mut Database, program: &Program) -> Result<bool, MigrateError> {
    if program.foreign_keys_off {
        return Ok(true);
    }
    for statement in &program.statements {
        if let Work::Change(_, worded) = &statement.work
            && database.needs_foreign_keys_off(worded).await?
        {
            return Ok(true);
        }
    }
    Ok(false)
}

/// Runs the statements of a program; what they set for the session is not meant for what comes after them.
pub(super) async fn run_statements(database: &mut Database, ready: &Ready<'_>, manner: Manner) -> Result<(), Failure> {
    for index in 0..ready.program.statements.len() {
        run_statement(database, ready, index, manner).await?;
    }
    Ok(database.forget_settings().await?)
}

/// Runs one statement, unless it would destroy values and may not.
pub(super) async fn run_statement(
    database: &mut Database,
    ready: &Ready<'_>,
    index: usize,
    manner: Manner,
) -> Result<(), Failure> {
    let statement = &ready.program.statements[index];
    match database.is_recording() {
        true => guard::warn_of_losses(database, statement),
        false if manner.allow_destructive => {}
        false => guard::refuse_losses(database, ready, index).await?,
    }
    let result = match &statement.work {
        Work::Sql => database.run(&statement.text).await.map(drop),
        Work::Change(_, worded) => database.change(worded).await,
    };
    result.map_err(|error| Failure::Statement { index, error })
}

pub(super) fn outcome(ready: &Ready<'_>, started: Instant, resumed: bool) -> StepOutcome {
    StepOutcome {
        revision: ready.step.id.clone(),
        way: ready.step.way,
        file: ready.program.file.clone(),
        statements: ready.program.statements.len(),
        duration_ms: u64::try_from(started.elapsed().as_millis()).unwrap_or(u64::MAX),
        resumed,
    }
}

/// What is left behind of a step when one of its statements does not run.
pub(super) fn left_behind(ready: &Ready<'_>, index: usize) -> String {
    let id = &ready.step.id;
    match (ready.program.transaction, index) {
        (true, _) => format!("nothing of {id} was kept, the database is as it was before it"),
        (false, 0) => format!("nothing of {id} has run yet"),
        (false, 1) => format!("the statement before it in {id} has run and is recorded"),
        (false, done) => format!("the {done} statements before it in {id} have run and are recorded"),
    }
}
