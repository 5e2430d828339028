//! One function per command: open, call, show.

use std::io::{self, IsTerminal as _, Write as _};
use std::process::ExitCode;
use std::sync::Arc;

use super::{Cli, CollationArg, Command, CopyArgs, LogFormat, RehearseArgs, SourcePath, Telling, VerifyArgs};
use crate::copy::choice::file::ChoiceFileError;
use crate::copy::{CopyError, CopyOptions, copy, default_jobs};
use crate::database::{Location, LocationError};
use crate::drift::DriftError;
use crate::event::Observer;
use crate::migrate::MigrateError;
use crate::postgres::Address;
use crate::rehearse::{RehearseError, rehearse};
use crate::report::progress::{Display, Progress};
use crate::report::text::Detail;
use crate::report::{self, Format};
use crate::systems::SystemError;
use crate::verify::{VerifyOptions, verify};

/// Why a command could not do its work.
#[derive(Debug, thiserror::Error)]
pub enum CliError {
    /// A location has no meaning.
    #[error(transparent)]
    Location(#[from] LocationError),
    /// A location is of the wrong engine.
    #[error("{what} must be a {expected} database, and {given} is not; {hint}")]
    WrongEngine {
        /// `the source` or `the target`.
        what: &'static str,
        /// The engine that is needed.
        expected: &'static str,
        /// What was given, without its password.
        given: String,
        /// What to do.
        hint: &'static str,
    },
    /// The copy or the verification failed.
    #[error(transparent)]
    Copy(#[from] CopyError),
    /// The rehearsal failed.
    #[error(transparent)]
    Rehearse(#[from] RehearseError),
    /// The runner failed.
    #[error(transparent)]
    Migrate(Box<MigrateError>),
    /// A system that is built in cannot be used so.
    #[error(transparent)]
    System(#[from] SystemError),
    /// The comparison failed.
    #[error(transparent)]
    Drift(Box<DriftError>),
    /// The choices for columns cannot be read.
    #[error(transparent)]
    Choices(#[from] ChoiceFileError),
    /// A file that is there would be written over.
    #[error("the file {} is there already and is left as it is; name another, or say --force to write over it", path.display())]
    SchemaFileThere {
        /// The file.
        path: std::path::PathBuf,
    },
    /// A schema file could not be written.
    #[error("cannot write the schema file {}; check its folder and your right to write there", path.display())]
    SchemaFile {
        /// The file.
        path: std::path::PathBuf,
        /// Why.
        source: io::Error,
    },
    /// The report could not be written.
    #[error("cannot write the report to standard output")]
    Output(#[from] io::Error),
}

impl From<MigrateError> for CliError {
    fn from(error: MigrateError) -> Self {
        Self::Migrate(Box::new(error))
    }
}

impl From<DriftError> for CliError {
    fn from(error: DriftError) -> Self {
        Self::Drift(Box::new(error))
    }
}

/// The exit status of a command that did its work: 0, or 1 when something needs a person.
pub(super) fn status(clean: bool) -> ExitCode {
    ExitCode::from(u8::from(!clean))
}

/// Takes what became of a report: whoever reads it may have seen enough of it, and the verdict stays what it is.
pub(super) fn shown(report: io::Result<()>) -> Result<(), CliError> {
    match report {
        Err(error) if error.kind() == io::ErrorKind::BrokenPipe => Ok(()),
        report => Ok(report?),
    }
}

/// Runs a command.
pub async fn run(cli: Cli) -> Result<ExitCode, CliError> {
    start_logging(cli.telling);
    let observer: Arc<dyn Observer> = Arc::new(Progress::new(display(cli.telling)));
    let detail = if cli.telling.verbose > 0 { Detail::Examples } else { Detail::Counts };
    match cli.command {
        Command::Assess(arguments) => super::assess::run(*arguments, &observer).await,
        Command::Copy(arguments) => run_copy(*arguments, detail, &observer).await,
        Command::Verify(arguments) => run_verify(*arguments, detail, &observer).await,
        Command::Rehearse(arguments) => run_rehearse(*arguments, detail, &observer).await,
        Command::Rejects(command) => super::rejects::run(*command, &observer).await,
        Command::Rules(arguments) => super::rules::run(arguments),
        Command::Systems(arguments) => super::systems::run(arguments).await,
        Command::Drift(arguments) => super::drift::run::run(*arguments, observer.as_ref()).await,
        Command::Migrate(command) => super::migrate::run::run(*command, observer.as_ref()).await,
    }
}

async fn run_copy(arguments: CopyArgs, detail: Detail, observer: &Arc<dyn Observer>) -> Result<ExitCode, CliError> {
    let (source, target) = (source(&arguments.source)?, target(&arguments.target)?);
    let format = arguments.ways.scope.format;
    let options = CopyOptions {
        undo_unfinished: arguments.ends.undo_unfinished,
        max_rejects: arguments.ends.max_rejects(),
        ..arguments.ways.options().await?
    };
    let outcome = copy(&source, &target, &options, observer).await?;
    let mut out = io::stdout().lock();
    shown(match format {
        Format::Text => report::text::copy(&outcome, detail, &mut out),
        Format::Json => report::json(&outcome, &mut out),
    })?;
    Ok(status(outcome.complete))
}

async fn run_verify(arguments: VerifyArgs, detail: Detail, observer: &Arc<dyn Observer>) -> Result<ExitCode, CliError> {
    let (source, target) = (source(&arguments.source)?, target(&arguments.target)?);
    let options = VerifyOptions {
        jobs: arguments.scope.jobs.map_or_else(default_jobs, usize::from),
        schema: arguments.scope.target_schema,
        canonical: arguments.canonical.read(&[]).await?,
        exclude: arguments.scope.exclude,
        only: arguments.table,
        extra_tables: arguments.extra_tables.map(Into::into),
        extra_columns: arguments.extra_columns.into(),
        choices: arguments.choices.read()?,
    };
    let outcome = verify(&source, &target, &options, observer).await?;
    let mut out = io::stdout().lock();
    shown(match arguments.scope.format {
        Format::Text => report::text::verify(&outcome, detail, &mut out),
        Format::Json => report::json(&outcome, &mut out),
    })?;
    Ok(status(outcome.equal))
}

async fn run_rehearse(
    arguments: RehearseArgs,
    detail: Detail,
    observer: &Arc<dyn Observer>,
) -> Result<ExitCode, CliError> {
    let source = source(&arguments.source)?;
    let options = CopyOptions {
        jobs: arguments.jobs.map_or_else(default_jobs, usize::from),
        bytewise_keys: arguments.collation == CollationArg::C,
        canonical: arguments.canonical.read(&arguments.branch).await?,
        exclude: arguments.exclude,
        choices: arguments.choices.read()?,
        ..CopyOptions::default()
    };
    let rehearsal = rehearse(&source, &options, observer).await?;
    {
        let mut out = io::stdout().lock();
        shown(match arguments.format {
            Format::Text => report::text::copy(&rehearsal.report, detail, &mut out),
            Format::Json => report::json(&rehearsal.report, &mut out),
        })?;
    }
    let clean = rehearsal.report.complete;
    if arguments.keep {
        let mut err = io::stderr().lock();
        shown(writeln!(
            err,
            "\nThe private server runs until Ctrl-C. Look into it with:\n  {}",
            rehearsal.psql_hint()
        ))?;
        shown(writeln!(err, "or with the URL\n  {}", rehearsal.url()))?;
        drop(err);
        crate::copy::stop_requested().await;
    }
    tokio::task::spawn_blocking(|| rehearsal.end()).await.map_err(|error| CopyError::Worker(error.to_string()))??;
    Ok(status(clean))
}

pub(super) fn source(text: &str) -> Result<SourcePath, CliError> {
    match Location::parse(text)? {
        Location::Sqlite(path) | Location::SqliteIn { path, .. } => Ok(path),
        other => Err(CliError::WrongEngine {
            what: "the source",
            expected: "SQLite",
            given: other.to_string(),
            hint: "the source comes first, then the target",
        }),
    }
}

pub(super) fn target(text: &str) -> Result<Address, CliError> {
    match Location::parse(text)? {
        Location::Postgres(address) => {
            for name in address.ignored_parameters() {
                tracing::warn!("the URL's parameter `{name}` means nothing here and is ignored");
            }
            Ok(*address)
        }
        other => Err(CliError::WrongEngine {
            what: "the target",
            expected: "PostgreSQL",
            given: other.to_string(),
            hint: "write it as postgres://USER@HOST/DATABASE",
        }),
    }
}

fn display(telling: Telling) -> Display {
    match telling {
        Telling { quiet: true, .. } => Display::Quiet,
        // Log lines and moving bars do not share a terminal well.
        Telling { verbose: 0, .. } if io::stderr().is_terminal() => Display::Bars,
        _ => Display::Lines,
    }
}

fn start_logging(telling: Telling) {
    let level = match telling.verbose {
        0 => "warn",
        1 => "warn,strait=info",
        _ => "info,strait=debug",
    };
    let filter = tracing_subscriber::EnvFilter::try_from_default_env()
        .unwrap_or_else(|_| tracing_subscriber::EnvFilter::new(level));
    let colours = io::stderr().is_terminal() && std::env::var_os("NO_COLOR").is_none();
    let logs = tracing_subscriber::fmt().with_env_filter(filter).with_writer(io::stderr).with_ansi(colours);
    // A second start, as tests in one process make, keeps the first.
    match telling.log_format {
        LogFormat::Text => logs.with_target(false).try_init().ok(),
        LogFormat::Json => logs.json().try_init().ok(),
    };
}
