//! What scripts make: they are run where nothing is, it is looked at, and taken back.

use std::collections::BTreeSet;
use std::time::Duration;

use super::beside::{Beside, may_be_an_extension_s};
use super::folder::Revision;
use super::graph::{Step, VersionChange, Way};
use super::prepare::Reader;
use super::program::{Program, Work};
use super::{MigrateError, Migrator, reach};
use crate::database::{Begin, Database, DatabaseError, ForeignKeys, Scope, StatementError, Surroundings};
use crate::schema::Engine;
use crate::schema::inventory::{Inventory, Item, Kind};

/// How long a statement waits for a lock beside a database in use.
const PATIENCE: Duration = Duration::from_secs(5);

/// Scripts that are run to see what they make.
#[derive(Clone, Debug)]
pub(crate) struct Scripts {
    /// The engine that they are for.
    pub(crate) engine: Engine,
    /// The scripts in their order.
    scripts: Vec<Script>,
    /// What else has a say where they are run apart from the database that they are for.
    around: Surroundings,
}

#[derive(Clone, Debug)]
struct Script {
    name: String,
    program: Program,
}

/// Where scripts are run.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Place {
    /// In a database that is in use: in a schema of their own, inside of a transaction that is rolled back.
    Beside,
    /// In an empty database of the user's: inside of a transaction that is rolled back.
    Inside,
    /// In an empty database that is thrown away afterwards.
    Kept,
}

/// Why scripts could not be run to see what they make.
#[derive(Debug, thiserror::Error)]
pub enum ReplayError {
    /// A statement cannot be taken back.
    #[error("{script} holds a statement that runs only outside a transaction")]
    Outside {
        /// The script.
        script: String,
    },
    /// A statement could change what is in use.
    #[error("{script} names {into}, so that it could reach into what is in use; it was not run beside it")]
    Reaches {
        /// The script.
        script: String,
        /// What it names.
        into: String,
    },
    /// The engine refuses a statement.
    #[error("{place} cannot be run anew: {error}")]
    Statement {
        /// File, line and column.
        place: super::place::Place,
        /// What the engine says.
        error: StatementError,
    },
    /// There is no right to make a schema.
    #[error("no schema can be made in {database} to run the scripts in: {source}")]
    NoSchema {
        /// The database, without its password.
        database: String,
        /// What the engine says.
        source: StatementError,
    },
    /// The database could not be used.
    #[error(transparent)]
    Database(#[from] DatabaseError),
}

impl Migrator {
    /// The ways up of some revisions, parents first; fails when one cannot be read.
    pub(super) fn scripts<'f>(
        &'f self,
        reader: &Reader<'f>,
        engine: Engine,
        revisions: &BTreeSet<&str>,
    ) -> Result<Scripts, MigrateError> {
        let script = |step: Step| {
            let revision = self.revision(&step.id)?;
            Ok(Script { name: step.id, program: reader.read(revision, Way::Up)? })
        };
        let scripts = ordered(self, revisions).into_iter().map(script).collect::<Result<_, MigrateError>>()?;
        Ok(Scripts { engine, scripts, around: Surroundings::default() })
    }
}

/// The ways up of some revisions, parents first.
pub(super) fn ordered(migrator: &Migrator, revisions: &BTreeSet<&str>) -> Vec<Step> {
    let all = migrator.graph.pending(&[]).unwrap_or_default();
    let beside = migrator.folder.revisions.iter().filter(|revision| !migrator.graph.contains(&revision.id));
    let after = |parent: Option<&str>| {
        let follows = move |one: &&Revision| parent.map_or(one.down_revisions.is_empty(), |parent| one.follows(parent));
        beside.clone().filter(follows).map(|one| one.id.as_str()).collect::<Vec<_>>()
    };
    let in_line = all.into_iter().flat_map(|id| [vec![id], after(Some(id))].concat());
    let wanted = after(None).into_iter().chain(in_line).filter(|id| revisions.contains(id));
    wanted.map(|id| Step { id: id.to_owned(), way: Way::Up, version: VersionChange::default() }).collect()
}

impl Scripts {
    /// One script that has been read already.
    pub(super) fn of(engine: Engine, name: &str, program: Program) -> Self {
        let scripts = vec![Script { name: name.to_owned(), program }];
        Self { engine, scripts, around: Surroundings::default() }
    }

    /// The same scripts, with what has a say in what they make.
    pub(crate) fn surrounded(&self, around: Surroundings) -> Self {
        Self { around, ..self.clone() }
    }

    /// Whether one of the statements cannot be taken back.
    pub(crate) fn run_outside(&self) -> bool {
        self.scripts.iter().any(Script::runs_outside)
    }

    /// Runs the scripts, reads what they made, and takes it back where the place asks for it.
    ///
    /// What other schemas of a database in use hold is not read.
    pub(crate) async fn made(&self, database: &mut Database, place: Place) -> Result<Inventory, ReplayError> {
        match place {
            Place::Kept => {
                self.surround(database).await?;
                for script in &self.scripts {
                    script.run_for_good(database).await?;
                }
                Ok(database.inventory(&Scope { schema: None, other_schemas: true }).await?)
            }
            Place::Inside | Place::Beside => {
                if let Some(outside) = self.scripts.iter().find(|script| script.runs_outside()) {
                    return Err(ReplayError::Outside { script: outside.name.clone() });
                }
                let made = self.attempted(database, place, false).await;
                match made {
                    Err(error) if self.is_beside(place) && may_be_an_extension_s(database, &error).await? => {
                        self.attempted(database, place, true).await
                    }
                    made => made,
                }
            }
        }
    }

    pub(super) fn is_beside(&self, place: Place) -> bool {
        (place, self.engine) == (Place::Beside, Engine::Postgres)
    }

    async fn attempted(
        &self,
        database: &mut Database,
        place: Place,
        with_extensions: bool,
    ) -> Result<Inventory, ReplayError> {
        database.begin(self.beginning(place)).await?;
        let made = self.made_inside(database, place, with_extensions).await;
        let rolled_back = database.rollback().await;
        let made = made?;
        rolled_back?;
        Ok(made)
    }

    pub(super) fn beginning(&self, place: Place) -> Begin {
        Begin { lock_timeout: self.is_beside(place).then_some(PATIENCE), ..without_foreign_keys() }
    }

    async fn surround(&self, database: &mut Database) -> Result<(), ReplayError> {
        if database.engine() == Engine::Postgres {
            let home = database.home().await?;
            database.surround(&self.around, &home).await?;
        }
        Ok(())
    }

    /// Runs the scripts in the open transaction; gives what stands for the home, where the database is in use.
    pub(super) async fn run_in(
        &self,
        database: &mut Database,
        place: Place,
        with_extensions: bool,
    ) -> Result<Option<Beside>, ReplayError> {
        let mut beside = None;
        if self.is_beside(place) {
            self.refuse_reach(database).await?;
            beside = Some(Beside::make(database, with_extensions).await?);
        } else {
            self.surround(database).await?;
        }
        for script in &self.scripts {
            database.pause_event_triggers().await?;
            if let Some(beside) = &beside {
                beside.stand_in(database).await?;
            }
            script.run(database, beside.as_mut()).await?;
        }
        database.pause_event_triggers().await?;
        if let Some(beside) = &beside {
            beside.stand_in(database).await?;
        }
        Ok(beside)
    }

    /// Refuses scripts that could reach into a database in use.
    async fn refuse_reach(&self, database: &mut Database) -> Result<(), ReplayError> {
        let schemas = reach::schemas(database).await?;
        for script in &self.scripts {
            let own = script.program.statements.iter().filter(|statement| matches!(statement.work, Work::Sql));
            for statement in own {
                reach::refuse(&script.name, &statement.text, &schemas)?;
            }
        }
        Ok(())
    }

    async fn made_inside(
        &self,
        database: &mut Database,
        place: Place,
        with_extensions: bool,
    ) -> Result<Inventory, ReplayError> {
        let before = match place {
            Place::Inside => database.inventory(&Scope::default()).await?,
            Place::Beside | Place::Kept => Inventory::new(self.engine),
        };
        let schema = self.run_in(database, place, with_extensions).await?.map(|beside| beside.schema);
        let other_schemas = schema.is_none();
        let mut made = database.inventory(&Scope { schema, other_schemas }).await?;
        forget_rights(&before, &mut made);
        Ok(made)
    }
}

impl Script {
    fn runs_outside(&self) -> bool {
        self.program.statements.iter().any(|statement| statement.outside)
    }

    async fn run_for_good(&self, database: &mut Database) -> Result<(), ReplayError> {
        if self.runs_outside() {
            return self.run(database, None).await;
        }
        database.begin(without_foreign_keys()).await?;
        match self.run(database, None).await {
            Ok(()) => Ok(database.commit().await?),
            Err(error) => {
                // The first failure is the one to tell.
                database.rollback().await.ok();
                Err(error)
            }
        }
    }

    /// Runs the statements; what they set for the session is not meant for what comes after them.
    async fn run(&self, database: &mut Database, mut beside: Option<&mut Beside>) -> Result<(), ReplayError> {
        for statement in &self.program.statements {
            if beside.is_some() && matches!(statement.work, Work::Sql) && reach::makes_nothing(&statement.text) {
                continue;
            }
            let text = match &mut beside {
                Some(beside) => beside.ready(database, &statement.text).await?,
                None => statement.text.as_str().into(),
            };
            let result = match &statement.work {
                Work::Sql => database.run(&text).await.map(drop),
                Work::Change(_, worded) => database.change(worded).await,
            };
            result.map_err(|error| {
                let offset = error.offset.filter(|_| matches!(statement.work, Work::Sql));
                ReplayError::Statement { place: super::place::Place::of(&self.program, statement, offset), error }
            })?;
        }
        Ok(database.forget_settings().await?)
    }
}

pub(super) fn without_foreign_keys() -> Begin {
    Begin { foreign_keys: ForeignKeys::Off, ..Begin::default() }
}

/// What somebody was allowed in the home schema before anything was made is nothing that scripts have said.
fn forget_rights(before: &Inventory, made: &mut Inventory) {
    let Some(was) = before.item(Kind::Schema, "").and_then(|home| home.fact("grants")) else { return };
    let is_home = |item: &&mut Item| item.kind == Kind::Schema && item.name.as_deref() == Some("");
    let Some(home) = made.items.iter_mut().find(is_home) else { return };
    home.facts.retain(|fact| fact.what != "grants" || fact.value != was);
    let is_said = |entry: &&str| entry.starts_with("owner:") || entry.starts_with("public:") || !was.contains(*entry);
    for fact in home.facts.iter_mut().filter(|fact| fact.what == "grants") {
        fact.value = fact.value.split("; ").filter(is_said).collect::<Vec<_>>().join("; ");
    }
}
