//! Casts to JSON: kept as written, or by its meaning.

use std::borrow::Cow;

use rusqlite::types::ValueRef;

use super::mend::readable;
use super::text::write_number;
use super::{Cast, Scratch, by, no_rule, unfit};
use crate::value::Cell;
use crate::value::json::{self, JsonFault};
use crate::value::relax::Relaxations;
use crate::value::rule::{Reason, Rule};

const BYTE_ORDER_MARK: char = '\u{feff}';

/// The text of a document as it is stored, with the rule when it is written in another form for that.
fn document<'r>(
    value: ValueRef<'r>,
    allowed: Relaxations,
    mended: &'r mut Vec<u8>,
) -> Result<(&'r str, Option<Rule>), Reason> {
    let rule = match value {
        ValueRef::Text(bytes) => {
            let (text, rule) = readable(bytes, allowed, mended)?;
            return Ok(match text.strip_prefix(BYTE_ORDER_MARK) {
                Some(rest) => (rest, Rule::graver(rule, Some(Rule::JsonByteOrderMark))),
                None => (text, rule),
            });
        }
        ValueRef::Integer(_) => Rule::JsonFromInteger,
        ValueRef::Real(number) if number.is_finite() => Rule::JsonFromReal,
        ValueRef::Real(_) => return Err(Reason::Unfit("an infinite real")),
        ValueRef::Blob(bytes) => {
            mended.clear();
            let text = json::write_binary(bytes, mended).and_then(|()| std::str::from_utf8(mended).ok());
            let text = text.ok_or(Reason::Unfit("bytes that are no binary JSON of SQLite"))?;
            return Ok((text, Some(Rule::JsonFromBinary)));
        }
        ValueRef::Null => return no_rule(value).map(|_| ("null", None)),
    };
    write_number(value, mended);
    Ok((std::str::from_utf8(mended).unwrap_or_default(), Some(rule)))
}

/// Whether a document has to be looked at again before it can be taken as it is.
fn asks_for_repair(text: &str, allowed: Relaxations) -> bool {
    allowed.nested && text.trim_start().starts_with('"')
}

/// Repairs a document as far as that is allowed; `None` when nothing was done.
#[cold]
fn repair(text: &str, allowed: Relaxations) -> Option<(String, Rule)> {
    let (mut text, mut applied) = (Cow::Borrowed(text), None);
    let mut take = |repaired: Option<String>, rule: Rule, text: &mut Cow<'_, str>| {
        if let Some(repaired) = repaired {
            *text = Cow::Owned(repaired);
            applied = Rule::graver(applied, Some(rule));
        }
    };
    if allowed.nan && json::validate(&text) == Err(JsonFault::NotJson) {
        take(json::nan_to_null(&text), Rule::JsonNanToNull, &mut text);
    }
    if asks_for_repair(&text, allowed) {
        take(json::opened(&text), Rule::JsonOpened, &mut text);
    }
    if let (Some(mend), Ok(_)) = (allowed.json_escapes, json::validate(&text)) {
        let rule = mend.rule(Rule::JsonEscapesStripped, Rule::JsonEscapesReplaced);
        take(json::mend_escapes(&text, mend), rule, &mut text);
    }
    applied.map(|rule| (text.into_owned(), rule))
}

/// What becomes of a document that is none: NULL for an empty one where that is allowed.
fn refused(fault: JsonFault, allowed: Relaxations) -> Cast<'static> {
    match fault {
        JsonFault::Empty if allowed.empty => by(Rule::EmptyToNull, Cell::Null),
        fault => unfit(fault.name()),
    }
}

pub(super) fn json_text<'r>(value: ValueRef<'r>, allowed: Relaxations, scratch: &'r mut Scratch) -> Cast<'r> {
    let Scratch { bytes, mended, warning, .. } = scratch;
    let (mut text, mut rule) = document(value, allowed, mended)?;
    let mut checked = json::validate(text);
    let troublesome = checked.is_ok_and(|escapes| escapes.nul || escapes.lone_surrogate);
    if (checked.is_err() || troublesome || asks_for_repair(text, allowed))
        && let Some((repaired, repair)) = repair(text, allowed)
    {
        bytes.clear();
        bytes.extend_from_slice(repaired.as_bytes());
        text = std::str::from_utf8(bytes).unwrap_or_default();
        rule = Rule::graver(Some(repair), rule);
        checked = json::validate(text);
    }
    match checked {
        Ok(escapes) => {
            let troublesome = (escapes.nul || escapes.lone_surrogate).then_some(Rule::JsonUnreadableEscape);
            if rule.is_some() {
                *warning = troublesome;
            }
            Ok((Cell::Json(text), rule.or(troublesome)))
        }
        Err(fault) => refused(fault, allowed),
    }
}

pub(super) fn jsonb<'r>(value: ValueRef<'r>, allowed: Relaxations, scratch: &'r mut Scratch) -> Cast<'r> {
    let Scratch { bytes, mended, canonicaliser, .. } = scratch;
    let (text, mut rule) = document(value, allowed, mended)?;
    bytes.clear();
    let mut written = json::canonical(text, canonicaliser, bytes);
    if (written.is_err() || asks_for_repair(text, allowed))
        && let Some((repaired, repair)) = repair(text, allowed)
    {
        bytes.clear();
        rule = Rule::graver(Some(repair), rule);
        written = json::canonical(&repaired, canonicaliser, bytes);
    }
    match written {
        Ok(duplicates) => {
            let duplicate = (duplicates > 0).then_some(Rule::JsonDuplicateKey);
            Ok((Cell::Json(std::str::from_utf8(bytes).unwrap_or_default()), Rule::graver(rule, duplicate)))
        }
        Err(fault) => refused(fault, allowed),
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;
    use crate::value::json::{Canonicaliser, canonical};
    use crate::value::relax::Mend;

    const ALL: Relaxations = Relaxations {
        nonzero: true,
        nul: Some(Mend::Strip),
        utf8: Some(Mend::Strip),
        json_escapes: Some(Mend::Replace('?')),
        empty: true,
        nan: true,
        ns: true,
        nested: true,
    };

    fn read(text: &str, allowed: Relaxations) -> Result<(String, Option<Rule>), Reason> {
        let mut scratch = Scratch::default();
        json_text(ValueRef::Text(text.as_bytes()), allowed, &mut scratch).map(|(cell, rule)| match cell {
            Cell::Json(text) => (text.to_owned(), rule),
            other => (format!("{other:?}"), rule),
        })
    }

    #[test]
    fn the_gravest_of_several_repairs_is_the_value_s_rule() {
        let nested = r#""[NaN, \"\\u0000\"]""#;
        assert_eq!(read(nested, ALL), Ok((nested.into(), None)), "what a string holds must be a document itself");
        let nested = r#""[1, \"\\u0000\"]""#;
        assert_eq!(read(nested, ALL), Ok((r#"[1, "?"]"#.into(), Some(Rule::JsonEscapesReplaced))));
        assert_eq!(read("[NaN]", ALL), Ok(("[null]".into(), Some(Rule::JsonNanToNull))));
        assert_eq!(read("[NaN, None]", ALL), Err(Reason::Unfit("not JSON")));
        assert_eq!(read(" ", ALL), Ok(("Null".into(), Some(Rule::EmptyToNull))));
    }

    /// What SQLite itself makes of a binary document; `None` when it refuses it.
    fn read_by_sqlite(connection: &rusqlite::Connection, bytes: &[u8]) -> Option<String> {
        let sql = "select case when json_valid(?1, 8) then json(?1) end";
        connection.query_row(sql, [bytes], |row| row.get(0)).ok().flatten()
    }

    fn read_binary(bytes: &[u8]) -> Option<String> {
        let mut scratch = Scratch::default();
        match json_text(ValueRef::Blob(bytes), Relaxations::default(), &mut scratch) {
            Ok((Cell::Json(text), Some(_))) => Some(text.to_owned()),
            _ => None,
        }
    }

    /// The canonical form, in which one character has one spelling.
    fn meaning(text: &str) -> Result<Vec<u8>, JsonFault> {
        let mut out = Vec::new();
        canonical(text, &mut Canonicaliser::default(), &mut out).map(|_| out)
    }

    fn document_text() -> impl Strategy<Value = String> {
        let number = prop_oneof![
            any::<i64>().prop_map(|number| number.to_string()),
            any::<f64>().prop_filter_map("finite", |number| number.is_finite().then(|| format!("{number:e}"))),
            Just("0x1F".to_owned()),
            Just("-.5".to_owned()),
            Just("+7.".to_owned()),
        ];
        let text = "[a-z\"\\\\é\n\u{1}👩]{0,40}".prop_map(|text| serde_json::Value::from(text).to_string());
        let loose = prop_oneof![Just("'\\x41\\v\\''".to_owned()), Just("\"\\u0041\\/\"".to_owned())];
        let word = prop_oneof![Just("null"), Just("true"), Just("false")].prop_map(str::to_owned);
        let leaf = prop_oneof![number, text.clone(), loose, word];
        leaf.prop_recursive(5, 40, 5, move |inner| {
            let member = (text.clone(), inner.clone()).prop_map(|(key, value)| format!("{key}:{value}"));
            prop_oneof![
                proptest::collection::vec(inner, 0..5).prop_map(|parts| format!("[{}]", parts.join(","))),
                proptest::collection::vec(member, 0..5).prop_map(|parts| format!("{{{}}}", parts.join(","))),
            ]
        })
    }

    proptest! {
        #[test]
        fn a_binary_document_is_read_as_sqlite_reads_it(text in document_text()) {
            let connection = rusqlite::Connection::open_in_memory().expect("memory is there");
            let bytes: Vec<u8> = connection.query_row("select jsonb(?1)", [&text], |row| row.get(0)).expect("it is JSON5");
            prop_assert_eq!(read_binary(&bytes), read_by_sqlite(&connection, &bytes));
        }

        #[test]
        fn a_damaged_binary_document_is_refused_or_means_what_it_does_to_sqlite(
            text in document_text(), at in any::<proptest::sample::Index>(), byte in any::<u8>()
        ) {
            let connection = rusqlite::Connection::open_in_memory().expect("memory is there");
            let mut bytes: Vec<u8> =
                connection.query_row("select jsonb(?1)", [&text], |row| row.get(0)).expect("it is JSON5");
            let at = at.index(bytes.len());
            bytes[at] = byte;
            if let Some(read) = read_binary(&bytes) {
                let by_sqlite = read_by_sqlite(&connection, &bytes);
                let same = by_sqlite.as_deref().is_some_and(|by_sqlite| by_sqlite == read || meaning(by_sqlite) == meaning(&read));
                prop_assert!(same, "{:x?}: {} and {:?}", bytes, read, by_sqlite);
            }
        }
    }

    #[test]
    fn without_leave_nothing_is_repaired() {
        let none = Relaxations::default();
        assert_eq!(read("[NaN]", none), Err(Reason::Unfit("not JSON")));
        assert_eq!(read(r#""\\u0000""#, none).map(|read| read.1), Ok(None));
        assert_eq!(read(r#""\u0000""#, none).map(|read| read.1), Ok(Some(Rule::JsonUnreadableEscape)));
        assert_eq!(read(r#""{}""#, none).map(|read| read.1), Ok(None));
    }
}
