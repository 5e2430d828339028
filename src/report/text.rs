//! Outcomes as a person reads them on a terminal.

use std::collections::BTreeMap;
use std::io::{self, Write};

use comfy_table::{CellAlignment, ContentArrangement, LineStyle, Table, TableStyle};

use super::{grouped, safe};
use crate::copy::bookkeeping::HistoryNote;
use crate::copy::choice::Chosen;
use crate::copy::infer::LeftOut;
use crate::copy::outcome::{ColumnReport, CopyReport, MadeFrom, TableReport};
use crate::copy::reject::ReasonCount;
use crate::verify::outcome::{Comparison, Verdict, VerifyReport};

/// How much is shown of what rules changed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Detail {
    /// How often each was applied.
    Counts,
    /// The keys of the first rows, too.
    Examples,
}

/// Writes the outcome of a copy.
pub fn copy(report: &CopyReport, detail: Detail, out: &mut dyn Write) -> io::Result<()> {
    writeln!(
        out,
        "{} → {} (PostgreSQL {}, schema {})",
        safe(&report.source),
        safe(&report.target),
        report.server,
        safe(&report.schema)
    )?;
    if let Some(made) = &report.made_from {
        writeln!(out, "made from {}", schema_name(made))?;
    }
    writeln!(out, "{}", copy_table(&report.tables))?;
    skipped(&report.tables, out)?;
    if let Some(made) = &report.made_from {
        empty_tables(made, out)?;
    }
    chosen(&report.chosen, out)?;
    notices(&report.notices, out)?;
    if report.tables.iter().any(|table| !table.columns.is_empty()) {
        writeln!(out, "Rules that were applied:")?;
    }
    for table in &report.tables {
        columns(&table.name, &table.columns, &table.lossy, detail, out)?;
    }
    for table in &report.tables {
        reasons(&table.name, &table.reasons, out)?;
    }
    histories(&report.histories, out)?;
    objects("Not carried over:", &report.left_out, out)?;
    objects("Not carried over, and stored nowhere else:", &report.open, out)?;
    objects("Could not be built:", &report.unbuilt, out)?;
    writeln!(out, "\n{}", copy_verdict(report))
}

fn schema_name(made: &MadeFrom) -> String {
    let what = if made.kind == "system" { "the schema of system" } else { "the schema file" };
    format!("{what} {}", safe(&made.name))
}

/// Names the tables that were left out.
fn skipped(tables: &[TableReport], out: &mut dyn Write) -> io::Result<()> {
    let mut left_out = tables.iter().filter_map(|table| Some((table, table.skipped_because.as_ref()?))).peekable();
    if left_out.peek().is_some() {
        writeln!(out, "Left out:")?;
    }
    left_out.try_for_each(|(table, why)| {
        writeln!(out, "  {} ({}): {}", safe(&table.name), rows_in_words(table.skipped), safe(why))
    })
}

pub(super) fn rows_in_words(rows: u64) -> String {
    if rows == 1 { "1 row".into() } else { format!("{} rows", grouped(rows)) }
}

fn tables_in_words(tables: usize) -> String {
    if tables == 1 { "1 table".into() } else { format!("{} tables", grouped(tables as u64)) }
}

fn was(rows: u64) -> String {
    format!("{} {}", rows_in_words(rows), if rows == 1 { "was" } else { "were" })
}

/// Names the tables of the schema that the source does not have.
fn empty_tables(made: &MadeFrom, out: &mut dyn Write) -> io::Result<()> {
    if made.empty.is_empty() {
        return Ok(());
    }
    writeln!(out, "Created, and not in the source:")?;
    made.empty.iter().try_for_each(|table| match table.rows {
        0 => writeln!(out, "  {}: empty", safe(&table.name)),
        rows => writeln!(out, "  {}: {} of the schema file", safe(&table.name), rows_in_words(rows)),
    })
}

fn copy_table(tables: &[TableReport]) -> Table {
    let mut table = grid(&["table", "read", "exact", "normalised", "rejected", "skipped", "digest", "seconds", "MB/s"]);
    for row in tables {
        let digest = match row.digest_equal {
            Some(true) => "equal",
            Some(false) => "DIFFERS",
            None => "–",
        };
        table.add_row([
            label(row),
            grouped(row.read),
            grouped(row.exact),
            grouped(row.normalised_rows),
            grouped(row.rejected),
            grouped(row.skipped),
            digest.to_owned(),
            format!("{:.2}", row.seconds),
            rate(row.bytes, row.seconds),
        ]);
    }
    for at in [1, 2, 3, 4, 5, 7, 8] {
        if let Some(column) = table.column_mut(at) {
            column.set_cell_alignment(CellAlignment::Right);
        }
    }
    table
}

fn label(row: &TableReport) -> String {
    match &row.target {
        Some(target) if *target != row.name => format!("{} → {}", safe(&row.name), safe(target)),
        _ => safe(&row.name),
    }
}

#[expect(clippy::cast_precision_loss, reason = "a rate is shown with one decimal")]
fn rate(bytes: u64, seconds: f64) -> String {
    if seconds < 0.005 { "–".into() } else { format!("{:.1}", bytes as f64 / 1e6 / seconds) }
}

pub(super) fn grid(head: &[&str]) -> Table {
    let mut table = Table::new();
    table.load_style(TableStyle::new().header_separator(LineStyle::none().fill('─').junction('─')));
    table.set_content_arrangement(ContentArrangement::Dynamic);
    table.set_header(head.to_vec());
    table
}

/// Names every rule that was applied, column by column; those by which part of a value is lost always with keys.
fn columns(
    table: &str,
    columns: &[ColumnReport],
    lossy: &BTreeMap<&'static str, u64>,
    detail: Detail,
    out: &mut dyn Write,
) -> io::Result<()> {
    let loss = |rule: &str| if lossy.contains_key(rule) { " (lossy)" } else { "" };
    for column in columns {
        let told = |(rule, count): (&&str, &u64)| format!("{rule}{}: {}", loss(rule), grouped(*count));
        let rules: Vec<String> = column.rules.iter().map(told).collect();
        writeln!(out, "  {}.{} ({}): {}", safe(table), safe(&column.name), column.logical, rules.join("; "))?;
        let is_shown = |rule: &str| detail == Detail::Examples || lossy.contains_key(rule);
        for (rule, keys) in column.examples.iter().filter(|(rule, _)| is_shown(rule)) {
            let keys: Vec<String> = keys.iter().map(|key| safe(key)).collect();
            writeln!(out, "    {rule}: such as {}", keys.join(", "))?;
        }
    }
    Ok(())
}

/// Says what else is to be known.
pub(super) fn notices(notices: &[String], out: &mut dyn Write) -> io::Result<()> {
    if !notices.is_empty() {
        writeln!(out, "To know:")?;
    }
    notices.iter().try_for_each(|notice| writeln!(out, "  {}", safe(notice)))
}

/// Names what was chosen for columns.
pub(super) fn chosen(chosen: &[Chosen], out: &mut dyn Write) -> io::Result<()> {
    if !chosen.is_empty() {
        writeln!(out, "Chosen:")?;
    }
    chosen.iter().try_for_each(|chosen| writeln!(out, "  {}", safe(&chosen.line())))
}

pub(super) fn reasons(table: &str, reasons: &[ReasonCount], out: &mut dyn Write) -> io::Result<()> {
    for count in reasons {
        let column = count.column.as_ref().map_or(String::new(), |column| format!(".{}", safe(column)));
        let examples: Vec<String> = count.examples.iter().map(|key| safe(key)).collect();
        let rows = rows_in_words(count.rows);
        writeln!(
            out,
            "  rejected {}{column}: {}, {rows}{}",
            safe(table),
            safe(&count.reason),
            if examples.is_empty() { ", without a key".into() } else { format!(", such as {}", examples.join(", ")) }
        )?;
        if let (Some(option), Some(name)) = (count.option, &count.column) {
            writeln!(out, "    taken, with a loss, with --allow '{}.{}:{option}'", safe(table), safe(name))?;
        }
    }
    Ok(())
}

/// Names the histories of migration tools; a history that means the same on PostgreSQL needs no word but its name.
pub(super) fn histories(histories: &[HistoryNote], out: &mut dyn Write) -> io::Result<()> {
    if histories.is_empty() {
        return Ok(());
    }
    writeln!(out, "Histories of migration tools:")?;
    for HistoryNote { table, tool, stays_true, warnings, steps } in histories {
        let means = if *stays_true {
            "true in PostgreSQL as well"
        } else {
            "copied, and bound to SQLite: before the tool is used on PostgreSQL,"
        };
        writeln!(out, "  {} ({tool}): {means}", safe(table))?;
        for line in warnings.iter().chain(steps) {
            writeln!(out, "    {}", safe(line))?;
        }
    }
    Ok(())
}

pub(super) fn objects(title: &str, objects: &[LeftOut], out: &mut dyn Write) -> io::Result<()> {
    if objects.is_empty() {
        return Ok(());
    }
    writeln!(out, "{title}")?;
    for object in objects {
        writeln!(out, "  {} {}: {}", object.kind, safe(&object.name), safe(&object.reason))?;
    }
    Ok(())
}

/// The whole story in one or two sentences.
fn copy_verdict(report: &CopyReport) -> String {
    let sum = |of: fn(&TableReport) -> u64| report.tables.iter().map(of).sum::<u64>();
    let (read, copied, rejected, skipped) =
        (sum(|t| t.read), sum(|t| t.copied), sum(|t| t.rejected), sum(|t| t.skipped));
    let normalised: u64 = report.tables.iter().flat_map(|table| table.normalised.values()).sum();
    let differing: Vec<String> =
        report.tables.iter().filter(|table| table.digest_equal == Some(false)).map(|table| safe(&table.name)).collect();
    let mut text = format!(
        "{} of {} in {} arrived, in {:.1} s.",
        grouped(copied),
        rows_in_words(read),
        tables_in_words(report.tables.len()),
        report.seconds
    );
    if differing.is_empty() {
        text.push_str(" What the target returns equals what was sent, value by value.");
    } else {
        text.push_str(&format!(" THE TARGET RETURNS OTHER VALUES THAN WERE SENT: {}.", differing.join(", ")));
    }
    if normalised > 0 {
        let lossy: u64 = report.tables.iter().flat_map(|table| table.lossy.values()).sum();
        let loss = if lossy == 0 { String::new() } else { format!("; {} of them lost a part", grouped(lossy)) };
        text.push_str(&format!(
            "\n{} written in another form, each by a rule named above{loss}.",
            if normalised == 1 { "1 value was".to_owned() } else { format!("{} values were", grouped(normalised)) }
        ));
    }
    if rejected > 0 {
        text.push_str(&format!(
            "\n{} set aside, and kept on the target: see `strait rejects list`, run {}.",
            was(rejected),
            report.run
        ));
    }
    if let Some(made) = &report.made_from {
        text.push_str(&format!("\n{}", stamped(made)));
    }
    text.push_str(if report.complete { "\nComplete" } else { "\nNot complete: see what is named above" });
    if skipped > 0 {
        let names: Vec<String> =
            report.tables.iter().filter(|table| table.skipped > 0).map(|table| safe(&table.name)).collect();
        let (but, of) = (if report.complete { ", but" } else { ";" }, in_short(&names));
        text.push_str(&format!("{but} {} left out, of {of}", was(skipped)));
    }
    text.push('.');
    text
}

/// Names of tables; of many the first, and how many others there are.
fn in_short(names: &[String]) -> String {
    const FIRST: usize = 5;
    let others = names.len().saturating_sub(FIRST);
    let first = names[..names.len() - others].join(", ");
    if others == 0 { first } else { format!("{first} and {} more", tables_in_words(others)) }
}

fn stamped(made: &MadeFrom) -> String {
    match &made.not_stamped {
        Some(why) => format!("No revision is recorded: {}.", safe(why)),
        None => format!("Recorded as applied, up to {}.", safe(&made.stamped.join(", "))),
    }
}

/// Writes the outcome of a verification.
pub fn verify(report: &VerifyReport, detail: Detail, out: &mut dyn Write) -> io::Result<()> {
    writeln!(out, "{} ↔ {} (schema {})", safe(&report.source), safe(&report.target), safe(&report.schema))?;
    let mut table = grid(&["table", "source rows", "target rows", "normalised", "lossy", "verdict"]);
    for row in &report.tables {
        table.add_row([
            safe(&row.name),
            grouped(row.source_rows),
            grouped(row.target_rows),
            grouped(row.normalised.values().sum()),
            grouped(row.lossy.values().sum()),
            verdict(row),
        ]);
    }
    for at in [1, 2, 3, 4] {
        if let Some(column) = table.column_mut(at) {
            column.set_cell_alignment(CellAlignment::Right);
        }
    }
    writeln!(out, "{table}")?;
    chosen(&report.chosen, out)?;
    notices(&report.notices, out)?;
    objects("Left out by request:", &report.left_out, out)?;
    for row in &report.tables {
        columns(&row.name, &row.columns, &row.lossy, detail, out)?;
    }
    for row in &report.tables {
        reasons(&row.name, &row.reasons, out)?;
    }
    for run in &report.unfinished {
        writeln!(
            out,
            "  an earlier copy did not end: {}. Keys, references, indexes and sequences that it had not yet made are \
             missing, and rows may be: take it back with `strait copy … --undo-unfinished`, which then copies anew; if it is \
             still at work, compare again when it has ended",
            safe(run)
        )?;
    }
    let differing =
        report.tables.iter().filter(|row| matches!(row.verdict, Verdict::Different | Verdict::NotComparable));
    let names: Vec<String> = differing.map(|row| safe(&row.name)).collect();
    if names.is_empty() {
        let lossy: u64 = report.tables.iter().flat_map(|row| row.lossy.values()).sum();
        let after = match lossy {
            0 => String::new(),
            1 => ", after 1 value lost a part by a rule named above".to_owned(),
            many => format!(", after {} values lost a part, each by a rule named above", grouped(many)),
        };
        let (equal, except) = match report.left_out.as_slice() {
            [] => ("Equal", String::new()),
            _ => ("Equal in the columns that were compared", ", but for what is left out as named above".to_owned()),
        };
        let tables = tables_in_words(report.tables.len());
        if !report.unfinished.is_empty() {
            return writeln!(
                out,
                "\nNot complete: a copy did not end, as named above. The rows are equal: {tables}, value by \
                 value{after}{except}."
            );
        }
        writeln!(out, "\n{equal}: {tables}, value by value{after}{except}, in {:.1} s.", report.seconds)
    } else {
        let tables = tables_in_words(report.tables.len());
        writeln!(out, "\nDifferent: {} of {tables}: {}.", names.len(), names.join(", "))
    }
}

pub(super) fn verdict_word(verdict: Verdict) -> &'static str {
    match verdict {
        Verdict::Equal => "equal",
        Verdict::EqualAfterRules => "equal after the named rules",
        Verdict::EqualAfterLoss => "equal after declared loss",
        Verdict::Different => "DIFFERENT",
        Verdict::NotComparable => "not comparable",
    }
}

fn verdict(row: &Comparison) -> String {
    let word = verdict_word(row.verdict);
    row.why.as_ref().map_or_else(|| word.to_owned(), |why| format!("{word}: {}", safe(why)))
}
