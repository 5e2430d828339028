//! The flags of `systems`, and what they do.

use std::path::PathBuf;
use std::process::ExitCode;

use clap::{Args, Subcommand};

use super::migrate::run::show;
use super::migrate::values::{parse_folder, parse_word};
use super::run::CliError;
use crate::report::{self, Format};
use crate::systems::{self, Summary};

/// The flags of `systems`.
#[derive(Debug, Args)]
#[command(args_conflicts_with_subcommands = true)]
pub struct SystemsArgs {
    /// What to do; without it the systems are listed
    #[command(subcommand)]
    pub verb: Option<SystemsVerb>,
    /// The form of the report on standard output
    #[arg(long, value_enum, default_value_t, value_name = "FORM")]
    pub format: Format,
}

/// The verbs of `systems`.
#[derive(Debug, Subcommand)]
pub enum SystemsVerb {
    /// Write a system as files, schemas/NAME.sql and migrations/NAME/; nothing is written over
    #[command(after_help = "Example: strait systems export windflow --to .")]
    Export(ExportArgs),
}

/// The flags of `systems export`.
#[derive(Debug, Args)]
pub struct ExportArgs {
    /// The system, as `strait systems` lists it
    #[arg(value_parser = parse_word)]
    pub name: String,
    /// The folder in which schemas/ and migrations/ are made
    #[arg(long, value_name = "FOLDER", value_parser = parse_folder)]
    pub to: PathBuf,
    /// The form of the report on standard output
    #[arg(long, value_enum, default_value_t, value_name = "FORM")]
    pub format: Format,
}

impl SystemsArgs {
    /// The form of the report that was asked for.
    pub(super) fn format(&self) -> Format {
        match &self.verb {
            None => self.format,
            Some(SystemsVerb::Export(export)) => export.format,
        }
    }
}

/// Lists the systems, or writes one out.
pub(super) async fn run(arguments: SystemsArgs) -> Result<ExitCode, CliError> {
    match arguments.verb {
        None => {
            let mut all: Vec<Summary> = Vec::new();
            for system in systems::all() {
                all.push(system.summary().await?);
            }
            show(arguments.format, &all, |all, out| report::systems::list(all, out))
        }
        Some(SystemsVerb::Export(export)) => {
            let exported = systems::find(&export.name)?.export(&export.to)?;
            show(export.format, &exported, report::systems::exported)
        }
    }
}
