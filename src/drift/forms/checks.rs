//! The checks of both forms: paired by what they say, else by the columns that they name.

use super::condition::{Condition, Verdict, columns};
use super::findings::Findings;
use super::keys::take;
use super::labels::Enums;
use super::names::listed;
use super::relation::Relation;
use super::standing::{perhaps_said_by, stands_for_type};
use crate::schema::Engine;
use crate::schema::inventory::{Item, Kind};

struct Check<'i> {
    item: &'i Item,
    condition: Condition,
    columns: Vec<String>,
}

impl Check<'_> {
    fn words(&self) -> String {
        match self.columns.as_slice() {
            [] => "a check".to_owned(),
            columns => format!("a check of {}", listed(columns)),
        }
    }

    fn told(&self, engine: Engine, findings: &mut Findings) {
        findings.alone(engine, self.item, &self.words());
    }
}

/// Compares the checks of one table.
pub(super) fn compare(sqlite: &Relation<'_>, postgres: &Relation<'_>, enums: &Enums, findings: &mut Findings) {
    let truths = postgres.truths();
    let read = |relation: &Relation<'_>, item| {
        let text = Item::fact(item, "expression").unwrap_or_default();
        let known = relation.columns();
        let columns = columns(text, known.keys().map(String::as_str));
        Check { item, condition: Condition::read(relation.engine, text, &truths), columns }
    };
    let typed = postgres.columns();
    let own = sqlite.parts(Kind::Check).filter(|item| !stands_for_type(item, sqlite, &typed, enums));
    let mut own: Vec<Check<'_>> = own.map(|item| read(sqlite, item)).collect();
    let mut others: Vec<Check<'_>> = postgres.parts(Kind::Check).map(|item| read(postgres, item)).collect();
    take(&mut own, &mut others, |one, other| one.condition.beside(&other.condition) == Verdict::Same);
    let same_columns = |one: &Check<'_>, other: &Check<'_>| one.columns == other.columns;
    let same_name = |one: &Check<'_>, other: &Check<'_>| one.item.name.is_some() && one.item.name == other.item.name;
    let mut pairs = take(&mut own, &mut others, |one, other| same_columns(one, other) && same_name(one, other));
    // What can be compared and differs stays for another; what cannot may be meant by any of the same columns.
    pairs.extend(take(&mut own, &mut others, |one, other| {
        same_columns(one, other) && one.condition.beside(&other.condition) == Verdict::Unknown
    }));
    pairs.extend(take(&mut own, &mut others, same_columns));
    for (one, other) in pairs {
        beside(&one, &other, findings);
    }
    for check in own {
        match perhaps_said_by(&check.condition, &check.columns, &typed) {
            Some(kind) => {
                let (what, why) = (&check.condition.text, format!("PostgreSQL's type {kind} may say the same"));
                findings.gap_of(Engine::Sqlite, check.item, &check.words(), &format!("expression {what}"), &why);
            }
            None => check.told(Engine::Sqlite, findings),
        }
    }
    others.iter().for_each(|check| check.told(Engine::Postgres, findings));
}

fn beside(one: &Check<'_>, other: &Check<'_>, findings: &mut Findings) {
    let (is, there) = (one.condition.text.as_str(), other.condition.text.as_str());
    match one.condition.beside(&other.condition) {
        Verdict::Same => {}
        Verdict::Different => findings.held(one.item, &one.words(), "expression", Some(is), Some(there)),
        Verdict::Unknown => {
            let why = "an engine says it in words of its own";
            findings.incomparable(one.item, &one.words(), &format!("expression {is}; {there}"), why);
        }
    }
}
