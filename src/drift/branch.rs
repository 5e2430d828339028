//! Optional branches beside a schema file: the tables of one that was not taken are not missing.

use super::outcome::{Comparison, Counts, DriftReport, Told};
use crate::migrate::OptionalBranch;
use crate::schema::inventory::Kind;

impl DriftReport {
    /// Passes over what belongs to branches of which a database has no table, and says so.
    #[must_use]
    pub fn without_left_out(mut self, branches: &[OptionalBranch]) -> Self {
        for comparison in &mut self.comparisons {
            for branch in branches {
                if !is_left_out(branch, comparison) {
                    continue;
                }
                comparison.differences.retain(|told| !belongs_to(branch, told));
                self.notices.push(branch.left_out());
            }
            comparison.counts = Counts::of(&comparison.differences);
        }
        self.counted()
    }
}

fn is_left_out(branch: &OptionalBranch, comparison: &Comparison) -> bool {
    let is_missing = |table: &String| {
        let missing =
            |told: &Told| told.kind == Kind::Table && told.difference == "missing" && told.name.as_ref() == Some(table);
        comparison.differences.iter().any(missing)
    };
    !branch.tables.is_empty() && branch.tables.iter().all(is_missing)
}

fn belongs_to(branch: &OptionalBranch, told: &Told) -> bool {
    told.relation.as_ref().or(told.name.as_ref()).is_some_and(|table| branch.tables.contains(table))
}
