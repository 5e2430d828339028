//! The logical model of data: cells, the keys and key ranges of rows, and what a cast did to a value.

pub mod decimal;
pub mod digest;
pub mod json;
pub mod list;
pub mod rule;
pub mod time;

use std::fmt;

use decimal::Decimal;
use list::Element;
use serde::{Serialize, Serializer};

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

/// One value as SQLite stores it, kept.
#[derive(Clone, Debug, PartialEq)]
pub enum Stored {
    /// NULL.
    Null,
    /// INTEGER.
    Integer(i64),
    /// REAL.
    Real(f64),
    /// TEXT, as the bytes that are there: they may not be UTF-8.
    Text(Vec<u8>),
    /// BLOB.
    Blob(Vec<u8>),
}

impl fmt::Display for Stored {
    /// Writes the value as an SQL literal; bytes, and text that is not UTF-8 or holds NUL, in hex.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Null => f.write_str("NULL"),
            Self::Integer(number) => write!(f, "{number}"),
            Self::Real(number) if number.is_infinite() => f.write_str(if *number > 0.0 { "9e999" } else { "-9e999" }),
            Self::Real(number) => write!(f, "{number:?}"),
            Self::Text(bytes) => match std::str::from_utf8(bytes) {
                Ok(text) if !text.contains('\0') => write!(f, "'{}'", text.replace('\'', "''")),
                _ => {
                    f.write_str("CAST(")?;
                    write_hex(f, bytes)?;
                    f.write_str(" AS TEXT)")
                }
            },
            Self::Blob(bytes) => write_hex(f, bytes),
        }
    }
}

fn write_hex(f: &mut fmt::Formatter<'_>, bytes: &[u8]) -> fmt::Result {
    f.write_str("x'")?;
    for byte in bytes {
        write!(f, "{byte:02x}")?;
    }
    f.write_str("'")
}

/// What a row is known by in its source table.
#[derive(Clone, Debug, PartialEq)]
pub enum Key {
    /// The 64-bit row number of an ordinary SQLite table.
    Rowid(i64),
    /// The primary key's values, in the key's order.
    Columns(Vec<Stored>),
}

impl fmt::Display for Key {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Rowid(number) => write!(f, "rowid {number}"),
            Self::Columns(values) => {
                f.write_str("(")?;
                for (at, value) in values.iter().enumerate() {
                    write!(f, "{}{value}", if at == 0 { "" } else { ", " })?;
                }
                f.write_str(")")
            }
        }
    }
}

impl Serialize for Key {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(self)
    }
}

/// The rows of a table whose key is greater than `after` and not greater than `upto`.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct KeyRange {
    /// The greatest key before the range; from the first row when absent.
    pub after: Option<Key>,
    /// The greatest key in the range; to the last row when absent.
    pub upto: Option<Key>,
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_stored_value_is_written_as_sql_that_gives_it_back() {
        assert_eq!(Stored::Text(b"it's".to_vec()).to_string(), "'it''s'");
        assert_eq!(Stored::Text(vec![0xff, 0x00]).to_string(), "CAST(x'ff00' AS TEXT)");
        assert_eq!(Stored::Blob(Vec::new()).to_string(), "x''");
        assert_eq!(Stored::Real(-0.0).to_string(), "-0.0");
        assert_eq!(Stored::Real(f64::NEG_INFINITY).to_string(), "-9e999");
    }

    #[test]
    fn a_key_names_its_row() {
        let key = Key::Columns(vec![Stored::Integer(1), Stored::Text(b"b".to_vec())]);
        assert_eq!(key.to_string(), "(1, 'b')");
        assert_eq!(Key::Rowid(-7).to_string(), "rowid -7");
    }
}
