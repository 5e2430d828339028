//! The changes that lead from one schema to another, in an order that can be run.
//!
//! What has another name is another thing: nothing is guessed to be renamed. The order of columns and tables is not
//! compared, because no change alters it.

mod anew;
mod own_values;

use std::collections::HashSet;

use self::anew::{conversion_text, is_fresh};
use super::language::convert::keeps_meaning;
use super::language::expression::parse_text;
use super::order::dependency_order;
use super::parts::index_columns;
use super::replay::ReplayError;
use super::{Change, Column, Constraint, EnumType, ForeignKey, Index, LogicalType, Schema, Table};

/// The changes that make one schema of another: first what is in the way goes, then tables and columns come and change,
/// then constraints and indexes come, and what is no longer wanted goes last.
///
/// Where a column cannot become what it should be, it is dropped and added anew; [`Change::destroys`] tells.
pub fn diff(from: &Schema, to: &Schema) -> Vec<Change> {
    difference(from, to).0
}

/// As [`diff`], with the changes that could not be made: where there are any, the others do not lead all the way.
pub fn difference(from: &Schema, to: &Schema) -> (Vec<Change>, Vec<ReplayError>) {
    let first = walk(from, to);
    if first.refused.is_empty() {
        return (first.changes, Vec::new());
    }
    // What stood in the way may be gone by now.
    let rest = walk(&first.state, to);
    ([first.changes, rest.changes].concat(), rest.refused)
}

fn walk<'d>(from: &Schema, to: &'d Schema) -> Differ<'d> {
    let groups = dependency_order(from).into_iter().filter(|group| group.len() > 1);
    let mut differ = Differ {
        to,
        state: from.clone(),
        changes: Vec::new(),
        refused: Vec::new(),
        rebuilt: HashSet::new(),
        circles: groups.map(|group| group.into_iter().map(|at| from.tables[at].name.clone()).collect()).collect(),
        wanted_names: to.names().map(str::to_lowercase).collect(),
    };
    differ.rebuilt = from.tables.iter().filter(|old| differ.must_be_rebuilt(old)).map(|old| old.name.clone()).collect();
    differ.cease_to_make_values();
    differ.clear_the_way();
    differ.drop_tables(true);
    differ.drop_fresh_columns();
    differ.enums();
    differ.create_tables();
    differ.columns();
    differ.add_constraints(false);
    differ.begin_to_number();
    differ.add_constraints(true);
    differ.drop_columns();
    differ.drop_tables(false);
    differ.drop_enums();
    differ
}

struct Differ<'d> {
    to: &'d Schema,
    /// The schema as the changes so far have made it.
    state: Schema,
    changes: Vec<Change>,
    /// Why changes could not be made.
    refused: Vec<ReplayError>,
    /// Tables that are dropped and created, since no change makes one of the other.
    rebuilt: HashSet<String>,
    /// Tables that refer to each other.
    circles: Vec<HashSet<String>>,
    wanted_names: HashSet<String>,
}

impl Differ<'_> {
    /// Notes a change and follows it. One that cannot be made leaves the schemas apart.
    fn make(&mut self, change: Change) {
        match self.state.apply(&change) {
            Ok(()) => self.changes.push(change),
            Err(error) => self.refused.push(error),
        }
    }

    /// A table that stays, as it will be.
    fn wanted(&self, table: &str) -> Option<&Table> {
        self.to.table(table).filter(|_| !self.rebuilt.contains(table))
    }

    /// A table needs a column that stays while others go.
    fn must_be_rebuilt(&self, old: &Table) -> bool {
        let Some(new) = self.to.table(&old.name) else { return false };
        let stays = |column: &Column| match new.column(&column.name) {
            Some(new) => !is_fresh(column, new),
            None => column.generated.is_none(),
        };
        !old.columns.iter().any(stays)
    }

    fn fresh_columns(&self, old: &Table) -> HashSet<String> {
        let Some(new) = self.wanted(&old.name) else { return HashSet::new() };
        let pairs = || old.columns.iter().filter_map(|column| Some((column, new.column(&column.name)?)));
        let changed: HashSet<&str> =
            pairs().filter(|(old, new)| old.logical != new.logical).map(|(old, _)| old.name.as_str()).collect();
        let made_of = |column: &Column| {
            let text = column.generated.as_ref().and_then(|generated| generated.expression.as_deref());
            text.and_then(|text| parse_text(text).ok())
                .is_some_and(|read| read.columns().iter().any(|name| changed.contains(name)))
        };
        let fresh = pairs().filter(|(old, new)| is_fresh(old, new) || made_of(old));
        fresh.map(|(old, _)| old.name.clone()).collect()
    }

    /// Columns whose kind of value changes, and with it the wording of expressions on them.
    fn of_another_kind(&self, old: &Table) -> HashSet<String> {
        let mut touched = self.fresh_columns(old);
        let Some(new) = self.wanted(&old.name) else { return touched };
        for column in &old.columns {
            let changes = new.column(&column.name).is_some_and(|new| !keeps_meaning(&column.logical, &new.logical));
            if changes || self.has_changed_enum(column) {
                touched.insert(column.name.clone());
            }
        }
        touched
    }

    fn has_changed_enum(&self, column: &Column) -> bool {
        matches!(&column.logical, LogicalType::Enum(known) if self.changed_enum(known).is_some())
    }

    /// An enum type that keeps its name and gets other labels.
    fn changed_enum(&self, known: &EnumType) -> Option<EnumType> {
        self.to.enums.iter().find(|wanted| wanted.name == known.name && *wanted != known).cloned()
    }

    /// Drops what cannot stay while its table changes: references first, since keys wait for them.
    fn clear_the_way(&mut self) {
        let old = self.state.clone();
        for table in &old.tables {
            for key in &table.foreign_keys {
                if !self.reference_stays(&old, table, key) {
                    self.drop_constraint(table, key.name.as_deref());
                }
            }
        }
        for table in &old.tables {
            for index in &table.indexes {
                if self.wanted(&table.name).is_some() && !self.index_stays(table, index) {
                    self.make(Change::DropIndex { name: index.name.clone() });
                }
            }
            for constraint in table.constraints() {
                let of_a_row = !matches!(constraint, Constraint::ForeignKey(_));
                if of_a_row && self.wanted(&table.name).is_some() && !self.constraint_stays(table, &constraint) {
                    self.drop_constraint(table, constraint.name());
                }
            }
        }
    }

    fn drop_constraint(&mut self, table: &Table, name: Option<&str>) {
        if let Some(name) = name {
            self.make(Change::DropConstraint { table: table.name.clone(), name: name.to_owned() });
        }
    }

    fn index_stays(&self, table: &Table, index: &Index) -> bool {
        let wanted = self.wanted(&table.name).is_some_and(|new| new.indexes.contains(index));
        let touched = self.of_another_kind(table);
        wanted && !index_columns(index).iter().any(|column| touched.contains(column))
    }

    fn constraint_stays(&self, table: &Table, constraint: &Constraint) -> bool {
        let wanted = self.wanted(&table.name).is_some_and(|new| new.constraints().any(|new| new == *constraint));
        let touched = match constraint {
            Constraint::Check(_) => self.of_another_kind(table),
            _ => self.fresh_columns(table),
        };
        wanted && !constraint.columns().iter().any(|column| touched.contains(column))
    }

    /// A reference stays when both of its sides do. One between tables that go waits for them where it can.
    fn reference_stays(&self, old: &Schema, table: &Table, key: &ForeignKey) -> bool {
        let (child_goes, parent_goes) = (self.wanted(&table.name).is_none(), self.wanted(&key.parent).is_none());
        let Some(parent) = old.table(&key.parent) else { return true };
        if child_goes && parent_goes {
            let circle =
                self.circles.iter().any(|circle| circle.contains(&table.name) && circle.contains(&parent.name));
            return table.name == parent.name || !circle && (self.goes_early(table) || !self.goes_early(parent));
        }
        if parent_goes || !child_goes && !self.constraint_stays(table, &Constraint::ForeignKey(key.clone())) {
            return false;
        }
        let retyped = parent.columns.iter().any(|column| {
            key.parent_columns.contains(&column.name)
                && self.wanted(&parent.name).and_then(|new| new.column(&column.name)).is_none_or(|new| {
                    new.logical != column.logical || is_fresh(column, new) || self.has_changed_enum(column)
                })
        });
        let mut after = parent.clone();
        after.indexes.retain(|index| self.index_stays(parent, index));
        for constraint in parent.constraints() {
            if let Some(name) = constraint.name().filter(|_| !self.constraint_stays(parent, &constraint)) {
                after.remove_constraint(name);
            }
        }
        !retyped && after.is_key(&key.parent_columns)
    }

    /// Drops tables that go: early those whose names are wanted again, the others at the end; children first.
    fn drop_tables(&mut self, early: bool) {
        let state = self.state.clone();
        for at in dependency_order(&state).into_iter().flatten().rev() {
            let table = &state.tables[at];
            if if early { self.goes_early(table) } else { self.to.table(&table.name).is_none() } {
                self.make(Change::DropTable { table: table.name.clone() });
            }
        }
        if early {
            self.rebuilt.clear();
        }
    }

    /// Tells whether a table makes room for what comes.
    fn goes_early(&self, table: &Table) -> bool {
        let alone = Schema { tables: vec![table.clone()], ..Schema::default() };
        let in_the_way = || alone.names().any(|name| self.wanted_names.contains(&name.to_lowercase()));
        let holds_a_type = || table.columns.iter().any(|column| self.has_changed_enum(column));
        self.rebuilt.contains(&table.name) || self.to.table(&table.name).is_none() && (in_the_way() || holds_a_type())
    }

    /// Drops columns that are made anew, and generated ones that go: they hold on to what they are made of.
    fn drop_fresh_columns(&mut self) {
        for table in self.state.tables.clone() {
            let Some(wanted) = self.to.table(&table.name) else { continue };
            let fresh = self.fresh_columns(&table);
            let goes = |column: &&Column| {
                fresh.contains(&column.name) || column.generated.is_some() && wanted.column(&column.name).is_none()
            };
            self.drop_columns_of(&table, table.columns.iter().filter(goes).collect());
        }
    }

    /// Drops columns, those first that are made of others, and the last ones first: the way down adds them in their old order.
    fn drop_columns_of(&mut self, table: &Table, mut columns: Vec<&Column>) {
        columns.reverse();
        columns.sort_by_key(|column| column.generated.is_none());
        for column in columns {
            self.make(Change::DropColumn { table: table.name.clone(), column: column.name.clone() });
        }
    }

    /// Creates enum types. One that gets other labels is made anew, and its columns are texts meanwhile.
    fn enums(&mut self) {
        let old = self.state.clone();
        for known in &old.enums {
            let Some(wanted) = self.changed_enum(known) else { continue };
            for table in &old.tables {
                for column in table.columns.iter().filter(|column| column.logical == LogicalType::Enum(known.clone())) {
                    let has_default = column.default.is_some();
                    let (table, column) = (table.name.clone(), column.name.clone());
                    if has_default {
                        self.make(Change::SetDefault { table: table.clone(), column: column.clone(), default: None });
                    }
                    self.make(Change::SetType { table, column, logical: LogicalType::Text, using: None });
                }
            }
            self.make(Change::DropEnum { name: known.name.clone() });
            self.make(Change::CreateEnum { name: wanted.name, labels: wanted.labels });
        }
        for wanted in &self.to.enums {
            if !self.state.enums.iter().any(|known| known.name == wanted.name) {
                self.make(Change::CreateEnum { name: wanted.name.clone(), labels: wanted.labels.clone() });
            }
        }
    }

    /// Creates tables, parents first; a reference to a key that is not there yet, or is to change its type, follows with the
    /// constraints.
    fn create_tables(&mut self) {
        for at in dependency_order(self.to).into_iter().flatten() {
            let wanted = &self.to.tables[at];
            if self.state.table(&wanted.name).is_some() {
                continue;
            }
            let mut table = Table { indexes: Vec::new(), ..wanted.clone() };
            let bare = |name: &str| {
                let parent = self.state.table(name).or_else(|| self.to.table(name))?;
                let is_new = self.state.table(name).is_none();
                Some(if is_new { Table { indexes: Vec::new(), ..parent.clone() } } else { parent.clone() })
            };
            let is_ready =
                |key: &ForeignKey| bare(&key.parent).is_some_and(|parent| parent.is_key(&key.parent_columns));
            table.foreign_keys.retain(|key| is_ready(key) && !self.is_retyped(&key.parent, &key.parent_columns));
            self.make(Change::CreateTable(table));
        }
    }

    fn columns(&mut self) {
        for wanted in &self.to.tables {
            let Some(old) = self.state.table(&wanted.name).cloned() else { continue };
            // What is made of others comes after them.
            let mut columns: Vec<&Column> = wanted.columns.iter().collect();
            columns.sort_by_key(|column| column.generated.is_some());
            for column in columns {
                match old.column(&column.name) {
                    None => self.add_column(wanted, column),
                    Some(known) => self.column(&old.name, known, column),
                }
            }
        }
    }

    fn column(&mut self, table: &str, old: &Column, new: &Column) {
        let (table, column) = (table.to_owned(), old.name.clone());
        let mut default = old.default.clone();
        if old.logical != new.logical {
            if default.is_some() && default != new.default {
                self.make(Change::SetDefault { table: table.clone(), column: column.clone(), default: None });
                default = None;
            }
            let (logical, using) = (new.logical.clone(), conversion_text(old, &new.logical).flatten());
            self.make(Change::SetType { table: table.clone(), column: column.clone(), logical, using });
        }
        if old.nullable != new.nullable {
            let (table, column) = (table.clone(), column.clone());
            self.make(Change::SetNullable { table, column, nullable: new.nullable });
        }
        if default != new.default {
            self.make(Change::SetDefault { table, column, default: new.default.clone() });
        }
    }

    /// Adds constraints and indexes that are missing; references last, since they need keys.
    fn add_constraints(&mut self, references: bool) {
        for wanted in &self.to.tables {
            for constraint in wanted.constraints() {
                let is_reference = matches!(constraint, Constraint::ForeignKey(_));
                let missing = self
                    .state
                    .table(&wanted.name)
                    .is_some_and(|table| constraint.name().is_none_or(|name| table.constraint(name).is_none()));
                if missing && is_reference == references {
                    self.make(Change::AddConstraint { table: wanted.name.clone(), constraint });
                }
            }
            for index in wanted.indexes.iter().filter(|_| !references) {
                let missing = self.state.table(&wanted.name).is_some_and(|table| !table.indexes.contains(index));
                if missing {
                    self.make(Change::CreateIndex { table: wanted.name.clone(), index: index.clone() });
                }
            }
        }
    }

    fn drop_columns(&mut self) {
        for table in self.state.tables.clone() {
            let Some(wanted) = self.to.table(&table.name) else { continue };
            let gone = table.columns.iter().filter(|column| wanted.column(&column.name).is_none());
            self.drop_columns_of(&table, gone.collect());
        }
    }

    fn drop_enums(&mut self) {
        for known in self.state.enums.clone() {
            if !self.to.enums.contains(&known) {
                self.make(Change::DropEnum { name: known.name });
            }
        }
    }
}

#[cfg(test)]
mod tests;
