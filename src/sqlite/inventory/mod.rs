//! Everything that a SQLite file holds, as facts, read from the text by which each thing was made.
//!
//! [`listing`] asks SQLite for the texts, and everything behind it is pure: `sqlite::text` takes them apart, [`words`] gives
//! one wording to all spellings, with [`expression`], [`condition`], [`clause`], [`assignment`], [`synonym`] and [`number`],
//! [`table`] reads a table and its options, [`column`] a column, [`key`] its keys and checks, [`reference`] its foreign keys,
//! [`index`] an index, [`loose`] views, triggers and virtual tables. [`mend`] writes the statement that takes a difference
//! away.
//!
//! SQLite does not tell names apart by the case of ASCII letters. An item keeps its name as it was written; where facts name
//! something they do so in small letters, so that another case of letters is told once, of the thing itself.

mod assignment;
mod clause;
mod column;
mod condition;
mod expression;
mod index;
mod key;
mod listing;
mod loose;
pub mod mend;
mod number;
mod reference;
mod synonym;
mod table;
#[cfg(test)]
mod tests;
mod words;

use std::collections::HashSet;

use rusqlite::Connection;

use crate::schema::Engine;
use crate::schema::inventory::{Inventory, Item, Unmanaged};
use listing::{Entry, Kind};
use table::Table;

/// Reads everything over any connection; a failure comes with what was being read.
///
/// What cannot be taken apart is told by the wording of its whole text, as the fact `definition`.
pub(crate) fn read(connection: &Connection) -> Result<Inventory, (String, rusqlite::Error)> {
    let entries = listing::read(connection).map_err(|source| ("the list of tables".to_owned(), source))?;
    Ok(lift(&entries))
}

fn lift(entries: &[Entry]) -> Inventory {
    let mut inventory = Inventory::new(Engine::Sqlite);
    let tables: Vec<Table<'_>> =
        of_kind(entries, &Kind::Table).map(|entry| Table::read(&entry.name, &entry.sql)).collect();
    let known = known_names(entries, &tables);
    let mentioned = mentioned_names(entries, &known);
    let is_name = |word: &str| known.contains(&word.to_ascii_lowercase());
    for table in &tables {
        let indexes: Vec<Item> =
            parts(entries, &Kind::Index, table.name).map(|entry| index::item(entry, table)).collect();
        inventory.items.extend(table.items(&tables, &indexes, &mentioned));
        inventory.items.extend(indexes);
        inventory.items.extend(parts(entries, &Kind::Trigger, table.name).map(|entry| loose::trigger(entry, &is_name)));
    }
    inventory.items.extend(of_kind(entries, &Kind::Virtual).map(loose::virtual_table));
    for view in of_kind(entries, &Kind::View) {
        inventory.items.push(loose::view(view, &is_name));
        inventory.items.extend(parts(entries, &Kind::Trigger, &view.name).map(|entry| loose::trigger(entry, &is_name)));
    }
    inventory.items.extend(on_unmanaged(entries, &tables, &is_name));
    inventory.unmanaged.extend(entries.iter().filter_map(shadow));
    inventory
}

/// Indexes and triggers on what is no table of the inventory: on a module's own tables, and on ours.
fn on_unmanaged(entries: &[Entry], tables: &[Table<'_>], is_name: words::IsName<'_>) -> Vec<Item> {
    let is_listed = |name: &str| {
        tables.iter().any(|table| table.name.eq_ignore_ascii_case(name))
            || of_kind(entries, &Kind::View).any(|view| view.name.eq_ignore_ascii_case(name))
    };
    let apart = entries.iter().filter(|entry| !is_listed(&entry.of));
    let item = |entry: &Entry| match entry.kind {
        Kind::Index => {
            let shadow = entries
                .iter()
                .find(|whole| matches!(whole.kind, Kind::Shadow { .. }) && whole.name.eq_ignore_ascii_case(&entry.of));
            let sql = shadow.map_or("", |shadow| shadow.sql.as_str());
            Some(index::item(entry, &Table::read(&entry.of, sql)))
        }
        Kind::Trigger => Some(loose::trigger(entry, is_name)),
        _ => None,
    };
    apart.filter_map(item).collect()
}

fn of_kind<'e>(entries: &'e [Entry], kind: &'e Kind) -> impl Iterator<Item = &'e Entry> {
    entries.iter().filter(move |entry| entry.kind == *kind)
}

fn parts<'e>(entries: &'e [Entry], kind: &'e Kind, of: &'e str) -> impl Iterator<Item = &'e Entry> {
    of_kind(entries, kind).filter(move |entry| entry.of.eq_ignore_ascii_case(of))
}

fn shadow(entry: &Entry) -> Option<Unmanaged> {
    let Kind::Shadow { of } = &entry.kind else { return None };
    let why = format!("it belongs to the virtual table {of}, whose module keeps it");
    Some(Unmanaged { kind: "shadow table".into(), name: entry.name.clone(), why })
}

/// The names of all tables, views and columns, in small letters: in a view or a trigger, a word in double quotes that is one
/// of them is taken for a name.
fn known_names(entries: &[Entry], tables: &[Table<'_>]) -> HashSet<String> {
    let columns = tables.iter().flat_map(Table::column_names);
    let names = entries.iter().map(|entry| entry.name.as_str()).chain(columns).chain(["rowid", "oid", "_rowid_"]);
    let given = of_kind(entries, &Kind::View).flat_map(|view| loose::given_names(&view.sql));
    names.map(str::to_ascii_lowercase).chain(given).collect()
}

/// All words of views and triggers.
fn mentioned_names(entries: &[Entry], known: &HashSet<String>) -> HashSet<String> {
    let texts = entries.iter().filter(|entry| matches!(entry.kind, Kind::View | Kind::Trigger));
    let is_name = |word: &str| known.contains(&word.to_ascii_lowercase());
    texts.filter_map(|entry| words::of(&entry.sql, &is_name)).flatten().collect()
}

/// The text by which a thing is made, so that a statement may follow it.
fn statement(sql: &str) -> String {
    use crate::sqlite::text::tokens;
    let text = sql.trim_end();
    let ends_in_comment =
        tokens::tokens(text).is_ok_and(|cut| cut.last().is_some_and(|last| last.kind == tokens::Kind::Comment));
    if ends_in_comment { format!("{text}\n") } else { text.to_owned() }
}

/// The wording of a whole text, which cannot be taken apart.
fn whole(sql: &str) -> String {
    words::of(sql, &words::always).map_or_else(|| sql.trim().to_owned(), words::statement)
}
