//! The described systems beside real databases: what is there is what the revisions make.

use serde_json::Value;

use crate::support::place::Place;
use crate::support::{Source, fixture, fresh_database, strait};

/// Runs `drift` for a system with more arguments; gives the exit status and the report.
fn drift(system: &str, arguments: &[&str]) -> (i32, Value) {
    let run = strait(&[&["drift", "--system", system, "--format", "json", "--quiet"], arguments].concat());
    let report = serde_json::from_str(&run.stdout);
    (run.status, report.unwrap_or_else(|error| panic!("{error}: {}{}", run.stdout, run.stderr)))
}

fn migrate(system: &str, url: &str, verb: &[&str]) {
    let run = strait(&[&["migrate"], verb, &["--system", system, "--database-url", url]].concat());
    assert_eq!(run.status, 0, "{}{}", run.stdout, run.stderr);
}

#[test]
fn open_webui_s_own_database_has_no_drift() {
    let source = Source::from_fixture("open-webui-0.5.11.db");
    let path = source.path();
    let url = path.to_str().expect("the path is UTF-8");
    // Before it is taken over, Alembic's table says where it is.
    let (status, report) = drift("open-webui", &["--database-url", url]);
    assert_eq!((status, &report["equal"]), (0, &Value::Bool(true)), "{report:#}");
    assert_eq!(report["comparisons"][0]["recorded_by"]["tool"], "Alembic");
    migrate("open-webui", url, &["adopt"]);
    let (status, report) = drift("open-webui", &["--database-url", url]);
    assert_eq!((status, &report["comparisons"][0]["differences"]), (0, &Value::Array(Vec::new())), "{report:#}");
    assert_eq!(report["comparisons"][0]["revisions"], serde_json::json!(["3781e22d8b01"]));
    source.connect().execute_batch("alter table chat add column strange int").expect("it can be altered");
    let (status, report) = drift("open-webui", &["--database-url", url]);
    assert_eq!(status, 1);
    assert_eq!(report["comparisons"][0]["differences"][0]["sentence"], "chat.strange is there and should not be");
}

#[test]
fn open_webui_s_own_postgresql_schema_has_no_drift() {
    let target = fresh_database();
    target.psql(&std::fs::read_to_string(fixture("open-webui-0.5.11.postgres.sql")).expect("the schema can be read"));
    migrate("open-webui", target.url(), &["stamp", "3781e22d8b01"]);
    let (status, report) = drift("open-webui", &["--database-url", target.url()]);
    assert_eq!((status, &report["equal"]), (0, &Value::Bool(true)), "{report:#}");
}

#[test]
fn both_engines_of_every_system_agree() {
    for system in ["chatbot-saas", "emotionscare", "open-webui", "windflow"] {
        let [sqlite, postgres] = Place::both();
        for place in [&sqlite, &postgres] {
            migrate(system, &place.url(), &["up", "heads"]);
            let (status, report) = drift(system, &["--database-url", &place.url()]);
            assert_eq!((status, &report["equal"]), (0, &Value::Bool(true)), "{system}: {report:#}");
            let (status, report) = drift(system, &["--schema", "--database-url", &place.url()]);
            assert_eq!((status, &report["equal"]), (0, &Value::Bool(true)), "{system}: {report:#}");
        }
        let (status, report) = drift(system, &["--parity", &sqlite.url(), &postgres.url()]);
        assert_eq!((status, &report["equal"]), (0, &Value::Bool(true)), "{system}: {report:#}");
        assert_eq!(left_open(&report), if system == "open-webui" { &OPEN[..] } else { &[] }, "{system}");
    }
}

/// What Open WebUI's own two forms leave open: what its DATETIME columns hold, and in which zone `now()` is told.
const OPEN: [&str; 4] = [
    "chat.created_at: type datetime; bigint",
    "chat.updated_at: type datetime; bigint",
    "config.created_at: default current_timestamp; now()",
    "config.updated_at: default current_timestamp; now()",
];

/// The gaps that lie between the words of both engines.
fn left_open(report: &Value) -> Vec<String> {
    let gaps = report["gaps"].as_array().expect("a list").iter();
    let of_both = gaps.filter(|gap| gap["engine"] == "both engines");
    of_both.map(|gap| format!("{}: {}", gap["subject"], gap["what"]).replace('"', "")).collect()
}
