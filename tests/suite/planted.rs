//! Real databases with faults planted in them, into the application's own schema: the planted rows are set aside or declared,
//! each as it must be, and every other row is exact.

use std::collections::{BTreeMap, BTreeSet};

use super::independent::differences;
use crate::support::open_webui::{Kind, VERSIONS, target_for};
use crate::support::{Copied, Database, Source, copy, fixture, stopped};

/// The planted rows that are set aside in both versions: the end of the id, and why.
const REJECTED: [(&str, &str); 11] = [
    ("a NUL", "text that holds a NUL character"),
    ("half a surrogate pair in UTF-8", "text that is not UTF-8"),
    ("bytes for text", "no cast rule for a BLOB"),
    ("NaN in a document", "not JSON"),
    ("an empty document", "empty text, which is no JSON document"),
    ("text for a number", "text that is no plain integer"),
    ("a fraction for a number", "a real with a fraction, or beyond 64 bits"),
    ("a real beyond 64 bits", "a real with a fraction, or beyond 64 bits"),
    ("NaN for a number", "text that is no plain integer"),
    ("two for a truth value", "an integer other than 0 and 1"),
    ("a key with NULL", "refused by the server: column user_id (23502)"),
];

fn overlong(version: &str) -> &'static str {
    if version == "0.5.11" { "256 characters where 255 fit" } else { "51 characters where 50 fit" }
}

/// A copy of a version's database with everything planted in it.
fn planted(version: &str) -> Source {
    let source = Source::from_fixture(&format!("open-webui-{version}.db"));
    let file = source.connect();
    for script in ["both", version] {
        let sql = std::fs::read_to_string(fixture(&format!("planted/{script}.sql"))).expect("the script can be read");
        file.execute_batch(&sql).unwrap_or_else(|error| panic!("{script}: {error}"));
    }
    source
}

fn crossed(version: &str) -> (Source, Database, Copied) {
    let (source, target) = (planted(version), target_for(version, Kind::Application));
    let copied = copy(&source.path(), &target, &["--extra-columns", "add"]);
    (source, target, copied)
}

/// The rejects of a target: the id that was planted, and the reason.
fn rejects(target: &Database) -> BTreeMap<String, String> {
    let lines = target.psql("select trim(both '''' from stored ->> 'id') || '|' || reason from strait.reject");
    let pair = |line: &str| line.rsplit_once('|').map(|(id, reason)| (id.to_owned(), reason.to_owned()));
    lines.lines().filter_map(pair).collect()
}

#[test]
fn exactly_the_planted_rows_are_set_aside_each_for_its_reason() {
    for version in VERSIONS {
        let (_source, target, copied) = crossed(version);
        let longer = (overlong(version), "text longer than the column");
        let expected: BTreeMap<String, String> = REJECTED
            .into_iter()
            .chain([longer])
            .map(|(planted, reason)| (format!("planted: {planted}"), reason.to_owned()))
            .collect();
        assert_eq!(rejects(&target), expected, "{version}");
        assert_eq!(target.psql("select count(*) from strait.reject"), expected.len().to_string());
        assert_eq!(copied.status, 1, "{:#}", copied.report);
    }
}

#[test]
fn what_is_planted_and_kept_is_declared() {
    for version in VERSIONS {
        let (_source, target, copied) = crossed(version);
        let message = copied.table("message");
        let warned = serde_json::json!({"json: holds \\u0000 or half a surrogate pair, kept": 2});
        assert_eq!(message["warned"], warned, "{version}");
        assert_eq!(message["normalised"]["json: number from a real"], 1, "{version}");
        assert_eq!(copied.table("chat")["normalised"]["boolean: from a word"], 1, "{version}");
        assert_eq!(copied.table("planted_table")["created"], true, "{version}");
        let notices = copied.report["notices"].to_string();
        assert!(notices.contains("table planted_table is not in the target and is created there"), "{notices}");
        assert_eq!(target.psql("select count(planted), count(*) > 3 from memory"), "3|t", "{version}");
        let unbuilt = copied.objects("unbuilt");
        let orphans: Vec<&String> = unbuilt.iter().filter(|line| line.contains("1 row refers")).collect();
        assert_eq!((unbuilt.len(), orphans.len()), if version == "0.5.11" { (0, 0) } else { (1, 1) }, "{unbuilt:?}");
    }
}

#[test]
fn every_row_beside_the_planted_ones_is_exact() {
    for version in VERSIONS {
        let (source, target, _) = crossed(version);
        let (found, compared) = differences(&source.path(), &target);
        // The second reading tells a row by the hex of its key: these are the rows that were set aside, and the word that became
        // a truth value, a form which it does not know.
        let mark: String = "planted".bytes().map(|byte| format!("{byte:02x}")).collect();
        let (planted, others): (Vec<&String>, Vec<&String>) = found.iter().partition(|line| line.contains(&mark));
        assert_eq!(others, Vec::<&String>::new(), "{version}");
        let changed = planted.iter().filter(|line| line.contains("became")).count();
        assert_eq!((planted.len(), changed), (REJECTED.len() + 2, 1), "{version}: {planted:#?}");
        assert!(compared > 9_000, "{version}: only {compared} values were compared");
    }
}

#[test]
fn an_unknown_column_needs_a_decision_before_anything_moves() {
    for version in VERSIONS {
        let (source, target) = (planted(version), target_for(version, Kind::Application));
        let said = stopped(&source.path(), &target, &[]);
        assert!(said.contains("memory.planted") && said.contains("--extra-columns"), "{said}");
        assert_eq!(target.psql("select count(*) from chat"), "0");
        let copied = copy(&source.path(), &target, &["--extra-columns", "leave-out"]);
        let ids: BTreeSet<String> = rejects(&target).into_keys().collect();
        assert_eq!(ids.len(), REJECTED.len() + 1, "{ids:?}");
        assert!(copied.report["notices"].to_string().contains("memory.planted"), "{:#}", copied.report);
    }
}
