//! What a copy would create is saved as a schema file: given back as it is, the target is the same; edited, the edit decides.

use std::fs;
use std::path::{Path, PathBuf};

use serde_json::Value;

use crate::support::{Database, Source, copy, fixture, fresh_database, strait};

fn save(source: &Path, file: &Path, more: &[&str]) -> (i32, String, String) {
    let (source, file) = (source.to_str().expect("the path is UTF-8"), file.to_str().expect("the path is UTF-8"));
    let run = strait(&[&["assess", source, "--save-schema", file, "--quiet"], more].concat());
    (run.status, run.stdout, run.stderr)
}

fn beside(source: &Source) -> PathBuf {
    source.path().with_file_name("saved.sql")
}

/// The digest of what each table of a report holds, by its name.
fn digests(report: &Value) -> Vec<(String, Value)> {
    let tables = report["tables"].as_array().expect("the report lists tables");
    let mut digests: Vec<_> =
        tables.iter().map(|table| (table["name"].to_string(), table["digest_found"].clone())).collect();
    digests.sort_by(|one, other| one.0.cmp(&other.0));
    digests
}

const COLUMNS: &str = "select table_name, column_name, data_type, collation_name, is_nullable, column_default, is_identity \
                       from information_schema.columns where table_schema = 'public' order by 1, 2";
const CONSTRAINTS: &str = "select conrelid::regclass, conname, pg_get_constraintdef(oid), convalidated from pg_constraint \
                           where connamespace = 'public'::regnamespace order by 1, 2";
const INDEXES: &str = "select indexdef from pg_indexes where schemaname = 'public' order by 1";

#[test]
fn both_real_databases_are_the_same_through_their_saved_schema() {
    let folder = tempfile::tempdir().expect("a folder can be made");
    for name in ["open-webui-0.5.11.db", "open-webui-0.12.4.db"] {
        let file = folder.path().join(format!("{name}.sql"));
        let (status, _, error) = save(&fixture(name), &file, &[]);
        assert_eq!(status, 0, "{error}");
        let (inferred, given) = (fresh_database(), fresh_database());
        let first = copy(&fixture(name), &inferred, &[]);
        let second = copy(&fixture(name), &given, &["--schema", file.to_str().expect("the path is UTF-8")]);
        assert_eq!(digests(&first.report), digests(&second.report), "{name}");
        assert!(digests(&first.report).len() > 20, "{name}");
        for sql in [COLUMNS, CONSTRAINTS, INDEXES] {
            assert_eq!(inferred.psql(sql), given.psql(sql), "{name}");
        }
    }
}

#[test]
fn an_edited_schema_decides() {
    let source = Source::from_sql(
        "create table log (id integer primary key, at datetime, name text default 'x');
         insert into log values (1, 1700000000, 'a'), (2, 1700000001, 'b');",
    );
    let file = beside(&source);
    let (status, told, error) = save(&source.path(), &file, &[]);
    assert_eq!(status, 0, "{error}");
    assert!(told.contains("The schema file") && told.contains("has 1 table"), "{told}");
    let text = fs::read_to_string(&file).expect("the file was written");
    assert!(text.contains("-- datetime; integers 1700000000..1700000001, as seconds 2023; kept as numbers"), "{text}");
    assert!(text.contains("  at bigint,\n") && text.contains("  name text default 'x'"), "{text}");
    fs::write(&file, text.replace("  at bigint,", "  at timestamptz,")).expect("the file can be edited");
    let target = fresh_database();
    copy(&source.path(), &target, &["--schema", file.to_str().expect("the path is UTF-8")]);
    assert_eq!(
        target.psql("select extract(epoch from at)::bigint, pg_typeof(at) from log order by id"),
        "1700000000|timestamp with time zone\n1700000001|timestamp with time zone"
    );
}

#[test]
fn a_file_that_is_there_is_written_over_only_by_force() {
    let source = Source::from_sql("create table t (id integer primary key); insert into t values (1)");
    let file = beside(&source);
    fs::write(&file, "mine").expect("the file can be written");
    let (status, _, error) = save(&source.path(), &file, &[]);
    assert_eq!((status, fs::read_to_string(&file).expect("it is there").as_str()), (2, "mine"));
    assert!(error.contains("--force"), "{error}");
    let (status, _, error) = save(&source.path(), &file, &["--force"]);
    assert_eq!(status, 0, "{error}");
    assert!(fs::read_to_string(&file).expect("it is there").starts_with("-- strait schema 1\n"));
}

#[test]
fn what_a_schema_file_cannot_say_is_named_in_it() {
    let source = Source::from_sql(
        "create table odd (id integer primary key, v text collate nocase unique, n integer check (n > 0));
         create table \"sqlight\" (\"A\" text, b integer, foreign key (b) references odd);
         create table gone (id integer primary key);
         create virtual table words using fts5 (word);",
    );
    let file = beside(&source);
    let (_, told, error) = save(&source.path(), &file, &["--exclude", "gone", "--sample", "10%"]);
    let text = fs::read_to_string(&file).unwrap_or_else(|_| panic!("{error}"));
    for line in ["--   table gone: excluded by request", "a sample (10% of each table)", "words", "-- only: postgres"] {
        assert!(text.contains(line), "{line}: {text}");
    }
    assert!(text.contains("create unique index") && text.contains("collate \"C\""), "{text}");
    assert!(told.contains("It does not say:") && told.contains("table gone: excluded by request"), "{told}");
}

/// Saves the schema of a source, edits it, and copies with it.
fn edited(source: &Source, edit: &dyn Fn(String) -> String, target: &Database, more: &[&str]) -> (i32, String) {
    let file = beside(source);
    let (_, _, error) = save(&source.path(), &file, more);
    let text = fs::read_to_string(&file).unwrap_or_else(|_| panic!("{error}"));
    let changed = edit(text.clone());
    assert_ne!(text, changed, "nothing was edited");
    fs::write(&file, changed).expect("the file can be edited");
    given_back(source, target, more)
}

/// Copies with the file that was saved.
fn given_back(source: &Source, target: &Database, more: &[&str]) -> (i32, String) {
    let (path, file) = (source.path(), beside(source));
    let (path, file) = (path.to_str().expect("the path is UTF-8"), file.to_str().expect("the path is UTF-8"));
    let run = strait(&[&["copy", path, target.url(), "--schema", file], more].concat());
    (run.status, format!("{}{}", run.stdout, run.stderr))
}

#[test]
fn an_edited_type_of_a_text_key_holds() {
    let source = Source::from_sql(
        "create table t (code text primary key, name text unique); insert into t values ('825373492', 'a')",
    );
    let edits: [(&str, &str); 2] = [("code int", "integer"), ("code varchar(20)", "character varying")];
    for (edit, expected) in edits {
        let target = fresh_database();
        fs::remove_file(beside(&source)).ok();
        let edit = |text: String| text.replace("code text", edit);
        let (status, told) = edited(&source, &edit, &target, &[]);
        assert_eq!(status, 0, "{told}");
        assert_eq!(target.psql("select code, pg_typeof(code) from t"), format!("825373492|{expected}"), "{told}");
        let collations =
            "select string_agg(collation_name, ',') from information_schema.columns where table_name = 't'";
        assert_eq!(target.psql(collations), if expected == "integer" { "C" } else { "C,C" });
        assert_eq!(told.contains("is integer in the file, which has no collation"), expected == "integer", "{told}");
    }
}

#[test]
fn a_column_that_comes_out_as_another_type_gets_no_rows() {
    let source = Source::from_sql("create table t (n integer not null); insert into t values (825373492)");
    fs::write(beside(&source), "-- strait schema 1\ncreate table t (n int not null);\n")
        .expect("the file can be written");
    let target = fresh_database();
    target.psql(
        "create schema guard; create function guard.guard() returns event_trigger language plpgsql as $$ begin \
         if to_regclass('public.t') is not null then alter table public.t alter column n type text; end if; end $$; \
         create event trigger guard on ddl_command_end when tag in ('CREATE TABLE') execute function guard.guard()",
    );
    let (status, told) = given_back(&source, &target, &[]);
    assert!(status == 2 && told.contains("column t.n was to be int"), "{status} {told}");
    assert_eq!(target.psql("select to_regclass('t') is null"), "t");
}

#[test]
fn flags_that_say_how_values_are_read_stand_in_the_file() {
    let source = Source::from_sql(
        "create table log (id integer primary key, at timestamp); insert into log values (1, '2024-07-01 12:00:00')",
    );
    let file = beside(&source);
    let flags = ["--zone", "log.at=Europe/Berlin", "--column", "log.at=timestamptz", "--orphans", "reject"];
    let (_, told, error) = save(&source.path(), &file, &flags);
    let text = fs::read_to_string(&file).unwrap_or_else(|_| panic!("{error}"));
    assert!(text.contains("--schema THIS-FILE --zone 'log.at=Europe/Berlin' --orphans reject\n"), "{text}");
    assert!(text.contains("--   --zone 'log.at=Europe/Berlin': "), "{text}");
    assert!(told.contains("saved.sql --zone 'log.at=Europe/Berlin' --orphans reject\n"), "{told}");
    assert!(!told.contains("--column 'log.at=timestamptz':"), "{told}");
}

#[test]
fn a_view_is_saved_as_it_is_whatever_the_schema_is_called() {
    let source = Source::from_sql(
        "create table app (id integer primary key, name text); create table other (app integer);
         insert into app values (1, 'x'); insert into other values (1);
         create view v as select app.name, '\"app\".secret' as said from app join other on other.app = app.id;",
    );
    let target = fresh_database();
    target.psql("create schema app");
    let file = beside(&source);
    save(&source.path(), &file, &["--target-schema", "app"]);
    let (status, told) = given_back(&source, &target, &["--target-schema", "app"]);
    assert_eq!(status, 0, "{told}");
    assert_eq!(target.psql("select * from app.v"), "x|\"app\".secret", "{told}");
    assert!(!told.contains("Not carried over"), "{told}");
}

#[test]
fn a_saved_schema_works_again() {
    let source = Source::from_sql(
        "create table p (code text primary key); create table c (id integer primary key, p text references p, n integer \
         check (n > 0), v text collate nocase unique);
         insert into p values ('a'); insert into c values (1, 'a', 1, 'x'), (2, 'gone', 2, 'y');
         create view v as select code from p;",
    );
    let (file, target) = (beside(&source), fresh_database());
    save(&source.path(), &file, &[]);
    assert!(fs::read_to_string(&file).expect("the file was written").contains("-- only: postgres"));
    let (status, told) = given_back(&source, &target, &[]);
    assert!(status == 1 && told.contains("NOT VALID"), "{status} {told}");
    let before = [COLUMNS, CONSTRAINTS, INDEXES].map(|sql| target.psql(sql));
    let (status, told) = given_back(&source, &target, &["--on-nonempty", "truncate"]);
    assert!(status != 2, "{told}");
    assert_eq!([COLUMNS, CONSTRAINTS, INDEXES].map(|sql| target.psql(sql)), before);
    target.psql(
        "do $$ begin execute (select 'alter table c drop constraint ' || quote_ident(conname) from pg_constraint \
         where contype = 'c' and conrelid = 'c'::regclass); end $$; drop view v; alter table p alter column code type text collate \"default\"",
    );
    let (status, told) = given_back(&source, &target, &["--on-nonempty", "truncate"]);
    assert!(status == 2 && told.contains("check") && told.contains("collation"), "{status} {told}");
}

#[test]
fn a_statement_that_no_longer_fits_is_named_before_the_rows() {
    let source = Source::from_sql(
        "create table t (id integer primary key, at datetime default current_timestamp, v text collate nocase unique);
         insert into t values (1, 1700000000, 'a')",
    );
    let file = beside(&source);
    save(&source.path(), &file, &[]);
    let text = fs::read_to_string(&file).expect("the file was written");
    assert!(text.contains("seconds 2023") && !text.contains("since 1970-01-01 UTC; declared"), "{text}");
    fs::remove_file(&file).expect("the file goes");
    let target = fresh_database();
    let (status, told) =
        edited(&source, &|text| text.replace("  v text", "  w text"), &target, &["--extra-columns", "leave-out"]);
    assert!(status == 2 && told.contains("saved.sql fails already on tables without rows"), "{status} {told}");
    assert_eq!(target.psql("select to_regclass('t') is null"), "t");
}

#[test]
fn what_cannot_be_saved_is_told_before_all_is_read() {
    let source = Source::from_sql("create table t (id integer primary key); insert into t values (1)");
    let (status, told, error) = save(&source.path(), Path::new("/nonexist/x.sql"), &[]);
    assert!(status == 2 && told.is_empty() && error.contains("/nonexist/x.sql"), "{error}");
    let hopeless = Source::from_sql("create table t (id integer primary key)");
    fs::write(beside(&hopeless), "mine").expect("the file can be written");
    fs::write(hopeless.path(), "no database").expect("the source can be spoilt");
    let (status, ..) = save(&hopeless.path(), &beside(&hopeless), &["--force"]);
    assert_eq!((status, fs::read_to_string(beside(&hopeless)).expect("it is there").as_str()), (2, "mine"));
}

#[test]
fn a_reference_that_cannot_be_built_is_named_and_not_saved() {
    let source = Source::from_sql(
        "create table p (id integer primary key); create table c (p text references p);
         insert into p values (1); insert into c values ('x')",
    );
    let file = beside(&source);
    let (_, told, error) = save(&source.path(), &file, &[]);
    let text = fs::read_to_string(&file).unwrap_or_else(|_| panic!("{error}"));
    assert!(!text.contains("references") && text.contains("--   foreign key c.p: "), "{text}");
    assert!(told.contains("foreign key c.p: p becomes text and id of p becomes bigint"), "{told}");
}
