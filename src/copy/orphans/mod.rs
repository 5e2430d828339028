//! Rows whose references lead nowhere: which they are, and what becomes of them, known before any row is loaded.
//!
//! SQLite does not hold rows to their references unless it is asked to. By itself a copy keeps such rows, and the constraint
//! is NOT VALID; a person may have them set aside, their references emptied, or the copy stopped. [`reference`] finds the
//! references that are meant, [`lost`] the rows that lead nowhere, [`search`] those that refer to them in turn.
//!
//! Which rows are set aside for their values is known only when they are read: what refers to those is told at the end.

mod lost;
pub mod reference;
mod search;

use std::collections::HashMap;
use std::fmt;
use std::str::FromStr;
use std::sync::Arc;

use super::CopyError;
use super::matching::ColumnPlan;
use super::plan::{Plan, Problem};
use super::rows::Misfit;
use crate::sqlite::Snapshot;
use crate::value::Key;
use crate::value::rule::Reason;
use reference::{Reference, list};
pub use search::find;

/// What becomes of a row whose reference leads to no row.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Policy {
    /// It is kept, and the constraint is not valid.
    #[default]
    Keep,
    /// It is set aside, and rows that refer to it are orphans, too.
    Reject,
    /// It is kept, and its reference becomes NULL.
    SetNull,
    /// Nothing is copied.
    Stop,
}

impl fmt::Display for Policy {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Keep => "keep",
            Self::Reject => "reject",
            Self::SetNull => "set-null",
            Self::Stop => "stop",
        })
    }
}

impl FromStr for Policy {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        let all = [Self::Keep, Self::Reject, Self::SetNull, Self::Stop];
        let known = all.into_iter().find(|policy| policy.to_string() == text);
        known.ok_or_else(|| {
            format!("`{text}` is nothing that can become of orphans: write keep, reject, set-null or stop")
        })
    }
}

/// What becomes of one row, besides its values.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Fate {
    /// It is set aside for a reference, whose parent may be in the source and set aside itself.
    SetAside {
        /// The reference, by its place among those of the table.
        reference: usize,
        /// Whether the row that it refers to is there, and does not arrive.
        parent_does_not_arrive: bool,
    },
    /// These references of it become NULL.
    Nulled(Vec<usize>),
}

/// Where a reference leads, and what is emptied of it.
#[derive(Clone, Debug)]
struct Leads {
    columns: Vec<String>,
    emptied: Vec<String>,
    parent: String,
}

/// The rows of one table that do not arrive as they are for their references; nothing by itself.
#[derive(Clone, Debug, Default)]
pub struct Orphans {
    fates: Arc<HashMap<Key, Fate>>,
    /// The references of all tables.
    references: Arc<[Leads]>,
}

impl Orphans {
    /// Whether every row arrives.
    pub fn is_empty(&self) -> bool {
        self.fates.is_empty()
    }

    /// How many rows are set aside.
    pub fn set_aside(&self) -> u64 {
        self.fates.values().filter(|fate| matches!(fate, Fate::SetAside { .. })).count() as u64
    }

    /// What becomes of the row with this key.
    pub fn fate(&self, key: Option<&Key>) -> Option<&Fate> {
        key.and_then(|key| self.fates.get(key))
    }

    /// Why a row is set aside, when it is.
    pub fn misfit(&self, fate: Option<&Fate>, columns: &[ColumnPlan]) -> Option<Misfit> {
        let Some(Fate::SetAside { reference, parent_does_not_arrive }) = fate else { return None };
        let Leads { columns: names, parent, .. } = self.references.get(*reference)?;
        let column = columns.iter().position(|column| names.first() == Some(&column.source)).unwrap_or_default();
        let reason = Reason::Orphan { parent: parent.clone(), parent_does_not_arrive: *parent_does_not_arrive };
        Some(Misfit { column, reason })
    }

    /// Whether a column of a row becomes NULL.
    pub fn nulls(&self, fate: Option<&Fate>, column: &ColumnPlan) -> bool {
        let Some(Fate::Nulled(references)) = fate else { return false };
        let names = |at: &usize| self.references.get(*at).is_some_and(|leads| leads.emptied.contains(&column.source));
        references.iter().any(names)
    }
}

/// Finds the orphans of a plan, and puts on its tables what becomes of them; names what stands in the way of that.
pub async fn look(snapshot: &Arc<Snapshot>, plan: &mut Plan, jobs: usize) -> Result<Vec<Problem>, CopyError> {
    let reads = plan.tables.iter().map(|table| table.read.clone()).collect();
    let (references, orphans) = find(snapshot, reads, std::mem::take(&mut plan.references), jobs).await?;
    for (table, orphans) in plan.tables.iter_mut().zip(orphans) {
        table.orphans = orphans;
    }
    plan.references = references;
    Ok(plan.references.iter().filter_map(problem).collect())
}

/// Names what stands in the way of emptying references, once their orphans are found.
pub(crate) fn refuse_to_empty(references: &[Reference]) -> Result<(), CopyError> {
    let emptied = references.iter().filter(|reference| reference.policy == Policy::SetNull);
    let problems: Vec<Problem> = emptied.filter_map(problem).collect();
    if problems.is_empty() { Ok(()) } else { Err(CopyError::Stopped(problems)) }
}

/// What a person must decide of the orphans of a reference.
fn problem(reference: &Reference) -> Option<Problem> {
    if reference.policy != Policy::Keep && reference.casts.iter().any(|(own, of_parent)| own.folds || of_parent.folds) {
        let (table, columns) = (&reference.table, list(&reference.columns));
        return Some(Problem::new(format!(
            "the server alone knows which values of ({columns}) of {table} are equal to those of {}, so that its orphans cannot be \
             found before the rows are there; say --orphans '{table}.{}=keep'",
            reference.parent_table,
            reference.columns.first().map_or("*", String::as_str)
        )));
    }
    if reference.found.rows == 0 {
        return None;
    }
    let told = reference.told();
    match reference.policy {
        Policy::Stop => Some(Problem::new(format!(
            "{told}; mend them, or say what becomes of them: --orphans keep, reject or set-null"
        ))),
        Policy::SetNull if reference.emptied.is_empty() => Some(Problem::new(format!(
            "{told}, and ({}) cannot become NULL: each column must have a value in the target, stands in another reference, \
             too, or another is computed from it; say --orphans '{}.{}=reject', or keep",
            list(&reference.columns),
            reference.table,
            reference.columns.first().map_or("*", String::as_str)
        ))),
        Policy::Reject | Policy::SetNull if !reference.can_be_told_apart => Some(Problem::new(format!(
            "{told}, and the rows of {} cannot be told apart: columns of it hide the row number; say --orphans '{0}.*=keep'",
            reference.table
        ))),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_policy_is_read_as_it_is_written() {
        for policy in [Policy::Keep, Policy::Reject, Policy::SetNull, Policy::Stop] {
            assert_eq!(policy.to_string().parse(), Ok(policy));
        }
        assert!("delete".parse::<Policy>().is_err_and(|why| why.contains("set-null")));
    }
}
