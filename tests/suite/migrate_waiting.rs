//! Who waits is told for whom, on either engine; what a killed run left half done is in nobody's way.

use std::fs::File;
use std::process::{Command, Stdio};
use std::time::Duration;

use crate::support::migrate::{Revisions, Talk, change};
use crate::support::place::{Place, wait};
use crate::support::process::{Running, within};

const LIMIT: Duration = Duration::from_secs(60);

/// A table that is filled with more than SQLite keeps in memory, so that nobody else can read the file, and then a statement
/// without an end.
const LARGE: &str = "insert into noise with recursive n(i) as (select 1 union all select i + 1 from n limit 60) select \
                     zeroblob(60000) from n;\nwith recursive n(i) as (select 1 union all select i + 1 from n) select \
                     count(*) from n;";

/// A run that stands in the middle of a large transaction.
fn in_a_large_transaction(place: &Place) -> (Revisions, Running) {
    change(place, "create table noise (x blob)");
    let revisions = Revisions::of([("V1__large.sql", LARGE)]);
    let running = revisions.start(place, &["up"]);
    let is_large = || std::fs::metadata(place.path()).is_ok_and(|file| file.len() > 1_000_000);
    assert!(within(LIMIT, is_large), "it never wrote");
    (revisions, running)
}

#[test]
fn a_runner_whose_transaction_keeps_all_readers_away_is_named() {
    let place = Place::sqlite();
    let (revisions, running) = in_a_large_transaction(&place);
    let error = revisions.refused(&place, &["up", "--wait", "0s"]);
    assert!(error.contains(&format!("another run (pid {}, strait migrate up", running.id())), "{error}");
}

#[test]
fn what_a_killed_run_left_half_done_is_mended_by_repair_and_told_by_status() {
    let place = Place::sqlite();
    let (revisions, running) = in_a_large_transaction(&place);
    running.signal("KILL");
    running.end_within(LIMIT);
    for verb in ["status", "history"] {
        let error = revisions.refused(&place, &[verb]);
        assert!(error.contains("ended in the middle") && error.contains("strait migrate repair"), "{verb}: {error}");
    }
    revisions.done(&place, &["repair"]);
    assert_eq!(revisions.states(&place), "p");
    assert!(revisions.history(&place).is_empty());
}

#[test]
fn a_run_that_is_stopped_claims_no_more_than_is_sure() {
    let place = Place::sqlite();
    let (_revisions, running) = in_a_large_transaction(&place);
    running.signal("INT");
    let run = running.end_within(LIMIT);
    assert_eq!(run.status, 130, "{}", run.stderr);
    assert!(run.stderr.contains("what was not committed is rolled back"), "{}", run.stderr);
}

#[test]
fn who_waits_is_told_for_whom_and_goes_on_then() {
    for place in Place::both() {
        let revisions = Revisions::of([("V1__a.sql", "create table a (id int);")]);
        change(&place, "create table here (id int)");
        for verb in [&["up"][..], &["stamp", "base"], &["repair"]] {
            wait(is_waited_for(&place, revisions.command(&place.url(), verb)));
        }
        assert_eq!(revisions.states(&place), "p", "it was stamped at base");
    }
}

#[test]
fn every_attempt_to_get_a_lock_is_told() {
    let revisions =
        Revisions::of([("V1__a.sql", "create table a (id int);"), ("V2__b.sql", "alter table a add column x int;")]);
    for place in Place::both() {
        revisions.done(&place, &["up", "+1"]);
        let (mut talk, mut application) = (None, None);
        if place.is_postgres() {
            let mut server = Talk::with(place.server());
            server.ask("begin; lock table a");
            talk = Some(server);
        } else {
            let connection = rusqlite::Connection::open(place.path()).expect("it can be opened");
            connection.execute_batch("begin immediate").expect("it can be written");
            application = Some(connection);
        }
        let run = revisions.migrate(&place, &["up", "--lock-timeout", "20ms"]);
        assert_eq!(run.status, 2, "{}{}", run.stdout, run.stderr);
        for attempt in 2..=10 {
            let said = format!("V2__b: another program holds a lock; trying again ({attempt} of 10)");
            assert!(run.stderr.contains(&said), "{said} is not in: {}", run.stderr);
        }
        drop((talk, application));
    }
}

/// Holds the lock until a command has told that it waits, and lets it go on.
async fn is_waited_for(place: &Place, mut command: Command) {
    let mut holder = place.open().await;
    holder.lock(Duration::ZERO, "migrate test").await.expect("nobody else is there");
    let told = tempfile::NamedTempFile::new().expect("a file can be made");
    let read = || std::fs::read_to_string(told.path()).expect("it can be read");
    let errors = File::options().append(true).open(told.path()).expect("it can be written");
    let mut waiting = command.stdout(Stdio::null()).stderr(errors).spawn().expect("it starts");
    let is_told = within(LIMIT, || read().contains("waiting for another run to end ("));
    let said = read();
    holder.unlock().await.expect("it can be given back");
    holder.close().await;
    let ended = waiting.wait().expect("it ends");
    assert!(is_told && said.contains("strait migrate test, user "), "{command:?}: {said}");
    assert!(said.contains(" s more at the most (--wait)"), "{command:?}: {said}");
    assert!(ended.success(), "{command:?}: {}", read());
}
