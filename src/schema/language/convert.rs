//! Which types become which by themselves, and what that can lose.

use super::expression::kind::Kind;
use crate::schema::LogicalType;

/// What becomes of values when a column gets another type and nothing says how.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Conversion {
    /// Every value of the old type is one of the new type.
    Fits,
    /// Values that the new type does not hold make the change fail; none is changed in silence. That is each engine's to see to:
    /// PostgreSQL would cut blanks at the end of a text by itself, and keep one of the values of a repeated key.
    Narrows,
}

/// Tells what happens to values of one type under another; none where the engines need to be told how.
pub fn conversion(from: &LogicalType, to: &LogicalType) -> Option<Conversion> {
    use Conversion::{Fits, Narrows};
    use LogicalType as T;
    if from == to {
        return Some(Fits);
    }
    match (from, to) {
        (from, to) if from.is_integer() && to.is_integer() => Some(if bits(from) <= bits(to) { Fits } else { Narrows }),
        (from, T::Text) if from.is_integer() => Some(Fits),
        (T::SmallInt | T::Int, T::Double) | (T::Real, T::Double) => Some(Fits),
        (T::Varchar(_), T::Text) => Some(Fits),
        (T::Text, T::Varchar(_)) => Some(Narrows),
        (T::Varchar(before), T::Varchar(after)) => Some(if before <= after { Fits } else { Narrows }),
        (T::Numeric(Some((before, scale))), T::Numeric(Some((after, kept)))) if scale == kept && before <= after => {
            Some(Fits)
        }
        (T::Json | T::Jsonb, T::JsonText) | (T::JsonText, T::Text) | (T::Jsonb, T::Json) => Some(Fits),
        // Meaning is kept, the spelling of the document is not.
        (T::Json | T::JsonText, T::Jsonb) | (T::JsonText, T::Json) => Some(Narrows),
        (T::Timestamp(before), T::TimestampTz(after)) | (T::TimestampTz(before), T::Timestamp(after)) => {
            (before == after).then_some(Fits)
        }
        (T::Timestamp(before), T::Timestamp(after)) | (T::TimestampTz(before), T::TimestampTz(after)) => {
            (before <= after).then_some(Fits)
        }
        (T::Time(before), T::Time(after)) => (before <= after).then_some(Fits),
        (T::Enum(_) | T::Uuid, T::Text) => Some(Fits),
        (T::Text, T::Enum(_)) => Some(Narrows),
        _ => None,
    }
}

/// Tells whether an expression over a column means the same under both types.
pub fn keeps_meaning(from: &LogicalType, to: &LogicalType) -> bool {
    Kind::of(from) == Kind::of(to)
}

fn bits(logical: &LogicalType) -> u8 {
    match logical {
        LogicalType::SmallInt => 16,
        LogicalType::Int => 32,
        _ => 64,
    }
}
