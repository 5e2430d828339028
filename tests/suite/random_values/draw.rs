//! Draws tables: columns of random types, and values of every storage class, most of them near the borders of some type.

use std::collections::BTreeSet;
use std::fmt;

use super::contract::Kind;

/// The most rows of a table.
const MOST_ROWS: usize = 200;

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
#[derive(Clone)]
pub(super) struct Table {
    pub(super) kinds: Vec<Kind>,
    pub(super) rows: Vec<Vec<Drawn>>,
    keys: Keys,
}

impl fmt::Debug for Table {
    /// Tells no more than the shape: what fails names its row and value itself.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} rows of {:?}", self.rows.len(), self.kinds)
    }
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

/// Random numbers from a seed. Source: Marsaglia, "Xorshift RNGs", 2003.
struct Random(u64);

impl Random {
    fn number(&mut self) -> u64 {
        self.0 ^= self.0 << 13;
        self.0 ^= self.0 >> 7;
        self.0 ^= self.0 << 17;
        self.0
    }

    fn below(&mut self, limit: u64) -> u64 {
        self.number() % limit
    }

    fn count(&mut self, limit: usize) -> usize {
        usize::try_from(self.number()).expect("64 bits") % limit
    }

    fn one_of<T: Copy>(&mut self, of: &[T]) -> T {
        of[self.count(of.len())]
    }

    fn bytes(&mut self, length: usize) -> Vec<u8> {
        (0..length).map(|_| self.number().to_be_bytes()[3]).collect()
    }

    /// A text in which each `#` is a digit, `x` a hexadecimal one, `?` any character, and anything else is itself.
    fn written(&mut self, form: &str) -> String {
        let mut character = |form| match form {
            '#' => self.one_of(&['0', '1', '2', '3', '4', '5', '6', '7', '8', '9']),
            'x' => self.one_of(&['0', '1', '2', '7', '9', 'a', 'b', 'c', 'd', 'e', 'f', 'A', 'F']),
            '?' => char::from_u32(self.number() as u32 >> 11).unwrap_or('é'),
            other => other,
        };
        form.chars().map(&mut character).collect()
    }
}

/// Tables that a seed stands for.
pub(super) fn tables(seed: u64) -> Vec<Table> {
    // Zero would stay zero.
    let mut random = Random(seed | 1);
    (0..6 + random.count(6)).map(|_| table(&mut random)).collect()
}

fn table(random: &mut Random) -> Table {
    let kinds: Vec<Kind> = (0..=random.count(4)).map(|_| random.one_of(&Kind::ALL)).collect();
    let count = random.count(MOST_ROWS);
    let keys = if random.below(2) == 0 {
        let mut keys = BTreeSet::new();
        while keys.len() < count {
            keys.insert(integer(random));
        }
        Keys::Numbers(keys.into_iter().collect())
    } else {
        Keys::Words((0..count).map(|row| format!("{}{row}", random.written("xé' x"))).collect())
    };
    let mut rows: Vec<Vec<Drawn>> = (0..count).map(|_| kinds.iter().map(|_| value(random)).collect()).collect();
    show_two_units(&kinds, &mut rows);
    Table { kinds, rows, keys }
}

/// Lets every column of times hold numbers of two units, so that none which shows no unit takes that of the others.
fn show_two_units(kinds: &[Kind], rows: &mut [Vec<Drawn>]) {
    const SECONDS: i64 = 1_699_920_000;
    let is_moment = |kind: &Kind| matches!(kind, Kind::Date | Kind::Timestamp | Kind::TimestampTz);
    for column in (0..kinds.len()).filter(|column| is_moment(&kinds[*column])) {
        for (row, number) in rows.iter_mut().zip([SECONDS, SECONDS * 1000]) {
            row[column] = Drawn::Integer(number);
        }
    }
}

fn value(random: &mut Random) -> Drawn {
    match random.below(20) {
        0 => Drawn::Null,
        1..=4 => Drawn::Integer(integer(random)),
        5..=7 => Drawn::Real(real(random)),
        8..=16 => Drawn::Text(text(random).into_bytes()),
        17 => Drawn::Text(letters(random)),
        18 => Drawn::Blob(letters(random)),
        _ => Drawn::Blob(random.bytes(16)),
    }
}

fn letters(random: &mut Random) -> Vec<u8> {
    let length = random.count(8);
    random.bytes(length)
}

fn integer(random: &mut Random) -> i64 {
    const BORDERS: [i64; 19] = [
        0,
        1,
        2,
        -1,
        32_767,
        32_768,
        -32_768,
        -32_769,
        1 << 31,
        (1 << 31) - 1,
        -(1 << 31),
        (1 << 53) + 1,
        i64::MIN,
        i64::MAX,
        999_999,
        1_000_000,
        -999_999,
        99_999,
        100_000,
    ];
    let second = random.below(7_258_118_400).cast_signed();
    match random.below(6) {
        0 => random.one_of(&BORDERS),
        1 => random.below(100_000).cast_signed() - 1000,
        2 => second / 86_400 * 86_400,
        3 | 4 => second * random.one_of(&[1, 1000, 1_000_000, 1_000_000_000]),
        _ => random.number().cast_signed(),
    }
}

fn real(random: &mut Random) -> f64 {
    const BORDERS: [f64; 10] = [0.0, -0.0, 1.0, 0.5, f64::INFINITY, f64::NEG_INFINITY, 5e-324, 1e308, 3.5e38, 1e-45];
    let number = match random.below(5) {
        0 => random.one_of(&BORDERS),
        1 => integer(random) as f64,
        2 => (random.below(200_000_000).cast_signed() - 100_000_000) as f64 / 100.0,
        3 => f64::from_bits(random.number()),
        _ => f64::from(f32::from_bits(random.number() as u32)),
    };
    // SQLite keeps no NaN.
    if number.is_nan() { 2.5 } else { number }
}

fn text(random: &mut Random) -> String {
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
    const CLOCKS: [&str; 6] = ["1#:4#", "0#:##:3#", "2#:0#:5#", "1#:2#:1#.#", "1#:0#:0#.######", "0#:1#:2#.########"];
    const DAYS: [&str; 4] = ["20##-0#-1#", "19##-1#-2#", "2024-02-2#", "20##-1#-3#"];
    const OFFSETS: [&str; 6] = ["", "Z", "+0#:00", "-1#:30", "+0##5", "-##:##"];
    const DECIMALS: [&str; 9] = [
        "##",
        "-###.##",
        "0.0##",
        "######.##",
        "1##e#",
        "-#.#e-#",
        "#.",
        "####################",
        "#.0####################",
    ];
    const IDENTIFIERS: [&str; 5] = [
        "xxxxxxxx-xxxx-xxxx-xxxx-xxxxxxxxxxxx",
        "{xxxxxxxx-xxxx-xxxx-xxxx-xxxxxxxxxxxx}",
        "xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx",
        "xxxxxxxx-xxxx-xxxx-xxxx-xxxxxxxxxxx",
        "{xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx",
    ];
    let form = match random.below(9) {
        0 => return random.one_of(&WORDS).to_owned(),
        1 => return integer(random).to_string(),
        2 => return format!("{:?}", real(random)),
        3 => random.one_of(&DECIMALS).to_owned(),
        4 => random.one_of(&DAYS).to_owned(),
        5 => {
            random.one_of(&DAYS).to_owned()
                + random.one_of(&[" ", "T"])
                + random.one_of(&CLOCKS)
                + random.one_of(&OFFSETS)
        }
        6 => random.one_of(&CLOCKS).to_owned(),
        7 => random.one_of(&IDENTIFIERS).to_owned(),
        _ => "???????"[..random.count(8)].to_owned(),
    };
    random.written(&form)
}
