//! The flags of `assess`, and what it does.

use std::io;
use std::process::ExitCode;
use std::sync::Arc;

use clap::Args;

use super::run::{CliError, shown, source, status, target};
use super::ways::CopyWays;
use crate::assess::{AssessOptions, assess};
use crate::event::Observer;
use crate::report::{self, Format};

/// The flags of `assess`: those of the copy that is thought of.
#[derive(Debug, Args)]
pub struct AssessArgs {
    /// The SQLite database: a path or sqlite:PATH
    pub source: String,
    /// The PostgreSQL database: postgres://USER@HOST/DATABASE [default: one that is empty]
    #[arg(env = "DATABASE_URL", hide_env_values = true)]
    pub target: Option<String>,
    /// Read at most so many rows of each table, from all over it; what is told is of these rows
    #[arg(long, value_name = "ROWS", value_parser = clap::value_parser!(u64).range(1..))]
    pub sample: Option<u64>,
    /// How the target would be treated.
    #[command(flatten)]
    pub ways: CopyWays,
}

/// Tells what a copy would do.
pub(super) async fn run(arguments: AssessArgs, observer: &Arc<dyn Observer>) -> Result<ExitCode, CliError> {
    let source = source(&arguments.source)?;
    let target = arguments.target.as_deref().map(target).transpose()?;
    let format = arguments.ways.scope.format;
    let options = AssessOptions { copy: arguments.ways.options().await?, sample: arguments.sample };
    let outcome = assess(&source, target.as_ref(), &options, observer).await?;
    let mut out = io::stdout().lock();
    shown(match format {
        Format::Text => report::assess::assessment(&outcome, &mut out),
        Format::Json => report::json(&outcome, &mut out),
    })?;
    Ok(status(outcome.ready))
}
