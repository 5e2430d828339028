//! What the runner returns: facts for a report, none of its looks.

use serde::Serialize;

use super::Migrator;
use super::graph::Way;
use crate::schema::Engine;

/// What `up`, `down` and `redo` did, or would do.
#[derive(Clone, Debug, Serialize)]
pub struct MigrateOutcome {
    /// The database, without its password.
    pub database: String,
    /// Its engine.
    pub engine: Engine,
    /// The heads before; none is base.
    pub before: Vec<String>,
    /// The heads after; none is base.
    pub after: Vec<String>,
    /// The steps in the order in which they ran.
    pub steps: Vec<StepOutcome>,
    /// Revisions that a rehearsal did not come to, in their order.
    pub left_out: Vec<String>,
    /// Whether everything was taken back again, because only a rehearsal was asked for.
    pub dry_run: bool,
    /// What a person should know.
    pub notices: Vec<String>,
}

/// One step that was taken.
#[derive(Clone, Debug, Serialize)]
pub struct StepOutcome {
    /// The revision's id.
    pub revision: String,
    /// The direction.
    pub way: Way,
    /// The file that was run; none where the way down was derived from the way up.
    pub file: Option<String>,
    /// How many statements were run.
    pub statements: usize,
    /// How long it took, in milliseconds.
    pub duration_ms: u64,
    /// Whether an interrupted run was taken up again.
    pub resumed: bool,
}

/// The steps that a command would take.
#[derive(Clone, Debug, Serialize)]
pub struct PlanOutcome {
    /// The database, without its password.
    pub database: String,
    /// Its engine.
    pub engine: Engine,
    /// The heads now; none is base.
    pub before: Vec<String>,
    /// The heads afterwards; none is base.
    pub after: Vec<String>,
    /// The steps in their order.
    pub steps: Vec<PlannedStep>,
    /// What a person should know.
    pub notices: Vec<String>,
}

impl PlanOutcome {
    /// Whether every step has a script that can be run.
    pub fn can_be_taken(&self) -> bool {
        self.steps.iter().all(|step| step.obstacle.is_none())
    }
}

/// One step of a plan.
#[derive(Clone, Debug, Serialize)]
pub struct PlannedStep {
    /// The revision's id.
    pub revision: String,
    /// The direction.
    pub way: Way,
    /// The file that would be run; none where the way down is derived from the way up.
    pub file: Option<String>,
    /// How many statements it has for this engine.
    pub statements: usize,
    /// What would be lost if the tables hold values, each as a few words.
    pub destroys: Vec<String>,
    /// Whether it runs in one transaction.
    pub transaction: bool,
    /// Why there is no such step, when there is none.
    pub obstacle: Option<String>,
}

/// How a database stands to its folder of revisions.
#[derive(Clone, Debug, Serialize)]
pub struct Status {
    /// The database, without its password.
    pub database: String,
    /// Its engine.
    pub engine: Engine,
    /// Whether there is a database at all.
    pub exists: bool,
    /// Whether this tool has ever worked on it.
    pub known: bool,
    /// The folder of revisions.
    pub folder: String,
    /// The heads of the folder.
    pub heads: Vec<String>,
    /// The heads of the database; none is base.
    pub current: Vec<String>,
    /// Every revision of the folder in order, and those that only the database knows.
    pub revisions: Vec<RevisionStatus>,
    /// Tables of other tools' histories that were found.
    pub foreign: Vec<ForeignHistory>,
    /// What keeps `up` from running, each as a sentence.
    pub problems: Vec<String>,
    /// What a person should know.
    pub notices: Vec<String>,
}

impl Status {
    /// Whether the database is at the heads of the folder and nothing is wrong; what was left out is no matter.
    pub fn up_to_date(&self) -> bool {
        let is_done = |one: &RevisionStatus| matches!(one.state, State::Applied | State::LeftOut);
        self.problems.is_empty() && self.revisions.iter().all(is_done)
    }

    /// How many revisions are in a state.
    pub fn count(&self, state: State) -> usize {
        self.revisions.iter().filter(|revision| revision.state == state).count()
    }
}

/// One revision's state.
#[derive(Clone, Debug, Serialize)]
pub struct RevisionStatus {
    /// The revision's id.
    pub revision: String,
    /// The file, when there is one.
    pub file: Option<String>,
    /// Its state.
    pub state: State,
    /// When it was applied (UTC), when that is known.
    pub applied_at: Option<String>,
    /// Whether it is one of the database's heads.
    pub current: bool,
    /// Whether nothing follows it in the folder.
    pub head: bool,
    /// Branch labels given in its file.
    pub branches: Vec<String>,
}

/// How a revision stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "lowercase")]
pub enum State {
    /// It was applied, and its file has not changed since.
    Applied,
    /// It was not applied yet.
    Pending,
    /// It lies on an optional branch of which nothing was applied.
    #[serde(rename = "left out")]
    LeftOut,
    /// Its file has changed since it was applied.
    Edited,
    /// It was applied and has no file.
    Unknown,
    /// Its file came after a later revision was applied; it was never run.
    Late,
    /// A script without a transaction was interrupted in it.
    Interrupted,
}

impl State {
    /// The state in one word.
    pub fn name(self) -> &'static str {
        match self {
            Self::Applied => "applied",
            Self::Pending => "pending",
            Self::LeftOut => "left out",
            Self::Edited => "edited",
            Self::Unknown => "unknown",
            Self::Late => "late",
            Self::Interrupted => "interrupted",
        }
    }
}

/// Another tool's history that was found in a database.
#[derive(Clone, Debug, Serialize)]
pub struct ForeignHistory {
    /// The tool.
    pub tool: &'static str,
    /// Its table.
    pub table: String,
    /// How many revisions it tells of.
    pub rows: usize,
    /// Where it stands, where its rows tell of that alone.
    pub at: Vec<String>,
}

/// What `stamp` and `adopt` wrote.
#[derive(Clone, Debug, Serialize)]
pub struct StampOutcome {
    /// The database, without its password.
    pub database: String,
    /// The heads before; none is base.
    pub before: Vec<String>,
    /// The heads after; none is base.
    pub after: Vec<String>,
    /// Where the answer was taken from, when it was adopted.
    pub from: Option<ForeignHistory>,
    /// Revisions that are recorded as applied since now.
    pub recorded: Vec<String>,
    /// Revisions that are recorded as not applied since now.
    pub unmarked: Vec<String>,
    /// What a person should know.
    pub notices: Vec<String>,
    /// Whether nothing was written, because only a rehearsal was asked for.
    pub dry_run: bool,
}

/// Where a folder's revisions part and come together.
#[derive(Clone, Debug, Serialize)]
pub struct BranchesOutcome {
    /// The labels, each with the revision whose file gives it.
    pub labels: Vec<(String, String)>,
    /// Revisions upon which several were written, with these.
    pub points: Vec<(String, Vec<String>)>,
    /// Revisions that join several, with these.
    pub merges: Vec<(String, Vec<String>)>,
    /// The labels of the branches that an installation takes or leaves.
    pub optional: Vec<String>,
    /// The last revisions.
    pub heads: Vec<String>,
}

impl BranchesOutcome {
    /// Reads them from a folder's graph.
    pub fn of(migrator: &Migrator) -> Self {
        let graph = &migrator.graph;
        let owned = |ids: Vec<&str>| ids.into_iter().map(str::to_owned).collect::<Vec<_>>();
        let merges = migrator.folder.revisions.iter().filter(|revision| revision.down_revisions.len() > 1);
        Self {
            labels: graph.branches().map(|(label, id)| (label.to_owned(), id.to_owned())).collect(),
            points: graph.branch_points().into_iter().map(|id| (id.to_owned(), owned(graph.children(id)))).collect(),
            merges: merges.map(|merge| (merge.id.clone(), merge.down_revisions.clone())).collect(),
            optional: graph.optional_branches().map(|(label, _)| label.to_owned()).collect(),
            heads: owned(graph.heads()),
        }
    }
}
