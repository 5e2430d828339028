//! Joins the first revisions of a folder into one, which takes the id of the last of them.
//!
//! A database that is at that revision or beyond it stays where it is: its record knows the old text by the checksum that
//! the new file carries. One that is before it has to be brought up with the old files first.

mod check;
mod swap;
mod text;

use std::collections::BTreeSet;
use std::path::{Path, PathBuf};

use serde::Serialize;

use self::check::Check;
use self::text::{Texts, is_mixed};
use super::folder::Revision;
use super::graph::Follow;
use super::prepare::Dialect;
use super::{MigrateError, Migrator};
use crate::database::Location;
use crate::schema::Engine;

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
    /// ([`Options::lose_down`](super::Options)), or when the new file would not make the same structure. That is tried on SQLite
    /// and, beside what a PostgreSQL database holds and rolled back, or else on a private server, on PostgreSQL.
    ///
    /// ```
    /// # use strait::migrate::Migrator;
    /// # #[tokio::main(flavor = "current_thread")]
    /// # async fn main() -> Result<(), Box<dyn std::error::Error>> {
    /// # let place = tempfile::tempdir()?;
    /// # std::fs::write(place.path().join("V0001__notes.sql"), "create table notes (id bigint primary key);")?;
    /// # std::fs::write(place.path().join("V0002__body.sql"), "alter table notes add column body text;")?;
    /// let outcome = Migrator::from_folder(place.path())?.squash(None, None).await?;
    /// assert_eq!((outcome.revision.as_str(), outcome.joined.len()), ("V0002__body", 2));
    /// assert_eq!(Migrator::from_folder(place.path())?.folder.revisions.len(), 1);
    /// # Ok(())
    /// # }
    /// ```
    pub async fn squash(&self, upto: Option<&str>, beside: Option<&Location>) -> Result<SquashOutcome, MigrateError> {
        self.refuse_embedded()?;
        let last = self.last_to_squash(upto)?;
        let joined = self.to_squash(last)?;
        let files = Texts::of(self, last, &joined)?;
        let mut notices = self.refuse_lost_ways_down(&joined, &files)?;
        let postgres = beside.filter(|location| location.engine() == Engine::Postgres);
        notices.extend(Check::new(self, last, &joined, &files)?.run(postgres).await?);
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
            let texts: Vec<String> = files.named(self, last).into_iter().map(|(_, text)| text).collect();
            let decided = swap::decide(&self.folder.path, &outcome, &texts);
            decided.map_err(|error| MigrateError::Usage(format!("cannot write the new revision: {error}")))?;
            finish(&self.folder.path)?;
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
}

/// Finishes a squash of a folder that was interrupted; none where none was.
pub fn finish(folder: &Path) -> Result<Option<SquashOutcome>, MigrateError> {
    swap::finish(folder).map_err(|error| {
        MigrateError::Usage(format!(
            "the squash of {} is decided and cannot be finished ({error}); mend that, and run `strait migrate squash` again, \
             which goes on with it",
            folder.display()
        ))
    })
}
