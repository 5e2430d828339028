//! The proleptic Gregorian calendar: days since 1970-01-01 as civil dates, and instants as text.

use std::fmt::Write;

use super::{DAY_S, SECOND_US};

/// Days from 0000-03-01 to 1970-01-01.
const EPOCH_FROM_MARCH: i64 = 719_468;
/// Days in the 400 years after which the calendar repeats.
const ERA_DAYS: i64 = 146_097;

/// How many days this month of this year has.
pub(super) fn month_days(year: i64, month: u32) -> u32 {
    let is_leap = year % 4 == 0 && (year % 100 != 0 || year % 400 == 0);
    match month {
        2 if is_leap => 29,
        2 => 28,
        4 | 6 | 9 | 11 => 30,
        _ => 31,
    }
}

/// Days since 1970-01-01 of a civil date; the year before 1 is 0.
// The year is taken to begin in March, so that the leap day is its last and months have regular lengths.
pub fn days_from_civil(year: i64, month: u32, day: u32) -> i64 {
    let year = if month < 3 { year - 1 } else { year };
    let months_after_march = i64::from((month + 9) % 12);
    let leap_days = year.div_euclid(4) - year.div_euclid(100) + year.div_euclid(400);
    let day_of_year = (153 * months_after_march + 2) / 5 + i64::from(day) - 1;
    year * 365 + leap_days + day_of_year - EPOCH_FROM_MARCH
}

/// The civil date (year, month, day) that is so many days after 1970-01-01.
// Source: Howard Hinnant, "chrono-Compatible Low-Level Date Algorithms".
pub fn civil_from_days(days: i64) -> (i64, u32, u32) {
    let from_march = days + EPOCH_FROM_MARCH;
    let era = from_march.div_euclid(ERA_DAYS);
    let day_of_era = from_march.rem_euclid(ERA_DAYS);
    let leap_days = day_of_era / 1_460 - day_of_era / 36_524 + day_of_era / (ERA_DAYS - 1);
    let year_of_era = (day_of_era - leap_days) / 365;
    let day_of_year = day_of_era - (year_of_era * 365 + year_of_era / 4 - year_of_era / 100);
    let months_after_march = (day_of_year * 5 + 2) / 153;
    let day = day_of_year - (months_after_march * 153 + 2) / 5 + 1;
    let month = (months_after_march + 2) % 12 + 1;
    let year = era * 400 + year_of_era + i64::from(month < 3);
    // Both are small by construction.
    (year, month as u32, day as u32)
}

/// Appends microseconds since 1970 as RFC 3339 in UTC, with six fraction digits unless all are zero.
///
/// Years outside 0000–9999, which RFC 3339 does not know, keep all their digits and their sign.
pub fn write_rfc3339(unix_us: i64, out: &mut String) {
    let seconds = unix_us.div_euclid(SECOND_US);
    let fraction_us = unix_us.rem_euclid(SECOND_US);
    let (year, month, day) = civil_from_days(seconds.div_euclid(DAY_S));
    let second = seconds.rem_euclid(DAY_S);
    let sign = if year < 0 { "-" } else { "" };
    // Writing to a String cannot fail.
    let _ = write!(out, "{sign}{:04}-{month:02}-{day:02}T", year.abs());
    let _ = write!(out, "{:02}:{:02}:{:02}", second / 3_600, second / 60 % 60, second % 60);
    if fraction_us != 0 {
        let _ = write!(out, ".{fraction_us:06}");
    }
    out.push('Z');
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn rfc3339(unix_us: i64) -> String {
        let mut out = String::new();
        write_rfc3339(unix_us, &mut out);
        out
    }

    #[test]
    fn leap_years_follow_the_centuries() {
        assert_eq!([1900, 2000, 2023, 2024].map(|year| month_days(year, 2)), [28, 29, 28, 29]);
        assert_eq!(days_from_civil(2000, 3, 1) - days_from_civil(2000, 2, 28), 2);
        assert_eq!(days_from_civil(1900, 3, 1) - days_from_civil(1900, 2, 28), 1);
    }

    #[test]
    fn instants_print_in_utc() {
        assert_eq!(rfc3339(0), "1970-01-01T00:00:00Z");
        assert_eq!(rfc3339(-1), "1969-12-31T23:59:59.999999Z");
        assert_eq!(rfc3339(1_709_209_800_500_000), "2024-02-29T12:30:00.500000Z");
        assert_eq!(rfc3339(253_402_300_800_000_000), "10000-01-01T00:00:00Z");
        assert_eq!(rfc3339(i64::MIN), "-290308-12-21T19:59:05.224192Z");
    }

    proptest! {
        #[test]
        fn days_and_civil_dates_agree(days in -4_000_000_000_i64..4_000_000_000) {
            let (year, month, day) = civil_from_days(days);
            prop_assert!((1..=12).contains(&month) && (1..=month_days(year, month)).contains(&day));
            prop_assert_eq!(days_from_civil(year, month, day), days);
        }
    }
}
