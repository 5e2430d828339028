//! Dates and times, as text and as epoch numbers.

use super::{column, exact, null, reject, rule};

const NO_DATE: &str = "text that is no ISO 8601 date";
const NO_TIMESTAMP: &str = "text that is no ISO 8601 date and time";
const WITH_TIME: &str = "a date with a time of day";
const NO_UNIT: &str = "a number that does not show its unit; say it with --unit TABLE.COLUMN=s";
const NANOSECONDS: &str = "a time with digits beyond microseconds";
const TOO_FINE: &str = "a time with more digits than the column keeps";
const DATE_TEXT: &str = "date: from text";
const TIME_TEXT: &str = "time: from text";
const TEXT: &str = "timestamp: from text";
const OFFSET: &str = "timestamp: from text with an offset, in UTC";
const EPOCH: &str = "timestamp: from an epoch number";
const NO_BLOB: &str = "no cast rule for a BLOB";

/// Text that names no day of any calendar.
const NO_DAYS: [&str; 9] = [
    "''",
    "'0000-00-00'",
    "'2023-02-29'",
    "'1900-02-29'",
    "'2024-1-1'",
    "'01.02.2024'",
    "'now'",
    "'infinity'",
    "cast(x'ff' as text)",
];

#[test]
fn a_date_is_a_day_and_nothing_beside_it() {
    let mut cases = vec![
        null(),
        rule("'2024-02-29'", "2024-02-29", DATE_TEXT),
        rule("'1969-12-31'", "1969-12-31", DATE_TEXT),
        rule("'0001-01-01'", "0001-01-01", DATE_TEXT),
        rule("'9999-12-31'", "9999-12-31", DATE_TEXT),
        rule("'12345-06-07'", "12345-06-07", DATE_TEXT),
        rule("'2024-02-29 00:00:00.000'", "2024-02-29", DATE_TEXT),
        rule("86400", "1970-01-02", "date: from an epoch number"),
        rule("1709164800000", "2024-02-29", "date: from an epoch number"),
        reject("86401", WITH_TIME),
        reject("'2024-02-29 12:30'", WITH_TIME),
        reject("'2024-02-29T00:00:00.0000001'", WITH_TIME),
        reject("'2024-02-29T00:00:00+02:00'", WITH_TIME),
        // An hour behind in seconds and 3,600 microseconds: numbers that must not cancel out.
        reject("'2024-02-29T00:00:00.003600-01:00'", WITH_TIME),
        reject("-1", NO_UNIT),
        reject("2460000.5", NO_UNIT),
        reject("253402214400", NO_UNIT),
        reject("x'00'", NO_BLOB),
    ];
    cases.extend(NO_DAYS.map(|text| reject(text, NO_DATE)));
    column("date").holds(&cases);
}

#[test]
fn a_time_of_day_ends_before_midnight() {
    let mut cases = vec![
        null(),
        rule("'00:00'", "00:00:00", TIME_TEXT),
        rule("'23:59:59.999999'", "23:59:59.999999", TIME_TEXT),
        rule("'12:30:00.5000000'", "12:30:00.5", TIME_TEXT),
        reject("'12:30:00.0000001'", TOO_FINE),
        reject("3600", NO_UNIT),
        reject("0.5", NO_UNIT),
        reject("x'00'", NO_BLOB),
    ];
    for text in ["''", "'24:00'", "'24:00:00'", "'12:60'", "'12:30Z'", "'12:30+02:00'", "'1:00'", "'2024-01-01 12:30'"]
    {
        cases.push(reject(text, "text that is no time of day"));
    }
    column("time").holds(&cases);
}

#[test]
fn a_timestamp_is_in_utc_and_keeps_microseconds() {
    let mut cases = vec![
        null(),
        rule("'2024-02-29 12:30:00'", "2024-02-29 12:30:00", TEXT),
        rule("'2024-02-29T12:30'", "2024-02-29 12:30:00", TEXT),
        rule("'2024-02-29'", "2024-02-29 00:00:00", TEXT),
        rule("'2024-02-29T12:30:00.123456Z'", "2024-02-29 12:30:00.123456", TEXT),
        rule("'2024-02-29 12:30:00.1234560000'", "2024-02-29 12:30:00.123456", TEXT),
        rule("'1969-12-31 23:59:59.999999'", "1969-12-31 23:59:59.999999", TEXT),
        rule("'0001-01-01 00:00:00'", "0001-01-01 00:00:00", TEXT),
        rule("'10000-01-01 00:00:00'", "10000-01-01 00:00:00", TEXT),
        rule("'2024-02-29T12:30:00+02:00'", "2024-02-29 10:30:00", OFFSET),
        rule("'2024-02-28 23:00:00-1330'", "2024-02-29 12:30:00", OFFSET),
        rule("'2024-02-29 12:30:00 +05'", "2024-02-29 07:30:00", OFFSET),
        rule("0", "1970-01-01 00:00:00", EPOCH),
        rule("1700000000", "2023-11-14 22:13:20", EPOCH),
        rule("1700000000123", "2023-11-14 22:13:20.123", EPOCH),
        rule("1700000000123456", "2023-11-14 22:13:20.123456", EPOCH),
        rule("1700000000123456000", "2023-11-14 22:13:20.123456", EPOCH),
        reject("1700000000123456789", "an epoch number with digits beyond microseconds"),
        reject("-1", NO_UNIT),
        reject("9223372036854775807", NO_UNIT),
        // The years 2286 and 9999 in seconds.
        reject("9999999999", NO_UNIT),
        reject("253402300799", NO_UNIT),
        reject("1700000000.5", NO_UNIT),
        reject("'2024-02-29 12:30:00.123456789'", NANOSECONDS),
        reject("x'00'", NO_BLOB),
    ];
    for text in ["'2024-01-01 24:00:00'", "'2024-01-01 23:59:60'", "'2024-01-01 12:00 Europe/Berlin'", "'1700000000'"] {
        cases.push(reject(text, NO_TIMESTAMP));
    }
    cases.extend(NO_DAYS.map(|text| reject(text, NO_TIMESTAMP)));
    column("timestamp").holds(&cases);
}

#[test]
fn a_timestamp_of_whole_seconds_is_never_rounded() {
    column("timestamp(0)").holds(&[
        null(),
        rule("'2024-02-29 12:30:00.000'", "2024-02-29 12:30:00", TEXT),
        rule("'1969-12-31 23:59:59'", "1969-12-31 23:59:59", TEXT),
        rule("1700000000", "2023-11-14 22:13:20", EPOCH),
        reject("'2024-02-29 12:30:00.5'", TOO_FINE),
        reject("'1969-12-31 23:59:59.999999'", TOO_FINE),
        reject("1700000000123", TOO_FINE),
    ]);
}

#[test]
fn an_instant_is_the_same_whatever_its_offset() {
    let mut cases = vec![
        null(),
        rule("'2024-02-29 12:30:00'", "2024-02-29 12:30:00+00", TEXT),
        rule("'2024-02-29T12:30:00Z'", "2024-02-29 12:30:00+00", TEXT),
        rule("'2024-02-29T14:30:00+02:00'", "2024-02-29 12:30:00+00", TEXT),
        rule("'2024-02-28 23:00:00.000001-13:30'", "2024-02-29 12:30:00.000001+00", TEXT),
        rule("'1901-01-01 00:00:00+14:00'", "1900-12-31 10:00:00+00", TEXT),
        rule("'9999-12-31 23:59:59.999999-01:00'", "10000-01-01 00:59:59.999999+00", TEXT),
        rule("1700000000", "2023-11-14 22:13:20+00", EPOCH),
        rule("1700000000123456000", "2023-11-14 22:13:20.123456+00", EPOCH),
        reject("1700000000123456789", "an epoch number with digits beyond microseconds"),
        reject("'2024-02-29T12:30:00.123456789Z'", NANOSECONDS),
        reject("'2024-02-29T12:30:00+16:00'", NO_TIMESTAMP),
        reject("1.5", NO_UNIT),
        reject("x''", NO_BLOB),
    ];
    cases.extend(NO_DAYS.map(|text| reject(text, NO_TIMESTAMP)));
    column("timestamptz").holds(&cases);
}

#[test]
fn an_epoch_number_in_an_integer_column_is_a_number_like_any_other() {
    column("bigint").holds(&[
        exact("-1", "-1"),
        exact("1700000000", "1700000000"),
        exact("1700000000123456789", "1700000000123456789"),
        reject("'2024-02-29 12:30:00'", "text that is no plain integer"),
    ]);
}
