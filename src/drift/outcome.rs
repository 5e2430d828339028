//! What a comparison returns: facts for a report, none of its looks.

mod to_run;

use std::time::Instant;

use serde::Serialize;

use crate::migrate::Declared;
use crate::migrate::outcome::ForeignHistory;
use crate::schema::Engine;
use crate::schema::inventory::{Difference, Grade, Kind, Unmanaged, What};

/// What was found.
#[derive(Clone, Debug, Serialize)]
pub struct DriftReport {
    /// What was compared with what.
    pub form: Form,
    /// Whether everything is as it should be.
    pub equal: bool,
    /// Each comparison that was made.
    pub comparisons: Vec<Comparison>,
    /// What is wrong beside the structures, each as a sentence.
    pub problems: Vec<String>,
    /// What the engines cannot have alike.
    pub gaps: Vec<Gap>,
    /// What a person should know.
    pub notices: Vec<String>,
    /// All differences by their grades.
    pub counts: Counts,
    /// How long it took, in milliseconds.
    pub duration_ms: u64,
}

/// What was compared with what.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Form {
    /// A database with its recorded revisions.
    Recorded,
    /// A database with a schema file.
    Declared,
    /// Two databases of one engine.
    Databases,
    /// A SQLite and a PostgreSQL database at one revision.
    Parity,
    /// The folder's revisions with a schema file.
    Folder,
}

/// One comparison.
#[derive(Clone, Debug, Serialize)]
pub struct Comparison {
    /// What should be, in words.
    pub expected: String,
    /// What is: a database without its password, or what was replayed.
    pub found: String,
    /// The engine.
    pub engine: Engine,
    /// The revisions that were compared; empty is base, or that none has a part in it.
    pub revisions: Vec<String>,
    /// Whose records told the revisions, where they are not ours.
    pub recorded_by: Option<ForeignHistory>,
    /// Revisions that were not applied.
    pub pending: Vec<String>,
    /// The file or folder that says what should be, where one does.
    pub file: Option<String>,
    /// How many things were compared.
    pub objects: usize,
    /// In what they differ.
    pub differences: Vec<Told>,
    /// What is there and was not compared.
    pub unmanaged: Vec<NotCompared>,
    /// What differs and was passed over by request, each as a sentence.
    pub ignored: Vec<String>,
    /// What a person should know of how it was compared; the report tells it.
    #[serde(skip)]
    pub notices: Vec<String>,
    /// The differences by their grades.
    pub counts: Counts,
}

/// Something that was not compared, and where it is.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize)]
pub struct NotCompared {
    /// What it is.
    #[serde(flatten)]
    pub thing: Unmanaged,
    /// Where it is.
    pub side: Side,
}

/// A side of a comparison.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Side {
    /// In what should be alone.
    Expected,
    /// In what is alone.
    Found,
    /// In both.
    Both,
}

/// A difference, with its sentence.
#[derive(Clone, Debug, Serialize)]
pub struct Told {
    /// One line that says all.
    pub sentence: String,
    /// The name by which it is called.
    pub subject: String,
    /// What it is.
    pub kind: Kind,
    /// The relation that it is a part of, or is.
    pub relation: Option<String>,
    /// What it is called.
    pub name: Option<String>,
    /// `missing`, `unexpected`, `changed` or `order`.
    pub difference: &'static str,
    /// What about it differs, where a part of it does.
    pub fact: Option<String>,
    /// What should be, where a part of it differs; none for nothing.
    pub expected: Option<String>,
    /// What is.
    pub found: Option<String>,
    /// The line of the schema file that makes its relation, from 1, where one does.
    pub line: Option<usize>,
    /// How much that matters.
    pub grade: Grade,
    /// The statement that would mend it, where there is one.
    pub mend: Option<String>,
}

/// Something that one engine has and the other cannot have, or that is worded too differently to be compared.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize)]
pub struct Gap {
    /// What it is: `users.email`, `view totals`.
    pub subject: String,
    /// The engine that has it, or both, where what they have cannot be compared.
    pub engine: &'static str,
    /// What it has.
    pub what: String,
    /// Why the other has not.
    pub why: String,
}

/// How many differences there are of each grade.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize)]
pub struct Counts {
    /// Those that matter to nobody's statements.
    pub cosmetic: usize,
    /// Those with which everything still works.
    pub compatible: usize,
    /// Those with which something may not.
    pub breaking: usize,
}

impl DriftReport {
    /// Sums comparisons up.
    pub(super) fn new(form: Form, mut comparisons: Vec<Comparison>) -> Self {
        let notices = comparisons.iter_mut().flat_map(|one| std::mem::take(&mut one.notices)).collect();
        let report = Self {
            form,
            equal: true,
            counts: Counts::default(),
            comparisons,
            problems: Vec::new(),
            gaps: Vec::new(),
            notices,
            duration_ms: 0,
        };
        report.counted()
    }

    /// Sums up anew what its comparisons count.
    pub(super) fn counted(mut self) -> Self {
        self.counts = self.comparisons.iter().fold(Counts::default(), |sum, one| sum.and(one.counts));
        self.judge();
        self
    }

    /// Notes what is wrong beside the structures.
    pub(super) fn with_problems(mut self, problems: Vec<String>) -> Self {
        self.problems.extend(problems);
        self.judge();
        self
    }

    /// Notes how long it took.
    pub(super) fn timed(mut self, began: Instant) -> Self {
        self.duration_ms = u64::try_from(began.elapsed().as_millis()).unwrap_or(u64::MAX);
        self
    }

    fn judge(&mut self) {
        let pending = self.comparisons.iter().any(|one| !one.pending.is_empty());
        self.equal = self.counts.all() == 0 && self.problems.is_empty() && !pending;
    }

    /// Whether it is to be called a failure when differences below a grade are let pass.
    ///
    /// The order of a table's columns is let pass, too, unless the comparison is strict: a column is added at the end,
    /// wherever a schema file has it, and no engine can move it.
    pub fn fails(&self, from: Grade, strict: bool) -> bool {
        let beside = !self.problems.is_empty() || self.comparisons.iter().any(|one| !one.pending.is_empty());
        let counts = |told: &&Told| told.grade >= from && (strict || !told.is_order_of_table());
        beside || self.differences().any(|told| counts(&told))
    }

    /// In how many tables the columns stand in another order.
    pub fn reordered(&self) -> usize {
        self.differences().filter(|told| told.is_order_of_table()).count()
    }

    fn differences(&self) -> impl Iterator<Item = &Told> {
        self.comparisons.iter().flat_map(|comparison| &comparison.differences)
    }
}

impl Told {
    /// A row of a type or of another server is told by its order; that of a table need not be.
    fn is_order_of_table(&self) -> bool {
        self.kind == Kind::Table && self.difference == "order"
    }
}

impl Comparison {
    /// Notes where a schema file makes what differs.
    pub(super) fn located(mut self, schema: &Declared) -> Self {
        let lines = schema.lines();
        for told in &mut self.differences {
            let name = told.relation.as_ref().or(told.name.as_ref());
            told.line = name.and_then(|name| lines.get(name)).copied();
        }
        self
    }
}

impl Counts {
    /// Counts differences.
    pub(super) fn of(differences: &[Told]) -> Self {
        let mut counts = Self::default();
        for one in differences {
            match one.grade {
                Grade::Cosmetic => counts.cosmetic += 1,
                Grade::Compatible => counts.compatible += 1,
                Grade::Breaking => counts.breaking += 1,
            }
        }
        counts
    }

    /// How many there are in all.
    pub fn all(self) -> usize {
        self.from(Grade::Cosmetic)
    }

    /// How many are of a grade or worse.
    pub fn from(self, grade: Grade) -> usize {
        match grade {
            Grade::Cosmetic => self.cosmetic + self.compatible + self.breaking,
            Grade::Compatible => self.compatible + self.breaking,
            Grade::Breaking => self.breaking,
        }
    }

    fn and(self, other: Self) -> Self {
        Self {
            cosmetic: self.cosmetic + other.cosmetic,
            compatible: self.compatible + other.compatible,
            breaking: self.breaking + other.breaking,
        }
    }
}

impl From<Difference> for Told {
    fn from(difference: Difference) -> Self {
        let (sentence, subject) = (difference.sentence(), difference.subject());
        let stands_alone = matches!(difference.kind, Kind::Table | Kind::View | Kind::MaterializedView);
        let own = if stands_alone { difference.name.clone() } else { None };
        let (word, fact, expected, found) = match difference.what {
            What::Missing => ("missing", None, None, None),
            What::Unexpected => ("unexpected", None, None, None),
            What::Changed { fact, expected, found } => ("changed", Some(fact), expected, found),
            What::Order { expected, found } => ("order", None, Some(expected.join(", ")), Some(found.join(", "))),
        };
        Self {
            sentence,
            subject,
            kind: difference.kind,
            relation: difference.part_of.or(own),
            name: difference.name,
            difference: word,
            fact,
            expected,
            found,
            line: None,
            grade: difference.grade,
            mend: difference.mend,
        }
    }
}
