//! Rows that were set aside, as a person reads of them, and as files that can be worked with.

use std::io::{self, Write};

use super::text::{grid, verdict_word};
use super::{grouped, safe};
use crate::rejects::outcome::{Kept, RejectList, Retried, RetryReport};
use crate::schema::names::quoted;

/// The most characters of a value that are shown.
const LONGEST_SHOWN: usize = 200;

/// Writes how many rows were set aside, and why.
pub fn list(list: &RejectList, out: &mut dyn Write) -> io::Result<()> {
    let place = format!("{} (schema {})", safe(&list.target), safe(&list.schema));
    if list.reasons.is_empty() {
        return writeln!(out, "No rows are set aside on {place}.");
    }
    let mut table = grid(&["run", "table", "column", "rows", "reason", "such as"]);
    for reason in &list.reasons {
        let examples: Vec<String> = reason.examples.iter().map(|key| shortened(key)).collect();
        table.add_row([
            reason.run.to_string(),
            safe(&reason.table),
            reason.column.as_deref().map_or_else(|| "–".to_owned(), safe),
            grouped(reason.rows),
            safe(&reason.reason),
            examples.join(", "),
        ]);
    }
    writeln!(out, "{place}\n{table}")?;
    let mut runs: Vec<_> = list.reasons.iter().map(|one| (one.run, &one.begun, &one.source)).collect();
    runs.dedup();
    for (run, begun, source) in runs {
        writeln!(out, "run {run}: {}, begun {begun}", safe(source))?;
    }
    let rows = if list.rows == 1 { "1 row is".to_owned() } else { format!("{} rows are", grouped(list.rows)) };
    writeln!(
        out,
        "\n{rows} set aside. `strait rejects show` shows them; mend them in the source, then `strait rejects retry SOURCE \
         TARGET`."
    )
}

/// Writes single rows with all that is stored in them.
pub fn rows(rows: &[Kept], limit: usize, out: &mut dyn Write) -> io::Result<()> {
    for kept in rows {
        let column = kept.column.as_ref().map_or(String::new(), |column| format!(", column {}", safe(column)));
        let (table, key, reason) = (safe(&kept.table), shortened(&kept.key), safe(&kept.reason));
        writeln!(out, "run {}: table {table}, {key}{column}: {reason}", kept.run)?;
        for (name, literal) in &kept.row.0 {
            writeln!(out, "  {} = {}", safe(name), shortened(literal))?;
        }
    }
    match rows.len() {
        0 => writeln!(out, "No rows are set aside."),
        shown if shown == limit => writeln!(out, "\nThere may be more than these {shown}: see --limit."),
        _ => Ok(()),
    }
}

fn shortened(text: &str) -> String {
    match text.char_indices().nth(LONGEST_SHOWN) {
        Some((end, _)) => format!("{}… ({} bytes)", safe(&text[..end]), grouped(text.len() as u64)),
        None => safe(text),
    }
}

/// Writes a statement that gives SQLite the row; as a comment, which is one line, when a value was kept in part.
pub fn insert(kept: &Kept, out: &mut dyn Write) -> io::Result<()> {
    let Kept { table, key, reason, .. } = kept;
    writeln!(out, "-- {}: {}", safe(key), safe(reason))?;
    if let Some(column) = kept.cut() {
        return writeln!(out, "-- LEFT OUT: {} was too long to be kept whole, the source has it", safe(column));
    }
    let names: Vec<String> = kept.row.0.iter().map(|(name, _)| quoted(name)).collect();
    let literals: Vec<&str> = kept.row.0.iter().map(|(_, literal)| literal.as_str()).collect();
    writeln!(out, "insert into {} ({}) values ({});", quoted(table), names.join(", "), literals.join(", "))
}

/// Writes the row as one line of JSON.
pub fn line(kept: &Kept, out: &mut dyn Write) -> io::Result<()> {
    serde_json::to_writer(&mut *out, kept)?;
    writeln!(out)
}

/// Writes what a retry came to.
pub fn retried(report: &RetryReport, out: &mut dyn Write) -> io::Result<()> {
    writeln!(out, "{} → {} (schema {})", safe(&report.source), safe(&report.target), safe(&report.schema))?;
    if report.tables.is_empty() {
        return writeln!(out, "No rows are set aside there.");
    }
    let mut table = grid(&["table", "tried", "loaded", "gone", "not recognised", "still set aside", "both sides now"]);
    for row in &report.tables {
        table.add_row([
            safe(&row.name),
            grouped(row.tried),
            grouped(row.loaded),
            grouped(row.gone),
            grouped(row.not_recognised),
            grouped(row.kept),
            row.verdict.map_or("–", verdict_word).to_owned(),
        ]);
    }
    writeln!(out, "{table}")?;
    for row in &report.tables {
        for (rule, count) in &row.normalised {
            writeln!(out, "  {}: {rule}: {}", safe(&row.name), grouped(*count))?;
        }
        super::text::reasons(&row.name, &row.reasons, out)?;
        if let Some(why) = &row.untried_because {
            writeln!(out, "  {}: {}", safe(&row.name), safe(why))?;
        }
        left_alone(row, out)?;
    }
    report.notices.iter().try_for_each(|notice| writeln!(out, "  {}", safe(notice)))?;
    let (loaded, kept): (u64, u64) =
        report.tables.iter().fold((0, 0), |(loaded, kept), row| (loaded + row.loaded, kept + row.left()));
    writeln!(out, "\n{} loaded, {} still set aside, in {:.1} s.", grouped(loaded), grouped(kept), report.seconds)
}

/// Writes what nothing was done about, why, and what can be done.
fn left_alone(row: &Retried, out: &mut dyn Write) -> io::Result<()> {
    let name = safe(&row.name);
    match (grouped(row.not_recognised), row.unrecognised_forgotten) {
        _ if row.not_recognised == 0 => {}
        (rows, true) => {
            writeln!(out, "  {name}: {rows} without a key of their own were not recognised, and are forgotten")?
        }
        (rows, false) => writeln!(
            out,
            "  {name}: {rows} have no key of their own, and no row of the source is certain to be theirs: none is stored as \
             they were, or the target holds as many like them as the source. Nothing was done about them: `strait rejects \
             export` writes them out (SQL for SQLite, or JSON with --as jsonl), a new copy of the table takes its rows as \
             they are now, and --forget-unrecognised forgets these"
        )?,
    }
    match (grouped(row.gone), row.gone_forgotten) {
        _ if row.gone == 0 => Ok(()),
        (rows, true) => {
            writeln!(out, "  {name}: {rows} were not in the source under their keys any more, and are forgotten")
        }
        (rows, false) => writeln!(
            out,
            "  {name}: {rows} are not in the source under their keys any more: deleted, or their keys changed, and then a new \
             copy of the table takes them; --forget-gone forgets these"
        ),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::rejects::outcome::Literals;

    fn kept(row: &[(&str, &str)]) -> Kept {
        let row = Literals(row.iter().map(|(name, value)| ((*name).to_owned(), (*value).to_owned())).collect());
        let (table, key, reason) = ("a \"b\"".into(), "rowid 1".into(), "why\nnot".into());
        Kept { id: 1, run: 1, table, key, column: None, reason, row }
    }

    fn written(kept: &Kept) -> String {
        let mut out = Vec::new();
        insert(kept, &mut out).expect("memory can be written");
        String::from_utf8(out).expect("it is text")
    }

    #[test]
    fn a_row_is_written_as_a_statement_for_its_source() {
        assert_eq!(
            written(&kept(&[("x", "'it''s'"), ("y", "NULL")])),
            "-- rowid 1: why\\u{a}not\ninsert into \"a \"\"b\"\"\" (\"x\", \"y\") values ('it''s', NULL);\n"
        );
    }

    #[test]
    fn a_row_that_was_kept_in_part_is_no_statement() {
        let text = written(&kept(&[("x", "'a' -- the first 1 of 9 bytes")]));
        assert!(text.lines().all(|line| line.starts_with("--")), "{text}");
    }
}
