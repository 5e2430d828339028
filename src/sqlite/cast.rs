//! The cast rules: a stored value under a column's logical type becomes a cell, or a reason to set its row aside.
//!
//! One function per logical type, one arm per storage class, in the order of the table in the documentation. A cast
//! never guesses: what no arm names has no rule.

use rusqlite::types::ValueRef;

use crate::value::decimal::Decimal;
use crate::value::json::{self, Canonicaliser};
use crate::value::time::{EpochUnit, TextTime, parse_date_time, parse_time, rescale};
use crate::schema::LogicalType;
use crate::value::Cell;
use crate::value::rule::{Reason, Rule};

/// Buffers that casts fill and the next cast uses again.
#[derive(Default)]
pub struct Scratch {
    bytes: Vec<u8>,
    canonicaliser: Canonicaliser,
}

/// A cell, with the rule that was applied when the value changed.
pub type Cast<'r> = Result<(Cell<'r>, Option<Rule>), Reason>;

const MICROS_PER_DAY: i64 = 86_400_000_000;

/// Casts a stored value to a cell of a logical type.
pub fn cast<'r>(logical: &LogicalType, value: ValueRef<'r>, scratch: &'r mut Scratch) -> Cast<'r> {
    use LogicalType as T;
    if matches!(value, ValueRef::Null) {
        return Ok((Cell::Null, None));
    }
    match logical {
        T::Boolean => boolean(value),
        T::SmallInt => integer(value, i16::MIN.into(), i16::MAX.into()),
        T::Int => integer(value, i32::MIN.into(), i32::MAX.into()),
        T::BigInt => integer(value, i64::MIN, i64::MAX),
        T::Epoch(unit) => epoch(value, *unit),
        T::Real => real(value),
        T::Double => double(value),
        T::Numeric(bounds) => numeric(value, *bounds, scratch),
        T::Text => text(value, None, scratch),
        T::Varchar(length) => text(value, Some(*length), scratch),
        T::Char(length) => padded(value, *length, scratch),
        T::Json | T::JsonText => json_text(value, scratch),
        T::Jsonb => jsonb(value, scratch),
        T::Date => date(value),
        T::Time(digits) => time(value, *digits),
        T::Timestamp(digits) => timestamp(value, *digits, false),
        T::TimestampTz(digits) => timestamp(value, *digits, true),
        T::Uuid => uuid(value),
        T::Bytes => bytes(value, scratch),
        T::Enum(labels) => label(value, labels),
        T::Other(_) => no_rule(value),
    }
}

fn no_rule(value: ValueRef<'_>) -> Cast<'static> {
    let class = match value {
        ValueRef::Null => "NULL",
        ValueRef::Integer(_) => "an INTEGER",
        ValueRef::Real(_) => "a REAL",
        ValueRef::Text(_) => "a TEXT",
        ValueRef::Blob(_) => "a BLOB",
    };
    Err(Reason::NoRule { class })
}

fn unfit(why: &'static str) -> Cast<'static> {
    Err(Reason::Unfit(why))
}

fn exact(cell: Cell<'_>) -> Cast<'_> {
    Ok((cell, None))
}

fn by(rule: Rule, cell: Cell<'_>) -> Cast<'_> {
    Ok((cell, Some(rule)))
}

/// Text that both engines can hold.
fn utf8(bytes: &[u8]) -> Result<&str, Reason> {
    let text = simdutf8::basic::from_utf8(bytes).map_err(|_| Reason::Unfit("text that is not UTF-8"))?;
    if memchr::memchr(0, bytes).is_some() {
        return Err(Reason::Unfit("text that holds a NUL character"));
    }
    Ok(text)
}

fn boolean(value: ValueRef<'_>) -> Cast<'_> {
    const TRUE: [&[u8]; 5] = [b"true", b"t", b"yes", b"on", b"1"];
    const FALSE: [&[u8]; 5] = [b"false", b"f", b"no", b"off", b"0"];
    let among = |words: &[&[u8]], text: &[u8]| words.iter().any(|word| text.eq_ignore_ascii_case(word));
    match value {
        ValueRef::Integer(number @ (0 | 1)) => exact(Cell::Bool(number == 1)),
        ValueRef::Integer(_) => unfit("an integer other than 0 and 1"),
        ValueRef::Real(number) if number == 0.0 || number == 1.0 => by(Rule::BooleanFromReal, Cell::Bool(number == 1.0)),
        ValueRef::Real(_) => unfit("a real other than 0.0 and 1.0"),
        ValueRef::Text(word) if among(&TRUE, word) => by(Rule::BooleanFromText, Cell::Bool(true)),
        ValueRef::Text(word) if among(&FALSE, word) => by(Rule::BooleanFromText, Cell::Bool(false)),
        ValueRef::Text(_) => unfit("text that is no truth value"),
        other => no_rule(other),
    }
}

fn integer(value: ValueRef<'_>, lowest: i64, highest: i64) -> Cast<'_> {
    let (number, rule) = match value {
        ValueRef::Integer(number) => (Some(number), None),
        ValueRef::Real(number) => (whole(number), Some(Rule::IntegerFromReal)),
        ValueRef::Text(digits) => (canonical_integer(digits), Some(Rule::IntegerFromText)),
        other => return no_rule(other),
    };
    match (number, value) {
        (Some(number), _) if (lowest..=highest).contains(&number) => Ok((Cell::Int(number), rule)),
        (None, ValueRef::Text(_)) => unfit("text that is no plain integer"),
        (None, _) => unfit("a real with a fraction, or beyond 64 bits"),
        _ => unfit("a number beyond the column's range"),
    }
}

/// The integer that a binary number is, if it is one.
fn whole(number: f64) -> Option<i64> {
    // Both ends are powers of two: exact as binary numbers. The upper one is the first that does not fit.
    let fits = number.fract() == 0.0 && (-9_223_372_036_854_775_808.0..9_223_372_036_854_775_808.0).contains(&number);
    #[expect(clippy::cast_possible_truncation, reason = "the range was checked")]
    fits.then_some(number as i64)
}

/// Digits as the number itself would be printed: no sign `+`, no leading zeros, no blanks.
fn canonical_integer(text: &[u8]) -> Option<i64> {
    let digits = text.strip_prefix(b"-").unwrap_or(text);
    let canonical = digits == b"0" && digits.len() == text.len() || digits.first().is_some_and(|d| (b'1'..=b'9').contains(d));
    let number = std::str::from_utf8(text).ok().filter(|_| canonical)?;
    number.parse().ok()
}

fn epoch(value: ValueRef<'_>, unit: EpochUnit) -> Cast<'_> {
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
        Some(number) if number as f64 / unit.per_second() as f64 == seconds => by(Rule::EpochRescaled, Cell::Int(number)),
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

fn double(value: ValueRef<'_>) -> Cast<'_> {
    match value {
        #[expect(clippy::cast_precision_loss, reason = "the loss is what the rule counts")]
        ValueRef::Integer(number) => {
            let float = number as f64;
            let rule = (whole(float) != Some(number)).then_some(Rule::DoubleRounded);
            Ok((Cell::Float(float), rule))
        }
        ValueRef::Real(number) => exact(Cell::Float(number)),
        ValueRef::Text(text) => match decimal_float(text) {
            Some(number) => by(Rule::DoubleFromText, Cell::Float(number)),
            None => unfit("text that is no number"),
        },
        other => no_rule(other),
    }
}

/// A finite number in plain or exponent notation: not `inf`, not `nan`, no blanks.
fn decimal_float(text: &[u8]) -> Option<f64> {
    let digits = text.iter().all(|byte| byte.is_ascii_digit() || matches!(byte, b'+' | b'-' | b'.' | b'e' | b'E'));
    let number: f64 = std::str::from_utf8(text).ok().filter(|_| digits)?.parse().ok()?;
    number.is_finite().then_some(number)
}

fn real(value: ValueRef<'_>) -> Cast<'_> {
    let (cell, rule) = double(value)?;
    let Cell::Float(number) = cell else { return Ok((cell, rule)) };
    #[expect(clippy::cast_possible_truncation, reason = "the loss is what the rule counts")]
    let narrow = f64::from(number as f32);
    if narrow.is_infinite() && number.is_finite() {
        return unfit("a number beyond 32 bits");
    }
    Ok((Cell::Float(narrow), if narrow == number { rule } else { Some(Rule::RealRounded) }))
}

fn numeric<'r>(value: ValueRef<'r>, bounds: Option<(u16, i16)>, scratch: &'r mut Scratch) -> Cast<'r> {
    use std::io::Write as _;
    let mut written = [0; 400];
    let mut rest = &mut written[..];
    let (text, rule) = match value {
        ValueRef::Integer(number) => {
            write!(rest, "{number}").ok();
            (None, None)
        }
        ValueRef::Real(number) if number.is_infinite() => return unfit("an infinite real"),
        ValueRef::Real(number) => {
            write!(rest, "{number:e}").ok();
            (None, Some(Rule::NumericFromReal))
        }
        ValueRef::Text(text) => (Some(text), None),
        other => return no_rule(other),
    };
    let left = rest.len();
    let text = text.unwrap_or(&written[..written.len() - left]);
    let parsed = std::str::from_utf8(text).ok().and_then(|text| Decimal::parse(text, &mut scratch.bytes));
    match (parsed, bounds) {
        (None, _) => unfit("text that is no decimal number within PostgreSQL's limits"),
        (Some(decimal), None) => Ok((Cell::Decimal(decimal), rule)),
        (Some(decimal), Some((precision, scale))) => match decimal.fit(precision, scale) {
            Some(decimal) => Ok((Cell::Decimal(decimal), rule)),
            None => unfit("a number with more digits than the column holds"),
        },
    }
}

fn text<'r>(value: ValueRef<'r>, length: Option<u32>, scratch: &'r mut Scratch) -> Cast<'r> {
    let (text, rule) = match value {
        ValueRef::Text(bytes) => (utf8(bytes)?, None),
        ValueRef::Integer(_) => (number_text(value, scratch), Some(Rule::TextFromInteger)),
        ValueRef::Real(_) => (number_text(value, scratch), Some(Rule::TextFromReal)),
        other => return no_rule(other),
    };
    // Bytes are never fewer than characters: most values need no counting.
    if length.is_some_and(|length| text.len() > length as usize && text.chars().count() > length as usize) {
        return unfit("text longer than the column");
    }
    Ok((Cell::Text(text), rule))
}

/// A number as the shortest decimal text that reads back as the same number.
fn number_text<'r>(value: ValueRef<'_>, scratch: &'r mut Scratch) -> &'r str {
    use std::io::Write as _;
    scratch.bytes.clear();
    match value {
        ValueRef::Integer(number) => write!(scratch.bytes, "{number}").ok(),
        ValueRef::Real(number) if number.is_infinite() => {
            write!(scratch.bytes, "{}", if number > 0.0 { "Infinity" } else { "-Infinity" }).ok()
        }
        ValueRef::Real(number) => write!(scratch.bytes, "{number:?}").ok(),
        _ => None,
    };
    std::str::from_utf8(&scratch.bytes).unwrap_or_default()
}

fn padded<'r>(value: ValueRef<'r>, length: u32, scratch: &'r mut Scratch) -> Cast<'r> {
    let mut own = Scratch::default();
    let (cell, rule) = text(value, Some(length), &mut own)?;
    let Cell::Text(found) = cell else { return no_rule(value) };
    let missing = (length as usize).saturating_sub(found.chars().count());
    let rule = rule.or((missing > 0).then_some(Rule::TextPadded));
    scratch.bytes.clear();
    scratch.bytes.extend_from_slice(found.as_bytes());
    scratch.bytes.resize(scratch.bytes.len() + missing, b' ');
    Ok((Cell::Text(std::str::from_utf8(&scratch.bytes).unwrap_or_default()), rule))
}

const BYTE_ORDER_MARK: &[u8] = "\u{feff}".as_bytes();

/// The text of a document without a byte order mark, with the rule when there was one.
fn document(bytes: &[u8]) -> Result<(&str, Option<Rule>), Reason> {
    match bytes.strip_prefix(BYTE_ORDER_MARK) {
        Some(rest) => Ok((utf8(rest)?, Some(Rule::JsonByteOrderMark))),
        None => Ok((utf8(bytes)?, None)),
    }
}

fn json_number<'r>(value: ValueRef<'_>, scratch: &'r mut Scratch) -> Cast<'r> {
    match value {
        ValueRef::Integer(_) => by(Rule::JsonFromInteger, Cell::Json(number_text(value, scratch))),
        ValueRef::Real(number) if number.is_finite() => by(Rule::JsonFromReal, Cell::Json(number_text(value, scratch))),
        ValueRef::Real(_) => unfit("an infinite real"),
        other => no_rule(other),
    }
}

fn json_text<'r>(value: ValueRef<'r>, scratch: &'r mut Scratch) -> Cast<'r> {
    let ValueRef::Text(bytes) = value else { return json_number(value, scratch) };
    let (text, rule) = document(bytes)?;
    match json::validate(text) {
        Ok(escapes) if escapes.nul || escapes.lone_surrogate => by(Rule::JsonUnreadableEscape, Cell::Json(text)),
        Ok(_) => Ok((Cell::Json(text), rule)),
        Err(fault) => unfit(fault.name()),
    }
}

fn jsonb<'r>(value: ValueRef<'r>, scratch: &'r mut Scratch) -> Cast<'r> {
    let ((text, rule), own);
    match value {
        ValueRef::Text(bytes) => (text, rule) = document(bytes)?,
        _ => {
            let mut number = Scratch::default();
            let (_, applied) = json_number(value, &mut number)?;
            own = number.bytes;
            (text, rule) = (std::str::from_utf8(&own).unwrap_or_default(), applied);
        }
    }
    scratch.bytes.clear();
    match json::canonical(text, &mut scratch.canonicaliser, &mut scratch.bytes) {
        Ok(duplicates) => {
            let canonical = std::str::from_utf8(&scratch.bytes).unwrap_or_default();
            Ok((Cell::Json(canonical), rule.or((duplicates > 0).then_some(Rule::JsonDuplicateKey))))
        }
        Err(fault) => unfit(fault.name()),
    }
}

/// Microseconds since 1970 of an epoch number whose unit is judged by its magnitude.
fn epoch_micros(number: i64) -> Result<i64, Reason> {
    let unit = EpochUnit::judge(number).ok_or(Reason::Unfit("a number outside every epoch unit's years 1970 to 2200"))?;
    rescale(number, unit, EpochUnit::Micros).ok_or(Reason::Unfit("an epoch number with digits beyond microseconds"))
}

fn keeps_digits(micros: i64, digits: u8) -> bool {
    let step = 10_i64.pow(6_u32.saturating_sub(u32::from(digits)));
    micros % step == 0
}

fn timestamp(value: ValueRef<'_>, digits: u8, with_zone: bool) -> Cast<'_> {
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

fn date(value: ValueRef<'_>) -> Cast<'_> {
    let (days, rest, rule) = match value {
        ValueRef::Integer(number) => {
            let micros = epoch_micros(number)?;
            (micros.div_euclid(MICROS_PER_DAY), micros.rem_euclid(MICROS_PER_DAY), Rule::DateFromEpoch)
        }
        ValueRef::Text(text) => {
            let time = parse_date_time(text).ok_or(Reason::Unfit("text that is no ISO 8601 date"))?;
            let offset = i64::from(time.offset_s.unwrap_or(0));
            (i64::from(time.days), time.time_us + i64::from(time.lost_digits) + offset, Rule::DateFromText)
        }
        other => return no_rule(other),
    };
    match i32::try_from(days) {
        Ok(days) if rest == 0 => by(rule, Cell::Date(days)),
        _ => unfit("a date with a time of day"),
    }
}

fn time(value: ValueRef<'_>, digits: u8) -> Cast<'_> {
    let ValueRef::Text(text) = value else { return no_rule(value) };
    match parse_time(text) {
        Some((micros, false)) if keeps_digits(micros, digits) => by(Rule::TimeFromText, Cell::Time(micros)),
        Some(_) => unfit("a time with more digits than the column keeps"),
        None => unfit("text that is no time of day"),
    }
}

fn uuid(value: ValueRef<'_>) -> Cast<'_> {
    match value {
        ValueRef::Text(text) => match uuid_digits(text) {
            Some(bytes) => by(Rule::UuidFromText, Cell::Uuid(bytes)),
            None => unfit("text that is no uuid"),
        },
        ValueRef::Blob(bytes) => match bytes.try_into() {
            Ok(bytes) => by(Rule::UuidFromBytes, Cell::Uuid(bytes)),
            Err(_) => unfit("bytes that are not 16"),
        },
        other => no_rule(other),
    }
}

/// Reads `8-4-4-4-12` hex digits, the same in braces, or 32 hex digits.
fn uuid_digits(text: &[u8]) -> Option<[u8; 16]> {
    let inner = text.strip_prefix(b"{").and_then(|text| text.strip_suffix(b"}")).unwrap_or(text);
    let dashed = inner.len() == 36 && [8, 13, 18, 23].into_iter().all(|at| inner[at] == b'-');
    if !dashed && (inner.len() != 32 || inner.len() != text.len()) {
        return None;
    }
    let mut digits = inner.iter().enumerate().filter(|(at, _)| !dashed || ![8, 13, 18, 23].contains(at));
    let mut digit = || digits.next().and_then(|(_, byte)| char::from(*byte).to_digit(16));
    let mut bytes = [0; 16];
    for byte in &mut bytes {
        *byte = u8::try_from(digit()? << 4 | digit()?).ok()?;
    }
    Some(bytes)
}

fn bytes<'r>(value: ValueRef<'r>, scratch: &'r mut Scratch) -> Cast<'r> {
    match value {
        ValueRef::Blob(bytes) => exact(Cell::Bytes(bytes)),
        ValueRef::Text(bytes) => by(Rule::BytesFromText, Cell::Bytes(bytes)),
        ValueRef::Integer(_) => by(Rule::BytesFromInteger, Cell::Bytes(number_text(value, scratch).as_bytes())),
        ValueRef::Real(_) => by(Rule::BytesFromReal, Cell::Bytes(number_text(value, scratch).as_bytes())),
        ValueRef::Null => exact(Cell::Null),
    }
}

fn label<'r>(value: ValueRef<'r>, labels: &[String]) -> Cast<'r> {
    match value {
        ValueRef::Text(bytes) => match utf8(bytes)? {
            text if labels.iter().any(|label| label == text) => exact(Cell::Text(text)),
            _ => unfit("text that is none of the type's labels"),
        },
        other => no_rule(other),
    }
}
