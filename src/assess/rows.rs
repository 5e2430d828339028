//! Every row of one table, cast and encoded as a copy would, and sent nowhere.

use super::held::{Held, Stores};
use super::outcome::{ColumnAssessment, Finding, TableAssessment};
use crate::copy::CopyError;
use crate::copy::infer::{Besides, explain, holds, is_of_a_key};
use crate::copy::matching::ColumnPlan;
use crate::copy::plan::{Plan, TablePlan};
use crate::copy::reject::RejectSummary;
use crate::copy::rows::{Misfit, RowEncoder};
use crate::copy::stream::set_aside;
use crate::event::{Observer, RowTicker};
use crate::schema::{Column, LogicalType};
use crate::sqlite::Reader;
use crate::sqlite::faults::Broken;
use crate::sqlite::profile::{ColumnProfile, Profiler};
use crate::sqlite::read::RowRef;
use crate::sqlite::sample::{self, Sample};
use crate::value::rule::Reason;

/// How deep a document may go for a server with the ordinary `max_stack_depth` of 2 MB. Seen: 7,000 levels pass.
const SAFE_DEPTH: usize = 7_000;
const NULL_REFUSED: Reason = Reason::Unfit("a NULL where the target must have a value");

/// What the rows of one table come to.
struct Seen<'p> {
    encoder: RowEncoder<'p>,
    tuple: Vec<u8>,
    /// What is stored; none where the plan knows it already.
    profiler: Option<Profiler>,
    rejects: RejectSummary,
    rows: u64,
    bytes: u64,
    /// The places of the columns that must have a value in the target.
    required: Vec<usize>,
    /// The rows with documents that may be too deep, for each column that has documents, by its place.
    deep: Vec<(usize, Broken)>,
}

impl Seen<'_> {
    fn take(&mut self, table: &TablePlan, row: &RowRef<'_>) -> Result<(), crate::sqlite::SqliteError> {
        self.rows += 1;
        if let Some(profiler) = &mut self.profiler {
            profiler.note(row)?;
        }
        for (at, broken) in &mut self.deep {
            if row.document_depth(*at)? > SAFE_DEPTH {
                broken.rows += 1;
                broken.keep_example(row.key()?.as_ref());
            }
        }
        for at in &self.required {
            if row.is_null(*at)? {
                let misfit = Misfit { column: *at, reason: NULL_REFUSED };
                self.rejects.count(&table.source.name, &set_aside(&table.columns, row, misfit)?);
                return Ok(());
            }
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
        required: places(table, |column| !column.computed && must_have_a_value(table, column)),
        deep: places(table, |column| matches!(column.logical, LogicalType::Json | LogicalType::Jsonb))
            .into_iter()
            .map(|at| (at, Broken::default()))
            .collect(),
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
    Ok(told(plan, table, seen, &profiles))
}

/// The places of some columns of a row.
fn places(table: &TablePlan, are: impl Fn(&ColumnPlan) -> bool) -> Vec<usize> {
    (0..table.columns.len()).filter(|at| are(&table.columns[*at])).collect()
}

fn must_have_a_value(table: &TablePlan, column: &ColumnPlan) -> bool {
    table.target_table.column(&column.target).is_some_and(|column| !column.nullable)
}

/// The documents of a column that may be too deep for the server.
fn too_deep(table: &TablePlan, at: usize, broken: &Broken) -> Option<Finding> {
    (broken.rows > 0).then(|| Finding {
        kind: "deep documents",
        place: format!("{}.{}", table.source.name, table.columns[at].source),
        rows: Some(broken.rows),
        examples: broken.examples.iter().map(ToString::to_string).collect(),
        outcome: "they go deeper than 7,000 levels, for which a server needs more than its ordinary max_stack_depth: without \
                  it these rows are set aside"
            .into(),
    })
}

fn told(plan: &Plan, table: &TablePlan, seen: Seen<'_>, profiles: &[ColumnProfile]) -> TableAssessment {
    // Others were not looked at, and may not fit.
    let is_sample = seen.rows < table.rows;
    let (rejected, normalised) = (seen.rejects.rows(), seen.encoder.tally.changed_rows());
    let column = |(at, planned): (usize, &ColumnPlan)| {
        let profile = &profiles[at];
        let unknown = Column::new(&planned.source, planned.logical.clone());
        let source = table.source.column(&planned.source).unwrap_or(&unknown);
        let kept = table.target_table.column(&planned.target).map_or(&planned.logical, |column| &column.logical);
        let counts = seen.encoder.tally.of_column(at);
        let place = format!("{}.{}", table.source.name, source.name);
        let besides = Besides { is_sample, is_of_a_key: is_of_a_key(&table.source, &source.name) };
        ColumnAssessment {
            name: planned.source.clone(),
            declared: source.declared.clone(),
            stores: Stores::of(profile),
            profile: Held::of(profile),
            target: planned.target.clone(),
            becomes: match kept {
                LogicalType::Enum(labelled) => labelled.name.clone(),
                other => other.postgres_name(),
            },
            means: planned.logical.to_string(),
            holds: holds(source, profile),
            why: explain(&place, source, profile, kept, plan.decided_by(table, planned), besides),
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
        findings: seen.deep.iter().filter_map(|(at, broken)| too_deep(table, *at, broken)).collect(),
    }
}
