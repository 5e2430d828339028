//! What stands beside the columns of an inferred table: keys, indexes, checks, defaults, generated columns.

use crate::support::{Database, Source, copy, fresh_database};

/// The indexes of the public schema, a line for each, without their names and schema.
fn indexes(target: &Database) -> Vec<String> {
    let sql = "select replace(replace(indexdef, ' ' || indexname || ' ON public.', ' ON '), ' USING btree', '') \
               from pg_indexes where schemaname = 'public' order by indexname";
    target.psql(sql).lines().map(|line| line.replace("CREATE ", "")).collect()
}

/// Tells whether a table of the target takes a row.
fn takes(target: &Database, insert: &str) -> bool {
    let sql = format!("do $$ begin {insert}; raise notice 'taken'; exception when unique_violation or check_violation then
         create table refused_once (); end $$; select to_regclass('refused_once') is null; drop table if exists refused_once");
    target.psql(&sql) == "t"
}

fn one(lines: &[String], start: &str, holds: &str) {
    let found = lines.iter().filter(|line| line.starts_with(start) && line.contains(holds)).count();
    assert_eq!(found, 1, "one line that starts with `{start}` and holds `{holds}` in {lines:#?}");
}

#[test]
fn indexes_are_built_as_they_were() {
    let source = Source::from_sql(
        "create table t (id integer primary key, a text, b integer, c text, unique (a, b));
         create index i1 on t (a, b desc);
         create index i2 on t (b) where a is not null and b > 3;
         create unique index i3 on t (b) where c is null;
         create index i4 on t (lower(c));
         insert into t values (1, 'x', 1, 'z'), (2, 'X', 5, 'z'), (3, 'y', 5, 'z');",
    );
    let target = fresh_database();
    copy(&source.path(), &target, &[]).whole();
    assert_eq!(
        indexes(&target),
        [
            "INDEX ON t (a, b DESC)",
            "INDEX ON t (b) WHERE ((a IS NOT NULL) AND (b > 3))",
            "UNIQUE INDEX ON t (b) WHERE (c IS NULL)",
            "INDEX ON t (lower((c COLLATE \"C\")))",
            "UNIQUE INDEX ON t (a, b)",
            "UNIQUE INDEX ON t (id)",
        ]
    );
}

#[test]
fn uniqueness_without_case_is_of_ascii_letters_alone() {
    let source = Source::from_sql(
        "create table t (id integer primary key, name text collate nocase unique, code text);
         create unique index by_code on t (code collate nocase);
         insert into t values (1, 'É', 'Ä'), (2, 'é', 'ä'), (3, 'A', 'B');",
    );
    let target = fresh_database();
    copy(&source.path(), &target, &[]).whole();
    assert!(!takes(&target, "insert into t (id, name) values (10, 'a')"));
    assert!(!takes(&target, "insert into t (id, code) values (10, 'b')"));
    assert!(takes(&target, "insert into t (id, name, code) values (10, 'ê', 'Ê')"));
    assert!(takes(&target, "insert into t (id, name, code) values (11, 'Ê', 'ê')"));
}

#[test]
fn a_primary_key_without_case_stays_one() {
    for table in ["", "without rowid"] {
        let source = Source::from_sql(&format!(
            "create table t (name text collate nocase primary key not null) {table}; insert into t values ('A'), ('É'), ('é');"
        ));
        let target = fresh_database();
        copy(&source.path(), &target, &[]).whole();
        assert!(!takes(&target, "insert into t values ('a')"), "{table}");
        assert!(takes(&target, "insert into t values ('b')"), "{table}");
    }
}

#[test]
fn an_index_that_cannot_be_translated_is_named_and_never_widened() {
    let source = Source::from_sql(
        "create table t (id integer primary key, a text, b integer, j json);
         create unique index part on t (b) where a glob 'x*';
         create index expr on t (json_extract(j, '$.a'));
         create index whole on t (j);
         create index trimmed on t (a collate rtrim);
         insert into t values (1, 'x1', 1, '{\"a\":1}'), (2, 'y', 1, '{}');",
    );
    let target = fresh_database();
    let copied = copy(&source.path(), &target, &[]);
    let left_out = copied.whole().objects("left_out");
    one(&left_out, "index t.part: ", "uniqueness is not kept");
    one(&left_out, "index t.expr: ", "compare otherwise as json");
    one(&left_out, "index t.whole: ", "json");
    one(&left_out, "index t.trimmed: ", "rtrim");
    assert_eq!(indexes(&target), ["UNIQUE INDEX ON t (id)"]);
}

#[test]
fn a_primary_key_that_holds_null_becomes_a_unique_constraint_and_is_told() {
    let source = Source::from_sql(
        "create table t (a text primary key, b integer); insert into t values ('x', 1), (null, 2), (null, 3);
         create table s (a text, b text, primary key (b, a)); insert into s values ('x', 'y');",
    );
    let target = fresh_database();
    let copied = copy(&source.path(), &target, &[]);
    one(&copied.whole().objects("left_out"), "primary key t: ", "NULL");
    assert_eq!(target.psql("select count(*) from t"), "3");
    let constraints = "select conrelid::regclass || ' ' || pg_get_constraintdef(oid) from pg_constraint
                       where connamespace = 'public'::regnamespace order by 1";
    assert_eq!(target.psql(constraints), "s PRIMARY KEY (b, a)\nt UNIQUE (a)");
}

#[test]
fn a_check_is_translated_or_named() {
    let source = Source::from_sql(
        "create table t (id integer primary key, n integer constraint small check (n between 0 and 9), s text check (s in ('a', 'b')),
           j text check (json_valid(j)), k text collate nocase constraint same check (k = 'x'), check (n > 1 or s is not null));
         insert into t values (1, 5, 'a', '{}', 'X');",
    );
    let target = fresh_database();
    let copied = copy(&source.path(), &target, &[]);
    let left_out = copied.whole().objects("left_out");
    one(&left_out, "check t: json_valid", "json_valid");
    // The column's collation makes 'X' equal to 'x' in the source; a comparison by bytes would be another condition.
    one(&left_out, "check t: same", "");
    assert!(!takes(&target, "insert into t (id, n, s) values (2, 10, 'a')"));
    assert!(!takes(&target, "insert into t (id, n, s) values (2, 5, 'c')"));
    assert!(!takes(&target, "insert into t (id, n) values (2, 1)"));
    assert!(takes(&target, "insert into t (id, n) values (2, 2)"));
}

#[test]
fn a_default_gives_what_it_gives_in_sqlite_or_is_dropped_and_named() {
    let source = Source::from_sql(
        "create table t (id integer primary key, a integer default 5, b text default 'it''s', c text default 7, d real default 1.5,
           e boolean default 1, f text default '', g integer default (-3), h text default true, i text default 1e3,
           j integer default (1 + 1), k text default (lower('X')), l blob default x'00', m text default \"quoted\",
           n text default null, o integer default 'five', p text default 'back\\slash', q date default '2024-01-01');",
    );
    let target = fresh_database();
    let copied = copy(&source.path(), &target, &[]);
    let left_out = copied.whole().objects("left_out");
    let dropped = |column: &str| left_out.iter().any(|line| line.starts_with(&format!("default t.{column}: ")));
    target.psql("insert into t default values");
    source.connect().execute_batch("insert into t default values").expect("a row can be added");
    for column in ["a", "b", "c", "d", "e", "f", "g", "h", "i", "j", "k", "l", "m", "n", "o", "p", "q"] {
        let found = target.psql(&format!("select coalesce('=' || {column}::text, 'NULL') from t"));
        let sql = format!("select coalesce('=' || {column}, 'NULL') from t");
        let expected: String = source.connect().query_row(&sql, [], |row| row.get(0)).expect("the row is there");
        // PostgreSQL shows a truth value as a word, and bytes as hex.
        let shown_otherwise = [("e", "=true"), ("l", "=\\x00")].contains(&(column, &*found));
        let same = found == expected || shown_otherwise;
        assert!(same || dropped(column) && found == "NULL", "{column}: {expected} in SQLite, {found} in PostgreSQL");
    }
    for column in ["j", "k", "o"] {
        assert!(dropped(column), "{column} is not named in {left_out:#?}");
    }
    for column in ["a", "b", "c", "d", "e", "f", "g", "l", "m", "p"] {
        assert!(!dropped(column), "{column} is dropped: {left_out:#?}");
    }
}

#[test]
fn a_numbered_column_has_no_default_beside_its_numbers() {
    let source =
        Source::from_sql("create table t (id integer primary key default 0, a text); insert into t (a) values ('x');");
    let target = fresh_database();
    assert!(copy(&source.path(), &target, &[]).whole().objects("left_out").is_empty());
    assert_eq!(target.psql("insert into t (a) values ('y') returning id").lines().next(), Some("2"));
}

#[test]
fn the_present_moment_is_a_default_in_the_form_of_its_column() {
    let source = Source::from_sql(
        "create table t (id integer primary key, a datetime default current_timestamp, b text default current_timestamp,
           c integer default (strftime('%s', 'now')), d date default current_date, e text default (datetime('now')));
         insert into t (id) values (1);",
    );
    let target = fresh_database();
    assert!(copy(&source.path(), &target, &[]).whole().objects("left_out").is_empty());
    target.psql("set timezone = 'Asia/Tokyo'; insert into t (id) values (2)");
    let near = target.psql(
        "with n as (select now() at time zone 'utc' as utc)
         select abs(extract(epoch from a - utc)) < 60, abs(extract(epoch from b::timestamp - utc)) < 60, b ~ '^....-..-.. ..:..:..$',
           abs(c - extract(epoch from now())) < 60, abs(d - utc::date) < 2, abs(extract(epoch from e::timestamp - utc)) < 60
         from t, n where id = 2",
    );
    assert_eq!(near, "t|t|t|t|t|t");
}

#[test]
fn generated_columns_are_computed_on_or_copied_as_values_and_named() {
    let source = Source::from_sql(
        "create table t (id integer primary key, n integer, twice integer generated always as (n * 2) virtual,
           label text as ('no ' || n) stored not null, half integer as (n / 2));
         insert into t (id, n) values (1, 4);",
    );
    let target = fresh_database();
    let copied = copy(&source.path(), &target, &[]);
    let left_out = copied.whole().objects("left_out");
    assert_eq!(left_out.len(), 1, "{left_out:#?}");
    one(&left_out, "generated column t.half: ", "values are copied");
    assert_eq!(target.psql("select n, twice, label, half from t"), "4|8|no 4|2");
    target.psql("insert into t (n) values (5)");
    assert_eq!(target.psql("select id, twice, label, half is null from t where n = 5"), "2|10|no 5|t");
}

#[test]
fn an_infinite_number_arrives_whatever_its_column_is_called() {
    let source = Source::from_sql(
        "create table t (id integer primary key, n numeric, d decimal(10, 2), j json, r real);
         insert into t values (1, 9e999, 9007199254740993, -9e999, 9e999), (2, 1.5, -9e999, '{}', 1);",
    );
    let target = fresh_database();
    copy(&source.path(), &target, &[]).whole();
    let found = target.psql("select n, d, j, r from t order by id");
    assert_eq!(found, "Infinity|9007199254740993|-Infinity|Infinity\n1.5|-Infinity|{}|1");
}

#[test]
fn a_default_that_postgresql_reads_otherwise_is_written_for_it() {
    let source = Source::from_sql(
        "create table t (id integer primary key, r real default 9e999, n real default -9e999, s real default 1e-400,
           a timestamp default '2020-01-01T00:00:00+02:00', b datetime default '2020-01-01 12:30:00');
         insert into t (id) values (1);",
    );
    let target = fresh_database();
    assert!(copy(&source.path(), &target, &[]).whole().objects("left_out").is_empty());
    target.psql("insert into t (id) values (2)");
    let found = target.psql("select r, n, s, a, b from t order by id");
    let (value, default) = found.split_once('\n').expect("two rows");
    assert_eq!(default, "Infinity|-Infinity|0|2019-12-31 22:00:00+00|2020-01-01 12:30:00");
    assert_eq!(value, default);
}

#[test]
fn a_column_that_becomes_another_type_than_declared_is_told() {
    let source = Source::from_sql(
        "create table t (id integer primary key, b boolean, d datetime, t text, n integer, plain text);
         insert into t values (1, 2, 1700000000, 'x', 5, 'y'), (2, 1, 1700000001, x'00', 6, 'z');",
    );
    let target = fresh_database();
    let copied = copy(&source.path(), &target, &[]);
    let notices = [
        "column t.b is declared boolean and holds 2 integers: it becomes bigint",
        "column t.d is declared datetime and holds 2 integers: it becomes bigint; as seconds since 1970 they would be of 2023",
        "column t.t is declared TEXT and holds 1 text, 1 blob: it becomes bytea, so that nothing is lost",
    ];
    assert_eq!(copied.whole().report["notices"], serde_json::json!(notices));
}

#[test]
fn a_foreign_key_that_refers_to_nothing_is_named_and_the_others_are_built() {
    let source = Source::from_sql(
        "create table nopk (x integer); create table pair (x integer, y integer, primary key (x, y));
         create table whole (id integer primary key);
         create table t (a integer references nopk, b integer references missing (id), c integer references pair,
           d integer references whole, e integer references gone);
         insert into whole values (1); insert into t values (1, 2, 3, 1, null);",
    );
    let target = fresh_database();
    let copied = copy(&source.path(), &target, &[]);
    let left_out = copied.whole().objects("left_out");
    one(&left_out, "foreign key t.a: ", "the parent nopk has no primary key, so the reference names no column");
    one(&left_out, "foreign key t.b: ", "the source has no table missing");
    one(&left_out, "foreign key t.c: ", "the primary key of the parent pair has another number of columns");
    one(&left_out, "foreign key t.e: ", "the source has no table gone");
    let built = target.psql(
        "select string_agg(pg_get_constraintdef(oid), '; ') from pg_constraint
         where contype = 'f' and connamespace = 'public'::regnamespace",
    );
    assert_eq!(built, "FOREIGN KEY (d) REFERENCES whole(id)");
}

#[test]
fn a_condition_of_almost_a_thousand_alternatives_is_carried_over() {
    let alternatives: Vec<String> = (0..990).map(|number| format!("n = {number}")).collect();
    let sql =
        format!("create table t (n integer check ({})); insert into t values (1), (989);", alternatives.join(" or "));
    let (source, target) = (Source::from_sql(&sql), fresh_database());
    copy(&source.path(), &target, &[]).whole();
    assert_eq!(target.psql("select count(*) from pg_constraint where conrelid = 't'::regclass and contype = 'c'"), "1");
}

#[test]
fn a_computed_column_that_the_server_refuses_arrives_as_values() {
    let source = Source::from_sql(
        "create table t (id integer primary key, a text, g text as (ltrim(a)) stored, h text as (rtrim(a)));
         insert into t (a) values ('  x '), (null)",
    );
    let target = fresh_database();
    target.psql("alter function pg_catalog.ltrim(text) rename to ltrim_as_it_was");
    let copied = copy(&source.path(), &target, &[]);
    let left_out = copied.whole().objects("left_out");
    one(&left_out, "generated column t.g: ", "its values are copied; PostgreSQL does not compute them: ");
    one(&left_out, "generated column t.g: ", "ltrim");
    let computed =
        "select string_agg(attname, ',') from pg_attribute where attrelid = 't'::regclass and attgenerated <> ''";
    assert_eq!(target.psql(computed), "h");
    assert_eq!(target.psql("select id, a, g, h from t order by id"), "1|  x |x |  x\n2|||");
    let comment = "select col_description('t'::regclass, attnum) from pg_attribute where attrelid = 't'::regclass and attname = 'g'";
    assert_eq!(target.psql(comment), "in the source: generated always as (ltrim(a))");
}

#[test]
fn a_default_follows_the_unit_and_the_zone_that_were_chosen() {
    let source = Source::from_sql(
        "create table t (id integer primary key, m int default (strftime('%s','now')), c int default 1700000000,
           z datetime default '2024-01-01 10:00:00', x string default '01');
         insert into t (id) values (1);",
    );
    let target = fresh_database();
    let flags = [
        "--column",
        "t.m=epoch_ms",
        "--column",
        "t.c=epoch_ms",
        "--column",
        "t.z=timestamptz",
        "--zone",
        "t.z=Europe/Berlin",
    ];
    assert!(copy(&source.path(), &target, &flags).whole().objects("left_out").is_empty());
    target.psql("insert into t (id) values (2)");
    let same = target.psql(
        "select abs(a.m - b.m) < 600000, a.c = b.c, b.c, a.z = b.z, b.z at time zone 'utc', b.x
         from t a, t b where a.id = 1 and b.id = 2",
    );
    assert_eq!(same, "t|t|1700000000000|t|2024-01-01 09:00:00|1");
}
