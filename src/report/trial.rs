//! What a trial of the revisions found, as a person reads it on a terminal.

use std::collections::BTreeSet;
use std::io::{self, Write};

use super::migrate::notices;
use super::safe;
use super::text::grid;
use crate::migrate::trial::outcome::{EngineTrial, Leg, RevisionTrial, TestOutcome, Verdict};

/// Writes a table of revisions and engines, then what is to be said of them, then the sum.
pub fn outcome(outcome: &TestOutcome, out: &mut dyn Write) -> io::Result<()> {
    let Some(first) = outcome.engines.first().filter(|engine| !engine.revisions.is_empty()) else {
        return writeln!(out, "{} holds no revision; there is nothing to test", safe(&outcome.folder));
    };
    let mut head = vec!["revision"];
    head.extend(outcome.engines.iter().map(|engine| engine.engine.name()));
    let mut table = grid(&head);
    for (at, revision) in first.revisions.iter().enumerate() {
        let cells = outcome.engines.iter().map(|engine| engine.revisions.get(at).map_or_else(String::new, cell));
        table.add_row(std::iter::once(safe(&revision.revision)).chain(cells));
    }
    let whole = outcome.engines.iter().map(|engine| word(engine.whole.verdict).to_owned());
    table.add_row(std::iter::once("all down, all up again".to_owned()).chain(whole));
    writeln!(out, "{table}")?;
    for engine in &outcome.engines {
        details(engine, out)?;
    }
    sum(outcome, out)
}

fn cell(revision: &RevisionTrial) -> String {
    let legs = revision.legs();
    if legs.iter().all(|(_, leg)| leg.verdict == Verdict::Ok) {
        return "ok".into();
    }
    let tried = legs.iter().filter(|(_, leg)| !matches!(leg.verdict, Verdict::Needless | Verdict::Untried));
    let said: Vec<String> = tried.map(|(way, leg)| format!("{way} {}", word(leg.verdict))).collect();
    if said.is_empty() { word(Verdict::Untried).into() } else { said.join(", ") }
}

fn word(verdict: Verdict) -> &'static str {
    match verdict {
        Verdict::Ok => "ok",
        Verdict::Irreversible => "irreversible",
        Verdict::Needless => "–",
        Verdict::Differs => "DIFFERS",
        Verdict::Failed => "FAILED",
        Verdict::Untried => "not tried",
    }
}

fn details(engine: &EngineTrial, out: &mut dyn Write) -> io::Result<()> {
    let name = engine.engine.name();
    for revision in &engine.revisions {
        let id = safe(&revision.revision);
        for (way, told) in revision.legs() {
            leg(&format!("{id} on {name}, {way}"), told, out)?;
        }
        for note in &revision.notes {
            writeln!(out, "note: {id} on {name}: {}", safe(note))?;
        }
    }
    leg(&format!("all revisions on {name}, down and up again"), &engine.whole, out)?;
    leg(&format!("records on {name}"), &engine.records, out)?;
    if let Some(revision) = engine.stopped_by.as_ref().filter(|_| engine.whole.verdict != Verdict::Untried) {
        writeln!(out, "note: on {name} the way down ended at {}, which cannot be taken back", safe(revision))?;
    }
    let notes: Vec<String> = engine.notices.iter().map(|notice| format!("{name}: {notice}")).collect();
    notices(&notes, out)
}

fn leg(title: &str, leg: &Leg, out: &mut dyn Write) -> io::Result<()> {
    if leg.told.is_empty() {
        return Ok(());
    }
    writeln!(out, "{title}: {}", word(leg.verdict))?;
    leg.told.iter().try_for_each(|line| writeln!(out, "  {}", safe(line)))
}

fn sum(outcome: &TestOutcome, out: &mut dyn Write) -> io::Result<()> {
    let engines = outcome.engines.iter().map(|engine| engine.engine.name()).collect::<Vec<_>>().join(" and ");
    let rows = match outcome.rows {
        0 => "with no row made up".to_owned(),
        1 => "with 1 row in each table".to_owned(),
        rows => format!("with {rows} rows in each table"),
    };
    let all = outcome.engines.iter().flat_map(|engine| &engine.revisions);
    let bad =
        all.filter(|revision| !revision.passed()).map(|revision| &revision.revision).collect::<BTreeSet<_>>().len();
    let count = outcome.engines.first().map_or(0, |engine| engine.revisions.len());
    let revisions = format!("{count} revision{} on {engines}, {rows}", if count == 1 { "" } else { "s" });
    match (outcome.passed(), bad) {
        (true, _) => writeln!(out, "{revisions}: what can be taken back came back as it was"),
        (false, 0) => writeln!(out, "{revisions}: each alone came back, and together they did not"),
        (false, bad) => writeln!(
            out,
            "{revisions}: {bad} did not go or come back as {}",
            if bad == 1 { "it should" } else { "they should" }
        ),
    }
}
