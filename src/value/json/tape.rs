//! A document as a tape of values, so that sorting members moves no text and depth costs no stack.

use std::cmp::Ordering;
use std::mem;

use memchr::memchr2;

use super::escape;
use super::{FIELD_BYTES, JsonFault, is_blank};
use crate::value::decimal::Decimal;

// Source: PostgreSQL's src/include/utils/jsonb.h, JENTRY_OFFLENMASK.
const STRING_BYTES: usize = 0x0fff_ffff;
// Seen: PostgreSQL doubles the room for elements (32 bytes) and members (72 bytes) up to 1 GB, well before JB_CMASK.
const ARRAY_ELEMENTS: u32 = 1 << 24;
const OBJECT_MEMBERS: u32 = 1 << 23;
/// A number without an exponent and no longer than this is surely within the limits of `numeric`.
const PLAIN_NUMBER_BYTES: usize = 16_383;

/// One document: its values in the order of the text, and the members of its objects in the order of `jsonb`.
#[derive(Debug, Default)]
pub(super) struct Tape {
    /// Values, each container before what it holds.
    pub(super) nodes: Vec<Node>,
    /// Members, each object's together.
    pub(super) members: Vec<Member>,
    /// Strings that had escapes, decoded.
    decoded: Vec<u8>,
    /// The containers around the place being read, outermost first.
    open: Vec<Open>,
    /// Members of the objects in `open`, innermost last.
    unsorted: Vec<Member>,
    /// A key whose value comes next.
    key: Option<Quoted>,
    digits: Vec<u8>,
}

/// A stretch of a text or of a list, half open.
#[derive(Clone, Copy, Debug)]
pub(super) struct Span {
    pub(super) start: u32,
    pub(super) end: u32,
}

/// The inside of a string, decoded.
#[derive(Clone, Copy, Debug)]
pub(super) enum Quoted {
    /// As it stands in the document.
    Plain(Span),
    /// In the tape's `decoded`.
    Decoded(Span),
}

/// One value.
#[derive(Clone, Copy, Debug)]
pub(super) enum Node {
    /// A literal or a number printed as it stands in the document.
    Verbatim(Span),
    /// A number that `numeric` prints otherwise.
    Number(Span),
    String(Quoted),
    /// An array whose nodes follow, up to `end`.
    Array {
        end: u32,
    },
    /// An object whose values follow, up to `end`.
    Object {
        members: Span,
        end: u32,
    },
}

/// A key and the place of its value on the tape.
#[derive(Clone, Copy, Debug)]
pub(super) struct Member {
    pub(super) key: Quoted,
    pub(super) value: u32,
}

/// A container that is being read.
#[derive(Clone, Copy, Debug)]
struct Open {
    node: u32,
    is_object: bool,
    /// Elements or members so far.
    count: u32,
}

impl Tape {
    /// Reads a valid document onto the tape.
    pub(super) fn read(&mut self, text: &str) -> Result<u64, JsonFault> {
        self.clear();
        let text = text.as_bytes();
        let mut dropped = 0;
        let mut at = 0;
        while let Some(&byte) = text.get(at) {
            at = match byte {
                b'"' => self.read_string(text, at + 1)?,
                b'[' => self.open(Node::Array { end: 0 }, at)?,
                b'{' => self.open(Node::Object { members: span(0, 0), end: 0 }, at)?,
                b']' | b'}' => {
                    dropped += self.close(text);
                    at + 1
                }
                // The grammar is checked already, so these part values and mean no more.
                b',' | b':' => at + 1,
                blank if is_blank(blank) => at + 1,
                _ => self.read_word(text, at)?,
            };
        }
        Ok(dropped)
    }

    fn clear(&mut self) {
        self.nodes.clear();
        self.members.clear();
        self.decoded.clear();
        self.open.clear();
        self.unsorted.clear();
        self.key = None;
    }

    /// Reads a key or a string whose inside begins at `start`.
    fn read_string(&mut self, text: &[u8], start: usize) -> Result<usize, JsonFault> {
        let (end, has_escapes) = find_string_end(text, start);
        let quoted = if has_escapes {
            let decoded_start = self.decoded.len();
            escape::decode(&text[start..end], &mut self.decoded)?;
            Quoted::Decoded(span(decoded_start, self.decoded.len()))
        } else {
            Quoted::Plain(span(start, end))
        };
        if quoted.span().len() > STRING_BYTES {
            return Err(JsonFault::StringTooLong);
        }
        if self.key.is_none() && self.open.last().is_some_and(|open| open.is_object) {
            self.key = Some(quoted);
        } else {
            self.add(Node::String(quoted))?;
        }
        Ok(end + 1)
    }

    /// Reads a number or a literal.
    fn read_word(&mut self, text: &[u8], start: usize) -> Result<usize, JsonFault> {
        let is_end = |byte: &u8| matches!(byte, b',' | b']' | b'}') || is_blank(*byte);
        let end = text[start..].iter().position(is_end).map_or(text.len(), |length| start + length);
        let word = &text[start..end];
        let node = if is_verbatim(word) {
            Node::Verbatim(span(start, end))
        } else {
            parse_number(word, &mut self.digits)?;
            Node::Number(span(start, end))
        };
        self.add(node)?;
        Ok(end)
    }

    fn open(&mut self, node: Node, at: usize) -> Result<usize, JsonFault> {
        let is_object = matches!(node, Node::Object { .. });
        let node = self.add(node)?;
        self.open.push(Open { node, is_object, count: 0 });
        Ok(at + 1)
    }

    /// Puts a value on the tape, under the key that came before it.
    fn add(&mut self, node: Node) -> Result<u32, JsonFault> {
        let value = offset(self.nodes.len());
        if let Some(around) = self.open.last_mut() {
            around.count += 1;
            if around.count > if around.is_object { OBJECT_MEMBERS } else { ARRAY_ELEMENTS } {
                return Err(JsonFault::TooManyElements);
            }
        }
        if let Some(key) = self.key.take() {
            self.unsorted.push(Member { key, value });
        }
        self.nodes.push(node);
        Ok(value)
    }

    /// Ends the innermost container; returns how many of its keys were dropped.
    fn close(&mut self, text: &[u8]) -> u64 {
        let Some(closed) = self.open.pop() else {
            return 0;
        };
        let end = offset(self.nodes.len());
        let node = closed.node as usize;
        if !closed.is_object {
            self.nodes[node] = Node::Array { end };
            return 0;
        }
        let first = self.unsorted.len() - closed.count as usize;
        let members = self.keep_members(text, first);
        self.nodes[node] = Node::Object { members, end };
        (closed.count as usize - members.len()) as u64
    }

    /// Sorts the members from `first` on, those of one object, and keeps the last of each key.
    fn keep_members(&mut self, text: &[u8], first: usize) -> Span {
        let mut unsorted = mem::take(&mut self.unsorted);
        let of_object = &mut unsorted[first..];
        of_object
            .sort_unstable_by(|member, other| self.key_order(text, member, other).then(member.value.cmp(&other.value)));
        let start = self.members.len();
        for (index, member) in of_object.iter().enumerate() {
            let next = of_object.get(index + 1);
            if next.is_none_or(|next| self.key_order(text, member, next).is_ne()) {
                self.members.push(*member);
            }
        }
        unsorted.truncate(first);
        self.unsorted = unsorted;
        span(start, self.members.len())
    }

    // Source: PostgreSQL's src/backend/utils/adt/jsonb_util.c, lengthCompareJsonbString.
    fn key_order(&self, text: &[u8], member: &Member, other: &Member) -> Ordering {
        let by_length = member.key.span().len().cmp(&other.key.span().len());
        by_length.then_with(|| self.bytes(text, member.key).cmp(self.bytes(text, other.key)))
    }

    /// What a key or string says.
    pub(super) fn bytes<'t>(&'t self, text: &'t [u8], quoted: Quoted) -> &'t [u8] {
        match quoted {
            Quoted::Plain(span) => &text[span.range()],
            Quoted::Decoded(span) => &self.decoded[span.range()],
        }
    }
}

impl Span {
    /// How many bytes or entries it holds.
    pub(super) fn len(self) -> usize {
        (self.end - self.start) as usize
    }

    /// The same as a range of places.
    pub(super) fn range(self) -> std::ops::Range<usize> {
        self.start as usize..self.end as usize
    }
}

impl Quoted {
    fn span(self) -> Span {
        match self {
            Self::Plain(span) | Self::Decoded(span) => span,
        }
    }
}

fn span(start: usize, end: usize) -> Span {
    Span { start: offset(start), end: offset(end) }
}

/// A place in a text of at most [`FIELD_BYTES`], or in a buffer that has no more entries than such a text has bytes.
fn offset(at: usize) -> u32 {
    debug_assert!(at <= FIELD_BYTES);
    at as u32
}

/// Where the string whose inside begins at `start` ends, and whether it has escapes.
fn find_string_end(text: &[u8], start: usize) -> (usize, bool) {
    let mut has_escapes = false;
    let mut at = start;
    while let Some(step) = memchr2(b'"', b'\\', &text[at..]) {
        if text[at + step] == b'"' {
            return (at + step, has_escapes);
        }
        has_escapes = true;
        at += step + 2;
    }
    (text.len(), has_escapes)
}

/// Whether a literal or number is printed as it stands: it has no exponent, is short, and is no minus zero.
fn is_verbatim(word: &[u8]) -> bool {
    let is_literal = word[0].is_ascii_alphabetic();
    let is_negative_zero = word[0] == b'-' && word[1..].iter().all(|byte| matches!(byte, b'0' | b'.'));
    let has_exponent = word.iter().any(|byte| matches!(byte, b'e' | b'E'));
    is_literal || !is_negative_zero && !has_exponent && word.len() <= PLAIN_NUMBER_BYTES
}

/// Reads a number of a valid document; a fault when it is beyond `numeric`.
pub(super) fn parse_number<'r>(word: &[u8], scratch: &'r mut Vec<u8>) -> Result<Decimal<'r>, JsonFault> {
    let text = str::from_utf8(word).map_err(|_| JsonFault::NotJson)?;
    Decimal::parse(text, scratch).ok_or(JsonFault::NumberRange)
}
