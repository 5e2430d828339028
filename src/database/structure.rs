//! What the runner asks of a database's structure: what it is, what a change would destroy, what it has broken.

use super::{Connection, Database, DatabaseError};
use crate::schema::reverse::Loss;
use crate::schema::{Engine, Schema};

const LOST_TABLE_ON_SQLITE: &str = "select '\"' || replace(name, '\"', '\"\"') || '\"' from pragma_table_list \
                                    where schema = 'main' and type = 'table' and name = $1 collate nocase";
const LOST_TABLE_ON_POSTGRES: &str = "select format('%I.%I', n.nspname, c.relname) from pg_catalog.pg_class c \
                                      join pg_catalog.pg_namespace n on n.oid = c.relnamespace \
                                      where c.relname = $1 and c.relkind in ('r', 'p', 'm') and n.nspname not like 'pg\\_%' \
                                      order by pg_catalog.pg_table_is_visible(c.oid) desc, 1 limit 1";
const WRITTEN_ON_SQLITE: &str = "select '\"' || replace(schema, '\"', '\"\"') || '\".\"' || replace(name, '\"', '\"\"') || '\"', \
                                 case schema when 'temp' then 'temp' end from pragma_table_list \
                                 where type in ('table', 'virtual', 'view') and name = $1 collate nocase \
                                 and ($2 is null or schema = $2 collate nocase) \
                                 order by case schema when 'temp' then 0 when 'main' then 1 else 2 end limit 1";
const WRITTEN_ON_POSTGRES: &str = "select format('%I.%I', n.nspname, c.relname) from pg_catalog.pg_class c \
                                   join pg_catalog.pg_namespace n on n.oid = c.relnamespace \
                                   where c.oid = pg_catalog.to_regclass($1) and c.relkind in ('r', 'p', 'm', 'v', 'f') \
                                   and n.nspname not like 'pg\\_%'";
const COLUMN_ON_POSTGRES: &str = "select a.attname::text from pg_catalog.pg_attribute a \
                                  where a.attrelid = pg_catalog.to_regclass($1) and a.attname = $2 \
                                  and a.attnum > 0 and not a.attisdropped";
const TABLES_OF_SCHEMA: &str = "select cast(count(*) as text) from pg_catalog.pg_class c \
                                join pg_catalog.pg_namespace n on n.oid = c.relnamespace \
                                where n.nspname = $1 and c.relkind in ('r', 'p', 'm')";
const BROKEN_REFERENCES: &str =
    "select \"table\", parent, cast(count(*) as text) from pragma_foreign_key_check group by 1, 2";

/// How many rows of a table refer to rows of another that are not there.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct BrokenReferences {
    /// The table.
    pub table: String,
    /// The table referred to.
    pub parent: String,
    /// How many rows.
    pub rows: u64,
}

impl Database {
    /// Counts rows that refer to nothing. PostgreSQL has none: it watches over every statement.
    pub async fn broken_references(&mut self) -> Result<Vec<BrokenReferences>, DatabaseError> {
        if self.engine() == Engine::Postgres {
            return Ok(Vec::new());
        }
        let rows = self.query("check the foreign keys", BROKEN_REFERENCES, &[]).await?;
        let lift = |row: super::Row| {
            let mut parts = row.into_iter().map(Option::unwrap_or_default);
            let mut next = || parts.next().unwrap_or_default();
            BrokenReferences { table: next(), parent: next(), rows: next().parse().unwrap_or(0) }
        };
        Ok(rows.into_iter().map(lift).collect())
    }

    /// Counts the rows of a table, the values of a column, or the tables of a schema that would be lost; none when it is
    /// not there, and one for what cannot be counted.
    pub async fn count_lost(&mut self, loss: &Loss) -> Result<u64, DatabaseError> {
        let what = format!("count {loss}");
        match loss {
            Loss::Uncounted { .. } => return Ok(1),
            Loss::Schema { schema } => return self.counted(&what, TABLES_OF_SCHEMA, &[Some(schema)]).await,
            _ => {}
        }
        let Some(table) = self.lost_table(&what, loss).await? else { return Ok(0) };
        let condition = match loss.column() {
            Some(column) if !self.has_column(&what, &table, column).await? => return Ok(0),
            Some(column) => format!(" where {} is not null", quoted(column)),
            None => String::new(),
        };
        self.counted(&what, &format!("select cast(count(*) as text) from {table}{condition}"), &[]).await
    }

    /// The table that loses something, as the engine finds it, quoted; a temporary one is not counted.
    async fn lost_table(&mut self, what: &str, loss: &Loss) -> Result<Option<String>, DatabaseError> {
        let name = match loss {
            Loss::Written { schema, table, .. } => Some((schema.as_deref(), table.as_str())),
            _ => None,
        };
        let found = match (self.engine(), name) {
            (Engine::Sqlite, None) => self.query(what, LOST_TABLE_ON_SQLITE, &[Some(loss.table())]).await?,
            (Engine::Postgres, None) => self.query(what, LOST_TABLE_ON_POSTGRES, &[Some(loss.table())]).await?,
            (Engine::Sqlite, Some((schema, table))) => {
                let rows = self.query(what, WRITTEN_ON_SQLITE, &[Some(table), schema]).await?;
                rows.into_iter().filter(|row| !matches!(row.get(1), Some(Some(_)))).collect()
            }
            (Engine::Postgres, Some((schema, table))) => {
                self.query(what, WRITTEN_ON_POSTGRES, &[Some(&full_name(schema, table))]).await?
            }
        };
        Ok(found.into_iter().flatten().next().flatten())
    }

    /// Tells whether a table has a column. SQLite is not asked: it says so itself when it counts.
    async fn has_column(&mut self, what: &str, table: &str, column: &str) -> Result<bool, DatabaseError> {
        match self.engine() {
            Engine::Sqlite => Ok(true),
            Engine::Postgres => {
                let found = self.query(what, COLUMN_ON_POSTGRES, &[Some(table), Some(column)]).await?;
                Ok(!found.is_empty())
            }
        }
    }

    async fn counted(&mut self, what: &str, sql: &str, values: &[Option<&str>]) -> Result<u64, DatabaseError> {
        let count = self.query(what, sql, values).await?;
        Ok(count.into_iter().flatten().next().flatten().and_then(|count| count.parse().ok()).unwrap_or(0))
    }

    /// Looks at an index of a table whose building was interrupted: tells whether it is whole, and drops it when it is not.
    pub async fn finish_or_drop_index(
        &mut self,
        name: &str,
        schema: Option<&str>,
        table: &str,
    ) -> Result<bool, DatabaseError> {
        let what = format!("look at index {name}");
        let sql = "select i.indisvalid::text, format('%I.%I', n.nspname, c.relname) from pg_catalog.pg_index i \
                   join pg_catalog.pg_class c on c.oid = i.indexrelid \
                   join pg_catalog.pg_namespace n on n.oid = c.relnamespace \
                   where c.relname = $1 and i.indrelid = pg_catalog.to_regclass($2)";
        let rows = self.query(&what, sql, &[Some(name), Some(&full_name(schema, table))]).await?;
        match rows.first().map(Vec::as_slice) {
            None => Ok(false),
            Some([Some(valid), Some(_)]) if valid == "true" => Ok(true),
            Some([_, Some(index)]) => {
                let sql = format!("drop index {index}");
                self.execute(&format!("drop the unfinished index {name}"), &sql, &[]).await?;
                Ok(false)
            }
            Some(_) => Ok(false),
        }
    }

    /// Reads the structure of all tables: of a SQLite file, or of one schema of a PostgreSQL database.
    pub async fn structure(&mut self, schema: Option<&str>) -> Result<Schema, DatabaseError> {
        match &mut self.connection {
            Connection::Sqlite { writer, .. } => {
                let read = writer.structure().await;
                read.map_err(|says| self.failure("read the structure", says.into()))
            }
            Connection::Postgres(writer) => Ok(writer.structure(schema).await?),
            Connection::Offline => Err(DatabaseError::OutOfOrder { what: "a script is asked for its structure" }),
        }
    }
}

fn full_name(schema: Option<&str>, table: &str) -> String {
    schema.map_or_else(|| quoted(table), |schema| format!("{}.{}", quoted(schema), quoted(table)))
}

fn quoted(name: &str) -> String {
    format!("\"{}\"", name.replace('"', "\"\""))
}
