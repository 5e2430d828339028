//! What the numbers of a column show by their size of the unit that they count, and what each then means.

use std::fmt;
use std::str::FromStr;

use super::EpochUnit;

/// 2200-01-01T00:00:00Z, after which a number that shows no unit is not taken to be, nor before 1970: -1 often means none.
const END_S: i64 = 7_258_118_400;

/// The units that the numbers of a column show by their size.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum ShownUnit {
    /// All that show one show this: a number that shows none is taken in it.
    Only(EpochUnit),
    /// Several are shown, this most often: a number that shows none has none.
    Mostly(EpochUnit),
}

/// How the unit of one number is known.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Means {
    /// It shows the unit of its column.
    Own,
    /// It shows another.
    Another,
    /// It shows none, and is taken in that of all the others.
    Small,
}

impl ShownUnit {
    /// Sums up how many numbers show each unit, from the coarsest to the finest, and how many of the seconds lie before
    /// 1990, so that they are none beside a finer unit.
    pub fn of(epochs: [u64; 4], small_seconds: u64) -> Option<Self> {
        let mut clear = epochs;
        clear[0] = clear[0].saturating_sub(small_seconds);
        let counts = if clear == [0; 4] { epochs } else { clear };
        let shown = EpochUnit::ALL.into_iter().zip(counts).filter(|(_, count)| *count > 0);
        // Of as many, the coarser.
        let (most, _) = shown.clone().rev().max_by_key(|(_, count)| *count)?;
        Some(if shown.count() == 1 { Self::Only(most) } else { Self::Mostly(most) })
    }

    /// The unit that is shown, or shown most often.
    pub fn unit(self) -> EpochUnit {
        match self {
            Self::Only(unit) | Self::Mostly(unit) => unit,
        }
    }

    /// Tells which unit a number beside those is in; `None` where nothing shows it.
    pub fn take(shown: Option<Self>, number: i64) -> Option<(EpochUnit, Means)> {
        let by_size = EpochUnit::judge(number).filter(|_| !EpochUnit::is_early(number));
        let beside = |own, unit| (unit, if unit == own || number == 0 { Means::Own } else { Means::Another });
        match shown {
            None => by_size.map(|unit| (unit, Means::Own)),
            Some(Self::Mostly(own)) => by_size.map(|unit| beside(own, unit)),
            Some(Self::Only(own)) => match by_size.filter(|_| !own.is_small(number)) {
                Some(unit) => Some(beside(own, unit)),
                None => {
                    let window = 0..END_S.saturating_mul(own.per_second());
                    window.contains(&number).then_some((own, Means::Small))
                }
            },
        }
    }
}

impl fmt::Display for ShownUnit {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Only(unit) => f.write_str(unit.name()),
            Self::Mostly(unit) => write!(f, "mostly {}", unit.name()),
        }
    }
}

impl FromStr for ShownUnit {
    type Err = ();

    fn from_str(text: &str) -> Result<Self, ()> {
        let (mostly, name) = text.strip_prefix("mostly ").map_or((false, text), |name| (true, name));
        let unit = EpochUnit::ALL.into_iter().find(|unit| unit.name() == name).ok_or(())?;
        Ok(if mostly { Self::Mostly(unit) } else { Self::Only(unit) })
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use EpochUnit::{Millis, Nanos, Seconds};

    #[test]
    fn a_column_shows_one_unit_or_several() {
        assert_eq!(ShownUnit::of([0; 4], 0), None);
        assert_eq!(ShownUnit::of([0, 8, 0, 0], 0), Some(ShownUnit::Only(Millis)));
        assert_eq!(ShownUnit::of([2, 8, 0, 0], 2), Some(ShownUnit::Only(Millis)));
        assert_eq!(ShownUnit::of([3, 0, 0, 0], 3), Some(ShownUnit::Only(Seconds)));
        assert_eq!(ShownUnit::of([3, 8, 0, 0], 2), Some(ShownUnit::Mostly(Millis)));
        assert_eq!(ShownUnit::of([2, 0, 0, 2], 0), Some(ShownUnit::Mostly(Seconds)));
        for shown in [ShownUnit::Only(Millis), ShownUnit::Mostly(Nanos)] {
            assert_eq!(shown.to_string().parse(), Ok(shown));
        }
    }

    #[test]
    fn a_number_without_a_unit_takes_that_of_all_the_others_and_never_one_by_default() {
        let millis = Some(ShownUnit::Only(Millis));
        assert_eq!(ShownUnit::take(millis, 5_000), Some((Millis, Means::Small)));
        assert_eq!(ShownUnit::take(millis, 300_000_000), Some((Millis, Means::Small)));
        assert_eq!(ShownUnit::take(millis, -5), None);
        // Milliseconds of 1985, before the window in which they show it.
        assert_eq!(ShownUnit::take(millis, 473_385_600_000), Some((Millis, Means::Small)));
        assert_eq!(ShownUnit::take(Some(ShownUnit::Only(Seconds)), 473_385_600_000), None);
        for shown in [None, Some(ShownUnit::Mostly(Millis))] {
            for number in [5_000, 45_000, 2_460_000, -5] {
                assert_eq!(ShownUnit::take(shown, number), None, "{number}");
            }
        }
    }

    #[test]
    fn a_number_that_shows_a_unit_is_in_it_whatever_the_others_show() {
        assert_eq!(ShownUnit::take(None, 1_700_000_000), Some((Seconds, Means::Own)));
        for shown in [ShownUnit::Only(Millis), ShownUnit::Mostly(Millis)] {
            assert_eq!(ShownUnit::take(Some(shown), 1_700_000_000), Some((Seconds, Means::Another)));
            assert_eq!(ShownUnit::take(Some(shown), 1_700_000_000_000), Some((Millis, Means::Own)));
        }
        assert_eq!(ShownUnit::take(Some(ShownUnit::Mostly(Millis)), 0).map(|(_, means)| means), Some(Means::Own));
        assert_eq!(ShownUnit::take(None, 638_400_000_000_000_000), None, "ticks of .NET");
    }
}
