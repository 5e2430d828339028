//! Every row of one table, cast and encoded as a copy would, and sent nowhere.

use super::outcome::{ColumnAssessment, Stores, TableAssessment};
use crate::copy::CopyError;
use crate::copy::plan::TablePlan;
use crate::copy::reject::RejectSummary;
use crate::copy::rows::RowEncoder;
use crate::copy::stream::set_aside;
use crate::event::{Observer, RowTicker};
use crate::sqlite::Reader;
use crate::sqlite::read::{RowRef, Walk};
use crate::value::{Class, KeyRange};

/// Into how many parts a table is cut so that a sample is not only its beginning.
const SAMPLE_PARTS: u64 = 10;

/// What the rows of one table come to.
struct Seen<'p> {
    encoder: RowEncoder<'p>,
    tuple: Vec<u8>,
    stores: Vec<Stores>,
    rejects: RejectSummary,
    rows: u64,
    bytes: u64,
}

impl Seen<'_> {
    fn take(&mut self, table: &TablePlan, row: &RowRef<'_>) -> Result<(), crate::sqlite::SqliteError> {
        self.rows += 1;
        for (at, stores) in self.stores.iter_mut().enumerate() {
            stores.count(row.class(at)?);
        }
        self.tuple.clear();
        match self.encoder.encode(row, &mut self.tuple)? {
            Ok(_) => self.bytes += self.tuple.len() as u64,
            Err(misfit) => self.rejects.count(&set_aside(&table.columns, row, misfit)?),
        }
        Ok(())
    }
}

impl Stores {
    fn count(&mut self, class: Class) {
        match class {
            Class::Null => self.null += 1,
            Class::Integer => self.integer += 1,
            Class::Real => self.real += 1,
            Class::Text => self.text += 1,
            Class::Blob => self.blob += 1,
        }
    }
}

/// Reads a table, or a sample of it, and tells what each row would become.
pub(super) fn assess(
    reader: &Reader<'_>,
    table: &TablePlan,
    sample: Option<u64>,
    observer: &dyn Observer,
) -> Result<TableAssessment, CopyError> {
    let mut seen = Seen {
        encoder: RowEncoder::new(&table.columns, &table.orphans),
        tuple: Vec::new(),
        stores: vec![Stores::default(); table.columns.len()],
        rejects: RejectSummary::default(),
        rows: 0,
        bytes: 0,
    };
    let mut ticker = RowTicker::new(observer, &table.source.name);
    for (range, most) in parts(reader, table, sample)? {
        let mut left = most;
        if left == 0 {
            continue;
        }
        table.read.walk(reader, &range, |row| {
            seen.take(table, row)?;
            ticker.row();
            left -= 1;
            Ok(if left == 0 { Walk::Stop } else { Walk::Continue })
        })?;
    }
    drop(ticker);
    Ok(told(table, seen))
}

/// The ranges to read, and how many rows of each at most.
fn parts(reader: &Reader<'_>, table: &TablePlan, sample: Option<u64>) -> Result<Vec<(KeyRange, u64)>, CopyError> {
    match sample {
        Some(most) if most < table.rows => {
            let ranges = table.read.split(reader, SAMPLE_PARTS.min(most))?;
            let each = most.div_ceil(ranges.len() as u64);
            Ok(ranges.into_iter().map(|range| (range, each)).collect())
        }
        _ => Ok(vec![(KeyRange::default(), u64::MAX)]),
    }
}

fn told(table: &TablePlan, seen: Seen<'_>) -> TableAssessment {
    let (rejected, normalised) = (seen.rejects.rows(), seen.encoder.tally.changed_rows());
    let column = |(at, planned): (usize, &crate::copy::matching::ColumnPlan)| {
        let declared = table.source.column(&planned.source).map_or("", |column| column.declared.as_str());
        let kept = table.target_table.column(&planned.target).map(|column| column.logical.postgres_name());
        let counts = seen.encoder.tally.of_column(at);
        ColumnAssessment {
            name: planned.source.clone(),
            declared: declared.to_owned(),
            stores: seen.stores[at],
            target: planned.target.clone(),
            becomes: kept.unwrap_or_else(|| planned.logical.postgres_name()),
            means: planned.logical.to_string(),
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
