//! Columns that begin or cease to make their values themselves: those that number rows, and generated ones.

use super::Differ;
use super::anew::is_fresh;
use crate::schema::{Change, Column, Constraint, Table};

impl Differ<'_> {
    /// Lets columns keep their values as plain ones before anything else changes: keys and what they are made of may go then.
    pub(super) fn cease_to_make_values(&mut self) {
        for wanted in &self.to.tables {
            let Some(old) = self.state.table(&wanted.name).cloned() else { continue };
            if self.rebuilt.contains(&old.name) {
                continue;
            }
            for column in &old.columns {
                let (table, name) = (old.name.clone(), column.name.clone());
                let new = wanted.column(&name).filter(|new| !is_fresh(column, new));
                if column.identity.is_some() && !numbers_on(&old, wanted, new) {
                    self.make(Change::SetIdentity { table, column: name, numbers: false });
                } else if column.generated.is_some() && new.is_some_and(|new| new.generated.is_none()) {
                    self.make(Change::DropExpression { table, column: name });
                }
            }
        }
    }

    /// Lets columns number rows once their keys are there.
    pub(super) fn begin_to_number(&mut self) {
        for wanted in &self.to.tables {
            for column in wanted.columns.iter().filter(|column| column.identity.is_some()) {
                let known = self.state.table(&wanted.name).and_then(|known| known.column(&column.name));
                if known.is_some_and(|known| known.identity.is_none()) {
                    let (table, column) = (wanted.name.clone(), column.name.clone());
                    self.make(Change::SetIdentity { table, column, numbers: true });
                }
            }
        }
    }

    /// Adds a column; one that numbers rows comes with its key.
    pub(super) fn add_column(&mut self, table: &Table, column: &Column) {
        self.make(Change::AddColumn { table: table.name.clone(), column: column.clone() });
        if let Some(key) = table.primary_key.clone().filter(|_| column.identity.is_some()) {
            self.make(Change::AddConstraint { table: table.name.clone(), constraint: Constraint::PrimaryKey(key) });
        }
    }
}

/// Whether a column numbers rows on, by the same key.
fn numbers_on(old: &Table, wanted: &Table, new: Option<&Column>) -> bool {
    new.is_some_and(|new| new.identity.is_some()) && old.primary_key == wanted.primary_key
}
