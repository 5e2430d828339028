//! The schema file that a copy is held to: a system's, or one that is named.

use std::path::PathBuf;
use std::sync::Arc;

use clap::Args;

use super::migrate::FolderArgs;
use super::migrate::values::{parse_folder, parse_word};
use super::run::CliError;
use super::system::schema_of;
use crate::copy::canonical::{Canonical, Origin};
use crate::migrate::{Declared, MigrateError};
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
    pub(super) async fn read(&self, taken: &[String]) -> Result<Option<Arc<Canonical>>, CliError> {
        let canonical = match (&self.system, &self.schema) {
            (Some(system), _) => of_system(system, taken).await?,
            (None, Some(path)) => Canonical {
                origin: Origin::File(path.clone()),
                file: Declared::read(path)?.schema,
                revisions: None,
                optional: Vec::new(),
                taken: Vec::new(),
            },
            (None, None) => return Ok(None),
        };
        Ok(Some(Arc::new(canonical)))
    }
}

/// The schema file and the revisions of a system, of whose optional branches some are taken in any case.
async fn of_system(name: &str, taken: &[String]) -> Result<Canonical, CliError> {
    let file = schema_of(name)?.schema;
    let folder = FolderArgs { dir: None, system: Some(name.to_owned()), format: Format::Text };
    let revisions = match folder.migrator() {
        Ok(migrator) => Some(migrator),
        // A schema file of one's own may have no revisions.
        Err(CliError::System(SystemError::Nowhere { .. })) => None,
        Err(error) => return Err(error),
    };
    let optional = match &revisions {
        Some(migrator) => migrator.optional_branches().await?,
        None => Vec::new(),
    };
    if let Some(unknown) = taken.iter().find(|label| optional.iter().all(|one| one.label != **label)) {
        let known: Vec<&str> = optional.iter().map(|one| one.label.as_str()).collect();
        let known = if known.is_empty() { "it has none".to_owned() } else { format!("it has {}", known.join(", ")) };
        let told = format!("--branch {unknown}: system {name} has no optional branch of this label; {known}");
        return Err(MigrateError::Usage(told).into());
    }
    Ok(Canonical { origin: Origin::System(name.to_owned()), file, revisions, optional, taken: taken.to_vec() })
}
