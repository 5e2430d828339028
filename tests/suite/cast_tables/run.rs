//! Examples on their way: into PostgreSQL by the program, back by PostgreSQL's own text and binary form, and in again.

use std::collections::BTreeMap;

use serde_json::Value;

use super::drawn::{Example, Section};
use crate::support::wire;
use crate::support::{Database, Source, copy, fresh_database, verify_with};

/// What PostgreSQL returns of one example, twice: as text, and as the literal and the bytes of its binary form.
struct Returned {
    shown: Option<String>,
    oid: u32,
    literal: Option<String>,
    record: String,
}

/// The storage class in which SQLite keeps a value.
pub(super) fn class(stored: &str) -> String {
    let connection = rusqlite::Connection::open_in_memory().expect("memory is there");
    let sql = format!("select typeof({stored})");
    connection.query_row(&sql, [], |row| row.get(0)).unwrap_or_else(|error| panic!("{stored}: {error}"))
}

/// Takes all examples there and back, and fills in what came of them; gives what is wrong whatever is drawn.
pub(super) fn run(sections: &mut [Section]) -> Vec<String> {
    let (source, target) = (source(sections, |example| Some(&example.stored)), target(sections));
    let flags: Vec<&str> = sections.iter().flat_map(|section| &section.flags).map(String::as_str).collect();
    let copied = copy(&source.path(), &target, &flags);
    let (_, verified) = verify_with(&source.path(), &target, &flags);
    let returned = returned(&target, sections);
    let mut faults = Vec::new();
    for section in &mut *sections {
        for at in 0..section.examples.len() {
            let (table, example) = (section.table(at), &mut section.examples[at]);
            example.class = class(&example.stored);
            example.becomes = becomes(copied.table(&table));
            let returned = returned.get(&table);
            fill(example, returned);
            let fault = |what: String| format!("{table}: {} into {}: {what}", example.stored, section.column);
            faults.extend(judge(example, returned, &target, &table).map(fault));
            faults.extend(verdict(&verified, &table, &example.becomes).map(fault));
        }
    }
    faults.extend(again(sections, &returned));
    faults
}

/// What was read back of an example, when it arrived.
fn back(example: &Example) -> Option<&String> {
    (!example.back.is_empty()).then_some(&example.back)
}

/// Copies what was read back, and compares the bytes that PostgreSQL then holds with those that it held.
fn again(sections: &[Section], before: &BTreeMap<String, Returned>) -> Vec<String> {
    let (source, target) = (source(sections, back), target(sections));
    let flags: Vec<&str> = sections.iter().flat_map(|section| &section.again).map(String::as_str).collect();
    copy(&source.path(), &target, &flags);
    let now = returned(&target, sections);
    // Without the oid of the type: one that was made for the test has another number each time.
    let value = |of: &BTreeMap<String, Returned>, table: &str| of.get(table).map(|found| found.record[16..].to_owned());
    let mut faults = Vec::new();
    for section in sections {
        for (at, example) in section.examples.iter().enumerate().filter(|(_, example)| back(example).is_some()) {
            let table = section.table(at);
            if value(&now, &table) != value(before, &table) {
                faults.push(format!("{table}: {} does not become the same again", example.back));
            }
        }
    }
    faults
}

/// A source with a table for each example; it is empty where there is no value.
fn source<'s>(sections: &'s [Section], value: impl Fn(&'s Example) -> Option<&'s String>) -> Source {
    let mut sql = String::from("begin;");
    for section in sections {
        for (at, example) in section.examples.iter().enumerate() {
            let table = section.table(at);
            sql.push_str(&format!("create table \"{table}\" (v);"));
            if let Some(value) = value(example) {
                sql.push_str(&format!("insert into \"{table}\" values ({value});"));
            }
        }
    }
    Source::from_sql(&format!("{sql}commit"))
}

fn target(sections: &[Section]) -> Database {
    let target = fresh_database();
    let mut sql = String::from("begin;");
    for section in sections {
        sql.push_str(&format!("{};", section.before));
        for at in 0..section.examples.len() {
            sql.push_str(&format!("create table \"{}\" (v {});", section.table(at), section.column));
        }
    }
    target.psql(&format!("{sql}commit"));
    target
}

/// What the report says of the one value of a table.
fn becomes(table: &Value) -> String {
    let named = |field: &str| table[field].as_object().and_then(|rules| rules.keys().next().cloned());
    if let Some(reason) = table["reasons"][0]["reason"].as_str() {
        return format!("R {reason}");
    }
    let changed = match (named("lossy"), named("normalised")) {
        (Some(rule), _) => format!("N lossy: {rule}"),
        (None, Some(rule)) => format!("N {rule}"),
        (None, None) => "E".to_owned(),
    };
    named("warned").map_or(changed.clone(), |rule| format!("{changed}; warned: {rule}"))
}

/// What PostgreSQL returns of every table that holds a row.
fn returned(target: &Database, sections: &[Section]) -> BTreeMap<String, Returned> {
    let one = |table: String| {
        format!("select json_build_array('{table}', v::text, encode(record_send(row(v)), 'hex')) from \"{table}\"")
    };
    let tables = sections.iter().flat_map(|section| (0..section.examples.len()).map(|at| section.table(at)));
    let queries: Vec<String> = tables.map(one).collect();
    let answer =
        target.psql(&format!("set timezone = 'UTC'; set bytea_output = 'hex'; {}", queries.join(" union all ")));
    let read = |line: &str| {
        let answer: Value = serde_json::from_str(line).expect("it is a JSON array");
        let text = |at: usize| answer[at].as_str().map(str::to_owned);
        let record = text(2).expect("it is hex");
        let (oid, literal) = wire::literal(&record);
        (text(0).expect("a name"), Returned { shown: text(1), oid, literal, record })
    };
    answer.lines().map(read).collect()
}

fn fill(example: &mut Example, returned: Option<&Returned>) {
    let null = || "NULL".to_owned();
    (example.shown, example.back) = match returned {
        None => (String::new(), String::new()),
        Some(returned) => (returned.shown.clone().unwrap_or_else(null), returned.literal.clone().unwrap_or_else(null)),
    };
}

/// What is wrong with an example: a reject that arrived, a row that is missing, a value that is not exactly what went in.
fn judge(example: &Example, returned: Option<&Returned>, target: &Database, table: &str) -> Option<String> {
    match (example.becomes.starts_with('R'), returned) {
        (true, None) => None,
        (true, Some(_)) => Some("it is rejected and there".to_owned()),
        (false, None) => Some("it is neither rejected nor there".to_owned()),
        (false, Some(returned)) => {
            let exact = example.becomes.starts_with('E');
            (exact && !same(example, returned, target, table)).then(|| format!("{} is not the same", example.back))
        }
    }
}

/// Whether what was read back is the value that went in: to SQLite itself, for decimals but for zeros at their end, and for
/// `jsonb` to PostgreSQL, which reads the text that went in.
fn same(example: &Example, returned: &Returned, target: &Database, table: &str) -> bool {
    const NUMERIC: u32 = 1700;
    const JSONB: u32 = 3802;
    let sqlite = |sql: &str| {
        let connection = rusqlite::Connection::open_in_memory().expect("memory is there");
        connection
            .query_row(sql, [], |row| row.get::<_, Option<String>>(0))
            .unwrap_or_else(|error| panic!("{error}: {sql}"))
    };
    let stored = || sqlite(&format!("select cast({} as text)", example.stored)).unwrap_or_default();
    match (returned.oid, &returned.shown) {
        (NUMERIC, Some(shown)) => without_zeros(&stored()) == without_zeros(shown),
        (JSONB, Some(_)) => {
            let text = stored().replace('\'', "''");
            target.psql(&format!("select v = '{text}'::jsonb from \"{table}\"")) == "t"
        }
        _ => {
            sqlite(&format!(
                "select cast(({0}) is ({1}) and (typeof({0}) <> 'real' or quote({0}) = quote({1})) as text)",
                example.stored, example.back
            ))
            .as_deref()
                == Some("1")
        }
    }
}

fn without_zeros(number: &str) -> &str {
    if number.contains('.') { number.trim_end_matches('0').trim_end_matches('.') } else { number }
}

/// What is wrong with the verification's word on a table.
fn verdict(verified: &Value, table: &str, becomes: &str) -> Option<String> {
    let expected = match becomes.chars().next() {
        Some('E') => "equal",
        Some('N') if becomes.starts_with("N lossy") => "equal-after-loss",
        Some('N') => "equal-after-rules",
        _ => "different",
    };
    let tables = verified["tables"].as_array().expect("the report lists tables");
    let found = tables.iter().find(|one| one["name"] == table).map(|one| &one["verdict"]);
    (found != Some(&Value::from(expected))).then(|| format!("verify says {found:?}"))
}
