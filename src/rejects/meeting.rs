//! Whether the row that a reject's key leads to is the one that was set aside.
//!
//! A key that the table itself declares is a row's own. A bare row number is not: SQLite gives rows other numbers when it
//! compacts the file. There, every value must be as it was stored, but for the one that was to be mended. Rows without any
//! key are known by all of their values.

use std::collections::{BTreeMap, HashMap};
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
use crate::sqlite::read::{TableRead, Walk};
use crate::value::{Key, KeyRange};

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

/// A reject, with the key of its row where rows have one.
pub(super) type Sought = (Option<Key>, Open);

/// Looks where the keys of some rejects lead.
pub(super) async fn meet(
    session: &mut Session,
    snapshot: &Arc<Snapshot>,
    source: &Table,
    read: &TableRead,
    batch: &[Sought],
) -> Result<Vec<Met>, CopyError> {
    let kept = if has_own_key(source) { HashMap::new() } else { kept(session, batch).await? };
    let by_key: Vec<(Key, Option<Kept>)> =
        batch.iter().filter_map(|(key, reject)| Some((key.clone()?, kept.get(&reject.id).cloned()))).collect();
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

/// Looks for the rows of some rejects that have no key: a row that is stored like one is that one, for whatever it is a copy
/// of is the same row. Gives the rows that are there, too, with how often each was set aside.
pub(super) async fn meet_alike(
    session: &mut Session,
    snapshot: &Arc<Snapshot>,
    read: &TableRead,
    batch: &[Sought],
) -> Result<(Vec<Met>, BTreeMap<Vec<String>, usize>), CopyError> {
    let kept = kept(session, batch).await?;
    let wanted: Vec<Option<Vec<String>>> =
        batch.iter().map(|(_, reject)| kept.get(&reject.id).and_then(|kept| in_order(kept, read))).collect();
    let (snapshot, read) = (Arc::clone(snapshot), read.clone());
    blocking(move || {
        let mut here: BTreeMap<&Vec<String>, usize> = wanted.iter().flatten().map(|row| (row, 0)).collect();
        read.walk(&snapshot.lend(), &KeyRange::default(), |row| {
            if let Some(count) = here.get_mut(&row.literals()?) {
                *count += 1;
            }
            Ok(Walk::Continue)
        })?;
        let (mut met, mut rows) = (Vec::with_capacity(wanted.len()), BTreeMap::new());
        for row in &wanted {
            let found =
                row.as_ref().and_then(|row| here.get_mut(row).filter(|count| **count > 0).map(|count| (row, count)));
            met.push(if let Some((row, count)) = found {
                *count -= 1;
                *rows.entry(row.clone()).or_default() += 1;
                Met::Here
            } else {
                Met::Strange
            });
        }
        Ok((met, rows))
    })
    .await
}

/// The literals of a kept row in the order in which columns are read; none when it has other columns.
fn in_order(kept: &Kept, read: &TableRead) -> Option<Vec<String>> {
    let literal = |name: &String| kept.row.0.iter().find(|(kept, _)| kept == name).map(|(_, literal)| literal.clone());
    read.columns.iter().map(literal).collect::<Option<Vec<_>>>().filter(|row| row.len() == kept.row.0.len())
}

/// Whether a table's rows are known by values of their own.
fn has_own_key(table: &Table) -> bool {
    table.primary_key.is_some() || table.columns.iter().any(|column| column.identity.is_some())
}

async fn kept(session: &mut Session, batch: &[Sought]) -> Result<HashMap<i64, Kept>, CopyError> {
    let ids: Vec<String> = batch.iter().map(|(_, reject)| reject.id.to_string()).collect();
    let sql = format!(
        "select json_build_object('id', id, 'column', column_name, 'row', stored)::text from strait.reject where id in ({})",
        ids.join(", ")
    );
    let kept: Vec<Kept> = objects(session, "read the rejects", sql).await?;
    Ok(kept.into_iter().map(|kept| (kept.id, kept)).collect())
}
