//! Rejects that wait for each other are loaded in one retry, as far as nothing else keeps them out.

use serde_json::Value;

use crate::support::{Database, Source, copy, fresh_database, strait};

/// A source and what a copy made of it that sets orphans aside.
fn copied(sql: &str) -> (Source, Database) {
    let (source, target) = (Source::from_sql(sql), fresh_database());
    assert_eq!(copy(&source.path(), &target, &["--orphans", "reject"]).status, 1);
    (source, target)
}

/// Carries out SQL on both sides: what was missing.
fn mend(source: &Source, target: &Database, sql: &str) {
    source.connect().execute_batch(sql).expect("the row can be added");
    target.psql(sql);
}

fn retry(source: &Source, target: &Database) -> (i32, Value) {
    let path = source.path();
    let path = path.to_str().expect("the path is UTF-8");
    let run = strait(&["rejects", "retry", path, target.url(), "--format", "json", "--quiet"]);
    let report = serde_json::from_str(&run.stdout).unwrap_or_else(|error| panic!("{error}: {}", run.stderr));
    (run.status, report)
}

/// The table's rejects that were tried, loaded and kept.
fn counts(report: &Value, table: &str) -> [u64; 3] {
    let tables = report["tables"].as_array().expect("the report lists tables");
    let found = tables.iter().find(|one| one["name"] == table).unwrap_or_else(|| panic!("no {table} in {report:#}"));
    ["tried", "loaded", "kept"].map(|count| found[count].as_u64().expect("it is counted"))
}

#[test]
fn rows_that_refer_to_each_other_go_in_together_and_others_stay() {
    let (source, target) = copied(
        "create table g (id integer primary key);
         create table ca (id integer primary key, b integer references cb, gid integer references g);
         create table cb (id integer primary key, a integer references ca);
         create table se (id integer primary key, boss integer references se, gid integer references g);
         insert into g values (1);
         insert into ca values (1, 1, 1), (10, 10, 99), (11, 11, 98); insert into cb values (1, 1), (10, 10), (11, 11);
         insert into se values (1, 1, 1), (7, 8, 99), (8, 7, 1), (9, 8, 1), (20, 21, 98), (21, 20, 1);",
    );
    mend(&source, &target, "insert into g values (99)");
    let (status, report) = retry(&source, &target);
    assert_eq!(
        (status, counts(&report, "ca"), counts(&report, "cb"), counts(&report, "se")),
        (1, [2, 1, 1], [2, 1, 1], [5, 3, 2]),
        "{report:#}"
    );
    assert_eq!(target.psql("select count(*) from strait.reject"), "4");
    let loose = "select count(*) from pg_constraint where contype = 'f' and (condeferrable or not convalidated)";
    assert_eq!(target.psql(loose), "0", "the references are as they were");

    mend(&source, &target, "insert into g values (98)");
    let (status, report) = retry(&source, &target);
    assert_eq!((status, counts(&report, "ca"), counts(&report, "se")), (0, [1, 1, 0], [2, 2, 0]), "{report:#}");
    assert_eq!(
        target.psql("select string_agg(id || ':' || boss, ' ' order by id) from se"),
        "1:1 7:8 8:7 9:8 20:21 21:20"
    );
}

#[test]
fn a_circle_whose_rows_stand_far_apart_is_no_reason_to_split_it() {
    let (source, target) = copied(
        "create table g (id integer primary key);
         create table se (id integer primary key, boss integer references se, gid integer references g);
         insert into g values (1);
         insert into se values (1, 4, 99), (2, 5, 98), (4, 1, 1), (5, 2, 1), (6, 6, 1);",
    );
    mend(&source, &target, "insert into g values (99)");
    let (status, report) = retry(&source, &target);
    assert_eq!((status, counts(&report, "se")), (1, [4, 2, 2]), "{report:#}");
    let told = report["notices"].to_string();
    assert!(told.contains("are not in the target") && told.contains("mend them first"), "{told}");
}

#[test]
fn a_chain_through_two_tables_needs_one_retry() {
    let (source, target) = copied(
        "create table ca (id integer primary key, b integer references cb);
         create table cb (id integer primary key, a integer references ca);
         insert into ca values (3, 77), (2, 2), (1, null); insert into cb values (2, 3), (3, 2), (1, 1);",
    );
    mend(&source, &target, "insert into cb values (77, null)");
    let (status, report) = retry(&source, &target);
    assert_eq!((status, counts(&report, "ca"), counts(&report, "cb")), (0, [2, 2, 0], [2, 2, 0]), "{report:#}");
}

#[test]
fn a_long_chain_goes_in_from_its_end() {
    let (source, target) = copied(
        "create table se (id integer primary key, boss integer references se);
         with recursive n (i) as (select 1 union all select i + 1 from n where i < 650) insert into se select i, i + 1 from n;",
    );
    mend(&source, &target, "insert into se values (651, null)");
    let (status, report) = retry(&source, &target);
    assert_eq!((status, counts(&report, "se")), (0, [650, 650, 0]), "{report:#}");
}
