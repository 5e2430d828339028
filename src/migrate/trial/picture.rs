//! A picture of a database: its structure, what else it holds, and the rows of its tables as texts.

use std::collections::BTreeMap;

use super::rows::Rows;
use crate::database::{Database, DatabaseError, Scope};
use crate::migrate::evidence::{self, is_ours};
use crate::schema::inventory::Inventory;
use crate::schema::names::quoted;
use crate::schema::{Column, Engine, Schema, Table};

/// How many tables are read in one question. SQLite joins at most 500.
const TABLES_AT_ONCE: usize = 50;
/// How many values are in one list of a row's document.
const COLUMNS_AT_ONCE: usize = 50;

/// A database at one moment.
#[derive(Debug)]
pub(super) struct Picture {
    inventory: Inventory,
    pub(super) rows: BTreeMap<String, Rows>,
}

impl Picture {
    /// Takes a picture.
    pub(super) async fn take(database: &mut Database) -> Result<Self, DatabaseError> {
        let schema = user_structure(database).await?;
        let inventory = database.inventory(&Scope { schema: None, other_schemas: true }).await?;
        let tables: Vec<&Table> = schema.tables.iter().filter(|table| !table.columns.is_empty()).collect();
        let mut rows = BTreeMap::new();
        for some in tables.chunks(TABLES_AT_ONCE) {
            read(database, some, &mut rows).await?;
        }
        Ok(Self { inventory, rows })
    }

    /// Says in what the structure of another differs from this one; the database words what both say.
    pub(super) async fn differences(
        &self,
        found: &Self,
        database: &mut Database,
    ) -> Result<Vec<String>, DatabaseError> {
        evidence::differences(self.inventory.clone(), found.inventory.clone(), database).await
    }
}

/// The structure without the tables of the runner's records.
pub(super) async fn user_structure(database: &mut Database) -> Result<Schema, DatabaseError> {
    let mut schema = database.structure(None).await?;
    schema.tables.retain(|table| !is_ours(&table.name));
    Ok(schema)
}

/// Reads the rows of some tables in one question, each row as a document of its values.
async fn read(
    database: &mut Database,
    tables: &[&Table],
    all: &mut BTreeMap<String, Rows>,
) -> Result<(), DatabaseError> {
    let engine = database.engine();
    let of_table = |(at, table): (usize, &&Table)| {
        format!("select '{at}', {} from {}", document(engine, table), quoted(&table.name))
    };
    let sql = tables.iter().enumerate().map(of_table).collect::<Vec<_>>().join(" union all ");
    let mut found = vec![Vec::new(); tables.len()];
    for row in database.query("read the rows of the tables", &sql, &[]).await? {
        let unreadable = DatabaseError::OutOfOrder { what: "a row that was asked for as a document is none" };
        let [Some(at), Some(document)] = row.as_slice() else { return Err(unreadable) };
        let parts: Option<Vec<Vec<Option<String>>>> = serde_json::from_str(document).ok();
        match (at.parse().ok().and_then(|at: usize| found.get_mut(at)), parts) {
            (Some(rows), Some(parts)) => rows.push(parts.concat()),
            _ => return Err(unreadable),
        }
    }
    for (table, rows) in tables.iter().zip(found) {
        let columns = table.columns.iter().map(|column| column.name.clone()).collect();
        all.insert(table.name.clone(), Rows { columns, rows });
    }
    Ok(())
}

/// How many rows each table has, in the order of the tables.
pub(super) async fn counts(database: &mut Database, tables: &[&Table]) -> Result<Vec<usize>, DatabaseError> {
    let mut counts = Vec::new();
    for some in tables.chunks(TABLES_AT_ONCE) {
        let of_table = |table: &&Table| format!("(select count(*) from {})", quoted(&table.name));
        let list = some.iter().map(of_table).map(|count| format!("cast({count} as text)")).collect::<Vec<_>>();
        let sql = format!("select {}", list.join(", "));
        let rows = database.query("count the rows of the tables", &sql, &[]).await?;
        counts.extend(rows.into_iter().flatten().map(|count| count.and_then(|text| text.parse().ok()).unwrap_or(0)));
    }
    Ok(counts)
}

/// The values of a row as texts, in a document of lists: no engine's function takes any number of arguments.
fn document(engine: Engine, table: &Table) -> String {
    let text = |column: &Column| match engine {
        // It tells a number from the text that looks like it.
        Engine::Sqlite => format!("quote({})", quoted(&column.name)),
        Engine::Postgres => format!("{}::text", quoted(&column.name)),
    };
    let list = |columns: &[Column]| {
        let texts = columns.iter().map(text).collect::<Vec<_>>().join(", ");
        match engine {
            Engine::Sqlite => format!("json_array({texts})"),
            Engine::Postgres => format!("to_json(array[{texts}])::text"),
        }
    };
    let lists = table.columns.chunks(COLUMNS_AT_ONCE).map(list).collect::<Vec<_>>().join(" || ',' || ");
    format!("'[' || {lists} || ']'")
}
