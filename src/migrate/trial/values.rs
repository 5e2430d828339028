//! Values that nobody wrote: for each type a row of them, no two alike where the type has room.

use crate::schema::names::literal;
use crate::schema::{Column, Engine, LogicalType};

/// The lowest number of a made-up row: what a revision itself inserts is mostly below.
pub(super) const FIRST: u64 = 1001;

/// What a column takes, as far as made-up values need to know.
#[derive(Clone, Debug, PartialEq, Eq)]
enum Kind {
    Truth,
    Small,
    Whole,
    /// So many digits before the point.
    Number(u32),
    /// At most so many characters.
    Text(Option<u32>),
    Json,
    Date,
    Time,
    Moment,
    Instant,
    Uuid,
    Bytes,
    Label(Vec<String>),
    List,
    /// A type of PostgreSQL's own, with a value of it.
    Known(&'static str),
    Open,
}

/// Types of PostgreSQL's that have no logical one, with a value of each; `#` stands for the row's last two digits.
const KNOWN: [(&str, &str); 22] = [
    ("inet", "10.0.0.#"),
    ("cidr", "10.0.#.0/24"),
    ("macaddr", "08:00:2b:01:02:#"),
    ("macaddr8", "08:00:2b:01:02:03:04:#"),
    ("interval", "# days"),
    ("money", "#"),
    ("oid", "#"),
    ("xml", "<n>#</n>"),
    ("tsvector", "word#"),
    ("tsquery", "word#"),
    ("point", "(#,1)"),
    ("box", "(#,1),(0,0)"),
    ("lseg", "[(#,1),(0,0)]"),
    ("path", "[(#,1),(0,0)]"),
    ("polygon", "((#,1),(0,0),(1,0))"),
    ("circle", "<(#,1),1>"),
    ("line", "{1,2,#}"),
    ("int4range", "[1,1#)"),
    ("int8range", "[1,1#)"),
    ("numrange", "[1,1#)"),
    ("daterange", "[2001-01-01,20#-02-01)"),
    ("bit varying", "1"),
];

/// The value of a column in the row of a number, as SQL.
pub(super) fn value(column: &Column, engine: Engine, number: u64) -> String {
    Kind::of(column, engine).value(engine, number)
}

/// Values that a condition may ask for, given the texts and numbers that it names; the plain one comes first.
pub(super) fn candidates(column: &Column, engine: Engine, number: u64, named: &[String]) -> Vec<String> {
    let kind = Kind::of(column, engine);
    let mut all = vec![kind.value(engine, number)];
    for word in named {
        all.push(word.clone());
        if let (Ok(number), Kind::Whole | Kind::Small | Kind::Number(_)) = (word.parse::<i64>(), &kind) {
            all.extend([number.saturating_add(1).to_string(), number.saturating_sub(1).to_string()]);
        }
    }
    all.extend(kind.others(engine, number));
    if column.nullable {
        all.push("null".into());
    }
    let mut seen = std::collections::BTreeSet::new();
    all.retain(|value| seen.insert(value.clone()));
    all
}

/// Whether nothing is known of what a column takes, so that several values are worth a try.
pub(super) fn is_open(column: &Column, engine: Engine) -> bool {
    Kind::of(column, engine) == Kind::Open
}

impl Kind {
    fn of(column: &Column, engine: Engine) -> Self {
        match engine {
            Engine::Sqlite => Self::of_declared(&column.declared),
            Engine::Postgres => Self::of_logical(&column.logical),
        }
    }

    fn of_logical(logical: &LogicalType) -> Self {
        use LogicalType as T;
        match logical {
            T::Boolean => Self::Truth,
            T::SmallInt => Self::Small,
            T::Int | T::BigInt | T::Epoch(_) => Self::Whole,
            T::Real | T::Double | T::Numeric(None) => Self::Number(9),
            T::Numeric(Some((precision, scale))) => {
                Self::Number(u32::try_from(i32::from(*precision) - i32::from(*scale)).unwrap_or(0))
            }
            T::Text | T::JsonText => Self::Text(None),
            T::Varchar(length) | T::Char(length) => Self::Text(Some(*length)),
            T::Json | T::Jsonb => Self::Json,
            T::Date => Self::Date,
            T::Time(_) => Self::Time,
            T::Timestamp(_) => Self::Moment,
            T::TimestampTz(_) => Self::Instant,
            T::Uuid => Self::Uuid,
            T::Bytes => Self::Bytes,
            T::Enum(labelled) => Self::Label(labelled.labels.clone()),
            T::Array(_) => Self::List,
            T::Other(name) if name.ends_with("[]") => Self::List,
            T::Other(name) => {
                let known = KNOWN.iter().find(|(known, _)| name == known);
                known.map_or(Self::Open, |(_, value)| Self::Known(value))
            }
        }
    }

    /// Reads a declared type of SQLite's: words that mean more than an affinity first, then as SQLite reads it.
    fn of_declared(declared: &str) -> Self {
        let upper = declared.to_uppercase();
        let has = |words: &[&str]| words.iter().any(|word| upper.contains(word));
        let numbers: Vec<u32> = upper.split(|c: char| !c.is_ascii_digit()).filter_map(|n| n.parse().ok()).collect();
        match () {
            () if has(&["_ARRAY_OF_"]) => Self::List,
            () if has(&["JSON"]) => Self::Json,
            () if has(&["BOOL"]) => Self::Truth,
            () if has(&["TIMESTAMPTZ"]) => Self::Instant,
            () if has(&["TIMESTAMP", "DATETIME"]) => Self::Moment,
            () if has(&["DATE"]) => Self::Date,
            () if has(&["TIME"]) => Self::Time,
            () if has(&["UUID", "GUID"]) => Self::Uuid,
            () if has(&["NUMERIC", "DECIMAL"]) => match numbers.as_slice() {
                [precision] => Self::Number(*precision),
                [precision, scale] => Self::Number(precision.saturating_sub(*scale)),
                _ => Self::Number(9),
            },
            () if has(&["SMALLINT"]) => Self::Small,
            () if has(&["INT", "SERIAL"]) => Self::Whole,
            () if has(&["CHAR", "CLOB", "TEXT", "STRING"]) || upper.is_empty() => Self::Text(numbers.first().copied()),
            () if has(&["BLOB", "BINARY", "BYTEA"]) => Self::Bytes,
            () => Self::Number(9),
        }
    }

    fn value(&self, engine: Engine, number: u64) -> String {
        let (day, second) = (day(number), second(number));
        match self {
            Self::Truth => truth(engine, number % 2 == 1),
            Self::Small => (number % 32_768).to_string(),
            Self::Whole => number.to_string(),
            Self::Number(digits) => last_digits(number, *digits),
            // Digits alone: a later revision may well make numbers, or JSON, of texts.
            Self::Text(None) => literal(&number.to_string()),
            Self::Text(Some(length)) => literal(&last_digits(number, (*length).max(1))),
            Self::Json => literal(&format!("{{\"n\": {number}}}")),
            Self::Date => literal(&day),
            Self::Time => literal(&second),
            Self::Moment => literal(&format!("{day} {second}")),
            Self::Instant => literal(&format!("{day} {second}+00:00")),
            Self::Uuid => literal(&format!("00000000-0000-4000-8000-{number:012x}")),
            Self::Bytes => bytes(engine, number),
            Self::Label(labels) => {
                let at = usize::try_from(number).unwrap_or(0) % labels.len().max(1);
                labels.get(at).map_or_else(|| "null".into(), |label| literal(label))
            }
            // SQLite has none: a document of JSON stands for it.
            Self::List if engine == Engine::Sqlite => literal("[]"),
            Self::List => literal("{}"),
            Self::Known(value) => literal(&value.replace('#', &format!("{:02}", number % 90 + 10))),
            Self::Open => literal(&number.to_string()),
        }
    }

    /// Other values, for conditions that the plain one does not meet.
    fn others(&self, engine: Engine, number: u64) -> Vec<String> {
        let texts = |all: &[&str]| all.iter().map(|one| literal(one)).collect::<Vec<_>>();
        match self {
            Self::Truth => vec![truth(engine, true), truth(engine, false)],
            Self::Small | Self::Whole => {
                vec!["1".into(), "0".into(), "-1".into(), number.saturating_add(1).to_string()]
            }
            Self::Number(_) => vec!["1".into(), "0".into(), "0.5".into(), "-1".into()],
            Self::Text(_) => {
                let (word, mail, address) = (
                    format!("made_up_{number}"),
                    format!("u{number}@example.org"),
                    format!("https://example.org/{number}"),
                );
                let (day, moment) = (day(number), format!("{} {}", day(number), second(number)));
                texts(&[&word, &mail, &address, "a", "A", "{}", "[]", &day, &moment, ""])
            }
            Self::Json => texts(&["{}", "[]", "\"a\"", "1"]),
            Self::Date => texts(&[&day(number + 1), "2999-01-01"]),
            Self::Moment | Self::Instant => texts(&[&format!("{} 00:00:00", day(number + 1)), "2999-01-01 00:00:00"]),
            Self::Label(labels) => labels.iter().map(|label| literal(label)).collect(),
            Self::Open => texts(&[
                "{}",
                "(1,1)",
                "[1,2)",
                "10.0.0.1",
                "08:00:2b:01:02:03",
                "1 day",
                "a",
                "10.0.0.0/8",
                "(1,1),(2,2)",
            ]),
            Self::Time | Self::Uuid | Self::Bytes | Self::List | Self::Known(_) => Vec::new(),
        }
    }
}

fn truth(engine: Engine, yes: bool) -> String {
    match (engine, yes) {
        (Engine::Sqlite, yes) => u8::from(yes).to_string(),
        (Engine::Postgres, yes) => yes.to_string(),
    }
}

fn bytes(engine: Engine, number: u64) -> String {
    match engine {
        Engine::Sqlite => format!("x'{number:08x}'"),
        Engine::Postgres => format!("'\\x{number:08x}'"),
    }
}

fn last_digits(number: u64, digits: u32) -> String {
    10_u64.checked_pow(digits).map_or(number, |limit| number % limit).to_string()
}

/// A day for each number, none in a month that lacks it.
fn day(number: u64) -> String {
    format!("{:04}-{:02}-{:02}", 2000 + number / 336 % 900, number / 28 % 12 + 1, number % 28 + 1)
}

fn second(number: u64) -> String {
    format!("{:02}:{:02}:{:02}", number / 3600 % 24, number / 60 % 60, number % 60)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn sqlite(declared: &str) -> Column {
        Column { declared: declared.into(), ..Column::new("c", LogicalType::Other(declared.into())) }
    }

    #[test]
    fn a_declared_type_gets_values_of_its_kind() {
        let value = |declared: &str| value(&sqlite(declared), Engine::Sqlite, FIRST);
        assert_eq!(value("INTEGER"), "1001");
        assert_eq!(value("EPOCH_MS_BIGINT"), "1001");
        assert_eq!(value("VARCHAR(3)"), "'1'");
        assert_eq!(value("TIMESTAMPTZ_TEXT"), "'2002-12-22 00:16:41+00:00'");
        assert_eq!(value("DATETIME"), "'2002-12-22 00:16:41'");
        assert_eq!(value("NUMERIC_TEXT(4,2)"), "1");
        assert_eq!(value("TEXT_ARRAY_OF_TEXT"), "'[]'");
        assert_eq!(value("BLOB"), "x'000003e9'");
        assert_eq!(value(""), "'1001'");
    }

    #[test]
    fn no_two_rows_are_alike_where_there_is_room() {
        let of = |logical: LogicalType| {
            let column = Column::new("c", logical);
            let values: std::collections::BTreeSet<String> =
                (0..300).map(|number| value(&column, Engine::Postgres, FIRST + number)).collect();
            values.len()
        };
        for logical in [LogicalType::Text, LogicalType::Date, LogicalType::Timestamp(6), LogicalType::Uuid] {
            assert_eq!(of(logical.clone()), 300, "{logical}");
        }
        assert_eq!(of(LogicalType::Boolean), 2);
    }

    #[test]
    fn what_a_condition_names_is_tried_and_its_neighbours() {
        let column = Column { nullable: false, ..Column::new("c", LogicalType::Int) };
        let found = candidates(&column, Engine::Postgres, FIRST, &["10".into()]);
        assert_eq!(&found[..4], ["1001", "10", "11", "9"]);
        assert!(!found.contains(&"null".to_owned()));
    }
}
