//! Changes of a structure: what a revision says, before either engine words it.

use super::{Check, Column, ForeignKey, Index, LogicalType, PrimaryKey, Table, Unique};

/// One change of a structure. Expressions in it are portable SQL; each engine's `ddl` words them.
#[derive(Clone, Debug, PartialEq)]
pub enum Change {
    /// Creates an enum type.
    CreateEnum {
        /// The type's name.
        name: String,
        /// The labels in their order.
        labels: Vec<String>,
    },
    /// Removes an enum type that no column has.
    DropEnum {
        /// The type's name.
        name: String,
    },
    /// Creates a table with its keys, constraints and no indexes beyond them.
    CreateTable(Table),
    /// Removes a table and its rows.
    DropTable {
        /// The table.
        table: String,
    },
    /// Gives a table another name.
    RenameTable {
        /// The table.
        table: String,
        /// The new name.
        to: String,
    },
    /// Adds a column; its inline constraints follow as changes of their own.
    AddColumn {
        /// The table.
        table: String,
        /// The column.
        column: Column,
    },
    /// Removes a column and its values.
    DropColumn {
        /// The table.
        table: String,
        /// The column.
        column: String,
    },
    /// Gives a column another name.
    RenameColumn {
        /// The table.
        table: String,
        /// The column.
        column: String,
        /// The new name.
        to: String,
    },
    /// Gives a column another type; its values are converted.
    SetType {
        /// The table.
        table: String,
        /// The column.
        column: String,
        /// The new type.
        logical: LogicalType,
        /// How a value is converted, where a plain cast will not do.
        using: Option<String>,
    },
    /// Sets or removes a column's default.
    SetDefault {
        /// The table.
        table: String,
        /// The column.
        column: String,
        /// The new default; none removes it.
        default: Option<String>,
    },
    /// Lets a column hold NULL, or forbids it.
    SetNullable {
        /// The table.
        table: String,
        /// The column.
        column: String,
        /// Whether NULL may be stored from now on.
        nullable: bool,
    },
    /// Lets a column number rows from now on, after those that are there, or lets it cease to; its numbers stay.
    SetIdentity {
        /// The table.
        table: String,
        /// The column, which is the primary key alone.
        column: String,
        /// Whether it numbers rows from now on.
        numbers: bool,
    },
    /// Lets a generated column keep its values as plain ones.
    DropExpression {
        /// The table.
        table: String,
        /// The column.
        column: String,
    },
    /// Adds a constraint.
    AddConstraint {
        /// The table.
        table: String,
        /// The constraint, with its name.
        constraint: Constraint,
    },
    /// Removes a constraint by its name.
    DropConstraint {
        /// The table.
        table: String,
        /// The constraint's name.
        name: String,
    },
    /// Creates an index.
    CreateIndex {
        /// The table.
        table: String,
        /// The index.
        index: Index,
    },
    /// Removes an index.
    DropIndex {
        /// The index's name.
        name: String,
    },
    /// Gives an index another name.
    RenameIndex {
        /// The index.
        name: String,
        /// The new name.
        to: String,
    },
}

/// A constraint of a table.
#[derive(Clone, Debug, PartialEq)]
pub enum Constraint {
    /// The columns by which a row is known.
    PrimaryKey(PrimaryKey),
    /// A unique constraint.
    Unique(Unique),
    /// A reference to another table.
    ForeignKey(ForeignKey),
    /// A condition that every row meets.
    Check(Check),
}
