//! A second reading of what arrived, with nothing of the copier: the sqlite3 shell on one side, PostgreSQL's text output on
//! the other, and between them a handful of rules written from the contract, not from the code.

use std::collections::BTreeMap;
use std::path::Path;

use crate::support::open_webui::{Kind, crossings, database_of, target_for};
use crate::support::reading::{expected, sqlite3};
use crate::support::{Database, copy};

/// How many values each fixture holds: what is compared must be all of them.
const VALUES: [(&str, u64); 2] = [("0.5.11", 9_298), ("0.12.4", 18_957)];

/// A table's columns, and those of them that tell its rows apart.
struct Shape {
    columns: Vec<String>,
    key: Vec<usize>,
}

/// Rows by their key; a cell is its class, a colon, and its text or the hex of its bytes.
type Rows = BTreeMap<Vec<String>, Vec<String>>;

/// The shape of every table, as the shell tells it.
fn shapes(path: &Path) -> BTreeMap<String, Shape> {
    let sql = "select m.name, c.name, c.pk from sqlite_schema m join pragma_table_info(m.name) c where m.type = 'table' and \
               m.name not like 'sqlite_%' order by m.name, c.cid";
    let mut shapes: BTreeMap<String, Shape> = BTreeMap::new();
    for line in sqlite3(path, sql) {
        let [table, column, key] = line.split('|').collect::<Vec<_>>()[..] else { panic!("three fields: {line}") };
        let shape = shapes.entry(table.to_owned()).or_insert(Shape { columns: Vec::new(), key: Vec::new() });
        if key != "0" {
            shape.key.push(shape.columns.len());
        }
        shape.columns.push(column.to_owned());
    }
    for shape in shapes.values_mut().filter(|shape| shape.key.is_empty()) {
        // These tables have a unique index on their id instead of a primary key.
        shape.key = vec![shape.columns.iter().position(|column| column == "id").expect("there is an id")];
    }
    shapes
}

/// Every row of every table: `TABLE|cell|cell…`, one line each.
fn stored(path: &Path, shapes: &BTreeMap<String, Shape>) -> BTreeMap<String, Rows> {
    // A real as quote() writes it: with all of its digits.
    let cell = |column: &String| {
        format!(
            "case typeof(\"{column}\") when 'null' then 'null:' when 'integer' then 'integer:' || \"{column}\" when 'real' \
             then 'real:' || quote(\"{column}\") when 'text' then 'text:' || hex(cast(\"{column}\" as blob)) else 'blob:' || \
             hex(\"{column}\") end"
        )
    };
    let rows = |(table, shape): (&String, &Shape)| {
        let cells: Vec<String> = shape.columns.iter().map(cell).collect();
        format!("select '{table}|' || {} from \"{table}\"", cells.join(" || '|' || "))
    };
    let sql = shapes.iter().map(rows).collect::<Vec<_>>().join(" union all ");
    by_table(sqlite3(path, &sql).iter().map(String::as_str), shapes)
}

/// The same lines from PostgreSQL, each cell after its column's type.
fn arrived(target: &Database, shapes: &BTreeMap<String, Shape>) -> BTreeMap<String, Rows> {
    let types = target.psql(
        "select table_name || '|' || column_name || '|' || data_type from information_schema.columns where table_schema = \
         'public'",
    );
    let types: BTreeMap<(&str, &str), &str> = types
        .lines()
        .map(|line| {
            let [table, column, kind] = line.split('|').collect::<Vec<_>>()[..] else { panic!("three fields: {line}") };
            ((table, column), kind)
        })
        .collect();
    let cell = |table: &str, column: &str| {
        let kind = *types.get(&(table, column)).unwrap_or_else(|| panic!("{table}.{column} did not arrive"));
        let text = match kind {
            "text" | "character varying" | "json" => {
                format!("encode(convert_to(\"{column}\"::text, 'UTF8'), 'hex')")
            }
            "timestamp without time zone" => format!("to_char(\"{column}\", 'YYYY-MM-DD HH24:MI:SS.US')"),
            "date" => format!("to_char(\"{column}\", 'YYYY-MM-DD')"),
            "bytea" => format!("encode(\"{column}\", 'hex')"),
            _ => format!("\"{column}\"::text"),
        };
        format!("'{kind}:' || coalesce({text}, 'NULL')")
    };
    let rows = |(table, shape): (&String, &Shape)| {
        let cells: Vec<String> = shape.columns.iter().map(|column| cell(table, column)).collect();
        format!("select '{table}|' || {} from \"{table}\"", cells.join(" || '|' || "))
    };
    let sql = shapes.iter().map(rows).collect::<Vec<_>>().join(" union all ");
    by_table(target.psql(&sql).lines(), shapes)
}

fn by_table<'l>(lines: impl Iterator<Item = &'l str>, shapes: &BTreeMap<String, Shape>) -> BTreeMap<String, Rows> {
    let mut tables: BTreeMap<String, Rows> = shapes.keys().map(|table| (table.clone(), Rows::new())).collect();
    for line in lines {
        let mut cells = line.split('|').map(str::to_owned);
        let table = cells.next().expect("a line begins with its table");
        let cells: Vec<String> = cells.collect();
        // The class or type is no part of a key: both sides must find the same one.
        let value = |at: &usize| cells[*at].split_once(':').expect("a cell has a class").1.to_ascii_lowercase();
        let key = shapes[&table].key.iter().map(value).collect();
        let twin = tables.get_mut(&table).expect("the table is known").insert(key, cells);
        assert!(twin.is_none(), "two rows of {table} have one key");
    }
    tables
}

/// Everything that differs, as sentences, and how many values were compared.
pub(super) fn differences(path: &Path, target: &Database) -> (Vec<String>, u64) {
    let shapes = shapes(path);
    let (stored, arrived) = (stored(path, &shapes), arrived(target, &shapes));
    let (mut found, mut compared) = (Vec::new(), 0);
    for (table, shape) in &shapes {
        let (left, right) = (&stored[table], &arrived[table]);
        found.extend(
            right
                .keys()
                .filter(|key| !left.contains_key(*key))
                .map(|key| format!("{table}: {key:?} came from nowhere")),
        );
        for (key, cells) in left {
            let Some(others) = right.get(key) else {
                found.push(format!("{table}: {key:?} did not arrive"));
                continue;
            };
            for (column, (cell, other)) in shape.columns.iter().zip(cells.iter().zip(others)) {
                let (class, value) = cell.split_once(':').expect("a cell has a class");
                let (kind, text) = other.split_once(':').expect("a cell has a type");
                if expected(class, value, kind).as_deref() != Some(text) {
                    found.push(format!("{table}.{column} of {key:?}: {cell} became {other}"));
                }
                compared += 1;
            }
        }
    }
    (found, compared)
}

#[test]
fn every_value_is_the_same_to_two_programs_that_know_nothing_of_the_copier() {
    for (version, kind) in crossings() {
        let (source, target) = (database_of(version), target_for(version, kind));
        assert_eq!(copy(&source, &target, &[]).status, 0);
        let (found, compared) = differences(&source, &target);
        assert_eq!(found.first(), None, "{version} {kind:?}: {} differences", found.len());
        let count =
            |(table, shape): (&String, &Shape)| format!("select count(*) * {} n from \"{table}\"", shape.columns.len());
        let counts = shapes(&source).iter().map(count).collect::<Vec<_>>().join(" union all ");
        assert_eq!(sqlite3(&source, &format!("select sum(n) from ({counts})")), [compared.to_string()]);
        assert!(VALUES.contains(&(version, compared)), "{version} holds {compared} values");
    }
}

#[test]
fn the_second_reading_finds_whatever_one_changes() {
    let changes = [
        ("memory", "content = overlay(content placing '\u{1f9ed}' from 1 for 1)", "true"),
        ("auth", "active = not active", "true"),
        ("message", "data = null", "data::text = 'null'"),
        ("knowledge", "data = 'null'", "data is null"),
        ("folder", "parent_id = ''", "parent_id is null"),
        ("config_old", "created_at = created_at + interval '1 microsecond'", "true"),
        ("config", "value = (value::text || '0')::json", "value::text ~ '^[1-9][0-9]*$'"),
        ("\"user\"", "date_of_birth = date_of_birth + 1", "date_of_birth is not null"),
        ("chat", "updated_at = updated_at + 1", "true"),
        ("file", "meta = (' ' || meta::text)::json", "meta is not null"),
    ];
    let (source, target) = (database_of("0.12.4"), target_for("0.12.4", Kind::Application));
    assert_eq!(copy(&source, &target, &[]).status, 0);
    for (table, change, which) in changes {
        let one = format!("ctid = (select min(ctid) from {table} where {which})");
        assert_eq!(
            target.psql(&format!("update {table} set {change} where {one} returning 1")),
            "1",
            "{table}: {change}"
        );
    }
    target.psql("delete from message_reaction where id = (select min(id) from message_reaction)");
    target.psql("insert into tag select 'added', name, user_id, meta from tag limit 1");
    let (found, _) = differences(&source, &target);
    let mut named: Vec<&str> =
        found.iter().map(|line| line.split(['.', ':']).next().expect("it names a table")).collect();
    named.sort_unstable();
    let mut expected: Vec<&str> =
        changes.iter().map(|(table, ..)| table.trim_matches('"')).chain(["message_reaction", "tag"]).collect();
    expected.sort_unstable();
    assert_eq!(named, expected, "{found:#?}");
}
