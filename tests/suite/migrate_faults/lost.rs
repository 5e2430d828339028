//! A connection or a server that is lost in the middle of a run leaves nothing half.

use std::process::Command;

use strait::postgres::private::{PrivateServer, Settings};

use super::{LIMIT, assert_says};
use crate::support::migrate::{Revisions, Talk, asked, error_in, picture};
use crate::support::place::Place;
use crate::support::process::{Running, within};

/// The server's administrator ends the session of a run.
const END_THE_RUN: &str = "select pg_terminate_backend(pid) from pg_stat_activity where datname = current_database() and \
                           application_name = 'strait migrate up'";

#[test]
fn a_connection_that_is_ended_in_the_middle_leaves_nothing() {
    let place = Place::postgres();
    let revisions = Revisions::of([
        ("V0001__a.sql", "create table a (id int);"),
        ("V0002__b.sql", "create table b (id int);\nselect pg_advisory_xact_lock(1);"),
    ]);
    revisions.done(&place, &["up", "+1"]);
    let before = picture(&place);
    let mut talk = Talk::with(place.server());
    talk.ask("select pg_advisory_lock(1)");
    let running = revisions.start(&place, &["up"]);
    assert!(within(LIMIT, || talk.waiting() == "1"), "it never came to the gate");
    talk.ask(END_THE_RUN);
    let run = running.end_within(LIMIT);
    assert_eq!(run.status, 2);
    assert_says(
        &error_in(&run),
        &["V0002__b.sql:2:1: ", "the connection was lost; the server takes back", "it goes on with V0002__b"],
    );
    talk.ask("select pg_advisory_unlock(1)");
    assert_eq!(picture(&place), before);
    revisions.done(&place, &["up"]);
}

#[test]
fn a_connection_that_is_ended_in_the_commit_says_what_that_means() {
    let place = Place::postgres();
    let revisions = Revisions::of([
        (
            "V0001__a.sql",
            "create table a (id int); create function hold() returns trigger language plpgsql as $$ begin perform \
             pg_advisory_xact_lock(7); return new; end $$; create constraint trigger hold after insert on a deferrable \
             initially deferred for each row execute function hold();",
        ),
        ("V0002__b.sql", "insert into a values (1);"),
    ]);
    revisions.done(&place, &["up", "+1"]);
    let before = picture(&place);
    let mut talk = Talk::with(place.server());
    talk.ask("select pg_advisory_lock(7)");
    let running = revisions.start(&place, &["up"]);
    assert!(within(LIMIT, || talk.waiting() == "1"), "it never came to the gate");
    talk.ask(END_THE_RUN);
    let run = running.end_within(LIMIT);
    assert_eq!(run.status, 2);
    assert_says(
        &error_in(&run),
        &[
            "V0002__b was interrupted",
            "while a transaction was being committed",
            "either whole or not at all",
            "run this again",
        ],
    );
    talk.ask("select pg_advisory_unlock(7)");
    assert_eq!(picture(&place), before);
    revisions.done(&place, &["up"]);
    assert_eq!(asked(&place, "select * from a"), ["1"]);
}

/// What `psql` prints for some SQL on a server of the test's own; nothing while the server does not answer.
fn told_by(server: &PrivateServer, sql: &str) -> String {
    let mut psql = Command::new(server.bin_dir().join("psql"));
    let output = psql.args(["-XAtqc", sql, "-d", &server.url("postgres")]).output().expect("psql can be started");
    String::from_utf8_lossy(&output.stdout).trim().to_owned()
}

fn signal(name: &str, pid: &str) {
    let status = Command::new("kill").args([&format!("-{name}"), pid]).status().expect("kill can be started");
    assert!(status.success(), "{name} could not be sent to {pid}");
}

#[test]
fn a_server_that_crashes_and_one_that_is_stopped_leave_nothing_half() {
    let extra = vec![("restart_after_crash".to_owned(), "on".to_owned())];
    let server = PrivateServer::start(&Settings { durable: true, extra, ..Settings::default() })
        .unwrap_or_else(|error| panic!("{error}"));
    let url = server.url("postgres");
    let revisions = Revisions::of([
        ("V0001__a.sql", "create table a (id int);"),
        ("V0002__b.sql", "create table b (id int);\nselect pg_sleep(60);"),
    ]);
    let up = || Running::start(&mut revisions.command(&url, &["up"]));
    let asleep =
        "select pid from pg_stat_activity where wait_event = 'PgSleep' and application_name = 'strait migrate up'";
    let tables = "select string_agg(tablename::text, ' ') || ' at ' || (select string_agg(revision, ' ') from \
                  strait.version) from pg_tables where schemaname = 'public'";
    for how in ["KILL", "QUIT"] {
        let running = up();
        assert!(within(LIMIT, || !told_by(&server, asleep).is_empty()), "it never came to sleep");
        let pid = match how {
            // A process of the server dies: the server ends all others, and begins anew.
            "KILL" => told_by(&server, asleep),
            _ => told_by(&server, "select (string_to_array(pg_read_file('postmaster.pid'), e'\\n'))[1]"),
        };
        signal(how, &pid);
        let run = running.end_within(LIMIT);
        assert_eq!(run.status, 2, "{}{}", run.stdout, run.stderr);
        assert_says(
            &error_in(&run),
            &["V0002__b.sql:2:1: ", "the connection was lost; the server takes back", "run the command again"],
        );
        if how == "KILL" {
            let recovered = within(LIMIT, || told_by(&server, tables) == "a at V0001__a");
            assert!(recovered, "{}", std::fs::read_to_string(server.log_path()).unwrap_or_default());
        }
    }
    let run = up().end_within(LIMIT);
    assert_eq!(run.status, 2, "{}{}", run.stdout, run.stderr);
    assert_says(&error_in(&run), &["cannot connect to", "check the host and port, and that the server runs there"]);
}
