//! Whether a table's pages hold together: a damaged page may otherwise read as one with fewer rows.

use super::{ErrorCode, Reader, SqliteError, quote};

/// What a quick check says of pages; all else that it says is about rows that break a rule of their table, and such rows
/// are read and judged like any other.
///
/// Source: SQLite, `btree.c`: `checkAppendMsg` and its callers.
const ABOUT_PAGES: [&str; 8] = [
    "Tree ",
    "Page ",
    "Freelist",
    "Fragmentation ",
    "Multiple uses ",
    "Main freelist",
    "On tree page ",
    "*** in database",
];

/// Walks the pages of a table and its indexes; fails when they contradict themselves.
pub fn check(reader: &Reader<'_>, table: &str) -> Result<(), SqliteError> {
    let sql = format!("pragma quick_check({})", quote(table));
    let first_damage = || -> rusqlite::Result<bool> {
        let mut statement = reader.connection().prepare(&sql)?;
        let mut said = statement.query([])?;
        while let Some(line) = said.next()? {
            let line: String = line.get(0)?;
            if ABOUT_PAGES.iter().any(|start| line.starts_with(start)) {
                return Ok(true);
            }
        }
        Ok(false)
    };
    let what = format!("table {table}");
    match first_damage() {
        Ok(false) => Ok(()),
        Ok(true) => Err(reader.damaged(&what)),
        Err(error) if error.sqlite_error_code() == Some(ErrorCode::DatabaseCorrupt) => Err(reader.error(&what, error)),
        // A rule of the table calls a function or an order that only its application has: its pages were not the matter.
        Err(error) => {
            tracing::info!(table, %error, "the table could not be checked");
            Ok(())
        }
    }
}
