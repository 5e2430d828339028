//! Reads rows that were set aside in the source again, and loads those that fit now.
//!
//! A batch of rows and what becomes of their rejects are one transaction: a row that is loaded is no reject any more, one
//! that is refused again is kept with its new reason. Rows are read as the copy read them ([`standing`] refuses anything
//! else), and only a row that is certainly the one that was set aside is loaded ([`meeting`](super::meeting)).

use std::path::Path;
use std::sync::Arc;
use std::time::Instant;

use serde::Deserialize;

use super::lots::lots;
use super::meeting::{Met, meet};
use super::outcome::{Retried, RetryReport};
use super::{Selection, objects, standing};
use crate::copy::canonical::{Besides, Canonical, lift};
use crate::copy::choice::{Applied, Choices};
use crate::copy::isolate::load_again;
use crate::copy::matching;
use crate::copy::orphans::reference::{Side, references};
use crate::copy::orphans::{self, Orphans, Policy};
use crate::copy::plan::{Plan, TablePlan, read_structure};
use crate::copy::reject::RejectSummary;
use crate::copy::units::FoundUnit;
use crate::copy::{CopyError, Sides, exclude, open, sequences, state, undo};
use crate::event::{Event, Observer};
use crate::postgres::introspect::{self, introspect};
use crate::postgres::names::literal;
use crate::postgres::{Address, Session};
use crate::schema::order::dependency_order;
use crate::sqlite::Snapshot;
use crate::sqlite::introspect::Structure;
use crate::sqlite::read::TableRead;
use crate::value::KeyRange;
use crate::value::tally::Tally;
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
    let rejects = if state::notes_exist(&mut session).await? { find(&mut session, &only).await? } else { Vec::new() };
    let runs = standing::runs(&mut session, &rejects).await?;
    if !options.other_file {
        standing::check_file(source, &runs)?;
    }
    let mut attempt = Attempt::new(&mut session, snapshot, schema, only, options, &runs, observer).await?;
    attempt.check_choices(&runs, options.canonical.as_deref())?;
    let mut tables = attempt.all(rejects).await?;
    let Attempt { snapshot, schema, excluded, .. } = attempt;
    let mut notices: Vec<String> = without_effect.iter().map(|given| standing::without_effect(given)).collect();
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
            exclude: excluded,
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

async fn find(session: &mut Session, only: &str) -> Result<Vec<Open>, CopyError> {
    let sql = format!(
        "select json_build_object('id', j.id, 'run', j.run, 'table', j.table_name, 'key', j.row_key)::text from \
         strait.reject j join strait.run r on r.id = j.run where {only} order by j.run, j.id"
    );
    objects(session, "find the rejects", sql).await
}

/// What came of trying rejects once.
#[derive(Debug, Default)]
pub(super) struct Pass {
    pub(super) loaded: u64,
    /// Rows that the source no longer has.
    pub(super) gone: u64,
    /// Rows of which it is not certain that they are those that were set aside.
    pub(super) strange: u64,
    /// The rules that were applied to the rows that were loaded.
    pub(super) tally: Tally,
    /// What was set aside again.
    pub(super) kept: RejectSummary,
}

/// A retry under way.
struct Attempt<'a> {
    session: &'a mut Session,
    snapshot: Arc<Snapshot>,
    schema: String,
    only: String,
    structure: Structure,
    found: introspect::Structure,
    choices: Choices,
    /// By table, the units that the copies took from the numbers of whole columns.
    shown: Vec<(String, FoundUnit)>,
    /// Of each table of the source, the rows whose references become NULL.
    orphans: Vec<Orphans>,
    /// The columns that are left out, as `--exclude` takes them.
    excluded: Vec<String>,
    forget_gone: bool,
    forget_unrecognised: bool,
    observer: &'a Arc<dyn Observer>,
}

impl<'a> Attempt<'a> {
    async fn new(
        session: &'a mut Session,
        snapshot: Arc<Snapshot>,
        schema: String,
        only: String,
        options: &RetryOptions,
        runs: &[standing::Run],
        observer: &'a Arc<dyn Observer>,
    ) -> Result<Self, CopyError> {
        // What the copies left out is left out again, whatever else is said of it there.
        let structure = read_structure(&snapshot).await?;
        let (structure, excluded) = exclude::leave_out(&snapshot, structure, &standing::left_out(runs)).await?;
        let mut found = introspect(session, &schema).await?;
        if let Some(canonical) = &options.canonical {
            lift(&mut found, &canonical.file.schema);
        }
        let &RetryOptions { forget_gone, forget_unrecognised, .. } = options;
        let orphans = vec![Orphans::default(); structure.schema.tables.len()];
        let shown = standing::shown_units(runs);
        let choices = options.choices.clone();
        let mut attempt = Self {
            session,
            snapshot,
            schema,
            only,
            structure,
            found,
            choices,
            shown,
            orphans,
            excluded: excluded.columns.iter().map(|(table, column)| format!("{table}.{column}")).collect(),
            forget_gone,
            forget_unrecognised,
            observer,
        };
        attempt.find_orphans().await?;
        Ok(attempt)
    }

    /// Finds the rows whose references become NULL.
    async fn find_orphans(&mut self) -> Result<(), CopyError> {
        let places: Vec<usize> = (0..self.structure.schema.tables.len()).collect();
        let planned = places.into_iter().filter_map(|at| Some((at, self.plan(at, &mut Applied::default())?)));
        let (places, planned): (Vec<usize>, Vec<TablePlan>) = planned.unzip();
        let sides: Vec<Side<'_>> = planned.iter().map(TablePlan::side).collect();
        let mut references = references(&sides, &self.choices, &mut Applied::default());
        references.retain(|reference| reference.policy == Policy::SetNull);
        if references.is_empty() {
            return Ok(());
        }
        let reads = planned.iter().map(|table| table.read.clone()).collect();
        let (references, orphans) = orphans::find(&self.snapshot, reads, references, 1).await?;
        orphans::refuse_to_empty(&references)?;
        for (at, orphans) in places.into_iter().zip(orphans) {
            self.orphans[at] = orphans;
        }
        Ok(())
    }

    /// Refuses choices that cannot be followed, or that are not those of the copy, before any row is tried.
    fn check_choices(&self, runs: &[standing::Run], canonical: Option<&Canonical>) -> Result<(), CopyError> {
        let mut applied = Applied::default();
        let places = 0..self.structure.schema.tables.len();
        let planned: Vec<TablePlan> = places.filter_map(|at| self.plan(at, &mut applied)).collect();
        let sides: Vec<Side<'_>> = planned.iter().map(TablePlan::side).collect();
        references(&sides, &self.choices, &mut applied);
        self.choices.finish(&mut applied, &self.structure.schema);
        let mut problems = applied.problems;
        problems.extend(standing::other_ways(runs, canonical, &applied.chosen));
        if problems.is_empty() { Ok(()) } else { Err(CopyError::Stopped(problems)) }
    }

    /// Tries the rejects of all tables, parents before children; tables that the source lacks come last.
    async fn all(&mut self, rejects: Vec<Open>) -> Result<Vec<Retried>, CopyError> {
        let order: Vec<usize> = dependency_order(&self.structure.schema).into_iter().flatten().collect();
        let mut rest = rejects;
        let mut tables = Vec::new();
        for at in order {
            let name = self.structure.schema.tables[at].name.clone();
            let (own, others): (Vec<Open>, Vec<Open>) = rest.into_iter().partition(|reject| reject.table == name);
            rest = others;
            if !own.is_empty() {
                tables.push(self.table(at, own).await?);
            }
        }
        while let Some(first) = rest.first() {
            let name = first.table.clone();
            let (own, others): (Vec<Open>, Vec<Open>) = rest.into_iter().partition(|reject| reject.table == name);
            rest = others;
            tables.push(untried(&name, own.len(), "the source has no such table any more"));
        }
        Ok(tables)
    }

    async fn table(&mut self, at: usize, rejects: Vec<Open>) -> Result<Retried, CopyError> {
        let name = self.structure.schema.tables[at].name.clone();
        let Some(planned) = self.plan(at, &mut Applied::default()) else {
            return Ok(untried(&name, rejects.len(), "the target has no such table"));
        };
        let plan = Arc::new(Plan {
            schema: self.schema.clone(),
            tables: vec![planned],
            besides: Besides::default(),
            references: Vec::new(),
            views: Vec::new(),
            skipped: Vec::new(),
            histories: Vec::new(),
            chosen: Vec::new(),
            profiles: std::collections::BTreeMap::new(),
            left_out: Vec::new(),
            open: Vec::new(),
            notices: Vec::new(),
        });
        let mut rejects = rejects;
        let rows = rejects.len() as u64;
        self.observer.notice(&Event::TableStarted { table: &name, rows });
        let (gone_forgotten, unrecognised_forgotten) = (self.forget_gone, self.forget_unrecognised);
        let mut told = Retried { gone_forgotten, unrecognised_forgotten, ..Retried::new(&name, rows) };
        loop {
            let pass = self.pass(&plan, &rejects).await?;
            told.take(&pass);
            // A row may refer to another that has only now arrived.
            if pass.loaded == 0 || pass.kept.reasons.is_empty() {
                break;
            }
            let only = format!("{} and j.table_name = {}", self.only, literal(&name));
            rejects = find(self.session, &only).await?;
        }
        if told.loaded > 0 {
            let unset = sequences::follow(self.session, &plan, None).await?;
            for left in unset {
                self.observer.notice(&Event::Notice { text: &format!("{} {}: {}", left.kind, left.name, left.reason) });
            }
        }
        self.observer.notice(&Event::TableFinished { table: &name });
        Ok(told)
    }

    /// Tries rejects once, lot by lot.
    async fn pass(&mut self, plan: &Arc<Plan>, rejects: &[Open]) -> Result<Pass, CopyError> {
        let table = &plan.tables[0];
        let met = meet(self.session, &self.snapshot, &self.schema, table, rejects).await?;
        let those =
            |wanted: Met| rejects.iter().zip(&met).filter(move |(_, met)| **met == wanted).map(|(one, _)| one.id);
        let (gone, strange): (Vec<i64>, Vec<i64>) = (those(Met::Gone).collect(), those(Met::Strange).collect());
        let mut pass = Pass { gone: gone.len() as u64, strange: strange.len() as u64, ..Pass::default() };
        for lot in lots(rejects, &met) {
            let forget = forget(&lot.ids);
            let done = load_again(self.session, &self.snapshot, plan, 0, &lot.which, &forget, lot.run).await?;
            pass.loaded += done.digest.rows;
            pass.tally.add(&done.tally);
            pass.kept.add(done.rejects);
            let (table, rows) = (&table.source.name, lot.ids.len() as u64);
            self.observer.notice(&Event::Progressed { table, rows, bytes: done.bytes });
        }
        for (ids, is_wanted) in [(gone, self.forget_gone), (strange, self.forget_unrecognised)] {
            if is_wanted && !ids.is_empty() {
                self.session.execute("forget rejects", forget(&ids)).await?;
            }
        }
        Ok(pass)
    }

    /// The plan for a table that is there, with what was chosen for its columns.
    fn plan(&self, at: usize, applied: &mut Applied) -> Option<TablePlan> {
        let source = &self.structure.schema.tables[at];
        let place = matching::find(&self.found, &source.name, &self.structure.schema.tables)?;
        let (target_table, details) = (&self.found.schema.tables[place], &self.found.details[place]);
        let mut columns = matching::match_columns(source, target_table, details).columns;
        self.choices.apply(&source.name, &mut columns, true, applied);
        for (_, shown) in self.shown.iter().filter(|(table, _)| *table == source.name) {
            // What a person says now goes before it.
            let column =
                columns.iter_mut().find(|column| column.source == shown.column && column.reading.unit.is_none());
            if let Some(column) = column {
                shown.put_on(column);
                applied.take_unit(&source.name, shown);
            }
        }
        let read = TableRead {
            table: source.name.clone(),
            key: self.structure.keys[at].clone(),
            columns: columns.iter().map(|column| column.source.clone()).collect(),
        };
        Some(TablePlan {
            source: source.clone(),
            read,
            target: target_table.name.clone(),
            target_table: target_table.clone(),
            columns,
            create: None,
            add: Vec::new(),
            empty_first: false,
            set_aside: Vec::new(),
            partitioned: details.partitioned,
            rows: 0,
            ranges: vec![KeyRange::default()],
            orphans: self.orphans[at].clone(),
        })
    }
}

/// SQL that deletes rejects by their numbers.
fn forget(ids: &[i64]) -> String {
    let ids: Vec<String> = ids.iter().map(i64::to_string).collect();
    format!("delete from strait.reject where id in ({})", ids.join(", "))
}

fn untried(name: &str, rejects: usize, why: &str) -> Retried {
    Retried { untried_because: Some(why.to_owned()), ..Retried::new(name, rejects as u64) }
}
