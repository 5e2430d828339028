//! What a copy returns: everything that a report shows, and nothing about how it is shown.

use std::collections::BTreeMap;

use serde::Serialize;

use super::bookkeeping::HistoryNote;
use super::canonical::Origin;
use super::choice::Chosen;
use super::infer::LeftOut;
use super::load::Loaded;
use super::matching::ColumnPlan;
use super::plan::{Plan, SkippedTable, TablePlan};
use super::reject::ReasonCount;
use crate::postgres::Address;
use crate::postgres::probe::Probe;
use crate::sqlite::Snapshot;
use crate::value::digest::RangeDigest;
use crate::value::rule::Nature;
use crate::value::tally::Tally;

/// The outcome of a copy.
#[derive(Debug, Serialize)]
pub struct CopyReport {
    /// The version of the tool.
    pub version: &'static str,
    /// The run's number on the target: its rejects are those of `strait.reject` with it.
    pub run: i64,
    /// The source file.
    pub source: String,
    /// The target, without its password.
    pub target: String,
    /// The target's schema.
    pub schema: String,
    /// The server's version.
    pub server: String,
    /// The schema from which the target was made; none where there was no file.
    pub made_from: Option<MadeFrom>,
    /// Whether every row arrived, exact or changed by a named rule, and everything was built.
    pub complete: bool,
    /// One for each table of the source, parents before children; tables left out at the end.
    pub tables: Vec<TableReport>,
    /// Histories of migration tools among the tables, and whether they are true in PostgreSQL.
    pub histories: Vec<HistoryNote>,
    /// What the target does not have: objects, defaults, indexes, constraints.
    pub left_out: Vec<LeftOut>,
    /// What it does not have either, though it is stored nowhere else and nobody has left it out.
    pub open: Vec<LeftOut>,
    /// What was tried in the finish and failed.
    pub unbuilt: Vec<LeftOut>,
    /// What was chosen for columns, each that deviates.
    pub chosen: Vec<Chosen>,
    /// Sentences for a person.
    pub notices: Vec<String>,
    /// The time that each phase took.
    pub phases: Phases,
    /// The whole run's time in seconds.
    pub seconds: f64,
}

/// The schema from which a target was made, and what became of it besides the source's tables.
#[derive(Debug, Serialize)]
pub struct MadeFrom {
    /// `system` or `file`.
    pub kind: &'static str,
    /// The system's name, or the file's path.
    pub name: String,
    /// Tables of the schema that the source does not have.
    pub empty: Vec<FilledEmpty>,
    /// The system's optional branches whose tables were not made.
    pub left_out: Vec<String>,
    /// The revisions that the database stands at since then.
    pub stamped: Vec<String>,
    /// Why no revision was recorded, when none was.
    pub not_stamped: Option<String>,
}

/// A table that was created without rows of the source.
#[derive(Debug, Serialize)]
pub struct FilledEmpty {
    /// The table.
    pub name: String,
    /// The rows of the schema file that it holds.
    pub rows: u64,
}

impl MadeFrom {
    /// Names the schema; nothing is stamped yet.
    pub fn new(origin: &Origin, empty: Vec<FilledEmpty>, plan: &Plan) -> Self {
        let (kind, name) = match origin {
            Origin::System(name) => ("system", name.clone()),
            Origin::File(path) => ("file", path.display().to_string()),
        };
        let left_out = plan.besides.left_out.clone();
        Self { kind, name, empty, left_out, stamped: Vec::new(), not_stamped: None }
    }
}

/// Wall time by phase, in seconds.
#[derive(Clone, Copy, Debug, Default, Serialize)]
pub struct Phases {
    /// Reading both structures, counting and profiling, deciding.
    pub plan: f64,
    /// Creating tables and streaming rows.
    pub load: f64,
    /// Keys, indexes, foreign keys, sequences, statistics.
    pub finish: f64,
    /// Reading back and comparing digests.
    pub verify: f64,
}

/// The account of one table: `read` = `copied` + `rejected` + `skipped`, and `copied` = `exact` + `normalised_rows`.
#[derive(Debug, Serialize)]
pub struct TableReport {
    /// The table's name in the source.
    pub name: String,
    /// The table's name in the target; `None` when it was left out.
    pub target: Option<String>,
    /// Whether the copy created the table.
    pub created: bool,
    /// Rows in the source.
    pub read: u64,
    /// Rows in the target that came from the source.
    pub copied: u64,
    /// Those of them that hold the same values.
    pub exact: u64,
    /// Those of them in which a named rule changed at least one value.
    pub normalised_rows: u64,
    /// Values that were changed, by rule.
    pub normalised: BTreeMap<&'static str, u64>,
    /// Those of them of which a part was lost, by rule.
    pub lossy: BTreeMap<&'static str, u64>,
    /// Values that were kept but deserve a warning, by rule.
    pub warned: BTreeMap<&'static str, u64>,
    /// The same by column.
    pub columns: Vec<ColumnReport>,
    /// Rows that were set aside.
    pub rejected: u64,
    /// Why, with a few keys.
    pub reasons: Vec<ReasonCount>,
    /// Rows left out by request.
    pub skipped: u64,
    /// Why the table was left out, when it was.
    pub skipped_because: Option<String>,
    /// Whether the target's digest equals that of what was sent; `None` when nothing was.
    pub digest_equal: Option<bool>,
    /// The digest of what was sent.
    pub digest_sent: Option<RangeDigest>,
    /// The digest of what the target returned.
    pub digest_found: Option<RangeDigest>,
    /// Bytes sent.
    pub bytes: u64,
    /// Seconds of loading, summed over the table's streams.
    pub seconds: f64,
}

/// The rules that were applied in one column.
#[derive(Debug, Serialize)]
pub struct ColumnReport {
    /// The column's name in the source.
    pub name: String,
    /// The type that drove the cast.
    #[serde(rename = "type")]
    pub logical: String,
    /// Counts by rule.
    pub rules: BTreeMap<&'static str, u64>,
    /// The keys of the first rows that met each rule; none where rows cannot be told apart.
    pub examples: BTreeMap<&'static str, Vec<String>>,
}

impl TableReport {
    /// Accounts for a table that was loaded.
    pub fn new(plan: &TablePlan, loaded: &Loaded, found: RangeDigest) -> Self {
        let rejected = loaded.rejects.rows();
        Self {
            name: plan.source.name.clone(),
            target: Some(plan.target.clone()),
            created: plan.create.is_some(),
            read: plan.rows,
            copied: loaded.digest.rows,
            exact: loaded.digest.rows - loaded.tally.changed_rows(),
            normalised_rows: loaded.tally.changed_rows(),
            normalised: loaded.tally.by_rule(|nature| nature != Nature::Warned),
            lossy: loaded.tally.by_rule(|nature| nature == Nature::Lossy),
            warned: loaded.tally.by_rule(|nature| nature == Nature::Warned),
            columns: column_reports(&plan.columns, &loaded.tally),
            rejected,
            reasons: loaded.rejects.reasons.clone(),
            skipped: 0,
            skipped_because: None,
            digest_equal: Some(loaded.digest == found),
            digest_sent: Some(loaded.digest),
            digest_found: Some(found),
            bytes: loaded.bytes,
            seconds: loaded.seconds,
        }
    }

    /// Accounts for a table that was left out.
    fn skipped(table: &SkippedTable) -> Self {
        Self {
            name: table.name.clone(),
            target: None,
            created: false,
            read: table.rows,
            copied: 0,
            exact: 0,
            normalised_rows: 0,
            normalised: BTreeMap::new(),
            lossy: BTreeMap::new(),
            warned: BTreeMap::new(),
            columns: Vec::new(),
            rejected: 0,
            reasons: Vec::new(),
            skipped: table.rows,
            skipped_because: Some(table.reason.clone()),
            digest_equal: None,
            digest_sent: None,
            digest_found: None,
            bytes: 0,
            seconds: 0.0,
        }
    }

    /// Tells whether nothing about the table needs a person.
    pub fn complete(&self) -> bool {
        self.rejected == 0 && self.digest_equal != Some(false)
    }
}

/// The rules that were applied, column by column.
pub(crate) fn column_reports(columns: &[ColumnPlan], tally: &Tally) -> Vec<ColumnReport> {
    let report = |(at, column): (usize, &ColumnPlan)| {
        let rules: BTreeMap<_, _> = tally.of_column(at).map(|(rule, count)| (rule.name(), count)).collect();
        let examples = tally.of_column(at).map(|(rule, _)| (rule.name(), tally.examples(at, rule).to_vec()));
        (!rules.is_empty()).then(|| ColumnReport {
            name: column.source.clone(),
            logical: column.logical.to_string(),
            examples: examples.filter(|(_, keys)| !keys.is_empty()).collect(),
            rules,
        })
    };
    columns.iter().enumerate().filter_map(report).collect()
}

impl CopyReport {
    /// Puts the outcome together.
    #[expect(clippy::too_many_arguments, reason = "an outcome has as many parts")]
    pub fn new(
        run: i64,
        snapshot: &Snapshot,
        target: &Address,
        probe: &Probe,
        plan: &Plan,
        made_from: Option<MadeFrom>,
        mut tables: Vec<TableReport>,
        unbuilt: Vec<LeftOut>,
        phases: Phases,
    ) -> Self {
        tables.extend(plan.skipped.iter().map(TableReport::skipped));
        Self {
            version: env!("CARGO_PKG_VERSION"),
            run,
            source: snapshot.path().display().to_string(),
            target: target.to_string(),
            schema: plan.schema.clone(),
            made_from,
            server: probe.version.clone(),
            complete: unbuilt.is_empty() && plan.open.is_empty() && tables.iter().all(TableReport::complete),
            tables,
            histories: plan.histories.clone(),
            left_out: plan.left_out.clone(),
            open: plan.open.clone(),
            unbuilt,
            chosen: plan.chosen.clone(),
            notices: plan.notices.clone(),
            phases,
            seconds: 0.0,
        }
    }
}
