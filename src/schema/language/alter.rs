//! Reads `alter table` and `alter index`.

use sqlparser::tokenizer::Token;

use super::Context;
use super::constraint::{self, Body, refused};
use super::convert::conversion;
use super::cursor::{Cursor, Parsed};
use super::expression::{expression, fit};
use super::table::{default, definition, judge_generated, new_name};
use super::types::logical_type;
use crate::schema::{Change, Column, Constraint, LogicalType};

const ACTIONS: [&str; 4] = ["add", "drop", "alter", "rename"];

/// Reads what follows `alter table`.
pub(super) fn table(cursor: &mut Cursor<'_>, context: &mut Context) -> Parsed<Vec<Change>> {
    cursor.refuse_if()?;
    if cursor.is("only") {
        return Err(cursor.refuse("`only` is PostgreSQL's alone", "leave it out"));
    }
    let table = cursor.name("a table's name")?;
    let mut changes = Vec::new();
    loop {
        let read = action(cursor, &table, context)?;
        for change in read {
            context.apply(&change);
            changes.push(change);
        }
        if !cursor.eat_sign(&Token::Comma) {
            break;
        }
    }
    cursor.refuse_behaviour()?;
    cursor.expect_end("end the statement with a semicolon, or put a comma before the next action")?;
    Ok(changes)
}

fn action(cursor: &mut Cursor<'_>, table: &str, context: &mut Context) -> Parsed<Vec<Change>> {
    match cursor.word().as_deref() {
        Some("add") => {
            cursor.pass();
            if constraint::begins(cursor) {
                return add_constraint(cursor, table, context).map(|change| vec![change]);
            }
            cursor.eat("column");
            cursor.refuse_if()?;
            add_column(cursor, table, context)
        }
        Some("drop") => drop(cursor, table, context).map(|change| vec![change]),
        Some("alter") => {
            cursor.pass();
            cursor.eat("column");
            let column = cursor.name("a column's name")?;
            column_action(cursor, table, column, context).map(|change| vec![change])
        }
        Some("rename") => rename(cursor, table, context),
        _ => Err(cursor.none_of("action on a table", &ACTIONS)),
    }
}

fn add_constraint(cursor: &mut Cursor<'_>, table: &str, context: &mut Context) -> Parsed<Change> {
    let read = constraint::of_table(cursor)?;
    let known = context.schema.table(table).cloned();
    let constraint = constraint::complete(read, table, known.as_ref(), cursor, context)?;
    Ok(Change::AddConstraint { table: table.to_owned(), constraint })
}

fn add_column(cursor: &mut Cursor<'_>, table: &str, context: &mut Context) -> Parsed<Vec<Change>> {
    let mark = cursor.mark();
    let definition = definition(cursor, context)?;
    let in_key = definition.constraints.iter().any(|read| matches!(read.body, Body::PrimaryKey(_)));
    if definition.column.identity.is_some() && !in_key && !key_follows(cursor) {
        let message =
            format!("`{}` numbers rows and is not the primary key alone, which SQLite needs", definition.column.name);
        return Err(cursor.refuse_at(mark, message, "write `primary key` behind it"));
    }
    let mut known = context.schema.table(table).cloned();
    if let Some(known) = &mut known {
        if known.column(&definition.column.name).is_some() {
            let message = format!("table {table} has a column `{}` already", definition.column.name);
            return Err(cursor.refuse_at(mark, message, "choose another name"));
        }
        judge_generated(&definition, known, cursor)?;
        known.columns.push(definition.column.clone());
    }
    let mut column = definition.column;
    let mut constraints = Vec::new();
    for read in definition.constraints {
        if matches!(read.body, Body::PrimaryKey(_)) {
            column.nullable = false;
        }
        let constraint = constraint::complete(read, table, known.as_ref(), cursor, context)?;
        constraints.push(Change::AddConstraint { table: table.to_owned(), constraint });
    }
    let mut changes = vec![Change::AddColumn { table: table.to_owned(), column }];
    changes.extend(constraints);
    Ok(changes)
}

/// Tells whether the next action of the statement adds a primary key.
fn key_follows(cursor: &Cursor<'_>) -> bool {
    let words: Vec<String> = (1..6).filter_map(|ahead| cursor.word_after(ahead)).collect();
    cursor.peek() == Some(&Token::Comma)
        && words.first().is_some_and(|word| word == "add")
        && words.contains(&"primary".into())
}

fn drop(cursor: &mut Cursor<'_>, table: &str, context: &Context) -> Parsed<Change> {
    cursor.expect("drop")?;
    let constraint = cursor.eat("constraint");
    if !constraint {
        cursor.eat("column");
    }
    cursor.refuse_if()?;
    let mark = cursor.mark();
    let name = cursor.name(if constraint { "a constraint's name" } else { "a column's name" })?;
    cursor.refuse_behaviour()?;
    if !constraint {
        unused(cursor, mark, table, &name, context)?;
    }
    let table = table.to_owned();
    Ok(if constraint { Change::DropConstraint { table, name } } else { Change::DropColumn { table, column: name } })
}

/// PostgreSQL drops constraints and indexes with their column, in silence; SQLite refuses to drop such a column.
fn unused(cursor: &Cursor<'_>, mark: usize, table: &str, column: &str, context: &Context) -> Parsed<()> {
    let users = context.schema.users_of(table, column);
    if users.is_empty() {
        return Ok(());
    }
    let message = format!("column {table}.{column} is used by {}", users.join(", "));
    let help = "drop that before the column, in this script, and add again afterwards what is still wanted";
    Err(cursor.refuse_at(mark, message, help))
}

fn rename(cursor: &mut Cursor<'_>, table: &str, context: &mut Context) -> Parsed<Vec<Change>> {
    cursor.expect("rename")?;
    if cursor.eat("to") {
        let to = new_name(cursor, "a table's new name", context)?;
        return Ok(vec![Change::RenameTable { table: table.to_owned(), to }]);
    }
    if cursor.eat("constraint") {
        return rename_constraint(cursor, table, context);
    }
    cursor.eat("column");
    let column = cursor.name("a column's name")?;
    cursor.expect("to")?;
    let to = cursor.name("a column's new name")?;
    Ok(vec![Change::RenameColumn { table: table.to_owned(), column, to }])
}

/// SQLite renames no constraint: it is dropped and made again under the new name.
fn rename_constraint(cursor: &mut Cursor<'_>, table: &str, context: &mut Context) -> Parsed<Vec<Change>> {
    let mark = cursor.mark();
    let name = cursor.name("a constraint's name")?;
    cursor.expect("to")?;
    let to = new_name(cursor, "a constraint's new name", context)?;
    let found = context.schema.table(table).and_then(|table| table.constraint(&name));
    let Some(mut constraint) = found else {
        let message = format!("no constraint `{name}` of table {table} is known here");
        return Err(cursor.refuse_at(mark, message, "name one of its constraints, or drop it and add it anew"));
    };
    context.take(&to);
    constraint.set_name(&to);
    let table = table.to_owned();
    Ok(vec![Change::DropConstraint { table: table.clone(), name }, Change::AddConstraint { table, constraint }])
}

fn column_action(cursor: &mut Cursor<'_>, table: &str, column: String, context: &Context) -> Parsed<Change> {
    let table = table.to_owned();
    if cursor.eat("set not null") {
        return Ok(Change::SetNullable { table, column, nullable: false });
    }
    let mark = cursor.mark();
    if cursor.eat("drop not null") {
        let key = context.schema.table(&table).and_then(|known| known.primary_key.as_ref());
        if key.is_some_and(|key| key.columns.contains(&column)) {
            let message = format!("{table}.{column} is in the primary key, which takes no NULL");
            return Err(cursor.refuse_at(mark, message, "drop the primary key's constraint first"));
        }
        return Ok(Change::SetNullable { table, column, nullable: true });
    }
    if cursor.eat("add generated by default as identity") {
        return Ok(Change::SetIdentity { table, column, numbers: true });
    }
    if cursor.eat("drop identity") {
        return Ok(Change::SetIdentity { table, column, numbers: false });
    }
    if cursor.eat("drop expression") {
        return Ok(Change::DropExpression { table, column });
    }
    if cursor.eat("drop default") {
        return Ok(Change::SetDefault { table, column, default: None });
    }
    if cursor.eat("set default") {
        return set_default(cursor, table, column, context);
    }
    if cursor.eat("set data type") || cursor.eat("type") {
        return set_type(cursor, table, column, context);
    }
    let actions = [
        "set not null",
        "drop not null",
        "set default",
        "drop default",
        "type",
        "add generated by default as identity",
        "drop identity",
        "drop expression",
    ];
    Err(cursor.none_of("action on a column", &actions))
}

fn known<'c>(context: &'c Context, table: &str, column: &str) -> Option<&'c Column> {
    context.schema.table(table)?.column(column)
}

fn set_default(cursor: &mut Cursor<'_>, table: String, column: String, context: &Context) -> Parsed<Change> {
    let mark = cursor.mark();
    let default = match known(context, &table, &column) {
        Some(known) => default(cursor, &known.logical)?,
        None => {
            let message = format!("the type of {table}.{column} is not known here, and a default depends on it");
            let help = "create the table in a portable script first, or use blocks `-- only: …`";
            return Err(cursor.refuse_at(mark, message, help));
        }
    };
    Ok(Change::SetDefault { table, column, default })
}

fn set_type(cursor: &mut Cursor<'_>, table: String, column: String, context: &Context) -> Parsed<Change> {
    let mark = cursor.mark();
    let logical = logical_type(cursor, &context.schema)?;
    if cursor.is("collate") {
        return Err(cursor.refuse("collations are one engine's", "leave it out, or use blocks `-- only: …`"));
    }
    let mut using = None;
    if cursor.eat("using") {
        let start = cursor.mark();
        let read = expression(cursor)?;
        fit::conversion(&read, &logical, context.schema.table(&table)).map_err(|r| refused(cursor, start, &r))?;
        using = Some(read.to_string());
    } else {
        by_itself(cursor, mark, known(context, &table, &column), &logical)?;
    }
    Ok(Change::SetType { table, column, logical, using })
}

fn by_itself(cursor: &Cursor<'_>, mark: usize, known: Option<&Column>, to: &LogicalType) -> Parsed<()> {
    let Some(column) = known else { return Ok(()) };
    if conversion(&column.logical, to).is_some() {
        return Ok(());
    }
    let message = format!("{} does not become {} by itself", column.logical.portable_name(), to.portable_name());
    let help =
        format!("say how: type {0} using cast({1} as {0}), or another expression", to.portable_name(), column.name);
    Err(cursor.refuse_at(mark, message, help))
}

/// Reads what follows `alter index`.
pub(super) fn index(cursor: &mut Cursor<'_>, context: &mut Context) -> Parsed<Vec<Change>> {
    cursor.refuse_if()?;
    let name = cursor.name("an index's name")?;
    cursor.expect("rename to")?;
    let to = new_name(cursor, "an index's new name", context)?;
    cursor.expect_end("end the statement with a semicolon")?;
    Ok(vec![Change::RenameIndex { name, to }])
}

impl Constraint {
    fn set_name(&mut self, to: &str) {
        let name = match self {
            Self::PrimaryKey(key) => &mut key.name,
            Self::Unique(unique) => &mut unique.name,
            Self::ForeignKey(key) => &mut key.name,
            Self::Check(check) => &mut check.name,
        };
        *name = Some(to.to_owned());
    }
}
