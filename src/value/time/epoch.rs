//! Epoch numbers: the unit each one is in, and the way from one unit to another.

/// 2200-01-01T00:00:00Z, the end of the window in which an epoch number is plausible.
const PLAUSIBLE_S: i64 = 7_258_118_400;

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
    const ALL: [Self; 4] = [Self::Seconds, Self::Millis, Self::Micros, Self::Nanos];

    /// Judges by magnitude which unit puts a number between 1970 and 2200.
    ///
    /// The coarsest such unit wins; `None` for negative numbers and for those beyond 2200 even in nanoseconds.
    pub fn judge(value: i64) -> Option<Self> {
        let plausible = |unit: &Self| value <= PLAUSIBLE_S * unit.per_second();
        Self::ALL.into_iter().find(plausible).filter(|_| value >= 0)
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

    /// Its symbol: `s`, `ms`, `us` or `ns`.
    pub fn name(self) -> &'static str {
        match self {
            Self::Seconds => "s",
            Self::Millis => "ms",
            Self::Micros => "us",
            Self::Nanos => "ns",
        }
    }
}

/// Rescales an epoch number exactly; `None` when digits other than zero would be lost or it overflows.
pub fn rescale(value: i64, from: EpochUnit, to: EpochUnit) -> Option<i64> {
    let finer = to.per_second() / from.per_second();
    if finer > 0 {
        return value.checked_mul(finer);
    }
    let coarser = from.per_second() / to.per_second();
    (value % coarser == 0).then_some(value / coarser)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_unit_is_judged_by_magnitude() {
        let now_s = 1_700_000_000;
        for unit in EpochUnit::ALL {
            assert_eq!(EpochUnit::judge(now_s * unit.per_second()), Some(unit), "{}", unit.name());
            assert_eq!(EpochUnit::judge(PLAUSIBLE_S * unit.per_second()), Some(unit), "{}", unit.name());
        }
        assert_eq!(EpochUnit::judge(0), Some(EpochUnit::Seconds));
        assert_eq!(EpochUnit::judge(PLAUSIBLE_S + 1), Some(EpochUnit::Millis));
        assert_eq!(EpochUnit::judge(-1), None);
        assert_eq!(EpochUnit::judge(i64::MAX), None);
    }

    #[test]
    fn rescaling_is_exact_or_refused() {
        assert_eq!(rescale(1_700_000_000, EpochUnit::Seconds, EpochUnit::Nanos), Some(1_700_000_000_000_000_000));
        assert_eq!(rescale(-5_000, EpochUnit::Millis, EpochUnit::Seconds), Some(-5));
        assert_eq!(rescale(1_700_000_000_001, EpochUnit::Millis, EpochUnit::Seconds), None);
        assert_eq!(rescale(i64::MAX / 1_000 + 1, EpochUnit::Micros, EpochUnit::Nanos), None);
        assert_eq!(rescale(i64::MIN, EpochUnit::Micros, EpochUnit::Micros), Some(i64::MIN));
    }
}
