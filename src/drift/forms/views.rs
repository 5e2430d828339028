//! The views of both forms: which columns they give. Their queries are in each engine's own words.

use super::findings::Findings;
use super::names::{listed, lower, names};
use super::relation::Relation;

/// Compares a view with the other engine's.
pub(super) fn compare(sqlite: &Relation<'_>, postgres: &Relation<'_>, findings: &mut Findings) {
    let (item, words) = (sqlite.item, sqlite.words());
    let there = listed(&postgres.item.fact("columns").map(names).unwrap_or_default());
    match &sqlite.item.columns {
        Some(columns) => {
            let is = listed(&columns.iter().map(|name| lower(name)).collect::<Vec<_>>());
            findings.held(item, &words, "columns", Some(&is), Some(&there));
        }
        None => findings.incomparable(item, &words, "columns", "SQLite cannot tell the columns of a query that fails"),
    }
    findings.incomparable(item, &words, "its query", "each engine words a query in its own way");
}
