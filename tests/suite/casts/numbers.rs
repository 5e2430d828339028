//! Truth values and numbers.

use super::{Target, column, exact, null, reject, rule};

const NO_INTEGER: &str = "text that is no plain integer";
const OUT_OF_RANGE: &str = "a number beyond the column's range";
const FRACTION: &str = "a real with a fraction, or beyond 64 bits";
const NO_BLOB: &str = "no cast rule for a BLOB";
const FROM_REAL: &str = "integer: from a real without fraction";
const FROM_TEXT: &str = "integer: from text";
const NOT_DECIMAL: &str = "text that is no decimal number within PostgreSQL's limits";
const TOO_MANY_DIGITS: &str = "a number with more digits than the column holds";
const SHORTEST: &str = "numeric: from a real's shortest decimal";
const OTHER_FORM: &str = "numeric: from text in another form";
const DOUBLE_TEXT: &str = "double: from text";
const ROUNDED: &str = "double: integer beyond 53 bits, rounded";
const NARROWED: &str = "real: rounded to 32 bits";

#[test]
fn a_truth_value_is_a_word_or_a_number_and_never_a_guess() {
    let word = "boolean: from a word";
    let mut cases = vec![
        null(),
        exact("0", "false"),
        exact("1", "true"),
        reject("2", "an integer other than 0 and 1"),
        reject("-1", "an integer other than 0 and 1"),
        rule("0.0", "false", "boolean: from real 0.0 or 1.0"),
        rule("-0.0", "false", "boolean: from real 0.0 or 1.0"),
        rule("1.0", "true", "boolean: from real 0.0 or 1.0"),
        reject("0.5", "a real other than 0.0 and 1.0"),
        reject("9e999", "a real other than 0.0 and 1.0"),
        reject("x'01'", NO_BLOB),
        reject("x''", NO_BLOB),
    ];
    // 'f' is false: a text that is not empty is true in many a program.
    for text in ["'f'", "'F'", "'false'", "'FALSE'", "'no'", "'off'", "'0'"] {
        cases.push(rule(text, "false", word));
    }
    for text in ["'t'", "'T'", "'true'", "'True'", "'yes'", "'on'", "'1'"] {
        cases.push(rule(text, "true", word));
    }
    for text in ["''", "'2'", "' t'", "'maybe'", "'null'", "'1.0'", "cast(x'ff' as text)"] {
        cases.push(reject(text, "text that is no truth value"));
    }
    column("boolean").holds(&cases);
}

#[test]
fn a_small_integer_keeps_to_16_bits() {
    column("smallint").holds(&[
        null(),
        exact("-32768", "-32768"),
        exact("32767", "32767"),
        reject("32768", OUT_OF_RANGE),
        reject("-32769", OUT_OF_RANGE),
        rule("7.0", "7", FROM_REAL),
        reject("40000.0", OUT_OF_RANGE),
        rule("'-7'", "-7", FROM_TEXT),
        reject("'40000'", OUT_OF_RANGE),
        reject("x'07'", NO_BLOB),
    ]);
}

#[test]
fn an_integer_keeps_to_32_bits_and_is_never_made_of_something_else() {
    let mut cases = vec![
        null(),
        exact("-2147483648", "-2147483648"),
        exact("2147483647", "2147483647"),
        reject("3000000000", OUT_OF_RANGE),
        reject("-3000000000", OUT_OF_RANGE),
        rule("2.0", "2", FROM_REAL),
        rule("-0.0", "0", FROM_REAL),
        reject("2.5", FRACTION),
        reject("9e999", FRACTION),
        reject("1e300", FRACTION),
        rule("'12'", "12", FROM_TEXT),
        rule("'0'", "0", FROM_TEXT),
        reject("x''", NO_BLOB),
        reject("x'31'", NO_BLOB),
    ];
    for text in
        ["''", "'007'", "'+1'", "'-0'", "' 1'", "'1 '", "'1.0'", "'1e3'", "'0x10'", "'one'", "cast(x'ff' as text)"]
    {
        cases.push(reject(text, NO_INTEGER));
    }
    column("integer").holds(&cases);
}

#[test]
fn a_big_integer_takes_all_64_bits() {
    column("bigint").holds(&[
        null(),
        exact("-9223372036854775808", "-9223372036854775808"),
        exact("9223372036854775807", "9223372036854775807"),
        exact("3000000000", "3000000000"),
        rule("1e18", "1000000000000000000", FROM_REAL),
        rule("-9223372036854775808.0", "-9223372036854775808", FROM_REAL),
        reject("9223372036854775808.0", FRACTION),
        reject("5e-324", FRACTION),
        reject("-9e999", FRACTION),
        rule("'9223372036854775807'", "9223372036854775807", FROM_TEXT),
        reject("'9223372036854775808'", NO_INTEGER),
        reject("'null'", NO_INTEGER),
        reject("x'00'", NO_BLOB),
    ]);
}

#[test]
fn a_double_keeps_all_its_bits() {
    column("double precision").holds(&[
        null(),
        exact("2.5", "2.5"),
        exact("0.1", "0.1"),
        exact("1e308", "1e+308"),
        exact("-1.7976931348623157e308", "-1.7976931348623157e+308"),
        exact("5e-324", "5e-324"),
        exact("2.2250738585072014e-308", "2.2250738585072014e-308"),
        exact("9e999", "Infinity"),
        exact("-9e999", "-Infinity"),
        exact("3", "3"),
        exact("9007199254740992", "9.007199254740992e+15"),
        exact("-9223372036854775808", "-9.223372036854776e+18"),
        rule("9007199254740993", "9.007199254740992e+15", ROUNDED),
        rule("9223372036854775807", "9.223372036854776e+18", ROUNDED),
        rule("'1.5'", "1.5", DOUBLE_TEXT),
        rule("'-2e3'", "-2000", DOUBLE_TEXT),
        reject("''", "text that is no number"),
        // Smaller than the smallest double: zero would be another number, and the server refuses it too.
        reject("'1e-400'", "text that is no number"),
        rule("'0e-400'", "0", DOUBLE_TEXT),
        reject("'1e400'", "text that is no number"),
        reject("'NaN'", "text that is no number"),
        reject("'inf'", "text that is no number"),
        reject("' 1'", "text that is no number"),
        reject("'1,5'", "text that is no number"),
        reject("x'00'", NO_BLOB),
    ]);
}

#[test]
fn minus_zero_keeps_its_sign() {
    // As text 0 and -0 are easily taken for each other; the bits are not.
    Target { before: "", column: "double precision", shown: "encode(float8send(v), 'hex')" }.holds(&[
        exact("-0.0", "8000000000000000"),
        exact("0.0", "0000000000000000"),
        exact("0", "0000000000000000"),
        rule("'-0.0'", "8000000000000000", DOUBLE_TEXT),
    ]);
}

#[test]
fn a_real_of_32_bits_says_when_it_rounds() {
    column("real").holds(&[
        null(),
        exact("2.5", "2.5"),
        exact("16777216", "1.6777216e+07"),
        exact("9e999", "Infinity"),
        exact("-9e999", "-Infinity"),
        rule("0.1", "0.1", NARROWED),
        rule("16777217", "1.6777216e+07", NARROWED),
        rule("'2.5'", "2.5", DOUBLE_TEXT),
        reject("1e308", "a number beyond 32 bits"),
        reject("-1e39", "a number beyond 32 bits"),
        reject("5e-324", "a number beyond 32 bits"),
        rule("1e-45", "1e-45", NARROWED),
        exact("0.0", "0"),
        reject("'x'", "text that is no number"),
        reject("x'00'", NO_BLOB),
    ]);
}

#[test]
fn a_decimal_number_keeps_every_digit_and_zero() {
    column("numeric").holds(&[
        null(),
        exact("-9223372036854775808", "-9223372036854775808"),
        exact("9223372036854775807", "9223372036854775807"),
        exact("'1.50'", "1.50"),
        exact("'0.000'", "0.000"),
        exact("'12345678901234567890.12345678901234567890'", "12345678901234567890.12345678901234567890"),
        rule("'-1e3'", "-1000", OTHER_FORM),
        rule("'007'", "7", OTHER_FORM),
        rule("'+5'", "5", OTHER_FORM),
        rule("'-0'", "0", OTHER_FORM),
        rule("'.5'", "0.5", OTHER_FORM),
        rule("'5.'", "5", OTHER_FORM),
        rule("2.5", "2.5", SHORTEST),
        rule("0.1", "0.1", SHORTEST),
        rule("1e308", format!("1{}", "0".repeat(308)), SHORTEST),
        rule("5e-324", format!("0.{}5", "0".repeat(323)), SHORTEST),
        rule("-0.0", "0", SHORTEST),
        reject("9e999", "an infinite real"),
        reject("-9e999", "an infinite real"),
        reject("''", NOT_DECIMAL),
        reject("'NaN'", NOT_DECIMAL),
        reject("'1e131072'", NOT_DECIMAL),
        reject("'1e999999999'", NOT_DECIMAL),
        reject("'1 000'", NOT_DECIMAL),
        reject("cast(x'ff' as text)", NOT_DECIMAL),
        reject("x'31'", NO_BLOB),
    ]);
}

#[test]
fn a_bounded_decimal_number_is_never_rounded() {
    column("numeric(5,2)").holds(&[
        null(),
        exact("999", "999.00"),
        exact("-999", "-999.00"),
        exact("'999.99'", "999.99"),
        rule("'1.500'", "1.50", OTHER_FORM),
        rule("1.5", "1.50", SHORTEST),
        reject("1000", TOO_MANY_DIGITS),
        reject("'999.995'", TOO_MANY_DIGITS),
        reject("1.005", TOO_MANY_DIGITS),
        reject("0.1 + 0.2", TOO_MANY_DIGITS),
        reject("'x'", NOT_DECIMAL),
        reject("x''", NO_BLOB),
    ]);
    column("numeric(3,-2)").holds(&[
        exact("12300", "12300"),
        exact("0", "0"),
        exact("'99900'", "99900"),
        rule("-12300.0", "-12300", SHORTEST),
        reject("12350", TOO_MANY_DIGITS),
        reject("100000", TOO_MANY_DIGITS),
    ]);
}
