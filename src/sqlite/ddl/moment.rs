//! Values that SQLite must be told how to make: the present moment, an identifier, a strict conversion.

use crate::schema::LogicalType;
use crate::schema::language::expression::Function;
use crate::schema::names::literal;
use crate::sqlite::says::GUARD;
use crate::value::time::EpochUnit;

/// A call that makes a default, in parentheses.
pub(super) fn default(function: Function, logical: &LogicalType) -> String {
    use LogicalType as T;
    match (function, logical) {
        (Function::RandomUuid, _) => random_uuid(),
        (Function::CurrentDate, _) => "current_date".into(),
        (Function::CurrentTime, T::Time(digits)) => format!("(strftime('%H:%M:{}', 'now'))", seconds(*digits)),
        (_, T::Timestamp(digits)) => format!("(strftime('%Y-%m-%d %H:%M:{}', 'now'))", seconds(*digits)),
        (_, T::TimestampTz(digits)) => format!("(strftime('%Y-%m-%d %H:%M:{}+00:00', 'now'))", seconds(*digits)),
        (_, T::Epoch(EpochUnit::Millis)) => format!("({MILLIS})"),
        (_, T::Epoch(EpochUnit::Micros)) => format!("({MILLIS} * 1000)"),
        (_, T::Epoch(EpochUnit::Nanos)) => format!("({MILLIS} * 1000000)"),
        _ => "(unixepoch())".into(),
    }
}

/// The portable default of which a default was made, and a type that it was made for; outer parentheses do not matter.
pub(super) fn made(text: &str) -> Option<(&'static str, LogicalType)> {
    use LogicalType as T;
    let digits = [6, 0].into_iter();
    let moments = digits.flat_map(|digits| [T::Timestamp(digits), T::TimestampTz(digits)]);
    let units = [EpochUnit::Seconds, EpochUnit::Millis, EpochUnit::Micros, EpochUnit::Nanos].map(T::Epoch);
    let now = moments.chain(units).map(|logical| ("now()", Function::Now, logical));
    let times = [T::Time(6), T::Time(0)].map(|logical| ("current_time", Function::CurrentTime, logical));
    let uuid = ("gen_random_uuid()", Function::RandomUuid, T::Uuid);
    let bare = |text: &str| text.trim_start_matches('(').trim_end_matches(')').to_owned();
    let same = |(_, function, logical): &(&str, Function, T)| bare(&default(*function, logical)) == bare(text);
    now.chain(times).chain([uuid]).find(same).map(|(portable, _, logical)| (portable, logical))
}

const MILLIS: &str = "cast(round(unixepoch('subsec') * 1000) as integer)";

/// The clock tells milliseconds; a column with fewer digits gets whole seconds.
fn seconds(digits: u8) -> &'static str {
    if digits >= 3 { "%f" } else { "%S" }
}

/// Source: RFC 9562, "UUID Version 4": 122 random bits around the version and the variant.
fn random_uuid() -> String {
    "(lower(hex(randomblob(4)) || '-' || hex(randomblob(2)) || '-4' || substr(hex(randomblob(2)), 2) || '-' || \
     substr('89ab', 1 + (random() & 3), 1) || substr(hex(randomblob(2)), 2) || '-' || hex(randomblob(6))))"
        .into()
}

/// Ends a statement with an error that repeats a text: no function of SQLite does nothing else. The text is told as it is
/// where the error is taken apart.
fn fail(value: &str, to: &LogicalType) -> String {
    let name = value.strip_prefix('"').and_then(|rest| rest.strip_suffix('"')).filter(|name| !name.contains('"'));
    let of = name.map_or_else(String::new, |name| format!(" of column {name}"));
    format!("json_extract('{{}}', {})", literal(&format!("{GUARD}a value{of} does not fit type {to}")))
}

/// A whole number of a text, or the end of the statement; SQLite's own cast makes 0 of a text that is none.
pub(super) fn strict_whole(text: &str, to: &LogicalType) -> String {
    let ((least, most), fail) = (range(to), fail(text, to));
    let trimmed = format!("trim({text})");
    let digits =
        format!("case when substr({trimmed}, 1, 1) in ('+', '-') then substr({trimmed}, 2) else {trimmed} end");
    let whole = format!("cast({trimmed} as integer)");
    // Beyond 64 bits the cast gives the nearest number: 18 digits always fit, 19 when they come back as they were.
    format!(
        "case when {text} is null then null \
         when ({digits}) = '' or ({digits}) glob '*[^0-9]*' then {fail} \
         when length(ltrim({digits}, '0')) > 18 and cast({whole} as text) <> ltrim({trimmed}, '+') then {fail} \
         when {whole} not between {least} and {most} then {fail} else {whole} end"
    )
}

/// A number of another size, or the end of the statement.
pub(super) fn strict_range(value: &str, to: &LogicalType) -> String {
    let (least, most) = range(to);
    format!("case when {value} not between {least} and {most} then {} else {value} end", fail(value, to))
}

/// A text that is short enough, or the end of the statement.
pub(super) fn strict_length(value: &str, length: u32) -> String {
    let fail = fail(value, &LogicalType::Varchar(length));
    format!("case when length({value}) > {length} then {fail} else {value} end")
}

/// A document as it is written, or the end of the statement.
pub(super) fn strict_json(text: &str) -> String {
    let fail = fail(text, &LogicalType::Json);
    format!("case when {text} is null then null when not json_valid({text}) then {fail} else {text} end")
}

/// A moment in UTC without a zone, of one with a zone, however it is written; all digits of its seconds stay.
pub(super) fn without_zone(value: &str, to: &LogicalType) -> String {
    let shifted = |zone: u8, written: &str| {
        // SQLite's own functions know milliseconds at most: the fraction is put back as it was.
        let whole = format!("substr({value}, 1, min(19, length({value}) - {zone}))");
        let utc = format!("strftime('%Y-%m-%d %H:%M:%S', {whole} || {written})");
        let fraction = format!("substr({value}, 20, max(0, length({value}) - {zone} - 19))");
        format!("case when {utc} is null then {} else {utc} || {fraction} end", fail(value, to))
    };
    let cut = |zone: u8| format!("substr({value}, 1, length({value}) - {zone})");
    // A date alone ends like a zone: there is a time before one.
    let (digits, time) = ("[0-9][0-9]", "*:*");
    format!(
        "case when {value} glob '*[Zz]' then {} \
         when {value} glob '{time}[+-]00:00' then {} when {value} glob '{time}[+-]{digits}:{digits}' then {} \
         when {value} glob '{time}[+-]{digits}{digits}' then {} when {value} glob '{time}[+-]{digits}' then {} \
         else {value} end",
        cut(1),
        cut(6),
        shifted(6, &format!("substr({value}, -6)")),
        shifted(5, &format!("substr({value}, -5, 3) || ':' || substr({value}, -2)")),
        shifted(3, &format!("substr({value}, -3) || ':00'")),
    )
}

fn range(to: &LogicalType) -> (String, String) {
    match to {
        LogicalType::SmallInt => (i16::MIN.to_string(), i16::MAX.to_string()),
        LogicalType::Int => (i32::MIN.to_string(), i32::MAX.to_string()),
        // The literal's digits alone would be one too many.
        _ => ("(-9223372036854775807 - 1)".into(), i64::MAX.to_string()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn value(sql: &str) -> Result<Option<String>, String> {
        let connection = rusqlite::Connection::open_in_memory().expect("opens");
        let sql = format!("select cast({sql} as text)");
        connection.query_row(&sql, [], |row| row.get(0)).map_err(|error| error.to_string())
    }

    #[test]
    fn a_text_becomes_a_whole_number_or_the_statement_ends() {
        for (text, to, expected) in [
            ("' +7 '", LogicalType::Int, "7"),
            ("'-007'", LogicalType::Int, "-7"),
            ("'2147483647'", LogicalType::Int, "2147483647"),
            ("'9223372036854775807'", LogicalType::BigInt, "9223372036854775807"),
            ("'-9223372036854775808'", LogicalType::BigInt, "-9223372036854775808"),
        ] {
            assert_eq!(value(&strict_whole(text, &to)), Ok(Some(expected.to_owned())), "{text}");
        }
        assert_eq!(value(&strict_whole("null", &LogicalType::Int)), Ok(None));
        for text in ["''", "'x'", "'1.5'", "'+-5'", "'2147483648'", "'9223372036854775808'", "'1e3'"] {
            assert!(value(&strict_whole(text, &LogicalType::Int)).is_err(), "{text}");
        }
        assert!(value(&strict_whole("'9223372036854775808'", &LogicalType::BigInt)).is_err());
    }

    #[test]
    fn what_does_not_fit_ends_the_statement() {
        assert_eq!(value(&strict_range("32767", &LogicalType::SmallInt)), Ok(Some("32767".into())));
        assert!(value(&strict_range("32768", &LogicalType::SmallInt)).is_err());
        assert_eq!(value(&strict_length("'äöü'", 3)), Ok(Some("äöü".into())));
        assert!(value(&strict_length("'äöüß'", 3)).is_err());
        assert_eq!(value(&strict_json("'{\"a\": 1.0}'")), Ok(Some("{\"a\": 1.0}".into())));
        assert!(value(&strict_json("'{'")).is_err());
    }

    #[test]
    fn a_value_that_does_not_fit_is_told_by_its_column_and_type() {
        for (guarded, expected) in [
            (strict_length("\"o'b\"", 3), "a value of column o'b does not fit type varchar(3)"),
            (strict_range("\"n\"", &LogicalType::Int), "a value of column n does not fit type integer"),
            (strict_whole("lower(\"o'b\")", &LogicalType::Int), "a value does not fit type integer"),
            (strict_json("\"o'b\""), "a value of column o'b does not fit type json"),
        ] {
            let connection = rusqlite::Connection::open_in_memory().expect("opens");
            let rows = "create table t (\"o'b\", n); insert into t values ('four', 1 << 40)";
            connection.execute_batch(rows).expect("a table can be made");
            let said = crate::sqlite::writer::run(&connection, &format!("select {guarded} from t"));
            assert_eq!(said.expect_err(&guarded).to_string(), expected);
        }
    }

    #[test]
    fn an_instant_loses_its_zone_and_nothing_else() {
        for (text, expected) in [
            ("'2020-01-01 10:00:00.123456Z'", "2020-01-01 10:00:00.123456"),
            ("'2020-01-01T10:00:00+00:00'", "2020-01-01T10:00:00"),
            ("'2020-01-01 10:00:00+02:00'", "2020-01-01 08:00:00"),
            ("'2020-01-01 10:00:00.123456+02'", "2020-01-01 08:00:00.123456"),
            ("'2020-01-01 22:00:00.5-0330'", "2020-01-02 01:30:00.5"),
            ("'2020-01-01 10:00:00+00'", "2020-01-01 10:00:00"),
            ("'2020-01-01 10:00+02'", "2020-01-01 08:00:00"),
            ("'2020-01-01 10:00:00'", "2020-01-01 10:00:00"),
            ("'2020-01-02'", "2020-01-02"),
        ] {
            assert_eq!(value(&without_zone(text, &LogicalType::Timestamp(6))), Ok(Some(expected.into())), "{text}");
        }
        assert_eq!(value(&without_zone("null", &LogicalType::Timestamp(6))), Ok(None));
        assert!(value(&without_zone("'2020-01-01 10:00:00+99'", &LogicalType::Timestamp(6))).is_err());
    }
}
