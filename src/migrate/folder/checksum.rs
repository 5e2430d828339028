//! Checksums of scripts: ours, which no checkout changes, and refinery's, which its history holds.

use std::borrow::Cow;
use std::hash::{Hash, Hasher};

use sha2::{Digest as _, Sha256};
use siphasher::sip::SipHasher13;

/// The mark that some editors put before a text.
const BYTE_ORDER_MARK: char = '\u{feff}';

/// The checksums that refinery may have recorded for a script.
///
/// refinery hashes the bytes as they are, so that one script has one checksum for each way in which it was checked out,
/// and it hashes the number with its width, so that a build with `int8-versions` has others.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct RefineryChecksums {
    /// Of the text as it is in the file, in a usual build; none for a number that such a build cannot have.
    pub int4: Option<u64>,
    /// Of the text as it is in the file, in a build with `int8-versions`.
    pub int8: u64,
    /// Of the same text with either kind of line ends, in either build.
    elsewhere: Vec<u64>,
}

impl RefineryChecksums {
    /// Computes the checksums of a script from its name's slug, its number and its text as it is in the file.
    pub(super) fn of(slug: &str, number: i64, as_written: &str) -> Self {
        let small = i32::try_from(number).ok();
        let int4 = |text: &str| small.map(|number| sip(slug, &number, text));
        let int8 = |text: &str| sip(slug, &number, text);
        let lf = as_written.replace("\r\n", "\n");
        let crlf = lf.replace('\n', "\r\n");
        let texts = [lf.as_str(), crlf.as_str()];
        let elsewhere = texts.iter().flat_map(|text| int4(text).into_iter().chain([int8(text)])).collect();
        Self { int4: int4(as_written), int8: int8(as_written), elsewhere }
    }

    /// Tells whether a recorded checksum is one of this script.
    pub fn recognise(&self, recorded: u64) -> bool {
        self.int4 == Some(recorded) || self.int8 == recorded || self.elsewhere.contains(&recorded)
    }
}

/// Source: refinery-core 0.10, `runner.rs`, `Migration::unapplied`.
fn sip(slug: &str, number: &impl Hash, text: &str) -> u64 {
    let mut hasher = SipHasher13::new();
    slug.hash(&mut hasher);
    number.hash(&mut hasher);
    text.hash(&mut hasher);
    hasher.finish()
}

/// The text that is read and hashed: line ends as on Unix, no byte order mark. Lines keep their numbers.
pub(super) fn normal(text: &str) -> Cow<'_, str> {
    let text = text.strip_prefix(BYTE_ORDER_MARK).unwrap_or(text);
    if text.contains("\r\n") { Cow::Owned(text.replace("\r\n", "\n")) } else { Cow::Borrowed(text) }
}

/// Hashes labelled texts; line ends after the last line do not count.
///
/// The length stands before each text, so that no text can pretend to be two.
pub(in crate::migrate) fn sha256<'t>(texts: impl Iterator<Item = (&'static str, &'t str)>) -> String {
    let mut hasher = Sha256::new();
    for (label, text) in texts {
        let text = text.trim_end_matches('\n');
        hasher.update(format!("{label} {}\n", text.len()));
        hasher.update(text);
    }
    hasher.finalize().iter().map(|byte| format!("{byte:02x}")).collect()
}

#[cfg(test)]
mod tests {
    use refinery_core::Migration;

    use super::*;

    #[test]
    fn the_small_checksum_is_refinery_s_own() {
        for text in ["", "select 1;\n", "select 'é';\r\nselect 2;\r\n", "\u{feff}select 1;"] {
            let migration = Migration::unapplied("V0002__add_email", text).expect("is a name");
            let found = RefineryChecksums::of("add_email", 2, text);
            assert_eq!(found.int4, Some(migration.checksum()));
            assert_ne!(found.int8, migration.checksum());
        }
    }

    #[test]
    fn a_history_written_on_another_system_is_recognised() {
        let recorded = |text| Migration::unapplied("V7__x", text).expect("is a name").checksum();
        let (lf, crlf) = ("a;\nb;\n", "a;\r\nb;\r\n");
        for here in [lf, crlf] {
            let found = RefineryChecksums::of("x", 7, here);
            assert!(found.recognise(recorded(lf)) && found.recognise(recorded(crlf)));
            assert!(!found.recognise(recorded("a;\nc;\n")));
        }
        assert!(RefineryChecksums::of("x", 7, crlf).recognise(RefineryChecksums::of("x", 7, lf).int8));
    }

    #[test]
    fn the_wide_checksum_hashes_a_number_of_64_bits() {
        // Checked against refinery-core 0.10.1 built with `int8-versions`.
        let found = RefineryChecksums::of("x", 20_261_120_120_000, "select 1;\n");
        assert_eq!(found.int4, None);
        assert_eq!(found.int8, 1_803_315_987_109_363_906);
        assert_eq!(RefineryChecksums::of("add_email", 2, "select 1;\n").int8, 10_716_259_437_207_363_361);
    }

    #[test]
    fn a_checkout_changes_no_checksum_of_ours() {
        let sum = |text: &str| sha256([("up", &*normal(text))].into_iter());
        let expected = sum("a;\nb;\n");
        for text in ["a;\r\nb;\r\n", "\u{feff}a;\nb;\n", "a;\nb;", "a;\nb;\n\n", "\u{feff}a;\r\nb;"] {
            assert_eq!(sum(text), expected, "{text:?}");
        }
        for text in ["a;\nb ;\n", "a; b;\n", "\na;\nb;\n", "a;\rb;"] {
            assert_ne!(sum(text), expected, "{text:?}");
        }
    }

    #[test]
    fn one_text_is_never_two() {
        let two = sha256([("up", "a"), ("up.sqlite", "b")].into_iter());
        assert_ne!(two, sha256([("up", "aup.sqlite 1\nb")].into_iter()));
        assert_ne!(two, sha256([("up", "a"), ("up.postgres", "b")].into_iter()));
    }
}
