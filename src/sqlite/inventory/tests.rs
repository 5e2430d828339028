//! Whatever a schema holds: made twice it is told alike, and spelled otherwise, too.

use proptest::prelude::*;
use rusqlite::Connection;

use super::*;
use crate::schema::diff::diff;
use crate::schema::inventory::{Difference, What, compare};
use crate::schema::random::schema;
use crate::schema::{Change, Schema};
use crate::sqlite::alter::alter;
use crate::sqlite::ddl::{Action, render};
use crate::sqlite::text::tokens::{Kind as TokenKind, tokens};

/// An empty database to which changes are made.
fn built(changes: &[Change]) -> Connection {
    let connection = Connection::open_in_memory().expect("a database in memory");
    connection.execute_batch("pragma foreign_keys = off; begin").expect("a transaction begins");
    let mut state = Schema::default();
    for change in changes {
        for action in render(change, &state).expect("it can be rendered") {
            match action {
                Action::Sql(sql) => connection.execute_batch(&sql).unwrap_or_else(|error| panic!("{error}: {sql}")),
                Action::Alter { table, edits } => drop(alter(&connection, &table, &edits).expect("it can be altered")),
            }
        }
        state.apply(change).expect("it fits");
    }
    connection.execute_batch("commit").expect("it commits");
    connection
}

fn inventory(connection: &Connection) -> Inventory {
    read(connection).expect("it can be read")
}

/// The same database, its texts spelled by chance: the case of words, spaces, comments, quotes.
fn respelled(connection: &Connection, choices: &[u8]) -> Connection {
    let mut choices = choices.iter().copied().cycle();
    let mut statement = connection
        .prepare("select sql from sqlite_schema where sql is not null and name not like 'sqlite_%' order by rowid")
        .expect("it can be prepared");
    let texts = statement.query_map([], |row| row.get::<_, String>(0)).expect("it can be asked");
    let other = Connection::open_in_memory().expect("a database in memory");
    for text in texts {
        let text = spelled(&text.expect("it is text"), &mut choices);
        other.execute_batch(&text).unwrap_or_else(|error| panic!("{error}: {text}"));
    }
    other
}

fn spelled(sql: &str, choices: &mut impl Iterator<Item = u8>) -> String {
    let mut text = String::new();
    for token in tokens(sql).expect("SQLite has taken it") {
        let choice = choices.next().unwrap_or(0);
        let written = token.text(sql);
        let inside = crate::sqlite::text::tokens::unquoted(written);
        match token.kind {
            TokenKind::Space => {
                text.push_str([" ", "\n\t", " /* a ' comment */ ", " -- another\n"][usize::from(choice) % 4])
            }
            TokenKind::Word if choice.is_multiple_of(2) => text.push_str(&written.to_ascii_uppercase()),
            TokenKind::Quoted if choice % 3 == 1 && !inside.contains(']') => text.push_str(&format!("[{inside}]")),
            TokenKind::Quoted if choice % 3 == 2 => text.push_str(&format!("`{inside}`")),
            TokenKind::Symbol if choice.is_multiple_of(3) => text.push_str(&format!(" {written} ")),
            _ => text.push_str(written),
        }
    }
    text
}

/// What differs, but for the letters of names.
fn told(expected: &Inventory, found: &Inventory) -> Vec<String> {
    let is_spelling =
        |one: &&Difference| !matches!(&one.what, What::Changed { fact, .. } if fact == "spelling" || fact == "name");
    compare(expected, found).iter().filter(is_spelling).map(Difference::sentence).collect()
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 60, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn a_schema_made_twice_is_told_alike(schema in schema()) {
        let changes = diff(&Schema::default(), &schema);
        let (once, twice) = (inventory(&built(&changes)), inventory(&built(&changes)));
        prop_assert!(once.items.iter().all(|item| item.fact("definition").is_none()));
        prop_assert_eq!(compare(&once, &twice), Vec::new());
        prop_assert_eq!(once, twice);
    }

    #[test]
    fn a_schema_spelled_otherwise_is_told_alike(schema in schema(), choices in prop::collection::vec(any::<u8>(), 97)) {
        let made = built(&diff(&Schema::default(), &schema));
        let other = respelled(&made, &choices);
        prop_assert_eq!(told(&inventory(&made), &inventory(&other)), Vec::<String>::new());
    }

    #[test]
    fn a_schema_reached_from_another_is_told_as_one_made_at_once(from in schema(), to in schema()) {
        let mut changes = diff(&Schema::default(), &from);
        changes.extend(diff(&from, &to));
        let (reached, made) = (inventory(&built(&changes)), inventory(&built(&diff(&Schema::default(), &to))));
        let mut differences = compare(&made, &reached);
        // No change puts a column back where it was.
        differences.retain(|one| !matches!(one.what, What::Order { .. }));
        prop_assert_eq!(differences.iter().map(Difference::sentence).collect::<Vec<_>>(), Vec::<String>::new());
    }
}
