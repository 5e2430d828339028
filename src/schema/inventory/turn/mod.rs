//! In which order differences are mended, so that each statement finds what it needs and nothing in its way.
//!
//! What mends a difference is cut into steps ([`step`]): what takes a thing away has its turn before what makes it anew.
//! What stands in the way of a step although it is as it should be ([`way`]) – a view over a column that changes its type, a
//! foreign key to a key that is made anew – goes before and comes again afterwards. [`phase`] tells when each step has its turn.

mod height;
mod phase;
mod step;
mod way;

#[cfg(test)]
mod tests;

use super::{Difference, Inventory};
use phase::Phase;
use step::{Step, Steps};

/// Puts differences in an order in which what mends them can be run, and lets each mend hold what has its turn then.
///
/// Each `mend` has to be that of the difference alone; those without one stay without.
pub fn in_turn(differences: Vec<Difference>, expected: &Inventory, found: &Inventory) -> Vec<Difference> {
    let mut steps = Steps::cut(&differences, expected, found);
    steps.clear_the_way(expected, found);
    let steps = steps.in_order();
    merged(differences, steps)
}

/// One mend for each difference again: what goes for another goes with the next, what comes for another with the one before.
fn merged(differences: Vec<Difference>, steps: Vec<Step>) -> Vec<Difference> {
    let mut left: Vec<Option<Difference>> = differences.into_iter().map(Some).collect();
    let mut done: Vec<Difference> = Vec::new();
    let mut waiting: Vec<String> = Vec::new();
    for step in steps {
        let text = step.text.filter(|text| !text.is_empty());
        if step.is_main {
            let Some(mut difference) = left[step.owner].take() else { continue };
            difference.mend = text.map(|text| {
                waiting.push(text);
                std::mem::take(&mut waiting).join(";\n")
            });
            done.push(difference);
        } else if let Some(text) = text {
            let before = done.iter_mut().rev().find_map(|difference| difference.mend.as_mut());
            match before.filter(|_| step.phase >= Phase::Types && waiting.is_empty()) {
                Some(mend) => *mend = format!("{mend};\n{text}"),
                None => waiting.push(text),
            }
        }
    }
    done
}
