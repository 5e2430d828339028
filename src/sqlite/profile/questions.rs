//! What is worth asking of a column's texts and blobs.

use crate::schema::Column;

/// Whether a question is asked of each value.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Ask {
    /// The declared type makes the number of answers worth knowing.
    Always,
    /// Only whether all values say yes is worth knowing: the first that says no ends it.
    UntilNo,
    /// A value said no.
    NoMore,
}

impl Ask {
    /// Asks one value, unless nobody wants to know any more; tells whether it said yes.
    pub(super) fn put(&mut self, answer: impl FnOnce() -> bool) -> bool {
        if *self == Self::NoMore {
            return false;
        }
        let yes = answer();
        if !yes && *self == Self::UntilNo {
            *self = Self::NoMore;
        }
        yes
    }
}

/// What is asked of the values of one column.
#[derive(Clone, Copy, Debug)]
pub(super) struct Questions {
    /// Is the text, or the blob, a JSON document?
    pub(super) json: Ask,
    /// Is the text a date, a date and time, or a time of day?
    pub(super) time: Ask,
    /// Is the text a uuid in its canonical form?
    pub(super) uuid: Ask,
    /// Is the text a decimal number?
    pub(super) decimal: Ask,
}

impl Questions {
    /// The questions that a declared type asks for: all of its values are asked, those of another type only while it may
    /// be true of all.
    pub(super) fn about(column: &Column) -> Self {
        let declared = column.declared.to_uppercase();
        let when = |words: &[&str]| match words.iter().any(|word| declared.contains(word)) {
            true => Ask::Always,
            false => Ask::UntilNo,
        };
        Self {
            json: when(&["JSON", "ARRAY_OF"]),
            time: when(&["DATE", "TIME"]),
            uuid: when(&["UUID", "GUID"]),
            decimal: when(&["NUMERIC", "DECIMAL"]),
        }
    }
}
