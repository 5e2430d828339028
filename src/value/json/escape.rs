//! The escapes inside JSON strings: read, searched for trouble, and written as `jsonb` writes them.

use std::ops::RangeInclusive;

use memchr::memchr;

use super::{JsonEscapes, JsonFault};

const HIGH_SURROGATES: RangeInclusive<u32> = 0xd800..=0xdbff;
const LOW_SURROGATES: RangeInclusive<u32> = 0xdc00..=0xdfff;
/// The length of `\uXXXX`.
pub(super) const UNIT_BYTES: usize = 6;

/// Finds the escapes that PostgreSQL cannot decode in a document known to be valid.
pub(super) fn find_troublesome(text: &[u8]) -> JsonEscapes {
    let mut found = JsonEscapes::default();
    let mut at = 0;
    while let Some(step) = memchr(b'\\', &text[at..]) {
        at += step;
        at = match read(text, at) {
            Ok((_, next)) => next,
            Err(fault) => {
                found.nul |= fault == JsonFault::NulEscape;
                found.lone_surrogate |= fault == JsonFault::LoneSurrogate;
                text.len().min(at + UNIT_BYTES)
            }
        };
    }
    found
}

/// Decodes the inside of a valid string, appending it to `out`.
pub(super) fn decode(inside: &[u8], out: &mut Vec<u8>) -> Result<(), JsonFault> {
    let mut rest = 0;
    while let Some(step) = memchr(b'\\', &inside[rest..]) {
        out.extend_from_slice(&inside[rest..rest + step]);
        let (character, next) = read(inside, rest + step)?;
        out.extend_from_slice(character.encode_utf8(&mut [0; 4]).as_bytes());
        rest = next;
    }
    out.extend_from_slice(&inside[rest..]);
    Ok(())
}

/// Writes decoded text as a string with the escapes that `jsonb` prints.
// Source: PostgreSQL's src/backend/utils/adt/json.c, escape_json.
pub(super) fn write_string(decoded: &[u8], out: &mut Vec<u8>) {
    out.push(b'"');
    let mut rest = decoded;
    while let Some(at) = rest.iter().position(|&byte| is_escaped(byte)) {
        out.extend_from_slice(&rest[..at]);
        write_escape(rest[at], out);
        rest = &rest[at + 1..];
    }
    out.extend_from_slice(rest);
    out.push(b'"');
}

fn is_escaped(byte: u8) -> bool {
    matches!(byte, 0..=0x1f | b'"' | b'\\')
}

fn write_escape(byte: u8, out: &mut Vec<u8>) {
    const HEX: &[u8; 16] = b"0123456789abcdef";
    let short = match byte {
        0x08 => b'b',
        0x0c => b'f',
        b'\n' => b'n',
        b'\r' => b'r',
        b'\t' => b't',
        b'"' | b'\\' => byte,
        _ => {
            out.extend_from_slice(b"\\u00");
            out.extend([byte >> 4, byte & 0x0f].map(|half| HEX[usize::from(half)]));
            return;
        }
    };
    out.extend([b'\\', short]);
}

/// The character of the escape at `at`, and where the text goes on after it.
pub(super) fn read(text: &[u8], at: usize) -> Result<(char, usize), JsonFault> {
    let character = match text.get(at + 1) {
        Some(b'u') => return read_unicode(text, at),
        Some(b'b') => '\u{8}',
        Some(b'f') => '\u{c}',
        Some(b'n') => '\n',
        Some(b'r') => '\r',
        Some(b't') => '\t',
        Some(&same @ (b'"' | b'\\' | b'/')) => char::from(same),
        _ => return Err(JsonFault::NotJson),
    };
    Ok((character, at + 2))
}

fn read_unicode(text: &[u8], at: usize) -> Result<(char, usize), JsonFault> {
    let next = at + UNIT_BYTES;
    let first = read_unit(text, at).ok_or(JsonFault::NotJson)?;
    if first == 0 {
        return Err(JsonFault::NulEscape);
    }
    if !HIGH_SURROGATES.contains(&first) {
        // Only a low surrogate on its own is no character.
        return char::from_u32(first).map(|character| (character, next)).ok_or(JsonFault::LoneSurrogate);
    }
    read_unit(text, next)
        .filter(|second| LOW_SURROGATES.contains(second))
        .and_then(|second| char::from_u32(0x1_0000 + ((first & 0x3ff) << 10) + (second & 0x3ff)))
        .map(|character| (character, next + UNIT_BYTES))
        .ok_or(JsonFault::LoneSurrogate)
}

/// The sixteen bits of a `\uXXXX` at `at`.
fn read_unit(text: &[u8], at: usize) -> Option<u32> {
    let hex = text.get(at..at + UNIT_BYTES)?.strip_prefix(b"\\u")?;
    hex.iter().try_fold(0, |unit, &digit| Some(unit << 4 | char::from(digit).to_digit(16)?))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn decoded(inside: &str) -> Result<String, JsonFault> {
        let mut out = Vec::new();
        decode(inside.as_bytes(), &mut out)?;
        Ok(String::from_utf8(out).unwrap())
    }

    fn written(decoded: &str) -> String {
        let mut out = Vec::new();
        write_string(decoded.as_bytes(), &mut out);
        String::from_utf8(out).unwrap()
    }

    #[test]
    fn every_escape_is_decoded() {
        assert_eq!(decoded(r#"\"\\\/\b\f\n\r\t"#).as_deref(), Ok("\"\\/\u{8}\u{c}\n\r\t"));
        assert_eq!(decoded(r"a\u00e9\u20AC\ud83d\uDE00z").as_deref(), Ok("aé€😀z"));
        assert_eq!(decoded(r"\uffff\u007f").as_deref(), Ok("\u{ffff}\u{7f}"));
    }

    #[test]
    fn half_a_pair_is_found_wherever_it_stands() {
        for inside in [r"\ud83d", r"\ud83dx", r"\ud83d\n", r"\ud83d\u0041", r"\ud83d\\ude00", r"\ude00\ud83d"] {
            assert_eq!(decoded(inside), Err(JsonFault::LoneSurrogate), "{inside}");
        }
    }

    #[test]
    fn only_quotes_backslashes_and_controls_are_escaped() {
        assert_eq!(written("\"\\/\u{8}\u{c}\n\r\t"), r#""\"\\/\b\f\n\r\t""#);
        assert_eq!(written("a\u{1}\u{1f}b"), r#""a\u0001\u001fb""#);
        assert_eq!(written("\u{7f}\u{80}\u{2028}é😀"), "\"\u{7f}\u{80}\u{2028}é😀\"");
        assert_eq!(written(""), "\"\"");
    }
}
