//! What stands in the way of a step: it goes before, and comes again when everything that it needs is there.

use super::phase::{self, Phase};
use super::step::{Step, Steps, known, name_of};
use crate::schema::inventory::{Difference, Inventory, Item, Kind, Use, What};

impl<'d> Steps<'d> {
    /// Takes away what stands in the way, and brings it back as it should be.
    pub(super) fn clear_the_way(&mut self, expected: &Inventory, found: &'d Inventory) {
        let mut touched: Vec<(usize, Use, Kind)> = Vec::new();
        for (owner, difference) in self.differences.iter().enumerate() {
            let Some(what) = self.disturbs(difference) else { continue };
            match self.computes_with(&what, found) {
                true => self.leave_to_a_person(owner),
                false => touched.push((owner, what, difference.kind)),
            }
        }
        while let Some((owner, what, kind)) = touched.pop() {
            for user in found.items.iter().filter(|item| item.uses.iter().any(|used| is_meant(used, &what))) {
                let is_view = matches!(user.kind, Kind::View | Kind::MaterializedView);
                if self.takes_away(owner, user, kind, expected) && is_view {
                    let of = user.name.clone().unwrap_or_default();
                    touched.push((owner, Use { of, part: None }, user.kind));
                }
            }
        }
    }

    /// What a difference's mend takes away or changes under those who use it.
    fn disturbs(&self, difference: &Difference) -> Option<Use> {
        difference.mend.as_ref()?;
        let name = self.name_there(difference);
        let goes = self.gone.contains(&known(difference));
        match (difference.kind, &difference.what) {
            (Kind::Column, What::Changed { fact, .. }) if matches!(fact.as_str(), "type" | "collation") => {
                Some(Use { of: difference.part_of.clone()?, part: name })
            }
            (Kind::Column | Kind::PrimaryKey | Kind::Unique | Kind::Index, _) if goes => {
                Some(Use { of: difference.part_of.clone()?, part: name })
            }
            _ if goes && difference.part_of.is_none() => Some(Use { of: name?, part: None }),
            _ => None,
        }
    }

    /// Takes a thing away, unless it goes by itself; tells whether it did.
    fn takes_away(&mut self, owner: usize, user: &'d Item, of: Kind, expected: &Inventory) -> bool {
        let Some(drop) = user.drop.clone().filter(|_| may_come_again(user.kind)) else { return false };
        let its_whole_goes = self.goes(user.part_of.as_deref());
        // Tables that go do so in an order in which nothing refers to them any more.
        if its_whole_goes && (of == Kind::Table || user.kind != Kind::ForeignKey) || !self.gone.insert(name_of(user)) {
            return false;
        }
        let rank = -self.there.height(user.name.as_deref().unwrap_or_default());
        let phase = phase::of_drop(user.kind, expected.engine);
        self.steps.push(Step { phase, rank, owner, is_main: false, text: Some(drop) });
        if !its_whole_goes {
            self.bring_back(owner, user, expected);
        }
        true
    }

    fn bring_back(&mut self, owner: usize, user: &Item, expected: &Inventory) {
        let name = self.name_that_it_should_have(user);
        let is_it = |item: &&Item| item.kind == user.kind && item.part_of == user.part_of && item.name == name;
        let Some(item) = expected.items.iter().find(is_it) else { return };
        let Some(mut text) = item.create.clone() else { return };
        let is_relation = item.part_of.is_none();
        let own: Vec<usize> =
            (0..self.differences.len()).filter(|at| known(&self.differences[*at]) == name_of(item)).collect();
        let makes = |one: &Difference| matches!(&one.what, What::Changed { fact, .. } if fact == "definition");
        match own.first() {
            // What changes it makes it, too.
            Some(_) if is_relation && own.iter().any(|at| makes(&self.differences[*at])) => {}
            Some(first) if !is_relation => self.say_instead(*first, &own, text, phase::of_made_anew(item, expected)),
            _ => {
                self.take_parts(owner, &mut text, item, expected);
                let rank = self.wanted.height(item.name.as_deref().unwrap_or_default());
                let phase = phase::of_made_anew(item, expected);
                self.steps.push(Step { phase, rank, owner, is_main: false, text: Some(text) });
            }
        }
    }

    /// What is made as it should be differs in nothing any more: the first difference makes it, the others are gone with it.
    fn say_instead(&mut self, first: usize, own: &[usize], text: String, phase: Phase) {
        for step in self.steps.iter_mut().filter(|step| step.is_main && own.contains(&step.owner)) {
            step.text = (step.owner == first).then(|| text.clone());
            step.phase = phase;
        }
    }

    /// Whether a generated column that stays is made of something.
    fn computes_with(&self, what: &Use, found: &Inventory) -> bool {
        let stays = |item: &Item| !self.gone.contains(&name_of(item)) && !self.goes(item.part_of.as_deref());
        let mut columns = found.items.iter().filter(|item| item.kind == Kind::Column && stays(item));
        columns.any(|column| column.uses.iter().any(|used| is_meant(used, what)))
    }

    /// A generated column would have to be made anew: whether it should be is for a person to say.
    fn leave_to_a_person(&mut self, owner: usize) {
        self.steps.retain(|step| step.is_main || step.owner != owner);
        for step in self.steps.iter_mut().filter(|step| step.owner == owner) {
            step.text = None;
        }
    }

    fn goes(&self, table: Option<&str>) -> bool {
        let is_it = |one: &Difference| {
            one.part_of.is_none()
                && one.kind.holds_parts()
                && one.name.as_deref() == table
                && matches!(one.what, What::Unexpected)
        };
        table.is_some() && self.differences.iter().any(is_it)
    }

    /// The name of what a difference is about, as it is there.
    fn name_there(&self, difference: &Difference) -> Option<String> {
        let old = self.differences.iter().find_map(|one| match &one.what {
            What::Changed { fact, found, .. } if fact == "name" && known(one) == known(difference) => found.clone(),
            _ => None,
        });
        old.or_else(|| difference.name.clone())
    }

    fn name_that_it_should_have(&self, user: &Item) -> Option<String> {
        let renamed = self.differences.iter().find(|one| match &one.what {
            What::Changed { fact, found, .. } => {
                fact == "name" && one.kind == user.kind && one.part_of == user.part_of && *found == user.name
            }
            _ => false,
        });
        renamed.map_or_else(|| user.name.clone(), |one| one.name.clone())
    }
}

fn may_come_again(kind: Kind) -> bool {
    use Kind::{ForeignKey, MaterializedView, Policy, Rule, Trigger, View};
    matches!(kind, View | MaterializedView | Rule | Trigger | Policy | ForeignKey)
}

fn is_meant(used: &Use, what: &Use) -> bool {
    used.of == what.of && (what.part.is_none() || used.part.is_none() || used.part == what.part)
}
