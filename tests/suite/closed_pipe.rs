//! A reader that goes away before the report ends: the verdict's exit status stays, and nothing breaks.

use crate::support::migrate::Revisions;
use crate::support::place::Place;
use crate::support::{Source, fresh_database, strait_command};

/// Runs a command whose reader is gone before it begins to write; gives the exit status.
fn unread(arguments: &[&str]) -> i32 {
    let (reader, writer) = std::io::pipe().expect("a pipe can be made");
    drop(reader);
    let ended = strait_command(arguments).stdout(writer).output().expect("the program can be run");
    let said = String::from_utf8_lossy(&ended.stderr);
    assert!(!said.contains("panicked") && !said.contains("a fault of") && !said.contains("cannot write"), "{said}");
    ended.status.code().unwrap_or(-1)
}

/// Revisions with two heads.
fn forked() -> Revisions {
    Revisions::of([
        ("V0001__one.sql", "create table one (id int);"),
        ("V0002__two.sql", "create table two (id int);"),
        ("V0003__side.sql", "-- down_revision: V0001__one\nselect 1;"),
    ])
}

#[test]
fn a_drift_that_nobody_reads_is_a_drift() {
    let (place, revisions) = (Place::sqlite(), forked());
    revisions.done(&place, &["up", "V0001__one"]);
    let (path, url) = (revisions.path(), place.url());
    let flags = ["drift", "--dir", path.to_str().expect("the path is UTF-8"), "--database-url", &url, "--quiet"];
    for format in ["text", "json", "github", "sarif"] {
        let run = |more: &[&str]| unread(&[&flags[..], &["--dialect", "native", "--format", format], more].concat());
        assert_eq!(run(&[]), 1, "{format}: revisions are pending");
    }
    revisions.done(&place, &["up"]);
    rusqlite::Connection::open(place.path())
        .and_then(|connection| connection.execute_batch("drop table one"))
        .expect("a table can be dropped");
    assert_eq!(unread(&[&flags[..], &["--dialect", "native"]].concat()), 1);
    let lost = ["drift", "--schema", "no-such-file.sql", "--database-url", &url, "--format", "sarif", "--quiet"];
    assert_eq!(unread(&lost), 2);
}

#[test]
fn a_check_that_nobody_reads_still_fails() {
    let (place, revisions) = (Place::sqlite(), forked());
    revisions.done(&place, &["up", "V0001__one"]);
    let (path, url) = (revisions.path(), place.url());
    let dir = path.to_str().expect("the path is UTF-8");
    for (verb, expected) in [(&["heads", "--check"][..], 1), (&["heads"], 0), (&["branches"], 0)] {
        assert_eq!(unread(&[&["migrate"], verb, &["--dir", dir]].concat()), expected, "{verb:?}");
    }
    for (verb, expected) in [
        (&["status", "--check"][..], 1),
        (&["current", "--check"], 1),
        (&["status"], 0),
        (&["plan"], 0),
        (&["up", "--sql"], 0),
        (&["history"], 0),
        (&["up", "V0003__side"], 0),
        (&["down", "V0009__none"], 2),
    ] {
        let run = unread(&[&["migrate"], verb, &["--dir", dir, "--database-url", &url]].concat());
        assert_eq!(run, expected, "{verb:?}");
    }
    assert_eq!(unread(&["systems"]), 0);
}

#[test]
fn a_copy_that_needs_a_person_says_so_to_nobody_as_well() {
    let source =
        Source::from_sql("create table t (id integer primary key, born date); insert into t values (1, 'never')");
    let target = fresh_database();
    target.psql("create table t (id bigint primary key, born date)");
    let path = source.path();
    let path = path.to_str().expect("the path is UTF-8");
    for format in ["text", "json"] {
        let flags = ["--format", format, "--quiet"];
        assert_eq!(unread(&[&["copy", path, target.url()], &flags[..]].concat()), 1, "a row is rejected");
        assert_eq!(unread(&[&["verify", path, target.url()], &flags[..]].concat()), 1, "a row is missing");
    }
}
