//! Casts to lists: a JSON array, each of whose elements is cast as a value of its own.

use rusqlite::types::ValueRef;
use serde_json::value::RawValue;

use super::mend::readable;
use super::{Cast, Scratch, cast, no_rule, unfit};
use crate::schema::LogicalType;
use crate::value::Cell;
use crate::value::decimal::Decimal;
use crate::value::list::Element;
use crate::value::reading::Reading;
use crate::value::rule::{Reason, Rule};

const STRANGE: &str = "a list with an element that is not of its type";
const NOT_WHOLE: &str = "a list with a number that has a fraction, or is beyond 64 bits";

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
        scratch.warning = scratch.warning.or(own.take_warning());
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
        (Some(b'-' | b'0'..=b'9'), T::Boolean | T::SmallInt | T::Int | T::BigInt | T::Epoch(_)) => {
            number(text, element)?
        }
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

/// The integer that a JSON number is to its last digit; of an epoch number also the real that prints as it.
fn number(text: &str, element: &LogicalType) -> Result<ValueRef<'static>, Reason> {
    let (mut digits, mut digits_of_real) = (Vec::new(), Vec::new());
    let decimal = Decimal::parse(text, &mut digits).ok_or(Reason::Unfit(NOT_WHOLE))?;
    if let Some((whole, false)) = decimal.steps(0) {
        return Ok(ValueRef::Integer(whole));
    }
    let real: Option<f64> = text.parse().ok().filter(|_| matches!(element, LogicalType::Epoch(_)));
    let same = real.filter(|real| {
        let printed = Decimal::parse(&format!("{real:e}"), &mut digits_of_real);
        printed.is_some_and(|printed| Decimal { scale: decimal.scale, ..printed } == decimal)
    });
    same.map(ValueRef::Real).ok_or(Reason::Unfit(NOT_WHOLE))
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
    fn a_whole_element_never_passes_through_a_float() {
        let whole = |text, element| read(text, element).map(|read| read.0);
        let expected = Ok(vec![Element::Int(9_007_199_254_740_993), Element::Int(1_000)]);
        assert_eq!(whole("[9007199254740993.0, 1e3]", LogicalType::BigInt), expected);
        let set_aside = Err(Reason::Unfit(NOT_WHOLE));
        for (text, element) in [
            ("[0.99999999999999999999]", LogicalType::Int),
            ("[0.99999999999999999999]", LogicalType::Boolean),
            ("[9223372036854775807.5]", LogicalType::BigInt),
        ] {
            assert_eq!(whole(text, element), set_aside, "{text}");
        }
        let millis = || LogicalType::Epoch(crate::value::time::EpochUnit::Millis);
        assert_eq!(whole("[1700000000.250]", millis()), Ok(vec![Element::Int(1_700_000_000_250)]));
        assert_eq!(whole("[1700000000.1230000000000000001]", millis()), set_aside);
    }

    #[test]
    fn what_an_element_loses_is_the_list_s_own_rule() {
        assert_eq!(read("[1, 0.1]", LogicalType::Real).map(|read| read.1), Ok(Rule::RealRounded));
        let seconds = LogicalType::Epoch(crate::value::time::EpochUnit::Seconds);
        assert_eq!(read("[1700000000, 1700000000000]", seconds).map(|read| read.1), Ok(Rule::EpochRescaled));
    }

    #[test]
    fn a_fraction_below_one_shows_no_unit_and_a_small_element_is_warned_of() {
        let millis = || LogicalType::Epoch(crate::value::time::EpochUnit::Millis);
        assert!(matches!(read("[0.5]", millis()), Err(Reason::Unfit(_))));
        let mut scratch = Scratch::default();
        let reading = Reading::default();
        assert!(list(ValueRef::Text(b"[1700000000000, 5000, 0]"), &millis(), &reading, &mut scratch).is_ok());
        assert_eq!(scratch.take_warning(), Some(Rule::EpochSmall));
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
