//! Walks the rows of a key range, borrowed from SQLite's page.

use rusqlite::types::{ToSqlOutput, Value, ValueRef};
use rusqlite::{Row, ToSql};

use super::{Reader, SqliteError, quote};
use crate::value::{Class, Key, KeyRange, Stored, json};

/// By what the rows of a table are found and ordered.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum KeyShape {
    /// The row number, under a name that no column of the table takes.
    Rowid(String),
    /// The primary key of a table without row numbers.
    Columns(Vec<String>),
    /// Nothing: columns named `rowid`, `_rowid_` and `oid` hide the row number. The table is read in one piece.
    Unreachable,
}

impl KeyShape {
    fn columns(&self) -> &[String] {
        match self {
            Self::Rowid(name) => std::slice::from_ref(name),
            Self::Columns(names) => names,
            Self::Unreachable => &[],
        }
    }
}

/// What to read of one table.
#[derive(Clone, Debug)]
pub struct TableRead {
    /// The table's name.
    pub table: String,
    /// By what its rows are found.
    pub key: KeyShape,
    /// The columns to read, in order.
    pub columns: Vec<String>,
}

/// Whether to go on after a row.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Walk {
    /// Read the next row.
    Continue,
    /// Stop here.
    Stop,
}

/// A row under the reader's eye: its key's values first, then the columns asked for.
pub struct RowRef<'r> {
    row: &'r Row<'r>,
    read: &'r TableRead,
    reader: &'r Reader<'r>,
}

impl<'r> RowRef<'r> {
    /// The value of the column asked for at this place, borrowed.
    pub fn value(&self, column: usize) -> Result<ValueRef<'r>, SqliteError> {
        self.at(self.read.key.columns().len() + column)
    }

    /// Tells whether the column asked for at this place holds NULL.
    pub fn is_null(&self, column: usize) -> Result<bool, SqliteError> {
        Ok(self.value(column)? == ValueRef::Null)
    }

    /// The class in which the value of the column asked for at this place is stored.
    pub fn class(&self, column: usize) -> Result<Class, SqliteError> {
        Ok(match self.value(column)? {
            ValueRef::Null => Class::Null,
            ValueRef::Integer(_) => Class::Integer,
            ValueRef::Real(_) => Class::Real,
            ValueRef::Text(_) => Class::Text,
            ValueRef::Blob(_) => Class::Blob,
        })
    }

    /// How deep a text of the column asked for at this place goes as a document; 0 for a value of another class.
    pub fn document_depth(&self, column: usize) -> Result<usize, SqliteError> {
        Ok(if let ValueRef::Text(bytes) = self.value(column)? { json::depth(bytes) } else { 0 })
    }

    /// The value of the column asked for at this place, kept.
    pub fn stored(&self, column: usize) -> Result<Stored, SqliteError> {
        self.value(column).map(stored)
    }

    /// The row's key; `None` when the table's rows cannot be told apart.
    pub fn key(&self) -> Result<Option<Key>, SqliteError> {
        match &self.read.key {
            KeyShape::Rowid(_) => match self.at(0)? {
                ValueRef::Integer(number) => Ok(Some(Key::Rowid(number))),
                _ => Ok(None),
            },
            KeyShape::Columns(names) => {
                let values = (0..names.len()).map(|at| self.at(at).map(stored));
                values.collect::<Result<_, _>>().map(|values| Some(Key::Columns(values)))
            }
            KeyShape::Unreachable => Ok(None),
        }
    }

    /// The row's key, into one that is used again.
    pub fn key_into(&self, kept: &mut Option<Key>) -> Result<(), SqliteError> {
        match (&self.read.key, kept) {
            (KeyShape::Columns(names), Some(Key::Columns(values))) if values.len() == names.len() => {
                for (at, value) in values.iter_mut().enumerate() {
                    store(self.at(at)?, value);
                }
            }
            (_, kept) => *kept = self.key()?,
        }
        Ok(())
    }

    fn at(&self, place: usize) -> Result<ValueRef<'r>, SqliteError> {
        self.row.get_ref(place).map_err(|source| self.read.failed(self.reader, source))
    }
}

impl TableRead {
    /// Walks the rows of a range in key order, as long as `visit` says so.
    pub fn walk(
        &self,
        reader: &Reader<'_>,
        range: &KeyRange,
        mut visit: impl FnMut(&RowRef<'_>) -> Result<Walk, SqliteError>,
    ) -> Result<(), SqliteError> {
        let fail = |source| self.failed(reader, source);
        let mut statement = reader.connection().prepare(&self.select(range)).map_err(fail)?;
        let bounds = [&range.after, &range.upto].into_iter().flatten().flat_map(bound_values);
        for (at, value) in bounds.enumerate() {
            statement.raw_bind_parameter(at + 1, value).map_err(fail)?;
        }
        let mut rows = statement.raw_query();
        while let Some(row) = rows.next().map_err(fail)? {
            if visit(&RowRef { row, read: self, reader })? == Walk::Stop {
                break;
            }
        }
        Ok(())
    }

    /// Visits the rows of a query of one's own that gives the key's columns first, then those asked for.
    pub(super) fn each(
        &self,
        reader: &Reader<'_>,
        sql: &str,
        mut visit: impl FnMut(&RowRef<'_>) -> Result<(), SqliteError>,
    ) -> Result<(), SqliteError> {
        let fail = |source| self.failed(reader, source);
        let mut statement = reader.connection().prepare(sql).map_err(fail)?;
        let mut rows = statement.raw_query();
        while let Some(row) = rows.next().map_err(fail)? {
            visit(&RowRef { row, read: self, reader })?;
        }
        Ok(())
    }

    /// Reads single rows by their keys, in the order of the keys; a row that is not there is `None`.
    pub fn rows(
        &self,
        reader: &Reader<'_>,
        keys: &[Key],
        mut visit: impl FnMut(usize, Option<&RowRef<'_>>) -> Result<(), SqliteError>,
    ) -> Result<(), SqliteError> {
        let fail = |source| self.failed(reader, source);
        let mut statement = reader.connection().prepare(&self.select_one()).map_err(fail)?;
        for (place, key) in keys.iter().enumerate() {
            for (at, value) in bound_values(key).enumerate() {
                statement.raw_bind_parameter(at + 1, value).map_err(fail)?;
            }
            let mut rows = statement.raw_query();
            match rows.next().map_err(fail)? {
                Some(row) => visit(place, Some(&RowRef { row, read: self, reader }))?,
                None => visit(place, None)?,
            }
        }
        Ok(())
    }

    /// The texts in the only column that is read; other values are left out.
    pub fn texts(&self, reader: &Reader<'_>) -> Result<Vec<String>, SqliteError> {
        let mut texts = Vec::new();
        self.walk(reader, &KeyRange::default(), |row| {
            if let ValueRef::Text(bytes) = row.value(0)? {
                texts.push(String::from_utf8_lossy(bytes).into_owned());
            }
            Ok(Walk::Continue)
        })?;
        Ok(texts)
    }

    /// The greatest value in the only column that is read, as text; none when there is no row.
    pub fn greatest(&self, reader: &Reader<'_>) -> Result<Option<String>, SqliteError> {
        let columns = list(self.columns.iter());
        let sql = format!("select cast(max({columns}) as text) from {}", quote(&self.table));
        reader.connection().query_row(&sql, [], |row| row.get(0)).map_err(|source| self.failed(reader, source))
    }

    /// The number of rows.
    pub fn count(&self, reader: &Reader<'_>) -> Result<u64, SqliteError> {
        let sql = format!("select count(*) from {}", quote(&self.table));
        let count = reader.connection().query_row(&sql, [], |row| row.get::<_, i64>(0));
        count.map(i64::unsigned_abs).map_err(|source| self.failed(reader, source))
    }

    /// Cuts a table into at most so many ranges of about as many row numbers; one range when it has no row numbers.
    pub fn split(&self, reader: &Reader<'_>, parts: u64) -> Result<Vec<KeyRange>, SqliteError> {
        self.split_within(reader, &KeyRange::default(), parts)
    }

    /// Cuts a range of a table, as [`Self::split`] does the whole.
    pub(super) fn split_within(
        &self,
        reader: &Reader<'_>,
        within: &KeyRange,
        parts: u64,
    ) -> Result<Vec<KeyRange>, SqliteError> {
        let whole = || vec![within.clone()];
        let KeyShape::Rowid(name) = &self.key else { return Ok(whole()) };
        let name = quote(name);
        let mut rows = format!("from {} where true", quote(&self.table));
        for (bound, comparison) in [(&within.after, ">"), (&within.upto, "<=")] {
            if let Some(Key::Rowid(number)) = bound {
                rows.push_str(&format!(" and {name} {comparison} {number}"));
            }
        }
        let end = |order: &str| {
            let found = reader
                .connection()
                .query_row(&format!("select {order}({name}) {rows}"), [], |row| row.get::<_, Option<i64>>(0));
            found.map_err(|source| self.failed(reader, source))
        };
        match (end("min")?, end("max")?) {
            (Some(lowest), Some(highest)) if parts > 1 => Ok(cut(lowest, highest, parts, within)),
            _ => Ok(whole()),
        }
    }

    fn failed(&self, reader: &Reader<'_>, source: rusqlite::Error) -> SqliteError {
        reader.error(&format!("table {}", self.table), source)
    }

    fn select_from(&self) -> String {
        let everything = list(self.key.columns().iter().chain(&self.columns));
        format!("select {everything} from {}", quote(&self.table))
    }

    fn select_one(&self) -> String {
        // `is`, because a key of SQLite may hold NULL.
        let parts: Vec<String> = self.key.columns().iter().map(|name| format!("{} is ?", quote(name))).collect();
        let only = if parts.is_empty() { "false".to_owned() } else { parts.join(" and ") };
        format!("{} where {only} limit 1", self.select_from())
    }

    fn select(&self, range: &KeyRange) -> String {
        let columns = self.key.columns();
        let key = list(columns.iter());
        let mut sql = self.select_from();
        let places = vec!["?"; columns.len()].join(", ");
        let mut glue = "where";
        for (bound, comparison) in [(&range.after, ">"), (&range.upto, "<=")] {
            if bound.is_some() {
                sql.push_str(&format!(" {glue} ({key}) {comparison} ({places})"));
                glue = "and";
            }
        }
        if !columns.is_empty() {
            sql.push_str(&format!(" order by {key}"));
        }
        sql
    }
}

/// Cuts the numbers from `lowest` to `highest`, which are all of a range, into ranges of equal width.
fn cut(lowest: i64, highest: i64, parts: u64, within: &KeyRange) -> Vec<KeyRange> {
    let width = (i128::from(highest) - i128::from(lowest)) / i128::from(parts) + 1;
    let mut ends: Vec<Option<Key>> = (1..i128::from(parts))
        .map(|part| i128::from(lowest) + part * width - 1)
        .take_while(|end| *end < i128::from(highest))
        .map(|end| i64::try_from(end).ok().map(Key::Rowid))
        .collect();
    ends.push(within.upto.clone());
    let starts = std::iter::once(within.after.clone()).chain(ends.clone());
    starts.zip(ends).map(|(after, upto)| KeyRange { after, upto }).collect()
}

fn list<'n>(names: impl Iterator<Item = &'n String>) -> String {
    names.map(|name| quote(name)).collect::<Vec<_>>().join(", ")
}

pub(super) fn bound_values(key: &Key) -> impl Iterator<Item = Bound<'_>> {
    let (rowid, columns) = match key {
        Key::Rowid(number) => (Some(Bound(ToSqlOutput::Owned(Value::Integer(*number)))), &[][..]),
        Key::Columns(values) => (None, values.as_slice()),
    };
    rowid.into_iter().chain(columns.iter().map(|value| Bound(ToSqlOutput::Borrowed(borrowed(value)))))
}

pub(super) struct Bound<'v>(ToSqlOutput<'v>);

impl ToSql for Bound<'_> {
    fn to_sql(&self) -> rusqlite::Result<ToSqlOutput<'_>> {
        Ok(self.0.clone())
    }
}

/// Borrows a kept value in the driver's terms.
pub(super) fn borrowed(value: &Stored) -> ValueRef<'_> {
    match value {
        Stored::Null => ValueRef::Null,
        Stored::Integer(number) => ValueRef::Integer(*number),
        Stored::Real(number) => ValueRef::Real(*number),
        Stored::Text(bytes) => ValueRef::Text(bytes),
        Stored::Blob(bytes) => ValueRef::Blob(bytes),
    }
}

/// Keeps a borrowed value.
pub(super) fn stored(value: ValueRef<'_>) -> Stored {
    match value {
        ValueRef::Null => Stored::Null,
        ValueRef::Integer(number) => Stored::Integer(number),
        ValueRef::Real(number) => Stored::Real(number),
        ValueRef::Text(bytes) => Stored::Text(bytes.to_vec()),
        ValueRef::Blob(bytes) => Stored::Blob(bytes.to_vec()),
    }
}

/// Keeps a borrowed value in place of another one.
fn store(value: ValueRef<'_>, kept: &mut Stored) {
    match (value, kept) {
        (ValueRef::Text(bytes), Stored::Text(kept)) | (ValueRef::Blob(bytes), Stored::Blob(kept)) => {
            kept.clear();
            kept.extend_from_slice(bytes);
        }
        (value, kept) => *kept = stored(value),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn ends(ranges: &[KeyRange]) -> Vec<Option<i64>> {
        let number = |key: &Option<Key>| match key {
            Some(Key::Rowid(number)) => Some(*number),
            _ => None,
        };
        ranges.iter().map(|range| number(&range.upto)).collect()
    }

    #[test]
    fn ranges_follow_each_other_without_gap_or_overlap() {
        let ranges = cut(1, 10, 3, &KeyRange::default());
        assert_eq!(ends(&ranges), [Some(4), Some(8), None]);
        for pair in ranges.windows(2) {
            assert_eq!(pair[0].upto, pair[1].after);
        }
        assert_eq!(ranges[0].after, None);
    }

    #[test]
    fn the_whole_width_of_row_numbers_can_be_cut() {
        assert_eq!(ends(&cut(i64::MIN, i64::MAX, 2, &KeyRange::default())), [Some(-1), None]);
        assert_eq!(ends(&cut(5, 5, 4, &KeyRange::default())), [None]);
    }
}
