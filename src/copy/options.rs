//! What a person may choose about a copy as a whole.

use std::sync::Arc;

use super::canonical::Canonical;
use super::choice::Choices;

/// What to do with tables of the target that hold rows.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum OnNonempty {
    /// Stop and name them.
    #[default]
    Refuse,
    /// Empty all of them, once, before the load.
    Truncate,
}

/// What to do with source tables that a target with tables of its own lacks, or that a schema file does not have.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ExtraTables {
    /// Create them.
    Create,
    /// Leave them out, counted.
    LeaveOut,
}

/// What to do with source columns that the target's table lacks, when they hold anything.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum ExtraColumns {
    /// Stop and name them.
    #[default]
    Refuse,
    /// Add them to the target's table.
    Add,
    /// Leave them out.
    LeaveOut,
}

/// What a person may choose about a copy.
#[derive(Clone, Debug)]
pub struct CopyOptions {
    /// How many tables or ranges are handled at once.
    pub jobs: usize,
    /// The target's schema; the connection's own when absent.
    pub schema: Option<String>,
    /// What to do with tables that hold rows.
    pub on_nonempty: OnNonempty,
    /// The schema file whose tables are created and filled; without one, those that are there, or that are inferred.
    pub canonical: Option<Arc<Canonical>>,
    /// What to do with tables that the target lacks; by itself they are created, and those outside a schema file left out.
    pub extra_tables: Option<ExtraTables>,
    /// What to do with columns that the target lacks.
    pub extra_columns: ExtraColumns,
    /// Whether text keys of created tables compare by bytes, as in the source.
    pub bytewise_keys: bool,
    /// Source tables to leave out, by name, and columns, as TABLE.COLUMN.
    pub exclude: Vec<String>,
    /// Whether an earlier run that was killed is taken back first.
    pub undo_unfinished: bool,
    /// How many rows may be set aside before the copy gives up; any number when absent.
    pub max_rejects: Option<u64>,
    /// What is chosen for single columns.
    pub choices: Choices,
}

impl Default for CopyOptions {
    fn default() -> Self {
        Self {
            jobs: default_jobs(),
            schema: None,
            on_nonempty: OnNonempty::default(),
            canonical: None,
            extra_tables: None,
            extra_columns: ExtraColumns::default(),
            bytewise_keys: true,
            exclude: Vec::new(),
            undo_unfinished: false,
            max_rejects: None,
            choices: Choices::default(),
        }
    }
}

impl CopyOptions {
    /// Whether tables are left out that the target, or the schema file, does not have.
    pub(super) fn leaves_out_extra_tables(&self) -> bool {
        let unless_said = if self.canonical.is_some() { ExtraTables::LeaveOut } else { ExtraTables::Create };
        self.extra_tables.unwrap_or(unless_said) == ExtraTables::LeaveOut
    }
}

/// As many workers as there are cores, from two to four: beyond that the server is the bound.
pub fn default_jobs() -> usize {
    std::thread::available_parallelism().map_or(2, usize::from).clamp(2, 4)
}
