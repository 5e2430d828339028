//! The rows that refer to each row of another table, noted once, so that they can be asked for one by one.
//!
//! In a temporary table of the reader's own, which SQLite keeps in a file where it is large: the source has no index on most
//! columns that refer, and a search without one reads the whole table for each row.

use rusqlite::{Connection, Statement};

use super::faults::{Meeting, key_at, keys_of};
use super::read::{TableRead, bound_values};
use super::{Reader, SqliteError, quote};
use crate::value::Key;

/// The rows of a table by those that they refer to.
pub struct Children<'r> {
    reader: &'r Reader<'r>,
    read: TableRead,
    parent: TableRead,
    noted: String,
    find: Statement<'r>,
    /// Finds the other way round; only where some row refers to several.
    find_parents: Option<Statement<'r>>,
}

impl<'r> Children<'r> {
    /// Notes the rows of a table that refer to one of another; the number tells this from other notes of the same reader.
    pub fn note(
        reader: &'r Reader<'r>,
        read: &TableRead,
        meeting: Meeting<'_>,
        number: usize,
    ) -> Result<Self, SqliteError> {
        let noted = quote(&format!("strait: children {number}"));
        let parents = keys_of("parent", meeting.parent);
        let own = keys_of("child", read);
        let named = |keys: &[String], letter: char| {
            keys.iter().enumerate().map(|(at, key)| format!("{key} as {letter}{at}")).collect::<Vec<_>>()
        };
        let names =
            |keys: &[String], letter: char| (0..keys.len()).map(|at| format!("{letter}{at}")).collect::<Vec<_>>();
        let sql = format!(
            "create temp table {noted} as select {} from {} child cross join {} parent on {}; create index temp.{} on {noted} \
             ({})",
            [named(&parents, 'p'), named(&own, 'c')].concat().join(", "),
            quote(&read.table),
            quote(&meeting.parent.table),
            meeting.condition(),
            quote(&format!("strait: children {number} by parent")),
            names(&parents, 'p').join(", ")
        );
        // `is`, because a key of SQLite may hold NULL.
        let select = |shown: Vec<String>, by: Vec<String>| {
            let shown = if shown.is_empty() { "null".to_owned() } else { shown.join(", ") };
            let only: Vec<String> = by.iter().map(|name| format!("{name} is ?")).collect();
            format!("select {shown} from temp.{noted} where {}", only.join(" and "))
        };
        let connection = reader.connection();
        let prepare = || {
            writing(connection, &sql)?;
            let find = connection.prepare(&select(names(&own, 'c'), names(&parents, 'p')))?;
            let children = names(&own, 'c').join(", ");
            let several = format!("select 1 from temp.{noted} group by {children} having count(*) > 1");
            if own.is_empty() || !connection.prepare(&several)?.exists([])? {
                return Ok((find, None));
            }
            let by_child = quote(&format!("strait: children {number} by child"));
            writing(connection, &format!("create index temp.{by_child} on {noted} ({children})"))?;
            Ok((find, Some(connection.prepare(&select(names(&parents, 'p'), names(&own, 'c')))?)))
        };
        let (find, find_parents) =
            prepare().map_err(|source| reader.error(&format!("table {}", read.table), source))?;
        Ok(Self { reader, read: read.clone(), parent: meeting.parent.clone(), noted, find, find_parents })
    }

    /// The keys of the rows that refer to one row.
    pub fn of(&mut self, parent: &Key) -> Result<Vec<Option<Key>>, SqliteError> {
        let found = search(&mut self.find, parent, &self.read);
        found.map_err(|source| self.reader.error(&format!("table {}", self.read.table), source))
    }

    /// The keys of the rows that one row refers to, where some row refers to several; else none.
    pub fn parents_of(&mut self, child: &Key) -> Result<Vec<Option<Key>>, SqliteError> {
        let Some(find) = &mut self.find_parents else { return Ok(Vec::new()) };
        let found = search(find, child, &self.parent);
        found.map_err(|source| self.reader.error(&format!("table {}", self.parent.table), source))
    }

    /// Gives the room back that the notes take.
    pub fn forget(self) -> Result<(), SqliteError> {
        let Self { reader, read, noted, find, find_parents, .. } = self;
        drop((find, find_parents));
        let dropped = writing(reader.connection(), &format!("drop table temp.{noted}"));
        dropped.map_err(|source| reader.error(&format!("table {}", read.table), source))
    }
}

/// The keys that stand in the notes beside this one.
fn search(find: &mut Statement<'_>, beside: &Key, read: &TableRead) -> rusqlite::Result<Vec<Option<Key>>> {
    for (at, value) in bound_values(beside).enumerate() {
        find.raw_bind_parameter(at + 1, value)?;
    }
    let (mut keys, mut rows) = (Vec::new(), find.raw_query());
    while let Some(row) = rows.next()? {
        keys.push(key_at(read, row, 0)?);
    }
    Ok(keys)
}

/// Runs SQL that writes to temporary tables: the file itself is opened for reading alone, and stays as it is.
fn writing(connection: &Connection, sql: &str) -> rusqlite::Result<()> {
    connection.execute_batch(&format!("pragma query_only = off; {sql}; pragma query_only = on"))
}
