//! The whole picture of a crossing before anything moves: what each column holds and becomes, which rows will be changed
//! by which rule, which will be set aside, and what stands in the way of keys and references.
//!
//! The plan is the copy's own, and every row is cast and encoded as a copy would; only nothing is sent, and nothing of the
//! target changes. [`assess`] tells the story; [`rows`] reads them, [`findings`] looks at keys and references, [`clashes`]
//! at keys that a cast makes equal, [`room`] at the files.

mod clashes;
mod findings;
pub mod held;
pub mod outcome;
pub mod proposal;
mod room;
mod rows;
mod unchecked;

use std::path::Path;
use std::sync::Arc;
use std::time::Instant;

use futures::{StreamExt as _, TryStreamExt as _};

use crate::copy::canonical::trial;
use crate::copy::plan::{Plan, Problem, foresee};
use crate::copy::workers::blocking;
use crate::copy::{CopyError, CopyOptions, Sides, in_phase, open};
use crate::event::{Event, Observer, Phase};
use crate::postgres::Address;
use crate::sqlite::Snapshot;
use crate::sqlite::sample::Sample;
use outcome::{Assessment, TableAssessment};

/// What a person may choose about an assessment.
#[derive(Clone, Debug, Default)]
pub struct AssessOptions {
    /// How the copy would be done.
    pub copy: CopyOptions,
    /// How much of each table is read; all when absent.
    pub sample: Option<Sample>,
    /// Whether what the copy would create is wanted as a schema file.
    pub propose: bool,
}

/// Assesses a crossing; without a target, one into an empty database.
pub async fn assess(
    source: &Path,
    target: Option<&Address>,
    options: &AssessOptions,
    observer: &Arc<dyn Observer>,
) -> Result<Assessment, CopyError> {
    let started = Instant::now();
    let sample = options.sample;
    let mut assessment = Assessment {
        version: env!("CARGO_PKG_VERSION"),
        sample: sample.map(|sample| sample.to_string()),
        ..Assessment::default()
    };
    assessment.source = source.display().to_string();
    let (snapshot, plan) = match target {
        Some(target) => {
            let sides = open(source, options.copy.jobs, target, options.copy.schema.as_deref()).await?;
            let Sides { snapshot, mut session, probe, schema } = sides;
            let side = Some((&mut session, target));
            let (plan, mut problems) = foresee(&snapshot, side, &schema, &options.copy, sample, observer).await?;
            problems.extend(trial::foretell(&mut session, &plan).await?);
            assessment.place(target, &plan.schema, &probe.version);
            assessment.decisions = problems.iter().map(ToString::to_string).collect();
            assessment.room.on_target = room::on_target(&mut session).await?;
            session.close().await;
            (snapshot, plan)
        }
        None => {
            let (path, jobs) = (source.to_owned(), options.copy.jobs);
            let snapshot = Arc::new(blocking(move || Ok(Snapshot::open(&path, jobs)?)).await?);
            let schema = options.copy.schema.as_deref().unwrap_or("public");
            let (plan, problems) = foresee(&snapshot, None, schema, &options.copy, sample, observer).await?;
            assessment.decisions = problems.iter().map(ToString::to_string).collect();
            (snapshot, plan)
        }
    };
    let plan = Arc::new(plan);
    let reading = Instant::now();
    assessment.tables = look_at_rows(&snapshot, &plan, options, observer).await?;
    let read_in = reading.elapsed();
    let found = findings::find(&snapshot, &plan, &assessment.tables).await?;
    let of_rows = assessment.tables.iter_mut().flat_map(|table| std::mem::take(&mut table.findings));
    assessment.findings = of_rows.chain(found.findings).collect();
    assessment.unchecked = unchecked::name(&plan, target.is_some()).into_iter().chain(found.unchecked).collect();
    assessment.take_plan(&plan, snapshot.missing_wal());
    if options.propose {
        let proposal = proposal::propose(&plan, &assessment.source, sample, &options.copy.choices);
        assessment.proposal = Some(proposal.map_err(|why| CopyError::Stopped(vec![Problem::new(why)]))?);
    }
    room::of_source(source, &mut assessment.room);
    assessment.estimate(read_in);
    assessment.seconds = started.elapsed().as_secs_f64();
    Ok(assessment)
}

/// Reads and casts the rows of every table, several tables at once.
async fn look_at_rows(
    snapshot: &Arc<Snapshot>,
    plan: &Arc<Plan>,
    options: &AssessOptions,
    observer: &Arc<dyn Observer>,
) -> Result<Vec<TableAssessment>, CopyError> {
    let sample = options.sample;
    let jobs = (0..plan.tables.len()).map(|at| {
        let (snapshot, plan, observer) = (Arc::clone(snapshot), Arc::clone(plan), Arc::clone(observer));
        blocking(move || {
            let table = &plan.tables[at];
            let rows = sample.map_or(table.rows, |sample| sample.of(table.rows));
            observer.notice(&Event::TableStarted { table: &table.source.name, rows });
            let assessed = rows::assess(&snapshot.lend(), &plan, table, sample, observer.as_ref())?;
            observer.notice(&Event::TableFinished { table: &table.source.name });
            Ok(assessed)
        })
    });
    let work = futures::stream::iter(jobs).buffered(options.copy.jobs.max(1)).try_collect();
    let read = |rows: u64| sample.map_or(rows, |sample| sample.of(rows));
    let expected = plan.tables.iter().map(|table| read(table.rows)).sum();
    in_phase(observer, Phase::Assess, Some(expected), work).await
}
