//! The logical model of data: cells, the keys and key ranges of rows, and what a cast did to a value.

mod counted;
pub mod decimal;
pub mod digest;
pub mod json;
pub mod list;
pub mod reading;
pub mod relax;
pub mod rule;
mod stored;
pub mod tally;
pub mod time;

pub use counted::counted;
use decimal::Decimal;
use list::Element;
pub use stored::{Class, Key, Stored};

/// One logical value, borrowed from the row that holds it.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Cell<'r> {
    /// No value.
    Null,
    /// True or false.
    Bool(bool),
    /// A whole number.
    Int(i64),
    /// A binary number.
    Float(f64),
    /// A decimal number.
    Decimal(Decimal<'r>),
    /// Text without NUL.
    Text(&'r str),
    /// Bytes.
    Bytes(&'r [u8]),
    /// A JSON document, as written for `json` and in canonical form for `jsonb`.
    Json(&'r str),
    /// Days since 1970-01-01.
    Date(i32),
    /// Microseconds since midnight.
    Time(i64),
    /// Microseconds since 1970-01-01 00:00 UTC.
    Instant(i64),
    /// An identifier of 16 bytes.
    Uuid([u8; 16]),
    /// A list of values of one type.
    Array(&'r [Element]),
}

/// The rows of a table whose key is greater than `after` and not greater than `upto`.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct KeyRange {
    /// The greatest key before the range; from the first row when absent.
    pub after: Option<Key>,
    /// The greatest key in the range; to the last row when absent.
    pub upto: Option<Key>,
}
