//! What lies below and above a revision.

use std::collections::BTreeSet;

use super::{Graph, PlanError};

/// Which links a walk follows.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Follow {
    /// Down revisions alone: a branch.
    Branch,
    /// Down revisions and dependencies: everything that has to be there.
    Everything,
}

impl Graph {
    /// The revisions below the given full ids, these included, in the order of the nodes. Unknown ids have none.
    pub fn ancestors<'i>(&self, ids: impl IntoIterator<Item = &'i str>, follow: Follow) -> Vec<&str> {
        let known = ids.into_iter().filter_map(|id| self.positions.get(id).copied());
        self.names(self.below(known, follow))
    }

    /// The revisions above the given full ids, these included, in the order of the nodes. Unknown ids have none.
    pub fn descendants<'i>(&self, ids: impl IntoIterator<Item = &'i str>, follow: Follow) -> Vec<&str> {
        let known = ids.into_iter().filter_map(|id| self.positions.get(id).copied());
        self.names(self.above(known, follow))
    }

    /// What a database with these rows has applied, parents first.
    pub fn applied(&self, rows: &[String]) -> Result<Vec<&str>, PlanError> {
        let rows = self.rows(rows)?;
        let applied = self.below(rows.iter().copied(), Follow::Everything);
        let mut order = self.downwards(&applied, &rows);
        order.reverse();
        Ok(self.names(order))
    }

    /// What a database with these rows lacks, parents first.
    pub fn pending(&self, rows: &[String]) -> Result<Vec<&str>, PlanError> {
        let applied = self.below(self.rows(rows)?, Follow::Everything);
        let pending = (0..self.len()).filter(|at| !applied.contains(at)).collect();
        let mut order = self.downwards(&pending, &self.free_heads().collect());
        order.reverse();
        Ok(self.names(order))
    }

    /// The given revisions and all below them.
    pub(super) fn below(&self, from: impl IntoIterator<Item = usize>, follow: Follow) -> BTreeSet<usize> {
        reach(from, |at| match follow {
            Follow::Branch => &self.revisions[at].down,
            Follow::Everything => &self.revisions[at].parents,
        })
    }

    /// The given revisions and all above them.
    pub(super) fn above(&self, from: impl IntoIterator<Item = usize>, follow: Follow) -> BTreeSet<usize> {
        reach(from, |at| match follow {
            Follow::Branch => &self.revisions[at].children,
            Follow::Everything => &self.revisions[at].dependents,
        })
    }

    /// All that lies below or above a revision, itself included.
    pub(super) fn lineage(&self, of: usize, follow: Follow) -> BTreeSet<usize> {
        let mut lineage = self.below([of], follow);
        lineage.append(&mut self.above([of], follow));
        lineage
    }

    /// Those of a set that lie below no other of it.
    pub(super) fn tips(&self, set: &BTreeSet<usize>, follow: Follow) -> BTreeSet<usize> {
        let under = |&at: &usize| match follow {
            Follow::Branch => self.revisions[at].down.iter(),
            Follow::Everything => self.revisions[at].parents.iter(),
        };
        let covered = self.below(set.iter().flat_map(under).copied(), follow);
        set.difference(&covered).copied().collect()
    }
}

fn reach<'g>(from: impl IntoIterator<Item = usize>, next: impl Fn(usize) -> &'g Vec<usize>) -> BTreeSet<usize> {
    let mut open: Vec<usize> = from.into_iter().collect();
    let mut seen = BTreeSet::new();
    while let Some(at) = open.pop() {
        if seen.insert(at) {
            open.extend(next(at));
        }
    }
    seen
}
