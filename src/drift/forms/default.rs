//! The defaults of the columns of both forms: whether a row that does not name a column gets the same on both engines.

use super::condition::{Condition, Verdict};
use super::family::{Family, Type};
use super::findings::Findings;
use super::numbering::of_postgres;
use super::present::{self, Clock, Present, Told};
use crate::schema::Engine;
use crate::schema::inventory::Item;
use crate::schema::language::expression::Expression;
use crate::value::decimal::Decimal;
use crate::value::json::{Canonicaliser, canonical};
use crate::value::time::{parse_date_time, parse_time};

/// What a default gives to a column of some type.
#[derive(Debug, PartialEq)]
enum Given {
    Truth(bool),
    Number(String),
    Text(String),
    Bytes(String),
    /// As PostgreSQL prints it by its meaning.
    Document(Vec<u8>),
    /// Microseconds, of 1970 or of the day.
    Time(i64),
    List(Vec<String>),
    Present(Present),
    /// A random identifier.
    Random,
}

const OWN_WORDS: &str = "an engine gives it in words of its own";
const SESSION: &str = "on PostgreSQL it depends on the session's time zone, on SQLite it is UTC";
const MACHINE: &str = "on SQLite it depends on the machine's time zone";

/// Compares the default of a column of some type of PostgreSQL's; what numbers the rows is none.
pub(super) fn compare(own: &Item, other: &Item, kind: &Type, findings: &mut Findings) {
    let is_made = |item: &Item| item.fact("generated").is_some() || item.fact("numbers rows").is_some();
    if is_made(own) || is_made(other) || of_postgres(other).is_some() {
        return;
    }
    let words = own.name.as_deref().unwrap_or_default();
    let (is, there) = (own.fact("default"), other.fact("default").filter(|text| !is_null(text)));
    let (Some(own_text), Some(other_text)) = (is, there) else {
        findings.held(own, words, "default", is, there);
        return;
    };
    let why = match beside(own_text, other_text, kind) {
        Ok(true) => return,
        Ok(false) => return findings.held(own, words, "default", is, there),
        Err(why) => why,
    };
    findings.incomparable(own, words, &format!("default {own_text}; {other_text}"), why);
}

fn is_null(text: &str) -> bool {
    let small = text.to_lowercase();
    small == "null" || small.starts_with("null::")
}

/// Whether two defaults give the same to a column of some type of PostgreSQL's; an error says why nobody can tell.
fn beside(sqlite: &str, postgres: &str, kind: &Type) -> Result<bool, &'static str> {
    match (read(Engine::Sqlite, sqlite, kind), read(Engine::Postgres, postgres, kind)) {
        (Some(Given::Present(one)), Some(Given::Present(other))) => of_present(one, other, kind),
        (Some(one), Some(other)) => Ok(one == other),
        _ if sqlite == postgres || is_one_expression(sqlite, postgres) => Ok(true),
        _ => Err(OWN_WORDS),
    }
}

fn is_one_expression(sqlite: &str, postgres: &str) -> bool {
    let read = |engine, text| Condition::read(engine, text, &[].into());
    read(Engine::Sqlite, sqlite).beside(&read(Engine::Postgres, postgres)) == Verdict::Same
}

/// PostgreSQL makes of a moment what its column holds; SQLite does not.
fn of_present(sqlite: Present, postgres: Present, kind: &Type) -> Result<bool, &'static str> {
    let told = match kind.family {
        // Each engine writes it as a text in its own way.
        _ if !kind.is_time() && !kind.is_number() => return Err(OWN_WORDS),
        Family::Day => Told::Day,
        Family::TimeOfDay => Told::TimeOfDay,
        _ => postgres.told,
    };
    if sqlite.told != told || kind.is_number() && sqlite.per_second != postgres.per_second {
        return Ok(false);
    }
    // A column with a zone keeps the moment itself.
    let keeps_zone = kind.family == Family::Moment && kind.kind == Some(true);
    let is_utc = kind.is_number() || (postgres.clock == Clock::Utc) != keeps_zone;
    match sqlite.clock {
        Clock::Local => Err(MACHINE),
        Clock::Utc if is_utc => Ok(true),
        Clock::Utc => Err(SESSION),
    }
}

/// Reads a default; none where it is no literal, and tells no moment and no random identifier.
fn read(engine: Engine, text: &str, kind: &Type) -> Option<Given> {
    if let Some(present) = present::read(engine, text) {
        return Some(Given::Present(present));
    }
    if is_random(engine, text) {
        return Some(Given::Random);
    }
    if let Some(inside) = quoted(text) {
        return Some(of_text(engine, inside, kind));
    }
    if text.to_lowercase().starts_with("array[]::") {
        return Some(Given::List(Vec::new()));
    }
    match Condition::read(engine, text, &[].into()).shared? {
        Expression::Text(text) => Some(of_text(engine, text, kind)),
        Expression::Boolean(truth) if kind.family == Family::Truth => Some(Given::Truth(truth)),
        // SQLite's words for 1 and 0.
        Expression::Boolean(truth) => of_number(if truth { "1" } else { "0" }, kind),
        Expression::Number(digits) => of_number(&digits, kind),
        Expression::Bytes(digits) => Some(Given::Bytes(digits)),
        _ => None,
    }
}

fn is_random(engine: Engine, text: &str) -> bool {
    let small: String = text.to_lowercase().split_whitespace().collect();
    match engine {
        // Random bytes in hex, with the version that tells how such an identifier was made. Source: RFC 9562.
        Engine::Sqlite => small.contains("hex(randomblob(") && (small.contains("'-4'") || small.contains("'4'")),
        Engine::Postgres => {
            let call = small.split_once("::").map_or(small.as_str(), |(call, _)| call).trim_matches(['(', ')']);
            let name = call.rsplit('.').next().unwrap_or_default();
            ["gen_random_uuid", "uuid_generate_v4"].contains(&name)
        }
    }
}

/// The content of a literal in quotes, with PostgreSQL's name of its type behind it or without.
fn quoted(text: &str) -> Option<String> {
    let mut rest = text.strip_prefix('\'')?;
    let mut inside = String::new();
    loop {
        let (part, after) = rest.split_once('\'')?;
        inside.push_str(part);
        match after.strip_prefix('\'') {
            Some(more) => {
                inside.push('\'');
                rest = more;
            }
            None => {
                let is_name = |letter: char| letter.is_alphanumeric() || "_ .\"(),[]".contains(letter);
                let is_end = after.is_empty() || after.strip_prefix("::").is_some_and(|name| name.chars().all(is_name));
                return is_end.then_some(inside);
            }
        }
    }
}

fn of_number(digits: &str, kind: &Type) -> Option<Given> {
    match kind.family {
        Family::Truth if ["0", "1"].contains(&digits) => Some(Given::Truth(digits == "1")),
        Family::Text if digits.parse::<i64>().is_ok_and(|number| number.to_string() == digits) => {
            Some(Given::Text(digits.to_owned()))
        }
        Family::Text => None,
        _ if kind.is_time() => None,
        _ => number(digits).map(Given::Number),
    }
}

/// A number by its value, without zeros that say nothing.
fn number(digits: &str) -> Option<String> {
    let mut scratch = Vec::new();
    let read = Decimal::parse(digits.trim(), &mut scratch)?;
    let digits = String::from_utf8_lossy(read.digits);
    Some(format!("{}{digits}e{}", if read.negative { "-" } else { "" }, read.exponent))
}

fn of_text(engine: Engine, text: String, kind: &Type) -> Given {
    let plain = text.trim();
    let read = match &kind.family {
        Family::Truth if ["0", "1"].contains(&plain) => Some(Given::Truth(plain == "1")),
        _ if kind.is_number() => number(plain).map(Given::Number),
        Family::Bytes if engine == Engine::Postgres => {
            plain.strip_prefix("\\x").map(|digits| Given::Bytes(digits.to_lowercase()))
        }
        Family::Document => {
            let mut out = Vec::new();
            canonical(plain, &mut Canonicaliser::default(), &mut out).ok().map(|_| Given::Document(out))
        }
        Family::Identifier => Some(Given::Text(plain.to_lowercase())),
        Family::Day | Family::Moment => {
            parse_date_time(plain.as_bytes()).and_then(|read| read.unix_us()).map(Given::Time)
        }
        Family::TimeOfDay => parse_time(plain.as_bytes()).map(|(micros, _)| Given::Time(micros)),
        Family::List(_) => list(engine, plain).map(Given::List),
        _ => None,
    };
    read.unwrap_or(Given::Text(text))
}

/// The elements of a list of plain words: a document on SQLite, in braces on PostgreSQL.
fn list(engine: Engine, text: &str) -> Option<Vec<String>> {
    if engine == Engine::Sqlite && !text.starts_with('{') {
        let elements: Vec<serde_json::Value> = serde_json::from_str(text).ok()?;
        let word = |element: &serde_json::Value| match element {
            serde_json::Value::String(text) => Some(text.clone()),
            serde_json::Value::Number(number) => Some(number.to_string()),
            _ => None,
        };
        return elements.iter().map(word).collect();
    }
    let inside = text.strip_prefix('{')?.strip_suffix('}')?;
    let is_plain = !inside.contains(['"', '\\', '{']);
    let elements = inside.split(',').map(|element| element.trim().to_owned());
    is_plain.then(|| elements.filter(|element| !element.is_empty()).collect())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn held(kind: &str, sqlite: &str, postgres: &str) -> Option<bool> {
        beside(sqlite, postgres, &Type::read(Engine::Postgres, kind, false)).ok()
    }

    #[test]
    fn what_gives_the_same_on_both_engines_is_the_same() {
        for (kind, sqlite, postgres) in [
            ("text", "'it''s'", "'it''s'::text"),
            ("character varying(9)", "'x'", "'x'::character varying"),
            ("mood", "'sad'", "'sad'::mood"),
            ("text", "5", "'5'::text"),
            ("integer", "-1", "'-1'::integer"),
            ("integer", "'5'", "5"),
            ("numeric(9,2)", "'1.50'", "1.5"),
            ("double precision", "1.0", "1"),
            ("boolean", "1", "true"),
            ("boolean", "true", "true"),
            ("boolean", "'0'", "false"),
            ("smallint", "true", "1"),
            ("jsonb", "'{\"a\":1, \"b\":[]}'", "'{\"b\": [], \"a\": 1}'::jsonb"),
            ("json", "'{}'", "'{}'::json"),
            ("text[]", "'[]'", "'{}'::text[]"),
            ("text[]", "'[]'", "ARRAY[]::text[]"),
            ("text[]", "'[\"a\", \"b\"]'", "'{a,b}'::text[]"),
            ("bytea", "x'0f'", "'\\x0f'::bytea"),
            ("uuid", "'00000000-0000-4000-8000-00000000000A'", "'00000000-0000-4000-8000-00000000000a'::uuid"),
            ("date", "'2020-01-01'", "'2020-01-01'::date"),
            (
                "timestamp with time zone",
                "'2020-01-01T00:00:00Z'",
                "'2020-01-01 02:00:00+02'::timestamp with time zone",
            ),
            ("timestamp without time zone", "current_timestamp", "(now() AT TIME ZONE 'utc'::text)"),
            ("timestamp with time zone", "current_timestamp", "now()"),
            ("timestamp with time zone", "datetime('now')", "CURRENT_TIMESTAMP"),
            ("bigint", "unixepoch()", "floor(EXTRACT(epoch FROM now()))::bigint"),
            ("date", "current_date", "(now() AT TIME ZONE 'utc'::text)"),
            ("uuid", "lower(hex(randomblob(4)) || '-4' || hex(randomblob(6)))", "gen_random_uuid()"),
            ("text", "lower(hex(randomblob(4)) || '-' || '4' || hex(randomblob(6)))", "uuid_generate_v4()::text"),
            ("integer", "1 + 2", "1 + 2"),
        ] {
            assert_eq!(held(kind, sqlite, postgres), Some(true), "{sqlite} beside {postgres}");
        }
    }

    #[test]
    fn what_gives_something_else_differs() {
        for (kind, sqlite, postgres) in [
            ("text", "'x'", "'y'::text"),
            ("text", "'x'", "'X'::text"),
            ("integer", "1", "2"),
            ("bigint", "9007199254740993", "'9007199254740992'::bigint"),
            ("boolean", "1", "false"),
            ("boolean", "'true'", "true"),
            ("jsonb", "'{}'", "'[]'::jsonb"),
            ("text[]", "'[\"a\"]'", "'{}'::text[]"),
            ("date", "'2020-01-01'", "'2020-01-02'::date"),
            ("timestamp with time zone", "'2020-01-01 00:00:00'", "now()"),
            ("timestamp with time zone", "current_date", "now()"),
            ("bigint", "unixepoch()", "floor(EXTRACT(epoch FROM now()) * 1000::numeric)::bigint"),
            ("bigint", "current_timestamp", "floor(EXTRACT(epoch FROM now()))::bigint"),
            ("uuid", "'00000000-0000-4000-8000-000000000000'", "gen_random_uuid()"),
        ] {
            assert_eq!(held(kind, sqlite, postgres), Some(false), "{sqlite} beside {postgres}");
        }
    }

    #[test]
    fn what_nobody_can_tell_is_not_compared() {
        for (kind, sqlite, postgres) in [
            ("timestamp without time zone", "current_timestamp", "now()"),
            ("timestamp with time zone", "current_timestamp", "(now() AT TIME ZONE 'utc'::text)"),
            ("date", "current_date", "CURRENT_DATE"),
            ("timestamp with time zone", "datetime('now', 'localtime')", "now()"),
            ("text", "current_timestamp", "now()"),
            ("text", "'x'", "lower('X'::text)"),
            ("timestamp with time zone", "datetime('now', '+1 day')", "now() + '1 day'::interval"),
            ("text", "lower(hex(randomblob(16)))", "md5(random()::text)"),
            ("timestamp with time zone", "0", "'1970-01-01 00:00:00+00'::timestamp with time zone"),
        ] {
            assert_eq!(held(kind, sqlite, postgres), None, "{sqlite} beside {postgres}");
        }
    }
}
