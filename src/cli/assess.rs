//! The flags of `assess`, and what it does.

use std::fs::{self, OpenOptions};
use std::io::{self, Write as _};
use std::path::{Path, PathBuf};
use std::process::ExitCode;
use std::sync::Arc;

use clap::Args;

use super::migrate::values::parse_folder;
use super::run::{CliError, shown, source, status, target};
use super::ways::CopyWays;
use crate::assess::{AssessOptions, assess};
use crate::event::Observer;
use crate::report::{self, Format};
use crate::sqlite::sample::Sample;

/// The flags of `assess`: those of the copy that is thought of.
#[derive(Debug, Args)]
pub struct AssessArgs {
    /// The SQLite database: a path or sqlite:PATH
    pub source: String,
    /// The PostgreSQL database: postgres://USER@HOST/DATABASE [default: one that is empty]
    #[arg(env = "DATABASE_URL", hide_env_values = true)]
    pub target: Option<String>,
    /// Read at most so many rows of each table, or about so much of it (5%), from all over it; what is told is of these
    /// rows, and a copy looks at all
    #[arg(long, value_name = "ROWS|PERCENT")]
    pub sample: Option<Sample>,
    /// Save what the copy would create as a schema file, with a line over each column that says why it has its type; it
    /// can be edited and given back: copy --schema FILE
    #[arg(long, value_name = "FILE", value_parser = parse_folder, conflicts_with_all = ["system", "schema"])]
    pub save_schema: Option<PathBuf>,
    /// With --save-schema: write over a file that is there
    #[arg(long, requires = "save_schema")]
    pub force: bool,
    /// How the target would be treated.
    #[command(flatten)]
    pub ways: CopyWays,
}

/// Tells what a copy would do.
pub(super) async fn run(arguments: AssessArgs, observer: &Arc<dyn Observer>) -> Result<ExitCode, CliError> {
    let source = source(&arguments.source)?;
    let target = arguments.target.as_deref().map(target).transpose()?;
    let format = arguments.ways.scope.format;
    let file = arguments.save_schema;
    if let Some(path) = file.as_ref().filter(|path| !arguments.force && path.symlink_metadata().is_ok()) {
        return Err(CliError::SchemaFileThere { path: path.clone() });
    }
    if let Some(path) = &file {
        try_to_save(path).map_err(|source| CliError::SchemaFile { path: path.clone(), source })?;
    }
    let options =
        AssessOptions { copy: arguments.ways.options().await?, sample: arguments.sample, propose: file.is_some() };
    let mut outcome = assess(&source, target.as_ref(), &options, observer).await?;
    if let (Some(path), Some(proposal)) = (&file, &mut outcome.proposal) {
        save(path, &proposal.text, arguments.force)
            .map_err(|source| CliError::SchemaFile { path: path.clone(), source })?;
        proposal.file = Some(path.display().to_string());
    }
    let mut out = io::stdout().lock();
    shown(match format {
        Format::Text => report::assess::assessment(&outcome, &mut out),
        Format::Json => report::json(&outcome, &mut out),
    })?;
    Ok(status(outcome.ready))
}

/// Finds out before all is read whether the file can be written; one that is there stays as it is.
fn try_to_save(path: &Path) -> io::Result<()> {
    let is_there = path.symlink_metadata().is_ok();
    OpenOptions::new().write(true).create_new(!is_there).open(path)?;
    if is_there { Ok(()) } else { fs::remove_file(path) }
}

/// Writes a schema file; one that is there is written over only where that is wanted.
fn save(path: &Path, text: &str, over: bool) -> io::Result<()> {
    let mut how = OpenOptions::new();
    let how = if over { how.write(true).create(true).truncate(true) } else { how.write(true).create_new(true) };
    how.open(path)?.write_all(text.as_bytes())
}
