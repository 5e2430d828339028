//! How the columns of both forms number the rows: where one engine alone does, an insert that counts on it fails on the other.

use super::findings::Findings;
use crate::schema::Engine;
use crate::schema::inventory::Item;

/// Compares how a column numbers the rows.
pub(super) fn compare(sqlite: &Item, postgres: &Item, findings: &mut Findings) {
    let words = sqlite.name.as_deref().unwrap_or_default();
    match (sqlite.fact("numbers rows"), of_postgres(postgres)) {
        (Some("rowid"), None) => {
            let why = "every integer key of SQLite numbers itself, whether or not anybody counts on it";
            findings.gap_of(Engine::Sqlite, sqlite, words, "numbers rows rowid", why);
        }
        (Some(_), Some(_)) => {}
        (own, other) => findings.held(sqlite, words, "numbers rows", own, other),
    }
}

/// By what PostgreSQL numbers the rows of a column; a sequence may also be asked by a default that is no `serial`.
pub(super) fn of_postgres(column: &Item) -> Option<&'static str> {
    let asks_a_sequence = column.fact("default").is_some_and(|default| default.starts_with("nextval("));
    match (column.fact("identity"), column.fact("numbers rows")) {
        (Some(_), _) => Some("identity"),
        (None, Some(_)) => Some("sequence"),
        (None, None) => asks_a_sequence.then_some("sequence"),
    }
}
