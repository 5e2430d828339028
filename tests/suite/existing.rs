//! A target whose tables are there before the copy: filled by name, under its own types, or refused with the reason.

use crate::support::{Database, Source, copy, fresh_database, stopped, strait, verify, verify_with};

const PEOPLE: &str = "create table person (id integer primary key, name text, age integer);
     insert into person values (1, 'Ann', 30), (2, 'Bob', 31);";

fn target(sql: &str) -> Database {
    let target = fresh_database();
    target.psql(sql);
    target
}

#[test]
fn columns_are_filled_by_name_whatever_their_order() {
    let source = Source::from_sql(PEOPLE);
    let target = target(
        "create table person (note text default 'none', age smallint, \"NAME\" varchar(10), id bigint primary key, more text)",
    );
    let copied = copy(&source.path(), &target, &[]);
    assert_eq!(copied.whole().table("person")["created"], false);
    assert_eq!(
        target.psql("select id, \"NAME\", age, note, more is null from person order by id"),
        "1|Ann|30|none|t\n2|Bob|31|none|t"
    );
    let (status, report) = verify(&source.path(), &target);
    assert_eq!(status, 0);
    for column in ["note", "more"] {
        let told = format!("column person.{column} is only in the target and was not looked at");
        assert!(report["notices"].to_string().contains(&told), "{report:#}");
    }
}

#[test]
fn a_required_column_that_nothing_fills_stops_the_plan() {
    let source = Source::from_sql(PEOPLE);
    let target = target(
        "create table person (id bigint, name text, age integer, must text not null, may text not null default '')",
    );
    let said = stopped(&source.path(), &target, &[]);
    assert!(said.contains("person.must") && !said.contains("person.may"), "{said}");
    assert_eq!(target.psql("select count(*) from person"), "0");
}

#[test]
fn a_column_that_the_target_lacks_needs_a_word() {
    let source = Source::from_sql(&format!(
        "{PEOPLE} alter table person add column extra text; alter table person add column empty text;
         update person set extra = 'x' where id = 2;"
    ));
    let target = target("create table person (id bigint, name text, age integer)");
    let said = stopped(&source.path(), &target, &[]);
    assert!(
        said.contains("person.extra") && said.contains("1 of 2 rows") && said.contains("--extra-columns"),
        "{said}"
    );
    assert!(!said.contains("person.empty"), "{said}");

    let copied = copy(&source.path(), &target, &["--extra-columns", "leave-out"]);
    let notices = copied.whole().report["notices"].to_string();
    assert!(notices.contains("person.extra") && notices.contains("1 of 2 rows"), "{notices}");
    assert_eq!(target.psql("select count(*) from information_schema.columns where table_name = 'person'"), "3");

    target.psql("truncate person");
    copy(&source.path(), &target, &["--extra-columns", "add"]).whole();
    assert_eq!(target.psql("select id, extra from person order by id"), "1|\n2|x");
    assert_eq!(verify(&source.path(), &target).0, 0);
}

#[test]
fn a_table_that_the_target_lacks_is_created_or_left_out_and_counted() {
    let source = Source::from_sql(&format!(
        "{PEOPLE} create table pet (id integer primary key, owner integer references person);
         insert into pet values (1, 1), (2, 2), (3, 1);"
    ));
    let people = "create table person (id bigint primary key, name text, age integer)";
    let created = target(people);
    let copied = copy(&source.path(), &created, &[]);
    assert_eq!(copied.whole().table("pet")["created"], true);
    assert_eq!(created.psql("select count(*) from pet join person on person.id = owner"), "3");

    let left_out = target(people);
    let copied = copy(&source.path(), &left_out, &["--extra-tables", "leave-out"]);
    let pet = copied.whole().table("pet");
    assert_eq!((&pet["read"], &pet["skipped"], &pet["target"]), (&3.into(), &3.into(), &serde_json::Value::Null));
    assert!(pet["skipped_because"].as_str().is_some_and(|why| why.contains("by request")), "{pet:#}");
    assert_eq!(left_out.psql("select to_regclass('pet') is null"), "t");
}

#[test]
fn a_table_that_is_excluded_is_counted_and_not_touched() {
    let source = Source::from_sql(&format!(
        "{PEOPLE} create table log (id integer primary key); insert into log values (1), (2);"
    ));
    let target = target(
        "create table person (id bigint, name text, age integer); create table log (id inet); insert into log values ('::1')",
    );
    let copied = copy(&source.path(), &target, &["--exclude", "LOG"]);
    assert_eq!((&copied.whole().table("log")["skipped"], &copied.table("log")["copied"]), (&2.into(), &0.into()));
    assert_eq!(target.psql("select * from log"), "::1");
}

#[test]
fn a_type_without_a_cast_rule_stops_the_plan() {
    let source = Source::from_sql(
        "create table host (id integer primary key, address text); insert into host values (1, '::1');",
    );
    let target = target("create table host (id bigint, address inet)");
    let said = stopped(&source.path(), &target, &[]);
    assert!(said.contains("host.address") && said.contains("inet") && said.contains("--exclude host"), "{said}");
}

#[test]
fn a_column_that_the_server_computes_is_not_copied() {
    let source = Source::from_sql(
        "create table t (id integer primary key, n integer, twice integer as (n * 2) stored); insert into t (id, n) values (1, 4);",
    );
    let target =
        target("create table t (id bigint primary key, n integer, twice integer generated always as (n * 2) stored)");
    let copied = copy(&source.path(), &target, &[]);
    assert!(copied.whole().report["notices"].to_string().contains("t.twice is computed by the server"));
    assert_eq!(target.psql("select n, twice from t"), "4|8");
    assert_eq!(verify(&source.path(), &target).0, 0);
}

#[test]
fn tables_that_hold_rows_are_refused_with_their_counts_or_emptied_once() {
    let source = Source::from_sql(&format!(
        "{PEOPLE} create table pet (id integer primary key, owner integer); insert into pet values (1, 1);"
    ));
    let target = target(
        "create table person (id bigint primary key, name text, age integer);
         create table pet (id bigint primary key, owner bigint references person);
         insert into person values (1, 'Old', 1), (7, 'Older', 2); insert into pet values (1, 7);",
    );
    let said = stopped(&source.path(), &target, &[]);
    assert!(
        said.contains("person")
            && said.contains('2')
            && said.contains("pet")
            && said.contains("--on-nonempty truncate"),
        "{said}"
    );
    assert_eq!(target.psql("select string_agg(name, ',' order by id) from person"), "Old,Older");

    copy(&source.path(), &target, &["--on-nonempty", "truncate"]).whole();
    assert_eq!(target.psql("select string_agg(name, ',' order by id) from person"), "Ann,Bob");
    assert_eq!(
        target.psql("select count(*) from pg_constraint where conname = 'pet_owner_fkey' and convalidated"),
        "1"
    );
    assert_eq!(verify(&source.path(), &target).0, 0);
}

#[test]
fn a_migration_history_that_tells_the_same_counts_as_empty() {
    let source = Source::from_sql(&format!(
        "create table alembic_version (version_num varchar(32) not null primary key);
         insert into alembic_version values ('abc123'); {PEOPLE}"
    ));
    let schema = "create table alembic_version (version_num varchar(32) not null primary key);
         create table person (id bigint primary key, name text, age integer);";
    let same = target(&format!("{schema} insert into alembic_version values ('abc123')"));
    copy(&source.path(), &same, &[]).whole();
    assert_eq!(same.psql("select string_agg(version_num, ',') from alembic_version"), "abc123");

    let other = target(&format!("{schema} insert into alembic_version values ('def456')"));
    let said = stopped(&source.path(), &other, &[]);
    assert!(said.contains("Alembic") && said.contains("abc123") && said.contains("def456"), "{said}");
    assert_eq!(other.psql("select version_num from alembic_version"), "def456");
}

#[test]
fn the_conditions_of_an_existing_schema_stay_as_they_are() {
    let source = Source::from_sql(&format!("{PEOPLE} create index by_age on person (age);"));
    let target = target(
        "create table person (id bigint primary key, name text collate \"C\" unique, age integer check (age > 0));
         create index by_name on person (lower(name)); comment on table person is 'people'",
    );
    let shape = "select string_agg(d, '; ' order by d) from (
           select pg_get_constraintdef(oid) from pg_constraint where connamespace = 'public'::regnamespace
           union all select indexdef from pg_indexes where schemaname = 'public'
           union all select obj_description('person'::regclass)) s (d)";
    let before = target.psql(shape);
    copy(&source.path(), &target, &[]).whole();
    assert_eq!(target.psql(shape), before);
}

#[test]
fn a_table_whose_name_something_else_has_stops_the_plan() {
    let source = Source::from_sql(PEOPLE);
    for sql in [
        "create view person as select 1 as id",
        "create sequence person",
        "create domain person as text",
        "create table other (id integer); create index person on other (id)",
    ] {
        let target = target(sql);
        let said = stopped(&source.path(), &target, &[]);
        assert!(said.contains("`person` is a view or another object") && said.contains("--exclude person"), "{said}");
    }
    // The server lets go of the name of an array type by itself.
    let array = target("create table pet (id integer)");
    let source = Source::from_sql("create table _pet (id integer primary key); insert into _pet values (1);");
    copy(&source.path(), &array, &[]).whole();
    assert_eq!(array.psql("select count(*) from _pet"), "1");
}

#[test]
fn a_stored_column_that_the_target_computes_needs_a_word() {
    let source = Source::from_sql(
        "create table t (id integer primary key, n integer, twice integer, unused integer);
         insert into t values (1, 4, 7, null), (2, 5, null, null);",
    );
    let target = target(
        "create table t (id bigint primary key, n integer, twice integer generated always as (n * 2) stored,
         unused integer generated always as (n * 3) stored)",
    );
    for flags in [&[][..], &["--extra-columns", "add"]] {
        let said = stopped(&source.path(), &target, flags);
        assert!(said.contains("t.twice is computed") && said.contains("1 of 2 rows"), "{said}");
        assert!(!said.contains("t.unused"), "{said}");
    }
    let copied = copy(&source.path(), &target, &["--extra-columns", "leave-out"]);
    let notices = copied.whole().report["notices"].to_string();
    assert!(notices.contains("t.twice is computed") && notices.contains("1 of 2 rows"), "{notices}");
    assert!(notices.contains("t.unused is computed") && notices.contains("holds nothing"), "{notices}");
    assert_eq!(target.psql("select n, twice from t order by id"), "4|8\n5|10");
}

#[test]
fn what_an_added_column_loses_is_named() {
    let source = Source::from_sql(
        "create table person (id integer primary key, name text, code text not null default (random()) unique,
         parent integer references person, check (length(code) < 40));
         create index by_code on person (name, code); create index by_length on person (length(code));
         insert into person values (1, 'Ann', 'x', null);",
    );
    let target = target("create table person (id bigint primary key, name text)");
    let copied = copy(&source.path(), &target, &["--extra-columns", "add"]);
    let left_out = copied.whole().objects("left_out");
    for lost in [
        "default person.code",
        "not null person.code",
        "unique person.code",
        "index person.by_code",
        "index person.by_length",
        "check person.code",
        "foreign key person.parent",
    ] {
        assert_eq!(left_out.iter().filter(|line| line.starts_with(lost)).count(), 1, "{lost}: {left_out:#?}");
    }
    assert_eq!(left_out.len(), 7, "{left_out:#?}");
}

#[test]
fn a_type_without_a_cast_rule_stops_nothing_where_nothing_is_held() {
    let source = Source::from_sql(
        "create table host (id integer primary key, address text, tags text); insert into host (id) values (1), (2);",
    );
    let empty = target("create table host (id bigint primary key, address inet, tags cidr[] not null default '{}')");
    let notices = copy(&source.path(), &empty, &[]).whole().report["notices"].to_string();
    assert!(notices.contains("host.address is of type inet") && notices.contains("host.tags is of type"), "{notices}");
    assert_eq!(empty.psql("select count(*) from host where address is null and tags = '{}'"), "2");

    let needy = target("create table host (id bigint primary key, address inet not null, tags text)");
    let said = stopped(&source.path(), &needy, &[]);
    assert!(said.contains("host.address") && said.contains("must have a value"), "{said}");
}

#[test]
fn a_verification_asks_for_what_a_copy_asks_for() {
    let source = Source::from_sql(&format!(
        "{PEOPLE} alter table person add column empty text; create table pet (id integer primary key);
         create table t (id integer primary key, n integer, twice integer as (n * 2) stored); insert into t (n) values (4);"
    ));
    let people = "create table person (id bigint, name text, age integer, empty_there text);
         create table t (id bigint, n integer, twice integer generated always as (n * 2) stored)";
    let target = target(people);
    copy(&source.path(), &target, &["--extra-tables", "leave-out"]).whole();
    assert_eq!(verify(&source.path(), &target).0, 1);
    let (status, report) = verify_with(&source.path(), &target, &["--extra-tables", "leave-out"]);
    assert_eq!((status, &report["equal"]), (0, &true.into()), "{report:#}");
    let notices = report["notices"].to_string();
    for told in ["table pet is not in the target", "person.empty is not in the target; it holds nothing"] {
        assert!(notices.contains(told), "{told}: {notices}");
    }

    source.connect().execute_batch("update person set empty = 'x' where id = 2").expect("the row is there");
    let (status, report) = verify_with(&source.path(), &target, &["--extra-tables", "leave-out"]);
    assert!(
        status == 1 && report.to_string().contains("column empty is not in the target, and 1 row holds"),
        "{report:#}"
    );
    let flags = ["--extra-tables", "leave-out", "--extra-columns", "leave-out"];
    let (status, report) = verify_with(&source.path(), &target, &flags);
    assert!(status == 0 && report["notices"].to_string().contains("1 of 2 rows hold a value"), "{report:#}");
    target.psql("update person set name = 'Eve' where id = 2");
    assert_eq!(verify_with(&source.path(), &target, &flags).0, 1);
}

#[test]
fn a_verification_of_nothing_is_refused() {
    let source = Source::from_sql(PEOPLE);
    let target = target("create table other (id bigint)");
    let path = source.path();
    let arguments = ["verify", path.to_str().expect("the path is UTF-8"), target.url()];
    for flags in [["--extra-tables", "leave-out"], ["--exclude", "person"]] {
        let said = strait(&[&arguments[..], &flags[..]].concat());
        assert!(said.status == 2 && said.stderr.contains("nothing to compare"), "{}", said.stderr);
    }
}
