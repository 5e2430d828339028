//! Reads `create table` and the definition of a column.

use sqlparser::tokenizer::Token;

use super::Context;
use super::constraint::{self, Body, Read, refused};
use super::cursor::{Cursor, Parsed};
use super::expression::fit;
use super::expression::{Expression, expression, operand};
use super::types::logical_type;
use crate::schema::{Change, Column, Constraint, Generated, Identity, LogicalType, Table};

/// Columns that every table of PostgreSQL has. Source: PostgreSQL manual, "System Columns".
const SYSTEM_COLUMNS: [&str; 6] = ["tableoid", "xmin", "cmin", "xmax", "cmax", "ctid"];

/// A column as it was read, with what can be judged only when its table is known.
pub(super) struct Definition {
    pub(super) column: Column,
    pub(super) constraints: Vec<Read>,
    generated: Option<(usize, Expression)>,
    identity: Option<usize>,
}

/// Reads what follows `create table`.
pub(super) fn create(cursor: &mut Cursor<'_>, context: &mut Context) -> Parsed<Change> {
    cursor.refuse_if()?;
    let name = new_name(cursor, "a table's name", context)?;
    if cursor.is("as") {
        return Err(cursor.refuse("a table made from a query has no types", "name its columns, then insert into it"));
    }
    cursor.expect_sign(&Token::LParen)?;
    let (mut table, mut constraints, mut definitions) = (Table { name, ..Table::default() }, Vec::new(), Vec::new());
    loop {
        if constraint::begins(cursor) {
            constraints.push(constraint::of_table(cursor)?);
        } else {
            let mark = cursor.mark();
            let definition = definition(cursor, context)?;
            // SQLite tells names apart without regard to case.
            if table.columns.iter().any(|other| other.name.eq_ignore_ascii_case(&definition.column.name)) {
                let message = format!("column `{}` is there twice", definition.column.name);
                return Err(cursor.refuse_at(mark, message, "leave one of them out"));
            }
            table.columns.push(definition.column.clone());
            definitions.push(definition);
        }
        if !cursor.eat_sign(&Token::Comma) {
            break;
        }
        if cursor.peek() == Some(&Token::RParen) {
            return Err(cursor.refuse("a comma before `)` promises one more column", "leave the comma out"));
        }
    }
    cursor.expect_sign(&Token::RParen)?;
    cursor
        .expect_end("a table ends with its parenthesis; STRICT, WITHOUT ROWID, WITH and the like are one engine's")?;
    context.take(&table.name);
    finish(table, definitions, constraints, cursor, context).map(Change::CreateTable)
}

/// Reads a new name; one that is taken is refused.
pub(super) fn new_name(cursor: &mut Cursor<'_>, what: &str, context: &Context) -> Parsed<String> {
    let mark = cursor.mark();
    let name = cursor.name(what)?;
    if name.to_lowercase().starts_with("sqlite_") {
        return Err(cursor.refuse_at(mark, "names that begin with sqlite_ are SQLite's own", "choose another name"));
    }
    if context.is_taken(&name) {
        let help = "choose another name, or drop or rename what has it before";
        return Err(cursor.refuse_at(mark, format!("the name `{name}` is taken"), help));
    }
    Ok(name)
}

/// Completes a table whose columns were all read.
fn finish(
    mut table: Table,
    definitions: Vec<Definition>,
    constraints: Vec<Read>,
    cursor: &Cursor<'_>,
    context: &mut Context,
) -> Parsed<Table> {
    if table.columns.is_empty() {
        return Err(cursor.refuse(format!("table `{}` has no column", table.name), "give it at least one"));
    }
    let (mut identity, mut reads) = (None, Vec::new());
    for definition in definitions {
        judge_generated(&definition, &table, cursor)?;
        identity = definition.identity.map(|mark| (mark, definition.column.name.clone())).or(identity);
        reads.extend(definition.constraints);
    }
    reads.extend(constraints);
    // The key first: a reference to the table itself may mean it.
    reads.sort_by_key(|read| !matches!(read.body, Body::PrimaryKey(_)));
    if reads.iter().filter(|read| matches!(read.body, Body::PrimaryKey(_))).count() > 1 {
        return Err(cursor.refuse_word(0, Some("primary"), "a table has one primary key", "leave one of them out"));
    }
    for read in reads {
        if let Some(remark) = constraint::says_twice(&read, &table) {
            context.remarks.push(remark);
            continue;
        }
        let owner = table.name.clone();
        let complete = constraint::complete(read, &owner, Some(&table), cursor, context)?;
        add(&mut table, complete);
    }
    if let Some((mark, column)) = identity
        && table.primary_key.as_ref().is_none_or(|key| key.columns != [column.as_str()])
    {
        let message = format!("`{column}` numbers rows and is not the primary key alone, which SQLite needs");
        return Err(cursor.refuse_at(mark, message, "write `primary key` behind it, and no other column in the key"));
    }
    Ok(table)
}

/// Puts a constraint into a table; columns of a primary key hold no NULL.
pub(in crate::schema) fn add(table: &mut Table, constraint: Constraint) {
    match constraint {
        Constraint::PrimaryKey(key) => {
            for column in table.columns.iter_mut().filter(|column| key.columns.contains(&column.name)) {
                column.nullable = false;
            }
            table.primary_key = Some(key);
        }
        Constraint::Unique(unique) => table.uniques.push(unique),
        Constraint::ForeignKey(key) => table.foreign_keys.push(key),
        Constraint::Check(check) => table.checks.push(check),
    }
}

/// Holds a generated column to what its table has, when the table is known.
pub(super) fn judge_generated(definition: &Definition, table: &Table, cursor: &Cursor<'_>) -> Parsed<()> {
    let Some((mark, expression)) = &definition.generated else { return Ok(()) };
    let other = expression.columns().into_iter().find(|name| {
        *name == definition.column.name || table.column(name).is_some_and(|column| column.generated.is_some())
    });
    if let Some(name) = other {
        let message = format!("column `{name}` is generated, and a generated column cannot be made of one");
        return Err(cursor.refuse_word(*mark, Some(name), message, "repeat its expression instead"));
    }
    fit::generated(expression, &definition.column.logical, Some(table)).map_err(|r| refused(cursor, *mark, &r))
}

/// Reads a column: its name, its type and its options.
pub(super) fn definition(cursor: &mut Cursor<'_>, context: &Context) -> Parsed<Definition> {
    let mark = cursor.mark();
    let name = cursor.name("a column's name, or a constraint")?;
    if SYSTEM_COLUMNS.contains(&name.as_str()) {
        return Err(cursor.refuse_at(
            mark,
            format!("`{name}` is a column that PostgreSQL keeps"),
            "choose another name",
        ));
    }
    if cursor.at_end() || matches!(cursor.peek(), Some(Token::Comma | Token::RParen)) {
        return Err(cursor.refuse(format!("column `{name}` has no type"), "write its type, such as text or int"));
    }
    let logical = logical_type(cursor, &context.schema)?;
    let column = Column::new(&name, logical);
    let mut definition = Definition { column, constraints: Vec::new(), generated: None, identity: None };
    let mut said = Vec::new();
    while option(cursor, &mut definition, &mut said)? {}
    let has_value = definition.generated.is_some() || definition.identity.is_some();
    if definition.column.default.is_some() && has_value {
        let message = format!("column `{name}` has a default and makes its value itself");
        return Err(cursor.refuse_at(mark, message, "leave the default out"));
    }
    Ok(definition)
}

/// Reads one option of a column; false when none stands here.
fn option(cursor: &mut Cursor<'_>, definition: &mut Definition, said: &mut Vec<&'static str>) -> Parsed<bool> {
    let mark = cursor.mark();
    let name = constraint::own_name(cursor)?;
    if let Some(read) = constraint::of_column(cursor, &definition.column.name, name)? {
        definition.constraints.push(read);
        return Ok(true);
    }
    let option = match cursor.word().as_deref() {
        Some("not") => {
            cursor.expect("not null")?;
            definition.column.nullable = false;
            "null"
        }
        Some("null") => {
            cursor.pass();
            "null"
        }
        Some("default") => {
            cursor.pass();
            definition.column.default = default(cursor, &definition.column.logical)?;
            "default"
        }
        Some("generated") => {
            generated(cursor, definition, mark)?;
            "generated"
        }
        Some("autoincrement" | "auto_increment") => {
            let help = "write `generated by default as identity primary key` and leave it out";
            return Err(cursor.refuse(format!("{} is not of the language", cursor.found()), help));
        }
        Some("collate") => {
            return Err(cursor.refuse("collations are one engine's", "leave it out, or use blocks `-- only: …`"));
        }
        Some("as") => return Err(cursor.refuse("`as` needs more words", "write `generated always as (…) stored`")),
        _ if cursor.at_end() || matches!(cursor.peek(), Some(Token::Comma | Token::RParen)) => return Ok(false),
        _ => {
            let options =
                ["not null", "default", "primary key", "unique", "check", "references", "generated", "constraint"];
            return Err(cursor.none_of("option of a column", &options));
        }
    };
    if said.contains(&option) {
        return Err(cursor.refuse_at(mark, "this is said twice", "leave one of them out"));
    }
    said.push(option);
    Ok(true)
}

/// Reads a default; none is what NULL means.
pub(super) fn default(cursor: &mut Cursor<'_>, logical: &LogicalType) -> Parsed<Option<String>> {
    let mark = cursor.mark();
    let read = operand(cursor)?;
    fit::default(&read, logical).map_err(|refusal| refused(cursor, mark, &refusal))?;
    Ok((read != Expression::Null).then(|| read.to_string()))
}

fn generated(cursor: &mut Cursor<'_>, definition: &mut Definition, mark: usize) -> Parsed<()> {
    cursor.expect("generated")?;
    if cursor.eat("by default as identity") {
        if cursor.peek() == Some(&Token::LParen) {
            return Err(cursor.refuse("an identity has no options", "leave the parentheses out"));
        }
        if !matches!(definition.column.logical, LogicalType::SmallInt | LogicalType::Int | LogicalType::BigInt) {
            return Err(cursor.refuse_at(
                mark,
                "an identity is a whole number",
                "give the column the type int or bigint",
            ));
        }
        definition.column.identity = Some(Identity::Rowid { highest: None });
        definition.column.nullable = false;
        definition.identity = Some(mark);
        return Ok(());
    }
    cursor.expect("always as")?;
    if cursor.is("identity") {
        let message = "SQLite takes a number that is given, so `always` cannot be held";
        return Err(cursor.refuse(message, "write `generated by default as identity`"));
    }
    cursor.expect_sign(&Token::LParen)?;
    let start = cursor.mark();
    let made = expression(cursor)?;
    cursor.expect_sign(&Token::RParen)?;
    if cursor.is("virtual") {
        return Err(cursor.refuse("PostgreSQL 17 and before keep no virtual columns", "write `stored`"));
    }
    cursor.expect("stored")?;
    definition.column.generated = Some(Generated { expression: Some(made.to_string()), stored: true });
    definition.generated = Some((start, made));
    Ok(())
}
