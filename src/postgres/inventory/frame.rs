//! A frame around questions: a transaction, or a savepoint where one is open, that is rolled back whatever happens.

use super::SCHEMA_PATH;
use crate::postgres::ServerSays;
use crate::postgres::names::{literal, quote};
use crate::postgres::writer::Writer;

/// The name of the savepoint that stands for a transaction inside of one.
const SAVEPOINT: &str = "strait_inventory";

/// Everything on which the server's wording of a constant or a name depends, besides the search path.
const WORDING: &str = "set local quote_all_identifiers = off; set local datestyle = 'ISO, MDY'; \
                       set local intervalstyle = 'postgres'; set local timezone = 'UTC'; set local bytea_output = 'hex'; \
                       set local extra_float_digits = 1; set local standard_conforming_strings = on; set local jit = off";
/// How long a question waits for what another session keeps locked: those that have a view worded wait for its tables.
pub(super) const PATIENCE_SECONDS: u64 = 5;

/// What a question is asked in.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Frame {
    /// Whether a transaction is open around it.
    pub(super) inside: bool,
    /// Whether nothing is to be made in it, so that all questions see one moment.
    pub(super) read_only: bool,
}

impl Frame {
    /// Opens it, and makes names mean those of a schema; gives that schema's name.
    pub(super) async fn open(self, writer: &mut Writer, schema: Option<&str>) -> Result<String, ServerSays> {
        let begin = match (self.inside, self.read_only) {
            (true, _) => format!("savepoint {SAVEPOINT}"),
            (false, true) => "begin isolation level repeatable read read only".into(),
            (false, false) => "begin".into(),
        };
        writer.run(&begin).await?;
        let home = match schema {
            Some(schema) => schema.to_owned(),
            None => one(writer, "select current_schema()").await?.unwrap_or_else(|| "public".into()),
        };
        // Objects of extensions are named without their schema, wherever it is; what is made for a moment comes last.
        let path = SCHEMA_PATH.replace("$1", &literal(&home));
        let path = one(writer, &path).await?.unwrap_or_else(|| quote(&home));
        let patience = format!("set local lock_timeout = '{PATIENCE_SECONDS}s'");
        writer.run(&format!("set local search_path = {path}, pg_temp; {WORDING}; {patience}")).await?;
        Ok(home)
    }

    /// Closes it; nothing of it stays, and its settings are forgotten.
    pub(super) async fn close(self, writer: &mut Writer) -> Result<(), ServerSays> {
        let end = match self.inside {
            true => format!("rollback to savepoint {SAVEPOINT}; release savepoint {SAVEPOINT}"),
            false => "rollback".into(),
        };
        writer.run(&end).await.map(drop)
    }
}

/// The first value of an answer.
async fn one(writer: &mut Writer, sql: &str) -> Result<Option<String>, ServerSays> {
    Ok(writer.query(sql, &[]).await?.0.into_iter().flatten().next().flatten())
}
