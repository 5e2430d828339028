//! Finds the tables in which other tools keep their history, and reads them.

use std::collections::{BTreeMap, BTreeSet};

use crate::database::Database;
use crate::migrate::error::MigrateError;
use crate::schema::Engine;
use crate::schema::histories::{self, HistoryShape};
use crate::schema::names::quoted as quote;

const TABLES_OF_SQLITE: &str = "select '', t.name, c.name, c.type from pragma_table_list t join pragma_table_info(t.name) c \
                                where t.schema = 'main' and t.type = 'table' order by t.name, c.cid";
const TABLES_OF_POSTGRES: &str = include_str!("find.sql");

/// A table of another tool's history.
#[derive(Clone, Debug)]
pub(crate) struct Found {
    /// The tool and how its rows are read.
    pub(crate) shape: &'static HistoryShape,
    /// The table as people know it, with its schema where that is not the connection's own.
    pub(crate) table: String,
    /// The table, quoted for SQL.
    pub(crate) quoted: String,
    /// Whether it stands where the application's own tables do, or where its tool always puts it; another schema may belong
    /// to another application.
    pub(crate) near: bool,
    /// The declared type of the column that identifies a revision.
    pub(crate) id_type: Option<String>,
    /// What it tells, in the order in which it was written where that is known.
    pub(crate) entries: Vec<Entry>,
    /// How many rows tell of a run that did not end well.
    pub(crate) broken: usize,
}

/// One row of another tool's history.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Entry {
    /// What identifies the revision.
    pub(crate) id: String,
    /// Its name in words, where that is kept apart.
    pub(crate) name: Option<String>,
    /// Whose revision it is, where one table serves many applications.
    pub(crate) group: Option<String>,
    /// Its checksum, where there is one.
    pub(crate) checksum: Option<String>,
}

impl Found {
    /// Where it stands, where its rows tell of that alone.
    pub(crate) fn at(&self) -> Vec<String> {
        let ids = if self.shape.row.heads_only { self.ids() } else { BTreeSet::new() };
        ids.into_iter().collect()
    }

    /// Whether it is what a person calls it: with its schema, or by its name alone.
    pub(crate) fn is_called(&self, name: &str) -> bool {
        self.table == name || self.table.rsplit_once('.').is_some_and(|(_, table)| table == name)
    }

    /// What identifies the revisions of which it tells.
    pub(crate) fn ids(&self) -> BTreeSet<String> {
        self.entries.iter().map(|entry| entry.id.clone()).collect()
    }
}

/// Finds all of them; creates and changes nothing.
pub(crate) async fn find(database: &mut Database) -> Result<Vec<Found>, MigrateError> {
    let sql = match database.engine() {
        Engine::Sqlite => TABLES_OF_SQLITE,
        Engine::Postgres => TABLES_OF_POSTGRES,
    };
    let rows = database.query("list the tables", sql, &[]).await?;
    let mut tables: BTreeMap<(String, String), Vec<(String, String)>> = BTreeMap::new();
    for row in rows {
        let mut parts = row.into_iter().map(Option::unwrap_or_default);
        let mut next = || parts.next().unwrap_or_default();
        let (schema, table, column, declared) = (next(), next(), next(), next());
        tables.entry((schema, table)).or_default().push((column, declared));
    }
    let mut found = Vec::new();
    for ((schema, table), columns) in tables {
        let names: Vec<&str> = columns.iter().map(|(name, _)| name.as_str()).collect();
        let Some(shape) = histories::recognise(&table, &names) else { continue };
        // refinery also keeps the order of our own tables.
        if table.starts_with("strait_") || schema == "strait" {
            continue;
        }
        let is_id = |(name, _): &&(String, String)| name.eq_ignore_ascii_case(shape.row.id);
        let id_type = columns.iter().find(is_id).map(|(_, declared)| declared.clone());
        found.push(read(database, shape, &schema, &table, &names, id_type).await?);
    }
    Ok(found)
}

async fn read(
    database: &mut Database,
    shape: &'static HistoryShape,
    schema: &str,
    table: &str,
    columns: &[&str],
    id_type: Option<String>,
) -> Result<Found, MigrateError> {
    let (shown, quoted) = match schema {
        "" => (table.to_owned(), quote(table)),
        schema => (format!("{schema}.{table}"), format!("{}.{}", quote(schema), quote(table))),
    };
    let (row, near) = (shape.row, schema.is_empty() || shape.schema == Some(schema));
    // In the case in which the table has it: PostgreSQL tells them apart.
    let column = |name: &str| quote(columns.iter().find(|column| column.eq_ignore_ascii_case(name)).unwrap_or(&name));
    let text = |name: Option<&str>| name.map_or("null".into(), |name| format!("cast({} as text)", column(name)));
    let order = column(if shape.columns.contains(&"id") { "id" } else { row.id });
    let condition =
        row.applied.map_or(String::new(), |applied| format!(" where {}", applied.replace("{table}", &quoted)));
    let sql = format!(
        "select {}, {}, {}, {} from {quoted}{condition} order by {order}",
        text(Some(row.id)),
        text(row.name),
        text(row.group),
        text(row.checksum)
    );
    let rows = database.query(&format!("read the history of {}", shape.tool), &sql, &[]).await?;
    let entry = |row: Vec<Option<String>>| {
        let mut parts = row.into_iter();
        let id = parts.next().flatten()?;
        let mut next = || parts.next().flatten();
        Some(Entry { id, name: next(), group: next(), checksum: next() })
    };
    let broken = match row.broken {
        Some(broken) => {
            let sql = format!("select cast(count(*) as text) from {quoted} where {broken}");
            let rows = database.query(&format!("read the history of {}", shape.tool), &sql, &[]).await?;
            rows.into_iter().flatten().flatten().next().and_then(|count| count.parse().ok()).unwrap_or(0)
        }
        None => 0,
    };
    let entries = rows.into_iter().filter_map(entry).collect();
    Ok(Found { shape, table: shown, quoted, near, id_type, entries, broken })
}
