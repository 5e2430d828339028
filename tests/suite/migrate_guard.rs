//! What a script in an engine's own SQL destroys is refused, however its names are written.

use crate::support::migrate::{Revisions, asked, change};
use crate::support::place::Place;
use crate::support::strait;

/// A place with rows, and a script that may not destroy them.
fn refused(place: &Place, before: &str, script: &str, expected: &str) {
    change(place, before);
    let revisions = Revisions::of([("V0001__a.sql", script)]);
    let said = revisions.refused(place, &["up"]);
    assert!(said.contains(expected) && said.contains("--allow-destructive"), "{script}: {said}");
}

#[test]
fn rows_are_counted_where_the_server_finds_their_table() {
    const BEFORE: &str = "create schema a; create schema b; create table a.t (x int); create table b.t (x int);
        create table users (x int, y text); create table \"Users\" (x int);
        insert into b.t values (1), (2); insert into users values (1, 'one'), (2, null)";
    for (script, expected) in [
        ("drop table b.t", "2 rows of table b.t"),
        ("drop table Users", "2 rows of table users"),
        ("alter table users add a int, add b int, add c int, add d int, drop Y", "1 value of column y of table users"),
        ("alter table users alter column y type int using 0", "1 value of column y of table users"),
        ("delete from only users", "2 rows of table users"),
        ("with x as (select 1) delete from users where true", "2 rows of table users"),
        ("set search_path = b; truncate t", "2 rows of table t"),
        ("drop schema b cascade", "1 table of schema b"),
        ("create type mood as enum ('x'); drop type mood cascade", "cannot be counted"),
        ("do $$ begin drop table users; end $$", "2 rows of table users"),
    ] {
        refused(&Place::postgres(), BEFORE, script, expected);
    }
    let place = Place::postgres();
    change(&place, BEFORE);
    let harmless = "drop table a.t; drop table \"Users\"; delete from users where x = 7; drop schema a cascade";
    Revisions::of([("V0001__a.sql", harmless)]).done(&place, &["up"]);
}

#[test]
fn sqlite_finds_a_table_in_any_case_and_by_its_schema() {
    for script in ["drop table NOTES", "drop table Main.[notes]", "delete from notes where 1 = 1"] {
        let place = Place::sqlite();
        refused(&place, "create table notes (x int); insert into notes values (1)", script, "1 row of table");
        assert_eq!(asked(&place, "select count(*) from notes"), ["1"]);
    }
}

#[test]
fn an_unfinished_index_of_a_table_in_a_schema_is_dropped_and_no_other() {
    let place = Place::postgres();
    change(&place, "create schema app; create table app.t (x int); insert into app.t values (1), (1)");
    change(&place, "create table other (x int); create index ix on other (x)");
    let script = "-- transaction: none\ncreate unique index concurrently IX on app.T (x)";
    Revisions::of([("V0001__a.sql", script)]).refused(&place, &["up"]);
    assert_eq!(
        asked(&place, "select indrelid::regclass from pg_index where indexrelid::regclass::text like '%ix'"),
        ["other"]
    );
}

#[test]
fn a_procedure_that_commits_runs_in_a_script_without_a_transaction() {
    let place = Place::postgres();
    change(&place, "create table t (x int)");
    change(&place, "create procedure p() language plpgsql as $$ begin insert into t values (1); commit; end $$");
    let script = "-- transaction: none\ncall p(); do $$ begin insert into t values (2); commit; end $$";
    Revisions::of([("V0001__a.sql", script)]).done(&place, &["up"]);
    assert_eq!(asked(&place, "select x from t order by 1"), ["1", "2"]);
}

#[test]
fn a_truncation_that_cascades_counts_what_refers_to_the_table() {
    const BEFORE: &str = "create table t (id int primary key); create table u (id int primary key references t);
        create table v (id int references u); insert into t values (1); insert into u values (1); insert into v values (1);
        insert into v values (null), (null)";
    refused(&Place::postgres(), BEFORE, "truncate t cascade", "4 rows of tables that refer to table t");
    let place = Place::postgres();
    change(&place, "create table t (id int primary key); create table u (id int references t) partition by range (id)");
    change(&place, "create table u1 partition of u default; insert into u values (null)");
    let said = Revisions::of([("V0001__a.sql", "truncate t cascade")]).refused(&place, &["up"]);
    assert!(said.contains("destroy 1 row of tables that refer to table t"), "{said}");
    assert_eq!(asked(&place, "select count(*) from u"), ["1"]);
    change(&place, "truncate u");
    Revisions::of([("V0001__a.sql", "truncate t cascade")]).done(&place, &["up"]);
}

#[test]
fn what_a_block_executes_is_judged_however_it_is_quoted() {
    const BEFORE: &str = "create table t (x int); insert into t values (1)";
    for (script, expected) in [
        ("do $$ begin execute $q$drop table t cascade$q$; end $$", "1 row of table t"),
        ("do E'begin delete from t; end'", "1 row of table t"),
        (
            "do $$ declare r text; begin for r in select tablename from pg_tables where schemaname = 'public' loop
             execute format($f$drop table if exists %I cascade$f$, r); end loop; end $$",
            "what a block executes, which cannot be counted",
        ),
    ] {
        refused(&Place::postgres(), BEFORE, script, expected);
    }
}

#[test]
fn a_new_type_that_the_server_casts_to_is_counted_where_values_change() {
    const BEFORE: &str = "create table t (n numeric(10, 2), f double precision, i int, at timestamp, j json, v text);
        insert into t values (1.25, 1.5, 7, '2020-01-01 10:00', '{\"a\":  1}', 'long'), (1.50, 2, null, '2020-01-01', null, 'x')";
    for (action, expected) in [
        ("n type numeric(10,1)", "1 value of column n"),
        ("column f set data type int", "1 value of column f"),
        ("at type date", "1 value of column at"),
        ("j type jsonb", "1 value of column j"),
        ("i type smallint, alter f type int", "1 value of column f"),
    ] {
        refused(&Place::postgres(), BEFORE, &format!("alter table t alter {action}"), expected);
    }
    let place = Place::postgres();
    change(&place, BEFORE);
    let harmless = "alter table t alter i type bigint, alter n type numeric(12, 3), alter v type varchar(4);
        alter table t alter i type smallint, alter at type timestamptz, alter n type numeric(9, 2)";
    Revisions::of([("V0001__a.sql", harmless)]).done(&place, &["up"]);
    // What is too long is not cut, so nothing is lost: the server refuses, in its own words.
    let revisions =
        Revisions::of([("V0001__a.sql", harmless), ("V0002__b.sql", "alter table t alter v type varchar(2)")]);
    let said = revisions.refused(&place, &["up"]);
    assert!(said.contains("value too long"), "{said}");
    // Blanks at the end the server would cut in silence.
    change(&place, "update t set v = 'ab  '");
    let said = revisions.refused(&place, &["up"]);
    assert!(said.contains("2 values of column v") && said.contains("--allow-destructive"), "{said}");
}

/// Goes up by portable scripts; gives what is said where that is refused.
fn up(revisions: &Revisions, place: &Place) -> Option<String> {
    let (folder, url) = (revisions.path(), place.url());
    let folder = folder.to_str().expect("the path is UTF-8");
    let run = strait(&["migrate", "up", "--dialect", "portable", "--dir", folder, "--database-url", &url]);
    (run.status != 0).then_some(run.stderr)
}

#[test]
fn no_blank_at_the_end_of_a_text_is_cut_by_a_shorter_type() {
    for place in Place::both() {
        let revisions = Revisions::of([("V0001__t.sql", "create table t (a text, b varchar(10));")]);
        assert_eq!(up(&revisions, &place), None);
        change(&place, "insert into t values ('ab   ', 'cd    ')");
        for column in ["a", "b"] {
            revisions.write("V0002__short.sql", &format!("alter table t alter {column} type varchar(2);"));
            let said = up(&revisions, &place).expect("is refused");
            assert!(said.contains("too long") || said.contains("does not fit"), "{said}");
        }
        assert_eq!(asked(&place, "select '[' || a || '][' || b || ']' from t"), ["[ab   ][cd    ]"]);
        change(&place, "update t set a = 'ü ', b = null");
        revisions.write("V0002__short.sql", "alter table t alter a type varchar(2), alter b type varchar(2);");
        assert_eq!(up(&revisions, &place), None);
        assert_eq!(asked(&place, "select '[' || a || ']' from t"), ["[ü ]"]);
    }
}

#[test]
fn a_key_that_a_document_repeats_is_not_dropped_in_silence() {
    const UP: &str = "alter table t alter d type jsonb; alter table t alter e type jsonb;";
    const ROWS: &str = "insert into t values ('{\"a\": 1, \"b\": [{\"c\": 1, \"c\": 2}]}', '[1, {\"a\": 1}]'),
        ('{\"a\": {\"a\": 1}}', null), ('7', '{}')";
    for place in Place::both() {
        let revisions = Revisions::of([("V0001__t.sql", "create table t (d json, e json_text);")]);
        assert_eq!(up(&revisions, &place), None);
        change(&place, ROWS);
        revisions.write("V0002__b.sql", UP);
        if place.is_postgres() {
            let said = up(&revisions, &place).expect("is refused");
            assert!(said.contains("repeated keys in 1 document of column d of table t"), "{said}");
            change(&place, "delete from t where length(cast(d as text)) > 30");
        }
        assert_eq!(up(&revisions, &place), None);
    }
}

#[test]
fn rows_that_a_policy_hides_from_their_owner_are_not_taken_for_none() {
    let place = Place::postgres();
    let owner = format!("strait_guard_{}", std::process::id());
    change(&place, &format!("create role {owner} login"));
    change(
        &place,
        &format!(
            "grant all on schema public to {owner}; grant create on database \"{}\" to {owner}",
            asked(&place, "select current_database()")[0]
        ),
    );
    change(
        &place,
        &format!(
            "create table r (x int); insert into r values (1), (2); alter table r enable row level security;
             alter table r force row level security; alter table r owner to {owner}"
        ),
    );
    let script = format!("set role {owner}; drop table r");
    let said = Revisions::of([("V0001__a.sql", script)]).refused(&place, &["up"]);
    assert!(said.contains("the rows of table r, which cannot be counted"), "{said}");
    assert_eq!(asked(&place, "select count(*) from r"), ["2"]);
}

#[test]
fn a_merge_that_deletes_and_a_condition_on_nothing_are_refused() {
    const BEFORE: &str = "create table t (x int); insert into t values (1)";
    for (script, expected) in [
        ("merge into t using (values (1)) as s(x) on true when matched then delete", "the rows that a merge deletes"),
        ("delete from t where 1 in (1)", "1 row of table t"),
        ("delete from t where x = x", "1 row of table t"),
    ] {
        refused(&Place::postgres(), BEFORE, script, expected);
    }
}

#[test]
fn sqlite_counts_on_nothing_being_replaced_that_others_refer_to() {
    const BEFORE: &str = "create table t (id integer primary key, n text);
        create table u (id integer primary key, t_id int references T (id) on delete cascade);
        insert into t values (1, 'one'); insert into u values (1, 1)";
    for script in ["replace into t values (1, 'two')", "insert or replace into main.T values (1, 'two')"] {
        let expected = "what refers to the replaced rows of table";
        refused(&Place::sqlite(), BEFORE, script, expected);
    }
    let place = Place::sqlite();
    change(&place, BEFORE);
    Revisions::of([("V0001__a.sql", "replace into u values (1, 1)")]).done(&place, &["up"]);
    let script = "pragma writable_schema = on; delete from sqlite_schema where name = 'u'";
    refused(&Place::sqlite(), BEFORE, script, "SQLite's own table of tables");
}

#[test]
fn a_script_without_a_transaction_says_what_has_run_before_it_was_stopped() {
    let place = Place::postgres();
    change(&place, "create table t (x int); insert into t values (1)");
    let script = "-- transaction: none\ncreate table v (x int); create table w (x int); drop table t";
    let said = Revisions::of([("V0001__a.sql", script)]).refused(&place, &["up"]);
    assert!(said.contains("the 2 statements before it in V0001__a have run and are recorded"), "{said}");
    assert!(!said.contains("nothing was changed"), "{said}");
    assert_eq!(asked(&place, "select count(*) from pg_tables where tablename in ('v', 'w')"), ["2"]);
}

#[test]
fn a_password_in_a_line_is_not_shown() {
    let place = Place::postgres();
    let script = "create role strait_never password 'topsecret' nonsense";
    let said = Revisions::of([("V0001__a.sql", script)]).refused(&place, &["up"]);
    assert!(said.contains("password '***' nonsense") && !said.contains("topsecret"), "{said}");
}

/// A folder of portable scripts, and a command on it.
fn portable(place: &Place, files: &[(&str, &str)], verb: &str) -> (i32, String) {
    let revisions = Revisions::of(files.iter().copied());
    let folder = revisions.path();
    let folder = folder.to_str().expect("the path is UTF-8");
    let run = strait(&["migrate", verb, "--dir", folder, "--database-url", &place.url()]);
    (run.status, format!("{}{}", run.stdout, run.stderr))
}

#[test]
fn a_column_that_something_uses_is_dropped_on_neither_engine() {
    const BEFORE: &str =
        "create table p (id int primary key); create table a (id int primary key, n int, m int references p,
        c int check (c > 0), g int generated always as (n * 2) stored); create index a_nm on a (n, m);";
    for place in [Place::sqlite(), Place::postgres()] {
        let (status, said) = portable(&place, &[("V0001__a.sql", BEFORE)], "up");
        assert_eq!(status, 0, "{said}");
        for (column, users) in [
            ("m", "constraint a_m_fkey, index a_nm"),
            ("c", "constraint a_c_check"),
            ("n", "index a_nm, generated column g"),
            ("id", "constraint a_pkey"),
        ] {
            let script = format!("alter table a\n  drop column {column};");
            let (status, said) = portable(&place, &[("V0001__a.sql", BEFORE), ("V0002__b.sql", &script)], "up");
            assert_eq!(status, 2, "{said}");
            let expected = format!("V0002__b.sql:2:15: column a.{column} is used by {users}");
            assert!(said.contains(&expected) && said.contains("drop that before the column"), "{said}");
        }
        let whole = "drop index a_nm; alter table a drop constraint a_m_fkey, drop column m;";
        let files = [("V0001__a.sql", BEFORE), ("V0002__b.sql", whole)];
        for verb in ["up", "down"] {
            let (status, said) = portable(&place, &files, verb);
            assert_eq!(status, 0, "{said}");
        }
        // The way down has brought back what was dropped before the column.
        let (status, said) = portable(
            &place,
            &[files[0], ("V0002__b.sql", "drop index a_nm;\nalter table a drop constraint a_m_fkey;")],
            "up",
        );
        assert_eq!(status, 0, "{said}");
    }
}

#[test]
fn a_moment_that_loses_its_zone_is_the_same_on_both_engines() {
    const FILES: [(&str, &str); 2] = [
        (
            "V0001__a.sql",
            "create table a (at timestamptz); insert into a values ('2020-01-01 10:00:00+02'), ('2020-01-01 01:00:00.25-05:30');",
        ),
        ("V0002__b.sql", "alter table a alter at type timestamp;"),
    ];
    for place in [Place::sqlite(), Place::postgres()] {
        let (status, said) = portable(&place, &FILES, "up");
        assert_eq!(status, 0, "{said}");
        assert_eq!(asked(&place, "select at from a order by 1"), ["2020-01-01 06:30:00.25", "2020-01-01 08:00:00"]);
    }
}
