//! The walk of one engine's revisions on one database: each up, down and up again.

use super::fill::{Filler, Unfilled};
use super::outcome::{Leg, RevisionTrial, Verdict};
use super::picture::{Picture, user_structure};
use super::rows::Moments;
use super::turn::{Down, Turn, told};
use crate::database::{Database, DatabaseError, Surroundings};
use crate::migrate::MigrateError;
use crate::migrate::apply::{Applier, Ready};
use crate::migrate::graph::Way;

/// What follows on a trial.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Then {
    /// The database is where the next revision begins.
    GoOn,
    /// The database is not where it should be: the next revision needs a fresh one.
    Anew,
    /// No later revision can be reached.
    Stop,
}

/// A revision that went up, and its way down.
#[derive(Clone, Copy)]
struct Taken<'t> {
    before: &'t Picture,
    up: &'t Ready<'t>,
    after: &'t Picture,
    down: &'t Ready<'t>,
}

/// A database on the way.
pub(super) struct Walk<'a> {
    pub(super) applier: Applier<'a>,
    pub(super) filler: Filler,
    /// Every step that was taken, in order.
    pub(super) taken: Vec<(String, Way)>,
    /// Tables that could not be filled.
    pub(super) unfilled: Vec<Unfilled>,
}

impl Walk<'_> {
    /// The database.
    pub(super) fn database(&mut self) -> &mut Database {
        self.applier.database
    }

    /// Takes a step as the runner does.
    pub(super) async fn go(&mut self, ready: &Ready<'_>) -> Result<(), MigrateError> {
        ready.refuse_outside()?;
        if ready.program.transaction {
            self.take(ready).await?;
        } else {
            self.applier.take_outside(ready, None).await?;
        }
        self.taken.push((ready.step.id.clone(), ready.step.way));
        // What a script has set for its session is not meant for our own questions.
        Ok(self.database().forget_settings().await?)
    }

    /// Takes a step in its transaction. A role that it names and does not make is made first: on this server of our own there
    /// are none, and nothing was kept of the step that failed for the lack of it.
    async fn take(&mut self, ready: &Ready<'_>) -> Result<(), MigrateError> {
        let mut around = Surroundings::default();
        loop {
            let Err(error) = self.applier.take(ready).await else { return Ok(()) };
            if !error.missing_role().is_some_and(|role| around.name_role(role)) {
                return Err(error);
            }
            self.database().make_roles(&around).await?;
        }
    }

    /// Fills the tables that have too few rows.
    pub(super) async fn fill(&mut self) -> Result<(), DatabaseError> {
        let schema = user_structure(self.applier.database).await?;
        for unfilled in self.filler.fill(self.applier.database, &schema).await? {
            if !self.unfilled.iter().any(|known| known.table == unfilled.table) {
                self.unfilled.push(unfilled);
            }
        }
        Ok(())
    }

    pub(super) async fn picture(&mut self) -> Result<Picture, DatabaseError> {
        Picture::take(self.applier.database).await
    }

    /// Goes up without looking, where an earlier walk has looked already.
    pub(super) async fn pass(&mut self, turn: &Turn<'_>) -> Result<(), MigrateError> {
        if let Ok(up) = &turn.up {
            self.go(up).await?;
        }
        Ok(self.fill().await?)
    }

    /// Takes a revision up, down and up again.
    pub(super) async fn try_out(&mut self, turn: &Turn<'_>) -> Result<(RevisionTrial, Then), MigrateError> {
        let mut trial = RevisionTrial { revision: turn.id.clone(), ..RevisionTrial::default() };
        let before = self.picture().await?;
        let went = match &turn.up {
            Ok(up) => self.go(up).await.map(|()| up).map_err(|error| self.failed_up(&before, &error)),
            Err(error) => Err(told(error)),
        };
        let up = match went {
            Ok(up) => up,
            Err(told) => {
                trial.up = Leg::failed(told);
                return Ok((trial, Then::Stop));
            }
        };
        trial.up = Leg::unless(Vec::new());
        let after = self.picture().await?;
        self.fill().await?;
        let then = match &turn.down {
            Down::Ready(down) => self.back(Taken { before: &before, up, after: &after, down }, &mut trial).await?,
            Down::None(why) => {
                trial.down = Leg { verdict: Verdict::Irreversible, told: vec![why.clone()] };
                trial.again = Leg { verdict: Verdict::Needless, told: Vec::new() };
                Then::GoOn
            }
            Down::Unreadable(error) => {
                trial.down = Leg::failed(told(error));
                Then::GoOn
            }
        };
        Ok((trial, then))
    }

    /// Goes down, compares with what was before, and goes up again.
    async fn back(&mut self, taken: Taken<'_>, trial: &mut RevisionTrial) -> Result<Then, MigrateError> {
        let Taken { before, up, after, down } = taken;
        let filled = self.picture().await?;
        if let Err(error) = self.go(down).await {
            trial.down = Leg::failed(told(&error));
            // Without a transaction, a part of it is done.
            return Ok(if down.program.transaction { Then::GoOn } else { Then::Anew });
        }
        let back = self.picture().await?;
        let moments = Moments { before: &before.rows, after: &after.rows, filled: &filled.rows, back: &back.rows };
        let losses: Vec<_> = up.program.losses().cloned().collect();
        let fate = moments.fate(&losses);
        let mut differences = before.differences(&back, self.database()).await?;
        differences.extend(fate.differences);
        (trial.down, trial.notes) = (Leg::unless(differences), fate.notes);
        self.again(up, after, trial).await
    }

    /// Goes up for the second time.
    async fn again(
        &mut self,
        up: &Ready<'_>,
        after: &Picture,
        trial: &mut RevisionTrial,
    ) -> Result<Then, MigrateError> {
        if let Err(error) = self.go(up).await {
            trial.again = Leg::failed(told(&error));
            return Ok(Then::Anew);
        }
        let again = self.picture().await?;
        trial.again = Leg::unless(after.differences(&again, self.database()).await?);
        self.fill().await?;
        Ok(if trial.comes_back() { Then::GoOn } else { Then::Anew })
    }

    /// What is said of a way up that failed: it may be our rows that it cannot take.
    fn failed_up(&self, before: &Picture, error: &MigrateError) -> Vec<String> {
        let mut lines = told(error);
        if before.rows.values().any(|rows| !rows.rows.is_empty()) {
            lines.push("the tables held rows made up by this test; with --rows 0 they stay empty".into());
        }
        lines
    }
}
