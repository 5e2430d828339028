//! The triggers of both forms: when they run, on what, and on which condition. What they do is in each engine's own words.
//!
//! A trigger of PostgreSQL's may run on several events, for each of which SQLite has a trigger of its own.

use std::collections::{BTreeSet, HashSet};

use super::condition::{Condition, Verdict, beside};
use super::findings::Findings;
use super::names::{lower, name, words};
use super::relation::Relation;
use crate::schema::Engine;
use crate::schema::inventory::{Item, Kind};

/// What stands before what a trigger does.
struct Trigger<'i> {
    item: &'i Item,
    time: String,
    events: BTreeSet<String>,
    /// The columns whose update it waits for; empty for all.
    columns: BTreeSet<String>,
    condition: Option<Condition>,
    for_each_row: bool,
}

impl<'i> Trigger<'i> {
    fn read(engine: Engine, item: &'i Item, truths: &HashSet<String>) -> Self {
        let said = words(item.fact("definition").unwrap_or_default());
        let small: Vec<String> = said.iter().map(|word| word.to_lowercase()).collect();
        let on = small.iter().position(|word| word == "on").unwrap_or(small.len());
        let end = small.iter().position(|word| matches!(word.as_str(), "begin" | "execute")).unwrap_or(small.len());
        let end = end.max(on);
        let events =
            small[..on].iter().filter(|word| matches!(word.as_str(), "insert" | "update" | "delete" | "truncate"));
        let of = small[..on].windows(2).position(|two| two == ["update", "of"]).map_or(on, |update| update + 2);
        let listed = said[of..on].iter().take_while(|word| !word.eq_ignore_ascii_case("or"));
        let when = small[..end].iter().position(|word| word == "when");
        let condition = when.map(|when| bare(&said[when + 1..end]));
        Self {
            item,
            time: small.first().map_or_else(String::new, |time| time.replace("instead", "instead of")),
            events: events.cloned().collect(),
            columns: listed.filter(|word| **word != ",").map(|word| name(word)).collect(),
            condition: condition
                .map(|text| Condition { shared: Condition::read(engine, &rows(&text), truths).shared, text }),
            for_each_row: engine == Engine::Sqlite || small[on..end].windows(2).any(|two| two == ["each", "row"]),
        }
    }

    fn words(&self) -> String {
        format!("trigger {}", self.name())
    }

    fn name(&self) -> &str {
        self.item.name.as_deref().unwrap_or_default()
    }
}

/// A condition without the parentheses around it.
fn bare(said: &[&str]) -> String {
    let inside = match said {
        [only] => only.strip_prefix('(').and_then(|text| text.strip_suffix(')')),
        _ => None,
    };
    inside.map_or_else(|| said.join(" "), str::to_owned)
}

/// The rows before and after, as names of columns, so that a condition on them may be read.
fn rows(text: &str) -> String {
    let pairs = [("new.", "new__"), ("NEW.", "new__"), ("old.", "old__"), ("OLD.", "old__")];
    pairs.iter().fold(text.to_owned(), |text, (row, column)| text.replace(row, column))
}

/// Compares the triggers of one table or view.
pub(super) fn compare(sqlite: &Relation<'_>, postgres: &Relation<'_>, findings: &mut Findings) {
    let truths =
        postgres.truths().into_iter().flat_map(|name| [format!("new__{name}"), format!("old__{name}")]).collect();
    let read = |relation: &Relation<'_>, item| Trigger::read(relation.engine, item, &truths);
    let mut own: Vec<Trigger<'_>> = sqlite.parts(Kind::Trigger).map(|item| read(sqlite, item)).collect();
    for other in postgres.parts(Kind::Trigger).map(|item| read(postgres, item)) {
        let Some(at) = own
            .iter()
            .position(|one| lower(one.name()) == lower(other.name()))
            .or_else(|| own.iter().position(|one| is_one_of(one, &other)))
        else {
            findings.alone(Engine::Postgres, other.item, &other.words());
            continue;
        };
        let one = own.remove(at);
        let mut events = one.events.clone();
        // Those that do the same on the other events.
        while let Some(at) = own.iter().position(|more| is_one_of(more, &other) && events.is_disjoint(&more.events)) {
            events.extend(own.remove(at).events);
        }
        beside_each_other(&one, &events, &other, findings);
    }
    for one in &own {
        findings.alone(Engine::Sqlite, one.item, &one.words());
    }
}

/// Tells whether a trigger is named after another and runs on one of its events.
fn is_one_of(one: &Trigger<'_>, other: &Trigger<'_>) -> bool {
    lower(one.name()).starts_with(&lower(other.name())) && one.time == other.time && one.events.is_subset(&other.events)
}

fn beside_each_other(one: &Trigger<'_>, events: &BTreeSet<String>, other: &Trigger<'_>, findings: &mut Findings) {
    let (item, words) = (one.item, one.words());
    let list = |some: &BTreeSet<String>| some.iter().cloned().collect::<Vec<_>>().join(", ");
    findings.held(item, &words, "time", Some(&one.time), Some(&other.time));
    let mut theirs = other.events.clone();
    if theirs.remove("truncate") {
        findings.gap_of(Engine::Postgres, other.item, &words, "truncate", "SQLite has no such statement");
    }
    findings.held(item, &words, "events", Some(&list(events)), Some(&list(&theirs)));
    let columns = |trigger: &Trigger<'_>| Some(list(&trigger.columns)).filter(|list| !list.is_empty());
    findings.held(item, &words, "of", columns(one).as_deref(), columns(other).as_deref());
    if !other.for_each_row {
        findings.gap_of(
            Engine::Postgres,
            other.item,
            &words,
            "for each statement",
            "SQLite's triggers run for each row",
        );
    }
    if other.item.fact("constraint").is_some() {
        findings.gap_of(Engine::Postgres, other.item, &words, "constraint", "SQLite's triggers run at once");
    }
    findings.held(item, &words, "enabled", None, other.item.fact("enabled"));
    let [is, there] = [one, other].map(|trigger| trigger.condition.as_ref().map(|condition| condition.text.as_str()));
    match beside(one.condition.as_ref(), other.condition.as_ref()) {
        Verdict::Same => {}
        Verdict::Different => findings.held(item, &words, "when", is, there),
        Verdict::Unknown => {
            let what = format!("when {}; {}", is.unwrap_or_default(), there.unwrap_or_default());
            findings.incomparable(item, &words, &what, "an engine says it in words of its own");
        }
    }
    let why = "SQLite runs statements, PostgreSQL calls a function";
    findings.incomparable(item, &words, "what it does", why);
}
