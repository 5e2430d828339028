//! How a database stands to its folder: each revision's state, from what is on disk and what the database remembers.

use std::collections::{BTreeMap, BTreeSet};

use super::folder::Revision;
use super::graph::Way;
use super::outcome::{RevisionStatus, State};
use super::state::{Outcome, Record, Recorded};
use super::{MigrateError, Migrator};
use crate::schema::Engine;

/// How many ids a message lists.
const NAMES_SHOWN: usize = 6;

/// What a database remembers.
#[derive(Clone, Debug, Default)]
pub struct Memory {
    /// The rows of the version table.
    pub versions: Vec<String>,
    /// The rows of the history, oldest first.
    pub history: Vec<Record>,
}

/// What the history says of one revision in the end.
#[derive(Clone, Debug)]
struct Last<'m> {
    /// The record that has its checksum.
    applied: Option<&'m Record>,
    /// When it was applied: a record that was set right later does not change that.
    applied_at: Option<&'m str>,
    interrupted: Option<Interrupted>,
}

/// A run that began and did not end.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Interrupted {
    /// The direction.
    pub way: Way,
    /// How many statements are known to have run.
    pub done: usize,
    /// Whether one more was begun of which it is not known whether it ran.
    pub in_doubt: bool,
    /// What is remembered of the texts that have run or begun: by a statement's number, the hash of all up to it.
    pub hashes: BTreeMap<usize, String>,
}

impl Interrupted {
    fn remember(&mut self, record: &Record) {
        self.hashes.extend(record.statement.zip(record.text_hash().map(str::to_owned)));
    }
}

/// How a database stands to a folder.
#[derive(Clone, Debug)]
pub struct Standing {
    /// Every revision of the folder in the graph's order, then those that only the database knows.
    pub revisions: Vec<RevisionStatus>,
    /// The version rows that the folder knows.
    pub current: Vec<String>,
    /// Interrupted runs by revision.
    pub interrupted: BTreeMap<String, Interrupted>,
}

impl Standing {
    /// Compares a folder with what a database remembers.
    pub fn of(migrator: &Migrator, memory: &Memory, engine: Engine) -> Result<Self, MigrateError> {
        let graph = &migrator.graph;
        let last = last_records(&memory.history);
        let known: Vec<String> = memory.versions.iter().filter(|id| graph.contains(id)).cloned().collect();
        let mut applied: BTreeSet<&str> = graph.applied(&known)?.into_iter().collect();
        if known.len() < memory.versions.len() {
            // What lies below a row without a file is known from the history alone.
            applied.extend(last.iter().filter(|(_, last)| last.applied.is_some()).map(|(id, _)| *id));
        }
        let left_out = graph.left_out(&applied);
        let heads: BTreeSet<&str> = graph.heads().into_iter().collect();
        let mut interrupted = BTreeMap::new();
        let mut revisions = Vec::new();
        let in_line = graph.pending(&[])?.into_iter();
        let beside = migrator.folder.revisions.iter().map(|revision| revision.id.as_str());
        for id in in_line.chain(beside.filter(|id| !graph.contains(id))) {
            let revision = migrator.revision(id)?;
            let record = last.get(id);
            let state = if let Some(broken) = record.and_then(|last| last.interrupted.clone()) {
                interrupted.insert(id.to_owned(), broken);
                State::Interrupted
            } else if applied.contains(id) {
                state_of_applied(revision, record.and_then(|last| last.applied), engine)
            } else if let Some(applied) = record.and_then(|last| last.applied).filter(|_| !graph.contains(id)) {
                state_of_applied(revision, Some(applied), engine)
            } else if left_out.contains(id) {
                State::LeftOut
            } else {
                State::Pending
            };
            revisions.push(RevisionStatus {
                file: Some(file_name(revision, engine)),
                state,
                applied_at: record
                    .filter(|_| !matches!(state, State::Pending | State::LeftOut))
                    .and_then(|last| last.applied_at.map(str::to_owned)),
                current: memory.versions.iter().any(|row| row == id),
                head: heads.contains(id),
                branches: revision.branches.clone(),
                revision: id.to_owned(),
            });
        }
        for (id, last) in last.iter().filter(|(id, _)| migrator.folder.revision(id).is_none()) {
            interrupted.extend(last.interrupted.clone().map(|broken| ((*id).to_owned(), broken)));
        }
        revisions.extend(unknown(migrator, memory, &last));
        Ok(Self { revisions, current: known, interrupted })
    }

    /// The revisions in a state.
    pub fn in_state(&self, state: State) -> impl Iterator<Item = &RevisionStatus> {
        self.revisions.iter().filter(move |revision| revision.state == state)
    }

    /// What keeps `up` and `down` from running, each as a sentence that says what to do.
    pub fn problems(&self) -> Vec<String> {
        let mut problems = Vec::new();
        for revision in &self.revisions {
            let id = &revision.revision;
            let file = revision.file.as_deref().unwrap_or(id);
            let since = revision.applied_at.as_deref().unwrap_or("a time that was not recorded");
            match revision.state {
                State::Edited => problems.push(format!(
                    "{file} is not the text that was applied at {since}: put the old text back and write the change \
                     as a new revision, or, if the database is right as it is, accept the new text with `strait \
                     migrate repair`"
                )),
                State::Late => problems.push(format!(
                    "{file} was never run, and a later revision is applied: give it a number after the last one, \
                     or, if its changes are there already, record it with `strait migrate repair`"
                )),
                State::Interrupted if revision.file.is_none() => problems.push(format!(
                    "{id} was interrupted, and no file of the folder has that id: bring the file back and run the \
                     interrupted command again, or undo by hand what has run and say so with `strait migrate repair`"
                )),
                State::Applied | State::Pending | State::LeftOut | State::Interrupted | State::Unknown => {}
            }
        }
        let unknown: Vec<&str> = self.in_state(State::Unknown).map(|one| one.revision.as_str()).collect();
        problems.extend((!unknown.is_empty()).then(|| without_files(&unknown)));
        problems
    }
}

/// What is wrong when the database has revisions that the folder lacks, and what to do.
fn without_files(ids: &[&str]) -> String {
    let more = ids.len().saturating_sub(NAMES_SHOWN);
    let shown = ids.iter().take(NAMES_SHOWN).copied().collect::<Vec<_>>().join(", ");
    let (word, of_them) =
        if ids.len() == 1 { ("revision", "has that id") } else { ("revisions", "has one of these ids") };
    let shown = if more == 0 { shown } else { format!("{shown} and {more} more") };
    format!(
        "the database has {word} {shown}, and no file of the folder {of_them}: if it belongs to another folder or system, \
         name that one with --dir or --system (a database keeps the revisions of one alone: a second system needs a \
         file of its own on SQLite, a database of its own on PostgreSQL); if a file is missing, bring the file back (another \
         branch?); only when nothing of it is wanted any more, forget it with `strait migrate stamp --purge` and the \
         revision that the database is really at"
    )
}

fn state_of_applied(revision: &Revision, record: Option<&Record>, engine: Engine) -> State {
    match record {
        // A later revision has overtaken it.
        None => State::Late,
        Some(Record { checksum: Some(checksum), .. }) if !is_known_by(revision, checksum, engine) => State::Edited,
        Some(_) => State::Applied,
    }
}

/// Whether a checksum is that of the file as it is, or of one whose place it took.
fn is_known_by(revision: &Revision, checksum: &str, engine: Engine) -> bool {
    let took_its_place = revision.replaces.iter().any(|one| one.id == revision.id && one.checksum == checksum);
    took_its_place || revision.recognises(engine, checksum)
}

/// The name of the file that takes a database of an engine up; of the first one where none does.
pub(super) fn file_name(revision: &Revision, engine: Engine) -> String {
    let path = revision.up.for_engine(engine).map_or(revision.path(), |(script, _)| script.path.as_path());
    path.file_name().map_or_else(|| revision.id.clone(), |name| name.to_string_lossy().into_owned())
}

/// What was applied or interrupted and has no file: a version row, or a record that was never taken back.
fn unknown(migrator: &Migrator, memory: &Memory, last: &BTreeMap<&str, Last<'_>>) -> Vec<RevisionStatus> {
    let recorded = last.iter().filter(|(_, last)| last.applied.is_some()).map(|(id, _)| (*id).to_owned());
    let ids: BTreeSet<String> = memory.versions.iter().cloned().chain(recorded).collect();
    let broken: BTreeSet<&str> =
        last.iter().filter(|(_, last)| last.interrupted.is_some()).map(|(id, _)| *id).collect();
    let ids: BTreeSet<String> = ids
        .into_iter()
        .filter(|id| migrator.replaced_by(id).is_none())
        .chain(broken.iter().map(|id| (*id).to_owned()))
        .filter(|id| migrator.folder.revision(id).is_none())
        .collect();
    let status = |id: String| RevisionStatus {
        file: None,
        state: if broken.contains(id.as_str()) { State::Interrupted } else { State::Unknown },
        applied_at: last.get(id.as_str()).and_then(|last| last.applied_at.map(str::to_owned)),
        current: memory.versions.contains(&id),
        head: false,
        branches: Vec::new(),
        revision: id,
    };
    ids.into_iter().map(status).collect()
}

fn last_records(history: &[Record]) -> BTreeMap<&str, Last<'_>> {
    let mut last: BTreeMap<&str, Last<'_>> = BTreeMap::new();
    for record in history {
        let entry = last.entry(&record.revision).or_insert(Last { applied: None, applied_at: None, interrupted: None });
        let way = if record.way == Recorded::Down { Way::Down } else { Way::Up };
        match record.outcome {
            Outcome::Done => {
                entry.interrupted = None;
                (entry.applied, entry.applied_at) = match (record.way, entry.applied_at) {
                    (Recorded::Down | Recorded::Unstamp, _) => (None, None),
                    (Recorded::Repair | Recorded::Squash, Some(before)) => (Some(record), Some(before)),
                    _ => (Some(record), Some(record.finished_at.as_str())),
                };
            }
            Outcome::Started => {
                entry.interrupted = Some(Interrupted { way, done: 0, in_doubt: false, hashes: BTreeMap::new() });
            }
            Outcome::Begun => {
                if let Some(broken) = &mut entry.interrupted {
                    broken.in_doubt = true;
                    broken.remember(record);
                }
            }
            Outcome::Statement => {
                if let Some(broken) = &mut entry.interrupted {
                    (broken.in_doubt, broken.done) = (false, record.statement.unwrap_or(broken.done));
                    let done = broken.done;
                    broken.hashes.retain(|statement, _| *statement <= done);
                    broken.remember(record);
                }
            }
        }
    }
    last
}
