//! What `migrate dump` wrote, as a person reads it on a terminal.

use std::io::{self, Write};
use std::path::Path;

use super::safe;
use crate::drift::Dump;

/// Writes a schema file; or, where it went into a file, what became of it.
pub fn written(dump: &Dump, file: Option<&Path>, out: &mut dyn Write) -> io::Result<()> {
    let Some(file) = file else { return write!(out, "{}", dump.text) };
    for why in &dump.own_tables {
        writeln!(out, "for {} alone: {}", dump.engine.name(), safe(why))?;
    }
    let own = match dump.own_statements {
        0 => String::new(),
        number => format!(", {} for {} alone", count(number, "statement"), dump.engine.name()),
    };
    let tables = count(dump.tables, "table");
    writeln!(out, "made {}: {tables} in the portable language{own}", safe(&file.display().to_string()))
}

/// Names what the file does not bring back.
pub fn not_carried(dump: &Dump, out: &mut dyn Write) -> io::Result<()> {
    dump.not_carried.iter().try_for_each(|line| writeln!(out, "not carried: {}", safe(line)))
}

fn count(number: usize, of: &str) -> String {
    format!("{number} {of}{}", if number == 1 { "" } else { "s" })
}
