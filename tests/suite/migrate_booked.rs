//! A revision says whose table of history tells of it: kept true without a flag, or never told.

use crate::support::migrate::{Revisions, asked, change, error_in};
use crate::support::place::Place;
use crate::support::strait;

/// A line of three that is Alembic's, which makes Alembic's table itself, and beside it a revision of our own.
fn revisions() -> Revisions {
    let table = "create table alembic_version (version_num varchar(32) not null primary key)";
    Revisions::of([
        ("V1__a.sql", format!("-- revision: a\n-- bookkeeping: alembic\n{table};")),
        ("V1__a.down.sql", "drop table alembic_version;".to_owned()),
        ("V2__b.sql", "-- revision: b\ncreate table b (id int);".to_owned()),
        ("V2__b.down.sql", "drop table b;".to_owned()),
        ("V3__c.sql", "-- revision: c\ncreate table c (id int);".to_owned()),
        ("V3__c.down.sql", "drop table c;".to_owned()),
        (
            "V4__own.sql",
            "-- revision: own\n-- down_revision: none\n-- depends_on: a\n-- bookkeeping: none\ncreate table own (id int);"
                .to_owned(),
        ),
        ("V4__own.down.sql", "drop table own;".to_owned()),
    ])
}

fn alembic(place: &Place) -> Vec<String> {
    asked(place, "select version_num from alembic_version order by 1")
}

#[test]
fn a_table_that_the_first_revision_makes_is_kept_true_without_a_flag() {
    for place in Place::both() {
        let revisions = revisions();
        for (verb, row) in [
            (&["up", "own"][..], "a"),
            (&["up", "b"], "b"),
            (&["up"], "c"),
            (&["stamp", "b"], "b"),
            (&["stamp", "heads"], "c"),
            (&["down", "b"], "b"),
        ] {
            revisions.done(&place, verb);
            assert_eq!(alembic(&place), [row], "{}: {verb:?}", place.engine());
        }
        revisions.done(&place, &["down", "base", "--allow-destructive"]);
        let left = match place.is_postgres() {
            true => "select count(*) from pg_class where relname = 'alembic_version'",
            false => "select count(*) from sqlite_schema where name = 'alembic_version'",
        };
        assert_eq!(asked(&place, left), ["0"], "{}: its own way down drops it", place.engine());
    }
}

#[test]
fn a_table_that_was_asked_for_never_tells_of_a_revision_of_our_own() {
    for place in Place::both() {
        let revisions = revisions();
        revisions.done(&place, &["up", "--bookkeeping", "peewee", "--bookkeeping", "refinery"]);
        assert_eq!(asked(&place, "select name from migratehistory order by id"), ["001_a", "002_b", "003_c"]);
        let rows = "select cast(version as text) from refinery_schema_history order by 1";
        assert_eq!(asked(&place, rows), ["1", "2", "3"], "{}", place.engine());
    }
}

#[test]
fn a_script_that_is_only_written_down_keeps_the_table_true_as_well() {
    let revisions = revisions();
    let folder = revisions.path();
    let folder = folder.to_str().expect("the path is UTF-8");
    for place in Place::both() {
        let engine = if place.is_postgres() { "postgres" } else { "sqlite" };
        let sql = |verb: &[&str]| {
            let flags = ["--sql", "--engine", engine, "--dir", folder];
            let run = strait(&[&["migrate"], verb, &flags].concat());
            assert_eq!(run.status, 0, "{}{}", run.stdout, run.stderr);
            change(&place, &run.stdout);
        };
        sql(&["up"]);
        assert_eq!(alembic(&place), ["c"], "{engine}");
        sql(&["down", "a", "--from", "heads"]);
        assert_eq!(alembic(&place), ["a"], "{engine}");
    }
}

#[test]
fn a_squash_goes_on_saying_it_and_a_wrong_word_is_told() {
    let revisions = Revisions::of([
        ("V1__a.sql", "-- bookkeeping: alembic\ncreate table a (id int);"),
        ("V2__b.sql", "create table b (id int);"),
    ]);
    let folder = revisions.path();
    let squash = ["migrate", "squash", "V2__b", "--dry-run", "--dir", folder.to_str().expect("the path is UTF-8")];
    let run = strait(&squash);
    assert!(run.stdout.contains("-- bookkeeping: alembic\n"), "{}{}", run.stdout, run.stderr);

    revisions.write("V3__d.sql", "-- revision: d\n-- bookkeeping: flyway\nselect 1;");
    let error = error_in(&revisions.migrate(&Place::sqlite(), &["status"]));
    for told in ["V3__d.sql:2", "`flyway` is no tool", "`alembic`, `peewee`, `refinery`"] {
        assert!(error.contains(told), "{told} is not in: {error}");
    }
}
