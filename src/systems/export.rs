//! Writes a system out as files: the schema file and the revisions, where the commands look for them.

use std::fs::{self, OpenOptions};
use std::io::Write as _;
use std::path::{Path, PathBuf};

use include_dir::{Dir, File};
use serde::Serialize;

use super::{System, SystemError};

/// The files that were written.
#[derive(Clone, Debug, Serialize)]
pub struct Exported {
    /// The system.
    pub name: String,
    /// The folder that holds the folders of revisions, as `--dir` takes it.
    pub revisions: PathBuf,
    /// The files: the schema file first.
    pub files: Vec<PathBuf>,
}

impl System {
    /// Writes the system as `schemas/NAME.sql` and `migrations/NAME/` in a folder, which is made when it is not there.
    ///
    /// Nothing is written over: fails with [`SystemError::Exists`], before anything is written, when one of the two is there.
    pub fn export(&self, folder: &Path) -> Result<Exported, SystemError> {
        let (schemas, revisions) = (folder.join("schemas"), folder.join("migrations"));
        let schema = schemas.join(format!("{}.sql", self.name));
        for path in [&schema, &revisions.join(self.name)] {
            if path.symlink_metadata().is_ok() {
                return Err(SystemError::Exists { path: path.clone() });
            }
        }
        let mut files = vec![schema];
        write(&files[0], self.schema.as_bytes())?;
        for file in scripts(self.revisions) {
            let path = revisions.join(file.path());
            write(&path, file.contents())?;
            files.push(path);
        }
        Ok(Exported { name: self.name.to_owned(), revisions, files })
    }
}

/// The files of a folder and of the folders in it.
fn scripts(folder: &'static Dir<'static>) -> Vec<&'static File<'static>> {
    let mut files: Vec<_> = folder.files().chain(folder.dirs().flat_map(scripts)).collect();
    files.sort_by_key(|file| file.path());
    files
}

fn write(path: &Path, contents: &[u8]) -> Result<(), SystemError> {
    let folder = path.parent().unwrap_or(Path::new("."));
    let written = fs::create_dir_all(folder)
        .and_then(|()| OpenOptions::new().write(true).create_new(true).open(path))
        .and_then(|mut file| file.write_all(contents));
    written.map_err(|source| SystemError::Write { path: path.to_owned(), source })
}
