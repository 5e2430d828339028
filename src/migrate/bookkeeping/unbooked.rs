//! Revisions that no other tool knows, and what another tool's rows are without them.

use std::collections::BTreeSet;

use crate::migrate::Migrator;
use crate::migrate::folder::{Booked, Revision};
use crate::migrate::graph::{Follow, Graph, VersionChange};

/// The revisions of a folder that say `-- bookkeeping: none`.
#[derive(Clone, Debug)]
pub(super) struct Unbooked {
    graph: Graph,
    ids: BTreeSet<String>,
}

impl Unbooked {
    /// Those of a folder, if there is any.
    pub(super) fn of(migrator: &Migrator) -> Option<Self> {
        let unbooked = migrator.folder.revisions.iter().filter(|revision| is_unbooked(revision));
        let ids: BTreeSet<String> = unbooked.map(|revision| revision.id.clone()).collect();
        (!ids.is_empty()).then(|| Self { graph: migrator.graph.clone(), ids })
    }

    /// The version rows of a database on which all but these revisions have run.
    pub(super) fn without(&self, rows: &BTreeSet<String>) -> BTreeSet<String> {
        let known: Vec<String> = rows.iter().filter(|row| self.graph.contains(row)).cloned().collect();
        let Ok(applied) = self.graph.applied(&known) else { return rows.clone() };
        let mut others: BTreeSet<String> = rows.iter().filter(|row| !self.graph.contains(row)).cloned().collect();
        let mut below: BTreeSet<&str> = BTreeSet::new();
        // Parents come first: what nothing after it was written upon is a head.
        for id in applied.into_iter().rev().filter(|id| !self.ids.contains(*id)) {
            if !below.contains(id) {
                others.insert(id.to_owned());
                below.extend(self.graph.ancestors([id], Follow::Everything));
            }
        }
        others
    }

    /// What a change of our rows is to a tool that does not know these revisions.
    pub(super) fn change(&self, before: &BTreeSet<String>, change: &VersionChange) -> VersionChange {
        let mut after = before.clone();
        // The rows were compared with the database's own before.
        change.apply(&mut after).ok();
        let (before, after) = (self.without(before), self.without(&after));
        let gone = before.difference(&after).cloned().collect();
        VersionChange::replacing(gone, after.difference(&before).cloned().collect())
    }
}

/// Whether no other tool's table tells of a revision.
pub(super) fn is_unbooked(revision: &Revision) -> bool {
    revision.booked == Some(Booked::Nowhere)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::migrate::folder::from_embedded;

    /// `a` ← `b` ← `c`, and beside them `x`, which needs `a`.
    fn unbooked() -> Unbooked {
        let files = [
            ("V1__a.sql", "-- revision: a\nselect 1;"),
            ("V2__b.sql", "-- revision: b\nselect 1;"),
            ("V3__c.sql", "-- revision: c\nselect 1;"),
            ("V4__x.sql", "-- revision: x\n-- down_revision: none\n-- depends_on: a\n-- bookkeeping: none\nselect 1;"),
        ];
        let migrator = Migrator::new(from_embedded(&files).expect("the folder is read")).expect("a graph");
        Unbooked::of(&migrator).expect("there is one")
    }

    fn set(rows: &[&str]) -> BTreeSet<String> {
        rows.iter().map(|row| (*row).to_owned()).collect()
    }

    #[test]
    fn rows_are_as_if_these_revisions_had_never_run() {
        let unbooked = unbooked();
        for (rows, without) in [
            (&[][..], &[][..]),
            (&["a"], &["a"]),
            (&["x"], &["a"]),
            (&["x", "b"], &["b"]),
            (&["x", "c"], &["c"]),
            (&["x", "foreign"], &["a", "foreign"]),
        ] {
            assert_eq!(unbooked.without(&set(rows)), set(without), "{rows:?}");
        }
    }

    #[test]
    fn a_step_of_theirs_is_one_row_that_becomes_another() {
        let insert = |id: &str| VersionChange { insert: vec![id.to_owned()], ..VersionChange::default() };
        let update = |from: &str, to: &str| VersionChange {
            update: Some((from.to_owned(), to.to_owned())),
            ..VersionChange::default()
        };
        let unbooked = unbooked();
        assert_eq!(unbooked.change(&set(&["x"]), &insert("b")), update("a", "b"));
        assert_eq!(unbooked.change(&set(&["a"]), &update("a", "x")), VersionChange::default());
        assert_eq!(unbooked.change(&set(&["c"]), &insert("x")), VersionChange::default());
        assert_eq!(unbooked.change(&set(&["x", "b"]), &update("b", "c")), update("b", "c"));
    }
}
