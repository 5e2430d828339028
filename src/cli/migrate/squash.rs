//! `migrate squash`: its flags, and what it does.

use std::process::ExitCode;

use clap::Args;

use super::run::show;
use super::values::parse_word;
use super::{FolderArgs, dotenv};
use crate::cli::run::CliError;
use crate::migrate::Options;
use crate::migrate::squash::finish;
use crate::report;

/// The flags of `squash`.
#[derive(Debug, Args)]
pub struct SquashArgs {
    /// The last revision that is joined [default: the head]
    #[arg(value_parser = parse_word)]
    pub upto: Option<String>,
    /// Let ways down go that were written by hand, where another of the revisions has none
    #[arg(long)]
    pub lose_down: bool,
    /// Show the new revision, and change no file
    #[arg(long)]
    pub dry_run: bool,
    /// A PostgreSQL database beside whose tables the new revision is tried, all of it rolled back [default: a private server]
    #[arg(long, env = "DATABASE_URL", hide_env_values = true, value_name = "URL")]
    pub database_url: Option<String>,
    /// Where the revisions are.
    #[command(flatten)]
    pub folder: FolderArgs,
}

/// Joins revisions, or finishes what was interrupted.
pub(super) async fn run(arguments: SquashArgs) -> Result<ExitCode, CliError> {
    let options = Options { dry_run: arguments.dry_run, lose_down: arguments.lose_down, ..Options::default() };
    let folder = arguments.folder.to_write("migrate squash")?;
    // A rehearsal changes nothing, so it is refused with the others.
    let interrupted = if arguments.dry_run { None } else { finish(&folder)? };
    let outcome = match interrupted {
        Some(finished) => finished,
        None => {
            let beside = dotenv::or_location(arguments.database_url.as_deref())?;
            let migrator = arguments.folder.migrator()?.with(options);
            migrator.squash(arguments.upto.as_deref(), beside.as_ref()).await?
        }
    };
    show(arguments.folder.format, &outcome, report::migrate::squash)
}
