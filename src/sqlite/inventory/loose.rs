//! Views, triggers and virtual tables: told by the wording of their text.

use std::collections::HashSet;

use crate::schema::inventory::{Item, Kind};
use crate::sqlite::quote;
use crate::sqlite::text::tokens::{Kind as TokenKind, Token, significant, unquoted};

use super::listing::Entry;
use super::words::{self, IsName};
use super::{key, statement, whole};

/// A view: the columns that it names itself, and its query.
pub(super) fn view(entry: &Entry, is_name: IsName<'_>) -> Item {
    let mut item = Item::new(Kind::View, None, Some(&entry.name));
    let cut = significant(&entry.sql).unwrap_or_default();
    let own = own_names(&entry.sql, &cut, is_name);
    // The words are CREATE VIEW name.
    let (mut columns, mut query) = (None, cut.get(3..).unwrap_or_default());
    if query.first().is_some_and(|token| token.text(&entry.sql) == "(") {
        let inside = key::group(&entry.sql, query).unwrap_or_default();
        let named = key::names(&entry.sql, &query[inside.clone()]);
        columns = Some(named.iter().map(|part| words::joined(&part.words)).collect::<Vec<_>>().join(", "));
        query = query.get(inside.end + 1..).unwrap_or_default();
    }
    item = match query {
        [first, rest @ ..] if first.text(&entry.sql).eq_ignore_ascii_case("as") => {
            let wording = words::statement(words::of_tokens(&entry.sql, rest, &own));
            item.with("columns", columns).with_sql("definition", Some(wording))
        }
        _ => item.with_sql("definition", Some(whole(&entry.sql))),
    };
    item.columns.clone_from(&entry.columns);
    item.create = Some(statement(&entry.sql));
    item.drop = Some(format!("drop view {}", quote(&entry.name)));
    item
}

/// A trigger of a table or a view: everything that follows its name.
pub(super) fn trigger(entry: &Entry, is_name: IsName<'_>) -> Item {
    let mut item = Item::new(Kind::Trigger, Some(&entry.of), Some(&entry.name));
    let cut = significant(&entry.sql).unwrap_or_default();
    let own = own_names(&entry.sql, &cut, is_name);
    // The words are CREATE TRIGGER name.
    let mut words = words::of_tokens(&entry.sql, cut.get(3..).unwrap_or_default(), &own);
    // Source: SQLite, "CREATE TRIGGER": BEFORE is the default, FOR EACH ROW all that there is.
    if words.first().is_some_and(|first| matches!(first.as_str(), "delete" | "insert" | "update")) {
        words.insert(0, "before".into());
    }
    let header = words.iter().position(|word| word == "begin").unwrap_or(words.len());
    remove(&mut words, header, &["for", "each", "row"]);
    if let Some(on) = words.iter().position(|word| word == "on") {
        let schema_named = words.get(on + 1).is_some_and(|word| word == "main");
        if schema_named && words.get(on + 2).is_some_and(|word| word == ".") {
            words.drain(on + 1..on + 3);
        }
    }
    let wording = if words.is_empty() { whole(&entry.sql) } else { words::statement(words) };
    item = item.with_sql("definition", Some(wording));
    item.create = Some(statement(&entry.sql));
    item.drop = Some(format!("drop trigger {}", quote(&entry.name)));
    item
}

fn remove(words: &mut Vec<String>, before: usize, wanted: &[&str]) {
    if let Some(at) = words[..before].windows(wanted.len()).position(|some| some == wanted) {
        words.drain(at..at + wanted.len());
    }
}

/// A word in double quotes is a name, too, where the same text has it without quotes, or gives it as a name; but TRUE without
/// quotes is no name for that.
fn own_names<'n>(sql: &'n str, cut: &[Token], is_name: IsName<'n>) -> impl Fn(&str) -> bool + use<'n> {
    let plain = |token: &&Token| match token.kind {
        TokenKind::Word => !words::is_truth(token.text(sql)),
        TokenKind::Quoted => !token.text(sql).starts_with('"'),
        _ => false,
    };
    let names = cut.iter().filter(plain).map(|token| unquoted(token.text(sql)).to_ascii_lowercase());
    let own: HashSet<String> = names.chain(given_names(sql)).collect();
    move |word| is_name(word) || own.contains(&word.to_ascii_lowercase())
}

/// The names that a view gives to its columns and whatever else it names, in small letters.
pub(super) fn given_names(sql: &str) -> Vec<String> {
    let cut = significant(sql).unwrap_or_default();
    let is_as = |at: usize| at > 0 && cut[at - 1].text(sql).eq_ignore_ascii_case("as");
    let has_list = cut.get(3).is_some_and(|token| token.text(sql) == "(");
    let end = key::group(sql, &cut).filter(|_| has_list).map_or(0, |list| list.end);
    let given = cut.iter().enumerate().filter(|(at, token)| token.can_name() && (is_as(*at) || (4..end).contains(at)));
    given.map(|(_, token)| unquoted(token.text(sql)).to_ascii_lowercase()).collect()
}

/// A virtual table: its module, and the arguments as they are written, which only the module understands.
pub(super) fn virtual_table(entry: &Entry) -> Item {
    let cut = significant(&entry.sql).unwrap_or_default();
    let arguments = cut.iter().skip(6).map(|token| token.text(&entry.sql).to_owned()).collect::<Vec<_>>();
    let definition = match module(&entry.sql) {
        module if module.is_empty() => whole(&entry.sql),
        module => format!("{module}{}", words::joined(&arguments)),
    };
    let mut item = Item::new(Kind::VirtualTable, None, Some(&entry.name)).with_sql("definition", Some(definition));
    item.create = Some(statement(&entry.sql));
    item.drop = Some(format!("drop table {}", quote(&entry.name)));
    item
}

/// The module of a virtual table: the word after CREATE VIRTUAL TABLE name USING.
pub(super) fn module(sql: &str) -> String {
    let cut = significant(sql).unwrap_or_default();
    let is_using = cut.get(4).is_some_and(|word| word.text(sql).eq_ignore_ascii_case("using"));
    cut.get(5).filter(|_| is_using).map(|word| words::written_name(word.text(sql))).unwrap_or_default()
}
