//! What PostgreSQL sends for a value in binary, read as the SQL literal that SQLite would hold of it.
//!
//! It shares nothing with the copier. Source: PostgreSQL, `src/backend/utils/adt`, the `*_send` function of each type.

/// Reads the one column of `record_send(row(v))`, in hex; `None` for NULL. Its type's oid comes with the literal.
pub(crate) fn literal(record: &str) -> (u32, Option<String>) {
    let bytes: Vec<u8> = record.as_bytes().chunks(2).map(hex_byte).collect();
    let (mut wire, mut value) = (Wire(&bytes), None);
    assert_eq!(wire.int(), 1, "a record of one column");
    let oid = wire.int().cast_unsigned();
    let length = wire.int();
    if let Ok(length) = usize::try_from(length) {
        value = Some(of_type(oid, wire.take(length)));
    }
    assert!(wire.0.is_empty(), "{record}");
    (oid, value)
}

/// A text as a literal in one line.
pub(crate) fn quoted(text: &str) -> String {
    if text.chars().any(char::is_control) {
        format!("CAST({} AS TEXT)", hex(text.as_bytes()))
    } else {
        format!("'{}'", text.replace('\'', "''"))
    }
}

fn hex_byte(pair: &[u8]) -> u8 {
    let pair = std::str::from_utf8(pair).expect("hex is ASCII");
    u8::from_str_radix(pair, 16).expect("it is hex")
}

fn hex(bytes: &[u8]) -> String {
    format!("x'{}'", bytes.iter().map(|byte| format!("{byte:02x}")).collect::<String>())
}

/// Bytes that are read from their beginning.
struct Wire<'b>(&'b [u8]);

impl<'b> Wire<'b> {
    fn take(&mut self, length: usize) -> &'b [u8] {
        let (taken, rest) = self.0.split_at(length);
        self.0 = rest;
        taken
    }

    fn int(&mut self) -> i32 {
        i32::try_from(whole(self.take(4))).expect("four bytes")
    }

    fn short(&mut self) -> i64 {
        whole(self.take(2))
    }
}

/// The number that big-endian bytes are in two's complement.
fn whole(bytes: &[u8]) -> i64 {
    let first = if bytes.first().is_some_and(|byte| byte & 0x80 != 0) { -1 } else { 0 };
    bytes.iter().fold(first, |number, byte| number << 8 | i64::from(*byte))
}

fn of_type(oid: u32, bytes: &[u8]) -> String {
    let text = || std::str::from_utf8(bytes).expect("the server sends UTF-8");
    match oid {
        16 => bytes[0].to_string(),
        17 => hex(bytes),
        20 | 21 | 23 => whole(bytes).to_string(),
        700 => real(f64::from(f32::from_be_bytes(bytes.try_into().expect("four bytes")))),
        701 => real(f64::from_be_bytes(bytes.try_into().expect("eight bytes"))),
        1082 => quoted(&date(whole(bytes))),
        1083 => quoted(&clock(whole(bytes))),
        1114 => quoted(&moment(whole(bytes))),
        1184 => quoted(&format!("{}Z", moment(whole(bytes)))),
        1700 => quoted(&numeric(bytes)),
        2950 => quoted(&uuid(bytes)),
        3802 => quoted(text().strip_prefix('\u{1}').expect("the version of jsonb is 1")),
        // Array types of this server are those whose elements say so; an enum's oid is none of the built-in ones.
        199 | 1000..=1016 | 1021 | 1022 | 1115 | 1182 | 1183 | 1185 | 1231 | 2951 => quoted(&array(bytes)),
        _ => quoted(text()),
    }
}

fn real(number: f64) -> String {
    match number {
        f64::INFINITY => "9e999".to_owned(),
        f64::NEG_INFINITY => "-9e999".to_owned(),
        number => format!("{number:?}"),
    }
}

/// A day by its distance from 2000-01-01, found by walking through the years.
fn date(days_since_2000: i64) -> String {
    let leap = |year: i64| year % 4 == 0 && (year % 100 != 0 || year % 400 == 0);
    let (cycles, mut day) = (days_since_2000.div_euclid(146_097), days_since_2000.rem_euclid(146_097));
    let mut year = 2000 + 400 * cycles;
    while day >= if leap(year) { 366 } else { 365 } {
        day -= if leap(year) { 366 } else { 365 };
        year += 1;
    }
    let february = if leap(year) { 29 } else { 28 };
    let mut month = 1;
    for days in [31, february, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31] {
        if day < days {
            break;
        }
        day -= days;
        month += 1;
    }
    format!("{year:04}-{month:02}-{:02}", day + 1)
}

fn clock(micros: i64) -> String {
    let seconds = micros / 1_000_000;
    let shown = format!("{:02}:{:02}:{:02}", seconds / 3600, seconds / 60 % 60, seconds % 60);
    match micros % 1_000_000 {
        0 => shown,
        fraction => format!("{shown}.{fraction:06}"),
    }
}

fn moment(micros_since_2000: i64) -> String {
    const DAY: i64 = 86_400_000_000;
    format!("{} {}", date(micros_since_2000.div_euclid(DAY)), clock(micros_since_2000.rem_euclid(DAY)))
}

fn numeric(bytes: &[u8]) -> String {
    let mut wire = Wire(bytes);
    let [count, weight, sign, shown] = [(); 4].map(|()| wire.short());
    let groups: Vec<i64> = (0..count).map(|_| wire.short()).collect();
    let group = |power: i64| {
        let place = usize::try_from(weight - power).ok();
        place.and_then(|place| groups.get(place)).copied().unwrap_or(0)
    };
    let before: String = (0..=weight.max(0)).rev().map(|power| format!("{:04}", group(power))).collect();
    let after: String = (1..=(shown + 3) / 4).map(|power| format!("{:04}", group(-power))).collect();
    let before = match before.trim_start_matches('0') {
        "" => "0",
        digits => digits,
    };
    let after = &after[..usize::try_from(shown).expect("not negative")];
    let sign = if sign == 0 { "" } else { "-" };
    format!("{sign}{before}{}{after}", if after.is_empty() { "" } else { "." })
}

fn uuid(bytes: &[u8]) -> String {
    let digits = bytes.iter().map(|byte| format!("{byte:02x}")).collect::<String>();
    [&digits[..8], &digits[8..12], &digits[12..16], &digits[16..20], &digits[20..]].join("-")
}

/// An array of one dimension as a JSON array.
fn array(bytes: &[u8]) -> String {
    let mut wire = Wire(bytes);
    let (dimensions, _, element) = (wire.int(), wire.int(), wire.int().cast_unsigned());
    let length = if dimensions == 0 { 0 } else { wire.int() };
    if dimensions != 0 {
        assert_eq!((dimensions, wire.int()), (1, 1), "one dimension, counted from one");
    }
    let parts: Vec<String> = (0..length).map(|_| part(element, &mut wire)).collect();
    format!("[{}]", parts.join(","))
}

fn part(element: u32, wire: &mut Wire<'_>) -> String {
    let Ok(length) = usize::try_from(wire.int()) else { return "null".to_owned() };
    let bytes = wire.take(length);
    match element {
        16 => (bytes[0] == 1).to_string(),
        25 | 1042 | 1043 => serde_json::Value::from(std::str::from_utf8(bytes).expect("UTF-8")).to_string(),
        1700 => numeric(bytes),
        _ => of_type(element, bytes).replace('\'', if element >= 1082 { "\"" } else { "" }),
    }
}
