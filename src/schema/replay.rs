//! Replays changes on a schema: what a database would be after them, without a database.

mod own;

use super::language::convert::keeps_meaning;
use super::language::expression::{fit, parse_text};
use super::parts::{index_columns, rename_in};
use super::{Change, Column, Constraint, EnumType, ForeignKey, Index, LogicalType, Schema, Table};

/// Why a change cannot be made to a schema.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum ReplayError {
    /// Something is not there.
    #[error("there is no {what} {name}")]
    Missing {
        /// What it would be.
        what: &'static str,
        /// Its name.
        name: String,
    },
    /// A name is in use.
    #[error("the name {name} is taken by {by}")]
    Taken {
        /// The name.
        name: String,
        /// What has it.
        by: String,
    },
    /// Something else depends on what would go or change.
    #[error("{what} is used by {by}; drop that first, and add it again afterwards where it is still wanted")]
    Needed {
        /// What would go or change.
        what: String,
        /// What depends on it.
        by: String,
    },
    /// The change makes no sense here.
    #[error("{what}: {why}")]
    Unfit {
        /// What would change.
        what: String,
        /// Why it cannot.
        why: String,
    },
}

type Replayed = Result<(), ReplayError>;

fn missing<T>(what: &'static str, name: &str) -> Result<T, ReplayError> {
    Err(ReplayError::Missing { what, name: name.to_owned() })
}

fn unfit<T>(what: impl Into<String>, why: impl Into<String>) -> Result<T, ReplayError> {
    Err(ReplayError::Unfit { what: what.into(), why: why.into() })
}

fn needed<T>(what: impl Into<String>, by: impl Into<String>) -> Result<T, ReplayError> {
    Err(ReplayError::Needed { what: what.into(), by: by.into() })
}

impl Schema {
    /// Every name in use: tables, enum types, constraints and indexes share one list.
    pub fn names(&self) -> impl Iterator<Item = &str> {
        let tables = self.tables.iter().flat_map(|table| {
            let own = std::iter::once(table.name.as_str());
            own.chain(table.constraint_names()).chain(table.indexes.iter().map(|index| index.name.as_str()))
        });
        tables.chain(self.enums.iter().map(|known| known.name.as_str()))
    }

    /// Makes a change, or says why it cannot be made; the schema is as it was then.
    pub fn apply(&mut self, change: &Change) -> Replayed {
        match change {
            Change::CreateEnum { name, labels } => {
                self.free(name)?;
                self.enums.push(EnumType { name: name.clone(), labels: labels.clone() });
                Ok(())
            }
            Change::DropEnum { name } => self.drop_enum(name),
            Change::CreateTable(table) => self.create_table(table),
            Change::DropTable { table } => self.drop_table(table),
            Change::RenameTable { table, to } => self.rename_table(table, to),
            Change::AddColumn { table, column } => self.table_mut(table)?.add_column(column),
            Change::DropColumn { table, column } => self.drop_column(table, column),
            Change::RenameColumn { table, column, to } => self.rename_column(table, column, to),
            Change::SetType { table, column, logical, .. } => self.set_type(table, column, logical),
            Change::SetDefault { table, column, default } => self.set_default(table, column, default.as_ref()),
            Change::SetNullable { table, column, nullable } => self.set_nullable(table, column, *nullable),
            Change::SetIdentity { table, column, numbers } => self.table_mut(table)?.set_identity(column, *numbers),
            Change::DropExpression { table, column } => self.table_mut(table)?.drop_expression(column),
            Change::AddConstraint { table, constraint } => self.add_constraint(table, constraint),
            Change::DropConstraint { table, name } => self.drop_constraint(table, name),
            Change::CreateIndex { table, index } => self.create_index(table, index),
            Change::DropIndex { name } => self.drop_index(name),
            Change::RenameIndex { name, to } => self.rename_index(name, to),
        }
    }

    fn table_mut(&mut self, name: &str) -> Result<&mut Table, ReplayError> {
        let found = self.tables.iter_mut().find(|table| table.name == name);
        found.map_or_else(|| missing("table", name), Ok)
    }

    fn free(&self, name: &str) -> Replayed {
        // SQLite tells names apart without regard to case.
        match self.names().find(|taken| taken.eq_ignore_ascii_case(name)) {
            Some(taken) => Err(ReplayError::Taken {
                name: name.to_owned(),
                by: format!("a table, type, constraint or index {taken}"),
            }),
            None => Ok(()),
        }
    }

    fn drop_enum(&mut self, name: &str) -> Replayed {
        let Some(at) = self.enums.iter().position(|known| known.name == name) else {
            return missing("enum type", name);
        };
        let has = |column: &&Column| matches!(&column.logical, LogicalType::Enum(known) if known.name == name);
        for table in &self.tables {
            if let Some(column) = table.columns.iter().find(has) {
                return needed(format!("enum type {name}"), format!("column {}.{}", table.name, column.name));
            }
        }
        self.enums.remove(at);
        Ok(())
    }

    fn create_table(&mut self, table: &Table) -> Replayed {
        self.free(&table.name)?;
        for name in table.constraint_names() {
            self.free(name)?;
        }
        for key in &table.foreign_keys {
            let parent = if key.parent == table.name { Some(table) } else { self.table(&key.parent) };
            refers_to_a_key(&table.name, key, parent)?;
        }
        for (child, key) in self.references_to(&table.name) {
            refers_to_a_key(&child.name, key, Some(table))?;
        }
        self.tables.push(table.clone());
        Ok(())
    }

    /// References of other tables to one.
    pub fn references_to<'s>(&'s self, parent: &'s str) -> impl Iterator<Item = (&'s Table, &'s ForeignKey)> {
        let others = self.tables.iter().filter(move |table| table.name != parent);
        others
            .flat_map(|table| table.foreign_keys.iter().map(move |key| (table, key)))
            .filter(move |(_, key)| key.parent == parent)
    }

    fn drop_table(&mut self, name: &str) -> Replayed {
        let Some(at) = self.tables.iter().position(|table| table.name == name) else { return missing("table", name) };
        if let Some((child, key)) = self.references_to(name).next() {
            let by = format!("reference {} of table {}", key.name.as_deref().unwrap_or(""), child.name);
            return needed(format!("table {name}"), by);
        }
        self.tables.remove(at);
        Ok(())
    }

    fn rename_table(&mut self, name: &str, to: &str) -> Replayed {
        if self.table(name).is_none() {
            return missing("table", name);
        }
        if !name.eq_ignore_ascii_case(to) {
            self.free(to)?;
        }
        self.table_mut(name)?.name = to.to_owned();
        for key in self.tables.iter_mut().flat_map(|table| &mut table.foreign_keys).filter(|key| key.parent == name) {
            key.parent = to.to_owned();
        }
        Ok(())
    }

    fn drop_column(&mut self, table: &str, column: &str) -> Replayed {
        let users = self.users_of(table, column);
        let table = self.table_mut(table)?;
        table.own_column(column)?;
        let what = || format!("column {}.{column}", table.name);
        if let Some(by) = users.into_iter().next() {
            return needed(what(), by);
        }
        if table.columns.len() == 1 {
            return unfit(what(), "a table keeps one column at least; drop the table instead");
        }
        table.columns.retain(|kept| kept.name != column);
        Ok(())
    }

    fn no_other_table_refers_to(&self, table: &str, column: &str) -> Replayed {
        let refers = |(_, key): &(&Table, &ForeignKey)| key.parent_columns.iter().any(|name| name == column);
        match self.references_to(table).find(refers) {
            Some((child, key)) => needed(
                format!("column {table}.{column}"),
                format!("reference {} of table {}", key.name.as_deref().unwrap_or(""), child.name),
            ),
            None => Ok(()),
        }
    }

    fn rename_column(&mut self, table: &str, column: &str, to: &str) -> Replayed {
        let renamed = self.table_mut(table)?;
        renamed.own_column(column)?;
        let same = |other: &&Column| other.name.eq_ignore_ascii_case(to) && other.name != column;
        if renamed.columns.iter().any(|other| same(&other)) {
            return Err(ReplayError::Taken { name: to.to_owned(), by: format!("a column of table {table}") });
        }
        renamed.rename_column(column, to);
        for key in self.tables.iter_mut().flat_map(|table| &mut table.foreign_keys).filter(|key| key.parent == table) {
            rename_in(&mut key.parent_columns, column, to);
        }
        Ok(())
    }

    fn set_type(&mut self, table: &str, column: &str, logical: &LogicalType) -> Replayed {
        self.no_other_table_refers_to(table, column)?;
        if let LogicalType::Enum(wanted) = logical
            && !self.enums.iter().any(|known| known.name == wanted.name)
        {
            return missing("enum type", &wanted.name);
        }
        let table = self.table_mut(table)?;
        let what = format!("column {}.{column}", table.name);
        let before = table.own_column(column)?;
        if before.identity.is_some()
            && !matches!(logical, LogicalType::SmallInt | LogicalType::Int | LogicalType::BigInt)
        {
            return unfit(what, "an identity is a whole number; its type can be smallint, int or bigint");
        }
        if before.generated.is_some() {
            return unfit(what, "a generated column is dropped and added anew instead");
        }
        if let Some(default) = before.default.as_deref().and_then(|text| parse_text(text).ok())
            && fit::default(&default, logical).is_err()
        {
            return unfit(what, "its default is no value of the new type; drop or change the default first");
        }
        // SQLite keeps the wording of an expression, which depends on the types of its columns.
        if !keeps_meaning(&before.logical, logical)
            && let Some(by) = table.expressions_on(column).into_iter().next()
        {
            return needed(format!("{what}, whose kind of value would change,"), by);
        }
        let changed = table.own_column(column)?;
        changed.logical = logical.clone();
        changed.declared = logical.to_string();
        Ok(())
    }

    fn set_default(&mut self, table: &str, column: &str, default: Option<&String>) -> Replayed {
        let what = format!("column {table}.{column}");
        let changed = self.table_mut(table)?.own_column(column)?;
        if changed.generated.is_some() || changed.identity.is_some() {
            return unfit(what, "it makes its value itself and has no default");
        }
        changed.default = default.cloned();
        Ok(())
    }

    fn set_nullable(&mut self, table: &str, column: &str, nullable: bool) -> Replayed {
        let what = format!("column {table}.{column}");
        let owner = self.table_mut(table)?;
        let in_key = owner.primary_key.as_ref().is_some_and(|key| key.columns.iter().any(|name| name == column));
        let changed = owner.own_column(column)?;
        if nullable && (in_key || changed.identity.is_some()) {
            return unfit(what, "a column of the primary key holds no NULL");
        }
        changed.nullable = nullable;
        Ok(())
    }

    fn add_constraint(&mut self, table: &str, constraint: &Constraint) -> Replayed {
        let owner = self.table(table).map_or_else(|| missing("table", table), Ok)?;
        if let Some(name) = constraint.name() {
            self.free(name)?;
        }
        for column in constraint.columns() {
            if owner.column(&column).is_none() {
                return missing("column", &format!("{table}.{column}"));
            }
        }
        match constraint {
            Constraint::PrimaryKey(_) if owner.primary_key.is_some() => {
                return unfit(format!("table {table}"), "it has a primary key already");
            }
            Constraint::ForeignKey(key) => {
                let parent = self.table(&key.parent).map_or_else(|| missing("table", &key.parent), Ok)?;
                refers_to_a_key(table, key, Some(parent))?;
            }
            _ => {}
        }
        super::language::add(self.table_mut(table)?, constraint.clone());
        Ok(())
    }

    fn drop_constraint(&mut self, table: &str, name: &str) -> Replayed {
        let owner = self.table(table).map_or_else(|| missing("table", table), Ok)?;
        let Some(found) = owner.constraint(name) else {
            return missing("constraint", &format!("{name} of table {table}"));
        };
        let identity = owner.columns.iter().find(|column| column.identity.is_some());
        if let (Constraint::PrimaryKey(_), Some(identity)) = (&found, identity) {
            return needed(format!("constraint {name}"), format!("column {}, which numbers rows", identity.name));
        }
        let mut after = owner.clone();
        after.remove_constraint(name);
        self.still_refers_to_a_key(&after, &format!("constraint {name}"))?;
        *self.table_mut(table)? = after;
        Ok(())
    }

    /// Holds every reference to a table to have its key when the table is as it will be.
    fn still_refers_to_a_key(&self, after: &Table, what: &str) -> Replayed {
        let own = after.foreign_keys.iter().filter(|key| key.parent == after.name).map(|key| (after, key));
        for (child, key) in self.references_to(&after.name).chain(own) {
            if !after.is_key(&key.parent_columns) {
                let by = format!("reference {} of table {}", key.name.as_deref().unwrap_or(""), child.name);
                return needed(what, by);
            }
        }
        Ok(())
    }

    fn create_index(&mut self, table: &str, index: &Index) -> Replayed {
        self.free(&index.name)?;
        let owner = self.table_mut(table)?;
        for column in index_columns(index) {
            owner.own_column(&column)?;
        }
        owner.indexes.push(index.clone());
        Ok(())
    }

    fn owner_of_index(&self, name: &str) -> Result<String, ReplayError> {
        let owner = self.tables.iter().find(|table| table.indexes.iter().any(|index| index.name == name));
        owner.map_or_else(|| missing("index", name), |table| Ok(table.name.clone()))
    }

    fn drop_index(&mut self, name: &str) -> Replayed {
        let mut after = self.table_mut(&self.owner_of_index(name)?)?.clone();
        after.indexes.retain(|index| index.name != name);
        self.still_refers_to_a_key(&after, &format!("index {name}"))?;
        let owner = after.name.clone();
        *self.table_mut(&owner)? = after;
        Ok(())
    }

    fn rename_index(&mut self, name: &str, to: &str) -> Replayed {
        let owner = self.owner_of_index(name)?;
        self.free(to)?;
        for index in self.table_mut(&owner)?.indexes.iter_mut().filter(|index| index.name == name) {
            index.name = to.to_owned();
        }
        Ok(())
    }
}

/// Both engines need a key to refer to: PostgreSQL at once, SQLite when the first row comes.
fn refers_to_a_key(table: &str, key: &ForeignKey, parent: Option<&Table>) -> Replayed {
    let Some(parent) = parent else { return Ok(()) };
    if parent.is_key(&key.parent_columns) {
        return Ok(());
    }
    let what = format!("reference {} of table {table}", key.name.as_deref().unwrap_or(""));
    let columns = key.parent_columns.join(", ");
    unfit(what, format!("{} ({columns}) is neither a primary key nor unique", parent.name))
}
