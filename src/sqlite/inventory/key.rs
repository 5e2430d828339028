//! Primary keys, unique constraints and checks of a table, wherever they are written.

use std::ops::Range;

use crate::schema::inventory::{Item, Kind as ItemKind};
use crate::sqlite::text::constraint::{Constraint, Kind};
use crate::sqlite::text::create_table::Column;
use crate::sqlite::text::tokens::{Token, significant};

use super::table::Table;
use super::{expression, synonym, words};

/// One part of a key or an index, in words.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Part {
    pub(super) words: Vec<String>,
    pub(super) collation: Option<String>,
    pub(super) descending: bool,
}

impl Part {
    fn of_column(name: &str, descending: bool) -> Self {
        Self { words: vec![words::name(name)], collation: None, descending }
    }

    /// The column that it is, if it is no expression.
    pub(super) fn column(&self, table: &Table<'_>) -> Option<String> {
        let [only] = self.words.as_slice() else { return None };
        // Where a column must stand SQLite takes a text for its name.
        let name = if only.starts_with('\'') { words::written_name(only) } else { only.clone() };
        table.has_column(&name).then_some(name)
    }

    /// The part as facts tell it, without a collation that is the column's own.
    pub(super) fn told(&self, table: &Table<'_>) -> String {
        let column = self.column(table);
        let own = column.as_deref().map(|column| table.collation_of(column).unwrap_or_else(|| "binary".to_owned()));
        let mut text = column.unwrap_or_else(|| format!("({})", words::expression(self.words.clone())));
        if let Some(collation) = self.collation.as_ref().filter(|collation| own.as_ref() != Some(*collation)) {
            text.push_str(&format!(" collate {collation}"));
        }
        text + if self.descending { " desc" } else { "" }
    }
}

/// A primary key or a unique constraint.
#[derive(Debug)]
pub(super) struct Key {
    pub(super) name: Option<String>,
    pub(super) parts: Vec<Part>,
    pub(super) on_conflict: Option<String>,
    pub(super) autoincrement: bool,
    /// Whether it is written in a column's definition.
    pub(super) inline: bool,
}

impl Key {
    /// Reads a constraint of a column, or of the table.
    pub(super) fn read(sql: &str, home: Option<&Column>, constraint: &Constraint) -> Self {
        let text = &sql[constraint.body.clone()];
        let tokens = significant(text).unwrap_or_default();
        let all = words::of_tokens(text, &tokens, &words::always);
        let parts = match home {
            Some(column) => vec![Part::of_column(&column.name, all.iter().any(|word| word == "desc"))],
            None => group(text, &tokens).map(|inside| names(text, &tokens[inside])).unwrap_or_default(),
        };
        Self {
            name: constraint.name.clone(),
            parts,
            on_conflict: on_conflict(&all),
            autoincrement: constraint.kind == Kind::PrimaryKey && all.iter().any(|word| word == "autoincrement"),
            inline: home.is_some(),
        }
    }

    /// Tells whether it asks for what another key does. Source: SQLite, `build.c`, `sqlite3CreateIndex`: the direction does not
    /// count.
    pub(super) fn repeats(&self, other: &Self, table: &Table<'_>) -> bool {
        let plain = |key: &Self| -> Vec<String> {
            key.parts.iter().map(|part| Part { descending: false, ..part.clone() }.told(table)).collect()
        };
        plain(self) == plain(other)
    }

    pub(super) fn item(&self, kind: ItemKind, table: &Table<'_>) -> Item {
        let parts: Vec<String> = self.parts.iter().map(|part| part.told(table)).collect();
        let item = Item::new(kind, Some(table.name), self.name.as_deref()).with("columns", Some(parts.join(", ")));
        item.with("on conflict", self.on_conflict.as_deref())
    }
}

/// What becomes of a row that breaks a constraint, unless that is to abort, which is what happens anyway.
pub(super) fn on_conflict(words: &[String]) -> Option<String> {
    let at = words.windows(2).position(|two| two == ["on", "conflict"])?;
    words.get(at + 2).filter(|action| *action != "abort").cloned()
}

/// The first group in parentheses, as the places of the tokens in it.
pub(super) fn group(sql: &str, tokens: &[Token]) -> Option<Range<usize>> {
    let open = tokens.iter().position(|token| token.text(sql) == "(")?;
    let mut depth = 0_usize;
    for (at, token) in tokens.iter().enumerate().skip(open) {
        match token.text(sql) {
            "(" => depth += 1,
            ")" => depth -= 1,
            _ => {}
        }
        if depth == 0 {
            return Some(open + 1..at);
        }
    }
    None
}

/// The parts of a key that can only be names.
pub(super) fn names(sql: &str, tokens: &[Token]) -> Vec<Part> {
    parts(tokens, sql, &|tokens| words::of_tokens(sql, tokens, &words::always))
}

/// The parts of a key, which commas separate.
pub(super) fn parts(tokens: &[Token], sql: &str, words: &dyn Fn(&[Token]) -> Vec<String>) -> Vec<Part> {
    let mut depth = 0_i32;
    let split = tokens.split(|token| {
        let symbol = token.text(sql);
        depth += i32::from(symbol == "(") - i32::from(symbol == ")");
        depth == 0 && symbol == ","
    });
    split.map(|tokens| part(words(tokens))).collect()
}

fn part(mut words: Vec<String>) -> Part {
    if words.len() > 1 && words.last().is_some_and(|last| last == "autoincrement") {
        words.pop();
    }
    // Alone it is a column of that name.
    let has_direction = words.len() > 1 && words.last().is_some_and(|last| matches!(last.as_str(), "asc" | "desc"));
    let direction = words.pop_if(|_| has_direction);
    let (words, collation) = expression::without_collation(&words).unwrap_or((words, None));
    Part { words, collation, descending: direction.as_deref() == Some("desc") }
}

/// A check of a column or of the table.
pub(super) fn check(table: &Table<'_>, sql: &str, constraint: &Constraint) -> Item {
    let text = &sql[constraint.body.clone()];
    let tokens = significant(text).unwrap_or_default();
    let inside = group(text, &tokens).unwrap_or_default();
    let words = synonym::plainest(table.words(text, &tokens[inside]));
    let item = Item::new(ItemKind::Check, Some(table.name), constraint.name.as_deref());
    item.with_sql("expression", Some(words::expression(words)))
}
