//! How the tables are planned whose rejects are tried: as the copy planned them, and as a person says now.

use std::sync::Arc;

use super::retry::RetryOptions;
use super::standing;
use crate::copy::canonical::{Canonical, lift};
use crate::copy::choice::{Applied, Choices};
use crate::copy::matching;
use crate::copy::orphans::reference::{Reference, Side, references};
use crate::copy::orphans::{self, Orphans, Policy};
use crate::copy::plan::{TablePlan, read_structure};
use crate::copy::units::FoundUnit;
use crate::copy::{CopyError, exclude};
use crate::postgres::Session;
use crate::postgres::introspect::{self, introspect};
use crate::sqlite::Snapshot;
use crate::sqlite::introspect::Structure;
use crate::sqlite::read::TableRead;
use crate::value::KeyRange;

/// What the tables of both sides are, and how their columns are read.
pub(super) struct Plans {
    pub(super) structure: Structure,
    found: introspect::Structure,
    choices: Choices,
    /// By table, the units that the copies took from the numbers of whole columns.
    shown: Vec<(String, FoundUnit)>,
    /// Of each table of the source, the rows whose references become NULL.
    orphans: Vec<Orphans>,
    /// The columns that are left out, as `--exclude` takes them.
    pub(super) excluded: Vec<String>,
}

impl Plans {
    /// Reads both structures, and finds the rows whose references become NULL.
    pub(super) async fn new(
        session: &mut Session,
        snapshot: &Arc<Snapshot>,
        schema: &str,
        options: &RetryOptions,
        runs: &[standing::Run],
    ) -> Result<Self, CopyError> {
        // What the copies left out is left out again, whatever else is said of it there.
        let structure = read_structure(snapshot).await?;
        let (structure, excluded) = exclude::leave_out(snapshot, structure, &standing::left_out(runs)).await?;
        let mut found = introspect(session, schema).await?;
        if let Some(canonical) = &options.canonical {
            lift(&mut found, &canonical.file.schema);
        }
        let orphans = vec![Orphans::default(); structure.schema.tables.len()];
        let (shown, choices) = (standing::shown_units(runs), options.choices.clone());
        let excluded = excluded.columns.iter().map(|(table, column)| format!("{table}.{column}")).collect();
        let mut plans = Self { structure, found, choices, shown, orphans, excluded };
        plans.find_orphans(snapshot).await?;
        Ok(plans)
    }

    /// Finds the rows whose references become NULL.
    async fn find_orphans(&mut self, snapshot: &Arc<Snapshot>) -> Result<(), CopyError> {
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
        let (references, orphans) = orphans::find(snapshot, reads, references, 1).await?;
        orphans::refuse_to_empty(&references)?;
        for (at, orphans) in places.into_iter().zip(orphans) {
            self.orphans[at] = orphans;
        }
        Ok(())
    }

    /// Refuses choices that cannot be followed, or that are not those of the copy, before any row is tried.
    pub(super) fn check_choices(&self, runs: &[standing::Run], canonical: Option<&Canonical>) -> Result<(), CopyError> {
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

    /// The references of the target between these tables, by their places.
    pub(super) fn references<'p>(&self, tables: impl Iterator<Item = &'p TablePlan>) -> Vec<Reference> {
        let sides: Vec<Side<'_>> = tables.map(TablePlan::side).collect();
        references(&sides, &self.choices, &mut Applied::default())
    }

    /// The plan for a table that is there, with what was chosen for its columns.
    pub(super) fn plan(&self, at: usize, applied: &mut Applied) -> Option<TablePlan> {
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
