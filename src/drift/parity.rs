//! A SQLite and a PostgreSQL database of one system: each beside its own engine's form of the same revision, and the forms
//! beside each other.

use std::time::Instant;

use super::forms::compare_forms;
use super::gap::gaps;
use super::live::look;
use super::outcome::{DriftReport, Form};
use super::{DriftError, Options};
use crate::database::Location;
use crate::migrate::Migrator;
use crate::schema::Engine;

/// Compares each database with what its recorded revisions make on its engine, and what they make on the one with what they
/// make on the other. What the engines cannot have alike is listed and is no difference; that the databases are at different
/// revisions is one.
pub async fn parity(
    migrator: &Migrator,
    sqlite: &Location,
    postgres: &Location,
    options: &Options,
) -> Result<DriftReport, DriftError> {
    let began = Instant::now();
    for (location, engine) in [(sqlite, Engine::Sqlite), (postgres, Engine::Postgres)] {
        if location.engine() != engine {
            return Err(DriftError::Usage(format!(
                "{location} is no {} database; --parity takes a SQLite and a PostgreSQL one, in this order",
                engine.name()
            )));
        }
    }
    let one = look(migrator, sqlite, options).await?;
    let other = look(migrator, postgres, options).await?;
    let mut problems = one.problems;
    problems.extend(other.problems);
    let heads = |revisions: &[String]| {
        let mut heads = revisions.to_vec();
        heads.sort();
        if heads.is_empty() { "base".to_owned() } else { heads.join(", ") }
    };
    let (first, second) = (heads(&one.comparison.revisions), heads(&other.comparison.revisions));
    let mut comparisons = vec![one.comparison, other.comparison];
    let mut gaps = gaps(&one.inventory, &other.inventory);
    if first == second {
        let revisions = comparisons[0].revisions.clone();
        let (comparison, more) = compare_forms(&migrator.folder, &revisions, &one.form, &other.form, options);
        comparisons.push(comparison);
        gaps.extend(more);
        gaps.sort();
        gaps.dedup();
    } else {
        problems.push(format!(
            "{sqlite} is at {first} and {postgres} at {second}: bring both to one revision with `strait migrate up`"
        ));
    }
    let mut report = DriftReport::new(Form::Parity, comparisons).with_problems(problems);
    report.gaps = gaps;
    report.notices.extend(one.notices.into_iter().chain(other.notices));
    Ok(report.timed(began))
}
