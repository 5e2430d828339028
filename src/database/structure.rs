//! What the runner asks of a database's structure: what it is, and what is broken in it.

use super::loss::full_name;
use super::{Connection, Database, DatabaseError};
use crate::schema::{Engine, Schema};

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
