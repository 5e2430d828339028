//! Reads every loaded table back and digests what the target returns; says where computed columns make the difference.

use std::sync::Arc;

use super::infer::LeftOut;
use super::load::Loaded;
use super::matching::sources;
use super::plan::Plan;
use super::workers::in_parallel;
use super::{CopyError, computed, in_phase};
use crate::event::{Event, Observer, Phase, RowTicker};
use crate::postgres::Session;
use crate::sqlite::Snapshot;
use crate::value::digest::RangeDigest;

/// Digests all tables of a plan, in its order.
pub async fn found_digests(
    crew: Vec<Session>,
    plan: &Arc<Plan>,
    observer: &Arc<dyn Observer>,
) -> Result<(Vec<Session>, Vec<RangeDigest>), CopyError> {
    let work = {
        let (plan, observer) = (Arc::clone(plan), Arc::clone(observer));
        move |mut session: Session, at: usize| {
            let (plan, observer) = (Arc::clone(&plan), Arc::clone(&observer));
            async move {
                let digest = digest_table(&mut session, &plan, at, &observer).await?;
                Ok((session, (at, digest)))
            }
        }
    };
    let jobs = (0..plan.tables.len()).collect();
    let verifying = in_parallel(crew, jobs, work);
    let (crew, mut digests) = in_phase(observer, Phase::Verify, Some(plan.rows()), verifying).await?;
    digests.sort_by_key(|(at, _)| *at);
    Ok((crew, digests.into_iter().map(|(_, digest)| digest).collect()))
}

async fn digest_table(
    session: &mut Session,
    plan: &Plan,
    at: usize,
    observer: &Arc<dyn Observer>,
) -> Result<RangeDigest, CopyError> {
    let table = &plan.tables[at];
    let name = table.source.name.as_str();
    observer.notice(&Event::TableStarted { table: name, rows: table.rows });
    let query = format!("select {} from {}", table.compared_columns(), table.rows_of_target(&plan.schema));
    let oids = table.columns.iter().map(|column| column.oid).collect();
    let mut ticker = RowTicker::new(observer.as_ref(), name);
    let digest = session.digest(&format!("read table {name} back"), &query, oids, || ticker.row()).await?;
    drop(ticker);
    observer.notice(&Event::TableFinished { table: name });
    Ok(digest)
}

/// Names the computed columns of the tables whose digests differ, where they are what differs.
pub(super) async fn computed_otherwise(
    session: &mut Session,
    snapshot: &Arc<Snapshot>,
    plan: &Plan,
    loaded: &[Loaded],
    found: &[RangeDigest],
) -> Result<Vec<LeftOut>, CopyError> {
    let mut otherwise = Vec::new();
    for ((table, loaded), found) in plan.tables.iter().zip(loaded).zip(found) {
        if loaded.digest == *found {
            continue;
        }
        let rows = table.rows_of_target(&plan.schema);
        let both = computed::Both { snapshot, read: &table.read, orphans: &table.orphans, rows: &rows };
        let differing = both.differing(session, &table.columns).await?;
        if !differing.is_empty() {
            let name = format!("{}.{}", table.source.name, sources(&differing).join(", "));
            let reason = computed::told(&table.source.name, &table.qualified_target(&plan.schema), &differing);
            otherwise.push(LeftOut { kind: "generated column", name, reason });
        }
    }
    Ok(otherwise)
}
