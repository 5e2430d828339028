//! A system that is named: its schema file and its revisions, on disk where they are, else those that are built in.

use std::path::{Path, PathBuf};

use super::run::CliError;
use crate::migrate::Declared;
use crate::systems::{self, SystemError};

/// The schema file of a system in the working folder, whether it is there or not.
pub(super) fn schema_path(system: &str) -> PathBuf {
    Path::new("schemas").join(format!("{system}.sql"))
}

/// The schema file of a system: `schemas/NAME.sql` where it is there, else the one that is built in.
pub(super) fn schema_of(system: &str) -> Result<Declared, CliError> {
    let path = schema_path(system);
    // What is there and cannot be read is told, not passed over.
    if path.symlink_metadata().is_ok() {
        return Ok(Declared::read(&path)?);
    }
    let built_in = systems::find(system).map_err(|error| SystemError::Nowhere {
        what: "file",
        path: path.clone(),
        source: Box::new(error),
    })?;
    Ok(Declared::from_text(&format!("{} (built in)", path.display()), built_in.schema.to_owned())?)
}
