//! By what PostgreSQL takes the values of two rows to be equal: some columns of a row, cast, in one form of bytes.
//!
//! Values that SQLite tells apart may be one once they are cast: a UUID in two spellings, a number and its digits.

use super::matching::ColumnPlan;
use crate::schema::LogicalType;
use crate::sqlite::SqliteError;
use crate::sqlite::cast::{Scratch, cast};
use crate::sqlite::read::RowRef;
use crate::value::Cell;
use crate::value::decimal::Decimal;

/// What some columns of a row come to.
#[derive(Debug, PartialEq, Eq)]
pub(crate) enum Form<'f> {
    /// The same bytes for rows that are equal, and other bytes for others.
    Like {
        /// The bytes.
        bytes: &'f [u8],
        /// Whether values that SQLite tells apart may have come to them.
        may_meet: bool,
    },
    /// One of the values is NULL in the target, which equals nothing.
    Null {
        /// Whether all of them are.
        all: bool,
    },
    /// One of the values does not fit: the row does not arrive.
    Misfit,
    /// Whether such values are equal is known to the server alone.
    Unknown,
}

/// How the values of a type are compared.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Family {
    Truth,
    /// Whole and decimal numbers by their value; binary ones, and all that are compared with them, as those of 64 bits.
    Number {
        binary: bool,
    },
    /// Texts by their bytes; without the blanks at the end where one of them is of type `char`.
    Text {
        padded: bool,
    },
    Label,
    Bytes,
    Uuid,
    Date,
    Time,
    Timestamp,
    Instant,
}

impl Family {
    fn of(logical: &LogicalType) -> Option<Self> {
        use LogicalType as T;
        Some(match logical {
            T::Boolean => Self::Truth,
            whole if whole.is_integer() => Self::Number { binary: false },
            T::Numeric(_) => Self::Number { binary: false },
            T::Real | T::Double => Self::Number { binary: true },
            T::Char(_) => Self::Text { padded: true },
            text if text.is_text() => Self::Text { padded: false },
            T::Enum(_) => Self::Label,
            T::Bytes => Self::Bytes,
            T::Uuid => Self::Uuid,
            T::Date => Self::Date,
            T::Time(_) => Self::Time,
            T::Timestamp(_) => Self::Timestamp,
            T::TimestampTz(_) => Self::Instant,
            _ => return None,
        })
    }

    /// The family in which values of two types are compared, where it is one.
    fn of_both(own: &LogicalType, other: &LogicalType) -> Option<Self> {
        match (Self::of(own)?, Self::of(other)?) {
            (Self::Number { binary }, Self::Number { binary: other }) => Some(Self::Number { binary: binary || other }),
            (Self::Text { padded }, Self::Text { padded: other }) => Some(Self::Text { padded: padded || other }),
            (own, other) => (own == other).then_some(own),
        }
    }
}

/// Brings some columns of one row after the other into that form, with buffers that are used again.
pub(crate) struct Likeness<'p> {
    columns: Vec<(&'p ColumnPlan, Option<Family>)>,
    scratch: Scratch,
    bytes: Vec<u8>,
}

impl<'p> Likeness<'p> {
    /// For columns that are compared with one another, in the order in which they are read.
    pub(crate) fn of(columns: impl IntoIterator<Item = &'p ColumnPlan>) -> Self {
        Self::to(columns.into_iter().map(|column| (column, column)))
    }

    /// For columns that are each compared with another one, in the order in which they are read.
    pub(crate) fn to(pairs: impl IntoIterator<Item = (&'p ColumnPlan, &'p ColumnPlan)>) -> Self {
        let family = |(own, other): (&'p ColumnPlan, &'p ColumnPlan)| {
            let family = Family::of_both(&own.logical.stored(), &other.logical.stored());
            (own, family.filter(|_| !own.folds && !other.folds))
        };
        Self { columns: pairs.into_iter().map(family).collect(), scratch: Scratch::default(), bytes: Vec::new() }
    }

    /// The form of a row.
    pub(crate) fn form(&mut self, row: &RowRef<'_>) -> Result<Form<'_>, SqliteError> {
        self.bytes.clear();
        let (mut may_meet, mut is_known, mut nulls) = (false, true, 0);
        for (at, (column, family)) in self.columns.iter().enumerate() {
            match cast(&column.logical, row.value(at)?, &column.reading, &mut self.scratch) {
                Ok((Cell::Null, _)) => nulls += 1,
                // A row with NULL before it refers to nothing, and is not looked at any further.
                Err(_) if nulls == 0 => return Ok(Form::Misfit),
                Err(_) => break,
                Ok((cell, rule)) => {
                    may_meet |= rule.is_some() || has_likes(&column.logical);
                    is_known &= family.is_some_and(|family| write(&cell, family, &mut self.bytes));
                }
            }
        }
        Ok(match (nulls, is_known) {
            (0, true) => Form::Like { bytes: &self.bytes, may_meet },
            (0, false) => Form::Unknown,
            _ => Form::Null { all: nulls == self.columns.len() },
        })
    }
}

/// Whether values of a type may be equal that no rule has changed: `1.0` and `1.00` are kept as they are.
pub(crate) fn has_likes(logical: &LogicalType) -> bool {
    matches!(logical, LogicalType::Numeric(_) | LogicalType::Char(_))
}

/// Appends a value with its length before it; false when it is not of the family.
fn write(cell: &Cell<'_>, family: Family, out: &mut Vec<u8>) -> bool {
    let start = out.len();
    out.extend_from_slice(&[0; 8]);
    match (family, cell) {
        (Family::Truth, Cell::Bool(truth)) => out.push(u8::from(*truth)),
        (Family::Number { binary: true }, number) => match binary(number) {
            // Zero below zero is zero.
            Some(number) => out.extend_from_slice(&(number + 0.0).to_le_bytes()),
            None => return false,
        },
        (Family::Number { .. }, Cell::Int(number)) => match Decimal::parse(&number.to_string(), &mut Vec::new()) {
            Some(number) => write_decimal(&number, out),
            None => return false,
        },
        (Family::Number { .. }, Cell::Decimal(number)) => write_decimal(number, out),
        (Family::Text { padded: true }, Cell::Text(text)) => {
            out.extend_from_slice(text.trim_end_matches(' ').as_bytes());
        }
        (Family::Text { .. } | Family::Label, Cell::Text(text)) => out.extend_from_slice(text.as_bytes()),
        (Family::Bytes, Cell::Bytes(bytes)) => out.extend_from_slice(bytes),
        (Family::Uuid, Cell::Uuid(bytes)) => out.extend_from_slice(bytes),
        (Family::Date, Cell::Date(days)) => out.extend_from_slice(&days.to_le_bytes()),
        (Family::Time, Cell::Time(number)) | (Family::Timestamp | Family::Instant, Cell::Instant(number)) => {
            out.extend_from_slice(&number.to_le_bytes());
        }
        _ => return false,
    }
    let length = (out.len() - start - 8) as u64;
    out[start..start + 8].copy_from_slice(&length.to_le_bytes());
    true
}

/// A number as the server takes it when it compares it with a binary one.
fn binary(cell: &Cell<'_>) -> Option<f64> {
    match cell {
        #[expect(clippy::cast_precision_loss, reason = "the server loses the same digits")]
        Cell::Int(number) => Some(*number as f64),
        Cell::Float(number) => Some(*number),
        Cell::Decimal(number) => {
            let mut text = Vec::new();
            number.write_text(&mut text);
            std::str::from_utf8(&text).ok()?.parse().ok()
        }
        _ => None,
    }
}

/// Equal numbers differ at most in the digits that are shown.
fn write_decimal(number: &Decimal<'_>, out: &mut Vec<u8>) {
    out.push(u8::from(number.negative));
    out.extend_from_slice(&number.exponent.to_le_bytes());
    out.extend_from_slice(number.digits);
}

#[cfg(test)]
mod tests {
    use super::*;

    fn form(cell: &Cell<'_>, family: Family) -> Option<Vec<u8>> {
        let mut out = Vec::new();
        write(cell, family, &mut out).then_some(out)
    }

    #[test]
    fn numbers_are_alike_by_their_value() {
        let (mut one, mut other) = (Vec::new(), Vec::new());
        let five = Cell::Decimal(Decimal::parse("5.00", &mut one).expect("it is a number"));
        let half = Cell::Decimal(Decimal::parse("0.5", &mut other).expect("it is a number"));
        for binary in [false, true] {
            let family = Family::Number { binary };
            assert_eq!(form(&Cell::Int(5), family), form(&five, family));
            assert_ne!(form(&Cell::Int(50), family), form(&five, family));
            assert!(form(&half, family).is_some());
        }
        let binary = Family::Number { binary: true };
        assert_eq!(form(&half, binary), form(&Cell::Float(0.5), binary));
        assert_eq!(form(&Cell::Float(-0.0), binary), form(&Cell::Int(0), binary));
        assert_eq!(form(&Cell::Float(0.5), Family::Number { binary: false }), None);
    }

    #[test]
    fn two_values_do_not_run_into_each_other() {
        let mut written = [Vec::new(), Vec::new()];
        for (out, texts) in written.iter_mut().zip([["a", "bc"], ["ab", "c"]]) {
            assert!(texts.iter().all(|text| write(&Cell::Text(text), Family::Text { padded: false }, out)));
        }
        assert_ne!(written[0], written[1]);
    }

    #[test]
    fn types_of_two_kinds_are_compared_by_the_server_alone() {
        use LogicalType as T;
        assert_eq!(Family::of_both(&T::Int, &T::Double), Some(Family::Number { binary: true }));
        assert_eq!(Family::of_both(&T::Date, &T::Timestamp(6)), None);
        assert_eq!(Family::of_both(&T::Jsonb, &T::Jsonb), None);
    }
}
