//! What the runner did, as a person reads it on a terminal.

use std::io::{self, Write};

use comfy_table::Table;

use super::text::grid;
use super::{grouped, safe};
use crate::migrate::autogenerate::AutogenerateOutcome;
use crate::migrate::graph::Way;
use crate::migrate::outcome::{
    BranchesOutcome, MigrateOutcome, PlanOutcome, PlannedStep, StampOutcome, State, Status, StepOutcome,
};
use crate::migrate::repair::RepairOutcome;
use crate::migrate::squash::SquashOutcome;
use crate::migrate::state::Record;

/// Writes what `up`, `down` or `redo` did.
pub fn outcome(outcome: &MigrateOutcome, out: &mut dyn Write) -> io::Result<()> {
    for step in &outcome.steps {
        writeln!(out, "{}", step_line(step))?;
    }
    notices(&outcome.notices, out)?;
    let at = heads(&outcome.after);
    let database = safe(&outcome.database);
    match (outcome.steps.as_slice(), outcome.dry_run) {
        ([], true) if !outcome.left_out.is_empty() => {
            writeln!(
                out,
                "{database}: nothing was tried (--dry-run); {} {}",
                count(outcome.left_out.len(), "step"),
                remain(outcome)
            )
        }
        ([], _) => writeln!(out, "{database} is at {at}; there was nothing to do"),
        (steps, true) => {
            let (ran, were) = (count(steps.len(), "step"), if steps.len() == 1 { "was" } else { "were" });
            let before = heads(&outcome.before);
            write!(out, "{database}: {ran} ran and {were} taken back again (--dry-run); it is still at {before}")?;
            match outcome.left_out.len() {
                0 => writeln!(out),
                left => writeln!(out, "; {} {}", count(left, "step"), remain(outcome)),
            }
        }
        _ => writeln!(out, "{database} is at {at}"),
    }
}

/// What a rehearsal did not come to.
fn remain(outcome: &MigrateOutcome) -> String {
    let verb = if outcome.left_out.len() == 1 { "remains" } else { "remain" };
    format!("{verb} untried: {}", heads(&outcome.left_out))
}

fn step_line(step: &StepOutcome) -> String {
    let file = step.file.as_deref().map_or_else(|| "derived from the way up".into(), safe);
    let resumed = if step.resumed { ", resumed" } else { "" };
    let statements = count(step.statements, "statement");
    format!(
        "{} {}  {file}: {statements}, {} ms{resumed}",
        arrow(step.way),
        safe(&step.revision),
        grouped(step.duration_ms)
    )
}

/// Writes what would be done.
pub fn plan(plan: &PlanOutcome, out: &mut dyn Write) -> io::Result<()> {
    notices(&plan.notices, out)?;
    if plan.steps.is_empty() {
        return writeln!(out, "{} is at {}; there is nothing to do", safe(&plan.database), heads(&plan.before));
    }
    writeln!(out, "{}: {} → {}", safe(&plan.database), heads(&plan.before), heads(&plan.after))?;
    for step in &plan.steps {
        planned(step, out)?;
    }
    Ok(())
}

fn planned(step: &PlannedStep, out: &mut dyn Write) -> io::Result<()> {
    if let Some(obstacle) = &step.obstacle {
        let file = step.file.as_deref().map_or_else(String::new, |file| format!("{}: ", safe(file)));
        writeln!(out, "{} {}  {file}cannot be run:", arrow(step.way), safe(&step.revision))?;
        return obstacle.lines().try_for_each(|line| writeln!(out, "    {}", safe(line)));
    }
    let file = step.file.as_deref().map_or_else(|| "derived from the way up".into(), safe);
    let alone = if step.transaction { "" } else { ", without a transaction" };
    writeln!(
        out,
        "{} {}  {file}: {}{alone}",
        arrow(step.way),
        safe(&step.revision),
        count(step.statements, "statement")
    )?;
    for loss in &step.destroys {
        writeln!(out, "    destroys {}, if there is any (needs --allow-destructive)", safe(loss))?;
    }
    Ok(())
}

/// Writes how a database stands.
pub fn status(status: &Status, out: &mut dyn Write) -> io::Result<()> {
    let database = safe(&status.database);
    if !status.revisions.is_empty() {
        writeln!(out, "{}", status_table(status))?;
    }
    for found in &status.foreign {
        let rows = count(found.rows, "row");
        let told = if found.at.is_empty() { rows } else { format!("at {}", heads(&found.at)) };
        writeln!(out, "note: table {} holds a history of {} ({told})", safe(&found.table), found.tool)?;
    }
    notices(&status.notices, out)?;
    for problem in &status.problems {
        writeln!(out, "problem: {}", safe(problem))?;
    }
    let pending = status.count(State::Pending);
    match (status.exists, status.known) {
        (false, _) => writeln!(out, "{database} does not exist yet; `strait migrate up` makes it"),
        (true, false) if status.foreign.is_empty() => {
            writeln!(out, "{database} was never migrated by strait; {pending} pending")
        }
        (true, false) => writeln!(out, "{database} was never migrated by strait; see `strait migrate adopt`"),
        (true, true) if status.up_to_date() => writeln!(out, "{database} is at {}: up to date", heads(&status.current)),
        (true, true) => writeln!(out, "{database} is at {}; {pending} pending", heads(&status.current)),
    }
}

fn status_table(status: &Status) -> Table {
    let mut table = grid(&["revision", "state", "applied at (UTC)", ""]);
    for revision in &status.revisions {
        let mut marks = Vec::new();
        if revision.current {
            marks.push("current".to_owned());
        }
        if revision.head {
            marks.push("head".to_owned());
        }
        marks.extend(revision.branches.iter().map(|label| format!("branch {}", safe(label))));
        table.add_row([
            safe(&revision.revision),
            revision.state.name().to_owned(),
            revision.applied_at.clone().unwrap_or_else(|| "–".into()),
            marks.join(", "),
        ]);
    }
    table
}

/// Writes what has run.
pub fn history(records: &[Record], out: &mut dyn Write) -> io::Result<()> {
    if records.is_empty() {
        return writeln!(out, "nothing has run yet");
    }
    let mut table = grid(&["when (UTC)", "what", "revision", "outcome", "ms", "by"]);
    for record in records {
        table.add_row([
            record.finished_at.clone(),
            record.way.name().to_owned(),
            safe(&record.revision),
            record.outcome_in_words(),
            record.duration_ms.map_or_else(|| "–".into(), grouped),
            record.applied_by.as_deref().map_or_else(|| "–".into(), safe),
        ]);
    }
    writeln!(out, "{table}")
}

/// Writes what was recorded.
pub fn stamp(outcome: &StampOutcome, out: &mut dyn Write) -> io::Result<()> {
    if let Some(from) = &outcome.from {
        let rows = count(from.rows, "row");
        writeln!(out, "taken over from {} (table {}, {rows})", from.tool, safe(&from.table))?;
    }
    notices(&outcome.notices, out)?;
    let verb = if outcome.dry_run { "would be recorded" } else { "is recorded" };
    let (database, at) = (safe(&outcome.database), heads(&outcome.after));
    let how_many = count(outcome.recorded.len(), "revision");
    let unmarked = match outcome.unmarked.as_slice() {
        [] => String::new(),
        ids => format!("; no longer marked as applied: {}", heads(ids)),
    };
    writeln!(out, "{database} {verb} as being at {at} ({how_many} newly marked as applied{unmarked}; nothing was run)")
}

/// Writes what is wrong, the evidence, and what was written.
pub fn repair(outcome: &RepairOutcome, out: &mut dyn Write) -> io::Result<()> {
    let database = safe(&outcome.database);
    if outcome.findings.is_empty() {
        return writeln!(out, "{database}: nothing to repair; files, records and database agree");
    }
    for finding in &outcome.findings {
        writeln!(out, "{} is {}: {}", safe(&finding.revision), finding.state.name(), safe(&finding.remedy))?;
    }
    match outcome.same_structure {
        Some(true) => writeln!(
            out,
            "evidence: tables, views, triggers, functions and types are just what the files make of an empty database"
        )?,
        Some(false) => writeln!(out, "evidence: the structure is not what the files make of an empty database:")?,
        None => {}
    }
    for line in &outcome.evidence {
        writeln!(out, "  {}", safe(line))?;
    }
    for line in outcome.findings.iter().flat_map(|finding| &finding.unseen) {
        writeln!(out, "  not compared, since no structure shows its effect: {}", safe(line))?;
    }
    let unseen = outcome.findings.iter().any(|finding| !finding.unseen.is_empty());
    match outcome.written.as_slice() {
        [] if outcome.same_structure == Some(false) => writeln!(
            out,
            "{database}: nothing was written; mend the tables (or write the change as a new revision), then repair again"
        ),
        [] if unseen => writeln!(
            out,
            "{database}: nothing was written; look whether these statements took effect, then add --yes --accept-unseen"
        ),
        [] if outcome.same_structure == Some(true) => {
            writeln!(out, "{database}: nothing was written; add --yes to write what the evidence allows")
        }
        [] => writeln!(out, "{database}: nothing was written"),
        written => writeln!(out, "{database}: the records of {} were set right", heads(written)),
    }
}

/// Writes what was joined.
pub fn squash(outcome: &SquashOutcome, out: &mut dyn Write) -> io::Result<()> {
    notices(&outcome.notices, out)?;
    if outcome.dry_run {
        write!(out, "{}", outcome.text)?;
        return writeln!(out, "-- {} would be joined into {}", heads(&outcome.joined), safe(&outcome.revision));
    }
    for file in &outcome.made {
        writeln!(out, "made {}", safe(&file.display().to_string()))?;
    }
    writeln!(
        out,
        "{} revisions are joined into {}; a database that is there or beyond stays where it is, one before it has to be \
         brought up with the old files first",
        outcome.joined.len(),
        safe(&outcome.revision)
    )
}

/// Writes what was generated.
pub fn autogenerate(outcome: &AutogenerateOutcome, out: &mut dyn Write) -> io::Result<()> {
    notices(&outcome.notices, out)?;
    match (outcome.text.is_empty(), outcome.notices.is_empty()) {
        (true, true) => {
            return writeln!(out, "the revisions make just what the schema file says; there is nothing to write");
        }
        (true, false) => {
            return writeln!(
                out,
                "nothing was written: in what both engines share, the revisions make just what the schema file says; look at \
                 the notes for the rest"
            );
        }
        _ => {}
    }
    if outcome.dry_run {
        write!(out, "{}", outcome.text)?;
        if let Some(down) = &outcome.down {
            write!(out, "-- the way down:\n{down}")?;
        }
    }
    for file in &outcome.made {
        writeln!(out, "made {}", safe(&file.display().to_string()))?;
    }
    for loss in &outcome.destroys {
        writeln!(out, "look at it: it destroys {}; was a rename meant?", safe(loss))?;
    }
    Ok(())
}

/// Writes where a folder branches.
pub fn branches(branches: &BranchesOutcome, out: &mut dyn Write) -> io::Result<()> {
    for (label, revision) in &branches.labels {
        let optional = if branches.optional.contains(label) { "; an installation takes it or leaves it" } else { "" };
        writeln!(out, "branch {} begins with {}{optional}", safe(label), safe(revision))?;
    }
    for (revision, children) in &branches.points {
        writeln!(out, "{} is followed by {}", safe(revision), heads(children))?;
    }
    for (revision, parents) in &branches.merges {
        writeln!(out, "{} joins {}", safe(revision), heads(parents))?;
    }
    match branches.heads.as_slice() {
        [] => writeln!(out, "there is no revision yet"),
        [only] => writeln!(out, "one head: {}", safe(only)),
        several => writeln!(out, "{} heads: {}", several.len(), heads(several)),
    }
}

/// Writes notes; further lines of one are indented.
pub fn notices(notices: &[String], out: &mut dyn Write) -> io::Result<()> {
    notices.iter().try_for_each(|notice| {
        let lines: Vec<String> = notice.lines().map(safe).collect();
        writeln!(out, "note: {}", lines.join("\n      "))
    })
}

/// Names heads in a line.
pub(super) fn heads(heads: &[String]) -> String {
    if heads.is_empty() { "base".into() } else { heads.iter().map(|id| safe(id)).collect::<Vec<_>>().join(", ") }
}

fn arrow(way: Way) -> &'static str {
    match way {
        Way::Up => "up  ",
        Way::Down => "down",
    }
}

fn count(number: usize, of: &str) -> String {
    format!("{number} {of}{}", if number == 1 { "" } else { "s" })
}
