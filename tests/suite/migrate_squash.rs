//! A squash keeps what the revisions said, or says what it leaves behind.

use std::path::Path;

use crate::support::migrate::{Revisions, error_in};
use crate::support::{Finished, strait};

const NO_WAY_BACK: &str = "insert into a values (1);\n";

fn squash(folder: &Path, flags: &[&str]) -> Finished {
    let folder = folder.to_str().expect("the path is UTF-8");
    strait(&[&["migrate", "squash", "--dir", folder], flags].concat())
}

fn read(revisions: &Revisions, name: &str) -> Option<String> {
    std::fs::read_to_string(revisions.path().join(name)).ok()
}

#[test]
fn ways_down_that_were_written_go_only_when_that_is_said() {
    let revisions = Revisions::of([
        ("V1__a.sql", "create table a (id int);\n"),
        ("V1__a.down.sql", "drop table a;\n"),
        ("V2__b.sql", NO_WAY_BACK),
    ]);
    let run = squash(&revisions.path(), &[]);
    let error = error_in(&run);
    for said in ["V2__b has no way down", "V1__a.down.sql", "--lose-down", "join up to an earlier revision"] {
        assert!(error.contains(said), "{said} is not in: {error}");
    }
    assert_eq!(read(&revisions, "V1__a.down.sql").as_deref(), Some("drop table a;\n"));
    assert_eq!(squash(&revisions.path(), &["--dry-run"]).status, 2);
    let run = squash(&revisions.path(), &["--lose-down"]);
    assert_eq!(run.status, 0, "{}", run.stderr);
    assert!(run.stdout.contains("left behind: ") && run.stdout.contains("V1__a.down.sql"), "{}", run.stdout);
    assert!(run.stdout.contains("for PostgreSQL it was only read"), "{}", run.stdout);
    assert_eq!(read(&revisions, "V1__a.down.sql"), None);
}

#[test]
fn where_no_way_down_was_written_none_is_lost() {
    let revisions = Revisions::of([("V1__a.sql", "create table a (id int);\n"), ("V2__b.sql", NO_WAY_BACK)]);
    let run = squash(&revisions.path(), &[]);
    assert_eq!(run.status, 0, "{}", run.stderr);
    assert!(run.stdout.contains("cannot be taken back: V2__b has no way down"), "{}", run.stdout);
}

#[test]
fn the_longest_time_of_waiting_is_kept() {
    let revisions = Revisions::of([
        ("V1__a.sql", "-- lock_timeout: 2s\ncreate table a (id int);\n"),
        ("V1__a.down.sql", "-- lock_timeout: 4s\ndrop table a;\n"),
        ("V2__b.sql", "-- lock_timeout: 1500ms\ncreate table b (id int);\n"),
        ("V2__b.down.sql", "drop table b;\n"),
    ]);
    let run = squash(&revisions.path(), &[]);
    assert_eq!(run.status, 0, "{}", run.stderr);
    for (name, header) in [("V2__b.sql", "-- lock_timeout: 2000ms\n"), ("V2__b.down.sql", "-- lock_timeout: 4000ms\n")]
    {
        let text = read(&revisions, name).expect("it was made");
        assert_eq!(text.matches("lock_timeout").count(), 1, "{text}");
        assert!(text.contains(header), "{text}");
    }
    let folder = revisions.path();
    let check = strait(&["migrate", "heads", "--dir", folder.to_str().expect("the path is UTF-8")]);
    assert_eq!((check.status, check.stdout.as_str()), (0, "V2__b\n"), "{}", check.stderr);
}
