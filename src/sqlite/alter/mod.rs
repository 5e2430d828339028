//! Edits of a SQLite table that exists: by SQLite's own ALTER TABLE where that keeps everything, else by a rebuild.
//!
//! Both work on the stored CREATE TABLE text, which `sqlite::text` reads; `splice` makes an edit of it and leaves the rest as it was written. `native` says which edits SQLite makes
//! itself without loss; `rebuild` makes the others, `transfer` carries the rows, and `standing` holds everything that
//! must not change. What uses a column that is dropped is named by `dependents`, never dropped with it.
//!
//! The statistics of ANALYZE stay, even where an edit makes them stale. TEMP views are not looked at.

mod definition;
mod dependents;
mod doubt;
mod error;
mod native;
mod rebuild;
mod script;
mod shape;
mod splice;
mod standing;
mod transfer;

use rusqlite::{Connection, OptionalExtension as _};

pub use error::AlterError;
use script::Script;

use super::{quote, text};

/// One edit of a table that exists. Texts are SQLite's SQL; names are as they are, without quotes.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Edit {
    /// Gives the table another name, also where references, views and triggers name it.
    RenameTable {
        /// The new name.
        to: String,
    },
    /// Adds a column after the last one.
    AddColumn {
        /// `"name" TYPE constraints`.
        definition: String,
    },
    /// Drops a column that nothing else uses, with the constraints in its own definition.
    DropColumn {
        /// The column.
        name: String,
    },
    /// Gives a column another name, also where indexes, constraints, views and triggers name it.
    RenameColumn {
        /// The column.
        name: String,
        /// The new name.
        to: String,
    },
    /// Gives a column another declared type.
    SetType {
        /// The column.
        name: String,
        /// The type as it is to be written; empty for none.
        declared: String,
        /// An expression over the table's columns that gives the new value; without it each value must come over exactly.
        using: Option<String>,
    },
    /// Sets or drops NOT NULL.
    SetNotNull {
        /// The column.
        name: String,
        /// Whether it may be null.
        nullable: bool,
    },
    /// Sets or drops a default.
    SetDefault {
        /// The column.
        name: String,
        /// A literal or an expression.
        default: Option<String>,
    },
    /// Sets or drops a collation.
    SetCollation {
        /// The column.
        name: String,
        /// The collation's name.
        collation: Option<String>,
    },
    /// Lets a generated column keep its values as plain ones.
    DropExpression {
        /// The column.
        name: String,
    },
    /// Adds a constraint of the table.
    AddConstraint {
        /// `constraint "name" check (…)`, `unique (…)`, `primary key (…)`, `foreign key (…) references …`.
        definition: String,
    },
    /// Drops a constraint by its name, of the table or of a column.
    DropConstraint {
        /// The constraint.
        name: String,
    },
}

/// How edits will be made.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Plan {
    /// The steps, in order.
    pub steps: Vec<Step>,
    /// Whether `pragma foreign_keys = off` must come before the transaction begins.
    pub needs_foreign_keys_off: bool,
}

/// One step of a plan.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Step {
    /// SQLite's own statement.
    Native(String),
    /// A rebuild that makes so many edits at once.
    Rebuild(usize),
}

/// Tells, before any transaction, how edits of a table will be made.
pub fn plan(connection: &Connection, table: &str, edits: &[Edit]) -> Result<Plan, AlterError> {
    let mut sql = stored(connection, table)?.sql;
    let mut steps = Vec::new();
    for group in groups(edits) {
        let natives = native_statements(connection, &mut sql, group)?;
        match natives {
            Some(statements) => steps.extend(statements.into_iter().map(Step::Native)),
            None => steps.push(Step::Rebuild(group.len())),
        }
    }
    let needs_foreign_keys_off = steps.iter().any(|step| matches!(step, Step::Rebuild(_)));
    Ok(Plan { steps, needs_foreign_keys_off })
}

/// Makes edits of a table inside of the caller's transaction; gives every statement that changed something, in order.
///
/// When it fails, the caller must roll the transaction back.
pub fn alter(connection: &Connection, table: &str, edits: &[Edit]) -> Result<Vec<String>, AlterError> {
    let mut stored = stored(connection, table)?;
    if connection.is_autocommit() {
        return Err(AlterError::NoTransaction { table: stored.name });
    }
    let mut script = Script::begin(connection)?;
    for group in groups(edits) {
        perform(&mut script, &stored, group)?;
        let renamed = group.iter().rev().find_map(|edit| match edit {
            Edit::RenameTable { to } => Some(to.as_str()),
            _ => None,
        });
        stored = self::stored(connection, renamed.unwrap_or(&stored.name))?;
    }
    script.end()
}

fn perform(script: &mut Script<'_>, table: &Stored, group: &[Edit]) -> Result<(), AlterError> {
    let all: Vec<&Edit> = group.iter().collect();
    if native_statements(script.connection, &mut table.sql.clone(), group)?.is_none() {
        return rebuild::rebuild(script, table, &all);
    }
    script.savepoint()?;
    let mut now = Stored { name: table.name.clone(), sql: table.sql.clone() };
    for edit in group {
        match native::perform(script, &now, edit)? {
            native::Outcome::Done(after) => now = after,
            // SQLite would change more than was meant.
            native::Outcome::Lossy => {
                script.roll_back()?;
                return rebuild::rebuild(script, table, &all);
            }
        }
    }
    script.release()
}

/// Splits edits where a rename stands: only SQLite itself finds all places of a name.
fn groups(edits: &[Edit]) -> impl Iterator<Item = &[Edit]> {
    let is_rename = |edit: &Edit| matches!(edit, Edit::RenameTable { .. } | Edit::RenameColumn { .. });
    edits.chunk_by(move |before, after| !is_rename(before) && !is_rename(after))
}

/// SQLite's own statements for edits, and the text after them; `None` when one of them needs a rebuild.
fn native_statements(
    connection: &Connection,
    sql: &mut String,
    group: &[Edit],
) -> Result<Option<Vec<String>>, AlterError> {
    let drops = group.iter().any(|edit| matches!(edit, Edit::DropColumn { .. }));
    let mut statements = if drops && doubt::is_in_schema(connection)? { None } else { Some(Vec::new()) };
    for edit in group {
        let statement = native::statement(&splice::read(sql)?, edit)?;
        statements = statements.zip(statement).map(|(mut all, one)| {
            all.push(one);
            all
        });
        *sql = splice::edited(sql, edit)?;
    }
    Ok(statements)
}

/// A table as SQLite stores it.
#[derive(Debug, Clone)]
struct Stored {
    name: String,
    sql: String,
}

fn stored(connection: &Connection, table: &str) -> Result<Stored, AlterError> {
    let sql =
        "select type, name, sql from main.sqlite_schema where type in ('table', 'view') and name = ?1 collate nocase";
    let found = connection
        .query_row(sql, [table], |row| {
            Ok((row.get::<_, String>(0)?, row.get::<_, String>(1)?, row.get::<_, Option<String>>(2)?))
        })
        .optional()
        .map_err(AlterError::sqlite(format!("find table {table}")))?;
    let table = table.to_owned();
    let Some((kind, name, text)) = found else { return Err(AlterError::NoTable { table }) };
    let sql: String = text.unwrap_or_default();
    let of_sqlite = name_of_sqlite(&name);
    let is_virtual = text::tokens::significant(&sql)
        .is_ok_and(|cut| cut.get(1).is_some_and(|word| word.text(&sql).eq_ignore_ascii_case("virtual")));
    match (kind.as_str(), of_sqlite, is_virtual) {
        ("view", ..) => Err(AlterError::NotATable { table, kind: "a view" }),
        (_, true, _) => Err(AlterError::NotATable { table, kind: "a table of SQLite's own" }),
        (_, _, true) => Err(AlterError::NotATable { table, kind: "a virtual table" }),
        _ => Ok(Stored { name, sql }),
    }
}

fn name_of_sqlite(name: &str) -> bool {
    name.get(..7).is_some_and(|start| start.eq_ignore_ascii_case("sqlite_"))
}

fn pragma(connection: &Connection, name: &str) -> Result<bool, AlterError> {
    connection
        .query_row(&format!("pragma {name}"), [], |row| row.get(0))
        .map_err(AlterError::sqlite(format!("read pragma {name}")))
}

/// Refuses NOT NULL for a column that holds nulls.
fn check_no_nulls(connection: &Connection, table: &str, column: &str) -> Result<(), AlterError> {
    let sql = format!("select count(*) from main.{} where {} is null", quote(table), quote(column));
    let rows: i64 = connection
        .query_row(&sql, [], |row| row.get(0))
        .map_err(AlterError::sqlite(format!("count the nulls in table {table}")))?;
    match rows.unsigned_abs() {
        0 => Ok(()),
        rows => Err(AlterError::HoldsNulls { table: table.to_owned(), column: column.to_owned(), rows }),
    }
}
