//! Names in double quotes that are no names: SQLite takes them as texts, and its DROP COLUMN writes them anew everywhere.
//!
//! Source: SQLite, "Quirks, Caveats, and Gotchas", "Double-quoted String Literals Are Accepted".

use std::collections::HashSet;

use rusqlite::Connection;

use super::error::AlterError;
use crate::sqlite::text::tokens::{Kind, significant, unquoted};

/// The words that a name follows which nothing else knows.
const NAMING: [&str; 4] = ["constraint", "as", "collate", "savepoint"];

/// Tells whether any text of the schema may hold such a name.
pub(super) fn is_in_schema(connection: &Connection) -> Result<bool, AlterError> {
    let list = |sql: &str| -> rusqlite::Result<Vec<String>> {
        let mut statement = connection.prepare(sql)?;
        statement.query_map([], |row| row.get(0))?.collect()
    };
    let names = "select name from main.sqlite_schema union select x.name from main.sqlite_schema t, pragma_table_xinfo(t.name) x
                 where t.type = 'table' and t.rootpage > 0";
    let read = || Ok((list(names)?, list("select sql from main.sqlite_schema where sql is not null")?));
    let (names, texts) = read().map_err(AlterError::sqlite("list the names of the database"))?;
    let names: HashSet<_> = names.iter().map(|name| name.to_ascii_lowercase()).collect();
    Ok(texts.iter().any(|sql| has_unknown_name(sql, &names)))
}

fn has_unknown_name(sql: &str, names: &HashSet<String>) -> bool {
    let cut = significant(sql).unwrap_or_default();
    let known = |at: usize| {
        let before = at.checked_sub(1).map_or("", |before| cut[before].text(sql));
        let named = NAMING.iter().any(|word| before.eq_ignore_ascii_case(word));
        named || names.contains(&unquoted(cut[at].text(sql)).to_ascii_lowercase())
    };
    let in_doubt = |at: usize| cut[at].kind == Kind::Quoted && cut[at].text(sql).starts_with('"') && !known(at);
    (0..cut.len()).any(in_doubt)
}
