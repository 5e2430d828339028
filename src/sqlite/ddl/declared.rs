//! The declared types of the logical types: names whose affinity keeps every value, and which tell the type again.
//!
//! Source: SQLite, "Datatypes", "Determination Of Column Affinity": `INT` anywhere in a name makes whole numbers,
//! else `CHAR`, `CLOB` or `TEXT` keep text, else `REAL`, `FLOA` or `DOUB` make binary numbers; a name with none of these
//! turns a text that looks like a number into one, and so `1.0` in a column named JSON into 1.

use crate::schema::LogicalType;
use crate::value::time::EpochUnit;

/// How a column of a type that is not an array is declared, without digits in parentheses.
const NAMES: [(&str, LogicalType); 18] = [
    ("BOOLEAN", LogicalType::Boolean),
    ("SMALLINT", LogicalType::SmallInt),
    ("INT", LogicalType::Int),
    ("BIGINT", LogicalType::BigInt),
    ("EPOCH_S_BIGINT", LogicalType::Epoch(EpochUnit::Seconds)),
    ("EPOCH_MS_BIGINT", LogicalType::Epoch(EpochUnit::Millis)),
    ("EPOCH_US_BIGINT", LogicalType::Epoch(EpochUnit::Micros)),
    ("EPOCH_NS_BIGINT", LogicalType::Epoch(EpochUnit::Nanos)),
    ("REAL", LogicalType::Real),
    ("DOUBLE", LogicalType::Double),
    ("TEXT", LogicalType::Text),
    ("TEXT_JSON", LogicalType::Json),
    ("TEXT_JSONB", LogicalType::Jsonb),
    ("JSON_TEXT", LogicalType::JsonText),
    ("DATE_TEXT", LogicalType::Date),
    ("UUID_TEXT", LogicalType::Uuid),
    ("BLOB", LogicalType::Bytes),
    ("NUMERIC_TEXT", LogicalType::Numeric(None)),
];

/// How the element of an array is named: never with `INT`, which would make numbers of the documents.
const ELEMENTS: [(&str, LogicalType); 17] = [
    ("BOOLEAN", LogicalType::Boolean),
    ("SMALL", LogicalType::SmallInt),
    ("WHOLE", LogicalType::Int),
    ("BIG", LogicalType::BigInt),
    ("EPOCH_S", LogicalType::Epoch(EpochUnit::Seconds)),
    ("EPOCH_MS", LogicalType::Epoch(EpochUnit::Millis)),
    ("EPOCH_US", LogicalType::Epoch(EpochUnit::Micros)),
    ("EPOCH_NS", LogicalType::Epoch(EpochUnit::Nanos)),
    ("REAL", LogicalType::Real),
    ("DOUBLE", LogicalType::Double),
    ("TEXT", LogicalType::Text),
    ("DATE", LogicalType::Date),
    ("UUID", LogicalType::Uuid),
    ("BYTES", LogicalType::Bytes),
    ("NUMERIC", LogicalType::Numeric(None)),
    ("TIMESTAMP", LogicalType::Timestamp(6)),
    ("TIMESTAMPTZ", LogicalType::TimestampTz(6)),
];

const ARRAY: &str = "TEXT_ARRAY_OF_";

/// The declared type of a logical type.
pub fn declared(logical: &LogicalType) -> String {
    use LogicalType as T;
    let digits = |name: &str, digits: u8| if digits == 6 { name.to_owned() } else { format!("{name}({digits})") };
    match logical {
        T::Varchar(length) => format!("VARCHAR({length})"),
        T::Char(length) => format!("CHAR({length})"),
        T::Numeric(Some((precision, scale))) => format!("NUMERIC_TEXT({precision},{scale})"),
        T::Time(count) => digits("TIME_TEXT", *count),
        T::Timestamp(count) => digits("TIMESTAMP_TEXT", *count),
        T::TimestampTz(count) => digits("TIMESTAMPTZ_TEXT", *count),
        T::Enum(_) => "TEXT".into(),
        T::Array(element) => array(element),
        T::Other(name) => name.clone(),
        other => NAMES.iter().find(|(_, known)| known == other).map_or("TEXT", |(name, _)| name).to_owned(),
    }
}

fn array(element: &LogicalType) -> String {
    use LogicalType as T;
    let bounded = |name: &str, numbers: String| format!("{ARRAY}{name}({numbers})");
    match element {
        T::Varchar(length) => bounded("VARCHAR", length.to_string()),
        T::Numeric(Some((precision, scale))) => bounded("NUMERIC", format!("{precision},{scale}")),
        T::Time(count) => bounded("TIME", count.to_string()),
        T::Timestamp(count) if *count != 6 => bounded("TIMESTAMP", count.to_string()),
        T::TimestampTz(count) if *count != 6 => bounded("TIMESTAMPTZ", count.to_string()),
        other => {
            let name = ELEMENTS.iter().find(|(_, known)| known == other).map_or("TEXT", |(name, _)| name);
            format!("{ARRAY}{name}")
        }
    }
}

/// The logical type that a declared type was rendered from; none where it is no such name.
///
/// An enum is declared `TEXT` with a check: its labels stand in the check alone.
pub fn logical(declared: &str) -> Option<LogicalType> {
    use LogicalType as T;
    let upper = declared.to_uppercase();
    let (name, numbers) = match upper.strip_suffix(')').and_then(|rest| rest.split_once('(')) {
        Some((name, numbers)) => {
            let numbers = numbers.split(',').map(|number| number.trim().parse().ok()).collect::<Option<Vec<u32>>>()?;
            (name.trim(), numbers)
        }
        None => (upper.as_str(), Vec::new()),
    };
    let (element, is_array) = name.strip_prefix(ARRAY).map_or((name, false), |element| (element, true));
    let digits = || numbers.first().map_or(Some(6), |&count| u8::try_from(count).ok());
    let plain = if is_array { &ELEMENTS[..] } else { &NAMES[..] };
    let found = match (element.strip_suffix("_TEXT").unwrap_or(element), numbers.as_slice()) {
        ("TIME", [] | [_]) => T::Time(digits()?),
        ("TIMESTAMP", [] | [_]) => T::Timestamp(digits()?),
        ("TIMESTAMPTZ", [] | [_]) => T::TimestampTz(digits()?),
        ("VARCHAR", [length]) => T::Varchar(*length),
        ("CHAR", [length]) => T::Char(*length),
        ("NUMERIC", [precision, scale]) => {
            T::Numeric(Some((u16::try_from(*precision).ok()?, i16::try_from(*scale).ok()?)))
        }
        (_, []) => plain.iter().find(|(known, _)| *known == element).map(|(_, logical)| logical.clone())?,
        _ => return None,
    };
    Some(if is_array { T::Array(Box::new(found)) } else { found })
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Every type of the language.
    fn types() -> Vec<LogicalType> {
        use LogicalType as T;
        let mut types: Vec<LogicalType> = NAMES.iter().map(|(_, logical)| logical.clone()).collect();
        types.extend([T::Varchar(40), T::Numeric(Some((10, 2)))]);
        types.extend([T::Time(6), T::Time(0), T::Timestamp(6), T::Timestamp(3), T::TimestampTz(6), T::TimestampTz(0)]);
        let documents = [T::Json, T::Jsonb, T::JsonText];
        let elements = types.clone().into_iter().filter(|logical| !documents.contains(logical));
        types.extend(elements.map(|element| T::Array(Box::new(element))).collect::<Vec<_>>());
        types
    }

    #[test]
    fn a_declared_type_tells_the_logical_type_again() {
        for of in types() {
            assert_eq!(logical(&declared(&of)), Some(of.clone()), "{}", declared(&of));
        }
        for unknown in ["", "DATETIME", "NUMERIC(10", "VARCHAR", "INT(3)", "TEXT_ARRAY_OF_", "TEXT(3)"] {
            assert_eq!(logical(unknown), None, "{unknown}");
        }
    }

    #[test]
    fn a_declared_type_keeps_a_value_as_it_is() {
        let connection = rusqlite::Connection::open_in_memory().expect("opens");
        for of in types() {
            let declared = declared(&of);
            let sql = format!("drop table if exists t; create table t (c {declared}); insert into t values ('1.0')");
            connection.execute_batch(&sql).expect("is created");
            let class: String = connection.query_row("select typeof(c) from t", [], |row| row.get(0)).expect("is read");
            let kept = match &of {
                LogicalType::Boolean => "integer",
                logical if logical.is_integer() => "integer",
                LogicalType::Real | LogicalType::Double => "real",
                _ => "text",
            };
            assert_eq!(class, kept, "{declared}");
        }
    }
}
