//! Every row of one table, cast and encoded as a copy would, and sent nowhere.

use super::held::{Held, Stores};
use super::outcome::{ColumnAssessment, TableAssessment};
use crate::copy::CopyError;
use crate::copy::infer::{explain, holds};
use crate::copy::matching::ColumnPlan;
use crate::copy::plan::{Plan, TablePlan};
use crate::copy::reject::RejectSummary;
use crate::copy::rows::RowEncoder;
use crate::copy::stream::set_aside;
use crate::event::{Observer, RowTicker};
use crate::schema::Column;
use crate::sqlite::Reader;
use crate::sqlite::profile::{ColumnProfile, Profiler};
use crate::sqlite::read::RowRef;
use crate::sqlite::sample::{self, Sample};

/// What the rows of one table come to.
struct Seen<'p> {
    encoder: RowEncoder<'p>,
    tuple: Vec<u8>,
    /// What is stored; none where the plan knows it already.
    profiler: Option<Profiler>,
    rejects: RejectSummary,
    rows: u64,
    bytes: u64,
}

impl Seen<'_> {
    fn take(&mut self, table: &TablePlan, row: &RowRef<'_>) -> Result<(), crate::sqlite::SqliteError> {
        self.rows += 1;
        if let Some(profiler) = &mut self.profiler {
            profiler.note(row)?;
        }
        self.tuple.clear();
        match self.encoder.encode(row, &mut self.tuple)? {
            Ok(_) => self.bytes += self.tuple.len() as u64,
            Err(misfit) => self.rejects.count(&table.source.name, &set_aside(&table.columns, row, misfit)?),
        }
        Ok(())
    }
}

/// Reads a table, or a sample of it, and tells what each row would become.
pub(super) fn assess(
    reader: &Reader<'_>,
    plan: &Plan,
    table: &TablePlan,
    sample: Option<Sample>,
    observer: &dyn Observer,
) -> Result<TableAssessment, CopyError> {
    let known = plan.profiles.get(&table.source.name);
    let columns: Vec<&Column> = table.columns.iter().filter_map(|column| table.source.column(&column.source)).collect();
    let mut seen = Seen {
        encoder: RowEncoder::new(&table.columns, &table.orphans),
        tuple: Vec::new(),
        profiler: known.is_none().then(|| Profiler::new(columns.iter().copied())),
        rejects: RejectSummary::default(),
        rows: 0,
        bytes: 0,
    };
    let mut ticker = RowTicker::new(observer, &table.source.name);
    sample::walk(reader, &table.read, sample.map(|sample| (sample, table.rows)), |row| {
        seen.take(table, row)?;
        ticker.row();
        Ok(())
    })?;
    drop(ticker);
    let own = seen.profiler.take().map(Profiler::end);
    let found = |at: usize| {
        let known = known.and_then(|known| {
            let name = &table.columns[at].source;
            known.columns.get(table.source.columns.iter().position(|column| column.name == *name)?)
        });
        known.or_else(|| own.as_ref()?.columns.get(at)).cloned().unwrap_or_default()
    };
    let profiles: Vec<ColumnProfile> = (0..table.columns.len()).map(found).collect();
    let mut told = told(plan, table, seen, &profiles);
    if told.read < told.rows {
        // Others were not looked at, and may not fit.
        told.columns.iter_mut().for_each(|column| column.why = column.why.replace("every value", "every value read"));
    }
    Ok(told)
}

fn told(plan: &Plan, table: &TablePlan, seen: Seen<'_>, profiles: &[ColumnProfile]) -> TableAssessment {
    let (rejected, normalised) = (seen.rejects.rows(), seen.encoder.tally.changed_rows());
    let column = |(at, planned): (usize, &ColumnPlan)| {
        let profile = &profiles[at];
        let unknown = Column::new(&planned.source, planned.logical.clone());
        let source = table.source.column(&planned.source).unwrap_or(&unknown);
        let kept = table.target_table.column(&planned.target).map_or(&planned.logical, |column| &column.logical);
        let counts = seen.encoder.tally.of_column(at);
        let place = format!("{}.{}", table.source.name, source.name);
        ColumnAssessment {
            name: planned.source.clone(),
            declared: source.declared.clone(),
            stores: Stores::of(profile),
            profile: Held::of(profile),
            target: planned.target.clone(),
            becomes: kept.postgres_name(),
            means: planned.logical.to_string(),
            holds: holds(source, profile),
            why: explain(&place, source, profile, kept, plan.decided_by(table, planned)),
            rules: counts.map(|(rule, count)| (rule.name(), count)).collect(),
        }
    };
    TableAssessment {
        name: table.source.name.clone(),
        target: table.target.clone(),
        created: table.create.is_some(),
        rows: table.rows,
        read: seen.rows,
        exact: seen.rows - rejected - normalised,
        normalised,
        rejected,
        reasons: seen.rejects.reasons,
        columns: table.columns.iter().enumerate().map(column).collect(),
        bytes: seen.bytes,
    }
}
