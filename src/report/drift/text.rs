//! What a comparison found, as a person reads it on a terminal.

use std::io::{self, Write};

use crate::drift::outcome::{Comparison, Counts, DriftReport, Form, Side, Told};
use crate::report::migrate::notices;
use crate::report::safe;

/// How many names a line lists.
const NAMES_SHOWN: usize = 20;

/// Writes what was compared, what differs table by table, and the verdict.
pub(super) fn write(report: &DriftReport, out: &mut dyn Write) -> io::Result<()> {
    for comparison in &report.comparisons {
        compared(comparison, out)?;
    }
    gaps(report, out)?;
    for problem in &report.problems {
        writeln!(out, "problem: {}", safe(problem))?;
    }
    notices(&report.notices, out)?;
    writeln!(out, "{}", verdict(report))
}

fn compared(comparison: &Comparison, out: &mut dyn Write) -> io::Result<()> {
    writeln!(
        out,
        "{} ({}) beside {}: {}",
        safe(&comparison.found),
        comparison.engine.name(),
        safe(&comparison.expected),
        outcome(comparison)
    )?;
    let mut relation = None;
    // They stand in the order in which they can be mended; a relation may have its turn more than once.
    for told in &comparison.differences {
        let of = heading(told);
        if relation.as_ref() != Some(&of) {
            writeln!(out, "\n  {}", safe(&of))?;
            relation = Some(of);
        }
        writeln!(out, "    {:<10}  {}", told.grade.name(), safe(&told.sentence))?;
        if let Some(mend) = told.mend_to_run(comparison.engine) {
            // A statement of many lines stays readable.
            for line in mend.lines() {
                writeln!(out, "                | {}", safe(line))?;
            }
        }
    }
    if relation.is_some() {
        writeln!(out)?;
    }
    if comparison.differences.iter().filter(|told| told.mend.is_some()).count() > 1 {
        writeln!(
            out,
            "The statements stand in the order in which they are run, all of them: one may take away what a later one makes again."
        )?;
    }
    if !comparison.pending.is_empty() {
        writeln!(out, "pending: {}", listed(comparison.pending.iter().cloned()))?;
    }
    let unmanaged = comparison.unmanaged.iter().map(|one| {
        let side = match one.side {
            Side::Expected => "in what should be alone",
            Side::Found => "in what is there alone",
            Side::Both => "on both sides",
        };
        format!("{} {} ({side}: {})", one.thing.kind, one.thing.name, one.thing.why)
    });
    several("not compared", comparison.unmanaged.len(), unmanaged, out)?;
    several("ignored", comparison.ignored.len(), comparison.ignored.iter().cloned(), out)
}

fn heading(told: &Told) -> String {
    told.relation.clone().unwrap_or_else(|| told.subject.clone())
}

fn outcome(comparison: &Comparison) -> String {
    let objects = count(comparison.objects, "object");
    match comparison.counts.all() {
        0 => format!("equal ({objects})"),
        _ => format!("{} ({objects})", counted(comparison.counts)),
    }
}

fn gaps(report: &DriftReport, out: &mut dyn Write) -> io::Result<()> {
    if report.form == Form::Parity && !report.gaps.is_empty() {
        writeln!(out, "gaps between the engines, which are no drift:")?;
    }
    for gap in &report.gaps {
        writeln!(out, "  {} on {}: {} – {}", safe(&gap.subject), gap.engine, safe(&gap.what), safe(&gap.why))?;
    }
    Ok(())
}

fn several(word: &str, how_many: usize, names: impl Iterator<Item = String>, out: &mut dyn Write) -> io::Result<()> {
    match how_many {
        0 => Ok(()),
        _ => writeln!(out, "{word}: {how_many}: {}", listed(names)),
    }
}

fn listed(names: impl Iterator<Item = String>) -> String {
    let names: Vec<String> = names.map(|name| safe(&name)).collect();
    let shown = names.iter().take(NAMES_SHOWN).cloned().collect::<Vec<_>>().join(", ");
    match names.len().saturating_sub(NAMES_SHOWN) {
        0 => shown,
        more => format!("{shown} and {more} more (--format json names them all)"),
    }
}

fn verdict(report: &DriftReport) -> String {
    #[expect(clippy::cast_precision_loss, reason = "a time is shown with two decimals")]
    let seconds = report.duration_ms as f64 / 1000.0;
    let pending = report.comparisons.iter().map(|one| one.pending.len()).max().unwrap_or(0);
    let mut wrong = Vec::new();
    if report.counts.all() > 0 {
        wrong.push(counted(report.counts));
    }
    if pending > 0 {
        wrong.push(format!("{pending} pending"));
    }
    if !report.problems.is_empty() {
        wrong.push(count(report.problems.len(), "problem"));
    }
    match wrong.as_slice() {
        [] => format!("no drift ({seconds:.2} s)"),
        _ => format!("drift: {} ({seconds:.2} s)", wrong.join(", ")),
    }
}

/// `3 differences, of which 2 breaking and 1 cosmetic`.
fn counted(counts: Counts) -> String {
    let grades = [(counts.breaking, "breaking"), (counts.compatible, "compatible"), (counts.cosmetic, "cosmetic")];
    let parts: Vec<String> =
        grades.iter().filter(|(number, _)| *number > 0).map(|(number, word)| format!("{number} {word}")).collect();
    format!("{}: {}", count(counts.all(), "difference"), parts.join(", "))
}

fn count(number: usize, of: &str) -> String {
    format!("{number} {of}{}", if number == 1 { "" } else { "s" })
}
