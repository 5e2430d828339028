//! What stands in the way of keys and references: rows that break a rule which SQLite did not hold them to, and
//! definitions that PostgreSQL does not take.

use std::collections::BTreeSet;
use std::sync::Arc;

use super::clashes::clashes;
use super::outcome::{Finding, OTHERS_SET_ASIDE, TableAssessment};
use crate::copy::CopyError;
use crate::copy::likeness::has_likes;
use crate::copy::matching::ColumnPlan;
use crate::copy::orphans::Policy;
use crate::copy::orphans::reference::{Reference, columns, keys, unbuildable};
use crate::copy::plan::{Plan, TablePlan};
use crate::copy::workers::blocking;
use crate::schema::{LogicalType, Table};
use crate::sqlite::faults::{Broken, doubles, longer, nulls};
use crate::sqlite::{Reader, Snapshot, SqliteError};

/// The bytes that an entry of an index may have: a third of a page of 8 KB, with its header. Values are packed first, so a
/// longer one may still fit. Source: PostgreSQL, `nbtree.h`, `BTMaxItemSize`.
const INDEX_ENTRY_BYTES: u64 = 2700;

/// Looks at the keys, references and indexes of every table.
pub(super) async fn find(
    snapshot: &Arc<Snapshot>,
    plan: &Arc<Plan>,
    assessed: &[TableAssessment],
) -> Result<Found, CopyError> {
    let known: Vec<Known> = assessed.iter().map(Known::of).collect();
    let (snapshot, plan) = (Arc::clone(snapshot), Arc::clone(plan));
    blocking(move || {
        let (reader, mut found) = (snapshot.lend(), Found::default());
        for (table, known) in plan.tables.iter().zip(&known) {
            let look = Look { reader: &reader, plan: &plan, table, known };
            look.required(&mut found.findings)?;
            look.keys(&mut found)?;
            look.references(&mut found.findings);
            look.indexes(&mut found.findings)?;
        }
        Ok(found)
    })
    .await
}

/// What the rows of a table have shown.
struct Known {
    /// The source's columns that may hold NULL; a sample says it only of those that it saw.
    holds_null: Vec<String>,
    /// The target's columns that a rule has changed a value of.
    changed: Vec<String>,
    /// Whether all rows were read.
    is_whole: bool,
}

impl Known {
    fn of(table: &TableAssessment) -> Self {
        let is_whole = table.read >= table.rows;
        let maybe_null = table.columns.iter().filter(|column| column.stores.null > 0 || !is_whole);
        let changed = table.columns.iter().filter(|column| !column.rules.is_empty());
        Self {
            holds_null: maybe_null.map(|column| column.name.clone()).collect(),
            changed: changed.map(|column| column.target.clone()).collect(),
            is_whole,
        }
    }
}

/// What was found, and what was not looked at.
#[derive(Default)]
pub(super) struct Found {
    pub(super) findings: Vec<Finding>,
    pub(super) unchecked: Vec<String>,
}

/// What is known of the rows of which a cast makes the key another one's.
enum Clashes {
    /// No cast changes a key.
    None,
    /// They are these.
    Found(Broken),
    /// They were not looked for.
    Unknown,
}

/// One table under the eye.
struct Look<'l> {
    reader: &'l Reader<'l>,
    plan: &'l Plan,
    table: &'l TablePlan,
    known: &'l Known,
}

impl Look<'_> {
    /// The source's name of a target's column, when it is copied.
    fn source_of(&self, target: &str) -> Option<String> {
        self.table.side().source_of(target)
    }

    fn sources_of<'n>(&self, names: impl IntoIterator<Item = &'n String>) -> Option<Vec<String>> {
        names.into_iter().map(|name| self.source_of(name)).collect()
    }

    fn place(&self, columns: &[String]) -> String {
        format!("{}.{}", self.table.source.name, columns.join(", "))
    }

    fn tell(&self, kind: &'static str, columns: &[String], broken: Broken, outcome: &str, findings: &mut Vec<Finding>) {
        if broken.rows > 0 {
            findings.push(Finding {
                kind,
                place: self.place(columns),
                rows: Some(broken.rows),
                examples: broken.examples.iter().map(ToString::to_string).collect(),
                outcome: outcome.to_owned(),
            });
        }
    }

    /// Columns that must have a value.
    fn required(&self, findings: &mut Vec<Finding>) -> Result<(), SqliteError> {
        for column in self.table.target_table.columns.iter().filter(|column| !column.nullable) {
            let Some(source) = self.source_of(&column.name).filter(|name| self.known.holds_null.contains(name)) else {
                continue;
            };
            let columns = [source];
            let broken = nulls(self.reader, &self.table.read, &columns)?;
            let outcome = "the target's column must have a value: these rows are set aside";
            self.tell("null where a value is needed", &columns, broken, outcome, findings);
        }
        Ok(())
    }

    /// Keys that SQLite did not hold the rows to, and those whose values a cast makes equal.
    fn keys(&self, found: &mut Found) -> Result<(), CopyError> {
        let target = &self.table.target_table;
        let own = |table: &Table| -> BTreeSet<Vec<String>> { keys(table).map(sorted).collect() };
        let held = own(&self.table.source);
        for key in own(target) {
            let Some(columns) = self.sources_of(&key) else { continue };
            let is_held = held.contains(&sorted(columns.clone()));
            let name = key.join(", ");
            let broken = match self.clashes(&key, is_held)? {
                Clashes::Found(broken) => broken,
                Clashes::Unknown => {
                    let table = &self.table.source.name;
                    found.unchecked.push(format!(
                        "table {table}: whether values of the key ({name}) are equal once rules have changed them"
                    ));
                    self.doubles(&columns, is_held)?
                }
                Clashes::None => self.doubles(&columns, is_held)?,
            };
            let outcome = if self.table.create.is_some() {
                "the target's key cannot be built; all rows are kept"
            } else {
                OTHERS_SET_ASIDE
            };
            let why = if is_held { "values that the source tells apart are equal once they are cast: " } else { "" };
            self.tell("double keys", &columns, broken, &format!("{why}{outcome}"), &mut found.findings);
        }
        Ok(())
    }

    fn doubles(&self, columns: &[String], is_held: bool) -> Result<Broken, SqliteError> {
        if is_held { Ok(Broken::default()) } else { doubles(self.reader, &self.table.read, columns) }
    }

    /// The rows of which a cast makes the key another one's.
    fn clashes(&self, key: &[String], is_held: bool) -> Result<Clashes, SqliteError> {
        let planned = |name: &String| self.table.columns.iter().find(|column| column.target == *name);
        let Some(columns) = key.iter().map(planned).collect::<Option<Vec<&ColumnPlan>>>() else {
            return Ok(Clashes::None);
        };
        // Some the server alone compares: as a collation folds them, or by what a document means.
        let is_the_servers = |column: &ColumnPlan| column.folds || column.logical == LogicalType::Jsonb;
        let may_meet = |column: &&ColumnPlan| {
            is_the_servers(column) || has_likes(&column.logical) || self.known.changed.contains(&column.target)
        };
        if !columns.iter().any(may_meet) {
            return Ok(Clashes::None);
        }
        if !self.known.is_whole {
            return Ok(Clashes::Unknown);
        }
        let found = clashes(self.reader, self.table, &columns, is_held)?;
        Ok(found.map_or(Clashes::Unknown, Clashes::Found))
    }

    /// Orphans that are kept; what else becomes of them is told with the rows.
    fn references(&self, findings: &mut Vec<Finding>) {
        let own = |reference: &&Reference| reference.table == self.table.source.name;
        for reference in self.plan.references.iter().filter(own).filter(|found| found.policy == Policy::Keep) {
            let outcome = format!(
                "they refer to rows of {} that are not there: all rows are kept and the constraint is NOT VALID; --orphans \
                 reject, set-null or stop does otherwise",
                reference.parent_table
            );
            self.tell("orphans", &reference.columns, reference.found.clone(), &outcome, findings);
        }
        for reference in self.plan.references.iter().filter(own) {
            let outcome = format!(
                "they refer to rows of {} that are equal under the source's collation alone: they are kept and the constraint is \
                 NOT VALID",
                reference.parent_table
            );
            self.tell("equal by collation", &reference.columns, reference.folded.clone(), &outcome, findings);
        }
        let side = self.table.side();
        for key in self.table.target_table.foreign_keys.iter().filter(|_| side.created) {
            let parent = self.plan.tables.iter().find(|table| key.refers_to(&table.target));
            let (Some(parent), Some(columns)) = (parent, self.sources_of(&key.columns)) else { continue };
            if let Some(outcome) = unbuildable(key, side.target, &parent.side()) {
                let place = self.place(&columns);
                findings.push(Finding { kind: "foreign key", place, rows: None, examples: Vec::new(), outcome });
            }
        }
    }

    /// Values that are too long for an index.
    fn indexes(&self, findings: &mut Vec<Finding>) -> Result<(), SqliteError> {
        let table = &self.table.target_table;
        let keys = table.primary_key.iter().map(|key| key.columns.clone());
        let uniques = table.uniques.iter().filter_map(|unique| columns(&unique.columns));
        let indexes = table.indexes.iter().filter_map(|index| columns(&index.keys));
        let mut all: Vec<Vec<String>> = keys.chain(uniques).chain(indexes).collect();
        all.sort();
        all.dedup();
        for key in all {
            let is_long = |name: &&String| table.column(name).is_some_and(|column| may_be_long(&column.logical));
            let long: Vec<&String> = key.iter().filter(is_long).collect();
            let Some(columns) = self.sources_of(long).filter(|columns| !columns.is_empty()) else { continue };
            let broken = longer(self.reader, &self.table.read, &columns, INDEX_ENTRY_BYTES)?;
            let outcome = "an entry of an index has room for 2,704 bytes, after packing: a key or index over it may not be \
                           built, and rows of a table that has it may be set aside";
            self.tell("too long for an index", &columns, broken, outcome, findings);
        }
        Ok(())
    }
}

fn sorted(mut names: Vec<String>) -> Vec<String> {
    names.sort();
    names
}

fn may_be_long(logical: &LogicalType) -> bool {
    logical.is_text() || matches!(logical, LogicalType::Bytes | LogicalType::Jsonb | LogicalType::Array(_))
}
