//! Tells what an error of SQLite means for a person.

use std::path::Path;

use rusqlite::{ErrorCode, ffi};

use super::SqliteError;

/// What a database in WAL mode asks for, even of a reader.
const NEEDS_A_FOLDER: &str = "SQLite cannot open it; a database in WAL mode needs a folder that can be written, or its \
                              -wal and -shm files beside it: copy all of them to a folder of your own";

/// What SQLite says of an entry that is nested deeper than it reads. Source: SQLite, `expr.c`, `sqlite3ExprCheckHeight`;
/// `parse.y`, `parserStackRealloc` and `parserDoubleLinkSelect`.
const TOO_DEEP: [&str; 3] = ["Expression tree is too large", "Recursion limit", "too many terms in compound SELECT"];
/// What that means.
const NESTED: &str = "a check, default, index or view in it is an expression of more than a thousand levels, or a view more \
                      than 500 selections in one, with which SQLite opens no table of the file; a program whose SQLite was \
                      built with higher limits made it: drop or shorten it there";

/// Tells whether SQLite could not make or lock the files that it needs beside a database in WAL mode.
fn lacks_a_folder(source: &rusqlite::Error) -> bool {
    let code = source.sqlite_error().map(|error| error.extended_code);
    code.is_some_and(|code| {
        [ffi::SQLITE_READONLY_CANTINIT, ffi::SQLITE_READONLY_CANTLOCK, ffi::SQLITE_READONLY_DIRECTORY].contains(&code)
    })
}

fn is_too_deep(said: &str) -> bool {
    TOO_DEEP.iter().any(|words| said.contains(words))
}

/// Says what was being read of which file, and what to do where that is known.
pub(super) fn classify(path: &Path, what: &str, source: rusqlite::Error) -> SqliteError {
    let path = path.to_owned();
    let what = what.to_owned();
    match source.sqlite_error_code() {
        Some(ErrorCode::NotADatabase) => SqliteError::NotADatabase { path },
        Some(ErrorCode::DatabaseBusy | ErrorCode::DatabaseLocked) => SqliteError::Locked { path },
        // An entry that is not even parsed: nothing of the file is damaged.
        Some(ErrorCode::DatabaseCorrupt | ErrorCode::Unknown) if is_too_deep(&source.to_string()) => {
            SqliteError::Unreadable { path, why: NESTED.into() }
        }
        Some(ErrorCode::DatabaseCorrupt) => SqliteError::Corrupt { path, what },
        Some(ErrorCode::CannotOpen) => SqliteError::Unreadable { path, why: NEEDS_A_FOLDER.into() },
        Some(ErrorCode::ReadOnly) if lacks_a_folder(&source) => {
            SqliteError::Unreadable { path, why: NEEDS_A_FOLDER.into() }
        }
        Some(ErrorCode::ReadOnly) => SqliteError::Unfinished { path },
        _ => match unknown_function(&source) {
            Some(function) => SqliteError::Unreadable {
                path,
                why: format!(
                    "{what} has a column that is computed by {function}, a function of the application; leave the table \
                     out (--exclude), or drop the column in a copy of the file"
                ),
            },
            None => SqliteError::Query { path, what, source },
        },
    }
}

/// The function that a rule of a table names and that SQLite itself does not have, as `name()`; one that no rule may call
/// is as good as missing.
pub(super) fn unknown_function(source: &rusqlite::Error) -> Option<String> {
    let said = source.to_string();
    let named = ["unknown function: ", "unsafe use of "].iter().find_map(|words| said.strip_prefix(words))?;
    Some(named.split_whitespace().next()?.to_owned())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_folder_that_cannot_be_written_is_told_from_a_write_that_ended_in_the_middle() {
        let said = |code| {
            let failure = rusqlite::Error::SqliteFailure(ffi::Error::new(code), None);
            classify(Path::new("a.db"), "the header", failure).to_string()
        };
        for code in [ffi::SQLITE_READONLY_ROLLBACK, ffi::SQLITE_READONLY_RECOVERY] {
            assert!(said(code).contains("ended in the middle"), "{code}");
        }
        for code in [ffi::SQLITE_READONLY_CANTINIT, ffi::SQLITE_READONLY_CANTLOCK, ffi::SQLITE_READONLY_DIRECTORY] {
            assert!(said(code).contains("needs a folder that can be written"), "{code}");
        }
    }

    #[test]
    fn a_column_that_the_application_computes_is_told_with_a_way_out() {
        let connection = rusqlite::Connection::open_in_memory().expect("it opens");
        let script = "create table t (a, b as (lower(a))); pragma writable_schema = on;
            update sqlite_schema set sql = replace(sql, 'lower', 'fold'); pragma writable_schema = reset";
        connection.execute_batch(script).expect("the script runs");
        let failure = connection.prepare("select * from t").expect_err("there is no such function");
        let said = classify(Path::new("a.db"), "table t", failure).to_string();
        assert!(
            said.contains("table t has a column that is computed by fold(), a function of the application"),
            "{said}"
        );
        assert!(said.contains("--exclude"), "{said}");
    }
}
