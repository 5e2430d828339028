//! What a person may allow a cast to do with values that have no exact form: each is asked for by name.

use std::fmt;
use std::str::FromStr;

use super::json::JsonFault;
use super::rule::Rule;

/// Reasons to set a row aside that something can be allowed against.
pub mod reason {
    #![expect(missing_docs, reason = "each says itself what it is")]

    pub const NUL: &str = "text that holds a NUL character";
    pub const NOT_UTF8: &str = "text that is not UTF-8";
    pub const NOT_ZERO_OR_ONE: &str = "an integer other than 0 and 1";
    pub const TOO_FINE: &str = "a time with more digits than the column keeps";
    pub const BEYOND_MICROS: &str = "a time with digits beyond microseconds";
    pub const EPOCH_BEYOND_MICROS: &str = "an epoch number with digits beyond microseconds";
    pub const LOST_IN_UNIT: &str = "an epoch number that loses digits in the column's unit";
    pub const FRACTION_LOST: &str = "a real with a fraction that the column's unit cannot hold";
    pub const TEXT_LOST_IN_UNIT: &str = "a date and time that loses digits in the column's unit";
}

/// What can be allowed so that a row is not set aside for a reason, when there is anything that surely helps.
pub fn lifts(reason: &str) -> Option<&'static str> {
    const ROUND: &str = "ns=round";
    let known = [
        (reason::NUL, "nul=strip"),
        (reason::NOT_UTF8, "utf8=replace"),
        (reason::NOT_ZERO_OR_ONE, "nonzero=true"),
        (reason::TOO_FINE, ROUND),
        (reason::BEYOND_MICROS, ROUND),
        (reason::EPOCH_BEYOND_MICROS, ROUND),
        (reason::LOST_IN_UNIT, ROUND),
        (reason::FRACTION_LOST, ROUND),
        (reason::TEXT_LOST_IN_UNIT, ROUND),
        (JsonFault::NulEscape.name(), "json_escapes=strip"),
        (JsonFault::LoneSurrogate.name(), "json_escapes=strip"),
        (JsonFault::Empty.name(), "empty=null"),
    ];
    known.into_iter().find(|(met, _)| *met == reason).map(|(_, allowance)| allowance)
}

/// The character that stands for what cannot be kept, when no other is named: U+FFFD.
const STAND_IN: char = char::REPLACEMENT_CHARACTER;

/// What becomes of a character that the target cannot hold.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Mend {
    /// It is left out.
    Strip,
    /// This one takes its place.
    Replace(char),
}

impl Mend {
    /// Chooses between two rules, one for each way.
    pub fn rule(self, stripped: Rule, replaced: Rule) -> Rule {
        match self {
            Self::Strip => stripped,
            Self::Replace(_) => replaced,
        }
    }
}

/// Everything that is allowed for one column; nothing by itself.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Relaxations {
    /// Whether every integer but 0 is true.
    pub nonzero: bool,
    /// What becomes of NUL characters in text.
    pub nul: Option<Mend>,
    /// What becomes of bytes in text that are not UTF-8.
    pub utf8: Option<Mend>,
    /// What becomes of `\u0000` and of halves of surrogate pairs in JSON.
    pub json_escapes: Option<Mend>,
    /// Whether empty text and `0000-00-00` become NULL where the type has no such value.
    pub empty: bool,
    /// Whether NaN and Infinity in JSON become `null`.
    pub nan: bool,
    /// Whether digits of a time that its column does not keep are cut off, towards the past.
    pub ns: bool,
    /// Whether a JSON string that holds an object or a list is replaced by it.
    pub nested: bool,
}

/// One thing that is allowed, or refused again, as a person writes it: `nul=strip`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Allowance {
    /// `nonzero=true`.
    Nonzero(bool),
    /// `nul=strip`, `nul=replace` or `nul=replace:C`.
    Nul(Option<Mend>),
    /// `utf8=strip`, `utf8=replace` or `utf8=replace:C`.
    Utf8(Option<Mend>),
    /// `json_escapes=strip`, `json_escapes=replace` or `json_escapes=replace:C`.
    JsonEscapes(Option<Mend>),
    /// `empty=null`.
    Empty(bool),
    /// `nan=null`.
    Nan(bool),
    /// `ns=round`.
    Ns(bool),
    /// `nested=open`.
    Nested(bool),
}

impl Allowance {
    /// Everything that can be allowed, as it is written.
    pub const FORMS: [&'static str; 8] = [
        "nonzero=true",
        "nul=strip|replace[:C]",
        "utf8=strip|replace[:C]",
        "json_escapes=strip|replace[:C]",
        "empty=null",
        "nan=null",
        "ns=round",
        "nested=open",
    ];

    /// Changes what is allowed so far.
    pub fn apply(self, allowed: &mut Relaxations) {
        match self {
            Self::Nonzero(yes) => allowed.nonzero = yes,
            Self::Nul(mend) => allowed.nul = mend,
            Self::Utf8(mend) => allowed.utf8 = mend,
            Self::JsonEscapes(mend) => allowed.json_escapes = mend,
            Self::Empty(yes) => allowed.empty = yes,
            Self::Nan(yes) => allowed.nan = yes,
            Self::Ns(yes) => allowed.ns = yes,
            Self::Nested(yes) => allowed.nested = yes,
        }
    }

    /// Its name, before the equals sign.
    pub fn name(self) -> &'static str {
        match self {
            Self::Nonzero(_) => "nonzero",
            Self::Nul(_) => "nul",
            Self::Utf8(_) => "utf8",
            Self::JsonEscapes(_) => "json_escapes",
            Self::Empty(_) => "empty",
            Self::Nan(_) => "nan",
            Self::Ns(_) => "ns",
            Self::Nested(_) => "nested",
        }
    }
}

impl fmt::Display for Allowance {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let how = match self {
            Self::Nul(Some(mend)) | Self::Utf8(Some(mend)) | Self::JsonEscapes(Some(mend)) => match mend {
                Mend::Strip => "strip",
                Mend::Replace(STAND_IN) => "replace",
                Mend::Replace(with) => return write!(f, "{}=replace:{with}", self.name()),
            },
            Self::Nonzero(true) => "true",
            Self::Empty(true) | Self::Nan(true) => "null",
            Self::Ns(true) => "round",
            Self::Nested(true) => "open",
            _ => "reject",
        };
        write!(f, "{}={how}", self.name())
    }
}

impl FromStr for Allowance {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        let (name, how) = text.trim().split_once('=').unwrap_or((text.trim(), ""));
        let on = |word: &str| (how == word).then_some(true).or((how == "reject").then_some(false));
        let allowance = match name {
            "nonzero" => on("true").map(Self::Nonzero),
            "nul" => mend(how).map(Self::Nul),
            "utf8" => mend(how).map(Self::Utf8),
            "json_escapes" => mend(how).map(Self::JsonEscapes),
            "empty" => on("null").map(Self::Empty),
            "nan" => on("null").map(Self::Nan),
            "ns" => on("round").map(Self::Ns),
            "nested" => on("open").map(Self::Nested),
            _ => None,
        };
        allowance.ok_or_else(|| {
            format!("`{text}` cannot be allowed; write one of {}, or NAME=reject", Self::FORMS.join(", "))
        })
    }
}

/// Reads `strip`, `replace`, `replace:C` or `reject`; no character may be replaced by NUL.
fn mend(how: &str) -> Option<Option<Mend>> {
    let single = |text: &str| {
        let mut characters = text.chars();
        characters.next().filter(|first| *first != '\0' && characters.next().is_none())
    };
    match how {
        "strip" => Some(Some(Mend::Strip)),
        "replace" => Some(Some(Mend::Replace(STAND_IN))),
        "reject" => Some(None),
        _ => how.strip_prefix("replace:").and_then(single).map(|with| Some(Mend::Replace(with))),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_allowed_is_written_as_it_was_read() {
        for text in [
            "nonzero=true",
            "nul=strip",
            "nul=replace",
            "utf8=replace:?",
            "json_escapes=reject",
            "empty=null",
            "nan=null",
            "ns=round",
            "nested=open",
            "ns=reject",
        ] {
            assert_eq!(text.parse::<Allowance>().map(|read| read.to_string()).as_deref(), Ok(text));
        }
    }

    #[test]
    fn another_word_is_refused_with_those_that_there_are() {
        for text in ["", "nul", "nul=", "nul=null", "nul=replace:", "nul=replace:ab", "utf8=replace:\0", "overlong=cut"]
        {
            let said = text.parse::<Allowance>().expect_err(text);
            assert!(said.contains("nul=strip|replace[:C]"), "{said}");
        }
    }

    #[test]
    fn what_is_said_last_holds() {
        let mut allowed = Relaxations::default();
        for text in ["nul=strip", "ns=round", "nul=reject"] {
            text.parse::<Allowance>().expect("it is known").apply(&mut allowed);
        }
        assert_eq!(allowed, Relaxations { ns: true, ..Relaxations::default() });
    }
}
