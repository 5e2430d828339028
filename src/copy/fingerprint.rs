//! Whether rows are stored alike: a short stand-in for all the values of a row.

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

    /// Of the values of a row at these places among the columns that are read.
    pub(crate) fn of_row(row: &RowRef<'_>, places: impl Iterator<Item = usize>) -> Result<Self, SqliteError> {
        let literals = places.map(|at| Ok(row.stored(at)?.to_string()));
        Ok(Self::of(literals.collect::<Result<Vec<String>, SqliteError>>()?))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn values_do_not_run_together() {
        assert_eq!(Fingerprint::of(["'x'", "1"]), Fingerprint::of(["'x'", "1"]));
        assert_ne!(Fingerprint::of(["12", "3"]), Fingerprint::of(["1", "23"]));
        assert_ne!(Fingerprint::of(["1", "NULL"]), Fingerprint::of(["1"]));
        assert_ne!(Fingerprint::of(["1"]), Fingerprint::of(["'1'"]));
    }
}
