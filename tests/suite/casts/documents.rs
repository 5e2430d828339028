//! JSON kept as it was written, and JSON kept by its meaning.

use super::{column, exact, null, reject, rule, warned};

const NOT_JSON: &str = "not JSON";
const EMPTY: &str = "empty text, which is no JSON document";
const MARK: &str = "json: byte order mark dropped";
const ESCAPE: &str = "json: holds \\u0000 or half a surrogate pair, kept";
const FROM_INTEGER: &str = "json: number from an integer";
const FROM_REAL: &str = "json: number from a real";
const DUPLICATE: &str = "json: duplicate key, last wins";
const NO_BINARY: &str = "bytes that are no binary JSON of SQLite";
const BINARY: &str = "json: text of SQLite's binary JSON";

/// What Python, JavaScript and people write for JSON.
const BROKEN: [&str; 9] = [
    "'NaN'",
    "'{\"a\": Infinity}'",
    "'-Infinity'",
    "'{''a'': 1}'",
    "'[1, 2,]'",
    "'{\"a\": 1,}'",
    "'None'",
    "'[1] // one'",
    "'{\"a\": 1'",
];

#[test]
fn json_keeps_its_text_byte_for_byte() {
    let deep = format!("{}{}", "[".repeat(7000), "]".repeat(7000));
    let mut cases = vec![
        null(),
        exact("'null'", "null"),
        exact("' { \"b\" : 1,' || char(10) || '\"a\":1.0 } '", " { \"b\" : 1,\n\"a\":1.0 } "),
        exact("'{\"a\":1,\"a\":2}'", "{\"a\":1,\"a\":2}"),
        exact("'12345678901234567890'", "12345678901234567890"),
        exact("'1e400'", "1e400"),
        exact("'1e999999'", "1e999999"),
        exact("'\"é 👩 \\u00e9 \\ud83d\\ude00\"'", "\"é 👩 \\u00e9 \\ud83d\\ude00\""),
        exact(format!("'{deep}'"), deep),
        warned("'{\"a\":\"\\u0000\"}'", "{\"a\":\"\\u0000\"}", ESCAPE),
        warned("'[\"\\ud800\"]'", "[\"\\ud800\"]", ESCAPE),
        warned("'[\"\\ude00\\ud83d\"]'", "[\"\\ude00\\ud83d\"]", ESCAPE),
        exact("'[\"\\\\u0000\"]'", "[\"\\\\u0000\"]"),
        rule("cast(x'efbbbf' as text) || '[1]'", "[1]", MARK),
        // The mark is dropped, so the value changes: a warning alone would say that it was kept.
        rule("cast(x'efbbbf' as text) || '[\"\\u0000\"]'", "[\"\\u0000\"]", MARK),
        rule("7", "7", FROM_INTEGER),
        rule("0.5", "0.5", FROM_REAL),
        rule("1e300", "1e300", FROM_REAL),
        reject("9e999", "an infinite real"),
        reject("''", EMPTY),
        reject("'  '", EMPTY),
        reject("cast(x'efbbbf' as text)", EMPTY),
        reject("cast(x'ff' as text)", "text that is not UTF-8"),
        reject("cast(x'5b005d' as text)", "text that holds a NUL character"),
        rule(
            "jsonb('{\"a\": [1, 2.50, \"é\\n\", null, true, false, {}]}')",
            "{\"a\":[1,2.50,\"é\\n\",null,true,false,{}]}",
            BINARY,
        ),
        rule(
            "jsonb('[0x1F, .5, 5., +1, \"\\u0041\", ''\\x41\\v'']')",
            "[31,0.5,5.0,1,\"\\u0041\",\"\\u0041\\u000b\"]",
            BINARY,
        ),
        rule(
            "jsonb('[\"' || replace(hex(zeroblob(40000)), '00', 'x') || '\"]')",
            format!("[\"{}\"]", "x".repeat(40_000)),
            BINARY,
        ),
        // A text in a BLOB is no binary document.
        reject("x'5b5d'", NO_BINARY),
        reject("x''", NO_BINARY),
    ];
    cases.extend(BROKEN.map(|text| reject(text, NOT_JSON)));
    column("json").holds(&cases);
}

#[test]
fn jsonb_keeps_the_meaning_and_refuses_what_it_cannot_hold() {
    let deep = format!("{}{}", "[".repeat(7000), "]".repeat(7000));
    let mut cases = vec![
        null(),
        exact("'null'", "null"),
        exact("'{\"bb\":1,\"a\":[true,false,{}]}'", "{\"a\": [true, false, {}], \"bb\": 1}"),
        exact("'12345678901234567890'", "12345678901234567890"),
        exact("'[1.0, 1.50, -0.0, 1e2]'", "[1.0, 1.50, 0.0, 100]"),
        exact("'1e400'", format!("1{}", "0".repeat(400))),
        exact("'\"\\u00e9\\ud83d\\ude00\\/\"'", "\"é😀/\""),
        exact(format!("'{deep}'"), deep),
        rule("'{\"a\":1,\"a\":2}'", "{\"a\": 2}", DUPLICATE),
        rule("'[{\"a\":1,\"\\u0061\":{\"b\":1}}]'", "[{\"a\": {\"b\": 1}}]", DUPLICATE),
        rule("cast(x'efbbbf' as text) || '[1]'", "[1]", MARK),
        // Of two changes the one that loses something must be told.
        rule("cast(x'efbbbf' as text) || '{\"a\":1,\"a\":2}'", "{\"a\": 2}", DUPLICATE),
        rule("7", "7", FROM_INTEGER),
        rule("0.5", "0.5", FROM_REAL),
        reject("9e999", "an infinite real"),
        reject("'1e131072'", "a number beyond the range of numeric"),
        reject("'{\"a\":\"\\u0000\"}'", "an escape \\u0000, which jsonb cannot hold"),
        reject("'{\"\\u0000\":1}'", "an escape \\u0000, which jsonb cannot hold"),
        reject("'[\"\\ud800\"]'", "half a surrogate pair, which jsonb cannot hold"),
        reject("''", EMPTY),
        reject("'  '", EMPTY),
        reject("cast(x'ff' as text)", "text that is not UTF-8"),
        rule("jsonb('{\"bb\": 1, \"a\": [1.50, \"\\u00e9\"]}')", "{\"a\": [1.50, \"é\"], \"bb\": 1}", BINARY),
        rule("jsonb('{\"a\": 1, \"a\": 2}')", "{\"a\": 2}", DUPLICATE),
        reject("jsonb('[\"\\u0000\"]')", "an escape \\u0000, which jsonb cannot hold"),
        reject("x'5b5d'", NO_BINARY),
    ];
    cases.extend(BROKEN.map(|text| reject(text, NOT_JSON)));
    column("jsonb").holds(&cases);
}
