//! What the numbers of a column count that its declaration takes for dates or times, in words.

use super::types;
use crate::schema::LogicalType;
use crate::sqlite::profile::{ColumnProfile, EPOCH_UNITS, TimeProfile};
use crate::value::time::{NumberUnit, civil_from_days};

/// What is to be said of numbers that stay numbers.
#[derive(Debug, Default, PartialEq, Eq)]
pub(super) struct Numbers {
    /// The column's comment in the target.
    pub(super) comment: Option<String>,
    /// What the notice about the column's type ends with.
    pub(super) remark: String,
}

/// Says what the numbers of a column count, where its type or its declaration speaks of times.
pub(super) fn of_numbers(declared: &str, profile: &ColumnProfile, logical: &LogicalType) -> Numbers {
    let times = &profile.times;
    let unit = match logical {
        LogicalType::Epoch(unit) => Some(NumberUnit::Epoch(*unit)),
        LogicalType::BigInt | LogicalType::Double | LogicalType::Numeric(_) if types::is_time(declared) => {
            profile.unit()
        }
        _ => return Numbers::default(),
    };
    let declared = format!("declared {declared} in the source");
    match unit {
        Some(NumberUnit::Epoch(unit)) => {
            let counts = format!("{} since 1970-01-01 UTC", unit.words());
            let shown = times.epochs[unit as usize];
            let some =
                if times.unclear + times.early == 0 { String::new() } else { format!(", as {shown} of them show") };
            Numbers { comment: Some(format!("{counts}; {declared}")), remark: format!(", which counts {counts}{some}") }
        }
        Some(NumberUnit::Julian) => Numbers {
            comment: Some(format!("julian days; {declared}")),
            remark: format!(", which counts julian days{}", of_years(profile)),
        },
        None => {
            let mixed = mixed(times);
            let remark = if mixed.is_empty() { mixed } else { format!(", which seems to count {mixed}") };
            Numbers { comment: None, remark }
        }
    }
}

fn of_years(profile: &ColumnProfile) -> String {
    years(profile).map_or(String::new(), |years| format!(" of {years}"))
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
