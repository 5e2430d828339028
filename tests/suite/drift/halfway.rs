//! A database between two revisions of its folder is not compared: whoever reads is told how to go on.

use super::{drift_of, migrate, path, portable, refused, sentences};
use crate::support::migrate::Revisions;
use crate::support::place::Place;
use crate::support::strait;

/// What is said of a database that cannot be compared with its records; that advises to drop nothing.
fn refused_of(revisions: &Revisions, place: &Place) -> String {
    let (folder, url) = (revisions.path(), place.url());
    let said = refused(&["--dir", path(&folder), "--database-url", &url]);
    assert!(!said.contains("drop table"), "{said}");
    said
}

#[test]
fn a_revision_that_was_interrupted_is_named_before_anything_is_compared() {
    for place in Place::both() {
        let interrupted = |second: &str| {
            ["sqlite", "postgres"].map(|engine| {
                let text =
                    format!("-- transaction: none\ncreate table made (id int);\ncreate table {second} (id int);\n");
                (format!("V0002__b.{engine}.sql"), text)
            })
        };
        let revisions = Revisions::of([("V0001__a.sql", "create table a (id bigint);\n")]);
        interrupted("made").iter().for_each(|(name, text)| revisions.write(name, text));
        let (folder, url) = (revisions.path(), place.url());
        let up = strait(&["migrate", "up", "--dir", path(&folder), "--database-url", &url]);
        assert_eq!(up.status, 2, "{}{}", up.stdout, up.stderr);

        let said = refused_of(&revisions, &place);
        for word in
            ["in the middle of V0002__b", "on its way up after 1 ", "`strait migrate up`", "`strait migrate repair`"]
        {
            assert!(said.contains(word), "{word} is not in: {said}");
        }

        interrupted("other").iter().for_each(|(name, text)| revisions.write(name, text));
        migrate(&revisions, &place, &["up"]);
        let (status, told) = drift_of(&revisions, &place, &[]);
        assert_eq!((status, sentences(&told)), (0, vec![]), "{told:#}");
    }
}

#[test]
fn a_database_below_a_squash_is_told_to_come_up_to_it_first() {
    for place in Place::both() {
        let revisions = portable();
        migrate(&revisions, &place, &["up", "+1"]);
        let folder = revisions.path();
        let squash = strait(&["migrate", "squash", "--dir", path(&folder), "--lose-down"]);
        assert_eq!(squash.status, 0, "{}{}", squash.stdout, squash.stderr);
        let said = refused_of(&revisions, &place);
        for word in ["is at V0001__users", "squashed into V0002__posts", "with the old files", "--schema FILE"] {
            assert!(said.contains(word), "{word} is not in: {said}");
        }
    }
}
