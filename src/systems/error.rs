//! What can go wrong with a system that is a part of the program.

use std::io;
use std::path::PathBuf;

use crate::migrate::MigrateError;
use crate::schema::language::LanguageError;

/// Why a system cannot be used as it was asked for.
#[derive(Debug, thiserror::Error)]
pub enum SystemError {
    /// There is none of that name.
    #[error("no system {name} is built in, only {known}{}", meant(.nearest.as_deref()))]
    Unknown {
        /// The name that was asked for.
        name: String,
        /// The names that there are.
        known: String,
        /// The one that may be meant.
        nearest: Option<String>,
    },
    /// Neither a folder or file nor a system has the name.
    #[error("there is no {} {}, and {source}", .what, .path.display())]
    Nowhere {
        /// What was looked for: `folder` or `file`.
        what: &'static str,
        /// Where it was looked for first.
        path: PathBuf,
        /// That it is not built in either.
        source: Box<SystemError>,
    },
    /// Its revisions are a part of the program and cannot be written to.
    #[error(
        "{name} is built into this program, and `{verb}` writes files; take a copy first with `strait systems export \
         {name} --to .`, and {verb} works on migrations/{name}"
    )]
    BuiltIn {
        /// The system.
        name: &'static str,
        /// What would write.
        verb: &'static str,
    },
    /// A copy would meet what is there.
    #[error("{} is there already, and nothing was written; move it away, or name another folder with --to", .path.display())]
    Exists {
        /// What is there.
        path: PathBuf,
    },
    /// A file cannot be written.
    #[error("cannot write {}; what was written before it is left as it is", .path.display())]
    Write {
        /// The file.
        path: PathBuf,
        /// Why.
        source: io::Error,
    },
    /// Its schema file cannot be read.
    #[error("the schema file of the system {name} cannot be read: a fault of this program")]
    Schema {
        /// The system.
        name: &'static str,
        /// Why.
        source: Box<LanguageError>,
    },
    /// Its revisions cannot be read.
    #[error(transparent)]
    Migrate(Box<MigrateError>),
}

impl From<MigrateError> for SystemError {
    fn from(error: MigrateError) -> Self {
        Self::Migrate(Box::new(error))
    }
}

fn meant(nearest: Option<&str>) -> String {
    nearest.map_or_else(String::new, |name| format!("; is `{name}` meant?"))
}
