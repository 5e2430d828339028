//! Parity of types and defaults: what stands for a type on the other engine is the same, and what a row gets is compared.

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

#[test]
fn defaults_that_give_the_same_are_no_drift() {
    let (sqlite, postgres) = table(&[
        ("text default 'it''s'", "text default 'it''s'"),
        ("text default \"x\"", "varchar default 'x'"),
        ("integer default +5", "int default 5"),
        ("integer default (-1)", "bigint default -1"),
        ("real default 1.50", "double precision default 1.5"),
        ("boolean default 1", "boolean default true"),
        ("boolean default false", "boolean default 'f'"),
        ("integer default 0", "boolean default false"),
        ("text default null", "text"),
        ("text", "text default null"),
        ("text", "varchar(9) default null::varchar"),
        ("json default '{\"a\":[1]}'", "jsonb default '{\"a\": [1]}'"),
        ("json default '[]'", "text[] default '{}'"),
        ("blob default x'0F'", "bytea default '\\x0f'"),
        ("datetime default current_timestamp", "timestamptz default now()"),
        ("datetime default (datetime('now'))", "timestamptz default current_timestamp"),
        ("datetime default CURRENT_TIMESTAMP", "timestamp default (now() at time zone 'utc')"),
        ("integer default (unixepoch())", "bigint default floor(extract(epoch from now()))::bigint"),
        ("date default '2020-02-03'", "date default '2020-02-03'"),
        (
            "text default (lower(hex(randomblob(4)) || '-' || hex(randomblob(2)) || '-4' || substr(hex(randomblob(2)), 2)))",
            "uuid default gen_random_uuid()",
        ),
    ]);
    let bound = "table t (PostgreSQL): lengths or digits of c10";
    cases("", &[(&sqlite, &postgres, &[], &[bound])]);
}

#[test]
fn a_default_that_gives_something_else_is_drift() {
    for (sqlite, postgres, sentence) in [
        ("text default 'x'", "text default 'y'", "default 'x' on SQLite, 'y'::text on PostgreSQL"),
        ("integer default 1", "int default 2", "default 1 on SQLite, 2 on PostgreSQL"),
        ("boolean default 1", "boolean default false", "default 1 on SQLite, false on PostgreSQL"),
        ("integer default 5", "int", "default 5 on SQLite, nothing on PostgreSQL"),
        ("integer", "int default 5", "default nothing on SQLite, 5 on PostgreSQL"),
        (
            "datetime default '2020-01-01 00:00:00'",
            "timestamptz default now()",
            "default '2020-01-01 00:00:00' on SQLite, now() on PostgreSQL",
        ),
        (
            "integer default (unixepoch())",
            "bigint default floor(extract(epoch from now()))::bigint * 1000",
            "default unixepoch() on SQLite, floor(EXTRACT(epoch FROM now()))::bigint * 1000 on PostgreSQL",
        ),
    ] {
        one(sqlite, postgres, &[&format!("t.c0: {sentence}")], &[]);
    }
    let (sqlite, postgres) = table(&[("text default 'x'", "int default 5"), ("text", "bytea")]);
    let expected = [
        "t.c0: default 'x' on SQLite, 5 on PostgreSQL",
        "t.c0: type text on SQLite, integer on PostgreSQL",
        "t.c1: type text on SQLite, bytea on PostgreSQL",
    ];
    cases("", &[(&sqlite, &postgres, &expected, &[])]);
}

#[test]
fn a_default_that_cannot_be_compared_is_a_gap() {
    one(
        "datetime default current_timestamp",
        "timestamp default now()",
        &[],
        &["t.c0 (both engines): default current_timestamp; now()"],
    );
    one(
        "text default (upper('x'))",
        "text default initcap('x')",
        &[],
        &["t.c0 (both engines): default upper('x'); initcap('x'::text)"],
    );
    one("text default (upper('x'))", "text default upper('x')", &[], &[]);
}
