//! The statements of an alteration: run, remembered, and the settings they need put back whatever happens.

use rusqlite::Connection;

use super::dependents;
use super::error::AlterError;

/// Runs statements and remembers them; puts `legacy_alter_table` back when it is dropped.
pub(super) struct Script<'c> {
    pub(super) connection: &'c Connection,
    ran: Vec<String>,
    legacy_before: bool,
    legacy_now: bool,
    mark: usize,
}

impl<'c> Script<'c> {
    /// Begins with renames that find all places of a name.
    pub(super) fn begin(connection: &'c Connection) -> Result<Self, AlterError> {
        let legacy = super::pragma(connection, "legacy_alter_table")?;
        let mut script = Self { connection, ran: Vec::new(), legacy_before: legacy, legacy_now: legacy, mark: 0 };
        script.set_legacy(false)?;
        Ok(script)
    }

    /// Ends it: gives the statements that ran.
    pub(super) fn end(mut self) -> Result<Vec<String>, AlterError> {
        self.set_legacy(self.legacy_before)?;
        Ok(std::mem::take(&mut self.ran))
    }

    /// Runs one statement.
    pub(super) fn run(&mut self, sql: &str, what: impl FnOnce() -> String) -> Result<(), AlterError> {
        self.connection.execute_batch(sql).map_err(|source| AlterError::Sqlite { what: what(), source })?;
        self.ran.push(sql.to_owned());
        Ok(())
    }

    /// Says whether a rename leaves other objects alone.
    pub(super) fn set_legacy(&mut self, legacy: bool) -> Result<(), AlterError> {
        if self.legacy_now != legacy {
            self.run(legacy_pragma(legacy), || "set legacy_alter_table".into())?;
            self.legacy_now = legacy;
        }
        Ok(())
    }

    /// Asks whether views and triggers fit the tables; `None` when all do.
    pub(super) fn probe(&self, table: &str) -> Result<Option<String>, AlterError> {
        dependents::broken_by(self.connection, table)
    }

    /// Marks a place to come back to.
    pub(super) fn savepoint(&mut self) -> Result<(), AlterError> {
        self.mark = self.ran.len();
        self.quietly("savepoint strait_alter")
    }

    /// Comes back to the marked place.
    pub(super) fn roll_back(&mut self) -> Result<(), AlterError> {
        self.ran.truncate(self.mark);
        self.quietly("rollback to strait_alter; release strait_alter")
    }

    /// Forgets the marked place.
    pub(super) fn release(&mut self) -> Result<(), AlterError> {
        self.quietly("release strait_alter")
    }

    fn quietly(&self, sql: &str) -> Result<(), AlterError> {
        self.connection.execute_batch(sql).map_err(AlterError::sqlite("set a savepoint"))
    }
}

impl Drop for Script<'_> {
    fn drop(&mut self) {
        if self.legacy_now != self.legacy_before {
            // The first error is the one to tell.
            let _ = self.connection.execute_batch(legacy_pragma(self.legacy_before));
        }
    }
}

fn legacy_pragma(legacy: bool) -> &'static str {
    if legacy { "pragma legacy_alter_table = on" } else { "pragma legacy_alter_table = off" }
}
