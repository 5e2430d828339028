//! Branch labels: given in one file, they name a whole line of revisions.

use super::{Follow, Graph, Revision};

impl Graph {
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
