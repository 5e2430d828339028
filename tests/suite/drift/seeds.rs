//! The folder check holds the first rows of a schema file to the revisions, and says what to do with files.

use super::{drift, path};
use crate::support::migrate::Revisions;
use crate::support::strait;

const TABLE: &str = "create table kinds (id bigint primary key, name text not null, made timestamp not null);\n";

fn insert(id: u32, name: &str) -> String {
    format!("insert into kinds (id, name, made) values ({id}, '{name}', current_timestamp) on conflict do nothing;\n")
}

#[test]
fn rows_that_only_one_of_file_and_folder_inserts_are_counted() {
    let up = format!("{TABLE}{}{}", insert(1, "one"), insert(2, "two"));
    let revisions = Revisions::of([("V0001__kinds.sql", up.as_str()), ("V0001__kinds.down.sql", "drop table kinds;")]);
    let files = Revisions::of([("app.sql", format!("-- strait schema 1\n{up}"))]);
    let (folder, file) = (revisions.path(), files.path().join("app.sql"));
    let flags = ["--folder", "--dir", path(&folder), "--schema", path(&file)];
    let (status, told) = drift(&flags);
    assert_eq!((status, told["problems"].to_string().as_str()), (0, "[]"), "{told:#}");
    let other = format!("-- strait schema 1\n{TABLE}{}{}{}", insert(1, "one"), insert(2, "other"), insert(3, "three"));
    files.write("app.sql", &other);
    let (status, told) = drift(&flags);
    let problems: Vec<&str> =
        told["problems"].as_array().expect("a list").iter().filter_map(|one| one.as_str()).collect();
    assert_eq!((status, problems.len()), (1, 4), "on both engines, twice: {told:#}");
    for engine in ["SQLite", "PostgreSQL"] {
        let sentence = format!(
            "rows of table kinds on {engine}: 2 of the 3 that the schema file inserts are missing, and 1 are there that the schema \
             file does not insert;"
        );
        assert!(problems.iter().any(|one| one.starts_with(&sentence)), "{problems:#?}");
    }
    assert!(!told.to_string().contains("three"), "no value is shown");
}

#[test]
fn what_a_folder_and_its_file_differ_in_is_mended_in_files() {
    let revisions = Revisions::of([("V0001__a.sql", "create table a (id int primary key, n text);\n")]);
    let files = Revisions::of([("app.sql", "-- strait schema 1\ncreate table a (id int primary key, m text);\n")]);
    let (folder, file) = (revisions.path(), files.path().join("app.sql"));
    let flags = ["--folder", "--dir", path(&folder), "--schema", path(&file)];
    let run = strait(&[&["drift"], &flags[..]].concat());
    assert_eq!(run.status, 1, "{}", run.stderr);
    assert!(
        run.stdout.contains("| -- add it to the schema file, or write a revision that takes it away"),
        "{}",
        run.stdout
    );
    assert!(run.stdout.contains("| -- destructive: its values go with it"), "{}", run.stdout);
    assert!(
        run.stdout.contains("| -- write a revision that makes it, or take it out of the schema file"),
        "{}",
        run.stdout
    );
    let sarif = strait(&[&["drift", "--format", "sarif"], &flags[..]].concat()).stdout;
    for engine in ["SQLite", "PostgreSQL"] {
        assert!(sarif.contains(&format!("{engine}|column/missing|a.m")), "{sarif}");
    }
    let github = strait(&[&["drift", "--format", "github"], &flags[..]].concat()).stdout;
    assert!(github.contains("(SQLite): a.m is missing") && github.contains("(PostgreSQL): a.m is missing"), "{github}");
}
