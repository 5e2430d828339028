//! Reads indexes, enum types and `drop`.

use sqlparser::tokenizer::Token;

use super::Context;
use super::constraint::{plain, refused};
use super::cursor::{Cursor, Parsed};
use super::expression::{Expression, expression, fit};
use super::table::new_name;
use super::types::is_type;
use crate::schema::names::derived;
use crate::schema::{Change, Index, KeyOf, KeyPart};

/// Reads what follows `create [unique] index`.
pub(super) fn create_index(cursor: &mut Cursor<'_>, unique: bool, context: &mut Context) -> Parsed<Change> {
    if cursor.is("concurrently") {
        let help = "leave it out, or write the statement in a `.postgres.sql` script with `-- transaction: none`";
        return Err(cursor.refuse("`concurrently` is PostgreSQL's alone", help));
    }
    cursor.refuse_if()?;
    let name = if cursor.is("on") { None } else { Some(new_name(cursor, "an index's name", context)?) };
    cursor.expect("on")?;
    let table = cursor.name("a table's name")?;
    if cursor.is("using") {
        let help = "leave it out; both engines take a b-tree, and others go into a block `-- only: postgres`";
        return Err(cursor.refuse("methods of indexes are PostgreSQL's alone", help));
    }
    cursor.expect_sign(&Token::LParen)?;
    let mut keys = vec![key(cursor, &table, context)?];
    while cursor.eat_sign(&Token::Comma) {
        keys.push(key(cursor, &table, context)?);
    }
    cursor.expect_sign(&Token::RParen)?;
    let mut predicate = None;
    if cursor.eat("where") {
        let mark = cursor.mark();
        let read = expression(cursor)?;
        fit::predicate(&read, context.schema.table(&table)).map_err(|refusal| refused(cursor, mark, &refusal))?;
        predicate = Some(read.to_string());
    }
    cursor.expect_end("an index ends with its keys or its `where`; INCLUDE, WITH and the like are one engine's")?;
    let name = name.unwrap_or_else(|| derived(&table, &parts(&keys), "idx", |name| context.is_taken(name)));
    context.take(&name);
    Ok(Change::CreateIndex { table, index: Index { name, unique, keys, predicate } })
}

fn parts(keys: &[KeyPart]) -> Vec<String> {
    let part = |key: &KeyPart| match &key.of {
        KeyOf::Column(name) => name.clone(),
        KeyOf::Expression(_) => "expr".to_owned(),
    };
    keys.iter().map(part).collect()
}

fn key(cursor: &mut Cursor<'_>, table: &str, context: &Context) -> Parsed<KeyPart> {
    let mark = cursor.mark();
    let read = expression(cursor)?;
    fit::key(&read, context.schema.table(table)).map_err(|refusal| refused(cursor, mark, &refusal))?;
    let mut part = match read {
        Expression::Column(name) => plain(name),
        other => KeyPart { of: KeyOf::Expression(other.to_string()), ..plain(String::new()) },
    };
    part.descending = cursor.eat("desc");
    if !part.descending {
        cursor.eat("asc");
    }
    match cursor.word().as_deref() {
        Some("nulls") => Err(cursor.refuse("`nulls first` and `nulls last` are PostgreSQL's alone", "leave it out")),
        Some("collate") => {
            Err(cursor.refuse("collations are one engine's", "leave it out, or use blocks `-- only: …`"))
        }
        Some(_) if cursor.peek() != Some(&Token::RParen) => {
            Err(cursor
                .refuse("classes of operators are PostgreSQL's alone", "write a comma, or use `-- only: postgres`"))
        }
        _ => Ok(part),
    }
}

/// Reads what follows `create type`.
pub(super) fn create_type(cursor: &mut Cursor<'_>, context: &mut Context) -> Parsed<Change> {
    let mark = cursor.mark();
    let name = new_name(cursor, "a type's name", context)?;
    if is_type(&name) {
        return Err(cursor.refuse_at(mark, format!("`{name}` is a type already"), "choose another name"));
    }
    cursor.expect("as enum")?;
    cursor.expect_sign(&Token::LParen)?;
    let mut labels: Vec<String> = Vec::new();
    loop {
        let at = cursor.mark();
        let label = cursor.text("a label in single quotes")?;
        if labels.contains(&label) {
            return Err(cursor.refuse_at(at, "this label is there twice", "leave one of them out"));
        }
        if label.len() > crate::schema::names::LONGEST {
            return Err(cursor.refuse_at(at, "a label has at most 63 bytes", "write a shorter one"));
        }
        labels.push(label);
        if !cursor.eat_sign(&Token::Comma) {
            break;
        }
    }
    cursor.expect_sign(&Token::RParen)?;
    cursor.expect_end("end the statement with a semicolon")?;
    context.take(&name);
    Ok(Change::CreateEnum { name, labels })
}

/// Reads what follows `drop`.
pub(super) fn drop(cursor: &mut Cursor<'_>) -> Parsed<Vec<Change>> {
    let Some(what) = cursor.word().filter(|word| matches!(word.as_str(), "table" | "index" | "type")) else {
        return Err(cursor.none_of("object of the language", &["table", "index", "type"]));
    };
    cursor.pass();
    if cursor.is("concurrently") {
        return Err(cursor.refuse("`concurrently` is PostgreSQL's alone", "leave it out"));
    }
    cursor.refuse_if()?;
    let mut names = vec![cursor.name("a name")?];
    while cursor.eat_sign(&Token::Comma) {
        names.push(cursor.name("a name")?);
    }
    cursor.refuse_behaviour()?;
    cursor.expect_end("end the statement with a semicolon")?;
    let change = |name: String| match what.as_str() {
        "table" => Change::DropTable { table: name },
        "index" => Change::DropIndex { name },
        _ => Change::DropEnum { name },
    };
    Ok(names.into_iter().map(change).collect())
}
