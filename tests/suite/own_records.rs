//! refinery on both engines, and what strait itself remembers in a database with its help.

use std::time::Duration;

use refinery::{Migration, Runner};
use strait::database::refinery::ForRefinery;
use strait::database::{Access, Begin, Database, DatabaseError, Location};
use strait::migrate::graph::VersionChange;
use strait::migrate::state::{self, Outcome, Record, Recorded};

use crate::support::place::{Place, ask, run, told, wait};
use crate::support::{Source, copy};

fn script(name: &str, sql: &str) -> Migration {
    Migration::unapplied(name, sql).expect("it has a good name")
}

async fn refine(database: &mut Database, scripts: &[Migration]) -> Result<usize, refinery::Error> {
    let report = Runner::new(scripts).run_async(&mut ForRefinery(database)).await?;
    Ok(report.applied_migrations().len())
}

const COUNT: &str = "select count(*) from refinery_schema_history";

#[test]
fn refinery_runs_what_is_missing_and_tells_what_was_edited() {
    let first = script("V1__users", "create table users (id integer); insert into users values (1);");
    let second = script("V2__email", "alter table users add email text");
    for place in Place::both() {
        wait(async {
            let mut database = place.open().await;
            assert_eq!(refine(&mut database, std::slice::from_ref(&first)).await.expect("it runs"), 1);
            assert_eq!(refine(&mut database, &[first.clone(), second.clone()]).await.expect("it runs"), 1);
            assert_eq!(refine(&mut database, &[first.clone(), second.clone()]).await.expect("it runs"), 0);
            assert_eq!(ask(&mut database, "select id, email from users").await, ["1|NULL"]);
            let edited = script("V1__users", "create table users (id integer);");
            let error = refine(&mut database, &[edited, second.clone()]).await.expect_err("it was edited");
            assert!(error.to_string().contains("V1__users is different"), "{error}");
            run(&mut database, "update refinery_schema_history set checksum = '-'").await;
            let error = refine(&mut database, &[first.clone(), second.clone()]).await.expect_err("it cannot be read");
            assert!(told(&error).contains("no number of 64 bits"), "{}", told(&error));
        });
    }
}

#[test]
fn a_script_of_refinery_that_fails_leaves_nothing_of_itself() {
    let scripts = [
        script("V1__good", "create table good (id integer)"),
        script("V2__bad", "create table bad (id integer);\ninsert into nosuch values (1);"),
    ];
    for place in Place::both() {
        wait(async {
            let mut database = place.open().await;
            let error = refine(&mut database, &scripts).await.expect_err("the second fails");
            assert!(told(&error).contains("nosuch"), "{}", told(&error));
            assert_eq!(error.report().map(|report| report.applied_migrations().len()), Some(1));
            assert!(!database.in_transaction());
            assert_eq!(ask(&mut database, COUNT).await, ["1"]);
            run(&mut database, "create table bad (id integer)").await;
        });
    }
}

#[test]
fn in_a_transaction_of_the_caller_refinery_commits_nothing() {
    let scripts =
        [script("V1__one", "create table one (id integer)"), script("V2__two", "create table two (id integer)")];
    for place in Place::both() {
        wait(async {
            let mut database = place.open().await;
            database.begin(Begin::default()).await.expect("a transaction begins");
            assert_eq!(refine(&mut database, &scripts).await.expect("it runs"), 2);
            database.rollback().await.expect("it rolls back");
            database.begin(Begin::default()).await.expect("a transaction begins");
            assert_eq!(refine(&mut database, &scripts).await.expect("nothing of it was there"), 2);
            database.commit().await.expect("it commits");
            assert_eq!(ask(&mut database, COUNT).await, ["2"]);
        });
    }
}

async fn remembered(database: &mut Database) -> Vec<String> {
    state::read_versions(database).await.expect("they can be read")
}

#[test]
fn our_tables_are_made_once_and_looking_for_them_makes_none() {
    for place in Place::both() {
        wait(async {
            let mut database = place.open().await;
            assert!(!state::exists(&mut database).await.expect("it can be asked"));
            let tables = match place.files().is_empty() {
                true => "select count(*) from pg_namespace where nspname = 'strait'",
                false => "select count(*) from sqlite_schema",
            };
            assert_eq!(ask(&mut database, tables).await, ["0"]);
            // Inside a transaction of the caller they are the caller's.
            database.begin(Begin::default()).await.expect("a transaction begins");
            state::ensure(&mut database).await.expect("they are made");
            assert!(state::exists(&mut database).await.expect("it can be asked"));
            database.rollback().await.expect("it rolls back");
            assert_eq!(ask(&mut database, tables).await, ["0"]);
            for _ in 0..2 {
                state::ensure(&mut database).await.expect("they are made, or there");
                assert!(state::exists(&mut database).await.expect("it can be asked"));
            }
            database.close().await;
            let mut reader = place.try_open(Access::Read).await.expect("it is there");
            assert!(remembered(&mut reader).await.is_empty());
            assert!(state::read_history(&mut reader).await.expect("it can be read").is_empty());
        });
    }
}

#[test]
fn version_rows_move_as_the_planner_says() {
    let change = |delete: &[&str], update: Option<(&str, &str)>, insert: &[&str]| VersionChange {
        delete: delete.iter().map(|row| (*row).to_owned()).collect(),
        insert: insert.iter().map(|row| (*row).to_owned()).collect(),
        update: update.map(|(from, to)| (from.to_owned(), to.to_owned())),
    };
    for place in Place::both() {
        wait(async {
            let mut database = place.open().await;
            state::ensure(&mut database).await.expect("they are made");
            let steps = [
                (change(&[], None, &["b", "A", "a"]), vec!["A", "a", "b"]),
                (change(&["A", "a"], Some(("b", "merge")), &[]), vec!["merge"]),
                (change(&["merge"], None, &["b"]), vec!["b"]),
            ];
            for (change, after) in steps {
                state::write_versions(&mut database, &change).await.expect("they are moved");
                assert_eq!(remembered(&mut database).await, after);
            }
            for change in [change(&["gone"], None, &[]), change(&[], Some(("gone", "c")), &[])] {
                let error = state::write_versions(&mut database, &change).await.expect_err("there is no such row");
                assert!(matches!(error, DatabaseError::NoVersionRow { .. }), "{error:?}");
            }
        });
    }
}

#[test]
fn the_history_is_read_as_it_was_written() {
    let records = [
        Record::new("0001", Recorded::Up, Outcome::Started).with_checksum("ab12"),
        Record::new("0001", Recorded::Up, Outcome::Begun).at_statement(Some(2)),
        Record::new("0001", Recorded::Up, Outcome::Done)
            .with_duration(Duration::from_millis(1234))
            .with_note("it's 'ü'"),
        Record::new("0002", Recorded::Unstamp, Outcome::Done),
    ];
    for place in Place::both() {
        wait(async {
            let mut database = place.open().await;
            state::ensure(&mut database).await.expect("they are made");
            if place.files().is_empty() {
                run(&mut database, "set timezone = 'Asia/Kathmandu'; set datestyle = 'German'").await;
            }
            for record in &records {
                state::append_history(&mut database, record).await.expect("it is written");
            }
            let user = database.user().await.expect("it has a user");
            let expected = records.clone().map(|record| Record { applied_by: Some(user.clone()), ..record });
            assert_eq!(state::read_history(&mut database).await.expect("it can be read"), expected);
        });
    }
}

#[test]
fn a_newer_program_s_records_are_left_alone() {
    for place in Place::both() {
        wait(async {
            let mut database = place.open().await;
            state::ensure(&mut database).await.expect("they are made");
            let (refined, history) = match place.files().is_empty() {
                true => ("strait.refinery_schema_history", "strait.history"),
                false => ("strait_refinery_history", "strait_history"),
            };
            let record = Record::new("0001", Recorded::Up, Outcome::Done);
            state::append_history(&mut database, &record).await.expect("it is written");
            run(&mut database, &format!("update {history} set way = 'sideways'")).await;
            let error = state::read_history(&mut database).await.expect_err("it is not known");
            assert!(error.to_string().contains("upgrade this one"), "{error}");
            let newer = format!("insert into {refined} select 99, name, applied_on, checksum from {refined}");
            run(&mut database, &newer).await;
            let error = state::ensure(&mut database).await.expect_err("it is newer");
            assert!(matches!(error, DatabaseError::Newer { .. }), "{error:?}");
        });
    }
}

#[test]
fn runners_that_come_at_once_make_the_tables_once() {
    for place in Place::both() {
        wait(async {
            let runners = (0..6).map(|_| {
                let location = place.location.clone();
                tokio::spawn(async move {
                    let mut database = Database::open(&location, Access::Write).await.expect("it opens");
                    database.lock(Duration::from_secs(20), "migrate up").await.expect("its turn comes");
                    state::ensure(&mut database).await.expect("they are made, or there");
                    database.unlock().await.expect("it is let go of");
                })
            });
            for runner in runners.collect::<Vec<_>>() {
                runner.await.expect("it does not panic");
            }
            let mut database = place.open().await;
            assert!(state::exists(&mut database).await.expect("it can be asked"));
        });
    }
}

#[test]
fn a_crossing_and_the_runner_keep_their_notes_in_one_schema() {
    let source = Source::from_sql("create table t (id integer primary key); insert into t values (1)");
    for copy_first in [true, false] {
        let place = Place::postgres();
        let make = || {
            wait(async {
                let mut database = place.open().await;
                state::ensure(&mut database).await.expect("they are made");
                assert!(state::exists(&mut database).await.expect("it can be asked"));
            });
        };
        if copy_first {
            copy(&source.path(), place.server(), &[]).whole();
            make();
        } else {
            make();
            copy(&source.path(), place.server(), &[]).whole();
        }
    }
}

#[test]
fn a_role_that_may_not_create_schemas_is_told_what_an_administrator_does() {
    let place = Place::postgres();
    let role = format!("{}_guest", place.server().name());
    place.server().psql(&format!("create role {role} login"));
    let url = place.url().replacen("postgres@", &format!("{role}@"), 1);
    let location = Location::parse(&url).expect("it is a location");
    wait(async {
        let mut database = Database::open(&location, Access::Write).await.expect("it opens");
        let error = state::ensure(&mut database).await.expect_err("it has no right");
        let advice = format!("create schema strait authorization \"{role}\"");
        assert!(told(&error).contains(&advice) && told(&error).contains("permission denied"), "{}", told(&error));
        assert!(!database.in_transaction() && !state::exists(&mut database).await.expect("it can be asked"));
        place.server().psql(&advice);
        state::ensure(&mut database).await.expect("they are made");
    });
    place.server().psql(&format!("drop owned by {role}; drop role {role}"));
}
