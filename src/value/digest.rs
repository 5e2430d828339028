//! Digests: the proof that what arrived is what was sent.
//!
//! A row's image is what PostgreSQL's `record_send(row(c1, …, cn))` gives: the number of columns (4 bytes), then for
//! each column its type's oid (4), its length or −1 (4) and its binary form; all numbers big endian. The binary forms
//! are those that COPY carries, so the same bytes are hashed on the way out and on the way back.
//! Source: PostgreSQL, `src/backend/utils/adt/rowtypes.c`, `record_send`.

use std::ops::AddAssign;

use serde::{Serialize, Serializer};
use sha2::{Digest as _, Sha256};

/// The first 128 bits of a row image's SHA-256, as two big-endian numbers.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
pub struct RowHash(pub u64, pub u64);

/// The number of rows in a range and the sums of their hashes, modulo 2^64.
///
/// A sum, not an xor: two equal rows must not cancel out. Order does not matter, and ranges add up.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct RangeDigest {
    /// How many rows.
    pub rows: u64,
    /// The sums of the two halves of the row hashes.
    pub sum: (u64, u64),
}

impl RangeDigest {
    /// Adds one row.
    pub fn add_row(&mut self, hash: RowHash) {
        self.rows += 1;
        self.sum.0 = self.sum.0.wrapping_add(hash.0);
        self.sum.1 = self.sum.1.wrapping_add(hash.1);
    }
}

impl AddAssign for RangeDigest {
    fn add_assign(&mut self, other: Self) {
        self.rows += other.rows;
        self.sum.0 = self.sum.0.wrapping_add(other.sum.0);
        self.sum.1 = self.sum.1.wrapping_add(other.sum.1);
    }
}

impl Serialize for RangeDigest {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(&format_args!("{}:{:016x}{:016x}", self.rows, self.sum.0, self.sum.1))
    }
}

/// Fields longer than this are hashed where they stand; shorter ones are gathered first.
const GATHERED_BYTES: usize = 4096;

/// Hashes rows in the form in which COPY BINARY carries them.
pub struct RowHasher {
    oids: Vec<u32>,
    image: Vec<u8>,
}

impl RowHasher {
    /// Makes a hasher for rows whose columns have these type oids.
    pub fn new(oids: Vec<u32>) -> Self {
        Self { oids, image: Vec::with_capacity(2 * GATHERED_BYTES) }
    }

    /// Hashes one tuple of COPY BINARY: a 16-bit number of fields, then each field's 32-bit length and bytes.
    ///
    /// Returns `None` when the bytes are not one whole tuple of as many fields as there are columns.
    pub fn hash(&mut self, tuple: &[u8]) -> Option<RowHash> {
        let (count, mut rest) = tuple.split_first_chunk::<2>()?;
        if usize::from(u16::from_be_bytes(*count)) != self.oids.len() {
            return None;
        }
        let mut sha = Sha256::new();
        self.image.clear();
        self.image.extend_from_slice(&(self.oids.len() as u32).to_be_bytes());
        for oid in &self.oids {
            let (length, after) = rest.split_first_chunk::<4>()?;
            let bytes = usize::try_from(i32::from_be_bytes(*length)).unwrap_or(0);
            let (field, after) = after.split_at_checked(bytes)?;
            self.image.extend_from_slice(&oid.to_be_bytes());
            self.image.extend_from_slice(length);
            if field.len() > GATHERED_BYTES {
                sha.update(&self.image);
                sha.update(field);
                self.image.clear();
            } else {
                self.image.extend_from_slice(field);
            }
            rest = after;
        }
        sha.update(&self.image);
        rest.is_empty().then(|| halves(&sha.finalize()))
    }
}

fn halves(hash: &[u8]) -> RowHash {
    let word = |at: usize| hash[at..at + 8].iter().fold(0, |word, &byte| word << 8 | u64::from(byte));
    RowHash(word(0), word(8))
}

#[cfg(test)]
mod tests {
    use super::*;

    /// One tuple of two columns: an `int4` 1 and a `text` of these bytes, or NULL.
    fn tuple(text: Option<&[u8]>) -> Vec<u8> {
        let mut tuple = vec![0, 2, 0, 0, 0, 4, 0, 0, 0, 1];
        tuple.extend_from_slice(&text.map_or(-1, |text| text.len() as i32).to_be_bytes());
        tuple.extend_from_slice(text.unwrap_or_default());
        tuple
    }

    fn hasher() -> RowHasher {
        RowHasher::new(vec![23, 25])
    }

    #[test]
    fn the_image_is_the_one_that_record_send_gives() {
        // select sha256(record_send(row(1, 'a'::text))) on PostgreSQL 15.
        let mut image = vec![0, 0, 0, 2];
        image.extend_from_slice(&[0, 0, 0, 23, 0, 0, 0, 4, 0, 0, 0, 1]);
        image.extend_from_slice(&[0, 0, 0, 25, 0, 0, 0, 1, b'a']);
        assert_eq!(hasher().hash(&tuple(Some(b"a"))), Some(halves(&Sha256::digest(&image))));
    }

    #[test]
    fn null_and_empty_text_differ() {
        assert_ne!(hasher().hash(&tuple(None)), hasher().hash(&tuple(Some(b""))));
    }

    #[test]
    fn a_long_field_hashes_as_if_it_were_gathered() {
        let long = vec![b'x'; GATHERED_BYTES + 1];
        let mut image = vec![0, 0, 0, 2, 0, 0, 0, 23, 0, 0, 0, 4, 0, 0, 0, 1, 0, 0, 0, 25];
        image.extend_from_slice(&(long.len() as u32).to_be_bytes());
        image.extend_from_slice(&long);
        assert_eq!(hasher().hash(&tuple(Some(&long))), Some(halves(&Sha256::digest(&image))));
    }

    #[test]
    fn a_torn_tuple_has_no_hash() {
        let whole = tuple(Some(b"abc"));
        assert_eq!(hasher().hash(&whole[..whole.len() - 1]), None);
        assert_eq!(hasher().hash(&[&whole[..], b"x"].concat()), None);
        assert_eq!(RowHasher::new(vec![23]).hash(&whole), None);
    }

    #[test]
    fn two_equal_rows_do_not_cancel_out_and_ranges_add_up() {
        let (one, two) = (RowHash(u64::MAX, 1), RowHash(5, u64::MAX));
        let mut whole = RangeDigest::default();
        for hash in [one, one, two] {
            whole.add_row(hash);
        }
        let (mut first, mut second) = (RangeDigest::default(), RangeDigest::default());
        first.add_row(two);
        second.add_row(one);
        second.add_row(one);
        first += second;
        assert_eq!(whole, first);
        assert_ne!(whole.sum, (5, u64::MAX));
    }
}
