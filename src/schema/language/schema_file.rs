//! Reads a schema file: the whole structure, the rows it begins with, and what one engine alone has.

use super::error::{LanguageError, Position};
use super::{Kind, Statement, parse};
use crate::schema::{Change, Schema};

/// The first line of a schema file.
pub const FIRST_LINE: &str = "-- strait schema 1";

/// A schema file that was read.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct SchemaFile {
    /// The structure.
    pub schema: Schema,
    /// Statements of one engine, and the rows that every database of the system has, in the file's order.
    pub others: Vec<Statement>,
    /// What a person should know of it: what is written there and means nothing.
    pub remarks: Vec<String>,
}

/// Reads a schema file.
pub fn read_schema(text: &str) -> Result<SchemaFile, LanguageError> {
    first_line(text)?;
    let script = parse(text)?;
    let mut file = SchemaFile { remarks: script.remarks, ..SchemaFile::default() };
    for statement in script.statements {
        let refuse = |message: String, help: &str| {
            let token = statement.text.split_whitespace().next().unwrap_or("");
            Err(LanguageError::new(statement.at, token, message, help))
        };
        match &statement.kind {
            Kind::Changes(changes) => {
                for change in changes {
                    if !matches!(
                        change,
                        Change::CreateEnum { .. } | Change::CreateTable(_) | Change::CreateIndex { .. }
                    ) {
                        let help = "allowed here: create type, create table, create index, and insert";
                        return refuse("a schema file says what is, not what changes".into(), help);
                    }
                    if let Err(error) = file.schema.apply(change) {
                        return refuse(error.to_string(), "mend the statement, or put what it needs before it");
                    }
                }
            }
            Kind::Dml if !seeds(&statement.text) => {
                let help = "write `insert into … values … on conflict do nothing`";
                return refuse("the rows of a schema file are inserted, and may be there already".into(), help);
            }
            Kind::Dml | Kind::Opaque(_) => file.others.push(statement),
        }
    }
    no_reference_leads_nowhere(&file.schema)?;
    Ok(file)
}

fn first_line(text: &str) -> Result<(), LanguageError> {
    let line = text.trim_start_matches('\u{feff}').lines().next().unwrap_or("").trim_end();
    if line == FIRST_LINE {
        return Ok(());
    }
    let message = match line.strip_prefix("-- strait schema ") {
        Some(version) => format!("version {version} of the language is not known here; this program knows 1"),
        None => format!("a schema file begins with the line `{FIRST_LINE}`"),
    };
    Err(LanguageError::new(Position::START, line, message, format!("write `{FIRST_LINE}` as the first line")))
}

/// Tells whether a statement inserts rows and passes over those that are there.
fn seeds(text: &str) -> bool {
    let words: Vec<String> = text.to_lowercase().split_whitespace().map(str::to_owned).collect();
    words.first().is_some_and(|word| word == "insert") && words.ends_with(&["do".to_owned(), "nothing".to_owned()])
}

fn no_reference_leads_nowhere(schema: &Schema) -> Result<(), LanguageError> {
    for table in &schema.tables {
        if let Some(key) = table.foreign_keys.iter().find(|key| schema.table(&key.parent).is_none()) {
            let message = format!("table {} refers to {}, which the file does not have", table.name, key.parent);
            let help = format!("create table {}, or leave the reference out", key.parent);
            return Err(LanguageError::new(Position::START, "", message, help));
        }
    }
    Ok(())
}
