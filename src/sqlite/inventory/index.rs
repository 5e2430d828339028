//! Indexes that are not the body of a constraint.

use crate::schema::inventory::{Item, Kind};
use crate::sqlite::quote;
use crate::sqlite::text::create_table::{Cursor, Unreadable};
use crate::sqlite::text::tokens::significant;

use super::key::{self, Part};
use super::listing::Entry;
use super::table::Table;
use super::{statement, whole, words};

/// Reads an index of a table.
pub(super) fn item(entry: &Entry, table: &Table<'_>) -> Item {
    let bare = || Item::new(Kind::Index, Some(table.name), Some(&entry.name));
    let mut item = match read(&entry.sql, table) {
        Ok(index) => index.tell(bare(), table),
        Err(Unreadable { .. }) => bare().with_sql("definition", Some(whole(&entry.sql))),
    };
    item.create = Some(statement(&entry.sql));
    item.drop = Some(format!("drop index {}", quote(&entry.name)));
    item
}

struct Index {
    unique: bool,
    parts: Vec<Part>,
    condition: Vec<String>,
}

impl Index {
    fn tell(self, item: Item, table: &Table<'_>) -> Item {
        let keys = self.parts.iter().map(|part| part.told(table)).collect::<Vec<_>>().join(", ");
        let plain = self.parts.iter().all(|part| part.column(table).is_some());
        let item = if plain { item.with("columns", Some(keys)) } else { item.with_sql("columns", Some(keys)) };
        item.when("unique", self.unique).with_sql("where", Some(words::expression(self.condition)))
    }
}

fn read(sql: &str, table: &Table<'_>) -> Result<Index, Unreadable> {
    let tokens = significant(sql).map_err(|at| Unreadable { at })?;
    let mut cursor = Cursor { sql, tokens: &tokens, at: 0 };
    cursor.expect("create")?;
    let unique = cursor.take("unique");
    cursor.expect("index")?;
    cursor.name()?;
    cursor.expect("on")?;
    cursor.name()?;
    let parts = key::parts(cursor.group()?.tokens, sql, &|tokens| table.words(sql, tokens));
    let mut condition = Vec::new();
    if cursor.take("where") {
        condition = table.words(sql, &tokens[cursor.at..]);
    } else if cursor.peek().is_some() {
        return cursor.unreadable();
    }
    Ok(Index { unique, parts, condition })
}
