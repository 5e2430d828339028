//! Rows that break a rule which SQLite did not hold them to: orphans, NULL in a key, doubles, keys too long for an index.
//!
//! Each is found by one query of the source, in its own terms: what SQLite takes to be equal.

use super::read::{KeyShape, TableRead, stored};
use super::{Reader, SqliteError, quote};
use crate::value::Key;

/// How many keys are given as examples.
const EXAMPLES: usize = 3;

/// Rows that break a rule: how many, and the keys of the first.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Broken {
    /// How many rows.
    pub rows: u64,
    /// The keys of the first three; none where rows cannot be told apart.
    pub examples: Vec<Key>,
}

/// A reference from the rows of a table to those of another.
#[derive(Clone, Copy, Debug)]
pub struct Reference<'a> {
    /// The referring columns.
    pub columns: &'a [String],
    /// The table referred to.
    pub parent: &'a str,
    /// Its columns, in the same order.
    pub parent_columns: &'a [String],
}

/// Rows whose reference leads to no row of the parent; a reference with a NULL in it leads nowhere on purpose.
pub fn orphans(reader: &Reader<'_>, read: &TableRead, reference: Reference<'_>) -> Result<Broken, SqliteError> {
    let Reference { columns, parent, parent_columns } = reference;
    let full = all_of(columns, |name| format!("child.{} is not null", quote(name)));
    let pairs = columns.iter().zip(parent_columns);
    let met: Vec<String> =
        pairs.map(|(own, of_parent)| format!("parent.{} = child.{}", quote(of_parent), quote(own))).collect();
    let only = format!("{full} and not exists (select 1 from {} parent where {})", quote(parent), met.join(" and "));
    find(reader, read, "child", &only)
}

/// Rows with NULL in one of these columns.
pub fn nulls(reader: &Reader<'_>, read: &TableRead, columns: &[String]) -> Result<Broken, SqliteError> {
    let any: Vec<String> = columns.iter().map(|name| format!("this.{} is null", quote(name))).collect();
    find(reader, read, "this", &any.join(" or "))
}

/// Rows whose values in these columns stand in an earlier row, too, byte for byte; those with a NULL are all different.
pub fn doubles(reader: &Reader<'_>, read: &TableRead, columns: &[String]) -> Result<Broken, SqliteError> {
    let names: Vec<String> = columns.iter().map(|name| format!("{} collate binary", quote(name))).collect();
    let full = all_of(columns, |name| format!("{} is not null", quote(name)));
    let table = quote(&read.table);
    let keys = key_columns(read);
    let place = if keys.is_empty() { "1".to_owned() } else { keys.join(", ") };
    // The number of a row among its likes: all but the first are doubles.
    let shown: Vec<String> = keys.iter().enumerate().map(|(at, key)| format!("{key} as key{at}")).collect();
    let shown = shown.into_iter().map(|column| format!("{column}, ")).collect::<String>();
    let ranked = format!(
        "select {shown}row_number() over (partition by {} order by {place}) as nth from {table} where {full}",
        names.join(", ")
    );
    let names: Vec<String> = (0..keys.len()).map(|at| format!("key{at}")).collect();
    run(reader, read, &names, &format!("from ({ranked}) where nth > 1"))
}

/// Rows whose values in these columns are longer together than so many bytes.
pub fn longer(reader: &Reader<'_>, read: &TableRead, columns: &[String], bytes: u64) -> Result<Broken, SqliteError> {
    // `length` of a text counts characters up to the first NUL; of a blob, bytes.
    let lengths: Vec<String> =
        columns.iter().map(|name| format!("ifnull(length(cast(this.{} as blob)), 0)", quote(name))).collect();
    find(reader, read, "this", &format!("{} > {bytes}", lengths.join(" + ")))
}

/// The rows of which a condition is true; it is SQL as both engines take it, with the table's name for `{table}`.
pub fn count_where(reader: &Reader<'_>, read: &TableRead, condition: &str) -> Result<u64, SqliteError> {
    let table = quote(&read.table);
    let sql = format!("select count(*) from {table} where {}", condition.replace("{table}", &table));
    let count = reader.connection().query_row(&sql, [], |row| row.get::<_, i64>(0));
    count.map(i64::unsigned_abs).map_err(|source| reader.error(&format!("table {}", read.table), source))
}

fn all_of(columns: &[String], word: impl Fn(&String) -> String) -> String {
    columns.iter().map(word).collect::<Vec<_>>().join(" and ")
}

fn key_columns(read: &TableRead) -> Vec<String> {
    match &read.key {
        KeyShape::Rowid(name) => vec![quote(name)],
        KeyShape::Columns(names) => names.iter().map(|name| quote(name)).collect(),
        KeyShape::Unreachable => Vec::new(),
    }
}

fn find(reader: &Reader<'_>, read: &TableRead, called: &str, only: &str) -> Result<Broken, SqliteError> {
    let keys: Vec<String> = key_columns(read).iter().map(|key| format!("{called}.{key}")).collect();
    run(reader, read, &keys, &format!("from {} {called} where {only}", quote(&read.table)))
}

/// Counts the rows that a query finds and keeps the keys of the first.
fn run(reader: &Reader<'_>, read: &TableRead, keys: &[String], from: &str) -> Result<Broken, SqliteError> {
    let shown = if keys.is_empty() { "null".to_owned() } else { keys.join(", ") };
    let search = || -> rusqlite::Result<Broken> {
        let mut broken = Broken::default();
        let mut statement = reader.connection().prepare(&format!("select {shown} {from}"))?;
        let mut rows = statement.query([])?;
        while let Some(row) = rows.next()? {
            broken.rows += 1;
            if broken.examples.len() < EXAMPLES && !keys.is_empty() {
                let values = (0..keys.len()).map(|at| row.get_ref(at).map(stored));
                let values = values.collect::<rusqlite::Result<Vec<_>>>()?;
                broken.examples.push(key(read, values));
            }
        }
        Ok(broken)
    };
    search().map_err(|source| reader.error(&format!("table {}", read.table), source))
}

fn key(read: &TableRead, values: Vec<crate::value::Stored>) -> Key {
    match (&read.key, values.as_slice()) {
        (KeyShape::Rowid(_), [crate::value::Stored::Integer(number)]) => Key::Rowid(*number),
        _ => Key::Columns(values),
    }
}
