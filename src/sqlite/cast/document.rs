//! Casts to JSON: kept as written, or by its meaning.

use rusqlite::types::ValueRef;

use super::text::number_text;
use super::{Cast, Scratch, by, no_rule, unfit, utf8};
use crate::value::Cell;
use crate::value::json;
use crate::value::rule::{Reason, Rule};

const BYTE_ORDER_MARK: &[u8] = "\u{feff}".as_bytes();

/// The text of a document without a byte order mark, with the rule when there was one.
fn document(bytes: &[u8]) -> Result<(&str, Option<Rule>), Reason> {
    match bytes.strip_prefix(BYTE_ORDER_MARK) {
        Some(rest) => Ok((utf8(rest)?, Some(Rule::JsonByteOrderMark))),
        None => Ok((utf8(bytes)?, None)),
    }
}

fn json_number<'r>(value: ValueRef<'_>, scratch: &'r mut Scratch) -> Cast<'r> {
    match value {
        ValueRef::Integer(_) => by(Rule::JsonFromInteger, Cell::Json(number_text(value, scratch))),
        ValueRef::Real(number) if number.is_finite() => by(Rule::JsonFromReal, Cell::Json(number_text(value, scratch))),
        ValueRef::Real(_) => unfit("an infinite real"),
        other => no_rule(other),
    }
}

pub(super) fn json_text<'r>(value: ValueRef<'r>, scratch: &'r mut Scratch) -> Cast<'r> {
    let ValueRef::Text(bytes) = value else { return json_number(value, scratch) };
    let (text, rule) = document(bytes)?;
    match json::validate(text) {
        Ok(escapes) => {
            // A value has one rule: the one that changes it goes before the one that warns.
            let warning = (escapes.nul || escapes.lone_surrogate).then_some(Rule::JsonUnreadableEscape);
            Ok((Cell::Json(text), rule.or(warning)))
        }
        Err(fault) => unfit(fault.name()),
    }
}

pub(super) fn jsonb<'r>(value: ValueRef<'r>, scratch: &'r mut Scratch) -> Cast<'r> {
    let ((text, rule), own);
    match value {
        ValueRef::Text(bytes) => (text, rule) = document(bytes)?,
        _ => {
            let mut number = Scratch::default();
            let (_, applied) = json_number(value, &mut number)?;
            own = number.bytes;
            (text, rule) = (std::str::from_utf8(&own).unwrap_or_default(), applied);
        }
    }
    scratch.bytes.clear();
    match json::canonical(text, &mut scratch.canonicaliser, &mut scratch.bytes) {
        Ok(duplicates) => {
            let canonical = std::str::from_utf8(&scratch.bytes).unwrap_or_default();
            // A value has one rule: the one that loses something goes before the one that does not.
            Ok((Cell::Json(canonical), (duplicates > 0).then_some(Rule::JsonDuplicateKey).or(rule)))
        }
        Err(fault) => unfit(fault.name()),
    }
}
