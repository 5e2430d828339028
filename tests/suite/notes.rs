//! What a run keeps on the target is its own: nobody else's SQL is carried out, and two runs do not meet.

use crate::support::process::Running;
use crate::support::{Source, copy, fresh_database, strait, strait_command, verify};

#[test]
fn notes_that_another_role_has_written_are_not_carried_out() {
    let target = fresh_database();
    let mallory = format!("{}_mallory", target.name());
    target.psql(&format!(
        "create role {mallory}; create schema strait authorization {mallory}; set role {mallory}; {}; \
         insert into strait.run (target_schema, source, version) values ('public', 'x', 'x'); \
         insert into strait.undo (run, reverse) values (1, 'create table public.planted (a int)')",
        include_str!("../../src/copy/state.sql")
    ));
    let source = Source::from_sql("create table t (a); insert into t values (1)");
    for flags in [&["--quiet"][..], &["--quiet", "--undo-unfinished"]] {
        let path = source.path();
        let mut arguments = vec!["copy", path.to_str().unwrap(), target.url()];
        arguments.extend(flags);
        let refused = strait(&arguments);
        assert_eq!(refused.status, 2);
        assert!(refused.stderr.contains(&format!("belongs to role {mallory}")), "{}", refused.stderr);
    }
    assert_eq!(target.psql("select count(*) from pg_tables where schemaname = 'public'"), "0");
    target.psql(&format!("drop owned by {mallory}; drop role {mallory}"));
}

#[test]
fn two_first_runs_into_two_schemas_at_once_both_succeed() {
    let source = Source::from_sql("create table t (a); insert into t values (1)");
    let path = source.path();
    for _ in 0..5 {
        let target = fresh_database();
        target.psql("create schema one; create schema two");
        let start = |schema| {
            let arguments = ["copy", path.to_str().unwrap(), target.url(), "--quiet", "--target-schema", schema];
            Running::start(&mut strait_command(&arguments))
        };
        for running in [start("one"), start("two")] {
            let ended = running.end_within(std::time::Duration::from_secs(20));
            assert_eq!(ended.status, 0, "{}", ended.stderr);
        }
    }
}

#[test]
fn limits_that_an_administrator_set_for_questions_do_not_end_a_copy() {
    let target = fresh_database();
    target.psql(&format!("alter database {} set statement_timeout = '20ms'", target.name()));
    let source = Source::from_sql(
        "create table p (id integer primary key); create table c (p integer references p (id));
         with recursive n (i) as (select 1 union all select i + 1 from n where i < 50000) insert into p select i from n;
         insert into c select id from p",
    );
    assert_eq!(copy(&source.path(), &target, &[]).status, 0);
}

#[test]
fn a_table_that_inherits_from_a_filled_one_keeps_its_rows() {
    let target = fresh_database();
    target.psql("create table t (a int); create table archive () inherits (t); insert into archive values (7)");
    let source = Source::from_sql("create table t (a integer); insert into t values (1), (2)");
    assert_eq!(copy(&source.path(), &target, &[]).status, 0);
    assert_eq!(copy(&source.path(), &target, &["--on-nonempty", "truncate"]).status, 0);
    assert_eq!(target.psql("select string_agg(a::text, ',') from archive"), "7");
    assert_eq!(target.psql("select count(*) from only t"), "2");
    assert_eq!(verify(&source.path(), &target).0, 0);
}

#[test]
fn a_sequence_that_two_tables_share_is_ahead_of_both() {
    let target = fresh_database();
    target.psql(
        "create sequence sq; create table a (id bigint primary key default nextval('sq')); \
         create table b (id bigint primary key default nextval('sq'))",
    );
    let source = Source::from_sql(
        "create table a (id integer primary key); create table b (id integer primary key);
         insert into a values (1), (100); insert into b values (5)",
    );
    assert_eq!(copy(&source.path(), &target, &[]).status, 0);
    assert_eq!(target.psql("select nextval('sq')"), "101");
}

#[test]
fn a_row_that_a_trigger_leaves_out_is_set_aside() {
    let target = fresh_database();
    target.psql(
        "create table t (id bigint primary key, a text); create function skip() returns trigger language plpgsql as \
         $$ begin if new.id = 700 then return null; end if; return new; end $$; \
         create trigger skip before insert on t for each row execute function skip()",
    );
    let source = Source::from_sql(
        "create table t (id integer primary key, a text);
         with recursive n (i) as (select 1 union all select i + 1 from n where i < 2000) insert into t select i, 'x' from n",
    );
    let copied = copy(&source.path(), &target, &[]);
    assert_eq!((copied.status, copied.table("t")["rejected"].as_u64()), (1, Some(1)));
    let kept = target.psql("select row_key, reason from strait.reject");
    assert_eq!(kept, "rowid 700|left out by a trigger or a rule of the target");
}
