//! Takes a step without a transaction around it: recorded as started, statement by statement, and resumed.

use std::time::Instant;

use super::apply::{Applier, Failure, Ready, run_statement};
use super::error::MigrateError;
use super::graph::Way;
use super::losing;
use super::native;
use super::outcome::StepOutcome;
use super::patience::Patience;
use super::place::Place;
use super::program::Work;
use super::resume::text_hash;
use super::standing::Interrupted;
use super::state::{self, Outcome, Record, Recorded};
use crate::schema::Engine;

/// What a server says when an index of that name was there before. Source: PostgreSQL manual, "PostgreSQL Error Codes".
const IS_THERE_ALREADY: &str = "42P07";

/// A part of a step that is done by itself.
enum Task {
    /// To write a record.
    Note(Record),
    /// To run a statement and record it.
    Statement(usize),
    /// To record that everything has run.
    Finish(Instant),
}

impl Applier<'_> {
    /// Takes a step, or goes on with one that was interrupted.
    ///
    /// Each statement and its record are one transaction where the engine allows it. Where it does not, the statement is
    /// recorded before it and after it; when only the first record is there, it is in doubt.
    pub(super) async fn take_outside(
        &mut self,
        ready: &Ready<'_>,
        interrupted: Option<&Interrupted>,
    ) -> Result<StepOutcome, MigrateError> {
        let started = Instant::now();
        self.tell(ready);
        let mut done = 0;
        match interrupted {
            Some(interrupted) => {
                done = interrupted.done.min(ready.program.statements.len());
                if interrupted.in_doubt && self.in_doubt_took_effect(ready, done).await? {
                    self.patiently(ready, Task::Note(self.record(ready, Outcome::Statement, Some(done + 1)))).await?;
                    done += 1;
                }
            }
            None => self.patiently(ready, Task::Note(self.record(ready, Outcome::Started, None))).await?,
        }
        for index in done..ready.program.statements.len() {
            self.patiently(ready, Task::Statement(index)).await?;
        }
        self.patiently(ready, Task::Finish(started)).await?;
        self.follow(&ready.step.version);
        Ok(super::apply::outcome(ready, started, interrupted.is_some()))
    }

    /// Does something again that a lock kept away.
    async fn patiently(&mut self, ready: &Ready<'_>, task: Task) -> Result<(), MigrateError> {
        let mut patience = Patience::new(self.lock_timeout(ready));
        while let Err(failure) = self.attempt_outside(ready, &task).await {
            if let Task::Statement(index) = task {
                self.take_back(ready, index, &failure).await?;
            }
            if !(failure.may_pass() && patience.another(&ready.step.id, self.observer).await) {
                return Err(self.told(ready, failure, patience.attempts));
            }
        }
        Ok(())
    }

    async fn attempt_outside(&mut self, ready: &Ready<'_>, task: &Task) -> Result<(), Failure> {
        let begin = match task {
            Task::Statement(index) if ready.program.statements[*index].outside => {
                return self.statement_alone(ready, *index).await;
            }
            Task::Statement(index) => {
                self.restore_settings(ready, *index).await?;
                self.begin_for(ready).await?
            }
            Task::Note(_) | Task::Finish(_) => self.begin_record(ready),
        };
        self.database.begin(begin).await?;
        match self.inside_outside(ready, task).await {
            Ok(()) => {
                let index = if let Task::Statement(index) = task { Some(*index) } else { None };
                self.database.commit().await.map_err(|error| Failure::at_commit(error, index))
            }
            Err(failure) => {
                self.database.rollback().await.ok();
                Err(failure)
            }
        }
    }

    /// What of a script without a transaction is in a transaction all the same: a statement with its record, or a record.
    async fn inside_outside(&mut self, ready: &Ready<'_>, task: &Task) -> Result<(), Failure> {
        match task {
            Task::Note(record) => {
                if record.outcome == Outcome::Started {
                    self.expect_rows(ready).await?;
                }
                state::append_history(self.database, record).await?;
            }
            Task::Statement(index) => {
                run_statement(self.database, ready, *index, self.manner).await?;
                self.database.forget_settings().await?;
                let record = self.record(ready, Outcome::Statement, Some(index + 1));
                state::append_history(self.database, &record).await?;
            }
            Task::Finish(started) => {
                self.expect_rows(ready).await?;
                self.write_records(ready, *started).await?;
                self.books.record(self.database, ready, &self.rows, false).await?;
            }
        }
        Ok(())
    }

    /// Runs a statement that no transaction takes, between two records.
    async fn statement_alone(&mut self, ready: &Ready<'_>, index: usize) -> Result<(), Failure> {
        self.note(ready, self.record(ready, Outcome::Begun, Some(index + 1))).await?;
        self.restore_settings(ready, index).await?;
        run_statement(self.database, ready, index, self.manner).await?;
        self.database.forget_settings().await?;
        self.note(ready, self.record(ready, Outcome::Statement, Some(index + 1))).await
    }

    async fn note(&mut self, ready: &Ready<'_>, record: Record) -> Result<(), Failure> {
        self.database.begin(self.begin_record(ready)).await?;
        match state::append_history(self.database, &record).await {
            Ok(()) => Ok(self.database.commit().await?),
            Err(error) => {
                self.database.rollback().await.ok();
                Err(error.into())
            }
        }
    }

    /// After a statement that failed: what it had set is forgotten, and what no transaction has taken back is.
    async fn take_back(&mut self, ready: &Ready<'_>, index: usize, failure: &Failure) -> Result<(), MigrateError> {
        let code = match failure {
            Failure::Statement { error, .. } if !error.lost => error.code.as_deref(),
            Failure::Other(_) => None,
            // It is not known whether the statement took effect.
            Failure::Statement { .. } | Failure::Database(_) => return Ok(()),
        };
        self.database.forget_settings().await?;
        let statement = &ready.program.statements[index];
        if !statement.outside {
            return Ok(());
        }
        if let Some((name, schema, table)) = losing::index_built_concurrently(&statement.text)
            && code != Some(IS_THERE_ALREADY)
        {
            self.database.finish_or_drop_index(&name, schema.as_deref(), &table).await?;
        }
        let failed = self.record(ready, Outcome::Statement, Some(index));
        let hash = text_hash(&ready.program, index);
        let failed = failed.with_note(format!("statement {} failed and changed nothing", index + 1));
        let failed = failed.with_text_hash(&hash);
        self.note(ready, failed).await.map_err(|failure| self.told(ready, failure, 1))
    }

    /// Sets for the session what the script's statements before the given one have set: each record is written without it, and
    /// an interrupted run has taken it along.
    async fn restore_settings(&mut self, ready: &Ready<'_>, index: usize) -> Result<(), Failure> {
        let engine = self.database.engine();
        if let (Engine::Postgres, Some(timeout)) = (engine, ready.program.lock_timeout) {
            let sql = format!("set lock_timeout = {}", timeout.as_millis().max(1));
            self.database.run_script("limit the time of waiting for a lock", &sql).await?;
        }
        self.run_again(ready, index, |text| native::sets_session(engine, text)).await
    }

    async fn run_again(
        &mut self,
        ready: &Ready<'_>,
        before: usize,
        is_wanted: impl Fn(&str) -> bool,
    ) -> Result<(), Failure> {
        for (index, statement) in ready.program.statements.iter().enumerate().take(before) {
            if matches!(statement.work, Work::Sql) && is_wanted(&statement.text) {
                let run = self.database.run(&statement.text).await;
                run.map_err(|error| Failure::Statement { index, error })?;
            }
        }
        Ok(())
    }

    /// Tells whether a statement took effect of which only the beginning is recorded.
    async fn in_doubt_took_effect(&mut self, ready: &Ready<'_>, index: usize) -> Result<bool, MigrateError> {
        let Some(statement) = ready.program.statements.get(index) else { return Ok(false) };
        if self.database.engine() == Engine::Sqlite || native::may_run_again(&statement.text) {
            return Ok(false);
        }
        if let Some((name, schema, table)) = losing::index_built_concurrently(&statement.text) {
            return Ok(self.database.finish_or_drop_index(&name, schema.as_deref(), &table).await?);
        }
        let place = Place::of(&ready.program, statement, None);
        Err(MigrateError::Interrupted {
            revision: ready.step.id.clone(),
            way: if ready.step.way == Way::Up { "up" } else { "down" },
            done: index,
            hint: format!(
                "it is not known whether the statement at {place} took effect: look, then run `strait migrate repair \
                 --yes --in-doubt done`, or `… again` to have it run again, and then this command"
            ),
        })
    }

    fn record(&self, ready: &Ready<'_>, outcome: Outcome, statement: Option<usize>) -> Record {
        let way = if ready.step.way == Way::Up { Recorded::Up } else { Recorded::Down };
        let checksum = ready.revision.checksum(self.database.engine());
        let record = Record::new(&ready.step.id, way, outcome).with_checksum(checksum).at_statement(statement);
        match statement {
            Some(number) => record.with_text_hash(&text_hash(&ready.program, number)),
            None => record,
        }
    }
}
