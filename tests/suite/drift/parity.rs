//! Parity: what the forms of one revision for both engines have alike is compared by what is true of it, and what cannot be
//! compared is a gap, with its reason.

use serde_json::Value;

use super::{drift, migrate, path, sentences};
use crate::support::migrate::Revisions;
use crate::support::place::Place;

/// Databases of both engines that are at one revision with a script for each engine; gives the exit status and what is told.
pub(super) fn parity_of(sqlite: &str, postgres: &str) -> (i32, Value) {
    let revisions = Revisions::of([("V0001__all.sqlite.sql", sqlite), ("V0001__all.postgres.sql", postgres)]);
    let places = Place::both();
    for place in &places {
        migrate(&revisions, place, &["up"]);
    }
    let (folder, urls) = (revisions.path(), places.each_ref().map(Place::url));
    drift(&["--dir", path(&folder), "--parity", &urls[0], &urls[1]])
}

/// The gaps, each with its subject, its engine and what it is.
fn gaps(told: &Value) -> Vec<String> {
    let list = told["gaps"].as_array().expect("a list");
    assert!(list.iter().all(|gap| gap["why"].as_str().is_some_and(|why| !why.is_empty())), "{told:#}");
    list.iter().map(|gap| format!("{} ({}): {}", gap["subject"], gap["engine"], gap["what"]).replace('"', "")).collect()
}

/// Runs cases: a script for each engine after a common one, what differs, and what is a gap.
pub(super) fn cases(common: &str, cases: &[(&str, &str, &[&str], &[&str])]) {
    for (sqlite, postgres, differs, lacks) in cases {
        let (status, told) = parity_of(&format!("{common} {sqlite}"), &format!("{common} {postgres}"));
        assert_eq!(sentences(&told), *differs, "{sqlite} beside {postgres}: {told:#}");
        assert_eq!(gaps(&told), *lacks, "{sqlite} beside {postgres}: {told:#}");
        assert_eq!(status, i32::from(!differs.is_empty()));
    }
}

const TABLES: &str = "create table teams (a bigint not null, b bigint not null, primary key (a, b));
    create table users (id bigint primary key, email text, age bigint, state text, active boolean, team_a bigint, team_b bigint);";

#[test]
fn indexes_of_one_name_are_compared_by_what_they_are_over() {
    cases(
        TABLES,
        &[
            ("create index i on users (age, email)", "create index i on users (age, email)", &[], &[]),
            (
                "create index i on users (age, email)",
                "create index i on users (email, age)",
                &["users: index i: columns age, email on SQLite, email, age on PostgreSQL"],
                &[],
            ),
            (
                "create index i on users (age)",
                "create index i on users (age desc)",
                &["users: index i: columns age on SQLite, age DESC on PostgreSQL"],
                &[],
            ),
            (
                "create index i on users (age)",
                "create unique index i on users (age)",
                &["users: index i: unique nothing on SQLite, yes on PostgreSQL"],
                &[],
            ),
            (
                "create index i on users (lower(email))",
                "create index i on users (upper(email))",
                &["users: index i: columns (lower(email)) on SQLite, upper(email) on PostgreSQL"],
                &[],
            ),
            ("create index i on users (lower(email))", "create index i on users (lower(email))", &[], &[]),
            (
                "create unique index i on users (email) where age > 1",
                "create unique index i on users (email) where age > 2",
                &["users: index i: where age > 1 on SQLite, age > 2 on PostgreSQL"],
                &[],
            ),
            (
                "create unique index i on users (email) where active and state in ('a', 'b')",
                "create unique index j on users (email) where active and state in ('b', 'a')",
                &[],
                &[],
            ),
        ],
    );
    cases(
        TABLES,
        &[
            (
                "create index i on users (email) where state like 'a%'",
                "create index i on users (email) where state like 'a%'",
                &[],
                &["users: index i (both engines): where state like 'a%'; state ~~ 'a%'::text"],
            ),
            (
                "create index i on users (age)",
                "create index j on users (age)",
                &["users: index i: name i on SQLite, j on PostgreSQL"],
                &[],
            ),
            (
                "create index i on users (email)",
                "create index i on users (email text_pattern_ops)",
                &[],
                &["users: index i (PostgreSQL): operator class text_pattern_ops"],
            ),
        ],
    );
}

#[test]
fn a_column_with_a_comma_in_its_name_is_no_two_columns() {
    let tables = "create table t (x bigint, y bigint, \"x,y\" bigint, z bigint);";
    cases(
        tables,
        &[
            (
                "create unique index one on t (\"x,y\")",
                "create unique index one on t (x, y)",
                &["t: index one: columns \"x,y\" on SQLite, x, y on PostgreSQL"],
                &[],
            ),
            ("create unique index one on t (\"x,y\", z)", "create unique index two on t (\"x,y\", z)", &[], &[]),
            (
                "create unique index one on t (x, y)",
                "create unique index two on t (y, x)",
                &["t: unique (x, y): columns x, y on SQLite, y, x on PostgreSQL"],
                &[],
            ),
        ],
    );
}

#[test]
fn names_that_are_one_to_sqlite_are_told() {
    let table = "create table users (id bigint primary key, name text)";
    cases(
        "",
        &[(
            table,
            &format!(
                "{table}; create table \"Users\" (id bigint primary key); alter table users add column \"Name\" text"
            ),
            &[],
            &["table users (PostgreSQL): a name in other letters", "users.Name (PostgreSQL): a name in other letters"],
        )],
    );
}

#[test]
fn letters_that_are_taken_for_the_same_are_a_gap() {
    cases(
        "create table u (id bigint primary key);",
        &[(
            "create table t (a text, b text, unique (a collate nocase), unique (b))",
            "create table t (a text, b text, unique (b)); create unique index one on t (lower(a))",
            &[],
            &[
                "t: unique (a) (SQLite): collation nocase",
                "t: unique (a) (both engines): collate nocase beside lower()",
            ],
        )],
    );
}

#[test]
fn a_reference_is_known_by_its_pairs_of_columns() {
    let key = |columns: &str, parents: &str, more: &str| {
        format!(
            "create table teams (a bigint not null, b bigint not null, primary key (a, b)); create table users (x bigint, y \
             bigint, foreign key ({columns}) references teams ({parents}) {more})"
        )
    };
    let (one, turned) = (key("x, y", "a, b", ""), key("y, x", "b, a", ""));
    let crossed = key("x, y", "b, a", "");
    let (deferred, immediate) =
        (key("x, y", "a, b", "deferrable initially deferred"), key("x, y", "a, b", "deferrable initially immediate"));
    cases(
        "",
        &[
            (&one, &turned, &[], &[]),
            (
                &one,
                &crossed,
                &[
                    "users: foreign key (x, y) to teams (a, b) on SQLite alone",
                    "users: foreign key (x, y) to teams (b, a) on PostgreSQL alone",
                ],
                &[],
            ),
            (&deferred, &deferred, &[], &[]),
            (
                &deferred,
                &one,
                &[
                    "users: foreign key (x, y) to teams (a, b): deferrable initially deferred on SQLite, nothing on PostgreSQL",
                ],
                &[],
            ),
            (
                &one,
                &immediate,
                &[],
                &["users: foreign key (x, y) to teams (a, b) (PostgreSQL): deferrable initially immediate"],
            ),
        ],
    );
}

#[test]
fn checks_are_compared_by_what_they_say() {
    let table = |check: &str| format!("create table t (a bigint, b text, check ({check}))");
    cases(
        "",
        &[
            (&table("a between 1 and 9"), &table("a >= 1 and a <= 9"), &[], &[]),
            (
                &table("a > 0"),
                &table("a > 10"),
                &["t: a check of a: expression a > 0 on SQLite, a > 10 on PostgreSQL"],
                &[],
            ),
            (
                &table("b glob 'a*'"),
                &table("b like 'a%'"),
                &[],
                &["t: a check of b (both engines): expression b glob 'a*'; b ~~ 'a%'::text"],
            ),
        ],
    );
}

#[test]
fn the_labels_of_a_type_are_held_against_the_check_that_stands_for_it() {
    let postgres = "create type mood as enum ('sad', 'it''s'); create table t (m mood)";
    let sqlite = |check: &str| format!("create table t (m text {check})");
    let gap = "enum mood (PostgreSQL): enum";
    cases(
        "",
        &[
            (&sqlite("check (m in ('it''s', 'sad'))"), postgres, &[], &[gap]),
            (&sqlite("check (m is null or m in ('it''s', 'sad'))"), postgres, &[], &[gap]),
            (
                &sqlite("check (m in ('sad'))"),
                postgres,
                &["t.m: labels 'sad' on SQLite, 'it's', 'sad' on PostgreSQL"],
                &[gap],
            ),
            (
                &sqlite("check (m in ('sad', 'it''s')), check (m in ('sad'))"),
                postgres,
                &["t: a check of m on SQLite alone"],
                &[gap],
            ),
            (&sqlite(""), postgres, &["t.m: labels nothing on SQLite, 'it's', 'sad' on PostgreSQL"], &[gap]),
        ],
    );
}

#[test]
fn what_is_computed_is_compared() {
    let table = |more: &str| format!("create table t (a bigint, b bigint {more})");
    cases(
        "",
        &[
            (&table("generated always as (a + 1) stored"), &table("generated always as (a + 1) stored"), &[], &[]),
            (
                &table("generated always as (a + 1) stored"),
                &table(""),
                &["t.b: generated a + 1 on SQLite, nothing on PostgreSQL"],
                &[],
            ),
            (
                &table("generated always as (a + 1) virtual"),
                &table("generated always as (a + 2) stored"),
                &["t.b: generated a + 1 on SQLite, a + 2 on PostgreSQL"],
                &["t.b (SQLite): kept virtual"],
            ),
        ],
    );
}

#[test]
fn the_columns_of_views_are_compared() {
    let query = "view v (both engines): its query";
    cases(
        "create table t (a bigint, b bigint);",
        &[
            ("create view v as select * from t", "create view v as select a, b from t", &[], &[query]),
            (
                "create view v as select a as x, b from t",
                "create view v as select a, b from t",
                &["view v: columns x, b on SQLite, a, b on PostgreSQL"],
                &[query],
            ),
            (
                "create view v as select a, b from t",
                "create table v (a bigint, b bigint)",
                &["view v: kind view on SQLite, table on PostgreSQL"],
                &[],
            ),
        ],
    );
}

#[test]
fn triggers_are_compared_by_when_they_run() {
    const FUNCTION: &str = "function f() (PostgreSQL): function";
    let function = "create function f() returns trigger language plpgsql as $$ begin return new; end $$;";
    let postgres = |when: &str| format!("{function} create trigger g {when} execute function f()");
    let sqlite = |when: &str| format!("create trigger g {when} begin select 1; end");
    let does = "t: trigger g (both engines): what it does";
    let told = |sentence: &str| format!("t: trigger g: {sentence}");
    let one = |sentence: &'static str| -> &'static [&'static str] { vec![&*told(sentence).leak()].leak() };
    cases(
        "create table t (a bigint, b bigint);",
        &[
            (
                &sqlite("after update of a on t when new.a > 1"),
                &postgres("after update of a on t for each row when (new.a > 1)"),
                &[],
                &[FUNCTION, does],
            ),
            (
                &sqlite("after insert on t"),
                &postgres("before insert on t for each row"),
                one("time after on SQLite, before on PostgreSQL"),
                &[FUNCTION, does],
            ),
            (
                &sqlite("after insert on t"),
                &postgres("after insert or delete on t for each row"),
                one("events insert on SQLite, delete, insert on PostgreSQL"),
                &[FUNCTION, does],
            ),
            (
                &sqlite("after update of a on t"),
                &postgres("after update of b on t for each row"),
                one("of a on SQLite, b on PostgreSQL"),
                &[FUNCTION, does],
            ),
            (
                &sqlite("after update on t when new.a > 1"),
                &postgres("after update on t for each row when (new.a > 2)"),
                one("when new.a > 1 on SQLite, new.a > 2 on PostgreSQL"),
                &[FUNCTION, does],
            ),
            (
                &sqlite("after update on t"),
                &postgres("after update on t"),
                &[],
                &[FUNCTION, "t: trigger g (PostgreSQL): for each statement", does],
            ),
            (
                "create trigger g_insert after insert on t begin select 1; end; create trigger g_delete after delete on t begin \
                 select 1; end",
                &postgres("after insert or delete on t for each row"),
                &[],
                &[FUNCTION, "t: trigger g_insert (both engines): what it does"],
            ),
        ],
    );
}
