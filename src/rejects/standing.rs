//! How the copies stand whose rejects are tried: from which file, and how their values were read.

use std::path::Path;

use serde::Deserialize;

use super::objects;
use super::outcome::Retried;
use super::retry::Open;
use crate::copy::CopyError;
use crate::copy::canonical::Canonical;
use crate::copy::choice::Chosen;
use crate::copy::plan::Problem;
use crate::copy::state::{Ways, is_same_file};
use crate::copy::units::FoundUnit;
use crate::postgres::Session;
use crate::postgres::names::literal;

/// A run that set rows aside.
#[derive(Debug, Deserialize)]
pub(super) struct Run {
    run: i64,
    source: String,
    #[serde(flatten)]
    ways: Ways,
}

/// Reads what is noted of the runs of some rejects.
pub(super) async fn runs(session: &mut Session, rejects: &[Open]) -> Result<Vec<Run>, CopyError> {
    let mut numbers: Vec<String> = rejects.iter().map(|reject| reject.run.to_string()).collect();
    numbers.dedup();
    if numbers.is_empty() {
        return Ok(Vec::new());
    }
    // As an object, because an older version noted less.
    let sql = format!(
        "select (to_jsonb(r) || jsonb_build_object('run', r.id))::text from strait.run r where r.id in ({})",
        numbers.join(", ")
    );
    objects(session, "read the notes of earlier runs", sql).await
}

/// Refuses a source that is another file than that of a copy.
pub(super) fn check_file(source: &Path, runs: &[Run]) -> Result<(), CopyError> {
    let other = |run: &&Run| !is_same_file(Path::new(&run.source), source);
    let problem = |run: &Run| {
        Problem::new(format!(
            "the rows of run {} were set aside from {}, and this is {}; say --other-file if it is the same database",
            run.run,
            run.source,
            source.display()
        ))
    };
    let problems: Vec<Problem> = runs.iter().filter(other).map(problem).collect();
    if problems.is_empty() { Ok(()) } else { Err(CopyError::Stopped(problems)) }
}

/// The units that the copies took from the numbers of whole columns, of which a retry sees a few.
pub(super) fn shown_units(runs: &[Run]) -> Vec<(String, FoundUnit)> {
    let chosen = runs.iter().filter_map(|run| run.ways.choices.as_deref()).flatten();
    let shown = chosen.filter_map(|chosen| {
        let found = chosen.found_unit().filter(|_| chosen.is_as_shown())?;
        Some((chosen.table.clone(), found))
    });
    shown.collect()
}

/// The columns that the copies left out, as `--exclude` takes them.
pub(super) fn left_out(runs: &[Run]) -> Vec<String> {
    let chosen = runs.iter().filter_map(|run| run.ways.choices.as_deref()).flatten();
    let mut names: Vec<String> =
        chosen.filter(|one| one.excluded).map(|one| format!("{}.{}", one.table, one.column)).collect();
    names.sort_unstable();
    names.dedup();
    names
}

/// Finds where values would be read otherwise than the copy read them; what is allowed besides is no matter.
pub(super) fn other_ways(runs: &[Run], canonical: Option<&Canonical>, chosen: &[Chosen]) -> Vec<Problem> {
    let mut problems = Vec::new();
    let own = canonical.map(|canonical| canonical.origin.to_string());
    for Run { run, ways, .. } in runs {
        let Some(choices) = &ways.choices else { continue };
        if ways.schema_file != own {
            let name = |file: &Option<String>| file.clone().unwrap_or_else(|| "no schema file".into());
            problems.push(Problem::new(format!(
                "run {run} read its values under the types of {}, and this would be under {}; say the same --system or \
                 --schema as the copy",
                name(&ways.schema_file),
                name(&own)
            )));
        }
        let reads_otherwise = |was: &&Chosen| {
            let now = chosen.iter().find(|now| (&now.table, &now.column) == (&was.table, &was.column));
            let same = |now: &Chosen| (&now.logical, &now.unit, &now.zone) == (&was.logical, &was.unit, &was.zone);
            let matters = was.logical.is_some() || was.unit.is_some() || was.zone.is_some();
            matters && !now.is_some_and(same)
        };
        for was in choices.iter().filter(reads_otherwise) {
            let (line, flags) = (was.line(), was.flags());
            problems.push(Problem::new(format!(
                "run {run} read {line}; say {flags}, as for the copy, so that these rows are read like the others"
            )));
        }
    }
    problems
}

/// Says of a choice for orphans that it does nothing here.
pub(super) fn without_effect(given: &str) -> String {
    format!(
        "{given} does nothing here: the constraints of the target decide whether a row is loaded; --orphans set-null empties \
         the reference of one that they refuse"
    )
}

/// Says what to do where rows are refused because those that they refer to are not in the target.
pub(super) fn missing_parents(tables: &[Retried]) -> Vec<String> {
    // Source: PostgreSQL manual, "Error Codes": 23503 foreign_key_violation.
    let is_refused = |table: &&Retried| table.reasons.iter().any(|reason| reason.reason.ends_with("(23503)"));
    let told = |table: &Retried| {
        format!(
            "{}: rows that they refer to are not in the target. Those of them that were set aside, too, come with a retry once \
             they fit themselves: mend them first. Those that are in the source alone a retry does not load: insert them \
             into the target, too, or copy anew with --on-nonempty truncate",
            table.name
        )
    };
    tables.iter().filter(is_refused).map(told).collect()
}

/// Says why rows that refer to each other stay set aside, where the role cannot help it.
pub(super) fn may_not_wait(tables: &[&str]) -> String {
    format!(
        "rows of {} refer to each other and can only be loaded together, with references that wait for the end of the \
         transaction, and this role may not let them wait: connect as the owner of the tables, or let the owner make these \
         references deferrable (alter table … alter constraint … deferrable)",
        tables.join(" and ")
    )
}

/// Names the constraints of a schema whose tables were changed that no row is held to which was there before.
pub(super) async fn not_valid(
    session: &mut Session,
    schema: &str,
    tables: &[Retried],
) -> Result<Vec<String>, CopyError> {
    if !tables.iter().any(Retried::moved) {
        return Ok(Vec::new());
    }
    let sql = format!(
        "select format('constraint %I of %s is NOT VALID still; if nothing breaks it any more: alter table %s validate \
         constraint %I', conname, conrelid::regclass, conrelid::regclass, conname) from pg_constraint where not convalidated \
         and conrelid in (select oid from pg_class where relnamespace = (select oid from pg_namespace where nspname = {})) \
         order by 1",
        literal(schema)
    );
    Ok(session.texts("look for constraints that are not valid", sql).await?.into_iter().flatten().collect())
}
