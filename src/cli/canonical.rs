//! The schema file that a copy is held to: a system's, or one that is named.

use std::fs;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use clap::Args;

use super::migrate::values::{parse_folder, parse_word};
use super::run::CliError;
use crate::copy::canonical::{Canonical, Origin};
use crate::migrate::{MigrateError, Migrator};
use crate::schema::language::read_schema;

/// Whose schema the target has.
#[derive(Debug, Args)]
pub struct CanonicalArgs {
    /// The target has the tables of this system's schema, which are created where they are not there
    #[arg(long, value_name = "NAME", value_parser = parse_word, conflicts_with = "schema")]
    pub system: Option<String>,
    /// The target has the tables of this schema file, which are created where they are not there
    #[arg(long, value_name = "FILE", value_parser = parse_folder)]
    pub schema: Option<PathBuf>,
}

impl CanonicalArgs {
    /// Reads the schema file that is meant, if one is.
    pub(super) fn read(&self) -> Result<Option<Arc<Canonical>>, CliError> {
        let canonical = match (&self.system, &self.schema) {
            (Some(system), _) => of_system(system)?,
            (None, Some(path)) => {
                Canonical { origin: Origin::File(path.clone()), file: read_file(path)?, revisions: None }
            }
            (None, None) => return Ok(None),
        };
        Ok(Some(Arc::new(canonical)))
    }
}

/// The schema file and the revisions of a system: the one place where a command of the copier looks for them.
fn of_system(name: &str) -> Result<Canonical, CliError> {
    let file = read_file(&Path::new("schemas").join(format!("{name}.sql")))?;
    let folder = Path::new("migrations").join(name);
    let revisions = folder.exists().then(|| Migrator::from_folder(&folder)).transpose()?;
    Ok(Canonical { origin: Origin::System(name.to_owned()), file, revisions })
}

fn read_file(path: &Path) -> Result<crate::schema::language::SchemaFile, CliError> {
    let file = path.display().to_string();
    let text = fs::read_to_string(path).map_err(|error| {
        MigrateError::Usage(format!("cannot read the schema file {file} ({error}); name one with --schema FILE"))
    })?;
    read_schema(&text).map_err(|error| MigrateError::language(&file, &text, error).into())
}
