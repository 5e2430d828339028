//! What kind of values the type of a column holds, as either engine's word for it says.
//!
//! A word of SQLite's is read as people mean it: those that mean more than how a value is stored come first, then the
//! parts of words by which SQLite itself reads a declared type. Source: SQLite, "Datatypes", "Determination Of Column
//! Affinity".

use super::names::lower;
use crate::schema::Engine;

/// A kind of values.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Family {
    Truth,
    Whole,
    Binary,
    Decimal,
    Text,
    Bytes,
    Day,
    TimeOfDay,
    Moment,
    Document,
    Identifier,
    List(Box<Type>),
    Label,
    /// A type that the other engine has no like of.
    Other,
    /// No type is said.
    Any,
}

/// A type, as far as the engines can be held against each other.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Type {
    /// Its word.
    pub(super) text: String,
    pub(super) family: Family,
    /// The numbers that bound its values: bits, a length, digits; none where the word says none.
    pub(super) bounds: Vec<i32>,
    /// Which of two kinds of one family: a moment with a zone, a document kept by its meaning; none where the word leaves it open.
    pub(super) kind: Option<bool>,
    /// Whether the word says no more than how SQLite may store a value, and leaves open what it means.
    pub(super) is_loose: bool,
}

/// PostgreSQL's words, with the bits that bound them.
const WORDS: [(&str, Family, &[i32]); 17] = [
    ("boolean", Family::Truth, &[]),
    ("smallint", Family::Whole, &[16]),
    ("integer", Family::Whole, &[32]),
    ("bigint", Family::Whole, &[64]),
    ("oid", Family::Whole, &[]),
    ("real", Family::Binary, &[32]),
    ("double precision", Family::Binary, &[64]),
    ("numeric", Family::Decimal, &[]),
    ("text", Family::Text, &[]),
    ("character varying", Family::Text, &[]),
    ("character", Family::Text, &[]),
    ("name", Family::Text, &[]),
    ("bytea", Family::Bytes, &[]),
    ("date", Family::Day, &[]),
    ("uuid", Family::Identifier, &[]),
    ("json", Family::Document, &[]),
    ("jsonb", Family::Document, &[]),
];

/// How the portable language names the elements of a list on SQLite, where PostgreSQL names them otherwise.
const ELEMENTS: [(&str, &str); 12] = [
    ("small", "smallint"),
    ("whole", "integer"),
    ("big", "bigint"),
    ("epoch_s", "bigint"),
    ("epoch_ms", "bigint"),
    ("epoch_us", "bigint"),
    ("epoch_ns", "bigint"),
    ("double", "double precision"),
    ("varchar", "character varying"),
    ("bytes", "bytea"),
    ("timestamp", "timestamp without time zone"),
    ("timestamptz", "timestamp with time zone"),
];

/// SQLite's words for whole numbers that say a size, with its bits.
const SIZES: [(&str, i32); 6] =
    [("smallint", 16), ("int2", 16), ("int4", 32), ("bigint", 64), ("int8", 64), ("_bigint", 64)];

/// The digits after the second's point that PostgreSQL keeps when nothing is said.
const MOST_DIGITS: i32 = 6;

impl Type {
    /// Reads a type as the facts of an engine write it; `is_label` tells that it is one of PostgreSQL's with labels.
    pub(super) fn read(engine: Engine, text: &str, is_label: bool) -> Self {
        let (name, bounds) = cut(text);
        let read = match engine {
            _ if is_label => Self::of(Family::Label),
            Engine::Sqlite => of_sqlite(&name, bounds),
            Engine::Postgres => of_postgres(text, &name, bounds),
        };
        Self { text: text.to_owned(), ..read }
    }

    fn of(family: Family) -> Self {
        Self { text: String::new(), family, bounds: Vec::new(), kind: None, is_loose: false }
    }

    fn bounded(self, bounds: Vec<i32>) -> Self {
        if bounds.is_empty() { self } else { Self { bounds, ..self } }
    }

    /// Whether its values are days or times.
    pub(super) fn is_time(&self) -> bool {
        matches!(self.family, Family::Day | Family::TimeOfDay | Family::Moment)
    }

    /// Whether its values are numbers.
    pub(super) fn is_number(&self) -> bool {
        matches!(self.family, Family::Whole | Family::Binary | Family::Decimal)
    }
}

/// A word without its numbers, and the numbers.
fn cut(text: &str) -> (String, Vec<i32>) {
    let small = lower(text);
    let numbers = |inside: &str| inside.split(',').map(|number| number.trim().parse().ok()).collect::<Option<Vec<_>>>();
    let parts = small.split_once('(').and_then(|(before, rest)| Some((before, rest.split_once(')')?)));
    match parts.and_then(|(before, (inside, after))| Some((format!("{}{after}", before.trim()), numbers(inside)?))) {
        Some(read) => read,
        None => (small, Vec::new()),
    }
}

/// The digits in all and those after the point, of which the second need not be said.
fn digits(bounds: Vec<i32>) -> Vec<i32> {
    match bounds.as_slice() {
        [precision] => vec![*precision, 0],
        _ => bounds,
    }
}

fn of_postgres(text: &str, name: &str, bounds: Vec<i32>) -> Type {
    if let Some(element) = text.strip_suffix("[]") {
        return Type::of(Family::List(Box::new(Type::read(Engine::Postgres, element, false))));
    }
    let of_second = || if bounds.is_empty() { vec![MOST_DIGITS] } else { bounds.clone() };
    match name {
        "time without time zone" => return Type::of(Family::TimeOfDay).bounded(of_second()),
        "timestamp without time zone" => {
            return Type { kind: Some(false), ..Type::of(Family::Moment) }.bounded(of_second());
        }
        "timestamp with time zone" => {
            return Type { kind: Some(true), ..Type::of(Family::Moment) }.bounded(of_second());
        }
        _ => {}
    }
    let known = WORDS.iter().find(|(word, ..)| *word == name);
    let mut read =
        known.map_or(Type::of(Family::Other), |(_, family, bits)| Type::of(family.clone()).bounded(bits.to_vec()));
    if read.family == Family::Document {
        read.kind = Some(name == "jsonb");
    }
    let bounds = if read.family == Family::Decimal { digits(bounds) } else { bounds };
    read.bounded(bounds)
}

fn of_sqlite(name: &str, bounds: Vec<i32>) -> Type {
    let has = |words: &[&str]| words.iter().any(|word| name.contains(word));
    match () {
        () if name.is_empty() || name == "any" => Type::of(Family::Any),
        () if name.starts_with("text_array_of_") => {
            let word = name.trim_start_matches("text_array_of_");
            let word = ELEMENTS.iter().find(|(own, _)| *own == word).map_or(word, |(_, other)| *other);
            Type::of(Family::List(Box::new(of_postgres(word, word, bounds))))
        }
        () if has(&["numeric_text"]) => Type::of(Family::Decimal).bounded(digits(bounds)),
        () if has(&["json_text"]) => Type::of(Family::Text),
        () if has(&["json"]) => Type {
            kind: has(&["text_json", "jsonb"]).then(|| has(&["jsonb"])),
            is_loose: name == "json",
            ..Type::of(Family::Document)
        },
        () if has(&["bool"]) => Type::of(Family::Truth),
        () if has(&["date", "time"]) => time(name, bounds),
        () if has(&["uuid", "guid"]) => Type::of(Family::Identifier),
        () if has(&["int", "serial"]) => {
            let size = SIZES.iter().find(|(word, _)| if word.starts_with('_') { has(&[word]) } else { name == *word });
            let bits = size.map(|(_, bits)| vec![*bits]).unwrap_or_default();
            Type { is_loose: bits.is_empty(), ..Type::of(Family::Whole) }.bounded(bits)
        }
        () if has(&["char", "clob", "text", "string"]) => {
            Type { is_loose: true, ..Type::of(Family::Text) }.bounded(bounds)
        }
        () if has(&["blob", "bytea", "binary"]) => Type { is_loose: true, ..Type::of(Family::Bytes) },
        () if has(&["real", "floa", "doub"]) => {
            let bits = if has(&["doub"]) { vec![64] } else { Vec::new() };
            Type { is_loose: name == "real", ..Type::of(Family::Binary) }.bounded(bits)
        }
        () if has(&["numeric", "decimal"]) => {
            Type { is_loose: true, ..Type::of(Family::Decimal) }.bounded(digits(bounds))
        }
        () => Type::of(Family::Other),
    }
}

/// Only the portable language's words say that a moment is kept as a text, and whether it has a zone.
fn time(name: &str, bounds: Vec<i32>) -> Type {
    let is_text = name.contains("text");
    let bounds = if bounds.is_empty() && is_text { vec![MOST_DIGITS] } else { bounds };
    let family = match (name.contains("date"), name.contains("time"), name.contains("stamp")) {
        (true, false, _) => return Type { is_loose: !is_text, ..Type::of(Family::Day) },
        (false, _, false) => Family::TimeOfDay,
        _ => Family::Moment,
    };
    let is_zoned = name.contains("tz") || name.contains("with time zone");
    let kind = (is_zoned || is_text || name.contains("without")).then_some(is_zoned);
    Type { kind, is_loose: !is_text, ..Type::of(family) }.bounded(bounds)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn sqlite(text: &str) -> (Family, Vec<i32>) {
        let read = Type::read(Engine::Sqlite, text, false);
        (read.family, read.bounds)
    }

    fn postgres(text: &str) -> (Family, Vec<i32>) {
        let read = Type::read(Engine::Postgres, text, false);
        (read.family, read.bounds)
    }

    #[test]
    fn a_word_of_sqlite_s_is_read_as_it_is_meant() {
        for (text, family, bounds) in [
            ("integer", Family::Whole, &[][..]),
            ("bigint", Family::Whole, &[64]),
            ("epoch_ms_bigint", Family::Whole, &[64]),
            ("unsigned big int", Family::Whole, &[]),
            ("tinyint(1)", Family::Whole, &[]),
            ("boolean", Family::Truth, &[]),
            ("varchar(40)", Family::Text, &[40]),
            ("json_text", Family::Text, &[]),
            ("text_json", Family::Document, &[]),
            ("decimal(10)", Family::Decimal, &[10, 0]),
            ("numeric_text(10,2)", Family::Decimal, &[10, 2]),
            ("datetime", Family::Moment, &[]),
            ("timestamp_text(3)", Family::Moment, &[3]),
            ("time_text", Family::TimeOfDay, &[6]),
            ("date_text", Family::Day, &[]),
            ("uuid_text", Family::Identifier, &[]),
            ("blob", Family::Bytes, &[]),
            ("double", Family::Binary, &[64]),
            ("", Family::Any, &[]),
            ("money", Family::Other, &[]),
        ] {
            assert_eq!(sqlite(text), (family, bounds.to_vec()), "{text}");
        }
    }

    #[test]
    fn a_word_of_postgresql_s_is_read() {
        for (text, family, bounds) in [
            ("integer", Family::Whole, &[32][..]),
            ("character varying(40)", Family::Text, &[40]),
            ("character varying", Family::Text, &[]),
            ("numeric(10,2)", Family::Decimal, &[10, 2]),
            ("timestamp(3) without time zone", Family::Moment, &[3]),
            ("timestamp with time zone", Family::Moment, &[6]),
            ("jsonb", Family::Document, &[]),
            ("inet", Family::Other, &[]),
        ] {
            assert_eq!(postgres(text), (family, bounds.to_vec()), "{text}");
        }
    }

    #[test]
    fn the_elements_of_a_list_are_read_alike() {
        for (of_sqlite, of_postgres) in [
            ("text_array_of_big", "bigint[]"),
            ("text_array_of_text", "text[]"),
            ("text_array_of_varchar(40)", "character varying(40)[]"),
            ("text_array_of_numeric(10,2)", "numeric(10,2)[]"),
            ("text_array_of_timestamptz", "timestamp with time zone[]"),
            ("text_array_of_uuid", "uuid[]"),
        ] {
            let plain = |(family, _): (Family, Vec<i32>)| match family {
                Family::List(element) => (element.family, element.bounds, element.kind),
                other => panic!("{other:?} is no list"),
            };
            assert_eq!(plain(sqlite(of_sqlite)), plain(postgres(of_postgres)), "{of_sqlite}");
        }
    }
}
