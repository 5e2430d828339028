//! How a comparison is told: text, GitHub annotations, SARIF.

use std::path::Path;

use rusqlite::Connection;
use serde_json::Value;

use super::{applied, drift, path, refused};
use crate::support::migrate::change;
use crate::support::place::Place;
use crate::support::{fresh_database, strait};

/// What is told in a form; and that everything else about the run is quiet.
fn told(place: &Place, format: &str) -> String {
    let revisions = applied(place);
    change(place, "drop index users_by_name; alter table users add column \"50%, a:b\" text; drop table posts");
    let (folder, url) = (revisions.path(), place.url());
    let run = strait(&["drift", "--dir", path(&folder), "--database-url", &url, "--format", format]);
    assert_eq!((run.status, run.stderr.as_str()), (1, ""), "{}", run.stdout);
    run.stdout
}

#[test]
fn a_person_reads_the_differences_table_by_table() {
    for place in Place::both() {
        let text = told(&place, "text");
        for line in [
            "  users\n    compatible  users: index users_by_name is missing\n",
            "    compatible  users.50%, a:b is there and should not be\n",
            "  posts\n    breaking    table posts is missing\n",
            &format!("({}) beside ", place.engine()),
            "drift: 3 differences: 1 breaking, 2 compatible (",
        ] {
            assert!(text.contains(line), "{line} is not in: {text}");
        }
    }
}

#[test]
fn what_mends_in_several_statements_is_one_transaction() {
    for place in Place::both() {
        let revisions = applied(&place);
        change(&place, "drop index users_by_name; create unique index users_by_name on users (name)");
        let folder = revisions.path();
        let run = strait(&["drift", "--dir", path(&folder), "--database-url", &place.url()]);
        let mend: String =
            run.stdout.lines().filter_map(|line| Some(line.trim().strip_prefix("| ")?.to_owned() + " ")).collect();
        assert!(mend.starts_with("begin; drop index ") && mend.ends_with("; commit "), "{}", run.stdout);
    }
}

/// A file that was made by some SQL.
fn file(folder: &Path, name: &str, sql: &str) -> (Connection, String) {
    let path = folder.join(name);
    let connection = Connection::open(&path).expect("a file can be made");
    connection.execute_batch(sql).expect("SQLite takes it");
    (connection, path.to_str().expect("the path is UTF-8").to_owned())
}

fn one(connection: &Connection, question: &str) -> i64 {
    connection.query_row(question, [], |row| row.get(0)).expect("it is answered")
}

#[test]
fn a_shell_that_runs_on_after_a_failure_takes_nothing_away() {
    let folder = tempfile::tempdir().expect("a folder can be made");
    let base = "create table t (a, b); insert into t values (1, 1), (1, 2); create view v as select a from t; create trigger g \
                instead of insert on v begin insert into t (a) values (new.a); end;";
    let (_, expected) =
        file(folder.path(), "expected.db", &format!("{base} delete from t; create unique index i on t (a);"));
    let there = base.replace("as select a from", "as select b as a from");
    let (found, url) = file(folder.path(), "found.db", &format!("{there} create index i on t (a);"));
    let run = || {
        let run = strait(&["drift", "--expected", &expected, "--found", &url]);
        let mend = run.stdout.lines().filter_map(|line| line.trim().strip_prefix("| ")).collect::<Vec<_>>().join("\n");
        let scripts: Vec<String> = mend.split("commit").map(|script| format!("{script}commit")).collect();
        for script in &scripts[..scripts.len() - 1] {
            for statement in script.split(";\n") {
                found.execute_batch(statement).ok();
            }
            assert!(found.is_autocommit(), "{script}");
        }
        (scripts.len() - 1, run.stdout)
    };
    let (scripts, said) = run();
    assert_eq!(scripts, 2, "{said}");
    assert_eq!(one(&found, "select count(*) from sqlite_schema where name = 'i' and sql like 'create index%'"), 1);
    assert_eq!(one(&found, "select count(*) from sqlite_schema where name in ('v', 'g')"), 2);
    found.execute_batch("update t set a = b").expect("the rows can be changed");
    run();
    let run = strait(&["drift", "--expected", &expected, "--found", &url]);
    assert_eq!(run.status, 0, "{}", run.stdout);
}

#[test]
fn a_table_that_is_dropped_takes_no_other_table_s_rows_along() {
    let folder = tempfile::tempdir().expect("a folder can be made");
    let base = "create table c (id int);";
    let (_, expected) = file(folder.path(), "expected.db", base);
    let found = "create table old (id integer primary key); create table c (id int, old_id references old on delete cascade); \
                 insert into old values (1); insert into c values (1, 1); pragma foreign_keys = on;";
    let (found, url) = file(folder.path(), "found.db", found);
    let (_, told) = drift(&["--expected", &expected, "--found", &url]);
    let differences = told["comparisons"][0]["differences"].as_array().expect("a list");
    let old = differences.iter().find(|one| one["name"] == "old").expect("the table is told");
    found.execute_batch(old["mend"].as_str().expect("it can be mended")).expect("it runs");
    assert_eq!(one(&found, "select count(*) from c"), 1);
    assert_eq!(one(&found, "select count(*) from sqlite_schema where name = 'old'"), 0);
}

#[test]
fn github_reads_an_annotation_for_each_difference() {
    for place in Place::both() {
        let text = told(&place, "github");
        let lines: Vec<&str> = text.lines().collect();
        assert_eq!(lines.len(), 3, "{text}");
        let column = lines.iter().find(|line| line.contains("50%25")).expect("the column is named");
        assert!(column.starts_with("::warning file="), "{column}");
        assert!(column.contains(",title=compatible drift%3A users.50%25%2C a%3Ab::"), "{column}");
        assert!(column.contains(": users.50%25, a:b is there and should not be"), "{column}");
        assert!(lines.iter().any(|line| line.starts_with("::error file=") && line.contains("table posts is missing")));
    }
}

#[test]
fn a_sarif_log_has_all_that_the_standard_requires() {
    for place in Place::both() {
        let log: Value = serde_json::from_str(&told(&place, "sarif")).expect("it is JSON");
        assert_eq!(log["version"], "2.1.0");
        assert!(log["$schema"].as_str().is_some_and(|schema| schema.ends_with("sarif-schema-2.1.0.json")));
        let runs = log["runs"].as_array().expect("runs are required");
        let driver = &runs[0]["tool"]["driver"];
        assert!(driver["name"].as_str().is_some_and(|name| !name.is_empty()), "a driver has a name");
        let rules = driver["rules"].as_array().expect("rules");
        let ids: Vec<&str> = rules.iter().map(|rule| rule["id"].as_str().expect("a rule has an id")).collect();
        assert_eq!(ids.len(), ids.iter().collect::<std::collections::BTreeSet<_>>().len(), "an id is there once");
        let results = runs[0]["results"].as_array().expect("results");
        assert_eq!(results.len(), 3, "{log:#}");
        for result in results {
            assert!(result["message"]["text"].as_str().is_some_and(|text| !text.is_empty()), "a result has a message");
            let (rule, at) =
                (result["ruleId"].as_str().expect("an id"), result["ruleIndex"].as_u64().expect("an index"));
            assert_eq!(ids[usize::try_from(at).expect("it is small")], rule);
            assert!(["none", "note", "warning", "error"].contains(&result["level"].as_str().expect("a level")));
            for location in result["locations"].as_array().expect("locations") {
                let uri = location["physicalLocation"]["artifactLocation"]["uri"].as_str().expect("a place");
                assert!(!uri.contains(['\\', ' ', '%']) || uri.contains("%20"), "{uri}");
                let names = location["logicalLocations"].as_array().expect("what it is in the database");
                assert!(names.iter().all(|name| name["fullyQualifiedName"].is_string()), "{location}");
            }
        }
        assert!(ids.contains(&"index/missing") && ids.contains(&"table/missing"), "{ids:?}");
    }
}

#[test]
fn what_could_not_be_compared_is_told_to_whoever_reads_the_log() {
    for place in Place::both() {
        change(&place, "create table users (id integer)");
        let url = place.url();
        let run = strait(&["drift", "--system", "windflow", "--database-url", &url, "--format", "sarif"]);
        assert_eq!(run.status, 2, "{}", run.stderr);
        let log: Value = serde_json::from_str(&run.stdout).expect("it is JSON");
        let of_run = &log["runs"][0];
        assert_eq!(
            (&log["version"], of_run["results"].as_array().map(Vec::len)),
            (&"2.1.0".into(), Some(0)),
            "{log:#}"
        );
        let invocation = &of_run["invocations"][0];
        assert_eq!((&invocation["executionSuccessful"], &invocation["exitCode"]), (&false.into(), &2.into()));
        let notification = &invocation["toolExecutionNotifications"][0];
        assert_eq!(notification["level"], "error");
        let message = notification["message"]["text"].as_str().expect("a text");
        assert!(
            message.contains("never migrated") && run.stderr.contains("never migrated"),
            "{message}: {}",
            run.stderr
        );
        let run = strait(&["drift", "--system", "windflow", "--database-url", &url, "--format", "github"]);
        assert!(
            run.status == 2 && run.stdout.starts_with("::error title=drift could not be looked for::"),
            "{}",
            run.stdout
        );
    }
}

#[test]
fn what_is_built_in_is_no_file_to_point_at() {
    let (folder, database) = (tempfile::TempDir::new().expect("a folder can be made"), fresh_database());
    let run = |arguments: &[&str]| {
        let mut command = crate::support::strait_command(arguments);
        let output = command.current_dir(folder.path()).output().expect("the program can be run");
        (output.status.code(), String::from_utf8(output.stdout).expect("UTF-8"))
    };
    let system = ["--system", "windflow", "--database-url", database.url()];
    assert_eq!(run(&[&["migrate", "up"], &system[..]].concat()).0, Some(0));
    database.psql("create table strange (id int)");
    for form in [&["drift"][..], &["drift", "--schema"]] {
        let (status, text) = run(&[form, &system, &["--format", "github"]].concat());
        assert!(status == Some(1) && text.contains("table strange is there") && !text.contains("file="), "{text}");
        let (status, text) = run(&[form, &system, &["--format", "sarif"]].concat());
        let log: Value = serde_json::from_str(&text).expect("it is JSON");
        assert_eq!((status, &log["runs"][0]["invocations"][0]["executionSuccessful"]), (Some(1), &true.into()));
        let uri = &log["runs"][0]["results"][0]["locations"][0]["physicalLocation"]["artifactLocation"]["uri"];
        assert_eq!(uri, "database", "{log:#}");
    }
}

#[test]
fn what_would_be_passed_over_in_silence_is_refused() {
    for (flags, named) in [
        (&["--folder", "--scratch-url", "private"][..], "--folder"),
        (&["--expected", "a.db", "--found", "b.db", "--system", "windflow"], "--system"),
        (&["--expected", "a.db", "--found", "b.db", "--dir", "migrations"], "--dir"),
        (&["--system", ""], "a name is missing"),
        (&["--system", " "], "a name is missing"),
    ] {
        let said = refused(flags);
        assert!(said.contains(named), "{flags:?}: {said}");
    }
    let (status, _) = drift(&["--system", "windflow", "--folder", "--engine", "sqlite"]);
    assert_eq!(status, 0);
}
