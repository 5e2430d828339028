//! A dump brings everything back: every state of every case of drift, the systems that are built in, and what each engine
//! has of its own are dumped, built again from the file, and compared. What differs nevertheless was named.

use std::collections::BTreeSet;

use serde_json::Value;

use super::drift_cases::{cases, texts};
use crate::support::migrate::{Revisions, change};
use crate::support::place::Place;
use crate::support::strait;

/// The slices in which the cases of one engine are run, each by a test of its own.
const SLICES: usize = 4;

/// A file that was written of a database.
struct Dumped {
    text: String,
    not_carried: Vec<String>,
}

/// Dumps a database; what is lost is in the file, on standard error, and in the status.
fn dumped(place: &Place, flags: &[&str]) -> Dumped {
    let url = place.url();
    let run = strait(&[&["migrate", "dump", "--database-url", &url], flags].concat());
    assert!(matches!(run.status, 0 | 1), "{}", run.stderr);
    let named = |text: &str, prefix: &str| -> Vec<String> {
        text.lines().filter_map(|line| line.strip_prefix(prefix)).map(str::to_owned).collect()
    };
    let not_carried = named(&run.stdout, "-- not carried: ");
    assert_eq!(named(&run.stderr, "not carried: "), not_carried, "{}", run.stdout);
    assert_eq!(run.status, i32::from(!not_carried.is_empty()), "{}", run.stdout);
    Dumped { text: run.stdout, not_carried }
}

/// Builds a file again, as the first revision of a folder.
fn built_again(dumped: &Dumped, like: &Place) -> Place {
    let place = if like.is_postgres() { Place::postgres() } else { Place::sqlite() };
    let (_, statements) = dumped.text.split_once('\n').expect("a schema file has a first line");
    if !statements.contains(';') {
        // A folder takes no revision that does nothing.
        change(&place, "create table passing (a int); drop table passing");
        return place;
    }
    let folder = Revisions::of([("V0001__all.sql", statements)]);
    let (dir, url) = (folder.path(), place.url());
    let dir = dir.to_str().expect("the path is UTF-8");
    let run = strait(&["migrate", "up", "--dir", dir, "--database-url", &url]);
    assert_eq!(run.status, 0, "{}\n{}", run.stderr, dumped.text);
    place
}

/// In what two databases differ, a sentence for each.
fn differences(expected: &Place, found: &Place) -> Vec<String> {
    let (expected, found) = (expected.url(), found.url());
    let run = strait(&["drift", "--expected", &expected, "--found", &found, "--format", "json", "--quiet"]);
    let report: Value = serde_json::from_str(&run.stdout).unwrap_or_else(|error| panic!("{error}: {}", run.stderr));
    let differences = report["comparisons"][0]["differences"].as_array().expect("differences are listed");
    differences.iter().map(|one| one["sentence"].as_str().expect("a sentence").to_owned()).collect()
}

/// Dumps a database, builds it again and compares; gives the file and what is lost, all of which was named.
fn comes_back(place: &Place) -> Result<Dumped, String> {
    let dumped = dumped(place, &[]);
    let again = built_again(&dumped, place);
    let one_line = |text: &String| text.split_whitespace().collect::<Vec<_>>().join(" ");
    let differences: BTreeSet<String> = differences(place, &again).iter().map(one_line).collect();
    let named: BTreeSet<String> = dumped.not_carried.iter().cloned().collect();
    match differences.difference(&named).next() {
        Some(lost) => Err(format!("lost without a word: {lost}\n{}", dumped.text)),
        None => Ok(dumped),
    }
}

/// A database of an engine, made by some SQL.
fn made_by(engine: &str, sql: &str) -> Place {
    let place = if engine == "postgres" { Place::postgres() } else { Place::sqlite() };
    if engine == "sqlite" {
        // A database without a table is one, too.
        change(&place, "pragma user_version = 0");
    }
    change(&place, sql);
    place
}

/// Dumps one slice of the states of an engine's cases; gives how many there were and which lost something.
fn every_state_comes_back(engine: &str, slice: usize, lost: &[&str]) {
    let (mut seen, mut faults, mut named) = (BTreeSet::new(), Vec::new(), BTreeSet::new());
    let all = [cases(engine), cases(&format!("{engine}/respelled"))].concat();
    for case in all.iter().skip(slice).step_by(SLICES) {
        let name = case.file_name().expect("a case has a name").to_string_lossy().into_owned();
        let (base, found) = texts(case);
        for sql in [base, found] {
            if !seen.insert(sql.clone()) {
                continue;
            }
            match comes_back(&made_by(engine, &sql)) {
                Ok(dumped) if dumped.not_carried.is_empty() => {}
                Ok(_) => drop(named.insert(name.clone())),
                Err(fault) => faults.push(format!("{name}: {fault}")),
            }
        }
    }
    assert!(seen.len() > 40, "only {} states", seen.len());
    assert!(faults.is_empty(), "{}", faults.join("\n"));
    let unexpected: Vec<&String> = named.iter().filter(|name| !lost.contains(&name.as_str())).collect();
    assert!(unexpected.is_empty(), "something of these is lost: {unexpected:?}");
}

#[test]
fn every_state_of_sqlite_comes_back_1() {
    every_state_comes_back("sqlite", 0, &[]);
}

#[test]
fn every_state_of_sqlite_comes_back_2() {
    every_state_comes_back("sqlite", 1, &[]);
}

#[test]
fn every_state_of_sqlite_comes_back_3() {
    every_state_comes_back("sqlite", 2, &[]);
}

#[test]
fn every_state_of_sqlite_comes_back_4() {
    every_state_comes_back("sqlite", 3, &[]);
}

/// An index that was not finished is finished when it is built again, and that is named.
const UNFINISHED: [&str; 1] = ["index-invalid"];

#[test]
fn every_state_of_postgresql_comes_back_1() {
    every_state_comes_back("postgres", 0, &UNFINISHED);
}

#[test]
fn every_state_of_postgresql_comes_back_2() {
    every_state_comes_back("postgres", 1, &UNFINISHED);
}

#[test]
fn every_state_of_postgresql_comes_back_3() {
    every_state_comes_back("postgres", 2, &UNFINISHED);
}

#[test]
fn every_state_of_postgresql_comes_back_4() {
    every_state_comes_back("postgres", 3, &UNFINISHED);
}

#[test]
fn every_system_comes_back_in_the_portable_language() {
    let systems = strait(&["systems", "--format", "json"]);
    let systems: Value = serde_json::from_str(&systems.stdout).expect("the list is JSON");
    let names: Vec<&str> = systems.as_array().expect("a list").iter().filter_map(|one| one["name"].as_str()).collect();
    assert!(names.len() >= 4, "{systems:#}");
    for name in names {
        for place in Place::both() {
            let url = place.url();
            let run = strait(&["migrate", "up", "--system", name, "--database-url", &url]);
            assert_eq!(run.status, 0, "{}", run.stderr);
            let dumped = comes_back(&place).unwrap_or_else(|fault| panic!("{name}: {fault}"));
            assert_eq!(dumped.not_carried, [""; 0], "{name}: {}", dumped.text);
        }
    }
}
