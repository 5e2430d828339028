//! The shapes that tables of a source have: with and without row numbers, strict, wide, huge, empty, and what is no table.

use crate::support::{Copied, Source, copy, fresh_database, stopped, strait, verify};

fn named(copied: &Copied, start: &str) -> bool {
    copied.objects("left_out").iter().any(|line| line.starts_with(start))
}

#[test]
fn empty_tables_are_created() {
    let source = Source::from_sql(
        "create table a (id integer primary key, v text); create table b (x, y, primary key (x, y)) without rowid;",
    );
    let target = fresh_database();
    let copied = copy(&source.path(), &target, &[]);
    assert_eq!(copied.whole().table("a")["read"], 0);
    assert_eq!(copied.table("b")["digest_equal"], true);
    assert_eq!(target.psql("select (select count(*) from a), (select count(*) from b)"), "0|0");
}

#[test]
fn tables_without_row_numbers_and_strict_tables_are_tables() {
    let source = Source::from_sql(
        "create table w (a text, b integer, v blob, primary key (b, a)) without rowid;
         insert into w values ('x', 2, x'00ff'), ('x', 1, null), ('', 2, x'');
         create table s (id integer primary key, n int, r real, t text, b blob, a any) strict;
         insert into s values (1, 2, 2.5, 'x', x'00', 7), (2, null, null, null, null, 'seven'), (3, 1, 1, '', x'', 1.5);
         create table n (id integer primary key, a any) strict; insert into n values (1, 7), (2, 8);",
    );
    let target = fresh_database();
    let copied = copy(&source.path(), &target, &[]);
    copied.whole();
    assert_eq!(
        target.psql("select string_agg(b || a || coalesce(v::text, '-'), ' ' order by b, a) from w"),
        "1x- 2\\x 2x\\x00ff"
    );
    assert_eq!(target.psql("select string_agg(a, ' ' order by id) from s"), "7 seven 1.5");
    assert_eq!(target.psql("select sum(a), pg_typeof(sum(a)) from n"), "15|numeric");
    let rules = serde_json::json!({"text: from a real's shortest decimal": 1, "text: from an integer": 1});
    assert_eq!(copied.table("s")["normalised"], rules);
    assert_eq!(verify(&source.path(), &target).0, 0);
}

#[test]
fn equal_rows_without_any_key_are_all_kept() {
    let source = Source::from_sql(
        "create table t (a text, b); insert into t values ('x', 1), ('x', 1), ('x', 1), ('y', 2), (null, null), (null, null);
         create table u (rowid text, oid text, _rowid_ text);
         insert into u values ('a', 'b', 'c'), ('a', 'b', 'c'), ('d', null, 'f');",
    );
    let target = fresh_database();
    copy(&source.path(), &target, &["--jobs", "4"]).whole();
    assert_eq!(target.psql("select count(*), count(distinct (a, b)) from t"), "6|3");
    assert_eq!(
        target.psql("select rowid, oid, _rowid_, count(*) from u group by 1, 2, 3 order by 1"),
        "a|b|c|2\nd||f|1"
    );
}

#[test]
fn what_is_no_table_is_named_and_nothing_of_it_is_copied() {
    let source = Source::from_sql(
        "create table t (id integer primary key, v text); insert into t values (1, 'words to find');
         create view seen as select random() as v from t;
         create table gone (x); create view broken as select x from gone; drop table gone;
         create trigger after_t after insert on t begin update t set v = v || '!' where id = new.id; end;
         create virtual table words using fts5 (v, content = 't', content_rowid = 'id');
         insert into words (words) values ('rebuild');",
    );
    let target = fresh_database();
    let copied = copy(&source.path(), &target, &[]);
    copied.whole();
    for start in [
        "view seen: ",
        "view broken: ",
        "trigger after_t: ",
        "virtual table words: ",
        "shadow table words_data: ",
        "shadow table words_idx: ",
    ] {
        assert!(named(&copied, start), "{start} is not named in {:#?}", copied.objects("left_out"));
    }
    assert_eq!(target.psql("select string_agg(tablename, ',') from pg_tables where schemaname = 'public'"), "t");
}

#[test]
fn a_view_goes_again_when_the_copy_fails_after_it() {
    let source = Source::from_sql(
        "create table t (id integer primary key, v text); insert into t values (1, 'x');
         create view first as select id from t; create view second as select v from t where id > 0;",
    );
    let target = fresh_database();
    target.psql(
        "create function refuse() returns event_trigger language plpgsql as $$ begin
           if exists (select from pg_event_trigger_ddl_commands() where object_identity like '%second') then
             raise exception 'no second view'; end if; end $$;
         create event trigger refuse on ddl_command_end when tag in ('CREATE VIEW') execute function refuse()",
    );
    let run = strait(&["copy", source.path().to_str().expect("the path is UTF-8"), target.url(), "--quiet"]);
    assert_eq!((run.status, run.stdout.as_str()), (2, ""), "{}", run.stderr);
    assert!(run.stderr.contains("was put back as it was"), "{}", run.stderr);
    assert_eq!(target.psql("select count(*) from pg_class where relnamespace = 'public'::regnamespace"), "0");
    target.psql("drop event trigger refuse");
    copy(&source.path(), &target, &[]).whole();
    assert_eq!(target.psql("select (select id from first), (select v from second)"), "1|x");
}

#[test]
fn a_utf_16_database_is_read_right() {
    for encoding in ["UTF-16le", "UTF-16be"] {
        let source = Source::from_sql(&format!(
            "pragma encoding = '{encoding}';
             create table \"Étage\" (\"größe\" text primary key, v json) without rowid;
             insert into \"Étage\" values ('Łódź 👩 日本', '{{\"é\":\"👩\"}}'), ('', '1');"
        ));
        let target = fresh_database();
        copy(&source.path(), &target, &[]).whole();
        assert_eq!(
            target.psql("select \"größe\", v from \"Étage\" order by 1 desc limit 1"),
            "Łódź 👩 日本|{\"é\":\"👩\"}"
        );
        assert_eq!(verify(&source.path(), &target).0, 0);
    }
}

fn wide(columns: usize) -> Source {
    let list: Vec<String> = (1..=columns).map(|at| format!("c{at} text")).collect();
    let values = vec!["'v'"; columns].join(",");
    Source::from_sql(&format!("create table wide ({}); insert into wide values ({values});", list.join(",")))
}

#[test]
fn a_table_may_have_as_many_columns_as_postgresql_holds() {
    let (source, target) = (wide(1600), fresh_database());
    copy(&source.path(), &target, &[]).whole();
    assert_eq!(target.psql("select c1 || c800 || c1600 from wide"), "vvv");
}

#[test]
fn a_table_with_one_column_more_stops_the_plan() {
    let (source, target) = (wide(1601), fresh_database());
    let said = stopped(&source.path(), &target, &[]);
    assert!(said.contains("table wide has 1601 columns and PostgreSQL allows 1600"), "{said}");
    assert_eq!(target.psql("select count(*) from pg_tables where schemaname = 'public'"), "0");
}

#[test]
fn a_value_wider_than_a_chunk_arrives_whole() {
    const BYTES: usize = 40 << 20;
    let source = Source::from_sql(
        "create table t (id integer primary key, v text, b blob); insert into t values (1, 'before', x'01');",
    );
    source
        .connect()
        .execute_batch(&format!(
            "insert into t values (2, replace(hex(zeroblob({} / 4)), '0000', 'é'), randomblob(1000)), (3, 'after', zeroblob({BYTES}))",
            BYTES / 2
        ))
        .expect("the rows can be added");
    let characters: i64 = source
        .connect()
        .query_row("select length(v) from t where id = 2", [], |row| row.get(0))
        .expect("the row is there");
    let target = fresh_database();
    copy(&source.path(), &target, &[]).whole();
    let found = target.psql("select length(v), v = repeat('é', length(v)) from t where id = 2");
    assert_eq!(found, format!("{characters}|t"));
    assert_eq!(target.psql("select length(b), v from t where id = 3"), format!("{BYTES}|after"));
}

#[test]
fn chunks_and_streams_leave_no_row_out_and_none_twice() {
    // About 48 MB: a chunk ends after 32 MB, and four workers cut the rows into streams; row numbers have a gap.
    let source = Source::from_sql(
        "create table t (id integer primary key, v text);
         with recursive n (i) as (select 1 union all select i + 1 from n where i < 24000)
         insert into t select iif(i < 12000, i, i + 5000000), printf('%.2000c', 'x') || i from n;
         create table w (k text primary key, v text) without rowid;
         with recursive n (i) as (select 1 union all select i + 1 from n where i < 17000)
         insert into w select 'key ' || i, printf('%.2000c', 'y') || i from n;",
    );
    for jobs in ["1", "4"] {
        let target = fresh_database();
        let copied = copy(&source.path(), &target, &["--jobs", jobs]);
        copied.whole();
        let sums = target.psql("select count(*), sum(id), sum(right(v, -2000)::bigint) from t");
        assert_eq!(sums, format!("24000|{}|{}", 24000_u64 * 24001 / 2 + 12001 * 5_000_000, 24000_u64 * 24001 / 2));
        assert_eq!(
            target.psql("select count(*), sum(right(v, -2000)::bigint) from w"),
            format!("17000|{}", 17000 * 17001 / 2)
        );
    }
}

#[test]
fn an_order_that_only_the_application_knows_is_stood_in_for() {
    let source = Source::from_sql("");
    let connection = source.connect();
    let backwards = |one: &str, other: &str| other.to_lowercase().cmp(&one.to_lowercase());
    connection.create_collation("unicase", backwards).expect("the collation is made");
    connection
        .execute_batch(
            "create table tags (tag text primary key collate unicase, n integer) without rowid;
             create table decks (id integer primary key, name text collate unicase check (name <> 'no'));
             create unique index deck_names on decks (name);
             insert into tags values ('a', 1), ('B', 2), ('c', 3);
             insert into decks values (1, 'One'), (2, 'two');",
        )
        .expect("the tables are made");
    let target = fresh_database();
    let copied = copy(&source.path(), &target, &[]);
    assert_eq!(copied.status, 0, "{:#}", copied.report);
    assert_eq!(target.psql("select string_agg(tag, ',' order by n) from tags"), "a,B,c");
    assert_eq!(target.psql("select count(*) from decks"), "2");
    let left_out = copied.report["left_out"].to_string();
    assert!(left_out.contains("deck_names") && left_out.contains("unicase"), "{left_out}");
    assert_eq!(verify(&source.path(), &target).0, 0);
}
