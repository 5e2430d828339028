//! What stands in the way of keys and references: rows that break a rule which SQLite did not hold them to, and
//! definitions that PostgreSQL does not take.

use std::sync::Arc;

use super::outcome::{Finding, TableAssessment};
use crate::copy::CopyError;
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
) -> Result<Vec<Finding>, CopyError> {
    // Which columns hold NULL at all is known from the rows; a sample says it only of those that it saw.
    let holds_null: Vec<Vec<String>> = assessed
        .iter()
        .map(|table| {
            let maybe = table.columns.iter().filter(|column| column.stores.null > 0 || table.read < table.rows);
            maybe.map(|column| column.name.clone()).collect()
        })
        .collect();
    let (snapshot, plan) = (Arc::clone(snapshot), Arc::clone(plan));
    blocking(move || {
        let (reader, mut findings) = (snapshot.lend(), Vec::new());
        for (table, holds_null) in plan.tables.iter().zip(&holds_null) {
            let look = Look { reader: &reader, plan: &plan, table };
            look.required(holds_null, &mut findings)?;
            look.keys(&mut findings)?;
            look.references(&mut findings);
            look.indexes(&mut findings)?;
        }
        Ok(findings)
    })
    .await
}

/// One table under the eye.
struct Look<'l> {
    reader: &'l Reader<'l>,
    plan: &'l Plan,
    table: &'l TablePlan,
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
    fn required(&self, holds_null: &[String], findings: &mut Vec<Finding>) -> Result<(), SqliteError> {
        for column in self.table.target_table.columns.iter().filter(|column| !column.nullable) {
            let Some(source) = self.source_of(&column.name).filter(|name| holds_null.contains(name)) else { continue };
            let columns = [source];
            let broken = nulls(self.reader, &self.table.read, &columns)?;
            let outcome = "the target's column must have a value: these rows are set aside";
            self.tell("null where a value is needed", &columns, broken, outcome, findings);
        }
        Ok(())
    }

    /// Keys that SQLite did not hold the rows to.
    fn keys(&self, findings: &mut Vec<Finding>) -> Result<(), SqliteError> {
        let target = &self.table.target_table;
        let own = |table: &Table| -> Vec<Vec<String>> { keys(table).map(sorted).collect() };
        let held = own(&self.table.source);
        for key in own(target) {
            let Some(columns) = self.sources_of(&key) else { continue };
            if held.contains(&sorted(columns.clone())) {
                continue;
            }
            let broken = doubles(self.reader, &self.table.read, &columns)?;
            let outcome = if self.table.create.is_some() {
                "the target's key cannot be built; all rows are kept"
            } else {
                "the target's key takes one of each: the others are set aside"
            };
            self.tell("double keys", &columns, broken, outcome, findings);
        }
        Ok(())
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
        let side = self.table.side();
        for key in self.table.target_table.foreign_keys.iter().filter(|_| side.created) {
            let parent = self.plan.tables.iter().find(|table| table.target == key.parent);
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
