//! Functions in place of those that only the application has, so that a table whose rules call them can be checked.

use rusqlite::functions::FunctionFlags;
use rusqlite::types::Null;
use rusqlite::{Connection, Error};

use super::failure::unknown_function;

/// Any number of arguments: one of SQLite's own that takes just as many goes before it.
const ANY: i32 = -1;

/// The functions that are stood in for, until this goes: no value that is read may come from one.
pub(super) struct StandIns<'c> {
    connection: &'c Connection,
    names: Vec<String>,
}

impl<'c> StandIns<'c> {
    pub(super) fn new(connection: &'c Connection) -> Self {
        Self { connection, names: Vec::new() }
    }

    /// Stands in for the function that a statement did not find; tells whether the statement is worth another try.
    ///
    /// It gives NULL, with which a CHECK is content.
    pub(super) fn add(&mut self, refused: &Error) -> bool {
        let Some(name) = unknown_function(refused) else { return false };
        let name = name.trim_end_matches("()").to_owned();
        let flags = FunctionFlags::SQLITE_UTF8
            | FunctionFlags::SQLITE_DETERMINISTIC
            // The rules of a file that is not trusted may call none but these.
            | FunctionFlags::SQLITE_INNOCUOUS;
        let is_new = !self.names.contains(&name);
        let made = is_new && self.connection.create_scalar_function(name.as_str(), ANY, flags, |_| Ok(Null)).is_ok();
        if made {
            self.names.push(name);
        }
        made
    }
}

impl Drop for StandIns<'_> {
    fn drop(&mut self) {
        for name in &self.names {
            if let Err(error) = self.connection.remove_function(name.as_str(), ANY) {
                tracing::warn!(name, %error, "a function that is stood in for could not be taken away");
            }
        }
    }
}
