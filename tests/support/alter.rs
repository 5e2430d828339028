//! What alterations of SQLite tables are tested with: a database in words, and the runner's way around them.

use std::collections::BTreeMap;

use rusqlite::Connection;
use rusqlite::types::Value;
use strait::sqlite::alter::{AlterError, Edit, alter, plan};
use strait::sqlite::quote;

/// Opens a database of its own in memory.
pub(crate) fn database(sql: &str) -> Connection {
    let connection = Connection::open_in_memory().expect("a database in memory");
    connection.execute_batch("pragma foreign_keys = off").expect("the pragma is known");
    connection.execute_batch(sql).unwrap_or_else(|error| panic!("{error}: {sql}"));
    connection
}

/// Alters a table as the runner does; the application has foreign keys on or off.
pub(crate) fn run(
    connection: &Connection,
    table: &str,
    edits: &[Edit],
    foreign_keys: bool,
) -> Result<Vec<String>, AlterError> {
    let set = |on: bool| {
        let sql = format!("pragma foreign_keys = {}", if on { "on" } else { "off" });
        connection.execute_batch(&sql).expect("the pragma is known");
    };
    set(foreign_keys);
    let needs_off = plan(connection, table, edits).map(|plan| plan.needs_foreign_keys_off);
    let result = needs_off.and_then(|needs_off| {
        set(foreign_keys && !needs_off);
        connection.execute_batch("begin immediate").expect("a transaction begins");
        let result = alter(connection, table, edits);
        connection.execute_batch(if result.is_ok() { "commit" } else { "rollback" }).expect("it ends");
        result
    });
    set(foreign_keys);
    assert_eq!(pragma(connection, "legacy_alter_table"), 0, "the pragma is as it was");
    result
}

/// Holds an alteration to be refused without a trace; gives what it says.
pub(crate) fn refused(connection: &Connection, table: &str, edits: &[Edit]) -> String {
    let before = (structure(connection), contents(connection));
    let error = run(connection, table, edits, true).expect_err("it must be refused").to_string();
    assert_eq!(before, (structure(connection), contents(connection)), "a refusal changes nothing");
    error
}

/// The stored text of a table.
pub(crate) fn text(connection: &Connection, table: &str) -> String {
    let sql = "select sql from sqlite_schema where type = 'table' and name = ?1";
    connection.query_row(sql, [table], |row| row.get(0)).expect("the table is there")
}

/// A pragma that is a number.
pub(crate) fn pragma(connection: &Connection, name: &str) -> i64 {
    connection.query_row(&format!("pragma {name}"), [], |row| row.get(0)).expect("the pragma is a number")
}

/// Everything that SQLite says of the structure, a line for each fact.
pub(crate) fn structure(connection: &Connection) -> Vec<String> {
    let mut facts = lines(connection, "select type, name, tbl_name, sql from sqlite_schema");
    for table in tables(connection) {
        for about in ["table_xinfo", "index_list", "foreign_key_list"] {
            // The numbers of indexes and keys say nothing but the order of creation.
            let columns = match about {
                "index_list" => "\"name\", \"unique\", origin, partial",
                "foreign_key_list" => "seq, \"table\", \"from\", \"to\", on_update, on_delete, \"match\"",
                _ => "*",
            };
            let found = lines(connection, &format!("select {columns} from pragma_{about}({})", text_literal(&table)));
            facts.extend(found.into_iter().map(|line| format!("{about} of {table}: {line}")));
        }
    }
    for index in strings(connection, "select name from sqlite_schema where type = 'index'") {
        let found = lines(connection, &format!("select * from pragma_index_xinfo({})", text_literal(&index)));
        facts.extend(found.into_iter().map(|line| format!("index {index}: {line}")));
    }
    facts.sort();
    facts
}

/// A row: the value of each column as SQL, with its class.
pub(crate) type Row = BTreeMap<String, String>;

/// All rows of all tables and views, with their rowids, to the bit.
pub(crate) fn contents(connection: &Connection) -> BTreeMap<String, Vec<Row>> {
    let mut relations = tables(connection);
    relations.extend(strings(connection, "select name from sqlite_schema where type = 'view'"));
    let has_sequence = !strings(connection, "select name from sqlite_schema where name = 'sqlite_sequence'").is_empty();
    relations.extend(has_sequence.then(|| "sqlite_sequence".to_owned()));
    relations.into_iter().map(|relation| (relation.clone(), rows(connection, &relation))).collect()
}

fn rows(connection: &Connection, relation: &str) -> Vec<Row> {
    let columns = strings(connection, &format!("select name from pragma_table_xinfo({})", text_literal(relation)));
    let taken = |name: &str| columns.iter().any(|column| column.eq_ignore_ascii_case(name));
    let rowid = ["rowid", "_rowid_", "oid"]
        .into_iter()
        .find(|name| !taken(name) && connection.prepare(&format!("select {name} from {}", quote(relation))).is_ok());
    // In hexadecimal a text keeps a zero byte and broken UTF-8.
    let as_text = |name: &str| {
        format!("typeof({name}) || ' ' || iif(typeof({name}) in ('text', 'blob'), hex({name}), quote({name}))")
    };
    let mut values: Vec<_> = columns.iter().map(|name| as_text(&quote(name))).collect();
    values.extend(rowid.map(|name| format!("'rowid ' || coalesce({name}, '')")));
    let names: Vec<_> = columns.into_iter().chain(rowid.map(|_| "its rowid".to_owned())).collect();
    let mut rows: Vec<Row> = Vec::new();
    // SQLite gives at most 2000 columns at once.
    for (names, values) in names.chunks(1000).zip(values.chunks(1000)) {
        let sql = format!("select {} from {}", values.join(", "), quote(relation));
        let mut statement = connection.prepare(&sql).expect("the relation can be read");
        let read = statement.query_map([], |row| {
            names
                .iter()
                .enumerate()
                .map(|(index, name)| Ok((name.clone(), row.get(index)?)))
                .collect::<Result<Row, _>>()
        });
        let part: Vec<Row> = read.expect("it can be read").collect::<Result<_, _>>().expect("each row can be read");
        rows.resize_with(part.len(), Row::new);
        rows.iter_mut().zip(part).for_each(|(row, part)| row.extend(part));
    }
    rows.sort();
    rows
}

fn tables(connection: &Connection) -> Vec<String> {
    strings(connection, "select name from sqlite_schema where type = 'table' and name not like 'sqlite%'")
}

fn text_literal(text: &str) -> String {
    format!("'{}'", text.replace('\'', "''"))
}

/// The first column of a query.
pub(crate) fn strings(connection: &Connection, sql: &str) -> Vec<String> {
    let mut statement = connection.prepare(sql).unwrap_or_else(|error| panic!("{error}: {sql}"));
    statement.query_map([], |row| row.get(0)).expect("it runs").collect::<Result<_, _>>().expect("it is text")
}

fn lines(connection: &Connection, sql: &str) -> Vec<String> {
    let mut statement = connection.prepare(sql).unwrap_or_else(|error| panic!("{error}: {sql}"));
    let count = statement.column_count();
    let line = |row: &rusqlite::Row<'_>| -> rusqlite::Result<String> {
        let values: Result<Vec<_>, _> = (0..count).map(|index| row.get::<_, Value>(index)).collect();
        Ok(values?.into_iter().map(|value| format!("{value:?}")).collect::<Vec<_>>().join(" | "))
    };
    statement.query_map([], line).expect("it runs").collect::<Result<_, _>>().expect("each line can be read")
}
