//! Julian days: days and their fraction since noon on -4713-11-24, as SQLite counts them.

/// Milliseconds of a day.
const DAY_MS: f64 = 86_400_000.0;
/// 1970-01-01T00:00:00Z.
const EPOCH_MS: i64 = 210_866_760_000_000;
/// 9999-12-31T23:59:59.999Z. Source: SQLite, "Date And Time Functions": dates run from 0000 to 9999, and earlier ones are
/// counted down to julian day 0.
const LAST_MS: i64 = 464_269_060_799_999;

/// Microseconds since 1970 of a julian day; `None` outside of SQLite's range.
///
/// SQLite itself reads a julian day as whole milliseconds, the nearest: a binary number near today holds no finer ones.
pub fn julian_micros(days: f64) -> Option<i64> {
    let nearest = (days * DAY_MS + 0.5).floor();
    #[expect(clippy::cast_precision_loss, reason = "milliseconds of ten thousand years are below 2^53")]
    let within = (0.0..=LAST_MS as f64).contains(&nearest);
    #[expect(clippy::cast_possible_truncation, reason = "the range was checked")]
    within.then(|| (nearest as i64 - EPOCH_MS) * 1_000)
}

/// Whether a number would be a julian day of the years 1 to 9999, which no epoch number near today is.
pub fn is_julian(number: f64) -> bool {
    // 0001-01-01 and 10000-01-01.
    (1_721_425.5..5_373_484.5).contains(&number)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_julian_day_is_read_as_sqlite_reads_it() {
        // Source: sqlite3's `select strftime('%s', 2460370.0208333335)` and its kind.
        assert_eq!(julian_micros(2_440_587.5), Some(0));
        assert_eq!(julian_micros(2_460_370.020_833_333_5), Some(1_709_209_800_000_000));
        assert_eq!(julian_micros(2_440_587.499_999_989), Some(-1_000));
        assert_eq!(julian_micros(0.0), Some(-210_866_760_000_000_000));
        assert_eq!(julian_micros(5_373_484.5), None);
        assert_eq!(julian_micros(-0.1), None);
        assert_eq!(julian_micros(f64::NAN), None);
    }

    #[test]
    fn a_number_of_the_calendars_years_may_be_a_julian_day() {
        // Source: sqlite3's `select julianday('0001-01-01'), julianday('9999-12-31 12:00')`.
        assert!(is_julian(1_721_425.5) && is_julian(2_460_000.25) && is_julian(5_373_484.0));
        assert!(
            !is_julian(1_721_425.4) && !is_julian(5_373_484.5) && !is_julian(1_700_000_000.5) && !is_julian(f64::NAN)
        );
    }
}
