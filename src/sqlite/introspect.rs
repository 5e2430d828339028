//! Reads the structure of a SQLite database from its pragmas into the logical model.

use std::collections::HashMap;

use rusqlite::types::ValueRef;
use rusqlite::{Connection, Row};

use super::create_text::{self, CreateText};
use super::listed::{Listed, list, unreadable_view};
use super::read::KeyShape;
use super::{Reader, SqliteError};
use crate::schema::{
    Check, Column, ForeignKey, Generated, Identity, Index, KeyOf, KeyPart, LogicalType, OtherObject, PrimaryKey,
    Schema, Table, Unique,
};

/// The structure of a source, with what only SQLite knows of each table.
#[derive(Debug, Default)]
pub struct Structure {
    /// The logical model.
    pub schema: Schema,
    /// How the rows of each table are walked; one for each table of the schema.
    pub keys: Vec<KeyShape>,
    /// The views that can be read.
    pub views: Vec<ViewText>,
    /// Parts of the stored SQL that could not be read, as sentences.
    pub unread: Vec<String>,
}

/// A view as it is stored.
#[derive(Debug)]
pub struct ViewText {
    /// Its name.
    pub name: String,
    /// The names of its columns.
    pub columns: Vec<String>,
    /// The statement that made it.
    pub sql: String,
}

/// Reads all tables and names all other objects of a database.
pub fn introspect(reader: &Reader<'_>) -> Result<Structure, SqliteError> {
    structure(reader.connection()).map_err(|(what, source)| reader.error(&what, source))
}

/// Reads them over any connection; a failure comes with what was being read.
pub(crate) fn structure(connection: &Connection) -> Result<Structure, (String, rusqlite::Error)> {
    let mut structure = Structure::default();
    let listed = list(connection).map_err(|source| ("the list of tables".to_owned(), source))?;
    for entry in listed {
        match entry.reason_to_leave() {
            Some((kind, mut reason)) => {
                // One that names what is not there has no columns that could be told.
                match view(connection, &entry) {
                    Ok(view) => structure.views.extend(view),
                    Err(rusqlite::Error::SqliteFailure(_, Some(said))) => reason = unreadable_view(&said),
                    Err(_) => {}
                }
                let Listed { name, only_copy_in, .. } = entry;
                structure.schema.others.push(OtherObject { kind, name, reason, only_copy_in });
            }
            None => {
                let (table, key) = read_table(connection, &entry, &mut structure.unread)
                    .map_err(|source| (format!("the definition of table {}", entry.name), source))?;
                structure.schema.tables.push(table);
                structure.keys.push(key);
            }
        }
    }
    resolve_implicit_parents(&mut structure.schema);
    let triggers = triggers(connection).map_err(|source| ("the list of triggers".to_owned(), source))?;
    structure.schema.others.extend(triggers);
    Ok(structure)
}

fn view(connection: &Connection, entry: &Listed) -> rusqlite::Result<Option<ViewText>> {
    if entry.kind != "view" {
        return Ok(None);
    }
    let sql = "select sql from sqlite_schema where type = 'view' and name = ?1";
    let sql = connection.query_row(sql, [&entry.name], |row| text(row, 0))?;
    let listed = "select name from pragma_table_xinfo(?1) order by cid";
    let columns = collect(connection, listed, [&entry.name], |row| text(row, 0))?;
    Ok(Some(ViewText { name: entry.name.clone(), columns, sql }))
}

fn triggers(connection: &Connection) -> rusqlite::Result<Vec<OtherObject>> {
    let sql = "select name, tbl_name from sqlite_schema where type = 'trigger' order by rowid";
    collect(connection, sql, [], |row| {
        let reason = format!("triggers are not carried; write it anew for table {}", text(row, 1)?);
        Ok(OtherObject { kind: "trigger", name: text(row, 0)?, reason, only_copy_in: None })
    })
}

fn read_table(
    connection: &Connection,
    entry: &Listed,
    unread: &mut Vec<String>,
) -> rusqlite::Result<(Table, KeyShape)> {
    let sql = "select sql from sqlite_schema where type = 'table' and name = ?1";
    let stored = connection.query_row(sql, [&entry.name], |row| text(row, 0))?;
    let create = create_text::parse(&stored).unwrap_or_else(|| {
        if create_text::may_hold_more_than_pragmas_tell(&stored) {
            unread.push(format!(
                "table {}: its CREATE statement could not be parsed; names of constraints, CHECKs and DEFERRABLE \
                 clauses were not read",
                entry.name
            ));
        }
        CreateText::default()
    });
    let (mut columns, key_columns) = columns(connection, &entry.name)?;
    for column in &mut columns {
        column.collation = create.collation(&column.name);
        if let Some(generated) = &mut column.generated {
            generated.expression = create.generated(&column.name);
        }
    }
    let listed_indexes = list_indexes(connection, &entry.name)?;
    let rowid_alias = rowid_alias(entry, &columns, &key_columns, &listed_indexes);
    if let Some(at) = rowid_alias {
        columns[at].identity = Some(Identity::Rowid { highest: highest_given(connection, &entry.name)? });
    }
    let key = key_shape(connection, entry, &columns, &key_columns, rowid_alias, &listed_indexes)?;
    let (uniques, indexes) = indexes(connection, listed_indexes, &create, unread)?;
    let table = Table {
        foreign_keys: foreign_keys(connection, &entry.name, &create)?,
        primary_key: (!key_columns.is_empty())
            .then(|| PrimaryKey { name: create.primary_key_name.clone(), columns: key_columns }),
        checks: create.checks.into_iter().map(|(name, expression)| Check { name, expression }).collect(),
        name: entry.name.clone(),
        columns,
        uniques,
        indexes,
    };
    Ok((table, key))
}

/// Reads the columns, and the names of those in the primary key in the key's order.
fn columns(connection: &Connection, table: &str) -> rusqlite::Result<(Vec<Column>, Vec<String>)> {
    // `table_xinfo`, because `table_info` hides generated columns.
    let sql = "select name, type, \"notnull\", dflt_value, pk, hidden from pragma_table_xinfo(?1) order by cid";
    let mut key_columns: Vec<(i64, String)> = Vec::new();
    let columns = collect(connection, sql, [table], |row| {
        let (name, declared, place) = (text(row, 0)?, text(row, 1)?, row.get::<_, i64>(4)?);
        if place > 0 {
            key_columns.push((place, name.clone()));
        }
        Ok(Column {
            logical: LogicalType::Other(declared.clone()),
            nullable: !row.get::<_, bool>(2)?,
            default: optional_text(row, 3)?,
            generated: generated(row.get(5)?),
            identity: None,
            collation: None,
            name,
            declared,
        })
    })?;
    key_columns.sort_unstable();
    Ok((columns, key_columns.into_iter().map(|(_, name)| name).collect()))
}

/// What the pragma tells of a computed column: 2 is virtual, 3 is stored. Source: SQLite, "pragma table_xinfo".
fn generated(hidden: i64) -> Option<Generated> {
    matches!(hidden, 2 | 3).then_some(Generated { expression: None, stored: hidden == 3 })
}

/// Finds the column that is another name for the rowid: a key of one column for which SQLite keeps no index.
///
/// Source: SQLite, "CREATE TABLE", "ROWIDs and the INTEGER PRIMARY KEY".
fn rowid_alias(entry: &Listed, columns: &[Column], key: &[String], indexes: &[ListedIndex]) -> Option<usize> {
    let [only] = key else { return None };
    if entry.without_rowid || indexes.iter().any(|index| index.origin == "pk") {
        return None;
    }
    columns.iter().position(|column| &column.name == only)
}

/// Tells by what rows are found. A key in an order that only the application knows is none to seek by.
fn key_shape(
    connection: &Connection,
    entry: &Listed,
    columns: &[Column],
    key: &[String],
    rowid_alias: Option<usize>,
    indexes: &[ListedIndex],
) -> rusqlite::Result<KeyShape> {
    if entry.without_rowid {
        let body = indexes.iter().find(|index| index.origin == "pk");
        let parts = body.map_or(Ok(Vec::new()), |index| index_parts(connection, &index.name))?;
        let foreign = parts.iter().flatten().any(|part| part.collation.as_deref().is_some_and(is_foreign));
        return Ok(if foreign { KeyShape::Unreachable } else { KeyShape::Columns(key.to_vec()) });
    }
    let shadowed = |name: &str| columns.iter().any(|column| column.name.eq_ignore_ascii_case(name));
    let free = ["rowid", "_rowid_", "oid"].into_iter().find(|name| !shadowed(name));
    let alias = rowid_alias.map(|at| columns[at].name.clone());
    Ok(alias.or_else(|| free.map(str::to_owned)).map_or(KeyShape::Unreachable, KeyShape::Rowid))
}

/// Tells whether a collation is not SQLite's own.
fn is_foreign(collation: &str) -> bool {
    !["BINARY", "NOCASE", "RTRIM"].iter().any(|own| own.eq_ignore_ascii_case(collation))
}

fn highest_given(connection: &Connection, table: &str) -> rusqlite::Result<Option<i64>> {
    let kept = "select count(*) from sqlite_schema where name = 'sqlite_sequence'";
    if connection.query_row(kept, [], |row| row.get::<_, i64>(0))? == 0 {
        return Ok(None);
    }
    let sql = "select max(seq) from sqlite_sequence where name = ?1 and typeof(seq) = 'integer'";
    connection.query_row(sql, [table], |row| row.get(0))
}

struct ListedIndex {
    name: String,
    unique: bool,
    origin: String,
}

fn list_indexes(connection: &Connection, table: &str) -> rusqlite::Result<Vec<ListedIndex>> {
    let sql = "select name, \"unique\", origin from pragma_index_list(?1) order by seq desc";
    collect(connection, sql, [table], |row| {
        Ok(ListedIndex { name: text(row, 0)?, unique: row.get(1)?, origin: text(row, 2)? })
    })
}

/// Splits the listed indexes into the bodies of unique constraints and indexes of their own.
fn indexes(
    connection: &Connection,
    listed: Vec<ListedIndex>,
    create: &CreateText,
    unread: &mut Vec<String>,
) -> rusqlite::Result<(Vec<Unique>, Vec<Index>)> {
    let (mut uniques, mut indexes) = (Vec::new(), Vec::new());
    for entry in listed {
        let parts = index_parts(connection, &entry.name)?;
        if entry.origin == "pk" {
            // The key itself is known; a collation of its columns makes more values equal than their bytes do.
            let columns: Vec<KeyPart> = parts.into_iter().flatten().collect();
            if columns.iter().any(|part| part.collation.is_some()) {
                uniques.push(Unique { name: None, columns });
            }
            continue;
        }
        if entry.origin == "u" {
            let columns: Vec<KeyPart> = parts.into_iter().flatten().collect();
            uniques.push(Unique { name: create.unique_name(&columns), columns });
            continue;
        }
        let sql = "select sql from sqlite_schema where type = 'index' and name = ?1";
        let stored = connection.query_row(sql, [&entry.name], |row| text(row, 0))?;
        match create_text::parse_index(&stored, parts) {
            Some((keys, predicate)) => {
                indexes.push(Index { name: entry.name, unique: entry.unique, keys, predicate });
            }
            None => unread.push(format!("index {}: its CREATE statement could not be parsed; not carried", entry.name)),
        }
    }
    Ok((uniques, indexes))
}

/// Reads what an index is made of; `None` stands for an expression, which only the stored SQL tells.
fn index_parts(connection: &Connection, index: &str) -> rusqlite::Result<Vec<Option<KeyPart>>> {
    let sql = "select name, \"desc\", coll, cid from pragma_index_xinfo(?1) where key = 1 order by seqno";
    collect(connection, sql, [index], |row| {
        let collation = text(row, 2)?;
        let collation = (!collation.eq_ignore_ascii_case("BINARY")).then_some(collation);
        let descending = row.get(1)?;
        Ok(optional_text(row, 0)?.map(|name| KeyPart { of: KeyOf::Column(name), descending, collation }))
    })
}

fn foreign_keys(connection: &Connection, table: &str, create: &CreateText) -> rusqlite::Result<Vec<ForeignKey>> {
    let sql = "select id, \"table\", \"from\", \"to\", on_update, on_delete from pragma_foreign_key_list(?1) \
               order by id desc, seq";
    let mut keys: Vec<(i64, ForeignKey)> = Vec::new();
    let mut statement = connection.prepare(sql)?;
    let mut rows = statement.query([table])?;
    while let Some(row) = rows.next()? {
        let id = row.get(0)?;
        if keys.last().is_none_or(|(last, _)| *last != id) {
            keys.push((
                id,
                ForeignKey {
                    name: None,
                    columns: Vec::new(),
                    parent: text(row, 1)?,
                    parent_columns: Vec::new(),
                    on_update: text(row, 4)?,
                    on_delete: text(row, 5)?,
                    deferrable: Default::default(),
                    parent_schema: None,
                    // SQLite reads MATCH, and holds no row to it.
                    match_full: false,
                },
            ));
        }
        if let Some((_, key)) = keys.last_mut() {
            key.columns.push(text(row, 2)?);
            key.parent_columns.extend(optional_text(row, 3)?);
        }
    }
    let mut keys: Vec<ForeignKey> = keys.into_iter().map(|(_, key)| key).collect();
    for key in &mut keys {
        create.complete(key);
    }
    Ok(keys)
}

/// `REFERENCES parent` without columns means the parent's primary key; names are those of the parent itself.
fn resolve_implicit_parents(schema: &mut Schema) {
    let parents: HashMap<String, (String, Vec<String>, Vec<String>)> = schema
        .tables
        .iter()
        .map(|table| {
            let key = table.primary_key.as_ref().map(|key| key.columns.clone()).unwrap_or_default();
            let columns = table.columns.iter().map(|column| column.name.clone()).collect();
            // SQLite takes two ASCII letters for one, no others: `Ä` and `ä` are two tables.
            (table.name.to_ascii_lowercase(), (table.name.clone(), key, columns))
        })
        .collect();
    for key in schema.tables.iter_mut().flat_map(|table| &mut table.foreign_keys) {
        if let Some((name, primary_key, columns)) = parents.get(&key.parent.to_ascii_lowercase()) {
            key.parent.clone_from(name);
            if key.parent_columns.is_empty() {
                key.parent_columns.clone_from(primary_key);
            }
            for referred in &mut key.parent_columns {
                if let Some(column) = columns.iter().find(|column| column.eq_ignore_ascii_case(referred)) {
                    referred.clone_from(column);
                }
            }
        }
    }
}

pub(super) fn collect<T, P: rusqlite::Params>(
    connection: &Connection,
    sql: &str,
    params: P,
    map: impl FnMut(&Row<'_>) -> rusqlite::Result<T>,
) -> rusqlite::Result<Vec<T>> {
    connection.prepare(sql)?.query_map(params, map)?.collect()
}

/// Reads text that may not be UTF-8, as names in a file of unknown origin may not be.
pub(super) fn text(row: &Row<'_>, at: usize) -> rusqlite::Result<String> {
    Ok(optional_text(row, at)?.unwrap_or_default())
}

fn optional_text(row: &Row<'_>, at: usize) -> rusqlite::Result<Option<String>> {
    match row.get_ref(at)? {
        ValueRef::Text(bytes) => Ok(Some(String::from_utf8_lossy(bytes).into_owned())),
        ValueRef::Null => Ok(None),
        other => Err(rusqlite::Error::InvalidColumnType(at, "text".into(), other.data_type())),
    }
}
