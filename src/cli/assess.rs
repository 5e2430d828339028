//! The flags of `assess`, and what it does.

use std::io;
use std::process::ExitCode;
use std::sync::Arc;

use clap::Args;

use super::canonical::CanonicalArgs;
use super::choice::ChoiceArgs;
use super::run::{CliError, source, status, target};
use super::{CollationArg, ExtraColumnsArg, ExtraTablesArg, NonemptyArg, Scope};
use crate::assess::{AssessOptions, assess};
use crate::copy::{CopyOptions, default_jobs};
use crate::event::Observer;
use crate::report::{self, Format};

/// The flags of `assess`.
#[derive(Debug, Args)]
pub struct AssessArgs {
    /// The SQLite database: a path or sqlite:PATH
    pub source: String,
    /// The PostgreSQL database: postgres://USER@HOST/DATABASE [default: one that is empty]
    #[arg(env = "DATABASE_URL", hide_env_values = true)]
    pub target: Option<String>,
    /// Whose schema the target has.
    #[command(flatten)]
    pub canonical: CanonicalArgs,
    /// With --system: make the tables of this optional branch, which is left out where neither side has them
    #[arg(long, value_name = "LABEL", requires = "system")]
    pub branch: Vec<String>,
    /// Read at most so many rows of each table, from all over it; what is told is of these rows
    #[arg(long, value_name = "ROWS", value_parser = clap::value_parser!(u64).range(1..))]
    pub sample: Option<u64>,
    /// What the copy would do when tables of the target hold rows
    #[arg(long, value_enum, default_value = "refuse", value_name = "WHAT")]
    pub on_nonempty: NonemptyArg,
    /// What the copy would do with source tables that an existing target or the schema lacks [default: create; with
    /// --system or --schema: leave-out]
    #[arg(long, value_enum, value_name = "WHAT")]
    pub extra_tables: Option<ExtraTablesArg>,
    /// What the copy would do with source columns that the table of the target or of the schema lacks and that hold values
    #[arg(long, value_enum, default_value = "refuse", value_name = "WHAT")]
    pub extra_columns: ExtraColumnsArg,
    /// How text keys of tables compare that are inferred from the source
    #[arg(long, value_enum, default_value = "c", value_name = "WHICH")]
    pub collation: CollationArg,
    /// What is chosen for columns.
    #[command(flatten)]
    pub choices: ChoiceArgs,
    /// How much may be used and what is looked at.
    #[command(flatten)]
    pub scope: Scope,
}

/// Tells what a copy would do.
pub(super) async fn run(arguments: AssessArgs, observer: &Arc<dyn Observer>) -> Result<ExitCode, CliError> {
    let source = source(&arguments.source)?;
    let target = arguments.target.as_deref().map(target).transpose()?;
    let copy = CopyOptions {
        jobs: arguments.scope.jobs.map_or_else(default_jobs, usize::from),
        schema: arguments.scope.target_schema,
        on_nonempty: arguments.on_nonempty.into(),
        canonical: arguments.canonical.read(&arguments.branch).await?,
        extra_tables: arguments.extra_tables.map(Into::into),
        extra_columns: arguments.extra_columns.into(),
        bytewise_keys: arguments.collation == CollationArg::C,
        exclude: arguments.scope.exclude,
        choices: arguments.choices.read()?,
        ..CopyOptions::default()
    };
    let options = AssessOptions { copy, sample: arguments.sample };
    let outcome = assess(&source, target.as_ref(), &options, observer).await?;
    let mut out = io::stdout().lock();
    match arguments.scope.format {
        Format::Text => report::assess::assessment(&outcome, &mut out)?,
        Format::Json => report::json(&outcome, &mut out)?,
    }
    Ok(status(outcome.ready))
}
