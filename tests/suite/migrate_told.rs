//! What the runner says: errors in their JSON form, what a stamp took back, where a rehearsal stopped, and why there is no way down.

use std::os::unix::fs::PermissionsExt as _;
use std::time::Duration;

use serde_json::{Value, json};
use tempfile::TempDir;

use crate::support::migrate::Revisions;
use crate::support::place::Place;
use crate::support::process::{Running, processes_naming, within};
use crate::support::{Finished, strait, strait_command};

const LIMIT: Duration = Duration::from_secs(60);

/// The error on the last line of standard error.
fn error_of(run: &Finished) -> Value {
    assert_eq!((run.status, run.stdout.as_str()), (2, ""), "{}", run.stderr);
    let line = run.stderr.lines().last().expect("something is told");
    let told: Value = serde_json::from_str(line).unwrap_or_else(|error| panic!("{error}: {}", run.stderr));
    told["error"].clone()
}

#[test]
fn an_error_of_the_runner_is_one_json_object_where_json_is_asked_for() {
    for place in Place::both() {
        let revisions = Revisions::of([("V1__a.sql", "create table a (id int);\ncreate nonsense;\n")]);
        let error = error_of(&revisions.migrate(&place, &["up", "--format", "json"]));
        let message = error["message"].as_str().expect("the message is text");
        assert!(message.contains("V1__a.sql:2"), "{error}");
        assert!(error["causes"].is_array(), "{error}");
        let plain = revisions.refused(&place, &["up"]);
        assert!(plain.starts_with(&format!("error: {message}")), "{plain}");
    }
}

#[test]
fn an_error_of_a_copy_or_a_verification_has_the_same_form_and_no_password() {
    let folder = TempDir::new().expect("a folder can be made");
    let source = folder.path().join("app.db");
    rusqlite::Connection::open(&source)
        .and_then(|connection| connection.execute_batch("create table a (id integer primary key)"))
        .expect("the source can be made");
    let source = source.to_str().expect("the path is UTF-8");
    for command in ["copy", "verify"] {
        let nowhere = "postgres://me:hunter2@127.0.0.1:1/app";
        let run = strait(&[command, source, nowhere, "--format", "json"]);
        let error = error_of(&run);
        assert!(error["message"].as_str().is_some_and(|message| !message.is_empty()), "{error}");
        assert!(!run.stderr.contains("hunter2"), "{}", run.stderr);
    }
}

#[test]
fn a_stamp_names_what_is_no_longer_marked() {
    for place in Place::both() {
        let revisions =
            Revisions::of([("V1__a.sql", "create table a (id int);"), ("V2__b.sql", "create table b (id int);")]);
        revisions.done(&place, &["up"]);
        let told = revisions.done(&place, &["stamp", "base"]);
        assert!(told.contains("no longer marked as applied: V2__b, V1__a"), "{told}");
        let told = revisions.done(&place, &["stamp", "heads"]);
        assert!(told.contains("2 revisions newly marked") && !told.contains("no longer"), "{told}");
    }
}

#[test]
fn a_rehearsal_says_where_it_stopped_and_what_remains() {
    for place in Place::both() {
        let revisions = Revisions::of([
            ("V1__a.sql", "-- transaction: none\ncreate table a (id int);"),
            ("V2__b.sql", "create table b (id int);"),
        ]);
        let told = revisions.done(&place, &["up", "--dry-run"]);
        assert!(told.contains("V1__a runs without a transaction"), "{told}");
        assert!(told.contains("2 steps remain untried: V1__a, V2__b"), "{told}");
        assert!(!told.contains("nothing to do"), "{told}");
        let report = revisions.done(&place, &["up", "--dry-run", "--format", "json"]);
        let report: Value = serde_json::from_str(&report).expect("the report is JSON");
        assert_eq!(report["left_out"], json!(["V1__a", "V2__b"]));
        assert_eq!(revisions.states(&place), "pp");
    }
}

#[test]
fn a_revision_that_says_it_is_irreversible_is_refused_with_its_reason() {
    for place in Place::both() {
        let text = "-- irreversible: the old names are gone\ncreate table a (id int);";
        let revisions = Revisions::of([("V1__a.sql", text)]);
        revisions.done(&place, &["up"]);
        let told = revisions.refused(&place, &["down"]);
        assert!(
            told.contains("the old names are gone") && told.contains("remove that line and write V1__a.down.sql"),
            "{told}"
        );
    }
}

#[test]
fn a_row_without_a_file_is_told_with_the_flag_that_forgets_it() {
    for place in Place::both() {
        let old = Revisions::of([("V1__lost.sql", "create table a (id int);")]);
        old.done(&place, &["up"]);
        let revisions = Revisions::of([("V1__a.sql", "create table a (id int);")]);
        assert!(revisions.refused(&place, &["up"]).contains("--purge"));
        assert!(revisions.refused(&place, &["stamp", "V1__a"]).contains("--purge"));
        revisions.done(&place, &["stamp", "V1__a", "--purge"]);
        assert_eq!(revisions.states(&place), "a");
    }
}

#[test]
fn a_test_that_is_stopped_leaves_no_server_and_no_folder() {
    for (engine, signal) in [("sqlite", "TERM"), ("postgres", "INT"), ("postgres", "TERM")] {
        let many = (1..=200).map(|number| (format!("V{number}__t.sql"), format!("create table t{number} (id int);")));
        let revisions = Revisions::of(many);
        let home = TempDir::new().expect("a folder can be made");
        // The server may run as another account, which must be able to write there.
        let open = std::fs::Permissions::from_mode(0o777);
        std::fs::set_permissions(home.path(), open).expect("the folder is ours");
        let folder = revisions.path();
        let folder = folder.to_str().expect("the path is UTF-8");
        let mut command = strait_command(&["migrate", "test", "--engine", engine, "--dir", folder]);
        let running = Running::start(command.env("TMPDIR", home.path()).env("XDG_RUNTIME_DIR", home.path()));
        let is_empty = || std::fs::read_dir(home.path()).expect("it can be read").next().is_none();
        assert!(within(LIMIT, || !is_empty()), "{engine}: it is at work");
        std::thread::sleep(Duration::from_millis(500));
        running.signal(signal);
        let run = running.end_within(LIMIT);
        assert_eq!((run.status, run.stdout.as_str()), (130, ""), "{engine}: {}", run.stderr);
        assert!(run.stderr.contains("the private databases are removed"), "{}", run.stderr);
        assert!(within(LIMIT, is_empty), "{engine}: a folder is left");
        assert!(within(LIMIT, || processes_naming(home.path()).is_empty()), "{engine}: a process is left");
    }
}
