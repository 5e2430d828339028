//! How the rows of a table are reached: its columns, its rowid, its key.

use rusqlite::Connection;

use super::error::AlterError;
use crate::sqlite::quote;

/// What a copy of a table's rows must know of it.
#[derive(Debug)]
pub(super) struct Shape {
    /// The columns that hold a value of their own.
    pub(super) stored: Vec<String>,
    /// A name that reaches the rowid; none in a WITHOUT ROWID table, or when columns have taken all three names.
    pub(super) rowid: Option<&'static str>,
    /// The column that is the rowid itself.
    pub(super) alias: Option<String>,
    pub(super) without_rowid: bool,
    pub(super) key: Vec<String>,
}

impl Shape {
    /// Asks SQLite for the shape of a table.
    pub(super) fn of(connection: &Connection, table: &str) -> Result<Self, AlterError> {
        read(connection, table).map_err(AlterError::sqlite(format!("read the columns of table {table}")))
    }

    /// Tells whether a column holds a value of its own.
    pub(super) fn stores(&self, column: &str) -> bool {
        self.stored.iter().any(|own| own.eq_ignore_ascii_case(column))
    }
}

fn read(connection: &Connection, table: &str) -> rusqlite::Result<Shape> {
    let mut statement = connection.prepare(&format!("pragma main.table_xinfo({})", quote(table)))?;
    let mut rows = statement.query([])?;
    let (mut stored, mut names, mut key) = (Vec::new(), Vec::new(), Vec::new());
    while let Some(row) = rows.next()? {
        let name: String = row.get(1)?;
        let (place, hidden): (i64, i64) = (row.get(5)?, row.get(6)?);
        if place > 0 {
            key.push((place, name.clone()));
        }
        // Source: SQLite, "PRAGMA table_xinfo": 2 and 3 are generated columns.
        if hidden == 0 {
            stored.push(name.clone());
        }
        names.push(name);
    }
    key.sort();
    let key: Vec<String> = key.into_iter().map(|(_, name)| name).collect();
    let without_rowid = flag(connection, "select max(wr) from pragma_table_list(?1) where schema = 'main'", table)?;
    // A primary key that is the rowid needs no index; the quirk INTEGER PRIMARY KEY DESC has one.
    let indexed = flag(connection, "select count(*) from pragma_index_list(?1, 'main') where origin = 'pk'", table)?;
    let alias = key.first().filter(|_| key.len() == 1 && !indexed && !without_rowid).cloned();
    let free = |word: &&'static str| !names.iter().any(|name: &String| name.eq_ignore_ascii_case(word));
    let rowid = ["rowid", "_rowid_", "oid"].into_iter().find(free).filter(|_| !without_rowid);
    Ok(Shape { stored, rowid, alias, without_rowid, key })
}

fn flag(connection: &Connection, sql: &str, table: &str) -> rusqlite::Result<bool> {
    Ok(connection.query_row(sql, [table], |row| row.get::<_, Option<i64>>(0))?.unwrap_or(0) > 0)
}
