//! Counting steps along a line, up or down, for `+N` and `-N`.

use std::collections::BTreeSet;

use super::{Graph, PlanError, Target};

/// A walk that one target asks for; refusals quote it.
pub(super) struct Walk<'t> {
    pub(super) target: &'t Target,
    pub(super) steps: u32,
}

impl<'t> Walk<'t> {
    pub(super) fn of(target: &'t Target) -> Self {
        Self { target, steps: target.steps.map_or(0, i32::unsigned_abs) }
    }

    fn too_far(&self, possible: u32) -> PlanError {
        PlanError::TooFar { target: self.target.to_string(), possible }
    }
}

impl Graph {
    /// Walks up from a revision, or from base; on a line, ways that leave it do not count.
    pub(super) fn walk_up(
        &self,
        walk: &Walk<'_>,
        start: Option<usize>,
        line: Option<&BTreeSet<usize>>,
    ) -> Result<Option<usize>, PlanError> {
        let mut at = start;
        for done in 0..walk.steps {
            let mut next = at.map_or_else(|| self.base_positions().collect(), |at| self.revisions[at].children.clone());
            next.retain(|child| line.is_none_or(|line| line.contains(child)));
            at = match next[..] {
                [] => return Err(walk.too_far(done)),
                [child] => Some(child),
                _ => {
                    return Err(PlanError::SeveralWaysUp {
                        target: walk.target.to_string(),
                        from: at.map_or_else(|| "base".to_owned(), |at| format!("`{}`", self.id(at))),
                        candidates: self.owned(next),
                    });
                }
            };
        }
        Ok(at)
    }

    /// Walks down from a revision; `None` is base, which can be reached but not left.
    pub(super) fn walk_down(&self, walk: &Walk<'_>, start: Option<usize>) -> Result<Option<usize>, PlanError> {
        let mut at = start;
        for done in 0..walk.steps {
            let from = at.ok_or_else(|| walk.too_far(done))?;
            at = match self.revisions[from].down[..] {
                [] => None,
                [parent] => Some(parent),
                ref parents => {
                    return Err(PlanError::SeveralWaysDown {
                        target: walk.target.to_string(),
                        from: self.id(from),
                        candidates: self.owned(parents.iter().copied()),
                    });
                }
            };
        }
        Ok(at)
    }
}
