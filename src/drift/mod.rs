//! Drift: what a database holds, beside what it should hold.
//!
//! What should be there is made where nothing is (`place.rs`), by the ways up of the revisions that are recorded or by a schema
//! file, and read by the very reading that reads the database: so two spellings of one thing are one thing. Both are compared
//! (`contrast.rs`), what nobody keeps is set apart (`apart.rs`), and all that differs is told (`outcome.rs`).
//!
//! | form | expected | found |
//! |---|---|---|
//! | [`recorded`] | the revisions that the database says were applied | the database |
//! | [`declared`] | a schema file | the database |
//! | [`between`] | a database | another of the same engine |
//! | [`parity`] | each engine's own form of the same revision | a SQLite and a PostgreSQL database |
//! | [`folder`] | a schema file | what the folder's revisions make, on databases of our own |
//!
//! [`dump`] goes the other way: it writes a database's structure as a schema file, and holds the file against the database.

mod apart;
mod branch;
mod contrast;
mod dump;
mod error;
mod folder;
mod forms;
mod gap;
mod live;
pub mod outcome;
mod pair;
mod parity;
mod place;
mod seeds;

pub use dump::{Dump, dump};
pub use error::DriftError;
pub use folder::folder;
pub use live::{declared, recorded};
pub use pair::between;
pub use parity::parity;

use crate::database::Location;
use crate::schema::pattern::Pattern;

/// How databases are compared.
#[derive(Clone, Debug, Default)]
pub struct Options {
    /// What is passed over.
    pub ignore: Vec<Pattern>,
    /// Where on PostgreSQL what should be there is made.
    pub scratch: Scratch,
}

/// Where on PostgreSQL what should be there is made.
#[derive(Clone, Debug, Default)]
pub enum Scratch {
    /// In the database itself, in a schema that is rolled back.
    #[default]
    Beside,
    /// In an empty database, inside of a transaction that is rolled back.
    At(Location),
    /// On a private server of our own.
    Private,
}
