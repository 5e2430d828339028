//! A dump made beside the database takes along what uses an extension, and tells another schema from an alias.

use super::{drift, path, sentences};
use crate::support::migrate::{Revisions, change};
use crate::support::place::Place;
use crate::support::strait;

/// Dumps beside the database; gives the file's text.
fn dumped(place: &Place, files: &Revisions) -> (i32, String, String) {
    let file = files.path().join("dump.sql");
    let run = strait(&["migrate", "dump", "--database-url", &place.url(), "--to", path(&file)]);
    let text = std::fs::read_to_string(&file).unwrap_or_default();
    (run.status, text, run.stderr)
}

#[test]
fn a_table_that_uses_an_extension_comes_along_beside_the_database() {
    let (place, files) = (Place::postgres(), Revisions::of([("README", "")]));
    change(
        &place,
        "create extension hstore; create extension citext; create table plain (id bigint primary \
         key); create table pages (id bigint primary key, tags hstore not null default '', owner bigint references plain (id), \
         mail citext unique); create index pages_tags on pages using gin (tags); create view tagged as select id, tags -> 'a' \
         as a from pages",
    );
    let (status, text, said) = dumped(&place, &files);
    assert_eq!((status, said.as_str()), (0, ""), "{text}");
    assert!(text.contains("create extension if not exists hstore") && text.contains("\"tags\" hstore"), "{text}");
    let flags = ["--schema", path(&files.path().join("dump.sql")), "--database-url", &place.url()].map(str::to_owned);
    let (status, told) = drift(&flags.each_ref().map(String::as_str));
    assert_eq!((status, sentences(&told)), (0, vec![]), "{told:#}");
}

#[test]
fn what_is_granted_on_a_sequence_costs_no_table_its_extension() {
    let (place, files) = (Place::postgres(), Revisions::of([("README", "")]));
    change(
        &place,
        "create extension citext; create table users (id bigserial primary key, email citext); grant usage on sequence \
         users_id_seq to pg_monitor",
    );
    let (status, text, said) = dumped(&place, &files);
    assert_eq!((status, said.as_str()), (0, ""), "{text}");
    assert!(text.contains("\"email\" citext"), "{text}");
}

#[test]
fn a_type_that_an_empty_database_would_not_find_is_named() {
    let (place, files) = (Place::postgres(), Revisions::of([("README", "")]));
    change(&place, "create schema more; create extension citext schema more; create table mails (mail more.citext)");
    let (status, text, said) = dumped(&place, &files);
    assert_eq!(status, 1, "{text}");
    assert!(said.contains("not carried: table mails is missing"), "{said}");
}

#[test]
fn an_alias_with_the_name_of_a_schema_leads_nowhere() {
    let (place, files) = (Place::postgres(), Revisions::of([("README", "")]));
    change(
        &place,
        "create schema t; create table t.other (id int); create table items (id bigint primary key, n text); create view names as \
         select t.n from items t join items i on i.id = t.id; create function first_id() returns bigint language sql as 'select \
         t.id from items t limit 1'; create view away as select o.id from t.other o",
    );
    let (status, text, said) = dumped(&place, &files);
    assert_eq!(status, 1, "{said}");
    assert!(text.contains("create view names") && text.contains("FUNCTION first_id"), "{text}");
    assert!(said.contains("not carried: view away is missing; --scratch-url private may take it along"), "{said}");
    assert!(said.contains("not carried: table t.other (it lies in another schema)"), "{said}");
}

#[test]
fn a_truth_is_dumped_as_a_truth_however_sqlite_has_it() {
    let (place, files) = (Place::sqlite(), Revisions::of([("README", "")]));
    change(
        &place,
        "create table t (id integer primary key autoincrement, a boolean not null default TRUE, b boolean not null default \
         1, c boolean not null default (0))",
    );
    let (status, text, said) = dumped(&place, &files);
    assert_eq!((status, said.as_str()), (0, ""), "{text}");
    for wanted in [
        "  a boolean not null default true,\n",
        "  b boolean not null default true,\n",
        "  c boolean not null default false",
    ] {
        assert!(text.contains(wanted), "{wanted} is not in:\n{text}");
    }
    let (status, told) = drift(&["--schema", path(&files.path().join("dump.sql")), "--database-url", &place.url()]);
    assert_eq!((status, sentences(&told)), (0, vec![]), "{text}\n{told:#}");
}
