//! What a cast does to a value: the named rules that change one, and the reasons that set its row aside.

use std::fmt;

use serde::Serialize;

/// Defines the rules, in order, from the one table that reports and `strait rules` show.
macro_rules! rules {
    (@option) => { None };
    (@option $option:literal) => { Some($option) };
    ($($rule:ident: $name:literal, $nature:ident, $from:literal => $into:literal $(, $option:literal)?;)*) => {
        /// A named way in which a cast changes a value, or passes on something a person should know.
        #[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
        #[repr(u8)]
        #[expect(missing_docs, reason = "each rule's name says what it does")]
        pub enum Rule {
            $($rule,)*
        }

        impl Rule {
            /// Every rule, in order.
            pub const ALL: [Self; Self::COUNT] = [$(Self::$rule,)*];
            /// The number of rules.
            pub const COUNT: usize = [$($name,)*].len();
        }

        static FACTS: [Facts; Rule::COUNT] = [$(Facts {
            name: $name,
            nature: Nature::$nature,
            from: $from,
            into: $into,
            option: rules!(@option $($option)?),
        },)*];
    };
}

rules! {
    BooleanFromReal: "boolean: from real 0.0 or 1.0", Normalised, "REAL" => "boolean";
    BooleanFromText: "boolean: from a word", Normalised, "TEXT" => "boolean";
    BooleanNonzero: "boolean: true for another number than 0 and 1", Lossy, "INTEGER" => "boolean", "nonzero=true";
    IntegerFromReal: "integer: from a real without fraction", Normalised, "REAL" => "smallint, int, bigint";
    IntegerFromText: "integer: from text", Normalised, "TEXT" => "smallint, int, bigint";
    DoubleFromText: "double: from text", Normalised, "TEXT" => "real, double";
    DoubleTextRounded: "double: from text with more digits than 64 bits keep, rounded", Lossy, "TEXT" => "real, double";
    DoubleRounded: "double: integer beyond 53 bits, rounded", Lossy, "INTEGER" => "real, double";
    RealRounded: "real: rounded to 32 bits", Lossy, "INTEGER, REAL, TEXT" => "real";
    NumericFromReal: "numeric: from a real's shortest decimal", Normalised, "REAL" => "numeric";
    NumericFromText: "numeric: from text in another form", Normalised, "TEXT" => "numeric";
    TextFromInteger: "text: from an integer", Normalised, "INTEGER" => "text, varchar, char";
    TextFromReal: "text: from a real's shortest decimal", Normalised, "REAL" => "text, varchar, char";
    TextPadded: "text: padded with blanks", Normalised, "TEXT" => "char";
    TextNulStripped: "text: NUL characters left out", Lossy, "TEXT" => "text, json, enum, T[]", "nul=strip";
    TextNulReplaced: "text: NUL characters replaced", Lossy, "TEXT" => "text, json, enum, T[]", "nul=replace";
    TextUtf8Stripped: "text: bytes that are not UTF-8 left out", Lossy, "TEXT" => "text, json, enum, T[]", "utf8=strip";
    TextUtf8Replaced: "text: bytes that are not UTF-8 replaced", Lossy, "TEXT" => "text, json, enum, T[]", "utf8=replace";
    EmptyToNull: "empty text becomes NULL", Lossy, "TEXT" => "all but text, bytes, enum", "empty=null";
    ZeroDateToNull: "date: 0000-00-00 becomes NULL", Lossy, "TEXT" => "date, timestamp, epoch", "empty=null";
    JsonFromInteger: "json: number from an integer", Normalised, "INTEGER" => "json, jsonb, json_text";
    JsonFromReal: "json: number from a real", Normalised, "REAL" => "json, jsonb, json_text";
    JsonFromBinary: "json: text of SQLite's binary JSON", Normalised, "BLOB" => "json, jsonb, json_text";
    JsonByteOrderMark: "json: byte order mark dropped", Normalised, "TEXT" => "json, jsonb, json_text";
    JsonDuplicateKey: "json: duplicate key, last wins", Normalised, "TEXT, BLOB" => "jsonb";
    JsonOpened: "json: a string that holds a document, opened", Normalised, "TEXT, BLOB" => "json, jsonb, json_text", "nested=open";
    JsonNanToNull: "json: NaN or Infinity becomes null", Lossy, "TEXT" => "json, jsonb, json_text", "nan=null";
    JsonEscapesStripped: "json: escapes that are no character left out", Lossy, "TEXT, BLOB" => "json, jsonb, json_text", "json_escapes=strip";
    JsonEscapesReplaced: "json: escapes that are no character replaced", Lossy, "TEXT, BLOB" => "json, jsonb, json_text", "json_escapes=replace";
    JsonUnreadableEscape: "json: holds \\u0000 or half a surrogate pair, kept", Warned, "TEXT, BLOB" => "json, json_text";
    DateFromText: "date: from text", Normalised, "TEXT" => "date";
    TimeFromText: "time: from text", Normalised, "TEXT" => "time";
    TimestampFromText: "timestamp: from text", Normalised, "TEXT" => "timestamp, timestamptz";
    TimestampOffsetToUtc: "timestamp: from text with an offset, in UTC", Normalised, "TEXT" => "timestamp";
    TimestampFromZone: "timestamp: from text in the column's zone, in UTC", Normalised, "TEXT" => "timestamp, timestamptz", "--zone";
    TimestampFromEpoch: "timestamp: from an epoch number", Normalised, "INTEGER, REAL" => "timestamp, timestamptz";
    TimestampFromJulian: "timestamp: from a julian day, in milliseconds", Normalised, "INTEGER, REAL" => "timestamp, timestamptz", "--unit julian";
    DateFromEpoch: "date: from an epoch number", Normalised, "INTEGER, REAL" => "date";
    DateFromJulian: "date: from a julian day", Normalised, "INTEGER, REAL" => "date", "--unit julian";
    TimeSmall: "time: from a number that shows no unit, taken in that of all others", Warned, "INTEGER, REAL" => "date, timestamp, timestamptz";
    TimeAnother: "time: from a number in another unit than most of its column", Warned, "INTEGER, REAL" => "date, timestamp, timestamptz, epoch";
    TimeSaid: "time: from a number of the size of a coarser unit, taken in the one that is said", Warned, "INTEGER, REAL" => "date, timestamp, timestamptz, epoch", "--unit";
    TimeFromNumber: "time: from a number counted since midnight", Normalised, "INTEGER, REAL" => "time", "--unit";
    TimeRounded: "time: finer digits than the column keeps cut off, towards the past", Lossy, "INTEGER, REAL, TEXT" => "time, timestamp, timestamptz, epoch", "ns=round";
    EpochRescaled: "epoch: rescaled to the column's unit", Normalised, "INTEGER, REAL" => "epoch";
    EpochSmall: "epoch: too small to show its unit, taken in the column's", Warned, "INTEGER, REAL, TEXT" => "epoch_ms, epoch_us, epoch_ns";
    EpochFromText: "epoch: from text", Normalised, "TEXT" => "epoch";
    EpochFromReal: "epoch: from a real", Normalised, "REAL" => "epoch";
    EpochFromJulian: "epoch: from a julian day, in milliseconds", Normalised, "INTEGER, REAL" => "epoch", "--unit julian";
    UuidFromText: "uuid: from text", Normalised, "TEXT" => "uuid";
    UuidFromBytes: "uuid: from 16 bytes", Normalised, "BLOB" => "uuid";
    BytesFromText: "bytes: the UTF-8 of a text", Normalised, "TEXT" => "bytes";
    BytesFromInteger: "bytes: the text of an integer", Normalised, "INTEGER" => "bytes";
    BytesFromReal: "bytes: the text of a real", Normalised, "REAL" => "bytes";
    ArrayFromJson: "array: from a JSON array", Normalised, "TEXT" => "T[]";
    ReferenceToNull: "reference: to a row that is not there, becomes NULL", Lossy, "INTEGER, REAL, TEXT, BLOB" => "all", "--orphans set-null";
}

/// What is to be known of a rule.
#[derive(Clone, Copy, Debug, Serialize)]
pub struct Facts {
    /// Its name in reports.
    pub name: &'static str,
    /// How much it changes a value.
    pub nature: Nature,
    /// The storage classes that it takes.
    pub from: &'static str,
    /// The logical types that it casts to.
    pub into: &'static str,
    /// What a person must have asked for; none for a rule that always applies.
    pub option: Option<&'static str>,
}

/// How much a rule changes a value.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum Nature {
    /// The value is the same; something about it is worth a warning.
    Warned,
    /// The value is written in another form.
    Normalised,
    /// Part of the value is lost.
    Lossy,
}

impl Nature {
    /// Its name in reports.
    pub fn name(self) -> &'static str {
        match self {
            Self::Warned => "warned",
            Self::Normalised => "normalised",
            Self::Lossy => "lossy",
        }
    }
}

impl Rule {
    /// Tells what is to be known of the rule.
    pub fn facts(self) -> &'static Facts {
        &FACTS[self as usize]
    }

    /// Names the rule in reports.
    pub fn name(self) -> &'static str {
        self.facts().name
    }

    /// Tells how much the rule changes a value.
    pub fn nature(self) -> Nature {
        self.facts().nature
    }

    /// A value has one rule, the gravest of those that it met: the first of equals.
    pub fn graver(first: Option<Self>, second: Option<Self>) -> Option<Self> {
        let weight = |rule: Self| match (rule.nature(), rule) {
            (Nature::Lossy, _) => 3,
            // These say more than that a value is written otherwise.
            (_, Self::JsonDuplicateKey | Self::EpochRescaled) => 2,
            (Nature::Normalised, _) => 1,
            (Nature::Warned, _) => 0,
        };
        match (first, second) {
            (Some(first), Some(second)) if weight(second) > weight(first) => Some(second),
            (first, second) => first.or(second),
        }
    }
}

/// Why a value has no cell of its column's type, so that its row is set aside.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Reason {
    /// The storage class has no cast rule to the column's type.
    NoRule {
        /// SQLite's storage class.
        class: &'static str,
    },
    /// The value has a class that can be cast, but not this value.
    Unfit(&'static str),
    /// The row refers to one that is not there.
    Orphan {
        /// The table that it refers to.
        parent: String,
        /// Whether that row is in the source, and does not arrive.
        parent_does_not_arrive: bool,
    },
    /// PostgreSQL refused the row.
    Refused {
        /// The SQLSTATE.
        code: String,
        /// What the server named: a constraint, or the condition.
        what: String,
    },
}

impl fmt::Display for Reason {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::NoRule { class } => write!(f, "no cast rule for {class}"),
            Self::Unfit(why) => f.write_str(why),
            Self::Orphan { parent, parent_does_not_arrive: false } => {
                write!(f, "refers to a row of {parent} that is not there")
            }
            Self::Orphan { parent, .. } => write!(f, "refers to a row of {parent} that does not arrive as it is"),
            Self::Refused { code, what } => write!(f, "refused by the server: {what} ({code})"),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_rule_stands_at_its_own_place_and_has_its_own_name() {
        for (at, rule) in Rule::ALL.into_iter().enumerate() {
            assert_eq!(rule as usize, at);
        }
        let names: std::collections::HashSet<_> = Rule::ALL.into_iter().map(Rule::name).collect();
        assert_eq!(names.len(), Rule::COUNT);
    }
}
