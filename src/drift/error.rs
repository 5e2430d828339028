//! Why databases could not be compared.

use crate::database::{DatabaseError, LocationError};
use crate::migrate::MigrateError;
use crate::migrate::replay::ReplayError;

/// Why databases could not be compared.
#[derive(Debug, thiserror::Error)]
pub enum DriftError {
    /// The folder, its records or the schema file are not in order.
    #[error(transparent)]
    Migrate(Box<MigrateError>),
    /// A database could not be used.
    #[error(transparent)]
    Database(#[from] DatabaseError),
    /// A location has no meaning.
    #[error(transparent)]
    Location(#[from] LocationError),
    /// What should be there could not be made.
    #[error("what should be there cannot be made to compare with: {source}; {hint}")]
    Expected {
        /// Why.
        source: ReplayError,
        /// What to do.
        hint: &'static str,
    },
    /// What is asked for makes no sense.
    #[error("{0}")]
    Usage(String),
}

impl From<MigrateError> for DriftError {
    fn from(error: MigrateError) -> Self {
        Self::Migrate(Box::new(error))
    }
}

/// What helps where scripts could not be run in a place.
pub(super) fn hint(error: &ReplayError, apart: bool) -> &'static str {
    match (error, apart) {
        (ReplayError::NoSchema { .. }, _) => {
            "nothing would stay of it, but the role must be allowed to: name an empty database for it with --scratch-url \
             URL, or say --scratch-url private for a server of our own"
        }
        (ReplayError::Reaches { .. }, _) => {
            "say --scratch-url private for a server of our own, or name an empty database with --scratch-url URL"
        }
        (ReplayError::Outside { .. }, _) => "say --scratch-url private for a server of our own, where it can be run",
        (ReplayError::Statement { error: said, .. }, false)
        | (ReplayError::Database(DatabaseError::Statement { source: said, .. }), false)
            if said.missing_role().is_some() =>
        {
            "make the role there (create role NAME nologin), or say --scratch-url private for a server of our own"
        }
        (ReplayError::Statement { .. }, false) => {
            "where it needs what the database has outside of its own schema, say --scratch-url private for a server of our \
             own, or name an empty database with --scratch-url URL"
        }
        (ReplayError::Statement { .. }, true) => "correct the script",
        (ReplayError::Database(_), _) => "look at what it says, then run this again",
    }
}
