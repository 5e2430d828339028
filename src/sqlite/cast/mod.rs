//! The cast rules: a stored value under a column's logical type becomes a cell, or a reason to set its row aside.
//!
//! One function per logical type, one arm per storage class, in the order of the table in the documentation. A cast
//! never guesses: what no arm names has no rule.

mod document;
mod list;
mod mend;
mod moment;
mod number;
mod text;

use rusqlite::types::ValueRef;

use crate::schema::LogicalType;
use crate::value::Cell;
use crate::value::json::Canonicaliser;
use crate::value::list::Element;
use crate::value::reading::Reading;
use crate::value::rule::{Reason, Rule};

/// Buffers that casts fill and the next cast uses again.
#[derive(Default)]
pub struct Scratch {
    bytes: Vec<u8>,
    /// Text that was repaired, or written from another form.
    mended: Vec<u8>,
    list: Vec<Element>,
    canonicaliser: Canonicaliser,
}

/// A cell, with the rule that was applied when the value changed.
pub type Cast<'r> = Result<(Cell<'r>, Option<Rule>), Reason>;

/// Casts a stored value to a cell of a logical type, as the column's values are to be read.
pub fn cast<'r>(logical: &LogicalType, value: ValueRef<'r>, reading: &Reading, scratch: &'r mut Scratch) -> Cast<'r> {
    use LogicalType as T;
    let allowed = reading.allowed;
    match value {
        ValueRef::Null => return exact(Cell::Null),
        ValueRef::Text(b"") if allowed.empty && !has_empty_value(logical) => return by(Rule::EmptyToNull, Cell::Null),
        _ => {}
    }
    match logical {
        T::Boolean => number::boolean(value, allowed),
        T::SmallInt => number::integer(value, i16::MIN.into(), i16::MAX.into()),
        T::Int => number::integer(value, i32::MIN.into(), i32::MAX.into()),
        T::BigInt => number::integer(value, i64::MIN, i64::MAX),
        T::Epoch(unit) => moment::epoch(value, *unit, reading),
        T::Real => number::real(value),
        T::Double => number::double(value),
        T::Numeric(bounds) => number::numeric(value, *bounds, scratch),
        T::Text => text::text(value, None, allowed, scratch),
        T::Varchar(length) => text::text(value, Some(*length), allowed, scratch),
        T::Char(length) => text::padded(value, *length, allowed, scratch),
        T::Json | T::JsonText => document::json_text(value, allowed, scratch),
        T::Jsonb => document::jsonb(value, allowed, scratch),
        T::Date => moment::date(value, reading),
        T::Time(digits) => moment::time(value, *digits, reading),
        T::Timestamp(digits) => moment::timestamp(value, *digits, false, reading),
        T::TimestampTz(digits) => moment::timestamp(value, *digits, true, reading),
        T::Uuid => text::uuid(value),
        T::Bytes => text::bytes(value, scratch),
        T::Enum(labelled) => text::label(value, &labelled.labels, allowed, scratch),
        T::Array(element) => list::list(value, element, reading, scratch),
        T::Other(_) => no_rule(value),
    }
}

/// Whether empty text is a value of the type; of an enum type it may be a label.
fn has_empty_value(logical: &LogicalType) -> bool {
    use LogicalType as T;
    matches!(logical, T::Text | T::Varchar(_) | T::Char(_) | T::Bytes | T::Enum(_) | T::Other(_))
}

fn no_rule(value: ValueRef<'_>) -> Cast<'static> {
    let class = match value {
        ValueRef::Null => "NULL",
        ValueRef::Integer(_) => "an INTEGER",
        ValueRef::Real(_) => "a REAL",
        ValueRef::Text(_) => "a TEXT",
        ValueRef::Blob(_) => "a BLOB",
    };
    Err(Reason::NoRule { class })
}

fn unfit(why: &'static str) -> Cast<'static> {
    Err(Reason::Unfit(why))
}

fn exact(cell: Cell<'_>) -> Cast<'_> {
    Ok((cell, None))
}

fn by(rule: Rule, cell: Cell<'_>) -> Cast<'_> {
    Ok((cell, Some(rule)))
}
