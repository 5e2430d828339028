//! Optional branches: each installation takes one or leaves it, and what was left out is not pending.

use std::collections::BTreeSet;

use super::{Follow, Graph, PlanError};

/// A branch that may be left out: the revision whose header says so, and all that is written upon it alone.
#[derive(Clone, Debug)]
pub(super) struct Optional {
    pub(super) bearer: usize,
    pub(super) line: BTreeSet<usize>,
}

impl Graph {
    /// The optional branches by their labels, each with its revisions in the order of the nodes.
    pub fn optional_branches(&self) -> impl Iterator<Item = (&str, Vec<&str>)> {
        let labelled = self.branches.iter().filter_map(|(label, at)| {
            let optional = self.optional.iter().find(|one| one.bearer == *at)?;
            Some((label.as_str(), self.names(optional.line.iter().copied())))
        });
        labelled.filter(|(_, line)| !line.is_empty())
    }

    /// Tells whether a revision lies on an optional branch.
    pub fn is_optional(&self, id: &str) -> bool {
        self.positions.get(id).is_some_and(|&at| self.lies_on_optional(at))
    }

    /// The heads that every installation comes to.
    pub fn required_heads(&self) -> Vec<&str> {
        self.names(self.required_head_positions())
    }

    /// The revisions of optional branches of which nothing is applied, and which nothing else needs.
    pub fn left_out(&self, applied: &BTreeSet<&str>) -> BTreeSet<&str> {
        let positions = applied.iter().filter_map(|id| self.positions.get(*id).copied()).collect();
        let wanted = self.wanted(&positions);
        self.names((0..self.len()).filter(|at| !wanted.contains(at))).into_iter().collect()
    }

    /// The rows of a database that has these rows once nothing is pending any more.
    pub fn rows_at_due(&self, rows: &[String]) -> Result<Vec<&str>, PlanError> {
        Ok(self.names(self.due(&self.rows(rows)?)))
    }

    /// The rows of a database in which everything is applied but the optional branches of these labels.
    pub fn rows_without(&self, labels: &[String]) -> Vec<&str> {
        let bearers: Vec<usize> = labels.iter().filter_map(|label| self.branches.get(label).copied()).collect();
        let lines = self.optional.iter().filter(|one| bearers.contains(&one.bearer)).flat_map(|one| &one.line);
        let absent = self.above(lines.copied(), Follow::Everything);
        let there = (0..self.len()).filter(|at| !absent.contains(at)).collect();
        self.names(self.tips(&there, Follow::Everything))
    }

    /// Finds the branches when everything else is linked.
    pub(super) fn settle_optional(&mut self, bearers: &[usize]) {
        let mut optional: BTreeSet<usize> = bearers.iter().copied().collect();
        let mut open: Vec<usize> = bearers.iter().flat_map(|&at| self.revisions[at].children.clone()).collect();
        while let Some(at) = open.pop() {
            // A merge with what everybody has is had by everybody.
            if self.revisions[at].down.iter().all(|under| optional.contains(under)) && optional.insert(at) {
                open.extend(&self.revisions[at].children);
            }
        }
        let needed = self.below((0..self.len()).filter(|at| !optional.contains(at)), Follow::Everything);
        let line = |bearer: usize| &(&self.above([bearer], Follow::Branch) & &optional) - &needed;
        self.optional = bearers.iter().map(|&bearer| Optional { bearer, line: line(bearer) }).collect();
    }

    /// The uppermost revisions of what is to be there: all but the optional branches that were not taken.
    pub(super) fn due(&self, rows: &BTreeSet<usize>) -> BTreeSet<usize> {
        let applied = self.below(rows.iter().copied(), Follow::Everything);
        self.tips(&self.wanted(&applied), Follow::Everything)
    }

    pub(super) fn required_head_positions(&self) -> impl Iterator<Item = usize> {
        self.head_positions().filter(|&at| !self.lies_on_optional(at))
    }

    fn lies_on_optional(&self, at: usize) -> bool {
        self.optional.iter().any(|optional| optional.line.contains(&at))
    }

    fn wanted(&self, applied: &BTreeSet<usize>) -> BTreeSet<usize> {
        let not_taken = self.optional.iter().filter(|optional| optional.line.is_disjoint(applied));
        let dropped: BTreeSet<usize> = not_taken.flat_map(|optional| optional.line.iter().copied()).collect();
        self.below((0..self.len()).filter(|at| !dropped.contains(at)), Follow::Everything)
    }
}
