//! What must be the same after an alteration: the rows of every table, its references, and the rest of the structure.

use std::collections::BTreeMap;

use rusqlite::Connection;

use super::error::AlterError;
use crate::sqlite::quote;

/// A state of the database to compare with.
pub(super) struct Standing {
    rows: BTreeMap<String, u64>,
    violations: BTreeMap<Reference, BTreeMap<Option<i64>, u64>>,
    mismatches: BTreeMap<String, String>,
}

#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
struct Reference {
    child: String,
    parent: String,
    columns: String,
}

/// The rest of the structure: kind, name, table and text of each object with a text.
pub(super) type Objects = Vec<(String, String, String, String)>;

impl Standing {
    /// Counts the rows of all tables and finds the references that lead nowhere.
    pub(super) fn take(connection: &Connection) -> Result<Self, AlterError> {
        let mut standing =
            Self { rows: count_rows(connection)?, violations: BTreeMap::new(), mismatches: BTreeMap::new() };
        let children = "select distinct t.name from main.sqlite_schema t, pragma_foreign_key_list(t.name) k
                        where t.type = 'table' and t.rootpage > 0";
        for child in strings(connection, children)? {
            standing.check_references(connection, &child)?;
        }
        Ok(standing)
    }

    /// Refuses what has changed since.
    pub(super) fn hold(&self, connection: &Connection) -> Result<(), AlterError> {
        let now = Self::take(connection)?;
        for (table, before) in &self.rows {
            let after = now.rows.get(table).copied().unwrap_or(0);
            if after != *before {
                return Err(AlterError::RowsChanged { table: table.clone(), before: *before, after });
            }
        }
        if let Some((child, why)) = now.mismatches.iter().find(|(child, _)| !self.mismatches.contains_key(*child)) {
            return Err(AlterError::Mismatch { child: child.clone(), why: why.clone() });
        }
        for (reference, found) in &now.violations {
            let known = self.violations.get(reference);
            let count = |row: &Option<i64>| known.and_then(|known| known.get(row)).copied().unwrap_or(0);
            let rows = found.iter().map(|(row, times)| times.saturating_sub(count(row))).sum();
            // A table that could not be checked before says nothing new now.
            if rows > 0 && !self.mismatches.contains_key(&reference.child) {
                let Reference { child, parent, columns } = reference.clone();
                return Err(AlterError::Violations { child, columns, parent, rows });
            }
        }
        Ok(())
    }

    fn check_references(&mut self, connection: &Connection, child: &str) -> Result<(), AlterError> {
        let failed = || AlterError::sqlite(format!("check the foreign keys of table {child}"));
        let columns = reference_columns(connection, child).map_err(failed())?;
        match violations(connection, child) {
            Ok(found) => {
                for (row, parent, key) in found {
                    let columns = columns.get(&key).cloned().unwrap_or_default();
                    let reference = Reference { child: child.to_owned(), parent, columns };
                    *self.violations.entry(reference).or_default().entry(row).or_default() += 1;
                }
            }
            Err(error) if error.to_string().contains("foreign key mismatch") => {
                self.mismatches.insert(child.to_owned(), error.to_string());
            }
            Err(error) => return Err(failed()(error)),
        }
        Ok(())
    }
}

/// All objects with a text but one table and those of SQLite's own.
pub(super) fn objects_but(connection: &Connection, table: &str) -> Result<Objects, AlterError> {
    let list = || -> rusqlite::Result<Objects> {
        let mut statement = connection.prepare(
            "select type, name, tbl_name, sql from main.sqlite_schema
             where sql is not null and name not like 'sqlite\\_%' escape '\\' and not (type = 'table' and name = ?1 collate nocase)
             order by 1, 2",
        )?;
        let rows = statement.query_map([table], |row| Ok((row.get(0)?, row.get(1)?, row.get(2)?, row.get(3)?)))?;
        rows.collect()
    };
    list().map_err(AlterError::sqlite("list the objects of the database"))
}

/// Refuses any difference between two lists of objects.
pub(super) fn hold_objects(table: &str, expected: &Objects, found: &Objects) -> Result<(), AlterError> {
    let other = expected.iter().find(|object| !found.contains(object));
    let other = other.or_else(|| found.iter().find(|object| !expected.contains(object)));
    match other {
        Some((kind, name, ..)) => {
            Err(AlterError::Unintended { table: table.to_owned(), what: format!("the {kind} {name}") })
        }
        None => Ok(()),
    }
}

fn count_rows(connection: &Connection) -> Result<BTreeMap<String, u64>, AlterError> {
    let tables = "select name from main.sqlite_schema
                  where type = 'table' and rootpage > 0 and name not like 'sqlite\\_%' escape '\\'";
    let mut rows = BTreeMap::new();
    for table in strings(connection, tables)? {
        let sql = format!("select count(*) from main.{}", quote(&table));
        let count = |sql: &str| connection.query_row(sql, [], |row| row.get::<_, i64>(0));
        // An index may need a collation that only the application has; the table itself does not.
        let count = count(&sql)
            .or_else(|_| count(&format!("{sql} not indexed")))
            .map_err(AlterError::sqlite(format!("count the rows of table {table}")))?;
        rows.insert(table, count.unsigned_abs());
    }
    Ok(rows)
}

fn strings(connection: &Connection, sql: &str) -> Result<Vec<String>, AlterError> {
    let list = || -> rusqlite::Result<Vec<String>> {
        let mut statement = connection.prepare(sql)?;
        statement.query_map([], |row| row.get(0))?.collect()
    };
    list().map_err(AlterError::sqlite("list the tables of the database"))
}

fn violations(connection: &Connection, child: &str) -> rusqlite::Result<Vec<(Option<i64>, String, i64)>> {
    let mut statement = connection.prepare(&format!("pragma main.foreign_key_check({})", quote(child)))?;
    let rows = statement.query_map([], |row| Ok((row.get(1)?, row.get(2)?, row.get(3)?)))?;
    rows.collect()
}

/// The columns of each foreign key of a table, by its number.
fn reference_columns(connection: &Connection, child: &str) -> rusqlite::Result<BTreeMap<i64, String>> {
    let mut statement = connection.prepare(&format!("pragma main.foreign_key_list({})", quote(child)))?;
    let mut rows = statement.query([])?;
    let mut columns: BTreeMap<i64, String> = BTreeMap::new();
    while let Some(row) = rows.next()? {
        let column: String = row.get(3)?;
        let named = columns.entry(row.get(0)?).or_default();
        if !named.is_empty() {
            named.push_str(", ");
        }
        named.push_str(&column);
    }
    Ok(columns)
}
