//! Where a database stands, and what makes it so: by our own records or by another tool's, which are only read.

use std::collections::BTreeSet;

use super::adopt::{Adoption, choose};
use super::graph::Follow;
use super::outcome::{ForeignHistory, State};
use super::replay::Scripts;
use super::session::Session;
use super::standing::Interrupted;
use super::{MigrateError, Migrator};
use crate::database::{Database, DatabaseError, Location};

/// Where a database stands.
pub(crate) struct Whereabouts {
    /// The database, open to be read.
    pub(crate) database: Database,
    /// Whether there are records at all, ours or another tool's.
    pub(crate) known: bool,
    /// The heads; none is base.
    pub(crate) heads: Vec<String>,
    /// Revisions of the folder that were not applied.
    pub(crate) pending: Vec<String>,
    /// What is wrong between folder and records, each as a sentence.
    pub(crate) problems: Vec<String>,
    /// Whose records tell it, where they are not ours.
    pub(crate) from: Option<ForeignHistory>,
    /// What a person should know.
    pub(crate) notices: Vec<String>,
    /// The ways up of what was applied.
    pub(crate) scripts: Scripts,
}

impl Migrator {
    /// Looks where a database stands; creates and changes nothing, and takes no lock.
    ///
    /// Fails when it was migrated by files that the folder lacks, when a run was interrupted, or when another tool's history
    /// does not mean this folder.
    pub(crate) async fn whereabouts(&self, location: &Location) -> Result<Whereabouts, MigrateError> {
        let mut session = Session::look(self, location).await?;
        let Some(database) = session.database.take() else {
            return Err(DatabaseError::Absent { location: location.to_string() }.into());
        };
        let Position { applied, heads, problems, from } = self.position(&session)?;
        let ids: BTreeSet<&str> = applied.iter().map(String::as_str).collect();
        let scripts = self.scripts(&session.reader(), session.engine, &ids)?;
        let pending = self.graph.pending(&[])?.into_iter().filter(|id| !ids.contains(id));
        let left_out = self.graph.left_out(&ids);
        let pending = pending.filter(|id| !left_out.contains(id)).map(str::to_owned).collect();
        let known = session.known || from.is_some();
        let mut notices = std::mem::take(&mut session.notices);
        notices.extend(self.told_left_out(&ids));
        Ok(Whereabouts { database, known, heads, pending, problems, from, notices, scripts })
    }

    fn position(&self, session: &Session<'_>) -> Result<Position, MigrateError> {
        if session.known {
            return recorded(session);
        }
        match session.found.iter().any(|found| found.near && !found.entries.is_empty()) {
            true => self.adoptable(session),
            false => Ok(Position::default()),
        }
    }

    /// Where another tool's history says that the database is.
    fn adoptable(&self, session: &Session<'_>) -> Result<Position, MigrateError> {
        let found = choose(self, session, &Adoption::default())?;
        let refuse = |why| MigrateError::Adopt { tool: found.shape.tool, table: found.table.clone(), why };
        let meaning = self.meaning(found, None, session.engine).map_err(refuse)?;
        let heads = self.last_of(&meaning);
        let below = self.graph.ancestors(heads.iter().copied(), Follow::Everything);
        let applied = below.into_iter().chain(meaning.told()).map(str::to_owned).collect();
        let (tool, table) = (found.shape.tool, found.table.clone());
        Ok(Position {
            applied,
            heads: heads.into_iter().map(str::to_owned).collect(),
            problems: Vec::new(),
            from: Some(ForeignHistory { tool, table, rows: found.entries.len(), at: found.at() }),
        })
    }
}

/// Says that a run stopped in the middle: no script makes what is there now, so there is nothing to compare it with.
fn interrupted(id: &str, broken: &Interrupted, location: &str) -> String {
    let Interrupted { way, done, .. } = broken;
    format!(
        "{location} is in the middle of {id}, which was interrupted on its way {way} after {done} of its statements; \
         `strait migrate {way}` goes on with it, and `strait migrate repair` says what else can be done; compare then"
    )
}

/// What records tell.
#[derive(Default)]
struct Position {
    applied: BTreeSet<String>,
    heads: Vec<String>,
    problems: Vec<String>,
    from: Option<ForeignHistory>,
}

fn recorded(session: &Session<'_>) -> Result<Position, MigrateError> {
    let strange: Vec<&str> = session.standing.in_state(State::Unknown).map(|one| one.revision.as_str()).collect();
    if !strange.is_empty() {
        return Err(MigrateError::Usage(format!(
            "{} is at revisions of which {} has no file: {}; bring the files back, or say what the database should be with \
             --schema FILE",
            session.location,
            session.migrator.folder.shown(),
            strange.join(", ")
        )));
    }
    if let Some(below) = session.below_a_squash().next() {
        return Err(MigrateError::Usage(format!("{below}, or say what the database should be with --schema FILE")));
    }
    if let Some((id, broken)) = session.standing.interrupted.first_key_value() {
        return Err(MigrateError::Usage(interrupted(id, broken, &session.location)));
    }
    let states = [State::Applied, State::Edited];
    let revisions = session.standing.revisions.iter().filter(|one| states.contains(&one.state));
    Ok(Position {
        applied: revisions.map(|one| one.revision.clone()).collect(),
        heads: session.standing.current.clone(),
        problems: session.problems(),
        from: None,
    })
}
