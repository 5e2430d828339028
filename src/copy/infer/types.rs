//! Chooses a column's type from its declaration and the profile of its values.

use crate::schema::LogicalType;
use crate::sqlite::profile::ColumnProfile;

/// Tells whether a declared type speaks of dates or times.
pub(super) fn is_time(declared: &str) -> bool {
    let upper = declared.to_uppercase();
    upper.contains("DATE") || upper.contains("TIME")
}

/// Chooses the type that holds every stored value, as near to the declared one as that allows.
///
/// The order of the questions is that in which SQLite itself reads a declared type, with the names that mean more
/// than an affinity first. Source: SQLite, "Datatypes", "Determination Of Column Affinity".
pub(super) fn choose(declared: &str, profile: &ColumnProfile) -> LogicalType {
    let upper = declared.to_uppercase();
    let has = |word: &str| upper.contains(word);
    if has("JSON") {
        json(has("JSONB"), profile)
    } else if has("BOOL") {
        boolean(profile)
    } else if is_time(declared) {
        time(&upper, profile)
    } else if has("UUID") || has("GUID") {
        uuid(profile)
    } else if has("INT") || has("SERIAL") {
        only_integers(profile).unwrap_or_else(|| by_class(profile))
    } else if has("CHAR") || has("CLOB") || has("TEXT") || has("STRING") {
        text(&upper, profile)
    } else if has("BLOB") || has("BYTEA") || has("BINARY") {
        if profile.values() == profile.blobs { LogicalType::Bytes } else { by_class(profile) }
    } else if has("REAL") || has("FLOA") || has("DOUB") {
        if only_doubles(profile) { LogicalType::Double } else { by_class(profile) }
    } else if has("NUMERIC") || has("DECIMAL") {
        numeric(profile)
    } else {
        by_class(profile)
    }
}

/// The type that holds what is there when the declaration does not.
fn by_class(profile: &ColumnProfile) -> LogicalType {
    if profile.blobs > 0 {
        return LogicalType::Bytes;
    }
    if profile.texts > 0 || profile.values() == 0 {
        return LogicalType::Text;
    }
    match (profile.integers, profile.reals) {
        (_, 0) => LogicalType::BigInt,
        _ if profile.beyond_double == 0 => LogicalType::Double,
        // No value of numeric is infinite on every supported server.
        _ if profile.infinite > 0 => LogicalType::Text,
        _ => LogicalType::Numeric(None),
    }
}

fn only_integers(profile: &ColumnProfile) -> Option<LogicalType> {
    (profile.values() == profile.integers).then_some(LogicalType::BigInt)
}

fn only_doubles(profile: &ColumnProfile) -> bool {
    profile.values() == profile.reals + profile.integers && profile.beyond_double == 0
}

fn boolean(profile: &ColumnProfile) -> LogicalType {
    if profile.values() == profile.zero_or_one { LogicalType::Boolean } else { by_class(profile) }
}

/// Numbers in a JSON column are what SQLite made of documents that are bare numbers.
fn json(binary: bool, profile: &ColumnProfile) -> LogicalType {
    let documents = profile.json_texts == profile.texts && profile.blobs == 0 && profile.infinite == 0;
    match (documents, binary) {
        (true, true) => LogicalType::Jsonb,
        (true, false) => LogicalType::Json,
        (false, _) => by_class(profile),
    }
}

fn uuid(profile: &ColumnProfile) -> LogicalType {
    if profile.values() == profile.uuid_texts { LogicalType::Uuid } else { by_class(profile) }
}

fn time(upper: &str, profile: &ColumnProfile) -> LogicalType {
    let dated = profile.date_texts + profile.naive_texts + profile.zoned_texts;
    let of_day = upper.starts_with("TIME") && !upper.contains("STAMP");
    let of_date = upper.contains("DATE") && !upper.contains("TIME");
    let zoned = profile.zoned_texts > 0 || upper.contains("TZ") || upper.contains("WITH TIME ZONE");
    if profile.values() == 0 {
        return match (of_date, of_day, zoned) {
            (true, _, _) => LogicalType::Date,
            (_, true, _) => LogicalType::Time(6),
            (_, _, true) => LogicalType::TimestampTz(6),
            _ => LogicalType::Timestamp(6),
        };
    }
    if profile.values() == profile.date_texts && of_date {
        LogicalType::Date
    } else if profile.values() == profile.time_texts {
        LogicalType::Time(6)
    } else if profile.values() == dated {
        if zoned { LogicalType::TimestampTz(6) } else { LogicalType::Timestamp(6) }
    } else {
        by_class(profile)
    }
}

fn text(upper: &str, profile: &ColumnProfile) -> LogicalType {
    if profile.blobs > 0 {
        return LogicalType::Bytes;
    }
    // A number stands for itself in a text column only where the column takes no text's affinity; it fits any length.
    match length(upper) {
        Some(length) if profile.longest_text <= length as usize && profile.values() == profile.texts => {
            LogicalType::Varchar(length)
        }
        _ => LogicalType::Text,
    }
}

/// The number in `VARCHAR(255)`; PostgreSQL's longest is 10,485,760.
fn length(upper: &str) -> Option<u32> {
    let (_, rest) = upper.split_once('(').filter(|(name, _)| name.contains("CHAR"))?;
    let length = rest.split(')').next()?.trim().parse().ok()?;
    (1..=10_485_760).contains(&length).then_some(length)
}

/// The digits of a declared bound are not asked for: SQLite never kept to them, and a value with more must not be lost.
fn numeric(profile: &ColumnProfile) -> LogicalType {
    let decimal = profile.values() == profile.integers + profile.reals + profile.decimal_texts;
    if decimal && profile.infinite == 0 { LogicalType::Numeric(None) } else { by_class(profile) }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn integers(count: u64, zero_or_one: u64) -> ColumnProfile {
        ColumnProfile { integers: count, zero_or_one, ..ColumnProfile::default() }
    }

    fn texts(count: u64) -> ColumnProfile {
        ColumnProfile { texts: count, ..ColumnProfile::default() }
    }

    #[test]
    fn what_is_stored_decides_over_what_is_declared() {
        assert_eq!(choose("BOOLEAN", &integers(3, 3)), LogicalType::Boolean);
        assert_eq!(choose("BOOLEAN", &integers(3, 2)), LogicalType::BigInt);
        assert_eq!(choose("INTEGER", &integers(3, 3)), LogicalType::BigInt);
        assert_eq!(choose("INTEGER", &texts(1)), LogicalType::Text);
        assert_eq!(choose("DATETIME", &integers(2, 0)), LogicalType::BigInt);
        assert_eq!(choose("DATETIME", &ColumnProfile { naive_texts: 2, ..texts(2) }), LogicalType::Timestamp(6));
        assert_eq!(
            choose("DATETIME", &ColumnProfile { naive_texts: 1, zoned_texts: 1, ..texts(2) }),
            LogicalType::TimestampTz(6)
        );
        assert_eq!(choose("DATETIME", &ColumnProfile { naive_texts: 1, ..texts(2) }), LogicalType::Text);
        assert_eq!(choose("JSON", &ColumnProfile { json_texts: 2, integers: 1, ..texts(2) }), LogicalType::Json);
        assert_eq!(choose("JSON", &ColumnProfile { json_texts: 1, ..texts(2) }), LogicalType::Text);
        assert_eq!(choose("", &ColumnProfile { blobs: 1, ..texts(1) }), LogicalType::Bytes);
        assert_eq!(choose("TEXT", &ColumnProfile { blobs: 1, ..texts(1) }), LogicalType::Bytes);
    }

    #[test]
    fn a_length_is_kept_only_when_every_value_fits() {
        assert_eq!(choose("VARCHAR(5)", &ColumnProfile { longest_text: 5, ..texts(1) }), LogicalType::Varchar(5));
        assert_eq!(choose("VARCHAR(5)", &ColumnProfile { longest_text: 6, ..texts(1) }), LogicalType::Text);
        assert_eq!(choose("varchar", &texts(1)), LogicalType::Text);
    }

    #[test]
    fn an_infinite_real_keeps_out_the_types_that_have_none() {
        let endless = ColumnProfile { integers: 1, reals: 2, infinite: 1, ..ColumnProfile::default() };
        assert_eq!(choose("NUMERIC", &endless), LogicalType::Double);
        assert_eq!(choose("JSON", &endless), LogicalType::Double);
        assert_eq!(choose("DECIMAL", &ColumnProfile { beyond_double: 1, ..endless.clone() }), LogicalType::Text);
        let mixed = ColumnProfile { texts: 1, decimal_texts: 1, json_texts: 1, ..endless };
        assert_eq!(choose("NUMERIC", &mixed), LogicalType::Text);
        assert_eq!(choose("JSON", &mixed), LogicalType::Text);
    }

    #[test]
    fn an_integer_that_no_double_holds_keeps_its_digits() {
        let mixed = ColumnProfile { integers: 1, beyond_double: 1, reals: 1, ..ColumnProfile::default() };
        assert_eq!(choose("REAL", &mixed), LogicalType::Numeric(None));
    }
}
