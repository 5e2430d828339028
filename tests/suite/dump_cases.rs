//! A dump brings everything back: every state of every case of drift, the systems that are built in, and what each engine
//! has of its own are dumped, built again from the file, and compared. What differs nevertheless was named.

use std::collections::BTreeSet;
use std::fs;
use std::path::{Path, PathBuf};

use serde_json::Value;

use super::drift_cases::{cases, texts};
use crate::support::migrate::{Revisions, change};
use crate::support::place::Place;
use crate::support::strait;

/// The slices in which the cases of one engine are run, each by a test of its own.
const SLICES: usize = 8;

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

/// Builds a file again in an empty database, as the first revision of a folder.
fn build(dumped: &Dumped, place: &Place) {
    let (_, statements) = dumped.text.split_once('\n').expect("a schema file has a first line");
    if !statements.contains(';') {
        // A folder takes no revision that does nothing.
        return change(place, "create table passing (a int); drop table passing");
    }
    let folder = Revisions::of([("V0001__all.sql", statements)]);
    let (dir, url) = (folder.path(), place.url());
    let dir = dir.to_str().expect("the path is UTF-8");
    let run = strait(&["migrate", "up", "--dir", dir, "--database-url", &url]);
    assert_eq!(run.status, 0, "{}\n{}", run.stderr, dumped.text);
}

/// An empty database of an engine.
fn empty(engine: &str) -> Place {
    if engine == "postgres" { Place::postgres() } else { Place::sqlite() }
}

/// Empties a database that holds nothing beside its first schema and this tool's records.
fn clear(place: &Place) {
    match place.is_postgres() {
        true => change(place, "drop schema public cascade; create schema public; drop schema if exists strait cascade"),
        false => drop(fs::remove_file(place.path())),
    }
}

/// In what two databases differ, a sentence for each.
fn differences(expected: &Place, found: &Place) -> Vec<String> {
    let (expected, found) = (expected.url(), found.url());
    let run = strait(&["drift", "--expected", &expected, "--found", &found, "--format", "json", "--quiet"]);
    let report: Value = serde_json::from_str(&run.stdout).unwrap_or_else(|error| panic!("{error}: {}", run.stderr));
    let differences = report["comparisons"][0]["differences"].as_array().expect("differences are listed");
    differences.iter().map(|one| one["sentence"].as_str().expect("a sentence").to_owned()).collect()
}

/// Dumps a database, builds it again and compares; gives the file, in which all that is lost was named.
fn comes_back(place: &Place, again: &Place) -> Result<Dumped, String> {
    let dumped = dumped(place, &[]);
    build(&dumped, again);
    let one_line = |text: &String| text.split_whitespace().collect::<Vec<_>>().join(" ");
    let differences: BTreeSet<String> = differences(place, again).iter().map(one_line).collect();
    let named: BTreeSet<String> = dumped.not_carried.iter().cloned().collect();
    // What lies in another schema is named with the reason, and the schema with what helps.
    let is_named = |one: &String| {
        let (subject, helped) = (one.strip_suffix(" is missing").unwrap_or(one), format!("{one};"));
        let reason = format!("{subject} (");
        named.iter().any(|name| name == one || name.starts_with(&helped) || name.starts_with(&reason))
    };
    match differences.iter().find(|one| !is_named(one)) {
        Some(lost) => Err(format!("lost without a word: {lost}\n{}", dumped.text)),
        None => Ok(dumped),
    }
}

/// Makes something in an empty database.
fn make(place: &Place, sql: &str) {
    if !place.is_postgres() {
        // A database without a table is one, too.
        change(place, "pragma user_version = 0");
    }
    change(place, sql);
}

/// Dumps one slice of the states of an engine's cases; of some it is known that something is lost.
fn every_state_comes_back(engine: &str, slice: usize, lost: &[&str]) {
    let (mut seen, mut faults, mut named) = (BTreeSet::new(), Vec::new(), BTreeSet::new());
    let (place, again) = (empty(engine), empty(engine));
    let all = [cases(engine), cases(&format!("{engine}/respelled"))].concat();
    for case in all.iter().skip(slice).step_by(SLICES) {
        let name = case.file_name().expect("a case has a name").to_string_lossy().into_owned();
        let (base, found) = texts(case);
        for sql in [base, found] {
            if !seen.insert(sql.clone()) {
                continue;
            }
            [&place, &again].into_iter().for_each(clear);
            make(&place, &sql);
            match comes_back(&place, &again) {
                Ok(dumped) if dumped.not_carried.is_empty() => {}
                Ok(_) => drop(named.insert(name.clone())),
                Err(fault) => faults.push(format!("{name}: {fault}")),
            }
        }
    }
    assert!(seen.len() > 20, "only {} states", seen.len());
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

#[test]
fn every_state_of_sqlite_comes_back_5() {
    every_state_comes_back("sqlite", 4, &[]);
}

#[test]
fn every_state_of_sqlite_comes_back_6() {
    every_state_comes_back("sqlite", 5, &[]);
}

#[test]
fn every_state_of_sqlite_comes_back_7() {
    every_state_comes_back("sqlite", 6, &[]);
}

#[test]
fn every_state_of_sqlite_comes_back_8() {
    every_state_comes_back("sqlite", 7, &[]);
}

/// A file makes what holds: an index that was not finished is finished when it is built again, a key that nothing checks
/// is checked again, and a sequence keeps its numbers. All of it is named.
const MENDED_BY_BUILDING: [&str; 8] = [
    "foreign-key-triggers-off",
    "foreign-key-triggers-off-at-the-parent",
    "foreign-key-triggers-off-in-a-parent-s-partition",
    "foreign-key-triggers-off-in-a-partition",
    "foreign-key-triggers-off-in-all-partitions",
    "index-invalid",
    "sequence-unlogged",
    "unique-triggers-off",
];

#[test]
fn every_state_of_postgresql_comes_back_1() {
    every_state_comes_back("postgres", 0, &MENDED_BY_BUILDING);
}

#[test]
fn every_state_of_postgresql_comes_back_2() {
    every_state_comes_back("postgres", 1, &MENDED_BY_BUILDING);
}

#[test]
fn every_state_of_postgresql_comes_back_3() {
    every_state_comes_back("postgres", 2, &MENDED_BY_BUILDING);
}

#[test]
fn every_state_of_postgresql_comes_back_4() {
    every_state_comes_back("postgres", 3, &MENDED_BY_BUILDING);
}

#[test]
fn every_state_of_postgresql_comes_back_5() {
    every_state_comes_back("postgres", 4, &MENDED_BY_BUILDING);
}

#[test]
fn every_state_of_postgresql_comes_back_6() {
    every_state_comes_back("postgres", 5, &MENDED_BY_BUILDING);
}

#[test]
fn every_state_of_postgresql_comes_back_7() {
    every_state_comes_back("postgres", 6, &MENDED_BY_BUILDING);
}

#[test]
fn every_state_of_postgresql_comes_back_8() {
    every_state_comes_back("postgres", 7, &MENDED_BY_BUILDING);
}

#[test]
fn every_system_comes_back() {
    let systems = strait(&["systems", "--format", "json"]);
    let systems: Value = serde_json::from_str(&systems.stdout).expect("the list is JSON");
    let names: Vec<&str> = systems.as_array().expect("a list").iter().filter_map(|one| one["name"].as_str()).collect();
    assert!(names.len() >= 4, "{systems:#}");
    for name in names {
        for (place, again) in Place::both().into_iter().zip(Place::both()) {
            let url = place.url();
            let run = strait(&["migrate", "up", "--system", name, "--database-url", &url]);
            assert_eq!(run.status, 0, "{}", run.stderr);
            let dumped = comes_back(&place, &again).unwrap_or_else(|fault| panic!("{name}: {fault}"));
            assert_eq!(dumped.not_carried, [""; 0], "{name}: {}", dumped.text);
        }
    }
}

/// Dumps what an engine has of its own, a file for each subject; `lost.txt` names what cannot be kept. `UPDATE=1` writes it.
fn what_is_the_engine_s_own_comes_back(engine: &str, at_least: usize) {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/cases/dump").join(engine);
    let entries = fs::read_dir(&folder).expect("there are cases").map(|entry| entry.expect("it can be read").path());
    let mut files: Vec<PathBuf> = entries.filter(|path| path.extension().is_some_and(|kind| kind == "sql")).collect();
    files.sort();
    assert!(files.len() >= at_least, "only {} cases", files.len());
    let (mut lost, mut faults) = (String::new(), Vec::new());
    let shared = [empty(engine), empty(engine)];
    for file in files {
        let name = file.file_stem().expect("a case has a name").to_string_lossy().into_owned();
        let sql = fs::read_to_string(&file).expect("a case can be read");
        // What is not in the first schema is not cleared away.
        let is_beyond = sql.contains("create schema") || sql.contains("event trigger");
        let own = is_beyond.then(|| [empty(engine), empty(engine)]);
        let [place, again] = own.as_ref().unwrap_or(&shared);
        [place, again].into_iter().for_each(clear);
        make(place, &sql);
        match comes_back(place, again) {
            Ok(dumped) => dumped.not_carried.iter().for_each(|line| lost.push_str(&format!("{name}: {line}\n"))),
            Err(fault) => faults.push(format!("{name}: {fault}")),
        }
    }
    assert!(faults.is_empty(), "{}", faults.join("\n"));
    let golden = folder.join("lost.txt");
    if std::env::var_os("UPDATE").is_some() {
        fs::write(&golden, &lost).expect("the golden file can be written");
    }
    assert_eq!(lost, fs::read_to_string(&golden).unwrap_or_default());
}

#[test]
fn what_is_sqlite_s_own_comes_back() {
    what_is_the_engine_s_own_comes_back("sqlite", 17);
}

#[test]
fn what_is_postgresql_s_own_comes_back_or_is_named() {
    what_is_the_engine_s_own_comes_back("postgres", 32);
}

#[test]
fn on_a_server_of_our_own_extensions_and_other_schemas_come_along() {
    let (place, again) = (Place::postgres(), Place::postgres());
    make(
        &place,
        "create extension citext; create extension pg_trgm; create schema other; create type other.mood as enum ('a', 'b');
         create table other.t (id int primary key, m other.mood); create index names on other.t (m, id);
         create table t (id int primary key references other.t, mail citext unique, n text);
         create index i on t using gin (n gin_trgm_ops); create view v as select t.n, o.m from t join other.t o using (id);",
    );
    let dumped = dumped(&place, &["--scratch-url", "private"]);
    assert_eq!(dumped.not_carried, [""; 0], "{}", dumped.text);
    build(&dumped, &again);
    assert_eq!(differences(&place, &again), [""; 0], "{}", dumped.text);
}

#[test]
fn a_table_that_the_language_would_change_stands_in_a_block_with_the_reason() {
    let sql = "create table kept (id integer primary key, at datetime); create table said (id bigint not null primary key, \
               n varchar(40) default 'x', unique (n))";
    let place = Place::sqlite();
    make(&place, sql);
    let exact = dumped(&place, &[]);
    let (portable, block) = exact.text.split_once("-- only: sqlite\n").expect("a block");
    assert!(portable.contains("create table said") && !portable.contains("kept"), "{}", exact.text);
    assert!(block.contains("kept.at has the type datetime") && block.contains("TABLE kept (id integer"), "{block}");
    let nearest = dumped(&place, &["--portable"]);
    assert!(nearest.text.contains("create table kept") && !nearest.text.contains("-- only"), "{}", nearest.text);
    assert!(nearest.not_carried.contains(&"kept.at: type datetime → timestamp_text".to_owned()), "{}", nearest.text);
}
