//! Changes of structure: worded for the engine before anything runs, and made.

use super::{Connection, Database, DatabaseError, StatementError};
use crate::postgres;
use crate::schema::language::expression::fit::Refusal;
use crate::schema::{Change, Engine, Schema};
use crate::sqlite::alter::{AlterError, Edit};
use crate::sqlite::ddl::{self, Action};
use crate::sqlite::says::SqliteSays;

/// A change of structure in an engine's own words.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Worded {
    actions: Vec<Action>,
}

impl Worded {
    /// Words a change that is made to a structure; fails with what the engine has no words for.
    pub fn new(engine: Engine, change: &Change, before: &Schema) -> Result<Self, Refusal> {
        let actions = match engine {
            Engine::Sqlite => ddl::render(change, before)?,
            Engine::Postgres => postgres::change::render(None, change, before)?.into_iter().map(Action::Sql).collect(),
        };
        Ok(Self { actions })
    }
}

impl Database {
    /// Makes a change.
    pub async fn change(&mut self, worded: &Worded) -> Result<(), StatementError> {
        for action in &worded.actions {
            match action {
                Action::Sql(sql) => {
                    self.answer(sql).await?;
                    self.record(sql);
                }
                Action::Alter { table, edits } => self.alter(table, edits).await?,
            }
        }
        Ok(())
    }

    async fn alter(&mut self, table: &str, edits: &[Edit]) -> Result<(), StatementError> {
        let Connection::Sqlite { writer, .. } = &self.connection else {
            return Err(StatementError::refused("PostgreSQL alters tables itself".into()));
        };
        let altered = writer.alter(table, edits).await;
        let altered = altered.map_err(StatementError::from).and_then(|altered| altered.map_err(of_alter));
        let statements = altered.inspect_err(|said| self.note_failure(said.lost))?;
        statements.iter().for_each(|sql| self.record(sql));
        Ok(())
    }

    /// Whether SQLite's foreign keys must be off before a transaction begins in which a change is made: where a table is built
    /// anew or dropped, its rows are deleted, and with them those that refer to it.
    ///
    /// Source: SQLite, "SQLite Foreign Key Support", 5.
    pub async fn needs_foreign_keys_off(&mut self, worded: &Worded) -> Result<bool, DatabaseError> {
        let Connection::Sqlite { writer, .. } = &self.connection else { return Ok(false) };
        for action in &worded.actions {
            let needs = match action {
                Action::Sql(sql) => sql.trim_start().to_ascii_lowercase().starts_with("drop table"),
                Action::Alter { table, edits } => {
                    let planned = writer.plan(table, edits).await;
                    let planned =
                        planned.map_err(|says| self.failure("look at a table that is to be altered", says.into()))?;
                    // A table that is not there yet is made by the same script: then it is better to be safe.
                    planned.map_or(true, |plan| plan.needs_foreign_keys_off)
                }
            };
            if needs {
                return Ok(true);
            }
        }
        Ok(false)
    }
}

/// What SQLite, or the alteration itself, says.
fn of_alter(error: AlterError) -> StatementError {
    match error {
        AlterError::Sqlite { what, source } => {
            let says = StatementError::from(SqliteSays::new(&source, ""));
            StatementError { message: format!("cannot {what}: {}", says.message), ..says }
        }
        other => StatementError::refused(other.to_string()),
    }
}
