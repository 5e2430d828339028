//! Text, bytes, identifiers and labels.

use super::{Target, column, exact, null, reject, rule};

const FROM_INTEGER: &str = "text: from an integer";
const FROM_REAL: &str = "text: from a real's shortest decimal";
const TOO_LONG: &str = "text longer than the column";
const PADDED: &str = "text: padded with blanks";
const NUL: &str = "text that holds a NUL character";
const NOT_UTF8: &str = "text that is not UTF-8";
const NO_BLOB: &str = "no cast rule for a BLOB";
const NO_LABEL: &str = "text that is none of the type's labels";

#[test]
fn text_is_kept_character_for_character() {
    column("text").holds(&[
        null(),
        exact("''", ""),
        exact("'null'", "null"),
        exact("'007'", "007"),
        exact("'  a  '", "  a  "),
        exact("'a' || char(13, 10, 9) || 'b\\n\\.'", "a\r\n\tb\\n\\."),
        exact("'Łódź 日本 👩‍👩‍👧 é'", "Łódź 日本 👩‍👩‍👧 é"),
        exact("cast(x'efbbbf61' as text)", "\u{feff}a"),
        exact("char(65533)", "\u{fffd}"),
        rule("7", "7", FROM_INTEGER),
        rule("-9223372036854775808", "-9223372036854775808", FROM_INTEGER),
        rule("2.5", "2.5", FROM_REAL),
        rule("1.0", "1.0", FROM_REAL),
        rule("-0.0", "-0.0", FROM_REAL),
        rule("0.1 + 0.2", "0.30000000000000004", FROM_REAL),
        rule("1e308", "1e308", FROM_REAL),
        rule("9e999", "Infinity", FROM_REAL),
        reject("x'61'", NO_BLOB),
        reject("x'ff'", NO_BLOB),
        reject("x''", NO_BLOB),
        reject("cast(x'610062' as text)", NUL),
        reject("cast(x'00' as text)", NUL),
        reject("cast(x'ff' as text)", NOT_UTF8),
        reject("cast(x'eda080' as text)", NOT_UTF8),
        reject("cast(x'c0af' as text)", NOT_UTF8),
    ]);
}

#[test]
fn a_bounded_text_is_measured_in_characters_and_never_cut() {
    column("varchar(3)").holds(&[
        null(),
        exact("''", ""),
        exact("'abc'", "abc"),
        exact("'äöü'", "äöü"),
        exact("'👩👩👩'", "👩👩👩"),
        rule("123", "123", FROM_INTEGER),
        rule("1.5", "1.5", FROM_REAL),
        reject("'abcd'", TOO_LONG),
        // PostgreSQL itself cuts blanks at the end without a word.
        reject("'abc '", TOO_LONG),
        reject("'äöüß'", TOO_LONG),
        reject("1234", TOO_LONG),
        reject("-1.5", TOO_LONG),
        reject("cast(x'6100' as text)", NUL),
        reject("x'61'", NO_BLOB),
    ]);
}

#[test]
fn a_padded_text_says_that_it_was_padded() {
    // PostgreSQL's own text of a `char(n)` leaves the blanks out: the bytes show them.
    Target { before: "", column: "char(4)", shown: "convert_from(bpcharsend(v), 'UTF8')" }.holds(&[
        null(),
        exact("'abcd'", "abcd"),
        exact("'äöüß'", "äöüß"),
        exact("'abc '", "abc "),
        rule("1234", "1234", FROM_INTEGER),
        rule("''", "    ", PADDED),
        rule("'ä'", "ä   ", PADDED),
        reject("'abcde'", TOO_LONG),
        reject("'abcd '", TOO_LONG),
        reject("cast(x'00' as text)", NUL),
        reject("x'61'", NO_BLOB),
    ]);
}

#[test]
fn bytes_stay_bytes_and_text_becomes_its_own_bytes() {
    let of_text = "bytes: the UTF-8 of a text";
    column("bytea").holds(&[
        null(),
        exact("x''", "\\x"),
        exact("x'00'", "\\x00"),
        exact("x'ff00fe'", "\\xff00fe"),
        rule("''", "\\x", of_text),
        rule("'é'", "\\xc3a9", of_text),
        // Base64, hex and PostgreSQL's own escapes are text like any other.
        rule("'YWJj'", "\\x59574a6a", of_text),
        rule("'\\x41'", "\\x5c783431", of_text),
        rule("cast(x'ff00' as text)", "\\xff00", of_text),
        rule("12", "\\x3132", "bytes: the text of an integer"),
        rule("1.5", "\\x312e35", "bytes: the text of a real"),
    ]);
}

#[test]
fn an_identifier_is_read_in_its_usual_forms_only() {
    const SHOWN: &str = "01234567-89ab-cdef-0123-456789abcdef";
    let from_text = "uuid: from text";
    let mut cases = vec![
        null(),
        rule("'01234567-89ab-cdef-0123-456789abcdef'", SHOWN, from_text),
        rule("'01234567-89AB-CDEF-0123-456789ABCDEF'", SHOWN, from_text),
        rule("'{01234567-89ab-cdef-0123-456789abcdef}'", SHOWN, from_text),
        rule("'0123456789abcdef0123456789abcdef'", SHOWN, from_text),
        rule("'{0123456789ABCDEF0123456789abcdef}'", SHOWN, from_text),
        rule("x'0123456789abcdef0123456789abcdef'", SHOWN, "uuid: from 16 bytes"),
        reject("x''", "bytes that are not 16"),
        reject("x'0123456789abcdef0123456789abcd'", "bytes that are not 16"),
        reject("1", "no cast rule for an INTEGER"),
        reject("1.5", "no cast rule for a REAL"),
    ];
    for text in [
        "''",
        "'0123456789abcdef0123456789abcde'",
        "'01234567-89ab-cdef-0123-456789abcdeg'",
        "'0123-456789ab-cdef-0123-456789abcdef'",
        "' 01234567-89ab-cdef-0123-456789abcdef'",
        "'urn:uuid:01234567-89ab-cdef-0123-456789abcdef'",
    ] {
        cases.push(reject(text, "text that is no uuid"));
    }
    column("uuid").holds(&cases);
}

#[test]
fn a_label_is_one_of_the_list() {
    Target { before: "create type mood as enum ('sad', 'ok', 'très bien', '')", column: "mood", shown: "v::text" }
        .holds(&[
            null(),
            exact("'sad'", "sad"),
            exact("'très bien'", "très bien"),
            exact("''", ""),
            reject("'Sad'", NO_LABEL),
            reject("'sad '", NO_LABEL),
            reject("cast(x'ff' as text)", NOT_UTF8),
            reject("1", "no cast rule for an INTEGER"),
            reject("1.5", "no cast rule for a REAL"),
            reject("x'736164'", NO_BLOB),
        ]);
}

#[test]
fn a_domain_casts_as_its_base_type_and_keeps_its_own_conditions() {
    let before = "create domain code as varchar(5) constraint not_bad check (value <> 'bad')";
    Target { before, column: "code", shown: "v::text" }.holds(&[
        null(),
        exact("'abcde'", "abcde"),
        exact("'äöüßé'", "äöüßé"),
        rule("12345", "12345", FROM_INTEGER),
        reject("'abcdef'", TOO_LONG),
        reject("123456", TOO_LONG),
        reject("x'61'", NO_BLOB),
        reject("'bad'", "refused by the server: constraint not_bad (23514)"),
    ]);
}
