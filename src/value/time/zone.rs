//! The zone of times that say none: a place on earth by its IANA name, or a fixed offset.

use std::fmt;
use std::str::FromStr;

use jiff::civil::DateTime;
use jiff::tz::{AmbiguousOffset, TimeZone};

use super::calendar::civil_from_days;
use super::{DAY_S, parse_offset};

/// A zone, as a person names it.
#[derive(Clone, PartialEq, Eq)]
pub struct Zone {
    name: String,
    clocks: TimeZone,
}

/// Why a time has no one place in a zone.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ZoneFault {
    /// The clocks show it twice: they were set back.
    Twice,
    /// The clocks never show it: they were set forward.
    Never,
    /// The zone's rules do not reach so far: after the year 9999.
    Beyond,
}

impl ZoneFault {
    /// The reason in a few words.
    pub fn name(self) -> &'static str {
        match self {
            Self::Twice => "a time that the clocks of the column's zone show twice",
            Self::Never => "a time that the clocks of the column's zone never show",
            Self::Beyond => "a time beyond the year 9999, for which the column's zone has no rules",
        }
    }
}

impl Zone {
    /// How many seconds a time that this zone's clocks show, in seconds since 1970-01-01 there, is ahead of UTC.
    pub fn offset_s(&self, shown_s: i64) -> Result<i32, ZoneFault> {
        let (year, month, day) = civil_from_days(shown_s.div_euclid(DAY_S));
        let second = shown_s.rem_euclid(DAY_S);
        let small = |number: i64| i8::try_from(number).unwrap_or(i8::MAX);
        let (month, day) = (small(i64::from(month)), small(i64::from(day)));
        let year = i16::try_from(year).map_err(|_| ZoneFault::Beyond)?;
        let shown =
            DateTime::new(year, month, day, small(second / 3_600), small(second / 60 % 60), small(second % 60), 0)
                .map_err(|_| ZoneFault::Beyond)?;
        match self.clocks.to_ambiguous_timestamp(shown).offset() {
            AmbiguousOffset::Unambiguous { offset } => Ok(offset.seconds()),
            AmbiguousOffset::Fold { .. } => Err(ZoneFault::Twice),
            AmbiguousOffset::Gap { .. } => Err(ZoneFault::Never),
        }
    }
}

impl FromStr for Zone {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        let name = text.trim().to_owned();
        if let Some(Some(offset_s)) = parse_offset(name.as_bytes()) {
            let offset = jiff::tz::Offset::from_seconds(offset_s);
            let offset = offset.map_err(|_| format!("`{name}` is no offset of a zone"))?;
            return Ok(Self { name, clocks: TimeZone::fixed(offset) });
        }
        match TimeZone::get(&name) {
            Ok(clocks) => Ok(Self { name, clocks }),
            Err(_) => Err(format!("no zone is called `{name}`; write one as Europe/Berlin, or an offset as +02:00")),
        }
    }
}

impl fmt::Display for Zone {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.name)
    }
}

impl fmt::Debug for Zone {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Zone({})", self.name)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::value::time::parse_date_time;

    fn offset(zone: &str, shown: &str) -> Result<i32, ZoneFault> {
        let time = parse_date_time(shown.as_bytes()).expect("it is a time");
        zone.parse::<Zone>().expect("it is a zone").offset_s(time.unix_us().expect("it is near") / 1_000_000)
    }

    #[test]
    fn summer_and_winter_differ() {
        assert_eq!(offset("Europe/Berlin", "2024-01-01 12:00"), Ok(3_600));
        assert_eq!(offset("Europe/Berlin", "2024-07-01 12:00"), Ok(7_200));
        assert_eq!(offset("America/New_York", "1969-07-20 16:17:40"), Ok(-14_400));
        assert_eq!(offset("+05:30", "2024-07-01 12:00"), Ok(19_800));
        assert_eq!(offset("Z", "2024-07-01 12:00"), Ok(0));
    }

    #[test]
    fn an_hour_that_is_shown_twice_or_never_is_not_guessed() {
        assert_eq!(offset("Europe/Berlin", "2024-10-27 02:30"), Err(ZoneFault::Twice));
        assert_eq!(offset("Europe/Berlin", "2024-03-31 02:30"), Err(ZoneFault::Never));
        assert_eq!(offset("Europe/Berlin", "10000-01-01 00:00"), Err(ZoneFault::Beyond));
    }

    #[test]
    fn an_unknown_zone_is_named() {
        let said = "Europe/Berlim".parse::<Zone>().expect_err("there is none");
        assert!(said.contains("Europe/Berlim") && said.contains("Europe/Berlin"), "{said}");
    }
}
