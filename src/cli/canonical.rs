//! The schema file that a copy is held to: a system's, or one that is named.

use std::path::PathBuf;
use std::sync::Arc;

use clap::Args;

use super::migrate::FolderArgs;
use super::migrate::values::{parse_folder, parse_word};
use super::run::CliError;
use super::system::schema_of;
use crate::copy::canonical::{Canonical, Origin};
use crate::migrate::Declared;
use crate::report::Format;
use crate::systems::SystemError;

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
                Canonical { origin: Origin::File(path.clone()), file: Declared::read(path)?.schema, revisions: None }
            }
            (None, None) => return Ok(None),
        };
        Ok(Some(Arc::new(canonical)))
    }
}

/// The schema file and the revisions of a system.
fn of_system(name: &str) -> Result<Canonical, CliError> {
    let file = schema_of(name)?.schema;
    let folder = FolderArgs { dir: None, system: Some(name.to_owned()), format: Format::Text };
    let revisions = match folder.migrator() {
        Ok(migrator) => Some(migrator),
        // A schema file of one's own may have no revisions.
        Err(CliError::System(SystemError::Nowhere { .. })) => None,
        Err(error) => return Err(error),
    };
    Ok(Canonical { origin: Origin::System(name.to_owned()), file, revisions })
}
