//! Optional branches of a system: their tables are made where the source or the target has one of them, or when asked for.

use super::Canonical;
use crate::migrate::OptionalBranch;
use crate::migrate::graph::Target;
use crate::schema::Schema;

impl Canonical {
    /// The branches of which neither side has a table and for which nobody asked.
    pub(super) fn left_out(&self, source: &Schema, excluded: &[String], target: &Schema) -> Vec<&OptionalBranch> {
        let is_excluded = |table: &str| excluded.iter().any(|name| name.eq_ignore_ascii_case(table));
        let is_held = |table: &String| {
            target.table(table).is_some() || source.table_like(table).is_some_and(|found| !is_excluded(&found.name))
        };
        let optional = self.optional.iter();
        optional.filter(|one| !self.taken.contains(&one.label) && !one.tables.iter().any(is_held)).collect()
    }

    /// What a target is stamped with that has everything but some branches; none where there are no revisions.
    pub(super) fn stamps(&self, left_out: &[String]) -> Vec<Target> {
        let Some(migrator) = &self.revisions else { return Vec::new() };
        migrator.graph.rows_without(left_out).into_iter().map(Target::revision).collect()
    }
}

/// Says that a branch is left out, and how it is taken.
pub(super) fn sentence(branch: &OptionalBranch) -> String {
    let (tables, they) = (branch.tables.join(" and no "), if branch.tables.len() == 1 { "it" } else { "them" });
    format!(
        "left out, as an optional branch: {} (the source has no {tables}; --branch {} makes {they})",
        branch.revisions.join(", "),
        branch.label
    )
}
