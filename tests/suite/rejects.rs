//! Rows that PostgreSQL itself refuses: they are set aside one by one, and all others arrive.

use std::fmt::Write as _;

use crate::support::{Copied, Database, Source, copy, fresh_database, strait, verify};

/// The rejects of a table, in the order of their row numbers: key, column and reason.
fn rejects(target: &Database, table: &str) -> Vec<String> {
    let sql = format!(
        "select concat_ws(' | ', row_key, column_name, reason) from strait.reject where table_name = '{table}' \
         order by length(row_key), row_key"
    );
    target.psql(&sql).lines().map(str::to_owned).collect()
}

/// Holds a table's account to so many rows copied and set aside, with equal digests and exit status 1.
fn some_rejected(copied: &Copied, table: &str, rows_copied: u64, rows_rejected: u64) {
    assert_eq!(copied.status, 1);
    assert_eq!(copied.report["complete"], false);
    let table = copied.table(table);
    assert_eq!((&table["copied"], &table["rejected"]), (&rows_copied.into(), &rows_rejected.into()), "{table:#}");
    assert_eq!(table["digest_equal"], true, "{table:#}");
}

#[test]
fn rows_that_break_a_constraint_are_named_by_it() {
    let source = Source::from_sql(
        "create table person (id integer primary key, name text, age integer, email text);
         insert into person values (1, 'Ann', 30, 'ann@x'), (2, null, 31, 'bob@x'), (3, 'Cid', -1, 'cid@x'),
           (4, 'Dot', 40, 'ann@x'), (5, 'Eve', 41, 'eve@x');",
    );
    let target = fresh_database();
    target.psql(
        "create table person (id bigint primary key, name text not null,
           age integer constraint grown check (age >= 0), email text constraint one_mail unique)",
    );
    let copied = copy(&source.path(), &target, &[]);
    some_rejected(&copied, "person", 2, 3);
    assert_eq!(
        rejects(&target, "person"),
        [
            "rowid 2 | refused by the server: column name (23502)",
            "rowid 3 | refused by the server: constraint grown (23514)",
            "rowid 4 | refused by the server: constraint one_mail (23505)",
        ]
    );
    assert_eq!(target.psql("select string_agg(name, ',' order by id) from person"), "Ann,Eve");
    // The row is kept whole, as SQL that gives it back.
    let stored = target.psql(
        "select stored ->> 'id', stored ->> 'name', stored ->> 'email' from strait.reject where row_key = 'rowid 2'",
    );
    assert_eq!(stored, "2|NULL|'bob@x'");
    let reasons = copied.table("person")["reasons"].as_array().expect("the reasons are a list").clone();
    assert_eq!(reasons.len(), 3);
    assert_eq!(reasons.iter().filter(|reason| reason["examples"] == serde_json::json!(["rowid 4"])).count(), 1);

    let (status, report) = verify(&source.path(), &target);
    assert_eq!((status, &report["tables"][0]["verdict"]), (1, &"different".into()));
}

#[test]
fn bad_rows_scattered_among_thousands_are_all_found_and_no_good_one_is_lost() {
    const ROWS: u64 = 6000;
    let source = Source::from_sql(&format!(
        "create table item (id integer primary key, code integer, note text);
         with recursive n (i) as (select 1 union all select i + 1 from n where i < {ROWS})
         insert into item select i, i, 'note ' || i from n;
         update item set code = -code where id in (1, 7, 8, 9, 2500, 4999, {ROWS});
         update item set code = 'no number' where id in (10, 3000);",
    ));
    let target = fresh_database();
    target.psql(
        "create table item (id bigint primary key, code integer constraint positive check (code > 0), note text)",
    );
    let copied = copy(&source.path(), &target, &[]);
    some_rejected(&copied, "item", ROWS - 9, 9);
    let by_reason = target.psql("select reason, string_agg(row_key, ', ' order by length(row_key), row_key) from strait.reject group by 1 order by 1");
    assert_eq!(
        by_reason,
        "refused by the server: constraint positive (23514)|rowid 1, rowid 7, rowid 8, rowid 9, rowid 2500, rowid 4999, \
         rowid 6000\ntext that is no plain integer|rowid 10, rowid 3000"
    );
    assert_eq!(
        target.psql("select count(*), sum(id) from item"),
        format!("{}|{}", ROWS - 9, ROWS * (ROWS + 1) / 2 - 1 - 7 - 8 - 9 - 2500 - 4999 - ROWS - 10 - 3000)
    );
}

#[test]
fn bad_rows_are_found_in_every_stream_of_a_large_table() {
    let source = Source::from_sql(
        "create table item (id integer primary key, code integer);
         with recursive n (i) as (select 1 union all select i + 1 from n where i < 40000)
         insert into item select i, iif(i % 8000 = 0, -1, i) from n;",
    );
    let target = fresh_database();
    target.psql("create table item (id bigint primary key, code integer constraint positive check (code > 0))");
    let copied = copy(&source.path(), &target, &["--jobs", "4"]);
    some_rejected(&copied, "item", 39995, 5);
    let keys = target.psql("select string_agg(row_key, ',' order by length(row_key), row_key) from strait.reject");
    assert_eq!(keys, "rowid 8000,rowid 16000,rowid 24000,rowid 32000,rowid 40000");
}

#[test]
fn streams_that_wait_for_each_other_do_not_end_the_copy() {
    // Codes 4990 to 5011 stand in both streams, in opposite orders. The trigger lets each stream write the first half
    // of them before either goes on: then each waits for the other, and the server breaks one of them off.
    let source = Source::from_sql(
        "create table item (id integer primary key, code integer);
         with recursive n (i) as (select 1 union all select i + 1 from n where i < 20000)
         insert into item select i, iif(i between 14990 and 15011, 20001 - i, i) from n;",
    );
    let target = fresh_database();
    target.psql(
        "do $$ begin execute format('alter database %I set deadlock_timeout = 100', current_database()); end $$;
         create table item (id bigint primary key, code integer constraint one_code unique);
         create function pause() returns trigger language plpgsql as $$ begin perform pg_sleep(0.2); return new; end $$;
         create trigger pause before insert on item for each row when (new.id in (1, 10001, 5000, 15000))
           execute function pause()",
    );
    let copied = copy(&source.path(), &target, &["--jobs", "2"]);
    some_rejected(&copied, "item", 19978, 22);
    assert_eq!(target.psql("select count(*), count(distinct code) from item"), "19978|19978");
}

#[test]
fn a_constraint_that_waits_for_the_end_is_asked_row_by_row() {
    let source = Source::from_sql(
        "create table item (id integer primary key, place integer);
         insert into item values (1, 10), (2, 20), (3, 10), (4, 40), (5, 20);",
    );
    let target = fresh_database();
    target.psql(
        "create table item (id bigint primary key,
           place integer constraint one_place unique deferrable initially deferred)",
    );
    let copied = copy(&source.path(), &target, &[]);
    some_rejected(&copied, "item", 3, 2);
    assert_eq!(
        rejects(&target, "item"),
        [
            "rowid 3 | refused by the server: constraint one_place (23505)",
            "rowid 5 | refused by the server: constraint one_place (23505)",
        ]
    );
    assert_eq!(target.psql("select string_agg(id::text, ',' order by id) from item"), "1,2,4");
}

/// A trigger that raises for one row, and speaks of every row's value otherwise.
const TALKING_TRIGGER: &str = "create function look() returns trigger language plpgsql as $$ begin
       raise notice 'looked at %', new.name; raise warning 'warned of %', new.name; raise info 'told of %', new.name;
       if new.id = 3 then raise exception 'no % here', new.name; end if; return new; end $$;
     create trigger look before insert on t for each row execute function look()";

#[test]
fn a_trigger_that_raises_for_one_row_costs_that_row_alone() {
    let source = Source::from_sql(
        "create table t (id integer primary key, name text);
         insert into t values (1, 'a'), (2, 'b'), (3, 'c'), (4, 'd');",
    );
    let target = fresh_database();
    target.psql(&format!("create table t (id bigint primary key, name text); {TALKING_TRIGGER}"));
    let copied = copy(&source.path(), &target, &[]);
    some_rejected(&copied, "t", 3, 1);
    assert_eq!(rejects(&target, "t"), ["rowid 3 | refused by the server: a condition of the server's own (P0001)"]);
    let notices = copied.report["notices"].to_string();
    assert!(notices.contains("triggers (look)"), "{notices}");
}

#[test]
fn no_value_of_a_row_is_ever_logged() {
    const SECRET: &str = "hunter2-s3cr3t";
    let source = Source::from_sql(&format!(
        "create table t (id integer primary key, name text, code integer, born date);
         insert into t values (1, '{SECRET} a', 1, '2000-01-01'), (2, '{SECRET} b', '{SECRET}', '2000-01-01'),
           (3, '{SECRET} c', 3, '2000-01-01'), (4, '{SECRET} d', 4, '{SECRET}'), (5, null, 5, '2000-01-01'),
           (6, '{SECRET} a', 6, '2000-01-01');
         create table k (name text primary key, v integer) without rowid;
         insert into k values ('{SECRET}', 1), ('{SECRET} 2', -1), ('{SECRET} 3', '{SECRET}');"
    ));
    let target = fresh_database();
    target.psql(&format!(
        "create table t (id bigint primary key, name text not null unique, code integer, born date); {TALKING_TRIGGER};
         create table k (name text primary key, v integer check (v > 0))"
    ));
    let path = source.path();
    let source_path = path.to_str().expect("the path is UTF-8");
    for form in ["text", "json"] {
        target.psql("truncate t, k");
        let run = strait(&["copy", source_path, target.url(), "-vv", "--log-format", form]);
        assert_eq!(run.status, 1, "{}", run.stderr);
        let told: Vec<&str> = run.stderr.lines().filter(|line| line.contains(SECRET)).collect();
        assert!(told.is_empty(), "{told:#?}");
        assert!(run.stderr.contains("statement"), "nothing was logged at all: {}", run.stderr);
    }
    let run = strait(&["verify", source_path, target.url(), "-vv"]);
    assert!(!run.stderr.contains(SECRET), "{}", run.stderr);
}

#[test]
fn a_table_of_bad_rows_only_is_set_aside_whole() {
    let mut rows = String::new();
    for id in 1..=500 {
        write!(rows, "insert into t values ({id}, 'v{id}');").expect("a String takes it");
    }
    let source = Source::from_sql(&format!("create table t (id integer primary key, v text); {rows}"));
    let target = fresh_database();
    target.psql("create table t (id bigint primary key, v text, constraint never check (id < 0))");
    let copied = copy(&source.path(), &target, &[]);
    some_rejected(&copied, "t", 0, 500);
    assert_eq!(
        target.psql("select count(*), count(distinct row_key), count(distinct stored ->> 'v') from strait.reject"),
        "500|500|500"
    );
    assert_eq!(target.psql("select count(*) from t"), "0");
}

#[test]
fn the_reject_of_a_table_without_row_numbers_is_known_by_its_primary_key() {
    let source = Source::from_sql(
        "create table t (name text, at integer, v, primary key (at, name)) without rowid;
         insert into t values ('it''s', 1, 5), ('b', 2, 'five'), ('c', 3, -5), ('d', 4, x'00');",
    );
    let target = fresh_database();
    target.psql(
        "create table t (name text, at bigint, v integer constraint positive check (v > 0), primary key (at, name))",
    );
    let copied = copy(&source.path(), &target, &[]);
    some_rejected(&copied, "t", 1, 3);
    assert_eq!(
        rejects(&target, "t"),
        [
            "(2, 'b') | v | text that is no plain integer",
            "(3, 'c') | refused by the server: constraint positive (23514)",
            "(4, 'd') | v | no cast rule for a BLOB",
        ]
    );
    let stored = target.psql("select string_agg(stored ->> 'v', ' ' order by row_key) from strait.reject");
    assert_eq!(stored, "'five' -5 x'00'");
}

#[test]
fn a_row_without_any_key_is_still_kept_as_it_was_stored() {
    // Columns with all three names of the row number hide it.
    let source = Source::from_sql(
        "create table t (rowid text, oid text, _rowid_ text, v);
         insert into t values ('a', 'b', 'c', 5), ('d', 'e', 'f', -5), ('g', 'h', 'i', 'six'), ('a', 'b', 'c', 5);",
    );
    let target = fresh_database();
    target.psql("create table t (rowid text, oid text, _rowid_ text, v integer constraint positive check (v > 0))");
    let copied = copy(&source.path(), &target, &[]);
    some_rejected(&copied, "t", 2, 2);
    let kept =
        target.psql("select row_key, stored ->> 'rowid', stored ->> 'v', reason from strait.reject order by reason");
    assert_eq!(
        kept,
        "without a key|'d'|-5|refused by the server: constraint positive (23514)\n\
         without a key|'g'|'six'|text that is no plain integer"
    );
}

#[test]
fn what_a_rule_did_to_a_row_that_is_refused_later_does_not_count() {
    let source = Source::from_sql(
        "create table t (id integer primary key, flag, at);
         insert into t values (1, 'f', '2024-01-01'), (2, 't', '2024-01-01'), (3, 'f', '2024-01-01'), (4, 'f', 'never');",
    );
    let target = fresh_database();
    target.psql("create table t (id bigint primary key, flag boolean constraint down check (not flag), at date)");
    let copied = copy(&source.path(), &target, &[]);
    some_rejected(&copied, "t", 2, 2);
    let expected = serde_json::json!({"boolean: from a word": 2, "date: from text": 2});
    assert_eq!(copied.table("t")["normalised"], expected);
}

#[test]
fn a_row_wider_than_a_page_of_the_server_is_set_aside() {
    // Numbers cannot be moved out of the row: 1,200 of 8 bytes are more than a page of 8,192 takes.
    let columns: Vec<String> = (0..1200).map(|at| format!("c{at} integer")).collect();
    let values = vec!["9000000000"; 1200].join(", ");
    let source = Source::from_sql(&format!(
        "create table wide (id integer primary key, {}); insert into wide (id) values (1), (3); insert into wide values (2, {values})",
        columns.join(", ")
    ));
    let target = fresh_database();
    let copied = copy(&source.path(), &target, &[]);
    some_rejected(&copied, "wide", 2, 1);
    assert_eq!(
        rejects(&target, "wide"),
        ["rowid 2 | refused by the server: a value beyond a limit of the server (54000)"]
    );
}
