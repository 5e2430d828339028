//! The columns of both forms: which there are, which may not be null, which are computed and number the rows, which labels
//! they take; of what type they are, and what they hold by default.

use std::collections::HashSet;

use super::condition::{Condition, Verdict};
use super::findings::Findings;
use super::relation::Relation;
use super::types::{OwnTypes, Together, of_both};
use super::{default, labels, numbering};
use crate::schema::Engine;
use crate::schema::inventory::Item;

/// Compares the columns of one table.
pub(super) fn compare(sqlite: &Relation<'_>, postgres: &Relation<'_>, types: &OwnTypes, findings: &mut Findings) {
    let (own, others) = (sqlite.columns(), postgres.columns());
    let keys: HashSet<String> = sqlite.key_columns().into_iter().chain(postgres.key_columns()).collect();
    let truths = postgres.truths();
    let mut together = Together::default();
    for (name, item) in &own {
        let Some(other) = others.get(name) else {
            findings.alone(Engine::Sqlite, item, item.name.as_deref().unwrap_or_default());
            continue;
        };
        if !keys.contains(name) {
            nullability(item, other, findings);
        }
        generated(item, other, &truths, findings);
        numbering::compare(item, other, findings);
        labels::compare(sqlite, (name, item), other, &types.enums, findings);
        let both = of_both(item, other, types);
        together.compare(sqlite, (item, other), &both, findings);
        default::compare(item, other, &both.1, findings);
    }
    together.tell(sqlite, findings);
    for (_, item) in others.iter().filter(|(name, _)| !own.contains_key(*name)) {
        findings.alone(Engine::Postgres, item, item.name.as_deref().unwrap_or_default());
    }
}

/// SQLite lets some columns of primary keys be null, and its form need not say that they may not.
fn nullability(sqlite: &Item, postgres: &Item, findings: &mut Findings) {
    let counts_itself = |item: &Item| ["identity", "numbers rows"].iter().any(|fact| item.fact(fact).is_some());
    let is_said = |item: &Item| item.fact("not null").is_some() && !counts_itself(item);
    for (engine, item, other) in [(Engine::Sqlite, sqlite, postgres), (Engine::Postgres, postgres, sqlite)] {
        if is_said(item) && other.fact("not null").is_none() {
            findings.alone(engine, item, &format!("{} not null", item.name.as_deref().unwrap_or_default()));
        }
    }
}

fn generated(sqlite: &Item, postgres: &Item, truths: &HashSet<String>, findings: &mut Findings) {
    let words = sqlite.name.as_deref().unwrap_or_default();
    let (own, other) = (sqlite.fact("generated"), postgres.fact("generated"));
    let (Some(is), Some(there)) = (own, other) else {
        findings.held(sqlite, words, "generated", own, other);
        return;
    };
    let read = |engine: Engine, text: &str| Condition::read(engine, text, truths);
    match read(Engine::Sqlite, is).beside(&read(Engine::Postgres, there)) {
        Verdict::Same => {}
        Verdict::Different => findings.held(sqlite, words, "generated", own, other),
        Verdict::Unknown => {
            let why = "an engine computes it in words of its own";
            findings.incomparable(sqlite, words, &format!("generated {is}; {there}"), why);
        }
    }
    // That PostgreSQL stores what SQLite computes each time is told as a gap of SQLite's.
    if sqlite.fact("kept") == Some("stored") {
        findings.held(sqlite, words, "kept", sqlite.fact("kept"), postgres.fact("kept"));
    }
}
