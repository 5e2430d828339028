//! One runner at a time: of several that start at once one does the work, and the others wait for it or give up cleanly.

use std::sync::Barrier;
use std::time::{Duration, Instant};

use crate::support::Finished;
use crate::support::migrate::{Revisions, Talk, asked, steps};
use crate::support::place::Place;
use crate::support::process::within;

const LIMIT: Duration = Duration::from_secs(20);
const COUNT: usize = 5;

/// Each revision leaves a mark, which has no key: what ran twice is seen.
fn marking() -> Revisions {
    Revisions::of((1..=COUNT).map(|number| {
        let first = if number == 1 { "create table marker (revision int);" } else { "" };
        let script = format!("{first} create table t{number} (id int); insert into marker values ({number});");
        (format!("V000{number}__t{number}.sql"), script)
    }))
}

/// Starts runners truly together and waits for all of them.
fn together(revisions: &Revisions, place: &Place, count: usize, flags: &[&str]) -> Vec<Finished> {
    let barrier = Barrier::new(count);
    let verb: Vec<&str> = ["up", "--format", "json", "--quiet"].iter().chain(flags).copied().collect();
    std::thread::scope(|scope| {
        let run = || {
            barrier.wait();
            revisions.start(place, &verb).end_within(LIMIT)
        };
        let runs: Vec<_> = (0..count).map(|_| scope.spawn(run)).collect();
        runs.into_iter().map(|run| run.join().expect("it ends")).collect()
    })
}

/// Holds a database to have every revision, once.
fn assert_once(revisions: &Revisions, place: &Place) {
    let all: Vec<String> = (1..=COUNT).map(|number| format!("V000{number}__t{number} up done")).collect();
    assert_eq!(revisions.history(place), all);
    let version = if place.is_postgres() { "strait.version" } else { "strait_version" };
    let marks = format!(
        "select cast(count(*) as text) || '/' || cast(count(distinct marker.revision) as text) || ' at ' || \
         (select max(revision) || cast(count(*) as text) from {version}) from marker"
    );
    assert_eq!(asked(place, &marks), ["5/5 at V0005__t51"]);
}

fn begin_anew(place: &mut Place) {
    match place.is_postgres() {
        false => *place = Place::sqlite(),
        true => drop(
            place
                .server()
                .psql("drop schema if exists strait cascade; drop table if exists marker, t1, t2, t3, t4, t5"),
        ),
    }
}

/// Lets several runners start at once, again and again.
fn rounds(mut place: Place, rounds: usize, runners: usize) {
    let revisions = marking();
    for _ in 0..rounds {
        let runs = together(&revisions, &place, runners, &[]);
        let mut counts: Vec<usize> = Vec::new();
        for run in &runs {
            assert_eq!(run.status, 0, "{}", run.stderr);
            counts.push(steps(run).len());
        }
        counts.sort_unstable();
        let mut expected = vec![0; runners - 1];
        expected.push(COUNT);
        assert_eq!(counts, expected, "one does everything, the others find nothing to do");
        assert_once(&revisions, &place);
        begin_anew(&mut place);
    }
}

/// The same with runners that do not wait.
fn hasty_rounds(mut place: Place, rounds: usize) {
    let revisions = marking();
    let mut gave_up = 0;
    for _ in 0..rounds {
        let runs = together(&revisions, &place, 2, &["--wait", "0s"]);
        for run in runs.iter().filter(|run| run.status != 0) {
            gave_up += 1;
            assert_eq!((run.status, run.stdout.as_str()), (2, ""), "{}", run.stderr);
            let error = &run.stderr;
            assert!(error.contains("another run (") && error.contains("then run this again"), "{error}");
        }
        let mut done: Vec<String> = runs.iter().filter(|run| run.status == 0).flat_map(steps).collect();
        done.sort();
        assert_eq!(done, ["V0001__t1", "V0002__t2", "V0003__t3", "V0004__t4", "V0005__t5"]);
        assert_once(&revisions, &place);
        begin_anew(&mut place);
    }
    assert!(gave_up > 0, "no two runners ever met");
}

#[test]
fn of_two_runners_at_once_one_does_the_work_on_sqlite() {
    rounds(Place::sqlite(), 25, 2);
}

#[test]
fn of_two_runners_at_once_one_does_the_work_on_postgres() {
    rounds(Place::postgres(), 25, 2);
}

#[test]
fn of_two_hasty_runners_at_once_one_gives_up_on_sqlite() {
    hasty_rounds(Place::sqlite(), 25);
}

#[test]
fn of_two_hasty_runners_at_once_one_gives_up_on_postgres() {
    hasty_rounds(Place::postgres(), 25);
}

#[test]
fn of_four_runners_at_once_one_does_the_work() {
    for place in Place::both() {
        rounds(place, 4, 4);
    }
}

#[test]
fn a_runner_that_does_not_wait_names_the_one_that_works_on_postgres() {
    let (place, revisions) = (Place::postgres(), marking());
    revisions.write("V0003__t3.sql", "select pg_advisory_xact_lock(1); create table t3 (id int);");
    let mut talk = Talk::with(place.server());
    talk.ask("select pg_advisory_lock(1)");
    let first = revisions.start(&place, &["up"]);
    assert!(within(LIMIT, || talk.waiting() == "1"), "it never came to the gate");
    let pid = talk.ask("select pid from pg_locks where locktype = 'advisory' and not granted").concat();
    let error = revisions.refused(&place, &["up", "--wait", "0s"]);
    for said in [&format!("(pid {pid}, strait migrate up, user "), "since 20", " UTC", "let it end, or end it"] {
        assert!(error.contains(said), "{said} is not in: {error}");
    }
    // Who only looks does not wait.
    assert_eq!(revisions.states(&place), "aappp");
    talk.ask("select pg_advisory_unlock(1)");
    assert_eq!(first.end_within(LIMIT).status, 0);
}

#[test]
fn a_runner_that_does_not_wait_names_the_one_that_works_on_sqlite() {
    let (place, revisions) = (Place::sqlite(), marking());
    let endless = "with recursive n(i) as (select 1 union all select i + 1 from n) select count(*) from n;";
    revisions.write("V0003__t3.sql", endless);
    let first = revisions.start(&place, &["up"]);
    let stands =
        || rusqlite::Connection::open(place.path()).is_ok_and(|it| it.execute_batch("select * from t2").is_ok());
    assert!(within(LIMIT, stands), "it never came to the third");
    let error = revisions.refused(&place, &["up", "--wait", "0s"]);
    for said in [&format!("(pid {}, strait migrate up, user ", first.id()), "since 20", " UTC", "let it end, or end it"]
    {
        assert!(error.contains(said), "{said} is not in: {error}");
    }
    assert_eq!(revisions.states(&place), "aappp");
    first.signal("KILL");
    first.end_within(LIMIT);
    // A lock goes with its holder, and so does what it has begun.
    revisions.write("V0003__t3.sql", "create table t3 (id int);");
    revisions.done(&place, &["up", "--wait", "0s"]);
    assert_eq!(revisions.states(&place), "aaaaa");
}

#[test]
fn another_program_that_writes_is_waited_for_as_long_as_was_said() {
    let (place, revisions) = (Place::sqlite(), marking());
    for known in [false, true] {
        let application = rusqlite::Connection::open(place.path()).expect("it can be opened");
        application.execute_batch("begin immediate").expect("it can be written");
        let before = revisions.states(&place);
        let began = Instant::now();
        let error = revisions.refused(&place, &["up", "+1", "--lock-timeout", "20ms"]);
        assert!(began.elapsed() < Duration::from_secs(5), "{:?}", began.elapsed());
        for said in ["another program writes to", "app.db", "stop the application, or run this again"] {
            assert!(error.contains(said), "{said} is not in: {error}");
        }
        assert_eq!(error.contains("nothing of V0002__t2 was kept after 10 attempts"), known, "{error}");
        assert_eq!(revisions.states(&place), before);
        std::thread::scope(|scope| {
            let run = scope.spawn(|| revisions.done(&place, &["up", "+1", "--lock-timeout", "100ms"]));
            std::thread::sleep(Duration::from_millis(500));
            application.execute_batch("commit").expect("it can be committed");
            run.join().expect("it succeeds when the other has ended");
        });
    }
    assert_eq!(revisions.states(&place), "aappp");
}
