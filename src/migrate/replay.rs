//! What scripts make: they are run where nothing is, it is looked at, and taken back.

use std::collections::BTreeSet;

use super::folder::Revision;
use super::graph::{Step, VersionChange, Way};
use super::prepare::Reader;
use super::program::{Program, Work};
use super::{MigrateError, Migrator, reach};
use crate::database::{Begin, Database, DatabaseError, ForeignKeys, Scope, StatementError};
use crate::schema::Engine;
use crate::schema::inventory::Inventory;

/// What PostgreSQL says to one who may not, and of a database that only reads.
///
/// Source: PostgreSQL manual, "PostgreSQL Error Codes".
const NOT_ALLOWED: [&str; 2] = ["42501", "25006"];

/// Scripts that are run to see what they make.
#[derive(Clone, Debug)]
pub(crate) struct Scripts {
    /// The engine that they are for.
    pub(crate) engine: Engine,
    /// The scripts in their order.
    scripts: Vec<Script>,
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
        Ok(Scripts { engine, scripts })
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
        Self { engine, scripts: vec![Script { name: name.to_owned(), program }] }
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
                for script in &self.scripts {
                    script.run_for_good(database).await?;
                }
                Ok(database.inventory(&Scope { schema: None, other_schemas: true }).await?)
            }
            Place::Inside | Place::Beside => {
                if let Some(outside) = self.scripts.iter().find(|script| script.runs_outside()) {
                    return Err(ReplayError::Outside { script: outside.name.clone() });
                }
                database.begin(without_foreign_keys()).await?;
                let made = self.made_inside(database, place).await;
                let rolled_back = database.rollback().await;
                let made = made?;
                rolled_back?;
                Ok(made)
            }
        }
    }

    /// Runs the scripts in the open transaction; gives the schema that was made for them, where one was.
    pub(super) async fn run_in(&self, database: &mut Database, place: Place) -> Result<Option<String>, ReplayError> {
        let mut schema = None;
        if (place, database.engine()) == (Place::Beside, Engine::Postgres) {
            self.refuse_reach(database).await?;
            schema = Some(make_schema(database).await?);
        }
        for script in &self.scripts {
            stand_in(database, schema.as_deref()).await?;
            script.run(database).await?;
        }
        stand_in(database, schema.as_deref()).await?;
        Ok(schema)
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

    async fn made_inside(&self, database: &mut Database, place: Place) -> Result<Inventory, ReplayError> {
        let schema = self.run_in(database, place).await?;
        let other_schemas = schema.is_none();
        Ok(database.inventory(&Scope { schema, other_schemas }).await?)
    }
}

impl Script {
    fn runs_outside(&self) -> bool {
        self.program.statements.iter().any(|statement| statement.outside)
    }

    async fn run_for_good(&self, database: &mut Database) -> Result<(), ReplayError> {
        if self.runs_outside() {
            return self.run(database).await;
        }
        database.begin(without_foreign_keys()).await?;
        match self.run(database).await {
            Ok(()) => Ok(database.commit().await?),
            Err(error) => {
                // The first failure is the one to tell.
                database.rollback().await.ok();
                Err(error)
            }
        }
    }

    /// Runs the statements; what they set for the session is not meant for what comes after them.
    async fn run(&self, database: &mut Database) -> Result<(), ReplayError> {
        for statement in &self.program.statements {
            let result = match &statement.work {
                Work::Sql => database.run(&statement.text).await.map(drop),
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

/// Makes a schema that no other session makes at the same time.
async fn make_schema(database: &mut Database) -> Result<String, ReplayError> {
    let sql = "select 'strait_scratch_' || pg_catalog.pg_backend_pid()";
    let rows = database.query("ask for the session's number", sql, &[]).await?;
    let schema = rows.into_iter().flatten().flatten().next().unwrap_or_else(|| "strait_scratch".into());
    let made = database.run_script("make a schema to try the revisions in", &format!("create schema {schema}")).await;
    match made {
        Ok(_) => Ok(schema),
        Err(DatabaseError::Statement { location, source, .. })
            if source.code.as_deref().is_some_and(|code| NOT_ALLOWED.contains(&code)) =>
        {
            Err(ReplayError::NoSchema { database: location, source })
        }
        Err(error) => Err(error.into()),
    }
}

/// Makes unqualified names mean a schema, until the settings are forgotten.
async fn stand_in(database: &mut Database, schema: Option<&str>) -> Result<(), DatabaseError> {
    let Some(schema) = schema else { return Ok(()) };
    let sql = format!("set local search_path = {schema}");
    database.run_script("look into the schema in which revisions are tried", &sql).await.map(drop)
}
