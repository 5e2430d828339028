//! What a copy would create is saved as a schema file: given back as it is, the target is the same; edited, the edit decides.

use std::fs;
use std::path::{Path, PathBuf};

use serde_json::Value;

use crate::support::{Source, copy, fixture, fresh_database, strait};

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
