//! A folder of revisions: plain SQL under refinery's names, read strictly.
//!
//! [`read`] takes every file or says why not: nothing is skipped in silence. The story of a file: `discover` finds it, `name`
//! says what its name means (and `mend` what it should have been), `header` reads the comments at its top, and `assemble`
//! makes [`Revision`]s of all files together. [`create`] goes the other way.

mod assemble;
mod booked;
mod checksum;
mod create;
mod discover;
mod error;
mod header;
mod key;
mod mend;
mod name;
mod revision;
mod script;

#[cfg(test)]
mod tests;

use std::path::{Path, PathBuf};

pub use self::booked::Booked;
pub use self::checksum::RefineryChecksums;
pub(in crate::migrate) use self::checksum::sha256;
pub use self::create::{CreateOptions, Numbering, create};
pub use self::error::{FolderError, Problem};
pub use self::header::Replaced;
pub use self::name::{Fault, Kind};
pub use self::revision::Revision;
pub use self::script::{Language, Script, Scripts};
use crate::schema::Engine;

/// What messages say in the place of a folder's path.
const EMBEDDED: &str = "the embedded revisions";
/// The hidden folder in which the files of a squash wait until they take their places.
pub(crate) const UNFINISHED: &str = ".squash";
/// Its plan: while it is there, the folder is half an old one and half a new one.
pub(crate) const UNFINISHED_PLAN: &str = ".squash/plan";

/// All revisions of a system.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Folder {
    /// The folder; empty for revisions that are a part of the program.
    pub path: PathBuf,
    /// The revisions by their numbers, which are all different.
    pub revisions: Vec<Revision>,
    /// Sentences for a person: what was seen and not used.
    pub notices: Vec<String>,
}

impl Folder {
    /// The folder as messages name it.
    pub fn shown(&self) -> String {
        self.on_disk().unwrap_or_else(|| EMBEDDED.to_owned())
    }

    /// The folder on disk, as it was named; none for revisions that are a part of the program.
    pub fn on_disk(&self) -> Option<String> {
        (!self.path.as_os_str().is_empty()).then(|| self.path.display().to_string())
    }

    /// Finds a revision by its id.
    pub fn revision(&self, id: &str) -> Option<&Revision> {
        self.revisions.iter().find(|revision| revision.id == id)
    }

    /// The ids of the revisions that nothing follows, but for those of optional branches where there are others; a U is no
    /// head, and does not follow for this.
    pub(super) fn heads(&self) -> Vec<String> {
        let versioned = || self.revisions.iter().filter(|revision| revision.kind == Kind::Versioned);
        let heads = versioned().filter(|head| !versioned().any(|child| child.follows(&head.id)));
        let (optional, required): (Vec<&Revision>, Vec<&Revision>) = heads.partition(|head| self.is_optional(head));
        let heads = if required.is_empty() { optional } else { required };
        heads.into_iter().map(|head| head.id.clone()).collect()
    }

    /// Whether an optional branch begins below a revision, on the line that leads to it.
    fn is_optional(&self, head: &Revision) -> bool {
        let mut at = head;
        for _ in &self.revisions {
            match at.down_revisions.as_slice() {
                _ if at.optional => return true,
                [under] => match self.revision(under) {
                    Some(revision) => at = revision,
                    None => return false,
                },
                _ => return false,
            }
        }
        false
    }
}

/// Reads a folder and the folders in it; all that is wrong is told at once.
///
/// Whether every parent is there, and how many heads there are, is for the graph to say.
pub fn read(path: &Path) -> Result<Folder, FolderError> {
    assemble::assemble(path, discover::on_disk(path)?)
}

/// Takes revisions that are a part of the program: file names and texts, as `include_str!` gives them.
pub fn from_embedded(files: &[(&str, &str)]) -> Result<Folder, FolderError> {
    assemble::assemble(Path::new(""), discover::embedded(files))
}

/// Takes a folder that is a part of the program, and the folders in it, as `include_dir!` gives them.
pub fn from_compiled(folder: &include_dir::Dir<'_>) -> Result<Folder, FolderError> {
    assemble::assemble(Path::new(""), discover::compiled(folder))
}

/// An engine as it is written in names and headers.
fn word(engine: Engine) -> &'static str {
    match engine {
        Engine::Sqlite => "sqlite",
        Engine::Postgres => "postgres",
    }
}
