//! The order in which tables are loaded: parents before children, cycles together.

use std::collections::HashMap;

use super::{ForeignKey, Schema};

/// Groups a schema's tables so that every table comes after the tables it refers to.
///
/// A group of more than one table is a cycle of references; a self-reference alone makes no cycle.
/// Groups hold indexes into `schema.tables`; tables that do not depend on each other keep the schema's order.
pub fn dependency_order(schema: &Schema) -> Vec<Vec<usize>> {
    let index: HashMap<&str, usize> =
        schema.tables.iter().enumerate().map(|(at, table)| (table.name.as_str(), at)).collect();
    let parent = |key: &ForeignKey| index.get(key.parent.as_str()).copied().filter(|_| key.parent_schema.is_none());
    let parents: Vec<Vec<usize>> =
        schema.tables.iter().map(|table| table.foreign_keys.iter().filter_map(parent).collect()).collect();
    components(&parents)
}

/// Groups things by their places so that each comes after those that it needs; `needed` lists these for each. A group of
/// more than one is a circle.
pub(crate) fn components(needed: &[Vec<usize>]) -> Vec<Vec<usize>> {
    Components::of(needed)
}

/// Tarjan's strongly connected components, with its own stack so that a chain of 100,000 tables is no danger.
/// Source: R. Tarjan, "Depth-first search and linear graph algorithms", 1972. Components come out parents first,
/// because an arrow leads from a child to its parent.
struct Components<'g> {
    parents: &'g [Vec<usize>],
    visited: Vec<Option<usize>>,
    lowest: Vec<usize>,
    open: Vec<bool>,
    stack: Vec<usize>,
    next: usize,
    groups: Vec<Vec<usize>>,
}

impl<'g> Components<'g> {
    fn of(parents: &'g [Vec<usize>]) -> Vec<Vec<usize>> {
        let count = parents.len();
        let mut search = Self {
            parents,
            visited: vec![None; count],
            lowest: vec![0; count],
            open: vec![false; count],
            stack: Vec::new(),
            next: 0,
            groups: Vec::new(),
        };
        for table in 0..count {
            if search.visited[table].is_none() {
                search.walk_from(table);
            }
        }
        search.groups
    }

    fn walk_from(&mut self, root: usize) {
        let mut path = vec![(root, 0)];
        self.enter(root);
        while let Some((table, at)) = path.last().copied() {
            if let Some(&parent) = self.parents[table].get(at) {
                path.last_mut().expect("the path is not empty here").1 += 1;
                self.step(table, parent, &mut path);
            } else {
                path.pop();
                self.leave(table);
                if let Some(&(child, _)) = path.last() {
                    self.lowest[child] = self.lowest[child].min(self.lowest[table]);
                }
            }
        }
    }

    fn enter(&mut self, table: usize) {
        self.visited[table] = Some(self.next);
        self.lowest[table] = self.next;
        self.next += 1;
        self.stack.push(table);
        self.open[table] = true;
    }

    fn step(&mut self, table: usize, parent: usize, path: &mut Vec<(usize, usize)>) {
        match self.visited[parent] {
            None => {
                self.enter(parent);
                path.push((parent, 0));
            }
            Some(seen) if self.open[parent] => self.lowest[table] = self.lowest[table].min(seen),
            Some(_) => {}
        }
    }

    fn leave(&mut self, table: usize) {
        if Some(self.lowest[table]) != self.visited[table] {
            return;
        }
        let start = self.stack.iter().rposition(|&open| open == table).unwrap_or(0);
        let mut group = self.stack.split_off(start);
        for &member in &group {
            self.open[member] = false;
        }
        group.sort_unstable();
        self.groups.push(group);
    }
}

#[cfg(test)]
mod tests {
    use super::super::{Deferrable, ForeignKey, Table};
    use super::*;

    fn schema(references: &[(&str, &[&str])]) -> Schema {
        let tables = references
            .iter()
            .map(|(name, parents)| Table {
                name: (*name).to_owned(),
                foreign_keys: parents.iter().map(|parent| reference_to(parent)).collect(),
                ..Table::default()
            })
            .collect();
        Schema { tables, ..Schema::default() }
    }

    fn reference_to(parent: &str) -> ForeignKey {
        ForeignKey {
            name: None,
            columns: vec!["p".into()],
            parent: parent.to_owned(),
            parent_columns: vec!["id".into()],
            on_delete: "NO ACTION".into(),
            on_update: "NO ACTION".into(),
            deferrable: Deferrable::No,
            parent_schema: None,
            match_full: false,
        }
    }

    fn names(schema: &Schema) -> Vec<Vec<&str>> {
        dependency_order(schema)
            .iter()
            .map(|group| group.iter().map(|&table| schema.tables[table].name.as_str()).collect())
            .collect()
    }

    #[test]
    fn parents_come_before_children_whatever_the_order_in_the_file() {
        let schema = schema(&[("grandchild", &["child"]), ("child", &["parent"]), ("parent", &[])]);
        assert_eq!(names(&schema), [["parent"], ["child"], ["grandchild"]]);
    }

    #[test]
    fn a_cycle_is_one_group_and_its_outsiders_keep_their_place() {
        let schema = schema(&[("plan", &[]), ("user", &["order", "plan"]), ("order", &["user"]), ("item", &["order"])]);
        assert_eq!(names(&schema), [vec!["plan"], vec!["user", "order"], vec!["item"]]);
    }

    #[test]
    fn a_self_reference_is_no_cycle_and_a_missing_parent_no_error() {
        let schema = schema(&[("folder", &["folder", "gone"])]);
        assert_eq!(names(&schema), [["folder"]]);
    }

    #[test]
    fn a_chain_of_a_hundred_thousand_tables_does_not_exhaust_the_stack() {
        let count: usize = 100_000;
        let names: Vec<String> = (0..count).map(|at| format!("t{at}")).collect();
        let tables = (0..count)
            .map(|at| Table {
                name: names[at].clone(),
                foreign_keys: names.get(at + 1).map(|parent| reference_to(parent)).into_iter().collect(),
                ..Table::default()
            })
            .collect();
        let order = dependency_order(&Schema { tables, ..Schema::default() });
        assert_eq!(order.first(), Some(&vec![count - 1]));
        assert_eq!(order.len(), count);
    }
}
