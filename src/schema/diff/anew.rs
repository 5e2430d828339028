//! Which columns get another type, and which are made anew for it.

use super::Differ;
use crate::schema::language::convert::conversion;
use crate::schema::language::expression::{fit, parse_text};
use crate::schema::{Column, LogicalType, Table};

impl Differ<'_> {
    /// Whether one of some columns of a table that is there is still to change its type.
    pub(super) fn is_retyped(&self, table: &str, columns: &[String]) -> bool {
        let (Some(old), Some(new)) = (self.state.table(table), self.to.table(table)) else { return false };
        let changes = |name: &String| match (old.column(name), new.column(name)) {
            (Some(old), Some(new)) => old.logical != new.logical,
            _ => false,
        };
        columns.iter().any(changes)
    }
}

/// Tells whether a column must be dropped and added, since no change makes one of the other.
pub(super) fn is_fresh(old: &Column, new: &Column) -> bool {
    // What was computed can stay as it is.
    let computed = new.generated.is_some();
    computed && (old.generated != new.generated || old.logical != new.logical)
        || conversion_text(old, &new.logical).is_none()
}

/// How a column's values become ones of another type: by themselves, by an expression, or not at all.
pub(super) fn conversion_text(old: &Column, to: &LogicalType) -> Option<Option<String>> {
    if conversion(&old.logical, to).is_some() || is_one_enum(&old.logical, to) {
        return Some(None);
    }
    let table = Table { columns: vec![old.clone()], ..Table::default() };
    let text = format!("cast({} as {})", crate::schema::names::name(&old.name), to.portable_name());
    let read = parse_text(&text).ok()?;
    fit::conversion(&read, to, Some(&table)).ok().map(|()| Some(read.to_string()))
}

fn is_one_enum(from: &LogicalType, to: &LogicalType) -> bool {
    matches!((from, to), (LogicalType::Enum(from), LogicalType::Enum(to)) if from.name == to.name)
}
