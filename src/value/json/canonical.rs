//! The text that PostgreSQL prints for a document once it is `jsonb`.

use std::mem;

use super::tape::{Node, Quoted, Span, Tape, parse_number};
use super::{FIELD_BYTES, JsonFault, check_grammar, escape};

// Source: PostgreSQL's src/include/utils/jsonb.h: JENTRY_OFFLENMASK, a header per container, an entry per key and value.
const HELD_BYTES: usize = 0x0fff_ffff;
const HEADER_BYTES: usize = 4;
const ENTRY_BYTES: usize = 4;

/// Appends to `out` exactly what PostgreSQL prints for this document as `jsonb`; returns how many duplicate keys it dropped.
///
/// Keys are ordered by length, then bytes; the last of equal keys stays. `out` is left as it was when there is a fault.
pub fn canonical(text: &str, scratch: &mut Canonicaliser, out: &mut Vec<u8>) -> Result<u64, JsonFault> {
    check_grammar(text)?;
    let before = out.len();
    let dropped = scratch.tape.read(text)?;
    scratch.print(text, out).inspect_err(|_| out.truncate(before))?;
    Ok(dropped)
}

/// The buffers of [`canonical`], kept from one document to the next.
#[derive(Debug, Default)]
pub struct Canonicaliser {
    tape: Tape,
    /// The containers around the place being printed, outermost first.
    printing: Vec<Printing>,
    digits: Vec<u8>,
}

/// A container of which `next` (a node, or a member of an object) up to `end` is still to be printed.
#[derive(Clone, Copy, Debug)]
struct Printing {
    is_object: bool,
    is_first: bool,
    next: u32,
    end: u32,
}

impl Canonicaliser {
    fn print(&mut self, text: &str, out: &mut Vec<u8>) -> Result<(), JsonFault> {
        let text = text.as_bytes();
        let out_limit = out.len() + FIELD_BYTES;
        self.printing.clear();
        let mut held_bytes = self.print_value(text, 0, out)?;
        if self.printing.is_empty() {
            // A document without a container is kept in an array of one.
            held_bytes += HEADER_BYTES + ENTRY_BYTES;
        }
        while out.len() <= out_limit
            && held_bytes <= HELD_BYTES
            && let Some(around) = self.printing.last_mut()
        {
            if around.next == around.end {
                out.push(if around.is_object { b'}' } else { b']' });
                self.printing.pop();
                continue;
            }
            if !mem::take(&mut around.is_first) {
                out.extend_from_slice(b", ");
            }
            let (value, key_bytes) = print_step(&self.tape, text, around, out);
            held_bytes += key_bytes + ENTRY_BYTES + self.print_value(text, value, out)?;
        }
        match (out.len() <= out_limit, held_bytes <= HELD_BYTES) {
            (true, true) => Ok(()),
            (_, false) => Err(JsonFault::DocumentTooLarge),
            (false, true) => Err(JsonFault::TextTooLong),
        }
    }

    /// Prints a value whole, or the beginning of a container; returns how many bytes `jsonb` holds for it at least.
    fn print_value(&mut self, text: &[u8], value: u32, out: &mut Vec<u8>) -> Result<usize, JsonFault> {
        let held_bytes = match self.tape.nodes[value as usize] {
            Node::Verbatim(word) => {
                out.extend_from_slice(&text[word.range()]);
                0
            }
            Node::Number(word) => {
                parse_number(&text[word.range()], &mut self.digits)?.write_text(out);
                0
            }
            Node::String(quoted) => print_string(&self.tape, text, quoted, out),
            Node::Array { end } => {
                out.push(b'[');
                self.printing.push(Printing { is_object: false, is_first: true, next: value + 1, end });
                HEADER_BYTES
            }
            Node::Object { members, .. } => {
                out.push(b'{');
                let Span { start: next, end } = members;
                self.printing.push(Printing { is_object: true, is_first: true, next, end });
                HEADER_BYTES
            }
        };
        Ok(held_bytes)
    }
}

/// Moves past the next element or member, printing its key; returns its value and the bytes `jsonb` holds for the key.
fn print_step(tape: &Tape, text: &[u8], around: &mut Printing, out: &mut Vec<u8>) -> (u32, usize) {
    let next = around.next;
    if !around.is_object {
        around.next = match tape.nodes[next as usize] {
            Node::Array { end } | Node::Object { end, .. } => end,
            _ => next + 1,
        };
        return (next, 0);
    }
    around.next += 1;
    let member = tape.members[next as usize];
    let key_bytes = print_string(tape, text, member.key, out);
    out.extend_from_slice(b": ");
    (member.value, key_bytes + ENTRY_BYTES)
}

/// Prints a string or key; returns its length decoded.
fn print_string(tape: &Tape, text: &[u8], quoted: Quoted, out: &mut Vec<u8>) -> usize {
    let decoded = tape.bytes(text, quoted);
    match quoted {
        // With its quotes.
        Quoted::Plain(inside) => out.extend_from_slice(&text[inside.range().start - 1..=inside.range().end]),
        Quoted::Decoded(_) => escape::write_string(decoded, out),
    }
    decoded.len()
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::collection::vec;
    use proptest::prelude::*;

    fn printed(text: &str) -> Result<String, JsonFault> {
        let mut out = Vec::new();
        canonical(text, &mut Canonicaliser::default(), &mut out)?;
        Ok(String::from_utf8(out).unwrap())
    }

    fn dropped(text: &str) -> Result<u64, JsonFault> {
        canonical(text, &mut Canonicaliser::default(), &mut Vec::new())
    }

    fn document() -> impl Strategy<Value = String> {
        let number = "-?(0|[1-9][0-9]{0,3})(\\.[0-9]{1,3})?(e-?[0-9])?";
        let leaf = prop_oneof![number, "\"[ab]{0,2}(\\\\u00[01]1)?\"", Just("null".to_owned())];
        leaf.prop_recursive(4, 40, 5, |inner| {
            let member = ("[ab]{0,2}", inner.clone()).prop_map(|(key, value)| format!("\"{key}\":{value}"));
            prop_oneof![
                vec(inner, 0..5).prop_map(|items| format!("[{}]", items.join(","))),
                vec(member, 0..5).prop_map(|members| format!("{{{}}}", members.join(","))),
            ]
        })
    }

    #[test]
    fn blanks_become_those_of_jsonb() {
        assert_eq!(printed(" {\"a\" :[1 ,2],\n\"b\":{}} ").as_deref(), Ok(r#"{"a": [1, 2], "b": {}}"#));
        assert_eq!(printed("[ [ ] , null,true ]").as_deref(), Ok("[[], null, true]"));
        assert_eq!(printed("\t\"a, b\"\n").as_deref(), Ok("\"a, b\""));
    }

    #[test]
    fn keys_are_ordered_by_length_then_bytes() {
        let text = r#"{"aa":1,"b":2,"é":3,"":4,"B":5,"a\u00e9":6}"#;
        assert_eq!(printed(text).as_deref(), Ok(r#"{"": 4, "B": 5, "b": 2, "aa": 1, "é": 3, "aé": 6}"#));
    }

    #[test]
    fn a_duplicate_key_keeps_its_last_value() {
        let text = r#"{"a":1,"b":{"x":1,"x":[2]},"\u0061":2,"a":{"z":3}}"#;
        assert_eq!(printed(text).as_deref(), Ok(r#"{"a": {"z": 3}, "b": {"x": [2]}}"#));
        assert_eq!(dropped(text), Ok(3));
    }

    #[test]
    fn strings_are_escaped_as_jsonb_escapes_them() {
        let text = r#""\u0041\/\u0022\u000a\u001F\u007f\ud83d\ude00""#;
        assert_eq!(printed(text).as_deref(), Ok("\"A/\\\"\\n\\u001f\u{7f}😀\""));
    }

    #[test]
    fn numbers_print_as_numeric() {
        let text = "[1e5,1.0,1.5e1,-0,-0.00,-0e3,100e-2,-1.20e-2,12345678901234567890]";
        let expected = "[100000, 1.0, 15, 0, 0.00, 0, 1.00, -0.0120, 12345678901234567890]";
        assert_eq!(printed(text).as_deref(), Ok(expected));
        assert_eq!(printed("1e400"), Ok("1".to_owned() + &"0".repeat(400)));
    }

    #[test]
    fn what_jsonb_cannot_hold_is_a_fault_even_under_a_dropped_key() {
        assert_eq!(printed(r#"{"a":"\u0000","a":1}"#), Err(JsonFault::NulEscape));
        assert_eq!(printed(r#"{"\ud83d":1}"#), Err(JsonFault::LoneSurrogate));
        assert_eq!(printed(r#"{"a":1e131072,"a":1}"#), Err(JsonFault::NumberRange));
        assert_eq!(printed("1e-16384"), Err(JsonFault::NumberRange));
        assert_eq!(printed(&format!("0.{}", "0".repeat(16_384))), Err(JsonFault::NumberRange));
        assert_eq!(printed("[1,]"), Err(JsonFault::NotJson));
        assert_eq!(printed(" "), Err(JsonFault::Empty));
    }

    #[test]
    fn a_fault_leaves_the_output_and_the_buffers_fit_for_use() {
        let mut scratch = Canonicaliser::default();
        let mut out = b"before ".to_vec();
        let fault = canonical(r#"{"a":[{"b":"\u0000"}]}"#, &mut scratch, &mut out);
        assert_eq!(fault, Err(JsonFault::NulEscape));
        assert_eq!(canonical(r#""after""#, &mut scratch, &mut out), Ok(0));
        assert_eq!(out, br#"before "after""#);
    }

    #[test]
    fn depth_costs_no_stack() {
        let arrays = "[".repeat(100_000) + &"]".repeat(100_000);
        assert_eq!(printed(&arrays).as_ref(), Ok(&arrays));
        let objects = r#"{"b":1,"a":"#.repeat(50_000) + "0" + &"}".repeat(50_000);
        let expected = r#"{"a": "#.repeat(50_000) + "0" + &r#", "b": 1}"#.repeat(50_000);
        assert_eq!(printed(&objects), Ok(expected));
    }

    #[test]
    fn a_wide_object_is_sorted_whole() {
        let member = |number: u32| format!("\"{number:06}\":{number}");
        let backwards: Vec<_> = (0..100_000).rev().map(member).collect();
        let forwards: Vec<_> = (0..100_000).map(member).collect();
        let expected = format!("{{{}}}", forwards.join(", ").replace("\":", "\": "));
        assert_eq!(printed(&format!("{{{}}}", backwards.join(","))), Ok(expected));
    }

    proptest! {
        #[test]
        fn printing_twice_changes_nothing(text in document()) {
            let once = printed(&text).unwrap();
            prop_assert_eq!(dropped(&once), Ok(0));
            prop_assert_eq!(printed(&once), Ok(once));
        }

        #[test]
        fn any_string_survives(text in "\\PC{0,40}") {
            let quoted = serde_json::to_string(&text).unwrap();
            let once = printed(&quoted).unwrap();
            prop_assert_eq!(serde_json::from_str::<String>(&once).unwrap(), text);
        }
    }
}
