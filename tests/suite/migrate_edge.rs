//! The runner's edge: what is typed wrong, a settings file of many masters, values that do not fit, and Ctrl-C.

use std::path::Path;
use std::process::Command;
use std::time::Duration;

use crate::support::migrate::{Revisions, Talk, asked, change};
use crate::support::place::Place;
use crate::support::process::{Running, within};
use crate::support::{Finished, strait, strait_command};

const LIMIT: Duration = Duration::from_secs(20);
const URL: &str = "postgres://me:hunter2@db.example/app";

#[test]
fn an_address_in_the_wrong_place_is_refused_and_not_repeated() {
    let flag = |name: &str| format!("--{name}={URL}");
    let (misspelt, dir, system, at) = (flag("databas-url"), flag("dir"), flag("system"), flag("at"));
    let (from, url, table, odd) = (flag("from"), flag("schema"), flag("table"), format!("--{URL}"));
    let short = format!("-d{URL}");
    for verb in [
        &["up", misspelt.as_str()][..],
        &["up", "--databas-url", URL],
        &["down", &misspelt],
        &["up", &odd],
        &["up", &short],
        &["up", &dir],
        &["status", &system],
        &["up", URL],
        &["down", URL],
        &["plan", "up", URL],
        &["plan", URL],
        &["stamp", URL],
        &["stamp", &misspelt],
        &["adopt", &at],
        &["adopt", &table],
        &["up", "--sql", "--engine", "sqlite", &from],
        &["new", URL],
        &["merge", URL],
        &["squash", URL],
        &["autogenerate", URL],
        &["autogenerate", "a title", &url],
        &["up", "--wait", URL],
        &["up", "--engine", URL],
        &[URL],
    ] {
        let mut command = strait_command(&["migrate"]);
        command.args(verb).env("DATABASE_URL", "sqlite:nosuch.db");
        let said = Running::start(&mut command).end_within(LIMIT);
        assert_eq!((said.status, said.stdout.as_str()), (2, ""), "{verb:?}: {}", said.stderr);
        assert!(!said.stderr.contains("hunter2"), "{verb:?}: {}", said.stderr);
        assert!(said.stderr.contains("error: "), "{verb:?}: {}", said.stderr);
    }
}

#[test]
fn a_misspelt_flag_is_answered_with_the_right_one() {
    let said = strait(&["migrate", "up", "--allow-destructiv"]);
    assert_eq!(said.status, 2);
    assert!(said.stderr.contains("--allow-destructive"), "{}", said.stderr);
}

#[test]
fn steps_backwards_are_still_typed_as_they_were() {
    let revisions =
        Revisions::of([("V1__a.sql", "create table a (id int);"), ("V2__b.sql", "create table b (id int);")]);
    revisions.write("V1__a.down.sql", "drop table a;");
    revisions.write("V2__b.down.sql", "drop table b;");
    let place = Place::sqlite();
    revisions.done(&place, &["up"]);
    revisions.done(&place, &["plan", "down", "-2"]);
    revisions.done(&place, &["down", "-2"]);
    assert_eq!(revisions.states(&place), "pp");
}

#[test]
fn the_value_of_a_row_is_in_no_message() {
    let revisions = Revisions::of([
        ("V1__a.sql", "create table a (t text); insert into a values ('secretrowvalue');"),
        ("V2__b.sql", "select json_extract('{}', t) from a;"),
    ]);
    let said = revisions.refused(&Place::sqlite(), &["up"]);
    assert!(said.contains("bad JSON path") && !said.contains("secretrowvalue"), "{said}");
}

#[test]
fn a_value_that_does_not_fit_is_told_by_column_and_type() {
    for (before, value, after, expected) in [
        ("varchar(20)", "'secretrow'", "varchar(3)", "a value of column x does not fit type varchar(3)"),
        ("bigint", "9876543210", "int", "a value of column x does not fit type integer"),
    ] {
        let revisions = Revisions::of([
            ("V1__b.sql", format!("create table b (id int primary key, x {before});")),
            ("V2__c.sql", format!("alter table b alter column x type {after};")),
        ]);
        let folder = revisions.path();
        let place = Place::sqlite();
        let up = |target: &str| {
            let url = place.url();
            let dir = folder.to_str().expect("the path is UTF-8");
            strait(&["migrate", "up", target, "--dir", dir, "--database-url", &url, "--allow-destructive"])
        };
        assert_eq!(up("V1__b").status, 0);
        change(&place, &format!("insert into b values (1, {value})"));
        let said = up("heads");
        assert_eq!(said.status, 2, "{}", said.stderr);
        assert!(said.stderr.contains(expected), "{}", said.stderr);
        assert!(!said.stderr.contains("secretrow") && !said.stderr.contains("9876543210"), "{}", said.stderr);
    }
}

fn status_in(folder: &Path, revisions: &Revisions) -> Finished {
    let dir = revisions.path();
    let mut command: Command = strait_command(&["migrate", "up", "--dir", dir.to_str().expect("the path is UTF-8")]);
    Running::start(command.current_dir(folder)).end_within(LIMIT)
}

#[test]
fn a_settings_file_serves_other_programs_too() {
    let revisions = Revisions::of([("V1__a.sql", "create table a (id int);")]);
    let place = tempfile::TempDir::new().expect("a folder can be made");
    let deep = place.path().join("deep");
    std::fs::create_dir(&deep).expect("a folder can be made");
    let text = "\u{feff}FOO=ba z\nnothing\nDATABASE_URL=sqlite:rel.db\n";
    std::fs::write(place.path().join(".env"), text).expect("a file can be written");
    let run = status_in(&deep, &revisions);
    assert_eq!(run.status, 0, "{}", run.stderr);
    assert!(place.path().join("rel.db").is_file() && !deep.join("rel.db").exists(), "the path begins at the file");
}

#[test]
fn what_is_stopped_leaves_nothing_at_work_and_goes_on_later() {
    for (signal, script) in [
        ("INT", "create table b (id int); select pg_sleep(120);"),
        ("TERM", "create table b (id int); insert into b select * from generate_series(1, 2000000000);"),
    ] {
        let revisions = Revisions::of([("V1__a.sql", "create table a (id int);"), ("V2__b.sql", script)]);
        let place = Place::postgres();
        let mut talk = Talk::with(place.server());
        let running = revisions.start(&place, &["up"]);
        let active = "select count(*) from pg_stat_activity where datname = current_database() and state = 'active' and \
                      query ~ 'pg_sleep|generate_series' and pid <> pg_backend_pid()";
        assert!(within(LIMIT, || talk.ask(active) == ["1"]), "the script is at work");
        running.signal(signal);
        let run = running.end_within(LIMIT);
        let left = talk.ask(active);
        assert_eq!(left, ["0"], "the server works on after the program has ended: {} {}", run.status, run.stderr);
        assert_eq!((run.status, run.stdout.as_str()), (130, ""), "{}", run.stderr);
        assert!(run.stderr.contains("stopped"), "{}", run.stderr);
        assert_eq!(revisions.states(&place), "ap");
        revisions.write("V2__b.sql", "create table b (id int);");
        revisions.done(&place, &["up", "--wait", "0s"]);
        assert_eq!(asked(&place, "select count(*) from b"), ["0"]);
    }
}

#[test]
fn a_file_that_is_being_changed_is_let_go_of() {
    let endless = "create table b (n int); insert into b with recursive c(n) as (select 1 union all select n + 1 from c) \
                   select count(*) from c;";
    let revisions = Revisions::of([("V1__a.sql", "create table a (id int);"), ("V2__b.sql", endless)]);
    let place = Place::sqlite();
    let running = revisions.start(&place, &["up"]);
    assert!(within(LIMIT, || place.path().exists() && rows_at(&place) == 1), "the first revision is done");
    std::thread::sleep(Duration::from_millis(200));
    running.signal("INT");
    let run = running.end_within(LIMIT);
    assert_eq!(run.status, 130, "{}", run.stderr);
    assert!(run.stderr.contains("stopped"), "{}", run.stderr);
    revisions.write("V2__b.sql", "create table b (n int);");
    revisions.done(&place, &["up", "--wait", "0s"]);
}

fn rows_at(place: &Place) -> i64 {
    let count = |connection: rusqlite::Connection| {
        connection.query_row("select count(*) from strait_version where revision like 'V1%'", [], |row| row.get(0))
    };
    rusqlite::Connection::open(place.path()).and_then(count).unwrap_or(0)
}
