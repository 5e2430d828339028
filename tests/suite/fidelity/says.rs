//! What a copy says, as lines that are the same on every machine: no path, no time, no number of a run.

use std::fmt::Write as _;

use serde_json::Value;

use crate::support::Finished;

fn word<'v>(value: &'v Value, field: &str) -> &'v str {
    value[field].as_str().unwrap_or_else(|| panic!("no text {field} in {value:#}"))
}

fn number(value: &Value, field: &str) -> u64 {
    value[field].as_u64().unwrap_or_else(|| panic!("no number {field} in {value:#}"))
}

fn list<'v>(value: &'v Value, field: &str) -> &'v [Value] {
    value[field].as_array().unwrap_or_else(|| panic!("no list {field} in {value:#}"))
}

/// The whole report of a copy that did its work.
pub(super) fn report(status: i32, report: &Value) -> String {
    let mut text = format!("exit {status}\n");
    for table in list(report, "tables") {
        text.push_str(&of_table(table));
    }
    for (title, field) in
        [("stored nowhere else", "open"), ("not carried over", "left_out"), ("could not be built", "unbuilt")]
    {
        for object in list(report, field) {
            let (kind, name, reason) = (word(object, "kind"), word(object, "name"), word(object, "reason"));
            writeln!(text, "{title}: {kind} {name}: {reason}").expect("a text grows");
        }
    }
    for history in list(report, "histories") {
        let (table, tool) = (word(history, "table"), word(history, "tool"));
        let stays = if history["stays_true"] == true { "stays true" } else { "must be stamped anew" };
        writeln!(text, "history {table} of {tool}: {stays}").expect("a text grows");
        for (title, field) in [("warning", "warnings"), ("step", "steps")] {
            for line in list(history, field) {
                writeln!(text, "  {title}: {}", line.as_str().expect("it is a sentence")).expect("a text grows");
            }
        }
    }
    for notice in list(report, "notices") {
        writeln!(text, "note: {}", notice.as_str().expect("a notice is a sentence")).expect("a text grows");
    }
    text
}

fn of_table(table: &Value) -> String {
    let name = word(table, "name");
    let called = match table["target"].as_str() {
        Some(target) if target != name => format!("{name} → {target}"),
        _ => name.to_owned(),
    };
    let count = |field| number(table, field);
    let mut text = format!(
        "{called}: {} read = {} exact + {} normalised + {} rejected + {} skipped",
        count("read"),
        count("exact"),
        count("normalised_rows"),
        count("rejected"),
        count("skipped")
    );
    match (&table["digest_equal"], table["skipped_because"].as_str()) {
        (_, Some(because)) => text.push_str(&format!("; {because}")),
        (Value::Bool(true), _) => {}
        _ => text.push_str("; THE DIGESTS DIFFER"),
    }
    text.push('\n');
    for column in list(table, "columns") {
        for (rule, count) in column["rules"].as_object().expect("rules are listed") {
            let (column, logical) = (word(column, "name"), word(column, "type"));
            writeln!(text, "  {column} ({logical}): {rule}: {count}").expect("a text grows");
        }
    }
    for reason in list(table, "reasons") {
        let column = reason["column"].as_str().map_or(String::new(), |column| format!("{column}: "));
        let keys: Vec<&str> = list(reason, "examples").iter().filter_map(Value::as_str).collect();
        let (why, rows) = (word(reason, "reason"), number(reason, "rows"));
        writeln!(text, "  rejected {column}{why}: {rows}, at {}", keys.join(", ")).expect("a text grows");
    }
    text
}

/// What is said by a program that could not do its work, and what it noted before.
pub(super) fn refusal(run: &Finished) -> String {
    let mut text = format!("exit {}\n", run.status);
    for line in run.stderr.lines() {
        let error = serde_json::from_str(line).map(|told: Value| told["error"].clone());
        match error {
            Ok(error) => {
                writeln!(text, "{}", word(&error, "message")).expect("a text grows");
                for cause in list(&error, "causes") {
                    writeln!(text, "because {}", cause.as_str().expect("a cause is text")).expect("a text grows");
                }
            }
            Err(_) => writeln!(text, "{line}").expect("a text grows"),
        }
    }
    text
}

/// Whether a second look agrees, table by table where it does not.
pub(super) fn verification(run: &Finished) -> String {
    let mut text = format!("verify: exit {}\n", run.status);
    let report: Value = serde_json::from_str(&run.stdout).unwrap_or_else(|error| panic!("{error}: {}", run.stderr));
    for table in list(&report, "tables") {
        let verdict = word(table, "verdict");
        if !verdict.starts_with("equal") {
            let why = table["why"].as_str().map_or(String::new(), |why| format!(": {why}"));
            writeln!(text, "  {}: {verdict}{why}", word(table, "name")).expect("a text grows");
        }
    }
    text
}
