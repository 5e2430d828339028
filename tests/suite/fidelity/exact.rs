//! Rows that a report calls exact, looked for by a second reading: as many rows of the source must stand in the target,
//! cell by cell.

use std::path::Path;

use serde_json::Value;

use crate::support::Database;
use crate::support::reading::{expected, sqlite3};

/// A cell: what it is, and its text or the hex of its bytes.
type Row = Vec<(String, String)>;

/// What is missing of the rows that a report calls exact, as sentences.
pub(super) fn missing(source: &Path, target: &Database, report: &Value) -> Vec<String> {
    let schema = report["schema"].as_str().expect("the report names the schema");
    let tables = report["tables"].as_array().expect("the report lists tables");
    // Where the digests differ, no row is said to be there.
    let agreed = tables.iter().filter(|table| table["digest_equal"] == true);
    let loaded = agreed.filter_map(|table| Some((table["name"].as_str()?, table["target"].as_str()?, table)));
    let mut sentences = Vec::new();
    for (name, called, table) in loaded {
        let exact = table["exact"].as_u64().expect("rows are counted");
        let place = format!("{}.{}", quoted(schema), quoted(called));
        let pairs = pairs(source, name, target, schema, called);
        let stored = stored(source, name, &pairs);
        let mut arrived = arrived(target, &place, &pairs);
        let found = stored.iter().filter(|row| take_twin(row, &mut arrived, target)).count() as u64;
        if found < exact {
            sentences
                .push(format!("{name}: {exact} rows are called exact, and a second reading finds {found} of them"));
        }
    }
    sentences
}

/// Removes a row that says the same as a stored one.
fn take_twin(stored: &Row, arrived: &mut Vec<Row>, target: &Database) -> bool {
    let same = |other: &Row| stored.iter().zip(other).all(|(cell, found)| is_same(cell, found, target));
    arrived.iter().position(same).map(|at| arrived.swap_remove(at)).is_some()
}

fn is_same((class, value): &(String, String), (kind, found): &(String, String), target: &Database) -> bool {
    match (class.as_str(), kind.as_str()) {
        ("null", _) => found == "NULL",
        (_, _) if found == "NULL" => false,
        ("integer" | "real", "double precision" | "real") => value.parse::<f64>().ok() == found.parse().ok(),
        ("integer", "numeric") => target.psql(&format!("select {value}::numeric = {found}::numeric")) == "t",
        ("text", "jsonb" | "numeric" | "ARRAY" | "USER-DEFINED") => {
            // The server itself says whether the two mean the same: as documents, as numbers, else as texts.
            let kind = if matches!(kind.as_str(), "jsonb" | "numeric") { kind } else { "text" };
            let (value, found) = (format!("convert_from(decode('{value}', 'hex'), 'UTF8')"), found.replace('\'', "''"));
            target.psql(&format!("select {value}::{kind} = '{found}'::{kind}")) == "t"
        }
        _ => expected(class, value, kind).as_deref() == Some(found),
    }
}

/// The columns of a table on both sides: by name, else by their place.
fn pairs(source: &Path, table: &str, target: &Database, schema: &str, called: &str) -> Vec<(String, String, String)> {
    let literal = |text: &str| text.replace('\'', "''");
    let stored =
        sqlite3(source, &format!("select hex(name) from pragma_table_xinfo('{}') order by cid", literal(table)));
    let encoding = sqlite3(source, "pragma encoding").concat();
    let stored: Vec<String> = stored.iter().map(|name| text(&utf8(&encoding, name))).collect();
    let there = target.psql(&format!(
        "select encode(convert_to(column_name, 'UTF8'), 'hex') || '|' || data_type from information_schema.columns where table_schema = '{}' and table_name = \
         '{}' order by ordinal_position",
        literal(schema),
        literal(called)
    ));
    let there: Vec<(String, &str)> =
        there.lines().filter_map(|line| line.split_once('|')).map(|(name, kind)| (text(name), kind)).collect();
    let pair = |(at, name): (usize, &String)| {
        let by_name = there.iter().find(|(column, _)| column == name);
        let by_case = || there.iter().find(|(column, _)| column.eq_ignore_ascii_case(name));
        let by_place = || there.get(at).filter(|_| there.len() == stored.len());
        let (column, kind) = by_name.or_else(by_case).or_else(by_place)?;
        Some((name.clone(), column.clone(), (*kind).to_owned()))
    };
    stored.iter().enumerate().filter_map(pair).collect()
}

fn quoted(name: &str) -> String {
    format!("\"{}\"", name.replace('"', "\"\""))
}

fn bytes(hex: &str) -> Vec<u8> {
    let byte = |pair: &[u8]| u8::from_str_radix(std::str::from_utf8(pair).expect("hex"), 16).expect("hex");
    hex.as_bytes().chunks(2).map(byte).collect()
}

/// The text of which this is the hex.
pub(super) fn text(hex: &str) -> String {
    String::from_utf8_lossy(&bytes(hex)).into_owned()
}

fn stored(source: &Path, table: &str, pairs: &[(String, String, String)]) -> Vec<Row> {
    let encoding = sqlite3(source, "pragma encoding").concat();
    let cell = |(column, ..): &(String, String, String)| {
        let column = quoted(column);
        format!(
            "typeof({column}) || ':' || case typeof({column}) when 'null' then '' when 'integer' then {column} when 'real' then \
             quote({column}) when 'text' then hex(cast({column} as blob)) else hex({column}) end"
        )
    };
    rows(
        pairs,
        "char(9)",
        cell,
        |list| sqlite3(source, &format!("select {list} from {}", quoted(table))),
        |class, value| {
            if class == "text" { utf8(&encoding, &value).to_ascii_lowercase() } else { value }
        },
    )
}

/// The hex of a text's UTF-8, whatever the file keeps it in.
fn utf8(encoding: &str, hex: &str) -> String {
    let unit = match encoding {
        "UTF-16le" => u16::from_le_bytes,
        "UTF-16be" => u16::from_be_bytes,
        _ => return hex.to_owned(),
    };
    let units: Vec<u16> = bytes(hex).chunks_exact(2).map(|pair| unit([pair[0], pair[1]])).collect();
    String::from_utf16_lossy(&units).bytes().map(|byte| format!("{byte:02x}")).collect()
}

fn arrived(target: &Database, place: &str, pairs: &[(String, String, String)]) -> Vec<Row> {
    let cell = |(_, column, kind): &(String, String, String)| {
        let column = quoted(column);
        let shown = match kind.as_str() {
            "text" | "character varying" | "character" | "json" => {
                format!("encode(convert_to({column}::text, 'UTF8'), 'hex')")
            }
            "bytea" => format!("encode({column}, 'hex')"),
            _ => format!("{column}::text"),
        };
        format!("'{kind}:' || coalesce({shown}, 'NULL')")
    };
    let read = |list: String| target.psql(&format!("select {list} from {place}")).lines().map(str::to_owned).collect();
    rows(pairs, "chr(9)", cell, read, |_, value| value)
}

/// Reads rows as cells between tabs, which no cell's own text holds.
fn rows(
    pairs: &[(String, String, String)],
    tab: &str,
    cell: impl Fn(&(String, String, String)) -> String,
    read: impl Fn(String) -> Vec<String>,
    shape: impl Fn(&str, String) -> String,
) -> Vec<Row> {
    let list: Vec<String> = pairs.iter().map(cell).collect();
    let cells = |line: String| {
        let split = |cell: &str| {
            let (class, value) = cell.split_once(':').unwrap_or_else(|| panic!("no class: {cell}"));
            (class.to_owned(), shape(class, value.to_owned()))
        };
        line.split('\t').map(split).collect()
    };
    read(list.join(&format!(" || {tab} || "))).into_iter().map(cells).collect()
}
