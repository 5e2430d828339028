//! What a comparison found, as a SARIF log that code scanning reads.
//!
//! Source: OASIS, "Static Analysis Results Interchange Format (SARIF) Version 2.1.0".

use serde_json::{Value, json};

use crate::drift::outcome::{Comparison, DriftReport, Told};
use crate::schema::inventory::Grade;

const SCHEMA: &str = "https://docs.oasis-open.org/sarif/sarif/v2.1.0/errata01/os/schemas/sarif-schema-2.1.0.json";
/// Stands for the file where no file says what should be: code scanning takes no result without one.
const NO_FILE: &str = "database";
const PENDING: &str = "revision/pending";
const PROBLEM: &str = "revision/problem";

/// The whole log: one run, a rule for each kind of difference that occurs, a result for each difference.
pub(super) fn document(report: &DriftReport) -> Value {
    let mut rules: Vec<Rule> = Vec::new();
    let mut results = Vec::new();
    for comparison in &report.comparisons {
        for told in &comparison.differences {
            let at = rule(&mut rules, rule_id(told), sentence_of(told), told.grade);
            results.push(of_difference(comparison, told, &rules[at], at));
        }
        for revision in &comparison.pending {
            let at = rule(&mut rules, PENDING.into(), "A revision is not applied.".into(), Grade::Breaking);
            let message = format!("{}: {revision} is not applied", comparison.found);
            results.push(result(&rules[at], at, "error", &message, locations(comparison, None)));
        }
    }
    for problem in &report.problems {
        let at = rule(&mut rules, PROBLEM.into(), "Folder and records disagree.".into(), Grade::Breaking);
        let locations = report.comparisons.first().map_or_else(|| json!([]), |comparison| locations(comparison, None));
        results.push(result(&rules[at], at, "error", problem, locations));
    }
    let rules: Vec<Value> = rules.iter().map(Rule::told).collect();
    log(&rules, &results, json!({ "executionSuccessful": true }))
}

/// The log of a run that could not compare: no results, and why in a notification.
pub(super) fn failure(message: &str, exit_code: u8) -> Value {
    let notification = json!({ "level": "error", "message": { "text": message } });
    let invocation = json!({
        "executionSuccessful": false,
        "exitCode": exit_code,
        "toolExecutionNotifications": [notification],
    });
    log(&[], &[], invocation)
}

fn log(rules: &[Value], results: &[Value], invocation: Value) -> Value {
    json!({
        "$schema": SCHEMA,
        "version": "2.1.0",
        "runs": [{
            "tool": { "driver": { "name": "strait", "version": env!("CARGO_PKG_VERSION"), "rules": rules } },
            "invocations": [invocation],
            "columnKind": "unicodeCodePoints",
            "results": results,
        }],
    })
}

/// What is found again and again under one name.
struct Rule {
    id: String,
    sentence: String,
    grade: Grade,
}

impl Rule {
    fn told(&self) -> Value {
        json!({
            "id": self.id,
            "shortDescription": { "text": self.sentence },
            "defaultConfiguration": { "level": level(self.grade) },
        })
    }
}

/// The place of a rule; it is added when it comes for the first time.
fn rule(rules: &mut Vec<Rule>, id: String, sentence: String, grade: Grade) -> usize {
    rules.iter().position(|rule| rule.id == id).unwrap_or_else(|| {
        rules.push(Rule { id, sentence, grade });
        rules.len() - 1
    })
}

/// `column/type`, `table/missing`.
fn rule_id(told: &Told) -> String {
    let what = told.fact.as_deref().unwrap_or(told.difference);
    format!("{}/{}", told.kind.name(), what).replace(' ', "-")
}

fn sentence_of(told: &Told) -> String {
    let kind = told.kind.name();
    let article = if kind.starts_with(['a', 'e', 'i', 'o']) { "An" } else { "A" };
    match (told.difference, &told.fact) {
        ("missing", _) => format!("{article} {kind} is missing."),
        ("unexpected", _) => format!("{article} {kind} is there and should not be."),
        (_, Some(fact)) => format!("{article} {kind} has another {fact} than it should."),
        _ => format!("The columns of a {kind} stand in another order."),
    }
}

fn of_difference(comparison: &Comparison, told: &Told, rule: &Rule, at: usize) -> Value {
    let message = format!("{} ({}): {}", comparison.found, comparison.engine.name(), told.sentence);
    let mut result = result(rule, at, level(told.grade), &message, locations(comparison, Some(told)));
    result["properties"] = json!({
        "grade": told.grade,
        "engine": comparison.engine,
        "expected": told.expected,
        "found": told.found,
        "mend": told.mend,
    });
    // The same difference is known again in the next run; a folder may differ on one engine alone.
    let fingerprint = format!("{}|{}|{}", comparison.engine.name(), rule.id, told.subject);
    result["partialFingerprints"] = json!({ "drift/v2": fingerprint });
    result
}

fn result(rule: &Rule, at: usize, level: &str, message: &str, locations: Value) -> Value {
    json!({ "ruleId": rule.id, "ruleIndex": at, "level": level, "message": { "text": message }, "locations": locations })
}

/// The file that says what should be, where one does, and the thing in the database.
fn locations(comparison: &Comparison, told: Option<&Told>) -> Value {
    let mut location = json!({});
    let file = comparison.file.as_deref().unwrap_or(NO_FILE);
    let line = told.and_then(|told| told.line).unwrap_or(1);
    location["physicalLocation"] = json!({ "artifactLocation": { "uri": uri(file) }, "region": { "startLine": line } });
    if let Some(told) = told {
        location["logicalLocations"] = json!([{ "fullyQualifiedName": told.subject, "kind": told.kind.name() }]);
    }
    json!([location])
}

/// A path as a URI reference.
fn uri(path: &str) -> String {
    const KEPT: &percent_encoding::AsciiSet =
        &percent_encoding::NON_ALPHANUMERIC.remove(b'/').remove(b'.').remove(b'-').remove(b'_').remove(b'~');
    percent_encoding::utf8_percent_encode(path, KEPT).to_string()
}

fn level(grade: Grade) -> &'static str {
    match grade {
        Grade::Cosmetic => "note",
        Grade::Compatible => "warning",
        Grade::Breaking => "error",
    }
}
