//! Loads rows that wait for each other, of one table or of several: all of them or none.

use std::sync::Arc;

use super::CopyError;
use super::isolate::{Rows, Which, goes_row_by_row, read_again};
use super::load::{Loaded, check_count};
use super::plan::Plan;
use crate::postgres::binary::{HEADER, TRAILER};
use crate::postgres::names::literal;
use crate::postgres::{PostgresError, Session};
use crate::sqlite::Snapshot;
use crate::value::Key;

/// Rows of one table, which is the only one of its plan.
pub(crate) struct Part {
    pub(crate) plan: Arc<Plan>,
    pub(crate) keys: Vec<Key>,
}

/// What became of them.
pub(crate) enum Together {
    /// They are there: one account for each part.
    Loaded(Vec<Loaded>),
    /// One of them does not fit, and nothing was changed.
    Refused,
    /// The role may not let their references wait, and nothing was changed.
    Forbidden,
}

/// Loads them in one transaction, which begins with `first` (SQL). References between several tables are held to at its end,
/// and are as they were after it.
pub(crate) async fn load_together(
    session: &mut Session,
    snapshot: &Arc<Snapshot>,
    parts: &[Part],
    first: &str,
) -> Result<Together, CopyError> {
    let mut read = Vec::with_capacity(parts.len());
    for Part { plan, keys } in parts {
        let rows = read_again(snapshot, plan, 0, Which::Keys(keys.clone())).await?;
        if rows.hashes.len() != keys.len() {
            return Ok(Together::Refused);
        }
        read.push(rows);
    }
    let references = if parts.len() > 1 { references_between(session, parts).await? } else { Vec::new() };
    let outcome = match send(session, parts, &read, first, &references).await {
        Ok(true) => Together::Loaded(accounts(parts, read)),
        Ok(false) => Together::Refused,
        // Source: PostgreSQL manual, "Error Codes": 42501 insufficient_privilege.
        Err(CopyError::Postgres(error)) if error.code() == Some("42501") => Together::Forbidden,
        Err(CopyError::Postgres(error)) if goes_row_by_row(&error) => Together::Refused,
        Err(error) => return Err(error),
    };
    if !matches!(outcome, Together::Loaded(_)) {
        session.execute("give up a chunk", "rollback".into()).await?;
    }
    Ok(outcome)
}

/// Sends all rows and asks for all constraints; whether every row is there.
async fn send(
    session: &mut Session,
    parts: &[Part],
    read: &[Rows],
    first: &str,
    references: &[String],
) -> Result<bool, CopyError> {
    let all = |ending: &str| references.iter().map(|key| format!("{key} {ending};")).collect::<String>();
    session.execute("begin a chunk", format!("begin; {first}; {}", all("deferrable initially deferred"))).await?;
    session.execute("let references wait", "set constraints all deferred".into()).await?;
    for (Part { plan, keys }, rows) in parts.iter().zip(read) {
        let table = &plan.tables[0];
        let mut copy = session.copy_in(&table.qualified_target(&plan.schema), &table.target_columns()).await?;
        for part in [&HEADER[..], &rows.bytes, TRAILER] {
            copy.send(part).await?;
        }
        let (sent, taken) = (keys.len() as u64, copy.finish().await?);
        if taken < sent {
            return Ok(false);
        }
        check_count(table, sent, taken)?;
    }
    session.execute("check constraints", "set constraints all immediate".into()).await?;
    session.execute("commit a chunk", format!("{} commit", all("not deferrable"))).await?;
    Ok(true)
}

/// The references between these tables that cannot wait, each as the beginning of a statement that alters it.
async fn references_between(session: &mut Session, parts: &[Part]) -> Result<Vec<String>, PostgresError> {
    let table =
        |part: &Part| format!("{}::regclass", literal(&part.plan.tables[0].qualified_target(&part.plan.schema)));
    let tables: Vec<String> = parts.iter().map(table).collect();
    let sql = format!(
        "select format('alter table %s alter constraint %I', conrelid::regclass, conname) from pg_constraint where contype = \
         'f' and not condeferrable and conparentid = 0 and conrelid in ({0}) and confrelid in ({0}) order by 1",
        tables.join(", ")
    );
    let references = session.texts("look for references between the tables", sql).await?;
    Ok(references.into_iter().flatten().collect())
}

fn accounts(parts: &[Part], read: Vec<Rows>) -> Vec<Loaded> {
    let account = |(part, mut rows): (&Part, Rows)| {
        rows.hashes.iter().for_each(|hash| rows.chunk.digest.add_row(*hash));
        rows.tally();
        let mut loaded = Loaded::default();
        loaded.add_chunk(&part.plan.tables[0].source.name, &rows.chunk);
        loaded
    };
    parts.iter().zip(read).map(account).collect()
}
