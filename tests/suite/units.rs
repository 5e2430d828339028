//! The unit of numbers that become times is found once, noted with the copy, and the same for every later look.

use crate::support::{Database, Source, copy, fresh_database, strait, verify_with};

const MILLIS: &str = "create table e (id integer primary key, at integer, n integer);
     insert into e values (1, 1700000000000, 1), (2, 1700000001000, 2), (3, 5000, 3);";

fn times() -> Database {
    let target = fresh_database();
    target.psql("create table e (id bigint primary key, at timestamptz, n bigint)");
    target
}

fn seconds(target: &Database, id: u64) -> String {
    target.psql(&format!("select extract(epoch from at)::bigint from e where id = {id}")).trim().to_owned()
}

#[test]
fn one_new_row_in_another_unit_makes_no_other_row_doubtful() {
    let (source, target) = (Source::from_sql(MILLIS), times());
    let copied = copy(&source.path(), &target, &[]);
    assert_eq!((copied.status, seconds(&target, 3).as_str()), (0, "5"));
    let warned = &copied.table("e")["warned"];
    assert_eq!(warned["time: from a number that shows no unit, taken in that of all others"], 1, "{warned}");
    source.connect().execute_batch("insert into e values (4, 1700000002, 4)").expect("the row is new");
    let (status, told) = verify_with(&source.path(), &target, &[]);
    let e = &told["tables"][0];
    assert_eq!((status, &e["source_rows"], &e["target_rows"], &e["rejected"]), (1, &4.into(), &3.into(), &0.into()));
    target.psql("insert into e values (4, to_timestamp(1700000002), 4)");
    let (status, told) = verify_with(&source.path(), &target, &[]);
    assert_eq!(status, 0, "{told}");
}

#[test]
fn a_unit_that_was_said_to_the_copy_need_not_be_said_again_to_verify() {
    let source = Source::from_sql(
        "create table e (id integer primary key, at integer, n integer); insert into e values (1, 5000, 1);",
    );
    let target = times();
    assert_eq!(copy(&source.path(), &target, &["--unit", "e.at=ms"]).status, 0);
    let (status, told) = verify_with(&source.path(), &target, &[]);
    assert_eq!(status, 0, "{told}");
    let notices = told["notices"].to_string();
    assert!(notices.contains("column e.at: its numbers are read as ms, as in run 1 (--unit 'e.at=ms')"), "{notices}");
    assert_eq!(verify_with(&source.path(), &target, &["--unit", "e.at=s"]).0, 1);
}

#[test]
fn a_retry_that_reads_otherwise_is_told_the_flag_to_say() {
    let source = Source::from_sql(
        "create table e (id integer primary key, at integer, n integer); insert into e values (1, 5000, 1), (2, 6000, 'x');",
    );
    let target = times();
    assert_eq!(copy(&source.path(), &target, &["--unit", "e.at=ms"]).status, 1);
    let path = source.path();
    let run = strait(&["rejects", "retry", path.to_str().expect("the path is UTF-8"), target.url(), "--quiet"]);
    assert_eq!(run.status, 2);
    assert!(run.stderr.contains("say --unit 'e.at=ms', as for the copy"), "{}", run.stderr);
}

#[test]
fn a_number_without_a_unit_is_set_aside_and_the_reason_names_its_column() {
    let source = Source::from_sql(
        "create table e (id integer primary key, at integer, n integer); insert into e values (1, 45000, 1);",
    );
    let target = times();
    let path = source.path();
    let run = strait(&["copy", path.to_str().expect("the path is UTF-8"), target.url()]);
    assert_eq!(run.status, 1, "{}", run.stderr);
    assert!(run.stdout.contains("say it with --unit 'e.at=UNIT'"), "{}", run.stdout);
    assert!(run.stdout.contains("column e.at, of its numbers: 1 shows no unit"), "{}", run.stdout);
}

#[test]
fn a_column_that_is_left_out_stands_in_every_report() {
    let source = Source::from_sql(
        "create table e (id integer primary key, n integer, extra text); insert into e values (1, 1, 'x');",
    );
    let target = fresh_database();
    target.psql("create table e (id bigint primary key, n bigint)");
    let flags = ["--extra-columns", "leave-out"];
    let copied = copy(&source.path(), &target, &flags);
    assert_eq!(copied.status, 0);
    let left_out = copied.report["left_out"].to_string();
    assert!(left_out.contains("e.extra") && left_out.contains("1 value left out"), "{left_out}");
    let path = source.path();
    let run =
        strait(&["verify", path.to_str().expect("the path is UTF-8"), target.url(), "--extra-columns", "leave-out"]);
    assert_eq!(run.status, 0);
    assert!(run.stdout.contains("column e.extra: 1 value left out"), "{}", run.stdout);
    assert!(run.stdout.contains("Equal in the columns that were compared: 1 table"), "{}", run.stdout);
    let (_, told) = verify_with(&source.path(), &target, &flags);
    assert!(told["left_out"].to_string().contains("1 value left out"), "{told}");
}

#[test]
fn a_unit_that_is_said_holds_for_numbers_of_the_size_of_a_coarser_one() {
    let source = Source::from_sql(
        "create table t (id integer primary key, birth integer);
         insert into t values (1, -315619200000), (2, 2592000000), (3, 631152000000), (4, 1700000000000000)",
    );
    let target = fresh_database();
    target.psql("create table t (id bigint primary key, birth timestamp)");
    let copied = copy(&source.path(), &target, &["--unit", "t.birth=ms"]);
    let warned = copied.whole().table("t")["warned"].to_string();
    assert!(
        warned.contains("of the size of a coarser unit") && warned.contains("in another unit than most"),
        "{warned}"
    );
    let births = target.psql("select birth::date from t order by id");
    assert_eq!(births, "1960-01-01\n1970-01-31\n1990-01-01\n2023-11-14");
}
