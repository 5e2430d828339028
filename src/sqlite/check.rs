//! Whether what is stored holds together: a damaged page may otherwise read as one with fewer rows, a broken text as
//! another one.

use rusqlite::types::ValueRef;

use super::read::{KeyShape, TableRead};
use super::stand_in::StandIns;
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

/// Walks the pages of a table and its indexes, and its texts where SQLite would mend them in silence; fails when they
/// contradict themselves.
pub fn check(reader: &Reader<'_>, read: &TableRead) -> Result<(), SqliteError> {
    check_pages(reader, read)?;
    check_texts(reader, read)
}

fn check_pages(reader: &Reader<'_>, read: &TableRead) -> Result<(), SqliteError> {
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
    let mut stand_ins = StandIns::new(reader.connection());
    let verdict = loop {
        match first_damage() {
            Err(error) if stand_ins.add(&error) => {}
            verdict => break verdict,
        }
    };
    match verdict {
        Ok(false) => Ok(()),
        Ok(true) => Err(reader.damaged(&what)),
        // A rule of the table needs something that only its application has: its pages were not the matter.
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

/// How a database that does not keep UTF-8 orders the two bytes of a unit.
type ReadUnit = fn([u8; 2]) -> u16;

/// Walks the texts of a UTF-16 database as they are stored: what SQLite gives as UTF-8 hides units that stand alone.
///
/// Source: SQLite, `utf.c`: `READ_UTF16LE`, which joins any unit of the surrogates with the one after it.
fn check_texts(reader: &Reader<'_>, read: &TableRead) -> Result<(), SqliteError> {
    let fail = |source| reader.error(&format!("table {}", read.table), source);
    let encoding = reader.connection().query_row("pragma encoding", [], |row| row.get::<_, String>(0)).map_err(fail)?;
    let unit: ReadUnit = match encoding.as_str() {
        "UTF-16le" => u16::from_le_bytes,
        "UTF-16be" => u16::from_be_bytes,
        _ => return Ok(()),
    };
    match first_broken(reader, read, unit).map_err(fail)? {
        None => Ok(()),
        Some(column) => Err(reader.broken_text(&read.table, column)),
    }
}

/// The column of the first text that is not UTF-16.
fn first_broken<'t>(reader: &Reader<'_>, read: &'t TableRead, unit: ReadUnit) -> rusqlite::Result<Option<&'t str>> {
    let key: &[String] = if let KeyShape::Columns(names) = &read.key { names } else { &[] };
    let others = key.iter().filter(|name| !read.columns.contains(name));
    let columns: Vec<&String> = read.columns.iter().chain(others).collect();
    let as_stored = |name: &&String| format!("case typeof({0}) when 'text' then cast({0} as blob) end", quote(name));
    let list: Vec<String> = columns.iter().map(as_stored).collect();
    if list.is_empty() {
        return Ok(None);
    }
    let mut statement =
        reader.connection().prepare(&format!("select {} from {}", list.join(", "), quote(&read.table)))?;
    let mut rows = statement.query([])?;
    while let Some(row) = rows.next()? {
        for (at, name) in columns.iter().enumerate() {
            if matches!(row.get_ref(at)?, ValueRef::Blob(bytes) if !is_utf16(bytes, unit)) {
                return Ok(Some(name));
            }
        }
    }
    Ok(None)
}

fn is_utf16(bytes: &[u8], unit: ReadUnit) -> bool {
    let (units, rest) = bytes.as_chunks::<2>();
    rest.is_empty() && char::decode_utf16(units.iter().map(|pair| unit(*pair))).all(|character| character.is_ok())
}

#[cfg(test)]
mod tests {
    use super::*;
    use rusqlite::ffi;

    #[test]
    fn a_unit_that_stands_alone_is_no_utf_16() {
        for (bytes, whole) in [
            (&b"A\0\x3d\xd8\x42\xdcB\0"[..], true),
            (b"", true),
            (b"A\0\x3d\xd8B\0", false),
            (b"\x42\xdc", false),
            (b"A\0B", false),
        ] {
            assert_eq!(is_utf16(bytes, u16::from_le_bytes), whole, "{bytes:?}");
        }
        assert!(is_utf16(b"\xd8\x3d\xdc\x42", u16::from_be_bytes));
    }

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
