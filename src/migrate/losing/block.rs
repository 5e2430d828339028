//! What the body of a `do` destroys, and what it executes.

use sqlparser::tokenizer::Token;

use super::reader::{depth_after, literal, tokens, word};
use super::{all_losses, uncounted};
use crate::schema::Engine;
use crate::schema::reverse::Loss;

/// What stands for a part of a text that is known only when it runs.
const HOLE: &str = "strait_hole";

/// What the body of a `do` destroys: statement by statement, each from the first word that may destroy.
pub(super) fn losses(engine: Engine, token: &Token) -> Vec<Loss> {
    let Some(body) = literal(token) else { return Vec::new() };
    let Some(tokens) = tokens(engine, body) else { return super::losses(engine, body) };
    let of_part = |part: &[Token]| {
        let starts =
            |token: &Token| matches!(word(token).as_deref(), Some("drop" | "truncate" | "alter" | "delete" | "merge"));
        let written = part.iter().position(starts).map_or_else(Vec::new, |start| all_losses(engine, &part[start..]));
        executed(engine, part).into_iter().chain(written).collect::<Vec<_>>()
    };
    tokens.split(|token| *token == Token::SemiColon).flat_map(of_part).collect()
}

/// What a statement of a block destroys by executing a text.
fn executed(engine: Engine, part: &[Token]) -> Vec<Loss> {
    let executes = |at: &usize| {
        let word_at = |at: Option<usize>| at.and_then(|at| part.get(at)).and_then(word).unwrap_or_default();
        word_at(Some(*at)) == "execute"
            // A right, or a trigger.
            && !matches!(word_at(at.checked_sub(1)).as_str(), "grant" | "revoke")
            && !matches!(word_at(Some(at + 1)).as_str(), "function" | "procedure" | "on")
    };
    (0..part.len()).filter(executes).flat_map(|at| of_text(engine, until_clause(&part[at + 1..]))).collect()
}

/// The expression that gives the text, without what follows it.
fn until_clause(tokens: &[Token]) -> &[Token] {
    let mut depth = 0;
    let ends = |token: &Token| {
        depth = depth_after(depth, token);
        depth == 0 && matches!(word(token).as_deref(), Some("using" | "into" | "loop"))
    };
    let end = tokens.iter().position(ends).unwrap_or(tokens.len());
    &tokens[..end]
}

/// What the text destroys that an expression gives; where too little of it is known, that cannot be counted.
fn of_text(engine: Engine, expression: &[Token]) -> Vec<Loss> {
    let unknown = || vec![uncounted("what a block executes")];
    let mut depth = 0;
    let joins = |token: &Token| {
        depth = depth_after(depth, token);
        depth == 0 && *token == Token::StringConcat
    };
    let text: String = expression.split(joins).map(known_text).collect();
    let Some(tokens) = tokens(engine, &text) else { return unknown() };
    let is_hole = |token: &Token| word(token).is_some_and(|word| word.starts_with(HOLE));
    let statements: Vec<&[Token]> = tokens.split(|token| *token == Token::SemiColon).collect();
    if tokens.is_empty() || statements.iter().any(|statement| statement.first().is_some_and(is_hole)) {
        return unknown();
    }
    let found: Vec<Loss> = statements.into_iter().flat_map(|statement| all_losses(engine, statement)).collect();
    // A table whose name is not known cannot be looked at.
    if !found.is_empty() && text.contains(HOLE) { unknown() } else { found }
}

/// What is known of a part of a text: all of a literal, and of `format` what does not come from its arguments.
fn known_text(part: &[Token]) -> String {
    match part {
        [token] => literal(token).map_or_else(|| HOLE.to_owned(), str::to_owned),
        [name, Token::LParen, pattern, .., Token::RParen] if word(name).as_deref() == Some("format") => {
            literal(pattern).map_or_else(|| HOLE.to_owned(), with_holes)
        }
        [Token::LParen, inner @ .., Token::RParen] => known_text(inner),
        _ => HOLE.to_owned(),
    }
}

/// The text of a pattern of `format`, with what stands for its arguments.
///
/// Source: PostgreSQL manual, "String Functions and Operators", "format".
fn with_holes(pattern: &str) -> String {
    let mut text = String::new();
    let mut rest = pattern;
    while let Some(at) = rest.find('%') {
        text.push_str(&rest[..at]);
        let argument = &rest[at + 1..];
        let end = argument.find(|c: char| !(c.is_ascii_digit() || matches!(c, '$' | '-' | '*'))).unwrap_or(0);
        let kind = argument[end..].chars().next();
        text.push_str(match kind {
            Some('%') => "%",
            Some('L') => "null",
            _ => HOLE,
        });
        rest = &argument[end + kind.map_or(0, char::len_utf8)..];
    }
    text + rest
}
