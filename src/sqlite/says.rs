//! What SQLite says of a statement that failed.

use std::fmt;

use rusqlite::{Error, ErrorCode};

/// SQLite's answer to a statement that it could not carry out. Its words name tables and columns, never a row's value: what
/// may be one is left out.
#[derive(Clone, Debug)]
pub struct SqliteSays {
    message: String,
    code: Option<i32>,
    offset: Option<usize>,
    kind: Kind,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Kind {
    Busy,
    ReadOnly,
    Full,
    OutOfReach,
    Gone,
    Other,
}

impl SqliteSays {
    /// Takes an error apart; the statement is needed to know where in it SQLite points.
    pub(crate) fn new(error: &Error, sql: &str) -> Self {
        let code = error.sqlite_error().map(|error| error.extended_code);
        let kind = match error.sqlite_error_code() {
            Some(ErrorCode::DatabaseBusy | ErrorCode::DatabaseLocked) => Kind::Busy,
            Some(ErrorCode::ReadOnly | ErrorCode::CannotOpen) => Kind::ReadOnly,
            Some(ErrorCode::DiskFull) => Kind::Full,
            Some(ErrorCode::AuthorizationForStatementDenied) => Kind::OutOfReach,
            _ => Kind::Other,
        };
        Self { message: message(error, sql), code, offset: offset(error, sql), kind }
    }

    /// The thread of the connection has ended: nothing more can be asked.
    pub(crate) fn gone() -> Self {
        let message = "the connection has ended because of a fault of this program".into();
        Self { message, code: None, offset: None, kind: Kind::Gone }
    }

    /// Something that this program holds against a statement before SQLite sees it.
    pub(crate) fn refused(message: &str) -> Self {
        Self { message: message.to_owned(), code: None, offset: None, kind: Kind::Other }
    }

    /// The extended result code. Source: SQLite, "Result and Error Codes".
    pub fn code(&self) -> Option<i32> {
        self.code
    }

    /// The byte of the statement to which SQLite points.
    pub fn offset(&self) -> Option<usize> {
        self.offset
    }

    /// Whether another connection holds a lock that is in the way.
    pub fn is_busy(&self) -> bool {
        self.kind == Kind::Busy
    }

    /// Whether the file or its folder cannot be written.
    pub fn is_read_only(&self) -> bool {
        self.kind == Kind::ReadOnly
    }

    /// Whether the disk is full, or the file as large as it may become.
    pub fn is_full(&self) -> bool {
        self.kind == Kind::Full
    }

    /// Whether it reaches for what is not the database's own.
    pub fn is_out_of_reach(&self) -> bool {
        self.kind == Kind::OutOfReach
    }

    /// Whether the connection is lost.
    pub fn is_gone(&self) -> bool {
        self.kind == Kind::Gone
    }
}

impl fmt::Display for SqliteSays {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.message)
    }
}

impl std::error::Error for SqliteSays {}

/// The mark of a text of ours that SQLite repeats as a path which it cannot read: the text is told as it is.
pub(crate) const GUARD: &str = "strait says: ";

/// Beginnings of what SQLite says while it runs a statement that name only tables, columns, keys and conditions.
/// Source: the calls of `sqlite3ErrorMsg` and `sqlite3VdbeError` in SQLite's source.
const NAMES_ONLY: [&str; 16] = [
    "no such table: ",
    "no such column: NEW.",
    "no such column: OLD.",
    "no such savepoint: ",
    "no such index: ",
    "no such collation sequence: ",
    "no such function: ",
    "no such module: ",
    "error in ",
    "UNIQUE constraint failed",
    "NOT NULL constraint failed: ",
    "CHECK constraint failed: ",
    "cannot store ",
    "foreign key mismatch - ",
    "malformed database schema (",
    "cannot drop ",
];

/// What stands before a path that SQLite cannot read. Source: `jsonBadPathError` in SQLite's `json.c`.
const PATH: &str = "bad JSON path: '";

/// The code of what a trigger of the user's raises, in words of its own.
const RAISED: i32 = rusqlite::ffi::SQLITE_CONSTRAINT_TRIGGER;

fn message(error: &Error, sql: &str) -> String {
    match error {
        // The driver's own wording repeats the whole statement. No row is read before a statement is understood.
        Error::SqlInputError { msg, .. } => msg.clone(),
        Error::SqliteFailure(failure, Some(said)) => without_values(said, sql, failure.extended_code == RAISED),
        other => other.to_string(),
    }
}

/// A message without what may be the value of a row: what it quotes, or names after a colon, and the statement does not.
fn without_values(said: &str, sql: &str, raised: bool) -> String {
    if let Some(ours) = said.strip_prefix(PATH).and_then(|path| path.strip_prefix(GUARD)?.strip_suffix('\'')) {
        return ours.replace("''", "'");
    }
    if NAMES_ONLY.iter().any(|names| said.starts_with(names)) {
        return said.to_owned();
    }
    if let (Some(first), Some(last)) = (said.find(['\'', '"']), said.rfind(['\'', '"']))
        && first < last
    {
        let inner = &said[first + 1..last];
        let stands = ['\'', '"', '`'].iter().any(|quote| sql.contains(&format!("{quote}{inner}{quote}")));
        return if stands { said.to_owned() } else { format!("{}'…'{}", &said[..first], &said[last + 1..]) };
    }
    match said.split_once(": ") {
        Some((what, tail)) if !raised && !sql.contains(tail) => format!("{what}: …"),
        _ => said.to_owned(),
    }
}

/// Several statements are prepared one after the other: the error counts from the start of its own.
fn offset(error: &Error, sql: &str) -> Option<usize> {
    let Error::SqlInputError { sql: rest, offset, .. } = error else { return None };
    let before = sql.len().checked_sub(rest.len()).filter(|_| sql.ends_with(rest.as_str()))?;
    usize::try_from(*offset).ok().map(|offset| before + offset)
}

#[cfg(test)]
mod tests {
    use crate::sqlite::writer::run;

    fn said(sql: &str) -> String {
        let connection = rusqlite::Connection::open_in_memory().expect("opens");
        let schema = "create table a (t text unique not null check (t <> 'x')); insert into a values ('secret');
                      create table s (n int) strict;
                      create trigger keep before delete on a begin select raise(abort, 'rows: they are kept'); end";
        connection.execute_batch(schema).expect("tables can be made");
        run(&connection, sql).expect_err(sql).to_string()
    }

    #[test]
    fn the_value_of_a_row_is_never_repeated() {
        assert_eq!(said("select json_extract('{}', t) from a"), "bad JSON path: '…'");
        for sql in [
            "select json_set('{}', '$.x', json(t)) from a",
            "select json_extract('{}', t || ' \"and'' more') from a",
            "insert into s select t from a",
            "create virtual table f using fts5(x); select * from f where f match (select t || ' : \"' from a)",
            "create virtual table f using fts5(x); select * from f where f match (select t || ' : y' from a)",
        ] {
            let said = said(sql);
            assert!(!said.contains("secret"), "{sql}: {said}");
        }
    }

    #[test]
    fn names_and_words_of_the_statement_itself_are_told() {
        for (sql, expected) in [
            ("select json_extract('{}', 'bad')", "bad JSON path: 'bad'"),
            ("select nosuch from a", "no such column: nosuch"),
            ("select * from main.nosuch", "no such table: main.nosuch"),
            ("select 1 +", "incomplete input"),
            ("selec 1", "near \"selec\": syntax error"),
            ("create table a (x)", "table a already exists"),
            ("insert into a values ('secret')", "UNIQUE constraint failed: a.t"),
            ("insert into a values ('x')", "CHECK constraint failed: t <> 'x'"),
            ("insert into a values (null)", "NOT NULL constraint failed: a.t"),
            ("insert into s values ('y')", "cannot store TEXT value in INT column s.n"),
            ("delete from a", "rows: they are kept"),
            ("drop index nosuch", "no such index: nosuch"),
        ] {
            assert_eq!(said(sql), expected, "{sql}");
        }
    }
}
