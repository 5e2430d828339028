//! Opening a database of either engine: what is in the way is told, and looking leaves nothing behind.

use std::path::Path;
use std::process::Command;

use strait::database::{Access, Begin, Database, DatabaseError, Location};
use strait::schema::Engine;

use crate::support::place::{Place, ask, run, told, wait};

async fn refused(place: &Place, access: Access) -> String {
    match place.try_open(access).await {
        Ok(_) => panic!("it was opened"),
        Err(error) => told(&error),
    }
}

#[test]
fn looking_at_a_file_that_is_not_there_makes_none() {
    let place = Place::sqlite();
    wait(async {
        let error = place.try_open(Access::Read).await.err().expect("it is not there");
        assert!(matches!(error, DatabaseError::Absent { .. }), "{error:?}");
        assert_eq!(place.files(), Vec::<String>::new());
        let database = place.open().await;
        database.close().await;
        assert_eq!(place.files(), ["app.db"]);
    });
}

#[test]
fn looking_changes_nothing() {
    for place in Place::both() {
        wait(async {
            let mut database = place.open().await;
            run(&mut database, "create table t (id integer)").await;
            database.close().await;
            let mut reader = place.try_open(Access::Read).await.expect("it is there");
            if place.files().is_empty() {
                reader.begin(Begin { read_only: true, ..Begin::default() }).await.expect("a transaction begins");
            }
            let error = reader.run("insert into t values (1)").await.expect_err("it only reads");
            assert!(error.message.to_lowercase().replace('-', "").contains("readonly"), "{error:?}");
            reader.rollback().await.expect("it rolls back");
            assert_eq!(ask(&mut reader, "select count(*) from t").await, ["0"]);
            reader.close().await;
            assert!(place.files().iter().all(|name| name == "app.db"), "{:?}", place.files());
        });
    }
}

#[test]
fn a_database_tells_what_it_is() {
    for place in Place::both() {
        wait(async {
            let mut database = place.open().await;
            let version = database.server_version().await.expect("it has a version");
            match database.engine() {
                Engine::Sqlite => assert!(version.starts_with("3."), "{version}"),
                Engine::Postgres => {
                    assert!(version.starts_with(&place.server().server().major_version().to_string()), "{version}");
                    assert_eq!(
                        database.user().await.expect("it has a role"),
                        place.server().psql("select current_user")
                    );
                }
            }
            assert!(place.location.to_string() == database.location() && !database.in_transaction());
        });
    }
    wait(async {
        let mut scratch = Database::scratch().await.expect("it can be made");
        scratch.lock(std::time::Duration::ZERO, "migrate up").await.expect("nobody else can reach it");
        run(&mut scratch, "create table t (id integer)").await;
        assert_eq!((scratch.engine(), scratch.location()), (Engine::Sqlite, ":memory:"));
    });
}

#[test]
fn what_is_no_database_is_not_touched() {
    let place = Place::sqlite();
    wait(async {
        std::fs::write(
            place.path(),
            "A letter to a friend, longer than any header of a database would be. ".repeat(20),
        )
        .expect("the file can be written");
        for access in [Access::Read, Access::Write] {
            let said = refused(&place, access).await;
            assert!(said.contains("is not a SQLite database"), "{said}");
        }
        assert_eq!(place.files(), ["app.db"]);
        std::fs::remove_file(place.path()).expect("it can be removed");
        std::fs::create_dir(place.path()).expect("a folder can be made");
        let said = refused(&place, Access::Write).await;
        assert!(said.contains("it is not a file"), "{said}");
        let missing = Location::Sqlite(place.path().with_file_name("no such folder").join("app.db"));
        let error = Database::open(&missing, Access::Write).await.err().expect("there is no folder");
        assert!(told(&error).contains("no such folder; create it first"), "{}", told(&error));
    });
}

/// A file that cannot be written until this is dropped. The administrator may write what its rights forbid, so for one
/// the file is made immutable.
struct ReadOnly<'p>(&'p Path);

impl<'p> ReadOnly<'p> {
    fn make(path: &'p Path) -> Self {
        let read_only = Self(path);
        read_only.set("444", "+i");
        let writable = std::fs::File::options().append(true).open(path).is_ok();
        assert!(!writable, "neither chmod nor chattr can make {} read-only here", path.display());
        read_only
    }

    fn set(&self, mode: &str, flag: &str) {
        Command::new("chattr").args(["-i"]).arg(self.0).output().ok();
        Command::new("chmod").arg(mode).arg(self.0).output().expect("chmod can be started");
        Command::new("chattr").arg(flag).arg(self.0).output().ok();
    }
}

impl Drop for ReadOnly<'_> {
    fn drop(&mut self) {
        self.set("644", "-i");
    }
}

#[test]
fn a_file_that_cannot_be_written_is_told_before_anything_runs() {
    let place = Place::sqlite();
    wait(async {
        let mut database = place.open().await;
        run(&mut database, "create table t (id integer)").await;
        database.close().await;
        let path = place.path();
        let read_only = ReadOnly::make(&path);
        let said = refused(&place, Access::Write).await;
        assert!(said.contains("cannot write to") && said.contains("read-only"), "{said}");
        let mut reader = place.try_open(Access::Read).await.expect("it can be read");
        assert_eq!(ask(&mut reader, "select count(*) from t").await, ["0"]);
        drop(read_only);
        place.open().await;
    });
}

#[test]
fn a_server_that_only_answers_questions_is_told_before_anything_runs() {
    let place = Place::postgres();
    let name = place.server().name();
    place.server().psql(&format!("alter database {name} set default_transaction_read_only = on"));
    wait(async {
        let said = refused(&place, Access::Write).await;
        assert!(said.contains("read-only") && said.contains("default_transaction_read_only = off"), "{said}");
        let mut reader = place.try_open(Access::Read).await.expect("it can be read");
        assert_eq!(ask(&mut reader, "select 1").await, ["1"]);
    });
}

#[test]
fn a_database_that_is_not_there_is_told_with_what_to_do_and_without_the_password() {
    let place = Place::postgres();
    let url = place.url().replace(&format!("/{}?", place.server().name()), "/no_such_database?password=s3cret&");
    wait(async {
        let location = Location::parse(&url).expect("it is a location");
        let error = Database::open(&location, Access::Write).await.err().expect("there is no such database");
        assert!(told(&error).contains("createdb"), "{}", told(&error));
        assert!(!format!("{} {error:?}", told(&error)).contains("s3cret"));
    });
}
