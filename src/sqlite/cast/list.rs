//! Casts to lists: a JSON array, each of whose elements is cast as a value of its own.

use rusqlite::types::ValueRef;
use serde_json::value::RawValue;

use super::mend::readable;
use super::{Cast, Scratch, cast, no_rule, unfit};
use crate::schema::LogicalType;
use crate::value::Cell;
use crate::value::list::Element;
use crate::value::reading::Reading;
use crate::value::rule::{Reason, Rule};

const STRANGE: &str = "a list with an element that is not of its type";

pub(super) fn list<'r>(
    value: ValueRef<'_>,
    element: &LogicalType,
    reading: &Reading,
    scratch: &'r mut Scratch,
) -> Cast<'r> {
    let ValueRef::Text(bytes) = value else { return no_rule(value) };
    let (text, mended) = readable(bytes, reading.allowed, &mut scratch.mended)?;
    let Ok(parts) = serde_json::from_str::<Vec<&RawValue>>(text) else {
        return unfit("text that is no JSON array");
    };
    scratch.list.clear();
    let (mut own, mut applied) = (Scratch::default(), Rule::graver(mended, Some(Rule::ArrayFromJson)));
    for part in parts {
        let (kept, rule) = one(part.get(), element, reading, &mut own)?;
        scratch.list.push(kept);
        applied = Rule::graver(applied, rule);
    }
    Ok((Cell::Array(&scratch.list), applied))
}

fn one(
    text: &str,
    element: &LogicalType,
    reading: &Reading,
    scratch: &mut Scratch,
) -> Result<(Element, Option<Rule>), Reason> {
    use LogicalType as T;
    let decoded;
    let value = match (text.as_bytes().first(), element) {
        (Some(b'n'), _) => return Ok((Element::Null, None)),
        (Some(b't' | b'f'), T::Boolean) => return Ok((Element::Bool(text == "true"), None)),
        (Some(b'"'), element) if is_written_as_text(element) => {
            decoded =
                serde_json::from_str::<String>(text).map_err(|_| Reason::Unfit("a list with half a surrogate pair"))?;
            ValueRef::Text(decoded.as_bytes())
        }
        (Some(b'-' | b'0'..=b'9'), T::Real | T::Double | T::Numeric(_)) => ValueRef::Text(text.as_bytes()),
        (Some(b'-' | b'0'..=b'9'), T::Boolean | T::SmallInt | T::Int | T::BigInt | T::Epoch(_)) => number(text)?,
        _ => return Err(Reason::Unfit(STRANGE)),
    };
    let (cell, rule) = cast(element, value, reading, scratch)?;
    Element::keep(&cell).map(|kept| (kept, rule)).ok_or(Reason::Unfit(STRANGE))
}

fn is_written_as_text(element: &LogicalType) -> bool {
    use LogicalType as T;
    element.is_text()
        || matches!(element, T::Numeric(_) | T::Date | T::Time(_) | T::Timestamp(_) | T::TimestampTz(_) | T::Uuid)
}

fn number(text: &str) -> Result<ValueRef<'static>, Reason> {
    let whole = text.parse().map(ValueRef::Integer);
    whole.or_else(|_| text.parse().map(ValueRef::Real)).map_err(|_| Reason::Unfit(STRANGE))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(text: &str, element: LogicalType) -> Result<(Vec<Element>, Rule), Reason> {
        let mut scratch = Scratch::default();
        let (cell, rule) = list(ValueRef::Text(text.as_bytes()), &element, &Reading::default(), &mut scratch)?;
        let Cell::Array(elements) = cell else { panic!("{cell:?} is no list") };
        Ok((elements.to_vec(), rule.expect("a list is written in another form")))
    }

    #[test]
    fn an_element_is_cast_as_a_value_of_its_own() {
        let texts = read(r#"["a", null, "\"b\u00e9"]"#, LogicalType::Text);
        let expected = vec![Element::Text("a".into()), Element::Null, Element::Text("\"bé".into())];
        assert_eq!(texts, Ok((expected, Rule::ArrayFromJson)));
        assert_eq!(read("[]", LogicalType::Uuid), Ok((Vec::new(), Rule::ArrayFromJson)));
        assert_eq!(
            read("[true, 0]", LogicalType::Boolean).map(|read| read.0),
            Ok(vec![Element::Bool(true), Element::Bool(false)])
        );
    }

    #[test]
    fn a_decimal_element_never_passes_through_a_float() {
        let (elements, _) = read("[12345678901234567890.10]", LogicalType::Numeric(None)).expect("it is a list");
        let expected =
            Element::Decimal { negative: false, digits: b"123456789012345678901".to_vec(), exponent: -1, scale: 2 };
        assert_eq!(elements, [expected]);
    }

    #[test]
    fn what_an_element_loses_is_the_list_s_own_rule() {
        assert_eq!(read("[1, 0.1]", LogicalType::Real).map(|read| read.1), Ok(Rule::RealRounded));
        let seconds = LogicalType::Epoch(crate::value::time::EpochUnit::Seconds);
        assert_eq!(read("[1700000000, 1700000000000]", seconds).map(|read| read.1), Ok(Rule::EpochRescaled));
    }

    #[test]
    fn an_element_of_another_type_sets_the_row_aside() {
        for (text, element) in [
            (r#"["1"]"#, LogicalType::Int),
            ("[1]", LogicalType::Text),
            ("[[1]]", LogicalType::Int),
            ("[1.5]", LogicalType::Int),
            ("[9223372036854775808]", LogicalType::BigInt),
            (r#"["61"]"#, LogicalType::Bytes),
            ("{\"a\": 1}", LogicalType::Int),
            ("{1,2}", LogicalType::Int),
        ] {
            assert!(matches!(read(text, element), Err(Reason::Unfit(_))), "{text}");
        }
    }
}
