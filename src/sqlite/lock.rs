//! One runner at a time on a file: a lock on a small file beside the database, which tells who holds it.
//!
//! SQLite's own lock is held by a transaction, and a run has several of them. The operating system lets go of this one when
//! its holder ends, however it ends; what is written in the file is only read while somebody else holds the lock.

use std::fs::{File, TryLockError};
use std::io::{Read as _, Seek as _, Write as _};
use std::os::unix::fs::MetadataExt as _;
use std::path::{Path, PathBuf};

use super::SqliteError;

/// The lock of a database file, held until it is dropped.
#[derive(Debug)]
pub struct FileLock {
    path: PathBuf,
    _file: File,
}

impl FileLock {
    /// Tries to take the lock of a database; gives who holds it when somebody else does.
    pub fn try_take(database: &Path, note: &str) -> Result<Result<Self, String>, SqliteError> {
        // By whatever name the database is reached, the lock is one.
        let database = std::fs::canonicalize(database).unwrap_or_else(|_| database.to_owned());
        let mut name = database.into_os_string();
        name.push("-strait.lock");
        let path = PathBuf::from(name);
        let failed = |error: std::io::Error| {
            let remedy = match error.kind() {
                std::io::ErrorKind::StorageFull | std::io::ErrorKind::QuotaExceeded => "make room on the disk",
                _ => "let this user write to the folder, and remove the file when no run is under way",
            };
            let why =
                format!("this file locks the database while revisions run, and cannot be used ({error}); {remedy}");
            SqliteError::Unwritable { path: path.clone(), why }
        };
        loop {
            let mut file =
                File::options().read(true).write(true).create(true).truncate(false).open(&path).map_err(failed)?;
            match file.try_lock() {
                Ok(()) if !is_at(&file, &path) => {}
                Ok(()) => {
                    write_note(&mut file, note).map_err(failed)?;
                    return Ok(Ok(Self { path, _file: file }));
                }
                Err(TryLockError::WouldBlock) => return Ok(Err(read_note(&mut file))),
                Err(TryLockError::Error(error)) => return Err(failed(error)),
            }
        }
    }
}

impl Drop for FileLock {
    fn drop(&mut self) {
        // Removed while it is still locked: who has opened it meanwhile sees that it is no longer at its place.
        std::fs::remove_file(&self.path).ok();
    }
}

/// Tells whether the file is still the one at its path: the holder before us may have removed it between our two steps.
fn is_at(file: &File, path: &Path) -> bool {
    let identity = |metadata: std::fs::Metadata| (metadata.dev(), metadata.ino());
    let (Ok(ours), Ok(there)) = (file.metadata(), std::fs::metadata(path)) else { return false };
    identity(ours) == identity(there)
}

fn write_note(file: &mut File, note: &str) -> std::io::Result<()> {
    file.set_len(0)?;
    file.rewind()?;
    file.write_all(note.as_bytes())
}

fn read_note(file: &mut File) -> String {
    let mut note = String::new();
    // It may be empty for the moment between the taking of the lock and the writing of the note.
    file.read_to_string(&mut note).ok();
    note.trim().to_owned()
}
