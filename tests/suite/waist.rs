//! The waist on both engines: statements, questions, transactions, and what is said when one fails.

use std::time::Duration;

use strait::database::{Begin, Database, DatabaseError, ForeignKeys};

use crate::support::place::{Place, ask, run, told, wait};
use crate::support::process::within;

#[test]
fn what_is_committed_stays_and_what_is_rolled_back_is_gone() {
    for place in Place::both() {
        wait(async {
            let mut database = place.open().await;
            database.begin(Begin::default()).await.expect("a transaction begins");
            run(&mut database, "create table t (id integer primary key, name text)").await;
            assert_eq!(run(&mut database, "insert into t values (1, 'é'), (2, null)").await, 2);
            database.commit().await.expect("it commits");
            database.begin(Begin::default()).await.expect("a transaction begins");
            assert_eq!(run(&mut database, "update t set name = 'x'").await, 2);
            run(&mut database, "drop table t").await;
            database.rollback().await.expect("it rolls back");
            assert_eq!(ask(&mut database, "select id, name from t order by id").await, ["1|é", "2|NULL"]);
            database.close().await;
            let mut again = place.open().await;
            assert_eq!(ask(&mut again, "select count(*) from t").await, ["2"]);
        });
    }
}

#[test]
fn parameters_take_the_type_that_the_statement_asks_for() {
    for place in Place::both() {
        wait(async {
            let mut database = place.open().await;
            run(&mut database, "create table t (id integer primary key, name text, at numeric)").await;
            let parameters = [Some("7"), Some("it's \\ $2"), None];
            let changed = database
                .execute("insert a row", "insert into t values ($1, $2, $3);", &parameters)
                .await
                .expect("it runs");
            assert_eq!(changed, 1);
            let sql = "select name, at from t where id = $1 and name = $2";
            let rows = database.query("ask", sql, &parameters[..2]).await.expect("it is asked");
            assert_eq!(rows, [vec![parameters[1].map(str::to_owned), None]]);
            let error =
                database.query("count the rows", "select count(*) from nosuch", &[]).await.expect_err("it fails");
            assert!(error.to_string().starts_with("cannot count the rows on "), "{error}");
            // Outside a transaction the connection can go on.
            assert_eq!(ask(&mut database, "select id from t").await, ["7"]);
        });
    }
}

#[test]
fn foreign_keys_are_off_for_one_transaction_alone() {
    let place = Place::sqlite();
    wait(async {
        let mut database = place.open().await;
        let off = Begin { foreign_keys: ForeignKeys::Off, ..Begin::default() };
        for end in ["commit", "rollback"] {
            assert_eq!(ask(&mut database, "pragma foreign_keys").await, ["1"]);
            database.begin(off).await.expect("a transaction begins");
            assert_eq!(ask(&mut database, "pragma foreign_keys").await, ["0"]);
            let ended = if end == "commit" { database.commit().await } else { database.rollback().await };
            ended.expect("it ends");
            assert_eq!(ask(&mut database, "pragma foreign_keys").await, ["1"], "{end}");
        }
    });
}

#[test]
fn a_session_that_is_ended_meanwhile_is_lost_and_says_what_that_means() {
    let place = Place::postgres();
    let server = place.server();
    wait(async {
        let mut database = place.open().await;
        database.lock(Duration::ZERO, "migrate up").await.expect("nobody else is there");
        database.begin(Begin::default()).await.expect("a transaction begins");
        run(&mut database, "create table t (id int)").await;
        let kill =
            "select pg_terminate_backend(pid) from pg_stat_activity where application_name = 'strait migrate up'";
        assert_eq!(server.psql(kill), "t");
        let error = database.run("insert into t values (1)").await.expect_err("the session is gone");
        assert!(error.lost, "{error:?}");
        database.rollback().await.expect("the server has done it");
        database.unlock().await.expect("it has gone with the session");
        let error = database.query("ask", "select 1", &[]).await.expect_err("the session is gone");
        assert!(matches!(error, DatabaseError::Lost { .. }), "{error:?}");
        assert!(error.to_string().contains("nothing is half done: run this again"), "{error}");
        assert_eq!(server.psql("select to_regclass('t') is null"), "t");
    });
}

#[test]
fn an_engine_points_to_the_byte_where_a_statement_is_wrong() {
    let sql = "select 'ééé – 🦀' as a,\n  nosuch from t";
    for place in Place::both() {
        wait(async {
            let mut database = place.open().await;
            run(&mut database, "create table t (id integer)").await;
            let error = database.run(sql).await.expect_err("there is no such column");
            assert_eq!(error.offset, sql.find("nosuch"), "{error:?}");
            assert!(error.message.contains("nosuch"), "{error:?}");
            let error = database.run("select 'é' fro m").await.expect_err("it is no SQL");
            assert_eq!(error.offset, Some("select 'é' fro ".len()), "{error:?}");
            assert!(!error.retry && !error.lost, "{error:?}");
        });
    }
}

#[test]
fn no_value_of_a_row_is_told() {
    for (place, statement) in
        Place::both().into_iter().zip(["insert into t values ('s3cret')", "select name::int from t"])
    {
        wait(async {
            let mut database = place.open().await;
            run(&mut database, "create table t (name text primary key)").await;
            run(&mut database, "insert into t values ('s3cret')").await;
            for sql in [statement, "insert into t select name from t"] {
                let error = database.run(sql).await.expect_err("it fails");
                assert!(!format!("{error} {error:?}").contains("s3cret"), "{error:?}");
                assert!(error.code.is_some(), "{error:?}");
            }
        });
    }
    // What stands in the script itself may be told: the engine points to it.
    let place = Place::postgres();
    wait(async {
        let mut database = place.open().await;
        let error = database.run("select 'abc'::int").await.expect_err("it is no number");
        assert!(error.message.contains("abc") && error.offset == Some(7), "{error:?}");
    });
}

#[test]
fn a_script_cannot_end_the_transaction_that_it_runs_in() {
    for place in Place::both() {
        wait(async {
            let mut database = place.open().await;
            database.begin(Begin::default()).await.expect("a transaction begins");
            run(&mut database, "create table t (id integer)").await;
            let error = database.run("/* so far */ commit;").await.expect_err("it is refused");
            assert!(error.message.contains("transaction: none"), "{error:?}");
            database.rollback().await.expect("it rolls back");
            // Hidden behind another statement, it is noticed at the end.
            database.begin(Begin::default()).await.expect("a transaction begins");
            run(&mut database, "create table t (id integer); commit").await;
            let error = database.commit().await.expect_err("it is noticed");
            assert!(matches!(error, DatabaseError::EndedItself { .. }), "{error:?}");
            assert!(!database.in_transaction());
            database.begin(Begin::default()).await.expect("a transaction begins");
            run(&mut database, "drop table t; rollback; begin").await;
            let noticed = database.commit().await;
            if place.url().starts_with("postgres") {
                assert!(matches!(noticed, Err(DatabaseError::EndedItself { .. })), "{noticed:?}");
            }
            assert_eq!(ask(&mut database, "select count(*) from t").await, ["0"]);
        });
    }
}

#[test]
fn a_savepoint_of_the_script_is_its_own_affair() {
    for place in Place::both() {
        wait(async {
            let mut database = place.open().await;
            database.begin(Begin::default()).await.expect("a transaction begins");
            for sql in ["create table t (id integer)", "savepoint a", "insert into t values (1)", "rollback to a"] {
                run(&mut database, sql).await;
            }
            run(&mut database, "insert into t values (2)").await;
            database.commit().await.expect("it commits");
            assert_eq!(ask(&mut database, "select id from t").await, ["2"]);
        });
    }
}

#[test]
fn after_a_failure_nothing_is_committed() {
    for place in Place::both() {
        wait(async {
            let mut database = place.open().await;
            database.begin(Begin::default()).await.expect("a transaction begins");
            run(&mut database, "create table t (id integer)").await;
            database.run("insert into nosuch values (1)").await.expect_err("it fails");
            let error = database.commit().await.expect_err("it is refused");
            assert!(matches!(error, DatabaseError::OutOfOrder { .. }), "{error:?}");
            database.begin(Begin::default()).await.expect("the next transaction begins");
            database.run("select * from t").await.expect_err("there is no such table");
            database.rollback().await.expect("it rolls back");
            database.rollback().await.expect("nothing is left to roll back");
        });
    }
}

#[test]
fn a_commit_that_fails_leaves_nothing() {
    for place in Place::both() {
        wait(async {
            let mut database = place.open().await;
            run(&mut database, "create table parent (id integer primary key)").await;
            let child = "create table child (parent integer references parent (id) deferrable initially deferred)";
            run(&mut database, child).await;
            database.begin(Begin::default()).await.expect("a transaction begins");
            run(&mut database, "insert into child values (7)").await;
            let error = database.commit().await.expect_err("the parent is missing");
            assert!(told(&error).to_lowercase().contains("foreign key"), "{}", told(&error));
            assert!(!database.in_transaction());
            assert_eq!(ask(&mut database, "select count(*) from child").await, ["0"]);
        });
    }
}

#[test]
fn a_file_that_may_not_grow_says_so_and_stays_whole() {
    let place = Place::sqlite();
    wait(async {
        let mut database = place.open().await;
        run(&mut database, "create table t (a text)").await;
        run(&mut database, "pragma max_page_count = 4").await;
        database.begin(Begin::default()).await.expect("a transaction begins");
        run(&mut database, "insert into t values ('first')").await;
        let error = database.run("insert into t values (zeroblob(100000))").await.expect_err("it is full");
        assert!(error.message.contains("full") && error.message.contains("make room"), "{error:?}");
        database.rollback().await.expect("it rolls back");
        assert_eq!(ask(&mut database, "select count(*) from t").await, ["0"]);
        assert_eq!(ask(&mut database, "pragma integrity_check").await, ["ok"]);
    });
}

#[test]
fn a_collation_that_only_the_application_has_is_not_written_with_another() {
    let place = Place::sqlite();
    let connection = rusqlite::Connection::open(place.path()).expect("it can be opened");
    connection.create_collation("own", |one: &str, other: &str| other.cmp(one)).expect("a collation can be made");
    connection
        .execute_batch("create table t (a text collate own unique); insert into t values ('a')")
        .expect("it runs");
    wait(async {
        let mut database = place.open().await;
        let error = database.run("insert into t values ('b')").await.expect_err("it is refused");
        assert!(error.message.contains("no such collation sequence: own"), "{error:?}");
    });
}

#[test]
fn a_lock_that_is_not_granted_in_time_may_be_tried_again() {
    let place = Place::postgres();
    wait(async {
        let (mut first, mut second) = (place.open().await, place.open().await);
        run(&mut first, "create table t (id integer)").await;
        first.begin(Begin::default()).await.expect("a transaction begins");
        run(&mut first, "lock table t").await;
        let hasty = Begin { lock_timeout: Some(Duration::from_millis(50)), ..Begin::default() };
        second.begin(hasty).await.expect("a transaction begins");
        let error = second.run("alter table t add a integer").await.expect_err("it is locked");
        assert_eq!((error.code.as_deref(), error.retry), (Some("55P03"), true), "{error:?}");
        second.rollback().await.expect("it rolls back");
        first.rollback().await.expect("it rolls back");
        assert_eq!(ask(&mut second, "show lock_timeout").await, ["0"]);
        second.begin(hasty).await.expect("a transaction begins");
        run(&mut second, "alter table t add a integer").await;
        second.commit().await.expect("it commits");
    });
}

#[test]
fn a_transaction_that_only_reads_changes_nothing() {
    for place in Place::both() {
        wait(async {
            let mut database = place.open().await;
            run(&mut database, "create table t (id integer)").await;
            database.begin(Begin { read_only: true, ..Begin::default() }).await.expect("a transaction begins");
            database.run("insert into t values (1)").await.expect_err("it only reads");
            database.rollback().await.expect("it rolls back");
            assert_eq!(run(&mut database, "insert into t values (1)").await, 1);
        });
    }
}

#[test]
fn rows_from_the_terminal_are_refused_and_the_session_goes_on() {
    let place = Place::postgres();
    wait(async {
        let mut database = place.open().await;
        run(&mut database, "create table t (id integer)").await;
        database.run("copy t from stdin").await.expect_err("it is refused");
        database.run("-- all\ncopy t to stdout").await.expect_err("it is refused");
        assert_eq!(ask(&mut database, "select count(*) from t").await, ["0"]);
    });
}

#[test]
fn work_that_nobody_awaits_any_more_is_taken_back() {
    let endless = [
        "insert into t with recursive n (i) as (select 1 union all select i + 1 from n) select i from n",
        "insert into t select 1 from pg_sleep(60)",
    ];
    for (place, sql) in Place::both().into_iter().zip(endless) {
        wait(async {
            let mut database = place.open().await;
            run(&mut database, "create table t (id integer)").await;
            database.lock(Duration::ZERO, "migrate up").await.expect("nobody else is there");
            let work = tokio::spawn(async move {
                database.begin(Begin::default()).await.expect("a transaction begins");
                database.run(sql).await
            });
            tokio::time::sleep(Duration::from_millis(300)).await;
            work.abort();
            let began = std::time::Instant::now();
            assert!(work.await.is_err_and(|error| error.is_cancelled()));
            assert!(began.elapsed() < Duration::from_secs(5), "{:?}", began.elapsed());
            let has_no_eye_on_its_clients =
                place.url().starts_with("postgres") && place.server().server().major_version() < 14;
            if has_no_eye_on_its_clients {
                let end = "select pg_terminate_backend(pid) from pg_stat_activity where query like '%pg_sleep(60)'";
                place.server().psql(end);
            }
            let mut next: Database = place.open().await;
            next.lock(Duration::from_secs(5), "migrate up").await.expect("the lock went with its holder");
            next.begin(Begin::default()).await.expect("a transaction begins");
            assert_eq!(ask(&mut next, "select count(*) from t").await, ["0"]);
        });
    }
}

#[test]
fn a_session_that_is_ended_in_its_commit_leaves_that_open() {
    let place = Place::postgres();
    place.server().psql(
        "create table t (id int); create function slow() returns trigger language plpgsql as 'begin perform pg_sleep(60); \
         return null; end'; create constraint trigger slow after insert on t deferrable initially deferred for each row \
         execute function slow()",
    );
    wait(async {
        let mut database = place.open().await;
        database.begin(Begin::default()).await.expect("a transaction begins");
        run(&mut database, "insert into t values (1)").await;
        let committing = tokio::spawn(async move {
            let error = database.commit().await.expect_err("the session is gone");
            database.rollback().await.expect("nothing is left to roll back");
            error
        });
        let end = "select pg_terminate_backend(pid) from pg_stat_activity where query = 'commit' and state = 'active'";
        assert!(within(Duration::from_secs(20), || place.server().psql(end) == "t"), "it did not come to the commit");
        let error = committing.await.expect("it does not panic");
        assert!(matches!(error, DatabaseError::Uncertain { .. }), "{error:?}");
        assert!(error.to_string().contains("run this again"), "{error}");
    });
}

#[test]
fn what_a_script_sets_for_its_session_is_forgotten_with_its_locks_kept() {
    let place = Place::postgres();
    let guest = format!("{}_reader", place.server().name());
    place.server().psql(&format!("create role {guest}"));
    wait(async {
        let mut database = place.open().await;
        database.lock(Duration::ZERO, "migrate up").await.expect("nobody else is there");
        let shown = "select current_user, current_setting('search_path'), current_setting('lock_timeout'), \
                     current_setting('application_name'), current_setting('client_min_messages')";
        let before = ask(&mut database, shown).await;
        database.begin(Begin::default()).await.expect("a transaction begins");
        let script = "select pg_catalog.set_config('search_path', '', false); set lock_timeout = '3s'; set client_min_messages = \
                      debug; set application_name = 'mine'";
        run(&mut database, script).await;
        run(&mut database, &format!("set role {guest}")).await;
        assert_ne!(ask(&mut database, shown).await, before);
        database.forget_settings().await.expect("they are forgotten");
        assert_eq!(ask(&mut database, shown).await, before);
        database.commit().await.expect("it is the same transaction");
        assert_eq!(ask(&mut database, shown).await, before);
        place.open().await.lock(Duration::ZERO, "migrate up").await.expect_err("it is held");
    });
    place.server().psql(&format!("drop role {guest}"));
    let place = Place::sqlite();
    wait(async {
        let mut database = place.open().await;
        run(&mut database, "pragma foreign_keys = off; pragma legacy_alter_table = on").await;
        database.forget_settings().await.expect("they are forgotten");
        assert_eq!(ask(&mut database, "pragma foreign_keys").await, ["1"]);
        assert_eq!(ask(&mut database, "pragma legacy_alter_table").await, ["0"]);
    });
}
