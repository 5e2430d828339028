//! A revision: its place in the graph, and its scripts up and down.

use std::collections::BTreeSet;
use std::path::Path;

use refinery_core::Migration;

use super::booked::Booked;
use super::checksum::RefineryChecksums;
use super::error::{FolderError, other};
use super::header::Replaced;
use super::name::{Kind, RevisionName, Way};
use super::script::{Language, Script, Scripts};
use crate::schema::Engine;

/// One revision, as its files tell it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Revision {
    /// What it is called: the header's word, else the file's name up to the first full stop.
    pub id: String,
    /// The number in its file's name.
    pub number: i64,
    /// The name in its file's name.
    pub slug: String,
    /// Whether it is one of refinery's V or U.
    pub kind: Kind,
    /// The revisions that it follows; none for a base, several for a merge.
    pub down_revisions: Vec<String>,
    /// The revisions that must be there before it without being its parents.
    pub depends_on: Vec<String>,
    /// The labels of the branch that begins or goes on with it.
    pub branches: Vec<String>,
    /// Whether an installation may leave out the branch that begins with it.
    pub optional: bool,
    /// The revisions whose place it takes.
    pub replaces: Vec<Replaced>,
    /// Why there is no way down, where its author says so.
    pub irreversible: Option<String>,
    /// The one engine on which anything is to be done, where its author says so.
    pub only: Option<Engine>,
    /// Which other tools' tables tell of it, where its author says so.
    pub booked: Option<Booked>,
    /// The ways up.
    pub up: Scripts,
    /// The ways down.
    pub down: Scripts,
    pub(super) name: RevisionName,
}

impl Revision {
    /// The file's name up to its first full stop: `V0002__add_email`.
    pub fn stem(&self) -> String {
        self.name.stem()
    }

    /// Tells whether a revision is one of its parents.
    pub fn follows(&self, id: &str) -> bool {
        self.down_revisions.iter().any(|parent| parent == id)
    }

    /// The file to point at: the first of the ways up.
    pub fn path(&self) -> &Path {
        self.up.all().next().map_or_else(|| Path::new(""), |script| script.path.as_path())
    }

    /// The script that takes a database of this engine up; none where the author says that nothing is to be done on it.
    ///
    /// A merge may hold comments alone. Anything else that holds no statement was surely forgotten.
    pub fn up_for(&self, engine: Engine) -> Result<Option<(&Script, Language)>, FolderError> {
        match self.up.for_engine(engine) {
            Some((script, _)) if !script.has_statement() && self.down_revisions.len() < 2 => {
                Err(FolderError::NoStatement { file: script.path.clone() })
            }
            Some(found) => Ok(Some(found)),
            None if self.only == Some(other(engine)) => Ok(None),
            None => Err(FolderError::OtherEngine {
                file: self.path().to_owned(),
                engine,
                wanted: self.path().with_file_name(self.name.with(Way::Up, Some(engine))),
            }),
        }
    }

    /// The script that takes a database of this engine down. A file of comments alone is as good as none.
    pub fn down_for(&self, engine: Engine) -> Option<(&Script, Language)> {
        self.down.for_engine(engine).filter(|(script, _)| script.has_statement())
    }

    /// The SHA-256 of the way up that runs on an engine: the same for every checkout, another after every edit.
    pub fn checksum(&self, engine: Engine) -> String {
        self.up.checksum(engine)
    }

    /// Tells whether a checksum is that of the way up on an engine, alone or, as earlier records have it, together with
    /// other scripts of the revision.
    pub fn recognises(&self, engine: Engine, checksum: &str) -> bool {
        self.up.checksums(engine).iter().any(|known| known == checksum)
    }

    /// Every checksum that a database of either engine may have recorded for the files as they are.
    pub fn all_checksums(&self) -> BTreeSet<String> {
        [Engine::Sqlite, Engine::Postgres].into_iter().flat_map(|engine| self.up.checksums(engine)).collect()
    }

    /// The SHA-256 of all ways down; none where there is none.
    pub fn down_checksum(&self) -> Option<String> {
        (!self.down.is_empty()).then(|| self.down.whole_checksum())
    }

    /// The revision as refinery has it; none where it does nothing, or where its number is larger than refinery's.
    pub fn migration(&self, engine: Engine) -> Option<Migration> {
        let (script, _) = self.up.for_engine(engine)?;
        let migration = Migration::unapplied(&self.stem(), script.as_written()).ok()?;
        // refinery would cut a name that it does not know; names were read by it, so this says that they still are.
        let same = i64::from(migration.version()) == self.number && migration.name() == self.slug;
        same.then_some(migration)
    }

    /// The checksums that refinery may have recorded for this revision.
    pub fn refinery_checksums(&self, engine: Engine) -> Option<RefineryChecksums> {
        let (script, _) = self.up.for_engine(engine)?;
        Some(RefineryChecksums::of(&self.slug, self.number, script.as_written()))
    }
}
