//! What the numbers of a column count that its declaration takes for dates or times, in words.

use super::types;
use crate::schema::LogicalType;
use crate::sqlite::profile::{ColumnProfile, EPOCH_UNITS, TimeProfile};
use crate::value::time::{EpochUnit, NumberUnit, civil_from_days};

/// What is to be said of numbers that stay numbers.
#[derive(Debug, Default, PartialEq, Eq)]
pub(super) struct Numbers {
    /// The column's comment in the target.
    pub(super) comment: Option<String>,
    /// What the notice about the column's type ends with.
    pub(super) remark: String,
}

/// Says what the numbers of a column count as a person chose, or may count, where its declaration speaks of times.
pub(super) fn of_numbers(declared: &str, profile: &ColumnProfile, logical: &LogicalType) -> Numbers {
    let said = format!("declared {declared} in the source");
    match logical {
        LogicalType::Epoch(unit) => {
            let comment = format!("{} since 1970-01-01 UTC; {said}", unit.words());
            Numbers { comment: Some(comment), remark: String::new() }
        }
        LogicalType::BigInt | LogicalType::Double | LogicalType::Numeric(_) if types::is_time(declared) => {
            guessed(profile, &said)
        }
        _ => Numbers::default(),
    }
}

/// What the numbers would be by their size, which is no more than likely: other things have it, too.
fn guessed(profile: &ColumnProfile, said: &str) -> Numbers {
    let times = &profile.times;
    if are_ticks(profile) {
        let what = "perhaps .NET's ticks since the year 1";
        return Numbers { comment: Some(format!("{what}; {said}")), remark: format!(", {what}") };
    }
    let (Some(unit), Some(years)) = (profile.unit(), years(profile)) else {
        let mixed = mixed(times);
        let remark = if mixed.is_empty() { mixed } else { format!(", which seems to count {mixed}") };
        return Numbers { comment: None, remark };
    };
    let is_one = profile.integers + profile.reals == 1;
    let (numbers, them) = if is_one { ("its number", "it") } else { ("its numbers", "they") };
    match unit {
        NumberUnit::Epoch(unit) => {
            let (words, shown) = (unit.words(), times.epochs[unit as usize]);
            let (theirs, they) = match times.hidden() {
                0 => (numbers.to_owned(), format!(" {them}")),
                _ => (format!("{shown} of its numbers"), format!(", {shown} of them")),
            };
            Numbers {
                comment: Some(format!("as {words} since 1970-01-01 UTC, {theirs} would be of {years}; {said}")),
                remark: format!("; as {words} since 1970{they} would be of {years}"),
            }
        }
        NumberUnit::Julian => Numbers {
            comment: Some(format!("as julian days, {numbers} would be of {years}; {said}")),
            remark: format!("; as julian days {them} would be of {years}"),
        },
    }
}

/// Whether all numbers are integers that may be .NET's ticks, which no unit counts.
pub fn are_ticks(profile: &ColumnProfile) -> bool {
    let within = |(least, most)| EpochUnit::is_ticks(least) && EpochUnit::is_ticks(most);
    profile.reals == 0 && profile.integer_range.is_some_and(within)
}

/// The units that numbers show, each with how many show it; nothing where none does.
pub fn mixed(times: &TimeProfile) -> String {
    let counts = EPOCH_UNITS.into_iter().zip(times.epochs).filter(|(_, count)| *count > 0);
    counts.map(|(unit, count)| format!("{} in {count}", unit.words())).collect::<Vec<_>>().join(", ")
}

/// The years that a column's numbers tell in the one unit that they show, or in julian days: `2020–2024`.
pub fn years(profile: &ColumnProfile) -> Option<String> {
    match profile.unit()? {
        NumberUnit::Epoch(unit) => profile.times.span(unit).map(between),
        NumberUnit::Julian => profile.times.julian_days.map(|(first, last)| between((julian_s(first), julian_s(last)))),
    }
}

#[expect(clippy::cast_possible_truncation, reason = "julian days of the years 1 to 9999 are small")]
fn julian_s(days: f64) -> i64 {
    // 1970-01-01 is julian day 2440587.5.
    ((days - 2_440_587.5) * 86_400.0).floor() as i64
}

/// The years from one second to another.
pub(super) fn between((first, last): (i64, i64)) -> String {
    let year = |second: i64| civil_from_days(second.div_euclid(86_400)).0;
    let (first, last) = (year(first), year(last));
    if first == last { first.to_string() } else { format!("{first}–{last}") }
}
