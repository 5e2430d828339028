//! Whether rows are stored alike: a short stand-in for all the values of a row.

use std::fmt;

use sha2::{Digest as _, Sha256};

use crate::sqlite::SqliteError;
use crate::sqlite::read::RowRef;

/// Equal for rows whose values are stored alike, each with its class.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub(crate) struct Fingerprint([u8; 32]);

impl Fingerprint {
    /// Of a row whose values are these SQL literals.
    pub(crate) fn of<L: AsRef<str>>(literals: impl IntoIterator<Item = L>) -> Self {
        let mut sha = Sha256::new();
        for literal in literals {
            let literal = literal.as_ref();
            // Each with its length, so that no two rows run together into the same bytes.
            sha.update((literal.len() as u64).to_be_bytes());
            sha.update(literal);
        }
        Self(sha.finalize().into())
    }

    /// Reads one as [`LowerHex`](fmt::LowerHex) writes it.
    pub(crate) fn parse(hex: &str) -> Option<Self> {
        let mut bytes = [0; 32];
        let digits: Vec<u8> = hex
            .chars()
            .map(|digit| digit.to_digit(16).and_then(|digit| u8::try_from(digit).ok()))
            .collect::<Option<_>>()?;
        let pairs = digits.chunks_exact(2);
        if digits.len() != 2 * bytes.len() {
            return None;
        }
        bytes.iter_mut().zip(pairs).for_each(|(byte, pair)| *byte = pair[0] << 4 | pair[1]);
        Some(Self(bytes))
    }

    /// Of the values of a row at these places among the columns that are read.
    pub(crate) fn of_row(row: &RowRef<'_>, places: impl Iterator<Item = usize>) -> Result<Self, SqliteError> {
        let literals = places.map(|at| Ok(row.stored(at)?.to_string()));
        Ok(Self::of(literals.collect::<Result<Vec<String>, SqliteError>>()?))
    }
}

impl fmt::LowerHex for Fingerprint {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.iter().try_for_each(|byte| write!(f, "{byte:02x}"))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn one_that_was_written_is_the_same_when_it_is_read() {
        let fingerprint = Fingerprint::of(["'x'", "NULL"]);
        assert_eq!(Fingerprint::parse(&format!("{fingerprint:x}")), Some(fingerprint));
        assert_eq!(Fingerprint::parse("0f"), None);
        assert_eq!(Fingerprint::parse(&"é".repeat(32)), None);
    }

    #[test]
    fn values_do_not_run_together() {
        assert_eq!(Fingerprint::of(["'x'", "1"]), Fingerprint::of(["'x'", "1"]));
        assert_ne!(Fingerprint::of(["12", "3"]), Fingerprint::of(["1", "23"]));
        assert_ne!(Fingerprint::of(["1", "NULL"]), Fingerprint::of(["1"]));
        assert_ne!(Fingerprint::of(["1"]), Fingerprint::of(["'1'"]));
    }
}
