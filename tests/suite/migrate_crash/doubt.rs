//! What becomes of a script without a transaction whose run was killed: indexes half built, statements in doubt, settings.

use super::{Keeper, LIMIT, killed_at};
use crate::support::migrate::{Revisions, Talk, asked};
use crate::support::place::Place;
use crate::support::process::within;

/// A table with rows, and a script without a transaction that does something to its index.
fn indexed(statement: &str) -> (Place, Revisions) {
    let place = Place::postgres();
    let revisions = Revisions::of([
        (
            "V0001__t.sql",
            "create table t (a int); insert into t select generate_series(1, 100); create table log (a int);",
        ),
        (
            "V0002__i.sql",
            &format!("-- transaction: none\ninsert into log values (1);\n{statement};\ninsert into log values (2);")
                as &str,
        ),
    ]);
    (place, revisions)
}

/// Kills a run while its statement waits for a transaction that has written to the table.
fn killed_while_waiting(place: &Place, revisions: &Revisions) {
    revisions.done(place, &["up", "+1"]);
    let mut talk = Talk::with(place.server());
    let mut other = Talk::with(place.server());
    if revisions.path().join("V0002__i.sql").exists() {
        other.ask("begin; insert into t values (0)");
    }
    let running = revisions.start(place, &["up"]);
    assert!(within(LIMIT, || talk.waiting() == "1"), "it never came to wait");
    running.signal("KILL");
    running.end_within(LIMIT);
    // The server sees by itself, within a second or so, that nobody waits for the answer any more.
    assert!(within(LIMIT, || talk.sessions() == "0"), "its session never ended");
    other.ask("rollback");
}

#[test]
fn an_index_whose_building_was_killed_is_dropped_and_built_again() {
    let (place, revisions) = indexed("create index concurrently i on t (a)");
    killed_while_waiting(&place, &revisions);
    let index = "select indisvalid, indexrelid from pg_index where indexrelid = to_regclass('i')";
    let broken = asked(&place, index);
    assert!(broken[0].starts_with("f|"), "{broken:?}");
    assert_eq!(revisions.states(&place), "ai");
    let told = revisions.done(&place, &["up"]);
    assert!(told.contains("resumed"), "{told}");
    let whole = asked(&place, index);
    assert!(whole[0].starts_with("t|") && whole[0][2..] != broken[0][2..], "{broken:?} {whole:?}");
    assert_eq!(asked(&place, "select a from log order by 1"), ["1", "2"]);
    assert_eq!(revisions.states(&place), "aa");
}

#[test]
fn an_index_that_was_whole_before_the_kill_was_recorded_is_kept() {
    let (place, revisions) = indexed("create index concurrently i on t (a)");
    killed_while_waiting(&place, &revisions);
    // As if the kill had come just after the statement: it is there, and only its beginning is recorded.
    place.server().psql("drop index i");
    place.server().psql("create index i on t (a)");
    let before = asked(&place, "select 'i'::regclass::oid");
    revisions.done(&place, &["up"]);
    assert_eq!(asked(&place, "select 'i'::regclass::oid"), before);
}

#[test]
fn a_statement_in_doubt_waits_for_a_person_to_say_what_became_of_it() {
    for (said, dropped_by_hand) in [("again", false), ("done", true)] {
        let (place, revisions) = indexed("drop index concurrently i");
        revisions.write("V0001__t.sql", "create table t (a int); create index i on t (a); create table log (a int);");
        killed_while_waiting(&place, &revisions);
        let error = revisions.refused(&place, &["up"]);
        for words in
            ["V0002__i was interrupted on its way up after 1 of its statements", "V0002__i.sql:3:1", "--in-doubt done"]
        {
            assert!(error.contains(words), "{words} is not in: {error}");
        }
        assert!(revisions.refused(&place, &["down"]).contains("go on with it first: strait migrate up"));
        assert_eq!(revisions.migrate(&place, &["repair"]).status, 1, "it only shows");
        if dropped_by_hand {
            place.server().psql("drop index i");
        }
        let told = revisions.done(&place, &["repair", "--yes", "--in-doubt", said]);
        assert!(told.contains("V0002__i"), "{told}");
        revisions.done(&place, &["up"]);
        assert_eq!(
            asked(&place, "select to_regclass('i') is null, (select string_agg(a::text, '' order by a) from log)"),
            ["t|12"]
        );
        assert_eq!(revisions.states(&place), "aa");
    }
}

#[test]
fn what_a_script_without_a_transaction_has_set_is_set_again_when_it_is_resumed() {
    let place = Place::postgres();
    let revisions = Revisions::of([(
        "V0001__a.sql",
        "-- transaction: none\ncreate schema app;\nset search_path = app;\ncreate table t (a int);\nselect \
         pg_advisory_xact_lock(1);\ncreate table u (a int);",
    )]);
    let mut keeper = Keeper::of(&place);
    killed_at(1, &mut keeper, || revisions.start(&place, &["up"]));
    revisions.done(&place, &["up"]);
    assert_eq!(asked(&place, "select tablename from pg_tables where schemaname = 'app' order by 1"), ["t", "u"]);
}
