//! Whatever a database holds besides tables of rows: views, triggers, functions, types, each with its definition.

use super::{Database, DatabaseError};
use crate::schema::Engine;

const OBJECTS_ON_SQLITE: &str = "select case type when 'table' then 'virtual table' else type end, name, \
                                 coalesce(sql, '') from sqlite_schema where type in ('view', 'trigger') \
                                 or type = 'table' and sql like 'create virtual table%' order by 1, 2";

/// Something in a database that is no table of rows.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Object {
    /// What it is, in the engine's word.
    pub kind: String,
    /// Its name, with its schema where that is not the usual one.
    pub name: String,
    /// What it is made of, as the engine keeps it.
    pub definition: String,
}

impl Database {
    /// Lists everything that is no table of rows, without what is ours.
    pub async fn objects(&mut self) -> Result<Vec<Object>, DatabaseError> {
        let sql = match self.engine() {
            Engine::Sqlite => OBJECTS_ON_SQLITE,
            Engine::Postgres => include_str!("objects.sql"),
        };
        let rows = self.query("list views, triggers and the like", sql, &[]).await?;
        let lift = |row: super::Row| {
            let mut parts = row.into_iter().map(Option::unwrap_or_default);
            let mut next = || parts.next().unwrap_or_default();
            Object { kind: next(), name: next(), definition: next() }
        };
        Ok(rows.into_iter().map(lift).collect())
    }
}
