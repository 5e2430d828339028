//! What stands in the way of keys and references: rows that break a rule which SQLite did not hold them to, and
//! definitions that PostgreSQL does not take.

use std::sync::Arc;

use super::outcome::{Finding, TableAssessment};
use super::unchecked::{columns, keys};
use crate::copy::CopyError;
use crate::copy::plan::{Plan, TablePlan};
use crate::copy::workers::blocking;
use crate::schema::{ForeignKey, LogicalType, Table};
use crate::sqlite::faults::{Broken, Reference, doubles, longer, nulls, orphans};
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
            look.references(&mut findings)?;
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
        source_of(self.table, target)
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

    fn references(&self, findings: &mut Vec<Finding>) -> Result<(), SqliteError> {
        for key in &self.table.target_table.foreign_keys {
            let parent = self.plan.tables.iter().find(|table| table.target == key.parent);
            let (Some(parent), Some(columns)) = (parent, self.sources_of(&key.columns)) else { continue };
            let parent_columns: Option<Vec<String>> =
                key.parent_columns.iter().map(|name| source_of(parent, name)).collect();
            let Some(parent_columns) = parent_columns.filter(|names| !names.is_empty()) else { continue };
            if let Some(outcome) = self.unbuildable(key, parent) {
                let place = self.place(&columns);
                findings.push(Finding { kind: "foreign key", place, rows: None, examples: Vec::new(), outcome });
                continue;
            }
            let reference =
                Reference { columns: &columns, parent: &parent.source.name, parent_columns: &parent_columns };
            let broken = orphans(self.reader, &self.table.read, reference)?;
            let outcome = format!(
                "they refer to rows of {} that are not there: all rows are kept and the constraint is NOT VALID",
                parent.source.name
            );
            self.tell("orphans", &columns, broken, &outcome, findings);
        }
        Ok(())
    }

    /// Why a created table's foreign key cannot be built, when its definition is the reason.
    fn unbuildable(&self, key: &ForeignKey, parent: &TablePlan) -> Option<String> {
        self.table.create.as_ref()?;
        if !is_unique(&parent.target_table, &key.parent_columns) {
            return Some(format!(
                "{} of {} is no key there, and PostgreSQL refers to keys alone: the constraint is not built",
                key.parent_columns.join(", "),
                parent.source.name
            ));
        }
        let types = |table: &Table, name: &String| table.column(name).map(|column| column.logical.stored());
        key.columns.iter().zip(&key.parent_columns).find_map(|(own, of_parent)| {
            let child = types(&self.table.target_table, own)?;
            let above = types(&parent.target_table, of_parent)?;
            (!may_refer(&child, &above)).then(|| {
                format!(
                    "{own} becomes {} and {of_parent} of {} becomes {}, which PostgreSQL does not compare: the constraint is \
                     not built",
                    child.postgres_name(),
                    parent.source.name,
                    above.postgres_name()
                )
            })
        })
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

fn source_of(table: &TablePlan, target: &str) -> Option<String> {
    table.columns.iter().find(|column| column.target == target).map(|column| column.source.clone())
}

fn sorted(mut names: Vec<String>) -> Vec<String> {
    names.sort();
    names
}

fn is_unique(table: &Table, columns: &[String]) -> bool {
    let wanted = sorted(columns.to_vec());
    keys(table).any(|key| sorted(key) == wanted)
}

fn may_be_long(logical: &LogicalType) -> bool {
    logical.is_text() || matches!(logical, LogicalType::Bytes | LogicalType::Jsonb | LogicalType::Array(_))
}

/// Whether PostgreSQL lets values of one type refer to those of another: the same kind, or one that it widens by itself.
///
/// Source: PostgreSQL manual, "Type Conversion"; `ATAddForeignKeyConstraint` looks for the parent's own equality.
fn may_refer(child: &LogicalType, parent: &LogicalType) -> bool {
    use LogicalType as T;
    let is_whole = |logical: &T| matches!(logical, T::SmallInt | T::Int | T::BigInt);
    let is_binary = |logical: &T| matches!(logical, T::Real | T::Double);
    match (child, parent) {
        (child, parent) if is_whole(child) => is_whole(parent) || is_binary(parent) || matches!(parent, T::Numeric(_)),
        (T::Numeric(_), parent) => is_binary(parent) || matches!(parent, T::Numeric(_)),
        (child, parent) if is_binary(child) => is_binary(parent),
        (child, parent) if child.is_text() => parent.is_text(),
        (child, parent) => std::mem::discriminant(child) == std::mem::discriminant(parent),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_reference_goes_to_the_same_kind_or_a_wider_one() {
        use LogicalType as T;
        for (child, parent) in
            [(T::Int, T::BigInt), (T::BigInt, T::SmallInt), (T::Int, T::Numeric(None)), (T::Text, T::Varchar(3))]
        {
            assert!(may_refer(&child, &parent), "{child} {parent}");
        }
        for (child, parent) in
            [(T::Text, T::BigInt), (T::Numeric(None), T::BigInt), (T::Double, T::Int), (T::Uuid, T::Text)]
        {
            assert!(!may_refer(&child, &parent), "{child} {parent}");
        }
    }
}
