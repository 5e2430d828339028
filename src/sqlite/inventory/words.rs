//! One wording for all spellings of a text of SQL: words in small letters, names without needless quotes, no comments, no
//! needless parentheses.
//!
//! Two texts get one wording only where SQLite reads the same from both. The reverse does not hold for everything that
//! SQLite would compute alike: `a > 0` and `0 < a` stay two.

use super::{clause, condition, expression, number};
use crate::schema::names::literal;
use crate::sqlite::text::tokens::{Kind, Token, significant, unquoted};

/// Words that are no names unless quoted, or mean something else then. Source: SQLite, "SQLite Keywords", those without
/// fallback, and the names of literals.
pub(super) const RESERVED: &str = " add all alter and as autoincrement between case check collate commit constraint create cross \
    current_date current_time current_timestamp default deferrable delete distinct drop else escape except exists false \
    foreign from full group having in index inner insert intersect into is isnull join left limit natural not nothing \
    notnull null on or order outer primary references returning right select set table then to transaction true union \
    unique update using values when where ";

/// Words before which a parenthesis opens no list of arguments.
const APART: &str = " all and as between by case check distinct else escape except exists from glob having in intersect is \
    join like limit not on or over regexp returning select set then union using values when where ";

/// Operators that are tighter than IS.
const TIGHT: &str = " < <= > >= & | << >> + - * / % || -> ->> collate escape ";

/// Tells whether a word in double quotes is a name; else SQLite takes it for a text.
pub(super) type IsName<'n> = &'n dyn Fn(&str) -> bool;

/// Where a word in double quotes can only be a name.
pub(super) fn always(_: &str) -> bool {
    true
}

/// A name as facts tell it: in small letters, as SQLite does not tell them apart, and quoted where it is no plain word.
pub(super) fn name(text: &str) -> String {
    let small = text.to_ascii_lowercase();
    let mut letters = small.chars();
    let begins = letters.next().is_some_and(|first| first.is_alphabetic() || first == '_');
    let plain = begins && letters.all(|letter| letter.is_alphanumeric() || letter == '_' || letter == '$');
    if plain && !is_among(RESERVED, &small) { small } else { crate::sqlite::quote(&small) }
}

/// A name as it stands in a text, with whatever quotes.
pub(super) fn written_name(text: &str) -> String {
    name(&unquoted(text))
}

/// Tells whether a word without quotes is a literal that may be a column's name as well.
pub(super) fn is_truth(word: &str) -> bool {
    ["true", "false"].iter().any(|truth| truth.eq_ignore_ascii_case(word))
}

/// Tells whether a word of a text is a name.
pub(super) fn is_name(word: &str) -> bool {
    let names = |first: char| first == '"' || first == '_' || first.is_ascii_alphabetic() || !first.is_ascii();
    word.starts_with(names) && !is_among(RESERVED, word)
}

pub(super) fn is_among(words: &str, word: &str) -> bool {
    !word.is_empty() && words.contains(&format!(" {word} "))
}

/// The words of a text; `None` where it cannot be cut.
pub(super) fn of(sql: &str, is_name: IsName<'_>) -> Option<Vec<String>> {
    Some(of_tokens(sql, &significant(sql).ok()?, is_name))
}

/// The words of some tokens.
pub(super) fn of_tokens(sql: &str, tokens: &[Token], is_name: IsName<'_>) -> Vec<String> {
    let mut words = Vec::with_capacity(tokens.len());
    for (at, token) in tokens.iter().enumerate() {
        let around = |index: Option<usize>| index.and_then(|index| tokens.get(index)).map_or("", |near| near.text(sql));
        let (before, after) = (around(at.checked_sub(1)), around(Some(at + 1)));
        let must_name = before == "." || ["as", "collate"].iter().any(|word| before.eq_ignore_ascii_case(word));
        let text = token.text(sql);
        match token.kind {
            Kind::Text if must_name => words.push(written_name(text)),
            Kind::Quoted => {
                let inside = unquoted(text);
                let names = !text.starts_with('"') || must_name || matches!(after, "." | "(") || is_name(&inside);
                words.push(if names { name(&inside) } else { literal(&inside) });
            }
            Kind::Symbol => words.push(match text {
                "==" => "=".to_owned(),
                "!=" => "<>".to_owned(),
                other => other.to_owned(),
            }),
            Kind::Number => words.push(number::worded(text)),
            Kind::Text | Kind::Parameter => words.push(text.to_owned()),
            // A column of that name comes before the literal.
            Kind::Word if is_truth(text) && is_name(text) => words.push(name(text)),
            _ => words.push(text.to_ascii_lowercase()),
        }
    }
    words
}

/// Words without the name of their own table before its columns, which says nothing where only that table is known.
pub(super) fn of_own_table(words: Vec<String>, table: &str) -> Vec<String> {
    let own = name(table);
    let mut kept = Vec::with_capacity(words.len());
    let mut at = 0;
    while at < words.len() {
        let near = |ahead: usize| words.get(at + ahead).map_or("", String::as_str);
        let is_behind_another = at > 0 && words[at - 1] == ".";
        if words[at] == own && near(1) == "." && near(3) != "." && !is_behind_another {
            at += 2;
        }
        kept.push(words[at].clone());
        at += 1;
    }
    kept
}

/// An expression's wording.
pub(super) fn expression(words: Vec<String>) -> String {
    joined(&expression::worded(&words).unwrap_or_else(|| plain(words, true)))
}

/// A statement's wording.
pub(super) fn statement(words: Vec<String>) -> String {
    joined(&without_needless(words))
}

/// The words of a statement, without parentheses that say nothing.
pub(super) fn without_needless(words: Vec<String>) -> Vec<String> {
    plain(condition::worded(clause::worded(words)), false)
}

/// Takes away parentheses that say nothing.
fn plain(words: Vec<String>, is_expression: bool) -> Vec<String> {
    let mut words = spelled_out(words);
    while let Some((open, close)) = pairs(&words).into_iter().find(|pair| is_needless(&words, *pair, is_expression)) {
        words.remove(close);
        words.remove(open);
    }
    words
}

/// Spells tests for null out. Before an operator that is tighter than IS, the short form is not the same as the long one.
fn spelled_out(words: Vec<String>) -> Vec<String> {
    let mut spelled: Vec<String> = Vec::with_capacity(words.len());
    let mut rest = words.into_iter().peekable();
    while let Some(word) = rest.next() {
        let tests = match word.as_str() {
            "isnull" | "notnull" => true,
            "null" => spelled.last().is_some_and(|last| last == "not") && tests_what_precedes(&spelled),
            _ => false,
        };
        if !tests || rest.peek().is_some_and(|after| is_among(TIGHT, after)) {
            spelled.push(word);
            continue;
        }
        if word == "null" {
            spelled.pop();
        }
        let long: &[&str] = if word == "isnull" { &["is", "null"] } else { &["is", "not", "null"] };
        spelled.extend(long.iter().map(|word| (*word).to_owned()));
    }
    spelled
}

/// Tells whether the NOT at the end of some words stands behind an operand.
fn tests_what_precedes(words: &[String]) -> bool {
    let before = words.len().checked_sub(2).map_or("", |at| words[at].as_str());
    let is_value = ["null", "true", "false"].contains(&before) || before.starts_with("current_");
    is_value || (ends_operand(before) && !is_among(RESERVED, before))
}

/// The places of parentheses that belong together.
fn pairs(words: &[String]) -> Vec<(usize, usize)> {
    let (mut open, mut pairs) = (Vec::new(), Vec::new());
    for (at, word) in words.iter().enumerate() {
        match word.as_str() {
            "(" => open.push(at),
            ")" => pairs.extend(open.pop().map(|start| (start, at))),
            _ => {}
        }
    }
    pairs
}

/// Tells whether a pair stands around everything, around a whole condition, directly in another, or around one word between
/// operators.
fn is_needless(words: &[String], (open, close): (usize, usize), is_expression: bool) -> bool {
    let inside = &words[open + 1..close];
    let Some(first) = inside.first() else { return false };
    if ["select", "values", "with"].contains(&first.as_str()) || has_comma(inside) {
        return false;
    }
    let before = open.checked_sub(1).map(|at| words[at].as_str());
    let around_all = is_expression && open == 0 && close + 1 == words.len();
    let doubled = before == Some("(") && words.get(close + 1).is_some_and(|after| after == ")");
    let operators = ["=", "<>", "<", ">", "<=", ">=", "+", "-", "*", "/", "%", "||", "and", "or", "not"];
    let is_first = is_expression && before.is_none();
    let one_word = inside.len() == 1 && (is_first || before.is_some_and(|before| operators.contains(&before)));
    let is_condition = before.is_some_and(|before| ["where", "when", "having"].contains(&before));
    let after = words.get(close + 1).map_or(";", String::as_str);
    let condition = is_condition && [";", ")", "begin", "then", "group", "order", "limit", "union"].contains(&after);
    around_all || doubled || one_word || condition
}

/// Tells whether a comma stands between the words, outside of all parentheses.
fn has_comma(words: &[String]) -> bool {
    let mut depth = 0_usize;
    words.iter().any(|word| {
        match word.as_str() {
            "(" => depth += 1,
            ")" => depth = depth.saturating_sub(1),
            _ => {}
        }
        depth == 0 && word == ","
    })
}

/// Writes words as people do.
pub(super) fn joined(words: &[String]) -> String {
    let mut text = String::new();
    for (at, word) in words.iter().enumerate() {
        let before = at.checked_sub(1).map_or("", |before| words[before].as_str());
        let sign_before = at.checked_sub(2).map_or("", |earlier| words[earlier].as_str());
        if at > 0 && !is_close(before, word) && !(is_sign(sign_before, before) && word != "-") {
            text.push(' ');
        }
        text.push_str(word);
    }
    text
}

/// Tells whether no space stands between two words.
fn is_close(before: &str, word: &str) -> bool {
    let is_call = word == "(" && ends_name(before) && !is_among(APART, before);
    matches!(word, ")" | "," | "." | ";") || matches!(before, "(" | ".") || is_call
}

fn ends_name(word: &str) -> bool {
    word.ends_with(|letter: char| letter.is_alphanumeric() || matches!(letter, '_' | '"'))
        && !word.starts_with(|first: char| first.is_ascii_digit())
}

/// Tells whether a minus or plus is that of a number and not of a subtraction.
fn is_sign(before: &str, word: &str) -> bool {
    matches!(word, "-" | "+" | "~") && (before.is_empty() || before == "(" || before == "," || !ends_operand(before))
}

fn ends_operand(word: &str) -> bool {
    let last = word.chars().next_back().unwrap_or(' ');
    (last.is_alphanumeric() || matches!(last, '_' | '"' | '\'' | ')')) && !is_among(APART, word)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn worded(sql: &str) -> String {
        let is_name = |word: &str| ["a", "b", "Two words", "order"].contains(&word);
        expression(of(sql, &is_name).expect("it can be cut"))
    }

    #[test]
    fn spellings_of_one_expression_get_one_wording() {
        for (wording, spellings) in [
            ("a > 0", &["a>0", "A > 0", "(a > 0)", "((\"a\">(0)))", "[a] /* c */ > 0 -- d", "`a`\n>\t0"][..]),
            ("a <> 'X' and b = -1", &["a!='X' AND b==-1", "a <> \"X\" and b = - 1"]),
            ("lower(a) is not null", &["LOWER (a) IS NOT NULL", "lower((a)) notnull", "\"LOWER\"(a) is not null"]),
            ("a in ('x', 'Y')", &["a IN ('x','Y')", "(A in('x' , \"Y\"))"]),
            ("\"two words\" = \"order\"", &["[Two Words] = \"order\"", "\"Two words\"=`ORDER`"]),
            ("a collate nocase = b", &["a COLLATE \"NOCASE\" = b"]),
            ("a - 1 > -b", &["a-1 > -b", "(a) - (1) > - b"]),
            ("case when a > 1 then b end", &["case when(a>1)then b end"]),
            (
                "b is not null",
                &["b not null", "b notnull", "(b) NOT NULL", "b is not (null)", "b is distinct from null"],
            ),
            ("b is null", &["b isnull", "b is not distinct from null"]),
            ("a > 0 and (b = 1 or b = 2)", &["((a) > (0)) and ((b = (1)) or (b == 2))"]),
            ("a = 16", &["a = 0x10", "a = 0X1_0", "(a = (16))"]),
            ("lower(a) || '-' || b", &["(lower((a)) || '-') || b"]),
            ("a between 1 and b + 1", &["(a between (1) and (b + 1))"]),
            ("not a = b", &["not (a = b)", "(NOT((a)=b))"]),
            ("a in (1, 2)", &["(a) in ((1), (2))"]),
            ("-a collate nocase = b", &["(-a) collate nocase = b"]),
            ("cast(a as varchar(10)) > 'x'", &["(CAST((a) AS VARCHAR (10))) > 'x'"]),
        ] {
            for spelling in spellings {
                assert_eq!(worded(spelling), wording, "{spelling}");
            }
        }
    }

    #[test]
    fn what_means_something_else_is_worded_otherwise() {
        for (one, other) in [
            ("a = 'x'", "a = 'X'"),
            ("a = 1", "a = '1'"),
            ("a in ((1, 2))", "a in (1, 2)"),
            ("a in ((select 1))", "a in (select 1)"),
            ("(a + b) * 2", "a + b * 2"),
            ("\"c\" = a", "c = a"),
            ("a = \"null\"", "a = null"),
            ("a - -1", "a - 1"),
            ("a - (b - 1)", "a - b - 1"),
            ("a notnull || b", "a is not null || b"),
            ("a = (b is null)", "a = b is null"),
            ("(not a) = b", "not a = b"),
            ("a || (b collate nocase)", "(a || b) collate nocase"),
            ("a like b escape 'x'", "a like b"),
            ("(a or b) and a", "a or b and a"),
            ("a in (b)", "a in b"),
            ("a = 0xffffffffffffffff", "a = 18446744073709551615"),
        ] {
            assert_ne!(worded(one), worded(other));
        }
    }
}
