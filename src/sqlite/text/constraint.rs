//! The constraints of a CREATE TABLE, of a column or of the table.

use std::ops::Range;

use super::create_table::{Cursor, Unreadable};
use super::tokens::unquoted;

/// What a constraint holds; SQLite's grammar counts defaults, collations and generation among them.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(in crate::sqlite) enum Kind {
    PrimaryKey,
    Unique,
    Check,
    NotNull,
    Null,
    Default,
    Collate,
    ForeignKey,
    Generated {
        stored: bool,
    },
    /// A DEFERRABLE clause apart from its foreign key.
    Deferrable,
    /// A name with nothing after it, which SQLite takes.
    NameAlone,
}

/// One constraint, with its name before it.
#[derive(Debug)]
pub(in crate::sqlite) struct Constraint {
    pub(in crate::sqlite) name: Option<String>,
    pub(in crate::sqlite) kind: Kind,
    pub(in crate::sqlite) span: Range<usize>,
    /// What follows the name.
    pub(in crate::sqlite) body: Range<usize>,
    /// The columns that a key of the table names; empty for a constraint of a column.
    pub(in crate::sqlite) columns: Vec<String>,
}

/// The words that end a column's type and begin a constraint; none of them can be a bare name.
const BEGIN: [&str; 11] =
    ["constraint", "primary", "not", "null", "unique", "check", "default", "collate", "references", "as", "deferrable"];

/// Tells whether the next tokens begin a constraint of a column.
pub(in crate::sqlite) fn begins(cursor: &Cursor<'_>) -> bool {
    BEGIN.iter().any(|word| cursor.is(word)) || cursor.ahead(&["generated", "always", "as"])
}

/// Tells whether the next token begins a constraint of the table.
pub(in crate::sqlite) fn starts(cursor: &Cursor<'_>) -> bool {
    ["constraint", "primary", "unique", "check", "foreign"].iter().any(|word| cursor.is(word))
}

/// Reads a column's constraints up to the end of the column.
pub(in crate::sqlite) fn of_column(cursor: &mut Cursor<'_>) -> Result<Vec<Constraint>, Unreadable> {
    let mut found: Vec<Constraint> = Vec::new();
    while begins(cursor) {
        let start = cursor.place();
        let name = name(cursor)?;
        let body = cursor.place();
        let kind = if name.is_some() && (!begins(cursor) || cursor.is("constraint")) {
            Kind::NameAlone
        } else {
            column_kind(cursor)?
        };
        let end = cursor.end_of_last();
        let body = if kind == Kind::NameAlone { end..end } else { body..end };
        found.push(Constraint { name, kind, span: start..end, body, columns: Vec::new() });
    }
    Ok(found)
}

/// Reads one constraint of the table.
pub(in crate::sqlite) fn of_table(cursor: &mut Cursor<'_>) -> Result<Constraint, Unreadable> {
    let start = cursor.place();
    let name = name(cursor)?;
    let body = cursor.place();
    let (kind, columns) = table_kind(cursor, name.is_some())?;
    let end = cursor.end_of_last();
    let body = if kind == Kind::NameAlone { end..end } else { body..end };
    Ok(Constraint { name, kind, span: start..end, body, columns })
}

fn name(cursor: &mut Cursor<'_>) -> Result<Option<String>, Unreadable> {
    if !cursor.take("constraint") {
        return Ok(None);
    }
    Ok(Some(unquoted(cursor.name()?.text(cursor.sql))))
}

fn column_kind(cursor: &mut Cursor<'_>) -> Result<Kind, Unreadable> {
    if cursor.take("default") {
        return default(cursor);
    }
    if cursor.take("null") {
        return with_conflict(cursor, Kind::Null);
    }
    if cursor.take_words(&["not", "null"]) {
        return with_conflict(cursor, Kind::NotNull);
    }
    if cursor.take_words(&["primary", "key"]) {
        let _ = cursor.take("asc") || cursor.take("desc");
        conflict(cursor)?;
        cursor.take("autoincrement");
        return Ok(Kind::PrimaryKey);
    }
    if cursor.take("unique") {
        return with_conflict(cursor, Kind::Unique);
    }
    if cursor.take("check") {
        cursor.group()?;
        return with_conflict(cursor, Kind::Check);
    }
    if cursor.is("references") {
        return references(cursor);
    }
    if cursor.take("collate") {
        cursor.name()?;
        return Ok(Kind::Collate);
    }
    if deferrable(cursor)? {
        return Ok(Kind::Deferrable);
    }
    generated(cursor)
}

fn generated(cursor: &mut Cursor<'_>) -> Result<Kind, Unreadable> {
    cursor.take_words(&["generated", "always"]);
    cursor.expect("as")?;
    cursor.group()?;
    let stored = cursor.take("stored");
    if !stored {
        cursor.take("virtual");
    }
    Ok(Kind::Generated { stored })
}

fn default(cursor: &mut Cursor<'_>) -> Result<Kind, Unreadable> {
    if cursor.is("(") {
        cursor.group()?;
        return Ok(Kind::Default);
    }
    let _ = cursor.take("+") || cursor.take("-");
    if cursor.is(",") || cursor.is(")") {
        return cursor.unreadable();
    }
    cursor.advance()?;
    Ok(Kind::Default)
}

fn table_kind(cursor: &mut Cursor<'_>, named: bool) -> Result<(Kind, Vec<String>), Unreadable> {
    let key = if cursor.take_words(&["primary", "key"]) {
        Kind::PrimaryKey
    } else if cursor.take("unique") {
        Kind::Unique
    } else if cursor.take("check") {
        cursor.group()?;
        return Ok((with_conflict(cursor, Kind::Check)?, Vec::new()));
    } else if cursor.take_words(&["foreign", "key"]) {
        let columns = cursor.group()?.names(cursor.sql);
        return Ok((references(cursor)?, columns));
    } else if named && (cursor.peek().is_none() || [",", ")", "constraint"].iter().any(|word| cursor.is(word))) {
        return Ok((Kind::NameAlone, Vec::new()));
    } else {
        return cursor.unreadable();
    };
    let columns = cursor.group()?.names(cursor.sql);
    Ok((with_conflict(cursor, key)?, columns))
}

fn references(cursor: &mut Cursor<'_>) -> Result<Kind, Unreadable> {
    cursor.expect("references")?;
    cursor.name()?;
    if cursor.is("(") {
        cursor.group()?;
    }
    loop {
        if cursor.take("on") {
            cursor.advance()?;
            let _ = cursor.take("set") || cursor.take("no");
            cursor.advance()?;
        } else if cursor.take("match") {
            cursor.name()?;
        } else {
            break;
        }
    }
    deferrable(cursor)?;
    Ok(Kind::ForeignKey)
}

fn deferrable(cursor: &mut Cursor<'_>) -> Result<bool, Unreadable> {
    let found = cursor.take_words(&["not", "deferrable"]) || cursor.take("deferrable");
    if found && cursor.take("initially") {
        cursor.advance()?;
    }
    Ok(found)
}

fn with_conflict(cursor: &mut Cursor<'_>, kind: Kind) -> Result<Kind, Unreadable> {
    conflict(cursor)?;
    Ok(kind)
}

fn conflict(cursor: &mut Cursor<'_>) -> Result<(), Unreadable> {
    if cursor.take_words(&["on", "conflict"]) {
        cursor.name()?;
    }
    Ok(())
}
