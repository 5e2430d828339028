//! Which edits SQLite's own ALTER TABLE makes without loss, and the statements for them.
//!
//! Some that it takes it does wrong: DROP NOT NULL takes away a NOT DEFERRABLE, DROP COLUMN the comments beside the
//! column, DROP CONSTRAINT stumbles over ON DELETE SET DEFAULT. Those are left to the rebuild. Found with SQLite 3.54.1.

use rusqlite::Connection;

use super::dependents;
use super::error::AlterError;
use super::script::Script;
use super::splice::{edited, find, name, named, read};
use super::standing::{hold_objects, objects_but};
use super::{Edit, Stored, check_no_nulls, definition, stored};
use crate::sqlite::quote;
use crate::sqlite::text::constraint::{Constraint, Kind};
use crate::sqlite::text::create_table::{Column, CreateTable};
use crate::sqlite::text::tokens::{Kind as TokenKind, say_the_same, significant};

/// How a native statement came out.
pub(super) enum Outcome {
    /// As it was meant; the table as it is now.
    Done(Stored),
    /// SQLite changed more than was meant, or would not.
    Lossy,
}

/// Makes an edit by SQLite's own statement and holds it to what was meant.
pub(super) fn perform(script: &mut Script<'_>, table: &Stored, edit: &Edit) -> Result<Outcome, AlterError> {
    let connection = script.connection;
    let text = read(&table.sql)?;
    match edit {
        Edit::DropColumn { name } => dependents::check_unused(connection, &text, name)?,
        Edit::SetNotNull { name, nullable: false } => {
            check_no_nulls(connection, &table.name, &find(&text, name)?.name)?;
        }
        Edit::AddConstraint { definition } => check_rows(connection, table, definition)?,
        _ => {}
    }
    let Some(sql) = statement(&text, edit)? else { return Ok(Outcome::Lossy) };
    let what = || format!("alter table {} by `{sql}`", table.name);
    match edit {
        Edit::RenameTable { to } => {
            script.run(&sql, what)?;
            return Ok(Outcome::Done(stored(connection, to)?));
        }
        Edit::RenameColumn { .. } => {
            script.run(&sql, what)?;
            return Ok(Outcome::Done(stored(connection, &table.name)?));
        }
        _ => {}
    }
    let before = objects_but(connection, &table.name)?;
    match (script.run(&sql, what), edit) {
        (Err(AlterError::Sqlite { source, .. }), Edit::DropColumn { name }) => return broken(table, name, source),
        (result, _) => result?,
    }
    let after = stored(connection, &table.name)?;
    let meant = hold_objects(&table.name, &before, &objects_but(connection, &table.name)?).is_ok()
        && say_the_same(&edited(&table.sql, edit)?, &after.sql);
    Ok(if meant { Outcome::Done(after) } else { Outcome::Lossy })
}

/// Refuses a check that rows break; a value that makes it null does not.
fn check_rows(connection: &Connection, table: &Stored, definition: &str) -> Result<(), AlterError> {
    let constraint = definition::constraint(definition)?;
    let body = &definition[constraint.body.clone()];
    let cut = significant(body).unwrap_or_default();
    let open = cut.iter().find(|token| token.text(body) == "(");
    let close = cut.iter().rev().find(|token| token.text(body) == ")");
    let (Some(open), Some(close)) = (open, close) else { return Ok(()) };
    let sql = format!("select count(*) from main.{} where not {}", quote(&table.name), &body[open.start..close.end]);
    let rows: i64 = connection
        .query_row(&sql, [], |row| row.get(0))
        .map_err(AlterError::sqlite(format!("try `{body}` on the rows of table {}", table.name)))?;
    match rows.unsigned_abs() {
        0 => Ok(()),
        rows => Err(AlterError::BreaksCheck { table: table.name.clone(), check: body.to_owned(), rows }),
    }
}

/// A view or a trigger that uses the column is named; one that was broken before stops SQLite, not the rebuild.
fn broken(table: &Stored, column: &str, source: rusqlite::Error) -> Result<Outcome, AlterError> {
    let said = source.to_string();
    if said.contains("after drop column") {
        let (table, column) = (table.name.clone(), column.to_owned());
        return Err(AlterError::ColumnInUse { table, column, user: format!("something else ({said})") });
    }
    if said.starts_with("error in ") {
        return Ok(Outcome::Lossy);
    }
    Err(AlterError::Sqlite { what: format!("drop column {column} of table {}", table.name), source })
}

/// The statement that makes an edit; `None` when the table must be rebuilt for it.
pub(super) fn statement(table: &CreateTable<'_>, edit: &Edit) -> Result<Option<String>, AlterError> {
    let change = match edit {
        Edit::RenameTable { to } => Some(format!("rename to {}", quote(to))),
        Edit::RenameColumn { name, to } => {
            find(table, name)?;
            Some(format!("rename column {} to {}", quote(name), quote(to)))
        }
        Edit::AddColumn { definition } => add_column(definition)?,
        Edit::DropColumn { name } => {
            let column = find(table, name)?;
            can_drop(table, column).then(|| format!("drop column {}", quote(&column.name)))
        }
        Edit::SetNotNull { name, nullable } => not_null(table, find(table, name)?, *nullable),
        Edit::AddConstraint { definition } => add_constraint(table, definition)?,
        Edit::DropConstraint { name } => {
            let (_, constraint) = named(table, name)?;
            can_drop_constraint(table, constraint).then(|| format!("drop constraint {}", quote(name)))
        }
        Edit::SetType { .. } | Edit::SetDefault { .. } | Edit::SetCollation { .. } | Edit::DropExpression { .. } => {
            None
        }
    };
    Ok(change.map(|change| format!("alter table main.{} {change}", quote(&name(table)))))
}

fn add_column(definition: &str) -> Result<Option<String>, AlterError> {
    let column = definition::column(definition)?;
    let refused = column.has(Kind::PrimaryKey)
        || column.has(Kind::Unique)
        || column.has(Kind::Generated { stored: true })
        || column.has(Kind::NameAlone);
    let defaults: Vec<_> = column.constraints.iter().filter(|own| own.kind == Kind::Default).collect();
    let constant = defaults.iter().all(|own| is_constant(&definition[own.body.clone()]));
    // With foreign keys enforced SQLite takes no default for a column that refers to another table.
    let pointed = column.has(Kind::ForeignKey) && !defaults.is_empty();
    let definition = &definition[column.span];
    Ok((!refused && constant && !pointed).then(|| format!("add column {definition}")))
}

/// Tells whether a DEFAULT clause holds one literal.
fn is_constant(clause: &str) -> bool {
    let cut = significant(clause).unwrap_or_default();
    let literal = cut.iter().skip(1).filter(|token| !["(", ")", "+", "-"].contains(&token.text(clause)));
    let literal: Vec<_> = literal.collect();
    let [only] = literal.as_slice() else { return false };
    let word = only.text(clause).to_ascii_lowercase();
    matches!(only.kind, TokenKind::Number | TokenKind::Text | TokenKind::Blob)
        || ["null", "true", "false"].contains(&word.as_str())
}

fn can_drop(table: &CreateTable<'_>, column: &Column) -> bool {
    let at = table.columns.iter().position(|own| own.span == column.span).unwrap_or(0);
    let from = if at == 0 { table.name.end } else { table.columns[at - 1].span.end };
    let upto = table.columns.get(at + 1).map_or(table.close, |next| next.span.start);
    // SQLite itself says that the only column must stay.
    let only = table.columns.len() == 1;
    let keyed = column.has(Kind::PrimaryKey) || column.has(Kind::Unique);
    only || (!keyed && !table.has_comment(from..upto))
}

fn not_null(table: &CreateTable<'_>, column: &Column, nullable: bool) -> Option<String> {
    let upto = table.sql[column.span.end..].find([',', ')']).map_or(table.close, |found| column.span.end + found);
    let word = |text: &str| text.eq_ignore_ascii_case("not");
    let cut = significant(&table.sql[column.span.clone()]).unwrap_or_default();
    let nots = cut.iter().filter(|token| word(token.text(&table.sql[column.span.clone()]))).count();
    let plain = column.constraints.iter().all(|own| !matches!(own.kind, Kind::NameAlone | Kind::Null))
        && !table.has_comment(column.span.start..upto);
    let action = match (nullable, column.has(Kind::NotNull), nots) {
        (true, true, 1) => "drop not null",
        (false, false, 0) => "set not null",
        _ => return None,
    };
    plain.then(|| format!("alter column {} {action}", quote(&column.name)))
}

fn add_constraint(table: &CreateTable<'_>, definition: &str) -> Result<Option<String>, AlterError> {
    let constraint = definition::constraint(definition)?;
    let dangling = table.all_constraints().any(|(_, own)| own.kind == Kind::NameAlone);
    let native = constraint.kind == Kind::Check && !dangling;
    Ok(native.then(|| format!("add {}", &definition[constraint.span])))
}

/// SQLite ends a constraint at the first word that could begin another one, wherever that word stands.
fn can_drop_constraint(table: &CreateTable<'_>, constraint: &Constraint) -> bool {
    let body = &table.sql[constraint.body.clone()];
    let cut = significant(body).unwrap_or_default();
    let mut depth = 0;
    let plain = cut.iter().skip(1).all(|token| {
        let text = token.text(body);
        depth += i32::from(text == "(") - i32::from(text == ")");
        depth > 0 || !["not", "default", "null", "as", "generated"].iter().any(|word| text.eq_ignore_ascii_case(word))
    });
    let reaches = table.sql[constraint.span.end..].find(|byte: char| !byte.is_whitespace());
    let upto = reaches.map_or(table.close, |found| constraint.span.end + found + 1);
    matches!(constraint.kind, Kind::Check | Kind::ForeignKey)
        && plain
        && !table.has_comment(constraint.span.start.saturating_sub(1)..upto)
        && table.all_constraints().all(|(_, own)| !matches!(own.kind, Kind::NameAlone | Kind::Deferrable))
}
