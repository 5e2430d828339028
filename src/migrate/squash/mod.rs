//! Joins the first revisions of a folder into one, which takes the id of the last of them.
//!
//! A database that is at that revision or beyond it stays where it is: its record knows the old text by the checksum that
//! the new file carries. One that is before it has to be brought up with the old files first.

mod text;

use std::collections::BTreeSet;
use std::fs;
use std::io::{self, Write as _};
use std::path::{Path, PathBuf};

use serde::Serialize;

use super::evidence::{differences, made_on_sqlite};
use super::folder::{self, Revision};
use super::graph::{Follow, Way};
use super::prepare::{Dialect, Reader};
use super::{MigrateError, Migrator};
use crate::database::Database;
use crate::schema::Engine;
use text::{Texts, is_mixed};

/// What is told of the trial.
const ONE_ENGINE: &str = "the joined script was run on SQLite and makes what the revisions make one by one; for PostgreSQL it \
                          was only read: `strait migrate test` runs it there";
/// The name of the new file until the old ones are gone; hidden, so that the folder stays readable.
const UNFINISHED: &str = ".squash.tmp";

/// What was joined.
#[derive(Clone, Debug, Serialize)]
pub struct SquashOutcome {
    /// The new revision's id, which is that of the last one.
    pub revision: String,
    /// The revisions that were joined, in their order.
    pub joined: Vec<String>,
    /// The new files.
    pub made: Vec<PathBuf>,
    /// The files that are gone.
    pub removed: Vec<PathBuf>,
    /// The text of the new way up.
    pub text: String,
    /// What a person should know.
    pub notices: Vec<String>,
    /// Whether no file was changed, because only a rehearsal was asked for.
    pub dry_run: bool,
}

impl Migrator {
    /// Joins everything up to a revision; without one, up to the only head.
    ///
    /// The new file takes the place of the old ones, all or none. Fails when something outside was written upon a revision
    /// inside, when a script runs without a transaction, when ways down would be lost that somebody wrote
    /// ([`Options::lose_down`](super::Options)), or when the new file would not make the same structure.
    ///
    /// ```
    /// # use strait::migrate::Migrator;
    /// # #[tokio::main(flavor = "current_thread")]
    /// # async fn main() -> Result<(), Box<dyn std::error::Error>> {
    /// # let place = tempfile::tempdir()?;
    /// # std::fs::write(place.path().join("V0001__notes.sql"), "create table notes (id bigint primary key);")?;
    /// # std::fs::write(place.path().join("V0002__body.sql"), "alter table notes add column body text;")?;
    /// let outcome = Migrator::from_folder(place.path())?.squash(None).await?;
    /// assert_eq!((outcome.revision.as_str(), outcome.joined.len()), ("V0002__body", 2));
    /// assert_eq!(Migrator::from_folder(place.path())?.folder.revisions.len(), 1);
    /// # Ok(())
    /// # }
    /// ```
    pub async fn squash(&self, upto: Option<&str>) -> Result<SquashOutcome, MigrateError> {
        self.refuse_embedded()?;
        let last = self.last_to_squash(upto)?;
        let joined = self.to_squash(last)?;
        let files = Texts::of(self, last, &joined)?;
        let mut notices = self.refuse_lost_ways_down(&joined, &files)?;
        self.check(last, &joined, &files, &mut notices).await?;
        let removed =
            joined.iter().flat_map(|one| one.up.all().chain(one.down.all())).map(|script| script.path.clone());
        let outcome = SquashOutcome {
            revision: last.id.clone(),
            joined: joined.iter().map(|one| one.id.clone()).collect(),
            made: files.named(self, last).into_iter().map(|(path, _)| path).collect(),
            removed: removed.collect(),
            text: files.up.clone(),
            notices,
            dry_run: self.options.dry_run,
        };
        if !self.options.dry_run {
            let written = replace(&outcome.removed, &files.named(self, last));
            written.map_err(|error| MigrateError::Usage(format!("cannot write the new revision: {error}")))?;
        }
        Ok(outcome)
    }

    /// Ways down that somebody wrote are left behind only when that was said; tells what is left behind.
    fn refuse_lost_ways_down(&self, joined: &[&Revision], files: &Texts) -> Result<Vec<String>, MigrateError> {
        let Err(why) = &files.down else { return Ok(Vec::new()) };
        let written = joined.iter().flat_map(|one| one.down.all()).filter(|script| script.has_statement());
        let written: Vec<String> = written.map(|script| script.path.display().to_string()).collect();
        if written.is_empty() {
            return Ok(vec![format!("the joined revision cannot be taken back: {why}")]);
        }
        let lost = written.join(", ");
        if self.options.lose_down {
            return Ok(vec![format!("the joined revision cannot be taken back ({why}); left behind: {lost}")]);
        }
        Err(MigrateError::Usage(format!(
            "the joined revision could not be taken back ({why}), and these ways down would be lost: {lost}; join up to \
             an earlier revision, write the way down that is missing, or let them go with --lose-down"
        )))
    }

    fn last_to_squash(&self, upto: Option<&str>) -> Result<&Revision, MigrateError> {
        let heads = self.graph.required_heads();
        match (upto, heads.as_slice()) {
            (Some(id), _) => {
                let target = id.parse()?;
                let steps = self.graph.up(&[], &target)?;
                self.revision(steps.last().map_or(id, |step| &step.id))
            }
            (None, [only]) => self.revision(only),
            (None, []) => Err(MigrateError::Usage("there is no revision yet".into())),
            (None, _) => Err(MigrateError::Usage(format!(
                "there are several heads ({}); name the revision up to which is to be joined",
                heads.join(", ")
            ))),
        }
    }

    /// The revisions that are joined; nothing outside may hang on one of them but on the last.
    fn to_squash(&self, last: &Revision) -> Result<Vec<&Revision>, MigrateError> {
        let ids = self.graph.ancestors([last.id.as_str()], Follow::Everything);
        let inside: BTreeSet<&str> = ids.iter().copied().collect();
        let joined: Vec<&Revision> = ids.iter().map(|id| self.revision(id)).collect::<Result<_, _>>()?;
        for one in &self.folder.revisions {
            let below = one.down_revisions.iter().chain(&one.depends_on);
            let hangs = |id: &&String| **id != last.id && inside.contains(id.as_str());
            if let Some(id) = below.into_iter().find(hangs).filter(|_| !inside.contains(one.id.as_str())) {
                return Err(MigrateError::Usage(format!(
                    "{} was written upon {id}, which would be joined into {}; join up to an earlier revision, or merge \
                     the branches first",
                    one.id, last.id
                )));
            }
        }
        let scripts = |one: &&&Revision| one.up.all().chain(one.down.all()).any(|script| !script.transaction);
        if let Some(alone) = joined.iter().find(scripts) {
            return Err(MigrateError::Usage(format!(
                "{} runs without a transaction and cannot be joined with others; join up to the revision before it",
                alone.id
            )));
        }
        if let Some(mixed) = joined.iter().find(|one| is_mixed(&one.up) || is_mixed(&one.down)) {
            return Err(MigrateError::Usage(format!(
                "{} has a portable script and one of an engine's own, and a joined script cannot hold both; write the \
                 other engine's script beside it and remove the portable one, or join up to an earlier revision",
                mixed.id
            )));
        }
        if joined.len() < 2 {
            return Err(MigrateError::Usage(format!("there is nothing before {} to be joined with it", last.id)));
        }
        if self.dialect(Engine::Sqlite, &[])?.0 == Dialect::Native {
            return Err(MigrateError::Usage(
                "the scripts of this folder are in an engine's own SQL and do not say which; name them .sqlite.sql or \
                 .postgres.sql first"
                    .into(),
            ));
        }
        Ok(joined)
    }

    /// Makes sure that the new folder is in order, and makes what the old one makes.
    async fn check(
        &self,
        last: &Revision,
        joined: &[&Revision],
        files: &Texts,
        notices: &mut Vec<String>,
    ) -> Result<(), MigrateError> {
        let gone: BTreeSet<&str> = joined.iter().map(|one| one.id.as_str()).collect();
        let mut all: Vec<(String, String)> = Vec::new();
        for one in self.folder.revisions.iter().filter(|one| !gone.contains(one.id.as_str())) {
            for script in one.up.all().chain(one.down.all()) {
                all.push((script.path.display().to_string(), script.text.clone()));
            }
        }
        all.extend(files.named(self, last).into_iter().map(|(path, text)| (path.display().to_string(), text)));
        let all: Vec<(&str, &str)> = all.iter().map(|(path, text)| (path.as_str(), text.as_str())).collect();
        let after = Self::new(folder::from_embedded(&all)?)?;
        for engine in [Engine::Sqlite, Engine::Postgres] {
            let reader = Reader::new(&after, engine, Dialect::Portable);
            let new = after.revision(&last.id)?;
            reader.read(new, Way::Up)?;
            if files.down.is_ok() {
                reader.read(new, Way::Down)?;
            }
        }
        let before = made_on_sqlite(self, &gone).await;
        match (before, made_on_sqlite(&after, &BTreeSet::from([last.id.as_str()])).await) {
            (Ok(_), Err(why)) => Err(MigrateError::Usage(format!("the joined script does not run on SQLite: {why}"))),
            (Ok(before), Ok(after)) => {
                match differences(before, after, &mut Database::scratch().await?).await?.as_slice() {
                    [] => {
                        notices.push(ONE_ENGINE.into());
                        Ok(())
                    }
                    found => Err(MigrateError::Usage(format!(
                        "the joined script does not make what the revisions make one by one: {}",
                        found.join("; ")
                    ))),
                }
            }
            (Err(why), _) => {
                notices.push(format!("the joined script was not tried on SQLite: {why}"));
                Ok(())
            }
        }
    }
}

/// Puts the new files in the place of the old ones: they are on the disk and under their names before an old one goes.
fn replace(old: &[PathBuf], new: &[(PathBuf, String)]) -> io::Result<()> {
    let beside = |path: &Path, number: usize| path.with_file_name(format!("{UNFINISHED}{number}"));
    for (number, (path, text)) in new.iter().enumerate() {
        let mut file = fs::File::create(beside(path, number))?;
        file.write_all(text.as_bytes())?;
        file.sync_all()?;
    }
    for (number, (path, _)) in new.iter().enumerate() {
        fs::rename(beside(path, number), path)?;
    }
    let replaced = |path: &&PathBuf| !new.iter().any(|(new, _)| new == *path);
    old.iter().filter(replaced).try_for_each(fs::remove_file)
}
