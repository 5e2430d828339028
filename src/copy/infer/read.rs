//! A default's constant as the column's values are read: in its unit, in its zone, by its affinity.

use super::meaning::keeps_texts_apart;
use crate::postgres::names::literal;
use crate::schema::LogicalType;
use crate::sqlite::cast::{Scratch, cast_kept};
use crate::value::decimal::Decimal;
use crate::value::reading::Reading;
use crate::value::time::write_rfc3339;
use crate::value::{Cell, Stored};

/// A constant as it is read back as text. SQLite writes a number anew when its column takes text, where `1e3` becomes
/// '1000.0', and a text that looks like a number becomes one in a column that prefers numbers.
///
/// Source: SQLite, "Datatypes", "Type Affinity".
pub(super) fn as_written(constant: &str, quoted: bool, declared: &str) -> Result<String, String> {
    let keeps_texts = keeps_texts_apart(declared);
    let number = constant.trim();
    if quoted && keeps_texts || Decimal::parse(number, &mut Vec::new()).is_none() {
        return Ok(constant.to_owned());
    }
    let has = |word: &str| declared.to_uppercase().contains(word);
    let is_binary = !has("INT") && !keeps_texts && (has("REAL") || has("FLOA") || has("DOUB"));
    if let Some(whole) = number.parse::<i64>().ok().filter(|_| !is_binary) {
        return Ok(whole.to_string());
    }
    // Such a column keeps a number without a fraction as an integer, as far as a double is exact.
    let whole = number.parse::<f64>().ok().filter(|number| number.fract() == 0.0 && number.abs() < 1e15);
    match whole.filter(|_| !keeps_texts && !is_binary) {
        Some(whole) => Ok(format!("{whole:.0}")),
        None => Err("as a text it is written otherwise".into()),
    }
}

/// A constant of a column whose values are read in a unit or a zone, as a value that is written so becomes one; `None` for
/// one of another column.
pub(super) fn as_read(
    constant: &str,
    quoted: bool,
    logical: &LogicalType,
    times: &Reading,
) -> Option<Result<String, String>> {
    use LogicalType as T;
    let value = match (logical, constant.parse::<i64>(), constant.parse::<f64>()) {
        (T::Epoch(_), Ok(whole), _) if !quoted => Stored::Integer(whole),
        (T::Epoch(_), _, Ok(number)) if !quoted => Stored::Real(number),
        (T::Epoch(_), ..) => Stored::Text(constant.into()),
        (T::Timestamp(_) | T::TimestampTz(_), ..) if quoted && times.zone.is_some() => Stored::Text(constant.into()),
        _ => return None,
    };
    Some(match cast_kept(logical, &value, times, &mut Scratch::default()) {
        Ok((Cell::Int(number), _)) => Ok(number.to_string()),
        Ok((Cell::Instant(micros), _)) => {
            written(micros, logical).ok_or_else(|| "it is a time before the year 1".to_owned())
        }
        Ok(_) => Err(format!("it is no {logical}")),
        Err(reason) => Err(format!("a row that holds it is set aside: {reason}")),
    })
}

/// An instant as a literal; `None` for one before the year 1, which is written otherwise.
pub(super) fn written(micros: i64, logical: &LogicalType) -> Option<String> {
    let mut text = String::new();
    write_rfc3339(micros, &mut text);
    let is_early = text.starts_with("0000") || text.starts_with('-');
    let text = if matches!(logical, LogicalType::Timestamp(_)) { text.trim_end_matches('Z') } else { &text };
    (!is_early).then(|| literal(text))
}

#[cfg(test)]
mod tests {
    use super::super::default::translate;
    use super::*;
    use crate::value::time::EpochUnit;

    fn kept(text: &str, logical: LogicalType) -> String {
        translate(text, "integer", &logical, &Reading::default()).expect("is translated").expect("is not null")
    }

    #[test]
    fn a_default_is_in_the_unit_and_the_zone_that_were_chosen() {
        let millis = LogicalType::Epoch(EpochUnit::Millis);
        assert_eq!(kept("1700000000", millis.clone()), "1700000000000");
        assert_eq!(kept("0", millis.clone()), "0");
        assert_eq!(kept("'2023-11-14 22:13:20'", millis.clone()), "1700000000000");
        let now = "(floor(extract(epoch from now()) * 1000)::bigint)";
        assert_eq!(kept("(strftime('%s', 'now'))", millis.clone()), now);
        assert!(translate("0.5", "integer", &millis, &Reading::default()).is_err_and(|why| why.contains("set aside")));
        let zone = Some("Europe/Berlin".parse().expect("the zone is known"));
        let times = Reading { zone, ..Reading::default() };
        let placed = |text, logical| translate(text, "datetime", &logical, &times);
        let expected = |text: &str| Ok(Some(text.to_owned()));
        assert_eq!(placed("'2024-01-01 10:00:00'", LogicalType::TimestampTz(6)), expected("'2024-01-01T09:00:00Z'"));
        assert_eq!(placed("'2024-07-01 10:00:00'", LogicalType::Timestamp(6)), expected("'2024-07-01T08:00:00'"));
        assert!(
            placed("'2024-03-31 02:30:00'", LogicalType::Timestamp(6)).is_err_and(|why| why.contains("never show"))
        );
    }

    #[test]
    fn a_text_that_looks_like_a_number_is_one_where_the_column_prefers_numbers() {
        let of = |text, declared| translate(text, declared, &LogicalType::Text, &Reading::default());
        let expected = |text: &str| Ok(Some(text.to_owned()));
        assert_eq!(of("'01'", "string"), expected("'1'"));
        assert_eq!(of("'01'", "text"), expected("'01'"));
        assert_eq!(of("'01'", ""), expected("'01'"));
        assert_eq!(of("'1e3'", "string"), expected("'1000'"));
        assert_eq!(of("'0x10'", "string"), expected("'0x10'"));
        assert!(of("'1.5'", "string").is_err() && of("'1'", "real").is_err() && of("1e3", "").is_err());
        let json = translate("1e3", "json", &LogicalType::Json, &Reading::default());
        assert_eq!(json, expected("'1000'"));
    }
}
