//! `test`: every revision up, down and up again, on private databases, with rows in the tables.
//!
//! For each engine a private database is made and the whole way to the heads is walked (`walk.rs`). Before and after each way
//! a picture is taken (`picture.rs`): structure, views and the like, and the rows as texts. After each way up, tables that
//! have too few rows are filled (`fill.rs`; `draft.rs` and `values.rs` make the rows up, `condition.rs` reads what checks ask
//! for). What was there before a revision must be there again after its way down (`rows.rs`), and the second way up must make
//! what the first made. Where a way down leaves a database that is not as it was, the next revision gets a fresh one. In the
//! end everything goes down to base and up again (`whole.rs`), and the records are read.

mod condition;
mod draft;
mod fill;
pub mod outcome;
mod picture;
mod rows;
mod turn;
mod values;
mod walk;
mod whole;

use std::collections::BTreeSet;

use self::fill::{Filler, Unfilled};
use self::outcome::{EngineTrial, Leg, RevisionTrial, TestOutcome, Verdict};
use self::turn::Turn;
use self::walk::{Then, Walk};
use super::apply::{Applier, Manner};
use super::bookkeeping::Books;
use super::graph::{Target, Way};
use super::prepare::Reader;
use super::session::Session;
use super::{MigrateError, Migrator, Options, state};
use crate::database::{DatabaseError, PrivateDatabase};
use crate::event::{Event, Observer, Phase};
use crate::schema::Engine;

impl Migrator {
    /// Takes every revision up, down and up again on a private database of each engine, with rows in the tables, and compares.
    pub async fn test(
        &self,
        engines: &[Engine],
        rows_per_table: u32,
        observer: &dyn Observer,
    ) -> Result<TestOutcome, MigrateError> {
        let options =
            Options { allow_destructive: true, dry_run: false, bookkeeping: Vec::new(), ..self.options.clone() };
        let migrator = self.clone().with(options);
        // Whatever is missing on this machine is told before the first engine is tried.
        let mut homes = Vec::new();
        for &engine in engines {
            homes.push((engine, start(engine).await?));
        }
        let mut tried = Vec::new();
        for (engine, home) in homes {
            let trial = Trial { migrator: &migrator, engine, rows: rows_per_table, observer };
            tried.push(trial.run(home).await?);
        }
        Ok(TestOutcome { folder: self.folder.shown(), rows: rows_per_table, engines: tried })
    }
}

/// How many steps a walk takes when all goes well: each revision three, and then all down and up again.
fn steps_expected(revisions: usize, from: usize) -> u64 {
    let (revisions, from) = (revisions as u64, from as u64);
    from + (revisions - from.min(revisions)) * 3 + revisions * 2
}

async fn start(engine: Engine) -> Result<PrivateDatabase, MigrateError> {
    PrivateDatabase::start(engine).await.map_err(|error| match error {
        DatabaseError::PrivateServer(source) => MigrateError::NoPrivateServer { source: Box::new(source.into()) },
        error => error.into(),
    })
}

/// The trial of one engine.
struct Trial<'m> {
    migrator: &'m Migrator,
    engine: Engine,
    rows: u32,
    observer: &'m dyn Observer,
}

impl Trial<'_> {
    async fn run(&self, mut home: PrivateDatabase) -> Result<EngineTrial, MigrateError> {
        let (mut trial, mut from) = (EngineTrial::new(self.engine), 0);
        let walked = loop {
            match self.walk(&home, from, &mut trial).await {
                Ok(Some(next)) => from = next,
                Ok(None) => break Ok(()),
                Err(error) => break Err(error),
            }
            if let Err(error) = home.anew().await {
                break Err(error.into());
            }
        };
        let ended = home.end().await;
        walked?;
        Ok(ended.map(|()| trial)?)
    }

    /// Walks from the revision of a number on; gives the one from which to go on with a fresh database.
    async fn walk(
        &self,
        home: &PrivateDatabase,
        from: usize,
        trial: &mut EngineTrial,
    ) -> Result<Option<usize>, MigrateError> {
        let mut session = Session::create(self.migrator, home.location(), "migrate test").await?;
        let (dialect, notices) = self.migrator.dialect(self.engine, &[])?;
        let reader = Reader::new(self.migrator, self.engine, dialect);
        let steps = session.plan(Way::Up, &Target::heads())?;
        let turns = steps.into_iter().map(|step| Turn::read(self.migrator, &reader, step));
        let turns = turns.collect::<Result<Vec<_>, _>>()?;
        let mut database = session.database.take().ok_or(MigrateError::Usage("there is no database".into()))?;
        state::ensure(&mut database).await?;
        let books = Books::default();
        let options = &self.migrator.options;
        let applier = Applier {
            database: &mut database,
            observer: self.observer,
            manner: Manner {
                allow_destructive: options.allow_destructive,
                lock_timeout: options.lock_timeout,
                note: None,
            },
            books: &books,
            rows: BTreeSet::new(),
            revisions: &self.migrator.folder.revisions,
        };
        let filler = Filler::new(self.rows);
        let mut walk = Walk { applier, filler, taken: Vec::new(), unfilled: Vec::new() };
        let phase = Phase::Migrate;
        self.observer.notice(&Event::PhaseStarted { phase, expected: Some(steps_expected(turns.len(), from)) });
        let next = self.walked(&mut walk, &turns, from, trial).await;
        self.observer.notice(&Event::PhaseFinished { phase });
        let stays_empty = |one: Unfilled| {
            format!("table {} stays empty, because no row could be made up for it: {}", one.table, one.why)
        };
        for notice in notices.into_iter().chain(walk.unfilled.into_iter().map(stays_empty)) {
            if !trial.notices.contains(&notice) {
                trial.notices.push(notice);
            }
        }
        session.database = Some(database);
        session.close().await;
        next
    }

    async fn walked(
        &self,
        walk: &mut Walk<'_>,
        turns: &[Turn<'_>],
        from: usize,
        trial: &mut EngineTrial,
    ) -> Result<Option<usize>, MigrateError> {
        let base = walk.picture().await?;
        for (at, turn) in turns.iter().enumerate() {
            if at < from {
                walk.pass(turn).await?;
                continue;
            }
            let (tried, then) = walk.try_out(turn).await?;
            trial.revisions.push(tried);
            match then {
                Then::GoOn => {}
                Then::Anew => return Ok(Some(at + 1)),
                Then::Stop => {
                    let untried = |turn: &Turn<'_>| RevisionTrial { revision: turn.id.clone(), ..Default::default() };
                    trial.revisions.extend(turns[at + 1..].iter().map(untried));
                    return Ok(None);
                }
            }
        }
        walk.whole(turns, &base, trial).await?;
        let at_heads = trial.whole.verdict != Verdict::Failed;
        trial.records = Leg::unless(walk.wrong_records(self.migrator, at_heads).await?);
        Ok(None)
    }
}
