//! What only the server judges when the rows come: said, so that nobody takes an assessment for more than it is.

use crate::copy::orphans::reference::columns;
use crate::copy::plan::{Plan, TablePlan};

/// Names the conditions that an assessment did not look at.
pub(super) fn name(plan: &Plan) -> Vec<String> {
    plan.tables.iter().flat_map(|table| of_table(plan, table)).collect()
}

fn of_table(plan: &Plan, table: &TablePlan) -> Vec<String> {
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
