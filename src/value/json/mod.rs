//! JSON as PostgreSQL takes it: what `json` accepts, and what `jsonb` prints for it.

mod binary;
mod canonical;
mod escape;
mod repair;
mod tape;

use std::fmt;

use serde_json::value::RawValue;

pub use binary::write_binary;
pub use canonical::{Canonicaliser, canonical};
pub use repair::{mend_escapes, nan_to_null, opened};

/// The longest value that PostgreSQL can take or print: 1 GB less one byte, and less some room for headers.
// Source: src/include/utils/memutils.h, MaxAllocSize.
const FIELD_BYTES: usize = 0x3fff_ff00;

/// Why PostgreSQL would refuse a document as `json` or as `jsonb`.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum JsonFault {
    /// Nothing but blanks, if anything.
    Empty,
    /// Not one document of RFC 8259.
    NotJson,
    /// An escape `\u0000`, for `jsonb` only.
    NulEscape,
    /// Half of a surrogate pair, for `jsonb` only.
    LoneSurrogate,
    /// A number beyond the range of `numeric`, for `jsonb` only.
    NumberRange,
    /// A key or string of more than 268435455 bytes, for `jsonb` only.
    StringTooLong,
    /// More than 16777216 elements in one array or 8388608 members in one object, for `jsonb` only.
    TooManyElements,
    /// More than 268435455 bytes as `jsonb` holds them, for `jsonb` only; the bytes of numbers are not counted.
    DocumentTooLarge,
    /// More text than one field holds, before or after printing it as `jsonb`.
    TextTooLong,
}

impl JsonFault {
    /// The reason in a few words, to go into a sentence or a column.
    pub fn name(self) -> &'static str {
        match self {
            Self::Empty => "empty text, which is no JSON document",
            Self::NotJson => "not JSON",
            Self::NulEscape => "an escape \\u0000, which jsonb cannot hold",
            Self::LoneSurrogate => "half a surrogate pair, which jsonb cannot hold",
            Self::NumberRange => "a number beyond the range of numeric",
            Self::StringTooLong => "a string longer than jsonb can hold",
            Self::TooManyElements => "more elements than jsonb can hold",
            Self::DocumentTooLarge => "a document larger than jsonb can hold",
            Self::TextTooLong => "more text than PostgreSQL can hold in a field",
        }
    }
}

impl fmt::Display for JsonFault {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        out.write_str(self.name())
    }
}

impl std::error::Error for JsonFault {}

/// Escapes that a `json` column stores and PostgreSQL's functions fail on later.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct JsonEscapes {
    /// Whether there is a `\u0000`.
    pub nul: bool,
    /// Whether there is half of a surrogate pair.
    pub lone_surrogate: bool,
}

/// Checks that text is one document as the `json` type accepts it, and tells which troublesome escapes it holds.
///
/// Depth is not limited here; PostgreSQL's own limit follows from `max_stack_depth`.
pub fn validate(text: &str) -> Result<JsonEscapes, JsonFault> {
    check_grammar(text)?;
    Ok(escape::find_troublesome(text.as_bytes()))
}

/// How many containers are open at once in a document; it is not checked.
pub fn depth(text: &[u8]) -> usize {
    let (mut open, mut most) = (0_usize, 0);
    let (mut is_in_string, mut is_escaped) = (false, false);
    for byte in text {
        match (is_in_string, byte) {
            (true, _) if is_escaped => is_escaped = false,
            (true, b'\\') => is_escaped = true,
            (_, b'"') => is_in_string = !is_in_string,
            (false, b'[' | b'{') => {
                open += 1;
                most = most.max(open);
            }
            (false, b']' | b'}') => open = open.saturating_sub(1),
            _ => {}
        }
    }
    most
}

fn check_grammar(text: &str) -> Result<(), JsonFault> {
    if text.len() > FIELD_BYTES {
        return Err(JsonFault::TextTooLong);
    }
    match serde_json::from_str::<&RawValue>(text) {
        Ok(_) => Ok(()),
        Err(_) if text.bytes().all(is_blank) => Err(JsonFault::Empty),
        Err(_) => Err(JsonFault::NotJson),
    }
}

/// Whether this byte is white space to JSON.
fn is_blank(byte: u8) -> bool {
    matches!(byte, b' ' | b'\t' | b'\n' | b'\r')
}

#[cfg(test)]
mod tests {
    use super::*;

    const CLEAN: JsonEscapes = JsonEscapes { nul: false, lone_surrogate: false };

    #[test]
    fn documents_of_every_kind_are_accepted() {
        let documents = [
            "null",
            " true\n",
            "-0.0e-7",
            "1e400",
            "12345678901234567890",
            r#""""#,
            "[]",
            "{}",
            r#"{"a":[{}],"a":1}"#,
            "\"\u{7f}\u{2028}é😀\"",
        ];
        for document in documents {
            assert_eq!(validate(document), Ok(CLEAN), "{document}");
        }
    }

    #[test]
    fn what_python_and_people_write_is_not_json() {
        let broken = [
            "NaN",
            "Infinity",
            "-Infinity",
            "{'a':1}",
            "[1,]",
            r#"{"a":1,}"#,
            "01",
            "1.",
            ".5",
            "+1",
            "1e",
            "[1 2]",
            "{\"a\"}",
            "\"a",
            "\"\t\"",
            r#""\x""#,
            r#""\u12g4""#,
            "tru",
            "1 2",
            "\u{feff}1",
            "\u{a0}1",
            "[",
            "]",
        ];
        for document in broken {
            assert_eq!(validate(document), Err(JsonFault::NotJson), "{document}");
        }
    }

    #[test]
    fn blank_text_is_empty_rather_than_broken() {
        assert_eq!(validate(""), Err(JsonFault::Empty));
        assert_eq!(validate(" \t\r\n"), Err(JsonFault::Empty));
    }

    #[test]
    fn troublesome_escapes_are_accepted_and_told() {
        let nul = JsonEscapes { nul: true, ..CLEAN };
        let lone = JsonEscapes { lone_surrogate: true, ..CLEAN };
        assert_eq!(validate(r#"["a\u0000b"]"#), Ok(nul));
        assert_eq!(validate(r#"{"\ud83d":1}"#), Ok(lone));
        assert_eq!(validate(r#""\uDE00""#), Ok(lone));
        assert_eq!(validate(r#""\ud83d\ud83d\ude00""#), Ok(lone));
        assert_eq!(validate(r#""\ud83d \ude00""#), Ok(lone));
        assert_eq!(validate(r#"["\u0000","\ud83d"]"#), Ok(JsonEscapes { nul: true, lone_surrogate: true }));
    }

    #[test]
    fn escapes_that_only_look_troublesome_are_clean() {
        assert_eq!(validate(r#""\\u0000 \\ud83d \\\\u0000""#), Ok(CLEAN));
        assert_eq!(validate(r#""\ud83d\ude00\u0001\n""#), Ok(CLEAN));
    }

    #[test]
    fn depth_is_no_matter() {
        let deep = "[".repeat(100_000) + &"]".repeat(100_000);
        assert_eq!(validate(&deep), Ok(CLEAN));
        assert_eq!(depth(deep.as_bytes()), 100_000);
        assert_eq!(depth(br#"{"a[[[\"[{": [1, {"b": []}], "c": []}"#), 4);
    }
}
