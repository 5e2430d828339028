//! The systems that are built in, as a person reads of them on a terminal.

use std::io::{self, Write};

use super::safe;
use super::text::grid;
use crate::systems::{Exported, Summary};

/// Writes a table of the systems.
pub fn list(systems: &[Summary], out: &mut dyn Write) -> io::Result<()> {
    let mut table = grid(&["system", "what it is", "tables", "revisions", "head"]);
    for system in systems {
        let (tables, revisions) = (system.tables.to_string(), system.revisions.to_string());
        table.add_row([safe(&system.name), safe(&system.title), tables, revisions, system.heads.join("\n")]);
    }
    writeln!(out, "{table}")?;
    writeln!(
        out,
        "Use one with `strait migrate up --system NAME`; `strait systems export NAME --to FOLDER` writes it as files."
    )
}

/// Writes which files were made.
pub fn exported(exported: &Exported, out: &mut dyn Write) -> io::Result<()> {
    for file in &exported.files {
        writeln!(out, "made {}", safe(&file.display().to_string()))?;
    }
    let (dir, name) = (safe(&exported.revisions.display().to_string()), safe(&exported.name));
    writeln!(out, "use it with `--dir {dir} --system {name}`")
}
