//! Casts to truth values and numbers.

use rusqlite::types::ValueRef;

use super::{Cast, Scratch, by, exact, no_rule, unfit};
use crate::value::Cell;
use crate::value::decimal::Decimal;
use crate::value::relax::{Relaxations, reason};
use crate::value::rule::Rule;

pub(super) fn boolean(value: ValueRef<'_>, allowed: Relaxations) -> Cast<'_> {
    const TRUE: [&[u8]; 5] = [b"true", b"t", b"yes", b"on", b"1"];
    const FALSE: [&[u8]; 5] = [b"false", b"f", b"no", b"off", b"0"];
    let among = |words: &[&[u8]], text: &[u8]| words.iter().any(|word| text.eq_ignore_ascii_case(word));
    match value {
        ValueRef::Integer(number @ (0 | 1)) => exact(Cell::Bool(number == 1)),
        ValueRef::Integer(_) if allowed.nonzero => by(Rule::BooleanNonzero, Cell::Bool(true)),
        ValueRef::Integer(_) => unfit(reason::NOT_ZERO_OR_ONE),
        ValueRef::Real(number) if number == 0.0 || number == 1.0 => {
            by(Rule::BooleanFromReal, Cell::Bool(number == 1.0))
        }
        ValueRef::Real(_) => unfit("a real other than 0.0 and 1.0"),
        ValueRef::Text(word) if among(&TRUE, word) => by(Rule::BooleanFromText, Cell::Bool(true)),
        ValueRef::Text(word) if among(&FALSE, word) => by(Rule::BooleanFromText, Cell::Bool(false)),
        ValueRef::Text(_) => unfit("text that is no truth value"),
        other => no_rule(other),
    }
}

pub(super) fn integer(value: ValueRef<'_>, lowest: i64, highest: i64) -> Cast<'_> {
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
pub(super) fn whole(number: f64) -> Option<i64> {
    // Both ends are powers of two: exact as binary numbers. The upper one is the first that does not fit.
    let fits = number.fract() == 0.0 && (-9_223_372_036_854_775_808.0..9_223_372_036_854_775_808.0).contains(&number);
    #[expect(clippy::cast_possible_truncation, reason = "the range was checked")]
    fits.then_some(number as i64)
}

/// Digits as the number itself would be printed: no sign `+`, no leading zeros, no blanks.
pub(super) fn canonical_integer(text: &[u8]) -> Option<i64> {
    let digits = text.strip_prefix(b"-").unwrap_or(text);
    let canonical =
        digits == b"0" && digits.len() == text.len() || digits.first().is_some_and(|d| (b'1'..=b'9').contains(d));
    let number = std::str::from_utf8(text).ok().filter(|_| canonical)?;
    number.parse().ok()
}

pub(super) fn double(value: ValueRef<'_>) -> Cast<'_> {
    match value {
        #[expect(clippy::cast_precision_loss, reason = "the loss is what the rule counts")]
        ValueRef::Integer(number) => {
            let float = number as f64;
            let rule = (whole(float) != Some(number)).then_some(Rule::DoubleRounded);
            Ok((Cell::Float(float), rule))
        }
        ValueRef::Real(number) => exact(Cell::Float(number)),
        ValueRef::Text(text) => match decimal_float(text) {
            Some(number) if says(text, number) => by(Rule::DoubleFromText, Cell::Float(number)),
            Some(number) => by(Rule::DoubleTextRounded, Cell::Float(number)),
            None => unfit("text that is no number"),
        },
        other => no_rule(other),
    }
}

/// A finite number in plain or exponent notation: not `inf`, not `nan`, no blanks.
fn decimal_float(text: &[u8]) -> Option<f64> {
    let digits = text.iter().all(|byte| byte.is_ascii_digit() || matches!(byte, b'+' | b'-' | b'.' | b'e' | b'E'));
    let number: f64 = std::str::from_utf8(text).ok().filter(|_| digits)?.parse().ok()?;
    // Zero for digits that are not zero is another number; PostgreSQL refuses it as out of range, too.
    let mantissa = text.split(|byte| matches!(byte, b'e' | b'E')).next().unwrap_or_default();
    let vanished = number == 0.0 && mantissa.iter().any(|byte| (b'1'..=b'9').contains(byte));
    (number.is_finite() && !vanished).then_some(number)
}

/// Whether text is a number as it is printed: in its fewest digits, or in as many as the text has.
fn says(text: &[u8], number: f64) -> bool {
    let (mut digits, mut digits_of_number) = (Vec::new(), Vec::new());
    let parsed = std::str::from_utf8(text).ok().and_then(|text| Decimal::parse(text, &mut digits));
    let Some(said) = parsed else { return false };
    let places = said.scale as usize;
    let mut is_printed = |printed: String| {
        let printed = Decimal::parse(&printed, &mut digits_of_number);
        printed.is_some_and(|printed| Decimal { scale: said.scale, ..printed } == said)
    };
    is_printed(format!("{number:e}")) || is_printed(format!("{number:.places$}"))
}

pub(super) fn real(value: ValueRef<'_>) -> Cast<'_> {
    let (cell, rule) = double(value)?;
    let Cell::Float(number) = cell else { return Ok((cell, rule)) };
    #[expect(clippy::cast_possible_truncation, reason = "the loss is what the rule counts")]
    let narrow = f64::from(number as f32);
    // As PostgreSQL's own cast: neither infinity nor zero may stand for another number.
    if narrow.is_infinite() && number.is_finite() || narrow == 0.0 && number != 0.0 {
        return unfit("a number beyond 32 bits");
    }
    Ok((Cell::Float(narrow), if narrow == number { rule } else { Some(Rule::RealRounded) }))
}

pub(super) fn numeric<'r>(value: ValueRef<'r>, bounds: Option<(u16, i16)>, scratch: &'r mut Scratch) -> Cast<'r> {
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
    let digits = text.unwrap_or(&written[..written.len() - left]);
    let parsed = std::str::from_utf8(digits).ok().and_then(|digits| Decimal::parse(digits, &mut scratch.bytes));
    let Some(decimal) = parsed else { return unfit("text that is no decimal number within PostgreSQL's limits") };
    let fitted = bounds.map_or(Some(decimal), |(precision, scale)| decimal.fit(precision, scale));
    let Some(decimal) = fitted else { return unfit("a number with more digits than the column holds") };
    let rewritten = text.is_some_and(|text| !prints_as(&decimal, text, &mut scratch.mended));
    Ok((Cell::Decimal(decimal), if rewritten { Some(Rule::NumericFromText) } else { rule }))
}

/// Whether PostgreSQL prints the number as this text.
fn prints_as(decimal: &Decimal<'_>, text: &[u8], printed: &mut Vec<u8>) -> bool {
    printed.clear();
    decimal.write_text(printed);
    printed == text
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn digits_that_a_float_does_not_keep_are_called_a_loss() {
        let rule_of = |text: &str| double(ValueRef::Text(text.as_bytes())).expect("it is a number").1;
        for text in ["0.1", "1.50", "-2e3", "1e23", "9007199254740992", "0.10000000000000001", "5e-324", "-0.0", "0e9"]
        {
            assert_eq!(rule_of(text), Some(Rule::DoubleFromText), "{text}");
        }
        for text in ["9007199254740993", "0.1234567890123456789", "0.30000000000000000001", "3e-324"] {
            assert_eq!(rule_of(text), Some(Rule::DoubleTextRounded), "{text}");
        }
    }

    #[test]
    fn a_decimal_text_that_prints_otherwise_is_told() {
        let rule_of = |text: &str, bounds| {
            let mut scratch = Scratch::default();
            numeric(ValueRef::Text(text.as_bytes()), bounds, &mut scratch).expect("it is a number").1
        };
        for text in ["007", "1e3", "+5", "-0", ".5", "5.", "-0.00"] {
            assert_eq!(rule_of(text, None), Some(Rule::NumericFromText), "{text}");
        }
        for text in ["0", "7", "-1.50", "0.000", "12345678901234567890.10"] {
            assert_eq!(rule_of(text, None), None, "{text}");
        }
        assert_eq!(rule_of("1.5", Some((5, 2))), Some(Rule::NumericFromText));
        assert_eq!(rule_of("1.50", Some((5, 2))), None);
    }
}
