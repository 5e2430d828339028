//! The page of rights: what it lists is enough for each command, and each line of it is needed.

use crate::support::migrate::Revisions;
use crate::support::{Database, Finished, Source, fresh_database, strait};

const PAGE: &str = include_str!("../../docs/rights.md");

/// The lists of grants under a heading, each a list of statements.
fn lists(heading: &str) -> Vec<Vec<&'static str>> {
    let section = PAGE.split("\n## ").find(|section| section.starts_with(heading)).expect("the page has the heading");
    let blocks = section.split("```sql\n").skip(1).map(|rest| rest.split("```").next().unwrap_or_default());
    blocks.map(|block| block.lines().collect()).collect()
}

/// A database with a role that may do nothing yet.
struct Guest {
    database: Database,
    role: String,
}

impl Guest {
    fn new() -> Self {
        let database = fresh_database();
        let role = format!("{}_guest", database.name());
        database.psql(&format!("create role {role} login"));
        Self { database, role }
    }

    fn grant(&self, statements: &[&str]) {
        for statement in statements {
            let words = statement.replace("database app", &format!("database {}", self.database.name()));
            self.database.psql(&words.replace("keeper", &self.role).replace("reader", &self.role));
        }
    }

    fn url(&self) -> String {
        self.database.url().replacen("postgres@", &format!("{}@", self.role), 1)
    }
}

impl Drop for Guest {
    fn drop(&mut self) {
        self.database.psql(&format!("drop owned by {0}; drop role {0}", self.role));
    }
}

/// Runs a command with the listed rights, which must do, and without each of them, which must not.
fn needs_just(list: &[&str], prepare: impl Fn(&Guest), command: impl Fn(&Guest) -> Finished) {
    let with = |statements: &[&str]| {
        let guest = Guest::new();
        prepare(&guest);
        guest.grant(statements);
        command(&guest)
    };
    let run = with(list);
    assert_eq!(run.status, 0, "{list:#?} is not enough: {}{}", run.stdout, run.stderr);
    for left_out in 0..list.len() {
        let others: Vec<&str> =
            list.iter().enumerate().filter(|(at, _)| *at != left_out).map(|(_, line)| *line).collect();
        let run = with(&others);
        assert_eq!(run.status, 2, "`{}` is not needed: {}{}", list[left_out], run.stdout, run.stderr);
        assert!(!run.stderr.contains("a fault of"), "{}", run.stderr);
    }
}

fn revisions() -> Revisions {
    Revisions::of([
        ("V0001__notes.sql", "create table notes (id bigint primary key, body text);"),
        ("V0001__notes.down.sql", "drop table notes;"),
    ])
}

/// Runs a verb on the folder.
fn on_folder(revisions: &Revisions, command: &[&str], url: &str) -> Finished {
    let path = revisions.path();
    strait(&[command, &["--dir", path.to_str().expect("the path is UTF-8"), "--database-url", url]].concat())
}

/// What an administrator has migrated.
fn migrated(revisions: &Revisions) -> impl Fn(&Guest) {
    |guest: &Guest| {
        let run = on_folder(revisions, &["migrate", "up"], guest.database.url());
        assert_eq!(run.status, 0, "{}", run.stderr);
    }
}

#[test]
fn a_role_runs_revisions_with_what_is_listed() {
    let revisions = revisions();
    for list in lists("Run revisions") {
        needs_just(
            &list,
            |_| {},
            |guest| {
                for verb in ["up", "redo"] {
                    let run = on_folder(&revisions, &["migrate", verb, "--allow-destructive"], &guest.url());
                    if run.status != 0 {
                        return run;
                    }
                }
                on_folder(&revisions, &["migrate", "down", "--allow-destructive"], &guest.url())
            },
        );
    }
}

#[test]
fn a_role_looks_at_the_records_with_what_is_listed() {
    let revisions = revisions();
    let list = lists("Look at the records").remove(0);
    for verb in ["status", "plan", "current", "history"] {
        needs_just(&list, migrated(&revisions), |guest| on_folder(&revisions, &["migrate", verb], &guest.url()));
    }
}

#[test]
fn a_role_looks_for_drift_with_what_is_listed() {
    let (revisions, scratch) = (revisions(), fresh_database());
    let [beside, elsewhere, without_records] = <[_; 3]>::try_from(lists("Look for drift")).expect("three lists");
    needs_just(&beside, migrated(&revisions), |guest| on_folder(&revisions, &["drift"], &guest.url()));
    let flags = ["drift", "--scratch-url", scratch.url()];
    needs_just(&elsewhere, migrated(&revisions), |guest| on_folder(&revisions, &flags, &guest.url()));
    let folder = tempfile::tempdir().expect("a folder can be made");
    let file = folder.path().join("app.sql");
    std::fs::write(&file, "-- strait schema 1\ncreate table notes (id bigint primary key, body text);")
        .expect("written");
    let file = file.to_str().expect("the path is UTF-8");
    needs_just(&without_records, migrated(&revisions), |guest| {
        strait(&["drift", "--schema", file, "--database-url", &guest.url()])
    });
    needs_just(&without_records, migrated(&revisions), |guest| {
        strait(&["migrate", "dump", "--database-url", &guest.url()])
    });
}

fn source() -> Source {
    Source::from_sql(
        "create table notes (id integer primary key, body text); insert into notes values (1, 'x'), (2, null)",
    )
}

#[test]
fn a_role_copies_with_what_is_listed() {
    let source = source();
    let path = source.path();
    let path = path.to_str().expect("the path is UTF-8");
    let [into_nothing, into_tables] = <[_; 2]>::try_from(lists("Copy")).expect("two lists");
    let copy = |guest: &Guest| strait(&["copy", path, &guest.url(), "--quiet"]);
    needs_just(&into_nothing, |_| {}, copy);
    needs_just(&into_nothing, |_| {}, |guest| strait(&["copy", path, &guest.url(), "--quiet", "--system", "windflow"]));
    let table = |guest: &Guest| drop(guest.database.psql("create table notes (id bigint primary key, body text)"));
    needs_just(&into_tables, table, copy);
}

#[test]
fn a_role_verifies_with_what_is_listed() {
    let source = source();
    let path = source.path();
    let path = path.to_str().expect("the path is UTF-8");
    let list = lists("Verify").remove(0);
    let filled = |guest: &Guest| {
        let sql = "create table notes (id bigint primary key, body text); insert into notes values (1, 'x'), (2, null)";
        guest.database.psql(sql);
    };
    needs_just(&list, filled, |guest| strait(&["verify", path, &guest.url(), "--quiet"]));
}
