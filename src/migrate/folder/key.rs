//! The words that headers begin with, and words so like them that they were surely meant.

/// The longest text before a colon that can be a header.
const LONGEST_KEY: usize = 24;
/// Keys with as many letters may be two slips away from what was written; shorter ones, one.
const LONG_KEY: usize = 12;

/// What a header is about.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Key {
    Revision,
    DownRevision,
    DependsOn,
    Branch,
    Optional,
    Transaction,
    LockTimeout,
    Irreversible,
    Replaces,
    Only,
    Bookkeeping,
}

const KEYS: [(&str, Key); 11] = [
    ("revision", Key::Revision),
    ("down_revision", Key::DownRevision),
    ("depends_on", Key::DependsOn),
    ("branch", Key::Branch),
    ("optional", Key::Optional),
    ("transaction", Key::Transaction),
    ("lock_timeout", Key::LockTimeout),
    ("irreversible", Key::Irreversible),
    ("replaces", Key::Replaces),
    ("only", Key::Only),
    ("bookkeeping", Key::Bookkeeping),
];

/// What other tools and other memories call the same.
const ALIASES: [(&str, Key); 8] = [
    ("revision_id", Key::Revision),
    ("revises", Key::DownRevision),
    ("down_revisions", Key::DownRevision),
    ("depends", Key::DependsOn),
    ("dependencies", Key::DependsOn),
    ("branches", Key::Branch),
    ("branch_label", Key::Branch),
    ("branch_labels", Key::Branch),
];

/// A comment's beginning, held against the keys.
#[derive(Debug, PartialEq, Eq)]
pub(super) enum Named<'t> {
    Known(Key),
    /// As it is written, and what was meant.
    Near(&'t str, Key),
}

impl Key {
    /// The word as it is written.
    pub(super) fn word(self) -> &'static str {
        KEYS.iter().find(|(_, key)| *key == self).map_or("", |(word, _)| word)
    }
}

/// Finds the header in a comment's text: its key, and what follows the colon.
pub(super) fn key_of(comment: &str) -> Option<(Named<'_>, &str)> {
    let (written, text) = comment.split_once(':')?;
    let written = written.trim();
    let like_a_key = |c: char| c.is_ascii_alphabetic() || matches!(c, '_' | '-' | ' ');
    if written.len() > LONGEST_KEY || !written.chars().all(like_a_key) {
        return None;
    }
    if let Some((_, key)) = KEYS.iter().find(|(word, _)| *word == written) {
        return Some((Named::Known(*key), text.trim()));
    }
    let same: String = written.to_ascii_lowercase().replace(['-', ' '], "_");
    let alias = ALIASES.iter().find(|(word, _)| *word == same);
    let near = alias.or_else(|| KEYS.iter().find(|(word, _)| slips(word, &same) <= allowed_slips(word)));
    near.map(|(_, key)| (Named::Near(written, *key), text.trim()))
}

/// A short word is too near to many others.
fn allowed_slips(word: &str) -> usize {
    match word.len() {
        0..6 => 0,
        6..LONG_KEY => 1,
        _ => 2,
    }
}

/// Counts the letters to add, drop, change or swap that lie between two words.
fn slips(expected: &str, found: &str) -> usize {
    let (expected, found) = (expected.as_bytes(), found.as_bytes());
    let mut rows = vec![vec![0; found.len() + 1]; expected.len() + 1];
    rows[0] = (0..=found.len()).collect();
    for e in 1..=expected.len() {
        rows[e][0] = e;
        for f in 1..=found.len() {
            let changed = usize::from(expected[e - 1] != found[f - 1]);
            let mut least = (rows[e - 1][f] + 1).min(rows[e][f - 1] + 1).min(rows[e - 1][f - 1] + changed);
            let swapped = e > 1 && f > 1 && expected[e - 1] == found[f - 2] && expected[e - 2] == found[f - 1];
            if swapped {
                least = least.min(rows[e - 2][f - 2] + 1);
            }
            rows[e][f] = least;
        }
    }
    rows[expected.len()][found.len()]
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_slip_of_the_pen_is_no_ordinary_comment() {
        for (written, key) in [
            ("down_revison", Key::DownRevision),
            ("down-revision", Key::DownRevision),
            ("Down Revision", Key::DownRevision),
            ("dwon_revision", Key::DownRevision),
            ("Revises", Key::DownRevision),
            ("Revision ID", Key::Revision),
            ("revsion", Key::Revision),
            ("depend_on", Key::DependsOn),
            ("branch_labels", Key::Branch),
            ("lock timeout", Key::LockTimeout),
            ("ireversable", Key::Irreversible),
            ("Transaction", Key::Transaction),
        ] {
            assert_eq!(key_of(&format!(" {written}: x")), Some((Named::Near(written, key), "x")), "{written}");
        }
    }

    #[test]
    fn an_ordinary_comment_is_left_alone() {
        for comment in [
            " adds a column",
            " Note: later",
            " author: me",
            " version: 3",
            " transition: later",
            " see https://example.org",
            " todo (revision: later): x",
            " place: left",
            " one: two",
        ] {
            assert_eq!(key_of(comment), None, "{comment}");
        }
    }

    #[test]
    fn a_key_is_known_as_it_is_written() {
        for (word, key) in KEYS {
            assert_eq!(key_of(&format!(" {word}: a: b ")), Some((Named::Known(key), "a: b")));
            assert_eq!(key.word(), word);
        }
    }
}
