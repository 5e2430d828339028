//! Every logical type of the language: what is stored, what the target shows, and the rule that is counted for it.

use std::collections::BTreeMap;

use super::Home;
use crate::support::{Source, fresh_database};

/// A type, a stored value, what PostgreSQL shows of it, and the rule that changed its form.
const CASES: &[(&str, &str, &str, Option<&str>)] = &[
    ("text", "'Łódź '", "Łódź ", None),
    ("varchar(3)", "'äöü'", "äöü", None),
    ("boolean", "1", "true", None),
    ("smallint", "-32768", "-32768", None),
    ("int", "2147483647", "2147483647", None),
    ("bigint", "-9223372036854775808", "-9223372036854775808", None),
    ("real", "0.5", "0.5", None),
    ("double", "5e-324", "5e-324", None),
    ("numeric", "'12345678901234567890.1230'", "12345678901234567890.1230", None),
    ("numeric(6,2)", "'1.5'", "1.50", Some("numeric: from text in another form")),
    ("date", "'1969-12-31'", "1969-12-31", Some("date: from text")),
    ("time", "'23:59:59.000001'", "23:59:59.000001", Some("time: from text")),
    ("time(0)", "'23:59'", "23:59:00", Some("time: from text")),
    (
        "timestamp",
        "'1969-12-31T23:59:59.5+01:00'",
        "1969-12-31 22:59:59.5",
        Some("timestamp: from text with an offset, in UTC"),
    ),
    ("timestamp(3)", "'2024-02-29 12:00:00.125'", "2024-02-29 12:00:00.125", Some("timestamp: from text")),
    ("timestamptz", "'2024-01-01 00:30:00+05:30'", "2023-12-31 19:00:00+00", Some("timestamp: from text")),
    ("timestamptz(0)", "1700000000", "2023-11-14 22:13:20+00", Some("timestamp: from an epoch number")),
    ("epoch_s", "1700000000", "1700000000", None),
    ("epoch_s", "1700000000000", "1700000000", Some("epoch: rescaled to the column's unit")),
    ("epoch_ms", "1700000000123", "1700000000123", None),
    ("epoch_ms", "1700000000", "1700000000000", Some("epoch: rescaled to the column's unit")),
    ("epoch_us", "1700000000123456", "1700000000123456", None),
    ("epoch_us", "'2023-11-14T22:13:20Z'", "1700000000000000", Some("epoch: from text")),
    ("epoch_ns", "1700000000123456789", "1700000000123456789", None),
    ("epoch_ns", "1700000000.0", "1700000000000000000", Some("epoch: rescaled to the column's unit")),
    ("json", "'{\"b\": 1,  \"a\": 1.0}'", "{\"b\": 1,  \"a\": 1.0}", None),
    ("jsonb", "'{\"bb\":1,\"a\":12345678901234567890}'", "{\"a\": 12345678901234567890, \"bb\": 1}", None),
    ("jsonb", "'{\"a\":1,\"a\":2}'", "{\"a\": 2}", Some("json: duplicate key, last wins")),
    ("json_text", "' [1, 2] '", " [1, 2] ", None),
    ("json_text", "0.5", "0.5", Some("json: number from a real")),
    (
        "uuid",
        "'{0F8FAD5B-D9CB-469F-A165-70867728950E}'",
        "0f8fad5b-d9cb-469f-a165-70867728950e",
        Some("uuid: from text"),
    ),
    (
        "uuid",
        "x'0f8fad5bd9cb469fa16570867728950e'",
        "0f8fad5b-d9cb-469f-a165-70867728950e",
        Some("uuid: from 16 bytes"),
    ),
    ("bytes", "x'00ff'", "\\x00ff", None),
    ("mood", "'so so'", "so so", None),
    ("text[]", "'[\"a\", null, \"{b},\\\\\"]'", "{a,NULL,\"{b},\\\\\"}", Some("array: from a JSON array")),
    ("varchar(3)[]", "'[]'", "{}", Some("array: from a JSON array")),
    ("boolean[]", "'[true, false, 1]'", "{t,f,t}", Some("array: from a JSON array")),
    ("smallint[]", "'[1, -2]'", "{1,-2}", Some("array: from a JSON array")),
    ("int[]", "'[1]'", "{1}", Some("array: from a JSON array")),
    ("bigint[]", "'[9223372036854775807]'", "{9223372036854775807}", Some("array: from a JSON array")),
    ("real[]", "'[0.5]'", "{0.5}", Some("array: from a JSON array")),
    ("real[]", "'[0.1]'", "{0.1}", Some("real: rounded to 32 bits")),
    ("double[]", "'[0.1, -1e300]'", "{0.1,-1e+300}", Some("array: from a JSON array")),
    ("numeric[]", "'[1.50, \"2.00\"]'", "{1.50,2.00}", Some("array: from a JSON array")),
    ("date[]", "'[\"2024-02-29\"]'", "{2024-02-29}", Some("array: from a JSON array")),
    ("time[]", "'[\"01:02\"]'", "{01:02:00}", Some("array: from a JSON array")),
    ("timestamp[]", "'[\"2024-01-01 10:00\"]'", "{\"2024-01-01 10:00:00\"}", Some("array: from a JSON array")),
    ("timestamptz[]", "'[\"2024-01-01T10:00+01\"]'", "{\"2024-01-01 09:00:00+00\"}", Some("array: from a JSON array")),
    ("epoch_ms[]", "'[1700000000123]'", "{1700000000123}", Some("array: from a JSON array")),
    (
        "uuid[]",
        "'[\"0f8fad5bd9cb469fa16570867728950e\"]'",
        "{0f8fad5b-d9cb-469f-a165-70867728950e}",
        Some("array: from a JSON array"),
    ),
];

/// One wide table with a column for each case, called by its place.
fn schema() -> String {
    let columns: Vec<String> = CASES.iter().enumerate().map(|(at, (name, ..))| format!("c{at} {name}")).collect();
    let columns = columns.join(", ");
    format!("create type mood as enum ('sad', 'so so'); create table t (id int primary key, {columns}, many bytes[])")
}

#[test]
fn every_type_crosses_and_is_read_back_as_it_was() {
    let home = Home::with(&schema());
    let names: Vec<String> = (0..CASES.len()).map(|at| format!("c{at}")).collect();
    let (columns, values) = (names.join(", "), CASES.iter().map(|case| case.1).collect::<Vec<_>>().join(", "));
    // Without a declared type SQLite keeps each value in the class in which it is written.
    let source = Source::from_sql(&format!(
        "create table t (id integer primary key, {columns}); insert into t values (1, {values}); insert into t (id) values (2);"
    ));
    let target = fresh_database();
    let copied = home.copy(&source, &target, &[]);
    let reported: BTreeMap<&str, &serde_json::Value> = copied.whole().table("t")["columns"]
        .as_array()
        .expect("columns are listed")
        .iter()
        .map(|column| (column["name"].as_str().expect("it has a name"), &column["rules"]))
        .collect();
    for (at, (logical, stored, shown, rule)) in CASES.iter().enumerate() {
        let found = target.psql(&format!("set timezone = 'UTC'; select c{at}::text from t where id = 1"));
        assert_eq!(found.strip_prefix("SET\n").unwrap_or(&found), *shown, "{logical} of {stored}");
        let rules = reported.get(format!("c{at}").as_str()).map(|rules| (*rules).clone());
        assert_eq!(rules, rule.map(|rule| serde_json::json!({ rule: 1 })), "{logical} of {stored}");
    }
    let nulls: Vec<String> = names.iter().map(|name| format!("{name} is null")).collect();
    assert_eq!(target.psql(&format!("select {} from t where id = 2", nulls.join(" and "))), "t", "NULL stays NULL");
    let (status, report) = home.verify(&source, &target, &[]);
    assert_eq!((status, &report["tables"][0]["verdict"]), (0, &"equal-after-loss".into()), "{report:#}");
}

#[test]
fn without_the_schema_the_same_sides_are_read_under_other_types() {
    let home = Home::with("create table t (id int primary key, at epoch_s)");
    let source =
        Source::from_sql("create table t (id integer primary key, at); insert into t values (1, 1700000000000);");
    let target = fresh_database();
    home.copy(&source, &target, &[]).whole();
    assert_eq!(home.verify(&source, &target, &[]).0, 0);
    assert_eq!(crate::support::verify(&source.path(), &target).0, 1, "a bigint has no unit");
}

#[test]
fn json_s_null_is_not_null() {
    let home = Home::with("create table t (id int primary key, a json, b jsonb, c json_text)");
    let source = Source::from_sql(
        "create table t (id integer primary key, a, b, c); insert into t values (1, 'null', 'null', 'null'), (2, null, null, null);",
    );
    let target = fresh_database();
    home.copy(&source, &target, &[]).whole();
    assert_eq!(
        target.psql("select a, b, c, a is null or b is null or c is null from t where id = 1"),
        "null|null|null|f"
    );
    assert_eq!(target.psql("select a is null and b is null and c is null from t where id = 2"), "t");
    assert_eq!(home.verify(&source, &target, &[]).0, 0);
}

#[test]
fn a_value_that_its_type_does_not_take_sets_its_row_aside() {
    let home = Home::with(
        "create type mood as enum ('sad'); create table t (id int primary key, mood mood, tags int[], at epoch_s, doc json_text, \
         bits bytes[])",
    );
    let source = Source::from_sql(
        "create table t (id integer primary key, mood, tags, at, doc, bits); insert into t (id, mood) values (1, 'Sad');
         insert into t (id, tags) values (2, '[\"x\"]'); insert into t (id, at) values (3, 1700000000001);
         insert into t (id, doc) values (4, '{''a'': 1}'); insert into t (id, bits) values (5, '[\"00\"]');
         insert into t (id, mood, tags, at, doc, bits) values (6, 'sad', '[null]', 1, '{}', '[null]');",
    );
    let target = fresh_database();
    let copied = home.copy(&source, &target, &[]);
    assert_eq!((copied.status, &copied.table("t")["rejected"]), (1, &5.into()), "{:#}", copied.report);
    assert_eq!(target.psql("select id, mood, tags, at, doc, bits from t"), "6|sad|{NULL}|1|{}|{NULL}");
    assert_eq!(
        target.psql("select string_agg(column_name, ',' order by id) from strait.reject"),
        "mood,tags,at,doc,bits"
    );
}
