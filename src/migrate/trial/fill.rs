//! Fills tables with made-up rows: parents first, and whatever a condition asks for tried in turn.

use std::collections::BTreeMap;

use super::draft::{Draft, Keys};
use super::picture::counts;
use super::values::FIRST;
use crate::database::{Database, DatabaseError};
use crate::schema::names::quoted;
use crate::schema::order::dependency_order;
use crate::schema::{Engine, ForeignKey, Schema, Table};

/// How many rows are tried before a table's conditions are taken as beyond us.
const ATTEMPTS: usize = 400;

/// Makes up rows on one database.
#[derive(Debug)]
pub(super) struct Filler {
    rows: usize,
    next: u64,
    /// The attempt that was taken last, by table: the next row most likely needs the same.
    taken: BTreeMap<String, usize>,
}

/// Why a table stays empty.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Unfilled {
    pub(super) table: String,
    pub(super) why: String,
}

impl Filler {
    pub(super) fn new(rows: u32) -> Self {
        Self { rows: usize::try_from(rows).unwrap_or(usize::MAX), next: FIRST, taken: BTreeMap::new() }
    }

    /// Fills every table that has fewer rows than wanted; says which stay empty.
    pub(super) async fn fill(
        &mut self,
        database: &mut Database,
        schema: &Schema,
    ) -> Result<Vec<Unfilled>, DatabaseError> {
        let tables: Vec<&Table> = dependency_order(schema).into_iter().flatten().map(|at| &schema.tables[at]).collect();
        // In a cycle, what one table lacks another may bring.
        loop {
            let (mut unfilled, mut inserted) = (Vec::new(), 0);
            // Triggers may fill another table meanwhile: then that one gets a few rows more.
            let there = counts(database, &tables).await?;
            for (table, have) in tables.iter().zip(there) {
                let came = self.fill_table(database, schema, table, have).await?;
                inserted += came.rows;
                if let Some(why) = came.obstacle.filter(|_| have + came.rows == 0) {
                    unfilled.push(Unfilled { table: table.name.clone(), why });
                }
            }
            if unfilled.is_empty() || inserted == 0 {
                return Ok(unfilled);
            }
        }
    }

    async fn fill_table(
        &mut self,
        database: &mut Database,
        schema: &Schema,
        table: &Table,
        have: usize,
    ) -> Result<Came, DatabaseError> {
        let mut came = Came::default();
        while have + came.rows < self.rows {
            let keys = match self.keys(database, schema, table).await? {
                Ok(keys) => keys,
                Err(why) => return Ok(Came { obstacle: Some(why), ..came }),
            };
            let draft = Draft::of(table, database.engine(), self.next, have + came.rows, &keys);
            self.next += 1;
            if let Some(why) = self.insert(database, table, &draft).await? {
                return Ok(Came { obstacle: Some(why), ..came });
            }
            came.rows += 1;
        }
        Ok(came)
    }

    /// The keys that a row may refer to, for each foreign key; or why there can be no row.
    async fn keys(
        &self,
        database: &mut Database,
        schema: &Schema,
        table: &Table,
    ) -> Result<Result<Vec<Keys>, String>, DatabaseError> {
        let mut all = Vec::new();
        for key in &table.foreign_keys {
            let own = key.parent.eq_ignore_ascii_case(&table.name);
            let rows = match schema.table_like(&key.parent) {
                Some(parent) => self.parent_keys(database, parent, key).await?,
                None => Vec::new(),
            };
            let may_be_null =
                key.columns.iter().any(|name| table.column_like(name).is_some_and(|column| column.nullable));
            if rows.is_empty() && !own && !may_be_null {
                return Ok(Err(format!("table {}, to which its rows must refer, has none", key.parent)));
            }
            all.push(Keys { columns: key.columns.clone(), parent_columns: key.parent_columns.clone(), own, rows });
        }
        // A key of several columns may hold one of fewer: what it refers to is there for both.
        all.sort_by_key(|key| std::cmp::Reverse(key.columns.len()));
        Ok(Ok(all))
    }

    async fn parent_keys(
        &self,
        database: &mut Database,
        parent: &Table,
        key: &ForeignKey,
    ) -> Result<Vec<Vec<String>>, DatabaseError> {
        let columns: Vec<String> = key.parent_columns.iter().map(|name| quoted(name)).collect();
        if columns.is_empty() {
            return Ok(Vec::new());
        }
        let literal = |column: &String| match database.engine() {
            Engine::Sqlite => format!("quote({column})"),
            Engine::Postgres => format!("quote_literal({column}::text)"),
        };
        let list = columns.iter().map(literal).collect::<Vec<_>>().join(", ");
        let there = columns.iter().map(|column| format!("{column} is not null")).collect::<Vec<_>>().join(" and ");
        let sql = format!("select {list} from {} where {there} order by 1 limit {}", quoted(&parent.name), self.rows);
        let rows = database.query(&format!("read the keys of table {}", parent.name), &sql, &[]).await;
        match rows {
            Ok(rows) => Ok(rows.into_iter().map(|row| row.into_iter().flatten().collect()).collect()),
            // A key that names what is not there: the engine says so when a row comes.
            Err(DatabaseError::Statement { .. }) => Ok(Vec::new()),
            Err(error) => Err(error),
        }
    }

    /// Inserts a row, trying what its conditions may ask for; gives the engine's words when none is taken.
    async fn insert(
        &mut self,
        database: &mut Database,
        table: &Table,
        draft: &Draft,
    ) -> Result<Option<String>, DatabaseError> {
        let first = self.taken.get(&table.name).copied().unwrap_or(0);
        let attempts = draft.variants().min(ATTEMPTS);
        let mut refused = None;
        for attempt in (first..attempts).chain(0..first.min(attempts)) {
            let sql = draft.insert(&table.name, attempt);
            match database.execute(&format!("fill table {}", table.name), &sql, &[]).await {
                Ok(_) => {
                    self.taken.insert(table.name.clone(), attempt);
                    return Ok(None);
                }
                Err(DatabaseError::Statement { source, .. }) => refused = refused.or(Some(source.message)),
                Err(error) => return Err(error),
            }
        }
        Ok(Some(refused.unwrap_or_default()))
    }
}

#[derive(Debug, Default)]
struct Came {
    rows: usize,
    obstacle: Option<String>,
}
