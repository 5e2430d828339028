//! What a cast does to a value: the named rules that change one, and the reasons that set its row aside.

use std::collections::BTreeMap;
use std::fmt;

/// A named way in which a cast changes a value, or passes on something a person should know.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
#[repr(u8)]
#[expect(missing_docs, reason = "each rule's name says what it does")]
pub enum Rule {
    BooleanFromReal,
    BooleanFromText,
    IntegerFromReal,
    IntegerFromText,
    DoubleFromText,
    DoubleRounded,
    RealRounded,
    NumericFromReal,
    TextFromInteger,
    TextFromReal,
    TextPadded,
    JsonFromInteger,
    JsonFromReal,
    JsonByteOrderMark,
    JsonDuplicateKey,
    JsonUnreadableEscape,
    DateFromText,
    TimeFromText,
    TimestampFromText,
    TimestampOffsetToUtc,
    TimestampFromEpoch,
    DateFromEpoch,
    EpochRescaled,
    EpochFromText,
    EpochFromReal,
    UuidFromText,
    UuidFromBytes,
    BytesFromText,
    BytesFromInteger,
    BytesFromReal,
    ArrayFromJson,
}

/// How much a rule changes a value.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Nature {
    /// The value is the same; something about it is worth a warning.
    Warned,
    /// The value is written in another form.
    Normalised,
    /// Digits of the value are lost.
    Lossy,
}

impl Rule {
    /// The number of rules.
    pub const COUNT: usize = Self::ArrayFromJson as usize + 1;

    /// Every rule, in order.
    pub const ALL: [Self; Self::COUNT] = [
        Self::BooleanFromReal,
        Self::BooleanFromText,
        Self::IntegerFromReal,
        Self::IntegerFromText,
        Self::DoubleFromText,
        Self::DoubleRounded,
        Self::RealRounded,
        Self::NumericFromReal,
        Self::TextFromInteger,
        Self::TextFromReal,
        Self::TextPadded,
        Self::JsonFromInteger,
        Self::JsonFromReal,
        Self::JsonByteOrderMark,
        Self::JsonDuplicateKey,
        Self::JsonUnreadableEscape,
        Self::DateFromText,
        Self::TimeFromText,
        Self::TimestampFromText,
        Self::TimestampOffsetToUtc,
        Self::TimestampFromEpoch,
        Self::DateFromEpoch,
        Self::EpochRescaled,
        Self::EpochFromText,
        Self::EpochFromReal,
        Self::UuidFromText,
        Self::UuidFromBytes,
        Self::BytesFromText,
        Self::BytesFromInteger,
        Self::BytesFromReal,
        Self::ArrayFromJson,
    ];

    /// Names the rule in reports.
    pub fn name(self) -> &'static str {
        match self {
            Self::BooleanFromReal => "boolean: from real 0.0 or 1.0",
            Self::BooleanFromText => "boolean: from a word",
            Self::IntegerFromReal => "integer: from a real without fraction",
            Self::IntegerFromText => "integer: from text",
            Self::DoubleFromText => "double: from text",
            Self::DoubleRounded => "double: integer beyond 53 bits, rounded",
            Self::RealRounded => "real: rounded to 32 bits",
            Self::NumericFromReal => "numeric: from a real's shortest decimal",
            Self::TextFromInteger => "text: from an integer",
            Self::TextFromReal => "text: from a real's shortest decimal",
            Self::TextPadded => "text: padded with blanks",
            Self::JsonFromInteger => "json: number from an integer",
            Self::JsonFromReal => "json: number from a real",
            Self::JsonByteOrderMark => "json: byte order mark dropped",
            Self::JsonDuplicateKey => "json: duplicate key, last wins",
            Self::JsonUnreadableEscape => "json: holds \\u0000 or half a surrogate pair, kept",
            Self::DateFromText => "date: from text",
            Self::TimeFromText => "time: from text",
            Self::TimestampFromText => "timestamp: from text",
            Self::TimestampOffsetToUtc => "timestamp: from text with an offset, in UTC",
            Self::TimestampFromEpoch => "timestamp: from an epoch number",
            Self::DateFromEpoch => "date: from an epoch number",
            Self::EpochRescaled => "epoch: rescaled to the column's unit",
            Self::EpochFromText => "epoch: from text",
            Self::EpochFromReal => "epoch: from a real",
            Self::UuidFromText => "uuid: from text",
            Self::UuidFromBytes => "uuid: from 16 bytes",
            Self::BytesFromText => "bytes: the UTF-8 of a text",
            Self::BytesFromInteger => "bytes: the text of an integer",
            Self::BytesFromReal => "bytes: the text of a real",
            Self::ArrayFromJson => "array: from a JSON array",
        }
    }

    /// Tells how much the rule changes a value.
    pub fn nature(self) -> Nature {
        match self {
            Self::JsonUnreadableEscape => Nature::Warned,
            Self::DoubleRounded | Self::RealRounded => Nature::Lossy,
            _ => Nature::Normalised,
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
            Self::Refused { code, what } => write!(f, "refused by the server: {what} ({code})"),
        }
    }
}

/// Counts of the rules applied, column by column.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Tally {
    counts: Vec<[u64; Rule::COUNT]>,
    changed_rows: u64,
}

impl Tally {
    /// Makes an empty tally for so many columns.
    pub fn new(columns: usize) -> Self {
        Self { counts: vec![[0; Rule::COUNT]; columns], changed_rows: 0 }
    }

    /// Counts the rules that were applied to one row, each with its column.
    pub fn count_row(&mut self, applied: impl IntoIterator<Item = (usize, Rule)>) {
        let mut changed = false;
        for (column, rule) in applied {
            self.counts[column][rule as usize] += 1;
            changed |= rule.nature() != Nature::Warned;
        }
        self.changed_rows += u64::from(changed);
    }

    /// The rows of which at least one value was changed.
    pub fn changed_rows(&self) -> u64 {
        self.changed_rows
    }

    /// Adds another tally of the same columns.
    pub fn add(&mut self, other: &Self) {
        self.changed_rows += other.changed_rows;
        self.counts.resize(self.counts.len().max(other.counts.len()), [0; Rule::COUNT]);
        for (mine, theirs) in self.counts.iter_mut().zip(&other.counts) {
            for (count, more) in mine.iter_mut().zip(theirs) {
                *count += more;
            }
        }
    }

    /// The rules of one column that were applied, with their counts.
    pub fn of_column(&self, column: usize) -> impl Iterator<Item = (Rule, u64)> {
        let counts = self.counts.get(column).copied().unwrap_or([0; Rule::COUNT]);
        Rule::ALL.into_iter().zip(counts).filter(|(_, count)| *count > 0)
    }

    /// The sums over all columns of the rules that match, by name.
    pub fn by_rule(&self, wanted: impl Fn(Nature) -> bool) -> BTreeMap<&'static str, u64> {
        let mut sums = BTreeMap::new();
        for column in 0..self.counts.len() {
            for (rule, count) in self.of_column(column).filter(|(rule, _)| wanted(rule.nature())) {
                *sums.entry(rule.name()).or_default() += count;
            }
        }
        sums
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

    #[test]
    fn a_tally_counts_by_column_and_sums_by_rule() {
        let mut tally = Tally::new(2);
        tally.count_row([(0, Rule::TextFromInteger), (1, Rule::TextFromInteger)]);
        tally.count_row([(1, Rule::JsonUnreadableEscape)]);
        tally.count_row([]);
        assert_eq!(tally.changed_rows(), 1);
        assert_eq!(tally.of_column(1).count(), 2);
        assert_eq!(tally.by_rule(|nature| nature != Nature::Warned), [("text: from an integer", 2)].into());
        assert_eq!(tally.by_rule(|nature| nature == Nature::Warned).len(), 1);
    }
}
