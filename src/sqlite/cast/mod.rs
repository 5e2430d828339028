//! The cast rules: a stored value under a column's logical type becomes a cell, or a reason to set its row aside.
//!
//! One function per logical type, one arm per storage class, in the order of the table in the documentation. A cast
//! never guesses: what no arm names has no rule.

mod document;
mod list;
mod moment;
mod number;
mod text;

use rusqlite::types::ValueRef;

use crate::schema::LogicalType;
use crate::value::Cell;
use crate::value::json::Canonicaliser;
use crate::value::list::Element;
use crate::value::rule::{Reason, Rule};

/// Buffers that casts fill and the next cast uses again.
#[derive(Default)]
pub struct Scratch {
    bytes: Vec<u8>,
    list: Vec<Element>,
    canonicaliser: Canonicaliser,
}

/// A cell, with the rule that was applied when the value changed.
pub type Cast<'r> = Result<(Cell<'r>, Option<Rule>), Reason>;

/// Casts a stored value to a cell of a logical type.
pub fn cast<'r>(logical: &LogicalType, value: ValueRef<'r>, scratch: &'r mut Scratch) -> Cast<'r> {
    use LogicalType as T;
    if matches!(value, ValueRef::Null) {
        return Ok((Cell::Null, None));
    }
    match logical {
        T::Boolean => number::boolean(value),
        T::SmallInt => number::integer(value, i16::MIN.into(), i16::MAX.into()),
        T::Int => number::integer(value, i32::MIN.into(), i32::MAX.into()),
        T::BigInt => number::integer(value, i64::MIN, i64::MAX),
        T::Epoch(unit) => moment::epoch(value, *unit),
        T::Real => number::real(value),
        T::Double => number::double(value),
        T::Numeric(bounds) => number::numeric(value, *bounds, scratch),
        T::Text => text::text(value, None, scratch),
        T::Varchar(length) => text::text(value, Some(*length), scratch),
        T::Char(length) => text::padded(value, *length, scratch),
        T::Json | T::JsonText => document::json_text(value, scratch),
        T::Jsonb => document::jsonb(value, scratch),
        T::Date => moment::date(value),
        T::Time(digits) => moment::time(value, *digits),
        T::Timestamp(digits) => moment::timestamp(value, *digits, false),
        T::TimestampTz(digits) => moment::timestamp(value, *digits, true),
        T::Uuid => text::uuid(value),
        T::Bytes => text::bytes(value, scratch),
        T::Enum(labelled) => text::label(value, &labelled.labels),
        T::Array(element) => list::list(value, element, scratch),
        T::Other(_) => no_rule(value),
    }
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

/// Text that both engines can hold.
fn utf8(bytes: &[u8]) -> Result<&str, Reason> {
    let text = simdutf8::basic::from_utf8(bytes).map_err(|_| Reason::Unfit("text that is not UTF-8"))?;
    if memchr::memchr(0, bytes).is_some() {
        return Err(Reason::Unfit("text that holds a NUL character"));
    }
    Ok(text)
}
