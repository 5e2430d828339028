//! Plans agree with Alembic's: its own answers, recorded by `scripts/alembic-exam record`, are replayed here.

use std::collections::BTreeSet;
use std::path::{Path, PathBuf};

use serde_json::Value;
use strait::migrate::graph::{Graph, Node, PlanError, Target, Way};

/// Fewer recorded operations than this would prove little.
const ENOUGH: usize = 2_000;

/// What happened: the steps in order, and the rows after them.
type Answer = (Vec<String>, Vec<String>);

fn records() -> Vec<(PathBuf, Vec<Value>)> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/cases/alembic");
    let entries = std::fs::read_dir(folder).expect("the records are there");
    let mut paths: Vec<PathBuf> = entries.map(|entry| entry.expect("it can be read").path()).collect();
    paths.sort();
    let lines = |path: &Path| {
        let text = std::fs::read_to_string(path).expect("the record can be read");
        text.lines().map(|line| serde_json::from_str(line).expect("it is JSON")).collect()
    };
    paths.into_iter().map(|path| (path.clone(), lines(&path))).collect()
}

fn texts(value: &Value) -> Vec<String> {
    let items = value.as_array().expect("it is a list");
    items.iter().map(|item| item.as_str().expect("it is text").to_owned()).collect()
}

fn graph(value: &Value) -> Graph {
    let node = |value: &Value| Node {
        id: value[0].as_str().expect("a revision has an id").to_owned(),
        down: texts(&value[1]),
        depends_on: texts(&value[2]),
        branches: texts(&value[3]),
        optional: false,
    };
    let nodes = value.as_array().expect("a graph is a list").iter().map(node).collect();
    Graph::new(nodes).expect("Alembic took this graph")
}

fn answer(graph: &Graph, operation: &Value) -> Result<Answer, PlanError> {
    let rows = texts(&operation[0]);
    let targets = texts(&operation[2]).iter().map(|typed| typed.parse()).collect::<Result<Vec<Target>, _>>()?;
    let mut after: BTreeSet<String> = rows.iter().cloned().collect();
    let mut ran = Vec::new();
    let steps = match operation[1].as_str().expect("a command is text") {
        "up" => graph.up(&rows, &targets[0])?,
        "down" => graph.down(&rows, &targets[0])?,
        command => {
            let change =
                if command == "purge" { graph.stamp_purged(&rows, &targets) } else { graph.stamp(&rows, &targets) };
            change?.apply(&mut after).expect("no row is missing");
            Vec::new()
        }
    };
    for step in steps {
        step.version.apply(&mut after).expect("no row is missing");
        ran.push(format!("{}{}", if step.way == Way::Up { '+' } else { '-' }, step.id));
    }
    Ok((ran, after.into_iter().collect()))
}

/// Alembic's order is free where it comes from a set: then the same revisions run, in an order of ours.
fn comparable((mut steps, rows): Answer, order: &str) -> Answer {
    if order == "free" {
        steps.sort();
    }
    (steps, rows)
}

#[test]
fn every_recorded_answer_of_alembic_is_ours() {
    let mut compared = 0;
    for (path, lines) in records() {
        for case in &lines[1..] {
            let graph = graph(&case["graph"]);
            for operation in case["operations"].as_array().expect("operations are a list") {
                let order = operation[3].as_str().expect("the order is text");
                let found = answer(&graph, operation).ok().map(|answer| comparable(answer, order));
                let recorded = || comparable((texts(&operation[4]), texts(&operation[5])), order);
                let expected = (order != "refused").then(recorded);
                assert_eq!(found, expected, "{}: {operation} on {}", path.display(), case["graph"]);
                compared += 1;
            }
        }
    }
    assert!(compared > ENOUGH, "only {compared} operations are recorded");
}

#[test]
fn heads_and_labels_are_alembics() {
    for (path, lines) in records() {
        for case in &lines[1..] {
            let graph = graph(&case["graph"]);
            let labels: Vec<Vec<&str>> = graph.ids().map(|id| graph.labels(id)).collect();
            let expected: Vec<Vec<String>> =
                case["labels"].as_array().expect("labels are a list").iter().map(texts).collect();
            assert_eq!(labels, expected, "{}: {}", path.display(), case["graph"]);
            assert_eq!(graph.heads(), texts(&case["heads"]), "{}: {}", path.display(), case["graph"]);
            assert_eq!(graph.rows_at_heads(), texts(&case["rows_at_heads"]), "{}", path.display());
        }
    }
}

#[test]
fn a_record_names_the_alembic_it_was_made_with() {
    for (path, lines) in records() {
        assert!(lines[0]["alembic"].is_string(), "{} does not say which Alembic answered", path.display());
    }
}
