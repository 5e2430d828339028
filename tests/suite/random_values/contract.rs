//! The contract read once more: what a value of a storage class becomes in a type of PostgreSQL, written from the table of
//! the documentation and not from the code. What PostgreSQL prints of a number or a document is left to PostgreSQL.

use std::fmt;

use jiff::civil::{Date, Time};
use serde::de::IgnoredAny;

use super::draw::Drawn;

/// What the target's tables need.
pub(super) const TYPES: &str = "create type mood as enum ('sad', 'ok')";

/// A type of a column.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Kind {
    Boolean,
    SmallInt,
    Int,
    BigInt,
    Real,
    Double,
    Numeric,
    Money,
    Text,
    Varchar,
    Json,
    Jsonb,
    Date,
    Time,
    Timestamp,
    TimestampTz,
    Uuid,
    Bytes,
    Mood,
    Texts,
    Ints,
}

/// What is expected of a value.
#[derive(Clone, Debug, PartialEq)]
pub(super) enum Expected {
    Null,
    Is(String),
    /// What this expression gives; NULL means that the value has no form.
    Sql(String),
    Rejected,
}
use Expected::{Is, Rejected, Sql};

impl Kind {
    pub(super) const ALL: [Self; 21] = [
        Self::Boolean,
        Self::SmallInt,
        Self::Int,
        Self::BigInt,
        Self::Real,
        Self::Double,
        Self::Numeric,
        Self::Money,
        Self::Text,
        Self::Varchar,
        Self::Json,
        Self::Jsonb,
        Self::Date,
        Self::Time,
        Self::Timestamp,
        Self::TimestampTz,
        Self::Uuid,
        Self::Bytes,
        Self::Mood,
        Self::Texts,
        Self::Ints,
    ];

    /// SQL that shows a value of a column so that no two differ in less than their text.
    pub(super) fn shown(self, column: &str) -> String {
        match self {
            Self::Real => format!("encode(float4send({column}), 'hex')"),
            Self::Double => format!("encode(float8send({column}), 'hex')"),
            Self::Text | Self::Varchar | Self::Json => format!("encode(convert_to({column}::text, 'UTF8'), 'hex')"),
            Self::Bytes => format!("encode({column}, 'hex')"),
            Self::Texts | Self::Ints => format!("to_json({column})::text"),
            _ => format!("{column}::text"),
        }
    }
}

impl fmt::Display for Kind {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Boolean => "boolean",
            Self::SmallInt => "smallint",
            Self::Int => "int",
            Self::BigInt => "bigint",
            Self::Real => "real",
            Self::Double => "double precision",
            Self::Numeric => "numeric",
            Self::Money => "numeric(8,2)",
            Self::Text => "text",
            Self::Varchar => "varchar(5)",
            Self::Json => "json",
            Self::Jsonb => "jsonb",
            Self::Date => "date",
            Self::Time => "time",
            Self::Timestamp => "timestamp",
            Self::TimestampTz => "timestamptz",
            Self::Uuid => "uuid",
            Self::Bytes => "bytea",
            Self::Mood => "mood",
            Self::Texts => "text[]",
            Self::Ints => "int[]",
        })
    }
}

/// What a value becomes in a column of this type.
pub(super) fn expected(value: &Drawn, kind: Kind) -> Expected {
    match value {
        Drawn::Null => Expected::Null,
        Drawn::Integer(number) => integer(*number, kind),
        Drawn::Real(number) => real(*number, kind),
        Drawn::Text(bytes) if kind == Kind::Bytes => Is(hex(bytes)),
        Drawn::Text(bytes) => match std::str::from_utf8(bytes) {
            Ok(text) if !text.contains('\0') => words(text, kind),
            _ => Rejected,
        },
        Drawn::Blob(bytes) => blob(bytes, kind),
    }
}

fn when(holds: bool, text: impl Into<String>) -> Expected {
    if holds { Is(text.into()) } else { Rejected }
}

fn hex(bytes: &[u8]) -> String {
    bytes.iter().map(|byte| format!("{byte:02x}")).collect()
}

fn quoted(text: &str) -> String {
    format!("'{}'", text.replace('\'', "''"))
}

fn whole(number: i64, kind: Kind) -> Expected {
    let fits = match kind {
        Kind::SmallInt => i16::try_from(number).is_ok(),
        Kind::Int => i32::try_from(number).is_ok(),
        _ => true,
    };
    when(fits, number.to_string())
}

fn integer(number: i64, kind: Kind) -> Expected {
    let text = number.to_string();
    match kind {
        Kind::Boolean => when(matches!(number, 0 | 1), if number == 1 { "true" } else { "false" }),
        Kind::SmallInt | Kind::Int | Kind::BigInt => whole(number, kind),
        Kind::Real => Is(hex(&(number as f32).to_be_bytes())),
        Kind::Double => Is(hex(&(number as f64).to_be_bytes())),
        Kind::Numeric | Kind::Jsonb => Is(text),
        Kind::Money => when(number.abs_diff(0) < 1_000_000, format!("{text}.00")),
        Kind::Text | Kind::Json | Kind::Bytes => Is(hex(text.as_bytes())),
        Kind::Varchar => when(text.len() <= 5, hex(text.as_bytes())),
        Kind::Date | Kind::Timestamp | Kind::TimestampTz => epoch(number, kind),
        Kind::Time | Kind::Uuid | Kind::Mood | Kind::Texts | Kind::Ints => Rejected,
    }
}

/// A number that shows its unit by its size: zero and seconds from 1971, milliseconds and microseconds from 1990,
/// nanoseconds from where .NET's ticks end, each before 2200. Its column shows several, so that others are in none.
fn epoch(number: i64, kind: Kind) -> Expected {
    const END: i64 = 7_258_118_400;
    const UNITS: [(i64, i64); 4] =
        [(1, 31_536_000), (1000, 631_152_000), (1_000_000, 631_152_000), (1_000_000_000, 650_000_000)];
    let shows = |(unit, begin): &(i64, i64)| (begin * unit..END * unit).contains(&number);
    let unit = match UNITS.into_iter().find(shows) {
        Some((unit, _)) => unit,
        None if number == 0 => 1,
        None => return Rejected,
    };
    let (second, nanos) = (number.div_euclid(unit), number.rem_euclid(unit) * (1_000_000_000 / unit));
    if nanos % 1000 != 0 || kind == Kind::Date && (second % 86_400 != 0 || nanos != 0) {
        return Rejected;
    }
    let moment =
        format!("timestamp '1970-01-01' + interval '{second} seconds' + interval '{} microseconds'", nanos / 1000);
    Sql(match kind {
        Kind::Date => format!("({moment})::date"),
        Kind::TimestampTz => format!("({moment}) at time zone 'UTC'"),
        _ => moment,
    })
}

fn real(number: f64, kind: Kind) -> Expected {
    let text = match number {
        f64::INFINITY => "Infinity".to_owned(),
        f64::NEG_INFINITY => "-Infinity".to_owned(),
        number => format!("{number:?}"),
    };
    match kind {
        Kind::Boolean => when(number == 0.0 || number == 1.0, if number == 1.0 { "true" } else { "false" }),
        Kind::SmallInt | Kind::Int | Kind::BigInt => {
            // Of the doubles without a fraction those from -2^63 up to, but not with, 2^63 are 64-bit integers.
            let fits = number.fract() == 0.0 && (-(2_f64.powi(63))..2_f64.powi(63)).contains(&number);
            if fits { whole(number as i64, kind) } else { Rejected }
        }
        Kind::Real => narrow(number),
        Kind::Double => Is(hex(&number.to_be_bytes())),
        Kind::Numeric if number.is_finite() => Sql(format!("{}::numeric", quoted(&format!("{number}")))),
        Kind::Money if number.is_finite() => money(&format!("{number}")),
        Kind::Text | Kind::Bytes => Is(hex(text.as_bytes())),
        Kind::Varchar => when(text.len() <= 5, hex(text.as_bytes())),
        Kind::Json => when(number.is_finite(), hex(text.as_bytes())),
        Kind::Jsonb if number.is_finite() => Sql(format!("{}::jsonb", quoted(&text))),
        _ => Rejected,
    }
}

fn narrow(number: f64) -> Expected {
    let narrow = number as f32;
    let stands_for_another = narrow.is_infinite() && number.is_finite() || narrow == 0.0 && number != 0.0;
    when(!stands_for_another, hex(&narrow.to_be_bytes()))
}

/// What PostgreSQL makes of a decimal, when it has no more digits than the column.
fn money(text: &str) -> Expected {
    Sql(format!(
        "select case when x = round(x, 2) and abs(x) < 1000000 then round(x, 2) end from (select {}::numeric x) n",
        quoted(text)
    ))
}

fn words(text: &str, kind: Kind) -> Expected {
    match kind {
        Kind::Boolean => match text.to_ascii_lowercase().as_str() {
            "true" | "t" | "yes" | "on" | "1" => Is("true".into()),
            "false" | "f" | "no" | "off" | "0" => Is("false".into()),
            _ => Rejected,
        },
        // Digits as the number itself is printed.
        Kind::SmallInt | Kind::Int | Kind::BigInt => match text.parse::<i64>() {
            Ok(number) if number.to_string() == text => whole(number, kind),
            _ => Rejected,
        },
        Kind::Real => float(text).map_or(Rejected, narrow),
        Kind::Double => float(text).map_or(Rejected, |number| Is(hex(&number.to_be_bytes()))),
        Kind::Numeric if is_decimal(text) => Sql(format!("{}::numeric", quoted(text))),
        Kind::Money if is_decimal(text) => money(text),
        Kind::Text => Is(hex(text.as_bytes())),
        Kind::Varchar => when(text.chars().count() <= 5, hex(text.as_bytes())),
        Kind::Json | Kind::Jsonb => document(text.strip_prefix('\u{feff}').unwrap_or(text), kind),
        Kind::Date | Kind::Timestamp | Kind::TimestampTz => moment(text, kind).unwrap_or(Rejected),
        Kind::Time => clock(text).map_or(Rejected, |(time, rest)| when(rest.is_empty() && !time.1, time_text(time.0))),
        Kind::Uuid => uuid(text),
        Kind::Mood => when(matches!(text, "sad" | "ok"), text),
        Kind::Texts | Kind::Ints => list(text, kind),
        _ => Rejected,
    }
}

/// Digits with an optional sign, point and exponent, at least one digit before the exponent.
fn is_decimal(text: &str) -> bool {
    let sign = |text: &'_ str| text.strip_prefix(['+', '-']).unwrap_or(text).to_owned();
    let digits = |text: &str| text.bytes().all(|byte| byte.is_ascii_digit());
    let unsigned = sign(text);
    let (mantissa, exponent) = match unsigned.split_once(['e', 'E']) {
        Some((mantissa, exponent)) => (mantissa, Some(sign(exponent))),
        None => (unsigned.as_str(), None),
    };
    let (before, after) = mantissa.split_once('.').unwrap_or((mantissa, ""));
    let exponent_fits = exponent.is_none_or(|exponent| !exponent.is_empty() && digits(&exponent));
    digits(before) && digits(after) && !(before.is_empty() && after.is_empty()) && exponent_fits
}

fn float(text: &str) -> Option<f64> {
    let number: f64 = text.parse().ok().filter(|_| is_decimal(text))?;
    let is_zero = !text.split(['e', 'E']).next()?.contains(|digit| ('1'..='9').contains(&digit));
    (number.is_finite() && (number != 0.0 || is_zero)).then_some(number)
}

fn document(text: &str, kind: Kind) -> Expected {
    let is_json = serde_json::from_str::<IgnoredAny>(text).is_ok();
    // Drawn documents hold no backslash before one of these.
    let refused = ["\\u0000", "\\ud800"].into_iter().any(|escape| text.contains(escape));
    match kind {
        Kind::Jsonb if is_json && !refused => Sql(format!("{}::jsonb", quoted(text))),
        Kind::Json => when(is_json, hex(text.as_bytes())),
        _ => Rejected,
    }
}

/// A date and time in an ISO form, in UTC; `None` for any other text, or digits beyond microseconds.
fn moment(text: &str, kind: Kind) -> Option<Expected> {
    let date = text.get(..10).filter(|date| date.len() == 10 && date.bytes().all(|byte| byte != b' '))?;
    let date: Date = is_shaped(date, "dddd-dd-dd").then(|| date.parse().ok()).flatten()?;
    let rest = &text[10..];
    let (time, offset) = match rest.strip_prefix([' ', 'T']) {
        Some(rest) => {
            let (time, rest) = clock(rest)?;
            (time, offset(rest)?)
        }
        None => (rest.is_empty().then_some((Time::midnight(), false))?, 0),
    };
    let (time, is_finer) = time;
    let shown = date.to_datetime(time).checked_sub(jiff::Span::new().seconds(offset)).ok()?;
    let has_time = shown.time() != Time::midnight() || is_finer;
    if kind == Kind::Date {
        return Some(when(!has_time, shown.date().to_string()));
    }
    let zone = if kind == Kind::TimestampTz { "+00" } else { "" };
    let text = format!("{} {}{zone}", shown.date(), time_text(shown.time()));
    Some(when(!is_finer, text))
}

/// Whether a text is digits where the shape has a `d`, and else the shape's own characters.
fn is_shaped(text: &str, shape: &str) -> bool {
    let fits = |(found, wanted): (u8, u8)| if wanted == b'd' { found.is_ascii_digit() } else { found == wanted };
    text.len() == shape.len() && text.bytes().zip(shape.bytes()).all(fits)
}

/// A time of day at the beginning of a text, whether it has digits beyond microseconds, and the rest.
fn clock(text: &str) -> Option<((Time, bool), &str)> {
    let number = |from: usize| text.get(from..from + 2)?.parse::<i8>().ok();
    if !is_shaped(text.get(..5)?, "dd:dd") {
        return None;
    }
    let (mut second, mut nanos, mut rest, mut is_finer) = (0, 0, &text[5..], false);
    if text.get(5..8).is_some_and(|seconds| is_shaped(seconds, ":dd")) {
        (second, rest) = (number(6)?, &text[8..]);
        if let Some(fraction) = rest.strip_prefix('.') {
            let end = fraction.find(|digit: char| !digit.is_ascii_digit()).unwrap_or(fraction.len());
            let digits = format!("{:0<9}", &fraction[..end]);
            nanos = digits[..6].parse::<i32>().ok().filter(|_| end > 0)? * 1000;
            is_finer = digits[6..].contains(|digit| digit != '0');
            rest = &fraction[end..];
        }
    }
    Some(((Time::new(number(0)?, number(3)?, second, nanos).ok()?, is_finer), rest))
}

/// The seconds of an offset, below 16 hours as in PostgreSQL.
fn offset(text: &str) -> Option<i64> {
    if text.is_empty() || text == "Z" {
        return Some(0);
    }
    let sign = if text.starts_with('-') { -1 } else { 1 };
    let digits: String = text.strip_prefix(['+', '-'])?.chars().filter(|one| *one != ':').collect();
    let (hours, minutes): (i64, i64) = (digits.get(..2)?.parse().ok()?, digits.get(2..4)?.parse().ok()?);
    (digits.len() == 4 && hours < 16 && minutes < 60).then_some(sign * (hours * 3600 + minutes * 60))
}

/// A time of day as PostgreSQL prints it.
fn time_text(time: Time) -> String {
    let micros = time.subsec_nanosecond() / 1000;
    let fraction = if micros == 0 { String::new() } else { format!(".{micros:06}").trim_end_matches('0').to_owned() };
    format!("{:02}:{:02}:{:02}{fraction}", time.hour(), time.minute(), time.second())
}

fn uuid(text: &str) -> Expected {
    let inner = text.strip_prefix('{').and_then(|text| text.strip_suffix('}')).unwrap_or(text).to_ascii_lowercase();
    let digits: String = inner.chars().filter(char::is_ascii_hexdigit).collect();
    let dashed =
        |digits: &str| [&digits[..8], &digits[8..12], &digits[12..16], &digits[16..20], &digits[20..]].join("-");
    let fits = digits.len() == 32 && (inner == digits || inner == dashed(&digits));
    if fits { Is(dashed(&digits)) } else { Rejected }
}

fn list(text: &str, kind: Kind) -> Expected {
    let Ok(serde_json::Value::Array(elements)) = serde_json::from_str(text) else { return Rejected };
    let fits = elements.iter().all(|element| match kind {
        Kind::Texts => element.is_null() || element.is_string(),
        _ => element.is_null() || element.as_i64().is_some_and(|number| i32::try_from(number).is_ok()),
    });
    when(fits, serde_json::Value::Array(elements).to_string())
}

fn blob(bytes: &[u8], kind: Kind) -> Expected {
    match kind {
        Kind::Bytes => Is(hex(bytes)),
        Kind::Uuid if bytes.len() == 16 => uuid(&hex(bytes)),
        Kind::Json | Kind::Jsonb => binary_document(bytes).map_or(Rejected, |text| document(&text, kind)),
        _ => Rejected,
    }
}

/// The text of binary JSON, as SQLite itself writes it.
fn binary_document(bytes: &[u8]) -> Option<String> {
    let connection = rusqlite::Connection::open_in_memory().expect("memory is there");
    let sql = "select case when json_valid(?1, 8) then json(?1) end";
    connection.query_row(sql, [bytes], |row| row.get(0)).ok().flatten()
}
