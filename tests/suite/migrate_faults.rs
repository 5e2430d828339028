//! What goes wrong in a run is told clearly, and leaves the database as it was.

mod locks;
mod lost;
mod moved;
mod places;

use std::time::Duration;

use crate::support::migrate::{Revisions, asked, change, picture};
use crate::support::place::Place;

const LIMIT: Duration = Duration::from_secs(20);

/// Holds every one of some words to be in a message.
fn assert_says(message: &str, words: &[&str]) {
    for said in words {
        assert!(message.contains(said), "{said} is not in: {message}");
    }
}

#[test]
fn a_revision_that_fails_leaves_nothing_and_the_ones_before_it_stay() {
    for place in Place::both() {
        let revisions = Revisions::of([
            ("V0001__a.sql", "create table a (id int); insert into a values (1);"),
            (
                "V0002__b.sql",
                "create table b (id int);\ninsert into b values (1);\nupdate a set id = 2;\nalter table a add column c int;\n\
                 insert into b\n  select nosuch from a;\ncreate table never (id int);",
            ),
            ("V0003__c.sql", "create table c (id int);"),
        ]);
        revisions.done(&place, &["up", "+1"]);
        let before = picture(&place);
        let error = revisions.refused(&place, &["up"]);
        assert_says(
            &error,
            &[
                "V0002__b.sql:6:10: ",
                &format!("{} refuses this statement", place.engine()),
                "nosuch",
                "  6 |   select nosuch from a;\n    |          ^\n",
                "nothing of V0002__b was kept, the database is as it was before it; correct the script and run the command again",
            ],
        );
        assert_eq!(picture(&place), before);
        assert_eq!(revisions.history(&place), ["V0001__a up done"]);
        revisions.write("V0002__b.sql", "create table b (id int);");
        revisions.done(&place, &["up"]);
        assert_eq!(revisions.states(&place), "aaa");
    }
}

#[test]
fn earlier_revisions_of_the_same_run_stay() {
    for place in Place::both() {
        let revisions = Revisions::of([
            ("V0001__a.sql", "create table a (id int);"),
            ("V0002__b.sql", "create table b (id int);"),
            ("V0003__c.sql", "create table c (id int); insert into nosuch values (1);"),
        ]);
        let error = revisions.refused(&place, &["up"]);
        assert_says(&error, &["V0003__c.sql:1:", "nothing of V0003__c was kept"]);
        assert_eq!(revisions.states(&place), "aap");
    }
}

#[test]
fn a_script_that_steers_the_transaction_is_refused_before_anything_runs() {
    for place in Place::both() {
        for word in ["commit", "rollback", "begin", "savepoint s"] {
            let revisions = Revisions::of([
                ("V0001__a.sql", "create table a (id int);"),
                ("V0002__b.sql", &format!("create table b (id int);\n{word};\ncreate table c (id int);")),
            ]);
            let error = revisions.refused(&place, &["up"]);
            let first = word.split(' ').next().expect("a word");
            assert_says(&error, &[&format!("V0002__b.sql:2: `{first}` steers a transaction"), "a revision of its own"]);
            assert!(revisions.states(&place).starts_with("pp"), "nothing has run");
        }
        let revisions = Revisions::of([
            ("V0001__a.sql", "create table a (id int);"),
            ("V0002__b.sql", "create table b (id int);\nvacuum;"),
        ]);
        let error = revisions.refused(&place, &["up"]);
        assert_says(&error, &["V0002__b.sql:2:1: ", "only outside a transaction", "`-- transaction: none`"]);
        assert!(revisions.states(&place).starts_with("pp"), "nothing has run");
    }
}

#[test]
fn a_script_without_a_transaction_that_fails_says_what_has_run() {
    for place in Place::both() {
        let revisions = Revisions::of([(
            "V0001__a.sql",
            "-- transaction: none\ncreate table a (id int);\ninsert into a values (1);\ninsert into nosuch values (1);",
        )]);
        let error = revisions.refused(&place, &["up"]);
        assert_says(&error, &["V0001__a.sql:4:", "the 2 statements before it in V0001__a have run and are recorded"]);
        assert_eq!(asked(&place, "select * from a"), ["1"]);
        assert_eq!(revisions.states(&place), "i");
        change(&place, "create table nosuch (id int)");
        revisions.done(&place, &["up"]);
        assert_eq!(asked(&place, "select * from a"), ["1"]);
        assert_eq!(asked(&place, "select * from nosuch"), ["1"]);
    }
}

#[test]
fn a_statement_that_failed_for_sure_is_not_in_doubt() {
    let place = Place::postgres();
    let revisions = Revisions::of([
        ("V0001__t.sql", "create table t (a int); insert into t values (1), (1);"),
        (
            "V0002__i.sql",
            "-- transaction: none\ncreate unique index concurrently i on t (a);\ndrop index concurrently j;",
        ),
    ]);
    let error = revisions.refused(&place, &["up"]);
    assert_says(&error, &["V0002__i.sql:2:1: ", "could not create unique index", "nothing of V0002__i has run yet"]);
    assert_eq!(asked(&place, "select to_regclass('i') is null"), ["t"], "the unfinished index is gone");
    change(&place, "delete from t");
    let error = revisions.refused(&place, &["up"]);
    assert_says(&error, &["V0002__i.sql:3:", "\"j\" does not exist", "the statement before it in V0002__i has run"]);
    change(&place, "create index j on t (a)");
    revisions.done(&place, &["up"]);
    assert_eq!(asked(&place, "select indexrelid::regclass from pg_index where indrelid = 't'::regclass"), ["i"]);
}

#[test]
fn what_a_script_sets_is_not_meant_for_the_next_nor_for_our_records() {
    let place = Place::postgres();
    let role = format!("{}_other", place.server().name());
    change(&place, &format!("create role {role}; grant create, usage on schema public to {role}"));
    let revisions = Revisions::of([
        ("V0001__a.sql", "create schema app; set search_path = app; create table a (id int);"),
        ("V0002__b.sql", &format!("create table b (id int); set role {role};") as &str),
        (
            "V0003__c.sql",
            "create table c (id int); set session_replication_role = replica; set default_transaction_read_only = on;",
        ),
        ("V0004__d.sql", "-- transaction: none\nset search_path = app;\ncreate table d (id int);"),
        ("V0005__e.sql", "create table e (id int);"),
    ]);
    revisions.done(&place, &["up", "--bookkeeping", "alembic"]);
    let tables = "select schemaname || '.' || tablename || ' ' || (tableowner = session_user) from pg_tables where schemaname \
                  in ('app', 'public') order by 1";
    assert_eq!(
        asked(&place, tables),
        ["app.a true", "app.d true", "public.alembic_version true", "public.b true", "public.c true", "public.e true"]
    );
    assert_eq!(asked(&place, "select distinct applied_by = session_user from strait.history"), ["t"]);
    change(&place, &format!("drop owned by {role}; drop role {role}"));
}

#[test]
fn pragmas_of_a_script_are_not_meant_for_the_next() {
    let place = Place::sqlite();
    let revisions = Revisions::of([
        (
            "V0001__a.sql",
            "create table a (id int check (id > 0)); pragma ignore_check_constraints = on; insert into a values (0);",
        ),
        ("V0002__b.sql", "insert into a values (0);"),
    ]);
    let error = revisions.refused(&place, &["up"]);
    assert_says(&error, &["V0002__b.sql:1:1: ", "CHECK constraint failed"]);
    assert_eq!(revisions.states(&place), "ap");
}
