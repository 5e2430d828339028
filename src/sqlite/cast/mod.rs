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
use crate::value::json::Canonicaliser;
use crate::value::list::Element;
use crate::value::reading::Reading;
use crate::value::rule::{Reason, Rule};
use crate::value::{Cell, Stored};

/// Buffers that casts fill and the next cast uses again.
#[derive(Default)]
pub struct Scratch {
    bytes: Vec<u8>,
    /// Text that was repaired, or written from another form.
    mended: Vec<u8>,
    list: Vec<Element>,
    canonicaliser: Canonicaliser,
    warning: Option<Rule>,
}

impl Scratch {
    /// What is worth a warning about the value that was cast last, besides the rule that changed it.
    pub fn take_warning(&mut self) -> Option<Rule> {
        self.warning.take()
    }
}

/// A cell, with the rule that was applied when the value changed.
pub type Cast<'r> = Result<(Cell<'r>, Option<Rule>), Reason>;

/// Casts a stored value to a cell of a logical type, as the column's values are to be read.
pub fn cast<'r>(logical: &LogicalType, value: ValueRef<'r>, reading: &Reading, scratch: &'r mut Scratch) -> Cast<'r> {
    use LogicalType as T;
    let allowed = reading.allowed;
    // That of a value that was set aside is not the next one's.
    scratch.warning = None;
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
        T::Epoch(unit) => moment::epoch(value, *unit, reading, &mut scratch.warning),
        T::Real => number::real(value),
        T::Double => number::double(value),
        T::Numeric(bounds) => number::numeric(value, *bounds, scratch),
        T::Text => text::text(value, None, allowed, scratch),
        T::Varchar(length) => text::text(value, Some(*length), allowed, scratch),
        T::Char(length) => text::padded(value, *length, allowed, scratch),
        T::Json | T::JsonText => document::json_text(value, allowed, scratch),
        T::Jsonb => document::jsonb(value, allowed, scratch),
        T::Date => moment::date(value, reading, &mut scratch.warning),
        T::Time(digits) => moment::time(value, *digits, reading),
        T::Timestamp(digits) => moment::timestamp(value, *digits, false, reading, &mut scratch.warning),
        T::TimestampTz(digits) => moment::timestamp(value, *digits, true, reading, &mut scratch.warning),
        T::Uuid => text::uuid(value),
        T::Bytes => text::bytes(value, scratch),
        T::Enum(labelled) => text::label(value, &labelled.labels, allowed, scratch),
        T::Array(element) => list::list(value, element, reading, scratch),
        T::Other(_) => no_rule(value),
    }
}

/// Casts a value that is kept, as [`cast`] does one of a row.
pub fn cast_kept<'r>(
    logical: &LogicalType,
    value: &'r Stored,
    reading: &Reading,
    scratch: &'r mut Scratch,
) -> Cast<'r> {
    let value = match value {
        Stored::Null => ValueRef::Null,
        Stored::Integer(number) => ValueRef::Integer(*number),
        Stored::Real(number) => ValueRef::Real(*number),
        Stored::Text(bytes) => ValueRef::Text(bytes),
        Stored::Blob(bytes) => ValueRef::Blob(bytes),
    };
    cast(logical, value, reading, scratch)
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

#[cfg(test)]
mod tests {
    use super::*;
    use crate::value::relax::{Allowance, lifts};
    use crate::value::time::EpochUnit;

    #[test]
    fn what_is_out_of_reach_is_not_said_to_be_taken_rounded() {
        let nanos = LogicalType::Epoch(EpochUnit::Nanos);
        for (value, expected) in [
            (ValueRef::Text(b"0001-01-01"), "a date and time outside the range of the column's unit"),
            (ValueRef::Real(9e300), "a number beyond 64 bits in the column's unit"),
        ] {
            let mut scratch = Scratch::default();
            let reason = cast(&nanos, value, &Reading::default(), &mut scratch).expect_err(expected).to_string();
            assert_eq!((reason.as_str(), lifts(&reason)), (expected, None));
        }
    }

    #[test]
    fn what_is_said_to_help_against_a_reason_does_help() {
        use LogicalType as T;
        let values = [
            (T::Text, ValueRef::Text(b"a\0")),
            (T::Varchar(9), ValueRef::Text(b"\xff")),
            (T::Boolean, ValueRef::Integer(2)),
            (T::Time(0), ValueRef::Text(b"12:30:00.5")),
            (T::Timestamp(6), ValueRef::Text(b"2024-01-01 12:30:00.0000001")),
            (T::TimestampTz(6), ValueRef::Integer(1_700_000_000_123_456_789)),
            (T::Epoch(EpochUnit::Seconds), ValueRef::Integer(1_700_000_000_001)),
            (T::Epoch(EpochUnit::Seconds), ValueRef::Real(0.25)),
            (T::Epoch(EpochUnit::Seconds), ValueRef::Text(b"2024-01-01 12:30:00.5")),
            (T::Jsonb, ValueRef::Text(br#""\u0000""#)),
            (T::Jsonb, ValueRef::Text(br#""\ud800""#)),
            (T::Json, ValueRef::Text(b"")),
        ];
        let mut reading = Reading::default();
        for (logical, value) in values {
            let mut scratch = Scratch::default();
            let refused = cast(&logical, value, &Reading::default(), &mut scratch);
            let reason = refused.expect_err("it has no exact form").to_string();
            let allowance = lifts(&reason).unwrap_or_else(|| panic!("nothing helps against {reason}"));
            allowance.parse::<Allowance>().expect("it can be allowed").apply(&mut reading.allowed);
            let mut scratch = Scratch::default();
            let (_, rule) =
                cast(&logical, value, &reading, &mut scratch).unwrap_or_else(|why| panic!("{allowance}: {why}"));
            let option = rule.and_then(|rule| rule.facts().option);
            assert_eq!(option, Some(allowance), "the rule names what asked for it");
            reading = Reading::default();
        }
    }
}
