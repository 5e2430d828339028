//! Looks over statements on rows, which both engines get as they are written: what only one of them takes is refused.

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

/// The table into which a statement inserts rows; none for other statements, and where that cannot be read.
pub(super) fn inserted_into(text: &str) -> Option<String> {
    let mut cursor = Cursor::new(text, Position::START).ok()?;
    cursor.eat("insert into").then(|| cursor.name("a table").ok())?
}

/// The columns that a statement names which inserts rows.
pub(super) fn inserted_columns(text: &str) -> Option<Vec<String>> {
    let mut cursor = Cursor::new(text, Position::START).ok()?;
    if !cursor.eat("insert into") {
        return None;
    }
    cursor.name("a table").ok()?;
    cursor.names("a column").ok()
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
