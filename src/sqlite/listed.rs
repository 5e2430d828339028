//! The tables and views of a file, and why some are left.

use rusqlite::Connection;
use rusqlite::types::ValueRef;

use super::introspect::{collect, text};
use super::quote;

/// A table or view as SQLite lists it.
pub(super) struct Listed {
    pub(super) name: String,
    pub(super) kind: String,
    pub(super) without_rowid: bool,
    /// Of a virtual table that holds what is stored nowhere else: the table behind it with a row for each of its own.
    pub(super) only_copy_in: Option<String>,
    /// Whether it is such a table behind one, with its text.
    is_only_copy: bool,
}

impl Listed {
    /// Of what kind it is and why it is left, when it is no table that is copied.
    pub(super) fn reason_to_leave(&self) -> Option<(&'static str, String)> {
        match self.kind.as_str() {
            "view" => Some(("view", unreadable_view("it names what is not there"))),
            "virtual" => {
                let only_copy = self.only_copy_in.as_ref().map(|kept| only_copy(&self.name, kept));
                let why = only_copy.unwrap_or_else(|| "its module has no counterpart in PostgreSQL".into());
                Some(("virtual table", why))
            }
            "shadow" if self.is_only_copy => {
                let why = "it belongs to a virtual table, whose text it holds, and which is stored nowhere else";
                Some(("shadow table", why.into()))
            }
            "shadow" => Some(("shadow table", "it belongs to a virtual table, whose module keeps it".into())),
            _ => None,
        }
    }
}

/// The table behind a full-text table with its text.
fn is_content(kept: &str) -> bool {
    kept.ends_with("_content")
}

/// Why a full-text or spatial table is not copied, and how what it holds comes along all the same; the text of a full-text
/// table is read from behind it as any other, also where the module lacks a function of the application's.
fn only_copy(name: &str, kept: &str) -> String {
    let (what, from, ending) =
        if is_content(kept) { ("its text is", kept, "text") } else { ("its numbers are", name, "numbers") };
    let (made, from) = (quote(&format!("{name}_{ending}")), quote(from));
    format!(
        "its module has no counterpart in PostgreSQL, and {what} stored nowhere else: it is not copied; to take it along, make \
         a plain table of it in the source first: `create table {made} as select * from {from}`; then, or to go without, \
         say --exclude {name}"
    )
}

/// Why a view is left out that SQLite itself does not open; functions and collations may be the application's own.
pub(super) fn unreadable_view(said: &str) -> String {
    format!("it cannot be read: {said}; create it by hand where it is needed")
}

/// Lists tables in the order in which they stand in the file.
pub(super) fn list(connection: &Connection) -> rusqlite::Result<Vec<Listed>> {
    let mut listed = collect(connection, include_str!("listed.sql"), [], |row| {
        let only_copy_in = if row.get_ref(3)? == ValueRef::Null { None } else { Some(text(row, 3)?) };
        let (name, kind, without_rowid) = (text(row, 0)?, text(row, 1)?, row.get(2)?);
        Ok(Listed { name, kind, without_rowid, only_copy_in, is_only_copy: false })
    })?;
    for entry in &mut listed {
        entry.only_copy_in = entry.only_copy_in.take().filter(|kept| holds_rows(connection, kept));
    }
    let kept: Vec<String> = listed.iter().filter_map(|entry| entry.only_copy_in.clone()).collect();
    for entry in &mut listed {
        entry.is_only_copy = is_content(&entry.name) && kept.contains(&entry.name);
    }
    Ok(listed)
}

/// Whether a table holds any row; of one that cannot be read it is taken for granted.
fn holds_rows(connection: &Connection, table: &str) -> bool {
    let sql = format!("select exists (select 1 from {})", quote(table));
    connection.query_row(&sql, [], |row| row.get(0)).unwrap_or(true)
}
