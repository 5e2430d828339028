//! Expressions in words that both engines share: what is said alike on both becomes one text.
//!
//! An expression that either engine says in its own way is not compared: no text stands for it.

use std::collections::HashSet;

use super::logic::{joined, opposite, oriented, verdict};
use super::names::{lower, without_quoted};
use crate::schema::Engine;
use crate::schema::language::expression::foreign::read_foreign;
use crate::schema::language::expression::{Expression, Operator};

/// Types that PostgreSQL names in an expression without changing what is compared.
const TEXT_TYPES: [&str; 2] = ["text", "character varying"];
/// Types of numbers, in which PostgreSQL writes a negative one as a text.
const NUMBER_TYPES: [&str; 6] = ["integer", "bigint", "smallint", "numeric", "double precision", "real"];

/// What one engine says of something, beside what the other says.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Verdict {
    Same,
    Different,
    /// At least one of them says it in its own words.
    Unknown,
}

/// An expression as it is told, and in the words that both engines share.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct Condition {
    pub(super) text: String,
    pub(super) shared: Option<Expression>,
}

impl Condition {
    /// Reads an expression; of those columns that hold truths, 1 is true.
    pub(super) fn read(engine: Engine, text: &str, truths: &HashSet<String>) -> Self {
        let typed = numbers(text);
        let read = is_shared(engine, &typed).then(|| read_foreign(engine, &typed)).flatten();
        Self { text: text.to_owned(), shared: read.map(|read| canonical(read, truths)) }
    }

    pub(super) fn beside(&self, other: &Self) -> Verdict {
        match (&self.shared, &other.shared) {
            (Some(one), Some(other)) => verdict(one, other),
            _ => Verdict::Unknown,
        }
    }
}

/// Holds two conditions against each other, of which either may be missing.
pub(super) fn beside(one: Option<&Condition>, other: Option<&Condition>) -> Verdict {
    match (one, other) {
        (None, None) => Verdict::Same,
        (Some(one), Some(other)) => one.beside(other),
        _ => Verdict::Different,
    }
}

/// The columns among some names that an expression may name.
pub(super) fn columns<'n>(text: &str, names: impl Iterator<Item = &'n str>) -> Vec<String> {
    let quoted: HashSet<String> = text.split('"').skip(1).step_by(2).map(lower).collect();
    let bare = without_quoted(text);
    let words: HashSet<String> =
        bare.split(|letter: char| !letter.is_alphanumeric() && letter != '_').map(lower).collect();
    let is_named = |name: &str| quoted.contains(name) || words.contains(name);
    names.map(lower).filter(|name| is_named(name)).collect()
}

/// The labels of `column in ('…', …)`, also beside `column is null`.
pub(super) fn labels(condition: &Condition) -> Option<(String, Vec<String>)> {
    let (column, list) = listed(condition)?;
    let text = |one: &Expression| match one {
        Expression::Text(text) => Some(text.clone()),
        _ => None,
    };
    Some((column, list.into_iter().map(text).collect::<Option<_>>()?))
}

/// The values of `column in (…)`, also beside `column is null`.
pub(super) fn listed(condition: &Condition) -> Option<(String, Vec<&Expression>)> {
    let (listed, nullable) = match condition.shared.as_ref()? {
        Expression::Binary { first, operator: Operator::Or, second } => match (first.as_ref(), second.as_ref()) {
            (Expression::Is { of, truth: None, negated: false }, listed)
            | (listed, Expression::Is { of, truth: None, negated: false }) => (listed, Some(of.as_ref())),
            _ => return None,
        },
        listed => (listed, None),
    };
    let (of, list) = match listed {
        Expression::In { of, list, negated: false } => (of.as_ref(), list.iter().collect()),
        Expression::Binary { first, operator: Operator::Equal, second } => (first.as_ref(), vec![second.as_ref()]),
        _ => return None,
    };
    match of {
        Expression::Column(column) if nullable.is_none_or(|nullable| nullable == of) => Some((column.clone(), list)),
        _ => None,
    }
}

/// Tells whether an expression holds nothing that is lost when it is read, and that counts.
fn is_shared(engine: Engine, text: &str) -> bool {
    let bare = without_quoted(text).to_lowercase();
    let words: Vec<&str> =
        bare.split(|letter: char| !letter.is_alphanumeric() && letter != '_').filter(|word| !word.is_empty()).collect();
    let has = |word: &str| words.contains(&word);
    if has("collate") || has("zone") {
        return false;
    }
    match engine {
        // SQLite's LIKE takes small and capital letters for the same. A decimal is compared as a number by a cast.
        Engine::Sqlite => {
            let casts = words.iter().filter(|word| **word == "cast").count();
            let to_numbers = words.windows(2).filter(|two| *two == ["as", "numeric"]).count();
            !has("like") && casts == to_numbers
        }
        Engine::Postgres => bare.match_indices("::").all(|(at, _)| is_no_conversion(&bare[..at], &bare[at + 2..])),
    }
}

/// Tells whether a type only says what is there: that of a literal, of a text, or of a number that is compared exactly.
///
/// One with a length or a scale cuts or rounds, and `bpchar` ignores spaces at the end.
fn is_no_conversion(before: &str, after: &str) -> bool {
    let name_ends = after.find(|letter: char| !letter.is_alphanumeric() && !matches!(letter, '_' | ' '));
    if after[name_ends.unwrap_or(after.len())..].starts_with('(') {
        return false;
    }
    let is_harmless = after.starts_with("numeric") || TEXT_TYPES.iter().any(|name| after.starts_with(name));
    let is_digit = |letter: char| letter.is_ascii_digit() || letter == '.';
    let number = before.trim_end_matches(is_digit);
    let is_number = number.len() < before.len() && !number.ends_with(|c: char| c.is_alphanumeric() || c == '_');
    is_harmless || is_number || before.ends_with('\'')
}

/// Writes negative numbers as numbers.
fn numbers(text: &str) -> String {
    let mut text = text.to_owned();
    for name in NUMBER_TYPES {
        let written = format!("'::{name}");
        while let Some(end) = text.find(&written) {
            let start = text[..end].rfind('\'').filter(|start| text[start + 1..end].parse::<f64>().is_ok());
            let Some(start) = start else { break };
            let digits = text[start + 1..end].to_owned();
            text.replace_range(start..end + written.len(), &digits);
        }
    }
    text
}

/// One form for what means the same.
fn canonical(read: Expression, truths: &HashSet<String>) -> Expression {
    use Expression as E;
    let again = |of: Box<E>| Box::new(canonical(*of, truths));
    let all = |list: Vec<E>| -> Vec<E> { list.into_iter().map(|one| canonical(one, truths)).collect() };
    match read {
        E::Column(name) => E::Column(lower(&name)),
        E::Number(digits) if digits.contains(['.', 'e', 'E']) => {
            E::Number(digits.parse::<f64>().map_or(digits, |value| format!("{value:?}")))
        }
        E::Not(of) => opposite(canonical(*of, truths)),
        E::Negative(of) => E::Negative(again(of)),
        E::Binary { first, operator, second } => {
            binary(canonical(*first, truths), operator, canonical(*second, truths), truths)
        }
        E::Is { of, truth, negated } => E::Is { of: again(of), truth, negated },
        E::In { of, list, negated } => member(again(of), all(list), negated),
        E::Between { of, low, high, negated } => {
            let (of, low, high) = (again(of), again(low), again(high));
            let (above, both, below) = match negated {
                false => (Operator::GreaterOrEqual, Operator::And, Operator::LessOrEqual),
                true => (Operator::Less, Operator::Or, Operator::Greater),
            };
            joined(oriented(*of.clone(), above, *low), both, oriented(*of, below, *high))
        }
        E::Like { of, pattern, negated } => E::Like { of: again(of), pattern, negated },
        E::Case { of, branches, otherwise } => E::Case {
            of: of.map(again),
            branches: branches
                .into_iter()
                .map(|(when, then)| (canonical(when, truths), canonical(then, truths)))
                .collect(),
            otherwise: otherwise.map(again),
        },
        E::Call { function, arguments } => E::Call { function, arguments: all(arguments) },
        other => other,
    }
}

/// What is in a list of values, whatever their order; in a list of one, what is that one.
pub(super) fn member(of: Box<Expression>, mut list: Vec<Expression>, negated: bool) -> Expression {
    list.sort_by_key(ToString::to_string);
    list.dedup();
    if list.len() == 1
        && let Some(only) = list.pop()
    {
        let operator = if negated { Operator::NotEqual } else { Operator::Equal };
        return Expression::Binary { first: of, operator, second: Box::new(only) };
    }
    Expression::In { of, list, negated }
}

fn binary(first: Expression, operator: Operator, second: Expression, truths: &HashSet<String>) -> Expression {
    use Expression as E;
    use Operator as O;
    if matches!(operator, O::And | O::Or) {
        return joined(first, operator, second);
    }
    let (first, operator, second) = match oriented(first, operator, second) {
        E::Binary { first, operator, second } => (first, operator, second),
        other => return other,
    };
    let truth = match second.as_ref() {
        E::Boolean(truth) => Some(*truth),
        E::Number(digits) if digits == "1" => Some(true),
        E::Number(digits) if digits == "0" => Some(false),
        _ => None,
    };
    match (first.as_ref(), operator, truth) {
        (E::Column(name), O::Equal | O::NotEqual, Some(truth)) if truths.contains(name) => {
            if truth == (operator == O::Equal) { *first } else { opposite(*first) }
        }
        _ => E::Binary { first, operator, second },
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn held(sqlite: &str, postgres: &str) -> Verdict {
        let truths = HashSet::from(["active".to_owned()]);
        let one = Condition::read(Engine::Sqlite, sqlite, &truths);
        one.beside(&Condition::read(Engine::Postgres, postgres, &truths))
    }

    #[test]
    fn what_both_engines_mean_alike_is_the_same() {
        for (sqlite, postgres) in [
            ("age > 0", "age > 0"),
            ("\"age\" > -1", "age > '-1'::integer"),
            (
                "state in ('b', 'a')",
                "state::text = ANY (ARRAY['a'::character varying, 'b'::character varying]::text[])",
            ),
            ("state in ('a')", "state::text = 'a'::text"),
            ("age between 1 and 9", "age >= 1 AND age <= 9"),
            ("a = 1 and (b = 2 and c = 3)", "a = 1 AND b = 2 AND c = 3"),
            ("active = 1", "active"),
            ("not active", "active = false"),
            ("cast(price as numeric) > 0.50", "price > 0.5"),
            ("price > 0", "price > 0::numeric"),
            ("lower(\"Email\") <> ''", "lower(email) <> ''::text"),
            ("not a is null", "a IS NOT NULL"),
            ("b in ('x', 'y')", "b = 'y'::text OR b = 'x'::text"),
            ("b <> 'x' and b <> 'y'", "b <> ALL (ARRAY['x'::text, 'y'::text])"),
            ("a < b", "b > a"),
            ("0 < a", "a > 0"),
            ("a <> '' or a is null", "a IS NULL OR a <> ''::text"),
            ("not (a > 0 and a < 5)", "a <= 0 OR a >= 5"),
            ("a = 1 or b = 2 and c = 3", "(a = 1 OR b = 2) AND (c = 3 OR a = 1)"),
            ("a = 1 or a = 1 and b = 2", "a = 1"),
        ] {
            assert_eq!(held(sqlite, postgres), Verdict::Same, "{sqlite} beside {postgres}");
        }
    }

    #[test]
    fn what_they_mean_otherwise_differs() {
        for (sqlite, postgres) in [
            ("age > 0", "age > 1"),
            ("age > 0", "age >= 0"),
            ("state in ('a', 'b')", "state = ANY (ARRAY['a'::text, 'c'::text])"),
            ("state = '1'", "state = 1"),
            ("active", "NOT active"),
            ("a = 1 or b = 2 and c = 3", "(a = 1 OR b = 2) AND c = 3"),
            ("count = 1", "count"),
            ("b in ('x', 'y')", "b = 'x'::text OR b = 'z'::text"),
            ("a < b", "a > b"),
            ("a < b", "a < c"),
            ("not (a > 0 and a < 5)", "a <= 0 AND a >= 5"),
            ("a > 0 or a is null", "a > 0 OR b IS NULL"),
            ("a + b > 1", "a + b > 2"),
        ] {
            assert_eq!(held(sqlite, postgres), Verdict::Different, "{sqlite} beside {postgres}");
        }
    }

    #[test]
    fn what_an_engine_says_in_its_own_words_is_not_compared() {
        for (sqlite, postgres) in [
            ("name like 'a%'", "name ~~ 'a%'::text"),
            ("a collate nocase = 'x'", "a = 'x'::text"),
            ("json_valid(data)", "data IS NOT NULL"),
            ("a + b > 0", "b + a > 0"),
            ("cast(a as integer) > 1", "a::integer > 1"),
            ("a > 1", "price::integer > 1"),
            ("name = 'abc'", "name::character varying(3)::text = 'abc'::text"),
            ("price > 1", "price::numeric(5,0) > 1::numeric"),
            ("name <> 'a'", "name::bpchar <> 'a'::bpchar"),
            ("strftime('%s', at) > 0", "date_part('epoch', at) > 0"),
        ] {
            assert_eq!(held(sqlite, postgres), Verdict::Unknown, "{sqlite} beside {postgres}");
        }
    }

    #[test]
    fn the_labels_of_a_list_are_read() {
        let read = |text| labels(&Condition::read(Engine::Sqlite, text, &HashSet::new()));
        let expected = Some(("mood".to_owned(), vec!["a".to_owned(), "b".to_owned()]));
        assert_eq!(read("mood in ('b', 'a')"), expected);
        assert_eq!(read("mood is null or mood in ('a', 'b')"), expected);
        assert_eq!(read("mood = 'a' or mood = 'b' or mood is null"), expected);
        assert_eq!(read("mood <> 'a'"), None);
        assert_eq!(read("mood in ('a', 'b') or other is null"), None);
    }
}
