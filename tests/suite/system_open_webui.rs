//! The system `open-webui`: its revisions make what Open WebUI 0.5.11 makes, take over what it has made, and move it.

mod rows;

use std::collections::{BTreeMap, BTreeSet};
use std::path::{Path, PathBuf};

use rusqlite::Connection;
use serde_json::Value;
use strait::schema::{Identity, Table};

use crate::support::migrate::{asked, change};
use crate::support::open_webui::database_of;
use crate::support::place::{Place, wait};
use crate::support::{Finished, copy, fixture, strait};

const VERSION: &str = "0.5.11";
const HEAD: &str = "3781e22d8b01";

/// The application's revisions, in their order.
const REVISIONS: [&str; 15] = [
    "7e5b5dc7342b",
    "ca81bd47c050",
    "c0fbf31ca0db",
    "6a39f3d8e55c",
    "242a2047eae0",
    "1af9b942657b",
    "3ab32c4b8f59",
    "c69f45358db4",
    "c29facfe716b",
    "af906e964978",
    "4ace53fd72c8",
    "922e7a387820",
    "57c599a3cb57",
    "7826ab40b532",
    HEAD,
];

/// Tables that no revision after the first one touches.
const UNTOUCHED: [&str; 6] = ["auth", "document", "function", "memory", "migratehistory", "user"];

fn repository() -> PathBuf {
    PathBuf::from(env!("CARGO_MANIFEST_DIR"))
}

fn run(folder: &Path, verb: &[&str], place: Option<&Place>) -> Finished {
    let (folder, url) = (folder.to_str().expect("the path is UTF-8"), place.map(Place::url));
    let mut arguments = vec!["migrate"];
    arguments.extend(verb);
    arguments.extend(["--quiet", "--dir", folder]);
    arguments.extend(url.iter().flat_map(|url| ["--database-url", url]));
    strait(&arguments)
}

/// Runs a verb on the system's own revisions.
fn migrate(place: &Place, verb: &[&str]) -> Finished {
    run(&repository().join("migrations"), &[verb, &["--system", "open-webui"]].concat(), Some(place))
}

/// Runs a verb that must succeed; gives what it wrote.
fn done(place: &Place, verb: &[&str]) -> String {
    let run = migrate(place, verb);
    assert_eq!(run.status, 0, "{}: {verb:?}: {}{}", place.engine(), run.stdout, run.stderr);
    run.stdout
}

/// A database that the application has made and filled.
fn application(place: &Place) {
    if place.is_postgres() {
        let schema = std::fs::read_to_string(fixture(&format!("open-webui-{VERSION}.postgres.sql")));
        place.server().psql(&schema.expect("the schema can be read"));
        copy(&database_of(VERSION), place.server(), &[]).whole();
    } else {
        std::fs::copy(database_of(VERSION), place.path()).expect("the database can be copied");
    }
}

/// A database that the system's revisions have made.
fn made(place: Place, target: &str) -> Place {
    done(&place, &["up", target]);
    place
}

/// A database that the schema file has made, which is a portable script like another.
fn made_of_schema_file(place: Place) -> Place {
    let folder = tempfile::TempDir::new().expect("a folder can be made");
    let file = repository().join("schemas/open-webui.sql");
    std::fs::copy(file, folder.path().join("V1__schema.sql")).expect("the schema file can be copied");
    let run = run(folder.path(), &["up"], Some(&place));
    assert_eq!(run.status, 0, "{}: {}{}", place.engine(), run.stdout, run.stderr);
    place
}

/// The structure as this program reads it, whatever the order of tables and indexes and the state of numbering.
fn structure(place: &Place) -> Vec<Table> {
    let mut schema = wait(async { place.open().await.structure(None).await }).expect("the structure can be read");
    schema.tables.retain(|table| !table.name.starts_with("strait_"));
    schema.tables.sort_by(|one, next| one.name.cmp(&next.name));
    for table in &mut schema.tables {
        table.indexes.sort_by(|one, next| one.name.cmp(&next.name));
        table.uniques.sort_by_key(|unique| format!("{unique:?}"));
        for column in &mut table.columns {
            if let Some(Identity::Rowid { highest }) = &mut column.identity {
                *highest = None;
            }
        }
    }
    schema.tables
}

/// Everything that the engine's own catalogue says of tables and indexes, a line for each thing.
fn catalogue(place: &Place) -> BTreeSet<String> {
    if place.is_postgres() {
        let lines = place.server().psql(include_str!("system_open_webui/catalogue.sql"));
        return lines.lines().map(str::to_owned).collect();
    }
    let connection = Connection::open(place.path()).expect("the database can be opened");
    let sql = "select type || ' ' || name, coalesce(sql, '') from sqlite_schema \
               where tbl_name not like 'strait%' and tbl_name <> 'sqlite_sequence'";
    let mut statement = connection.prepare(sql).expect("the question can be asked");
    let line = |row: &rusqlite::Row<'_>| {
        let (name, text): (String, String) = (row.get(0)?, row.get(1)?);
        Ok(format!("{name}: {}", tokens(&text).join(" ")))
    };
    statement.query_map([], line).expect("it is asked").collect::<Result<_, _>>().expect("each row can be read")
}

/// The words and signs of a stored text; blanks alone may differ.
fn tokens(text: &str) -> Vec<String> {
    let mut tokens: Vec<String> = Vec::new();
    let mut apart = true;
    for sign in text.chars() {
        let is_word = sign.is_alphanumeric() || matches!(sign, '_' | '"' | '\'');
        match tokens.last_mut() {
            Some(last) if is_word && !apart => last.push(sign),
            _ if sign.is_whitespace() => {}
            _ => tokens.push(sign.to_string()),
        }
        apart = !is_word;
    }
    tokens
}

fn assert_same_structure(expected: &Place, found: &Place, what: &str) {
    let (engine, expected_lines, found_lines) = (expected.engine(), catalogue(expected), catalogue(found));
    let missing: Vec<_> = expected_lines.difference(&found_lines).collect();
    let strange: Vec<_> = found_lines.difference(&expected_lines).collect();
    assert!(missing.is_empty() && strange.is_empty(), "{what} on {engine}: missing {missing:#?}, strange {strange:#?}");
    assert!(expected_lines.len() > 40, "{engine}: the catalogue tells of {expected_lines:?} alone");
    let (expected, found) = (structure(expected), structure(found));
    let names = |tables: &[Table]| tables.iter().map(|table| table.name.clone()).collect::<Vec<_>>();
    assert_eq!(names(&expected), names(&found), "{what} on {engine}");
    for (expected, found) in expected.iter().zip(&found) {
        assert_eq!(expected, found, "{what} on {engine}");
    }
}

#[test]
fn the_revisions_make_exactly_what_the_application_makes() {
    for (place, fresh) in Place::both().into_iter().zip(Place::both()) {
        application(&place);
        let fresh = made(fresh, HEAD);
        assert_same_structure(&place, &fresh, "the application and the revisions");
        assert_eq!(structure(&fresh).len(), 23);
        let names = "select name from migratehistory order by id";
        assert_eq!(asked(&place, names), asked(&fresh, names), "the names by which peewee knows its migrations");
        assert_eq!(asked(&fresh, names).len(), 18);
    }
}

#[test]
fn the_schema_file_says_what_the_revisions_make() {
    for (place, fresh) in Place::both().into_iter().zip(Place::both()) {
        let (place, fresh) = (made(place, "heads"), made_of_schema_file(fresh));
        assert_same_structure(&place, &fresh, "the revisions and the schema file");
        assert_eq!(structure(&fresh).len(), 25);
    }
}

#[test]
fn every_revision_goes_up_and_down_and_up_again_with_rows_in_every_table() {
    let verb = ["test", "--system", "open-webui", "--format", "json"];
    let run = run(&repository().join("migrations"), &verb, None);
    assert_eq!(run.status, 0, "{}{}", run.stdout, run.stderr);
    let report: Value = serde_json::from_str(&run.stdout).expect("the report is JSON");
    let engines = report["engines"].as_array().expect("the report lists engines");
    assert_eq!(engines.len(), 2);
    for engine in engines {
        let revisions = engine["revisions"].as_array().expect("the report lists revisions");
        assert_eq!(revisions.len(), 16, "{engine:#}");
        for revision in revisions {
            for leg in ["up", "down", "again"] {
                assert_eq!(revision[leg]["verdict"], "ok", "{revision:#}");
            }
        }
        assert_eq!(engine["whole"]["verdict"], "ok", "{engine:#}");
        assert_eq!(engine["notices"].as_array().map(Vec::len), Some(0), "every table was filled: {engine:#}");
    }
}

#[test]
fn a_database_of_the_application_is_adopted_goes_to_the_first_revision_and_comes_back() {
    for (place, original) in Place::both().into_iter().zip(Place::both()) {
        application(&place);
        application(&original);
        let keep = ["--allow-destructive", "--bookkeeping", "alembic"];
        done(&place, &["adopt", "--bookkeeping", "alembic"]);
        let version = "select version_num from alembic_version";
        assert_eq!(asked(&place, version), [HEAD]);

        let refused = migrate(&place, &["down", REVISIONS[0]]);
        assert_eq!(refused.status, 2, "values are destroyed when that is allowed alone");
        done(&place, &[&["down", REVISIONS[0]], &keep[..]].concat());
        assert_eq!(asked(&place, version), [REVISIONS[0]]);
        assert_kept(&original, &place);
        done(&place, &[&["up", HEAD], &keep[..]].concat());
        assert_eq!(asked(&place, version), [HEAD]);
        assert_kept(&original, &place);
        assert_same_structure(&original, &place, "before and after");
        // What the older forms hold comes back as it was.
        for sql in [
            "select id, name, user_id from tag order by 1, 3",
            "select id, path, filename from file order by 1",
            "select id, user_id, title, share_id, archived, created_at, updated_at from chat order by 1",
        ] {
            assert_eq!(asked(&original, sql), asked(&place, sql), "{}: {sql}", place.engine());
        }
        done(&place, &[&["down", "base"], &keep[..]].concat());
        assert_eq!(structure(&place).len(), 0, "nothing of the application is left");
    }
}

fn assert_kept(expected: &Place, found: &Place) {
    for table in UNTOUCHED {
        let rows = |place: &Place| {
            let mut rows = asked(place, &format!("select * from \"{table}\""));
            rows.sort();
            rows
        };
        assert_eq!(rows(expected), rows(found), "{}: table {table}", found.engine());
        assert!(!rows(found).is_empty(), "{}: table {table} has no rows", found.engine());
    }
}

#[test]
fn a_database_at_any_revision_is_adopted_there_and_moved_up() {
    for (place, fresh) in Place::both().into_iter().zip(Place::both()) {
        application(&place);
        done(&place, &["adopt"]);
        let fresh = made(fresh, HEAD);
        let mut ends: BTreeMap<&str, BTreeSet<String>> = BTreeMap::new();
        for revision in REVISIONS.into_iter().rev() {
            done(&place, &["down", revision, "--allow-destructive", "--bookkeeping", "alembic"]);
            forget(&place);
            done(&place, &["adopt"]);
            assert_eq!(done(&place, &["current"]).split_whitespace().next(), Some(revision), "{}", place.engine());
            ends.insert(revision, catalogue(&place));
        }
        for revision in REVISIONS {
            forget(&place);
            done(&place, &["adopt"]);
            done(&place, &["up", revision, "--allow-destructive", "--bookkeeping", "alembic"]);
            assert_eq!(asked(&place, "select version_num from alembic_version"), [revision]);
            assert_at(&place, revision, &ends[revision]);
        }
        assert_same_structure(&fresh, &place, "a database that was moved and a fresh one");
    }
}

/// Going down and going up lead to the same place, but for what no engine can put back: PostgreSQL no column where it was,
/// and SQLite no name without quotes once a table was renamed.
fn assert_at(place: &Place, revision: &str, expected: &BTreeSet<String>) {
    let plain = |lines: &BTreeSet<String>| -> BTreeSet<String> {
        let without_place = |line: &String| match line.strip_prefix("column ").and_then(|rest| rest.split_once(' ')) {
            Some((_, rest)) => rest.to_owned(),
            None => line.replace('"', ""),
        };
        lines.iter().map(without_place).collect()
    };
    let (expected, found) = (plain(expected), plain(&catalogue(place)));
    let differing: Vec<_> = expected.symmetric_difference(&found).collect();
    assert!(differing.is_empty(), "{} at {revision}: {differing:#?}", place.engine());
}

/// Makes a database one that this program has never seen.
fn forget(place: &Place) {
    let sql = match place.is_postgres() {
        true => "drop schema strait cascade",
        false => "drop table strait_version; drop table strait_history; drop table strait_refinery_history",
    };
    change(place, sql);
}

#[test]
fn the_token_extension_is_taken_or_left() {
    for place in Place::both() {
        let tables = |place: &Place| -> Vec<String> {
            let names = structure(place).into_iter().map(|table| table.name);
            names.filter(|name| name.starts_with("user_token")).collect()
        };
        let place = made(place, HEAD);
        assert!(tables(&place).is_empty(), "{}: it was not asked for", place.engine());
        done(&place, &["up", "tokens@head"]);
        assert_eq!(tables(&place), ["user_token_limits", "user_token_usage"]);
        change(
            &place,
            "insert into user_token_usage (user_id, model_id, date, created_at) values ('u', 'm', '2025-01-31', 1738281600)",
        );
        let usage = "select id, prompt_tokens, completion_tokens, total_tokens from user_token_usage";
        assert_eq!(asked(&place, usage), ["1|0|0|0"], "{}: rows are numbered", place.engine());
        done(&place, &["down", "tokens@base", "--allow-destructive"]);
        assert!(tables(&place).is_empty());
        assert_eq!(structure(&place).len(), 23, "{}: the application stays", place.engine());
        assert!(done(&place, &["current"]).contains(HEAD));
    }
    for place in Place::both() {
        let place = made(place, "tokens@head");
        assert_eq!(structure(&place).len(), 16, "{}: it brings what it depends on", place.engine());
        done(&place, &["up"]);
        assert_eq!(structure(&place).len(), 25, "{}", place.engine());
    }
}

#[test]
fn alembic_s_table_is_true_without_being_asked_for_and_never_tells_of_the_tokens() {
    for place in Place::both() {
        let version = |expected: &[&str]| {
            let found = asked(&place, "select version_num from alembic_version");
            assert_eq!(found, expected, "{}", place.engine());
        };
        done(&place, &["up", "tokens@head"]);
        version(&[REVISIONS[0]]);
        done(&place, &["up", REVISIONS[1]]);
        version(&[REVISIONS[1]]);
        let told = done(&place, &["up"]);
        version(&[HEAD]);
        assert!(!told.contains("note:"), "neither Alembic's table nor peewee's needs a word: {told}");
        done(&place, &["down", "922e7a387820"]);
        version(&["922e7a387820"]);
        done(&place, &["down", "tokens@base"]);
        version(&["922e7a387820"]);
        done(&place, &["up"]);
        version(&[HEAD]);
        assert!(!done(&place, &["status"]).contains("problem:"));
        // What the application would have done itself.
        change(&place, "update alembic_version set version_num = '57c599a3cb57'");
        let refused = migrate(&place, &["down", "7826ab40b532"]);
        assert!(refused.stderr.contains("57c599a3cb57"), "{}{}", refused.stdout, refused.stderr);
    }
}

#[test]
fn an_edited_revision_is_repaired_on_the_evidence_of_every_table() {
    for place in Place::both() {
        let place = made(place, HEAD);
        let history = if place.is_postgres() { "strait.history" } else { "strait_history" };
        change(&place, &format!("update {history} set checksum = 'another' where revision = '{HEAD}'"));
        let looked = migrate(&place, &["repair"]);
        assert_eq!(looked.status, 1, "{}{}", looked.stdout, looked.stderr);
        assert!(looked.stdout.contains("evidence: tables"), "{}: {}", place.engine(), looked.stdout);
        let told = done(&place, &["repair", "--yes", "--accept-unseen"]);
        assert!(told.contains("were set right"), "{}: {told}", place.engine());
    }
}
