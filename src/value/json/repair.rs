//! Repairs of documents that a person allowed: what is no JSON, or no text that PostgreSQL can hold, is put right.

use super::check_grammar;
use super::escape::{UNIT_BYTES, read};
use crate::value::relax::Mend;

/// What Python and JavaScript write for numbers that JSON does not have; the longest first.
const NO_NUMBERS: [&str; 3] = ["-Infinity", "Infinity", "NaN"];

/// The text with `null` for NaN and infinite numbers outside of strings; `None` when there are none.
pub fn nan_to_null(text: &str) -> Option<String> {
    let mut mended = String::with_capacity(text.len());
    let (mut rest, mut found) = (text, false);
    while let Some(at) = rest.find(['"', '-', 'I', 'N']) {
        mended.push_str(&rest[..at]);
        rest = &rest[at..];
        let (kept, passed) = match NO_NUMBERS.iter().find(|word| rest.starts_with(**word)) {
            Some(word) => ("null", word.len()),
            None => {
                let end = if rest.starts_with('"') { string_end(rest) } else { 1 };
                (&rest[..end], end)
            }
        };
        found |= kept == "null";
        mended.push_str(kept);
        rest = &rest[passed..];
    }
    mended.push_str(rest);
    found.then_some(mended)
}

/// Where a string ends that begins a text: after its closing quote, or with the text.
fn string_end(text: &str) -> usize {
    let mut bytes = text.bytes().enumerate().skip(1);
    while let Some((at, byte)) = bytes.next() {
        match byte {
            b'"' => return at + 1,
            b'\\' => {
                bytes.next();
            }
            _ => {}
        }
    }
    text.len()
}

/// A valid document without `\u0000` and halves of surrogate pairs; `None` when it has none of them.
pub fn mend_escapes(text: &str, mend: Mend) -> Option<String> {
    let mut mended = String::with_capacity(text.len());
    let (mut copied, mut at, mut found) = (0, 0, false);
    while let Some(step) = memchr::memchr(b'\\', &text.as_bytes()[at..]) {
        at += step;
        if let Ok((_, next)) = read(text.as_bytes(), at) {
            at = next;
            continue;
        }
        found = true;
        mended.push_str(&text[copied..at]);
        if let Mend::Replace(with) = mend {
            push_character(with, &mut mended);
        }
        at = text.len().min(at + UNIT_BYTES);
        copied = at;
    }
    mended.push_str(&text[copied..]);
    found.then_some(mended)
}

fn push_character(character: char, out: &mut String) {
    match character {
        '\0'..='\u{1f}' | '"' | '\\' => out.push_str(&format!("\\u{:04x}", u32::from(character))),
        _ => out.push(character),
    }
}

/// The object or list that a document holds as a string; `None` when it is no such string.
pub fn opened(text: &str) -> Option<String> {
    let inside: String = serde_json::from_str(text).ok()?;
    let holds_more = inside.trim_start().starts_with(['{', '[']);
    (holds_more && check_grammar(&inside).is_ok()).then_some(inside)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_no_number_becomes_null_outside_of_strings() {
        let text = r#"{"NaN": [NaN, -Infinity, Infinity, -1, "Infinity \" NaN"]}"#;
        let expected = r#"{"NaN": [null, null, null, -1, "Infinity \" NaN"]}"#;
        assert_eq!(nan_to_null(text).as_deref(), Some(expected));
        assert_eq!(nan_to_null("NaN").as_deref(), Some("null"));
        assert_eq!(nan_to_null("[None, Nan, -1]"), None);
        assert_eq!(nan_to_null("\"NaN"), None);
    }

    #[test]
    fn an_escape_that_is_no_character_is_left_out_or_replaced() {
        let text = r#"["a\u0000b", "\ud83d\ude00\ud800\n", "\\u0000"]"#;
        let stripped = r#"["ab", "\ud83d\ude00\n", "\\u0000"]"#;
        assert_eq!(mend_escapes(text, Mend::Strip).as_deref(), Some(stripped));
        let replaced = r#"["a?b", "\ud83d\ude00?\n", "\\u0000"]"#;
        assert_eq!(mend_escapes(text, Mend::Replace('?')).as_deref(), Some(replaced));
        assert_eq!(mend_escapes(r#""\u0000""#, Mend::Replace('"')).as_deref(), Some(r#""\u0022""#));
        assert_eq!(mend_escapes(r#"["\u00e9"]"#, Mend::Strip), None);
    }

    #[test]
    fn a_string_is_opened_when_it_holds_a_document() {
        assert_eq!(opened(r#" "{\"a\": 1}" "#).as_deref(), Some(r#"{"a": 1}"#));
        assert_eq!(opened(r#""[1, 2""#), None);
        assert_eq!(opened(r#""1""#), None);
        assert_eq!(opened(r#"{"a": "[]"}"#), None);
    }
}
