//! Saying where a database is, without running anything; and what a merge joins.

use std::collections::BTreeSet;

use super::{Follow, Graph, PlanError, Target, VersionChange};

impl Graph {
    /// Plans a stamp: the rows that belong to the targets' lines become the targets, other rows stay.
    ///
    /// Targets of which one includes another are refused: their rows would say the same twice.
    pub fn stamp(&self, rows: &[String], targets: &[Target]) -> Result<VersionChange, PlanError> {
        let stamped = self.stamped(&self.rows(rows)?, targets)?;
        Ok(change(rows, &self.owned(stamped)))
    }

    /// Plans a stamp that forgets every row first, also one that is no revision here.
    pub fn stamp_purged(&self, rows: &[String], targets: &[Target]) -> Result<VersionChange, PlanError> {
        let stamped = self.stamped(&BTreeSet::new(), targets)?;
        Ok(change(rows, &self.owned(stamped)))
    }

    /// The revisions that a new merge joins: what the targets name; without a target, every head but those of optional
    /// branches.
    pub fn to_merge(&self, targets: &[Target]) -> Result<Vec<&str>, PlanError> {
        let mut joined = BTreeSet::new();
        for target in targets {
            target.refuse_steps("a merge")?;
            joined.extend(self.all_named(target)?);
        }
        if targets.is_empty() {
            joined = self.required_head_positions().collect();
        }
        let heads = || self.owned(self.head_positions());
        if let Some(&stray) = joined.iter().find(|&&at| !self.revisions[at].children.is_empty()) {
            return Err(PlanError::NotAHead { id: self.id(stray), heads: heads() });
        }
        if joined.len() < 2 {
            return Err(PlanError::TooFewToMerge { found: self.owned(joined), heads: heads() });
        }
        Ok(self.names(joined))
    }

    fn stamped(&self, rows: &BTreeSet<usize>, targets: &[Target]) -> Result<BTreeSet<usize>, PlanError> {
        let mut named = BTreeSet::new();
        let mut touched = BTreeSet::new();
        for target in targets {
            target.refuse_steps("a stamp")?;
            let found = self.all_named(target)?;
            touched.append(&mut self.touched(rows, target, &found)?);
            named.extend(found);
        }
        self.refuse_included(&typed(targets), &named)?;
        let moved: BTreeSet<usize> = &named - &touched;
        let related = moved.iter().any(|&at| !self.lineage(at, Follow::Everything).is_disjoint(&touched));
        let stay = if related || named.is_empty() { rows - &touched } else { rows.clone() };
        Ok(self.tips(&(&stay | &named), Follow::Everything))
    }

    /// The rows that a target speaks of: those on the lines of its branch and of what it names; plain `base` is all.
    fn touched(&self, rows: &BTreeSet<usize>, target: &Target, found: &[usize]) -> Result<BTreeSet<usize>, PlanError> {
        let branch = self.branch_of(target)?;
        if branch.is_none() && found.is_empty() {
            return Ok(rows.clone());
        }
        let lines = found.iter().copied().chain(branch).flat_map(|at| self.lineage(at, Follow::Everything));
        Ok(rows & &lines.collect())
    }
}

fn typed(targets: &[Target]) -> String {
    targets.iter().map(Target::to_string).collect::<Vec<_>>().join(" ")
}

fn change(rows: &[String], stamped: &[String]) -> VersionChange {
    let gone = rows.iter().filter(|row| !stamped.contains(row)).cloned().collect();
    let come = stamped.iter().filter(|row| !rows.contains(row)).cloned().collect();
    VersionChange::replacing(gone, come)
}
