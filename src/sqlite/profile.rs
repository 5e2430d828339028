//! One pass over what is really stored: the classes, ranges and forms of each column's values.

use rusqlite::types::ValueRef;

use super::read::{RowRef, TableRead, Walk};
use super::{Reader, SqliteError};
use crate::schema::Column;
use crate::value::KeyRange;
use crate::value::decimal::Decimal;
use crate::value::json;
use crate::value::time::{EpochUnit, parse_date_time, parse_time};

/// What is stored in the columns of a table.
#[derive(Clone, Debug, Default)]
pub struct TableProfile {
    /// The number of rows.
    pub rows: u64,
    /// One for each column of the table.
    pub columns: Vec<ColumnProfile>,
}

/// What is stored in one column. All counts are of values.
#[derive(Clone, Debug, Default)]
pub struct ColumnProfile {
    /// NULLs.
    pub nulls: u64,
    /// Values of class INTEGER.
    pub integers: u64,
    /// Values of class REAL.
    pub reals: u64,
    /// Reals that are infinite.
    pub infinite: u64,
    /// Values of class TEXT.
    pub texts: u64,
    /// Values of class BLOB.
    pub blobs: u64,
    /// Integers that are 0 or 1.
    pub zero_or_one: u64,
    /// Integers that count each epoch unit since 1970, in the order of [`EPOCH_UNITS`].
    pub epochs: [u64; 4],
    /// Integers that a 64-bit binary number does not hold exactly.
    pub beyond_double: u64,
    /// The most characters in a text.
    pub longest_text: usize,
    /// Texts that are not UTF-8 or hold NUL: no text type of PostgreSQL takes them.
    pub unfit_texts: u64,
    /// Texts that are JSON documents.
    pub json_texts: u64,
    /// Texts that are a date alone.
    pub date_texts: u64,
    /// Texts that are a date and time without an offset.
    pub naive_texts: u64,
    /// Texts that are a date and time with an offset.
    pub zoned_texts: u64,
    /// Texts that are a time of day.
    pub time_texts: u64,
    /// Texts that are a uuid in its canonical form: dashes, small letters.
    pub uuid_texts: u64,
    /// Texts that are decimal numbers.
    pub decimal_texts: u64,
}

/// The units that an epoch number may count.
pub const EPOCH_UNITS: [EpochUnit; 4] = [EpochUnit::Seconds, EpochUnit::Millis, EpochUnit::Micros, EpochUnit::Nanos];

impl ColumnProfile {
    /// The number of values that are not NULL.
    pub fn values(&self) -> u64 {
        self.integers + self.reals + self.texts + self.blobs
    }

    /// The unit that every integer counts, if there is one.
    pub fn epoch_unit(&self) -> Option<EpochUnit> {
        EPOCH_UNITS
            .into_iter()
            .zip(self.epochs)
            .find(|(_, count)| *count == self.integers && *count > 0)
            .map(|(unit, _)| unit)
    }

    fn note(&mut self, value: ValueRef<'_>, questions: Questions, scratch: &mut Vec<u8>) {
        match value {
            ValueRef::Null => self.nulls += 1,
            ValueRef::Integer(number) => self.note_integer(number),
            ValueRef::Real(number) => {
                self.reals += 1;
                self.infinite += u64::from(number.is_infinite());
            }
            ValueRef::Blob(_) => self.blobs += 1,
            ValueRef::Text(bytes) => {
                self.texts += 1;
                match simdutf8::basic::from_utf8(bytes) {
                    Ok(text) if memchr::memchr(0, bytes).is_none() => self.note_text(text, questions, scratch),
                    _ => self.unfit_texts += 1,
                }
            }
        }
    }

    fn note_integer(&mut self, number: i64) {
        self.integers += 1;
        self.zero_or_one += u64::from(number == 0 || number == 1);
        self.beyond_double += u64::from(number.unsigned_abs() > 1 << f64::MANTISSA_DIGITS);
        if let Some(unit) = EpochUnit::judge(number) {
            self.epochs[unit as usize] += 1;
        }
    }

    fn note_text(&mut self, text: &str, questions: Questions, scratch: &mut Vec<u8>) {
        if questions.length && text.len() > self.longest_text {
            self.longest_text = self.longest_text.max(text.chars().count());
        }
        if questions.json {
            self.json_texts += u64::from(json::validate(text).is_ok());
        }
        if questions.time {
            match parse_date_time(text.as_bytes()) {
                Some(time) if time.lost_digits => {}
                Some(time) if time.offset_s.is_some() => self.zoned_texts += 1,
                Some(time) if time.has_time => self.naive_texts += 1,
                Some(_) => self.date_texts += 1,
                None => self.time_texts += u64::from(parse_time(text.as_bytes()).is_some_and(|(_, lost)| !lost)),
            }
        }
        if questions.uuid {
            self.uuid_texts += u64::from(is_canonical_uuid(text.as_bytes()));
        }
        if questions.decimal {
            self.decimal_texts += u64::from(Decimal::parse(text, scratch).is_some());
        }
    }
}

/// What a column's declared type makes worth asking of its texts.
#[derive(Clone, Copy, Debug, Default)]
struct Questions {
    length: bool,
    json: bool,
    time: bool,
    uuid: bool,
    decimal: bool,
}

impl Questions {
    fn about(column: &Column) -> Self {
        let declared = column.declared.to_uppercase();
        let has = |word: &str| declared.contains(word);
        Self {
            length: has("CHAR"),
            json: has("JSON"),
            time: has("DATE") || has("TIME"),
            uuid: has("UUID") || has("GUID"),
            decimal: has("NUMERIC") || has("DECIMAL"),
        }
    }
}

/// Reads a whole table and profiles it; `read` must read these columns in this order.
pub fn profile(
    reader: &Reader<'_>,
    read: &TableRead,
    columns: &[Column],
    mut each_row: impl FnMut(),
) -> Result<TableProfile, SqliteError> {
    let questions: Vec<Questions> = columns.iter().map(Questions::about).collect();
    let mut profile = TableProfile { rows: 0, columns: vec![ColumnProfile::default(); columns.len()] };
    let mut scratch = Vec::new();
    read.walk(reader, &KeyRange::default(), |row: &RowRef<'_>| {
        profile.rows += 1;
        for (at, (column, questions)) in profile.columns.iter_mut().zip(&questions).enumerate() {
            column.note(row.value(at)?, *questions, &mut scratch);
        }
        each_row();
        Ok(Walk::Continue)
    })?;
    Ok(profile)
}

fn is_canonical_uuid(text: &[u8]) -> bool {
    text.len() == 36
        && text.iter().enumerate().all(|(at, byte)| match at {
            8 | 13 | 18 | 23 => *byte == b'-',
            _ => byte.is_ascii_digit() || (b'a'..=b'f').contains(byte),
        })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn noted(values: &[ValueRef<'_>]) -> ColumnProfile {
        let all = Questions { length: true, json: true, time: true, uuid: true, decimal: true };
        let mut profile = ColumnProfile::default();
        for value in values {
            profile.note(*value, all, &mut Vec::new());
        }
        profile
    }

    #[test]
    fn integers_of_one_unit_are_known_as_such() {
        let seconds = noted(&[ValueRef::Integer(1_700_000_000), ValueRef::Integer(1_700_000_001)]);
        assert_eq!(seconds.epoch_unit(), Some(EpochUnit::Seconds));
        let mixed = noted(&[ValueRef::Integer(1_700_000_000), ValueRef::Integer(1_700_000_000_000_000_000)]);
        assert_eq!(mixed.epoch_unit(), None);
    }

    #[test]
    fn infinite_reals_are_counted() {
        let reals = [f64::INFINITY, f64::NEG_INFINITY, 1.5].map(ValueRef::Real);
        let profile = noted(&reals);
        assert_eq!((profile.reals, profile.infinite), (3, 2));
    }

    #[test]
    fn the_form_of_texts_is_counted() {
        let profile = noted(&[
            ValueRef::Text(b"2026-11-21"),
            ValueRef::Text(b"2026-11-21 00:21:50.075227"),
            ValueRef::Text(b"2026-11-21T00:21:50+02:00"),
            ValueRef::Text(b"2026-11-21T00:21:50.0752271"),
            ValueRef::Text(b"12:30"),
            ValueRef::Text(b"a\0b"),
            ValueRef::Text("h\u{e9}".as_bytes()),
            ValueRef::Text(b"01234567-89ab-cdef-0123-456789abcdef"),
        ]);
        assert_eq!((profile.date_texts, profile.naive_texts, profile.zoned_texts, profile.time_texts), (1, 1, 1, 1));
        assert_eq!((profile.unfit_texts, profile.uuid_texts, profile.longest_text), (1, 1, 36));
    }
}
