//! Repair accepts nothing that it has not seen, and no interrupted script is gone on with after its beginning changed.

use crate::support::migrate::{Revisions, asked};
use crate::support::place::Place;

#[test]
fn a_late_revision_whose_effect_is_not_there_is_not_accepted() {
    for place in Place::both() {
        let revisions =
            Revisions::of([("V0001__a.sql", "create table a (x int);"), ("V0003__c.sql", "create table c (x int);")]);
        revisions.done(&place, &["up"]);
        revisions.write("V0002__b.sql", "create view v as select x from a;\ninsert into a values (7);");
        for flags in [&["repair", "--yes"][..], &["repair", "--yes", "--accept-unseen"]] {
            let run = revisions.migrate(&place, flags);
            assert_eq!(run.status, 1, "{}{}", run.stdout, run.stderr);
            assert!(run.stdout.contains("view v is missing"), "{}", run.stdout);
        }
        crate::support::migrate::change(&place, "create view v as select x from a;");
        let run = revisions.migrate(&place, &["repair", "--yes"]);
        assert!(run.status == 1 && run.stdout.contains("V0002__b.sql:2:1: `insert`"), "{}{}", run.stdout, run.stderr);
        revisions.done(&place, &["repair", "--yes", "--accept-unseen"]);
        assert_eq!(revisions.states(&place), "aaa");
    }
}

#[test]
fn an_enum_with_other_labels_is_a_difference() {
    let place = Place::postgres();
    let revisions = Revisions::of([("V0001__a.sql", "create type mood as enum ('a');")]);
    revisions.done(&place, &["up"]);
    revisions.write("V0001__a.sql", "create type mood as enum ('a', 'b');");
    let run = revisions.migrate(&place, &["repair", "--yes", "--accept-unseen"]);
    assert!(run.status == 1 && run.stdout.contains("mood"), "{}{}", run.stdout, run.stderr);
}

#[test]
fn an_interrupted_script_goes_on_only_after_what_has_run() {
    const BEGINNING: &str = "-- transaction: none\ncreate table a (x int);\ninsert into a values (1);\n";
    for place in Place::both() {
        let revisions = Revisions::of([("V0001__a.sql", format!("{BEGINNING}insert into nowhere values (1);"))]);
        revisions.refused(&place, &["up"]);
        let corrected = "create table b (x int);";
        revisions.write("V0001__a.sql", &format!("{}{corrected}", BEGINNING.replace("(1)", "(2)")));
        let error = revisions.refused(&place, &["up"]);
        assert!(error.contains("V0001__a.sql:3:1: statement 2 is not the text that has run"), "{error}");
        revisions.write("V0001__a.sql", "-- transaction: none\ncreate table a (x int);");
        assert!(revisions.refused(&place, &["up"]).contains("only 1 statements, and 2 were begun"));
        std::fs::remove_file(revisions.path().join("V0001__a.sql")).expect("it is there");
        revisions.write("V0000__z.sql", "create table z (x int);");
        let run = revisions.migrate(&place, &["repair"]);
        assert!(run.status == 1 && run.stdout.contains("V0001__a is interrupted"), "{}{}", run.stdout, run.stderr);
        std::fs::remove_file(revisions.path().join("V0000__z.sql")).expect("it is there");
        revisions.write("V0001__a.sql", &format!("{BEGINNING}{corrected}"));
        revisions.done(&place, &["up"]);
        assert_eq!(asked(&place, "select x from a"), ["1"]);
        assert_eq!(revisions.states(&place), "a");
    }
}

#[test]
fn a_script_for_the_other_engine_edits_nothing_here() {
    let place = Place::sqlite();
    let revisions = Revisions::of([("V0001__a.sql", "create table a (x int);")]);
    revisions.done(&place, &["up"]);
    revisions.write("V0001__a.postgres.sql", "create table a (x integer);");
    assert_eq!(revisions.states(&place), "a");
}

/// When each revision was applied, as the status tells it.
fn applied_at(revisions: &Revisions, place: &Place) -> Vec<serde_json::Value> {
    let status = revisions.status(place);
    let all = status["revisions"].as_array().expect("the status lists revisions");
    all.iter().map(|one| one["applied_at"].clone()).collect()
}

#[test]
fn a_repair_leaves_the_time_at_which_a_revision_was_applied() {
    for place in Place::both() {
        let revisions = Revisions::of([("V0001__a.sql", "create table a (x int);")]);
        revisions.done(&place, &["up"]);
        let before = applied_at(&revisions, &place);
        revisions.write("V0001__a.sql", "-- Why.\ncreate table a (x int);");
        revisions.done(&place, &["repair", "--yes"]);
        assert_eq!(revisions.states(&place), "a");
        assert_eq!(applied_at(&revisions, &place), before);
        revisions.write("V0001__a.sql", "create table a (x int, y int);");
        let (error, moment) = (revisions.refused(&place, &["up"]), before[0].as_str().expect("it is a text"));
        assert!(error.contains(&format!("was applied at {moment}")), "{error}");
    }
}

#[test]
fn what_is_pending_was_applied_at_no_time() {
    for place in Place::both() {
        let revisions = Revisions::of([("V0001__a.sql", "create table a (x int);")]);
        revisions.done(&place, &["up"]);
        let version = if place.is_postgres() { "strait.version" } else { "strait_version" };
        crate::support::migrate::change(&place, &format!("delete from {version}"));
        assert_eq!(revisions.states(&place), "p");
        assert_eq!(applied_at(&revisions, &place), [serde_json::Value::Null]);
    }
}
