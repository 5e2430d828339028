//! What is stored in one column: classes with their ranges, lengths and faults, and what all of its texts are.

use rusqlite::types::ValueRef;

use super::questions::Questions;
use super::times::{TimeProfile, widen};
use crate::value::decimal::Decimal;
use crate::value::json;
use crate::value::time::{NumberUnit, parse_date_time, parse_time};

/// What is stored in one column. All counts are of values.
///
/// Whether texts have a form is counted while it may be true of all of them, and to the end where the declared type asks
/// for it: a count that is not that of all texts says no more than that.
#[derive(Clone, Debug, Default)]
pub struct ColumnProfile {
    /// NULLs.
    pub nulls: u64,
    /// Values of class INTEGER.
    pub integers: u64,
    /// The least and the greatest integer.
    pub integer_range: Option<(i64, i64)>,
    /// Values of class REAL.
    pub reals: u64,
    /// The least and the greatest real that is finite.
    pub real_range: Option<(f64, f64)>,
    /// Reals without a fraction.
    pub whole_reals: u64,
    /// Reals that are infinite.
    pub infinite: u64,
    /// Values of class TEXT.
    pub texts: u64,
    /// Values of class BLOB.
    pub blobs: u64,
    /// Integers that are 0 or 1.
    pub zero_or_one: u64,
    /// Integers that a 64-bit binary number does not hold exactly.
    pub beyond_double: u64,
    /// The most characters in a text.
    pub longest_text: usize,
    /// The most bytes in a text.
    pub longest_text_bytes: usize,
    /// The most bytes in a blob.
    pub longest_blob: usize,
    /// Texts of no characters.
    pub empty_texts: u64,
    /// Texts that are not UTF-8 or hold NUL: no text type of PostgreSQL takes them.
    pub unfit_texts: u64,
    /// Of these, texts that are UTF-8 and hold NUL.
    pub nul_texts: u64,
    /// Texts that are JSON documents.
    pub json_texts: u64,
    /// Blobs that are binary JSON of SQLite.
    pub json_blobs: u64,
    /// Texts that are a uuid in its canonical form: dashes, small letters.
    pub uuid_texts: u64,
    /// Texts that are decimal numbers.
    pub decimal_texts: u64,
    /// The values as dates and times.
    pub times: TimeProfile,
}

impl ColumnProfile {
    /// The number of values that are not NULL.
    pub fn values(&self) -> u64 {
        self.integers + self.reals + self.texts + self.blobs
    }

    /// What the numbers mean as dates and times, where all that show it show the same.
    pub fn unit(&self) -> Option<NumberUnit> {
        self.times.unit(self.integers, self.reals)
    }

    pub(super) fn note(&mut self, value: ValueRef<'_>, questions: &mut Questions, scratch: &mut Vec<u8>) {
        match value {
            ValueRef::Null => self.nulls += 1,
            ValueRef::Integer(number) => self.note_integer(number),
            ValueRef::Real(number) => self.note_real(number),
            ValueRef::Blob(bytes) => self.note_blob(bytes, questions, scratch),
            ValueRef::Text(bytes) => {
                self.texts += 1;
                self.longest_text_bytes = self.longest_text_bytes.max(bytes.len());
                match simdutf8::basic::from_utf8(bytes) {
                    Ok(_) if memchr::memchr(0, bytes).is_some() => {
                        self.nul_texts += 1;
                        self.unfit_texts += 1;
                    }
                    Ok(text) => self.note_text(text, questions, scratch),
                    Err(_) => self.unfit_texts += 1,
                }
            }
        }
    }

    fn note_integer(&mut self, number: i64) {
        self.integers += 1;
        widen(&mut self.integer_range, number);
        self.zero_or_one += u64::from(number == 0 || number == 1);
        self.beyond_double += u64::from(number.unsigned_abs() > 1 << f64::MANTISSA_DIGITS);
        self.times.note_integer(number);
    }

    fn note_real(&mut self, number: f64) {
        self.reals += 1;
        if number.is_infinite() {
            self.infinite += 1;
            self.times.unclear += 1;
            return;
        }
        widen(&mut self.real_range, number);
        self.whole_reals += u64::from(number.fract() == 0.0);
        self.times.note_real(number);
    }

    fn note_blob(&mut self, bytes: &[u8], questions: &mut Questions, scratch: &mut Vec<u8>) {
        self.blobs += 1;
        self.longest_blob = self.longest_blob.max(bytes.len());
        let is_document = questions.json.put(|| {
            scratch.clear();
            let written = json::write_binary(bytes, scratch);
            written.is_some() && simdutf8::basic::from_utf8(scratch).is_ok_and(|text| json::validate(text).is_ok())
        });
        self.json_blobs += u64::from(is_document);
    }

    fn note_text(&mut self, text: &str, questions: &mut Questions, scratch: &mut Vec<u8>) {
        self.empty_texts += u64::from(text.is_empty());
        if text.len() > self.longest_text {
            self.longest_text = self.longest_text.max(text.chars().count());
        }
        self.json_texts += u64::from(questions.json.put(|| json::validate(text).is_ok()));
        questions.time.put(|| self.note_time(text));
        self.uuid_texts += u64::from(questions.uuid.put(|| is_canonical_uuid(text.as_bytes())));
        self.decimal_texts += u64::from(questions.decimal.put(|| Decimal::parse(text, scratch).is_some()));
    }

    fn note_time(&mut self, text: &str) -> bool {
        if let Some(time) = parse_date_time(text.as_bytes()) {
            return self.times.note_text(time);
        }
        let lost = parse_time(text.as_bytes()).map(|(_, lost)| lost);
        self.times.times_of_day += u64::from(lost == Some(false));
        self.times.fine_of_day += u64::from(lost == Some(true));
        lost == Some(false)
    }
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
    use crate::schema::{Column, LogicalType};

    fn noted(declared: &str, values: &[ValueRef<'_>]) -> ColumnProfile {
        let column = Column { declared: declared.into(), ..Column::new("c", LogicalType::Text) };
        let mut questions = Questions::about(&column);
        let mut profile = ColumnProfile::default();
        for value in values {
            profile.note(*value, &mut questions, &mut Vec::new());
        }
        profile
    }

    #[test]
    fn the_ranges_of_numbers_are_known() {
        let numbers = [ValueRef::Integer(-3), ValueRef::Integer(7), ValueRef::Real(2.0), ValueRef::Real(0.5)];
        let profile = noted("", &numbers);
        assert_eq!((profile.integer_range, profile.real_range), (Some((-3, 7)), Some((0.5, 2.0))));
        assert_eq!(profile.whole_reals, 1);
    }

    #[test]
    fn infinite_reals_are_counted_and_are_no_bounds() {
        let profile = noted("", &[f64::INFINITY, f64::NEG_INFINITY, 1.5].map(ValueRef::Real));
        assert_eq!((profile.reals, profile.infinite, profile.real_range), (3, 2, Some((1.5, 1.5))));
    }

    #[test]
    fn the_form_of_texts_is_counted_where_the_declared_type_asks_for_it() {
        let texts = [
            ValueRef::Text(b"2026-11-21"),
            ValueRef::Text(b"2026-11-21 00:21:50.075227"),
            ValueRef::Text(b"2026-11-21T00:21:50+02:00"),
            ValueRef::Text(b"2026-11-21T00:21:50.0752271"),
            ValueRef::Text(b"12:30"),
            ValueRef::Text(b"a\0b"),
            ValueRef::Text(b"a\xffb"),
            ValueRef::Text("h\u{e9}".as_bytes()),
            ValueRef::Text(b"01234567-89ab-cdef-0123-456789abcdef"),
        ];
        let times = noted("DATETIME", &texts).times;
        assert_eq!((times.dates, times.naive, times.zoned, times.times_of_day), (1, 1, 1, 1));
        assert_eq!((times.fine, times.fine_zoned, times.fine_of_day), (1, 0, 0));
        let profile = noted("UUID", &texts);
        assert_eq!((profile.unfit_texts, profile.nul_texts, profile.uuid_texts), (2, 1, 1));
        assert_eq!((profile.longest_text, profile.longest_text_bytes), (36, 36));
    }

    #[test]
    fn elsewhere_the_first_text_of_another_form_ends_the_question() {
        let texts = [ValueRef::Text(b"2026-11-21"), ValueRef::Text(b"x"), ValueRef::Text(b"2026-11-22")];
        assert_eq!(noted("TEXT", &texts).times.dates, 1);
        assert_eq!(noted("TEXT", &texts[..1]).times.dates, 1);
    }

    #[test]
    fn binary_documents_are_known() {
        // Source: SQLite, "The SQLite JSONB Format": an empty object, the number 1, and a size that is not there.
        let blobs = [ValueRef::Blob(&[0x0c]), ValueRef::Blob(&[0x13, b'1']), ValueRef::Blob(&[0xc3])];
        assert_eq!(noted("JSON", &blobs).json_blobs, 2);
    }
}
