//! A runner that is killed at any moment has done every revision whole or not at all, and the next one finishes.

mod doubt;

use std::time::{Duration, Instant, SystemTime};

use crate::support::migrate::{Revisions, Talk, asked, change, picture};
use crate::support::place::Place;
use crate::support::process::{Running, within};

const LIMIT: Duration = Duration::from_secs(20);
/// How many revisions there are, and before how many statements of each a runner can be held still.
const REVISIONS: usize = 10;
const GATES: usize = 3;

/// What a script runs where it can be held still.
fn gate(place: &Place, key: usize) -> String {
    match place.is_postgres() {
        // It waits while somebody else holds this lock.
        true => format!("select pg_advisory_xact_lock({key});"),
        // While the table `gate` names the key, it fills more pages than SQLite keeps in memory, and goes on for ever.
        false => format!(
            "with recursive n(i) as (select 1 union all select i + 1 from n where i < (select 1e15 from gate where key = \
             {key})) insert into noise select zeroblob(60000) from n where i between 2 and 60;"
        ),
    }
}

/// Ten revisions, each with a way down, a mark for each time that it runs, and a gate around each of its statements.
fn gated(place: &Place, header: &str) -> Revisions {
    let files = (1..=REVISIONS).flat_map(|number| {
        let gates: Vec<String> = (1..=GATES).map(|at| gate(place, number * 10 + at)).collect();
        let [first, second, third] = gates.as_slice() else { unreachable!("there are three") };
        let up = format!(
            "{header}{first}\ncreate table t{number} (id int);\n{second}\ninsert into marker values ({number}, 'up');\n{third}"
        );
        let down = format!(
            "{header}{first}\ninsert into marker values ({number}, 'down');\n{second}\ndrop table t{number};\n{third}"
        );
        let stem = format!("V{number:04}__t{number}");
        [(format!("{stem}.sql"), up), (format!("{stem}.down.sql"), down)]
    });
    Revisions::of(files)
}

/// What the scripts need besides themselves.
fn prepare(place: &Place) {
    change(
        place,
        "create table marker (revision int, way text); create table gate (key int primary key); create table noise (x text)",
    );
}

/// Opens and closes the gates of a database.
enum Keeper<'p> {
    Sqlite(&'p Place),
    Postgres(Talk),
}

impl<'p> Keeper<'p> {
    fn of(place: &'p Place) -> Self {
        if place.is_postgres() { Self::Postgres(Talk::with(place.server())) } else { Self::Sqlite(place) }
    }

    fn close(&mut self, key: usize) {
        match self {
            Self::Sqlite(place) => change(place, &format!("delete from gate; insert into gate values ({key})")),
            Self::Postgres(talk) => drop(talk.ask(&format!("select pg_advisory_lock({key})"))),
        }
    }

    fn open(&mut self, key: usize) {
        match self {
            // The next change of the gates sees to it; it would mend the file before the next run could.
            Self::Sqlite(_) => {}
            Self::Postgres(talk) => {
                talk.ask(&format!("select pg_advisory_unlock({key})"));
                assert!(within(LIMIT, || talk.sessions() == "0"), "the session of a killed run never ended");
            }
        }
    }

    /// Whether a runner stands before the gate.
    fn holds(&mut self) -> bool {
        match self {
            Self::Sqlite(place) => std::fs::metadata(place.path()).is_ok_and(|file| file.len() > 1_000_000),
            Self::Postgres(talk) => talk.waiting() == "1",
        }
    }

    /// The marks and the version rows that a killed run left, seen without mending them: on SQLite, in a copy of the file and
    /// its journal.
    fn left(&mut self) -> (Vec<String>, Vec<String>) {
        const MARKS: &str = "select revision from marker order by 1";
        match self {
            Self::Sqlite(place) => {
                let copy = Place::sqlite();
                for name in ["app.db", "app.db-journal"] {
                    let (from, to) = (place.path().with_file_name(name), copy.path().with_file_name(name));
                    std::fs::copy(from, to).expect("there is a journal");
                }
                (asked(&copy, MARKS), asked(&copy, "select revision from strait_version"))
            }
            Self::Postgres(talk) => (talk.ask(MARKS), talk.ask("select revision from strait.version")),
        }
    }
}

/// Runs into a gate, and is killed there.
fn killed_at(key: usize, keeper: &mut Keeper<'_>, start: impl FnOnce() -> Running) {
    keeper.close(key);
    let mut running = start();
    let stands = within(LIMIT, || running.has_ended() || keeper.holds());
    assert!(stands && !running.has_ended(), "gate {key} did not hold: {:?}", running.end_within(LIMIT));
    running.signal("KILL");
    assert_eq!(running.end_within(LIMIT).status, -1);
    keeper.open(key);
}

/// Numbers in the order in which the database gives them back.
fn numbers(of: impl Iterator<Item = usize>) -> Vec<String> {
    let mut all: Vec<usize> = of.collect();
    all.sort_unstable();
    all.iter().map(usize::to_string).collect()
}

/// Kills at every gate on the way up and on the way down, and compares each end with that of a run in one go.
fn killed_at_every_gate(place: &Place, undisturbed: &Place) {
    let revisions = gated(place, "");
    [place, undisturbed].into_iter().for_each(prepare);
    let mut keeper = Keeper::of(place);
    let all = 1..=REVISIONS;
    for number in all.clone() {
        for at in 1..=GATES {
            killed_at(number * 10 + at, &mut keeper, || revisions.start(place, &["up"]));
            let (marks, versions) = keeper.left();
            let before = number - 1;
            let version = (before > 0).then(|| format!("V{before:04}__t{before}"));
            assert_eq!((marks, versions), (numbers(1..number), version.into_iter().collect()), "{number}.{at}");
        }
    }
    end_alike(&revisions, [place, undisturbed], &["up"]);
    for number in all.rev() {
        for at in 1..=GATES {
            let key = number * 10 + at;
            killed_at(key, &mut keeper, || revisions.start(place, &["down", "base", "--allow-destructive"]));
            let (marks, versions) = keeper.left();
            let undone = number + 1..=REVISIONS;
            assert_eq!(marks, numbers((1..=REVISIONS).chain(undone)), "{number}.{at}");
            assert_eq!(versions, [format!("V{number:04}__t{number}")]);
        }
    }
    end_alike(&revisions, [place, undisturbed], &["down", "base", "--allow-destructive"]);
}

/// Lets a run come to its end, and compares with a database where nothing was in its way.
fn end_alike(revisions: &Revisions, [place, undisturbed]: [&Place; 2], verb: &[&str]) {
    if !place.is_postgres() {
        change(place, "delete from gate");
    }
    revisions.done(place, verb);
    revisions.done(undisturbed, verb);
    assert_eq!(picture(place), picture(undisturbed));
    assert_eq!(revisions.history(place), revisions.history(undisturbed));
}

#[test]
fn a_run_killed_at_every_statement_goes_on_where_it_was_on_sqlite() {
    killed_at_every_gate(&Place::sqlite(), &Place::sqlite());
}

#[test]
fn a_run_killed_at_every_statement_goes_on_where_it_was_on_postgres() {
    killed_at_every_gate(&Place::postgres(), &Place::postgres());
}

/// Kills at every gate of scripts that have no transaction: what has run stays, and runs no second time.
fn killed_without_transaction(place: &Place, undisturbed: &Place) {
    let revisions = gated(place, "-- transaction: none\n");
    [place, undisturbed].into_iter().for_each(prepare);
    let mut keeper = Keeper::of(place);
    for number in 1..=REVISIONS {
        for at in 1..=GATES {
            killed_at(number * 10 + at, &mut keeper, || revisions.start(place, &["up"]));
            let marked = if at == GATES { number } else { number - 1 };
            assert_eq!(keeper.left().0, numbers(1..=marked), "{number}.{at}");
        }
    }
    if place.is_postgres() {
        assert_eq!(revisions.states(place), "aaaaaaaaai");
    }
    end_alike(&revisions, [place, undisturbed], &["up"]);
    for number in (1..=REVISIONS).rev() {
        let key = number * 10 + 2;
        killed_at(key, &mut keeper, || revisions.start(place, &["down", "base", "--allow-destructive"]));
        assert_eq!(keeper.left().0, numbers((1..=REVISIONS).chain(number..=REVISIONS)), "{number}");
    }
    end_alike(&revisions, [place, undisturbed], &["down", "base", "--allow-destructive"]);
}

#[test]
fn a_script_without_a_transaction_killed_at_every_statement_is_resumed_on_sqlite() {
    killed_without_transaction(&Place::sqlite(), &Place::sqlite());
}

#[test]
fn a_script_without_a_transaction_killed_at_every_statement_is_resumed_on_postgres() {
    killed_without_transaction(&Place::postgres(), &Place::postgres());
}

#[test]
fn a_run_killed_while_it_writes_its_records_leaves_nothing_half_on_postgres() {
    let (place, undisturbed) = (Place::postgres(), Place::postgres());
    let revisions = gated(&place, "");
    [&place, &undisturbed].into_iter().for_each(prepare);
    revisions.done(&place, &["up", "+1"]);
    let (mut holder, mut talk) = (Talk::with(place.server()), Talk::with(place.server()));
    let mut keeper = Keeper::of(&place);
    // Before the version rows are read, before the script, after the version row is moved, and in the commit.
    let in_the_commit = "create function hold() returns trigger language plpgsql as $$ begin perform pg_advisory_xact_lock(7); \
                         return new; end $$; create constraint trigger hold after insert on marker deferrable initially \
                         deferred for each row execute function hold()";
    for lock in [
        "lock table strait.version in access exclusive mode",
        "lock table strait.version in exclusive mode",
        "lock table strait.history in exclusive mode",
        "select pg_advisory_xact_lock(7)",
    ] {
        if lock.starts_with("select") {
            talk.ask(in_the_commit);
        }
        holder.ask(&format!("begin; {lock}"));
        let running = revisions.start(&place, &["up", "+1"]);
        assert!(within(LIMIT, || talk.waiting() == "1"), "{lock} did not hold");
        running.signal("KILL");
        running.end_within(LIMIT);
        holder.ask("commit");
        assert!(within(LIMIT, || talk.sessions() == "0"), "its session never ended");
        // A server that is already committing goes on to the end of it, whether or not somebody waits.
        let reached = if lock.starts_with("select") { 2 } else { 1 };
        assert_eq!(keeper.left(), (numbers(1..=reached), vec![format!("V000{reached}__t{reached}")]), "{lock}");
    }
    talk.ask("drop trigger hold on marker; drop function hold");
    end_alike(&revisions, [&place, &undisturbed], &["up"]);
}

#[test]
fn a_run_killed_at_every_page_that_it_writes_leaves_nothing_half_on_sqlite() {
    let undisturbed = Place::sqlite();
    let revisions = gated(&undisturbed, "");
    prepare(&undisturbed);
    revisions.done(&undisturbed, &["up"]);
    let (expected, history) = (picture(&undisturbed), revisions.history(&undisturbed));
    let place = Place::sqlite();
    prepare(&place);
    let mut killed = 0;
    for kilobytes in 1.. {
        // The system ends a program that writes beyond this size, in the midst of whatever it does.
        let mut command = std::process::Command::new("bash");
        let up = revisions.command(&place.url(), &["up"]);
        let limited = format!("ulimit -c 0; ulimit -f {kilobytes}; exec \"$0\" \"$@\"");
        command.args(["-c", &limited]).arg(up.get_program()).args(up.get_args());
        let run = Running::start(&mut command).end_within(LIMIT);
        if run.status == 0 {
            break;
        }
        assert_eq!(run.status, -1, "{}", run.stderr);
        killed += 1;
    }
    assert!(killed > 20, "only {killed} were killed");
    assert_eq!((picture(&place), revisions.history(&place)), (expected, history));
}

/// Kills after a random time, again and again, until a run comes to its end; and begins anew.
fn soak(fresh: fn() -> Place) {
    const ROUNDS: usize = 100;
    const LONGEST_US: u64 = 60_000;
    let undisturbed = fresh();
    let revisions = gated(&undisturbed, "");
    prepare(&undisturbed);
    revisions.done(&undisturbed, &["up"]);
    let (expected, history) = (picture(&undisturbed), revisions.history(&undisturbed));
    let seed = SystemTime::now().duration_since(SystemTime::UNIX_EPOCH).map_or(1, |now| now.subsec_nanos());
    let mut random = u64::from(seed);
    let mut place = fresh();
    prepare(&place);
    for _ in 0..ROUNDS {
        // Source: Knuth, "The Art of Computer Programming", 3.3.4, the constants of MMIX.
        random = random.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        let ends_at = Instant::now() + Duration::from_micros((random >> 33) % LONGEST_US);
        let mut running = revisions.start(&place, &["up"]);
        while Instant::now() < ends_at && !running.has_ended() {
            std::thread::sleep(Duration::from_micros(500));
        }
        if running.has_ended() {
            let run = running.end_within(LIMIT);
            assert_eq!(run.status, 0, "seed {seed}: {}", run.stderr);
            assert_eq!(
                (picture(&place), revisions.history(&place)),
                (expected.clone(), history.clone()),
                "seed {seed}"
            );
            place = fresh();
            prepare(&place);
            continue;
        }
        running.signal("KILL");
        running.end_within(LIMIT);
    }
    revisions.done(&place, &["up"]);
    assert_eq!((picture(&place), revisions.history(&place)), (expected, history), "seed {seed}");
}

#[test]
fn whenever_a_run_is_killed_the_end_is_the_same_on_sqlite() {
    soak(Place::sqlite);
}

#[test]
fn whenever_a_run_is_killed_the_end_is_the_same_on_postgres() {
    soak(Place::postgres);
}
