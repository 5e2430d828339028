//! What statements on rows destroy: a `delete` whose condition looks at no row, a `merge` that deletes, a `replace`.

use sqlparser::tokenizer::Token;

use super::reader::{Reader, depth_after, has_word, word};
use super::{rows_of, uncounted};
use crate::schema::Engine;
use crate::schema::reverse::Loss;

/// What the statement takes, wherever in it that stands.
pub(super) fn losses(engine: Engine, tokens: &[Token]) -> Vec<Loss> {
    let merges = engine == Engine::Postgres && has_word(tokens, "merge");
    let at = |start: usize| {
        let reader = Reader { engine, rest: &tokens[start..] };
        match word(&tokens[start]).as_deref() {
            Some("delete") => deleted(reader),
            Some("then") if merges => merged(reader),
            Some("replace" | "update") if engine == Engine::Sqlite => replaced(reader),
            _ => None,
        }
    };
    (0..tokens.len()).filter_map(at).collect()
}

fn deleted(mut reader: Reader<'_>) -> Option<Loss> {
    (reader.takes("delete") && reader.takes("from")).then_some(())?;
    reader.takes("only");
    let table = reader.name();
    let limited = looks_at_rows(condition(reader.rest));
    (!limited).then(|| table.map_or_else(|| uncounted("the rows of a table"), rows_of))
}

fn merged(mut reader: Reader<'_>) -> Option<Loss> {
    (reader.takes("then") && reader.takes("delete")).then(|| uncounted("the rows that a merge deletes"))
}

/// Rows that stand in the way of a `replace` are deleted first, and what refers to them goes by the rules of its references.
///
/// Source: SQLite, "The ON CONFLICT Clause".
fn replaced(mut reader: Reader<'_>) -> Option<Loss> {
    let replaces = match reader.takes("update") {
        true => reader.takes("or") && reader.takes("replace"),
        false => reader.takes("replace") && reader.takes("into"),
    };
    replaces.then_some(())?;
    let told = |(schema, table)| Loss::Replaced { schema, table };
    Some(reader.name().map_or_else(|| uncounted("what refers to replaced rows"), told))
}

/// The condition that follows, before the statement ends or the parenthesis in which it stands.
fn condition(tokens: &[Token]) -> &[Token] {
    let (mut depth, mut start, mut end) = (0_i32, None, tokens.len());
    for (at, token) in tokens.iter().enumerate() {
        let word = if depth == 0 { word(token) } else { None };
        depth = depth_after(depth, token);
        match word.as_deref() {
            Some("where") => start = start.or(Some(at + 1)),
            Some("returning") => end = end.min(at),
            _ if depth < 0 => end = end.min(at),
            _ => {}
        }
        if end <= at {
            break;
        }
    }
    start.filter(|start| *start <= end).map_or(&[], |start| &tokens[start..end])
}

/// Tells whether a condition names something that differs from row to row. A name that is compared with itself does not.
fn looks_at_rows(condition: &[Token]) -> bool {
    const SIGNS: [&str; 10] = ["true", "false", "not", "null", "is", "and", "or", "in", "between", "like"];
    let mut rest = condition;
    while let Some(first) = rest.first() {
        let name = name_at(rest);
        if name.is_empty() || word(first).is_some_and(|word| SIGNS.contains(&word.as_str())) {
            rest = &rest[1..];
            continue;
        }
        match after_itself(name, &rest[name.len()..]) {
            Some(after) => rest = after,
            None => return true,
        }
    }
    false
}

/// What follows when a name is compared with itself and with nothing else.
fn after_itself<'t>(name: &[Token], compared: &'t [Token]) -> Option<&'t [Token]> {
    let (sign, other) = compared.split_first()?;
    let equal = matches!(sign, Token::Eq | Token::DoubleEq | Token::LtEq | Token::GtEq);
    let again = name_at(other);
    let same = |(one, again): (&Token, &Token)| one.to_string().eq_ignore_ascii_case(&again.to_string());
    let itself = equal && name.len() == again.len() && name.iter().zip(again).all(same);
    let after = &other[again.len()..];
    let ends = after
        .first()
        .is_none_or(|token| *token == Token::RParen || matches!(word(token).as_deref(), Some("and" | "or")));
    (itself && ends).then_some(after)
}

/// The name with which tokens begin; nothing when they begin with none.
fn name_at(tokens: &[Token]) -> &[Token] {
    let is_word = |at: usize| matches!(tokens.get(at), Some(Token::Word(_)));
    if !is_word(0) {
        return &[];
    }
    let mut length = 1;
    while tokens.get(length) == Some(&Token::Period) && is_word(length + 1) {
        length += 2;
    }
    &tokens[..length]
}
