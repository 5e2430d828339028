//! Rows that break a rule which SQLite did not hold them to: orphans, NULL in a key, doubles, keys too long for an index.
//!
//! Each is found by one query of the source, in its own terms: what SQLite takes to be equal.

use rusqlite::Row;

use super::read::{KeyShape, RowRef, TableRead, stored};
use super::{Reader, SqliteError, quote};
use crate::value::{Key, Stored};

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

impl Broken {
    /// Keeps a key as an example while there are few.
    pub fn keep_example(&mut self, key: Option<&Key>) {
        self.examples.extend(key.filter(|_| self.examples.len() < EXAMPLES).cloned());
    }
}

/// How the rows of a table refer to those of another.
#[derive(Clone, Copy, Debug)]
pub struct Meeting<'a> {
    /// The referring columns.
    pub columns: &'a [String],
    /// The table referred to.
    pub parent: &'a TableRead,
    /// Its columns, in the same order.
    pub parent_columns: &'a [String],
    /// Whether a key that is NULL in part leads nowhere, and not on purpose.
    pub match_full: bool,
}

impl Meeting<'_> {
    /// What is true of a row and of the one that it refers to, as SQLite has it: under the parent's affinity and collation
    /// alone, for which the sign stands. Source: SQLite, "SQLite Foreign Key Support", and `pragma foreign_key_check`.
    pub(super) fn condition(&self) -> String {
        self.pairs(|child, parent| format!("{parent} = +{child}"))
    }

    /// Whether they are equal byte for byte, too, as PostgreSQL has it.
    fn by_bytes(&self) -> String {
        self.pairs(|child, parent| format!("{parent} = +{child} collate binary"))
    }

    fn pairs(&self, equal: impl Fn(&str, &str) -> String) -> String {
        let pairs = self.columns.iter().zip(self.parent_columns);
        let equal = |(own, of_parent): (&String, &String)| {
            equal(&format!("child.{}", quote(own)), &format!("parent.{}", quote(of_parent)))
        };
        pairs.map(equal).collect::<Vec<_>>().join(" and ")
    }
}

/// Visits the rows whose reference leads to no row of the parent byte for byte, each with its referring columns, and whether it
/// leads to one under the parent's collation; a reference with a NULL in it leads nowhere on purpose.
pub fn each_orphan(
    reader: &Reader<'_>,
    read: &TableRead,
    meeting: Meeting<'_>,
    mut visit: impl FnMut(&RowRef<'_>, bool) -> Result<(), SqliteError>,
) -> Result<(), SqliteError> {
    let present = meeting.columns.iter().map(|name| format!("child.{} is not null", quote(name)));
    let full = present.collect::<Vec<_>>().join(if meeting.match_full { " or " } else { " and " });
    let read = TableRead { columns: meeting.columns.to_vec(), ..read.clone() };
    // A join, because SQLite makes itself an index for one where the parent has none, and not for each row anew.
    let missing =
        meeting.parent_columns.first().map_or_else(String::new, |name| format!("parent.{} is null", quote(name)));
    let own = meeting.columns.iter().map(|name| format!("child.{}", quote(name)));
    let shown: Vec<String> = keys_of("child", &read).into_iter().chain(own).chain([missing.clone()]).collect();
    let sql = format!(
        "select {} from {} child left join {} parent on {} where ({full}) and ({missing} or not ({}))",
        shown.join(", "),
        quote(&read.table),
        quote(&meeting.parent.table),
        meeting.condition(),
        meeting.by_bytes()
    );
    let last = meeting.columns.len();
    read.each(reader, &sql, |row| visit(row, row.stored(last)? == Stored::Integer(0)))
}

/// Visits the rows whose reference leads to a row, by the keys of both.
pub fn each_meeting(
    reader: &Reader<'_>,
    read: &TableRead,
    meeting: Meeting<'_>,
    mut visit: impl FnMut(Option<Key>, Option<Key>),
) -> Result<(), SqliteError> {
    let (own, of_parent) = (keys_of("child", read), keys_of("parent", meeting.parent));
    // In this order: the parent is found by its key, and the other side may have no index.
    let sql = format!(
        "select {}, {} from {} child cross join {} parent on {}",
        shown(&own),
        shown(&of_parent),
        quote(&read.table),
        quote(&meeting.parent.table),
        meeting.condition()
    );
    let width = own.len().max(1);
    each(reader, read, &sql, |row| {
        visit(key_at(read, row, 0)?, key_at(meeting.parent, row, width)?);
        Ok(())
    })
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

pub(super) fn keys_of(called: &str, read: &TableRead) -> Vec<String> {
    key_columns(read).iter().map(|key| format!("{called}.{key}")).collect()
}

fn shown(keys: &[String]) -> String {
    if keys.is_empty() { "null".to_owned() } else { keys.join(", ") }
}

fn find(reader: &Reader<'_>, read: &TableRead, called: &str, only: &str) -> Result<Broken, SqliteError> {
    run(reader, read, &keys_of(called, read), &format!("from {} {called} where {only}", quote(&read.table)))
}

/// Counts the rows that a query finds and keeps the keys of the first.
fn run(reader: &Reader<'_>, read: &TableRead, keys: &[String], from: &str) -> Result<Broken, SqliteError> {
    let mut broken = Broken::default();
    each(reader, read, &format!("select {} {from}", shown(keys)), |row| {
        broken.rows += 1;
        if broken.examples.len() < EXAMPLES {
            broken.keep_example(key_at(read, row, 0)?.as_ref());
        }
        Ok(())
    })?;
    Ok(broken)
}

/// Visits the rows of a query about a table.
fn each(
    reader: &Reader<'_>,
    read: &TableRead,
    sql: &str,
    mut visit: impl FnMut(&Row<'_>) -> rusqlite::Result<()>,
) -> Result<(), SqliteError> {
    let mut search = || {
        let mut statement = reader.connection().prepare(sql)?;
        let mut rows = statement.query([])?;
        while let Some(row) = rows.next()? {
            visit(row)?;
        }
        Ok(())
    };
    search().map_err(|source| reader.error(&format!("table {}", read.table), source))
}

/// The key of a table's row that stands in a row of a query from this place on.
pub(super) fn key_at(read: &TableRead, row: &Row<'_>, place: usize) -> rusqlite::Result<Option<Key>> {
    let width = match &read.key {
        KeyShape::Unreachable => return Ok(None),
        KeyShape::Rowid(_) => 1,
        KeyShape::Columns(names) => names.len(),
    };
    let values = (place..place + width).map(|at| row.get_ref(at).map(stored));
    let values = values.collect::<rusqlite::Result<Vec<Stored>>>()?;
    Ok(Some(match (&read.key, values.as_slice()) {
        (KeyShape::Rowid(_), [Stored::Integer(number)]) => Key::Rowid(*number),
        _ => Key::Columns(values),
    }))
}
