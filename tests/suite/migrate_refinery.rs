//! refinery itself and the runner on one database: what the one has run the other goes on with, and back.

use refinery::{Migration, Runner};
use serde_json::{Value, json};
use strait::database::refinery::ForRefinery;

use crate::support::migrate::{Revisions, asked, change, picture};
use crate::support::place::{Place, wait};
use crate::support::strait;

/// Scripts as refinery itself knows them.
fn migrations(files: &[(&str, &str)]) -> Vec<Migration> {
    files.iter().map(|(name, sql)| Migration::unapplied(name, sql).expect("it is a name of refinery's")).collect()
}

/// Runs refinery itself; tells which scripts it ran, or what it refuses.
fn refinery_runs(place: &Place, files: &[(&str, &str)]) -> Result<Vec<String>, String> {
    wait(async {
        let mut database = place.open().await;
        let report = Runner::new(&migrations(files)).run_async(&mut ForRefinery(&mut database)).await;
        let ran = report.map_err(|error| error.to_string());
        ran.map(|report| report.applied_migrations().iter().map(ToString::to_string).collect())
    })
}

/// Runs the program as a user of refinery would first try it: the folder and the URL.
fn plainly(revisions: &Revisions, place: &Place, verb: &[&str]) -> String {
    let (folder, url) = (revisions.path(), place.url());
    let arguments = ["--dir", folder.to_str().expect("the path is UTF-8"), "--database-url", &url];
    let run = strait(&[&["migrate"], verb, &arguments].concat());
    assert_eq!(run.status, 0, "{verb:?}: {}{}", run.stdout, run.stderr);
    format!("{}{}", run.stdout, run.stderr)
}

/// Files as they are written for the refinery CLI, in an engine's own SQL.
fn files_of_refinery(place: &Place) -> [(&'static str, &'static str); 4] {
    let first = match place.is_postgres() {
        true => "CREATE TABLE persons (id serial PRIMARY KEY, name varchar(255), tags text[] DEFAULT '{}');",
        false => "CREATE TABLE persons (id INTEGER PRIMARY KEY AUTOINCREMENT, name TEXT, tags);",
    };
    [
        ("V1__persons", first),
        (
            "V2__cars",
            "CREATE TABLE cars (id INTEGER PRIMARY KEY, name VARCHAR(255));\nINSERT INTO cars VALUES (1, 'a;b');\n",
        ),
        ("U3__index", "CREATE INDEX cars_name ON cars (name);\n"),
        ("V4__year", "ALTER TABLE cars ADD COLUMN year INTEGER;"),
    ]
}

fn folder(files: &[(&str, &str)]) -> Revisions {
    Revisions::of(files.iter().map(|(name, text)| (format!("{name}.sql"), *text)))
}

#[test]
fn a_database_of_refinery_is_taken_over_gone_on_with_and_given_back() {
    for place in Place::both() {
        let files = files_of_refinery(&place);
        assert_eq!(refinery_runs(&place, &files[..3]).map(|ran| ran.len()), Ok(3));
        let revisions = folder(&files);
        let adopted: Value =
            serde_json::from_str(&plainly(&revisions, &place, &["adopt", "--format", "json"])).expect("JSON");
        assert_eq!(adopted["after"], json!(["V2__cars"]));
        assert_eq!(revisions.states(&place), "aapa", "the one beside the line is told of last");
        plainly(&revisions, &place, &["up", "--bookkeeping", "refinery"]);
        assert_eq!(revisions.states(&place), "aaaa");
        assert_eq!(refinery_runs(&place, &files), Ok(vec![]), "it sees nothing to do, and no divergence");
    }
}

#[test]
fn what_refinery_ran_meanwhile_is_taken_over_again() {
    for place in Place::both() {
        let files = files_of_refinery(&place);
        let revisions = folder(&files);
        plainly(&revisions, &place, &["up", "V2__cars", "--bookkeeping", "refinery"]);
        assert_eq!(refinery_runs(&place, &files).map(|ran| ran.len()), Ok(1), "the one that is left");
        let error = revisions.refused(&place, &["up", "--bookkeeping", "refinery"]);
        assert!(error.contains("tells of V4__year, which strait's own records do not"), "{error}");
        plainly(&revisions, &place, &["adopt"]);
        assert_eq!(revisions.states(&place), "aaaa");
    }
}

#[test]
fn a_folder_of_refinery_or_of_plain_sql_is_run_as_it_is() {
    for place in Place::both() {
        let revisions = folder(&files_of_refinery(&place));
        let told = plainly(&revisions, &place, &["up"]);
        assert!(told.contains("are taken as"), "{told}");
        assert_eq!(revisions.states(&place), "aaaa");
        assert_eq!(asked(&place, "select name from cars"), ["a;b"]);
    }
    for place in Place::both() {
        let revisions = folder(&[
            ("V1__notes", "create table notes (id int primary key, body text not null);"),
            ("V2__first", "insert into notes values (1, 'one');\ncreate index notes_body on notes (body);"),
        ]);
        let told = plainly(&revisions, &place, &["up"]);
        assert!(!told.contains("note:"), "it is portable: {told}");
        assert_eq!(asked(&place, "select body from notes"), ["one"]);
    }
}

#[test]
fn rows_of_refinery_are_its_own_after_downs_stamps_and_late_numbers() {
    for place in Place::both() {
        let files = [
            ("V1__a", "create table a (id int);"),
            ("V2__b", "create table b (id int);"),
            ("V3__c", "create table c (id int);"),
        ];
        let revisions = folder(&files);
        files.iter().for_each(|(name, _)| {
            revisions.write(&format!("{name}.down.sql"), &format!("drop table {};", &name[4..]));
        });
        let run = |verb: &[&str]| revisions.done(&place, &[verb, &["--bookkeeping", "refinery"]].concat());
        run(&["up"]);
        run(&["down", "-2"]);
        assert_eq!(refinery_runs(&place, &files[..1]), Ok(vec![]));
        run(&["up", "+1"]);
        run(&["stamp", "heads"]);
        assert_eq!(refinery_runs(&place, &files), Ok(vec![]));
        run(&["stamp", "V1__a"]);
        assert_eq!(asked(&place, "select version, name from refinery_schema_history"), ["1|a"]);
    }
}

#[test]
fn a_history_of_refinery_with_other_checksums_is_not_taken_over() {
    for place in Place::both() {
        let files = files_of_refinery(&place);
        refinery_runs(&place, &files).expect("it runs");
        let revisions = folder(&files);
        revisions.write("V2__cars.sql", "CREATE TABLE cars (id INTEGER PRIMARY KEY);");
        let before = picture(&place);
        let error = revisions.refused(&place, &["adopt"]);
        assert!(error.contains("the checksums that refinery recorded are not those of V2__cars.sql"), "{error}");
        assert_eq!(picture(&place), before);
        // A checkout with other line ends is the same text, for refinery's table too.
        revisions.write("V2__cars.sql", &files[1].1.replace('\n', "\r\n"));
        plainly(&revisions, &place, &["adopt"]);
        revisions.write("V5__more.sql", "create table more (id int);");
        plainly(&revisions, &place, &["up", "--bookkeeping", "refinery"]);
        assert_eq!(revisions.states(&place), "aaaaa");
    }
}

#[test]
fn a_table_of_refinery_with_wide_numbers_takes_them_and_a_narrow_one_says_so() {
    for place in Place::both() {
        let revisions = folder(&[("V20261120120000__a", "create table a (id int);")]);
        let error = revisions.refused(&place, &["up", "--bookkeeping", "refinery"]);
        assert!(error.contains("beyond 32 bits; widen the column `version` to bigint"), "{error}");
        change(
            &place,
            "create table refinery_schema_history (version int8 primary key, name varchar(255), applied_on varchar(255), \
             checksum varchar(255))",
        );
        revisions.done(&place, &["up", "--bookkeeping", "refinery"]);
        assert_eq!(asked(&place, "select version, name from refinery_schema_history"), ["20261120120000|a"]);
    }
}
