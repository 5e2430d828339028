//! Casts to dates, times and epoch numbers.

use rusqlite::types::ValueRef;

use super::number::{canonical_integer, whole};
use super::{Cast, by, no_rule, unfit};
use crate::value::Cell;
use crate::value::rule::{Reason, Rule};
use crate::value::time::{EpochUnit, TextTime, parse_date_time, parse_time, rescale};

const MICROS_PER_DAY: i64 = 86_400_000_000;

pub(super) fn epoch(value: ValueRef<'_>, unit: EpochUnit) -> Cast<'_> {
    let (number, rule) = match value {
        ValueRef::Integer(number) => (number, None),
        ValueRef::Real(number) => match whole(number) {
            Some(number) => (number, Some(Rule::EpochFromReal)),
            None => return real_epoch(number, unit),
        },
        ValueRef::Text(text) => match (canonical_integer(text), parse_date_time(text)) {
            (Some(number), _) => (number, Some(Rule::EpochFromText)),
            (None, Some(time)) => return text_epoch(&time, unit),
            (None, None) => return unfit("text that is neither an integer nor a date and time"),
        },
        other => return no_rule(other),
    };
    match EpochUnit::judge(number) {
        Some(found) if found != unit && number != 0 => rescale(number, found, unit).map_or_else(
            || unfit("an epoch number that loses digits in the column's unit"),
            |number| by(Rule::EpochRescaled, Cell::Int(number)),
        ),
        _ => Ok((Cell::Int(number), rule)),
    }
}

fn real_epoch(seconds: f64, unit: EpochUnit) -> Cast<'static> {
    #[expect(clippy::cast_precision_loss, reason = "units per second are powers of ten up to 10^9: exact")]
    match whole(seconds * unit.per_second() as f64) {
        Some(number) if number as f64 / unit.per_second() as f64 == seconds => {
            by(Rule::EpochRescaled, Cell::Int(number))
        }
        _ => unfit("a real with a fraction that the column's unit cannot hold"),
    }
}

fn text_epoch(time: &TextTime, unit: EpochUnit) -> Cast<'static> {
    let micros = if time.lost_digits { None } else { time.unix_us() };
    match micros.and_then(|micros| rescale(micros, EpochUnit::Micros, unit)) {
        Some(number) => by(Rule::EpochFromText, Cell::Int(number)),
        None => unfit("a date and time that loses digits in the column's unit"),
    }
}

/// Microseconds since 1970 of an epoch number whose unit is judged by its magnitude.
fn epoch_micros(number: i64) -> Result<i64, Reason> {
    let unit =
        EpochUnit::judge(number).ok_or(Reason::Unfit("a number outside every epoch unit's years 1970 to 2200"))?;
    rescale(number, unit, EpochUnit::Micros).ok_or(Reason::Unfit("an epoch number with digits beyond microseconds"))
}

fn keeps_digits(micros: i64, digits: u8) -> bool {
    let step = 10_i64.pow(6_u32.saturating_sub(u32::from(digits)));
    micros % step == 0
}

pub(super) fn timestamp(value: ValueRef<'_>, digits: u8, with_zone: bool) -> Cast<'_> {
    let (micros, rule) = match value {
        ValueRef::Integer(number) => (epoch_micros(number)?, Rule::TimestampFromEpoch),
        ValueRef::Text(text) => {
            let time = parse_date_time(text).ok_or(Reason::Unfit("text that is no ISO 8601 date and time"))?;
            if time.lost_digits {
                return unfit("a time with digits beyond microseconds");
            }
            let moved = !with_zone && time.offset_s.is_some_and(|offset| offset != 0);
            let rule = if moved { Rule::TimestampOffsetToUtc } else { Rule::TimestampFromText };
            (time.unix_us().ok_or(Reason::Unfit("a time beyond PostgreSQL's range"))?, rule)
        }
        other => return no_rule(other),
    };
    if keeps_digits(micros, digits) {
        by(rule, Cell::Instant(micros))
    } else {
        unfit("a time with more digits than the column keeps")
    }
}

pub(super) fn date(value: ValueRef<'_>) -> Cast<'_> {
    let (days, rest, rule) = match value {
        ValueRef::Integer(number) => {
            let micros = epoch_micros(number)?;
            (micros.div_euclid(MICROS_PER_DAY), micros.rem_euclid(MICROS_PER_DAY), Rule::DateFromEpoch)
        }
        ValueRef::Text(text) => {
            let time = parse_date_time(text).ok_or(Reason::Unfit("text that is no ISO 8601 date"))?;
            // Not a sum: an offset behind UTC must not cancel out a time of day.
            let midnight = time.time_us == 0 && !time.lost_digits && time.offset_s.unwrap_or(0) == 0;
            (i64::from(time.days), i64::from(!midnight), Rule::DateFromText)
        }
        other => return no_rule(other),
    };
    match i32::try_from(days) {
        Ok(days) if rest == 0 => by(rule, Cell::Date(days)),
        _ => unfit("a date with a time of day"),
    }
}

pub(super) fn time(value: ValueRef<'_>, digits: u8) -> Cast<'_> {
    let ValueRef::Text(text) = value else { return no_rule(value) };
    match parse_time(text) {
        Some((micros, false)) if keeps_digits(micros, digits) => by(Rule::TimeFromText, Cell::Time(micros)),
        Some(_) => unfit("a time with more digits than the column keeps"),
        None => unfit("text that is no time of day"),
    }
}
