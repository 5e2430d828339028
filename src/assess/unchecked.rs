//! What only the server judges when the rows come: said, so that nobody takes an assessment for more than it is.

use super::outcome::TableAssessment;
use crate::copy::orphans::reference::{columns, keys};
use crate::copy::plan::{Plan, TablePlan};

/// Names the conditions that an assessment did not look at.
pub(super) fn name(plan: &Plan, assessed: &[TableAssessment]) -> Vec<String> {
    plan.tables.iter().zip(assessed).flat_map(|(table, assessed)| of_table(plan, table, assessed)).collect()
}

fn of_table(plan: &Plan, table: &TablePlan, assessed: &TableAssessment) -> Vec<String> {
    let (target, name) = (&table.target_table, &table.source.name);
    let mut unchecked = Vec::new();
    if !target.checks.is_empty() {
        unchecked.push(format!("table {name}: {} of the target", counted(target.checks.len(), "check")));
    }
    for index in target.indexes.iter().filter(|index| index.unique) {
        if index.predicate.is_some() || columns(&index.keys).is_none() {
            unchecked.push(format!("table {name}: unique index {}, which is partial or over expressions", index.name));
        }
    }
    let changed = |column: &String| {
        let found = assessed.columns.iter().find(|assessed| assessed.target == *column);
        found.is_some_and(|found| !found.rules.is_empty())
    };
    for key in keys(target).filter(|key| key.iter().any(changed)) {
        let key = key.join(", ");
        unchecked
            .push(format!("table {name}: whether values of the key ({key}) are equal once rules have changed them"));
    }
    for key in &target.foreign_keys {
        if !plan.tables.iter().any(|parent| parent.target == key.parent) {
            let (columns, parent) = (key.columns.join(", "), &key.parent);
            unchecked.push(format!("table {name}: ({columns}) refers to {parent}, which is not copied"));
        }
    }
    unchecked
}

fn counted(count: usize, what: &str) -> String {
    if count == 1 { format!("1 {what}") } else { format!("{count} {what}s") }
}
