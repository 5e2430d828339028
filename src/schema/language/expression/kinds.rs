//! The kinds of values, as far as the engines treat them differently.

use crate::schema::LogicalType;

/// What kind of value an expression gives.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Kind {
    /// NULL alone.
    Null,
    /// A truth.
    Boolean,
    /// A whole number.
    Whole,
    /// A number with a point, as a literal: it becomes what it meets.
    Fraction,
    /// A binary number.
    Binary,
    /// A decimal number, which SQLite keeps as text.
    Decimal,
    /// A text.
    Text,
    /// A day.
    Date,
    /// A time of day.
    Time,
    /// A day and time in UTC.
    Timestamp,
    /// An instant.
    Instant,
    /// An identifier.
    Uuid,
    /// A label of an enum type.
    Label,
    /// Bytes.
    Bytes,
    /// A document.
    Document,
    /// An array.
    List,
    /// The value of a column whose table is not known here.
    Unknown,
}

impl Kind {
    /// The kind of a type's values.
    pub fn of(logical: &LogicalType) -> Self {
        use LogicalType as T;
        match logical {
            T::Boolean => Self::Boolean,
            T::SmallInt | T::Int | T::BigInt | T::Epoch(_) => Self::Whole,
            T::Real | T::Double => Self::Binary,
            T::Numeric(_) => Self::Decimal,
            T::Text | T::Varchar(_) | T::Char(_) => Self::Text,
            T::Json | T::Jsonb | T::JsonText => Self::Document,
            T::Date => Self::Date,
            T::Time(_) => Self::Time,
            T::Timestamp(_) => Self::Timestamp,
            T::TimestampTz(_) => Self::Instant,
            T::Uuid => Self::Uuid,
            T::Bytes => Self::Bytes,
            T::Enum(_) => Self::Label,
            T::Array(_) => Self::List,
            T::Other(_) => Self::Unknown,
        }
    }

    /// The kind in words.
    pub(super) fn words(self) -> &'static str {
        match self {
            Self::Null => "null",
            Self::Boolean => "a boolean",
            Self::Whole => "a whole number",
            Self::Fraction => "a number with a point",
            Self::Binary => "a real or double",
            Self::Decimal => "a numeric",
            Self::Text => "a text",
            Self::Date => "a date",
            Self::Time => "a time",
            Self::Timestamp => "a timestamp",
            Self::Instant => "a timestamptz",
            Self::Uuid => "a uuid",
            Self::Label => "a label of an enum type",
            Self::Bytes => "bytes",
            Self::Document => "a JSON document",
            Self::List => "an array",
            Self::Unknown => "a column whose type is not known here",
        }
    }

    pub(super) fn is_number(self) -> bool {
        matches!(self, Self::Whole | Self::Fraction | Self::Binary | Self::Decimal)
    }

    /// Tells whether both engines order its values alike, with a little help.
    pub(super) fn has_order(self) -> bool {
        self.is_number()
            || matches!(self, Self::Null | Self::Text | Self::Date | Self::Time | Self::Timestamp | Self::Instant)
    }
}
