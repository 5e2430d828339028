//! What a person allows and says of columns, and what is told of each cast. The casts themselves are drawn as tables:
//! `cast_tables.rs`.
//!
//! The source's column has no declared type, so that SQLite stores each value as it is written here. The target's table
//! is there before the copy: its own type drives the cast.

mod relaxed;
mod told;

use std::collections::BTreeMap;
use std::fmt::Write as _;

use serde_json::{Map, Value};

use crate::support::{Database, Source, copy, fresh_database, verify_with};

/// A value as SQL writes it into SQLite, and what must become of it.
pub(super) struct Case {
    stored: String,
    becomes: Becomes,
}

enum Becomes {
    /// PostgreSQL shows this text, or NULL; no rule is counted.
    Exact(Option<String>),
    /// PostgreSQL shows this text and the rule is counted once.
    Changed(String, &'static str),
    /// PostgreSQL shows this text and the rule is counted once among the warnings.
    Warned(String, &'static str),
    /// PostgreSQL shows NULL and the rule is counted once.
    Emptied(&'static str),
    /// The row is set aside for this reason.
    Rejected(&'static str),
}

pub(super) fn exact(stored: impl Into<String>, shown: impl Into<String>) -> Case {
    Case { stored: stored.into(), becomes: Becomes::Exact(Some(shown.into())) }
}

pub(super) fn null() -> Case {
    Case { stored: "null".into(), becomes: Becomes::Exact(None) }
}

pub(super) fn rule(stored: impl Into<String>, shown: impl Into<String>, name: &'static str) -> Case {
    Case { stored: stored.into(), becomes: Becomes::Changed(shown.into(), name) }
}

pub(super) fn warned(stored: impl Into<String>, shown: impl Into<String>, name: &'static str) -> Case {
    Case { stored: stored.into(), becomes: Becomes::Warned(shown.into(), name) }
}

pub(super) fn reject(stored: impl Into<String>, reason: &'static str) -> Case {
    Case { stored: stored.into(), becomes: Becomes::Rejected(reason) }
}

/// A column of the target: SQL to run before it can be made, its type, and how a test shows its values.
pub(super) struct Target {
    pub(super) before: &'static str,
    pub(super) column: &'static str,
    pub(super) shown: &'static str,
}

/// A column of this type, shown as PostgreSQL's own text.
pub(super) fn column(column: &'static str) -> Target {
    Target { before: "", column, shown: "v::text" }
}

impl Target {
    /// Copies all cases and holds target, rejects and report to what is expected of each.
    pub(super) fn holds(&self, cases: &[Case]) {
        self.holds_with(&[], cases);
    }

    /// The same with flags, which the verification gets, too.
    pub(super) fn holds_with(&self, flags: &[&str], cases: &[Case]) {
        let source = source(cases);
        let target = fresh_database();
        target.psql(&format!("{}; create table t (id bigint primary key, v {})", self.before, self.column));
        let copied = copy(&source.path(), &target, flags);
        let table = copied.table("t");

        self.check_rows(&target, cases);
        let count = |wanted: fn(&Becomes) -> Option<&'static str>| {
            let mut counts: BTreeMap<&str, u64> = BTreeMap::new();
            cases
                .iter()
                .filter_map(|case| wanted(&case.becomes))
                .for_each(|name| *counts.entry(name).or_default() += 1);
            counts
        };
        let changed = count(|becomes| match becomes {
            Becomes::Changed(_, name) | Becomes::Emptied(name) => Some(name),
            _ => None,
        });
        let warned = count(|becomes| if let Becomes::Warned(_, name) = becomes { Some(name) } else { None });
        let rejected = count(|becomes| if let Becomes::Rejected(reason) = becomes { Some(reason) } else { None });
        let reported = |field: &str| table[field].clone();
        assert_eq!(reported("normalised"), serde_json::json!(changed), "the rules of {}", self.column);
        assert_eq!(reported("warned"), serde_json::json!(warned), "the warnings of {}", self.column);
        let rows: u64 = rejected.values().sum();
        assert_eq!(reported("rejected"), rows, "the rejects of {}", self.column);
        assert_eq!(reported("digest_equal"), true, "the digests of {}", self.column);
        assert_eq!(copied.status, i32::from(rows > 0), "the exit status of {}", self.column);

        let (status, report) = verify_with(&source.path(), &target, flags);
        let lossy = table["lossy"].as_object().is_some_and(|rules| !rules.is_empty());
        let verdict = match (rows > 0, changed.is_empty(), lossy) {
            (true, ..) => "different",
            (false, true, _) => "equal",
            (false, false, false) => "equal-after-rules",
            (false, false, true) => "equal-after-loss",
        };
        assert_eq!(report["tables"][0]["verdict"], verdict, "the verdict on {}", self.column);
        assert_eq!(status, i32::from(rows > 0));
    }

    /// Compares every row with its case, and shows all that differ at once.
    fn check_rows(&self, target: &Database, cases: &[Case]) {
        let shown = object(target, &format!("select json_object_agg(id, {}) from t", self.shown));
        let reasons = object(target, "select json_object_agg(row_key, reason) from strait.reject");
        let mut wrong = String::new();
        for (at, case) in cases.iter().enumerate() {
            let id = (at + 1).to_string();
            let found = (shown.get(&id), reasons.get(&format!("rowid {id}")));
            let expected = match &case.becomes {
                Becomes::Exact(text) => (Some(text.clone().map_or(Value::Null, Value::from)), None),
                Becomes::Changed(text, _) | Becomes::Warned(text, _) => (Some(Value::from(text.as_str())), None),
                Becomes::Emptied(_) => (Some(Value::Null), None),
                Becomes::Rejected(reason) => (None, Some(Value::from(*reason))),
            };
            if found != (expected.0.as_ref(), expected.1.as_ref()) {
                let stored: String = case.stored.chars().take(200).collect();
                writeln!(wrong, "{stored}: expected {expected:?}, found {found:?}").expect("a String takes it");
            }
        }
        assert!(wrong.is_empty(), "into {}:\n{wrong}", self.column);
    }
}

fn source(cases: &[Case]) -> Source {
    let mut sql = String::from("create table t (id integer primary key, v);");
    for (at, case) in cases.iter().enumerate() {
        write!(sql, "insert into t values ({}, {});", at + 1, case.stored).expect("a String takes it");
    }
    Source::from_sql(&sql)
}

/// What a query for one JSON object gives; an empty object for NULL.
fn object(target: &Database, query: &str) -> Map<String, Value> {
    let answer = target.psql(&format!("set timezone = 'UTC'; set bytea_output = 'hex'; {query}"));
    if answer.is_empty() { Map::new() } else { serde_json::from_str(&answer).expect("the query gives an object") }
}
