//! What a person says of columns: a unit, a zone, a type; on the command line or in a file.

use serde_json::{Value, json};

use super::{column, exact, reject, rule, warned};
use crate::support::{Source, copy, fresh_database, stopped, strait, strait_command, verify_with};

const EPOCH: &str = "timestamp: from an epoch number";
const NO_TIME: &str = "text that is neither an integer nor a date and time";
const LOST: &str = "an epoch number with digits beyond microseconds";

#[test]
fn a_unit_that_is_said_holds_for_what_does_not_clearly_show_another() {
    column("timestamp").holds_with(
        &["--unit", "t.v=ms"],
        &[
            rule("-1", "1969-12-31 23:59:59.999", EPOCH),
            rule("600000000", "1970-01-07 22:40:00", EPOCH),
            rule("1700000000123.0", "2023-11-14 22:13:20.123", EPOCH),
            rule("0.5", "1970-01-01 00:00:00.0005", EPOCH),
            rule("0", "1970-01-01 00:00:00", EPOCH),
            rule("253402300800000", "10000-01-01 00:00:00", EPOCH),
            reject("0.00001", LOST),
            reject("9223372036854775807", "a number beyond 64 bits in the column's unit"),
            reject("9e999", "a number beyond 64 bits in the column's unit"),
        ],
    );
    // Python's time.time() keeps seven digits after the point; six of them are microseconds.
    column("timestamptz").holds_with(
        &["--unit", "t.v=s"],
        &[rule("1700000000.123456", "2023-11-14 22:13:20.123456+00", EPOCH), reject("1700000000.1234567", LOST)],
    );
    let of_date = "date: from an epoch number";
    let with_time = "a date with a time of day";
    column("date").holds_with(&["--unit", "t.v=s"], &[rule("-86400", "1969-12-31", of_date), reject("1", with_time)]);
    let of_day = "time: from a number counted since midnight";
    column("time").holds_with(
        &["--unit", "t.v=s"],
        &[
            rule("3661", "01:01:01", of_day),
            rule("0.5", "00:00:00.5", of_day),
            reject("86400", "a number that is no time of a day"),
        ],
    );
}

#[test]
fn a_number_that_clearly_shows_another_unit_than_the_one_said_is_never_moved_by_it() {
    let (source, target) = (
        Source::from_sql(
            "create table t (id integer primary key, v, m, n);
             insert into t values (1, 1700000000000, 1700000000000, 1), (2, 1700000001, 1700000001, 1), (3, 5000, 5000, 1),
                 (4, 1700000000000.0, '1700000000000', 1), (5, 1700000000000, 1, 'x'), (6, 1, 1700000000000000001, 1);",
        ),
        fresh_database(),
    );
    target.psql("create table t (id bigint primary key, v timestamptz, m bigint, n bigint)");
    let flags = ["--unit", "t.v=s", "--column", "t.m=epoch_s", "--unit", "t.m=s"];
    let copied = copy(&source.path(), &target, &flags);
    assert_eq!(copied.status, 1);
    let shown = target.psql("select id, extract(epoch from v)::bigint, m from t order by id");
    assert_eq!(shown.trim(), "1|1700000000|1700000000\n2|1700000001|1700000001\n3|5000|5000\n4|1700000000|1700000000");
    let another = "time: from a number in another unit than most of its column";
    assert_eq!(copied.table("t")["warned"][another], 4);
    let lost = target.psql("select column_name || ': ' || reason from strait.reject where row_key = 'rowid 6'");
    assert_eq!(lost.trim(), "m: an epoch number that loses digits in the column's unit");

    source.connect().execute_batch("update t set n = 1 where id = 5").expect("the row is mended");
    let path = source.path();
    let path = path.to_str().expect("the path is UTF-8");
    let run = strait(&[&["rejects", "retry", path, target.url(), "--quiet"], &flags[..]].concat());
    assert_eq!(run.status, 1, "one row is still set aside: {}", run.stderr);
    assert_eq!(target.psql("select extract(epoch from v)::bigint from t where id = 5").trim(), "1700000000");
}

#[test]
fn a_number_alone_is_set_aside_with_the_unit_that_its_column_shows_or_none() {
    let source = Source::from_sql(
        "create table t (id integer primary key, ms, r real);
         insert into t values (1, 1700000000000, 1700000000000.0), (2, 1700000000001, null), (3, -5, null);",
    );
    let target = fresh_database();
    target.psql("create table t (id bigint primary key, ms timestamptz, r timestamptz)");
    assert_eq!(copy(&source.path(), &target, &[]).status, 1);
    let reasons = target.psql("select row_key || ' ' || column_name || ' ' || reason from strait.reject order by 1");
    assert_eq!(
        reasons.trim(),
        "rowid 1 r a REAL, which does not show its unit by its size; say it with --unit 't.r=UNIT'\n\
         rowid 3 ms a number that does not show its unit; say it with --unit 't.ms=ms'"
    );
}

#[test]
fn a_time_before_those_of_the_server_is_set_aside_and_its_column_named() {
    let early = "a time before 4713 BC, with which PostgreSQL's times begin";
    let first = rule("-210866803200000000", "4714-11-24 00:00:00+00 BC", EPOCH);
    let cases = [first, reject("-210866803200000001", early), reject("-9222425352054775808", early)];
    column("timestamptz").holds_with(&["--unit", "t.v=us"], &cases);
    let cases = [reject("-300000000000", early), reject("-9223372036854", early)];
    column("timestamp").holds_with(&["--unit", "t.v=s"], &cases);
    column("date").holds_with(&["--unit", "t.v=s"], &[reject("-300000067200", early)]);
}

#[test]
fn a_julian_day_is_read_as_sqlite_reads_it() {
    let julian = "timestamp: from a julian day, in milliseconds";
    column("timestamp").holds_with(
        &["--unit", "t.v=julian"],
        &[
            rule("julianday('2024-02-29 12:30:00.123')", "2024-02-29 12:30:00.123", julian),
            rule("julianday('1582-10-15 00:00:00')", "1582-10-15 00:00:00", julian),
            rule("2440588", "1970-01-01 12:00:00", julian),
            reject("-1", "a number that is no julian day of SQLite"),
            reject("1700000000", "a number that is no julian day of SQLite"),
        ],
    );
    let flags = ["--unit", "t.v=julian"];
    column("date").holds_with(&flags, &[rule("julianday('1969-12-31')", "1969-12-31", "date: from a julian day")]);
}

#[test]
fn an_integer_column_may_count_since_1970() {
    let rescaled = "epoch: rescaled to the column's unit";
    let text = "epoch: from text";
    column("bigint").holds_with(
        &["--column", "t.v=epoch_s"],
        &[
            exact("1700000000", "1700000000"),
            exact("-1", "-1"),
            rule("1700000000000", "1700000000", rescaled),
            reject("1700000000000.5", "a real with a fraction that the column's unit cannot hold"),
            rule("'1969-12-31 23:59:59'", "-1", text),
            rule("'10000-01-01'", "253402300800", text),
            rule("'1700000000'", "1700000000", text),
            // The end of the year 9999: no early date in milliseconds.
            exact("253402300799", "253402300799"),
        ],
    );
    let beyond = "a date and time outside the range of the column's unit";
    column("bigint").holds_with(
        &["--column", "t.v=epoch_ns"],
        &[
            rule("1700000000123.5", "1700000000123500000", rescaled),
            rule("1700000000.123", "1700000000123000000", rescaled),
            reject("'0001-01-01'", beyond),
        ],
    );
    let fraction = "a real with a fraction that the column's unit cannot hold";
    for millis in ["epoch_ms", "epoch_us", "epoch_ns"] {
        let flags = ["--column", &format!("t.v={millis}")];
        column("bigint").holds_with(&flags, &[reject("0.5", fraction), reject("-0.5", fraction), exact("0", "0")]);
    }
    let small = "epoch: too small to show its unit, taken in the column's";
    let flags = ["--column", "t.v=epoch_ms"];
    column("bigint").holds_with(&flags, &[warned("5000", "5000", small), reject("'5000.5'", NO_TIME)]);
    column("bigint").holds_with(
        &["--column", "t.v=epoch_ms", "--unit", "t.v=s"],
        &[
            rule("1700000000", "1700000000000", rescaled),
            rule("1700000000.123", "1700000000123", rescaled),
            reject("1700000000.1234", "an epoch number that loses digits in the column's unit"),
        ],
    );
}

#[test]
fn a_time_without_an_offset_is_in_the_zone_that_is_said() {
    let zoned = "timestamp: from text in the column's zone, in UTC";
    let offset = "timestamp: from text with an offset, in UTC";
    column("timestamp").holds_with(
        &["--zone", "t.*=Europe/Berlin"],
        &[
            rule("'2024-01-15 12:00:00'", "2024-01-15 11:00:00", zoned),
            rule("'2024-07-15 12:00:00'", "2024-07-15 10:00:00", zoned),
            rule("'1965-07-15'", "1965-07-14 23:00:00", zoned),
            rule("'2024-07-15 12:00:00+05:30'", "2024-07-15 06:30:00", offset),
            rule("'2024-07-15 12:00:00Z'", "2024-07-15 12:00:00", "timestamp: from text"),
            rule("1700000000", "2023-11-14 22:13:20", EPOCH),
            reject("'2024-10-27 02:30:00'", "a time that the clocks of the column's zone show twice"),
            reject("'2024-03-31 02:30:00'", "a time that the clocks of the column's zone never show"),
            reject("'10000-01-01 00:00'", "a time beyond the year 9999, for which the column's zone has no rules"),
        ],
    );
    let flags = ["--zone", "t.v=-03:30"];
    column("timestamptz").holds_with(&flags, &[rule("'2024-01-15 12:00'", "2024-01-15 15:30:00+00", zoned)]);
}

/// A database as an application has it whose clocks count nanoseconds.
fn messages() -> Source {
    Source::from_sql(
        "create table message (id text primary key, created_at bigint, body text);\
         create table message_reaction (id text primary key, created_at bigint);\
         insert into message values ('a', 1700000000123456789, 'x'), ('b', 1700000000000000000, cast(x'7900' as text));\
         insert into message_reaction values ('r', 1700000000000)",
    )
}

fn found(report: &Value, table: &str, column: &str) -> Value {
    let chosen = report["chosen"].as_array().expect("the report tells what was chosen");
    chosen.iter().find(|one| one["table"] == table && one["column"] == column).cloned().unwrap_or(Value::Null)
}

#[test]
fn a_type_that_is_chosen_is_the_one_that_is_created() {
    let (source, target) = (messages(), fresh_database());
    let flags = [
        "--column",
        "message*.created_at=timestamptz",
        "--unit",
        "message.created_at=ns",
        "--allow",
        "message.body:nul=strip",
        "--ns",
        "round",
    ];
    let copied = copy(&source.path(), &target, &flags);
    copied.whole();
    let types = "select format_type(atttypid, atttypmod) from pg_attribute \
                 where attrelid = 'message'::regclass and attname = 'created_at'";
    assert_eq!(target.psql(types), "timestamp with time zone");
    let rows = target.psql("set timezone = 'UTC'; select id, created_at, body from message order by id");
    assert_eq!(rows, "a|2023-11-14 22:13:20.123456+00|x\nb|2023-11-14 22:13:20+00|y");
    let created = found(&copied.report, "message", "created_at");
    assert_eq!((&created["type"], &created["unit"]), (&json!("timestamptz"), &json!("ns")));
    assert_eq!(found(&copied.report, "message", "body")["allowed"], json!(["nul=strip"]));
    assert_eq!(found(&copied.report, "*", "*")["allowed"], json!(["ns=round"]));
    assert_eq!(found(&copied.report, "message", "id"), Value::Null);

    let (status, verified) = verify_with(&source.path(), &target, &flags);
    assert_eq!((status, &verified["equal"]), (0, &Value::Bool(true)), "{verified:#}");
    // Without the same words the sides are not the same.
    assert_eq!(verify_with(&source.path(), &target, &[]).0, 1);
}

#[test]
fn every_rule_that_changed_a_value_has_the_keys_of_its_first_rows() {
    let source = Source::from_sql(
        "create table t (id integer primary key, v text, w text);\
         with recursive n (i) as (select 10 union all select i + 10 from n where i < 100)\
         insert into t select i, '1', case when i > 80 then 'x' || char(0) else 'x' end from n",
    );
    let target = fresh_database();
    target.psql("create table t (id bigint primary key, v int, w text)");
    let copied = copy(&source.path(), &target, &["--allow", "t.w:nul=strip"]);
    let examples = |at: usize| copied.table("t")["columns"][at]["examples"].clone();
    assert_eq!(examples(0), json!({"integer: from text": ["rowid 10", "rowid 20", "rowid 30"]}));
    assert_eq!(examples(1), json!({"text: NUL characters left out": ["rowid 90", "rowid 100"]}));

    // The text has them when it is asked for.
    let again = fresh_database();
    again.psql("create table t (id bigint primary key, v int, w text)");
    let path = source.path();
    let arguments = ["copy", path.to_str().expect("UTF-8"), again.url(), "--allow", "t.w:nul=strip"];
    let told = strait(&[&arguments[..], &["-v"]].concat());
    assert!(told.stdout.contains("integer: from text: such as rowid 10, rowid 20, rowid 30"), "{}", told.stdout);
    assert!(told.stdout.contains("column t.w: allowed: nul=strip (--allow 't.w:nul=strip')"), "{}", told.stdout);
}

#[test]
fn a_refused_chunk_keeps_its_examples_too() {
    let source = Source::from_sql(
        "create table t (id integer primary key, v text);\
         insert into t values (1, '1'), (2, '-2'), (3, '3'), (4, '4'), (5, '5')",
    );
    let target = fresh_database();
    target.psql("create table t (id bigint primary key, v int check (v > 0))");
    let copied = copy(&source.path(), &target, &[]);
    let column = &copied.table("t")["columns"][0];
    assert_eq!(column["rules"], json!({"integer: from text": 4}));
    assert_eq!(column["examples"], json!({"integer: from text": ["rowid 1", "rowid 3", "rowid 4"]}));
}

#[test]
fn a_file_of_choices_is_read_and_flags_win_over_it() {
    let (source, target) = (messages(), fresh_database());
    let folder = tempfile::TempDir::new().expect("a folder can be made");
    let file = folder.path().join("choices.toml");
    let text = "[[column]]\nmatch = \"message*.created_at\"\ntype = \"timestamptz\"\nunit = \"ns\"\n\n\
                [[column]]\nmatch = \"*.body\"\nallow = [\"nul=strip\", \"utf8=strip\"]\n\n\
                [[column]]\nmatch = \"*\"\nallow = [\"ns=round\"]\n";
    std::fs::write(&file, text).expect("the file can be written");
    let file = file.to_str().expect("UTF-8");
    let flags = ["--config", file, "--unit", "message_reaction.*=ms", "--allow", "*.body:nul=replace:!"];
    let copied = copy(&source.path(), &target, &flags);
    copied.whole();
    let rows = target.psql(
        "set timezone = 'UTC'; select created_at, body from message order by id; select created_at from message_reaction",
    );
    assert_eq!(rows, "2023-11-14 22:13:20.123456+00|x\n2023-11-14 22:13:20+00|y!\n2023-11-14 22:13:20+00");
    let by = found(&copied.report, "message", "body")["by"].clone();
    assert_eq!(by.as_array().map(Vec::len), Some(2), "{by}");

    // Under its usual name it need not be named.
    std::fs::copy(file, folder.path().join("strait.toml")).expect("the file can be copied");
    let again = fresh_database();
    let path = source.path();
    let mut command = strait_command(&["copy", path.to_str().expect("UTF-8"), again.url(), "--unit", "message_*.*=ms"]);
    let told = command.current_dir(folder.path()).output().expect("the program can be started");
    let told = String::from_utf8_lossy(&told.stdout).into_owned();
    assert!(told.contains("(strait.toml, [[column]] 'message*.created_at')"), "{told}");

    std::fs::write(file, "[[column]]\nmatch = \"a.b\"\nunits = \"s\"\n").expect("the file can be written");
    let path = source.path();
    let refused = strait(&["copy", path.to_str().expect("UTF-8"), target.url(), "--config", file]);
    assert_eq!(refused.status, 2);
    assert!(refused.stderr.contains("line 3: unknown field `units`"), "{}", refused.stderr);
    let missing = strait(&["copy", path.to_str().expect("UTF-8"), target.url(), "--config", "nowhere.toml"]);
    assert_eq!(missing.status, 2);
    assert!(missing.stderr.contains("cannot read the choices in nowhere.toml"), "{}", missing.stderr);
}

#[test]
fn a_choice_that_means_no_column_stops_the_work_and_names_the_nearest() {
    let (source, target) = (messages(), fresh_database());
    let said = |flags: &[&str]| stopped(&source.path(), &target, flags);
    let near = said(&["--zone", "mesage.created_at=Europe/Berlin"]);
    assert!(near.contains("`message.created_at` meant"), "{near}");
    let near = said(&["--unit", "mesage.*=ns"]);
    assert!(near.contains("`message.*` meant"), "{near}");
    let none = said(&["--allow", "invoice.total:nul=strip"]);
    assert!(none.contains("no column that `invoice.total` names"), "{none}");
    let nothing = said(&["--zone", "message.body=Europe/Berlin"]);
    assert!(nothing.contains("means nothing to any column"), "{nothing}");

    target.psql("create table message (id text primary key, created_at bigint, body text)");
    let other = said(&["--column", "message.created_at=jsonb", "--extra-tables", "create"]);
    assert!(other.contains("is of type bigint in the target"), "{other}");
}

#[test]
fn a_schema_that_names_a_unit_keeps_it_when_another_is_stored() {
    let source = Source::from_sql(
        "create table t (id integer primary key, at bigint); insert into t values (1, 5000), (2, 5001)",
    );
    let folder = tempfile::TempDir::new().expect("a folder can be made");
    let file = folder.path().join("schema.sql");
    let text = "-- strait schema 1\ncreate table t (id bigint primary key, at epoch_s);\n";
    std::fs::write(&file, text).expect("the file can be written");
    let schema = ["--schema", file.to_str().expect("UTF-8"), "--column", "t.at=epoch_ms"];
    let target = fresh_database();
    let copied = copy(&source.path(), &target, &schema);
    assert_eq!(copied.status, 1, "the second loses digits");
    assert_eq!(target.psql("select id, at from t"), "1|5");
    let reason = &copied.table("t")["reasons"][0];
    assert_eq!((&reason["option"], &reason["column"]), (&json!("ns=round"), &json!("at")));

    // What the reject says would help does help, and is called a loss.
    let again = fresh_database();
    let rounded = copy(&source.path(), &again, &[&schema[..], &["--allow", "t.at:ns=round"]].concat());
    rounded.whole();
    assert_eq!(again.psql("select string_agg(at::text, ' ' order by id) from t"), "5 5");
    let lossy = "time: finer digits than the column keeps cut off, towards the past";
    assert_eq!(rounded.table("t")["lossy"], json!({lossy: 1}));
    assert_eq!(rounded.table("t")["normalised"], json!({lossy: 1, "epoch: rescaled to the column's unit": 1}));
}

#[test]
fn a_reject_is_told_with_what_would_take_it() {
    let source =
        Source::from_sql("create table t (id integer primary key, v text); insert into t values (7, 'a' || char(0))");
    let (path, target) = (source.path(), fresh_database());
    let path = path.to_str().expect("UTF-8");
    let told = strait(&["copy", path, target.url()]).stdout;
    assert!(told.contains("taken, with a loss, with --allow 't.v:nul=strip'"), "{told}");
    let again = fresh_database();
    let told = strait(&["copy", path, again.url(), "--allow", "t.v:nul=strip"]).stdout;
    assert!(told.contains("t.v (text): text: NUL characters left out (lossy): 1"), "{told}");
    assert!(told.contains("1 of them lost a part"), "{told}");
}

#[test]
fn a_rehearsal_takes_the_same_choices() {
    let source = messages();
    let path = source.path();
    let flags =
        ["--allow", "message.body:nul=strip", "--column", "*.created_at=epoch_ns", "--format", "json", "--quiet"];
    let held = strait(&[&["rehearse", path.to_str().expect("UTF-8")][..], &flags].concat());
    let report: Value = serde_json::from_str(&held.stdout).unwrap_or_else(|_| panic!("{}", held.stderr));
    assert_eq!((held.status, &report["complete"]), (0, &json!(true)), "{report:#}");
    let rules = |table: &str, column: usize| {
        let tables = report["tables"].as_array().expect("a list");
        tables.iter().find(|found| found["name"] == table).expect("it is there")["columns"][column]["rules"].clone()
    };
    // Milliseconds among nanoseconds are brought to the column's unit.
    assert_eq!(rules("message_reaction", 0), json!({"epoch: rescaled to the column's unit": 1}));
}

#[test]
fn every_rule_is_listed_with_what_asks_for_it() {
    let listed = strait(&["rules", "--format", "json"]);
    assert_eq!(listed.status, 0, "{}", listed.stderr);
    let rules: Value = serde_json::from_str(&listed.stdout).expect("it is JSON");
    let rules = rules.as_array().expect("a list");
    let named = |name: &str| rules.iter().find(|rule| rule["name"] == name).cloned().unwrap_or_default();
    assert_eq!(named("text: NUL characters left out")["option"], "nul=strip");
    assert_eq!(named("text: NUL characters left out")["nature"], "lossy");
    assert_eq!(named("integer: from text")["option"], Value::Null);
    assert_eq!(named("integer: from text")["from"], "TEXT");
    let text = strait(&["rules"]).stdout;
    assert!(text.contains("uuid: from 16 bytes") && text.contains("json_escapes=strip|replace[:C]"), "{text}");
}

#[test]
fn a_list_of_another_type_has_no_rule_yet() {
    for kind in ["inet[]", "jsonb[]"] {
        let source =
            Source::from_sql("create table t (id integer primary key, v text); insert into t values (1, '[]')");
        let target = fresh_database();
        target.psql(&format!("create table t (id bigint, v {kind})"));
        let said = stopped(&source.path(), &target, &[]);
        assert!(said.contains("t.v") && said.contains(kind), "{said}");
    }
}

#[test]
fn a_verification_tells_declared_loss_apart_with_counts_and_keys() {
    let source = Source::from_sql(
        "create table t (id integer primary key, v text, w text);
         insert into t values (1, '1', 'x'), (2, '2', 'y' || char(0)), (3, null, 'z' || char(0) || char(0));
         create table u (id integer primary key, v text); insert into u values (1, '1');
         create table e (id integer primary key, v text); insert into e values (1, 'x')",
    );
    let target = fresh_database();
    target.psql("create table t (id bigint primary key, v int, w text); create table u (id bigint primary key, v int)");
    let flags = ["--allow", "t.w:nul=strip", "--extra-tables", "create"];
    copy(&source.path(), &target, &flags).whole();
    let (status, report) = verify_with(&source.path(), &target, &flags[..2]);
    assert_eq!((status, &report["equal"]), (0, &Value::Bool(true)), "{report:#}");
    let told = |name: &str| {
        let tables = report["tables"].as_array().expect("a list");
        tables.iter().find(|table| table["name"] == name).cloned().unwrap_or_default()
    };
    let stripped = "text: NUL characters left out";
    let verdicts = ["t", "u", "e"].map(|name| told(name)["verdict"].clone());
    assert_eq!(verdicts, [json!("equal-after-loss"), json!("equal-after-rules"), json!("equal")]);
    assert_eq!(told("t")["normalised"], json!({stripped: 2, "integer: from text": 2}));
    assert_eq!(told("t")["lossy"], json!({stripped: 2}));
    assert_eq!(told("t")["columns"][1]["examples"], json!({stripped: ["rowid 2", "rowid 3"]}));

    let path = source.path();
    let text = strait(&["verify", path.to_str().expect("UTF-8"), target.url(), flags[0], flags[1]]).stdout;
    assert!(text.contains("equal after declared loss"), "{text}");
    assert!(text.contains("t.w (text): text: NUL characters left out (lossy): 2"), "{text}");
    assert!(text.contains("such as rowid 2, rowid 3"), "{text}");
    assert!(text.contains("after 2 values lost a part"), "{text}");
}
