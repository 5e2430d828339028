//! Where an expression may stand, and whether it fits there.

use super::super::error::LanguageError;
use super::kind::{Kind, kind, kind_of_conversion};
use super::{Expression, Function};
use crate::schema::{LogicalType, Table};
use crate::value::json;
use crate::value::time::{parse_date_time, parse_time};

/// Why an expression is not one that both engines can be given.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("{message}; {help}")]
pub struct Refusal {
    /// The word in it that is in the way, if it is one.
    pub word: Option<String>,
    /// What is wrong.
    pub message: String,
    /// What to do.
    pub help: String,
}

impl Refusal {
    pub(super) fn new(message: impl Into<String>, help: impl Into<String>) -> Self {
        Self { word: None, message: message.into(), help: help.into() }
    }

    pub(super) fn at(word: &str, message: impl Into<String>, help: impl Into<String>) -> Self {
        Self { word: Some(word.to_owned()), ..Self::new(message, help) }
    }
}

impl From<LanguageError> for Refusal {
    fn from(error: LanguageError) -> Self {
        Self { word: Some(error.token), message: error.message, help: error.help }
    }
}

/// Holds a check or a predicate to be a condition.
pub fn condition(expression: &Expression, table: Option<&Table>) -> Result<(), Refusal> {
    steady(expression)?;
    match kind(expression, table)? {
        Kind::Boolean | Kind::Unknown | Kind::Null => Ok(()),
        _ => Err(Refusal::new("a condition is expected here", "compare it with something")),
    }
}

/// Holds the key of an index to give the same for a row whenever it is asked.
pub fn key(expression: &Expression, table: Option<&Table>) -> Result<(), Refusal> {
    steady(expression)?;
    without_labels(expression, table)?;
    kind(expression, table).map(|_| ())
}

/// Holds the expression of a generated column to give what the column holds.
pub fn generated(expression: &Expression, logical: &LogicalType, table: Option<&Table>) -> Result<(), Refusal> {
    steady(expression)?;
    without_labels(expression, table)?;
    given(kind(expression, table)?, logical)
}

/// Holds a conversion to give what the column will hold.
pub fn conversion(expression: &Expression, logical: &LogicalType, table: Option<&Table>) -> Result<(), Refusal> {
    steady(expression)?;
    given(kind_of_conversion(expression, table)?, logical)
}

fn given(kind: Kind, logical: &LogicalType) -> Result<(), Refusal> {
    let wanted = Kind::of(logical);
    let fits = kind == wanted
        || matches!(kind, Kind::Null | Kind::Unknown)
        || wanted == Kind::Unknown
        || matches!((kind, wanted), (Kind::Whole, Kind::Binary));
    if fits {
        return Ok(());
    }
    let message = format!("this gives another kind of value than a column of type {} holds", logical.portable_name());
    Err(Refusal::new(message, "write cast(… as …) around it, or give the column its type"))
}

/// Holds the predicate of an index to be a condition that gives the same whenever it is asked.
pub fn predicate(expression: &Expression, table: Option<&Table>) -> Result<(), Refusal> {
    without_labels(expression, table)?;
    condition(expression, table)
}

/// Refuses texts of labels where a value is kept: PostgreSQL takes labels for something that may be renamed.
fn without_labels(expression: &Expression, table: Option<&Table>) -> Result<(), Refusal> {
    if let Expression::Cast { of, to: LogicalType::Text } = expression
        && kind(of, table)? == Kind::Label
    {
        let message = "PostgreSQL keeps nothing that is made of the text of a label, which can be renamed";
        return Err(Refusal::at("cast", message, "write case when … = '…' then '…' end"));
    }
    expression.parts().into_iter().try_for_each(|part| without_labels(part, table))
}

/// Refuses what gives another value at each call.
fn steady(expression: &Expression) -> Result<(), Refusal> {
    if let Expression::Call { function, .. } = expression
        && function.varies()
    {
        let message = format!("`{}` gives another value each time; it is a default alone", function.name());
        return Err(Refusal::at(function.name(), message, "compare columns, or let the application check it"));
    }
    expression.parts().into_iter().try_for_each(steady)
}

/// Holds a default to be a value of the column's type, or a call that makes one.
pub fn default(expression: &Expression, logical: &LogicalType) -> Result<(), Refusal> {
    match expression {
        Expression::Null => Ok(()),
        Expression::Call { function, .. } if function.varies() => made(*function, logical),
        Expression::Boolean(_) | Expression::Number(_) | Expression::Text(_) | Expression::Bytes(_) => {
            constant(expression, logical)
        }
        _ => {
            let help = "defaults: a value, null, now(), current_date, current_time, gen_random_uuid()";
            Err(Refusal::new("a default is one value or one call without arguments", help))
        }
    }
}

fn made(function: Function, logical: &LogicalType) -> Result<(), Refusal> {
    use Function as F;
    use LogicalType as T;
    let fits = match function {
        F::Now => matches!(logical, T::Timestamp(_) | T::TimestampTz(_) | T::Epoch(_)),
        F::CurrentDate => *logical == T::Date,
        F::CurrentTime => matches!(logical, T::Time(_)),
        _ => matches!(logical, T::Uuid | T::Text),
    };
    if fits {
        return Ok(());
    }
    let help = match (function, logical) {
        (F::Now, T::Date) => "write current_date",
        (F::Now, T::Time(_)) => "write current_time",
        (F::Now, _) => "now() is for timestamp, timestamptz and epoch_s, epoch_ms, epoch_us, epoch_ns",
        (F::CurrentDate, _) => "current_date is for date",
        (F::CurrentTime, _) => "current_time is for time",
        _ => "gen_random_uuid() is for uuid and text",
    };
    let message = format!("`{}` is no default of a column of type {}", function.name(), logical.portable_name());
    Err(Refusal::at(function.name(), message, help))
}

/// Holds a constant to be a value of a type.
fn constant(expression: &Expression, logical: &LogicalType) -> Result<(), Refusal> {
    use LogicalType as T;
    let whole = |least: i64, most: i64| matches!(expression, Expression::Number(digits) if digits.parse().is_ok_and(|n: i64| (least..=most).contains(&n)));
    let (fits, help) = match logical {
        T::Boolean => (matches!(expression, Expression::Boolean(_)), "write true or false"),
        T::SmallInt => (whole(i16::MIN.into(), i16::MAX.into()), "write a whole number from -32768 to 32767"),
        T::Int => (whole(i32::MIN.into(), i32::MAX.into()), "write a whole number of 32 bits"),
        T::BigInt | T::Epoch(_) => (whole(i64::MIN, i64::MAX), "write a whole number of 64 bits"),
        T::Real | T::Double | T::Numeric(_) => {
            (is_number(expression, logical), "write a number without quotes that fits")
        }
        _ => return literal(expression, logical),
    };
    if fits { Ok(()) } else { Err(no_value(expression, logical, help)) }
}

fn is_number(expression: &Expression, logical: &LogicalType) -> bool {
    let Expression::Number(digits) = expression else { return false };
    let LogicalType::Numeric(bounds) = logical else {
        return digits.parse().is_ok_and(|number: f64| number.is_finite());
    };
    // An exponent is written out by one engine and kept by the other.
    let (whole, fraction) =
        digits.trim_start_matches('-').split_once('.').unwrap_or((digits.trim_start_matches('-'), ""));
    let plain = !digits.contains('e') && !whole.is_empty() && !digits.ends_with('.');
    plain
        && bounds.is_none_or(|(precision, scale)| {
            let scale = usize::try_from(scale).unwrap_or(0);
            whole.trim_start_matches('0').len() <= usize::from(precision) - scale && fraction.len() <= scale
        })
}

/// Holds a quoted text to be a value of a type.
fn literal(expression: &Expression, logical: &LogicalType) -> Result<(), Refusal> {
    use LogicalType as T;
    let fits = match (expression, logical) {
        (Expression::Bytes(_), T::Bytes) => true,
        (Expression::Text(text), T::Varchar(length) | T::Char(length)) => text.chars().count() <= *length as usize,
        (Expression::Text(text), T::Enum(labelled)) => labelled.labels.contains(text),
        (Expression::Text(text), T::Array(_)) => text == "{}",
        (Expression::Text(_), T::Text) => true,
        (Expression::Text(text), T::Json | T::Jsonb | T::JsonText) => json::validate(text).is_ok(),
        (Expression::Text(_), T::Bytes) => false,
        (Expression::Text(text), other) => is_written_as(text, Kind::of(other)),
        _ => false,
    };
    let help = match logical {
        T::Bytes => "write x'…' with pairs of hex digits",
        T::Array(_) => "write '{}', the empty array",
        T::Enum(_) => "write one of the type's labels in single quotes",
        T::Varchar(_) => "write a text in single quotes that is not longer than the column",
        T::Text => "write a text in single quotes",
        T::Json | T::Jsonb | T::JsonText => "write a JSON document in single quotes",
        _ => form(Kind::of(logical)),
    };
    if fits { Ok(()) } else { Err(no_value(expression, logical, help)) }
}

fn no_value(expression: &Expression, logical: &LogicalType, help: &str) -> Refusal {
    let word = match expression {
        Expression::Column(name) => Some(name.clone()),
        _ => None,
    };
    let message = format!("this is no value of type {}", logical.portable_name());
    Refusal { word, message, help: help.to_owned() }
}

/// Holds a text beside a value of another kind to be written as one.
pub(super) fn literal_of(expression: &Expression, kind: Kind) -> Result<(), Refusal> {
    match expression {
        // Labels are known by the type, which a kind does not tell; the engines compare them as they are.
        Expression::Text(_) if kind == Kind::Label => Ok(()),
        Expression::Text(text) if is_written_as(text, kind) => Ok(()),
        _ => Err(Refusal::new("the text in quotes is no value of what it is compared with", form(kind))),
    }
}

fn form(kind: Kind) -> &'static str {
    match kind {
        Kind::Date => "write '2026-01-31'",
        Kind::Time => "write '12:30:00'",
        Kind::Timestamp => "write '2026-01-31 12:30:00', in UTC without a zone",
        Kind::Instant => "write '2026-01-31 12:30:00Z'",
        Kind::Uuid => "write 32 small hex digits with hyphens, as in '123e4567-e89b-12d3-a456-426614174000'",
        Kind::Whole | Kind::Fraction | Kind::Binary | Kind::Decimal => "write the number without quotes",
        Kind::Boolean => "write true or false without quotes",
        _ => "compare values of one kind",
    }
}

/// Tells whether a text is a value of a kind in the one form that both engines keep.
fn is_written_as(text: &str, kind: Kind) -> bool {
    let moment = || parse_date_time(text.as_bytes()).filter(|moment| !moment.lost_digits);
    match kind {
        Kind::Date => text.len() == 10 && moment().is_some(),
        Kind::Time => parse_time(text.as_bytes()).is_some_and(|(_, lost)| !lost) && text.len() >= 8,
        Kind::Timestamp => text.len() >= 19 && moment().is_some_and(|moment| moment.offset_s.is_none()),
        Kind::Instant => text.len() >= 20 && moment().is_some_and(|moment| moment.offset_s.is_some()),
        Kind::Uuid => is_uuid(text),
        _ => false,
    }
}

fn is_uuid(text: &str) -> bool {
    text.len() == 36
        && text.char_indices().all(|(at, c)| match at {
            8 | 13 | 18 | 23 => c == '-',
            _ => c.is_ascii_digit() || ('a'..='f').contains(&c),
        })
}
