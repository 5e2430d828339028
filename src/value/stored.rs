//! A stored value and a row's key, kept, and their written form: SQL literals of SQLite, which can be read back.

use std::fmt;
use std::hash::{Hash, Hasher};

use serde::{Serialize, Serializer};

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

/// The class in which SQLite stores a value. Source: SQLite, "Datatypes In SQLite", 2.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[expect(missing_docs, reason = "the names are SQLite's own")]
pub enum Class {
    Null,
    Integer,
    Real,
    Text,
    Blob,
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

// SQLite stores no NaN: what is not a number becomes NULL.
impl Eq for Stored {}

impl Hash for Stored {
    fn hash<H: Hasher>(&self, state: &mut H) {
        std::mem::discriminant(self).hash(state);
        match self {
            Self::Null => {}
            Self::Integer(number) => number.hash(state),
            // Zero below zero is equal to zero.
            Self::Real(number) => (number + 0.0).to_bits().hash(state),
            Self::Text(bytes) | Self::Blob(bytes) => bytes.hash(state),
        }
    }
}

/// What a row is known by in its source table.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
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

impl Stored {
    /// Reads a value as [`Display`](fmt::Display) writes it.
    pub fn parse(text: &str) -> Option<Self> {
        Literal { rest: text }.whole(Literal::value)
    }
}

impl Key {
    /// Reads a key as [`Display`](fmt::Display) writes it.
    pub fn parse(text: &str) -> Option<Self> {
        match text.strip_prefix("rowid ") {
            Some(number) => number.parse().ok().map(Self::Rowid),
            None => Literal { rest: text }.whole(Literal::values).map(Self::Columns),
        }
    }
}

/// The rest of a written form.
struct Literal<'t> {
    rest: &'t str,
}

impl<'t> Literal<'t> {
    fn whole<T>(mut self, read: impl Fn(&mut Self) -> Option<T>) -> Option<T> {
        read(&mut self).filter(|_| self.rest.is_empty())
    }

    fn values(&mut self) -> Option<Vec<Stored>> {
        self.skip("(")?;
        let mut values = Vec::new();
        while self.skip(")").is_none() {
            if !values.is_empty() {
                self.skip(", ")?;
            }
            values.push(self.value()?);
        }
        Some(values)
    }

    fn value(&mut self) -> Option<Stored> {
        if self.skip("NULL").is_some() {
            Some(Stored::Null)
        } else if self.skip("x'").is_some() {
            self.hex().map(Stored::Blob)
        } else if self.skip("CAST(x'").is_some() {
            let bytes = self.hex()?;
            self.skip(" AS TEXT)").map(|()| Stored::Text(bytes))
        } else if self.skip("'").is_some() {
            self.quoted().map(Stored::Text)
        } else {
            self.number()
        }
    }

    fn skip(&mut self, what: &str) -> Option<()> {
        self.rest = self.rest.strip_prefix(what)?;
        Some(())
    }

    fn upto(&mut self, length: usize) -> &'t str {
        let (taken, rest) = self.rest.split_at(length);
        self.rest = rest;
        taken
    }

    fn hex(&mut self) -> Option<Vec<u8>> {
        let digits = self.upto(self.rest.find('\'')?);
        self.skip("'")?;
        let pairs = digits.as_bytes().chunks(2);
        pairs.map(|pair| u8::from_str_radix(std::str::from_utf8(pair).ok()?, 16).ok()).collect()
    }

    /// The rest of a text after its first quote; two quotes are one.
    fn quoted(&mut self) -> Option<Vec<u8>> {
        let mut text = String::new();
        loop {
            text.push_str(self.upto(self.rest.find('\'')?));
            self.skip("'")?;
            if self.skip("'").is_none() {
                return Some(text.into_bytes());
            }
            text.push('\'');
        }
    }

    fn number(&mut self) -> Option<Stored> {
        let end = self.rest.find([',', ')']).unwrap_or(self.rest.len());
        match self.upto(end) {
            "9e999" => Some(Stored::Real(f64::INFINITY)),
            "-9e999" => Some(Stored::Real(f64::NEG_INFINITY)),
            digits if digits.contains(['.', 'e']) => digits.parse().ok().map(Stored::Real),
            digits => digits.parse().ok().map(Stored::Integer),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

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

    fn any_stored() -> impl Strategy<Value = Stored> {
        let reals = prop_oneof![any::<f64>().prop_filter("SQLite keeps no NaN", |real| !real.is_nan()), Just(-0.0)];
        prop_oneof![
            Just(Stored::Null),
            any::<i64>().prop_map(Stored::Integer),
            reals.prop_map(Stored::Real),
            any::<String>().prop_map(|text| Stored::Text(text.into_bytes())),
            "[',() x]*".prop_map(|text| Stored::Text(text.into_bytes())),
            any::<Vec<u8>>().prop_map(Stored::Text),
            any::<Vec<u8>>().prop_map(Stored::Blob),
        ]
    }

    proptest! {
        #[test]
        fn what_is_written_can_be_read_back(values in prop::collection::vec(any_stored(), 1..4), number: i64) {
            for value in &values {
                prop_assert_eq!(Stored::parse(&value.to_string()), Some(value.clone()));
            }
            for key in [Key::Columns(values), Key::Rowid(number)] {
                prop_assert_eq!(Key::parse(&key.to_string()), Some(key));
            }
        }
    }

    #[test]
    fn what_was_cut_or_never_written_so_is_not_read() {
        for text in ["", "'a", "x'0", "x'0g'", "'a' -- the first 1 of 2 bytes", "(1", "(1,2)", "without a key"] {
            assert_eq!((Stored::parse(text), Key::parse(text)), (None, None), "{text}");
        }
    }
}
