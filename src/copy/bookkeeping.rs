//! Tables in which another migration tool keeps its history: recognised by their columns, never by name alone.
//!
//! They are the user's data and are copied like any other. But an application that has made its own schema has filled
//! them too: when both sides tell the same history, such a table counts as empty and the source's rows replace it.

use crate::schema::Table;

/// A tool whose history is recognised.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct History {
    /// The tool's name.
    pub tool: &'static str,
    /// The column whose set of values is the history.
    pub column: &'static str,
}

/// What a tool's table looks like: its usual name and all its columns.
struct Shape {
    tool: &'static str,
    table: &'static str,
    columns: &'static [&'static str],
    column: &'static str,
}

/// Tools whose history stays true in another engine.
///
/// Sources: Alembic, `alembic/ddl/impl.py`; peewee-migrate, `models.py`; Django, `recorder.py`; Laravel,
/// `DatabaseMigrationRepository.php`; Rails, `schema_migration.rb`; knex, `table-creator.js`.
const SHAPES: [Shape; 6] = [
    Shape { tool: "Alembic", table: "alembic_version", columns: &["version_num"], column: "version_num" },
    Shape { tool: "peewee", table: "migratehistory", columns: &["id", "name", "migrated_at"], column: "name" },
    Shape { tool: "Django", table: "django_migrations", columns: &["id", "app", "name", "applied"], column: "name" },
    Shape { tool: "Laravel", table: "migrations", columns: &["id", "migration", "batch"], column: "migration" },
    Shape { tool: "Rails", table: "schema_migrations", columns: &["version"], column: "version" },
    Shape {
        tool: "knex",
        table: "knex_migrations",
        columns: &["id", "name", "batch", "migration_time"],
        column: "name",
    },
];

/// Recognises a history table: its columns decide, and its name between tools whose columns are common words.
pub fn recognise(table: &Table) -> Option<History> {
    let has_columns = |shape: &&Shape| {
        shape.columns.len() == table.columns.len() && shape.columns.iter().all(|name| table.column_like(name).is_some())
    };
    let shape = SHAPES.iter().filter(has_columns).find(|shape| shape.table.eq_ignore_ascii_case(&table.name))?;
    Some(History { tool: shape.tool, column: shape.column })
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
    fn a_history_is_known_by_its_columns() {
        let peewee = recognise(&table("migratehistory", &["id", "name", "migrated_at"]));
        assert_eq!(peewee, Some(History { tool: "peewee", column: "name" }));
        assert_eq!(recognise(&table("migrations", &["id", "from", "to"])), None);
        assert_eq!(recognise(&table("alembic_version", &["version_num", "more"])), None);
    }
}
