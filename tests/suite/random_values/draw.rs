//! Draws tables: columns of random types, and values of every storage class, most of them near the borders of some type.

use std::fmt;

use proptest::collection::{btree_set, vec};
use proptest::prelude::*;
use proptest::sample::select;

use super::contract::Kind;

/// One value as SQLite stores it.
#[derive(Clone, PartialEq)]
pub(super) enum Drawn {
    Null,
    Integer(i64),
    Real(f64),
    Text(Vec<u8>),
    Blob(Vec<u8>),
}

impl fmt::Display for Drawn {
    /// Writes the value as SQL.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let hex = |bytes: &[u8]| bytes.iter().map(|byte| format!("{byte:02x}")).collect::<String>();
        match self {
            Self::Null => f.write_str("null"),
            Self::Integer(number) => write!(f, "{number}"),
            Self::Real(number) if number.is_infinite() => f.write_str(if *number > 0.0 { "9e999" } else { "-9e999" }),
            Self::Real(number) => write!(f, "{number:?}"),
            Self::Text(bytes) => write!(f, "cast(x'{}' as text)", hex(bytes)),
            Self::Blob(bytes) => write!(f, "x'{}'", hex(bytes)),
        }
    }
}

impl fmt::Debug for Drawn {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Text(bytes) => write!(f, "{self} -- {}", String::from_utf8_lossy(bytes).escape_debug()),
            _ => write!(f, "{self}"),
        }
    }
}

/// What the rows of a table are known by.
#[derive(Clone, Debug)]
enum Keys {
    /// Row numbers.
    Numbers(Vec<i64>),
    /// Texts, in a table without row numbers.
    Words(Vec<String>),
}

/// A table: a key, the place at which each row was drawn, and columns of these types.
#[derive(Clone, Debug)]
pub(super) struct Table {
    pub(super) kinds: Vec<Kind>,
    pub(super) rows: Vec<Vec<Drawn>>,
    keys: Keys,
}

impl Table {
    pub(super) fn source(&self, at: usize) -> String {
        let columns: String = (0..self.kinds.len()).map(|column| format!(", c{column}")).collect();
        let (key, ending) = match self.keys {
            Keys::Numbers(_) => ("id integer primary key", ""),
            Keys::Words(_) => ("id text primary key", " without rowid"),
        };
        let mut sql = format!("create table t{at} ({key}, place int{columns}){ending};");
        for (row, cells) in self.rows.iter().enumerate() {
            let key = match &self.keys {
                Keys::Numbers(numbers) => numbers[row].to_string(),
                Keys::Words(words) => format!("'{}'", words[row].replace('\'', "''")),
            };
            let cells: String = cells.iter().map(|cell| format!(", {cell}")).collect();
            sql.push_str(&format!("insert into t{at} values ({key}, {row}{cells});"));
        }
        sql
    }

    pub(super) fn target(&self, at: usize) -> String {
        let key = if matches!(self.keys, Keys::Numbers(_)) { "bigint" } else { "text" };
        let columns: String =
            self.kinds.iter().enumerate().map(|(column, kind)| format!(", c{column} {kind}")).collect();
        format!("create table t{at} (id {key} primary key, place int{columns});")
    }
}

pub(super) fn tables() -> impl Strategy<Value = Vec<Table>> {
    vec(table(), 5..9)
}

fn table() -> impl Strategy<Value = Table> {
    let keys = prop_oneof![
        btree_set(any::<i64>(), 60).prop_map(|keys| Keys::Numbers(keys.into_iter().collect())),
        btree_set("[a-zé' ]{0,12}", 60).prop_map(|keys| Keys::Words(keys.into_iter().collect())),
    ];
    let columns = vec(select(Kind::ALL.as_slice()), 1..5);
    (keys, columns).prop_flat_map(|(keys, kinds)| {
        let rows = vec(vec(value(), kinds.len()), 0..60);
        (Just(keys), Just(kinds), rows).prop_map(|(keys, kinds, rows)| Table { kinds, rows, keys })
    })
}

fn value() -> impl Strategy<Value = Drawn> {
    prop_oneof![
        1 => Just(Drawn::Null),
        4 => integer().prop_map(Drawn::Integer),
        3 => real().prop_map(Drawn::Real),
        8 => text().prop_map(|text| Drawn::Text(text.into_bytes())),
        1 => vec(any::<u8>(), 0..8).prop_map(Drawn::Text),
        2 => prop_oneof![vec(any::<u8>(), 0..6), vec(any::<u8>(), 16)].prop_map(Drawn::Blob),
    ]
}

fn integer() -> impl Strategy<Value = i64> {
    prop_oneof![
        select(&[0, 1, 2, -1, 32_767, 32_768, -32_768, -32_769, 1 << 31, (1 << 31) - 1, -(1 << 31), (1 << 53) + 1][..]),
        select(&[i64::MIN, i64::MAX, 999_999, 1_000_000, -999_999, 99_999, 100_000][..]),
        -1000..100_000_i64,
        (0..7_258_118_400_i64).prop_map(|seconds| seconds * 86_400 % 7_258_118_400),
        (0..7_258_118_400_i64, select(&[1, 1000, 1_000_000, 1_000_000_000][..]))
            .prop_map(|(second, unit)| second * unit),
        any::<i64>(),
    ]
}

fn real() -> impl Strategy<Value = f64> {
    prop_oneof![
        select(&[0.0, -0.0, 1.0, 0.5, f64::INFINITY, f64::NEG_INFINITY, 5e-324, 1e308, 3.5e38, 1e-45][..]),
        integer().prop_map(|number| number as f64),
        (-100_000_000..100_000_000_i64).prop_map(|cents| cents as f64 / 100.0),
        any::<f64>().prop_filter("SQLite keeps no NaN", |number| !number.is_nan()),
        any::<f32>().prop_filter("SQLite keeps no NaN", |number| !number.is_nan()).prop_map(f64::from),
    ]
}

fn text() -> impl Strategy<Value = String> {
    const WORDS: [&str; 26] = [
        "",
        " ",
        "true",
        "T",
        "no",
        "off",
        "y",
        "null",
        "NaN",
        "0000-00-00",
        "sad",
        "ok",
        "{}",
        "[]",
        "[1, 2, null]",
        "[\"a\", null]",
        "{\"a\": [1.50, \"é\"], \"b\": null}",
        "{\"a\":\"\\u0000\"}",
        "[\"\\ud800\"]",
        "[1,]",
        "\"x\"",
        "{\"b\":1,\"a\":2}",
        "-0",
        "+1",
        "1e400",
        "0x1F",
    ];
    const CLOCK: &str = "([01][0-9]|2[0-4]):[0-5][0-9](:[0-5][0-9](\\.[0-9]{1,8})?)?";
    prop_oneof![
        select(&WORDS[..]).prop_map(str::to_owned),
        integer().prop_map(|number| number.to_string()),
        real().prop_map(|number| format!("{number:?}")),
        "-?[0-9]{1,20}(\\.[0-9]{0,20})?(e-?[0-9]{1,2})?",
        "(19|20)[0-9]{2}-(0[1-9]|1[0-2])-(0[1-9]|[12][0-9]|3[01])",
        "20[0-9]{2}-0[1-9]-[0-2][1-9][ T]([01][0-9]|2[0-4]):[0-5][0-9](:[0-5][0-9](\\.[0-9]{1,8})?)?(Z|[+-](0[0-9]|1[0-6]):?[0-5][0-9])?",
        CLOCK,
        "\\{?[0-9a-fA-F]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{11,12}\\}?",
        "[0-9a-f]{32}",
        "\\PC{0,7}",
        any::<String>(),
    ]
}
