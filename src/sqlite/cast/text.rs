//! Casts to text, labels, bytes and identifiers.

use rusqlite::types::ValueRef;

use super::mend::readable;
use super::{Cast, Scratch, by, exact, no_rule, unfit};
use crate::value::Cell;
use crate::value::relax::Relaxations;
use crate::value::rule::Rule;

pub(super) fn text<'r>(
    value: ValueRef<'r>,
    length: Option<u32>,
    allowed: Relaxations,
    scratch: &'r mut Scratch,
) -> Cast<'r> {
    let (text, rule) = match value {
        ValueRef::Text(bytes) => readable(bytes, allowed, &mut scratch.mended)?,
        ValueRef::Integer(_) => (number_text(value, scratch), Some(Rule::TextFromInteger)),
        ValueRef::Real(_) => (number_text(value, scratch), Some(Rule::TextFromReal)),
        other => return no_rule(other),
    };
    // Bytes are never fewer than characters: most values need no counting.
    if length.is_some_and(|length| text.len() > length as usize && text.chars().count() > length as usize) {
        return unfit("text longer than the column");
    }
    Ok((Cell::Text(text), rule))
}

/// A number as the shortest decimal text that reads back as the same number.
fn number_text<'r>(value: ValueRef<'_>, scratch: &'r mut Scratch) -> &'r str {
    write_number(value, &mut scratch.bytes);
    std::str::from_utf8(&scratch.bytes).unwrap_or_default()
}

/// Writes that text into a buffer, in place of what is there.
pub(super) fn write_number(value: ValueRef<'_>, out: &mut Vec<u8>) {
    use std::io::Write as _;
    out.clear();
    match value {
        ValueRef::Integer(number) => write!(out, "{number}").ok(),
        ValueRef::Real(number) if number.is_infinite() => {
            write!(out, "{}", if number > 0.0 { "Infinity" } else { "-Infinity" }).ok()
        }
        ValueRef::Real(number) => write!(out, "{number:?}").ok(),
        _ => None,
    };
}

pub(super) fn padded<'r>(value: ValueRef<'r>, length: u32, allowed: Relaxations, scratch: &'r mut Scratch) -> Cast<'r> {
    let mut own = Scratch::default();
    let (cell, rule) = text(value, Some(length), allowed, &mut own)?;
    let Cell::Text(found) = cell else { return no_rule(value) };
    let missing = (length as usize).saturating_sub(found.chars().count());
    let rule = rule.or((missing > 0).then_some(Rule::TextPadded));
    scratch.bytes.clear();
    scratch.bytes.extend_from_slice(found.as_bytes());
    scratch.bytes.resize(scratch.bytes.len() + missing, b' ');
    Ok((Cell::Text(std::str::from_utf8(&scratch.bytes).unwrap_or_default()), rule))
}

pub(super) fn uuid(value: ValueRef<'_>) -> Cast<'_> {
    match value {
        ValueRef::Text(text) => match uuid_digits(text) {
            Some(bytes) => by(Rule::UuidFromText, Cell::Uuid(bytes)),
            None => unfit("text that is no uuid"),
        },
        ValueRef::Blob(bytes) => match bytes.try_into() {
            Ok(bytes) => by(Rule::UuidFromBytes, Cell::Uuid(bytes)),
            Err(_) => unfit("bytes that are not 16"),
        },
        other => no_rule(other),
    }
}

/// Reads `8-4-4-4-12` hex digits or 32 of them, in braces or not.
fn uuid_digits(text: &[u8]) -> Option<[u8; 16]> {
    let inner = text.strip_prefix(b"{").and_then(|text| text.strip_suffix(b"}")).unwrap_or(text);
    let dashed = inner.len() == 36 && [8, 13, 18, 23].into_iter().all(|at| inner[at] == b'-');
    if !dashed && inner.len() != 32 {
        return None;
    }
    let mut digits = inner.iter().enumerate().filter(|(at, _)| !dashed || ![8, 13, 18, 23].contains(at));
    let mut digit = || digits.next().and_then(|(_, byte)| char::from(*byte).to_digit(16));
    let mut bytes = [0; 16];
    for byte in &mut bytes {
        *byte = u8::try_from(digit()? << 4 | digit()?).ok()?;
    }
    Some(bytes)
}

pub(super) fn bytes<'r>(value: ValueRef<'r>, scratch: &'r mut Scratch) -> Cast<'r> {
    match value {
        ValueRef::Blob(bytes) => exact(Cell::Bytes(bytes)),
        ValueRef::Text(bytes) => by(Rule::BytesFromText, Cell::Bytes(bytes)),
        ValueRef::Integer(_) => by(Rule::BytesFromInteger, Cell::Bytes(number_text(value, scratch).as_bytes())),
        ValueRef::Real(_) => by(Rule::BytesFromReal, Cell::Bytes(number_text(value, scratch).as_bytes())),
        ValueRef::Null => exact(Cell::Null),
    }
}

pub(super) fn label<'r>(
    value: ValueRef<'r>,
    labels: &[String],
    allowed: Relaxations,
    scratch: &'r mut Scratch,
) -> Cast<'r> {
    let ValueRef::Text(bytes) = value else { return no_rule(value) };
    match readable(bytes, allowed, &mut scratch.mended)? {
        (text, rule) if labels.iter().any(|label| label == text) => Ok((Cell::Text(text), rule)),
        _ => unfit("text that is none of the type's labels"),
    }
}
