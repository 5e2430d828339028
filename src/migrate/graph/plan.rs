//! From a database's rows to a target: which revisions run, in which order.

use std::collections::BTreeSet;

use super::walk::Walk;
use super::{Follow, Graph, PlanError, Point, Step, Target, Way};

/// Where a way down ends, and whose line is left.
struct Descent {
    /// The revision that stays; `None` is base.
    to: Option<usize>,
    branch: Option<usize>,
}

impl Graph {
    /// Plans the way up from a database's rows: everything that the target needs and that is not applied.
    pub fn up(&self, rows: &[String], target: &Target) -> Result<Vec<Step>, PlanError> {
        let rows = self.rows(rows)?;
        let targets: BTreeSet<usize> = self.up_targets(&rows, target)?.into_iter().collect();
        self.refuse_overlap(&rows)?;
        let applied = self.below(rows.iter().copied(), Follow::Everything);
        let wanted = &self.below(targets.iter().copied(), Follow::Everything) - &applied;
        let mut order = self.downwards(&wanted, &targets);
        order.reverse();
        Ok(self.steps(rows, order, Way::Up))
    }

    /// Plans the way down from a database's rows: everything applied that stands above the target.
    pub fn down(&self, rows: &[String], target: &Target) -> Result<Vec<Step>, PlanError> {
        let rows = self.rows(rows)?;
        let descent = self.descent(&rows, target)?;
        let first = self.first_to_go(&descent, target)?;
        let applied = self.below(rows.iter().copied(), Follow::Everything);
        let going = &self.above(first, Follow::Everything) & &applied;
        if let Some(to) = descent.to
            && going.is_empty()
            && !rows.contains(&to)
        {
            let (id, rows) = (self.id(to), self.owned(rows));
            let needed = applied.contains(&to);
            return Err(if needed { PlanError::NothingAbove { id, rows } } else { PlanError::NotApplied { id, rows } });
        }
        let order = self.downwards(&going, &rows);
        Ok(self.steps(rows, order, Way::Down))
    }

    fn up_targets(&self, rows: &BTreeSet<usize>, target: &Target) -> Result<Vec<usize>, PlanError> {
        if target.point == Point::Due {
            return Ok(self.due(rows).into_iter().collect());
        }
        let Some(steps) = target.steps else {
            let found = self.all_named(target)?;
            self.refuse_included(&target.to_string(), &found.iter().copied().collect())?;
            return Ok(found);
        };
        let wrong_way = || PlanError::WrongWay { target: target.to_string(), way: Way::Up };
        let walk = Walk::of(target);
        let line = self.line_of(target)?;
        let found = match &target.point {
            Point::Here if steps <= 0 => return Err(wrong_way()),
            Point::Here => self.walk_up(&walk, self.start_up(rows, target, line.as_ref())?, line.as_ref())?,
            _ if steps > 0 => {
                let anywhere = Target { branch: None, ..target.clone() };
                self.walk_up(&walk, self.one_named(&anywhere)?, line.as_ref())?
            }
            _ => self.walk_down(&walk, self.one_named(target)?)?,
        };
        found.map(|at| vec![at]).ok_or_else(wrong_way)
    }

    /// Where `+N` begins: at the one row, at what is applied of the branch, or at base.
    fn start_up(
        &self,
        rows: &BTreeSet<usize>,
        target: &Target,
        line: Option<&BTreeSet<usize>>,
    ) -> Result<Option<usize>, PlanError> {
        let starts = match line {
            None => rows.clone(),
            Some(line) => {
                let on_line = rows & line;
                let applied = self.below(rows.iter().copied(), Follow::Everything);
                if on_line.is_empty() { self.uppermost(&(&applied & line)) } else { on_line }
            }
        };
        if starts.len() > 1 {
            return Err(PlanError::SeveralRows { target: target.to_string(), rows: self.owned(starts) });
        }
        Ok(starts.first().copied())
    }

    /// Those of a set that are no parent of another of it.
    fn uppermost(&self, set: &BTreeSet<usize>) -> BTreeSet<usize> {
        let parents = set.iter().flat_map(|&at| self.revisions[at].parents.iter().copied()).collect();
        set - &parents
    }

    fn refuse_overlap(&self, rows: &BTreeSet<usize>) -> Result<(), PlanError> {
        let tips = self.tips(rows, Follow::Everything);
        let Some(&row) = rows.difference(&tips).next() else { return Ok(()) };
        let over = self.above([row], Follow::Everything);
        let above = tips.intersection(&over).next().copied().unwrap_or(row);
        Err(PlanError::OverlappingRows { row: self.id(row), above: self.id(above) })
    }

    fn descent(&self, rows: &BTreeSet<usize>, target: &Target) -> Result<Descent, PlanError> {
        let branch = self.branch_of(target)?;
        let anywhere = Target { branch: None, ..target.clone() };
        let walk = Walk::of(target);
        match (&target.point, target.steps) {
            (_, None) => Ok(Descent { to: self.one_named(&anywhere)?, branch }),
            (Point::Here, Some(steps)) if steps >= 0 => {
                Err(PlanError::WrongWay { target: target.to_string(), way: Way::Down })
            }
            (Point::Here, Some(_)) => {
                let from = self.start_down(rows, target)?;
                Ok(Descent { to: self.walk_down(&walk, Some(from))?, branch: Some(branch.unwrap_or(from)) })
            }
            (_, Some(steps)) if steps >= 0 => {
                let start = self.one_named(&anywhere)?;
                let found = self.walk_up(&walk, start, self.line_of(target)?.as_ref())?;
                let to = found.ok_or_else(|| PlanError::WrongWay { target: target.to_string(), way: Way::Down })?;
                Ok(Descent { to: Some(to), branch })
            }
            (_, Some(_)) => Ok(Descent { to: self.walk_down(&walk, self.one_named(target)?)?, branch }),
        }
    }

    /// Where `-N` begins: at the one row, or at the one tip of the branch that is applied.
    ///
    /// Alembic takes whichever of several rows the database happens to return first, and warns. A tool that reverts
    /// the wrong branch loses data, so here several rows are refused.
    fn start_down(&self, rows: &BTreeSet<usize>, target: &Target) -> Result<usize, PlanError> {
        let mut starts = rows.clone();
        if let Some(line) = self.line_of(target)? {
            starts = rows & &line;
            if starts.is_empty() {
                let applied = self.below(rows.iter().copied(), Follow::Everything);
                starts = &self.tips(&applied, Follow::Branch) & &line;
            }
        }
        let mut starts = starts.into_iter();
        match (starts.next(), starts.next(), &target.branch) {
            (Some(start), None, _) => Ok(start),
            (Some(first), Some(second), _) => Err(PlanError::SeveralRows {
                target: target.to_string(),
                rows: self.owned([first, second].into_iter().chain(starts)),
            }),
            (None, _, Some(branch)) => {
                Err(PlanError::NothingOnBranch { target: target.to_string(), branch: branch.clone() })
            }
            (None, _, None) => Err(PlanError::AtBase),
        }
    }

    /// The lowest revisions that go: what was written upon the one that stays. Of several, those on the branch.
    fn first_to_go(&self, descent: &Descent, target: &Target) -> Result<BTreeSet<usize>, PlanError> {
        let ways: BTreeSet<usize> = match descent.to {
            None => self.base_positions().collect(),
            Some(to) => self.revisions[to].children.iter().copied().collect(),
        };
        let Some(branch) = descent.branch.filter(|_| ways.len() > 1) else { return Ok(ways) };
        let on_branch = &ways & &self.below([branch], Follow::Branch);
        if on_branch.is_empty() {
            return Err(PlanError::NoWayToBranch {
                to: descent.to.map_or_else(|| "base".to_owned(), |to| format!("`{}`", self.id(to))),
                branch: target.branch.clone().unwrap_or_else(|| self.id(branch)),
                candidates: self.owned(ways),
            });
        }
        Ok(on_branch)
    }

    fn steps(&self, mut rows: BTreeSet<usize>, order: Vec<usize>, way: Way) -> Vec<Step> {
        let step = |at| Step { id: self.id(at), way, version: self.take(&mut rows, at, way) };
        order.into_iter().map(step).collect()
    }
}
