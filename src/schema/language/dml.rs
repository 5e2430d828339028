//! Looks over statements on rows, which both engines get as they are written: what only one of them takes is refused.

use std::collections::BTreeSet;

use sqlparser::tokenizer::Token;

use super::Position;
use super::cursor::{Cursor, Parsed};

/// The first words of statements on rows.
pub(super) const FIRST: [&str; 6] = ["insert", "update", "delete", "with", "select", "values"];

/// Functions that one engine alone has, and what to do.
const FUNCTIONS: &[(&str, &str)] = &[
    ("now", "write current_timestamp"),
    ("datetime", "write current_timestamp, or use blocks `-- only: …`"),
    ("strftime", ""),
    ("julianday", ""),
    ("unixepoch", ""),
    ("date_trunc", ""),
    ("date_part", ""),
    ("to_char", ""),
    ("to_timestamp", ""),
    ("extract", ""),
    ("ifnull", "write coalesce(…)"),
    ("iif", "write case when … then … else … end"),
    ("greatest", "write case when … then … else … end"),
    ("least", "write case when … then … else … end"),
    ("group_concat", ""),
    ("string_agg", ""),
    ("array_agg", ""),
    ("json_extract", ""),
    ("json_object", ""),
    ("json_build_object", ""),
    ("jsonb_build_object", ""),
    ("json_each", ""),
    ("json_agg", ""),
    ("jsonb_agg", ""),
    ("jsonb_set", ""),
    ("to_jsonb", ""),
    ("gen_random_uuid", ""),
    ("randomblob", ""),
    ("random", ""),
    ("hex", ""),
    ("md5", ""),
    ("instr", ""),
    ("position", ""),
    ("strpos", ""),
    ("char_length", "write length(…)"),
    ("left", "write substr(…, 1, n)"),
    ("typeof", ""),
    ("pg_typeof", ""),
    ("regexp_replace", ""),
    ("nextval", "leave the column out: its identity numbers the row"),
    ("currval", ""),
    ("setval", ""),
    ("last_insert_rowid", ""),
    ("changes", ""),
    ("bool_and", ""),
    ("bool_or", ""),
];

/// Words that one engine alone takes.
const WORDS: &[(&str, &str)] = &[
    ("ilike", "write lower(…) like '…'"),
    ("glob", "write like, or use blocks `-- only: …`"),
    ("regexp", ""),
    ("similar", ""),
    ("lateral", ""),
    ("rowid", "name the key's column"),
    ("interval", ""),
    ("localtimestamp", "write current_timestamp"),
    ("overriding", "leave it out: an identity takes the number that is given"),
];

const BLOCKS: &str = "write it once for each engine, in blocks `-- only: sqlite` and `-- only: postgres`";

/// Reads a statement on rows to its end.
pub(super) fn look_over(cursor: &mut Cursor<'_>) -> Parsed<()> {
    let first = cursor.word().unwrap_or_default();
    if first == "insert" && cursor.word_after(1).as_deref() == Some("or") {
        cursor.pass();
        let help = "write `insert into … on conflict (…) do update set …`, or `do nothing`";
        return Err(cursor.refuse("`insert or …` is SQLite's alone", help));
    }
    while !cursor.at_end() {
        sign(cursor)?;
        word(cursor)?;
        cursor.pass();
    }
    Ok(())
}

/// What a statement inserts.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Inserted {
    /// The table.
    pub table: String,
    /// The columns that it names; none where it names none, and means all.
    pub columns: Option<Vec<String>>,
    /// The words of the values of each column, in the order of the columns; none where they do not come one by one.
    pub values: Option<Vec<BTreeSet<String>>>,
    /// The words of all that it inserts: in lower case, without what stands in quotes, a function's with its parenthesis.
    pub words: BTreeSet<String>,
}

/// What a statement inserts; none for other statements, and where that cannot be read.
pub(super) fn inserted(text: &str) -> Option<Inserted> {
    let mut cursor = Cursor::new(text, Position::START).ok()?;
    if !cursor.eat("insert into") {
        return None;
    }
    let table = cursor.name("a table").ok()?;
    let mark = cursor.mark();
    let columns = cursor.names("a column").ok();
    if columns.is_none() {
        cursor.back_to(mark);
    }
    let rest = cursor.mark();
    let values = cursor.eat("values").then(|| values(&mut cursor));
    cursor.back_to(rest);
    let mut words = BTreeSet::new();
    while !cursor.at_end() {
        words.extend(spoken(&cursor));
        cursor.pass();
    }
    Some(Inserted { table, columns, values, words })
}

/// The words of rows, column by column.
fn values(cursor: &mut Cursor<'_>) -> Vec<BTreeSet<String>> {
    let mut all: Vec<BTreeSet<String>> = Vec::new();
    while cursor.eat_sign(&Token::LParen) {
        let (mut depth, mut column) = (1_u32, 0);
        while depth > 0 && !cursor.at_end() {
            match cursor.peek() {
                Some(Token::LParen | Token::LBracket) => depth += 1,
                Some(Token::RParen | Token::RBracket) => depth -= 1,
                Some(Token::Comma) if depth == 1 => column += 1,
                _ => {
                    all.resize(all.len().max(column + 1), BTreeSet::new());
                    all[column].extend(spoken(cursor));
                }
            }
            cursor.pass();
        }
        cursor.eat_sign(&Token::Comma);
    }
    all
}

/// The next token where it is a word; a function's has its parenthesis.
fn spoken(cursor: &Cursor<'_>) -> Option<String> {
    let word = cursor.word()?;
    Some(if cursor.peek_after(1) == Some(&Token::LParen) { word + "(" } else { word })
}

/// The words of an expression, as those of [`Inserted::words`].
pub fn words_of(expression: &str) -> BTreeSet<String> {
    let Ok(mut cursor) = Cursor::new(expression, Position::START) else { return BTreeSet::new() };
    let mut words = BTreeSet::new();
    while !cursor.at_end() {
        words.extend(spoken(&cursor));
        cursor.pass();
    }
    words
}

fn sign(cursor: &Cursor<'_>) -> Parsed<()> {
    let (message, help) = match cursor.peek() {
        Some(Token::DoubleColon) => ("`::` is PostgreSQL's alone", "write cast(… as …)"),
        Some(Token::EscapedStringLiteral(_) | Token::UnicodeStringLiteral(_)) => {
            ("texts with escapes are PostgreSQL's alone", "write the text in plain single quotes")
        }
        Some(Token::DollarQuotedString(_)) => ("dollar quotes are PostgreSQL's alone", "write single quotes"),
        Some(Token::HexStringLiteral(_)) => ("x'…' is bytes in SQLite and bits in PostgreSQL", BLOCKS),
        Some(Token::Placeholder(_) | Token::Question) => ("a script has no parameters", "write the value itself"),
        Some(Token::DoubleEq) => ("`==` is SQLite's alone", "write ="),
        Some(Token::LBracket) => ("brackets mean other things in each engine", "write a name in double quotes"),
        Some(
            Token::Tilde | Token::TildeAsterisk | Token::ExclamationMarkTilde | Token::ExclamationMarkTildeAsterisk,
        ) => ("regular expressions are PostgreSQL's alone", BLOCKS),
        Some(Token::AtArrow | Token::ArrowAt | Token::HashArrow | Token::HashLongArrow | Token::Overlap) => {
            ("this operator is PostgreSQL's alone", BLOCKS)
        }
        Some(Token::DoubleQuotedString(_)) => ("texts have single quotes", "write single quotes"),
        Some(Token::Char('`')) => ("back quotes are SQLite's alone", "write a name in double quotes"),
        _ => return Ok(()),
    };
    Err(cursor.refuse(message, help))
}

fn word(cursor: &Cursor<'_>) -> Parsed<()> {
    let Some(word) = cursor.word() else { return Ok(()) };
    let called = cursor.peek_after(1) == Some(&Token::LParen);
    let function = FUNCTIONS.iter().filter(|_| called).find(|(name, _)| *name == word);
    let Some((_, help)) = function.or_else(|| WORDS.iter().find(|(name, _)| *name == word)) else { return Ok(()) };
    let message = format!("`{word}` is not in both engines, or not the same there");
    Err(cursor.refuse(message, if help.is_empty() { BLOCKS } else { help }))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_inserted_is_told_column_by_column_and_texts_are_no_words() {
        let read = inserted(
            "insert into t (a, b, c) values ('Random tips', now(), (select x, y)), (null, coalesce(1, Two), array['now()', null]) \
             on conflict do nothing",
        );
        let read = read.expect("is read");
        let words = |words: &BTreeSet<String>| words.iter().cloned().collect::<Vec<_>>().join(" ");
        let values: Vec<_> = read.values.expect("are told").iter().map(words).collect();
        assert_eq!(values, ["null", "coalesce( now( two", "array null select x y"]);
        assert_eq!((read.table.as_str(), read.columns.map(|columns| columns.len())), ("t", Some(3)));
        let read = inserted("insert into t select current_date from \"u\"").expect("is read");
        assert_eq!((read.columns, read.values, words(&read.words)), (None, None, "current_date from select".into()));
        assert_eq!(inserted("update t set a = 1"), None);
    }
}
