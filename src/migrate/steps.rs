//! Plans the steps of a command on the database that it has opened.

use std::collections::BTreeSet;

use super::MigrateError;
use super::folder::Revision;
use super::graph::{Follow, PlanError, Point, Step, Target, VersionChange, Way};
use super::outcome::{PlanOutcome, PlannedStep, RevisionStatus, State};
use super::program::Program;
use super::session::Session;

impl Session<'_> {
    /// Plans the way to a target.
    pub(super) fn plan(&self, way: Way, target: &Target) -> Result<Vec<Step>, MigrateError> {
        let rows = &self.memory.versions;
        let steps = match way {
            Way::Up => self.migrator.graph.up(rows, target)?,
            Way::Down => self.migrator.graph.down(rows, target)?,
        };
        Ok(self.with_unversioned(way, steps))
    }

    /// Adds the scripts that stand beside the line: each runs as soon as the revision before it is there, whatever came since,
    /// and is reverted before that revision is.
    pub(super) fn with_unversioned(&self, way: Way, steps: Vec<Step>) -> Vec<Step> {
        let wanted = if way == Way::Up { State::Pending } else { State::Applied };
        let beside =
            |status: &&RevisionStatus| status.state == wanted && !self.migrator.graph.contains(&status.revision);
        let step = |id: &str| Step { id: id.to_owned(), way, version: VersionChange::default() };
        let parents =
            |id: &str| self.migrator.folder.revision(id).map(|one| one.down_revisions.clone()).unwrap_or_default();
        let ids: Vec<&str> = self.standing.revisions.iter().filter(beside).map(|one| one.revision.as_str()).collect();
        let is_applied = |id: &String| self.standing.in_state(State::Applied).any(|one| one.revision == *id);
        let mut all = Vec::new();
        if way == Way::Up {
            all.extend(ids.iter().filter(|id| parents(id).iter().all(is_applied)).map(|id| step(id)));
        }
        for one in steps {
            let (id, mut now) = (one.id.clone(), vec![one]);
            let follow = ids.iter().filter(|beside| parents(beside).contains(&id)).map(|id| step(id));
            match way {
                Way::Up => now.extend(follow),
                Way::Down => drop(now.splice(0..0, follow.collect::<Vec<_>>())),
            }
            all.extend(now);
        }
        all
    }

    /// Plans to revert the last revision and to apply it again.
    pub(super) fn plan_redo(&self) -> Result<Vec<Step>, MigrateError> {
        let rows = &self.memory.versions;
        let mut steps = self.migrator.graph.down(rows, &"-1".parse()?).map_err(|error| match error {
            PlanError::SeveralRows { rows, .. } => MigrateError::Usage(format!(
                "redo takes the last revision back and applies it again, and the database is at several: {}; go down and \
                 up on one branch instead, as in `strait migrate down BRANCH@-1`",
                rows.join(", ")
            )),
            error => error.into(),
        })?;
        let mut after: BTreeSet<String> = rows.iter().cloned().collect();
        follow(&steps, &mut after)?;
        let after: Vec<String> = after.into_iter().collect();
        for id in steps.iter().rev().map(|step| step.id.clone()).collect::<Vec<_>>() {
            steps.extend(self.migrator.graph.up(&after, &Target::revision(&id))?);
        }
        Ok(steps)
    }

    /// An interrupted script must be gone on with before anything else.
    pub(super) fn refuse_interrupted(&self, steps: &[Step]) -> Result<(), MigrateError> {
        for (id, broken) in &self.standing.interrupted {
            if steps.iter().any(|step| step.id == *id && step.way == broken.way) {
                continue;
            }
            let way = broken.way;
            let hint = match way {
                // What is not recorded yet does not make a branch one that was taken.
                Way::Up if self.migrator.graph.is_optional(id) => {
                    format!("go on with it first: strait migrate up {id}")
                }
                Way::Up => "go on with it first: strait migrate up".into(),
                Way::Down => "go on with it first: strait migrate down".into(),
            };
            let (revision, way) = (id.clone(), if way == Way::Up { "up" } else { "down" });
            return Err(MigrateError::Interrupted { revision, way, done: broken.done, hint });
        }
        Ok(())
    }

    /// Says what the way to a target would be.
    pub(super) fn plan_outcome(&self, way: Way, target: &Target) -> Result<PlanOutcome, MigrateError> {
        let steps = self.plan(way, target)?;
        let mut after = self.rows();
        follow(&steps, &mut after)?;
        let is_all = way == Way::Up && target.point == Point::Due;
        let applied = self.migrator.graph.ancestors(after.iter().map(String::as_str), Follow::Everything);
        let notices = if is_all { self.migrator.told_left_out(&applied.into_iter().collect()) } else { Vec::new() };
        Ok(PlanOutcome {
            notices,
            database: self.location.clone(),
            engine: self.engine,
            before: self.rows().into_iter().collect(),
            after: after.into_iter().collect(),
            steps: steps.iter().map(|step| self.planned(step)).collect::<Result<_, _>>()?,
        })
    }

    fn planned(&self, step: &Step) -> Result<PlannedStep, MigrateError> {
        let revision = self.migrator.revision(&step.id)?;
        let (program, obstacle) = match self.reader().read(revision, step.way) {
            Ok(program) => (program, None),
            Err(error) => {
                let file = self.script_of(revision, step.way);
                (Program { file, ..Program::default() }, Some(error.to_string()))
            }
        };
        Ok(PlannedStep {
            revision: step.id.clone(),
            way: step.way,
            statements: program.statements.len(),
            destroys: program.losses().map(ToString::to_string).collect(),
            transaction: program.transaction,
            file: program.file,
            obstacle,
        })
    }
}

impl Session<'_> {
    /// The script of a step as it is named in messages, where there is one.
    fn script_of(&self, revision: &Revision, way: Way) -> Option<String> {
        let scripts = if way == Way::Up { &revision.up } else { &revision.down };
        scripts.for_engine(self.engine).map(|(script, _)| script.path.display().to_string())
    }
}

/// Does to a set of version rows what some steps do.
pub(super) fn follow(steps: &[Step], rows: &mut BTreeSet<String>) -> Result<(), MigrateError> {
    for step in steps {
        step.version.apply(rows).map_err(|row| MigrateError::Usage(format!("the version table lacks {row}")))?;
    }
    Ok(())
}
