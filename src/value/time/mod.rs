//! Times: as text, read here, as epoch numbers and as days of the calendar.

mod calendar;
mod epoch;
mod julian;
mod shown;
mod zone;

pub use calendar::{civil_from_days, days_from_civil, write_rfc3339};
pub use epoch::{EpochUnit, NumberUnit, Steps, steps_of_integer, steps_of_real};
pub use julian::{is_julian, julian_micros};
pub use shown::{Means, ShownUnit};
pub use zone::{Zone, ZoneFault};

use calendar::month_days;

const DAY_S: i64 = 86_400;
const SECOND_US: i64 = 1_000_000;
// Source: PostgreSQL manual, "Date/Time Types": timestamps end with the year 294276.
const LAST_YEAR: i64 = 294_276;
// Source: PostgreSQL's src/include/datatype/timestamp.h, MAX_TZDISP_HOUR.
const LAST_OFFSET_HOUR: u32 = 15;

/// A date and time of day as text gave it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct TextTime {
    /// Days since 1970-01-01, before any offset.
    pub days: i32,
    /// Microseconds of the day, before any offset; finer digits are cut off, which is towards the past.
    pub time_us: i64,
    /// Whether the text said a time of day.
    pub has_time: bool,
    /// How many seconds it is ahead of UTC, when the text said so.
    pub offset_s: Option<i32>,
    /// Whether digits other than zero beyond microseconds were cut off.
    pub lost_digits: bool,
}

impl TextTime {
    /// Microseconds since 1970-01-01T00:00:00Z, naive text taken as UTC; `None` on overflow (from the year 294247 on).
    pub fn unix_us(&self) -> Option<i64> {
        let midnight_s = i64::from(self.days) * DAY_S - i64::from(self.offset_s.unwrap_or(0));
        midnight_s.checked_mul(SECOND_US)?.checked_add(self.time_us)
    }
}

/// Reads `YYYY-MM-DD` and `YYYY-MM-DD[ T]HH:MM[:SS[.f…]][ ][Z|±HH[:]MM|±HH]`, nothing around it.
///
/// Years run from 0001 to 294276, those from 10000 on with all their digits; offsets stay below 16 hours as in
/// PostgreSQL. `None` for anything else, a day that no calendar has, hour 24 or second 60.
pub fn parse_date_time(text: &[u8]) -> Option<TextTime> {
    let (days, rest) = take_date(text)?;
    let date = TextTime { days, time_us: 0, has_time: false, offset_s: None, lost_digits: false };
    match rest {
        [] => Some(date),
        [b' ' | b'T', rest @ ..] => {
            let (time_us, lost_digits, rest) = take_clock(rest)?;
            Some(TextTime { time_us, lost_digits, has_time: true, offset_s: parse_offset(rest)?, ..date })
        }
        _ => None,
    }
}

/// Reads `HH:MM[:SS[.f…]]` as microseconds of the day, and whether digits other than zero beyond them were cut off.
pub fn parse_time(text: &[u8]) -> Option<(i64, bool)> {
    let (time_us, lost_digits, rest) = take_clock(text)?;
    rest.is_empty().then_some((time_us, lost_digits))
}

fn take_date(text: &[u8]) -> Option<(i32, &[u8])> {
    let (year, rest) = take_year(text)?;
    let [b'-', m1, m2, b'-', d1, d2, rest @ ..] = rest else {
        return None;
    };
    let month = two_digits(*m1, *m2, 12)?;
    let day = two_digits(*d1, *d2, 31)?;
    if year == 0 || month == 0 || day == 0 || day > month_days(year, month) {
        return None;
    }
    let days = i32::try_from(days_from_civil(year, month, day)).ok()?;
    Some((days, rest))
}

/// Four digits, or up to six that do not begin with a zero.
fn take_year(text: &[u8]) -> Option<(i64, &[u8])> {
    let length = text.iter().take(7).take_while(|byte| byte.is_ascii_digit()).count();
    let (digits, rest) = text.split_at(length);
    let year = digits.iter().fold(0, |year, digit| year * 10 + i64::from(digit - b'0'));
    let is_written_right = length == 4 || length > 4 && digits[0] != b'0';
    (is_written_right && year <= LAST_YEAR).then_some((year, rest))
}

/// Microseconds of the day, whether finer digits were lost, and what follows.
fn take_clock(text: &[u8]) -> Option<(i64, bool, &[u8])> {
    let [h1, h2, b':', m1, m2, rest @ ..] = text else {
        return None;
    };
    let minutes = two_digits(*h1, *h2, 23)? * 60 + two_digits(*m1, *m2, 59)?;
    let [b':', s1, s2, rest @ ..] = rest else {
        return Some((i64::from(minutes) * 60 * SECOND_US, false, rest));
    };
    let seconds = minutes * 60 + two_digits(*s1, *s2, 59)?;
    let (fraction_us, lost_digits, rest) = take_fraction(rest)?;
    Some((i64::from(seconds) * SECOND_US + fraction_us, lost_digits, rest))
}

/// A point and digits if there are any: microseconds, whether finer digits were lost, and what follows.
fn take_fraction(text: &[u8]) -> Option<(i64, bool, &[u8])> {
    let Some(after_point) = text.strip_prefix(b".") else {
        return Some((0, false, text));
    };
    let length = after_point.iter().take_while(|byte| byte.is_ascii_digit()).count();
    let (digits, rest) = after_point.split_at(length);
    let (kept, cut) = digits.split_at(length.min(6));
    let value = kept.iter().fold(0, |value, digit| value * 10 + i64::from(digit - b'0'));
    let fraction_us = value * 10_i64.pow(6 - kept.len() as u32);
    (length > 0).then_some((fraction_us, cut.iter().any(|&digit| digit != b'0'), rest))
}

/// The seconds of an offset that is all of `text`; the inner `None` when there is none.
fn parse_offset(text: &[u8]) -> Option<Option<i32>> {
    let (sign, h1, h2, minutes) = match text.strip_prefix(b" ").unwrap_or(text) {
        [] => return text.is_empty().then_some(None),
        [b'Z'] => return Some(Some(0)),
        [sign, h1, h2] => (sign, h1, h2, [b'0', b'0']),
        [sign, h1, h2, m1, m2] | [sign, h1, h2, b':', m1, m2] => (sign, h1, h2, [*m1, *m2]),
        _ => return None,
    };
    let minutes = two_digits(*h1, *h2, LAST_OFFSET_HOUR)? * 60 + two_digits(minutes[0], minutes[1], 59)?;
    let offset_s = i32::try_from(minutes * 60).ok()?;
    match sign {
        b'+' => Some(Some(offset_s)),
        b'-' => Some(Some(-offset_s)),
        _ => None,
    }
}

fn two_digits(tens: u8, ones: u8, last: u32) -> Option<u32> {
    let is_number = tens.is_ascii_digit() && ones.is_ascii_digit();
    let number = is_number.then(|| u32::from(tens - b'0') * 10 + u32::from(ones - b'0'))?;
    (number <= last).then_some(number)
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn instant(text: &str) -> Option<i64> {
        parse_date_time(text.as_bytes())?.unix_us()
    }

    fn rfc3339(unix_us: i64) -> String {
        let mut out = String::new();
        write_rfc3339(unix_us, &mut out);
        out
    }

    #[test]
    fn mixed_forms_of_one_instant_agree() {
        let forms = [
            "2024-02-29 12:30:00",
            "2024-02-29T12:30",
            "2024-02-29T12:30:00Z",
            "2024-02-29 12:30:00.000 Z",
            "2024-02-29T14:30:00+02:00",
            "2024-02-29T14:30+0200",
            "2024-02-29 14:30:00.0000000 +02",
            "2024-02-28T23:00:00-13:30",
            "2024-02-29T12:30:00-00:00",
        ];
        for form in forms {
            assert_eq!(instant(form), Some(1_709_209_800_000_000), "{form}");
        }
    }

    #[test]
    fn the_form_of_current_timestamp_is_naive() {
        let time = parse_date_time(b"2023-11-14 22:13:20").unwrap();
        assert_eq!((time.days, time.time_us), (19_675, 80_000_000_000));
        assert_eq!((time.has_time, time.offset_s, time.lost_digits), (true, None, false));
        assert_eq!(parse_date_time(b"2023-11-14").map(|time| time.has_time), Some(false));
    }

    #[test]
    fn other_text_is_no_time() {
        let broken = [
            "",
            "0000-00-00",
            "0000-01-01",
            "2023-02-29",
            "1900-02-29",
            "2024-13-01",
            "2024-00-10",
            "2024-04-31",
            "2024-1-1",
            "24-01-01",
            "010000-01-01",
            "294277-01-01",
            "1234567-01-01",
            "2024-01-01 ",
            "2024-01-01Z",
            " 2024-01-01",
            "2024-01-01 24:00:00",
            "2024-01-01 12:60",
            "2024-01-01 23:59:60",
            "2024-01-01 12",
            "2024-01-01t12:00",
            "2024-01-01 12:00:00.",
            "2024-01-01 12:00 ",
            "2024-01-01 12:00  Z",
            "2024-01-01 12:00z",
            "2024-01-01 12:00+2",
            "2024-01-01 12:00+16:00",
            "2024-01-01 12:00*02:00",
            "2024-01-01 12:00+02:60",
            "2024-01-01 12:00+02:00 ",
            "now",
        ];
        for text in broken {
            assert_eq!(parse_date_time(text.as_bytes()), None, "{text}");
        }
    }

    #[test]
    fn digits_beyond_microseconds_are_cut_towards_the_past_and_told() {
        let time = parse_date_time(b"1969-12-31 23:59:59.9999999").unwrap();
        assert_eq!((time.unix_us(), time.lost_digits), (Some(-1), true));
        assert_eq!(parse_time(b"00:00:00.1234560000"), Some((123_456, false)));
        assert_eq!(parse_time(b"00:00:00.0000009"), Some((0, true)));
        assert_eq!(parse_time(b"00:00:00.5"), Some((500_000, false)));
    }

    #[test]
    fn a_time_of_day_stands_alone() {
        assert_eq!(parse_time(b"23:59"), Some((86_340_000_000, false)));
        assert_eq!(parse_time(b"23:59:59"), Some((86_399_000_000, false)));
        for text in ["24:00", "12", "12:00Z", "1:00", "12:00:60", ""] {
            assert_eq!(parse_time(text.as_bytes()), None, "{text}");
        }
    }

    #[test]
    fn early_and_late_years_are_read() {
        assert_eq!(instant("0001-01-01"), Some(-62_135_596_800_000_000));
        assert_eq!(instant("1969-07-20 20:17:40"), Some(-14_182_940_000_000));
        assert_eq!(instant("9999-12-31T23:59:59.999999Z"), Some(253_402_300_799_999_999));
        assert_eq!(instant("10000-01-01"), Some(253_402_300_800_000_000));
        assert_eq!(parse_date_time(b"294276-12-31").map(|time| time.days), Some(106_762_939));
        assert_eq!(instant("294276-12-31"), None);
    }

    proptest! {
        #[test]
        fn what_is_printed_is_read_again(unix_us in -62_135_596_800_000_000_i64..i64::MAX) {
            prop_assert_eq!(instant(&rfc3339(unix_us)), Some(unix_us));
        }
    }
}
