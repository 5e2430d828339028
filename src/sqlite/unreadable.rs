//! Computed columns that cannot be read: they call a function that only their application knows.

use super::failure::unknown_function;
use super::{Reader, quote};
use crate::schema::{Column, Schema};

/// A column that is computed whenever it is read, by a function that SQLite does not have.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Unreadable {
    /// The table.
    pub table: String,
    /// The column.
    pub column: String,
    /// The function, as `name()`.
    pub function: String,
}

/// Finds them among the columns of a database. What stops a statement otherwise is told when the table is read.
pub fn find(reader: &Reader<'_>, schema: &Schema) -> Vec<Unreadable> {
    let is_computed = |column: &Column| column.generated.as_ref().is_some_and(|generated| !generated.stored);
    let mut found = Vec::new();
    for table in &schema.tables {
        for column in table.columns.iter().filter(|column| is_computed(column)) {
            let sql = format!("select {} from {}", quote(&column.name), quote(&table.name));
            let refused = reader.connection().prepare(&sql).err();
            if let Some(function) = refused.as_ref().and_then(unknown_function) {
                found.push(Unreadable { table: table.name.clone(), column: column.name.clone(), function });
            }
        }
    }
    found
}
