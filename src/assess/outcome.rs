//! What an assessment returns.

use std::collections::BTreeMap;
use std::time::Duration;

use serde::Serialize;

use super::held::{Held, Stores};
use super::proposal::Proposal;
use crate::copy::bookkeeping::HistoryNote;
use crate::copy::infer::LeftOut;
use crate::copy::plan::{Plan, SkippedTable};
use crate::copy::reject::ReasonCount;
use crate::postgres::Address;

/// The whole copy takes from so many to so many times as long as reading and casting its rows on the same machine: rows are
/// read again to prove them, and a server writes them twice and builds keys. Measured on the databases of the benchmark.
const TIMES_AS_LONG: (f64, f64) = (2.0, 6.0);

/// The outcome of an assessment.
#[derive(Debug, Default, Serialize)]
pub struct Assessment {
    /// The version of the tool.
    pub version: &'static str,
    /// The source file.
    pub source: String,
    /// The target, without its password; none for an empty database.
    pub target: Option<String>,
    /// The target's schema.
    pub schema: Option<String>,
    /// The server's version.
    pub server: Option<String>,
    /// Whether a copy can start, and every row would arrive, exact or changed by a named rule.
    pub ready: bool,
    /// How much of each table was read, such as `100 rows` or `5%`; none when all was.
    pub sample: Option<String>,
    /// What a person must decide before a copy can start.
    pub decisions: Vec<String>,
    /// One for each table that would be copied, parents before children.
    pub tables: Vec<TableAssessment>,
    /// Rows and definitions that stand in the way of keys and references.
    pub findings: Vec<Finding>,
    /// What only the server judges when the rows come.
    pub unchecked: Vec<String>,
    /// Source tables that would not be copied.
    pub skipped: Vec<SkippedTable>,
    /// Histories of migration tools among the tables, and whether they would be true in PostgreSQL.
    pub histories: Vec<HistoryNote>,
    /// What the target would not have: objects, defaults, indexes, constraints.
    pub left_out: Vec<LeftOut>,
    /// Sentences for a person.
    pub notices: Vec<String>,
    /// Files and space.
    pub room: Room,
    /// The time that the whole copy would take on this machine, in seconds: at least, at most.
    pub estimated_seconds: (f64, f64),
    /// What the copy would create, as a schema file, where that was asked for.
    pub proposal: Option<Proposal>,
    /// How long the assessment took, in seconds.
    pub seconds: f64,
}

/// What one table holds and what would become of its rows: `read` = `exact` + `normalised` + `rejected`.
#[derive(Debug, Serialize)]
pub struct TableAssessment {
    /// The table's name in the source.
    pub name: String,
    /// The table's name in the target.
    pub target: String,
    /// Whether the copy would create it.
    pub created: bool,
    /// Rows in the source.
    pub rows: u64,
    /// Rows that were read here.
    pub read: u64,
    /// Rows of which every value would be the same.
    pub exact: u64,
    /// Rows with a value that a named rule would change.
    pub normalised: u64,
    /// Rows that would be set aside for a value that has no form in the target's type, or for a NULL that it refuses.
    pub rejected: u64,
    /// Why, with a few keys.
    pub reasons: Vec<ReasonCount>,
    /// One for each column that would be copied.
    pub columns: Vec<ColumnAssessment>,
    /// The bytes of the rows that were read, as they would be sent.
    pub bytes: u64,
    /// What its rows show that stands in their way on the server; told with the others.
    #[serde(skip)]
    pub(super) findings: Vec<Finding>,
}

/// What one column holds and becomes.
#[derive(Debug, Serialize)]
pub struct ColumnAssessment {
    /// The column's name in the source.
    pub name: String,
    /// Its declared type in the source.
    pub declared: String,
    /// The classes of its values.
    pub stores: Stores,
    /// What these values are: ranges, lengths, forms.
    pub profile: Held,
    /// The same in words.
    pub holds: String,
    /// Why the column has its type in the target, and what may be chosen instead.
    pub why: String,
    /// The column's name in the target.
    pub target: String,
    /// The target's type.
    pub becomes: String,
    /// The logical type that drives the cast.
    pub means: String,
    /// The rules that would be applied, with the number of values.
    pub rules: BTreeMap<&'static str, u64>,
}

/// Rows or a definition that stand in the way of something.
#[derive(Debug, PartialEq, Eq, Serialize)]
pub struct Finding {
    /// What it is: `orphans`, `null in a key`, …
    pub kind: &'static str,
    /// The table, and what of it, in the source's names.
    pub place: String,
    /// How many rows; none when it is the definition.
    pub rows: Option<u64>,
    /// The keys of the first.
    pub examples: Vec<String>,
    /// What a copy makes of it.
    pub outcome: String,
}

/// What becomes of double keys in a table that is there.
pub(super) const OTHERS_SET_ASIDE: &str = "the target's key takes one of each: the others are set aside";

impl Finding {
    /// Whether it is of rows that are set aside and stand in no sum of the rejected.
    pub fn sets_more_aside(&self) -> bool {
        self.outcome.ends_with(OTHERS_SET_ASIDE)
    }
}

/// Files and space.
#[derive(Debug, Default, Serialize)]
pub struct Room {
    /// The bytes of the source file.
    pub source_bytes: u64,
    /// Whether the source is in WAL mode.
    pub wal: bool,
    /// The bytes of the -wal file beside it.
    pub wal_bytes: u64,
    /// About how many bytes the target will take.
    pub target_bytes: u64,
    /// The bytes that are free where the server keeps its data, as far as can be seen from here.
    pub on_target: Option<u64>,
}

impl Assessment {
    pub(super) fn place(&mut self, target: &Address, schema: &str, server: &str) {
        self.target = Some(target.to_string());
        self.schema = Some(schema.to_owned());
        self.server = Some(server.to_owned());
    }

    /// Takes over what the plan says, and judges.
    pub(super) fn take_plan(&mut self, plan: &Plan, missing_wal: Option<String>) {
        self.skipped.clone_from(&plan.skipped);
        self.histories.clone_from(&plan.histories);
        self.left_out.clone_from(&plan.left_out);
        self.notices.clone_from(&plan.notices);
        self.notices.extend(missing_wal);
        let open = plan.open.iter().map(|open| Finding {
            kind: open.kind,
            place: open.name.clone(),
            rows: None,
            examples: Vec::new(),
            outcome: open.reason.clone(),
        });
        self.findings.extend(open);
        self.ready = self.decisions.is_empty()
            && self.findings.is_empty()
            && self.tables.iter().all(|table| table.rejected == 0);
    }

    /// Estimates time and room from what was read, and how long that took.
    #[expect(clippy::cast_precision_loss, reason = "an estimate has no digits to lose")]
    #[expect(
        clippy::cast_possible_truncation,
        clippy::cast_sign_loss,
        reason = "bytes of a file are far from the limits"
    )]
    pub(super) fn estimate(&mut self, read_in: Duration) {
        let sum = |of: fn(&TableAssessment) -> u64| self.tables.iter().map(of).sum::<u64>();
        let (rows, read) = (sum(|table| table.rows), sum(|table| table.read));
        let whole = if read == 0 { 1.0 } else { rows as f64 / read as f64 };
        let seconds = read_in.as_secs_f64() * whole;
        self.estimated_seconds = (seconds * TIMES_AS_LONG.0, seconds * TIMES_AS_LONG.1);
        self.room.target_bytes = self
            .tables
            .iter()
            .map(|table| if table.read == 0 { 0.0 } else { table.bytes as f64 * table.rows as f64 / table.read as f64 })
            .sum::<f64>() as u64;
    }
}
