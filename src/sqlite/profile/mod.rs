//! One pass over what is really stored: the classes, ranges and forms of each column's values.

mod column;
mod questions;
mod times;

pub use column::ColumnProfile;
pub use times::{EPOCH_UNITS, TimeProfile};

use questions::Questions;

use super::read::{RowRef, TableRead};
use super::sample::{self, Sample};
use super::{Reader, SqliteError};
use crate::schema::Column;

/// What is stored in the columns of a table.
#[derive(Clone, Debug, Default)]
pub struct TableProfile {
    /// The number of rows that were read.
    pub rows: u64,
    /// One for each column of the table.
    pub columns: Vec<ColumnProfile>,
}

/// A profile that is being taken. Nothing is kept of a value, so that it takes as much room for a row as for a billion.
#[derive(Debug)]
pub struct Profiler {
    profile: TableProfile,
    questions: Vec<Questions>,
    scratch: Vec<u8>,
}

impl Profiler {
    /// Begins the profile of these columns.
    pub fn new<'c>(columns: impl IntoIterator<Item = &'c Column>) -> Self {
        let questions: Vec<Questions> = columns.into_iter().map(Questions::about).collect();
        let profile = TableProfile { rows: 0, columns: vec![ColumnProfile::default(); questions.len()] };
        Self { profile, questions, scratch: Vec::new() }
    }

    /// Takes in a row in which these columns were read in this order.
    pub fn note(&mut self, row: &RowRef<'_>) -> Result<(), SqliteError> {
        self.profile.rows += 1;
        for (at, (column, questions)) in self.profile.columns.iter_mut().zip(&mut self.questions).enumerate() {
            column.note(row.value(at)?, questions, &mut self.scratch);
        }
        Ok(())
    }

    /// Ends with what was found.
    pub fn end(self) -> TableProfile {
        self.profile
    }
}

/// Reads a table, or a sample of it, and profiles it; `read` must read these columns in this order.
pub fn profile(
    reader: &Reader<'_>,
    read: &TableRead,
    columns: &[Column],
    sample: Option<(Sample, u64)>,
    mut each_row: impl FnMut(),
) -> Result<TableProfile, SqliteError> {
    let mut profiler = Profiler::new(columns);
    sample::walk(reader, read, sample, |row| {
        profiler.note(row)?;
        each_row();
        Ok(())
    })?;
    Ok(profiler.end())
}
