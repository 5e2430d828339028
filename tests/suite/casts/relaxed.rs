//! What is allowed by name: each value then has a form, each is counted by a rule, and the verification agrees.

use super::{Case, Target, column, exact, null, reject, rule, warned};

const EMPTY: &str = "empty text becomes NULL";
const ZERO_DATE: &str = "date: 0000-00-00 becomes NULL";
const CUT: &str = "time: finer digits than the column keeps cut off, towards the past";

/// A value that becomes NULL by a rule.
fn to_null(stored: &str, name: &'static str) -> Case {
    Case { stored: stored.into(), becomes: super::Becomes::Emptied(name) }
}

#[test]
fn any_integer_but_zero_may_be_true() {
    let nonzero = "boolean: true for another number than 0 and 1";
    column("boolean").holds_with(
        &["--nonzero"],
        &[
            exact("0", "false"),
            exact("1", "true"),
            rule("2", "true", nonzero),
            rule("-9223372036854775808", "true", nonzero),
            reject("0.5", "a real other than 0.0 and 1.0"),
            reject("'2'", "text that is no truth value"),
        ],
    );
}

#[test]
fn characters_that_cannot_be_kept_are_left_out_or_replaced() {
    let cases = |nul: &'static str, utf8: &'static str, with: &str| {
        vec![
            null(),
            exact("'a'", "a"),
            rule("cast(x'61006200' as text)", format!("a{with}b{with}"), nul),
            rule("cast(x'00' as text)", with, nul),
            rule("cast(x'61ff62' as text)", format!("a{with}b"), utf8),
            // Of two repairs the first in order is the value's rule.
            rule("cast(x'ff0061' as text)", format!("{with}{with}a"), utf8),
            reject("x'61'", "no cast rule for a BLOB"),
        ]
    };
    let stripped = cases("text: NUL characters left out", "text: bytes that are not UTF-8 left out", "");
    column("text").holds_with(&["--allow", "t.v:nul=strip", "--allow", "t.v:utf8=strip"], &stripped);
    let replaced = ("text: NUL characters replaced", "text: bytes that are not UTF-8 replaced");
    let flags = ["--allow", "*.v:nul=replace", "--allow", "*.v:utf8=replace"];
    column("text").holds_with(&flags, &cases(replaced.0, replaced.1, "\u{fffd}"));
    let flags = ["--allow", "*:nul=replace:?", "--allow", "*:utf8=replace:?"];
    column("varchar(4)").holds_with(&flags, &cases(replaced.0, replaced.1, "?"));
}

#[test]
fn escapes_that_are_no_character_are_left_out_or_replaced() {
    let stripped = "json: escapes that are no character left out";
    let replaced = "json: escapes that are no character replaced";
    for kind in ["json", "jsonb"] {
        column(kind).holds_with(
            &["--json-escapes", "strip"],
            &[
                exact("'[\"a\"]'", "[\"a\"]"),
                rule("'[\"a\\u0000b\"]'", "[\"ab\"]", stripped),
                rule("'[\"\\ud800\"]'", "[\"\"]", stripped),
                rule("'{\"\\u0000\": 1}'", "{\"\": 1}", stripped),
                rule("jsonb('[\"\\u0000\"]')", "[\"\"]", stripped),
                exact("'[\"\\\\u0000\"]'", "[\"\\\\u0000\"]"),
            ],
        );
        let flags = ["--json-escapes", "replace"];
        column(kind).holds_with(&flags, &[rule("'[\"a\\ude00\"]'", "[\"a\u{fffd}\"]", replaced)]);
    }
    // What is said for a column holds against what is said for all.
    column("json").holds_with(
        &["--json-escapes", "strip", "--allow", "t.v:json_escapes=reject", "--allow", "t.v:nan=null"],
        &[warned("'[\"\\u0000\"]'", "[\"\\u0000\"]", "json: holds \\u0000 or half a surrogate pair, kept")],
    );
}

#[test]
fn what_is_no_number_of_json_becomes_null() {
    let nan = "json: NaN or Infinity becomes null";
    for kind in ["json", "jsonb"] {
        column(kind).holds_with(
            &["--allow", "t.v:nan=null"],
            &[
                rule("'[NaN, -Infinity, \"NaN\"]'", "[null, null, \"NaN\"]", nan),
                rule("'NaN'", "null", nan),
                exact("'\"Infinity\"'", "\"Infinity\""),
                reject("'[NaN, None]'", "not JSON"),
                reject("''", "empty text, which is no JSON document"),
            ],
        );
    }
}

#[test]
fn a_string_that_holds_a_document_is_opened() {
    let opened = "json: a string that holds a document, opened";
    column("jsonb").holds_with(
        &["--allow", "t.v:nested=open"],
        &[
            rule("'\"{\\\"a\\\": 1}\"'", "{\"a\": 1}", opened),
            rule("json_quote('[1, \"x\"]')", "[1, \"x\"]", opened),
            exact("'\"1\"'", "\"1\""),
            exact("'\"[1\"'", "\"[1\""),
            exact("'[\"{}\"]'", "[\"{}\"]"),
        ],
    );
    column("json").holds(&[exact("'\"{\\\"a\\\": 1}\"'", "\"{\\\"a\\\": 1}\"")]);
}

#[test]
fn empty_text_becomes_null_where_the_type_has_no_empty_value() {
    let flags = ["--allow", "*:empty=null"];
    for kind in
        ["boolean", "bigint", "numeric(8,2)", "double precision", "uuid", "date", "timestamptz", "time", "int[]"]
    {
        column(kind).holds_with(&flags, &[null(), to_null("''", EMPTY)]);
    }
    for kind in ["json", "jsonb"] {
        column(kind).holds_with(&flags, &[to_null("''", EMPTY), to_null("'  '", EMPTY)]);
    }
    for kind in ["text", "varchar(3)", "bytea"] {
        let shown = Target { before: "", column: kind, shown: "(length(v) = 0)::text" };
        match kind {
            "bytea" => shown.holds_with(&flags, &[rule("''", "true", "bytes: the UTF-8 of a text")]),
            _ => shown.holds_with(&flags, &[exact("''", "true")]),
        }
    }
    for kind in ["date", "timestamp", "timestamptz"] {
        column(kind)
            .holds_with(&flags, &[to_null("'0000-00-00'", ZERO_DATE), to_null("'0000-00-00 00:00:00'", ZERO_DATE)]);
    }
}

#[test]
fn finer_digits_than_a_column_keeps_are_cut_off_towards_the_past() {
    let epoch = "timestamp: from an epoch number";
    column("timestamp").holds_with(
        &["--ns", "round"],
        &[
            rule("1700000000123456789", "2023-11-14 22:13:20.123456", CUT),
            rule("1700000000123456000", "2023-11-14 22:13:20.123456", epoch),
            rule("'1969-12-31 23:59:59.9999999'", "1969-12-31 23:59:59.999999", CUT),
            reject("-1", "a number that does not show its unit; say it with --unit 't.v=ns'"),
        ],
    );
    let cases = [
        rule("'1969-12-31 23:59:59.5'", "1969-12-31 23:59:59+00", CUT),
        rule("1700000000999", "2023-11-14 22:13:20+00", CUT),
    ];
    column("timestamptz(0)").holds_with(&["--ns", "round"], &cases);
    let cases = [rule("'12:30:00.0000019'", "12:30:00.000001", CUT)];
    column("time").holds_with(&["--allow", "t.*:ns=round"], &cases);
}
