//! How a copy treats its target: flags that `copy` and `assess` share.

use clap::{Args, ValueEnum};

use super::canonical::CanonicalArgs;
use super::choice::ChoiceArgs;
use super::run::CliError;
use super::{CollationArg, Scope};
use crate::copy::{CopyOptions, ExtraColumns, ExtraTables, OnNonempty, default_jobs};

/// How a copy treats its target.
#[derive(Debug, Args)]
pub struct CopyWays {
    /// Whose schema the target has.
    #[command(flatten)]
    pub canonical: CanonicalArgs,
    /// With --system: make the tables of this optional branch, which is left out where neither side has them
    #[arg(long, value_name = "LABEL", requires = "system")]
    pub branch: Vec<String>,
    /// What to do when tables of the target hold rows (their rows are kept aside until the run has ended well)
    #[arg(long, value_enum, default_value = "refuse", value_name = "WHAT")]
    pub on_nonempty: NonemptyArg,
    /// What to do with source tables that an existing target or the schema lacks [default: create; with --system or
    /// --schema: leave-out]
    #[arg(long, value_enum, value_name = "WHAT")]
    pub extra_tables: Option<ExtraTablesArg>,
    /// What to do with source columns that the table of the target or of the schema lacks and that hold values
    #[arg(long, value_enum, default_value = "refuse", value_name = "WHAT")]
    pub extra_columns: ExtraColumnsArg,
    /// How text keys of tables compare that are inferred from the source: by bytes as in SQLite (c), or as the database's
    /// default has it
    #[arg(long, value_enum, default_value = "c", value_name = "WHICH")]
    pub collation: CollationArg,
    /// What is chosen for columns.
    #[command(flatten)]
    pub choices: ChoiceArgs,
    /// How much may be used and what is compared.
    #[command(flatten)]
    pub scope: Scope,
}

impl CopyWays {
    /// What the flags mean for a copy.
    pub(super) async fn options(self) -> Result<CopyOptions, CliError> {
        Ok(CopyOptions {
            jobs: self.scope.jobs.map_or_else(default_jobs, usize::from),
            schema: self.scope.target_schema,
            on_nonempty: self.on_nonempty.into(),
            canonical: self.canonical.read(&self.branch).await?,
            extra_tables: self.extra_tables.map(Into::into),
            extra_columns: self.extra_columns.into(),
            bytewise_keys: self.collation == CollationArg::C,
            exclude: self.scope.exclude,
            choices: self.choices.read()?,
            ..CopyOptions::default()
        })
    }
}

/// `--on-nonempty`.
#[derive(Clone, Copy, Debug, ValueEnum)]
pub enum NonemptyArg {
    /// Stop and name them
    Refuse,
    /// Empty all tables that are filled, once, before the load
    Truncate,
}

/// `--extra-tables`.
#[derive(Clone, Copy, Debug, ValueEnum)]
pub enum ExtraTablesArg {
    /// Create them
    Create,
    /// Leave them out, counted
    LeaveOut,
}

/// `--extra-columns`.
#[derive(Clone, Copy, Debug, ValueEnum)]
pub enum ExtraColumnsArg {
    /// Stop and name them
    Refuse,
    /// Add them to the target's table
    Add,
    /// Leave them out
    LeaveOut,
}

impl From<NonemptyArg> for OnNonempty {
    fn from(argument: NonemptyArg) -> Self {
        match argument {
            NonemptyArg::Refuse => Self::Refuse,
            NonemptyArg::Truncate => Self::Truncate,
        }
    }
}

impl From<ExtraTablesArg> for ExtraTables {
    fn from(argument: ExtraTablesArg) -> Self {
        match argument {
            ExtraTablesArg::Create => Self::Create,
            ExtraTablesArg::LeaveOut => Self::LeaveOut,
        }
    }
}

impl From<ExtraColumnsArg> for ExtraColumns {
    fn from(argument: ExtraColumnsArg) -> Self {
        match argument {
            ExtraColumnsArg::Refuse => Self::Refuse,
            ExtraColumnsArg::Add => Self::Add,
            ExtraColumnsArg::LeaveOut => Self::LeaveOut,
        }
    }
}
