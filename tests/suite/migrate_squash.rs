//! A squash keeps what the revisions said, or says what it leaves behind.

use std::path::Path;

use crate::support::migrate::{Revisions, change, error_in, picture};
use crate::support::place::Place;
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
    let tried = "was run on SQLite and PostgreSQL and makes what the revisions make one by one";
    assert!(run.stdout.contains(tried), "{}", run.stdout);
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

#[test]
fn the_joined_revision_is_tried_beside_what_a_database_holds() {
    let place = Place::postgres();
    change(&place, "create table a (mine text); insert into a values ('x')");
    let before = picture(&place);
    let files = [
        ("V1__a.sql", "create table a (id int primary key, at timestamptz default now());\n"),
        ("V2__b.sqlite.sql", "create table b (id int);\n"),
        (
            "V2__b.postgres.sql",
            "create table b (id int, words tsvector);\ncreate index b_words on b using gin (words);\n",
        ),
        ("V2__b.down.sql", "drop table b;\n"),
        ("V1__a.down.sql", "drop table a;\n"),
    ];
    let revisions = Revisions::of(files);
    let run = squash(&revisions.path(), &["--database-url", &place.url(), "--dry-run"]);
    assert_eq!(run.status, 0, "{}", run.stderr);
    assert!(run.stdout.contains("was run on SQLite and PostgreSQL"), "{}", run.stdout);
    assert_eq!(picture(&place), before);
    let run = squash(&revisions.path(), &["--database-url", "postgres://nobody@127.0.0.1:1/none", "--dry-run"]);
    assert_eq!(run.status, 0, "{}", run.stderr);
    assert!(run.stdout.contains("run on SQLite and makes"), "{}", run.stdout);
    assert!(run.stdout.contains("on PostgreSQL the joined script was only read (cannot connect"), "{}", run.stdout);
    // Only PostgreSQL finds that out: what `public` means is not what was joined.
    revisions.write("V2__b.postgres.sql", "create table b (id nosuchtype);\n");
    let run = squash(&revisions.path(), &["--database-url", &place.url(), "--dry-run"]);
    assert!(run.stdout.contains("V2__b.postgres.sql:1:20 cannot be run anew"), "{}", run.stdout);
}

#[test]
fn an_interrupted_squash_is_finished_by_the_next_one() {
    let revisions = Revisions::of([("V1__a.down.sql", "drop table a;\n"), ("V2__b.sql", "create table b (id int);\n")]);
    let (folder, hidden) = (revisions.path(), revisions.path().join(".squash"));
    std::fs::create_dir(&hidden).expect("a folder can be made");
    // V1__a.sql is gone already; two files wait for their places.
    revisions.write(".squash/0", "-- down_revision: base\ncreate table a (id int);\ncreate table b (id int);\n");
    revisions.write(".squash/1", "drop table b;\ndrop table a;\n");
    revisions.write(
        ".squash/plan",
        r#"{"revision": "V2__b", "joined": ["V1__a", "V2__b"], "notices": ["it was tried"], "old": ["V1__a.sql", "V1__a.down.sql"],
            "new": ["V2__b.sql", "V2__b.down.sql"]}"#,
    );
    let place = Place::sqlite();
    for verb in [&["up"][..], &["status"], &["squash", "--dry-run"]] {
        let refused = revisions.refused(&place, verb);
        assert!(refused.contains("was interrupted; run `strait migrate squash` again"), "{verb:?}: {refused}");
    }
    let run = squash(&folder, &[]);
    assert_eq!(run.status, 0, "{}", run.stderr);
    assert!(
        run.stdout.contains("note: it was tried") && run.stdout.contains("2 revisions are joined into V2__b"),
        "{}",
        run.stdout
    );
    assert!(!hidden.exists() && read(&revisions, "V1__a.down.sql").is_none());
    let run = strait(&[
        "migrate",
        "up",
        "--dir",
        folder.to_str().expect("the path is UTF-8"),
        "--database-url",
        &place.url(),
    ]);
    assert_eq!(run.status, 0, "{}", run.stderr);
}
