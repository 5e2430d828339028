//! Renders another type of a column as edits: what becomes of its values, its default and its labels.

use super::Edit;
use super::declared::declared;
use super::{drop_check, moment, table, wording};
use crate::schema::language::convert::{Conversion, conversion};
use crate::schema::language::expression::fit::Refusal;
use crate::schema::{Column, LogicalType, Schema};
use crate::sqlite::quote;

/// The edits that give a column another type; none when SQLite keeps both alike.
pub(super) fn edits(
    before: &Schema,
    table: &str,
    column: &str,
    to: &LogicalType,
    using: Option<&str>,
) -> Result<Vec<Edit>, Refusal> {
    let known = before.table(table).and_then(|known| known.column(column));
    // A column that numbers rows is declared INTEGER whatever its size.
    if known.is_some_and(|known| known.identity.is_some()) {
        return Ok(Vec::new());
    }
    let from = known.map(|known| &known.logical);
    let using = match using {
        Some(text) => Some(wording::expression(text, before.table(table))?),
        None => from.and_then(|from| converted(from, to, &quote(column))),
    };
    let mut edits: Vec<Edit> = known.and_then(|known| drop_check(table, known)).into_iter().collect();
    if using.is_some() || from.is_none_or(|from| declared(from) != declared(to)) {
        edits.push(Edit::SetType { name: column.to_owned(), declared: declared(to), using });
    }
    if let Some(known) = known {
        edits.extend(new_default(known, to)?);
    }
    let retyped = Column::new(column, to.clone());
    edits.extend(table::enum_check(table, &retyped).map(|definition| Edit::AddConstraint { definition }));
    Ok(edits)
}

/// A default that is worded otherwise under the new type.
fn new_default(known: &Column, to: &LogicalType) -> Result<Option<Edit>, Refusal> {
    let Some(text) = known.default.as_deref() else { return Ok(None) };
    let (old, new) = (wording::default(text, &known.logical), wording::default(text, to)?);
    let changed = old.is_ok_and(|old| old != new);
    Ok(changed.then(|| Edit::SetDefault { name: known.name.clone(), default: Some(new) }))
}

/// How a stored value becomes one of the new type; none where it is one as it is, or by its affinity.
fn converted(from: &LogicalType, to: &LogicalType, value: &str) -> Option<String> {
    use LogicalType as T;
    let narrows = conversion(from, to) == Some(Conversion::Narrows);
    match (from, to) {
        (_, to) if narrows && to.is_integer() => Some(moment::strict_range(value, to)),
        (_, T::Varchar(length)) if narrows => Some(moment::strict_length(value, *length)),
        (T::JsonText, T::Json | T::Jsonb) => Some(moment::strict_json(value)),
        (T::TimestampTz(_), T::Timestamp(_)) => Some(moment::without_zone(value, to)),
        (from, T::Text) if from.is_integer() => Some(format!("cast({value} as text)")),
        _ => None,
    }
}
