//! Chooses a column's type from its declaration and the profile of its values.

use super::misfit;
use crate::schema::LogicalType;
use crate::sqlite::profile::ColumnProfile;

/// Tells whether a declared type speaks of dates or times.
pub(crate) fn is_time(declared: &str) -> bool {
    let upper = declared.to_uppercase();
    upper.contains("DATE") || upper.contains("TIME")
}

/// Chooses the type that holds every stored value, as near to the declared one as that allows.
pub(super) fn choose(declared: &str, profile: &ColumnProfile) -> LogicalType {
    as_declared(declared, profile).unwrap_or_else(|| by_class(profile))
}

/// Says in a sentence why a column has another type than its declaration asks for, or one that tells texts from blobs no
/// more; `None` when nothing is out of the way.
pub(super) fn departure(
    column: &str,
    declared: &str,
    profile: &ColumnProfile,
    logical: &LogicalType,
) -> Option<String> {
    let mixes_blobs = *logical == LogicalType::Bytes && profile.values() != profile.blobs;
    let asked = means_something(declared);
    if let (LogicalType::Text, Some(length)) = (logical, length(&declared.to_uppercase())) {
        let longest = profile.longest_text;
        if longest > length as usize {
            return Some(format!(
                "column {column} is declared {declared} and holds texts of up to {longest} characters: it becomes text"
            ));
        }
    }
    if as_declared(declared, profile).is_some() || !asked && !mixes_blobs {
        return None;
    }
    let faults = misfit::in_brackets(declared, profile);
    let declared = if asked { format!("is declared {declared} and ") } else { String::new() };
    let why = if mixes_blobs { ", so that nothing is lost" } else { "" };
    let (held, becomes) = (classes(profile), logical.postgres_name());
    Some(format!("column {column} {declared}holds {held}{faults}: it becomes {becomes}{why}"))
}

/// How many values of each class there are, in words.
pub(super) fn classes(profile: &ColumnProfile) -> String {
    let counts =
        [(profile.integers, "integer"), (profile.reals, "real"), (profile.texts, "text"), (profile.blobs, "blob")];
    let words = counts.into_iter().filter(|(count, _)| *count > 0).map(|(count, class)| match count {
        1 => format!("1 {class}"),
        _ => format!("{count} {class}s"),
    });
    words.collect::<Vec<_>>().join(", ")
}

/// Tells whether a declared type asks for a type at all.
pub(super) fn means_something(declared: &str) -> bool {
    as_declared(declared, &ColumnProfile::default()).is_some()
}

/// The type that is declared; `None` when it is none that is known or a stored value does not fit it.
///
/// The order of the questions is that in which SQLite itself reads a declared type, with the names that mean more
/// than an affinity first. Source: SQLite, "Datatypes", "Determination Of Column Affinity".
pub(super) fn as_declared(declared: &str, profile: &ColumnProfile) -> Option<LogicalType> {
    let upper = declared.to_uppercase();
    let has = |word: &str| upper.contains(word);
    if has("TEXT_ARRAY_OF_") {
        // SQLite has no arrays; the portable language keeps them as documents.
        json(true, profile)
    } else if has("NUMERIC_TEXT") {
        numeric(profile)
    } else if has("JSON") {
        json(has("JSONB"), profile)
    } else if has("BOOL") {
        (profile.values() == profile.zero_or_one).then_some(LogicalType::Boolean)
    } else if is_time(declared) {
        time(&upper, profile)
    } else if has("UUID") || has("GUID") {
        (profile.values() == profile.uuid_texts).then_some(LogicalType::Uuid)
    } else if has("INT") || has("SERIAL") {
        (profile.values() == profile.integers).then_some(LogicalType::BigInt)
    } else if has("CHAR") || has("CLOB") || has("TEXT") || has("STRING") {
        text(&upper, profile)
    } else if has("BLOB") || has("BYTEA") || has("BINARY") {
        (profile.values() == profile.blobs).then_some(LogicalType::Bytes)
    } else if has("REAL") || has("FLOA") || has("DOUB") {
        only_doubles(profile).then_some(LogicalType::Double)
    } else if has("NUMERIC") || has("DECIMAL") {
        numeric(profile)
    } else {
        None
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

fn only_doubles(profile: &ColumnProfile) -> bool {
    profile.values() == profile.reals + profile.integers && profile.beyond_double == 0
}

/// Numbers in a JSON column are what SQLite made of documents that are bare numbers; blobs may be its binary JSON.
fn json(binary: bool, profile: &ColumnProfile) -> Option<LogicalType> {
    let documents = profile.json_texts == profile.texts && profile.json_blobs == profile.blobs && profile.infinite == 0;
    documents.then_some(if binary { LogicalType::Jsonb } else { LogicalType::Json })
}

fn time(upper: &str, profile: &ColumnProfile) -> Option<LogicalType> {
    let times = &profile.times;
    let of_day = upper.starts_with("TIME") && !upper.contains("STAMP");
    let of_date = upper.contains("DATE") && !upper.contains("TIME");
    let zoned = times.zoned > 0 || upper.contains("TZ") || upper.contains("WITH TIME ZONE");
    if profile.values() == 0 {
        return Some(match (of_date, of_day, zoned) {
            (true, _, _) => LogicalType::Date,
            (_, true, _) => LogicalType::Time(6),
            (_, _, true) => LogicalType::TimestampTz(6),
            _ => LogicalType::Timestamp(6),
        });
    }
    if profile.values() == times.dates && of_date {
        Some(LogicalType::Date)
    } else if profile.values() == times.times_of_day {
        Some(LogicalType::Time(6))
    } else if profile.values() == times.dated() {
        Some(if zoned { LogicalType::TimestampTz(6) } else { LogicalType::Timestamp(6) })
    } else {
        None
    }
}

fn text(upper: &str, profile: &ColumnProfile) -> Option<LogicalType> {
    // A number stands for itself in a text column only where the column takes no text's affinity; it fits any length.
    let fits = |length: &u32| profile.longest_text <= *length as usize && profile.values() == profile.texts;
    let logical = length(upper).filter(fits).map_or(LogicalType::Text, LogicalType::Varchar);
    (profile.blobs == 0).then_some(logical)
}

/// The number in `VARCHAR(255)`; PostgreSQL's longest is 10,485,760.
pub(super) fn length(upper: &str) -> Option<u32> {
    let (_, rest) = upper.split_once('(').filter(|(name, _)| name.contains("CHAR"))?;
    let length = rest.split(')').next()?.trim().parse().ok()?;
    (1..=10_485_760).contains(&length).then_some(length)
}

/// The digits of a declared bound are not asked for: SQLite never kept to them, and a value with more must not be lost.
fn numeric(profile: &ColumnProfile) -> Option<LogicalType> {
    let decimal = profile.values() == profile.integers + profile.reals + profile.decimal_texts;
    (decimal && profile.infinite == 0).then_some(LogicalType::Numeric(None))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::sqlite::profile::TimeProfile;

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
        let times = |naive, zoned| TimeProfile { naive, zoned, ..TimeProfile::default() };
        let of = |times| choose("DATETIME", &ColumnProfile { times, ..texts(2) });
        assert_eq!(of(times(2, 0)), LogicalType::Timestamp(6));
        assert_eq!(of(times(1, 1)), LogicalType::TimestampTz(6));
        assert_eq!(of(times(1, 0)), LogicalType::Text);
        assert_eq!(choose("JSON", &ColumnProfile { json_texts: 2, integers: 1, ..texts(2) }), LogicalType::Json);
        assert_eq!(choose("JSON", &ColumnProfile { json_texts: 1, ..texts(2) }), LogicalType::Text);
        let binary = ColumnProfile { json_texts: 1, blobs: 2, json_blobs: 2, ..texts(1) };
        assert_eq!(choose("JSON", &binary), LogicalType::Json);
        assert_eq!(choose("JSON", &ColumnProfile { json_blobs: 1, ..binary.clone() }), LogicalType::Bytes);
        assert_eq!(choose("BLOB", &ColumnProfile { texts: 0, json_texts: 0, ..binary }), LogicalType::Bytes);
        assert_eq!(choose("", &ColumnProfile { blobs: 1, ..texts(1) }), LogicalType::Bytes);
        assert_eq!(choose("TEXT", &ColumnProfile { blobs: 1, ..texts(1) }), LogicalType::Bytes);
    }

    fn said(declared: &str, profile: &ColumnProfile) -> Option<String> {
        departure("t.c", declared, profile, &choose(declared, profile))
    }

    #[test]
    fn another_type_than_the_declared_one_is_told_with_what_was_found() {
        let expected = "column t.c is declared BOOLEAN and holds 3 integers, 1 text: it becomes text";
        let mixed = ColumnProfile { texts: 1, ..integers(3, 3) };
        assert_eq!(said("BOOLEAN", &mixed).as_deref(), Some(expected));
        for declared in ["JSON", "DATETIME", "UUID", "INT", "REAL", "NUMERIC", "BLOB"] {
            assert!(said(declared, &mixed).is_some_and(|said| said.contains(declared)), "{declared}");
            assert_eq!(said(declared, &ColumnProfile::default()), None, "{declared}");
        }
        for declared in ["", "TEXT", "VARCHAR(1)"] {
            assert_eq!(said(declared, &mixed), None, "{declared}");
        }
    }

    #[test]
    fn texts_that_become_bytes_beside_blobs_are_told() {
        let mixed = ColumnProfile { blobs: 2, ..texts(1) };
        let expected =
            "column t.c is declared TEXT and holds 1 text, 2 blobs: it becomes bytea, so that nothing is lost";
        assert_eq!(said("TEXT", &mixed).as_deref(), Some(expected));
        assert!(said("", &mixed).is_some_and(|said| said.starts_with("column t.c holds 1 text, 2 blobs")));
        assert_eq!(said("", &ColumnProfile { texts: 0, ..mixed }), None);
    }

    #[test]
    fn a_length_is_kept_only_when_every_value_fits() {
        assert_eq!(choose("VARCHAR(5)", &ColumnProfile { longest_text: 5, ..texts(1) }), LogicalType::Varchar(5));
        assert_eq!(choose("VARCHAR(5)", &ColumnProfile { longest_text: 6, ..texts(1) }), LogicalType::Text);
        assert_eq!(choose("varchar", &texts(1)), LogicalType::Text);
    }

    #[test]
    fn a_type_that_the_portable_language_declared_is_known_again() {
        let decimals = ColumnProfile { decimal_texts: 2, ..texts(2) };
        assert_eq!(choose("NUMERIC_TEXT(10,2)", &decimals), LogicalType::Numeric(None));
        assert_eq!(choose("TEXT_ARRAY_OF_BIG", &ColumnProfile { json_texts: 2, ..texts(2) }), LogicalType::Jsonb);
        let empty = ColumnProfile::default();
        for (declared, logical) in [
            ("TIMESTAMP_TEXT(3)", LogicalType::Timestamp(6)),
            ("TIMESTAMPTZ_TEXT", LogicalType::TimestampTz(6)),
            ("DATE_TEXT", LogicalType::Date),
            ("TIME_TEXT", LogicalType::Time(6)),
            ("UUID_TEXT", LogicalType::Uuid),
            ("TEXT_JSONB", LogicalType::Jsonb),
            ("TEXT_JSON", LogicalType::Json),
            ("EPOCH_MS_BIGINT", LogicalType::BigInt),
        ] {
            assert_eq!(choose(declared, &empty), logical, "{declared}");
        }
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
