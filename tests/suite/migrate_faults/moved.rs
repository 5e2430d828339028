//! A database that somebody else moves during a run, and several heads.

use strait::event::{Event, Observer};
use strait::migrate::graph::{Target, Way};
use strait::migrate::{MigrateError, Migrator};

use super::assert_says;
use crate::support::migrate::{Revisions, asked, change, picture};
use crate::support::place::{Place, wait};

/// Somebody who moves the database just before a revision runs.
struct Meddler<'p> {
    place: &'p Place,
    before: &'static str,
    change: &'static str,
}

impl Observer for Meddler<'_> {
    fn notice(&self, event: &Event<'_>) {
        if let Event::StepStarted { revision, .. } = event
            && *revision == self.before
        {
            change(self.place, self.change);
        }
    }
}

#[test]
fn a_database_that_somebody_moves_between_two_steps_is_left_alone() {
    for place in Place::both() {
        let version = if place.is_postgres() { "strait.version" } else { "strait_version" };
        let delete: &'static str = format!("delete from {version}").leak();
        let insert: &'static str = format!("insert into {version} values ('elsewhere')").leak();
        for (moved, found) in [(delete, "base"), (insert, "elsewhere")] {
            change(&place, "drop table if exists a; drop table if exists b");
            let revisions = Revisions::of([
                ("V0001__a.sql", "create table a (id int);"),
                ("V0002__b.sql", "create table b (id int);"),
            ]);
            let migrator = Migrator::from_folder(&revisions.path()).expect("the folder is in order");
            let meddler = Meddler { place: &place, before: "V0002__b", change: moved };
            let heads = Target::heads();
            let error = wait(migrator.run(&place.location, Way::Up, &heads, &meddler)).expect_err("it was moved");
            assert!(matches!(error, MigrateError::Moved { .. }), "{error:?}");
            assert_says(
                &error.to_string(),
                &["was moved by another program", "expected at V0001__a", found, "nothing of V0002__b was kept"],
            );
            let tables = match place.is_postgres() {
                true => "select tablename from pg_tables where schemaname = 'public'",
                false => "select name from sqlite_schema where type = 'table' and name in ('a', 'b')",
            };
            assert_eq!(asked(&place, tables), ["a"]);
            assert_eq!(revisions.history(&place).last().map(String::as_str), Some("V0001__a up done"));
            change(&place, &format!("delete from {version}"));
        }
    }
}

#[test]
fn a_script_that_moves_the_version_table_itself_is_taken_back() {
    for place in Place::both() {
        let version = if place.is_postgres() { "strait.version" } else { "strait_version" };
        let revisions = Revisions::of([
            ("V0001__a.sql", "create table a (id int);".to_owned()),
            ("V0002__b.sql", format!("create table b (id int); delete from {version} where revision = 'V0001__a';")),
        ]);
        revisions.done(&place, &["up", "+1"]);
        let before = picture(&place);
        let error = revisions.refused(&place, &["up", "--allow-destructive"]);
        assert_says(&error, &["stands at base and was expected at V0001__a", "nothing of V0002__b was kept"]);
        assert_eq!(picture(&place), before);
    }
}

#[test]
fn several_heads_are_brought_up_together_and_a_failure_of_one_keeps_the_other() {
    for place in Place::both() {
        let revisions = Revisions::of([
            ("V0001__a.sql", "create table a (id int);"),
            ("V0002__b.sql", "-- down_revision: V0001__a\ninsert into nosuch values (1);"),
            ("V0003__c.sql", "-- down_revision: V0001__a\ncreate table c (id int);"),
            ("V0004__m.sql", "-- down_revision: V0002__b, V0003__c\ncreate table m (id int);"),
        ]);
        let error = revisions.refused(&place, &["up", "heads"]);
        assert_says(&error, &["V0002__b.sql:2:", "nothing of V0002__b was kept"]);
        let current = revisions.status(&place)["current"].clone();
        assert_eq!(current, serde_json::json!(["V0003__c"]));
        revisions.write("V0002__b.sql", "-- down_revision: V0001__a\ncreate table b (id int);");
        revisions.done(&place, &["up", "heads"]);
        assert_eq!(revisions.status(&place)["current"], serde_json::json!(["V0004__m"]));
    }
}
