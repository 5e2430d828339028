//! The order of steps: a branch is followed as long as nothing else above still waits, as Alembic does it.

use std::collections::BTreeSet;

use super::{Follow, Graph};

/// A walker on its way down, with all that lies below it, its own place included.
struct Walker {
    at: usize,
    below: BTreeSet<usize>,
}

impl Graph {
    /// Orders `wanted` from the top down, children before parents, beginning at those of `starts` that are wanted.
    ///
    /// Every wanted revision must be reachable from such a start through wanted revisions.
    pub(super) fn downwards(&self, wanted: &BTreeSet<usize>, starts: &BTreeSet<usize>) -> Vec<usize> {
        let mut left = wanted.clone();
        let mut walkers: Vec<Walker> = starts.intersection(wanted).map(|&at| self.walker(at)).collect();
        let mut order = Vec::with_capacity(wanted.len());
        let mut turn = 0;
        while let Some(Walker { at, .. }) = walkers.get(turn) {
            let at = *at;
            let above = |(place, walker): (usize, &Walker)| place != turn && walker.below.contains(&at);
            if let Some(first) = walkers.iter().enumerate().position(above) {
                turn = first;
                continue;
            }
            if left.remove(&at) {
                order.push(at);
            }
            if !self.advance(&mut walkers, turn, &left) {
                walkers.remove(turn);
                turn = turn.saturating_sub(1);
            }
        }
        debug_assert!(left.is_empty(), "every wanted revision lies under a start");
        order
    }

    /// Moves a walker to the first parent that is left and unattended, and sends new ones to the others.
    fn advance(&self, walkers: &mut Vec<Walker>, turn: usize, left: &BTreeSet<usize>) -> bool {
        let at = walkers[turn].at;
        let parents = &self.revisions[at].parents;
        let unattended = |&&parent: &&usize| left.contains(&parent) && walkers.iter().all(|other| other.at != parent);
        let mut next: Vec<usize> = parents.iter().filter(unattended).copied().collect();
        if next.is_empty() {
            return false;
        }
        let others = next.split_off(1);
        // On a plain line what lies below needs no second look: a long history stays linear in time.
        if parents.len() == 1 {
            walkers[turn].at = next[0];
            walkers[turn].below.remove(&at);
        } else {
            walkers[turn] = self.walker(next[0]);
        }
        walkers.extend(others.into_iter().map(|other| self.walker(other)));
        true
    }

    fn walker(&self, at: usize) -> Walker {
        Walker { at, below: self.below([at], Follow::Everything) }
    }
}
