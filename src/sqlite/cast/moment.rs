//! Casts to dates, times and epoch numbers.

use rusqlite::types::ValueRef;

use super::number::{canonical_integer, whole};
use super::{Cast, by, no_rule, unfit};
use crate::value::Cell;
use crate::value::reading::Reading;
use crate::value::relax::Relaxations;
use crate::value::relax::reason::{
    BEYOND_MICROS, EPOCH_BEYOND_MICROS, FRACTION_LOST, LOST_IN_UNIT, TEXT_LOST_IN_UNIT, TOO_FINE,
};
use crate::value::rule::{Reason, Rule};
use crate::value::time::{
    EpochUnit, Means, NumberUnit, ShownUnit, Steps, TextTime, Zone, julian_micros, parse_date_time, parse_time,
    steps_of_integer, steps_of_real,
};

const MICROS_PER_DAY: i64 = 86_400_000_000;
/// What some databases store where a date is not known.
const ZERO_DATES: [&[u8]; 2] = [b"0000-00-00", b"0000-00-00 00:00:00"];

const BEYOND: Reason = Reason::Unfit("a number beyond 64 bits in the column's unit");
const TEXT_BEYOND: Reason = Reason::Unfit("a date and time outside the range of the column's unit");
const UNIT_UNKNOWN: Reason =
    Reason::Unfit("a number that does not show its unit; say it with --unit 'TABLE.COLUMN=UNIT'");
const TICKS: Reason = Reason::Unfit(
    "a number that shows no unit and may be .NET's ticks, which are none of --unit's; --column 'TABLE.COLUMN=bigint' keeps it",
);
const UNIT_UNSAID: Reason =
    Reason::Unfit("a REAL, which does not show its unit by its size; say it with --unit 'TABLE.COLUMN=UNIT'");
// Source: PostgreSQL manual, "Date/Time Types": dates and timestamps begin with 4713 BC, on julian day 0.
const TOO_EARLY: Reason = Reason::Unfit("a time before 4713 BC, with which PostgreSQL's times begin");
const FIRST_DAY: i64 = -2_440_588;

/// What a value means, in steps of some unit, and by which rule.
struct Found {
    steps: Steps,
    rule: Option<Rule>,
    /// Why the row is set aside when digits are cut off.
    lost: &'static str,
}

impl Found {
    /// The steps, when no digit is lost or losing them is allowed.
    fn settle(self, allowed: Relaxations) -> Result<(i64, Option<Rule>), Reason> {
        match self.steps {
            Steps { whole, cut: false } => Ok((whole, self.rule)),
            Steps { whole, .. } if allowed.ns => Ok((whole, Some(Rule::TimeRounded))),
            _ => Err(Reason::Unfit(self.lost)),
        }
    }
}

/// A number whose unit is known, in steps of another; no rule for what is no number.
fn known(value: ValueRef<'_>, unit: NumberUnit, to: EpochUnit) -> Result<Steps, Reason> {
    let steps = match (unit, value) {
        (NumberUnit::Epoch(unit), ValueRef::Integer(number)) => steps_of_integer(number, unit, to),
        (NumberUnit::Epoch(unit), ValueRef::Real(number)) => steps_of_real(number, unit, to),
        (NumberUnit::Julian, value) => {
            #[expect(clippy::cast_precision_loss, reason = "julian days have seven digits; others are out of range")]
            let days = match value {
                ValueRef::Integer(number) => number as f64,
                ValueRef::Real(number) => number,
                other => return no_rule(other).map(|_| Steps { whole: 0, cut: false }),
            };
            let micros = julian_micros(days).ok_or(Reason::Unfit("a number that is no julian day of SQLite"))?;
            steps_of_integer(micros, EpochUnit::Micros, to)
        }
        (_, other) => return no_rule(other).map(|_| Steps { whole: 0, cut: false }),
    };
    steps.ok_or(BEYOND)
}

/// The unit that a number is in beside the one that is said of its column: a finer one where its size clearly shows that.
///
/// One whose size is that of a coarser unit is also a moment of early 1970 in the one that is said, which holds then.
fn among(value: ValueRef<'_>, said: NumberUnit, warning: &mut Option<Rule>) -> NumberUnit {
    let number = match value {
        ValueRef::Integer(number) => number,
        ValueRef::Real(number) => before_point(number),
        _ => return said,
    };
    let NumberUnit::Epoch(own) = said else { return said };
    match own.judge_beside(number) {
        Some(shown) if shown.per_second() > own.per_second() => {
            *warning = Some(Rule::TimeAnother);
            NumberUnit::Epoch(shown)
        }
        Some(shown) if shown != own => {
            *warning = Some(Rule::TimeSaid);
            said
        }
        _ => said,
    }
}

pub(super) fn epoch<'r>(
    value: ValueRef<'r>,
    unit: EpochUnit,
    reading: &Reading,
    warning: &mut Option<Rule>,
) -> Cast<'r> {
    let found = match (value, reading.unit) {
        (ValueRef::Text(text), _) => text_epoch(text, unit, reading, warning)?,
        (ValueRef::Integer(_) | ValueRef::Real(_), Some(said)) => Some(told(value, said, unit, warning)?),
        (ValueRef::Integer(number), None) => Some(judged(number, unit, None, warning)?),
        (ValueRef::Real(number), None) => Some(match whole(number) {
            Some(number) => judged(number, unit, Some(Rule::EpochFromReal), warning)?,
            None => fraction(number, unit)?,
        }),
        (other, _) => return no_rule(other),
    };
    let Some(found) = found else { return by(Rule::ZeroDateToNull, Cell::Null) };
    found.settle(reading.allowed).map(|(number, rule)| (Cell::Int(number), rule))
}

/// A number of a column of which its unit is said.
fn told(value: ValueRef<'_>, said: NumberUnit, unit: EpochUnit, warning: &mut Option<Rule>) -> Result<Found, Reason> {
    let shown = among(value, said, warning);
    let rule = match (value, shown) {
        (_, NumberUnit::Julian) => Some(Rule::EpochFromJulian),
        (_, NumberUnit::Epoch(shown)) if shown != unit => Some(Rule::EpochRescaled),
        (ValueRef::Real(_), _) => Some(Rule::EpochFromReal),
        _ => None,
    };
    Ok(Found { steps: known(value, shown, unit)?, rule, lost: LOST_IN_UNIT })
}

/// An epoch number whose unit is judged by its magnitude; what is judged as none is in the column's unit.
fn judged(number: i64, unit: EpochUnit, rule: Option<Rule>, warning: &mut Option<Rule>) -> Result<Found, Reason> {
    match unit.judge_beside(number) {
        Some(found) if found != unit => {
            let steps = steps_of_integer(number, found, unit).ok_or(BEYOND)?;
            Ok(Found { steps, rule: Some(Rule::EpochRescaled), lost: LOST_IN_UNIT })
        }
        _ => {
            *warning = unit.is_small(number).then_some(Rule::EpochSmall);
            Ok(Found { steps: Steps { whole: number, cut: false }, rule, lost: LOST_IN_UNIT })
        }
    }
}

/// A number with a fraction, whose unit is judged by what is before its point; else it is in the column's unit.
fn fraction(number: f64, unit: EpochUnit) -> Result<Found, Reason> {
    let found = whole(number.trunc()).and_then(|whole| unit.judge_beside(whole)).unwrap_or(unit);
    let steps = steps_of_real(number, found, unit).ok_or(BEYOND)?;
    Ok(Found { steps, rule: Some(Rule::EpochRescaled), lost: FRACTION_LOST })
}

/// An integer, or a date and time, as text; `None` for a date of zeros that is to become NULL.
fn text_epoch(
    text: &[u8],
    unit: EpochUnit,
    reading: &Reading,
    warning: &mut Option<Rule>,
) -> Result<Option<Found>, Reason> {
    if let Some(number) = canonical_integer(text) {
        let found = match reading.unit {
            Some(said) => told(ValueRef::Integer(number), said, unit, warning)?,
            None => judged(number, unit, Some(Rule::EpochFromText), warning)?,
        };
        return Ok(Some(Found { rule: found.rule.or(Some(Rule::EpochFromText)), ..found }));
    }
    if is_zero_date(text, reading.allowed) {
        return Ok(None);
    }
    let time = parse_date_time(text).ok_or(Reason::Unfit("text that is neither an integer nor a date and time"))?;
    let time = placed(time, reading.zone.as_ref())?;
    let steps = time.unix_us().and_then(|micros| steps_of_integer(micros, EpochUnit::Micros, unit));
    let steps = steps.ok_or(TEXT_BEYOND)?;
    let steps = Steps { cut: steps.cut || time.lost_digits, ..steps };
    Ok(Some(Found { steps, rule: Some(Rule::EpochFromText), lost: TEXT_LOST_IN_UNIT }))
}

fn is_zero_date(text: &[u8], allowed: Relaxations) -> bool {
    allowed.empty && ZERO_DATES.contains(&text)
}

/// Gives a time without an offset that of the column's zone.
fn placed(time: TextTime, zone: Option<&Zone>) -> Result<TextTime, Reason> {
    match (time.offset_s, zone) {
        (None, Some(zone)) => {
            let shown_s = i64::from(time.days) * (MICROS_PER_DAY / 1_000_000) + time.time_us.div_euclid(1_000_000);
            let offset_s = zone.offset_s(shown_s).map_err(|fault| Reason::Unfit(fault.name()))?;
            Ok(TextTime { offset_s: Some(offset_s), ..time })
        }
        _ => Ok(time),
    }
}

/// Microseconds since 1970 of a number: its unit is said, or judged by its size beside the others of its column; a REAL
/// only where all others agree. What is said holds for a number that does not clearly show a finer one.
fn number_micros(value: ValueRef<'_>, reading: &Reading, warning: &mut Option<Rule>) -> Result<Steps, Reason> {
    let whole = match (value, reading.unit, reading.shown) {
        (_, Some(said), _) => return known(value, among(value, said, warning), EpochUnit::Micros),
        (ValueRef::Integer(number), None, _) => number,
        (ValueRef::Real(number), None, Some(ShownUnit::Only(_))) => before_point(number),
        (ValueRef::Real(_), None, _) => return Err(UNIT_UNSAID),
        (other, None, _) => return no_rule(other).map(|_| Steps { whole: 0, cut: false }),
    };
    let (unit, means) = ShownUnit::take(reading.shown, whole).ok_or(match EpochUnit::is_ticks(whole) {
        true => TICKS,
        false => unit_unknown(reading.shown),
    })?;
    *warning = match means {
        Means::Own => None,
        Means::Another => Some(Rule::TimeAnother),
        Means::Small => Some(Rule::TimeSmall),
    };
    known(value, NumberUnit::Epoch(unit), EpochUnit::Micros)
}

/// That a number shows no unit, with the one that its column shows, where that is one.
fn unit_unknown(shown: Option<ShownUnit>) -> Reason {
    let Some(ShownUnit::Only(unit)) = shown else { return UNIT_UNKNOWN };
    Reason::Unfit(match unit {
        EpochUnit::Seconds => "a number that does not show its unit; say it with --unit 'TABLE.COLUMN=s'",
        EpochUnit::Millis => "a number that does not show its unit; say it with --unit 'TABLE.COLUMN=ms'",
        EpochUnit::Micros => "a number that does not show its unit; say it with --unit 'TABLE.COLUMN=us'",
        EpochUnit::Nanos => "a number that does not show its unit; say it with --unit 'TABLE.COLUMN=ns'",
    })
}

/// What is before a number's point; 1 where nothing but a fraction is there, which shows a unit no more than 1 does.
fn before_point(number: f64) -> i64 {
    #[expect(clippy::cast_possible_truncation, reason = "what is out of range becomes the nearest, which has no unit")]
    let whole = number.floor() as i64;
    if whole == 0 && number != 0.0 { 1 } else { whole }
}

/// Microseconds in steps of so many digits after the second's point.
fn in_digits(steps: Steps, digits: u8) -> Steps {
    let step = 10_i64.pow(6_u32.saturating_sub(u32::from(digits)));
    let over = steps.whole.rem_euclid(step);
    Steps { whole: steps.whole.saturating_sub(over), cut: steps.cut || over != 0 }
}

pub(super) fn timestamp<'r>(
    value: ValueRef<'r>,
    digits: u8,
    with_zone: bool,
    reading: &Reading,
    warning: &mut Option<Rule>,
) -> Cast<'r> {
    let (micros, rule, lost) = match value {
        ValueRef::Text(text) if is_zero_date(text, reading.allowed) => return by(Rule::ZeroDateToNull, Cell::Null),
        ValueRef::Text(text) => text_timestamp(text, with_zone, reading)?,
        value => {
            let julian = reading.unit == Some(NumberUnit::Julian);
            let rule = if julian { Rule::TimestampFromJulian } else { Rule::TimestampFromEpoch };
            (number_micros(value, reading, warning)?, rule, EPOCH_BEYOND_MICROS)
        }
    };
    if micros.whole < FIRST_DAY * MICROS_PER_DAY {
        return Err(TOO_EARLY);
    }
    let lost = if micros.cut { lost } else { TOO_FINE };
    let found = Found { steps: in_digits(micros, digits), rule: Some(rule), lost };
    found.settle(reading.allowed).map(|(micros, rule)| (Cell::Instant(micros), rule))
}

fn text_timestamp(text: &[u8], with_zone: bool, reading: &Reading) -> Result<(Steps, Rule, &'static str), Reason> {
    let time = parse_date_time(text).ok_or(Reason::Unfit("text that is no ISO 8601 date and time"))?;
    let rule = match (time.offset_s, &reading.zone) {
        (None, Some(_)) => Rule::TimestampFromZone,
        (Some(offset_s), _) if !with_zone && offset_s != 0 => Rule::TimestampOffsetToUtc,
        _ => Rule::TimestampFromText,
    };
    let time = placed(time, reading.zone.as_ref())?;
    let whole =
        time.unix_us().ok_or(Reason::Unfit("a time beyond 64 bits of microseconds, from the year 294247 on"))?;
    Ok((Steps { whole, cut: time.lost_digits }, rule, BEYOND_MICROS))
}

pub(super) fn date<'r>(value: ValueRef<'r>, reading: &Reading, warning: &mut Option<Rule>) -> Cast<'r> {
    let (days, rest, rule) = match value {
        ValueRef::Text(text) if is_zero_date(text, reading.allowed) => return by(Rule::ZeroDateToNull, Cell::Null),
        ValueRef::Text(text) => {
            let time = parse_date_time(text).ok_or(Reason::Unfit("text that is no ISO 8601 date"))?;
            // Not a sum: an offset behind UTC must not cancel out a time of day.
            let midnight = time.time_us == 0 && !time.lost_digits && time.offset_s.unwrap_or(0) == 0;
            (i64::from(time.days), i64::from(!midnight), Rule::DateFromText)
        }
        value => {
            let julian = reading.unit == Some(NumberUnit::Julian);
            let Steps { whole, cut } = number_micros(value, reading, warning)?;
            let rest = whole.rem_euclid(MICROS_PER_DAY) + i64::from(cut);
            let rule = if julian { Rule::DateFromJulian } else { Rule::DateFromEpoch };
            (whole.div_euclid(MICROS_PER_DAY), rest, rule)
        }
    };
    match i32::try_from(days) {
        _ if days < FIRST_DAY => Err(TOO_EARLY),
        Ok(days) if rest == 0 => by(rule, Cell::Date(days)),
        _ => unfit("a date with a time of day"),
    }
}

pub(super) fn time<'r>(value: ValueRef<'r>, digits: u8, reading: &Reading) -> Cast<'r> {
    let (steps, rule) = match (value, reading.unit) {
        (ValueRef::Text(text), _) => {
            let (whole, cut) = parse_time(text).ok_or(Reason::Unfit("text that is no time of day"))?;
            (Steps { whole, cut }, Rule::TimeFromText)
        }
        (ValueRef::Integer(_) | ValueRef::Real(_), Some(unit @ NumberUnit::Epoch(_))) => {
            let steps = known(value, unit, EpochUnit::Micros)?;
            if !(0..MICROS_PER_DAY).contains(&steps.whole) {
                return unfit("a number that is no time of a day");
            }
            (steps, Rule::TimeFromNumber)
        }
        (ValueRef::Integer(_) | ValueRef::Real(_), None) => return Err(UNIT_UNKNOWN),
        (other, _) => return no_rule(other),
    };
    let found = Found { steps: in_digits(steps, digits), rule: Some(rule), lost: TOO_FINE };
    found.settle(reading.allowed).map(|(micros, rule)| (Cell::Time(micros), rule))
}
