//! How much a change would destroy: rows, values and tables, counted where they can be.

use super::{Database, DatabaseError, Row};
use crate::schema::Engine;
use crate::schema::names::quoted;
use crate::schema::reverse::Loss;

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

impl Database {
    /// Counts the rows of a table, the values of a column, or the tables of a schema that would be lost: zero when it is not
    /// there, none when it cannot be counted.
    pub async fn count_lost(&mut self, loss: &Loss) -> Result<Option<u64>, DatabaseError> {
        match (loss, self.engine()) {
            (Loss::Uncounted { .. }, _) => Ok(None),
            (_, Engine::Sqlite) => self.count(loss).await,
            (_, Engine::Postgres) => self.count_all(loss).await,
        }
    }

    /// Counts on PostgreSQL, where a policy may hide rows, even from their owner: with row security off, the server says so
    /// instead of leaving them out. What it refuses to count is not counted; nothing of it is left behind.
    ///
    /// Source: PostgreSQL manual, "Row Security Policies".
    async fn count_all(&mut self, loss: &Loss) -> Result<Option<u64>, DatabaseError> {
        let (opening, closing) = match self.in_transaction() {
            true => ("savepoint strait_count", "rollback to savepoint strait_count; release savepoint strait_count"),
            false => ("begin", "rollback"),
        };
        let what = format!("count {loss}");
        let failed_before = self.transaction.as_ref().is_some_and(|open| open.failed);
        self.run_script(&what, &format!("{opening}; set local row_security = off")).await?;
        let counted = self.count(loss).await;
        if self.lost {
            return counted;
        }
        self.run_script(&what, closing).await?;
        match counted {
            Err(DatabaseError::Statement { source, .. }) if !source.retry => {
                self.transaction.iter_mut().for_each(|open| open.failed = failed_before);
                // What is no document makes the change fail.
                let fails = matches!(loss, Loss::Repeated { .. }) && source.is_of_a_value();
                Ok(fails.then_some(0))
            }
            counted => counted,
        }
    }

    async fn count(&mut self, loss: &Loss) -> Result<Option<u64>, DatabaseError> {
        let what = format!("count {loss}");
        if let Loss::Schema { schema } = loss {
            return self.counted(&what, TABLES_OF_SCHEMA, &[Some(schema)]).await.map(Some);
        }
        let Some(table) = self.lost_table(&what, loss).await? else { return Ok(Some(0)) };
        match loss {
            Loss::Referring { .. } => self.rows_referring(&what, &table, loss).await.map(Some),
            // Which of them is found by the statement alone.
            Loss::Replaced { .. } => Ok((self.rows_referring(&what, &table, loss).await? == 0).then_some(0)),
            Loss::Repeated { column, .. } => self.repeated_keys(&what, &table, column).await.map(Some),
            Loss::Cast { column, to, .. } => self.values_changed(&what, &table, column, to).await.map(Some),
            _ => self.rows_lost(&what, &table, loss.column()).await.map(Some),
        }
    }

    /// Counts the rows of a table, or those with a value in a column.
    async fn rows_lost(&mut self, what: &str, table: &str, column: Option<&str>) -> Result<u64, DatabaseError> {
        let condition = match column {
            Some(column) if !self.has_column(what, table, column).await? => return Ok(0),
            Some(column) => format!(" where {} is not null", quoted(column)),
            None => String::new(),
        };
        self.counted(what, &format!("select cast(count(*) as text) from {table}{condition}"), &[]).await
    }

    /// Counts the rows that go with those of a table; on SQLite, by the rules of the references.
    async fn rows_referring(&mut self, what: &str, table: &str, loss: &Loss) -> Result<u64, DatabaseError> {
        let (sql, name, only) = match self.engine() {
            Engine::Sqlite => (include_str!("referring_sqlite.sql"), loss.table(), ""),
            Engine::Postgres => (include_str!("referring_postgres.sql"), table, "only "),
        };
        let mut rows = 0;
        for other in self.query(what, sql, &[Some(name)]).await?.into_iter().flatten().flatten() {
            rows += self.counted(what, &format!("select cast(count(*) as text) from {only}{other}"), &[]).await?;
        }
        Ok(rows)
    }

    /// Counts the values that are others when they have become of a new type and then of the old one again.
    async fn values_changed(&mut self, what: &str, table: &str, column: &str, to: &str) -> Result<u64, DatabaseError> {
        let found = self.query(what, include_str!("cast.sql"), &[Some(table), Some(column), Some(to)]).await?;
        let Some([Some(old), Some(compared), texts]) = found.first().map(Vec::as_slice) else { return Ok(0) };
        let column = quoted(column);
        let sql = match texts {
            // A text that is too long makes the change fail, where a cast would cut it; blanks at its end are cut by both.
            Some(_) => format!(
                "select cast(count(*) as text) from {table} where {column}::text is distinct from \
                 cast({column} as {to})::text and rtrim({column}::text, ' ') = rtrim(cast({column} as {to})::text, ' ')"
            ),
            None => format!(
                "select cast(count(*) as text) from {table} where {column}{compared} is distinct from \
                 cast(cast({column} as {to}) as {old}){compared}"
            ),
        };
        self.counted(what, &sql, &[]).await
    }

    /// Counts the documents in which an object has two values for one key; SQLite keeps them all.
    async fn repeated_keys(&mut self, what: &str, table: &str, column: &str) -> Result<u64, DatabaseError> {
        if self.engine() == Engine::Sqlite || !self.has_column(what, table, column).await? {
            return Ok(0);
        }
        let sql = include_str!("repeated_keys.sql").lines().skip(1).collect::<Vec<_>>().join("\n");
        let sql = sql.replace("{table}", table).replace("{column}", &quoted(column));
        self.counted(what, &sql, &[]).await
    }

    /// The table that loses something, as the engine finds it, quoted; a temporary one is not counted.
    async fn lost_table(&mut self, what: &str, loss: &Loss) -> Result<Option<String>, DatabaseError> {
        let found: Vec<Row> = match (self.engine(), loss.written_table()) {
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
}

/// A table's name in an engine's own words, with its schema where it is written.
pub(super) fn full_name(schema: Option<&str>, table: &str) -> String {
    schema.map_or_else(|| quoted(table), |schema| format!("{}.{}", quoted(schema), quoted(table)))
}
