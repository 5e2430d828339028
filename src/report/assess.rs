//! An assessment as a person reads it.

use std::io::{self, Write};

use comfy_table::CellAlignment;

use super::text::{grid, histories, notices, objects, reasons, rows_in_words};
use super::{grouped, safe};
use crate::assess::held::Stores;
use crate::assess::outcome::{Assessment, ColumnAssessment, Finding, Room, TableAssessment};
use crate::assess::proposal::Proposal;

/// Writes an assessment.
pub fn assessment(told: &Assessment, out: &mut dyn Write) -> io::Result<()> {
    let target = told.target.as_deref().map_or_else(|| "an empty database".to_owned(), safe);
    let server = told.server.as_ref().map_or(String::new(), |server| format!(" (PostgreSQL {})", safe(server)));
    writeln!(out, "{} → {target}{server}", safe(&told.source))?;
    writeln!(out, "{}", tables(&told.tables))?;
    if let Some(sample) = &told.sample {
        let sum = |of: fn(&TableAssessment) -> u64| grouped(told.tables.iter().map(of).sum());
        let (read, rows) = (sum(|table| table.read), sum(|table| table.rows));
        let most = if sample.ends_with('%') { "About" } else { "At most" };
        writeln!(
            out,
            "{most} {sample} of each table were read, {read} rows of {rows}: what is told of rows and values is of these, and so are the types \
             that were chosen. A copy looks at all rows. Keys and references were looked at in all rows."
        )?;
    }
    for table in &told.tables {
        writeln!(out, "\n{}{}", safe(&table.name), if table.created { "" } else { ", which is there" })?;
        for column in &table.columns {
            writeln!(out, "  {}", column_line(column))?;
            writeln!(out, "    {}", why_line(column))?;
        }
    }
    writeln!(out)?;
    for table in &told.tables {
        reasons(&table.name, &table.reasons, out)?;
    }
    for finding in &told.findings {
        writeln!(out, "  {}", finding_line(finding))?;
    }
    for skipped in &told.skipped {
        writeln!(
            out,
            "  left out {} ({}): {}",
            safe(&skipped.name),
            rows_in_words(skipped.rows),
            safe(&skipped.reason)
        )?;
    }
    histories(&told.histories, out)?;
    objects("Not carried over:", &told.left_out, out)?;
    notices(&told.notices, out)?;
    if !told.unchecked.is_empty() {
        writeln!(out, "Not looked at, the server judges it when the rows come:")?;
        told.unchecked.iter().try_for_each(|one| writeln!(out, "  {}", safe(one)))?;
        writeln!(out, "  {}", how_to_try(told))?;
    }
    room(&told.room, told.target.is_some(), out)?;
    let (least, most) = (duration(told.estimated_seconds.0), duration(told.estimated_seconds.1));
    let between = if least == most { least } else { format!("{least} to {most}") };
    writeln!(out, "The copy will take about {between} on a machine like this one.")?;
    if let Some(proposal) = &told.proposal {
        saved(proposal, out)?;
    }
    if !told.decisions.is_empty() {
        writeln!(out, "\nA copy cannot start until this is decided:")?;
        told.decisions.iter().try_for_each(|decision| writeln!(out, "  - {}", safe(decision)))?;
    }
    writeln!(out, "\n{}", verdict(told))
}

/// Where a person sees what the server makes of the rows, before it matters.
fn how_to_try(told: &Assessment) -> &'static str {
    match told.target {
        Some(_) => {
            "To try it, copy into a database with the target's tables and without its rows: `pg_dump --schema-only` writes them"
        }
        None => "To try it on a private server that is thrown away afterwards: `strait rehearse`",
    }
}

/// Tells where what the copy would create is saved, and what of it the file does not say.
fn saved(proposal: &Proposal, out: &mut dyn Write) -> io::Result<()> {
    let file = proposal.file.as_deref().map_or_else(String::new, safe);
    let tables =
        if proposal.tables == 1 { "1 table".to_owned() } else { format!("{} tables", grouped(proposal.tables)) };
    let flags: String = proposal.flags.iter().map(|flag| format!(" {}", safe(flag))).collect();
    writeln!(
        out,
        "\nThe schema file {file} has {tables}; edit it, and give it back: strait copy … --schema {file}{flags}"
    )?;
    if !proposal.left_out.is_empty() {
        writeln!(out, "It does not say:")?;
    }
    proposal.left_out.iter().try_for_each(|one| writeln!(out, "  {}", safe(one)))
}

fn tables(tables: &[TableAssessment]) -> comfy_table::Table {
    let mut table = grid(&["table", "rows", "read", "exact", "normalised", "rejected"]);
    for row in tables {
        table.add_row([
            safe(&row.name),
            grouped(row.rows),
            grouped(row.read),
            grouped(row.exact),
            grouped(row.normalised),
            grouped(row.rejected),
        ]);
    }
    for at in 1..=5 {
        if let Some(column) = table.column_mut(at) {
            column.set_cell_alignment(CellAlignment::Right);
        }
    }
    table
}

/// One line: what is declared and stored, and what becomes of it.
fn column_line(column: &ColumnAssessment) -> String {
    let declared = if column.declared.is_empty() { "no type".to_owned() } else { safe(&column.declared) };
    let mut line = format!("{} ({declared}; {}) → ", safe(&column.name), stores(&column.stores));
    if column.target != column.name {
        line.push_str(&format!("{} ", safe(&column.target)));
    }
    line.push_str(&safe(&column.becomes));
    if column.means != column.becomes && !column.becomes.starts_with(&column.means) {
        line.push_str(&format!(", read as {}", safe(&column.means)));
    }
    let rules: Vec<String> = column.rules.iter().map(|(rule, count)| format!("{rule}: {}", grouped(*count))).collect();
    if rules.is_empty() { line } else { format!("{line}; {}", rules.join("; ")) }
}

/// One line: what the values are, and why the type is what it is.
fn why_line(column: &ColumnAssessment) -> String {
    let parts = [column.holds.as_str(), column.why.as_str()];
    safe(&parts.into_iter().filter(|part| !part.is_empty()).collect::<Vec<_>>().join("; "))
}

fn stores(stores: &Stores) -> String {
    let Stores { null, integer, real, text, blob } = *stores;
    let classes = [(null, "null"), (integer, "integer"), (real, "real"), (text, "text"), (blob, "blob")];
    let held: Vec<String> = classes
        .iter()
        .filter(|(count, _)| *count > 0)
        .map(|(count, name)| format!("{} {name}", grouped(*count)))
        .collect();
    if held.is_empty() { "nothing".into() } else { held.join(", ") }
}

fn finding_line(finding: &Finding) -> String {
    let rows = finding.rows.map_or(String::new(), |rows| format!(", {}", rows_in_words(rows)));
    let examples: Vec<String> = finding.examples.iter().map(|key| safe(key)).collect();
    let examples = if examples.is_empty() { String::new() } else { format!(", such as {}", examples.join(", ")) };
    format!("{} {}{rows}{examples}: {}", finding.kind, safe(&finding.place), safe(&finding.outcome))
}

fn room(room: &Room, has_target: bool, out: &mut dyn Write) -> io::Result<()> {
    let wal = match (room.wal, room.wal_bytes) {
        (true, bytes) => format!(" in WAL mode, with {} beside it", size(bytes)),
        (false, _) => " in rollback-journal mode: an application cannot write to it while it is read".to_owned(),
    };
    let free = match room.on_target {
        Some(bytes) => format!("; {} are free there", size(bytes)),
        None if has_target => "; what is free there cannot be seen from here".to_owned(),
        None => String::new(),
    };
    writeln!(
        out,
        "The source has {}{wal}. The rows take about {} in the target, before indexes{free}.",
        size(room.source_bytes),
        size(room.target_bytes)
    )
}

#[expect(clippy::cast_precision_loss, reason = "a size is shown with one decimal")]
fn size(bytes: u64) -> String {
    let units = ["bytes", "kB", "MB", "GB", "TB"];
    let mut value = bytes as f64;
    let mut at = 0;
    while value >= 1000.0 && at + 1 < units.len() {
        value /= 1000.0;
        at += 1;
    }
    if at == 0 { format!("{bytes} bytes") } else { format!("{value:.1} {}", units[at]) }
}

fn duration(seconds: f64) -> String {
    match seconds {
        seconds if seconds < 1.0 => "a second".into(),
        seconds if seconds < 120.0 => format!("{seconds:.0} seconds"),
        seconds if seconds < 7200.0 => format!("{:.0} minutes", seconds / 60.0),
        seconds => format!("{:.1} hours", seconds / 3600.0),
    }
}

fn verdict(told: &Assessment) -> String {
    let sum = |of: fn(&TableAssessment) -> u64| told.tables.iter().map(of).sum::<u64>();
    let (read, exact, normalised, rejected) =
        (sum(|t| t.read), sum(|t| t.exact), sum(|t| t.normalised), sum(|t| t.rejected));
    let read_as = if told.sample.is_some() { "rows read as a sample" } else { "rows read" };
    let rows = format!(
        "Of {} {read_as}, {} would arrive exact, {} with values in another form, {} would be set aside.",
        grouped(read),
        grouped(exact),
        grouped(normalised),
        grouped(rejected)
    );
    let more: u64 =
        told.findings.iter().filter(|finding| finding.sets_more_aside()).filter_map(|finding| finding.rows).sum();
    let rows = match more {
        0 => rows,
        more => format!("{rows}\nUp to {} more would be set aside for double keys, as named above.", grouped(more)),
    };
    match (told.ready, told.unchecked.is_empty()) {
        (true, _) if told.sample.is_some() => format!("{rows}\nReady, as far as a sample shows."),
        (true, true) => format!("{rows}\nReady."),
        (true, false) => format!("{rows}\nReady, but for what is not looked at."),
        (false, _) => format!("{rows}\nNot ready: see what is named above."),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn sizes_and_times_are_worded_as_a_person_would() {
        assert_eq!(
            (size(999).as_str(), size(1_500).as_str(), size(2_000_000_000).as_str()),
            ("999 bytes", "1.5 kB", "2.0 GB")
        );
        assert_eq!(
            (duration(0.2).as_str(), duration(90.0).as_str(), duration(600.0).as_str()),
            ("a second", "90 seconds", "10 minutes")
        );
    }
}
