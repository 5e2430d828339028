//! One runner at a time: who holds the lock is named, and it goes with its holder, however that ends.

use std::path::Path;
use std::process::{Child, Command, Stdio};
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Duration;

use strait::database::{Access, Begin, Database, DatabaseError, Location};
use strait::sqlite::lock::FileLock;

use crate::support::place::{Place, ask, run, wait};
use crate::support::process::within;

/// Names the database that the helper below holds, and the file that tells that it does.
const HELD: &str = "STRAIT_TEST_HELD";
const READY: &str = "STRAIT_TEST_READY";
const LIMIT: Duration = Duration::from_secs(20);

#[test]
fn one_runner_at_a_time_and_the_other_learns_who_it_is() {
    for place in Place::both() {
        wait(async {
            let (mut first, mut second) = (place.open().await, place.open().await);
            first.lock(Duration::ZERO, "migrate up").await.expect("nobody else is there");
            let error = second.lock(Duration::from_millis(300), "migrate down").await.expect_err("it is held");
            let DatabaseError::Held { holder, waited, .. } = &error else { panic!("{error:?}") };
            assert!(*waited >= Duration::from_millis(300), "{waited:?}");
            for said in ["pid ", "strait migrate up", "user ", "since 20", " UTC"] {
                assert!(holder.contains(said), "{said} is not in: {holder}");
            }
            first.unlock().await.expect("it is let go of");
            second.lock(Duration::ZERO, "migrate down").await.expect("it is free");
            drop(second);
            first.lock(Duration::from_secs(5), "migrate up").await.expect("it went with its holder");
            first.unlock().await.expect("it is let go of");
            if !place.files().is_empty() {
                assert_eq!(place.files(), ["app.db"], "only the database is left");
            }
        });
    }
}

#[test]
fn a_lock_that_is_awaited_comes_when_its_holder_lets_go() {
    for place in Place::both() {
        wait(async {
            let (mut first, mut second) = (place.open().await, place.open().await);
            first.lock(Duration::ZERO, "migrate up").await.expect("nobody else is there");
            let waiting = tokio::spawn(async move { second.lock(Duration::from_secs(20), "migrate up").await });
            tokio::time::sleep(Duration::from_millis(100)).await;
            assert!(!waiting.is_finished());
            drop(first);
            waiting.await.expect("it does not panic").expect("it comes");
        });
    }
}

#[test]
fn a_lock_is_one_by_whatever_name_the_file_is_reached() {
    let place = Place::sqlite();
    wait(async {
        let mut first = place.open().await;
        first.lock(Duration::ZERO, "migrate up").await.expect("nobody else is there");
        let other_name = place.path().with_file_name("other.db");
        std::os::unix::fs::symlink(place.path(), &other_name).expect("a link can be made");
        let mut second = Database::open(&Location::Sqlite(other_name), Access::Write).await.expect("it opens");
        let error = second.lock(Duration::ZERO, "migrate up").await.expect_err("it is held");
        assert!(matches!(error, DatabaseError::Held { .. }), "{error:?}");
    });
}

#[test]
fn two_databases_of_one_server_do_not_wait_for_each_other() {
    let (one, other) = (Place::postgres(), Place::postgres());
    wait(async {
        let (mut first, mut second) = (one.open().await, other.open().await);
        first.lock(Duration::ZERO, "migrate up").await.expect("nobody else is there");
        second.lock(Duration::ZERO, "migrate up").await.expect("it is another database");
    });
}

#[test]
fn another_program_that_writes_is_waited_for_and_then_named() {
    let place = Place::sqlite();
    wait(async {
        let mut database = place.open().await;
        run(&mut database, "create table t (id integer)").await;
        let application = rusqlite::Connection::open(place.path()).expect("it can be opened");
        application.execute_batch("begin immediate; insert into t values (1)").expect("it can be written");
        let hasty = Begin { lock_timeout: Some(Duration::from_millis(200)), ..Begin::default() };
        let error = database.begin(hasty).await.expect_err("it is locked");
        let DatabaseError::Busy { waited, .. } = &error else { panic!("{error:?}") };
        assert!(*waited >= Duration::from_millis(150) && error.may_pass(), "{waited:?}");
        assert!(error.to_string().contains("another program writes to"), "{error}");
        application.execute_batch("commit").expect("it can be committed");
        database.begin(hasty).await.expect("the file is free");
        assert_eq!(ask(&mut database, "select count(*) from t").await, ["1"]);
    });
}

#[test]
fn a_reader_that_does_not_end_keeps_a_commit_away_and_nothing_is_half_done() {
    let place = Place::sqlite();
    wait(async {
        let mut database = place.open().await;
        run(&mut database, "create table t (id integer)").await;
        let application = rusqlite::Connection::open(place.path()).expect("it can be opened");
        application.execute_batch("begin; select count(*) from t").expect("it can be read");
        let hasty = Begin { lock_timeout: Some(Duration::from_millis(100)), ..Begin::default() };
        database.begin(hasty).await.expect("a reader lets a writer begin");
        run(&mut database, "insert into t values (1)").await;
        let error = database.commit().await.expect_err("the reader is in the way");
        assert!(error.may_pass() && !database.in_transaction(), "{error:?}");
        application.execute_batch("commit").expect("it ends");
        assert_eq!(ask(&mut database, "select count(*) from t").await, ["0"]);
    });
}

#[test]
fn many_that_come_at_once_go_one_by_one() {
    const RUNNERS: usize = 6;
    const ROUNDS: usize = 150;
    let place = Place::sqlite();
    std::fs::write(place.path(), "").expect("the file can be written");
    let inside = AtomicBool::new(false);
    let work = || {
        let mut rounds = 0;
        while rounds < ROUNDS {
            let Ok(lock) = FileLock::try_take(&place.path(), "a test").expect("the folder can be written") else {
                continue;
            };
            assert!(!inside.swap(true, Ordering::SeqCst), "two are at work");
            std::thread::sleep(Duration::from_micros(50));
            inside.store(false, Ordering::SeqCst);
            drop(lock);
            rounds += 1;
        }
    };
    std::thread::scope(|scope| (0..RUNNERS).for_each(|_| drop(scope.spawn(work))));
    assert_eq!(place.files(), ["app.db"]);
}

/// A process that holds the lock of a database, until it is killed.
struct Holder(Child);

impl Holder {
    fn start(place: &Place, ready: &Path) -> Self {
        let mut command = Command::new(std::env::current_exe().expect("the test has a file"));
        let test = "suite::waist_locks::a_process_that_holds_a_lock_until_it_is_killed";
        command.args(["--ignored", "--exact", test]).env(HELD, place.url()).env(READY, ready);
        let holder = Self(command.stdout(Stdio::null()).spawn().expect("the test can be started"));
        assert!(within(LIMIT, || ready.exists()), "the helper did not take the lock");
        holder
    }
}

impl Drop for Holder {
    fn drop(&mut self) {
        self.0.kill().ok();
        self.0.wait().ok();
    }
}

#[test]
#[ignore = "it is started by the next test"]
fn a_process_that_holds_a_lock_until_it_is_killed() {
    let location = Location::parse(&std::env::var(HELD).expect("it is named")).expect("it is a location");
    wait(async {
        let mut database = Database::open(&location, Access::Write).await.expect("it opens");
        database.lock(Duration::ZERO, "migrate up").await.expect("nobody else is there");
        database.begin(Begin::default()).await.expect("a transaction begins");
        run(&mut database, "create table half_done (id integer)").await;
        std::fs::write(std::env::var_os(READY).expect("it is named"), "").expect("the file can be written");
        tokio::time::sleep(3 * LIMIT).await;
    });
}

#[test]
fn a_lock_goes_with_a_process_that_is_killed_and_so_does_its_work() {
    for place in Place::both() {
        let signs = tempfile::TempDir::new().expect("a folder can be made");
        let holder = Holder::start(&place, &signs.path().join("ready"));
        let pid = holder.0.id();
        wait(async {
            let mut next = place.open().await;
            let error = next.lock(Duration::ZERO, "migrate up").await.expect_err("it is held");
            let DatabaseError::Held { holder: named, .. } = &error else { panic!("{error:?}") };
            let its_own = if place.url().starts_with("postgres") { "pid ".to_owned() } else { format!("pid {pid},") };
            assert!(named.starts_with(&its_own), "{named}");
            drop(holder);
            next.lock(LIMIT, "migrate up").await.expect("it went with its holder");
            next.begin(Begin::default()).await.expect("a transaction begins");
            run(&mut next, "create table half_done (id integer)").await;
            next.commit().await.expect("it commits");
        });
    }
}
