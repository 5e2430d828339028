//! What a run keeps on the target: that it is under way, a lock, and in the end that it is complete.

use std::path::Path;

use serde::Deserialize;

use super::CopyError;
use super::choice::Chosen;
use super::plan::Problem;
use crate::postgres::names::literal;
use crate::postgres::probe::Probe;
use crate::postgres::{Address, PostgresError, Session};

/// How long a run that failed waits for its own broken sessions to let go of the lock.
const PATIENCE: std::time::Duration = std::time::Duration::from_secs(30);

/// Tells whether two paths lead to one file, as far as they can be followed.
pub fn is_same_file(one: &Path, other: &Path) -> bool {
    let place = |path: &Path| path.canonicalize().unwrap_or_else(|_| path.to_owned());
    place(one) == place(other)
}

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
            return Err(CopyError::StillAtWork { run });
        }
        tokio::time::sleep(std::time::Duration::from_millis(20)).await;
    }
    session.execute("let go of the run", format!("select pg_advisory_unlock({RUNS}, {key})")).await.map_err(Into::into)
}

async fn try_lock(session: &mut Session, schema: &str) -> Result<bool, PostgresError> {
    let sql = format!("select pg_try_advisory_lock({CLASS}, hashtext({}))::int::bigint", literal(schema));
    Ok(session.number("lock the target", sql).await? == 1)
}

/// Tells whether an earlier run left its tables; stops when they are not this role's own.
///
/// What they hold is carried out as SQL: nobody else may have written it.
pub async fn notes_exist(session: &mut Session) -> Result<bool, CopyError> {
    let sql = "select distinct pg_get_userbyid(o.owner)::text from ( \
               select nspowner from pg_namespace where nspname = 'strait' \
               union all select relowner from pg_class where relnamespace = (select oid from pg_namespace where nspname = \
               'strait')) o (owner)";
    let owners: Vec<String> =
        session.texts("see whose schema strait is", sql.into()).await?.into_iter().flatten().collect();
    let me = session.texts("ask for the role", "select current_user::text".into()).await?;
    let me = me.into_iter().flatten().next().unwrap_or_default();
    if let Some(other) = owners.iter().find(|owner| **owner != me) {
        return Err(CopyError::Stopped(vec![Problem::new(format!(
            "the schema strait, in which a run keeps its notes, or a table in it belongs to role {other}, and this is role \
             {me}; connect as {other}, or, when no copy needs its notes any more, let {other} remove them: drop table if \
             exists strait.reject, strait.undo, strait.run; leave what else is in the schema, such as the history of \
             `strait migrate`"
        ))]));
    }
    let exists = "select count(*) from pg_tables where schemaname = 'strait' and tablename = 'undo'";
    Ok(session.number("look for unfinished runs", exists.into()).await? > 0)
}

/// Tells whether a table of the notes is there and may be read by this role.
pub(crate) async fn may_read(session: &mut Session, table: &str) -> Result<bool, CopyError> {
    // Not by `to_regclass`, which fails where the role may not look into the schema at all.
    let sql = format!(
        "select count(*) from pg_class c join pg_namespace n on n.oid = c.relnamespace where n.nspname = 'strait' and \
         c.relname = {} and has_schema_privilege(n.oid, 'usage') and has_table_privilege(c.oid, 'select')",
        literal(table)
    );
    Ok(session.number("look for notes of earlier runs", sql).await? > 0)
}

/// Creates the tables for a run's notes, one run after the other.
async fn create_notes(session: &mut Session, probe: &Probe) -> Result<(), CopyError> {
    let create = format!("begin; select pg_advisory_xact_lock({CLASS}, 0); {} commit", include_str!("state.sql"));
    let Err(error) = session.execute("create the schema strait for the run's notes", create).await else {
        return Ok(());
    };
    if probe.may_create_schema {
        return Err(error.into());
    }
    Err(CopyError::Stopped(vec![Problem::new(format!(
        "role {} may not create the schema `strait`, in which a run keeps its notes and rejects; let an administrator run: \
         create schema strait authorization {}",
        probe.role,
        crate::postgres::names::quote(&probe.role)
    ))]))
}

/// Brings the notes that an older version left into their form of today; they are there, and this role's own.
pub(crate) async fn renew_notes(session: &mut Session) -> Result<(), CopyError> {
    let renew = format!("begin; select pg_advisory_xact_lock({CLASS}, 0); {} commit", include_str!("state.sql"));
    Ok(session.execute("bring the notes of earlier runs up to date", renew).await?)
}

/// How the values of a run were read: by whose schema file, and as a person chose.
#[derive(Clone, Debug, Default, PartialEq, Deserialize)]
pub struct Ways {
    /// The schema file, as it is called.
    pub schema_file: Option<String>,
    /// What was chosen for columns.
    #[serde(default)]
    pub choices: Option<Vec<Chosen>>,
}

/// Notes that a run begins, and gives it a number.
pub async fn begin(
    session: &mut Session,
    schema: &str,
    probe: &Probe,
    source: &Path,
    ways: &Ways,
) -> Result<i64, CopyError> {
    create_notes(session, probe).await?;
    let schema_file = ways.schema_file.as_deref().map_or_else(|| "null".to_owned(), literal);
    let choices = serde_json::json!(ways.choices.as_deref().unwrap_or_default()).to_string();
    let sql = format!(
        "insert into strait.run (target_schema, source, version, schema_file, choices) values ({}, {}, {}, {schema_file}, {}) \
         returning id",
        literal(schema),
        literal(&source.display().to_string()),
        literal(env!("CARGO_PKG_VERSION")),
        literal(&choices)
    );
    let run = session.number("note the run's beginning", sql).await?;
    session.execute("join the run", join(run)).await?;
    Ok(run)
}

/// SQL that notes that a run is complete; its commit makes all before it durable.
///
/// What earlier runs set aside of the tables that this one filled is nobody's question any more.
pub fn ending(run: i64, tables: &[&str]) -> String {
    let tables: Vec<String> = tables.iter().map(|table| literal(table)).collect();
    format!(
        "delete from strait.undo where run = {run}; delete from strait.reject j using strait.run earlier, strait.run own \
         where own.id = {run} and j.run = earlier.id and earlier.id < own.id and earlier.target_schema = \
         own.target_schema and j.table_name = any (array[{}]::text[]); update strait.run set finished_at = now() where id = {run}; \
         do $$ declare kept text; begin for kept in select format('strait.%I', relname) from pg_class where \
         relnamespace = 'strait'::regnamespace and relname like 'kept\\_{run}\\_%' loop execute 'drop table ' || kept; \
         end loop; end $$",
        tables.join(", ")
    )
}
