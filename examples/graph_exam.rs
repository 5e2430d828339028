//! Answers planning questions, one JSON line each, for the exam against Alembic.
//!
//! A question is a graph and operations on it: `{"graph": [[id, [down], [depends_on], [branches]], …],
//! "operations": [[[row, …], "up" | "down" | "stamp" | "purge", [target, …]], …]}`. The answer is
//! `{"heads": […], "rows_at_heads": […], "labels": [[…], …], "answers": [{"steps": ["+id", "-id"], "rows": […]} |
//! {"refused": "why"}, …]}`; labels follow the graph's order.

use std::collections::BTreeSet;
use std::error::Error;
use std::io::{BufRead, Write, stdin, stdout};

use serde_json::{Value, json};
use strait::migrate::graph::{Graph, Node, Step, Target, Way};

fn main() -> Result<(), Box<dyn Error>> {
    let mut out = stdout().lock();
    for line in stdin().lock().lines() {
        let question: Value = serde_json::from_str(&line?)?;
        writeln!(out, "{}", answer(&question))?;
        out.flush()?;
    }
    Ok(())
}

fn answer(question: &Value) -> Value {
    let graph = match Graph::new(items(&question["graph"]).iter().map(node).collect()) {
        Ok(graph) => graph,
        Err(error) => return json!({ "refused": error.to_string() }),
    };
    let answers: Vec<Value> = items(&question["operations"])
        .iter()
        .map(|operation| operate(&graph, operation).unwrap_or_else(|refused| json!({ "refused": refused })))
        .collect();
    let labels: Vec<Vec<&str>> = graph.ids().map(|id| graph.labels(id)).collect();
    json!({ "heads": graph.heads(), "rows_at_heads": graph.rows_at_heads(), "labels": labels, "answers": answers })
}

fn operate(graph: &Graph, operation: &Value) -> Result<Value, String> {
    let rows = texts(&operation[0]);
    let targets = texts(&operation[2]);
    let targets = targets.iter().map(|typed| typed.parse::<Target>()).collect::<Result<Vec<_>, _>>();
    let targets = targets.map_err(|error| error.to_string())?;
    let mut after: BTreeSet<String> = rows.iter().cloned().collect();
    let one = || targets.first().ok_or_else(|| "no target".to_owned());
    let planned = match operation[1].as_str() {
        Some("up") => graph.up(&rows, one()?),
        Some("down") => graph.down(&rows, one()?),
        Some(stamp) => {
            let change =
                if stamp == "purge" { graph.stamp_purged(&rows, &targets) } else { graph.stamp(&rows, &targets) };
            change.map_err(|error| error.to_string())?.apply(&mut after)?;
            return Ok(json!({ "steps": [], "rows": after }));
        }
        None => return Err("no command".to_owned()),
    };
    let steps = planned.map_err(|error| error.to_string())?;
    for step in &steps {
        step.version.apply(&mut after)?;
    }
    Ok(json!({ "steps": steps.iter().map(sign).collect::<Vec<_>>(), "rows": after }))
}

fn sign(step: &Step) -> String {
    let sign = if step.way == Way::Up { '+' } else { '-' };
    format!("{sign}{}", step.id)
}

fn node(value: &Value) -> Node {
    let id = value[0].as_str().unwrap_or_default().to_owned();
    Node { id, down: texts(&value[1]), depends_on: texts(&value[2]), branches: texts(&value[3]), optional: false }
}

fn items(value: &Value) -> &[Value] {
    value.as_array().map_or(&[], Vec::as_slice)
}

fn texts(value: &Value) -> Vec<String> {
    items(value).iter().filter_map(Value::as_str).map(str::to_owned).collect()
}
