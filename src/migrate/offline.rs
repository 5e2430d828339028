//! Writes down what `up` and `down` would run instead of running it: for a database that is only looked at, or for none.
//!
//! The steps are really taken, by the same code, on what stands for the database: for SQLite a scratch database with the
//! structure of the file, or what the revisions before make of an empty one; for PostgreSQL nothing at all.

use std::collections::BTreeSet;
use std::time::Duration;

use refinery_core::Migration;

use super::Migrator;
use super::apply::{Applier, Manner, Ready};
use super::bookkeeping::{Books, tools_said};
use super::error::MigrateError;
use super::graph::{Step, Target, VersionChange, Way};
use super::program::DERIVED;
use super::session::Session;
use super::standing::Memory;
use super::state::{self, Outcome, Record, Recorded};
use super::steps::follow;
use crate::database::{Begin, Database, Location};
use crate::event::Silent;
use crate::schema::Engine;

/// What stands for the database that a script is written for.
struct Stand {
    database: Database,
    books: Books,
    /// Which of the scripts that make our own tables have run there.
    installed: Vec<Migration>,
}

impl Stand {
    /// Makes our own tables where they are missing.
    async fn install(&mut self, lock_timeout: Duration) -> Result<(), MigrateError> {
        if self.installed == state::migrations(self.database.engine())? {
            return Ok(());
        }
        self.database.begin(Begin { lock_timeout: Some(lock_timeout), ..Begin::default() }).await?;
        state::install(&mut self.database, std::mem::take(&mut self.installed)).await?;
        Ok(self.database.commit().await?)
    }
}

impl Migrator {
    /// Writes down what would be run on a database from where it stands; it is only read, and none is created.
    pub async fn script(&self, location: &Location, way: Way, target: &Target) -> Result<String, MigrateError> {
        let mut session = Session::look(self, location).await?;
        let script = session.script(way, target).await;
        session.close().await;
        script
    }

    /// Writes down what would be run on a database that stands at some revisions, without one; at none, it is empty.
    pub async fn script_from(
        &self,
        engine: Engine,
        from: &[String],
        way: Way,
        target: &Target,
    ) -> Result<String, MigrateError> {
        let anywhere = || format!("any database of {}", engine.name());
        let base = Session::without_database(self, anywhere(), engine, Memory::default())?;
        let before = base.steps_to(from)?;
        let session = Session::without_database(self, anywhere(), engine, self.memory_after(&before, engine)?)?;
        let steps = session.plan(way, target)?;
        let stand = base.stand_after(before, &session.rows()).await?;
        session.write(stand, steps).await
    }

    /// What a database remembers on which some ways up have run.
    fn memory_after(&self, steps: &[Step], engine: Engine) -> Result<Memory, MigrateError> {
        let mut rows = BTreeSet::new();
        follow(steps, &mut rows)?;
        let record = |step: &Step| {
            let checksum = self.revision(&step.id)?.checksum(engine);
            Ok(Record::new(&step.id, Recorded::Up, Outcome::Done).with_checksum(checksum))
        };
        let history = steps.iter().map(record).collect::<Result<_, MigrateError>>()?;
        Ok(Memory { versions: rows.into_iter().collect(), history })
    }
}

impl Session<'_> {
    async fn script(&mut self, way: Way, target: &Target) -> Result<String, MigrateError> {
        self.refuse_disagreement()?;
        let steps = self.plan(way, target)?;
        self.refuse_interrupted(&steps)?;
        self.refuse_doubt(&steps)?;
        let stand = self.stand().await?;
        self.write(stand, steps).await
    }

    /// Makes what stands for the database of this session.
    async fn stand(&mut self) -> Result<Stand, MigrateError> {
        let mut database = Database::recording(self.engine).await?;
        let books = self.books(&self.rows())?;
        let Some(live) = &mut self.database else {
            return Ok(Stand { database, books, installed: Vec::new() });
        };
        let installed = state::installed(live).await?;
        if self.engine == Engine::Sqlite {
            database.lay_out(live).await?;
        }
        if self.engine == Engine::Sqlite && self.known {
            let change = VersionChange { insert: self.memory.versions.clone(), ..VersionChange::default() };
            state::write_versions(&mut database, &change).await?;
        }
        database.take_script();
        Ok(Stand { database, books, installed })
    }

    /// Makes what stands for a database on which some ways up have run.
    async fn stand_after(&self, before: Vec<Step>, rows: &BTreeSet<String>) -> Result<Stand, MigrateError> {
        let database = Database::recording(self.engine).await?;
        // Tables of which nothing is known are taken to be as the folder says.
        let wanted = [&self.migrator.options.bookkeeping[..], &tools_said(&self.migrator.folder.revisions)].concat();
        let books = Books::for_stamp(&wanted, &[], rows, rows, self.migrator);
        let mut stand = Stand { database, books: Books::default(), installed: Vec::new() };
        if !before.is_empty() {
            stand.install(self.migrator.options.lock_timeout).await?;
            stand.installed = state::migrations(self.engine)?;
        }
        if self.engine == Engine::Sqlite {
            let before = self.ready(before)?;
            self.take_all(&mut stand, &before).await?;
        }
        stand.database.take_script();
        Ok(Stand { books, ..stand })
    }

    /// The ways up from base to some revisions.
    fn steps_to(&self, from: &[String]) -> Result<Vec<Step>, MigrateError> {
        let graph = &self.migrator.graph;
        let (mut steps, mut rows) = (Vec::new(), BTreeSet::new());
        for typed in from {
            for id in graph.find(&typed.parse()?)? {
                let now: Vec<String> = rows.iter().cloned().collect();
                let more = graph.up(&now, &Target::revision(id))?;
                follow(&more, &mut rows)?;
                steps.extend(more);
            }
        }
        Ok(if steps.is_empty() { steps } else { self.with_unversioned(Way::Up, steps) })
    }

    /// Refuses to go on where one has to look first whether a statement took effect.
    fn refuse_doubt(&self, steps: &[Step]) -> Result<(), MigrateError> {
        for step in steps {
            if let Some(broken) = self.standing.interrupted.get(&step.id).filter(|broken| broken.in_doubt) {
                return Err(MigrateError::Interrupted {
                    revision: step.id.clone(),
                    way: word(step.way),
                    done: broken.done,
                    hint: "whether its next statement took effect has to be looked at: run the command without --sql"
                        .into(),
                });
            }
        }
        Ok(())
    }

    /// Writes the steps down.
    async fn write(&self, mut stand: Stand, steps: Vec<Step>) -> Result<String, MigrateError> {
        let mut heading = self.heading(&stand.books, &steps)?;
        let ready = self.ready(steps)?;
        ready.iter().try_for_each(Ready::refuse_outside)?;
        self.refuse_changed(&ready)?;
        let database = &mut stand.database;
        if self.engine == Engine::Sqlite {
            let version = database.server_version().await?;
            heading
                .push(format!("it is written for SQLite {version}; an older shell may not know all of its statements"));
        }
        heading.iter().for_each(|line| database.remark(line));
        database.leave_line();
        if self.engine == Engine::Sqlite {
            database.remark("the runner has them on, the shell has not");
            database.execute("turn the foreign keys on", "pragma foreign_keys = on", &[]).await?;
        }
        stand.install(self.migrator.options.lock_timeout).await?;
        self.take_all(&mut stand, &ready).await?;
        Ok(stand.database.take_script())
    }

    fn heading(&self, books: &Books, steps: &[Step]) -> Result<Vec<String>, MigrateError> {
        let (before, mut after) = (self.rows(), self.rows());
        follow(steps, &mut after)?;
        let (how, ends) = match self.engine {
            Engine::Sqlite => ("sqlite3 -bail DATABASE < FILE", "the shell"),
            Engine::Postgres => ("psql -X -v ON_ERROR_STOP=1 -f FILE DATABASE", "psql"),
        };
        let mut lines = vec![
            format!(
                "strait {}: {} from {} to {}",
                env!("CARGO_PKG_VERSION"),
                self.location,
                heads(&before),
                heads(&after)
            ),
            format!("run it with: {how}"),
            format!("so {ends} ends at the first error, and a revision that fails leaves nothing behind"),
            "what the runner looks at around its statements is not in it: values are not counted before they are destroyed, \
             nor rows compared after a table is built anew"
                .into(),
        ];
        lines.extend(self.notices.iter().chain(&books.notices).map(|notice| format!("note: {notice}")));
        if steps.is_empty() {
            lines.push("no revision is left to run".into());
        }
        Ok(lines)
    }

    /// Takes steps on what stands for the database.
    async fn take_all(&self, stand: &mut Stand, ready: &[Ready<'_>]) -> Result<(), MigrateError> {
        let options = &self.migrator.options;
        let mut applier = Applier {
            database: &mut stand.database,
            observer: &Silent,
            manner: Manner {
                allow_destructive: options.allow_destructive,
                lock_timeout: options.lock_timeout,
                note: None,
            },
            books: &stand.books,
            rows: self.rows(),
            revisions: &self.migrator.folder.revisions,
        };
        for one in ready {
            let file = one.program.file.as_deref().unwrap_or(match one.program.statements.is_empty() {
                true => "nothing to run on this engine",
                false => DERIVED,
            });
            applier.database.leave_line();
            applier.database.remark(&format!("{} {} ({file})", word(one.step.way), one.step.id));
            if one.program.transaction {
                applier.take(one).await?;
            } else {
                let interrupted = self.standing.interrupted.get(&one.step.id);
                applier.take_outside(one, interrupted.filter(|broken| broken.way == one.step.way)).await?;
            }
        }
        Ok(())
    }
}

fn word(way: Way) -> &'static str {
    if way == Way::Up { "up" } else { "down" }
}

fn heads(rows: &BTreeSet<String>) -> String {
    if rows.is_empty() { "base".into() } else { rows.iter().cloned().collect::<Vec<_>>().join(", ") }
}
