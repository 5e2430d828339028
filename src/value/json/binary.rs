//! SQLite's binary JSON, written as text.

// Source: SQLite, "The SQLite JSONB Format".

/// The payload of one element, and where it ends.
struct Element<'b> {
    kind: u8,
    payload: &'b [u8],
    start: usize,
    end: usize,
}

/// An array or object that is being written.
struct Open {
    end: usize,
    is_object: bool,
    /// Elements so far: keys and values each count.
    count: u64,
}

/// The last of the kinds that are words: null, true, false.
const FALSE: u8 = 2;
const ARRAY: u8 = 11;
const OBJECT: u8 = 12;
/// A string as it is, one with escapes of JSON, one with those of JSON5, one to be escaped.
const STRINGS: std::ops::RangeInclusive<u8> = 7..=10;

/// Appends the text of a binary document to `out`; `None` when the bytes are no such document.
pub fn write_binary(bytes: &[u8], out: &mut Vec<u8>) -> Option<()> {
    let whole = element(bytes, 0)?;
    if whole.end != bytes.len() {
        return None;
    }
    let mut open: Vec<Open> = Vec::new();
    let mut at = 0;
    loop {
        while open.last().is_some_and(|around| around.end == at) {
            let closed = open.pop()?;
            // A key without a value is no member.
            out.push(match (closed.is_object, closed.count % 2) {
                (true, 0) => b'}',
                (true, _) => return None,
                (false, _) => b']',
            });
        }
        if at == bytes.len() {
            return Some(());
        }
        let part = element(bytes, at)?;
        if let Some(around) = open.last_mut() {
            let is_key = around.is_object && around.count % 2 == 0;
            if part.end > around.end || is_key && !STRINGS.contains(&part.kind) {
                return None;
            }
            if around.count > 0 {
                out.push(if around.is_object && !is_key { b':' } else { b',' });
            }
            around.count += 1;
        }
        // The words have their size in their one byte.
        if part.kind <= FALSE && part.end != at + 1 {
            return None;
        }
        at = part.end;
        if matches!(part.kind, ARRAY | OBJECT) {
            let is_object = part.kind == OBJECT;
            out.push(if is_object { b'{' } else { b'[' });
            open.push(Open { end: part.end, is_object, count: 0 });
            at = part.start;
        } else {
            write_plain(part.kind, part.payload, out)?;
        }
    }
}

/// The element whose header is at `at`.
fn element(bytes: &[u8], at: usize) -> Option<Element<'_>> {
    let head = *bytes.get(at)?;
    // A number up to 11 is the size itself; the others say how many bytes of size follow.
    let size_bytes = match head >> 4 {
        0..=11 => 0,
        12 => 1,
        13 => 2,
        14 => 4,
        _ => 8,
    };
    let start = at + 1 + size_bytes;
    let said = bytes.get(at + 1..start)?;
    let size = match size_bytes {
        0 => usize::from(head >> 4),
        _ => usize::try_from(said.iter().fold(0_u64, |size, byte| size << 8 | u64::from(*byte))).ok()?,
    };
    let end = start.checked_add(size)?;
    Some(Element { kind: head & 0x0f, payload: bytes.get(start..end)?, start, end })
}

fn write_plain(kind: u8, payload: &[u8], out: &mut Vec<u8>) -> Option<()> {
    match (kind, payload) {
        (0, []) => out.extend_from_slice(b"null"),
        (1, []) => out.extend_from_slice(b"true"),
        (2, []) => out.extend_from_slice(b"false"),
        (3, number) if is_number(number) && !has_fraction(number) => out.extend_from_slice(number),
        (4, number) => write_hexadecimal(number, out)?,
        (5, number) if is_number(number) && has_fraction(number) => out.extend_from_slice(number),
        (6, number) if is_number(number) && has_fraction(number) => write_loose_number(number, out),
        (7, text) if !text.iter().any(|byte| matches!(byte, 0..=0x1f | b'"' | b'\\')) => write_quoted(text, out),
        (8, text) if ends_inside(text) => write_quoted(text, out),
        (9, text) if ends_inside(text) => write_json5(text, out)?,
        (10, text) => super::escape::write_string(text, out),
        _ => return None,
    }
    Some(())
}

fn write_quoted(text: &[u8], out: &mut Vec<u8>) {
    out.push(b'"');
    out.extend_from_slice(text);
    out.push(b'"');
}

/// Whether the inside of a string has no quote that would end it, and no escape that would reach beyond it.
fn ends_inside(text: &[u8]) -> bool {
    let mut bytes = text.iter();
    while let Some(byte) = bytes.next() {
        match byte {
            b'"' => return false,
            b'\\' if bytes.next().is_none() => return false,
            _ => {}
        }
    }
    true
}

/// Whether nothing but a number can be here; the document's grammar is checked as a whole later.
fn is_number(text: &[u8]) -> bool {
    !text.is_empty()
        && text[0] != b'+'
        && text.iter().all(|byte| byte.is_ascii_digit() || matches!(byte, b'+' | b'-' | b'.' | b'e' | b'E'))
}

/// Whether a number is written with a point or an exponent, as those that are no integers must be.
fn has_fraction(number: &[u8]) -> bool {
    number.iter().any(|byte| matches!(byte, b'.' | b'e' | b'E'))
}

/// Writes `0x1F`, with or without a sign, in decimal.
fn write_hexadecimal(text: &[u8], out: &mut Vec<u8>) -> Option<()> {
    let text = std::str::from_utf8(text).ok()?;
    let (sign, digits) = match text.strip_prefix('-') {
        Some(digits) => ("-", digits),
        None => ("", text.strip_prefix('+').unwrap_or(text)),
    };
    let digits = digits.strip_prefix("0x").or_else(|| digits.strip_prefix("0X"))?;
    let number = u64::from_str_radix(digits, 16).ok().filter(|_| !digits.starts_with('+'))?;
    out.extend_from_slice(format!("{sign}{number}").as_bytes());
    Some(())
}

/// Writes a number that may lack a digit on either side of its point.
fn write_loose_number(text: &[u8], out: &mut Vec<u8>) {
    let unsigned = text.strip_prefix(b"-").unwrap_or(text);
    if text.starts_with(b"-") {
        out.push(b'-');
    }
    if unsigned.starts_with(b".") {
        out.push(b'0');
    }
    for (at, byte) in unsigned.iter().enumerate() {
        out.push(*byte);
        if *byte == b'.' && !unsigned.get(at + 1).is_some_and(u8::is_ascii_digit) {
            out.push(b'0');
        }
    }
}

/// Writes a string whose escapes are those of JSON5 with those of JSON.
fn write_json5(text: &[u8], out: &mut Vec<u8>) -> Option<()> {
    out.push(b'"');
    let mut rest = text;
    while let [first, after @ ..] = rest {
        rest = after;
        if *first != b'\\' {
            match first {
                0..=0x1f => out.extend_from_slice(format!("\\u{first:04x}").as_bytes()),
                _ => out.push(*first),
            }
            continue;
        }
        rest = match rest {
            [b'\'', after @ ..] => {
                out.push(b'\'');
                after
            }
            [b'v', after @ ..] => {
                out.extend_from_slice(b"\\u000b");
                after
            }
            // It would be an octal number, which JSON5 does not have.
            [b'0', b'0'..=b'9', ..] => return None,
            [b'0', after @ ..] => {
                out.extend_from_slice(b"\\u0000");
                after
            }
            [b'x', high, low, after @ ..] => {
                out.extend_from_slice(b"\\u00");
                out.extend([*high, *low]);
                after
            }
            // A line that goes on: two characters, or the separators of lines and paragraphs.
            [b'\r', b'\n', after @ ..] | [b'\n' | b'\r', after @ ..] | [0xe2, 0x80, 0xa8 | 0xa9, after @ ..] => after,
            [escape, after @ ..] => {
                out.extend([b'\\', *escape]);
                after
            }
            [] => return None,
        };
    }
    out.push(b'"');
    Some(())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn text(bytes: &[u8]) -> Option<String> {
        let mut out = Vec::new();
        write_binary(bytes, &mut out)?;
        String::from_utf8(out).ok()
    }

    #[test]
    fn every_kind_of_element_has_its_text() {
        assert_eq!(text(b"\x00").as_deref(), Some("null"));
        assert_eq!(text(b"\x13\x37").as_deref(), Some("7"));
        assert_eq!(text(b"\x54-0x1F").as_deref(), Some("-31"));
        assert_eq!(text(b"\x26.5").as_deref(), Some("0.5"));
        assert_eq!(text(b"\x365.e"), Some("5.0e".into()));
        assert_eq!(text(b"\x37a b").as_deref(), Some("\"a b\""));
        assert_eq!(text(b"\x28\\n").as_deref(), Some("\"\\n\""));
        assert_eq!(text(b"\x89\\x41\\'\\v").as_deref(), Some("\"\\u0041'\\u000b\""));
        assert_eq!(text(b"\x39\\0a").as_deref(), Some("\"\\u0000a\""));
        assert_eq!(text(b"\x3aa\"\n").as_deref(), Some("\"a\\\"\\n\""));
        assert_eq!(text(b"\x0b").as_deref(), Some("[]"));
        assert_eq!(text(b"\x9c\x17a\x13\x31\x17b\x2b\x0c\x01").as_deref(), Some("{\"a\":1,\"b\":[{},true]}"));
        // A size in a byte, in two, in four and in eight.
        for head in [&b"\xc7\x01"[..], b"\xd7\x00\x01", b"\xe7\0\0\0\x01", b"\xf7\0\0\0\0\0\0\0\x01"] {
            assert_eq!(text(&[head, b"a"].concat()).as_deref(), Some("\"a\""));
        }
    }

    #[test]
    fn other_bytes_are_no_document() {
        for bytes in [
            &b""[..],
            b"\x0d",
            b"\xc0\x00",
            b"\x10",
            b"\x5b]",
            b"\x00\x00",
            b"\x2c\x17a",
            b"\x2c\x13\x31",
            b"\x4c\x13\x31\x13\x31",
            b"\x57a\",\"b",
            b"\x18\\",
            b"\x49\\041",
            b"\x33[],",
            b"\x331.5",
            b"\x35-15",
            b"\x36-15",
            b"\x36+5.",
            b"\x13\x31\x31",
            b"\x04",
            b"\x54-0x1G",
            b"\xff\xff\xff\xff\xff\xff\xff\xff\xff",
            b"\x1b\x13\x31",
        ] {
            assert_eq!(text(bytes), None, "{bytes:x?}");
        }
    }
}
