//! Branch labels: given in one file, they name a whole line of revisions.

use std::collections::BTreeSet;

use super::{Follow, Graph, Revision};

impl Graph {
    /// Tells whether a revision was left out by choice: it lies on a labelled branch of which nothing is applied, neither below
    /// nor above it, while something else is.
    pub fn is_left_out(&self, id: &str, applied: &BTreeSet<&str>) -> bool {
        let Some(&at) = self.positions.get(id) else { return false };
        let is_applied = |one: &usize| applied.contains(self.revisions[*one].id.as_str());
        let has_label = !self.revisions[at].labels.is_empty();
        has_label && !applied.is_empty() && !self.lineage(at, Follow::Branch).iter().any(is_applied)
    }

    /// Gives a label to all above the revision that bears it, and down its line to where the line was one of several.
    pub(super) fn spread_labels(&mut self) {
        for (label, bearer) in self.branches.clone() {
            let above = self.above([bearer], Follow::Branch);
            let beneath = self.line_beneath(bearer);
            for at in above.into_iter().chain(beneath) {
                self.revisions[at].labels.insert(label.clone());
            }
        }
    }

    /// The revisions below `bearer` on the same line, when the line does not fork or join on its way to the head.
    fn line_beneath(&self, bearer: usize) -> Vec<usize> {
        let mut at = bearer;
        while let [child] = self.revisions[at].children[..] {
            if self.forks_or_joins(at) {
                return Vec::new();
            }
            at = child;
        }
        let mut line = Vec::new();
        if self.forks_or_joins(at) {
            return line;
        }
        let mut under = bearer;
        while !self.forks_or_joins(under) {
            line.push(under);
            let Some(&parent) = self.revisions[under].down.first() else { break };
            under = parent;
        }
        line
    }

    fn forks_or_joins(&self, at: usize) -> bool {
        let Revision { dependents, down, .. } = &self.revisions[at];
        dependents.len() > 1 || down.len() > 1
    }
}
