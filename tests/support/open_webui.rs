//! The two real databases, and the two kinds of target that each must reach.

use std::path::PathBuf;

use super::{Database, fixture, fresh_database};

/// The versions of the application whose databases are kept as fixtures.
pub(crate) const VERSIONS: [&str; 2] = ["0.5.11", "0.12.4"];

/// What a target holds before a copy.
#[derive(Clone, Copy, Debug)]
pub(crate) enum Kind {
    /// Nothing: the tables are inferred.
    Empty,
    /// The schema that the application itself makes on PostgreSQL.
    Application,
}

pub(crate) const KINDS: [Kind; 2] = [Kind::Empty, Kind::Application];

/// The database that a version of the application wrote.
pub(crate) fn database_of(version: &str) -> PathBuf {
    fixture(&format!("open-webui-{version}.db"))
}

/// A fresh target of a kind.
pub(crate) fn target_for(version: &str, kind: Kind) -> Database {
    let target = fresh_database();
    if matches!(kind, Kind::Application) {
        let schema = fixture(&format!("open-webui-{version}.postgres.sql"));
        target.psql(&std::fs::read_to_string(schema).expect("the schema can be read"));
    }
    target
}

/// Every pair of a version and a kind of target.
pub(crate) fn crossings() -> impl Iterator<Item = (&'static str, Kind)> {
    VERSIONS.into_iter().flat_map(|version| KINDS.map(|kind| (version, kind)))
}
