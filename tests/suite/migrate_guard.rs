//! What a script in an engine's own SQL destroys is refused, however its names are written.

use crate::support::migrate::{Revisions, asked, change};
use crate::support::place::Place;

/// A place with rows, and a script that may not destroy them.
fn refused(place: &Place, before: &str, script: &str, expected: &str) {
    change(place, before);
    let revisions = Revisions::of([("V0001__a.sql", script)]);
    let said = revisions.refused(place, &["up"]);
    assert!(said.contains(expected) && said.contains("--allow-destructive"), "{script}: {said}");
}

#[test]
fn rows_are_counted_where_the_server_finds_their_table() {
    const BEFORE: &str = "create schema a; create schema b; create table a.t (x int); create table b.t (x int);
        create table users (x int, y text); create table \"Users\" (x int);
        insert into b.t values (1), (2); insert into users values (1, 'one'), (2, null)";
    for (script, expected) in [
        ("drop table b.t", "2 rows of table b.t"),
        ("drop table Users", "2 rows of table users"),
        ("alter table users add a int, add b int, add c int, add d int, drop Y", "1 value of column y of table users"),
        ("alter table users alter column y type int using 0", "1 value of column y of table users"),
        ("delete from only users", "2 rows of table users"),
        ("with x as (select 1) delete from users where true", "2 rows of table users"),
        ("set search_path = b; truncate t", "2 rows of table t"),
        ("drop schema b cascade", "1 table of schema b"),
        ("create type mood as enum ('x'); drop type mood cascade", "cannot be counted"),
        ("do $$ begin drop table users; end $$", "2 rows of table users"),
    ] {
        refused(&Place::postgres(), BEFORE, script, expected);
    }
    let place = Place::postgres();
    change(&place, BEFORE);
    let harmless = "drop table a.t; drop table \"Users\"; delete from users where x = 7; drop schema a cascade";
    Revisions::of([("V0001__a.sql", harmless)]).done(&place, &["up"]);
}

#[test]
fn sqlite_finds_a_table_in_any_case_and_by_its_schema() {
    for script in ["drop table NOTES", "drop table Main.[notes]", "delete from notes where 1 = 1"] {
        let place = Place::sqlite();
        refused(&place, "create table notes (x int); insert into notes values (1)", script, "1 row of table");
        assert_eq!(asked(&place, "select count(*) from notes"), ["1"]);
    }
}

#[test]
fn an_unfinished_index_of_a_table_in_a_schema_is_dropped_and_no_other() {
    let place = Place::postgres();
    change(&place, "create schema app; create table app.t (x int); insert into app.t values (1), (1)");
    change(&place, "create table other (x int); create index ix on other (x)");
    let script = "-- transaction: none\ncreate unique index concurrently IX on app.T (x)";
    Revisions::of([("V0001__a.sql", script)]).refused(&place, &["up"]);
    assert_eq!(
        asked(&place, "select indrelid::regclass from pg_index where indexrelid::regclass::text like '%ix'"),
        ["other"]
    );
}

#[test]
fn a_procedure_that_commits_runs_in_a_script_without_a_transaction() {
    let place = Place::postgres();
    change(&place, "create table t (x int)");
    change(&place, "create procedure p() language plpgsql as $$ begin insert into t values (1); commit; end $$");
    let script = "-- transaction: none\ncall p(); do $$ begin insert into t values (2); commit; end $$";
    Revisions::of([("V0001__a.sql", script)]).done(&place, &["up"]);
    assert_eq!(asked(&place, "select x from t order by 1"), ["1", "2"]);
}
