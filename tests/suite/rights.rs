//! What a role must be allowed, and what it is told when it is not: never a superuser's right.

use crate::support::{Database, Source, fresh_database, strait};

/// A role of this test's own, in a server that all tests share.
fn role(target: &Database, name: &str) -> String {
    let role = format!("{}_{name}", target.name());
    target.psql(&format!("create role {role} login; revoke all on schema public from public"));
    role
}

fn url_as(target: &Database, role: &str) -> String {
    target.url().replacen("postgres@", &format!("{role}@"), 1)
}

fn drop_role(target: &Database, role: &str) {
    target.psql(&format!("drop owned by {role}; drop role {role}"));
}

fn source() -> Source {
    Source::from_sql(
        "create table t (id integer primary key, p references t (id)); insert into t values (1, 2), (2, null)",
    )
}

#[test]
fn a_role_that_may_create_in_its_schema_and_database_needs_no_more() {
    let (target, source) = (fresh_database(), source());
    let role = role(&target, "owner");
    target.psql(&format!("grant create on database {} to {role}; grant all on schema public to {role}", target.name()));
    let run = strait(&["copy", source.path().to_str().unwrap(), &url_as(&target, &role), "--quiet"]);
    assert_eq!(run.status, 0, "{}", run.stderr);
    assert_eq!(target.psql("select count(*) from public.t"), "2");
    drop_role(&target, &role);
}

#[test]
fn a_role_that_may_not_create_schemas_is_told_what_an_administrator_does() {
    let (target, source) = (fresh_database(), source());
    let role = role(&target, "guest");
    target.psql(&format!("grant all on schema public to {role}"));
    let (path, url) = (source.path(), url_as(&target, &role));
    let arguments = ["copy", path.to_str().unwrap(), &url, "--quiet"];
    let refused = strait(&arguments);
    assert_eq!(refused.status, 2);
    let advice = format!("create schema strait authorization \"{role}\"");
    assert!(refused.stderr.contains(&advice), "{}", refused.stderr);
    assert_eq!(target.psql("select count(*) from pg_tables where schemaname = 'public'"), "0");
    target.psql(&advice);
    assert_eq!(strait(&arguments).status, 0);
    drop_role(&target, &role);
}

#[test]
fn foreign_keys_of_somebody_else_s_tables_are_not_touched() {
    let (target, source) = (fresh_database(), source());
    let role = role(&target, "writer");
    target.psql("create table t (id bigint primary key, p bigint references t)");
    target.psql(&format!(
        "grant create on database {} to {role}; grant usage on schema public to {role}; grant all on t to {role}",
        target.name()
    ));
    let refused = strait(&["copy", source.path().to_str().unwrap(), &url_as(&target, &role), "--quiet"]);
    assert_eq!(refused.status, 2);
    assert!(refused.stderr.contains("does not own it; connect as its owner"), "{}", refused.stderr);
    assert_eq!(target.psql("select count(*) from pg_constraint where conname = 't_p_fkey'"), "1");
    drop_role(&target, &role);
}

#[test]
fn a_role_that_may_not_create_tables_is_told_before_anything_is_changed() {
    let (target, source) = (fresh_database(), source());
    let role = role(&target, "reader");
    target
        .psql(&format!("grant create on database {} to {role}; grant usage on schema public to {role}", target.name()));
    let refused = strait(&["copy", source.path().to_str().unwrap(), &url_as(&target, &role), "--quiet"]);
    assert_eq!(refused.status, 2);
    assert!(refused.stderr.contains("may not create tables in schema public"), "{}", refused.stderr);
    assert_eq!(target.psql("select count(*) from pg_namespace where nspname = 'strait'"), "0");
    drop_role(&target, &role);
}

#[test]
fn a_role_that_may_not_try_a_schema_file_is_told_before_anything_is_changed() {
    let (target, source) = (fresh_database(), source());
    let role = role(&target, "modest");
    target.psql(&format!(
        "grant all on schema public to {role}; create schema strait authorization {role}; set role {role}; \
         create table public.t (id int primary key, p int)"
    ));
    let folder = tempfile::tempdir().expect("a folder can be made");
    let file = folder.path().join("app.sql");
    std::fs::write(&file, "-- strait schema 1\ncreate table t (id int primary key, p int);")
        .expect("it can be written");
    let (path, url) = (source.path(), url_as(&target, &role));
    let copied = |more: &[&str]| strait(&[&["copy", path.to_str().unwrap(), url.as_str(), "--quiet"], more].concat());
    let refused = copied(&["--schema", file.to_str().unwrap()]);
    assert!(refused.status == 2 && refused.stderr.contains("strait_scratch"), "{}", refused.stderr);
    assert_eq!(target.psql("select count(*) from public.t"), "0");
    target.psql(&format!("drop table public.t; drop owned by {role} restrict; grant all on schema public to {role}; create schema strait authorization {role}"));
    let made = copied(&["--schema", file.to_str().unwrap()]);
    assert_eq!(made.status, 0, "{}{}", made.stdout, made.stderr);
    drop_role(&target, &role);
}
