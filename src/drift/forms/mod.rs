//! What one engine's form of a revision holds and the other's lacks, though both engines could hold it.
//!
//! Each form is in its engine's words, so that what is compared is what both words mean alike: which tables, views, columns,
//! keys, checks and triggers there are, and what is true of them. [`relation`] holds a form's tables with their parts,
//! [`condition`] gives expressions the words that both engines share ([`logic`]: with AND, OR and NOT), and [`column`] (with
//! [`numbering`], [`labels`], [`types`], of which [`family`] says what they hold, and [`default`], with [`present`] for what the
//! clock tells), [`key`], [`keys`], [`references`], [`checks`] (with [`standing`]), [`triggers`] and [`views`] compare. What
//! cannot be compared is a gap, with the reason ([`findings`]).

mod checks;
mod column;
mod condition;
mod default;
mod family;
mod findings;
mod key;
mod keys;
mod labels;
mod logic;
mod names;
mod numbering;
mod present;
mod references;
mod relation;
mod standing;
mod triggers;
mod types;
mod views;

use std::collections::BTreeMap;

use super::gap::is_inexpressible;
use super::outcome::{Comparison, Counts, Gap, Told};
use super::{Options, Pattern};
use crate::migrate::folder::Folder;
use crate::schema::Engine;
use crate::schema::inventory::Inventory;
use findings::Findings;
use relation::Relation;
use types::OwnTypes;

/// Compares the SQLite form with the PostgreSQL form of one revision; gives what cannot be compared, too.
pub(super) fn compare_forms(
    folder: &Folder,
    revisions: &[String],
    sqlite: &Inventory,
    postgres: &Inventory,
    options: &Options,
) -> (Comparison, Vec<Gap>) {
    let (own, others) = (Relation::of(sqlite), Relation::of(postgres));
    let mut findings = Findings::default();
    Relation::tell_clashes(postgres, &mut findings);
    relations(&own, &others, &OwnTypes::of(postgres), &mut findings);
    let Findings { mut differences, gaps } = findings;
    differences.sort_by(|one, other| one.sentence.cmp(&other.sentence));
    let (ignored, differences): (Vec<Told>, Vec<Told>) =
        differences.into_iter().partition(|told| options.ignore.iter().any(|pattern| is_meant(told, pattern)));
    let comparison = Comparison {
        expected: format!("the form of {} for SQLite", folder.shown()),
        found: format!("the form of {} for PostgreSQL", folder.shown()),
        engine: Engine::Postgres,
        revisions: revisions.to_vec(),
        recorded_by: None,
        pending: Vec::new(),
        file: folder.on_disk(),
        objects: others.values().map(Relation::objects).sum(),
        counts: Counts::of(&differences),
        differences,
        unmanaged: Vec::new(),
        ignored: ignored.into_iter().map(|told| told.sentence).collect(),
        notices: Vec::new(),
    };
    (comparison, gaps)
}

type Relations<'i> = BTreeMap<String, Relation<'i>>;

fn relations(own: &Relations<'_>, others: &Relations<'_>, types: &OwnTypes, findings: &mut Findings) {
    for (name, relation) in own {
        match others.get(name) {
            Some(other) => parts(relation, other, types, findings),
            None => alone(relation, findings),
        }
    }
    // The parts of what the other lacks altogether are told with it.
    others.iter().filter(|(name, _)| !own.contains_key(*name)).for_each(|(_, other)| alone(other, findings));
}

fn alone(relation: &Relation<'_>, findings: &mut Findings) {
    if !is_inexpressible(relation.item, relation.engine) {
        findings.alone(relation.engine, relation.item, &relation.words());
    }
}

fn parts(sqlite: &Relation<'_>, postgres: &Relation<'_>, types: &OwnTypes, findings: &mut Findings) {
    if sqlite.is_view() != postgres.is_view() {
        let [is, there] = [sqlite, postgres].map(|relation| relation.item.kind.name());
        findings.held(sqlite.item, &sqlite.words(), "kind", Some(is), Some(there));
        return;
    }
    // What a module keeps has no parts that SQLite could tell.
    if is_inexpressible(sqlite.item, Engine::Sqlite) {
        return;
    }
    triggers::compare(sqlite, postgres, findings);
    if sqlite.is_view() {
        views::compare(sqlite, postgres, findings);
        return;
    }
    column::compare(sqlite, postgres, types, findings);
    keys::compare(sqlite, postgres, findings);
    references::compare(sqlite, postgres, findings);
    checks::compare(sqlite, postgres, &types.enums, findings);
}

fn is_meant(told: &Told, pattern: &Pattern) -> bool {
    let both = told.relation.as_ref().zip(told.name.as_ref()).map(|(whole, own)| format!("{whole}.{own}"));
    [told.relation.as_deref(), told.name.as_deref(), both.as_deref()]
        .into_iter()
        .flatten()
        .any(|name| pattern.means(name))
}
