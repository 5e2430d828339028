//! Everything that a PostgreSQL schema holds, read from the catalogues as facts.
//!
//! [`read`] asks a few questions, one for each kind of thing, and lifts each answer ([`document`]) into an item. What a
//! definition names is worded without the home schema, so that one structure reads the same in any schema.
//! [`agree_on_wording`] makes two spellings of one expression the same text, with [`constant`]; [`mend`] writes what would end a
//! difference.

mod constant;
mod create;
mod document;
mod frame;
mod grants;
mod heirs;
mod keys;
pub mod mend;
mod names;
mod numbering;
mod order;
mod reload;
mod uses;
mod wording;

use document::Document;
use frame::Frame;

use super::writer::{Row, Writer};
use super::{PostgresError, ServerSays};
use crate::schema::Engine;
use crate::schema::inventory::{Inventory, Item, Unmanaged};

pub use wording::agree_on_wording;

/// The questions, each answered by a document for each thing.
const QUESTIONS: [&str; 8] = [
    include_str!("whole.sql"),
    include_str!("types.sql"),
    include_str!("routines.sql"),
    include_str!("relations.sql"),
    include_str!("columns.sql"),
    include_str!("constraints.sql"),
    include_str!("indexes.sql"),
    include_str!("parts.sql"),
];
/// The home schema and those in which extensions have put their things, as a search path.
const SCHEMA_PATH: &str = "select string_agg(quote_ident(s.name), ', ' order by s.name <> $1, s.name) from (select $1 as name union \
                           select n.nspname::text from pg_catalog.pg_extension e join pg_catalog.pg_namespace n \
                           on n.oid = e.extnamespace where n.nspname not like 'pg\\_%') s";
/// What the server says when a lock was not granted in time. Source: PostgreSQL manual, "PostgreSQL Error Codes".
const NOT_GRANTED: &str = "55P03";
const WHAT: &str = "read what the database holds";

/// What of a database is read.
#[derive(Clone, Copy, Debug)]
pub struct Reach<'r> {
    /// The home schema; none for the one in which unqualified names are created.
    pub schema: Option<&'r str>,
    /// Whether what other schemas hold is described, too.
    pub other_schemas: bool,
    /// Whether a transaction is open on the session.
    pub in_transaction: bool,
}

/// Reads everything; the session is left as it was.
pub async fn read(writer: &mut Writer, reach: Reach<'_>) -> Result<Inventory, PostgresError> {
    let frame = Frame { inside: reach.in_transaction, read_only: true };
    let read = ask_all(writer, frame, reach).await;
    let closed = frame.close(writer).await;
    let read = told(writer, read).await?;
    closed.map_err(failed)?;
    Ok(read)
}

/// A failure, with whoever is in the way where that is why.
async fn told<T>(writer: &mut Writer, result: Result<T, PostgresError>) -> Result<T, PostgresError> {
    match result {
        Err(error) if error.code() == Some(NOT_GRANTED) => {
            let rows = writer.query(include_str!("locked.sql"), &[]).await.map_err(failed)?.0;
            let holder = rows.into_iter().flatten().flatten().next();
            let holder = holder.unwrap_or_else(|| "another session still holds a lock".into());
            Err(PostgresError::Locked { what: WHAT.into(), seconds: frame::PATIENCE_SECONDS, holder })
        }
        result => result,
    }
}

async fn ask_all(writer: &mut Writer, frame: Frame, reach: Reach<'_>) -> Result<Inventory, PostgresError> {
    let home = frame.open(writer, reach.schema).await.map_err(failed)?;
    let parameters = [Some(home.as_str()), Some(if reach.other_schemas { "true" } else { "false" })];
    let mut items = Vec::new();
    for question in QUESTIONS {
        let rows = writer.query(question, &parameters).await.map_err(failed)?.0;
        for row in rows {
            items.push(lift(&row)?);
        }
    }
    order::arrange(&mut items);
    let rows = writer.query(include_str!("unmanaged.sql"), &parameters).await.map_err(failed)?.0;
    let unmanaged = rows.into_iter().map(unmanaged).collect();
    let mut inventory = Inventory { engine: Engine::Postgres, items, unmanaged };
    let rows = writer.query(include_str!("uses.sql"), &parameters).await.map_err(failed)?.0;
    uses::note(rows, &mut inventory);
    create::complete(&mut inventory);
    Ok(inventory)
}

fn lift(row: &Row) -> Result<Item, PostgresError> {
    let unreadable = |why: String| PostgresError::Unsuitable {
        address: "the database".into(),
        why: format!("its catalogues cannot be read ({why})"),
    };
    let text = row.first().and_then(Option::as_deref).unwrap_or_default();
    let document: Document = serde_json::from_str(text).map_err(|error| unreadable(error.to_string()))?;
    document.lift().map_err(|word| unreadable(format!("a fact is called {word}")))
}

fn unmanaged(row: Row) -> Unmanaged {
    let mut texts = row.into_iter().map(Option::unwrap_or_default);
    let mut next = || texts.next().unwrap_or_default();
    Unmanaged { kind: next(), name: next(), why: next() }
}

fn failed(source: ServerSays) -> PostgresError {
    PostgresError::Statement { what: WHAT.into(), source }
}
