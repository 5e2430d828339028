//! The statements that mend differences, cut into steps of which each has its turn.

use std::collections::HashSet;

use super::height::Heights;
use super::phase::{self, Phase};
use crate::schema::Engine;
use crate::schema::inventory::{Difference, Inventory, Item, Kind, What};

/// Statements that are run together.
#[derive(Clone, Debug)]
pub(super) struct Step {
    pub(super) phase: Phase,
    /// The place among the steps of one phase.
    pub(super) rank: isize,
    /// The difference that it helps to mend.
    pub(super) owner: usize,
    /// Whether it stands for its difference: each has one such step.
    pub(super) is_main: bool,
    pub(super) text: Option<String>,
}

/// All steps that mend some differences.
pub(super) struct Steps<'d> {
    pub(super) differences: &'d [Difference],
    pub(super) steps: Vec<Step>,
    pub(super) wanted: Heights,
    pub(super) there: Heights,
    /// What is taken away by a step of its own, by kind, whole and name.
    pub(super) gone: HashSet<Name<'d>>,
}

/// How a thing is known.
pub(super) type Name<'i> = (Kind, Option<&'i str>, Option<&'i str>);

impl<'d> Steps<'d> {
    /// Cuts what mends differences into steps.
    pub(super) fn cut(differences: &'d [Difference], expected: &Inventory, found: &'d Inventory) -> Self {
        let mut steps = Self {
            differences,
            steps: Vec::new(),
            wanted: Heights::of(expected),
            there: Heights::of(found),
            gone: HashSet::new(),
        };
        for (owner, difference) in differences.iter().enumerate() {
            steps.cut_one(owner, difference, expected, found);
        }
        steps.open_circles(found);
        steps
    }

    /// The steps in the order of their turns.
    pub(super) fn in_order(self) -> Vec<Step> {
        let mut steps = self.steps;
        steps.sort_by_key(|step| (step.phase, step.rank, step.owner, step.is_main));
        // A trigger of a view that is made anew comes again with the view, and for itself: once is enough.
        let mut said = HashSet::new();
        steps.retain(|step| step.is_main || step.text.as_ref().is_none_or(|text| said.insert(text.clone())));
        steps
    }

    fn cut_one(&mut self, owner: usize, difference: &'d Difference, expected: &Inventory, found: &'d Inventory) {
        let mut text = difference.mend.clone();
        let mut phase = phase::of(difference, expected);
        let rank = self.rank(difference, found);
        let item = expected.items.iter().find(|item| name_of(item) == known(difference));
        if let (Some(text), Some(item)) = (&mut text, item) {
            if self.is_renamed_and_made_anew(difference, item) {
                self.take_old(owner, item, found);
                phase = phase::of_made_anew(item, expected);
                *text = item.create.clone().unwrap_or_default();
            }
            self.take_drop(owner, text, item, expected);
            self.take_parts(owner, text, item, expected);
        }
        if matches!(difference.what, What::Unexpected) && text.is_some() {
            self.gone.insert(known(difference));
        }
        self.steps.push(Step { phase, rank, owner, is_main: true, text });
    }

    fn rank(&self, difference: &Difference, found: &Inventory) -> isize {
        let name = difference.name.as_deref().unwrap_or_default();
        let is_relation = difference.part_of.is_none() && difference.kind.holds_parts();
        let is_generated = |text: &str| text.contains(" generated always as (");
        match (difference.kind, &difference.what) {
            (_, What::Unexpected) if is_relation => -self.there.height(name),
            (_, What::Missing | What::Changed { .. }) if is_relation => self.wanted.height(name),
            // What is made of others comes after them; what its type is made of changes before.
            (Kind::Column, What::Changed { fact, .. }) if fact == "type" => -1,
            // SQLite leaves no table without a column: those that are missing come first.
            (Kind::Column, What::Missing) => {
                let first = if found.engine == Engine::Sqlite { -2 } else { 0 };
                first + isize::from(difference.mend.as_deref().is_some_and(is_generated))
            }
            (Kind::Column, What::Unexpected) => {
                let there = found.items.iter().find(|item| name_of(item) == known(difference));
                -isize::from(there.is_some_and(|item| item.fact("generated").is_some()))
            }
            // Those that could use others go first.
            (kind, What::Unexpected) if difference.part_of.is_none() => -(kind as isize),
            _ => 0,
        }
    }

    /// What is made anew goes before what could need the room, once.
    fn take_drop(&mut self, owner: usize, text: &mut String, item: &Item, expected: &Inventory) {
        let difference = &self.differences[owner];
        let Some(drop) = item.drop.as_deref().filter(|_| matches!(difference.what, What::Changed { .. })) else {
            return;
        };
        let Some(rest) = text.strip_prefix(drop).and_then(|rest| rest.strip_prefix(";\n")).map(str::to_owned) else {
            return;
        };
        let phase = phase::of_drop(item.kind, expected.engine);
        // What others may still use until the end is replaced in its turn.
        if self.gone.insert(known(difference)) && phase < Phase::DropRest {
            let rank = -self.there.height(item.name.as_deref().unwrap_or_default());
            self.steps.push(Step { phase, rank, owner, is_main: false, text: Some(drop.to_owned()) });
            *text = rest;
        }
    }

    /// Whether a constraint has another name and is made anew for something else.
    fn is_renamed_and_made_anew(&self, difference: &Difference, item: &Item) -> bool {
        let is_name = matches!(&difference.what, What::Changed { fact, .. } if fact == "name");
        let is_anew = |other: &Difference| {
            let mend = other.mend.as_deref().zip(item.drop.as_deref());
            known(other) == known(difference) && mend.is_some_and(|(mend, drop)| mend.starts_with(drop))
        };
        is_name && item.create.is_some() && self.differences.iter().any(is_anew)
    }

    /// What is there goes by the name that it has.
    fn take_old(&mut self, owner: usize, item: &Item, found: &'d Inventory) {
        let difference = &self.differences[owner];
        let What::Changed { found: Some(old), .. } = &difference.what else { return };
        let is_it = |other: &&Item| {
            other.kind == item.kind && other.part_of == item.part_of && other.name.as_ref() == Some(old)
        };
        let Some(there) = found.items.iter().find(is_it) else { return };
        self.gone.extend([known(difference), name_of(there)]);
        let (phase, text) = (phase::of_drop(item.kind, found.engine), there.drop.clone());
        self.steps.push(Step { phase, rank: 0, owner, is_main: false, text });
    }

    /// What is made with a relation and needs others has its own turn; what has a difference of its own is made by that.
    pub(super) fn take_parts(&mut self, owner: usize, text: &mut String, whole: &Item, expected: &Inventory) {
        if whole.kind == Kind::Sequence {
            self.take_owner(owner, text);
        }
        if whole.part_of.is_some() || !whole.kind.holds_parts() {
            return;
        }
        let name = whole.name.as_deref();
        for part in expected.items.iter().filter(|item| item.part_of.as_deref() == name) {
            let phase = match part.kind {
                Kind::Trigger | Kind::Rule | Kind::Policy => Phase::Actors,
                Kind::ForeignKey if self.waits(part, whole) => Phase::References,
                _ => continue,
            };
            let Some(create) = part.create.as_deref() else { continue };
            let has_own = self.differences.iter().any(|one| known(one) == name_of(part) && one.mend.is_some());
            if taken_out(text, create) && !has_own {
                self.steps.push(Step { phase, rank: 0, owner, is_main: false, text: Some(create.to_owned()) });
            }
        }
    }

    /// The column that is to own a sequence may come later.
    fn take_owner(&mut self, owner: usize, text: &mut String) {
        let statement = text.split(";\n").find(|one| one.starts_with("alter sequence ") && one.contains(" owned by "));
        let Some(statement) = statement.map(str::to_owned) else { return };
        if taken_out(text, &statement) {
            self.steps.push(Step { phase: Phase::Values, rank: 1, owner, is_main: false, text: Some(statement) });
        }
    }

    /// Whether a table's reference must wait for its parent, or for a key of it.
    fn waits(&self, reference: &Item, table: &Item) -> bool {
        let own = table.name.as_deref().unwrap_or_default();
        let is_key = |kind| matches!(kind, Kind::PrimaryKey | Kind::Unique | Kind::Index);
        reference.uses.iter().filter(|used| used.of != own).any(|used| {
            self.differences.iter().any(|other| match other.what {
                What::Missing if other.kind == Kind::Table && other.name.as_ref() == Some(&used.of) => {
                    self.wanted.height(&used.of) >= self.wanted.height(own)
                }
                _ => is_key(other.kind) && other.part_of.as_ref() == Some(&used.of),
            })
        })
    }

    /// Tables that go and refer to each other let go of each other first.
    fn open_circles(&mut self, found: &Inventory) {
        let goes = |name: &str| {
            self.differences.iter().position(|one| {
                one.kind == Kind::Table && one.name.as_deref() == Some(name) && matches!(one.what, What::Unexpected)
            })
        };
        let mut steps = Vec::new();
        for key in found.items.iter().filter(|item| item.kind == Kind::ForeignKey) {
            let own = key.part_of.as_deref().unwrap_or_default();
            let (Some(owner), Some(drop)) = (goes(own), &key.drop) else { continue };
            let is_circle =
                |of: &str| of != own && goes(of).is_some() && self.there.height(of) >= self.there.height(own);
            if key.uses.iter().any(|used| is_circle(&used.of)) {
                let (phase, text) = (Phase::DropReferences, Some(drop.clone()));
                steps.push(Step { phase, rank: 0, owner, is_main: false, text });
            }
        }
        self.steps.append(&mut steps);
    }
}

/// How a difference's thing is known.
pub(super) fn known(difference: &Difference) -> Name<'_> {
    (difference.kind, difference.part_of.as_deref(), difference.name.as_deref())
}

/// How an item is known.
pub(super) fn name_of(item: &Item) -> Name<'_> {
    (item.kind, item.part_of.as_deref(), item.name.as_deref())
}

/// Takes a statement out of several, where it is one of them and not the first.
fn taken_out(text: &mut String, statement: &str) -> bool {
    let with_end = format!(";\n{statement}");
    let is_whole = |at: &usize| {
        let after = &text[at + with_end.len()..];
        after.is_empty() || after.starts_with(";\n")
    };
    let found = text.match_indices(&with_end).map(|(at, _)| at).find(is_whole);
    if let Some(at) = found {
        text.replace_range(at..at + with_end.len(), "");
    }
    found.is_some()
}
