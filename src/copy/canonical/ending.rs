//! The end of a copy into a schema file's tables: rows that every database of the system has, what the file says for
//! PostgreSQL alone, and where the runner finds the target.

use std::sync::Arc;

use super::super::finish::left_out;
use super::super::infer::LeftOut;
use super::super::outcome::{CopyReport, FilledEmpty};
use super::super::plan::Plan;
use super::super::{CopyError, state};
use super::{Canonical, Origin, Script};
use crate::database::Location;
use crate::event::{Event, Observer};
use crate::postgres::names::{literal, qualified, quote};
use crate::postgres::{Address, PostgresError, Session};

/// Names in the file's statements mean the target's schema, and what else the connection looks into.
pub(in super::super) fn look_into(schema: &str) -> String {
    format!(
        "select set_config('search_path', {} || ', ' || current_setting('search_path'), true);",
        literal(&quote(schema))
    )
}

/// Inserts the rows of the file into tables that the source does not have, before references bind them.
pub(in super::super) async fn seed(session: &mut Session, plan: &Plan) -> Result<Vec<LeftOut>, CopyError> {
    let mut unbuilt = Vec::new();
    for Script { name, text } in &plan.besides.seeds {
        let script = format!("begin; {} {text}\n; commit", look_into(&plan.schema));
        if let Err(error) = session.execute(&format!("insert the {name}"), script).await {
            session.execute("give up a step", "rollback".into()).await?;
            unbuilt.push(left_out("seed", name.clone(), error)?);
        }
    }
    Ok(unbuilt)
}

/// Counts the rows of tables that the source does not have.
pub(in super::super) async fn count_seeds(session: &mut Session, plan: &Plan) -> Result<Vec<FilledEmpty>, CopyError> {
    let mut counted = Vec::new();
    for empty in &plan.besides.empty {
        let name = empty.table.name.clone();
        let sql = format!("select count(*) from {}", qualified(&plan.schema, &name));
        let rows = session.number("count the rows of the schema file", sql).await?;
        counted.push(FilledEmpty { name, rows: u64::try_from(rows).unwrap_or(0) });
    }
    Ok(counted)
}

/// Runs what the file says for PostgreSQL alone, and notes in the same transaction that the run is complete: what these
/// statements do is known to nobody, so that nobody could take it back.
pub(in super::super) async fn end(session: &mut Session, plan: &Plan, run: i64) -> Result<Vec<LeftOut>, CopyError> {
    let begin = format!("begin; {}", look_into(&plan.schema));
    session.execute("begin the run's end", begin).await?;
    let mut unbuilt = Vec::new();
    for Script { name, text } in &plan.besides.own_words {
        let script = format!("savepoint own_words; {text}\n; release savepoint own_words");
        if let Err(error) = session.execute(&format!("run the {name}"), script).await {
            unbuilt.push(refused(name, error)?);
            session.execute("give up a step", "rollback to savepoint own_words".into()).await?;
        }
    }
    let tables: Vec<&str> = plan.tables.iter().map(|table| table.source.name.as_str()).collect();
    session.execute("note the run's end", format!("{}; commit", state::ending(run, &tables))).await?;
    Ok(unbuilt)
}

/// Whatever the server says of a statement of somebody's own is told; a connection that is lost ends the run.
fn refused(name: &str, error: PostgresError) -> Result<LeftOut, CopyError> {
    match error {
        PostgresError::Statement { source, .. } if source.code().is_some() => {
            // The name of a script begins with what it is.
            let name = name.strip_prefix("statement ").unwrap_or(name).to_owned();
            Ok(LeftOut { kind: "statement", name, reason: source.to_string() })
        }
        error => Err(error.into()),
    }
}

/// Records the revisions of the system as applied, when the target is what they make.
///
/// After the run, not in its last transaction: the runner has a connection and a lock of its own. A run that ends between
/// the two leaves a target that no revision is claimed of, which `strait migrate stamp` mends.
pub(in super::super) async fn stamp(
    canonical: &Canonical,
    target: &Address,
    is_own_schema: bool,
    report: &mut CopyReport,
    observer: &Arc<dyn Observer>,
) {
    let whole = report.unbuilt.is_empty();
    let Some(made) = &mut report.made_from else { return };
    let migrator = match (&canonical.revisions, &canonical.origin) {
        (Some(migrator), Origin::System(_)) if !migrator.folder.revisions.is_empty() => migrator,
        (_, Origin::System(name)) => {
            made.not_stamped = Some(format!("system {name} has no folder of revisions"));
            return;
        }
        (_, Origin::File(_)) => {
            made.not_stamped = Some("a schema file alone has no revisions".into());
            return;
        }
    };
    if !whole || !is_own_schema {
        let why = if whole {
            "the tables are not in the schema in which the connection looks first"
        } else {
            "something could not be built, so the target is not what the revisions make"
        };
        made.not_stamped = Some(why.into());
        return;
    }
    let location = Location::Postgres(Box::new(target.clone()));
    match migrator.stamp(&location, &canonical.stamps(&made.left_out), false, observer.as_ref()).await {
        Ok(outcome) => {
            made.stamped = outcome.after;
            outcome.notices.iter().for_each(|notice| observer.notice(&Event::Notice { text: notice }));
            report.notices.extend(outcome.notices);
        }
        Err(error) => {
            made.not_stamped = Some(error.to_string());
            let name = canonical.origin.to_string();
            report.unbuilt.push(LeftOut { kind: "stamp", name, reason: error.to_string() });
            report.complete = false;
        }
    }
}
