//! Graphs as people draw them, and random ones: what holds for every plan.

mod drawn;
mod optional;
mod random;

use std::collections::BTreeSet;

use super::{Follow, Graph, Node, PlanError, Step, Target, Way};

/// Draws a graph, one line for each revision: `id: down down, needs x y, branch z, optional`.
fn draw(lines: &[&str]) -> Graph {
    Graph::new(lines.iter().map(|line| node(line)).collect()).expect("the drawing is a graph")
}

fn node(line: &str) -> Node {
    let (id, rest) = line.split_once(':').unwrap_or((line, ""));
    let mut node = Node { id: id.trim().to_owned(), ..Node::default() };
    for part in rest.split(',') {
        let mut words = part.split_whitespace().map(str::to_owned).peekable();
        match words.peek().map(String::as_str) {
            Some("needs") => node.depends_on = words.skip(1).collect(),
            Some("branch") => node.branches = words.skip(1).collect(),
            Some("optional") => node.optional = true,
            _ => node.down = words.collect(),
        }
    }
    node
}

fn rows(names: &str) -> Vec<String> {
    names.split_whitespace().map(str::to_owned).collect()
}

fn target(typed: &str) -> Target {
    typed.parse().expect("it is a target")
}

/// Plans, and shows the steps as `+one -two`.
fn planned(graph: &Graph, before: &str, way: Way, typed: &str) -> Result<String, PlanError> {
    let plan = match way {
        Way::Up => graph.up(&rows(before), &target(typed)),
        Way::Down => graph.down(&rows(before), &target(typed)),
    };
    plan.map(|steps| steps.iter().map(shown).collect::<Vec<_>>().join(" "))
}

fn shown(step: &Step) -> String {
    let sign = if step.way == Way::Up { '+' } else { '-' };
    format!("{sign}{}", step.id)
}

/// The rows after a plan; each step is checked against what is applied.
fn rows_after(graph: &Graph, before: &[String], steps: &[Step]) -> Vec<String> {
    let mut rows: BTreeSet<String> = before.iter().cloned().collect();
    let below = |id: &str| -> BTreeSet<String> {
        graph.ancestors([id], Follow::Everything).into_iter().map(str::to_owned).collect()
    };
    let mut applied: BTreeSet<String> = before.iter().flat_map(|row| below(row)).collect();
    for step in steps {
        let Step { id, way, version } = step;
        version.apply(&mut rows).unwrap_or_else(|row| panic!("{id} {way} changes row {row}, which is not there"));
        match way {
            Way::Up => {
                assert!(applied.insert(id.clone()), "{id} runs twice");
                assert!(below(id).is_subset(&applied), "{id} runs before what it needs");
            }
            Way::Down => {
                assert!(applied.remove(id), "{id} is reverted twice");
                assert!(applied.iter().all(|other| !below(other).contains(id)), "{id} goes before what needs it");
            }
        }
        let covered = |id: &String| applied.iter().any(|other| other != id && below(other).contains(id));
        let heads: BTreeSet<String> = applied.iter().filter(|id| !covered(id)).cloned().collect();
        assert_eq!(rows, heads, "after {id} {way} the rows are the heads of what is applied");
    }
    rows.into_iter().collect()
}
