//! `migrate dump`: its flags as typed, and the file that it writes.

use std::fs::{self, OpenOptions};
use std::io::{self, Write as _};
use std::path::{Path, PathBuf};
use std::process::ExitCode;

use clap::Args;

use super::run::{NO_DATABASE, show};
use super::{dotenv, parse_folder};
use crate::cli::run::{CliError, status};
use crate::database::Nearness;
use crate::drift::{self, Options, Scratch};
use crate::migrate::MigrateError;
use crate::report::{self, Format};

/// The flags of `dump`.
#[derive(Debug, Args)]
pub struct DumpArgs {
    /// The file that is written; it must not be there yet [default: standard output]
    #[arg(long, value_name = "FILE", value_parser = parse_folder)]
    pub to: Option<PathBuf>,
    /// Where on PostgreSQL the file is tried: an empty database, or `private` for a server of our own [default: in the
    /// database itself, rolled back]
    #[arg(long, value_name = "URL|private", value_parser = crate::cli::drift::parse_scratch)]
    pub scratch_url: Option<Scratch>,
    /// Keep every table in the portable language, with the nearest types, although some come out otherwise; what differs is
    /// named [default: such a table stands in a block for the engine, as it was written]
    #[arg(long)]
    pub portable: bool,
    /// The database: a path, sqlite:PATH or postgres://USER@HOST/DATABASE; also read from .env
    #[arg(long, env = "DATABASE_URL", hide_env_values = true, value_name = "URL")]
    pub database_url: Option<String>,
    /// The form of the report on standard output
    #[arg(long, value_enum, default_value_t, value_name = "FORM")]
    pub format: Format,
}

/// Writes the schema file of a database; exits with 1 where the file does not bring everything back.
pub(super) async fn run(arguments: DumpArgs) -> Result<ExitCode, CliError> {
    let location = dotenv::or_location(arguments.database_url.as_deref())?;
    let location = location.ok_or_else(|| MigrateError::Usage(NO_DATABASE.into()))?;
    // A file that is there is told of before the work, and refused again when it is written.
    if let Some(path) = arguments.to.as_deref().filter(|path| path.exists()) {
        return Err(occupied(path).into());
    }
    let options = Options { scratch: arguments.scratch_url.clone().unwrap_or_default(), ..Options::default() };
    let nearness = if arguments.portable { Nearness::Nearest } else { Nearness::Same };
    let dump = drift::dump(&location, nearness, &options).await?;
    if let Some(path) = &arguments.to {
        write(path, &dump.text)?;
    }
    let file = arguments.to.as_deref();
    show(arguments.format, &dump, |dump, out| report::dump::written(dump, file, out))?;
    report::dump::not_carried(&dump, &mut io::stderr().lock())?;
    Ok(status(dump.not_carried.is_empty()))
}

fn write(path: &Path, text: &str) -> Result<(), MigrateError> {
    let failed = |error: io::Error| match error.kind() {
        io::ErrorKind::AlreadyExists => occupied(path),
        _ => MigrateError::Usage(format!("cannot write {}: {error}", path.display())),
    };
    if let Some(folder) = path.parent() {
        fs::create_dir_all(folder).map_err(failed)?;
    }
    let mut file = OpenOptions::new().write(true).create_new(true).open(path).map_err(failed)?;
    file.write_all(text.as_bytes()).and_then(|()| file.sync_all()).map_err(failed)
}

fn occupied(path: &Path) -> MigrateError {
    MigrateError::Usage(format!(
        "{} is there already, and is not overwritten; name another file with --to",
        path.display()
    ))
}
