//! What the numbers of a column mean that go into a date or a time: judged over the whole column, when nobody says it.

use super::infer::{are_ticks, is_time, mixed, years};
use super::matching::ColumnPlan;
use crate::schema::{Column, LogicalType, Table};
use crate::sqlite::profile::{ColumnProfile, TableProfile, profile};
use crate::sqlite::read::TableRead;
use crate::sqlite::sample::Sample;
use crate::sqlite::{Reader, SqliteError};
use crate::value::counted;
use crate::value::time::{EpochUnit, NumberUnit, ShownUnit};

/// What was found of the numbers of one column.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct FoundUnit {
    /// The column's name in the source.
    pub(crate) column: String,
    /// The unit in which all its numbers are taken; none when each is taken by its own size.
    pub(crate) unit: Option<NumberUnit>,
    /// What its numbers show, beside which each is taken.
    pub(crate) shown: Option<ShownUnit>,
    /// It in a sentence.
    pub(crate) notice: String,
}

impl FoundUnit {
    /// Has the column's numbers read so.
    pub(crate) fn put_on(&self, column: &mut ColumnPlan) {
        (column.reading.unit, column.reading.shown) = (self.unit, self.shown);
    }
}

/// Whether numbers may come into a column of which nobody said what they mean.
pub(crate) fn is_open(column: &ColumnPlan) -> bool {
    use LogicalType as T;
    (column.reading.unit, column.reading.shown) == (None, None)
        && matches!(column.logical, T::Date | T::Timestamp(_) | T::TimestampTz(_))
}

/// Judges what the numbers mean of columns that become dates or times, and puts it on those where the single number does
/// not show it; `known` is the table's profile, which is taken of these columns alone where there is none.
pub(crate) fn settle(
    reader: &Reader<'_>,
    source: &Table,
    read: &TableRead,
    known: Option<&TableProfile>,
    columns: &mut [ColumnPlan],
    sample: Option<(Sample, u64)>,
) -> Result<Vec<FoundUnit>, SqliteError> {
    let open: Vec<usize> = (0..columns.len()).filter(|at| is_open(&columns[*at])).collect();
    let of_source = |at: &usize| source.columns.iter().position(|column| column.name == columns[*at].source);
    let found: Vec<ColumnProfile> = match known {
        _ if open.is_empty() => return Ok(Vec::new()),
        Some(known) => {
            let place = |at| of_source(at).and_then(|place| known.columns.get(place).cloned());
            open.iter().map(|at| place(at).unwrap_or_default()).collect()
        }
        None => {
            let names: Vec<String> = open.iter().map(|at| columns[*at].source.clone()).collect();
            let those: Vec<Column> = names.iter().filter_map(|name| source.column(name).cloned()).collect();
            let read = TableRead { columns: names, ..read.clone() };
            profile(reader, &read, &those, sample, || {})?.columns
        }
    };
    let judged = open.into_iter().zip(&found).filter_map(|(at, found)| {
        let declared = source.column(&columns[at].source).is_some_and(|column| is_time(&column.declared));
        let judged = judge(&source.name, &columns[at].source, declared, found)?;
        judged.put_on(&mut columns[at]);
        Some(judged)
    });
    Ok(judged.collect())
}

/// Judges the numbers of one column, of which the source may say that they are times; `None` where there are none but
/// zeros, which every unit means alike.
fn judge(table: &str, column: &str, says_time: bool, found: &ColumnProfile) -> Option<FoundUnit> {
    let times = &found.times;
    let hidden = times.hidden();
    let total = times.epochs.iter().sum::<u64>() + times.unclear + times.early;
    if total == 0 {
        return None;
    }
    let place = format!("{table}.{column}");
    let years = years(found).map_or(String::new(), |years| format!(" ({years})"));
    let said = |unit, shown, notice: String| {
        let notice = format!("column {place}{notice}");
        Some(FoundUnit { column: column.to_owned(), unit, shown, notice })
    };
    let (shown, only) = (times.shown(), times.shown_unit());
    match (found.unit(), only) {
        (Some(unit @ NumberUnit::Julian), _) if !says_time => said(
            None,
            None,
            format!(": its numbers can be julian days{years}; if they are, say it: --unit '{place}={unit}'"),
        ),
        (Some(unit @ NumberUnit::Julian), _) => {
            said(Some(unit), None, format!(": its numbers are taken for julian days{years}, as all of them can be"))
        }
        // Numbers with fractions alone may be of any kind.
        _ if found.integers == 0 => said(None, None, of_reals(&place, only, &years)),
        (_, Some(unit)) if hidden == 0 && found.reals == 0 => {
            said(None, shown, format!(": its numbers are taken to count {}{years}, by their size", unit.words()))
        }
        (_, Some(unit)) => {
            let (words, shows) = (unit.words(), total - hidden);
            let small = (hidden > 0).then(|| {
                let show = counted(hidden, "shows no unit and is", "show no unit and are");
                format!("; {show} taken in it, too, or set aside where that is no moment from 1970 to 2199")
            });
            let small = small.unwrap_or_default();
            let they =
                format!(": its numbers are taken to count {words}{years}, as {shows} of {total} show by their size");
            said(None, shown, they + &small)
        }
        _ => said(None, shown, one_by_one(&place, found)),
    }
}

/// Of numbers that are all stored as REAL: what they would be, and how to say it.
fn of_reals(place: &str, shown: Option<EpochUnit>, years: &str) -> String {
    let would = shown.map_or(String::new(), |unit| format!("; by it they would be {}{years}", unit.words()));
    let unit = shown.map_or("UNIT", EpochUnit::name);
    format!(
        ": its numbers are stored as REAL, which does not show its unit by its size, and set aside until one \
         is said{would}: --unit '{place}={unit}'"
    )
}

/// Of numbers that show no unit together: how each is taken.
fn one_by_one(place: &str, found: &ColumnProfile) -> String {
    let times = &found.times;
    let units = mixed(times);
    let how =
        if found.reals == 0 { "each as its size shows" } else { "as their size shows, by which an integer is taken" };
    let each = (!units.is_empty()).then(|| format!("{units}, {how}"));
    let hidden = (times.hidden() > 0).then(|| {
        let show = counted(times.hidden(), "shows no unit and is", "show no unit and are");
        let ticks = if are_ticks(found) { " (perhaps .NET's ticks, which are none of these)" } else { "" };
        format!("{show} set aside until one is said: --unit '{place}=UNIT', one of s, ms, us, ns and julian{ticks}")
    });
    let reals = (found.reals > 0).then(|| {
        let are = counted(found.reals, "is stored as REAL and", "are stored as REAL and");
        format!("{are} set aside until a unit is said")
    });
    let parts: Vec<String> = [each, hidden, reals].into_iter().flatten().collect();
    format!(", of its numbers: {}", parts.join("; "))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::sqlite::profile::TimeProfile;

    fn judged(integers: u64, epochs: [u64; 4], early: u64, unclear: u64) -> (Option<ShownUnit>, String) {
        let times = TimeProfile { epochs, early, unclear, ..TimeProfile::default() };
        let found = judge("t", "c", false, &ColumnProfile { integers, times, ..ColumnProfile::default() });
        found.map(|found| (found.shown, found.notice)).expect("there are numbers")
    }

    #[test]
    fn numbers_without_a_unit_take_the_only_one_that_is_shown() {
        let millis = Some(ShownUnit::Only(EpochUnit::Millis));
        let (shown, notice) = judged(3, [0, 3, 0, 0], 0, 0);
        assert_eq!(
            (shown, notice.as_str()),
            (millis, "column t.c: its numbers are taken to count milliseconds, by their size")
        );
        let (shown, notice) = judged(9, [0, 8, 0, 0], 1, 0);
        assert_eq!(shown, millis);
        assert!(notice.contains("as 8 of 9 show by their size; 1 shows no unit and is taken in it, too"), "{notice}");
    }

    #[test]
    fn numbers_of_several_units_or_of_none_are_told_with_their_counts() {
        let (shown, notice) = judged(6, [2, 0, 0, 1], 0, 3);
        assert_eq!(shown, Some(ShownUnit::Mostly(EpochUnit::Seconds)));
        assert!(notice.contains("seconds in 2, nanoseconds in 1") && notice.contains("; 3 show no unit"), "{notice}");
        let (shown, notice) = judged(5, [0; 4], 2, 3);
        assert_eq!(shown, None);
        assert!(notice.starts_with("column t.c, of its numbers: 5 show no unit and are set aside"), "{notice}");
    }

    #[test]
    fn julian_days_are_taken_only_where_the_source_says_times() {
        let times = TimeProfile { julian: 2, julian_days: Some((2_460_000.25, 2_460_000.5)), ..TimeProfile::default() };
        let found = ColumnProfile { reals: 2, times: TimeProfile { unclear: 2, ..times }, ..ColumnProfile::default() };
        let judged = |says_time| judge("t", "c", says_time, &found).map(|found| (found.unit, found.notice));
        assert_eq!(judged(true).map(|(unit, _)| unit), Some(Some(NumberUnit::Julian)));
        let (unit, notice) = judged(false).expect("there are numbers");
        assert_eq!(unit, None);
        assert!(notice.ends_with("can be julian days (2023); if they are, say it: --unit 't.c=julian'"), "{notice}");
    }

    #[test]
    fn reals_alone_show_no_unit_and_are_told_what_they_would_be() {
        let seconds = [Some((1_700_000_000, 1_700_000_000)), None, None, None];
        let times = TimeProfile { epochs: [1, 0, 0, 0], seconds, ..TimeProfile::default() };
        let found = judge("t", "c", true, &ColumnProfile { reals: 1, times, ..ColumnProfile::default() });
        let (unit, notice) = found.map(|found| (found.unit, found.notice)).expect("there are numbers");
        assert_eq!(unit, None);
        assert!(notice.ends_with("by it they would be seconds (2023): --unit 't.c=s'"), "{notice}");
    }

    #[test]
    fn zeros_need_no_unit() {
        assert_eq!(judge("t", "c", true, &ColumnProfile { integers: 2, ..ColumnProfile::default() }), None);
    }
}
