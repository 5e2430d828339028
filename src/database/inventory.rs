//! Everything that a database holds, read as facts.

use super::{Connection, Database, DatabaseError};
use crate::postgres::inventory::Reach;
use crate::schema::Engine;
use crate::schema::inventory::{Difference, Inventory, in_turn};
use crate::{postgres, sqlite};

/// What of a database is read.
#[derive(Clone, Debug, Default)]
pub struct Scope {
    /// The schema that is meant, on PostgreSQL; none for the one in which unqualified names are created. What is in it is
    /// named and worded without it.
    pub schema: Option<String>,
    /// Whether what other schemas hold is described, too; else it is counted as unmanaged.
    pub other_schemas: bool,
}

impl Database {
    /// Reads everything that the database holds, without this tool's own tables.
    pub async fn inventory(&mut self, scope: &Scope) -> Result<Inventory, DatabaseError> {
        let in_transaction = self.in_transaction();
        match &mut self.connection {
            Connection::Sqlite { writer, .. } => {
                let read = writer.inventory().await;
                read.map_err(|says| self.failure("read what it holds", says.into()))
            }
            Connection::Postgres(writer) => Ok(postgres::inventory::read(writer, reach(scope, in_transaction)).await?),
            Connection::Offline => Err(DatabaseError::OutOfOrder { what: "a script is asked for what it holds" }),
        }
    }

    /// Has the engine word those texts of SQL in which two inventories differ until its wording no longer changes, so that
    /// two spellings of one thing become the same text. What is made for it is rolled back. Tells whether it could; it cannot
    /// where this user may make nothing.
    pub async fn agree_on_wording(
        &mut self,
        expected: &mut Inventory,
        found: &mut Inventory,
    ) -> Result<bool, DatabaseError> {
        self.agree_on_wording_in(&Scope::default(), expected, found).await
    }

    /// Does so for inventories that were read with a scope of their own.
    pub async fn agree_on_wording_in(
        &mut self,
        scope: &Scope,
        expected: &mut Inventory,
        found: &mut Inventory,
    ) -> Result<bool, DatabaseError> {
        let in_transaction = self.in_transaction();
        match &mut self.connection {
            Connection::Postgres(writer) => {
                let reach = reach(scope, in_transaction);
                Ok(postgres::inventory::agree_on_wording(writer, reach, expected, found).await?)
            }
            // SQLite keeps texts as they were written, and its inventory has given each of them its one wording already.
            Connection::Sqlite { .. } | Connection::Offline => Ok(true),
        }
    }
}

/// Writes the statements that would make a difference vanish, in the engine's words; `expected` is the inventory that should
/// be. Nothing where they cannot be written; where what should not be there takes data along, a comment before them says so.
pub fn mend(difference: &Difference, expected: &Inventory) -> Option<String> {
    let mend = match expected.engine {
        Engine::Postgres => postgres::inventory::mend::mend(difference, expected, None),
        Engine::Sqlite => sqlite::inventory::mend::mend(difference, expected),
    }?;
    Some(with_loss(difference, mend))
}

/// Puts differences in an order in which what mends them can be run, and gives each the statements that have their turn there.
///
/// No more goes with them than they say. Some of these may be another's: what stands in the way of several goes with the first
/// of them and comes with the last.
pub fn mend_in_turn(mut differences: Vec<Difference>, expected: &Inventory, found: &Inventory) -> Vec<Difference> {
    for difference in &mut differences {
        difference.mend = match expected.engine {
            Engine::Postgres => postgres::inventory::mend::mend(difference, expected, Some(found)),
            Engine::Sqlite => sqlite::inventory::mend::mend(difference, expected),
        };
    }
    let mut differences = in_turn(differences, expected, found);
    for difference in &mut differences {
        let before = match expected.engine {
            Engine::Postgres => None,
            Engine::Sqlite => sqlite::inventory::mend::before(difference, found),
        };
        let mend = difference.mend.take();
        let mend = mend.map(|mend| before.into_iter().chain([mend]).collect::<Vec<_>>().join(";\n"));
        difference.mend = mend.map(|mend| with_loss(difference, mend));
    }
    differences
}

fn with_loss(difference: &Difference, mend: String) -> String {
    match difference.loses() {
        Some(loss) => format!("-- destructive: {loss} with it\n{mend}"),
        None => mend,
    }
}

fn reach(scope: &Scope, in_transaction: bool) -> Reach<'_> {
    Reach { schema: scope.schema.as_deref(), other_schemas: scope.other_schemas, in_transaction }
}
