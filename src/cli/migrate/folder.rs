//! Where the revisions are: in a folder, or in the program itself.

use std::io::ErrorKind;
use std::path::PathBuf;

use clap::Args;

use super::values::{parse_folder, parse_word};
use crate::cli::run::CliError;
use crate::migrate::Migrator;
use crate::report::Format;
use crate::systems::{self, System, SystemError};

/// The folder where revisions are looked for when none is named.
const USUAL: &str = "migrations";

/// Where the revisions are.
#[derive(Debug, Args)]
pub struct FolderArgs {
    /// The folder of revisions [default: migrations]
    #[arg(long, value_name = "FOLDER", value_parser = parse_folder)]
    pub dir: Option<PathBuf>,
    /// The system whose revisions are meant: the folder of that name inside; without --dir and such a folder, the system
    /// that is built in (see `strait systems`)
    #[arg(long, value_name = "NAME", value_parser = parse_word)]
    pub system: Option<String>,
    /// The form of the report on standard output
    #[arg(long, value_enum, default_value_t, value_name = "FORM")]
    pub format: Format,
}

/// Where revisions were found.
enum Found {
    /// In this folder, if it is there; always so when it was named.
    Folder(PathBuf),
    /// In the program.
    BuiltIn(System),
    /// Neither in this folder nor in the program.
    Nowhere(PathBuf, SystemError),
}

impl FolderArgs {
    fn find(&self) -> Found {
        let dir = self.dir.clone().unwrap_or_else(|| PathBuf::from(USUAL));
        let Some(name) = &self.system else { return Found::Folder(dir) };
        let folder = dir.join(name);
        // What is there and cannot be read is told, not passed over.
        let is_missing = folder.symlink_metadata().is_err_and(|error| error.kind() == ErrorKind::NotFound);
        if self.dir.is_some() || !is_missing {
            return Found::Folder(folder);
        }
        match systems::find(name) {
            Ok(system) => Found::BuiltIn(system),
            Err(error) => Found::Nowhere(folder, error),
        }
    }

    /// The revisions that are meant.
    pub(in crate::cli) fn migrator(&self) -> Result<Migrator, CliError> {
        match self.find() {
            Found::Folder(folder) => Ok(Migrator::from_folder(&folder)?),
            Found::BuiltIn(system) => Ok(system.migrator()?),
            Found::Nowhere(folder, error) => {
                Err(SystemError::Nowhere { what: "folder", path: folder, source: Box::new(error) }.into())
            }
        }
    }

    /// The folder in which a verb makes files, whether it is there or not; what is built in is refused.
    pub(super) fn to_write(&self, verb: &'static str) -> Result<PathBuf, CliError> {
        match self.find() {
            Found::Folder(folder) | Found::Nowhere(folder, _) => Ok(folder),
            Found::BuiltIn(system) => Err(SystemError::BuiltIn { name: system.name, verb }.into()),
        }
    }
}
