//! Translates a column's default, or says why it cannot be kept.

use crate::postgres::names::literal;
use crate::schema::LogicalType;
use crate::value::decimal::Decimal;
use crate::value::json;
use crate::value::time::parse_date_time;

/// Gives PostgreSQL's text for a default of SQLite's; `None` for NULL, which is what no default means.
pub(super) fn translate(text: &str, logical: &LogicalType) -> Result<Option<String>, String> {
    let text = strip_parentheses(text.trim());
    if text.eq_ignore_ascii_case("null") {
        return Ok(None);
    }
    if let Some(moment) = moment(text, logical) {
        return Ok(Some(moment));
    }
    let (constant, quoted) = constant(text).ok_or("its form is not on the list of translated ones")?;
    // SQLite writes a number anew when its column takes text: `1e3` becomes '1000.0'.
    if logical.is_text() && !quoted && !constant.parse::<i64>().is_ok_and(|number| number.to_string() == constant) {
        return Err("as a text it is written otherwise".into());
    }
    fit(&constant, logical).map(Some).ok_or_else(|| format!("it is no {logical}"))
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

/// A literal: a number as written, or the content of a quoted text; and whether it is quoted.
fn constant(text: &str) -> Option<(String, bool)> {
    let inner = text.strip_prefix('\'').and_then(|rest| rest.strip_suffix('\''));
    if let Some(inner) = inner.filter(|inner| !inner.replace("''", "").contains('\'')) {
        return Some((inner.replace("''", "'"), true));
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
        T::Real | T::Double | T::Numeric(_) => {
            Decimal::parse(constant, &mut Vec::new()).map(|_| constant.trim_start_matches('+').to_owned())
        }
        T::Text | T::JsonText => Some(literal(constant)),
        T::Varchar(length) | T::Char(length) => {
            (constant.chars().count() <= *length as usize).then(|| literal(constant))
        }
        T::Json | T::Jsonb => json::validate(constant).is_ok().then(|| literal(constant)),
        T::Date | T::Timestamp(_) | T::TimestampTz(_) => {
            parse_date_time(constant.as_bytes()).map(|_| literal(constant))
        }
        _ => None,
    }
}

/// SQLite's words for the present moment; always UTC.
fn moment(text: &str, logical: &LogicalType) -> Option<String> {
    use LogicalType as T;
    let words: String = text.to_lowercase().split_whitespace().collect();
    let utc = "now() at time zone 'utc'";
    let sql = match (words.as_str(), logical) {
        ("current_timestamp" | "datetime('now')", T::Timestamp(_)) => format!("({utc})"),
        ("current_timestamp" | "datetime('now')", T::TimestampTz(_)) => "now()".into(),
        ("current_timestamp" | "datetime('now')", T::Text) => format!("to_char({utc}, 'YYYY-MM-DD HH24:MI:SS')"),
        ("current_date" | "date('now')", T::Date) => format!("(({utc})::date)"),
        ("current_date" | "date('now')", T::Text) => format!("to_char({utc}, 'YYYY-MM-DD')"),
        ("current_time" | "time('now')", T::Time(_)) => format!("(({utc})::time)"),
        ("current_time" | "time('now')", T::Text) => format!("to_char({utc}, 'HH24:MI:SS')"),
        ("unixepoch()" | "unixepoch('now')" | "strftime('%s','now')", logical) if logical.is_integer() => {
            "(floor(extract(epoch from now()))::bigint)".into()
        }
        _ => return None,
    };
    Some(sql)
}

#[cfg(test)]
mod tests {
    use super::*;

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
    }

    #[test]
    fn the_present_moment_is_utc() {
        assert_eq!(kept("CURRENT_TIMESTAMP", LogicalType::Timestamp(6)), "(now() at time zone 'utc')");
        assert_eq!(kept("(strftime('%s', 'now'))", LogicalType::BigInt), "(floor(extract(epoch from now()))::bigint)");
    }

    #[test]
    fn what_cannot_be_kept_says_why() {
        assert!(translate("CURRENT_TIMESTAMP", &LogicalType::BigInt).is_err());
        assert!(translate("'nothing'", &LogicalType::Boolean).is_err());
        assert!(translate("(lower(hex(randomblob(16))))", &LogicalType::Text).is_err());
        assert!(translate("1e3", &LogicalType::Text).is_err());
        assert!(translate("'not json'", &LogicalType::Json).is_err());
    }
}
