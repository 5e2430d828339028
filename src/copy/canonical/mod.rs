//! A target that is made from a schema file: whose file it is, and what its logical types mean for the rows.
//!
//! [`aim`](meet::aim) puts the file's tables beside those that are there, [`end`](ending::end) runs what the file says for
//! PostgreSQL alone, and [`stamp`](ending::stamp) tells the runner where the target stands.

mod branch;
mod collation;
pub(super) mod ending;
pub(super) mod meet;
mod same;
pub(super) mod standing;
pub(crate) mod trial;

use std::fmt;
use std::path::PathBuf;

use super::creation::Creation;
use crate::migrate::{Migrator, OptionalBranch};
use crate::postgres::introspect::Structure;
use crate::schema::language::SchemaFile;
use crate::schema::{Schema, Table};

/// A schema file from which a target is made.
#[derive(Clone, Debug)]
pub struct Canonical {
    /// Whose it is.
    pub origin: Origin,
    /// What it says.
    pub file: SchemaFile,
    /// The system's revisions, at whose heads the finished target stands; none where there are none.
    pub revisions: Option<Migrator>,
    /// The system's branches that an installation takes or leaves.
    pub optional: Vec<OptionalBranch>,
    /// The labels of those that are taken whatever the source holds.
    pub taken: Vec<String>,
}

/// Whose a schema file is.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Origin {
    /// A system's.
    System(String),
    /// Somebody's own.
    File(PathBuf),
}

impl fmt::Display for Origin {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::System(name) => write!(f, "system {name}"),
            Self::File(path) => write!(f, "schema file {}", path.display()),
        }
    }
}

impl Canonical {
    /// Tells whether the file has a table of just this name.
    pub fn has(&self, table: &str) -> bool {
        self.file.schema.table(table).is_some()
    }

    /// Tells whether the file has a table for a source table of this name.
    pub fn has_like(&self, table: &str) -> bool {
        self.file.schema.table_like(table).is_some()
    }
}

/// Gives columns that are there the meaning that a schema file gives them, where the server keeps that type so: a `bigint`
/// counts seconds since 1970, a `text` is a document.
pub fn lift(found: &mut Structure, declared: &Schema) {
    for table in &mut found.schema.tables {
        let Some(known) = declared.table(&table.name) else { continue };
        for column in &mut table.columns {
            let meaning = known.column(&column.name).map(|known| &known.logical);
            if let Some(meaning) = meaning.filter(|meaning| meaning.stored() == column.logical) {
                column.logical = meaning.clone();
            }
        }
    }
}

/// What of a schema file a copy makes besides the tables that it fills.
#[derive(Debug, Default)]
pub struct Besides {
    /// Types, before all tables.
    pub types: Vec<NewType>,
    /// Tables of which the source has none.
    pub empty: Vec<EmptyTable>,
    /// Rows for those tables.
    pub seeds: Vec<Script>,
    /// How columns compare, which the file says for PostgreSQL alone: said of tables without rows and keys, it costs nothing.
    pub collations: Vec<Script>,
    /// What else the file says for PostgreSQL alone.
    pub own_words: Vec<Script>,
    /// The labels of optional branches whose tables are not made.
    pub left_out: Vec<String>,
}

/// A type to be created.
#[derive(Debug)]
pub struct NewType {
    /// Its name, quoted, with its schema.
    pub name: String,
    /// The statement that creates it.
    pub sql: String,
}

/// A table that is created without rows of the source.
#[derive(Debug)]
pub struct EmptyTable {
    /// The table.
    pub table: Table,
    /// How it comes to be.
    pub creation: Creation,
}

/// A statement of the file that is run as it stands.
#[derive(Debug)]
pub struct Script {
    /// What it is, and where it stands.
    pub name: String,
    /// Its text.
    pub text: String,
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::schema::{Column, LogicalType};
    use crate::value::time::EpochUnit;

    fn schema(types: [LogicalType; 2]) -> Schema {
        let columns =
            types.into_iter().zip(["when", "what"]).map(|(logical, name)| Column::new(name, logical)).collect();
        Schema { tables: vec![Table { name: "t".into(), columns, ..Table::default() }], ..Schema::default() }
    }

    #[test]
    fn a_column_gets_the_meaning_that_its_type_can_have() {
        let seconds = LogicalType::Epoch(EpochUnit::Seconds);
        let mut found = Structure { schema: schema([LogicalType::BigInt, LogicalType::Jsonb]), ..Structure::default() };
        lift(&mut found, &schema([seconds.clone(), LogicalType::JsonText]));
        let meant: Vec<_> = found.schema.tables[0].columns.iter().map(|column| column.logical.clone()).collect();
        assert_eq!(meant, [seconds, LogicalType::Jsonb]);
    }
}
