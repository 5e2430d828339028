//! The folder check, which needs no database of the user's; and a revision made from the difference to a schema file.

use serde_json::json;

use super::{POSTS, USERS, drift, drift_of, migrate, path, portable, sentences};
use crate::support::migrate::{Revisions, asked};
use crate::support::place::Place;
use crate::support::strait;

#[test]
fn a_folder_makes_what_its_schema_file_says_and_makes_it_again() {
    let revisions = portable();
    let files = Revisions::of([("app.sql", format!("-- strait schema 1\n{USERS}{POSTS}"))]);
    let (folder, file) = (revisions.path(), files.path().join("app.sql"));
    let flags = ["--folder", "--dir", path(&folder), "--schema", path(&file)];
    let (status, told) = drift(&flags);
    assert_eq!((status, sentences(&told)), (0, vec![]), "{told:#}");
    let comparisons = told["comparisons"].as_array().expect("comparisons");
    let engines: Vec<_> = comparisons.iter().map(|one| one["engine"].as_str().expect("an engine")).collect();
    assert_eq!(engines, ["sqlite", "sqlite", "sqlite", "postgres", "postgres", "postgres"]);
    files.write("app.sql", &format!("-- strait schema 1\n{}{POSTS}", USERS.replace("varchar(40)", "varchar(50)")));
    let (status, told) = drift(&[&flags[..], &["--engine", "sqlite"]].concat());
    assert_eq!(status, 1);
    assert!(sentences(&told).iter().any(|sentence| sentence.starts_with("users")), "{told:#}");
    assert_eq!(told["comparisons"].as_array().map(Vec::len), Some(3));
}

#[test]
fn what_a_way_down_leaves_behind_is_named() {
    let revisions = portable();
    revisions.write("V0003__tags.sql", "create table tags (id int primary key);");
    revisions.write("V0003__tags.down.sql", "alter table tags rename to old_tags;");
    let folder = revisions.path();
    let (status, told) = drift(&["--folder", "--dir", path(&folder), "--engine", "sqlite"]);
    let comparison = &told["comparisons"][0];
    assert_eq!(status, 1);
    assert!(comparison["found"].as_str().is_some_and(|found| found.ends_with("taken down to base")), "{told:#}");
    assert!(sentences(&told).contains(&"table old_tags is there and should not be"), "{told:#}");
    assert!(told["notices"][0].to_string().contains("no schema file"), "{told:#}");
}

#[test]
fn what_cannot_be_taken_back_is_said() {
    let revisions = Revisions::of([("V0001__t.sql", "-- irreversible: no way\ncreate table t (id int primary key);")]);
    let files = Revisions::of([("app.sql", "-- strait schema 1\ncreate table t (id int primary key);")]);
    let (folder, file) = (revisions.path(), files.path().join("app.sql"));
    let (status, told) = drift(&["--folder", "--dir", path(&folder), "--schema", path(&file), "--engine", "sqlite"]);
    assert_eq!(status, 0, "{told:#}");
    assert!(told["notices"][0].to_string().contains("no way"), "{told:#}");
}

#[test]
fn a_generated_revision_leads_to_the_schema_file_and_back() {
    let wanted = format!(
        "-- strait schema 1\n{}{}create table tags (post bigint references posts (id), tag text not null, primary key \
         (post, tag));\ncreate unique index tags_tag on tags (tag);\n",
        USERS.replace("varchar(40)", "varchar(50)"),
        POSTS.replace("body text default ''", "body text, at timestamp"),
    );
    for place in Place::both() {
        let revisions = super::applied(&place);
        let files = Revisions::of([("app.sql", &wanted)]);
        let (folder, file) = (revisions.path(), files.path().join("app.sql"));
        let run = strait(&["migrate", "autogenerate", "more", "--schema", path(&file), "--dir", path(&folder)]);
        assert_eq!(run.status, 0, "{}", run.stderr);
        let (status, told) = drift_of(&revisions, &place, &[]);
        assert_eq!((status, &told["comparisons"][0]["pending"]), (1, &json!(["V0003__more"])), "{told:#}");
        migrate(&revisions, &place, &["up"]);
        let declared = drift(&["--schema", path(&file), "--database-url", &place.url()]);
        assert_eq!((declared.0, sentences(&declared.1)), (0, vec![]), "{:#}", declared.1);
        assert_eq!(drift_of(&revisions, &place, &[]).0, 0);
        migrate(&revisions, &place, &["down"]);
        let (_, told) = drift_of(&revisions, &place, &[]);
        assert_eq!(sentences(&told), [""; 0], "the old state is back");
        assert_eq!(asked(&place, "select count(*) from users"), ["0"]);
    }
}
