//! What the numbers and texts of a column say as dates and times: units, years, forms.

use crate::value::time::{EpochUnit, NumberUnit, ShownUnit, TextTime, is_julian};

const DAY_S: i64 = 86_400;

/// The units that an epoch number may count.
pub const EPOCH_UNITS: [EpochUnit; 4] = EpochUnit::ALL;

/// What a column holds, seen as dates and times. All counts are of values.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct TimeProfile {
    /// Numbers that show by their size that they count each epoch unit, in the order of [`EPOCH_UNITS`].
    pub epochs: [u64; 4],
    /// The first and the last second of those, for each unit.
    pub seconds: [Option<(i64, i64)>; 4],
    /// Numbers that show seconds, and may beside a finer unit be numbers of that: seconds before 1990.
    pub small_seconds: u64,
    /// Numbers that are moments of 1970 in every unit, so that they show none; without zeros.
    pub early: u64,
    /// Numbers that are in no unit from 1970 to 2200.
    pub unclear: u64,
    /// Numbers that would be julian days of the years 1 to 9999.
    pub julian: u64,
    /// The first and the last of those.
    pub julian_days: Option<(f64, f64)>,
    /// Texts that are a date alone.
    pub dates: u64,
    /// Of these, dates that are too late for a timestamp.
    pub far_dates: u64,
    /// Texts that are a date and time without an offset.
    pub naive: u64,
    /// Texts that are a date and time with an offset.
    pub zoned: u64,
    /// Texts that are a time of day.
    pub times_of_day: u64,
    /// Texts that are a date and time with digits beyond microseconds.
    pub fine: u64,
    /// Of these, texts with an offset.
    pub fine_zoned: u64,
    /// Texts that are a time of day with digits beyond microseconds.
    pub fine_of_day: u64,
    /// The first and the last day of the texts that have one.
    pub days: Option<(i32, i32)>,
}

impl TimeProfile {
    pub(super) fn note_integer(&mut self, number: i64) {
        match EpochUnit::judge(number) {
            _ if number == 0 => {}
            _ if EpochUnit::is_early(number) => self.early += 1,
            Some(unit) => self.note_epoch(unit, number),
            None => self.unclear += 1,
        }
        #[expect(clippy::cast_precision_loss, reason = "a number beyond 53 bits is no julian day")]
        self.note_julian(number as f64);
    }

    pub(super) fn note_real(&mut self, number: f64) {
        #[expect(
            clippy::cast_possible_truncation,
            reason = "what is out of range becomes the nearest, which has no unit"
        )]
        let whole = number.floor() as i64;
        match EpochUnit::judge(whole) {
            _ if number == 0.0 => {}
            _ if whole == 0 || EpochUnit::is_early(whole) => self.early += 1,
            Some(unit) => self.note_epoch(unit, whole),
            None => self.unclear += 1,
        }
        self.note_julian(number);
    }

    fn note_epoch(&mut self, unit: EpochUnit, number: i64) {
        self.epochs[unit as usize] += 1;
        self.small_seconds += u64::from(EpochUnit::is_small_second(number));
        widen(&mut self.seconds[unit as usize], number.div_euclid(unit.per_second()));
    }

    fn note_julian(&mut self, number: f64) {
        if is_julian(number) {
            self.julian += 1;
            widen(&mut self.julian_days, number);
        }
    }

    /// Takes in a text that was read as a date, or as a date and time that loses no digit and is none too late for a
    /// timestamp; tells whether it is one.
    pub(super) fn note_text(&mut self, time: TextTime) -> bool {
        match time {
            TextTime { lost_digits: true, offset_s, .. } => {
                self.fine += 1;
                self.fine_zoned += u64::from(offset_s.is_some());
                return false;
            }
            TextTime { has_time: true, .. } if time.unix_us().is_none() => return false,
            TextTime { offset_s: Some(_), .. } => self.zoned += 1,
            TextTime { has_time: true, .. } => self.naive += 1,
            TextTime { .. } => {
                self.dates += 1;
                self.far_dates += u64::from(time.unix_us().is_none());
            }
        }
        widen(&mut self.days, time.days);
        true
    }

    /// Texts that are a date, with or without a time of day, and that a timestamp takes.
    pub fn dated(&self) -> u64 {
        self.dates - self.far_dates + self.naive + self.zoned
    }

    /// What the numbers show of their unit, those that show any.
    pub fn shown(&self) -> Option<ShownUnit> {
        ShownUnit::of(self.epochs, self.small_seconds)
    }

    /// The one unit that the numbers show, of those that show any.
    pub fn shown_unit(&self) -> Option<EpochUnit> {
        match self.shown() {
            Some(ShownUnit::Only(unit)) => Some(unit),
            _ => None,
        }
    }

    /// How many numbers show no unit beside the others; zeros need none.
    pub fn hidden(&self) -> u64 {
        let beside = match self.shown_unit() {
            None | Some(EpochUnit::Seconds) => 0,
            Some(_) => self.small_seconds,
        };
        self.unclear + self.early + beside
    }

    /// What all numbers mean as a date or time, judged over the whole column: the one epoch unit that is shown; or julian
    /// days, when every number is one and some are no integers.
    pub fn unit(&self, integers: u64, reals: u64) -> Option<NumberUnit> {
        if reals > 0 && self.julian == integers + reals {
            return Some(NumberUnit::Julian);
        }
        self.shown_unit().map(NumberUnit::Epoch)
    }

    /// The first and the last second of what the numbers of a unit tell.
    pub fn span(&self, unit: EpochUnit) -> Option<(i64, i64)> {
        self.seconds[unit as usize]
    }

    /// The first and the last second of the texts, to the day.
    pub fn text_span(&self) -> Option<(i64, i64)> {
        self.days.map(|(first, last)| (i64::from(first) * DAY_S, i64::from(last) * DAY_S))
    }
}

/// Widens a span so that it holds one more.
pub(super) fn widen<N: PartialOrd + Copy>(span: &mut Option<(N, N)>, one: N) {
    *span = Some(match *span {
        None => (one, one),
        Some((least, most)) => (if one < least { one } else { least }, if one > most { one } else { most }),
    });
}

#[cfg(test)]
mod tests {
    use super::*;

    fn of(integers: &[i64], reals: &[f64]) -> TimeProfile {
        let mut found = TimeProfile::default();
        integers.iter().for_each(|number| found.note_integer(*number));
        reals.iter().for_each(|number| found.note_real(*number));
        found
    }

    #[test]
    fn the_one_unit_that_is_shown_is_that_of_the_column() {
        let found = of(&[0, 100, 1_700_000_000_000, 1_500_000_000_000], &[]);
        assert_eq!(found.unit(4, 0), Some(NumberUnit::Epoch(EpochUnit::Millis)));
        assert_eq!((found.early, found.span(EpochUnit::Millis)), (1, Some((1_500_000_000, 1_700_000_000))));
        assert_eq!(of(&[1_700_000_000, 1_700_000_000_000_000_000], &[]).unit(2, 0), None);
        assert_eq!(of(&[1, 2, 3], &[]).unit(3, 0), None);
        assert_eq!(of(&[], &[1_700_000_000.25]).unit(0, 1), Some(NumberUnit::Epoch(EpochUnit::Seconds)));
    }

    #[test]
    fn a_time_that_no_timestamp_takes_is_none_and_a_day_stays_a_day() {
        let mut found = TimeProfile::default();
        let mut note = |text: &str| found.note_text(crate::value::time::parse_date_time(text.as_bytes()).expect(text));
        assert!(note("294250-01-01") && note("2024-01-01") && note("294246-12-31 10:00"));
        assert!(!note("294250-01-01 10:00"));
        assert_eq!((found.dates, found.dated(), found.naive), (2, 2, 1));
    }

    #[test]
    fn days_are_julian_only_when_all_numbers_are_and_one_is_no_integer() {
        assert_eq!(of(&[2_460_000], &[2_460_000.25]).unit(1, 1), Some(NumberUnit::Julian));
        assert_eq!(of(&[2_460_000], &[]).unit(1, 0), None);
        assert_eq!(of(&[1], &[2_460_000.25]).unit(1, 1), None);
    }
}
