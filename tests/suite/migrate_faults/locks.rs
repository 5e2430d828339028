//! A lock that another program holds is waited for, in several attempts, and then told.

use std::time::Duration;

use super::{LIMIT, assert_says};
use crate::support::migrate::{Revisions, Talk, asked, picture};
use crate::support::place::Place;

#[test]
fn a_table_that_is_locked_for_a_while_is_altered_on_a_later_attempt() {
    let place = Place::postgres();
    let revisions = Revisions::of([
        ("V0001__t.sql", "create table t (id int);"),
        ("V0002__c.sql", "-- lock_timeout: 100ms\ninsert into t values (1); alter table t add column c int;"),
    ]);
    revisions.done(&place, &["up", "+1"]);
    let before = picture(&place);
    let mut other = Talk::with(place.server());
    other.ask("begin; lock table t in access share mode");
    // The header's time counts, not the flag's.
    let error = revisions.refused(&place, &["up", "--lock-timeout", "1m"]);
    assert_says(
        &error,
        &[
            "V0002__c.sql:2:27: PostgreSQL refuses this statement",
            "lock timeout",
            "nothing of V0002__c was kept",
            "tried 10 times",
            "--lock-timeout",
        ],
    );
    assert_eq!(picture(&place), before);
    let running = revisions.start(&place, &["up"]);
    std::thread::sleep(Duration::from_millis(800));
    other.ask("commit");
    let run = running.end_within(LIMIT);
    assert_eq!(run.status, 0, "{}", run.stderr);
    assert_eq!(asked(&place, "select id, c from t"), ["1|"], "what was tried several times was done once");
}

#[test]
fn a_lock_is_waited_for_without_a_transaction_too() {
    let place = Place::postgres();
    let header = "-- transaction: none\n-- lock_timeout: 100ms\n";
    let revisions = Revisions::of([
        ("V0001__t.sql", "create table t (id int);".to_owned()),
        ("V0002__c.sql", format!("{header}insert into t values (1); alter table t add column c int;")),
        ("V0003__i.sql", format!("{header}create index concurrently i on t (c);")),
    ]);
    revisions.done(&place, &["up", "+1"]);
    let mut other = Talk::with(place.server());
    for lock in ["lock table t in access share mode", "lock table t in share row exclusive mode"] {
        other.ask(&format!("begin; {lock}"));
        let error = revisions.refused(&place, &["up", "+1"]);
        assert_says(&error, &["lock timeout", "tried 10 times"]);
        let mut running = revisions.start(&place, &["up", "+1"]);
        std::thread::sleep(Duration::from_millis(500));
        assert!(!running.has_ended(), "it is patient");
        other.ask("commit");
        let run = running.end_within(LIMIT);
        assert_eq!(run.status, 0, "{}", run.stderr);
    }
    assert_eq!(revisions.states(&place), "aaa");
    assert_eq!(asked(&place, "select count(*) from t"), ["1"], "it ran once");
    assert_eq!(asked(&place, "select count(*) from pg_index where indrelid = 't'::regclass and indisvalid"), ["1"]);
}

#[test]
fn a_reader_that_keeps_a_commit_away_is_waited_for() {
    let place = Place::sqlite();
    let revisions =
        Revisions::of([("V0001__t.sql", "create table t (id int);"), ("V0002__c.sql", "insert into t values (1);")]);
    revisions.done(&place, &["up", "+1"]);
    let reader = rusqlite::Connection::open(place.path()).expect("it can be opened");
    reader.execute_batch("begin; select count(*) from t").expect("it can be read");
    let error = revisions.refused(&place, &["up", "--lock-timeout", "20ms"]);
    assert_says(
        &error,
        &["nothing of V0002__c was kept after 10 attempts", "cannot commit on", "app.db", "run this again when"],
    );
    let running = revisions.start(&place, &["up", "--lock-timeout", "100ms"]);
    std::thread::sleep(Duration::from_millis(600));
    reader.execute_batch("commit").expect("it ends");
    let run = running.end_within(LIMIT);
    assert_eq!(run.status, 0, "{}", run.stderr);
    assert_eq!(asked(&place, "select * from t"), ["1"]);
}
