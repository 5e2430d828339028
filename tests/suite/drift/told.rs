//! How a comparison is told: text, GitHub annotations, SARIF.

use serde_json::Value;

use super::{applied, path};
use crate::support::migrate::change;
use crate::support::place::Place;
use crate::support::strait;

/// What is told in a form; and that everything else about the run is quiet.
fn told(place: &Place, format: &str) -> String {
    let revisions = applied(place);
    change(place, "drop index users_by_name; alter table users add column \"50%, a:b\" text; drop table posts");
    let (folder, url) = (revisions.path(), place.url());
    let run = strait(&["drift", "--dir", path(&folder), "--database-url", &url, "--format", format]);
    assert_eq!((run.status, run.stderr.as_str()), (1, ""), "{}", run.stdout);
    run.stdout
}

#[test]
fn a_person_reads_the_differences_table_by_table() {
    for place in Place::both() {
        let text = told(&place, "text");
        for line in [
            "  users\n    compatible  users: index users_by_name is missing\n",
            "    compatible  users.50%, a:b is there and should not be\n",
            "  posts\n    breaking    table posts is missing\n",
            &format!("({}) beside ", place.engine()),
            "drift: 3 differences: 1 breaking, 2 compatible (",
        ] {
            assert!(text.contains(line), "{line} is not in: {text}");
        }
    }
}

#[test]
fn github_reads_an_annotation_for_each_difference() {
    for place in Place::both() {
        let text = told(&place, "github");
        let lines: Vec<&str> = text.lines().collect();
        assert_eq!(lines.len(), 3, "{text}");
        let column = lines.iter().find(|line| line.contains("50%25")).expect("the column is named");
        assert!(column.starts_with("::warning file="), "{column}");
        assert!(column.contains(",title=compatible drift%3A users.50%25%2C a%3Ab::"), "{column}");
        assert!(column.contains(": users.50%25, a:b is there and should not be"), "{column}");
        assert!(lines.iter().any(|line| line.starts_with("::error file=") && line.contains("table posts is missing")));
    }
}

#[test]
fn a_sarif_log_has_all_that_the_standard_requires() {
    for place in Place::both() {
        let log: Value = serde_json::from_str(&told(&place, "sarif")).expect("it is JSON");
        assert_eq!(log["version"], "2.1.0");
        assert!(log["$schema"].as_str().is_some_and(|schema| schema.ends_with("sarif-schema-2.1.0.json")));
        let runs = log["runs"].as_array().expect("runs are required");
        let driver = &runs[0]["tool"]["driver"];
        assert!(driver["name"].as_str().is_some_and(|name| !name.is_empty()), "a driver has a name");
        let rules = driver["rules"].as_array().expect("rules");
        let ids: Vec<&str> = rules.iter().map(|rule| rule["id"].as_str().expect("a rule has an id")).collect();
        assert_eq!(ids.len(), ids.iter().collect::<std::collections::BTreeSet<_>>().len(), "an id is there once");
        let results = runs[0]["results"].as_array().expect("results");
        assert_eq!(results.len(), 3, "{log:#}");
        for result in results {
            assert!(result["message"]["text"].as_str().is_some_and(|text| !text.is_empty()), "a result has a message");
            let (rule, at) =
                (result["ruleId"].as_str().expect("an id"), result["ruleIndex"].as_u64().expect("an index"));
            assert_eq!(ids[usize::try_from(at).expect("it is small")], rule);
            assert!(["none", "note", "warning", "error"].contains(&result["level"].as_str().expect("a level")));
            for location in result["locations"].as_array().expect("locations") {
                let uri = location["physicalLocation"]["artifactLocation"]["uri"].as_str().expect("a place");
                assert!(!uri.contains(['\\', ' ', '%']) || uri.contains("%20"), "{uri}");
                let names = location["logicalLocations"].as_array().expect("what it is in the database");
                assert!(names.iter().all(|name| name["fullyQualifiedName"].is_string()), "{location}");
            }
        }
        assert!(ids.contains(&"index/missing") && ids.contains(&"table/missing"), "{ids:?}");
    }
}
