//! The keys of both forms: primary keys, unique constraints and indexes, paired by what they are over.

use super::condition::Verdict;
use super::findings::Findings;
use super::key::{Key, worst};
use super::relation::Relation;
use crate::schema::Engine;
use crate::schema::inventory::{Grade, Item, Kind};

/// Compares the keys of one table.
pub(super) fn compare(sqlite: &Relation<'_>, postgres: &Relation<'_>, findings: &mut Findings) {
    let truths = postgres.truths();
    let read = |relation: &Relation<'_>, item| Key::read(relation, item, &truths);
    let of = |relation, kinds: &[Kind]| -> Vec<Key<'_>> {
        let items = kinds.iter().flat_map(|kind| Relation::parts(relation, *kind));
        items.map(|item| read(relation, item)).collect()
    };
    let (own_primary, primary) = (of(sqlite, &[Kind::PrimaryKey]), of(postgres, &[Kind::PrimaryKey]));
    primary_keys(&own_primary, &primary, findings);
    let (own, others) = (of(sqlite, &[Kind::Unique, Kind::Index]), of(postgres, &[Kind::Unique, Kind::Index]));
    own.iter().for_each(|key| key.tell_gaps(Engine::Sqlite, findings));
    others.iter().for_each(|key| key.tell_gaps(Engine::Postgres, findings));
    pair(without_repeated(own, &own_primary), without_repeated(others, &primary), findings);
}

fn primary_keys(own: &[Key<'_>], others: &[Key<'_>], findings: &mut Findings) {
    match (own.first(), others.first()) {
        (Some(own), Some(other)) if own.is_over_the_same(other) => order(own, other, findings),
        (Some(own), Some(other)) => {
            findings.held(own.item, "primary key", "columns", own.item.fact("columns"), other.item.fact("columns"));
        }
        (Some(own), None) => findings.alone(Engine::Sqlite, own.item, &own.words()),
        (None, Some(other)) => findings.alone(Engine::Postgres, other.item, &other.words()),
        (None, None) => {}
    }
}

/// What is unique already is so once.
fn without_repeated<'i>(keys: Vec<Key<'i>>, primary: &[Key<'i>]) -> Vec<Key<'i>> {
    let mut kept: Vec<Key<'i>> = Vec::new();
    for key in keys {
        let holds_for_all = |key: &Key<'_>| key.is_unique() && key.predicate.is_none();
        let is_repeated = |other: &Key<'_>| other.is_over_the_same(&key) && other.folds_as(&key);
        let is_needless = holds_for_all(&key)
            && (primary.iter().any(is_repeated) || kept.iter().filter(|key| holds_for_all(key)).any(is_repeated));
        if !is_needless {
            kept.push(key);
        }
    }
    kept
}

/// Pairs those that are alike, then those of one name, then those that cannot be told apart.
fn pair<'i>(mut own: Vec<Key<'i>>, mut others: Vec<Key<'i>>, findings: &mut Findings) {
    let same_name = |one: &Key<'_>, other: &Key<'_>| name(one.item).is_some() && name(one.item) == name(other.item);
    let is_same = |one: &Key<'_>, other: &Key<'_>| alike(one, other) == Verdict::Same;
    let mut same = take(&mut own, &mut others, |one, other| is_same(one, other) && same_name(one, other));
    same.extend(take(&mut own, &mut others, |one, other| is_same(one, other) && one.is_folded_by(other)));
    same.extend(take(&mut own, &mut others, is_same));
    for (one, other) in same {
        one.tell_folded(&other, findings);
        // A constraint has its name from the engine, an index from whoever made it.
        if !one.is_unique() && !same_name(&one, &other) {
            let [is, there] = [one.item, other.item].map(|item| item.name.clone());
            findings.otherwise(one.item, &one.words(), ("name", Grade::Cosmetic), is, there);
        }
    }
    let is_reordered = |one: &Key<'_>, other: &Key<'_>| {
        let is_kind = one.is_unique() && other.is_unique() && one.of_the_same_rows(other) == Verdict::Same;
        is_kind && !other.is_gap && one.is_over_the_same(other)
    };
    for (one, other) in take(&mut own, &mut others, is_reordered) {
        order(&one, &other, findings);
    }
    for (one, other) in take(&mut own, &mut others, same_name) {
        facts(&one, &other, findings);
    }
    for (one, other) in take(&mut own, &mut others, |one, other| alike(one, other) == Verdict::Unknown) {
        facts(&one, &other, findings);
    }
    own.iter().for_each(|key| findings.alone(Engine::Sqlite, key.item, &key.words()));
    others.iter().filter(|key| !key.is_gap).for_each(|key| findings.alone(Engine::Postgres, key.item, &key.words()));
}

fn name(item: &Item) -> Option<String> {
    item.name.as_deref().map(str::to_lowercase)
}

fn alike(one: &Key<'_>, other: &Key<'_>) -> Verdict {
    if one.is_unique() != other.is_unique() || other.is_gap {
        return Verdict::Different;
    }
    worst([one.in_order(other), one.of_the_same_rows(other)].into_iter())
}

/// Tells another order of the same columns, by which another question is answered fast.
fn order(one: &Key<'_>, other: &Key<'_>, findings: &mut Findings) {
    if one.in_order(other) == Verdict::Different {
        let [is, there] = [one.item, other.item].map(|item| item.fact("columns").map(str::to_owned));
        findings.otherwise(one.item, &one.words(), ("columns", Grade::Compatible), is, there);
    }
}

/// Tells in what two of one name differ.
fn facts(one: &Key<'_>, other: &Key<'_>, findings: &mut Findings) {
    let words = format!("index {}", one.item.name.as_deref().unwrap_or("without a name"));
    let unique = |key: &Key<'_>| key.is_unique().then_some("yes");
    findings.held(one.item, &words, "unique", unique(one), unique(other));
    // How an index of another method is made is told as a gap.
    if other.is_gap {
        return;
    }
    let grade = if one.is_unique() || other.is_unique() { Grade::Breaking } else { Grade::Compatible };
    for (fact, verdict) in [("columns", one.in_order(other)), ("where", one.of_the_same_rows(other))] {
        let [is, there] = [one.item, other.item].map(|item| item.fact(fact).map(str::to_owned));
        match verdict {
            Verdict::Same => {}
            Verdict::Different => findings.otherwise(one.item, &words, (fact, grade), is, there),
            Verdict::Unknown => {
                let [is, there] = [is, there].map(Option::unwrap_or_default);
                let why = "an engine says it in words of its own";
                findings.incomparable(one.item, &words, &format!("{fact} {is}; {there}"), why);
            }
        }
    }
}

/// Takes those out that belong together.
pub(super) fn take<T>(own: &mut Vec<T>, others: &mut Vec<T>, is_pair: impl Fn(&T, &T) -> bool) -> Vec<(T, T)> {
    let mut pairs = Vec::new();
    let mut at = 0;
    while at < own.len() {
        match others.iter().position(|other| is_pair(&own[at], other)) {
            Some(place) => pairs.push((own.remove(at), others.remove(place))),
            None => at += 1,
        }
    }
    pairs
}
