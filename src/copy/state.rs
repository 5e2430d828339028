//! What a run keeps on the target: that it is under way, and how to undo what it changed.
//!
//! Every change that is not a row is written down with its reverse, in the transaction that makes it. A run that ends
//! in success forgets them; one that does not leaves them to be carried out, last first, in one transaction.

use std::path::Path;
use std::sync::Arc;

use super::CopyError;
use crate::event::{Event, Observer};
use crate::postgres::names::literal;
use crate::postgres::probe::Probe;
use crate::postgres::{Address, PostgresError, Session};

/// How long a run that failed waits for its own broken sessions to let go of the lock.
const PATIENCE: std::time::Duration = std::time::Duration::from_secs(30);

/// Takes the lock of a target schema for as long as the session lives.
pub async fn lock(session: &mut Session, target: &Address, schema: &str) -> Result<(), CopyError> {
    if try_lock(session, schema).await? {
        return Ok(());
    }
    let sql = format!(
        "select pid::text from pg_locks where locktype = 'advisory' and granted and classid = {CLASS} and objid = \
         (hashtext({})::bigint & 4294967295)::oid and database = (select oid from pg_database where datname = \
         current_database())",
        literal(schema)
    );
    let holders = session.texts("find who holds the lock", sql).await?;
    let holder = holders.into_iter().flatten().next().unwrap_or_else(|| "unknown".into());
    Err(CopyError::Busy { address: target.to_string(), schema: schema.to_owned(), holder })
}

/// Takes the lock, waiting for sessions of this run that the server has not yet noticed to be gone.
pub async fn lock_patiently(session: &mut Session, target: &Address, schema: &str) -> Result<(), CopyError> {
    let deadline = std::time::Instant::now() + PATIENCE;
    while std::time::Instant::now() < deadline {
        if try_lock(session, schema).await? {
            return Ok(());
        }
        tokio::time::sleep(std::time::Duration::from_millis(100)).await;
    }
    lock(session, target, schema).await
}

/// The first half of our advisory locks' keys: "stra" in ASCII.
const CLASS: i32 = 0x7374_7261;
/// The first half of the keys by which the sessions of a run are found: "runs" in ASCII.
const RUNS: i32 = 0x7275_6e73;

/// The second half of those keys.
fn run_key(run: i64) -> i64 {
    run % i64::from(i32::MAX)
}

/// SQL by which a session joins a run, for as long as it lives.
pub fn join(run: i64) -> String {
    format!("select pg_advisory_lock_shared({RUNS}, {})", run_key(run))
}

/// Ends the sessions of a run that is over: the server may still be at work for them, and what it holds is in the way.
pub async fn end_sessions(session: &mut Session, run: i64) -> Result<(), CopyError> {
    let key = run_key(run);
    let end = format!(
        "select count(pg_terminate_backend(pid)) from pg_locks where locktype = 'advisory' and classid = {RUNS} and objid = \
         {key} and objsubid = 2 and pid <> pg_backend_pid() and database = (select oid from pg_database where datname = \
         current_database())"
    );
    session.number("end the sessions of the run", end).await?;
    let alone = format!("select pg_try_advisory_lock({RUNS}, {key})::int::bigint");
    let deadline = std::time::Instant::now() + PATIENCE;
    while session.number("see whether the run's sessions are gone", alone.clone()).await? == 0 {
        if std::time::Instant::now() > deadline {
            return Ok(());
        }
        tokio::time::sleep(std::time::Duration::from_millis(20)).await;
    }
    session.execute("let go of the run", format!("select pg_advisory_unlock({RUNS}, {key})")).await.map_err(Into::into)
}

async fn try_lock(session: &mut Session, schema: &str) -> Result<bool, PostgresError> {
    let sql = format!("select pg_try_advisory_lock({CLASS}, hashtext({}))::int::bigint", literal(schema));
    Ok(session.number("lock the target", sql).await? == 1)
}

/// Notes that a run begins, and gives it a number.
pub async fn begin(session: &mut Session, schema: &str, probe: &Probe, source: &Path) -> Result<i64, CopyError> {
    session.execute("create the schema strait for the run's notes", include_str!("state.sql").into()).await.map_err(
        |error| {
            if probe.may_create_schema {
                return error.into();
            }
            CopyError::Stopped(vec![super::plan::Problem::new(format!(
                "role {} may not create the schema `strait`, in which a run keeps its notes and rejects; let an \
                 administrator run: create schema strait authorization {}",
                probe.role,
                crate::postgres::names::quote(&probe.role)
            ))])
        },
    )?;
    let sql = format!(
        "insert into strait.run (target_schema, source, version) values ({}, {}, {}) returning id",
        literal(schema),
        literal(&source.display().to_string()),
        literal(env!("CARGO_PKG_VERSION"))
    );
    let run = session.number("note the run's beginning", sql).await?;
    session.execute("join the run", join(run)).await?;
    Ok(run)
}

/// SQL that makes a change together with the note of its reverse.
pub fn with_reverse(run: i64, change: &str, reverse: &str) -> String {
    format!("{change}; insert into strait.undo (run, reverse) values ({run}, {});", literal(reverse))
}

/// SQL that notes where a sequence of the target stands; its name is quoted as SQL has it.
pub fn note_sequence(run: i64, name: &str) -> String {
    format!(
        "insert into strait.undo (run, reverse) select {run}, format('select setval(%L, %s, %L)', {}, last_value, is_called) \
         from {name}; ",
        literal(name)
    )
}

/// SQL that forgets a reverse because what it would put back is in place again.
pub fn forget_reverse(run: i64, reverse: &str) -> String {
    format!("delete from strait.undo where run = {run} and reverse = {}", literal(reverse))
}

/// Notes that a run is complete; this commit makes all before it durable.
pub async fn complete(session: &mut Session, run: i64) -> Result<(), CopyError> {
    let sql = format!(
        "begin; delete from strait.undo where run = {run}; update strait.run set finished_at = now() where id = {run}; \
         do $$ declare kept text; begin for kept in select format('strait.%I', relname) from pg_class where \
         relnamespace = 'strait'::regnamespace and relname like 'kept\\_{run}\\_%' loop execute 'drop table ' || kept; \
         end loop; end $$; commit"
    );
    Ok(session.execute("note the run's end", sql).await?)
}

/// Undoes the changes of runs into a schema that neither finished nor were undone.
pub async fn undo_unfinished(
    session: &mut Session,
    schema: &str,
    observer: &Arc<dyn Observer>,
) -> Result<(), CopyError> {
    let exists = "select count(*) from pg_tables where schemaname = 'strait' and tablename = 'undo'";
    if session.number("look for unfinished runs", exists.into()).await? == 0 {
        return Ok(());
    }
    let sql = format!(
        "select reverse from strait.undo u join strait.run r on r.id = u.run where r.target_schema = {} order by u.id desc",
        literal(schema)
    );
    let runs = format!(
        "select distinct u.run::text from strait.undo u join strait.run r on r.id = u.run where r.target_schema = {}",
        literal(schema)
    );
    let runs = session.texts("look for unfinished runs", runs).await?;
    for run in runs.into_iter().flatten().filter_map(|run| run.parse().ok()) {
        end_sessions(session, run).await?;
    }
    let reverses: Vec<String> = session.texts("read what is to be undone", sql).await?.into_iter().flatten().collect();
    if reverses.is_empty() {
        return Ok(());
    }
    let forget = format!(
        "delete from strait.undo where run in (select id from strait.run where target_schema = {0}); update strait.run \
         set undone_at = now() where target_schema = {0} and finished_at is null and undone_at is null",
        literal(schema)
    );
    let sql = format!("begin; {}; {forget}; commit", reverses.join("; "));
    let undone = session.execute("undo an unfinished run", sql).await;
    if undone.is_err() {
        session.execute("give up the undoing", "rollback".into()).await.ok();
    }
    undone?;
    let text = format!("an unfinished copy into {schema} was undone: {} changes taken back", reverses.len());
    observer.notice(&Event::Notice { text: &text });
    Ok(())
}
