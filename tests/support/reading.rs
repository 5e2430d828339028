//! A second reading of stored and arrived values: the sqlite3 shell's, and a handful of rules written from the contract.
//!
//! It shares nothing with the copier.

use std::path::Path;
use std::process::Command;

/// What the sqlite3 shell prints for a query, line by line.
pub(crate) fn sqlite3(path: &Path, sql: &str) -> Vec<String> {
    let run = Command::new("sqlite3").args(["-readonly", "-bail", "-batch"]).arg(path).arg(sql).output();
    let output = run.expect("the sqlite3 shell can be started");
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    String::from_utf8(output.stdout).expect("hex and numbers are UTF-8").lines().map(str::to_owned).collect()
}

/// What a stored value must look like in a column of a PostgreSQL type; `None` when no rule of the contract allows it.
pub(crate) fn expected(class: &str, value: &str, kind: &str) -> Option<String> {
    let hex = |text: &str| text.bytes().map(|byte| format!("{byte:02x}")).collect::<String>();
    match (class, kind) {
        ("null", _) => Some("NULL".into()),
        ("integer", "boolean") => ["false", "true"].get(value.parse::<usize>().ok()?).map(|word| (*word).to_owned()),
        ("integer", "bigint" | "integer" | "smallint" | "numeric") => Some(value.to_owned()),
        ("integer" | "real", "json") => Some(hex(value)),
        ("integer" | "real", "double precision") => Some(value.to_owned()),
        ("text", "text" | "character varying" | "character" | "json") => Some(value.to_ascii_lowercase()),
        ("text", "timestamp without time zone") => {
            let text = from_hex(value)?;
            let (seconds, fraction) = text.split_once('.').unwrap_or((&text, ""));
            (seconds.len() == 19 && fraction.len() <= 6)
                .then(|| format!("{}.{fraction:0<6}", seconds.replace('T', " ")))
        }
        ("text", "date") => from_hex(value).filter(|text| text.len() == 10),
        ("blob", "bytea") => Some(value.to_ascii_lowercase()),
        _ => None,
    }
}

fn from_hex(hex: &str) -> Option<String> {
    let byte = |pair: &[u8]| u8::from_str_radix(std::str::from_utf8(pair).ok()?, 16).ok();
    String::from_utf8(hex.as_bytes().chunks(2).map(byte).collect::<Option<Vec<u8>>>()?).ok()
}
