//! Cuts a stored CREATE statement into its parts, for a statement that the parser does not take as a whole.

use super::super::text::create_table::{self, Cursor};
use super::super::text::tokens::{Token, significant, unquoted};

/// A constraint that stands alone in a statement of one column.
pub(super) struct Part<'t> {
    /// A CREATE TABLE that holds no other constraint.
    pub(super) statement: String,
    /// The constraint's name.
    pub(super) name: Option<String>,
    /// What a CHECK asks.
    pub(super) check: Option<&'t str>,
}

/// The constraints of a CREATE TABLE one by one; `None` when SQLite's own grammar does not fit.
pub(super) fn of_table(sql: &str) -> Option<Vec<Part<'_>>> {
    let table = create_table::read(sql).ok()?;
    let parts = table.all_constraints().map(|(column, own)| {
        let text = &sql[own.span.clone()];
        let statement = match column {
            Some(column) => {
                let start = column.span.start..column.declared.end;
                format!("create table t ({} {text})", &sql[start])
            }
            None => format!("create table t (x, {text})"),
        };
        let check = (own.kind == super::super::text::constraint::Kind::Check).then(|| within(&sql[own.body.clone()]));
        Part { statement, name: own.name.clone(), check: check.flatten() }
    });
    Some(parts.collect())
}

/// What stands in the first parentheses.
fn within(text: &str) -> Option<&str> {
    let tokens = significant(text).ok()?;
    let mut cursor = Cursor { sql: text, tokens: &tokens, at: 0 };
    while !cursor.is("(") {
        cursor.advance().ok()?;
    }
    let inside = cursor.group().ok()?;
    span(inside.tokens).map(|span| &text[span])
}

/// A part of an index, and what is said beside it.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct IndexPart<'t> {
    pub(super) expression: &'t str,
    pub(super) collation: Option<String>,
    pub(super) descending: bool,
}

/// The parts of a CREATE INDEX and its condition.
pub(super) fn of_index(sql: &str) -> Option<(Vec<IndexPart<'_>>, Option<&str>)> {
    let tokens = significant(sql).ok()?;
    let mut cursor = Cursor { sql, tokens: &tokens, at: 0 };
    while !cursor.is("(") {
        cursor.advance().ok()?;
    }
    let inside = cursor.group().ok()?;
    let parts = split(inside.tokens, sql).into_iter().map(|part| index_part(part, sql));
    let parts = parts.collect::<Option<Vec<_>>>()?;
    let predicate = cursor.take("where").then(|| &tokens[cursor.at..]);
    Some((parts, predicate.and_then(span).map(|span| &sql[span])))
}

/// Cuts at the commas that stand in no parentheses.
fn split<'t>(tokens: &'t [Token], sql: &str) -> Vec<&'t [Token]> {
    let mut depth = 0;
    let parts = tokens.split(|token| {
        match token.text(sql) {
            "(" => depth += 1,
            ")" => depth -= 1,
            _ => {}
        }
        depth == 0 && token.text(sql) == ","
    });
    parts.collect()
}

fn index_part<'s>(mut tokens: &[Token], sql: &'s str) -> Option<IndexPart<'s>> {
    let is = |token: &Token, word: &str| token.text(sql).eq_ignore_ascii_case(word);
    let descending = tokens.last().is_some_and(|last| is(last, "desc"));
    if let [rest @ .., last] = tokens
        && (descending || is(last, "asc"))
    {
        tokens = rest;
    }
    let mut collation = None;
    if let [rest @ .., word, name] = tokens
        && is(word, "collate")
    {
        collation = Some(unquoted(name.text(sql)));
        tokens = rest;
    }
    Some(IndexPart { expression: &sql[span(tokens)?], collation, descending })
}

fn span(tokens: &[Token]) -> Option<std::ops::Range<usize>> {
    Some(tokens.first()?.start..tokens.last()?.end)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_constraint_stands_alone() {
        let sql = "create table t (a text not null default 'x', check (a <> '') constraint big check ((a) is 'b'))";
        let parts = of_table(sql).expect("it can be cut");
        let statements: Vec<&str> = parts.iter().map(|part| part.statement.as_str()).collect();
        let expected = [
            "create table t (a text not null)",
            "create table t (a text default 'x')",
            "create table t (x, check (a <> ''))",
            "create table t (x, constraint big check ((a) is 'b'))",
        ];
        assert_eq!(statements, expected);
        assert_eq!((parts[3].name.as_deref(), parts[3].check), (Some("big"), Some("(a) is 'b'")));
        assert_eq!(parts[0].check, None);
    }

    #[test]
    fn an_index_is_cut_at_its_own_commas_alone() {
        let sql = "create index \"i (\" on t (f(a, b) desc, [c,d] collate \"NOCASE\" asc, e) where e is 'x' -- why";
        let (parts, predicate) = of_index(sql).expect("it can be cut");
        let part = |expression, collation: Option<&str>, descending| IndexPart {
            expression,
            collation: collation.map(str::to_owned),
            descending,
        };
        assert_eq!(parts, [part("f(a, b)", None, true), part("[c,d]", Some("NOCASE"), false), part("e", None, false)]);
        assert_eq!(predicate, Some("e is 'x'"));
        assert_eq!(of_index("create index i on t (a, )"), None);
    }
}
