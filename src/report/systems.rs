//! The systems that are built in, as a person reads of them on a terminal.

use std::io::{self, Write};

use super::safe;
use super::text::grid;
use crate::systems::{Exported, Summary};

/// Writes a table of the systems.
pub fn list(systems: &[Summary], out: &mut dyn Write) -> io::Result<()> {
    let mut table = grid(&["system", "what it is", "tables", "revisions", "head"]);
    for system in systems {
        let revisions = system.revisions.to_string();
        let heads: Vec<String> = system.heads.iter().map(|head| told_head(system, head)).collect();
        table.add_row([safe(&system.name), safe(&system.title), tables(system), revisions, heads.join("\n")]);
    }
    writeln!(out, "{table}")?;
    for system in systems {
        for branch in &system.optional {
            writeln!(
                out,
                "{}: an installation takes or leaves branch {} with {}.",
                safe(&system.name),
                safe(&branch.label),
                safe(&branch.tables.join(", "))
            )?;
        }
    }
    writeln!(
        out,
        "Use one with `strait migrate up --system NAME`; `strait systems export NAME --to FOLDER` writes it as files."
    )
}

/// The tables that every installation has, and how many more there may be.
fn tables(system: &Summary) -> String {
    let more: usize = system.optional.iter().map(|branch| branch.tables.len()).sum();
    let always = system.tables.saturating_sub(more);
    if more == 0 { always.to_string() } else { format!("{always} + {more} optional") }
}

fn told_head(system: &Summary, head: &str) -> String {
    let is_optional = system.optional.iter().any(|branch| branch.revisions.iter().any(|id| id == head));
    if is_optional { format!("{} (optional)", safe(head)) } else { safe(head) }
}

/// Writes which files were made.
pub fn exported(exported: &Exported, out: &mut dyn Write) -> io::Result<()> {
    for file in &exported.files {
        writeln!(out, "made {}", safe(&file.display().to_string()))?;
    }
    let (dir, name) = (safe(&exported.revisions.display().to_string()), safe(&exported.name));
    writeln!(out, "use it with `--dir {dir} --system {name}`")
}
