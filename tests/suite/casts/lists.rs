//! Lists: a JSON array becomes an array, each element under its own type.

use super::{column, null, reject, rule};

const FROM_JSON: &str = "array: from a JSON array";
const STRANGE: &str = "a list with an element that is not of its type";
const NO_ARRAY: &str = "text that is no JSON array";

#[test]
fn a_json_array_of_texts_becomes_an_array_of_texts() {
    column("text[]").holds(&[
        null(),
        rule("'[]'", "{}", FROM_JSON),
        rule("'[null]'", "{NULL}", FROM_JSON),
        rule("'[\"null\", \"\"]'", "{\"null\",\"\"}", FROM_JSON),
        rule("'[\"a,b\", \"\\u00e9\\n\", \"\\\"\"]'", "{\"a,b\",\"é\n\",\"\\\"\"}", FROM_JSON),
        reject("'[1]'", STRANGE),
        reject("'[[\"a\"]]'", STRANGE),
        reject("'[{}]'", STRANGE),
        reject("'[\"\\u0000\"]'", "text that holds a NUL character"),
        reject("'[\"\\ud800\"]'", "a list with half a surrogate pair"),
        reject("'null'", NO_ARRAY),
        reject("'{a,b}'", NO_ARRAY),
        reject("''", NO_ARRAY),
        reject("'[1,]'", NO_ARRAY),
        reject("1", "no cast rule for an INTEGER"),
        reject("x'5b5d'", "no cast rule for a BLOB"),
    ]);
}

#[test]
fn an_element_keeps_to_the_bounds_of_its_type() {
    column("varchar(2)[]")
        .holds(&[rule("'[\"äö\"]'", "{äö}", FROM_JSON), reject("'[\"äöü\"]'", "text longer than the column")]);
    column("smallint[]").holds(&[
        rule("'[32767, -32768, 1.0]'", "{32767,-32768,1}", FROM_JSON),
        reject("'[0.99999999999999999999]'", "a list with a number that has a fraction, or is beyond 64 bits"),
        reject("'[32768]'", "a number beyond the column's range"),
        reject("'[\"1\"]'", STRANGE),
    ]);
    column("numeric(4,1)[]").holds(&[
        rule("'[123.4, 1, \"0.5\"]'", "{123.4,1.0,0.5}", FROM_JSON),
        reject("'[1.25]'", "a number with more digits than the column holds"),
    ]);
    column("bigint[]").holds(&[rule("'[9007199254740993.0]'", "{9007199254740993}", FROM_JSON)]);
    column("double precision[]").holds(&[
        rule("'[0.1, 1e-320, -0.0]'", "{0.1,1e-320,-0}", FROM_JSON),
        reject("'[1e999]'", "text that is no number"),
    ]);
    column("timestamptz(0)[]")
        .holds(&[reject("'[\"2024-01-01 10:00:00.5\"]'", "a time with more digits than the column keeps")]);
}

#[test]
fn a_list_of_another_type_has_no_rule_yet() {
    for kind in ["inet[]", "jsonb[]"] {
        let source = crate::support::Source::from_sql(
            "create table t (id integer primary key, v text); insert into t values (1, '[]')",
        );
        let target = crate::support::fresh_database();
        target.psql(&format!("create table t (id bigint, v {kind})"));
        let said = crate::support::stopped(&source.path(), &target, &[]);
        assert!(said.contains("t.v") && said.contains(kind), "{said}");
    }
}

#[test]
fn a_list_of_dates_and_identifiers_is_read_as_each_of_them_is() {
    column("date[]")
        .holds(&[rule("'[\"0001-01-01\", null]'", "{0001-01-01,NULL}", FROM_JSON), reject("'[0]'", STRANGE)]);
    let uuid = "0f8fad5b-d9cb-469f-a165-70867728950e";
    column("uuid[]").holds(&[rule(format!("'[\"{uuid}\"]'"), format!("{{{uuid}}}"), FROM_JSON), null()]);
}
