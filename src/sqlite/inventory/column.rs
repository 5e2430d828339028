//! A column: its type, and what SQLite counts among its constraints.

use crate::schema::inventory::{Item, Kind as ItemKind};
use crate::schema::names;
use crate::sqlite::text::constraint::{Constraint, Kind};
use crate::sqlite::text::create_table;
use crate::sqlite::text::tokens::{Kind as TokenKind, significant, unquoted};

use super::{key, synonym, words};

/// Words that a default may be and that are no texts.
const LITERALS: [&str; 6] = ["null", "true", "false", "current_time", "current_date", "current_timestamp"];

/// How a column numbers the rows.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Numbers {
    Rowid,
    Autoincrement,
}

/// A column as its text tells it.
#[derive(Debug, Default)]
pub(super) struct Column {
    /// Its name as facts tell it.
    pub(super) name: String,
    /// Its name as it is written.
    pub(super) written: String,
    pub(super) declared: String,
    pub(super) collation: Option<String>,
    not_null: bool,
    on_conflict: Option<String>,
    default: Option<String>,
    /// The expression, and whether its value is stored.
    generated: Option<(String, bool)>,
    /// Whether it is declared as a key by itself.
    pub(super) is_key: bool,
    /// Whether SQLite could add it to a table that has rows.
    pub(super) may_be_added: bool,
}

impl Column {
    /// Reads a column. Where something is said twice the last counts, as in SQLite.
    pub(super) fn read(sql: &str, column: &create_table::Column) -> Self {
        let mut read = Self {
            name: words::name(&column.name),
            written: column.name.clone(),
            declared: declared(&sql[column.declared.clone()]),
            ..Self::default()
        };
        column.constraints.iter().for_each(|constraint| read.take(sql, constraint));
        let refers = column.has(Kind::ForeignKey);
        let has_value = read.default.is_some();
        let is_constant =
            read.default.as_deref().is_none_or(|text| !text.contains('(') && !text.starts_with("current_"));
        let is_possible = match &read.generated {
            Some((_, stored)) => !stored,
            None => (has_value || !read.not_null) && is_constant && !(refers && has_value),
        };
        read.may_be_added = is_possible && !read.is_key;
        read
    }

    fn take(&mut self, sql: &str, constraint: &Constraint) {
        let body = &sql[constraint.body.clone()];
        let worded = || words::of(body, &words::always).unwrap_or_default();
        match constraint.kind {
            Kind::PrimaryKey | Kind::Unique => self.is_key = true,
            Kind::NotNull => {
                self.not_null = true;
                self.on_conflict = key::on_conflict(&worded());
            }
            Kind::Collate => {
                let name = worded().pop().filter(|name| name != "binary");
                self.collation = name;
            }
            Kind::Default => self.default = default(body),
            Kind::Generated { stored } => self.generated = Some((body.to_owned(), stored)),
            _ => {}
        }
    }

    /// The column's item; `in_key` tells that it may not be null for being in the primary key.
    pub(super) fn item(&self, table: &super::table::Table<'_>, numbers: Option<Numbers>, in_key: bool) -> Item {
        let generated = self.generated.as_ref().map(|(body, _)| {
            let tokens = significant(body).unwrap_or_default();
            let inside = key::group(body, &tokens).unwrap_or_default();
            words::expression(synonym::plainest(table.words(body, &tokens[inside])))
        });
        let kept = self.generated.as_ref().map(|(_, stored)| if *stored { "stored" } else { "virtual" });
        // A rowid is never null: SQLite gives one instead.
        let not_null = (self.not_null || in_key) && numbers.is_none();
        let on_conflict = self.on_conflict.as_deref().filter(|_| not_null);
        let numbers = numbers.map(|numbers| match numbers {
            Numbers::Rowid => "rowid",
            Numbers::Autoincrement => "autoincrement",
        });
        Item::new(ItemKind::Column, Some(table.name), Some(&self.written))
            .with("type", Some(self.declared.as_str()))
            .with("collation", self.collation.as_deref())
            .when("not null", not_null)
            .with("on conflict", on_conflict)
            .with_sql("default", self.default.as_deref())
            .with_sql("generated", generated)
            .with("kept", kept)
            .with("numbers rows", numbers)
    }
}

/// A declared type: in small letters, without quotes and needless spaces.
fn declared(text: &str) -> String {
    let tokens = significant(text).unwrap_or_default();
    let words: Vec<String> = tokens.iter().map(|token| unquoted(token.text(text)).to_ascii_lowercase()).collect();
    words::joined(&words).replace(", ", ",").replace(" (", "(")
}

/// A default; none for NULL, which is what a column without one gets.
///
/// Source: SQLite, `parse.y`: one bare word that is no literal is a text, and so is one in quotes of any kind.
fn default(body: &str) -> Option<String> {
    let tokens = significant(body).ok()?;
    let said = tokens.get(1..)?;
    let text = match said {
        [open, ..] if open.text(body) == "(" => {
            let inside = key::group(body, &tokens)?;
            words::expression(words::of_tokens(body, &tokens[inside], &|_| false))
        }
        [only] if only.kind == TokenKind::Quoted => names::literal(&unquoted(only.text(body))),
        [only] if only.kind == TokenKind::Word => {
            let word = only.text(body);
            let is_literal = LITERALS.iter().any(|literal| literal.eq_ignore_ascii_case(word));
            if is_literal { word.to_ascii_lowercase() } else { names::literal(word) }
        }
        _ => words::expression(words::of_tokens(body, said, &|_| false)),
    };
    let unsigned = text.strip_prefix('+').filter(|rest| rest.starts_with(|first: char| first.is_ascii_digit()));
    // Source: SQLite, "Datatypes In SQLite", 2.1: TRUE and FALSE are other spellings of 1 and 0.
    let text = match text.as_str() {
        "true" => "1",
        "false" => "0",
        other => unsigned.unwrap_or(other),
    };
    Some(text.to_owned()).filter(|text| text != "null")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn spellings_of_a_default_get_one_wording() {
        for (wording, spellings) in [
            (Some("1"), &["default 1", "DEFAULT (1)", "default ((+1))", "default +1"][..]),
            (Some("-1"), &["default -1", "default - 1", "default (-1)"]),
            (Some("'aB'"), &["default 'aB'", "default \"aB\"", "default aB", "default (\"aB\")"]),
            (Some("current_timestamp"), &["default CURRENT_TIMESTAMP", "default (current_timestamp)"]),
            (Some("1"), &["default TRUE", "default (true)"]),
            (Some("0"), &["default false", "default 0"]),
            (Some("'true'"), &["default \"true\""]),
            (Some("x'0f'"), &["default X'0F'"]),
            (None, &["default null", "default (NULL)"]),
        ] {
            for spelling in spellings {
                assert_eq!(default(spelling).as_deref(), wording, "{spelling}");
            }
        }
    }

    #[test]
    fn a_type_keeps_its_words_and_numbers() {
        assert_eq!(declared("DECIMAL ( 10 , 2 )"), "decimal(10,2)");
        assert_eq!(declared("Unsigned  Big /* c */ INT"), "unsigned big int");
        assert_eq!(declared("\"VARCHAR(40)\""), "varchar(40)");
        assert_eq!(declared("int ( -1 )"), "int(-1)");
    }
}
