//! What a look at a database tells: how it stands to the folder.

use super::outcome::{ForeignHistory, State, Status};
use super::session::Session;

impl Session<'_> {
    /// Says which optional branches were not taken.
    fn left_out(&self) -> Vec<String> {
        let applied =
            self.standing.revisions.iter().filter(|one| !matches!(one.state, State::Pending | State::LeftOut));
        self.migrator.told_left_out(&applied.map(|one| one.revision.as_str()).collect())
    }

    /// Says how the database stands to the folder.
    pub(super) fn status(&self) -> Status {
        let found = self.found.iter();
        let foreign = found.map(|found| ForeignHistory {
            tool: found.shape.tool,
            table: found.table.clone(),
            rows: found.entries.len(),
            at: found.at(),
        });
        let mut problems = self.problems();
        problems.extend(self.standing.in_state(State::Interrupted).filter(|one| one.file.is_some()).map(|revision| {
            format!("{} was interrupted: run the same command again to go on with it", revision.revision)
        }));
        if self.known
            && let Err(error) = self.books(&self.rows())
        {
            problems.push(error.to_string());
        }
        Status {
            database: self.location.clone(),
            engine: self.engine,
            exists: self.database.is_some(),
            known: self.known,
            folder: self.migrator.folder.shown(),
            heads: self.migrator.graph.heads().into_iter().map(str::to_owned).collect(),
            current: self.memory.versions.clone(),
            revisions: self.standing.revisions.clone(),
            foreign: foreign.collect(),
            problems,
            notices: self.left_out(),
        }
    }
}
