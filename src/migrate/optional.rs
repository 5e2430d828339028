//! Optional branches: how it is told that one was left out, and which tables one makes.

use std::collections::BTreeSet;

use serde::Serialize;

use super::graph::{Follow, Point, Target};
use super::outcome::MigrateOutcome;
use super::prepare::Reader;
use super::replay::{Place, ReplayError};
use super::{MigrateError, Migrator};
use crate::database::Database;
use crate::schema::Engine;
use crate::schema::inventory::Kind;

/// A branch that an installation takes or leaves.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct OptionalBranch {
    /// Its label.
    pub label: String,
    /// Its revisions.
    pub revisions: Vec<String>,
    /// The tables that are there only with it.
    pub tables: Vec<String>,
}

impl OptionalBranch {
    /// Says that it was left out, and how it is taken.
    pub(crate) fn left_out(&self) -> String {
        sentence(&self.label, &self.revisions.join(", "))
    }
}

impl Migrator {
    /// The optional branches of the folder, with their tables: what a database in memory lacks when one is left out.
    ///
    /// Fails when the revisions cannot be run on SQLite; a folder without such branches is not run at all.
    pub async fn optional_branches(&self) -> Result<Vec<OptionalBranch>, MigrateError> {
        let all: BTreeSet<&str> = self.graph.ids().collect();
        let mut branches = Vec::new();
        let mut with_all = None;
        for (label, line) in self.graph.optional_branches() {
            let above = self.graph.descendants(line.iter().copied(), Follow::Everything);
            let without: BTreeSet<&str> = all.iter().copied().filter(|id| !above.contains(id)).collect();
            let tables = match &with_all {
                Some(tables) => tables,
                None => with_all.insert(self.tables_of(&all).await?),
            };
            let others = self.tables_of(&without).await?;
            branches.push(OptionalBranch {
                label: label.to_owned(),
                revisions: line.into_iter().map(str::to_owned).collect(),
                tables: tables.difference(&others).cloned().collect(),
            });
        }
        Ok(branches)
    }

    /// The tables that some revisions make on SQLite.
    async fn tables_of(&self, revisions: &BTreeSet<&str>) -> Result<BTreeSet<String>, MigrateError> {
        let dialect = self.dialect(Engine::Sqlite, &[])?.0;
        let scripts = self.scripts(&Reader::new(self, Engine::Sqlite, dialect), Engine::Sqlite, revisions)?;
        let mut database = Database::scratch().await?;
        let made = scripts.made(&mut database, Place::Kept).await;
        database.close().await;
        let made = made.map_err(|error| MigrateError::Usage(untried(&error)))?;
        let tables = made.items.into_iter().filter(|item| item.kind == Kind::Table);
        Ok(tables.filter_map(|item| item.name).collect())
    }

    /// Says of every optional branch that was left out that it was, and how it is taken.
    pub(crate) fn told_left_out(&self, applied: &BTreeSet<&str>) -> Vec<String> {
        let left_out = self.graph.left_out(applied);
        let branches = self.graph.optional_branches();
        let told = branches.filter(|(_, line)| line.iter().any(|id| left_out.contains(id)));
        told.map(|(label, line)| sentence(label, &line.join(", "))).collect()
    }

    /// Adds what was left out, where all that is pending was asked for.
    pub(super) fn with_left_out(&self, target: &Target, mut outcome: MigrateOutcome) -> MigrateOutcome {
        if target.point == Point::Due {
            let applied = self.graph.ancestors(outcome.after.iter().map(String::as_str), Follow::Everything);
            outcome.notices.extend(self.told_left_out(&applied.into_iter().collect()));
        }
        outcome
    }
}

fn sentence(label: &str, revisions: &str) -> String {
    format!("left out, as an optional branch: {revisions} (`strait migrate up {label}@head` takes it)")
}

fn untried(error: &ReplayError) -> String {
    format!(
        "it cannot be told which tables an optional branch makes, because its revisions do not run on SQLite: {error}"
    )
}
