//! Tables in which another migration tool keeps its history.
//!
//! They are the user's data and are copied like any other. But an application that has made its own schema has filled
//! them too: when both sides tell the same history, such a table counts as empty and the source's rows replace it.

use crate::schema::{Table, histories};

/// A tool whose history is recognised.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct History {
    /// The tool's name.
    pub tool: &'static str,
    /// The column whose set of values is the history.
    pub column: &'static str,
}

/// Recognises a history that stays true in another engine.
pub fn recognise(table: &Table) -> Option<History> {
    let columns: Vec<&str> = table.columns.iter().map(|column| column.name.as_str()).collect();
    let shape = histories::recognise(&table.name, &columns)?;
    (shape.portable && shape.table.eq_ignore_ascii_case(&table.name))
        .then_some(History { tool: shape.tool, column: shape.row.id })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::schema::{Column, LogicalType};

    fn table(name: &str, columns: &[&str]) -> Table {
        let column = |name: &&str| Column::new(name, LogicalType::Text);
        Table { name: name.into(), columns: columns.iter().map(column).collect(), ..Table::default() }
    }

    #[test]
    fn a_history_that_stays_true_in_another_engine_is_known() {
        let peewee = recognise(&table("migratehistory", &["id", "name", "migrated_at"]));
        assert_eq!(peewee, Some(History { tool: "peewee", column: "name" }));
        assert_eq!(recognise(&table("migrations", &["id", "from", "to"])), None);
        assert_eq!(recognise(&table("_sqlx_migrations", &["version"])), None);
    }
}
