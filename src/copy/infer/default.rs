//! Translates a column's default, or says why it cannot be kept.

use super::moment::moment;
use super::random::random;
use super::read::{as_read, as_written, written};
use crate::postgres::names::literal;
use crate::postgres::wording;
use crate::schema::LogicalType;
use crate::schema::language::expression::{fit, parse_text};
use crate::sqlite::ddl;
use crate::value::decimal::Decimal;
use crate::value::json;
use crate::value::reading::Reading;
use crate::value::time::{parse_date_time, parse_time, write_rfc3339};

/// Gives PostgreSQL's text for a default of SQLite's, of a column of this declared type whose times are read so; `None`
/// for NULL, which is what no default means.
pub(super) fn translate(
    text: &str,
    declared: &str,
    logical: &LogicalType,
    times: &Reading,
) -> Result<Option<String>, String> {
    let stored = match logical {
        LogicalType::Epoch(_) => logical.clone(),
        other => other.stored(),
    };
    let logical = &stored;
    let text = strip_parentheses(text.trim());
    if text.eq_ignore_ascii_case("null") {
        return Ok(None);
    }
    let known = moment(text, logical).or_else(|| of_the_language(text, logical));
    if let Some(made) = known.or_else(|| random(text, logical)).or_else(|| bytes(text, logical)) {
        return Ok(Some(made));
    }
    if let Some(reason) = moment_elsewhere(text, logical) {
        return Err(reason);
    }
    let (constant, quoted) = constant(text).ok_or("its form is not on the list of translated ones")?;
    let constant = match logical {
        text if text.is_text() => as_written(&constant, quoted, declared)?,
        LogicalType::Json | LogicalType::Jsonb => as_written(&constant, quoted, declared)?,
        _ => constant,
    };
    if let Some(moment) = as_read(&constant, quoted, logical, times) {
        return moment.map(Some);
    }
    fit(&constant, logical).map(Some).ok_or_else(|| format!("it is no {logical}"))
}

/// Why the present moment is no default of a column that holds none.
fn moment_elsewhere(text: &str, logical: &LogicalType) -> Option<String> {
    use LogicalType as T;
    let of = [T::Text, T::BigInt].into_iter().find(|of| moment(text, of).is_some())?;
    let holds = match logical {
        number if number.is_integer() || matches!(number, T::Real | T::Double | T::Numeric(_)) => {
            "holds numbers".into()
        }
        other => format!("is of type {other}"),
    };
    let form = if of == T::Text { "text" } else { "number" };
    Some(format!("it gives the present moment as a {form}, and the column {holds}"))
}

fn strip_parentheses(text: &str) -> &str {
    let inner = text.strip_prefix('(').and_then(|rest| rest.strip_suffix(')'));
    match inner.filter(|inner| is_balanced(inner)) {
        Some(inner) => strip_parentheses(inner.trim()),
        None => text,
    }
}

/// Tells whether every parenthesis is closed after it was opened; those inside a text are rare enough to be refused.
fn is_balanced(text: &str) -> bool {
    let mut depth = 0_i32;
    let never_below = text.chars().all(|c| {
        depth += i32::from(c == '(') - i32::from(c == ')');
        depth >= 0
    });
    never_below && depth == 0
}

/// Bytes as SQLite writes them.
fn bytes(text: &str, logical: &LogicalType) -> Option<String> {
    let digits = text.strip_prefix(['x', 'X'])?.strip_prefix('\'')?.strip_suffix('\'')?;
    let is_whole = digits.len().is_multiple_of(2) && digits.bytes().all(|digit| digit.is_ascii_hexdigit());
    (is_whole && *logical == LogicalType::Bytes).then(|| format!("decode('{digits}', 'hex')"))
}

/// A literal: a number as written, or the content of a quoted text; and whether it is quoted.
fn constant(text: &str) -> Option<(String, bool)> {
    let inner = text.strip_prefix('\'').and_then(|rest| rest.strip_suffix('\''));
    if let Some(inner) = inner.filter(|inner| !inner.replace("''", "").contains('\'')) {
        return Some((inner.replace("''", "'"), true));
    }
    // What is quoted like a name can be none here. Source: SQLite, "CREATE TABLE", "The DEFAULT clause".
    let inner = text.strip_prefix('"').and_then(|rest| rest.strip_suffix('"'));
    if let Some(inner) = inner.filter(|inner| !inner.contains('"')) {
        return Some((inner.to_owned(), true));
    }
    if let Some(digits) = text.strip_prefix("0x").or_else(|| text.strip_prefix("0X")) {
        return i64::from_str_radix(digits, 16).ok().map(|number| (number.to_string(), false));
    }
    // SQLite's words for 1 and 0.
    for (word, number) in [("true", "1"), ("false", "0")] {
        if text.eq_ignore_ascii_case(word) {
            return Some((number.to_owned(), false));
        }
    }
    Decimal::parse(text, &mut Vec::new()).map(|_| (text.to_owned(), false))
}

/// The constant as a literal of the column's type.
fn fit(constant: &str, logical: &LogicalType) -> Option<String> {
    use LogicalType as T;
    match logical {
        T::Boolean => match constant.to_lowercase().as_str() {
            "1" | "true" | "t" | "yes" | "on" => Some("true".into()),
            "0" | "false" | "f" | "no" | "off" => Some("false".into()),
            _ => None,
        },
        T::SmallInt | T::Int | T::BigInt | T::Epoch(_) => constant.parse::<i64>().ok().map(|number| number.to_string()),
        T::Real | T::Double => double(constant),
        T::Numeric(_) => finite(constant).map(|_| plain(constant)),
        T::Text | T::JsonText => Some(literal(constant)),
        T::Varchar(length) | T::Char(length) => {
            (constant.chars().count() <= *length as usize).then(|| literal(constant))
        }
        T::Json | T::Jsonb => json::validate(constant).is_ok().then(|| literal(constant)),
        T::Date => date(constant),
        T::Timestamp(_) | T::TimestampTz(_) => written(instant(constant)?, logical),
        T::Time(_) => parse_time(constant.as_bytes()).filter(|(_, lost)| !lost).map(|_| literal(constant)),
        T::Uuid => is_uuid(constant).then(|| literal(constant)),
        _ => None,
    }
}

/// Tells whether a text is a UUID in its canonical form.
fn is_uuid(text: &str) -> bool {
    let is_fit =
        |(at, byte): (usize, u8)| if [8, 13, 18, 23].contains(&at) { byte == b'-' } else { byte.is_ascii_hexdigit() };
    text.len() == 36 && text.bytes().enumerate().all(is_fit)
}

/// A number as SQLite keeps it: digits beyond the largest 64-bit binary number are infinity, those below the smallest zero.
fn double(constant: &str) -> Option<String> {
    Decimal::parse(constant, &mut Vec::new())?;
    match constant.parse::<f64>().ok()? {
        f64::INFINITY => Some("'Infinity'".into()),
        f64::NEG_INFINITY => Some("'-Infinity'".into()),
        0.0 => Some("0".into()),
        _ => Some(plain(constant)),
    }
}

/// A decimal number that is no infinity in SQLite.
fn finite(constant: &str) -> Option<f64> {
    Decimal::parse(constant, &mut Vec::new())?;
    constant.parse().ok().filter(|number: &f64| number.is_finite())
}

fn plain(constant: &str) -> String {
    constant.trim_start_matches('+').to_owned()
}

/// A day as a value that is written so becomes one: without a time of day and an offset.
fn date(constant: &str) -> Option<String> {
    let time = parse_date_time(constant.as_bytes())?;
    let midnight = time.time_us == 0 && !time.lost_digits && time.offset_s.unwrap_or(0) == 0;
    let mut text = String::new();
    write_rfc3339(instant(constant).filter(|_| midnight)?, &mut text);
    text.split('T').next().map(literal)
}

/// An instant in UTC as a value that is written so becomes one; PostgreSQL itself would pass over the offset.
fn instant(constant: &str) -> Option<i64> {
    parse_date_time(constant.as_bytes()).filter(|time| !time.lost_digits)?.unix_us()
}

/// A default that the portable language put into the source.
fn of_the_language(text: &str, logical: &LogicalType) -> Option<String> {
    let (portable, written) = ddl::made_default(text)?;
    // The unit of an epoch number stands in the expression, where no other one was chosen for the column.
    let of = match logical {
        LogicalType::Epoch(_) if written.is_integer() => logical,
        whole if whole.is_integer() => &written,
        _ => logical,
    };
    let fits = of.is_integer() == written.is_integer() && fit::default(&parse_text(portable).ok()?, of).is_ok();
    if fits { wording::default(portable, of).ok() } else { None }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn translate(text: &str, logical: &LogicalType) -> Result<Option<String>, String> {
        super::translate(text, "text", logical, &Reading::default())
    }

    fn kept(text: &str, logical: LogicalType) -> String {
        translate(text, &logical).expect("is translated").expect("is not null")
    }

    #[test]
    fn a_literal_becomes_one_of_the_column_s_type() {
        assert_eq!(kept("'1'", LogicalType::Boolean), "true");
        assert_eq!(kept("(0)", LogicalType::Boolean), "false");
        assert_eq!(kept("'{}'", LogicalType::Json), "'{}'");
        assert_eq!(kept("'it''s'", LogicalType::Text), "'it''s'");
        assert_eq!(kept("-1", LogicalType::BigInt), "-1");
        assert_eq!(kept("0", LogicalType::Text), "'0'");
        assert_eq!(kept("true", LogicalType::Text), "'1'");
        assert_eq!(kept("TRUE", LogicalType::Boolean), "true");
        assert_eq!(translate("NULL", &LogicalType::Text), Ok(None));
        assert_eq!(kept("\"new\"", LogicalType::Text), "'new'");
        assert_eq!(kept("0x10", LogicalType::BigInt), "16");
        assert_eq!(kept("x'00Ff'", LogicalType::Bytes), "decode('00Ff', 'hex')");
        assert!(translate("x'00'", &LogicalType::Text).is_err());
    }

    #[test]
    fn a_number_beyond_a_double_is_what_sqlite_makes_of_it() {
        for (text, kept_as) in
            [("9e999", "'Infinity'"), ("-9e999", "'-Infinity'"), ("1e-400", "0"), ("1.5", "1.5"), ("+2", "2")]
        {
            assert_eq!(kept(text, LogicalType::Double), kept_as, "{text}");
        }
        assert!(translate("9e999", &LogicalType::Numeric(None)).is_err());
        assert!(translate("'inf'", &LogicalType::Double).is_err());
    }

    #[test]
    fn a_date_and_time_is_the_same_instant_as_a_value() {
        let with_offset = "'2020-01-01T00:00:00+02:00'";
        assert_eq!(kept(with_offset, LogicalType::Timestamp(6)), "'2019-12-31T22:00:00'");
        assert_eq!(kept(with_offset, LogicalType::TimestampTz(6)), "'2019-12-31T22:00:00Z'");
        assert_eq!(kept("'2020-01-01 01:02:03.5'", LogicalType::Timestamp(6)), "'2020-01-01T01:02:03.500000'");
        assert_eq!(kept("'2020-01-01'", LogicalType::Date), "'2020-01-01'");
        assert!(translate("'2020-01-01 10:00'", &LogicalType::Date).is_err());
        assert!(translate("'0001-01-01 00:00+02'", &LogicalType::Timestamp(6)).is_err());
    }

    #[test]
    fn the_present_moment_is_utc() {
        assert_eq!(kept("CURRENT_TIMESTAMP", LogicalType::Timestamp(6)), "(now() at time zone 'utc')");
        assert_eq!(kept("(strftime('%s', 'now'))", LogicalType::BigInt), "(floor(extract(epoch from now()))::bigint)");
    }

    #[test]
    fn a_default_that_the_portable_language_made_is_known_again() {
        use crate::value::time::EpochUnit;
        for (portable, of, inferred, expected) in [
            ("now()", LogicalType::Timestamp(6), LogicalType::Timestamp(6), "(now() at time zone 'utc')"),
            ("now()", LogicalType::TimestampTz(0), LogicalType::TimestampTz(6), "now()"),
            ("current_time", LogicalType::Time(6), LogicalType::Time(6), "((now() at time zone 'utc')::time)"),
            ("gen_random_uuid()", LogicalType::Uuid, LogicalType::Uuid, "gen_random_uuid()"),
            ("gen_random_uuid()", LogicalType::Text, LogicalType::Text, "(gen_random_uuid()::text)"),
            (
                "now()",
                LogicalType::Epoch(EpochUnit::Millis),
                LogicalType::BigInt,
                "(floor(extract(epoch from now()) * 1000)::bigint)",
            ),
        ] {
            let sqlite = ddl::wording::default(portable, &of).expect("is worded");
            assert_eq!(kept(&sqlite, inferred), expected, "{sqlite}");
        }
    }

    #[test]
    fn what_cannot_be_kept_says_why() {
        assert!(translate("CURRENT_TIMESTAMP", &LogicalType::BigInt).is_err_and(|why| why.contains("holds numbers")));
        assert!(translate("'nothing'", &LogicalType::Boolean).is_err());
        assert!(translate("1e3", &LogicalType::Text).is_err());
        assert!(translate("'not json'", &LogicalType::Json).is_err());
    }
}
