//! What is taken in turn: a revision's way up and its way down, read before anything runs.

use std::error::Error as _;

use crate::migrate::apply::Ready;
use crate::migrate::folder::Revision;
use crate::migrate::graph::{Step, VersionChange, Way};
use crate::migrate::prepare::Reader;
use crate::migrate::{MigrateError, Migrator};

/// A revision with its ways.
pub(super) struct Turn<'f> {
    pub(super) id: String,
    pub(super) up: Result<Ready<'f>, MigrateError>,
    pub(super) down: Down<'f>,
}

/// A way down.
pub(super) enum Down<'f> {
    /// There is one.
    Ready(Ready<'f>),
    /// There is none, and why.
    None(String),
    /// There is one that cannot be read.
    Unreadable(MigrateError),
}

impl<'f> Turn<'f> {
    /// Reads the ways of a step's revision.
    pub(super) fn read(migrator: &'f Migrator, reader: &Reader<'f>, up: Step) -> Result<Self, MigrateError> {
        let revision = migrator.revision(&up.id)?;
        let back = Step { id: up.id.clone(), way: Way::Down, version: reversed(&up.version) };
        let down = match ready(reader, revision, back) {
            Ok(ready) => Down::Ready(ready),
            Err(MigrateError::NoWayDown { why, .. }) => Down::None(why),
            Err(error) => Down::Unreadable(error),
        };
        Ok(Self { id: up.id.clone(), up: ready(reader, revision, up), down })
    }
}

fn ready<'f>(reader: &Reader<'f>, revision: &'f Revision, step: Step) -> Result<Ready<'f>, MigrateError> {
    Ok(Ready { program: reader.read(revision, step.way)?, step, revision })
}

/// The change that takes one back: straight after a step up, the way down restores the rows that were there before.
fn reversed(change: &VersionChange) -> VersionChange {
    VersionChange {
        delete: change.insert.clone(),
        insert: change.delete.clone(),
        update: change.update.clone().map(|(from, to)| (to, from)),
    }
}

/// What an error says, and each cause that says something more, a line each.
pub(super) fn told(error: &MigrateError) -> Vec<String> {
    let mut text = error.to_string();
    let mut cause = error.source();
    while let Some(next) = cause {
        let said = next.to_string();
        if !text.contains(&said) {
            text.push_str(&format!("\nbecause: {said}"));
        }
        cause = next.source();
    }
    text.lines().filter(|line| !line.trim().is_empty()).map(str::to_owned).collect()
}
