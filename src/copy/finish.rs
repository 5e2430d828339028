//! After the rows: primary keys, unique and plain indexes, checks, foreign keys, sequences, statistics.
//!
//! A step that the rows themselves make impossible is not the end of the run: it is named in the report, with what
//! stands in the way.

use std::sync::Arc;

use super::canonical::EmptyTable;
use super::canonical::ending::seed;
use super::creation::{Build, Creation};
use super::infer::LeftOut;
use super::joining::Joining;
use super::load::Loaded;
use super::plan::Plan;
use super::workers::in_parallel;
use super::{CopyError, in_phase, sequences, views};
use crate::event::{Event, Observer, Phase};
use crate::postgres::{PostgresError, Session};

/// One thing to build on one table.
struct Step {
    /// The table's name in the source, or in the schema file.
    table: String,
    kind: &'static str,
    name: String,
    sql: String,
}

/// Builds everything; gives back what could not be built.
pub async fn finish(
    session: &mut Session,
    crew: Vec<Session>,
    plan: &Arc<Plan>,
    loaded: &[Loaded],
    run: i64,
    observer: &Arc<dyn Observer>,
) -> Result<(Vec<Session>, Vec<LeftOut>), CopyError> {
    let created = plan.tables.iter().filter_map(|table| Some((&table.source.name, table.create.as_ref()?)));
    let empty = plan.besides.empty.iter().map(|empty| (&empty.table.name, &empty.creation));
    let keys: Vec<Vec<Step>> = created.chain(empty).map(|(name, creation)| key_steps(name, creation)).collect();
    let steps = keys.iter().map(Vec::len).sum::<usize>() + plan.tables.len();
    in_phase(observer, Phase::Finish, Some(steps as u64), async {
        let (crew, unbuilt) = build_keys(crew, keys, observer).await?;
        let mut unbuilt: Vec<LeftOut> = unbuilt.into_iter().flatten().collect();
        unbuilt.extend(seed(session, plan).await?);
        // One after the other: each locks two tables, and two at once could wait for each other.
        let mut joining = Joining { session, plan, loaded, unbuilt: &mut unbuilt };
        for table in &plan.tables {
            joining.table(&table.source.name, &table.target_table, &table.set_aside).await?;
        }
        for EmptyTable { table, .. } in &plan.besides.empty {
            joining.table(&table.name, table, &[]).await?;
        }
        unbuilt.extend(views::create(session, plan, run).await?);
        unbuilt.extend(sequences::follow(session, plan, Some(run)).await?);
        let crew = analyze(crew, plan, observer).await?;
        Ok((crew, unbuilt))
    })
    .await
}

/// The keys and indexes of a table that was created.
fn key_steps(table: &str, creation: &Creation) -> Vec<Step> {
    let step = |Build { kind, name, sql }: &Build| Step {
        table: table.to_owned(),
        kind,
        name: format!("{table}.{name}"),
        sql: sql.clone(),
    };
    creation.keys.iter().map(step).collect()
}

async fn build_keys(
    crew: Vec<Session>,
    keys: Vec<Vec<Step>>,
    observer: &Arc<dyn Observer>,
) -> Result<(Vec<Session>, Vec<Vec<LeftOut>>), CopyError> {
    let observer = Arc::clone(observer);
    let jobs: Vec<Vec<Step>> = keys.into_iter().filter(|steps| !steps.is_empty()).collect();
    in_parallel(crew, jobs, move |mut session, steps: Vec<Step>| {
        let observer = Arc::clone(&observer);
        async move {
            let mut unbuilt = Vec::new();
            for step in steps {
                let table = &step.table;
                observer.notice(&Event::TableStarted { table, rows: 0 });
                unbuilt.extend(build(&mut session, &step).await?);
                observer.notice(&Event::Progressed { table, rows: 1, bytes: 0 });
                observer.notice(&Event::TableFinished { table });
            }
            Ok((session, unbuilt))
        }
    })
    .await
}

/// Builds one thing; what the rows themselves make impossible is told.
async fn build(session: &mut Session, step: &Step) -> Result<Option<LeftOut>, CopyError> {
    let (kind, name, what) = (step.kind, step.name.clone(), format!("build {} {}", step.kind, step.name));
    let Err(error) = session.execute(&what, step.sql.clone()).await else { return Ok(None) };
    if kind == "check" && error.code() == Some("23514") {
        // Like a reference with orphans: what the rows break holds at least for new ones.
        session.execute(&what, format!("{} not valid", step.sql)).await?;
        let reason = format!("rows break it; {KEPT_ALL_THE_SAME}");
        return Ok(Some(LeftOut { kind, name, reason }));
    }
    let hint = if error.code() == Some("23505") { "; rows that the source tells apart have one key here" } else { "" };
    let mut told = left_out(kind, name, error)?;
    told.reason.push_str(hint);
    Ok(Some(told))
}

/// What became of rows that break a constraint, and of the constraint.
pub(super) const KEPT_ALL_THE_SAME: &str = "all rows are kept and the constraint is NOT VALID: it holds for new rows; mend them, then \
                                 `alter table … validate constraint`";

/// Turns an error that the rows or the definition explain into a line of the report; others end the run.
///
/// Source: PostgreSQL manual, "Error Codes": class 22 and 23 blame rows, 42 the definition, 54 a limit, 0A a feature.
pub(super) fn left_out(kind: &'static str, name: String, error: PostgresError) -> Result<LeftOut, CopyError> {
    let explained =
        error.code().is_some_and(|code| ["0A", "22", "23", "42", "54"].iter().any(|class| code.starts_with(class)));
    match error {
        PostgresError::Statement { source, .. } if explained => Ok(LeftOut { kind, name, reason: source.to_string() }),
        error => Err(error.into()),
    }
}

async fn analyze(
    crew: Vec<Session>,
    plan: &Arc<Plan>,
    observer: &Arc<dyn Observer>,
) -> Result<Vec<Session>, CopyError> {
    let jobs: Vec<(String, String)> =
        plan.tables.iter().map(|table| (table.source.name.clone(), table.qualified_target(&plan.schema))).collect();
    let observer = Arc::clone(observer);
    let (crew, _) = in_parallel(crew, jobs, move |mut session, (table, target): (String, String)| {
        let observer = Arc::clone(&observer);
        async move {
            session.execute(&format!("analyze {table}"), format!("analyze {target}")).await?;
            observer.notice(&Event::Progressed { table: &table, rows: 1, bytes: 0 });
            Ok((session, ()))
        }
    })
    .await?;
    Ok(crew)
}
