//! Whether a table's pages hold together: a damaged page may otherwise read as one with fewer rows.

use super::read::{KeyShape, TableRead};
use super::{ErrorCode, Reader, SqliteError, quote};

/// What a check says of pages; all else that it says is about rows that break a rule of their table, and such rows
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
pub fn check(reader: &Reader<'_>, read: &TableRead) -> Result<(), SqliteError> {
    // Only the slower check looks at the order of keys, and only rows that are sought by their key need it.
    let pragma = if matches!(read.key, KeyShape::Columns(_)) { "integrity_check" } else { "quick_check" };
    let sql = format!("pragma {pragma}({})", quote(&read.table));
    let first_damage = || -> rusqlite::Result<bool> {
        let mut statement = reader.connection().prepare(&sql)?;
        let mut said = statement.query([])?;
        while let Some(line) = said.next()? {
            if is_damage(&line.get::<_, String>(0)?, read) {
                return Ok(true);
            }
        }
        Ok(false)
    };
    let what = format!("table {}", read.table);
    match first_damage() {
        Ok(false) => Ok(()),
        Ok(true) => Err(reader.damaged(&what)),
        // A rule of the table calls a function or an order that only its application has: its pages were not the matter.
        Err(error) if is_about_a_rule(&error) => {
            tracing::info!(table = read.table, %error, "the table could not be checked");
            Ok(())
        }
        Err(error) => Err(reader.error(&what, error)),
    }
}

/// Rows out of their key's order are not found where they are sought; an order that is stood in for says nothing.
fn is_damage(line: &str, read: &TableRead) -> bool {
    let out_of_order = || line == format!("row not in PRIMARY KEY order for {}", read.table);
    ABOUT_PAGES.iter().any(|start| line.starts_with(start)) || read.key != KeyShape::Unreachable && out_of_order()
}

/// SQLite's plain error: a function is missing, say. Any other means that the check itself did not come to its end.
fn is_about_a_rule(error: &rusqlite::Error) -> bool {
    error.sqlite_error_code() == Some(ErrorCode::Unknown)
}

#[cfg(test)]
mod tests {
    use super::*;
    use rusqlite::ffi;

    #[test]
    fn only_a_plain_error_lets_a_table_go_unchecked() {
        let failure = |code| rusqlite::Error::SqliteFailure(ffi::Error::new(code), None);
        assert!(is_about_a_rule(&failure(ffi::SQLITE_ERROR)));
        for code in [ffi::SQLITE_IOERR, ffi::SQLITE_NOMEM, ffi::SQLITE_INTERRUPT, ffi::SQLITE_CORRUPT] {
            assert!(!is_about_a_rule(&failure(code)), "{code}");
        }
        assert!(!is_about_a_rule(&rusqlite::Error::InvalidQuery));
    }
}
