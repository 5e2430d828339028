//! The copier: every table of a SQLite database into PostgreSQL, and the proof that it arrived.
//!
//! [`copy`] tells the story: open both sides, [`plan`], [`prepare`] the target, [`load`] the rows, [`finish`] keys and
//! sequences, compare digests, and return an outcome. Where a schema file says what the target is, [`canonical`] puts its
//! tables beside those that are there. What the target would need to be as before is written down there
//! before it is changed ([`undo`]), so that a failure, or the next run after a crash, can put it back.

pub mod bookkeeping;
pub mod canonical;
pub mod choice;
pub mod computed;
pub mod creation;
mod decide;
pub(crate) mod draft;
mod error;
pub(crate) mod exclude;
mod extra;
pub(crate) mod fingerprint;
pub mod finish;
pub mod infer;
pub mod isolate;
mod joining;
mod kept;
pub(crate) mod likeness;
pub mod load;
pub mod matching;
mod options;
pub mod orphans;
pub mod outcome;
mod outside;
pub mod plan;
pub mod prepare;
pub mod prove;
pub(crate) mod recorded;
pub mod reject;
pub mod rows;
pub(crate) mod sequences;
pub mod state;
pub mod stream;
pub(crate) mod together;
pub mod undo;
pub(crate) mod units;
pub mod views;
pub mod workers;

pub use error::CopyError;
pub use options::{CopyOptions, ExtraColumns, ExtraTables, OnNonempty, default_jobs};

use std::path::Path;
use std::sync::Arc;
use std::time::Instant;

use crate::event::{Event, Observer, Phase};
use crate::postgres::probe::{Probe, refuse_transaction_pooler};
use crate::postgres::{Address, Session};
use crate::sqlite::Snapshot;
use outcome::{CopyReport, MadeFrom, Phases, TableReport};
use plan::Plan;
use state::Ways;

/// Copies a SQLite database into PostgreSQL and proves it.
pub async fn copy(
    source: &Path,
    target: &Address,
    options: &CopyOptions,
    observer: &Arc<dyn Observer>,
) -> Result<CopyReport, CopyError> {
    let started = Instant::now();
    let Sides { snapshot, mut session, probe, schema } =
        open(source, options.jobs, target, options.schema.as_deref()).await?;
    state::lock(&mut session, target, &schema).await?;
    undo::settle_unfinished(&mut session, &schema, options.undo_unfinished, observer).await?;
    let mut plan = plan::plan(&snapshot, &mut session, target, &schema, options, observer).await?;
    plan.notices.extend(snapshot.missing_wal());
    for notice in &plan.notices {
        observer.notice(&Event::Notice { text: notice });
    }
    for kept in plan.references.iter().flat_map(|known| [known.kept(), known.kept_folded()]).flatten() {
        observer.notice(&Event::Notice { text: &kept });
    }
    let planned = started.elapsed();
    let schema_file = options.canonical.as_ref().map(|canonical| canonical.origin.to_string());
    let ways = Ways { schema_file, choices: Some(plan.noted()) };
    let run = state::begin(&mut session, &schema, &probe, source, &ways).await?;
    let work = cross(&mut session, target, &snapshot, plan, run, &probe, options, observer);
    let outcome = tokio::select! {
        outcome = work => outcome,
        () = stop_requested() => Err(CopyError::Interrupted),
    };
    match outcome {
        Ok(mut report) => {
            if let Some(canonical) = &options.canonical {
                let is_own_schema = probe.current_schema.as_ref() == Some(&schema);
                canonical::ending::stamp(canonical, target, is_own_schema, &mut report, observer).await;
            }
            report.phases.plan = planned.as_secs_f64();
            report.seconds = started.elapsed().as_secs_f64();
            Ok(report)
        }
        Err(error) => {
            // The session may be in the middle of anything: undo on a new one.
            drop(session);
            put_back(target, &schema, run, observer).await;
            Err(error)
        }
    }
}

/// Both sides of a crossing, opened and found usable.
pub struct Sides {
    /// The source, in one state.
    pub snapshot: Arc<Snapshot>,
    /// A session of the target.
    pub session: Session,
    /// What the target's server can do.
    pub probe: Probe,
    /// The target's schema to work in.
    pub schema: String,
}

/// Opens the source with so many readers, and a session of the target.
pub async fn open(source: &Path, readers: usize, target: &Address, schema: Option<&str>) -> Result<Sides, CopyError> {
    let path = source.to_owned();
    let snapshot = workers::blocking(move || Ok(Snapshot::open(&path, readers)?)).await?;
    let mut session = Session::connect(target).await?;
    // First: behind such a pooler even the probe's own question may not find its statement again.
    refuse_transaction_pooler(&mut session, target).await?;
    let probe = Probe::ask(&mut session, target).await?;
    let schema = prepare::choose_schema(&mut session, target, &probe, schema).await?;
    Ok(Sides { snapshot: Arc::new(snapshot), session, probe, schema })
}

#[expect(clippy::too_many_arguments, reason = "each is a thing of its own; a struct would only hide them")]
async fn cross(
    session: &mut Session,
    target: &Address,
    snapshot: &Arc<Snapshot>,
    mut plan: Plan,
    run: i64,
    probe: &Probe,
    options: &CopyOptions,
    observer: &Arc<dyn Observer>,
) -> Result<CopyReport, CopyError> {
    let started = Instant::now();
    prepare::prepare(session, &plan, run).await?;
    prepare::learn(session, &mut plan).await?;
    let settings = format!("{}; {}", probe.loading_settings(), state::join(run));
    let mut crew = workers::crew(target, options.jobs.min(plan.streams().max(1)), &settings).await?;
    // Not on the session that holds the lock: one of the crew ends with the run, whatever it waits for.
    if let Some(worker) = crew.first_mut() {
        canonical::trial::try_out(worker, &plan).await?;
    }
    let (crew, plan, loaded) = kept::load(crew, snapshot, plan, run, options.max_rejects, probe, observer).await?;
    let plan = &plan;
    let loaded_at = Instant::now();
    let (crew, mut unbuilt) = finish::finish(session, crew, plan, &loaded, run, observer).await?;
    let finished_at = Instant::now();
    let (crew, found) = prove::found_digests(crew, plan, observer).await?;
    workers::dismiss(crew).await;
    unbuilt.extend(prove::computed_otherwise(session, snapshot, plan, &loaded, &found).await?);
    let tables = plan.tables.iter().zip(&loaded).zip(found);
    let tables: Vec<TableReport> =
        tables.map(|((table, loaded), found)| TableReport::new(table, loaded, found)).collect();
    let empty = canonical::ending::count_seeds(session, plan).await?;
    unbuilt.extend(canonical::ending::end(session, plan, run).await?);
    let made_from = options.canonical.as_ref().map(|canonical| MadeFrom::new(&canonical.origin, empty, plan));
    let phases = Phases {
        plan: 0.0,
        load: (loaded_at - started).as_secs_f64(),
        finish: (finished_at - loaded_at).as_secs_f64(),
        verify: finished_at.elapsed().as_secs_f64(),
    };
    Ok(CopyReport::new(run, snapshot, target, probe, plan, made_from, tables, unbuilt, phases))
}

/// Undoes the run on a session of its own, and tells how that went: the next run finds what could not be undone.
async fn put_back(target: &Address, schema: &str, run: i64, observer: &Arc<dyn Observer>) {
    let undo = async {
        let mut session = Session::connect(target).await?;
        // Before the lock: the session that holds it may be one of those that the server is still at work for.
        state::end_sessions(&mut session, run).await?;
        state::lock_patiently(&mut session, target, schema).await?;
        undo::undo(&mut session, run).await
    };
    let text = match undo.await {
        Ok(()) => "the copy did not end, and the target was put back as it was".to_owned(),
        Err(error) => {
            let because = std::error::Error::source(&error).map_or(String::new(), |cause| format!(": {cause}"));
            format!(
                "the copy did not end, and the target could not be put back as it was ({error}{because}); the next copy into \
                 it with --undo-unfinished will do so first"
            )
        }
    };
    observer.notice(&Event::Notice { text: &text });
}

/// Waits until a person asks the program to stop: Ctrl-C, or SIGTERM.
pub async fn stop_requested() {
    #[cfg(unix)]
    {
        use tokio::signal::unix::{SignalKind, signal};
        if let (Ok(mut interrupt), Ok(mut terminate)) =
            (signal(SignalKind::interrupt()), signal(SignalKind::terminate()))
        {
            tokio::select! { _ = interrupt.recv() => {}, _ = terminate.recv() => {} }
            return;
        }
    }
    tokio::signal::ctrl_c().await.ok();
}

/// Announces a phase around a piece of work.
pub(crate) async fn in_phase<T>(
    observer: &Arc<dyn Observer>,
    phase: Phase,
    expected: Option<u64>,
    work: impl Future<Output = T>,
) -> T {
    observer.notice(&Event::PhaseStarted { phase, expected });
    let done = work.await;
    observer.notice(&Event::PhaseFinished { phase });
    done
}
