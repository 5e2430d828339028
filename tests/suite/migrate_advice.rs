//! What the runner advises fits what has happened.

use crate::support::migrate::{Revisions, change, error_in, picture};
use crate::support::place::Place;
use crate::support::{Finished, strait};

/// Runs a verb on a folder of portable scripts.
fn portable(revisions: &Revisions, place: &Place, verb: &[&str]) -> Finished {
    let (folder, url) = (revisions.path(), place.url());
    let folder = folder.to_str().expect("the path is UTF-8");
    strait(&[&["migrate"], verb, &["--dir", folder, "--database-url", &url]].concat())
}

#[test]
fn a_constraint_that_is_broken_only_at_the_end_points_into_the_script() {
    const TABLES: &str = "create table p (id integer primary key);\n\
                          create table c (p int references p (id) deferrable initially deferred);";
    for place in Place::both() {
        for header in ["", "-- transaction: none\n"] {
            let revisions = Revisions::of([
                ("V1__a.sql", TABLES.to_owned()),
                ("V2__b.sql", format!("{header}insert into p values (5);\ninsert into c values (1);")),
            ]);
            revisions.done(&place, &["up", "+1"]);
            let error = revisions.refused(&place, &["up"]);
            let line = if header.is_empty() { 2 } else { 3 };
            for said in
                [&format!("V2__b.sql:{line}:1: "), "checked only at the end of the transaction", "correct the script"]
            {
                assert!(error.contains(said), "{said} is not in: {error}");
            }
            if place.is_postgres() && header.is_empty() {
                assert!(revisions.refused(&place, &["up", "--dry-run"]).contains("V2__b.sql:2:1: "));
            }
            let version = if place.is_postgres() { "strait.version" } else { "strait_version" };
            let history = if place.is_postgres() { "strait.history" } else { "strait_history" };
            change(&place, &format!("drop table c; drop table p; delete from {version}; delete from {history}"));
        }
    }
}

#[test]
fn a_rehearsal_checks_each_script_s_end_and_leaves_the_next_one_its_own() {
    let place = Place::postgres();
    let revisions = Revisions::of([
        (
            "V1__a.sql",
            "create table p (id int primary key);\ncreate table c (p int references p (id) deferrable initially deferred);",
        ),
        ("V2__b.sql", "insert into c values (1);\ninsert into p values (1);"),
        ("V3__c.sql", "insert into c values (2);\ninsert into p values (2);"),
    ]);
    revisions.done(&place, &["up", "--dry-run"]);
    revisions.done(&place, &["up"]);
}

#[test]
fn a_plan_shows_what_cannot_be_read_as_a_run_does() {
    for place in Place::both() {
        let revisions = Revisions::of([
            ("V1__a.sql", "create table a (id int);\n"),
            ("V2__b.sql", "create table b (id int);\ncreate table c (id nonsense);\n"),
            ("V2__b.down.sql", "drop table c;\ndrop table b;\n"),
        ]);
        let run = portable(&revisions, &place, &["plan"]);
        let refused = error_in(&portable(&revisions, &place, &["up"]));
        assert_eq!(run.status, 2, "{}{}", run.stdout, run.stderr);
        assert!(
            run.stdout.contains("up   V2__b  ") && run.stdout.contains("V2__b.sql: cannot be run:"),
            "{}",
            run.stdout
        );
        assert!(!run.stdout.contains("derived") && !run.stdout.contains("\\u{a}"), "{}", run.stdout);
        for line in refused.trim_start_matches("error: ").lines().filter(|line| !line.is_empty()) {
            assert!(run.stdout.contains(line), "{line} is not in: {}", run.stdout);
        }
        revisions.write("V2__b.sql", "create table b (id int);\ncreate table c (id int);\n");
        assert_eq!(portable(&revisions, &place, &["plan"]).status, 0);
    }
}

#[test]
fn a_derived_way_down_that_fails_is_not_a_script_to_correct() {
    for place in Place::both() {
        let revisions = Revisions::of([("V1__a.sql", "create table a (id int);\n")]);
        assert_eq!(portable(&revisions, &place, &["up"]).status, 0);
        change(&place, "drop table a");
        let error = error_in(&portable(&revisions, &place, &["down"]));
        assert!(error.contains("write V1__a.down.sql, which then takes its place"), "{error}");
        assert!(!error.contains("correct the script") && !error.contains("\n\n"), "{error}");
    }
}

#[test]
fn a_way_down_is_not_derived_where_rows_of_an_older_table_would_stay() {
    for place in Place::both() {
        let revisions = Revisions::of([
            ("V1__a.sql", "create table \"t 1\" (id int, a text);\n"),
            ("V2__b.sql", "create table t (id int);\ninsert into \"t 1\" (id, a) values (7, 'x');\n"),
            ("V3__c.sql", "create table \"c 1\" (id int);\ninsert into \"c 1\" (id) values (7);\n"),
        ]);
        assert_eq!(portable(&revisions, &place, &["up"]).status, 0);
        assert_eq!(portable(&revisions, &place, &["down", "--allow-destructive"]).status, 0);
        let error = error_in(&portable(&revisions, &place, &["down", "--allow-destructive"]));
        assert!(error.contains("line 2 is no change of structure"), "{error}");
    }
}

#[test]
fn what_is_at_base_has_nothing_to_revert() {
    for place in Place::both() {
        let revisions = Revisions::of([("V1__a.sql", "create table a (id int);"), ("V1__a.down.sql", "drop table a;")]);
        revisions.done(&place, &["up"]);
        revisions.done(&place, &["down"]);
        for verb in ["down", "redo"] {
            let error = revisions.refused(&place, &[verb]);
            assert!(error.contains("there is nothing to revert: the database is at base"), "{verb}: {error}");
        }
    }
}

#[test]
fn redo_on_two_branches_says_so_and_not_what_nobody_typed() {
    for place in Place::both() {
        let revisions = Revisions::of([
            ("V1__a.sql", "-- down_revision: base\ncreate table a (id int);"),
            ("V2__b.sql", "-- down_revision: base\ncreate table b (id int);"),
        ]);
        revisions.done(&place, &["up"]);
        let error = revisions.refused(&place, &["redo"]);
        assert!(error.contains("the database is at several: V1__a, V2__b"), "{error}");
        assert!(!error.contains("`-1`"), "{error}");
    }
}

#[test]
fn a_folder_that_is_not_there_is_told_even_where_nothing_is_to_be_run() {
    let (revisions, place) = (Revisions::of::<&str, &str>([]), Place::sqlite());
    let nowhere = place.path().with_file_name("nowhere").join("app.db");
    let url = nowhere.to_str().expect("the path is UTF-8");
    for verb in [&["up"][..], &["up", "--dry-run"], &["down", "base"]] {
        let output = revisions.command(url, verb).output().expect("it runs");
        let told = String::from_utf8_lossy(&output.stderr).into_owned();
        assert_eq!(output.status.code(), Some(2), "{verb:?}: {told}");
        assert!(told.contains("there is no folder") && told.contains("create it first"), "{verb:?}: {told}");
    }
}

#[test]
fn a_second_system_on_one_database_is_told_to_take_one_of_its_own() {
    for place in Place::both() {
        let up = |system| strait(&["migrate", "up", "--system", system, "--database-url", &place.url()]);
        let first = up("windflow");
        assert_eq!(first.status, 0, "{}", first.stderr);
        let before = picture(&place);
        let second = up("chatbot-saas");
        assert_eq!(second.status, 2, "{}", second.stdout);
        let (own, purge) = (second.stderr.find("a second system needs"), second.stderr.find("--purge"));
        assert!(own.is_some() && own < purge, "{}", second.stderr);
        assert!(second.stderr.contains("name that one with --dir or --system"), "{}", second.stderr);
        assert_eq!(picture(&place), before, "nothing was changed");
    }
}
