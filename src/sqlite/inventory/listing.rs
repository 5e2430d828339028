//! What stands in a SQLite file, as SQLite itself lists it.

use std::collections::HashSet;

use rusqlite::Connection;

use crate::sqlite::introspect::{collect, text};

/// An entry of SQLite's own list, with the text by which it was made.
pub(super) struct Entry {
    pub(super) name: String,
    /// The table or view that it belongs to, or its own name.
    pub(super) of: String,
    pub(super) sql: String,
    pub(super) kind: Kind,
    /// The columns that a view gives; none where its query fails.
    pub(super) columns: Option<Vec<String>>,
}

/// What an entry is.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Kind {
    Table,
    Virtual,
    /// A table in which a virtual table keeps its rows.
    Shadow {
        of: String,
    },
    View,
    Index,
    Trigger,
}

/// The tables in which this tool keeps its own record.
const OURS: [&str; 3] = ["strait_version", "strait_history", "strait_refinery_history"];

/// Lists everything but what SQLite keeps for itself and our own tables, in the order in which it stands in the file.
pub(super) fn read(connection: &Connection) -> rusqlite::Result<Vec<Entry>> {
    // What has no text is the body of a constraint.
    let sql = "select type, name, tbl_name, sql from main.sqlite_schema where sql is not null \
               and name not like 'sqlite\\_%' escape '\\' order by rowid";
    let mut entries = collect(connection, sql, [], |row| {
        let sql = text(row, 3)?;
        let kind = kind(&text(row, 0)?, &sql);
        Ok(Entry { name: text(row, 1)?, of: text(row, 2)?, sql, kind, columns: None })
    })?;
    for view in entries.iter_mut().filter(|entry| entry.kind == Kind::View) {
        let asked = "select name from pragma_table_info(?1) order by cid";
        view.columns =
            collect(connection, asked, [&view.name], |row| text(row, 0)).ok().filter(|names| !names.is_empty());
    }
    // What somebody has put on our tables is theirs.
    entries.retain(|entry| entry.kind != Kind::Table || !OURS.contains(&entry.name.to_ascii_lowercase().as_str()));
    let virtuals: Vec<Entry> = entries.extract_if(.., |entry| entry.kind == Kind::Virtual).collect();
    if !virtuals.is_empty() {
        mark_shadows(connection, &virtuals, &mut entries)?;
    }
    entries.extend(virtuals);
    Ok(entries)
}

fn kind(word: &str, sql: &str) -> Kind {
    // Source: SQLite, `vtab.c`: whatever was written, a text is kept that begins with these words.
    let is_virtual = sql.get(..14).is_some_and(|start| start.eq_ignore_ascii_case("create virtual"));
    match word {
        "view" => Kind::View,
        "index" => Kind::Index,
        "trigger" => Kind::Trigger,
        _ if is_virtual => Kind::Virtual,
        _ => Kind::Table,
    }
}

/// Finds the tables of virtual tables. SQLite knows them where it has the module; else their names begin with that of the
/// virtual table.
fn mark_shadows(connection: &Connection, virtuals: &[Entry], entries: &mut [Entry]) -> rusqlite::Result<()> {
    let listed = |sql: &str| collect(connection, sql, [], |row| Ok(text(row, 0)?.to_ascii_lowercase()));
    let known: HashSet<String> =
        listed("select name from pragma_table_list where schema = 'main' and type = 'shadow'")?.into_iter().collect();
    let modules: HashSet<String> = listed("select name from pragma_module_list")?.into_iter().collect();
    for entry in entries.iter_mut().filter(|entry| entry.kind == Kind::Table) {
        let small = entry.name.to_ascii_lowercase();
        let belongs = |whole: &&Entry| {
            let begins = small.strip_prefix(&whole.name.to_ascii_lowercase()).is_some_and(|rest| rest.starts_with('_'));
            begins && (known.contains(&small) || !modules.contains(&super::loose::module(&whole.sql)))
        };
        if let Some(whole) = virtuals.iter().filter(belongs).max_by_key(|whole| whole.name.len()) {
            entry.kind = Kind::Shadow { of: whole.name.clone() };
        }
    }
    Ok(())
}
