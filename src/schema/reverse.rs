//! The way back: what undoes a change, what cannot come back with it, and what a change can lose.

use std::fmt;

use super::diff::diff;
use super::language::convert::conversion;
use super::{Change, Column, Constraint, Identity, LogicalType, Schema};

/// What undoes a change.
#[derive(Clone, Debug, PartialEq)]
pub struct Reverse {
    /// The changes that undo it, in order.
    pub changes: Vec<Change>,
    /// What they do not bring back.
    pub loses: Option<Loss>,
}

/// Data that a change can lose.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Loss {
    /// All rows of a table.
    Table {
        /// The table.
        table: String,
    },
    /// All values of a column.
    Column {
        /// The table.
        table: String,
        /// The column.
        column: String,
    },
    /// What the new type of a column does not keep of the values.
    Narrowed {
        /// The table.
        table: String,
        /// The column.
        column: String,
    },
    /// What an engine's own statement destroys, by the names that it writes.
    Written {
        /// The schema, where it is written.
        schema: Option<String>,
        /// The table.
        table: String,
        /// The column; none when it is the whole table.
        column: Option<String>,
        /// Whether a new type destroys the values.
        narrowed: bool,
    },
    /// What a cast to a type, as it is written, does not keep of a column's values.
    Cast {
        /// The schema, where it is written.
        schema: Option<String>,
        /// The table.
        table: String,
        /// The column.
        column: String,
        /// The type.
        to: String,
    },
    /// All values but the last of a key that a document holds twice, where the new type of its column keeps one of them.
    Repeated {
        /// The table.
        table: String,
        /// The column.
        column: String,
    },
    /// The rows of the tables that refer to a table, and of those that refer to them.
    Referring {
        /// The schema, where it is written.
        schema: Option<String>,
        /// The table referred to.
        table: String,
    },
    /// What refers to rows of a table that others take the place of.
    Replaced {
        /// The schema, where it is written.
        schema: Option<String>,
        /// The table.
        table: String,
    },
    /// All that is in a schema.
    Schema {
        /// The schema.
        schema: String,
    },
    /// What cannot be counted.
    Uncounted {
        /// What it is.
        what: String,
    },
}

impl Loss {
    /// The table that loses something; empty when it is not one table.
    pub fn table(&self) -> &str {
        match self {
            Self::Table { table }
            | Self::Column { table, .. }
            | Self::Narrowed { table, .. }
            | Self::Written { table, .. }
            | Self::Cast { table, .. }
            | Self::Repeated { table, .. }
            | Self::Referring { table, .. }
            | Self::Replaced { table, .. } => table,
            Self::Schema { .. } | Self::Uncounted { .. } => "",
        }
    }

    /// The column that loses something; none when it is the whole table.
    pub fn column(&self) -> Option<&str> {
        match self {
            Self::Column { column, .. }
            | Self::Narrowed { column, .. }
            | Self::Cast { column, .. }
            | Self::Repeated { column, .. } => Some(column),
            Self::Written { column, .. } => column.as_deref(),
            _ => None,
        }
    }

    /// The schema and the table, where an engine's own statement writes them.
    pub fn written_table(&self) -> Option<(Option<&str>, &str)> {
        match self {
            Self::Written { schema, table, .. }
            | Self::Cast { schema, table, .. }
            | Self::Referring { schema, table }
            | Self::Replaced { schema, table } => Some((schema.as_deref(), table)),
            _ => None,
        }
    }

    /// The table with its schema, where it is written.
    pub fn full_table(&self) -> String {
        match self.written_table() {
            Some((Some(schema), table)) => format!("{schema}.{table}"),
            _ => self.table().to_owned(),
        }
    }

    /// Whether a new type destroys the values.
    pub fn is_narrowed(&self) -> bool {
        matches!(
            self,
            Self::Narrowed { .. } | Self::Cast { .. } | Self::Repeated { .. } | Self::Written { narrowed: true, .. }
        )
    }
}

impl fmt::Display for Loss {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let table = self.full_table();
        match (self, self.column()) {
            (Self::Schema { schema }, _) => write!(f, "everything in schema {schema}"),
            (Self::Uncounted { what }, _) => f.write_str(what),
            (Self::Referring { .. }, _) => write!(f, "the rows of the tables that refer to table {table}"),
            (Self::Replaced { .. }, _) => write!(f, "what refers to the replaced rows of table {table}"),
            (_, None) => write!(f, "the rows of table {table}"),
            (Self::Repeated { .. }, Some(column)) => write!(
                f,
                "on postgres, all but the last value of a key that a document of column {table}.{column} holds twice"
            ),
            (_, Some(column)) if self.is_narrowed() => {
                write!(f, "what the new type of column {table}.{column} does not keep of its values")
            }
            (_, Some(column)) => write!(f, "the values of column {table}.{column}"),
        }
    }
}

impl Change {
    /// What data the change can lose on a schema; what cannot be told there counts as lost.
    pub fn destroys(&self, before: &Schema) -> Option<Loss> {
        match self {
            Self::DropTable { table } => Some(Loss::Table { table: table.clone() }),
            Self::DropColumn { table, column } => {
                let known = before.table(table).and_then(|table| table.column(column));
                // What was computed can be computed again.
                let computed = known.is_some_and(|known| known.generated.is_some());
                (!computed).then(|| Loss::Column { table: table.clone(), column: column.clone() })
            }
            Self::SetType { table, column, logical, using } => {
                let known = before.table(table).and_then(|table| table.column(column));
                let known = known.filter(|_| using.is_none()).map(|known| &known.logical);
                let (table, column) = (table.clone(), column.clone());
                match known {
                    // Source: PostgreSQL manual, "JSON Types".
                    Some(LogicalType::Json | LogicalType::JsonText) if *logical == LogicalType::Jsonb => {
                        Some(Loss::Repeated { table, column })
                    }
                    Some(known) if keeps(known, logical) => None,
                    _ => Some(Loss::Narrowed { table, column }),
                }
            }
            _ => None,
        }
    }

    /// What undoes the change on the schema on which it was made; none where the schema does not tell.
    pub fn reverse(&self, before: &Schema) -> Option<Reverse> {
        let changes = match self {
            Self::CreateEnum { name, .. } => vec![Self::DropEnum { name: name.clone() }],
            Self::DropEnum { name } => {
                let known = before.enums.iter().find(|known| known.name == *name)?;
                vec![Self::CreateEnum { name: name.clone(), labels: known.labels.clone() }]
            }
            Self::CreateTable(table) => dropped(before, &table.name),
            Self::DropTable { table } => created(before, table)?,
            Self::RenameTable { table, to } => vec![Self::RenameTable { table: to.clone(), to: table.clone() }],
            Self::AddColumn { table, column } => {
                vec![Self::DropColumn { table: table.clone(), column: column.name.clone() }]
            }
            Self::DropColumn { table, column } => {
                let known = before.table(table)?.column(column)?;
                vec![Self::AddColumn { table: table.clone(), column: known.clone() }]
            }
            Self::RenameColumn { table, column, to } => {
                vec![Self::RenameColumn { table: table.clone(), column: to.clone(), to: column.clone() }]
            }
            Self::SetType { table, column, logical, .. } => vec![retyped(before, table, column, logical)?],
            Self::SetDefault { table, column, .. } => {
                let default = before.table(table)?.column(column)?.default.clone();
                vec![Self::SetDefault { table: table.clone(), column: column.clone(), default }]
            }
            Self::SetNullable { table, column, .. } => {
                let nullable = before.table(table)?.column(column)?.nullable;
                vec![Self::SetNullable { table: table.clone(), column: column.clone(), nullable }]
            }
            Self::SetIdentity { table, column, numbers } => {
                vec![Self::SetIdentity { table: table.clone(), column: column.clone(), numbers: !numbers }]
            }
            Self::DropExpression { .. } => {
                let mut after = before.clone();
                after.apply(self).ok()?;
                diff(&after, before)
            }
            Self::AddConstraint { table, constraint } => unconstrained(before, table, constraint)?,
            Self::DropConstraint { table, name } => {
                let constraint = before.table(table)?.constraint(name)?;
                vec![Self::AddConstraint { table: table.clone(), constraint }]
            }
            Self::CreateIndex { index, .. } => vec![Self::DropIndex { name: index.name.clone() }],
            Self::DropIndex { name } => {
                let find = |table: &super::Table| {
                    let index = table.indexes.iter().find(|index| index.name == *name)?;
                    Some(Self::CreateIndex { table: table.name.clone(), index: index.clone() })
                };
                vec![before.tables.iter().find_map(find)?]
            }
            Self::RenameIndex { name, to } => vec![Self::RenameIndex { name: to.clone(), to: name.clone() }],
        };
        Some(Reverse { changes, loses: self.destroys(before) })
    }
}

/// Lets a column that comes back to number rows come with its key and its numbers, since rows are there that have none.
///
/// Where the changes could not be made so on the schema on which they begin, they stay as they are.
pub fn with_numbers(changes: Vec<Change>, begin: &Schema) -> Vec<Change> {
    let mut joined = changes.clone();
    while let Some(next) = join_one(&joined) {
        joined = next;
    }
    let mut schema = begin.clone();
    let fits = joined.len() < changes.len() && joined.iter().all(|change| schema.apply(change).is_ok());
    if fits { joined } else { changes }
}

/// Moves the first such column to its key.
fn join_one(changes: &[Change]) -> Option<Vec<Change>> {
    let numbers = |change: &Change, own: &str, name: &str| matches!(change, Change::SetIdentity { table, column, numbers: true } if table == own && column == name);
    let is_key = |change: &Change, own: &str, name: &str| match change {
        Change::AddConstraint { table, constraint: Constraint::PrimaryKey(key) } => {
            table == own && key.columns == [name]
        }
        _ => false,
    };
    changes.iter().enumerate().find_map(|(at, change)| {
        let Change::AddColumn { table, column } = change else { return None };
        let key = at + changes[at..].iter().position(|change| is_key(change, table, &column.name))?;
        let numbered = key + changes[key..].iter().position(|change| numbers(change, table, &column.name))?;
        let column = Column { identity: Some(Identity::Rowid { highest: None }), ..column.clone() };
        let mut moved = changes.to_vec();
        moved.remove(numbered);
        moved.insert(key, Change::AddColumn { table: table.clone(), column });
        moved.remove(at);
        Some(moved)
    })
}

/// Without a table; references that were waiting for it go first.
fn dropped(before: &Schema, table: &str) -> Vec<Change> {
    let waiting = before
        .references_to(table)
        .filter_map(|(child, key)| Some(Change::DropConstraint { table: child.name.clone(), name: key.name.clone()? }));
    waiting.chain([Change::DropTable { table: table.to_owned() }]).collect()
}

/// A table with its indexes, as it was.
fn created(before: &Schema, table: &str) -> Option<Vec<Change>> {
    let mut table = before.table(table)?.clone();
    let indexes = std::mem::take(&mut table.indexes);
    let name = table.name.clone();
    let mut changes = vec![Change::CreateTable(table)];
    changes.extend(indexes.into_iter().map(|index| Change::CreateIndex { table: name.clone(), index }));
    Some(changes)
}

/// The old type again, when values find their way back by themselves.
fn retyped(before: &Schema, table: &str, column: &str, logical: &LogicalType) -> Option<Change> {
    let old = &before.table(table)?.column(column)?.logical;
    conversion(logical, old)?;
    Some(Change::SetType { table: table.to_owned(), column: column.to_owned(), logical: old.clone(), using: None })
}

/// A primary key forbids NULL in its columns, and they would keep to that.
fn unconstrained(before: &Schema, table: &str, constraint: &Constraint) -> Option<Vec<Change>> {
    let name = constraint.name()?.to_owned();
    let mut changes = vec![Change::DropConstraint { table: table.to_owned(), name }];
    let numbering = before.table(table)?.columns.iter().find(|column| column.identity.is_some());
    if let (Constraint::PrimaryKey(_), Some(column)) = (constraint, numbering) {
        let (table, column) = (table.to_owned(), column.name.clone());
        changes.insert(0, Change::SetIdentity { table, column, numbers: false });
    }
    if let Constraint::PrimaryKey(key) = constraint {
        let known = before.table(table)?;
        let loose = key.columns.iter().filter(|column| known.column(column).is_some_and(|known| known.nullable));
        changes.extend(loose.map(|column| Change::SetNullable {
            table: table.to_owned(),
            column: column.clone(),
            nullable: true,
        }));
    }
    Some(changes)
}

/// Tells whether every value of a type is one of another, and comes back as it was.
fn keeps(from: &LogicalType, to: &LogicalType) -> bool {
    // Where a value does not fit, the change fails and says so.
    conversion(from, to).is_some()
}

#[cfg(test)]
mod tests;
