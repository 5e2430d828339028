//! What a step does to the rows of the version table.

use std::collections::BTreeSet;

use super::{Follow, Graph, Way};

/// Rows to take away, to add, and to turn into another; no row is named twice.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct VersionChange {
    /// Rows that go.
    pub delete: Vec<String>,
    /// Rows that come.
    pub insert: Vec<String>,
    /// The row that becomes another: from, to.
    pub update: Option<(String, String)>,
}

impl VersionChange {
    /// Tells whether the rows stay as they are.
    pub fn is_empty(&self) -> bool {
        self.delete.is_empty() && self.insert.is_empty() && self.update.is_none()
    }

    /// Does to a set of rows what this change says. A row that should go and is not there is given back.
    pub fn apply(&self, rows: &mut BTreeSet<String>) -> Result<(), String> {
        let (from, to) = self.update.as_ref().map(|(from, to)| (from, to)).unzip();
        if let Some(missing) = self.delete.iter().chain(from).find(|row| !rows.remove(*row)) {
            return Err(missing.clone());
        }
        rows.extend(self.insert.iter().chain(to).cloned());
        Ok(())
    }

    /// The change that replaces some rows by others: one is updated where both are there, the last of each.
    pub(in crate::migrate) fn replacing(mut gone: Vec<String>, mut come: Vec<String>) -> Self {
        let update = if gone.is_empty() || come.is_empty() { None } else { gone.pop().zip(come.pop()) };
        Self { delete: gone, insert: come, update }
    }
}

impl Graph {
    /// Takes one step: changes the rows, and says how.
    pub(super) fn take(&self, rows: &mut BTreeSet<usize>, at: usize, way: Way) -> VersionChange {
        let (gone, come) = match way {
            Way::Up => (self.parents_among(rows, at), vec![at]),
            Way::Down => (Vec::from_iter(rows.contains(&at).then_some(at)), self.parents_uncovered(rows, at)),
        };
        for row in &gone {
            rows.remove(row);
        }
        rows.extend(&come);
        VersionChange::replacing(self.owned(gone), self.owned(come))
    }

    fn parents_among(&self, rows: &BTreeSet<usize>, at: usize) -> Vec<usize> {
        self.revisions[at].parents.iter().copied().filter(|parent| rows.contains(parent)).collect()
    }

    /// The parents of a row that goes, without those that another row, or another of them, includes.
    fn parents_uncovered(&self, rows: &BTreeSet<usize>, at: usize) -> Vec<usize> {
        let parents = &self.revisions[at].parents;
        let others = rows.iter().copied().filter(|&row| row != at);
        let covered = self.below(others, Follow::Everything);
        let tips = self.tips(&parents.iter().copied().collect(), Follow::Everything);
        parents.iter().copied().filter(|parent| tips.contains(parent) && !covered.contains(parent)).collect()
    }
}
