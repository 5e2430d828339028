//! One change, one difference, in the words of the report; and a respelling, which is none. A folder for each case:
//! `base.sql` is what should be, `change.sql` what was done to it, or `found.sql` what is there instead; `says.txt` is what is
//! said. `UPDATE=1` writes it anew.

use std::collections::BTreeSet;
use std::fmt::Write as _;
use std::fs;
use std::path::{Path, PathBuf};

use serde_json::Value;
use tempfile::TempDir;

use crate::support::{Database, fresh_database, strait};

/// What the check must see on PostgreSQL; the first line of a case's `base.sql` names its item.
const POSTGRES_ITEMS: [&str; 46] = [
    "tables",
    "columns",
    "column type",
    "column collation",
    "column nullability",
    "column default",
    "generated expression",
    "identity kind",
    "column order",
    "primary keys",
    "primary key order",
    "primary key names",
    "uniques",
    "unique order",
    "unique deferrable",
    "unique nulls not distinct",
    "checks",
    "checks not valid",
    "foreign keys",
    "foreign key actions",
    "foreign key deferrable",
    "foreign key not valid",
    "indexes",
    "index unique",
    "index expression",
    "index predicate",
    "index direction",
    "index include",
    "index opclass",
    "index collation",
    "index method",
    "index parameters",
    "index invalid",
    "enums",
    "enum labels",
    "enum order",
    "views",
    "materialized views",
    "functions",
    "triggers",
    "triggers disabled",
    "sequences",
    "comments",
    "row security",
    "grants",
    "storage parameters",
];
/// What the check must see on SQLite.
const SQLITE_ITEMS: [&str; 32] = [
    "tables",
    "columns",
    "column type",
    "column collation",
    "column nullability",
    "column default",
    "generated expression",
    "generated kind",
    "column order",
    "primary keys",
    "primary key order",
    "primary key names",
    "uniques",
    "unique order",
    "checks",
    "foreign keys",
    "foreign key actions",
    "foreign key deferrable",
    "indexes",
    "index unique",
    "index expression",
    "index predicate",
    "index direction",
    "index collation",
    "INT versus INTEGER keys",
    "AUTOINCREMENT",
    "STRICT",
    "WITHOUT ROWID",
    "ON CONFLICT clauses",
    "triggers",
    "views",
    "COLLATE",
];
/// The slices in which the cases of one engine are run, each by a test of its own.
const SLICES: usize = 4;

/// Two databases of one engine, emptied for every case.
enum Pair {
    Postgres(Box<[Database; 2]>),
    Sqlite(TempDir),
}

impl Pair {
    fn new(engine: &str) -> Self {
        match engine {
            "postgres" => Self::Postgres(Box::new([fresh_database(), fresh_database()])),
            _ => Self::Sqlite(TempDir::new().expect("a folder can be made")),
        }
    }

    /// Fills the two databases; gives their URLs.
    fn fill(&self, expected: &str, found: &str) -> [String; 2] {
        match self {
            Self::Postgres(databases) => {
                for (database, sql) in databases.iter().zip([expected, found]) {
                    database.psql("drop schema public cascade; create schema public;");
                    database.psql(sql);
                }
                databases.each_ref().map(|database| database.url().to_owned())
            }
            Self::Sqlite(folder) => [("expected.db", expected), ("found.db", found)].map(|(name, sql)| {
                let path = folder.path().join(name);
                fs::remove_file(&path).ok();
                connect(&path).execute_batch(sql).expect("the case is SQL that SQLite takes");
                path.to_str().expect("the path is UTF-8").to_owned()
            }),
        }
    }

    /// Runs more SQL on what was found.
    fn mend(&self, sql: &str) {
        match self {
            Self::Postgres(databases) => drop(databases[1].psql(sql)),
            Self::Sqlite(folder) => {
                let mended = connect(&folder.path().join("found.db")).execute_batch(sql);
                mended.unwrap_or_else(|error| panic!("{error}: {sql}"));
            }
        }
    }
}

/// As most programs open a file: without help for what it lets pass as text.
fn connect(path: &Path) -> rusqlite::Connection {
    let connection = rusqlite::Connection::open(path).expect("a file can be made");
    connection.execute_batch("pragma user_version = 0").expect("it is a database");
    connection
}

/// The folders of cases, in the order of their names.
pub(super) fn cases(engine: &str) -> Vec<PathBuf> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/cases/drift").join(engine);
    let entries = fs::read_dir(&folder).unwrap_or_else(|error| panic!("{}: {error}", folder.display()));
    let mut paths: Vec<PathBuf> = entries.map(|entry| entry.expect("it can be read").path()).collect();
    paths.retain(|path| path.join("base.sql").is_file());
    paths.sort();
    paths
}

fn read(path: &Path) -> String {
    fs::read_to_string(path).unwrap_or_else(|error| panic!("{}: {error}", path.display()))
}

/// What a case holds: what should be, and what is there.
pub(super) fn texts(case: &Path) -> (String, String) {
    let base = read(&case.join("base.sql"));
    let change = case.join("change.sql");
    let found = if change.is_file() { format!("{base}{}", read(&change)) } else { read(&case.join("found.sql")) };
    (base, found)
}

/// Compares two databases; gives the differences.
fn drift(urls: &[String; 2]) -> Vec<Value> {
    let run =
        strait(&["drift", "--expected", &urls[0], "--found", &urls[1], "--format", "json", "--quiet", "--strict"]);
    let report: Value = serde_json::from_str(&run.stdout).unwrap_or_else(|error| panic!("{error}: {}", run.stderr));
    let differences = report["comparisons"][0]["differences"].as_array().expect("differences are listed").clone();
    assert_eq!(run.status, i32::from(!differences.is_empty()), "{report:#}");
    differences
}

/// What is said of some differences: a line for each with its grade, and below it what would mend it.
fn said(differences: &[Value]) -> String {
    let mut text = String::new();
    for difference in differences {
        let word = |field: &str| difference[field].as_str().unwrap_or_else(|| panic!("no {field}: {difference:#}"));
        writeln!(text, "{}: {}", word("grade"), word("sentence")).expect("a text grows");
        for line in difference["mend"].as_str().unwrap_or("(by hand)").lines() {
            writeln!(text, "    {line}").expect("a text grows");
        }
    }
    text
}

/// Runs one slice of the cases of an engine.
fn changes_are_seen(engine: &str, slice: usize) {
    let pair = Pair::new(engine);
    let mut faults = Vec::new();
    for case in cases(engine).iter().skip(slice).step_by(SLICES) {
        let name = case.file_name().expect("a case has a name").to_string_lossy();
        let (expected, found) = texts(case);
        let urls = pair.fill(&expected, &found);
        let differences = drift(&urls);
        let says = said(&differences);
        let golden = case.join("says.txt");
        if std::env::var_os("UPDATE").is_some() {
            fs::write(&golden, &says).expect("the golden file can be written");
        }
        if says.is_empty() || says != fs::read_to_string(&golden).unwrap_or_default() {
            faults.push(format!("{name} says:\n{says}"));
        }
        // In the order in which they are told.
        let mends: Option<Vec<&str>> = differences.iter().map(|difference| difference["mend"].as_str()).collect();
        if let Some(mends) = mends.filter(|mends| !mends.is_empty()) {
            pair.mend(&format!("{};", mends.join(";\n")));
            let left = said(&drift(&urls));
            if !left.is_empty() {
                faults.push(format!("{name}, mended by {mends:?}, still says:\n{left}"));
            }
        }
    }
    assert!(faults.is_empty(), "{}", faults.join("\n"));
}

fn respellings_are_passed_over(engine: &str, at_least: usize) {
    let pair = Pair::new(engine);
    let mut faults = Vec::new();
    let cases = cases(&format!("{engine}/respelled"));
    assert!(cases.len() >= at_least, "only {} cases", cases.len());
    for case in &cases {
        let (expected, found) = texts(case);
        let says = said(&drift(&pair.fill(&expected, &found)));
        if !says.is_empty() {
            faults.push(format!("{} says:\n{says}", case.display()));
        }
    }
    assert!(faults.is_empty(), "{}", faults.join("\n"));
}

/// Every item has a case, and every case an item of the list.
fn every_item_has_a_case(engine: &str, items: &[&str], at_least: usize) {
    let cases = cases(engine);
    assert!(cases.len() >= at_least, "only {} cases", cases.len());
    let of = |case: &PathBuf| {
        let base = read(&case.join("base.sql"));
        let item = base.lines().next().and_then(|line| line.strip_prefix("-- item: ")).map(str::to_owned);
        item.unwrap_or_else(|| panic!("{} does not begin with its item", case.display()))
    };
    let covered: BTreeSet<String> = cases.iter().map(of).collect();
    let wanted: BTreeSet<String> = items.iter().map(|item| (*item).to_owned()).collect();
    assert_eq!(covered, wanted);
}

#[test]
fn every_item_of_postgresql_has_a_case() {
    every_item_has_a_case("postgres", &POSTGRES_ITEMS, 130);
}

#[test]
fn every_item_of_sqlite_has_a_case() {
    every_item_has_a_case("sqlite", &SQLITE_ITEMS, 80);
}

#[test]
fn a_respelling_is_no_drift_on_postgresql() {
    respellings_are_passed_over("postgres", 45);
}

#[test]
fn a_respelling_is_no_drift_on_sqlite() {
    respellings_are_passed_over("sqlite", 55);
}

#[test]
fn one_change_is_one_difference_on_postgresql_1() {
    changes_are_seen("postgres", 0);
}

#[test]
fn one_change_is_one_difference_on_postgresql_2() {
    changes_are_seen("postgres", 1);
}

#[test]
fn one_change_is_one_difference_on_postgresql_3() {
    changes_are_seen("postgres", 2);
}

#[test]
fn one_change_is_one_difference_on_postgresql_4() {
    changes_are_seen("postgres", 3);
}

#[test]
fn one_change_is_one_difference_on_sqlite_1() {
    changes_are_seen("sqlite", 0);
}

#[test]
fn one_change_is_one_difference_on_sqlite_2() {
    changes_are_seen("sqlite", 1);
}

#[test]
fn one_change_is_one_difference_on_sqlite_3() {
    changes_are_seen("sqlite", 2);
}

#[test]
fn one_change_is_one_difference_on_sqlite_4() {
    changes_are_seen("sqlite", 3);
}

/// Whatever numbered the rows before, the next one gets a number of its own.
#[test]
fn an_identity_that_is_given_back_goes_on_after_the_rows_that_are_there() {
    let pair = Pair::new("postgres");
    let rows = "insert into t (id, v) values (1, 0), (7, 0);";
    for (options, found, next) in [
        ("", "create table t (id int not null, v int);", "8"),
        ("", "create table t (id serial, v int);", "8"),
        ("", "create table t (id int not null default 7, v int);", "8"),
        ("", "create sequence t_id_seq; create table t (id int not null default nextval('t_id_seq'), v int);", "8"),
        ("(start with 100)", "create table t (id serial, v int);", "100"),
        ("(sequence name numbers)", "create table t (id serial, v int);", "8"),
        ("", "create table t (id serial, v int); select setval('t_id_seq', 1000);", "1001"),
        ("", "create table t (id serial, v int); alter sequence t_id_seq restart with 1000;", "1000"),
    ] {
        let expected = format!("create table t (id int generated always as identity {options}, v int);");
        let urls = pair.fill(&expected, &format!("{found}{rows}"));
        let mends = drift(&urls).iter().filter_map(|one| one["mend"].as_str().map(str::to_owned)).collect::<Vec<_>>();
        pair.mend(&format!("{};", mends.join(";\n")));
        assert_eq!(said(&drift(&urls)), "", "{found}, mended by {mends:?}");
        let Pair::Postgres(databases) = &pair else { unreachable!("it was made so") };
        let number = databases[1].psql("insert into t (v) values (0) returning id");
        assert_eq!(number.lines().next(), Some(next), "{found}, mended by {mends:?}");
    }
}

/// A serial, too, whatever its sequence is called and whatever numbers there are.
#[test]
fn a_serial_that_is_given_back_goes_on_after_the_rows_that_are_there() {
    let pair = Pair::new("postgres");
    let own = "create sequence numbers as bigint start with 100; create table t (id int not null default nextval('numbers'), v \
               int); alter sequence numbers owned by t.id;";
    let plain = "create table t (id serial, v int);";
    for (expected, lost, rows, next) in [
        (plain, "alter table t alter column id drop default", "(7, 0)", "8"),
        (plain, "alter table t alter column id drop default", "(-7, 0), (-3, 0)", "1"),
        (plain, "alter table t alter column id drop default; drop sequence t_id_seq", "(-7, 0)", "1"),
        (plain, "alter table t alter column id drop default; select setval('t_id_seq', 1000)", "(7, 0)", "1001"),
        (
            plain,
            "alter table t alter column id drop default; alter sequence t_id_seq restart with 1000",
            "(7, 0)",
            "1000",
        ),
        (own, "alter table t alter column id drop default", "(7, 0)", "100"),
        (own, "alter table t alter column id drop default; drop sequence numbers", "(700, 0)", "701"),
    ] {
        let urls = pair.fill(expected, &format!("{expected}{lost};insert into t (id, v) values {rows};"));
        let mends = drift(&urls).iter().filter_map(|one| one["mend"].as_str().map(str::to_owned)).collect::<Vec<_>>();
        pair.mend(&format!("{};", mends.join(";\n")));
        assert_eq!(said(&drift(&urls)), "", "{expected}{lost}, mended by {mends:?}");
        let Pair::Postgres(databases) = &pair else { unreachable!("it was made so") };
        let number = databases[1].psql("insert into t (v) values (0) returning id");
        assert_eq!(number.lines().next(), Some(next), "{expected}{lost}, mended by {mends:?}");
    }
}
