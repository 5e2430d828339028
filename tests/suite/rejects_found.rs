//! Rows that were set aside are found again in the source: those, and no others.

use serde_json::Value;

use crate::support::{Database, Source, copy, fresh_database, strait};

const STRIP: &[&str] = &["--allow", "*.*:nul=strip"];

/// What a retry says: its exit status, and of its only table what was loaded, not recognised, gone and kept.
fn retry(source: &Source, target: &Database, flags: &[&str]) -> (i32, [u64; 4]) {
    let path = source.path();
    let mut arguments = vec![
        "rejects",
        "retry",
        path.to_str().expect("the path is UTF-8"),
        target.url(),
        "--quiet",
        "--format",
        "json",
    ];
    arguments.extend(flags);
    let run = strait(&arguments);
    let report: Value = serde_json::from_str(&run.stdout)
        .unwrap_or_else(|error| panic!("no JSON ({error}): {}{}", run.stdout, run.stderr));
    let told = ["loaded", "not_recognised", "gone", "kept"];
    (run.status, told.map(|name| report["tables"][0][name].as_u64().expect("a count is a number")))
}

/// What a retry says to a person.
fn told(source: &Source, target: &Database, flags: &[&str]) -> String {
    let path = source.path();
    let mut arguments = vec!["rejects", "retry", path.to_str().expect("the path is UTF-8"), target.url(), "--quiet"];
    arguments.extend(flags);
    strait(&arguments).stdout
}

fn change(source: &Source, sql: &str) {
    source.connect().execute_batch(sql).expect("the source can be changed");
}

fn notes(target: &Database) -> String {
    target.psql("select stored::text from strait.reject order by stored::text")
}

/// A table without a key, and what a copy set aside of it: two rows.
fn keyless(create: &str) -> (Source, Database) {
    let source = Source::from_sql(
        "create table k (a int, b text);
         insert into k values (0, 'del'), (7, 'x' || char(0)), (7, 'fine'), (8, 'y' || char(0)), (8, 'q');
         delete from k where a = 0",
    );
    let target = fresh_database();
    if !create.is_empty() {
        target.psql(create);
    }
    assert_eq!(copy(&source.path(), &target, &[]).table("k")["rejected"], 2);
    (source, target)
}

#[test]
fn a_compacted_file_gives_the_rows_back_that_were_set_aside_and_not_their_neighbours() {
    let (source, target) = keyless("");
    change(&source, "vacuum");
    assert_eq!(retry(&source, &target, STRIP), (0, [2, 0, 0, 0]));
    assert_eq!(target.psql("select a, b from k order by a, b"), "7|fine\n7|x\n8|q\n8|y");
    assert_eq!(notes(&target), "");
}

#[test]
fn a_neighbour_of_a_row_that_is_gone_is_not_taken_for_it_mended() {
    let (source, target) = keyless("");
    // Number 1 is (7, 'fine') now, and 2 is (8, 'y'); the row that was 2 is nowhere.
    change(&source, "delete from k where b like 'x%'; vacuum");
    let before = notes(&target);
    assert_eq!(retry(&source, &target, &[]), (1, [0, 1, 0, 1]));
    assert_eq!(notes(&target), before);
    assert_eq!(retry(&source, &target, STRIP), (1, [1, 1, 0, 0]));
    assert_eq!(target.psql("select a, b from k order by a, b"), "7|fine\n8|q\n8|y");

    // What cannot be found can be forgotten, and that is told.
    let said = told(&source, &target, STRIP);
    assert!(said.contains("--forget-unrecognised forgets these"), "{said}");
    let said = told(&source, &target, &["--forget-unrecognised"]);
    assert!(said.contains("1 without a key of their own were not recognised, and are forgotten"), "{said}");
    assert_eq!(notes(&target), "");
}

#[test]
fn a_neighbour_that_was_changed_itself_is_no_row_that_was_set_aside() {
    let (source, target) = keyless("");
    change(&source, "delete from k where b like 'x%'; update k set b = 'finer' where b = 'fine'; vacuum; vacuum");
    // SQLite may number the neighbour as the row that is gone.
    change(&source, "update k set rowid = 20 where rowid = 2; update k set rowid = 2 where b = 'finer'");
    assert_eq!(retry(&source, &target, STRIP), (1, [1, 1, 0, 0]));
    assert_eq!(target.psql("select a, b from k order by a, b"), "7|fine\n8|q\n8|y");
}

#[test]
fn a_row_without_a_key_that_was_mended_in_its_place_arrives() {
    let (source, target) = keyless("");
    change(&source, "update k set b = 'x' where b like 'x%'");
    assert_eq!(retry(&source, &target, &[]), (1, [1, 0, 0, 1]));
    assert_eq!(target.psql("select a, b from k order by a, b"), "7|fine\n7|x\n8|q");
}

#[test]
fn a_mended_row_that_is_refused_again_leaves_its_note_as_it_was() {
    let (source, target) = keyless("create table k (a int, b text check (b <> 'x'))");
    change(&source, "update k set b = 'x' where b like 'x%'");
    let before = notes(&target);
    assert_eq!(retry(&source, &target, &[]), (1, [0, 0, 0, 2]));
    assert_eq!(notes(&target), before);
}

#[test]
fn a_row_that_the_target_holds_is_not_loaded_once_more() {
    let source = Source::from_sql("create table k (a int, b text); insert into k values (1, 'p'), (1, 'p'), (2, 'q')");
    let target = fresh_database();
    target.psql("create table k (a int unique, b text)");
    assert_eq!(copy(&source.path(), &target, &[]).table("k")["rejected"], 1);
    target.psql("alter table k drop constraint k_a_key");
    change(&source, "delete from k where rowid = 2");
    assert_eq!(retry(&source, &target, &[]), (1, [0, 1, 0, 0]));
    assert_eq!(target.psql("select a, b from k order by a"), "1|p\n2|q");
    // With both in the source again, the target lacks one.
    change(&source, "insert into k values (1, 'p')");
    assert_eq!(retry(&source, &target, &[]), (0, [1, 0, 0, 0]));
}

/// A table with a key of texts beside its row numbers, and what a copy set aside of it: `bad` and `bad2`.
fn keyed(create: &str) -> (Source, Database) {
    let source = Source::from_sql(
        "create table t (k text primary key, v text);
         insert into t values ('a', '1'), ('bad', 'x' || char(0)), ('c', '3'), ('bad2', 'y' || char(0)), ('e', '5');
         delete from t where k = 'a'",
    );
    let target = fresh_database();
    target.psql(create);
    assert_eq!(copy(&source.path(), &target, &[]).table("t")["rejected"], 2);
    (source, target)
}

const REBUILD: &str = "create table n (k text primary key, v text); insert into n select * from t order by v desc;
                       drop table t; alter table n rename to t";

#[test]
fn the_values_of_a_declared_key_lead_to_a_row_whatever_its_number() {
    for create in ["create table t (k text, v text)", "create table t (k text primary key, v text)"] {
        let (source, target) = keyed(create);
        change(&source, REBUILD);
        let before = notes(&target);
        assert_eq!(retry(&source, &target, &[]), (1, [0, 0, 0, 2]));
        assert_eq!(notes(&target), before, "{create}");
        change(&source, "update t set v = 'mended' where k = 'bad'");
        assert_eq!(retry(&source, &target, STRIP), (0, [2, 0, 0, 0]), "{create}");
        assert_eq!(target.psql("select k, v from t order by k"), "bad|mended\nbad2|y\nc|3\ne|5");
    }
}

#[test]
fn a_key_that_was_changed_is_told_as_one_that_may_have_been() {
    let (source, target) = keyed("create table t (k text primary key, v text)");
    change(&source, "update t set k = 'good' where k = 'bad'");
    assert_eq!(retry(&source, &target, &[]), (1, [0, 0, 1, 1]));
    let said = told(&source, &target, &[]);
    assert!(said.contains("not in the source under their keys any more: deleted, or their keys changed"), "{said}");
    let said = told(&source, &target, &["--forget-gone"]);
    assert!(said.contains("1 were not in the source under their keys any more, and are forgotten"), "{said}");
}

#[test]
fn a_key_that_did_not_fit_may_be_mended_itself() {
    let source = Source::from_sql(
        "create table t (k text primary key, v text); insert into t values ('a', '1'), ('b' || char(0), '2')",
    );
    let target = fresh_database();
    assert_eq!(copy(&source.path(), &target, &[]).table("t")["rejected"], 1);
    change(&source, "update t set k = 'b' where v = '2'");
    assert_eq!(retry(&source, &target, &[]), (0, [1, 0, 0, 0]));
    assert_eq!(target.psql("select k, v from t order by k"), "a|1\nb|2");
}

#[test]
fn a_row_number_is_no_key_that_the_table_was_given_later() {
    let (source, target) = keyless("");
    change(
        &source,
        "create table n (id integer primary key, a int, b text); insert into n (a, b) select a, b from k order by a desc, \
         b; drop table k; alter table n rename to k",
    );
    assert_eq!(retry(&source, &target, STRIP).1, [2, 0, 0, 0]);
    assert_eq!(target.psql("select a, b from k order by a, b"), "7|fine\n7|x\n8|q\n8|y");
}

#[test]
fn of_many_alike_rows_each_is_found_once() {
    let source = Source::from_sql(
        "create table t (rowid text, oid text, _rowid_ text);
         with recursive n (i) as (select 1 union all select i + 1 from n where i < 450)
         insert into t select 'a', 'b' || char(0), iif(i = 450, null, 'c') from n",
    );
    let target = fresh_database();
    assert_eq!(copy(&source.path(), &target, &[]).table("t")["rejected"], 450);
    change(&source, "create table n as select * from t limit 10; delete from t; insert into t select * from n");
    assert_eq!(retry(&source, &target, STRIP), (1, [10, 440, 0, 0]));
    assert_eq!(target.psql("select count(*), (select count(*) from strait.reject) from t"), "10|440");
}

#[test]
fn a_type_for_what_numbers_the_rows_is_refused_for_what_it_is() {
    let source = Source::from_sql("create table a (id integer primary key); insert into a values (1)");
    let (target, path) = (fresh_database(), source.path());
    let path = path.to_str().expect("the path is UTF-8");
    let run = strait(&["copy", path, target.url(), "--column", "a.id=text"]);
    assert_eq!(run.status, 2, "{}", run.stdout);
    assert!(
        run.stderr.contains("column a.id is created as bigint, which does not keep text: it numbers"),
        "{}",
        run.stderr
    );
    assert!(!run.stderr.contains("change the target"), "{}", run.stderr);
}

#[test]
fn a_row_too_large_to_be_kept_whole_is_found_all_the_same_and_its_export_says_so() {
    let source = Source::from_sql(
        "create table k (v text, w int);
         insert into k values (printf('%.*c', 9000000, 'x'), 0), (printf('%.*c', 9000000, 'x'), 1), ('small', 0)",
    );
    let target = fresh_database();
    target.psql("create table k (v text, w int constraint positive check (w > 0))");
    assert_eq!(copy(&source.path(), &target, &[]).table("k")["rejected"], 2);
    let exported = strait(&["rejects", "export", target.url()]);
    assert_eq!(exported.status, 1, "{}", exported.stderr);
    assert!(exported.stderr.contains("1 row could not be given whole"), "{}", exported.stderr);
    assert!(exported.stdout.contains("-- LEFT OUT: v was too long"), "{}", exported.stdout);
    assert_eq!(exported.stdout.matches("insert into").count(), 1, "{}", exported.stdout);

    change(&source, "update k set v = v || 'y' where w = 1");
    target.psql("alter table k drop constraint positive");
    // Row 2 is another one than the target has, but no reject's: what is loaded is what was set aside.
    assert_eq!(retry(&source, &target, &[]), (1, [2, 0, 0, 0]));
    assert_eq!(target.psql("select length(v), w from k order by 2, 1"), "5|0\n9000000|0\n9000000|1");
}
