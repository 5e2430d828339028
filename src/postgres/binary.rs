//! COPY's binary form: cells to bytes.
//!
//! Source: PostgreSQL manual, "COPY", "Binary Format"; the form of each type is that of its `send` function.

use crate::schema::LogicalType;
use crate::value::Cell;
use crate::value::decimal::Decimal;
use crate::value::list::Element;

/// What every stream begins with: signature, flags, length of the header's extension.
pub const HEADER: [u8; HEADER_BYTES] = *b"PGCOPY\n\xff\r\n\0\0\0\0\0\0\0\0\0";
/// The length of [`HEADER`], in bytes.
pub const HEADER_BYTES: usize = 19;
/// What every stream ends with.
pub const TRAILER: &[u8] = &[0xff, 0xff];

/// The most bytes of a tuple: the server gathers a whole row before it sends it.
///
/// Source: PostgreSQL, `src/include/utils/memutils.h`, `MaxAllocSize`, the longest `StringInfo`.
pub const MOST_ROW_BYTES: usize = 0x3fff_ffff - 1;

/// Microseconds from 1970-01-01 to 2000-01-01, PostgreSQL's own epoch.
const EPOCH_2000_US: i64 = 946_684_800_000_000;
/// Days from 1970-01-01 to 2000-01-01.
const EPOCH_2000_DAYS: i32 = 10_957;
/// The version byte before a `jsonb`.
const JSONB_VERSION: u8 = 1;

/// Tells whether bytes begin with a stream's header.
pub fn starts_stream(bytes: &[u8]) -> bool {
    bytes.starts_with(&HEADER[..11]) && bytes.len() >= HEADER_BYTES
}

/// Appends a tuple's head: its number of fields.
///
/// # Panics
/// Never in practice: a table has at most 1,600 columns.
pub fn begin_tuple(columns: usize, out: &mut Vec<u8>) {
    let columns = u16::try_from(columns).expect("a table has at most 1,600 columns");
    out.extend_from_slice(&columns.to_be_bytes());
}

/// Appends a field: the length and form of a cell in a column of this type.
///
/// Returns `false`, with nothing appended, for a cell that is not of the type or whose bytes are more than a field
/// can have; the cast rules give no such cell.
#[must_use]
pub fn encode(cell: &Cell<'_>, logical: &LogicalType, out: &mut Vec<u8>) -> bool {
    use LogicalType as T;
    match (cell, logical) {
        (Cell::Null, _) => null(out),
        (Cell::Bool(truth), T::Boolean) => field(&[u8::from(*truth)], out),
        (Cell::Int(number), T::SmallInt) => {
            i16::try_from(*number).is_ok_and(|number| field(&number.to_be_bytes(), out))
        }
        (Cell::Int(number), T::Int) => i32::try_from(*number).is_ok_and(|number| field(&number.to_be_bytes(), out)),
        (Cell::Int(number), T::BigInt | T::Epoch(_)) => field(&number.to_be_bytes(), out),
        #[expect(clippy::cast_possible_truncation, reason = "the cast rule rounded it already")]
        (Cell::Float(number), T::Real) => field(&(*number as f32).to_be_bytes(), out),
        (Cell::Float(number), T::Double) => field(&number.to_be_bytes(), out),
        (Cell::Decimal(decimal), T::Numeric(_)) => numeric(decimal, out),
        (Cell::Text(text), T::Text | T::Varchar(_) | T::Char(_) | T::Enum(_)) => field(text.as_bytes(), out),
        (Cell::Json(text), T::Json | T::JsonText) => field(text.as_bytes(), out),
        (Cell::Json(text), T::Jsonb) => prefixed(JSONB_VERSION, text.as_bytes(), out),
        (Cell::Bytes(content), T::Bytes) => field(content, out),
        (Cell::Date(days), T::Date) => {
            days.checked_sub(EPOCH_2000_DAYS).is_some_and(|days| field(&days.to_be_bytes(), out))
        }
        (Cell::Time(micros), T::Time(_)) => field(&micros.to_be_bytes(), out),
        (Cell::Instant(micros), T::Timestamp(_) | T::TimestampTz(_)) => {
            micros.checked_sub(EPOCH_2000_US).is_some_and(|micros| field(&micros.to_be_bytes(), out))
        }
        (Cell::Uuid(content), T::Uuid) => field(content, out),
        (Cell::Array(elements), T::Array(element)) => array(elements, element, out),
        _ => false,
    }
}

/// Appends a field that is like no value of any type, for a digest alone: it must not be sent.
pub fn unlike_any(out: &mut Vec<u8>) {
    field(b"\0no form in this type\xff", out);
}

fn null(out: &mut Vec<u8>) -> bool {
    out.extend_from_slice(&(-1_i32).to_be_bytes());
    true
}

fn field(content: &[u8], out: &mut Vec<u8>) -> bool {
    let Ok(length) = i32::try_from(content.len()) else { return false };
    out.extend_from_slice(&length.to_be_bytes());
    out.extend_from_slice(content);
    true
}

fn prefixed(first: u8, content: &[u8], out: &mut Vec<u8>) -> bool {
    let Ok(length) = i32::try_from(content.len() + 1) else { return false };
    out.extend_from_slice(&length.to_be_bytes());
    out.push(first);
    out.extend_from_slice(content);
    true
}

/// The form of `numeric`: counts of base-10,000 digits, weight of the first, sign, digits shown after the point.
///
/// Zeros at both ends are left out, as the server itself does, so that what returns is what was sent.
/// Source: PostgreSQL, `src/backend/utils/adt/numeric.c`, `numeric_send`.
fn numeric(decimal: &Decimal<'_>, out: &mut Vec<u8>) -> bool {
    const NEGATIVE: u16 = 0x4000;
    let length = i32::try_from(decimal.digits.len()).unwrap_or(i32::MAX);
    let first_power = decimal.exponent.saturating_add(length) - 1;
    let weight = if length == 0 { 0 } else { first_power.div_euclid(4) };
    let zeros_before = if length == 0 { 0 } else { 3 - first_power.rem_euclid(4) };
    let groups = (zeros_before + length + 3) / 4;
    let (Ok(count), Ok(weight), Ok(shown)) =
        (u16::try_from(groups), i16::try_from(weight), u16::try_from(decimal.scale))
    else {
        return false;
    };
    out.extend_from_slice(&(8 + 2 * u32::from(count)).to_be_bytes());
    out.extend_from_slice(&count.to_be_bytes());
    out.extend_from_slice(&weight.to_be_bytes());
    out.extend_from_slice(&(if decimal.negative { NEGATIVE } else { 0 }).to_be_bytes());
    out.extend_from_slice(&shown.to_be_bytes());
    let mut at = -zeros_before;
    for _ in 0..count {
        let digit = |place: i32| {
            let digit = usize::try_from(place).ok().and_then(|place| decimal.digits.get(place));
            digit.map_or(0, |digit| u16::from(digit - b'0'))
        };
        let group = (0..4).fold(0, |group, offset| group * 10 + digit(at + offset));
        out.extend_from_slice(&group.to_be_bytes());
        at += 4;
    }
    true
}

/// The form of an array: its dimensions, none when it is empty, whether it holds NULL, its element's type, then for its
/// only dimension length and first index, then each element as a field.
///
/// Source: PostgreSQL, `src/backend/utils/adt/arrayfuncs.c`, `array_send`.
fn array(elements: &[Element], element: &LogicalType, out: &mut Vec<u8>) -> bool {
    let mut content = Vec::new();
    let Ok(length) = i32::try_from(elements.len()) else { return false };
    let has_null = elements.contains(&Element::Null);
    content.extend_from_slice(&i32::from(length > 0).to_be_bytes());
    content.extend_from_slice(&i32::from(has_null).to_be_bytes());
    content.extend_from_slice(&oid(element).to_be_bytes());
    if length > 0 {
        content.extend_from_slice(&length.to_be_bytes());
        content.extend_from_slice(&1_i32.to_be_bytes());
    }
    elements.iter().all(|kept| encode(&kept.cell(), element, &mut content)) && field(&content, out)
}

/// The oid of the type that a created column of this logical type has. That of an enum type is known when it is there.
///
/// Source: PostgreSQL, `src/include/catalog/pg_type.dat`.
pub fn oid(logical: &LogicalType) -> u32 {
    use LogicalType as T;
    match logical {
        T::Boolean => 16,
        T::Bytes => 17,
        T::BigInt | T::Epoch(_) => 20,
        T::SmallInt => 21,
        T::Int => 23,
        T::Array(element) => oid_of_array(element),
        T::Text | T::JsonText | T::Enum(_) | T::Other(_) => 25,
        T::Json => 114,
        T::Real => 700,
        T::Double => 701,
        T::Char(_) => 1042,
        T::Varchar(_) => 1043,
        T::Date => 1082,
        T::Time(_) => 1083,
        T::Timestamp(_) => 1114,
        T::TimestampTz(_) => 1184,
        T::Numeric(_) => 1700,
        T::Uuid => 2950,
        T::Jsonb => 3802,
    }
}

fn oid_of_array(element: &LogicalType) -> u32 {
    use LogicalType as T;
    match element {
        T::Boolean => 1000,
        T::Bytes => 1001,
        T::BigInt | T::Epoch(_) => 1016,
        T::SmallInt => 1005,
        T::Int => 1007,
        T::Text | T::JsonText | T::Enum(_) | T::Array(_) | T::Other(_) => 1009,
        T::Json => 199,
        T::Real => 1021,
        T::Double => 1022,
        T::Char(_) => 1014,
        T::Varchar(_) => 1015,
        T::Date => 1182,
        T::Time(_) => 1183,
        T::Timestamp(_) => 1115,
        T::TimestampTz(_) => 1185,
        T::Numeric(_) => 1231,
        T::Uuid => 2951,
        T::Jsonb => 3807,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn encoded(cell: Cell<'_>, logical: LogicalType) -> Vec<u8> {
        let mut out = Vec::new();
        assert!(encode(&cell, &logical, &mut out));
        out
    }

    fn numeric_groups(text: &str) -> (i16, u16, Vec<u16>) {
        let mut scratch = Vec::new();
        let decimal = Decimal::parse(text, &mut scratch).expect("is a decimal");
        let bytes = encoded(Cell::Decimal(decimal), LogicalType::Numeric(None));
        let words: Vec<u16> = bytes[4..].chunks(2).map(|pair| u16::from_be_bytes([pair[0], pair[1]])).collect();
        assert_eq!(usize::from(words[0]), words.len() - 4);
        (words[1].cast_signed(), words[3], words[4..].to_vec())
    }

    #[test]
    fn a_numeric_is_cut_into_groups_of_four_digits_around_the_point() {
        assert_eq!(numeric_groups("12345.678"), (1, 3, vec![1, 2345, 6780]));
        assert_eq!(numeric_groups("0.0001"), (-1, 4, vec![1]));
        assert_eq!(numeric_groups("0.00001"), (-2, 5, vec![1000]));
        assert_eq!(numeric_groups("10000"), (1, 0, vec![1]));
        assert_eq!(numeric_groups("1.50"), (0, 2, vec![1, 5000]));
        assert_eq!(numeric_groups("0.00"), (0, 2, vec![]));
    }

    #[test]
    fn times_count_from_the_year_2000() {
        assert_eq!(encoded(Cell::Date(10_957), LogicalType::Date), [0, 0, 0, 4, 0, 0, 0, 0]);
        assert_eq!(encoded(Cell::Instant(EPOCH_2000_US - 1), LogicalType::Timestamp(6))[4..], [0xff; 8]);
    }

    #[test]
    fn a_cell_of_another_type_is_not_encoded() {
        let mut out = Vec::new();
        assert!(!encode(&Cell::Text("1"), &LogicalType::Int, &mut out));
        assert!(!encode(&Cell::Int(40_000), &LogicalType::SmallInt, &mut out));
        assert!(out.is_empty());
    }
}
