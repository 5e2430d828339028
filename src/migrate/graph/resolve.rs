//! What the words of a target name.

use std::collections::BTreeSet;

use super::nearest::nearest;
use super::{Follow, Graph, PlanError, Point, Target};

/// A name shorter than this is only found whole.
/// Source: Alembic 1.20, which leaves such ids and labels out when it looks for a beginning.
const SHORTEST_WITH_PREFIX: usize = 4;

impl Graph {
    /// The full id of a revision, found by its id, the beginning of one, or a branch label.
    pub fn resolve(&self, name: &str) -> Result<&str, PlanError> {
        self.named(name, None).map(|at| self.revisions[at].id.as_str())
    }

    /// Every revision that a target without steps names, by full id; `base` names none.
    pub fn find(&self, target: &Target) -> Result<Vec<&str>, PlanError> {
        target.refuse_steps("a look-up")?;
        self.all_named(target).map(|found| self.names(found))
    }

    /// The positions of a database's rows.
    pub(super) fn rows(&self, rows: &[String]) -> Result<BTreeSet<usize>, PlanError> {
        let unknown = |row: &String| PlanError::UnknownRow {
            row: row.clone(),
            nearest: nearest(row, self.positions.keys().map(String::as_str)),
        };
        rows.iter().map(|row| self.positions.get(row).copied().ok_or_else(|| unknown(row))).collect()
    }

    /// The revision that bears a branch label, or any revision whose line is meant.
    pub(super) fn branch(&self, name: &str) -> Result<usize, PlanError> {
        self.named(name, None)
    }

    pub(super) fn branch_of(&self, target: &Target) -> Result<Option<usize>, PlanError> {
        target.branch.as_deref().map(|name| self.branch(name)).transpose()
    }

    /// All that lies on the line of a target's branch.
    pub(super) fn line_of(&self, target: &Target) -> Result<Option<BTreeSet<usize>>, PlanError> {
        Ok(self.branch_of(target)?.map(|at| self.lineage(at, Follow::Branch)))
    }

    /// A revision by name; with a branch, it has to be on it.
    pub(super) fn named(&self, name: &str, branch: Option<&str>) -> Result<usize, PlanError> {
        let line = branch.map(|name| self.branch(name)).transpose()?.map(|at| self.lineage(at, Follow::Branch));
        let on_line = |at: &usize| line.as_ref().is_none_or(|line| line.contains(at));
        let exact = self.positions.get(name).or_else(|| self.branches.get(name)).copied();
        if let Some(at) = exact {
            let stray = || PlanError::NotOnBranch { id: self.id(at), branch: branch.unwrap_or_default().to_owned() };
            return if on_line(&at) { Ok(at) } else { Err(stray()) };
        }
        let begins = |known: &str| known.chars().count() >= SHORTEST_WITH_PREFIX && known.starts_with(name);
        let ids = self.revisions.iter().enumerate().map(|(at, revision)| (revision.id.as_str(), at));
        let labels = self.branches.iter().map(|(label, &at)| (label.as_str(), at));
        let found: Vec<(&str, usize)> = ids.chain(labels).filter(|(known, at)| begins(known) && on_line(at)).collect();
        match found[..] {
            [(_, at)] => Ok(at),
            [] => Err(self.unknown(name)),
            _ => Err(PlanError::AmbiguousName {
                name: name.to_owned(),
                candidates: found.iter().map(|(known, _)| (*known).to_owned()).collect(),
            }),
        }
    }

    fn unknown(&self, name: &str) -> PlanError {
        let known = self.positions.keys().chain(self.branches.keys());
        PlanError::Unknown { name: name.to_owned(), nearest: nearest(name, known.map(String::as_str)) }
    }

    /// Every revision that a target without steps names; `base` is none.
    pub(super) fn all_named(&self, target: &Target) -> Result<Vec<usize>, PlanError> {
        let line = self.line_of(target)?;
        let on_line = |at: &usize| line.as_ref().is_none_or(|line| line.contains(at));
        match &target.point {
            Point::Base | Point::Here => Ok(Vec::new()),
            Point::Revision(name) => Ok(vec![self.named(name, target.branch.as_deref())?]),
            Point::Heads if line.is_none() => Ok(self.free_heads().collect()),
            Point::Heads => Ok(self.head_positions().filter(on_line).collect()),
            Point::Due => Ok(self.due(&BTreeSet::new()).into_iter().collect()),
            Point::Head if line.is_none() && self.required_head_positions().count() == 1 => {
                Ok(self.required_head_positions().collect())
            }
            Point::Head => {
                let heads = self.head_positions().filter(on_line).collect();
                self.at_most_one(target, heads).map(Vec::from_iter)
            }
        }
    }

    /// The one revision that a target's point names, steps aside; `None` is base.
    pub(super) fn one_named(&self, target: &Target) -> Result<Option<usize>, PlanError> {
        self.at_most_one(target, self.all_named(target)?)
    }

    /// Refuses revisions of which one includes another, as heads of a branch can by depending on each other.
    pub(super) fn refuse_included(&self, typed: &str, named: &BTreeSet<usize>) -> Result<(), PlanError> {
        let tips = self.tips(named, Follow::Everything);
        let Some(&included) = named.difference(&tips).next() else { return Ok(()) };
        let over = &self.above([included], Follow::Everything) & &tips;
        let (id, by) = (self.id(included), self.owned(over));
        Err(PlanError::Included { target: typed.to_owned(), id, by })
    }

    fn at_most_one(&self, target: &Target, found: Vec<usize>) -> Result<Option<usize>, PlanError> {
        match found[..] {
            [] => Ok(None),
            [at] => Ok(Some(at)),
            _ => Err(PlanError::SeveralHeads { target: target.to_string(), heads: self.owned(found) }),
        }
    }
}
