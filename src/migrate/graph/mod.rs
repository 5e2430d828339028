//! The graph of revisions, and the plan of a way through it: pure, it touches no file and no database.
//!
//! A [`Graph`] is built from one [`Node`] per revision. A [`Target`] is where somebody wants to go, as it was typed.
//! [`Graph::up`] and [`Graph::down`] answer with [`Step`]s, [`Graph::stamp`] with a [`VersionChange`] alone.
//!
//! What a request means, and the order of its steps, are Alembic's; `scripts/alembic-exam` holds the two together.
//! Three words carry it. A revision's *down revisions* are those it was written upon. Its *dependencies* only have to
//! be there first. Its *parents* are both, without the dependencies that a revision below it has already.
//!
//! A database remembers its *rows*: the applied revisions that are no parent of another applied one. So a head on which
//! another branch depends has no row of its own until it gets a child.
//!
//! We differ from it on purpose where it would do harm or cannot go on; the exam counts each of these:
//!
//! - `-N` from several rows is refused. Alembic warns, and reverts whichever branch the database returns first.
//! - A branch that does not exist is always refused. Alembic overlooks it where only one way leads down.
//! - Where a revision's parents include each other, Alembic stops half way up, and keeps a row too many going down.
//! - A stamp of several revisions sets them all. Alembic can forget one that already has its row, and cannot stamp
//!   downwards to several. Revisions that include each other cannot be stamped together: no way would lead up again.
//!
//! - `build.rs` checks the nodes and links them; `branch.rs` spreads the branch labels; `optional.rs` finds the branches
//!   that an installation may leave out, which Alembic does not know
//! - `lineage.rs` says what lies above and below; `order.rs` in which order steps go
//! - `target.rs` reads a target, `resolve.rs` finds what it names, `plan.rs` goes there
//! - `rows.rs` keeps the rows step by step; `stamp.rs` sets them without running anything

mod branch;
mod build;
mod error;
mod lineage;
pub(crate) mod nearest;
mod optional;
mod order;
mod plan;
mod resolve;
mod rows;
mod stamp;
mod target;
#[cfg(test)]
mod tests;
mod walk;

use std::collections::{BTreeMap, BTreeSet, HashMap};
use std::fmt;

pub use error::{GraphError, PlanError};
pub use lineage::Follow;
pub use rows::VersionChange;
pub use target::{Point, Target};

/// A revision as its file describes it.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Node {
    /// The revision's id.
    pub id: String,
    /// The ids it was written upon: none for a base, several for a merge.
    pub down: Vec<String>,
    /// Ids or branch labels that must be applied first, without being part of its branch.
    pub depends_on: Vec<String>,
    /// The branch labels that its file gives.
    pub branches: Vec<String>,
    /// Whether an optional branch begins with it.
    pub optional: bool,
}

/// The way a step goes.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, serde::Serialize)]
#[serde(rename_all = "lowercase")]
pub enum Way {
    /// The revision is applied.
    Up,
    /// The revision is reverted.
    Down,
}

impl fmt::Display for Way {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Up => "up",
            Self::Down => "down",
        })
    }
}

/// One revision to run, and what becomes of the version rows with it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Step {
    /// The revision's id.
    pub id: String,
    /// Whether it is applied or reverted.
    pub way: Way,
    /// What happens to the version rows in the same transaction.
    pub version: VersionChange,
}

/// A checked graph of revisions; positions follow the order of the nodes it was built from.
#[derive(Clone, Debug)]
pub struct Graph {
    revisions: Vec<Revision>,
    positions: HashMap<String, usize>,
    branches: BTreeMap<String, usize>,
    optional: Vec<optional::Optional>,
}

/// A revision with its links, as positions in the graph.
#[derive(Clone, Debug, Default)]
struct Revision {
    id: String,
    down: Vec<usize>,
    dependencies: Vec<usize>,
    /// Down revisions, then the dependencies that nothing below has already.
    parents: Vec<usize>,
    /// The revisions whose down revision this is.
    children: Vec<usize>,
    /// The revisions that were written upon this one or depend on it.
    dependents: Vec<usize>,
    labels: BTreeSet<String>,
}

impl Graph {
    /// Checks the nodes and links them. Their order decides between steps that could go either way.
    pub fn new(nodes: Vec<Node>) -> Result<Self, GraphError> {
        build::build(nodes)
    }

    /// The number of revisions.
    pub fn len(&self) -> usize {
        self.revisions.len()
    }

    /// Tells whether there is no revision at all.
    pub fn is_empty(&self) -> bool {
        self.revisions.is_empty()
    }

    /// All ids, in the order of the nodes.
    pub fn ids(&self) -> impl Iterator<Item = &str> {
        self.revisions.iter().map(|revision| revision.id.as_str())
    }

    /// Tells whether a full id is a revision of this graph.
    pub fn contains(&self, id: &str) -> bool {
        self.positions.contains_key(id)
    }

    /// The revisions that no other was written upon.
    pub fn heads(&self) -> Vec<&str> {
        self.names(self.head_positions())
    }

    /// The rows of a database in which everything is applied: the heads that no revision depends on.
    pub fn rows_at_heads(&self) -> Vec<&str> {
        self.names(self.free_heads())
    }

    /// The revisions that were written upon none.
    pub fn bases(&self) -> Vec<&str> {
        self.names(self.base_positions())
    }

    /// Tells whether no other revision was written upon this one.
    pub fn is_head(&self, id: &str) -> bool {
        self.positions.get(id).is_some_and(|&at| self.revisions[at].children.is_empty())
    }

    /// The revisions with more than one child.
    pub fn branch_points(&self) -> Vec<&str> {
        self.names((0..self.len()).filter(|&at| self.revisions[at].children.len() > 1))
    }

    /// The revisions written upon this one, in the order of the nodes.
    pub fn children(&self, id: &str) -> Vec<&str> {
        self.positions.get(id).map_or_else(Vec::new, |&at| self.names(self.revisions[at].children.iter().copied()))
    }

    /// Every branch label with the revision whose file gives it.
    pub fn branches(&self) -> impl Iterator<Item = (&str, &str)> {
        self.branches.iter().map(|(label, &at)| (label.as_str(), self.revisions[at].id.as_str()))
    }

    /// The labels of the branches that a revision lies on, sorted.
    pub fn labels(&self, id: &str) -> Vec<&str> {
        self.positions
            .get(id)
            .map_or_else(Vec::new, |&at| self.revisions[at].labels.iter().map(String::as_str).collect())
    }

    fn head_positions(&self) -> impl Iterator<Item = usize> {
        (0..self.len()).filter(|&at| self.revisions[at].children.is_empty())
    }

    fn free_heads(&self) -> impl Iterator<Item = usize> {
        (0..self.len()).filter(|&at| self.revisions[at].dependents.is_empty())
    }

    fn base_positions(&self) -> impl Iterator<Item = usize> {
        (0..self.len()).filter(|&at| self.revisions[at].down.is_empty())
    }

    fn id(&self, at: usize) -> String {
        self.revisions[at].id.clone()
    }

    fn owned(&self, positions: impl IntoIterator<Item = usize>) -> Vec<String> {
        positions.into_iter().map(|at| self.id(at)).collect()
    }

    fn names(&self, positions: impl IntoIterator<Item = usize>) -> Vec<&str> {
        positions.into_iter().map(|at| self.revisions[at].id.as_str()).collect()
    }
}
