//! Epoch numbers: the unit each one is in, and the way from one unit to another.

use std::fmt;
use std::str::FromStr;

use crate::value::decimal::Decimal;

/// 2200-01-01T00:00:00Z, the end of the window in which an epoch number is plausible.
const PLAUSIBLE_END_S: i64 = 7_258_118_400;
/// 1990-01-01T00:00:00Z, where the window of the units finer than seconds begins: a number that they would put before it
/// may as well be a far date in a coarser unit, as 253402300799 is the end of the year 9999 in seconds.
const PLAUSIBLE_FINER_S: i64 = 631_152_000;
/// 1990-08-07T03:33:20Z, where that of nanoseconds begins: before it, the same numbers are .NET's ticks of this century.
const PLAUSIBLE_NANOS_S: i64 = 650_000_000;
/// 1971-01-01T00:00:00Z: a number from 1 to here is a moment of 1970 in every unit.
const AFTER_1970_S: i64 = 31_536_000;

/// What an epoch number counts.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum EpochUnit {
    /// Seconds.
    Seconds,
    /// Milliseconds.
    Millis,
    /// Microseconds.
    Micros,
    /// Nanoseconds.
    Nanos,
}

impl EpochUnit {
    /// From the coarsest to the finest.
    pub const ALL: [Self; 4] = [Self::Seconds, Self::Millis, Self::Micros, Self::Nanos];

    /// Judges by magnitude which unit a number is in: seconds from 1970, a finer unit from 1990, each before 2200.
    ///
    /// No two of these windows overlap; `None` for a number in none of them.
    pub fn judge(value: i64) -> Option<Self> {
        let plausible = |unit: &Self| {
            let begin_s = match unit {
                Self::Seconds => 0,
                Self::Millis | Self::Micros => PLAUSIBLE_FINER_S,
                Self::Nanos => PLAUSIBLE_NANOS_S,
            };
            (begin_s * unit.per_second()..PLAUSIBLE_END_S * unit.per_second()).contains(&value)
        };
        Self::ALL.into_iter().find(plausible)
    }

    /// Whether a number is a moment of 1970 in every unit, so that it shows none; zero is the same moment in all.
    pub fn is_early(value: i64) -> bool {
        (1..AFTER_1970_S).contains(&value)
    }

    /// Judges which unit a number is in whose column is said to count in this one: another only where that is clear, so
    /// seconds from 1990; zero, which is the same in all, is no sign of any.
    pub fn judge_beside(self, value: i64) -> Option<Self> {
        Self::judge(value).filter(|_| value != 0 && !self.is_small(value))
    }

    /// Whether a number may be .NET's ticks: tenths of microseconds since the year 1, here of the years 1997 to 2060.
    pub fn is_ticks(value: i64) -> bool {
        (630_000_000_000_000_000..PLAUSIBLE_NANOS_S * Self::Nanos.per_second()).contains(&value)
    }

    /// Whether a number is in the window of seconds, and may as well be of a finer unit's first weeks.
    pub fn is_small_second(value: i64) -> bool {
        (AFTER_1970_S..PLAUSIBLE_FINER_S).contains(&value)
    }

    /// Whether a number of this unit may as well be seconds before 1990, or any unit of 1970.
    pub fn is_small(self, value: i64) -> bool {
        self != Self::Seconds && (1..PLAUSIBLE_FINER_S).contains(&value)
    }

    /// How many of it make a second.
    pub fn per_second(self) -> i64 {
        match self {
            Self::Seconds => 1,
            Self::Millis => 1_000,
            Self::Micros => 1_000_000,
            Self::Nanos => 1_000_000_000,
        }
    }

    /// How many digits after the second's point it has.
    fn digits(self) -> i32 {
        match self {
            Self::Seconds => 0,
            Self::Millis => 3,
            Self::Micros => 6,
            Self::Nanos => 9,
        }
    }

    /// Its symbol: `s`, `ms`, `us` or `ns`.
    pub fn name(self) -> &'static str {
        match self {
            Self::Seconds => "s",
            Self::Millis => "ms",
            Self::Micros => "us",
            Self::Nanos => "ns",
        }
    }

    /// Its name in sentences: `seconds`.
    pub fn words(self) -> &'static str {
        match self {
            Self::Seconds => "seconds",
            Self::Millis => "milliseconds",
            Self::Micros => "microseconds",
            Self::Nanos => "nanoseconds",
        }
    }
}

/// What a number means where a date or time is expected.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum NumberUnit {
    /// So many units since 1970-01-01 UTC; of a time of day: since midnight.
    Epoch(EpochUnit),
    /// A julian day, as SQLite's `julianday()` gives it.
    Julian,
}

impl FromStr for NumberUnit {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        let text = text.trim();
        let unit = EpochUnit::ALL.into_iter().find(|unit| unit.name() == text).map(Self::Epoch);
        let unit = unit.or((text == "julian").then_some(Self::Julian));
        unit.ok_or_else(|| format!("`{text}` is no unit of a time; write s, ms, us, ns or julian"))
    }
}

impl fmt::Display for NumberUnit {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Epoch(unit) => f.write_str(unit.name()),
            Self::Julian => f.write_str("julian"),
        }
    }
}

/// A number in another unit: the last whole step before it, and whether digits were cut off for that.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Steps {
    /// Whole steps, towards the past.
    pub whole: i64,
    /// Whether the number lies after that step.
    pub cut: bool,
}

/// Rescales an epoch number, towards the past where digits are lost; `None` when it overflows.
pub fn steps_of_integer(value: i64, from: EpochUnit, to: EpochUnit) -> Option<Steps> {
    let finer = to.per_second() / from.per_second();
    if finer > 0 {
        return value.checked_mul(finer).map(|whole| Steps { whole, cut: false });
    }
    let coarser = from.per_second() / to.per_second();
    Some(Steps { whole: value.div_euclid(coarser), cut: value.rem_euclid(coarser) != 0 })
}

/// Rescales an epoch number that may have a fraction; `None` when it overflows.
///
/// A whole number is what it is; one with a fraction is its shortest decimal, since a product of floats has digits
/// that nobody stored.
pub fn steps_of_real(value: f64, from: EpochUnit, to: EpochUnit) -> Option<Steps> {
    if value.fract() == 0.0 {
        // 2^63: the first that does not fit.
        let fits = value.abs() < 9_223_372_036_854_775_808.0;
        #[expect(clippy::cast_possible_truncation, reason = "it is whole, and the range was checked")]
        return fits.then_some(value as i64).and_then(|whole| steps_of_integer(whole, from, to));
    }
    let mut scratch = Vec::new();
    let decimal = Decimal::parse(&format!("{value:e}"), &mut scratch)?;
    let (whole, cut) = decimal.steps(to.digits() - from.digits())?;
    Some(Steps { whole, cut })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_unit_is_judged_by_magnitude() {
        let now_s = 1_700_000_000;
        for unit in EpochUnit::ALL {
            assert_eq!(EpochUnit::judge(now_s * unit.per_second()), Some(unit), "{}", unit.name());
            assert_eq!(EpochUnit::judge(PLAUSIBLE_END_S * unit.per_second() - 1), Some(unit), "{}", unit.name());
            let begin_s = if unit == EpochUnit::Nanos { PLAUSIBLE_NANOS_S } else { PLAUSIBLE_FINER_S };
            assert_eq!(EpochUnit::judge(begin_s * unit.per_second()), Some(unit), "{}", unit.name());
        }
        assert_eq!(EpochUnit::judge(0), Some(EpochUnit::Seconds));
        assert_eq!(EpochUnit::judge(-1), None);
        assert_eq!(EpochUnit::judge(i64::MAX), None);
    }

    #[test]
    fn a_far_date_in_seconds_is_no_early_one_in_a_finer_unit() {
        // The years 2200, 2286, 3000 and 9999, and the last number before each finer unit's window.
        for far in [PLAUSIBLE_END_S, 9_999_999_999, 32_503_680_000, 253_402_300_799, 631_151_999_999] {
            assert_eq!(EpochUnit::judge(far), None, "{far}");
        }
        for finer in [EpochUnit::Millis, EpochUnit::Micros, EpochUnit::Nanos] {
            assert_eq!(EpochUnit::judge(PLAUSIBLE_FINER_S * finer.per_second() - 1), None, "{}", finer.name());
        }
    }

    #[test]
    fn a_small_number_shows_no_unit_and_stays_in_that_of_its_column() {
        let early = [0, 1, AFTER_1970_S - 1, AFTER_1970_S].map(EpochUnit::is_early);
        assert_eq!(early, [false, true, true, false]);
        let (seconds, millis) = (EpochUnit::Seconds, EpochUnit::Millis);
        let beside = [100_000, AFTER_1970_S, PLAUSIBLE_FINER_S - 1, PLAUSIBLE_FINER_S];
        assert_eq!(beside.map(|value| millis.judge_beside(value)), [None, None, None, Some(seconds)]);
        assert_eq!(beside.map(|value| millis.is_small(value)), [true, true, true, false]);
        assert_eq!(seconds.judge_beside(AFTER_1970_S), Some(seconds));
        assert_eq!((millis.judge_beside(0), seconds.judge_beside(0)), (None, None));
        assert!(!seconds.is_small(1) && !millis.is_small(0) && !millis.is_small(-1));
    }

    #[test]
    fn rescaling_is_exact_or_says_that_it_cuts() {
        let exact = |whole| Some(Steps { whole, cut: false });
        let (seconds, nanos) = (EpochUnit::Seconds, EpochUnit::Nanos);
        assert_eq!(steps_of_integer(1_700_000_000, seconds, nanos), exact(1_700_000_000_000_000_000));
        assert_eq!(steps_of_integer(-5_000, EpochUnit::Millis, seconds), exact(-5));
        assert_eq!(steps_of_integer(i64::MAX / 1_000 + 1, EpochUnit::Micros, nanos), None);
        assert_eq!(steps_of_integer(i64::MIN, EpochUnit::Micros, EpochUnit::Micros), exact(i64::MIN));
    }

    #[test]
    fn what_a_coarser_unit_cuts_off_goes_towards_the_past() {
        let steps = |value| steps_of_integer(value, EpochUnit::Nanos, EpochUnit::Micros);
        assert_eq!(steps(1_999), Some(Steps { whole: 1, cut: true }));
        assert_eq!(steps(-1), Some(Steps { whole: -1, cut: true }));
        assert_eq!(steps(-2_000), Some(Steps { whole: -2, cut: false }));
        assert_eq!(steps_of_integer(i64::MAX, EpochUnit::Seconds, EpochUnit::Millis), None);
    }

    #[test]
    fn a_fraction_is_exact_when_its_decimal_is() {
        let micros = |value| steps_of_real(value, EpochUnit::Seconds, EpochUnit::Micros);
        assert_eq!(micros(1_700_000_000.123), Some(Steps { whole: 1_700_000_000_123_000, cut: false }));
        assert_eq!(micros(1_700_000_000.123_456), Some(Steps { whole: 1_700_000_000_123_456, cut: false }));
        assert_eq!(micros(0.000_000_1), Some(Steps { whole: 0, cut: true }));
        assert_eq!(micros(-0.000_000_1), Some(Steps { whole: -1, cut: true }));
        assert_eq!(micros(-1.5), Some(Steps { whole: -1_500_000, cut: false }));
        assert_eq!(micros(1e300), None);
        assert_eq!(micros(f64::INFINITY), None);
        let nanos = |value, from| steps_of_real(value, from, EpochUnit::Nanos);
        let exact = |whole| Some(Steps { whole, cut: false });
        assert_eq!(nanos(1_700_000_000_123.5, EpochUnit::Millis), exact(1_700_000_000_123_500_000));
        assert_eq!(nanos(1_700_000_000.123, EpochUnit::Seconds), exact(1_700_000_000_123_000_000));
        assert_eq!(nanos(-0.1, EpochUnit::Micros), exact(-100));
        assert_eq!(nanos(9_223_372_036.9, EpochUnit::Seconds), None);
        let coarser = steps_of_real(1_999.5, EpochUnit::Millis, EpochUnit::Seconds);
        assert_eq!(coarser, Some(Steps { whole: 1, cut: true }));
    }
}
