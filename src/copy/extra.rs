//! Decides what becomes of a source column that has no place in an existing table, by what it holds.

use std::sync::Arc;

use super::infer::{self, Inferred};
use super::matching::{Because, Uncopied};
use super::workers::blocking;
use super::{CopyError, ExtraColumns};
use crate::schema::{Column, Table};
use crate::sqlite::Snapshot;
use crate::sqlite::profile::profile;
use crate::sqlite::read::TableRead;

/// A source column that is not copied, and what it holds.
pub(super) struct Extra<'t> {
    source: &'t Table,
    uncopied: Uncopied,
    /// The column, as it would be created.
    inferred: Inferred,
    /// The rows that hold a value in it.
    values: u64,
    rows: u64,
}

/// What becomes of such a column.
#[derive(Debug, PartialEq, Eq)]
pub(super) enum Decision {
    /// It is created.
    Add,
    /// It is left out, and a person told so.
    LeaveOut(String),
    /// A person must decide.
    Stop(String),
}

impl<'t> Extra<'t> {
    /// Counts the values of the column, and chooses the type that it would have.
    pub(super) async fn look(
        source: &'t Table,
        uncopied: Uncopied,
        read: &TableRead,
        rows: u64,
        snapshot: &Arc<Snapshot>,
    ) -> Result<Self, CopyError> {
        let column = source.column(&uncopied.source).cloned();
        let column = column.unwrap_or_else(|| Column::new(&uncopied.source, crate::schema::LogicalType::Text));
        let read = TableRead { columns: vec![column.name.clone()], ..read.clone() };
        let (snapshot, table) = (Arc::clone(snapshot), source.clone());
        let (values, inferred) = blocking(move || {
            let found = profile(&snapshot.lend(), &read, std::slice::from_ref(&column), || {})?;
            let profile = found.columns.into_iter().next().unwrap_or_default();
            // A column that is added to rows that are not there yet must allow NULL: a reject's row has none.
            let column = Column { nullable: true, identity: None, ..column };
            Ok((profile.values(), infer::infer_one(&table, &column, &profile)))
        })
        .await?;
        Ok(Self { source, uncopied, inferred, values, rows })
    }

    /// An empty column is only mentioned, one that holds something needs a word.
    pub(super) fn decide(&self, target: &Table, wanted: ExtraColumns) -> Decision {
        let Self { source: Table { name: table, .. }, uncopied, values, rows, .. } = self;
        let Uncopied { source: column, because } = uncopied;
        match (because, wanted) {
            (Because::Missing, ExtraColumns::Add) => Decision::Add,
            (Because::NoCastRule(_), _) if *values == 0 && *rows > 0 && must_have_a_value(target, column) => {
                Decision::Stop(format!(
                    "column {table}.{column} {because}, must have a value there and has no default; give it a default, \
                     drop NOT NULL or exclude the table (--exclude {table})"
                ))
            }
            _ if *values == 0 => Decision::LeaveOut(uncopied.left_out(table, *values, *rows)),
            (Because::NoCastRule(_), _) => Decision::Stop(format!(
                "column {table}.{column} {because}, and {values} of {rows} rows hold a value; exclude the table \
                 (--exclude {table}) or change the column's type"
            )),
            (_, ExtraColumns::LeaveOut) => Decision::LeaveOut(uncopied.left_out(table, *values, *rows)),
            (Because::Missing, ExtraColumns::Refuse) => Decision::Stop(format!(
                "column {table}.{column} {because}, and {values} of {rows} rows hold a value; say --extra-columns add to \
                 create it or --extra-columns leave-out"
            )),
            (Because::Computed, _) => Decision::Stop(format!(
                "column {table}.{column} {because}, and {values} of {rows} rows hold a value of their own; say \
                 --extra-columns leave-out, or make it an ordinary column there"
            )),
        }
    }

    /// The column to create, with its name in the source.
    pub(super) fn added(self) -> (String, Column) {
        let Self { uncopied: Uncopied { source: name, .. }, inferred, .. } = self;
        let created = inferred.table.columns.into_iter().next();
        (name.clone(), created.unwrap_or_else(|| Column::new(&name, crate::schema::LogicalType::Text)))
    }
}

fn must_have_a_value(target: &Table, column: &str) -> bool {
    target
        .column_like(column)
        .is_some_and(|column| !column.nullable && column.default.is_none() && column.identity.is_none())
}
