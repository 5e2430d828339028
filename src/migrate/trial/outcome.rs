//! What a trial of the revisions found.

use serde::Serialize;

use crate::schema::Engine;

/// What `test` found.
#[derive(Clone, Debug, Serialize)]
pub struct TestOutcome {
    /// The folder of revisions.
    pub folder: String,
    /// How many rows each table was to have.
    pub rows: u32,
    /// The engines, one after the other.
    pub engines: Vec<EngineTrial>,
}

impl TestOutcome {
    /// Whether everything went as it should on every engine; what its author calls irreversible is no fault.
    pub fn passed(&self) -> bool {
        self.engines.iter().all(EngineTrial::passed)
    }
}

/// What was found on one engine.
#[derive(Clone, Debug, Serialize)]
pub struct EngineTrial {
    /// The engine.
    pub engine: Engine,
    /// The revisions in the order in which they were tried.
    pub revisions: Vec<RevisionTrial>,
    /// The way down from the heads and up again, all in one.
    pub whole: Leg,
    /// The revision that stopped the way down; none when base was reached.
    pub stopped_by: Option<String>,
    /// Whether the version rows and the history tell what was done.
    pub records: Leg,
    /// What a person should know.
    pub notices: Vec<String>,
}

impl EngineTrial {
    /// Nothing was tried yet.
    pub(super) fn new(engine: Engine) -> Self {
        Self {
            engine,
            revisions: Vec::new(),
            whole: Leg::default(),
            stopped_by: None,
            records: Leg::default(),
            notices: Vec::new(),
        }
    }

    /// Whether everything went as it should.
    pub fn passed(&self) -> bool {
        self.revisions.iter().all(RevisionTrial::passed) && self.whole.is_good() && self.records.is_good()
    }
}

/// What was found of one revision.
#[derive(Clone, Debug, Default, Serialize)]
pub struct RevisionTrial {
    /// The revision's id.
    pub revision: String,
    /// The way up.
    pub up: Leg,
    /// The way down: everything is as it was before the way up.
    pub down: Leg,
    /// The way up again: everything is as it was after the first time.
    pub again: Leg,
    /// What goes and does not come back, as its author wants it.
    pub notes: Vec<String>,
}

impl RevisionTrial {
    /// The three ways with their names.
    pub fn legs(&self) -> [(&'static str, &Leg); 3] {
        [("up", &self.up), ("down", &self.down), ("up again", &self.again)]
    }

    /// Whether it went as it should.
    pub fn passed(&self) -> bool {
        self.legs().iter().all(|(_, leg)| leg.is_good())
    }

    /// Whether it can be taken back and applied again.
    pub(super) fn comes_back(&self) -> bool {
        self.legs().iter().all(|(_, leg)| leg.verdict == Verdict::Ok)
    }
}

/// One way that was gone.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize)]
pub struct Leg {
    /// How it went.
    pub verdict: Verdict,
    /// What is to be said of it, a line each.
    pub told: Vec<String>,
}

impl Leg {
    /// A way that went well, unless there are differences.
    pub(super) fn unless(differences: Vec<String>) -> Self {
        let verdict = if differences.is_empty() { Verdict::Ok } else { Verdict::Differs };
        Self { verdict, told: differences }
    }

    /// A way that could not be gone.
    pub(super) fn failed(told: Vec<String>) -> Self {
        Self { verdict: Verdict::Failed, told }
    }

    fn is_good(&self) -> bool {
        matches!(self.verdict, Verdict::Ok | Verdict::Irreversible | Verdict::Needless)
    }
}

/// How a way went.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize)]
#[serde(rename_all = "lowercase")]
pub enum Verdict {
    /// As it should.
    Ok,
    /// There is no such way, and its author or the way up says why.
    Irreversible,
    /// There was nothing to do.
    Needless,
    /// It was gone, and something is not as it should be.
    Differs,
    /// It could not be gone.
    Failed,
    /// It was not tried, because another failed before it.
    #[default]
    Untried,
}
