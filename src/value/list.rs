//! The elements of a list, kept: each is cast with buffers that the next one uses again.

use super::Cell;
use super::decimal::Decimal;

/// One element of a list.
#[derive(Clone, Debug, PartialEq)]
pub enum Element {
    /// No value.
    Null,
    /// True or false.
    Bool(bool),
    /// A whole number.
    Int(i64),
    /// A binary number.
    Float(f64),
    /// A decimal number: its parts as [`Decimal`] has them.
    Decimal {
        /// Whether it is below zero.
        negative: bool,
        /// Its digits.
        digits: Vec<u8>,
        /// The power of ten of the last digit.
        exponent: i32,
        /// How many digits are shown after the point.
        scale: u32,
    },
    /// Text without NUL.
    Text(String),
    /// Days since 1970-01-01.
    Date(i32),
    /// Microseconds since midnight.
    Time(i64),
    /// Microseconds since 1970-01-01 00:00 UTC.
    Instant(i64),
    /// An identifier of 16 bytes.
    Uuid([u8; 16]),
}

impl Element {
    /// Keeps a cell; none for what no list of the language holds: bytes, documents, lists.
    pub fn keep(cell: &Cell<'_>) -> Option<Self> {
        Some(match cell {
            Cell::Null => Self::Null,
            Cell::Bool(truth) => Self::Bool(*truth),
            Cell::Int(number) => Self::Int(*number),
            Cell::Float(number) => Self::Float(*number),
            Cell::Decimal(Decimal { negative, digits, exponent, scale }) => {
                Self::Decimal { negative: *negative, digits: digits.to_vec(), exponent: *exponent, scale: *scale }
            }
            Cell::Text(text) => Self::Text((*text).to_owned()),
            Cell::Date(days) => Self::Date(*days),
            Cell::Time(micros) => Self::Time(*micros),
            Cell::Instant(micros) => Self::Instant(*micros),
            Cell::Uuid(bytes) => Self::Uuid(*bytes),
            Cell::Bytes(_) | Cell::Json(_) | Cell::Array(_) => return None,
        })
    }

    /// The element as a cell.
    pub fn cell(&self) -> Cell<'_> {
        match self {
            Self::Null => Cell::Null,
            Self::Bool(truth) => Cell::Bool(*truth),
            Self::Int(number) => Cell::Int(*number),
            Self::Float(number) => Cell::Float(*number),
            Self::Decimal { negative, digits, exponent, scale } => {
                Cell::Decimal(Decimal { negative: *negative, digits, exponent: *exponent, scale: *scale })
            }
            Self::Text(text) => Cell::Text(text),
            Self::Date(days) => Cell::Date(*days),
            Self::Time(micros) => Cell::Time(*micros),
            Self::Instant(micros) => Cell::Instant(*micros),
            Self::Uuid(bytes) => Cell::Uuid(*bytes),
        }
    }
}
