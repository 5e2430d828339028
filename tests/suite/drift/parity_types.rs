//! Parity of types: what stands for a type on the other engine is the same.

use serde_json::Value;

use super::parity::{cases, parity_of};

/// A table with one column for each line, on both engines.
fn table(lines: &[(&str, &str)]) -> (String, String) {
    let make = |columns: Vec<String>| format!("create table t ({})", columns.join(", "));
    let column = |(at, text): (usize, &str)| format!("c{at} {text}");
    (
        make(lines.iter().map(|(own, _)| *own).enumerate().map(column).collect()),
        make(lines.iter().map(|(_, other)| *other).enumerate().map(column).collect()),
    )
}

/// Compares tables of one column; gives the status, the sentences and the gaps with their reasons.
fn one(sqlite: &str, postgres: &str, differs: &[&str], lacks: &[&str]) {
    let (sqlite, postgres) = table(&[(sqlite, postgres)]);
    cases("", &[(&sqlite, &postgres, differs, lacks)]);
}

#[test]
fn what_stands_for_a_type_on_the_other_engine_is_no_drift() {
    let (sqlite, postgres) = table(&[
        ("INTEGER", "smallint"),
        ("Integer", "bigint"),
        ("integer", "boolean"),
        ("tinyint(1)", "boolean"),
        ("boolean", "bool"),
        ("REAL", "double precision"),
        ("float", "float8"),
        ("text", "uuid"),
        ("text", "jsonb"),
        ("json", "json"),
        ("json", "text[]"),
        ("text", "timestamptz"),
        ("datetime", "timestamp"),
        ("datetime", "timestamptz"),
        ("date", "date"),
        ("text", "interval"),
        ("varchar (40)", "varchar(40)"),
        ("nvarchar(40)", "character varying(40)"),
        ("clob", "text"),
        ("blob", "bytea"),
        ("bigint", "int8"),
        ("text", "inet"),
        ("text", "int[]"),
    ]);
    cases("", &[(&sqlite, &postgres, &[], &[])]);
    let domains = "create domain id as bigint; create domain own as id; create table t (x own)";
    let gaps = ["domain id (PostgreSQL): domain", "domain own (PostgreSQL): domain"];
    cases("", &[("create table t (x integer)", domains, &[], &gaps)]);
    cases("", &[("create table t (x text)", domains, &["t.x: type text on SQLite, own on PostgreSQL"], &gaps)]);
}

#[test]
fn a_type_that_cannot_hold_the_other_s_values_is_drift() {
    let (sqlite, postgres) = table(&[
        ("text", "int"),
        ("text", "bytea"),
        ("text", "boolean"),
        ("integer", "text"),
        ("real", "int"),
        ("bigint", "int"),
        ("blob", "text"),
        ("datetime", "date"),
        ("varchar(50)", "varchar(40)"),
        ("varchar(40)", "varchar(50)"),
        ("boolean", "int"),
    ]);
    let (status, told) = parity_of(&sqlite, &postgres);
    let found = &told["comparisons"][2]["differences"];
    let shown: Vec<String> = found
        .as_array()
        .expect("a list")
        .iter()
        .map(|one| {
            assert_eq!(one["fact"], "type");
            format!("{}: {}", one["grade"].as_str().unwrap_or_default(), one["sentence"].as_str().unwrap_or_default())
        })
        .collect();
    assert_eq!(
        shown,
        [
            "breaking: t.c0: type text on SQLite, integer on PostgreSQL",
            "breaking: t.c10: type boolean on SQLite, integer on PostgreSQL",
            "breaking: t.c1: type text on SQLite, bytea on PostgreSQL",
            "breaking: t.c2: type text on SQLite, boolean on PostgreSQL",
            "breaking: t.c3: type integer on SQLite, text on PostgreSQL",
            "breaking: t.c4: type real on SQLite, integer on PostgreSQL",
            "breaking: t.c5: type bigint on SQLite, integer on PostgreSQL",
            "breaking: t.c6: type blob on SQLite, text on PostgreSQL",
            "breaking: t.c7: type datetime on SQLite, date on PostgreSQL",
            "breaking: t.c8: type varchar(50) on SQLite, character varying(40) on PostgreSQL",
            "compatible: t.c9: type varchar(40) on SQLite, character varying(50) on PostgreSQL",
        ]
    );
    assert_eq!((status, &told["gaps"]), (1, &Value::Array(Vec::new())), "{told:#}");
}

#[test]
fn what_a_type_leaves_open_is_a_gap() {
    one("datetime", "bigint", &[], &["t.c0 (both engines): type datetime; bigint"]);
    one("integer", "timestamptz", &[], &["t.c0 (both engines): type integer; timestamp with time zone"]);
    one("", "text", &[], &["t.c0 (both engines): type nothing; text"]);
    one("blob", "uuid", &[], &["t.c0 (both engines): type blob; uuid"]);
}

#[test]
fn bounds_that_postgresql_alone_heeds_are_one_gap_of_a_table() {
    let (sqlite, postgres) = table(&[
        ("text", "varchar(40)"),
        ("datetime", "timestamp(0)"),
        ("text check (length(c2) <= 9)", "varchar(9)"),
        ("decimal", "numeric(10,2)"),
        ("decimal(10,2)", "numeric(10,2)"),
        ("varchar(40)", "varchar(40)"),
    ]);
    cases(
        "",
        &[(
            &sqlite,
            &postgres,
            &[],
            &["table t (PostgreSQL): lengths or digits of c0, c1, c3", "table t (SQLite): decimals in c3, c4"],
        )],
    );
}
