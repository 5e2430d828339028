//! What mends a database, run as it is told, in its order: nothing differs afterwards, and the rows that both structures can hold
//! are still there. Each structure of a folder is made of each other one: numbered in several ways, with views over views, keys,
//! references, circles, triggers, indexes, types, checks and what is computed.

use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};

use serde_json::Value;

use super::drift;
use crate::support::migrate::{asked, change};
use crate::support::place::Place;

/// Tests among which the pairs are dealt out, each with every so many of them.
const HANDS: usize = 4;
/// How many of the pairs are tried; `EVERY=1` tries them all.
const STEP: usize = 5;

/// Pairs of what should be and what is there: every one of the folder's structures with every other one.
fn pairs(engine: &str) -> Vec<[PathBuf; 2]> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/cases/mended").join(engine);
    let entries = fs::read_dir(&folder).expect("the folder is there").map(|entry| entry.expect("it is read").path());
    let mut files: Vec<PathBuf> = entries.collect();
    files.sort();
    let both = |expected: &PathBuf| {
        let others = files.iter().filter(|found| *found != expected).cloned().collect::<Vec<_>>();
        others.into_iter().map(|found| [expected.clone(), found]).collect::<Vec<_>>()
    };
    files.iter().flat_map(both).collect()
}

fn place(engine: &str, file: &Path) -> Place {
    let place = if engine == "postgres" { Place::postgres() } else { Place::sqlite() };
    let sql = fs::read_to_string(file).expect("the structure can be read");
    run(&place, &sql);
    place
}

/// Runs several statements.
fn run(place: &Place, sql: &str) {
    match &place.location {
        strait::database::Location::Sqlite(path) => {
            let file = rusqlite::Connection::open(path).expect("a file can be made");
            file.execute_batch("pragma foreign_keys = off").expect("it is off by default in most programs");
            file.execute_batch(sql).unwrap_or_else(|error| panic!("{error}: {sql}"));
        }
        _ => drop(place.server().psql(sql)),
    }
}

/// The columns of each table that keep what they are given.
fn columns(place: &Place, engine: &str) -> BTreeMap<String, Vec<String>> {
    let sql = match engine {
        "postgres" => {
            "select c.table_name || '.' || c.column_name from information_schema.columns c join information_schema.tables t \
             using (table_schema, table_name) where table_schema = 'public' and t.table_type = 'BASE TABLE' \
             and c.is_generated = 'NEVER' order by 1"
        }
        _ => {
            "select t.name || '.' || c.name from pragma_table_list t, pragma_table_info(t.name) c where t.type = 'table' \
             and t.schema = 'main' and t.name not like 'sqlite%' order by 1"
        }
    };
    let mut columns: BTreeMap<String, Vec<String>> = BTreeMap::new();
    for line in asked(place, sql) {
        let (table, column) = line.split_once('.').expect("both are named");
        columns.entry(table.into()).or_default().push(column.into());
    }
    columns
}

/// What both structures can hold, as it is in one place.
fn rows(place: &Place, shared: &BTreeMap<String, Vec<String>>) -> Vec<String> {
    let text = |column: &String| format!("coalesce(cast({column} as text), '-')");
    let of = |(table, columns): (&String, &Vec<String>)| {
        let all = columns.iter().map(text).collect::<Vec<_>>().join(" || ' ' || ");
        asked(place, &format!("select '{table} ' || {all} from {table} order by 1"))
    };
    shared.iter().flat_map(of).collect()
}

fn differences(expected: &Place, found: &Place) -> Vec<Value> {
    let (_, told) = drift(&["--expected", &expected.url(), "--found", &found.url()]);
    let all = told["comparisons"][0]["differences"].as_array().expect("differences are listed");
    // A column is added at the end.
    all.iter().filter(|one| one["difference"] != "order").cloned().collect()
}

/// Mends one database as another is; gives whether all could be mended.
fn is_mended(engine: &str, files: &[PathBuf; 2]) -> bool {
    let [expected, found] = files.each_ref().map(|file| place(engine, file));
    let shown = format!("{} as {}", files[1].display(), files[0].display());
    let (wanted, there) = (columns(&expected, engine), columns(&found, engine));
    let both = |(table, columns): (&String, &Vec<String>)| {
        let known = wanted.get(table)?;
        let columns: Vec<String> = columns.iter().filter(|column| known.contains(column)).cloned().collect();
        (!columns.is_empty()).then(|| (table.clone(), columns))
    };
    let shared: BTreeMap<String, Vec<String>> = there.iter().filter_map(both).collect();
    let before = rows(&found, &shared);
    let told = differences(&expected, &found);
    let mends: Vec<&str> = told.iter().filter_map(|one| one["mend"].as_str()).collect();
    mends.iter().for_each(|mend| run(&found, &format!("{mend};")));
    let left = differences(&expected, &found);
    let is_whole = mends.len() == told.len();
    assert!(!is_whole || left.is_empty(), "{shown}, mended by {mends:#?}, still says {left:#?}");
    assert_eq!(rows(&found, &shared), before, "{shown}, mended by {mends:#?}");
    left.is_empty()
}

fn every_structure_is_made_of_every_other_one(engine: &str, hand: usize, at_least: usize) {
    let step = if std::env::var_os("EVERY").is_some() { 1 } else { STEP };
    let all = pairs(engine);
    assert!(all.len() >= 30, "only {} pairs", all.len());
    let dealt = all.iter().step_by(step).skip(hand).step_by(HANDS);
    let mended = dealt.filter(|files| is_mended(engine, files)).count();
    assert!(mended >= at_least, "only {mended} were mended as a whole");
}

#[test]
fn each_structure_of_postgresql_is_mended_as_each_other_1() {
    every_structure_is_made_of_every_other_one("postgres", 0, 2);
}

#[test]
fn each_structure_of_postgresql_is_mended_as_each_other_2() {
    every_structure_is_made_of_every_other_one("postgres", 1, 2);
}

#[test]
fn each_structure_of_postgresql_is_mended_as_each_other_3() {
    every_structure_is_made_of_every_other_one("postgres", 2, 2);
}

#[test]
fn each_structure_of_postgresql_is_mended_as_each_other_4() {
    every_structure_is_made_of_every_other_one("postgres", 3, 2);
}

#[test]
fn each_structure_of_sqlite_is_mended_as_each_other() {
    (0..HANDS).for_each(|hand| every_structure_is_made_of_every_other_one("sqlite", hand, 1));
}

/// The next row gets a number of its own, or, where the last number is taken, is refused; the mend runs.
#[test]
fn numbering_goes_on_after_the_rows_whatever_numbered_them() {
    let plain = "create table t (id int not null, v int);";
    let shared = "create sequence numbers; create table t (id int not null default nextval('numbers'), v int);";
    let odd = "create sequence odd; create table t (id int not null default nextval('odd'), v int);";
    let odd_owned = format!("{odd} alter sequence odd owned by t.id; select setval('odd', 40);");
    let identity = "create table t (id int generated by default as identity, v int);";
    let serial = "create table t (id serial, v int);";
    for (expected, found, number, next) in [
        (shared, plain, "7", Some("8")),
        (shared, identity, "7", Some("8")),
        (shared, serial, "2147483647", None),
        (identity, odd, "7", Some("8")),
        (identity, &odd_owned, "7", Some("41")),
        (identity, shared, "7", Some("8")),
        (identity, plain, "2147483647", None),
        (serial, plain, "2147483647", None),
        (serial, identity, "7", Some("8")),
        (serial, odd, "7", Some("8")),
        (plain, serial, "7", None),
    ] {
        let [wanted, there] = [expected, found].map(|sql| {
            let place = Place::postgres();
            run(&place, sql);
            place
        });
        change(&there, &format!("insert into t values ({number}, 0)"));
        let told = differences(&wanted, &there);
        let mends: Vec<&str> = told.iter().filter_map(|one| one["mend"].as_str()).collect();
        mends.iter().for_each(|mend| run(&there, &format!("{mend};")));
        assert_eq!(differences(&wanted, &there), Vec::<Value>::new(), "{found} as {expected}, by {mends:#?}");
        let Some(next) = next else { continue };
        change(&there, "insert into t (v) values (1)");
        assert_eq!(asked(&there, "select id from t where v = 1"), [next], "{found} as {expected}, by {mends:#?}");
    }
}

#[test]
fn labels_that_are_added_are_there_for_what_comes_after_them() {
    let [wanted, there] = [
        "create type mood as enum ('ok', 'sad'); create table t (id int, m mood default 'sad', check (m <> 'ok')); \
         create view v as select id from t where m = 'sad';",
        "create type mood as enum ('ok'); create table t (id int, m mood); create view v as select id from t;",
    ]
    .map(|sql| {
        let place = Place::postgres();
        run(&place, sql);
        place
    });
    let told = differences(&wanted, &there);
    told.iter().filter_map(|one| one["mend"].as_str()).for_each(|mend| run(&there, &format!("{mend};")));
    assert_eq!(differences(&wanted, &there), Vec::<Value>::new(), "{told:#?}");
}
