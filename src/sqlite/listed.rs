//! The tables and views of a file, and why some are left.

use rusqlite::Connection;

use super::introspect::{collect, text};
use super::quote;

/// A table or view as SQLite lists it.
pub(super) struct Listed {
    pub(super) name: String,
    pub(super) kind: String,
    pub(super) without_rowid: bool,
    /// Whether it holds text that is stored nowhere else, and is no table that is copied.
    only_copy: bool,
}

impl Listed {
    /// Of what kind it is and why it is left, when it is no table that is copied.
    pub(super) fn reason_to_leave(&self) -> Option<(&'static str, String)> {
        match self.kind.as_str() {
            "view" => Some(("view", unreadable_view("it names what is not there"))),
            "virtual" if self.only_copy => Some(("virtual table", only_copy(&self.name))),
            "virtual" => Some(("virtual table", "its module has no counterpart in PostgreSQL".into())),
            "shadow" if self.only_copy => {
                let why = "it belongs to a virtual table, whose text it holds, and which is stored nowhere else";
                Some(("shadow table", why.into()))
            }
            "shadow" => Some(("shadow table", "it belongs to a virtual table, whose module keeps it".into())),
            _ => None,
        }
    }
}

/// Why a full-text table is left out, and how its text comes along all the same; the shadow table is read as any other,
/// also where the module lacks a function of the application's.
fn only_copy(name: &str) -> String {
    let (made, kept) = (quote(&format!("{name}_text")), quote(&format!("{name}_content")));
    format!(
        "its module has no counterpart in PostgreSQL, and its text is stored nowhere else: it is not copied; to take it \
         along, make a plain table of it in the source first: `create table {made} as select * from {kept}`"
    )
}

/// Why a view is left out that SQLite itself does not open; functions and collations may be the application's own.
pub(super) fn unreadable_view(said: &str) -> String {
    format!("it cannot be read: {said}; create it by hand where it is needed")
}

/// Lists tables in the order in which they stand in the file.
pub(super) fn list(connection: &Connection) -> rusqlite::Result<Vec<Listed>> {
    collect(connection, include_str!("listed.sql"), [], |row| {
        Ok(Listed { name: text(row, 0)?, kind: text(row, 1)?, without_rowid: row.get(2)?, only_copy: row.get(3)? })
    })
}
