//! What only the server judges when the rows come: said, so that nobody takes an assessment for more than it is.

use crate::copy::canonical::trial::can_foretell;
use crate::copy::matching::ColumnPlan;
use crate::copy::orphans::reference::columns;
use crate::copy::plan::{Plan, TablePlan};
use crate::schema::LogicalType;
use crate::value::counted;

/// Names the conditions that an assessment did not look at.
pub(super) fn name(plan: &Plan, has_target: bool) -> Vec<String> {
    let of_tables = plan.tables.iter().flat_map(|table| of_table(plan, table));
    of_tables.chain(own_words(plan, has_target)).collect()
}

/// What a schema file says for PostgreSQL alone is tried with a target, where its tables are still to be made.
fn own_words(plan: &Plan, has_target: bool) -> Option<String> {
    let statements = plan.besides.own_words.len();
    let when = match has_target {
        true if can_foretell(plan) => return None,
        true => "tried when a copy begins: tables of the target are there already",
        false => "tried only with a target",
    };
    (statements > 0).then(|| format!("{} for PostgreSQL alone, {when}", counted(statements, "statement", "statements")))
}

fn of_table(plan: &Plan, table: &TablePlan) -> Vec<String> {
    let (target, name) = (&table.target_table, &table.source.name);
    let mut unchecked = Vec::new();
    if !target.checks.is_empty() {
        unchecked.push(format!("table {name}: {} of the target", counted(target.checks.len(), "check", "checks")));
    }
    for index in target.indexes.iter().filter(|index| index.unique) {
        if index.predicate.is_some() || columns(&index.keys).is_none() {
            unchecked.push(format!("table {name}: unique index {}, which is partial or over expressions", index.name));
        }
    }
    for key in &target.foreign_keys {
        let (columns, called) = (key.columns.join(", "), key.parent_called());
        let refers = format!("table {name}: ({columns}) refers to {called}");
        match plan.tables.iter().find(|parent| key.refers_to(&parent.target)) {
            None => unchecked.push(format!("{refers}, which is not copied")),
            Some(parent) if folds(parent, &key.parent_columns) => {
                unchecked.push(format!("{refers}, whose values the server alone compares"));
            }
            Some(_) => {}
        }
    }
    for reference in plan.references.iter().filter(|reference| reference.table == *name) {
        if reference.casts.iter().any(|(own, of_parent)| are_read_otherwise(own, of_parent)) {
            let (columns, parent) = (reference.columns.join(", "), &reference.parent_table);
            unchecked.push(format!(
                "table {name}: whether ({columns}) refers to rows of {parent} that are there, as the times of both are read \
                 in other units or zones"
            ));
        }
    }
    unchecked
}

/// Whether one of these columns of the target is of those that are not equal by their bytes.
fn folds(table: &TablePlan, names: &[String]) -> bool {
    table.columns.iter().any(|column| column.folds && names.contains(&column.target))
}

/// Whether equal values of two columns may be different times.
fn are_read_otherwise(own: &ColumnPlan, of_parent: &ColumnPlan) -> bool {
    use LogicalType as T;
    let is_time = |logical: &T| matches!(logical, T::Date | T::Timestamp(_) | T::TimestampTz(_) | T::Epoch(_));
    let (read, read_above) = (&own.reading, &of_parent.reading);
    let is_shown_otherwise = read.shown.is_some() && read_above.shown.is_some() && read.shown != read_above.shown;
    (is_time(&own.logical) || is_time(&of_parent.logical))
        && (own.logical != of_parent.logical
            || (read.unit, &read.zone) != (read_above.unit, &read_above.zone)
            || is_shown_otherwise)
}
