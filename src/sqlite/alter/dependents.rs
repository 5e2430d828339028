//! What uses a column: nothing of it may vanish or break in silence when the column is dropped.

use rusqlite::Connection;

use super::error::AlterError;
use super::splice::{find, name};
use crate::sqlite::text::constraint::{Constraint, Kind};
use crate::sqlite::text::create_table::{Column, CreateTable};
use crate::sqlite::text::tokens::{significant, unquoted};

/// Refuses to drop a column that something else uses, naming it.
pub(super) fn check_unused(connection: &Connection, table: &CreateTable<'_>, column: &str) -> Result<(), AlterError> {
    let column = find(table, column)?;
    let user = match constraint_over(table, column).or_else(|| generated_from(table, column)) {
        Some(user) => Some(user),
        None => match index_over(connection, table, column)? {
            Some(user) => Some(user),
            None => reference_to(connection, table, column)?,
        },
    };
    match user {
        Some(user) => Err(in_use(table, column, user)),
        None => Ok(()),
    }
}

fn in_use(table: &CreateTable<'_>, column: &Column, user: String) -> AlterError {
    AlterError::ColumnInUse { table: name(table), column: column.name.clone(), user }
}

/// The primary key, or a constraint that stands outside of the column's own definition.
fn constraint_over(table: &CreateTable<'_>, column: &Column) -> Option<String> {
    let users = table.all_constraints().filter(|(home, constraint)| match (home, constraint.kind) {
        (Some(home), Kind::PrimaryKey) => home.span == column.span,
        (Some(home), Kind::Check) => home.span != column.span && names(table.sql, &constraint.body, &column.name),
        (None, Kind::Check) => names(table.sql, &constraint.body, &column.name),
        (None, _) => constraint.columns.iter().any(|named| named.eq_ignore_ascii_case(&column.name)),
        _ => false,
    });
    users.map(|(_, constraint)| described(table, constraint)).next()
}

fn described(table: &CreateTable<'_>, constraint: &Constraint) -> String {
    let kind = match constraint.kind {
        Kind::PrimaryKey => "the primary key",
        Kind::Unique => "the unique constraint",
        Kind::Check => "the check",
        _ => "the foreign key",
    };
    match &constraint.name {
        Some(own) => format!("{kind} {own}"),
        None => format!("{kind} `{}`", &table.sql[constraint.body.clone()]),
    }
}

fn generated_from(table: &CreateTable<'_>, column: &Column) -> Option<String> {
    let others = table.columns.iter().filter(|other| other.span != column.span);
    let mut users = others.filter(|other| {
        let generated = other.constraints.iter().filter(|own| matches!(own.kind, Kind::Generated { .. }));
        generated.into_iter().any(|own| names(table.sql, &own.body, &column.name))
    });
    users.next().map(|other| format!("the generated column {}", other.name))
}

fn index_over(connection: &Connection, table: &CreateTable<'_>, column: &Column) -> Result<Option<String>, AlterError> {
    let wanted = name(table);
    let sql = "select name, sql from main.sqlite_schema where type = 'index' and sql is not null and tbl_name = ?1 collate nocase";
    let indexes = pairs(connection, sql, &wanted)?;
    // Behind the table's name, which may be that of a column.
    let uses = |sql: &str| sql.find('(').is_some_and(|open| names(sql, &(open..sql.len()), &column.name));
    Ok(indexes.into_iter().find(|(_, sql)| uses(sql)).map(|(index, _)| format!("the index {index}")))
}

/// A foreign key of another table, or of this one, that refers to the column.
fn reference_to(
    connection: &Connection,
    table: &CreateTable<'_>,
    column: &Column,
) -> Result<Option<String>, AlterError> {
    let wanted = name(table);
    let sql = "select t.name, k.\"to\" from main.sqlite_schema t, pragma_foreign_key_list(t.name) k
               where t.type = 'table' and k.\"to\" is not null and k.\"table\" = ?1 collate nocase";
    let references = pairs(connection, sql, &wanted)?;
    let found = references.into_iter().find(|(_, to)| to.eq_ignore_ascii_case(&column.name));
    Ok(found.map(|(child, _)| format!("a foreign key of table {child}")))
}

fn pairs(connection: &Connection, sql: &str, wanted: &str) -> Result<Vec<(String, String)>, AlterError> {
    let list = || -> rusqlite::Result<Vec<_>> {
        let mut statement = connection.prepare(sql)?;
        let rows = statement.query_map([wanted], |row| Ok((row.get(0)?, row.get(1)?)))?;
        rows.collect()
    };
    list().map_err(AlterError::sqlite(format!("list what uses table {wanted}")))
}

/// Tells whether a part of a text holds a name.
fn names(sql: &str, part: &std::ops::Range<usize>, wanted: &str) -> bool {
    let text = &sql[part.clone()];
    let cut = significant(text).unwrap_or_default();
    cut.iter().any(|token| {
        token.can_name()
            && token.kind != crate::sqlite::text::tokens::Kind::Text
            && unquoted(token.text(text)).eq_ignore_ascii_case(wanted)
    })
}

/// Asks SQLite whether all views and triggers fit the tables, by a rename that is taken back.
///
/// Source: SQLite, "ALTER TABLE": a rename fails when a view or a trigger refers to what is not there.
pub(super) fn broken_by(connection: &Connection, table: &str) -> Result<Option<String>, AlterError> {
    let quoted = crate::sqlite::quote(table);
    let probe = crate::sqlite::quote(&format!("{table} as strait probes it"));
    let batch = |sql: &str| connection.execute_batch(sql).map_err(AlterError::sqlite(format!("probe table {table}")));
    batch("savepoint strait_probe")?;
    let answer = connection.execute_batch(&format!("alter table main.{quoted} rename to {probe}"));
    batch("rollback to strait_probe; release strait_probe")?;
    Ok(answer.err().map(|error| error.to_string()))
}
