//! Whether the row that a reject leads to is the one that was set aside.
//!
//! A key that the table itself declares is a row's own. A bare row number is not: SQLite gives rows other numbers when it
//! compacts the file or the table is written anew. There, the values of a declared key lead to the row, and in a table
//! without one [`alike`](super::alike) compares all values.

use std::collections::{HashMap, HashSet};
use std::sync::Arc;

use serde::Deserialize;

use super::alike::{Finder, search};
use super::missing::Part;
use super::outcome::Literals;
use super::retry::Open;
use super::{PAGE, objects};
use crate::copy::CopyError;
use crate::copy::fingerprint::Fingerprint;
use crate::copy::plan::TablePlan;
use crate::copy::workers::blocking;
use crate::postgres::Session;
use crate::postgres::names::literal;
use crate::schema::Table;
use crate::sqlite::Snapshot;
use crate::sqlite::read::{KeyShape, TableRead};
use crate::value::Key;

/// What a reject leads to.
#[derive(Clone, Debug, PartialEq)]
pub(super) enum Met {
    /// Its row, under this key.
    Here(Key),
    /// A row that is stored as it was, where rows have no key.
    Alike(Fingerprint),
    /// Its row, mended, in a table whose rows have no key of their own.
    Mended(Key),
    /// No row.
    Gone,
    /// No row that is certain to be the one.
    Strange,
}

impl Met {
    /// The key of its row, unless that is mended.
    pub(super) fn key(&self) -> Option<&Key> {
        if let Self::Here(key) = self { Some(key) } else { None }
    }
}

/// A reject's row as it was stored, or some of its columns.
#[derive(Clone, Debug, Deserialize)]
pub(super) struct Kept {
    id: i64,
    pub(super) column: Option<String>,
    pub(super) row: Literals,
    /// What the whole row is known by, where a part of it alone is kept.
    pub(super) whole: Option<String>,
}

impl Kept {
    /// The literal of a column.
    pub(super) fn literal(&self, column: &str) -> Option<&str> {
        self.row.0.iter().find(|(name, _)| name == column).map(|(_, literal)| literal.as_str())
    }

    fn literals(&self, columns: &[String]) -> Option<Vec<&str>> {
        columns.iter().map(|column| self.literal(column)).collect()
    }
}

/// How a reject's row is found.
enum Way {
    /// By the key that is noted.
    Own(Key),
    /// By the values of a key that the table declares besides its row numbers; whether the misfit is one of them.
    Declared(Fingerprint, bool),
    /// By all values.
    Values,
}

/// Looks where the rejects of one table lead.
pub(super) async fn meet(
    session: &mut Session,
    snapshot: &Arc<Snapshot>,
    schema: &str,
    table: &TablePlan,
    rejects: &[Open],
) -> Result<Vec<Met>, CopyError> {
    let part = Part::stored(schema, table);
    let ways = ways(session, table, rejects).await?;
    let mut met = vec![Met::Strange; rejects.len()];
    let own = |way: &Way| if let Way::Own(key) = way { Some(key.clone()) } else { None };
    let (places, keys): (Vec<usize>, Vec<Key>) =
        ways.iter().enumerate().filter_map(|(at, way)| Some((at, own(way)?))).unzip();
    let are_there = present(snapshot, &table.read, keys.clone()).await?;
    for ((at, key), is_there) in places.into_iter().zip(keys).zip(are_there) {
        met[at] = if is_there { Met::Here(key) } else { Met::Gone };
    }
    let declared = |way: &Way| if let Way::Declared(key, _) = way { Some(*key) } else { None };
    let wanted: HashSet<Fingerprint> = ways.iter().filter_map(declared).collect();
    let names = primary_key(&table.source);
    let found = search(snapshot, &part.of(names), wanted).await?;
    let mut by_values = Vec::new();
    for (at, way) in ways.iter().enumerate() {
        match way {
            Way::Own(_) => {}
            Way::Values => by_values.push(at),
            Way::Declared(key, is_misfit) => match found.get(key).map(|alike| alike.keys.as_slice()) {
                Some([Some(key)]) => met[at] = Met::Here(key.clone()),
                None if !is_misfit => met[at] = Met::Gone,
                _ => by_values.push(at),
            },
        }
    }
    let those: Vec<&Open> = by_values.iter().map(|at| &rejects[*at]).collect();
    let by_their_values = Finder { session, snapshot, part: &part }.find(&those).await?;
    for (at, one) in by_values.into_iter().zip(by_their_values) {
        met[at] = one;
    }
    Ok(met)
}

/// Decides how each row is found. A key is a row's own only if what was stored in the row shows it, too.
async fn ways(session: &mut Session, table: &TablePlan, rejects: &[Open]) -> Result<Vec<Way>, CopyError> {
    let alias = table.source.columns.iter().find(|column| column.identity.is_some()).map(|column| column.name.clone());
    let (is_own, columns) = match (&table.read.key, alias) {
        (KeyShape::Rowid(_), Some(alias)) => (true, vec![alias]),
        (KeyShape::Columns(columns), _) => (true, columns.clone()),
        (KeyShape::Rowid(_), None) => (false, primary_key(&table.source).to_vec()),
        (KeyShape::Unreachable, _) => (false, Vec::new()),
    };
    if columns.is_empty() {
        return Ok(rejects.iter().map(|_| Way::Values).collect());
    }
    let mut ways = Vec::with_capacity(rejects.len());
    let all: Vec<&Open> = rejects.iter().collect();
    for page in all.chunks(PAGE as usize) {
        let kept = kept(session, page, Some(&columns)).await?;
        ways.extend(page.iter().map(|reject| {
            let way = kept.get(&reject.id).and_then(|kept| {
                let literals = kept.literals(&columns)?;
                if is_own {
                    return Key::parse(&reject.key).filter(|key| says(key, &literals)).map(Way::Own);
                }
                // SQLite lets many rows have a key that holds NULL.
                let is_unique = !literals.contains(&"NULL");
                let is_misfit = kept.column.as_ref().is_some_and(|column| columns.contains(column));
                is_unique.then(|| Way::Declared(Fingerprint::of(literals), is_misfit))
            });
            way.unwrap_or(Way::Values)
        }));
    }
    Ok(ways)
}

/// Whether a key's values are these.
fn says(key: &Key, literals: &[&str]) -> bool {
    match key {
        Key::Rowid(number) => *literals == [number.to_string()],
        Key::Columns(values) => values.iter().map(ToString::to_string).eq(literals.iter().copied()),
    }
}

fn primary_key(table: &Table) -> &[String] {
    table.primary_key.as_ref().map_or(&[], |key| &key.columns)
}

/// Which of these keys lead to a row.
async fn present(snapshot: &Arc<Snapshot>, read: &TableRead, keys: Vec<Key>) -> Result<Vec<bool>, CopyError> {
    let (snapshot, read) = (Arc::clone(snapshot), TableRead { columns: Vec::new(), ..read.clone() });
    blocking(move || {
        let mut present = vec![false; keys.len()];
        if keys.is_empty() {
            return Ok(present);
        }
        read.rows(&snapshot.lend(), &keys, |at, row| {
            present[at] = row.is_some();
            Ok(())
        })?;
        Ok(present)
    })
    .await
}

/// Reads rejects as they were stored, by their numbers; of their columns all or some.
pub(super) async fn kept(
    session: &mut Session,
    rejects: &[&Open],
    only: Option<&[String]>,
) -> Result<HashMap<i64, Kept>, CopyError> {
    let ids: Vec<String> = rejects.iter().map(|reject| reject.id.to_string()).collect();
    let row = only.map_or_else(
        || "stored".to_owned(),
        |only| {
            let names: Vec<String> = only.iter().map(|name| literal(name)).collect();
            format!(
                "(select coalesce(json_object_agg(key, value), '{{}}') from json_each(stored) where key in ({}))",
                names.join(", ")
            )
        },
    );
    let sql = format!(
        "select json_build_object('id', id, 'column', column_name, 'row', {row}, 'whole', whole)::text from strait.reject where id in ({})",
        ids.join(", ")
    );
    let kept: Vec<Kept> = objects(session, "read the rejects", sql).await?;
    Ok(kept.into_iter().map(|kept| (kept.id, kept)).collect())
}
