//! The kinds of things that a database holds.

use serde::{Deserialize, Serialize};

/// What a thing is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Kind {
    /// A schema of PostgreSQL.
    Schema,
    /// An extension of PostgreSQL.
    Extension,
    /// A type with labels.
    Enum,
    /// A type with conditions.
    Domain,
    /// A type of several fields, or one that was announced and is yet to be described.
    Composite,
    /// A type of ranges.
    Range,
    /// A sequence that no column owns.
    Sequence,
    /// A function, procedure or aggregate; its name holds the types of its arguments.
    Function,
    /// A table of rows.
    Table,
    /// A column of a table or view.
    Column,
    /// The primary key.
    PrimaryKey,
    /// A unique constraint.
    Unique,
    /// A condition on rows.
    Check,
    /// A reference to another table.
    ForeignKey,
    /// A constraint by which rows exclude each other.
    Exclusion,
    /// An index that is not the body of a constraint.
    Index,
    /// Statistics over several columns.
    Statistics,
    /// A table that another server keeps.
    ForeignTable,
    /// A table that a module of SQLite's keeps.
    VirtualTable,
    /// A view.
    View,
    /// A view that is stored.
    MaterializedView,
    /// A trigger.
    Trigger,
    /// A rule of PostgreSQL's rewriter.
    Rule,
    /// A policy of row security.
    Policy,
}

impl Kind {
    /// What it is called in a sentence.
    pub fn name(self) -> &'static str {
        match self {
            Self::Schema => "schema",
            Self::Extension => "extension",
            Self::Enum => "enum",
            Self::Domain => "domain",
            Self::Composite => "type",
            Self::Range => "range type",
            Self::Sequence => "sequence",
            Self::Function => "function",
            Self::Table => "table",
            Self::Column => "column",
            Self::PrimaryKey => "primary key",
            Self::Unique => "unique constraint",
            Self::Check => "check",
            Self::ForeignKey => "foreign key",
            Self::Exclusion => "exclusion constraint",
            Self::Index => "index",
            Self::Statistics => "statistics",
            Self::ForeignTable => "foreign table",
            Self::VirtualTable => "virtual table",
            Self::View => "view",
            Self::MaterializedView => "materialized view",
            Self::Trigger => "trigger",
            Self::Rule => "rule",
            Self::Policy => "policy",
        }
    }

    /// Whether the engine may give or keep no name, so that its facts tell one from another.
    pub fn may_be_nameless(self) -> bool {
        matches!(self, Self::PrimaryKey | Self::Unique | Self::Check | Self::ForeignKey | Self::Exclusion)
    }

    /// Whether other things are parts of it: columns, constraints, indexes and the like.
    pub fn holds_parts(self) -> bool {
        matches!(
            self,
            Self::Table
                | Self::ForeignTable
                | Self::VirtualTable
                | Self::View
                | Self::MaterializedView
                | Self::Composite
                | Self::Domain
        )
    }
}
