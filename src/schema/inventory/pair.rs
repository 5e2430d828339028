//! Which thing of one inventory is which of another: those with names by their names, the others by what is true of them.

use std::borrow::Cow;
use std::collections::HashMap;

use super::{Inventory, Item, Kind};
use crate::schema::Engine;

/// A name by which the engine knows a thing.
pub(super) type Called<'i> = Cow<'i, str>;

/// Which item of the one is which of the other.
pub(super) struct Pairs {
    /// For each expected item, the place of what is found of it.
    pub(super) partner: Vec<Option<usize>>,
    /// For each found item, whether it is expected.
    pub(super) taken: Vec<bool>,
}

type Place<'i> = (Kind, Option<Called<'i>>);

/// The name by which the engine knows a thing: SQLite does not tell ASCII letters apart by their case.
pub(super) fn known_as(engine: Engine, name: &str) -> Called<'_> {
    match engine {
        Engine::Sqlite => Cow::Owned(name.to_ascii_lowercase()),
        Engine::Postgres => Cow::Borrowed(name),
    }
}

fn place(engine: Engine, item: &Item) -> Place<'_> {
    (item.kind, item.part_of.as_deref().map(|whole| known_as(engine, whole)))
}

impl Pairs {
    /// By name first; then those that may go without a name by what is true of them, the most alike first.
    pub(super) fn of(expected: &Inventory, found: &Inventory) -> Self {
        let mut pairs = Self { partner: vec![None; expected.items.len()], taken: vec![false; found.items.len()] };
        let engine = expected.engine;
        let mut named: HashMap<(Place<'_>, Called<'_>), usize> = HashMap::new();
        let mut places: HashMap<Place<'_>, Vec<usize>> = HashMap::new();
        for (at, item) in found.items.iter().enumerate() {
            let place = place(engine, item);
            if let Some(name) = item.name.as_deref() {
                named.insert((place.clone(), known_as(engine, name)), at);
            }
            if item.kind.may_be_nameless() {
                places.entry(place).or_default().push(at);
            }
        }
        for (at, item) in expected.items.iter().enumerate() {
            let by = item.name.as_deref().map(|name| (place(engine, item), known_as(engine, name)));
            let partner = by.and_then(|by| named.get(&by).copied());
            if let Some(other) = partner.filter(|other| !pairs.taken[*other]) {
                pairs.join(at, other);
            }
        }
        let alike: [fn(&Item, &Item) -> bool; 4] = [
            |expected, found| expected.facts == found.facts && expected.name.is_none() == found.name.is_none(),
            |expected, found| expected.facts == found.facts,
            |expected, found| expected.fact("columns").is_some() && expected.fact("columns") == found.fact("columns"),
            |_, _| true,
        ];
        for (turn, are_alike) in alike.into_iter().enumerate() {
            pairs.join_nameless(expected, found, &places, are_alike, turn + 1 == alike.len());
        }
        pairs
    }

    fn join(&mut self, expected: usize, found: usize) {
        self.partner[expected] = Some(found);
        self.taken[found] = true;
    }

    /// Joins what is alike; with `only`, what is left over on both sides where nothing else is.
    fn join_nameless(
        &mut self,
        expected: &Inventory,
        found: &Inventory,
        places: &HashMap<Place<'_>, Vec<usize>>,
        are_alike: fn(&Item, &Item) -> bool,
        only: bool,
    ) {
        let engine = expected.engine;
        // How many are left of each place; only one that is alone is joined, so that these counts stay true for the others.
        let mut left: HashMap<Place<'_>, usize> = HashMap::new();
        for (at, item) in expected.items.iter().enumerate().filter(|_| only) {
            *left.entry(place(engine, item)).or_default() += usize::from(self.partner[at].is_none());
        }
        for (at, item) in expected.items.iter().enumerate() {
            if self.partner[at].is_some() || !item.kind.may_be_nameless() {
                continue;
            }
            let place = place(engine, item);
            let free: Vec<usize> =
                places.get(&place).into_iter().flatten().copied().filter(|other| !self.taken[*other]).collect();
            // Two that have names of their own are two things, unless they say the same.
            let could_be = |other: &&usize| {
                let there = &found.items[**other];
                let same_thing = !only || item.name.is_none() || there.name.is_none();
                same_thing && are_alike(item, there)
            };
            if only && (free.len() != 1 || left.get(&place) != Some(&1)) {
                continue;
            }
            if let Some(other) = free.iter().find(could_be) {
                self.join(at, *other);
            }
        }
    }
}
