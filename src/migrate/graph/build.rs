//! From nodes to a checked graph.

use std::collections::{BTreeMap, BTreeSet, HashMap};

use super::nearest::nearest;
use super::{Follow, Graph, GraphError, Node, Revision};

/// Characters that mean something in a target, so no id or label may hold them.
const RESERVED: [char; 5] = ['@', '+', '-', ':', ','];
/// Words that are targets of their own.
const WORDS: [&str; 3] = ["head", "heads", "base"];

pub(super) fn build(nodes: Vec<Node>) -> Result<Graph, GraphError> {
    let positions = positions(&nodes)?;
    let branches = branches(&nodes, &positions)?;
    let bearers: Vec<usize> = (0..nodes.len()).filter(|&at| nodes[at].optional).collect();
    let mut graph = Graph { revisions: Vec::with_capacity(nodes.len()), positions, branches, optional: Vec::new() };
    for node in nodes {
        let revision = graph.link(node)?;
        graph.revisions.push(revision);
    }
    graph.refuse_cycle(Follow::Branch)?;
    graph.link_upwards();
    graph.settle_parents();
    graph.refuse_cycle(Follow::Everything)?;
    graph.spread_labels();
    graph.settle_optional(&bearers);
    Ok(graph)
}

fn positions(nodes: &[Node]) -> Result<HashMap<String, usize>, GraphError> {
    let mut positions = HashMap::with_capacity(nodes.len());
    for (at, node) in nodes.iter().enumerate() {
        refuse_odd_name(&node.id)?;
        if positions.insert(node.id.clone(), at).is_some() {
            return Err(GraphError::Duplicate { id: node.id.clone() });
        }
    }
    Ok(positions)
}

fn branches(nodes: &[Node], positions: &HashMap<String, usize>) -> Result<BTreeMap<String, usize>, GraphError> {
    let mut branches: BTreeMap<String, usize> = BTreeMap::new();
    for (at, node) in nodes.iter().enumerate() {
        for label in &node.branches {
            refuse_odd_name(label)?;
            if positions.contains_key(label) {
                return Err(GraphError::LabelIsRevision { label: label.clone(), id: node.id.clone() });
            }
            if let Some(first) = branches.insert(label.clone(), at) {
                return Err(GraphError::DuplicateLabel {
                    label: label.clone(),
                    id: node.id.clone(),
                    first: nodes[first].id.clone(),
                });
            }
        }
    }
    Ok(branches)
}

fn refuse_odd_name(name: &str) -> Result<(), GraphError> {
    let reserved = name.chars().find(|letter| RESERVED.contains(letter) || letter.is_whitespace());
    if let Some(letter) = reserved {
        return Err(GraphError::Reserved { name: name.to_owned(), letter });
    }
    if name.is_empty() || WORDS.contains(&name) {
        return Err(GraphError::Word { name: name.to_owned() });
    }
    Ok(())
}

impl Graph {
    fn link(&self, node: Node) -> Result<Revision, GraphError> {
        let missing = |parent: &String| GraphError::MissingParent {
            id: node.id.clone(),
            parent: parent.clone(),
            nearest: nearest(parent, self.positions.keys().map(String::as_str)),
        };
        let unknown = |name: &String| GraphError::MissingDependency {
            id: node.id.clone(),
            name: name.clone(),
            nearest: nearest(name, self.positions.keys().chain(self.branches.keys()).map(String::as_str)),
        };
        let down = node.down.iter().map(|id| self.positions.get(id).copied().ok_or_else(|| missing(id)));
        let named = |name: &String| self.positions.get(name).or_else(|| self.branches.get(name)).copied();
        let dependencies = node.depends_on.iter().map(|name| named(name).ok_or_else(|| unknown(name)));
        Ok(Revision {
            down: without_repeats(down.collect::<Result<_, _>>()?),
            dependencies: without_repeats(dependencies.collect::<Result<_, _>>()?),
            id: node.id,
            ..Revision::default()
        })
    }

    fn link_upwards(&mut self) {
        for at in 0..self.len() {
            let Revision { down, dependencies, .. } = self.revisions[at].clone();
            for &parent in &down {
                self.revisions[parent].children.push(at);
            }
            for parent in without_repeats([down, dependencies].concat()) {
                self.revisions[parent].dependents.push(at);
            }
        }
    }

    /// Parents are the down revisions, then the dependencies that no revision further down the branch has as well.
    fn settle_parents(&mut self) {
        for at in 0..self.len() {
            let mut parents = self.revisions[at].down.clone();
            if !self.revisions[at].dependencies.is_empty() {
                let beneath = self.below(self.revisions[at].down.iter().copied(), Follow::Branch);
                let already: BTreeSet<usize> =
                    beneath.iter().flat_map(|&under| self.revisions[under].dependencies.iter().copied()).collect();
                parents.extend(self.revisions[at].dependencies.iter().filter(|needed| !already.contains(needed)));
            }
            self.revisions[at].parents = without_repeats(parents);
        }
    }

    /// Takes away what has nothing left below it, again and again: what stays goes in circles.
    fn refuse_cycle(&self, follow: Follow) -> Result<(), GraphError> {
        let needs = |at: usize| {
            let Revision { down, dependencies, .. } = &self.revisions[at];
            let also = if follow == Follow::Everything { dependencies.as_slice() } else { &[] };
            down.iter().chain(also).copied()
        };
        let mut waiting: Vec<usize> = (0..self.len()).map(|at| needs(at).count()).collect();
        let mut waiters: Vec<Vec<usize>> = vec![Vec::new(); self.len()];
        for at in 0..self.len() {
            needs(at).for_each(|needed| waiters[needed].push(at));
        }
        let mut free: Vec<usize> = (0..self.len()).filter(|&at| waiting[at] == 0).collect();
        while let Some(at) = free.pop() {
            for &waiter in &waiters[at] {
                waiting[waiter] -= 1;
                if waiting[waiter] == 0 {
                    free.push(waiter);
                }
            }
        }
        let Some(stuck) = waiting.iter().position(|&count| count > 0) else { return Ok(()) };
        let cycle = cycle_from(stuck, |at| needs(at).find(|&needed| waiting[needed] > 0));
        Err(GraphError::Cycle { ids: self.owned(cycle), through_dependencies: follow == Follow::Everything })
    }
}

/// Follows a way that never ends until it meets itself, and gives the part that repeats.
fn cycle_from(start: usize, next: impl Fn(usize) -> Option<usize>) -> Vec<usize> {
    let mut way = vec![start];
    while let Some(at) = way.last().and_then(|&at| next(at)) {
        if let Some(first) = way.iter().position(|&seen| seen == at) {
            return way.split_off(first);
        }
        way.push(at);
    }
    way
}

fn without_repeats(positions: Vec<usize>) -> Vec<usize> {
    let mut seen = BTreeSet::new();
    positions.into_iter().filter(|&at| seen.insert(at)).collect()
}
