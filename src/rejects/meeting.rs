//! Whether the row that a reject's key leads to is the one that was set aside.
//!
//! A key that the table itself declares is a row's own. A bare row number is not: SQLite gives rows other numbers when it
//! compacts the file. There, every value must be as it was stored, but for the one that was to be mended.

use std::collections::HashMap;
use std::sync::Arc;

use serde::Deserialize;

use super::objects;
use super::outcome::Literals;
use super::retry::Open;
use crate::copy::CopyError;
use crate::copy::workers::blocking;
use crate::postgres::Session;
use crate::schema::Table;
use crate::sqlite::Snapshot;
use crate::sqlite::read::TableRead;
use crate::value::Key;

/// What a reject's key leads to.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Met {
    /// Its row.
    Here,
    /// No row.
    Gone,
    /// A row that may be another.
    Strange,
}

/// A reject's row as it was stored.
#[derive(Clone, Debug, Deserialize)]
struct Kept {
    id: i64,
    column: Option<String>,
    row: Literals,
}

/// Looks where the keys of some rejects lead.
pub(super) async fn meet(
    session: &mut Session,
    snapshot: &Arc<Snapshot>,
    source: &Table,
    read: &TableRead,
    batch: &[(Key, Open)],
) -> Result<Vec<Met>, CopyError> {
    let kept = if has_own_key(source) { HashMap::new() } else { kept(session, batch).await? };
    let by_key: Vec<(Key, Option<Kept>)> =
        batch.iter().map(|(key, reject)| (key.clone(), kept.get(&reject.id).cloned())).collect();
    let (snapshot, mut read) = (Arc::clone(snapshot), read.clone());
    blocking(move || {
        let reader = snapshot.lend();
        let mut met = Vec::with_capacity(by_key.len());
        for (key, kept) in by_key {
            if let Some(kept) = &kept {
                read.columns = kept.row.0.iter().map(|(name, _)| name.clone()).collect();
            }
            let mut found = Met::Gone;
            read.rows(&reader, std::slice::from_ref(&key), |_, row| {
                let Some(row) = row else { return Ok(()) };
                found = Met::Here;
                for (at, (name, literal)) in kept.iter().flat_map(|kept| kept.row.0.iter().enumerate()) {
                    let is_mended = kept.as_ref().and_then(|kept| kept.column.as_ref()) == Some(name);
                    if !is_mended && row.stored(at)?.to_string() != *literal {
                        found = Met::Strange;
                    }
                }
                Ok(())
            })?;
            met.push(found);
        }
        Ok(met)
    })
    .await
}

/// Whether a table's rows are known by values of their own.
fn has_own_key(table: &Table) -> bool {
    table.primary_key.is_some() || table.columns.iter().any(|column| column.identity.is_some())
}

async fn kept(session: &mut Session, batch: &[(Key, Open)]) -> Result<HashMap<i64, Kept>, CopyError> {
    let ids: Vec<String> = batch.iter().map(|(_, reject)| reject.id.to_string()).collect();
    let sql = format!(
        "select json_build_object('id', id, 'column', column_name, 'row', stored)::text from strait.reject where id in ({})",
        ids.join(", ")
    );
    let kept: Vec<Kept> = objects(session, "read the rejects", sql).await?;
    Ok(kept.into_iter().map(|kept| (kept.id, kept)).collect())
}
