//! Text that both engines can hold: as it is stored, or repaired where that is allowed.

use crate::value::relax::{Mend, Relaxations, reason};
use crate::value::rule::{Reason, Rule};

/// The text of these bytes, with the rule when it had to be repaired.
pub(super) fn readable<'r>(
    bytes: &'r [u8],
    allowed: Relaxations,
    mended: &'r mut Vec<u8>,
) -> Result<(&'r str, Option<Rule>), Reason> {
    let holds_nul = memchr::memchr(0, bytes).is_some();
    match simdutf8::basic::from_utf8(bytes) {
        Ok(text) if !holds_nul => Ok((text, None)),
        found => repair(bytes, found.is_ok(), holds_nul, allowed, mended),
    }
}

#[cold]
fn repair<'r>(
    bytes: &[u8],
    is_utf8: bool,
    holds_nul: bool,
    allowed: Relaxations,
    mended: &'r mut Vec<u8>,
) -> Result<(&'r str, Option<Rule>), Reason> {
    const NOT_UTF8: Reason = Reason::Unfit(reason::NOT_UTF8);
    const NUL: Reason = Reason::Unfit(reason::NUL);
    let utf8 = if is_utf8 { None } else { Some(allowed.utf8.ok_or(NOT_UTF8)?) };
    let nul = if holds_nul { Some(allowed.nul.ok_or(NUL)?) } else { None };
    mended.clear();
    for chunk in bytes.utf8_chunks() {
        match nul {
            Some(mend) => mend_nul(chunk.valid(), mend, mended),
            None => mended.extend_from_slice(chunk.valid().as_bytes()),
        }
        if let (Some(Mend::Replace(with)), false) = (utf8, chunk.invalid().is_empty()) {
            push(with, mended);
        }
    }
    let utf8 = utf8.map(|mend| mend.rule(Rule::TextUtf8Stripped, Rule::TextUtf8Replaced));
    let nul = nul.map(|mend| mend.rule(Rule::TextNulStripped, Rule::TextNulReplaced));
    let text = std::str::from_utf8(mended).map_err(|_| NOT_UTF8)?;
    Ok((text, Rule::graver(utf8, nul)))
}

fn mend_nul(text: &str, mend: Mend, out: &mut Vec<u8>) {
    for (at, part) in text.split('\0').enumerate() {
        if let (Mend::Replace(with), 1..) = (mend, at) {
            push(with, out);
        }
        out.extend_from_slice(part.as_bytes());
    }
}

fn push(character: char, out: &mut Vec<u8>) {
    out.extend_from_slice(character.encode_utf8(&mut [0; 4]).as_bytes());
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(bytes: &[u8], allowed: Relaxations) -> Result<(String, Option<Rule>), Reason> {
        let mut mended = Vec::new();
        readable(bytes, allowed, &mut mended).map(|(text, rule)| (text.to_owned(), rule))
    }

    #[test]
    fn nothing_is_repaired_unless_it_is_allowed() {
        let none = Relaxations::default();
        assert_eq!(read("é".as_bytes(), none), Ok(("é".into(), None)));
        assert_eq!(read(b"a\0", none), Err(Reason::Unfit("text that holds a NUL character")));
        let nul = Relaxations { nul: Some(Mend::Strip), ..none };
        assert_eq!(read(b"\xff\0", nul), Err(Reason::Unfit("text that is not UTF-8")));
        assert_eq!(read(b"\0a\0\0b\0", nul), Ok(("ab".into(), Some(Rule::TextNulStripped))));
    }

    #[test]
    fn each_broken_sequence_has_one_stand_in() {
        let replace = Some(Mend::Replace('?'));
        let both = Relaxations { nul: replace, utf8: replace, ..Relaxations::default() };
        assert_eq!(read(b"a\xff\0b\xe2\x82", both), Ok(("a??b?".into(), Some(Rule::TextUtf8Replaced))));
        assert_eq!(read(b"a\0b", both), Ok(("a?b".into(), Some(Rule::TextNulReplaced))));
        let strip = Relaxations { utf8: Some(Mend::Strip), ..Relaxations::default() };
        assert_eq!(read(b"\xed\xa0\x80a", strip), Ok(("a".into(), Some(Rule::TextUtf8Stripped))));
    }
}
