//! What a role must be allowed, what stays when a run is killed, and that no password is shown.

use std::time::Duration;

use super::{applied, drift_of, path, portable, refused, sentences};
use crate::support::migrate::{Revisions, Talk, asked, change, picture};
use crate::support::place::Place;
use crate::support::process::{Running, within};
use crate::support::{fresh_database, strait, strait_command};

/// A role that may read and nothing else; its address with a password in it.
fn reader(place: &Place) -> (String, String) {
    let role = format!("{}_reader", place.server().name());
    change(
        place,
        &format!(
            "create role {role} login password 'hunter2'; grant usage on schema public, strait to {role}; grant select on \
             all tables in schema public, strait to {role}"
        ),
    );
    let url = place.url().replacen("postgres@", &format!("{role}:hunter2@"), 1);
    (role, url)
}

fn drop_role(place: &Place, role: &str) {
    change(place, &format!("drop owned by {role}; drop role {role}"));
}

#[test]
fn a_role_that_may_not_make_a_schema_is_told_of_another_place() {
    let place = Place::postgres();
    let revisions = applied(&place);
    let (role, url) = reader(&place);
    let folder = revisions.path();
    let flags = ["--dir", path(&folder), "--database-url", &url];
    let said = refused(&flags);
    assert!(said.contains("--scratch-url URL") && said.contains("permission denied"), "{said}");
    assert!(!said.contains("hunter2"), "{said}");
    let (before, scratch) = (picture(&place), fresh_database());
    for elsewhere in [scratch.url(), "private"] {
        let run = strait(&[&["drift", "--fail-on", "breaking"], &flags[..], &["--scratch-url", elsewhere]].concat());
        assert_eq!(run.status, 0, "{elsewhere}: {}{}", run.stdout, run.stderr);
        assert!(
            run.stdout.contains("3 differences: 3 compatible") && !run.stdout.contains("hunter2"),
            "{}",
            run.stdout
        );
    }
    assert_eq!(picture(&place), before);
    assert_eq!(scratch.psql("select count(*) from pg_class where relnamespace = 'public'::regnamespace"), "0");
    scratch.psql("create table mine (id int)");
    let said = refused(&[&flags[..], &["--scratch-url", scratch.url()]].concat());
    assert!(said.contains("is not empty"), "{said}");
    drop_role(&place, &role);
}

#[test]
fn where_nothing_can_be_worded_anew_that_is_told() {
    let [expected, found] = [fresh_database(), fresh_database()];
    expected.psql("create table t (v varchar(9), constraint c check (v in ('a', 'b')))");
    let once = expected.psql("select pg_get_constraintdef(oid) from pg_constraint where conname = 'c'");
    found.psql(&format!("create table t (v varchar(9), constraint c {})", once.lines().next().expect("a check")));
    let compare = |more: &[&str]| {
        strait(&[&["drift", "--expected", expected.url(), "--found", found.url(), "--format", "text"], more].concat())
    };
    let run = compare(&[]);
    assert_eq!((run.status, run.stdout.contains("--scratch-url")), (0, false), "{}", run.stdout);
    found.psql(
        "do $$ begin execute format('alter database %I set default_transaction_read_only = on', current_database()); end $$",
    );
    let run = compare(&[]);
    let advice = "compare again with --scratch-url private";
    assert_eq!((run.status, run.stdout.contains(advice)), (1, true), "{}{}", run.stdout, run.stderr);
    assert_eq!(compare(&["--scratch-url", "private"]).status, 0);
}

#[test]
fn no_form_of_the_report_shows_a_password() {
    let place = Place::postgres();
    let revisions = applied(&place);
    let (role, url) = reader(&place);
    change(&place, &format!("alter role {role} superuser; create table more (id int)"));
    let folder = revisions.path();
    for format in ["text", "json", "github", "sarif"] {
        let run = strait(&["drift", "--dir", path(&folder), "--database-url", &url, "--format", format, "-vv"]);
        assert_eq!(run.status, 1, "{}", run.stderr);
        assert!(run.stdout.contains("table more"), "{}", run.stdout);
        assert!(!format!("{}{}", run.stdout, run.stderr).contains("hunter2"), "{format}");
    }
    let run = strait(&["drift", "--scratch-url", "postgres://me:hunter2@"]);
    assert!(run.status == 2 && !run.stderr.contains("hunter2"), "{}", run.stderr);
    change(&place, &format!("alter role {role} nosuperuser"));
    drop_role(&place, &role);
}

#[test]
fn nothing_stays_of_a_run_that_is_killed() {
    let place = Place::postgres();
    let revisions = Revisions::of([
        ("V0001__a.sql", "create table a (x int);"),
        (
            "V0002__b.sql",
            "do $$ begin if current_schema() like 'strait_scratch%' then perform pg_sleep(60); end if; end $$;",
        ),
    ]);
    revisions.done(&place, &["up"]);
    let (before, folder, url) = (picture(&place), revisions.path(), place.url());
    let command =
        &mut strait_command(&["drift", "--dir", path(&folder), "--database-url", &url, "--dialect", "native"]);
    let mut talk = Talk::with(place.server());
    let running = Running::start(command);
    let sleeps = "select count(*) from pg_stat_activity where wait_event = 'PgSleep' and datname = current_database()";
    assert!(within(Duration::from_secs(20), || talk.ask(sleeps) == ["1"]), "the script is being tried");
    running.signal("KILL");
    drop(running);
    let others = "select pg_terminate_backend(pid) from pg_stat_activity where wait_event = 'PgSleep' and datname = \
                  current_database()";
    talk.ask(others);
    assert!(within(Duration::from_secs(20), || talk.sessions() == "0"), "the server lets go");
    assert_eq!(picture(&place), before);
    assert_eq!(asked(&place, "select nspname from pg_namespace where nspname like 'strait%'"), ["strait"]);
}

#[test]
fn what_runs_only_outside_a_transaction_is_tried_on_a_private_server() {
    let place = Place::postgres();
    let revisions = Revisions::of([
        ("V0001__a.sql", "create table a (x int);"),
        ("V0002__b.sql", "-- transaction: none\ncreate index concurrently a_x on a (x);"),
    ]);
    revisions.done(&place, &["up"]);
    let (folder, url) = (revisions.path(), place.url());
    let said = refused(&["--dir", path(&folder), "--database-url", &url, "--dialect", "native"]);
    assert!(said.contains("V0002__b") && said.contains("--scratch-url private"), "{said}");
    let (status, told) = drift_of(&revisions, &place, &["--dialect", "native", "--scratch-url", "private"]);
    assert_eq!((status, sentences(&told)), (0, vec![]), "{told:#}");
}

#[test]
fn a_file_that_may_only_be_read_is_compared() {
    let place = Place::sqlite();
    let revisions = portable();
    super::migrate(&revisions, &place, &["up"]);
    let files = place.files();
    let mut rights = std::fs::metadata(place.path()).expect("it is there").permissions();
    rights.set_readonly(true);
    std::fs::set_permissions(place.path(), rights).expect("rights can be set");
    assert_eq!(drift_of(&revisions, &place, &[]).0, 0);
    assert_eq!(place.files(), files);
}
