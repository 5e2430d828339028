//! Takes over the history that another tool has kept: its rows are matched with our revisions.

use std::collections::{BTreeMap, BTreeSet};

use super::Migrator;
use super::bookkeeping::{Entry, Found};
use super::error::MigrateError;
use super::folder::Revision;
use super::graph::{Follow, Target};
use super::matching::meant;
use super::outcome::{ForeignHistory, StampOutcome};
use super::record::Recording;
use super::session::Session;
use super::standing::file_name;
use super::state::Recorded;
use crate::database::Location;
use crate::event::Observer;
use crate::schema::Engine;

/// How many names a message lists.
const NAMES_SHOWN: usize = 10;

/// How a history is taken over.
#[derive(Clone, Debug, Default)]
pub struct Adoption {
    /// The table, where there are several.
    pub table: Option<String>,
    /// Whose rows are meant, where the table serves several applications.
    pub app: Option<String>,
    /// The revisions that the database is at, where the table does not tell.
    pub at: Vec<String>,
}

/// What a history means for a folder.
#[derive(Debug, Default)]
pub(super) struct Meaning<'m> {
    /// The revisions of which it tells, or on which it stands where it tells of these alone.
    told: BTreeMap<&'m str, &'m Revision>,
    /// How many rows are of other applications.
    others: usize,
}

impl<'m> Meaning<'m> {
    /// The revisions of which it tells.
    pub(super) fn told(&self) -> impl Iterator<Item = &'m str> {
        self.told.keys().copied()
    }
}

impl Migrator {
    /// Takes over another tool's history; the revisions that it tells of are recorded as applied.
    ///
    /// Fails when the database has no such table, when there are several and none is named, when the table tells of a
    /// revision that the folder lacks, or leaves a gap ([`MigrateError::Adopt`], with what to do).
    pub async fn adopt(
        &self,
        location: &Location,
        adoption: &Adoption,
        observer: &dyn Observer,
    ) -> Result<StampOutcome, MigrateError> {
        let mut session = Session::open_existing(self, location, "migrate adopt", observer).await?;
        let outcome = self.adopt_in(&mut session, adoption).await;
        session.close().await;
        outcome
    }

    async fn adopt_in<'m>(
        &'m self,
        session: &mut Session<'m>,
        adoption: &Adoption,
    ) -> Result<StampOutcome, MigrateError> {
        let found = choose(self, session, adoption)?.clone();
        let refuse = |why| MigrateError::Adopt { tool: found.shape.tool, table: found.table.clone(), why };
        if found.broken > 0 {
            return Err(refuse(format!(
                "{} of its rows tell of a run that did not end well; finish or undo that with {} first",
                found.broken, found.shape.tool
            )));
        }
        let meaning = match adoption.at.as_slice() {
            [] => self.meaning(&found, adoption.app.as_deref(), session.engine).map_err(refuse)?,
            _ => Meaning::default(),
        };
        let targets: Vec<Target> = match adoption.at.as_slice() {
            [] if self.last_of(&meaning).is_empty() => vec!["base".parse()?],
            [] => self.last_of(&meaning).into_iter().map(Target::revision).collect(),
            at => at.iter().map(|id| id.parse()).collect::<Result<_, _>>()?,
        };
        let change = self.graph.stamp_purged(&session.memory.versions, &targets)?;
        let beside = meaning.told.values().copied().filter(|one| !self.graph.contains(&one.id)).collect();
        let mut outcome =
            session.record(Recording { change, way: Recorded::Adopt, beside, forget_unknown: true }).await?;
        let left = session.found.iter().filter(|other| other.table != found.table);
        let left = left.map(|other| format!("table {} of {} was not taken over", other.table, other.shape.tool));
        outcome.notices.splice(0..0, left);
        if meaning.others > 0 {
            let (others, table) = (meaning.others, &found.table);
            outcome.notices.push(match others {
                1 => format!("1 row of {table} is of another application, and was passed over"),
                _ => format!("{others} rows of {table} are of other applications, and were passed over"),
            });
        }
        let (tool, table) = (found.shape.tool, found.table.clone());
        let rows = found.entries.len() - meaning.others;
        outcome.from = Some(ForeignHistory { tool, table, rows, at: found.at() });
        Ok(outcome)
    }

    /// Of the revisions that a history tells of, those upon which no other of them was written.
    pub(super) fn last_of<'r>(&self, meaning: &Meaning<'r>) -> Vec<&'r str> {
        let told: Vec<&str> = meaning.told.keys().copied().filter(|id| self.graph.contains(id)).collect();
        let is_below =
            |id: &str, other: &str| id != other && self.graph.ancestors([other], Follow::Everything).contains(&id);
        told.iter().copied().filter(|id| !told.iter().any(|other| is_below(id, other))).collect()
    }

    /// The revisions of which a history tells; fails when it tells of others, or leaves a gap.
    pub(super) fn meaning(&self, found: &Found, app: Option<&str>, engine: Engine) -> Result<Meaning<'_>, String> {
        let revisions = &self.folder.revisions;
        let group = self.group(found, app)?;
        let is_meant = |entry: &&Entry| group.is_none() || entry.group.as_deref() == group;
        let (mut told, mut strange, mut edited) = (BTreeMap::new(), Vec::new(), Vec::new());
        for entry in found.entries.iter().filter(is_meant) {
            match meant(entry, revisions) {
                None if found.shape.row.own == Some(entry.id.as_str()) => {}
                None => strange.push(in_words(entry)),
                Some(revision) => {
                    if found.shape.tool == "refinery" && !has_checksum(revision, entry, engine) {
                        edited.push(file_name(revision, engine));
                    }
                    told.insert(revision.id.as_str(), revision);
                }
            }
        }
        if !strange.is_empty() {
            return Err(format!(
                "no file of {} stands for {}; add the files, or say where the database is with --at REV",
                self.folder.shown(),
                listed(&strange)
            ));
        }
        if !edited.is_empty() {
            return Err(format!(
                "the checksums that refinery recorded are not those of {}: the files were edited after they were \
                 applied; put the old text back, or, if the database is right as it is, say where it is with --at REV",
                listed(&edited)
            ));
        }
        if !found.shape.row.heads_only {
            self.refuse_gaps(&told.keys().map(|id| (*id).to_owned()).collect())?;
        }
        let others = found.entries.iter().filter(|entry| !is_meant(entry)).count();
        Ok(Meaning { told, others })
    }

    /// The application whose rows are meant, where a table serves several: the one that is named, or the only one that has a
    /// row for a revision of this folder. Every Django application begins with `0001_initial`.
    fn group<'f>(&self, found: &'f Found, app: Option<&'f str>) -> Result<Option<&'f str>, String> {
        if found.shape.row.group.is_none() || found.entries.is_empty() {
            return Ok(None);
        }
        let all: BTreeSet<&str> = found.entries.iter().filter_map(|entry| entry.group.as_deref()).collect();
        if let Some(app) = app {
            return match all.contains(app) {
                true => Ok(Some(app)),
                false => Err(format!("it has no row of {app}, but of {}", listed(&owned(all)))),
            };
        }
        let is_known = |entry: &&Entry| meant(entry, &self.folder.revisions).is_some();
        let known: BTreeSet<&str> =
            found.entries.iter().filter(is_known).filter_map(|entry| entry.group.as_deref()).collect();
        let known: BTreeSet<&str> = known.into_iter().filter(|app| !DJANGO_S_OWN.contains(app)).collect();
        let folder = self.folder.path.file_name().and_then(|name| name.to_str());
        match (known.len(), folder.and_then(|folder| known.get(folder).copied())) {
            (1, _) => Ok(known.into_iter().next()),
            (_, Some(app)) => Ok(Some(app)),
            (0, _) => Err(format!(
                "none of its rows means a file of {}; say where the database is with --at REV",
                self.folder.path.display()
            )),
            _ => {
                Err(format!("rows of {} could mean these files; say whose they are with --app", listed(&owned(known))))
            }
        }
    }

    /// A revision cannot be there without those that it was written upon.
    fn refuse_gaps(&self, ids: &BTreeSet<String>) -> Result<(), String> {
        for id in ids {
            let below = self.graph.ancestors([id.as_str()], Follow::Everything);
            let missing: Vec<String> =
                below.into_iter().filter(|below| !ids.contains(*below)).map(str::to_owned).collect();
            if !missing.is_empty() {
                return Err(format!(
                    "it tells of {id} and not of {}, which {id} was written upon; say where the database is with --at \
                     REV",
                    listed(&missing)
                ));
            }
        }
        Ok(())
    }
}

/// The applications that Django brings with it.
const DJANGO_S_OWN: [&str; 7] = ["admin", "auth", "contenttypes", "flatpages", "redirects", "sessions", "sites"];

/// The one history to take over: the one that is named, the only one, or the one whose rows all mean revisions of this
/// folder. Where an application has changed its tool, the later one's history includes the earlier one's.
pub(super) fn choose<'f>(
    migrator: &Migrator,
    session: &'f Session<'_>,
    adoption: &Adoption,
) -> Result<&'f Found, MigrateError> {
    let (location, table) = (&session.location, adoption.table.as_deref());
    let is_named = |found: &&Found| table.is_none_or(|table| found.is_called(table));
    let named: Vec<&Found> = session.found.iter().filter(is_named).collect();
    let told = |found: &'f Found| {
        let meaning = migrator.meaning(found, adoption.app.as_deref(), session.engine).ok()?;
        let ids: Vec<&str> = meaning.told.keys().copied().filter(|id| migrator.graph.contains(id)).collect();
        let applied: BTreeSet<&str> = migrator.graph.ancestors(ids, Follow::Everything).into_iter().collect();
        (!applied.is_empty()).then_some((found, applied))
    };
    let known: Vec<(&Found, BTreeSet<&str>)> = named.iter().copied().filter_map(told).collect();
    let later = known.iter().find(|(_, all)| known.iter().all(|(_, other)| other.is_subset(all)));
    match (named.as_slice(), later) {
        ([only], _) | (_, Some((only, _))) => Ok(only),
        ([], _) => Err(MigrateError::Usage(match table {
            Some(table) => {
                format!("table {table} of {location} is not there, or is no history of a tool that is known")
            }
            None => {
                format!("{location} holds no history of another tool; say where it is with `strait migrate stamp REV`")
            }
        })),
        (several, _) => {
            let rows = |found: &Found| if found.entries.is_empty() { ", no rows" } else { "" };
            let told = |found: &&Found| format!("{} ({}{})", found.table, found.shape.tool, rows(found));
            let tables: Vec<String> = several.iter().map(told).collect();
            Err(MigrateError::Usage(format!(
                "{location} holds several histories: {}; choose one with --table TABLE",
                tables.join(", ")
            )))
        }
    }
}

fn owned(names: BTreeSet<&str>) -> Vec<String> {
    names.into_iter().map(str::to_owned).collect()
}

fn has_checksum(revision: &Revision, entry: &Entry, engine: Engine) -> bool {
    let Some(checksum) = entry.checksum.as_deref().and_then(|text| text.parse::<u64>().ok()) else { return true };
    revision.refinery_checksums(engine).is_none_or(|known| known.recognise(checksum))
}

fn in_words(entry: &Entry) -> String {
    entry.name.as_ref().map_or_else(|| entry.id.clone(), |name| format!("{} ({name})", entry.id))
}

fn listed(names: &[String]) -> String {
    let more = names.len().saturating_sub(NAMES_SHOWN);
    let shown = names.iter().take(NAMES_SHOWN).cloned().collect::<Vec<_>>().join(", ");
    if more == 0 { shown } else { format!("{shown} and {more} more") }
}
