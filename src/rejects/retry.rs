//! Reads rows that were set aside in the source again, and loads those that fit now.
//!
//! A batch of rows and what becomes of their rejects are one transaction: a row that is loaded is no reject any more, one
//! that is refused again is kept with its new reason. Rows are read as the copy read them ([`standing`] refuses anything
//! else), and only a row that is certainly the one that was set aside is loaded ([`meeting`](super::meeting)).

use std::path::Path;
use std::sync::Arc;
use std::time::Instant;

use serde::Deserialize;

use super::attempt::{Attempt, find};
use super::outcome::RetryReport;
use super::plans::Plans;
use super::{Selection, standing};
use crate::copy::canonical::Canonical;
use crate::copy::choice::Choices;
use crate::copy::{CopyError, Sides, open, state, undo};
use crate::event::Observer;
use crate::postgres::Address;
use crate::verify::{VerifyOptions, verify};

/// What a person may choose about a retry.
#[derive(Clone, Debug)]
pub struct RetryOptions {
    /// Which rejects are tried.
    pub selection: Selection,
    /// How many tables are compared at once afterwards.
    pub jobs: usize,
    /// The schema file whose types the copy was made under.
    pub canonical: Option<Arc<Canonical>>,
    /// What is chosen for single columns.
    pub choices: Choices,
    /// Whether the source may be another file than that of the copy.
    pub other_file: bool,
    /// Whether rows that the source no longer has are forgotten.
    pub forget_gone: bool,
    /// Whether rejects are forgotten for which no row of the source is certain to be theirs.
    pub forget_unrecognised: bool,
}

/// One reject: its number, its run, and what its row is known by.
#[derive(Clone, Debug, Deserialize)]
pub(super) struct Open {
    pub(super) id: i64,
    pub(super) run: i64,
    pub(super) table: String,
    pub(super) key: String,
}

/// Tries the rejects of a target again.
pub async fn retry(
    source: &Path,
    target: &Address,
    options: &RetryOptions,
    observer: &Arc<dyn Observer>,
) -> Result<RetryReport, CopyError> {
    let started = Instant::now();
    // The server itself judges now whether a row refers to one that is there.
    let (choices, without_effect) = options.choices.emptying_alone();
    let options = &RetryOptions { choices, ..options.clone() };
    let Sides { snapshot, mut session, schema, .. } =
        open(source, 1, target, options.selection.schema.as_deref()).await?;
    state::lock(&mut session, target, &schema).await?;
    undo::settle_unfinished(&mut session, &schema, false, observer).await?;
    let only = options.selection.only(&schema);
    let mut rejects = Vec::new();
    if state::notes_exist(&mut session).await? {
        state::renew_notes(&mut session).await?;
        rejects = find(&mut session, &only).await?;
    }
    let runs = standing::runs(&mut session, &rejects).await?;
    if !options.other_file {
        standing::check_file(source, &runs)?;
    }
    let plans = Plans::new(&mut session, &snapshot, &schema, options, &runs).await?;
    plans.check_choices(&runs, options.canonical.as_deref())?;
    let mut attempt = Attempt {
        session: &mut session,
        snapshot: &snapshot,
        schema: &schema,
        only: &only,
        plans: &plans,
        forget_gone: options.forget_gone,
        forget_unrecognised: options.forget_unrecognised,
        observer,
        notices: without_effect.iter().map(|given| standing::without_effect(given)).collect(),
    };
    let mut tables = attempt.all(rejects).await?;
    let mut notices = attempt.notices;
    notices.extend(standing::missing_parents(&tables));
    notices.extend(standing::not_valid(&mut session, &schema, &tables).await?);
    session.close().await;
    let moved: Vec<String> = tables.iter().filter(|table| table.moved()).map(|table| table.name.clone()).collect();
    if !moved.is_empty() {
        let options = VerifyOptions {
            jobs: options.jobs,
            schema: Some(schema.clone()),
            canonical: options.canonical.clone(),
            choices: options.choices.clone(),
            only: moved,
            exclude: plans.excluded.clone(),
            ..VerifyOptions::default()
        };
        let compared = verify(source, target, &options, observer).await?;
        for table in &mut tables {
            table.verdict = compared.tables.iter().find(|one| one.name == table.name).map(|one| one.verdict);
        }
    }
    Ok(RetryReport {
        version: env!("CARGO_PKG_VERSION"),
        source: snapshot.path().display().to_string(),
        target: target.to_string(),
        schema,
        complete: tables
            .iter()
            .all(|table| table.left() == 0 && table.verdict.is_none_or(|verdict| verdict.is_equal())),
        tables,
        notices,
        seconds: started.elapsed().as_secs_f64(),
    })
}
