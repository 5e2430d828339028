//! The portable language: one script for both engines.
//!
//! [`split`](split::split) finds the statements of a script, [`parse`] reads those of the language into [`Change`]s and
//! leaves statements on rows as they are, [`schema_file`] reads a whole schema, and [`write`] writes both back. Whatever
//! the engines would take differently is refused, with its place and with what to write instead.

mod alter;
pub mod block;
mod constraint;
pub mod convert;
mod cursor;
mod dml;
pub mod error;
pub mod expression;
mod object;
pub mod reserved;
mod scan;
pub mod schema_file;
pub mod secret;
pub mod split;
mod table;
mod types;
pub mod words;
pub mod write;

use std::collections::HashSet;

use cursor::{Cursor, Parsed};
pub use dml::{Inserted, words_of};
pub use error::{LanguageError, Position};
pub use scan::Lexing;
pub use schema_file::{SchemaFile, read_schema};
pub use split::{Piece, split};
pub(super) use table::add;
pub use types::read_type;

use super::{Change, Engine, Schema};

/// A script that was read.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Script {
    /// Its statements in order.
    pub statements: Vec<Statement>,
    /// What a person should know of it: what is written there and means nothing.
    pub remarks: Vec<String>,
}

/// One statement of a script.
#[derive(Clone, Debug, PartialEq)]
pub struct Statement {
    /// The statement as it is written, without its semicolon.
    pub text: String,
    /// Where it begins.
    pub at: Position,
    /// What it is.
    pub kind: Kind,
}

impl Statement {
    /// The table into which the statement inserts rows; none when it does something else.
    pub fn inserts_into(&self) -> Option<String> {
        self.inserts().map(|inserted| inserted.table)
    }

    /// What the statement inserts; none when it does something else.
    pub fn inserts(&self) -> Option<Inserted> {
        dml::inserted(&self.text)
    }
}

/// What a statement is.
#[derive(Clone, Debug, PartialEq)]
pub enum Kind {
    /// Changes of the structure, in the order in which they are made.
    Changes(Vec<Change>),
    /// A statement on rows, which both engines take as it is.
    Dml,
    /// A statement of one engine, which the other does not see.
    Opaque(Engine),
}

/// Reads a script that starts from nothing.
pub fn parse(text: &str) -> Result<Script, LanguageError> {
    parse_after(text, &Schema::default())
}

/// Reads a script that is run on a schema: its enum types, columns and names are known.
///
/// What is not in the schema may still exist, made by a script of one engine: only what depends on the type of such a
/// column is refused.
pub fn parse_after(text: &str, before: &Schema) -> Result<Script, LanguageError> {
    let mut context = Context::new(before.clone());
    let mut script = Script::default();
    for piece in split(text, Lexing::Portable)? {
        let kind = match piece.only {
            Some(engine) => Kind::Opaque(engine),
            None => statement(&piece, &mut context)?,
        };
        script.statements.push(Statement { text: piece.text.to_owned(), at: piece.at, kind });
    }
    script.remarks = context.remarks;
    Ok(script)
}

/// What is known while a script is read: the schema as its statements so far have made it, and the names in use.
struct Context {
    schema: Schema,
    taken: HashSet<String>,
    remarks: Vec<String>,
}

impl Context {
    fn new(schema: Schema) -> Self {
        let taken = schema.names().map(str::to_owned).collect();
        Self { schema, taken, remarks: Vec::new() }
    }

    fn is_taken(&self, name: &str) -> bool {
        self.taken.contains(name)
    }

    fn take(&mut self, name: &str) {
        self.taken.insert(name.to_owned());
    }

    /// Follows a change as far as the schema is known; what cannot be followed is told when the change is replayed.
    fn apply(&mut self, change: &Change) {
        if self.schema.apply(change).is_ok() && change.frees_names() {
            self.taken = self.schema.names().map(str::to_owned).collect();
        }
    }
}

const FIRST: [&str; 9] = ["create", "alter", "drop", "insert", "update", "delete", "with", "select", "values"];
const OBJECTS: [&str; 4] = ["table", "index", "unique index", "type"];

fn statement(piece: &Piece<'_>, context: &mut Context) -> Parsed<Kind> {
    let mut cursor = Cursor::new(piece.text, piece.at)?;
    let Some(first) = cursor.word() else { return Err(cursor.none_of("statement of the language", &FIRST)) };
    if dml::FIRST.contains(&first.as_str()) {
        dml::look_over(&mut cursor)?;
        return Ok(Kind::Dml);
    }
    let changes = match first.as_str() {
        "create" => {
            cursor.pass();
            vec![create(&mut cursor, context)?]
        }
        "alter" => {
            cursor.pass();
            // These follow their own changes.
            if cursor.eat("table") {
                return alter::table(&mut cursor, context).map(Kind::Changes);
            }
            alter(&mut cursor, context)?
        }
        "drop" => {
            cursor.pass();
            object::drop(&mut cursor)?
        }
        other => return Err(not_allowed(&cursor, other)),
    };
    for change in &changes {
        context.apply(change);
    }
    Ok(Kind::Changes(changes))
}

fn create(cursor: &mut Cursor<'_>, context: &mut Context) -> Parsed<Change> {
    if cursor.eat("table") {
        return table::create(cursor, context);
    }
    if cursor.eat("unique index") {
        return object::create_index(cursor, true, context);
    }
    if cursor.eat("index") {
        return object::create_index(cursor, false, context);
    }
    if cursor.eat("type") {
        return object::create_type(cursor, context);
    }
    match cursor.word().as_deref() {
        Some(
            what @ ("view" | "trigger" | "function" | "procedure" | "extension" | "virtual" | "materialized"
            | "sequence" | "domain" | "schema" | "policy" | "rule" | "role" | "or" | "temp" | "temporary"
            | "unlogged"),
        ) => {
            let help = "write it for each engine, in blocks `-- only: sqlite` and `-- only: postgres`";
            Err(cursor.refuse(format!("`create {what}` is not of the language"), help))
        }
        _ => Err(cursor.none_of("object of the language", &OBJECTS)),
    }
}

fn alter(cursor: &mut Cursor<'_>, context: &mut Context) -> Parsed<Vec<Change>> {
    if cursor.eat("index") {
        return alter::index(cursor, context);
    }
    if cursor.is("type") {
        let help = "make a new type and give it to the columns with `alter column … type`, or use `-- only: postgres`";
        return Err(cursor.refuse("`alter type` is not of the language: SQLite keeps labels in a check", help));
    }
    Err(cursor.none_of("object of the language", &["table", "index"]))
}

fn not_allowed(cursor: &Cursor<'_>, word: &str) -> LanguageError {
    let (message, help) = match word {
        "begin" | "commit" | "rollback" | "savepoint" | "release" | "start" | "end" | "abort" => (
            format!("`{word}`: each script is a transaction already"),
            "leave it out; `-- transaction: none` at the top of a script makes none",
        ),
        "pragma" | "attach" | "detach" => (format!("`{word}` is SQLite's alone"), "write a block `-- only: sqlite`"),
        "vacuum" | "reindex" | "analyze" => {
            (format!("`{word}` is no change of a structure"), "run it by hand, or in a script of one engine")
        }
        "set" | "reset" | "show" | "do" | "grant" | "revoke" | "comment" | "copy" | "truncate" | "call" | "lock"
        | "refresh" | "cluster" | "security" | "reassign" | "notify" | "listen" => {
            (format!("`{word}` is PostgreSQL's alone"), "write a block `-- only: postgres`")
        }
        "replace" => {
            ("`replace` is SQLite's alone".to_owned(), "write `insert into … on conflict (…) do update set …`")
        }
        _ => return cursor.none_of("statement of the language", &FIRST),
    };
    cursor.refuse(message, help)
}

#[cfg(test)]
mod tests;
