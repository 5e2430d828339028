//! Finds the files of a folder: every one is a revision's, known to belong beside, or told as a problem.

use std::fs;
use std::io;
use std::path::{Path, PathBuf};

use super::UNFINISHED_PLAN;
use super::error::{FolderError, Problem};
use super::mend;
use super::name::{Fault, FileName, RevisionName};

/// A file of a revision.
#[derive(Clone, Debug)]
pub(super) struct Found {
    pub(super) path: PathBuf,
    pub(super) name: RevisionName,
    pub(super) as_written: String,
}

/// What a folder holds.
#[derive(Debug, Default)]
pub(super) struct Discovered {
    pub(super) files: Vec<Found>,
    pub(super) problems: Vec<Problem>,
    pub(super) notices: Vec<String>,
}

/// Looks through a folder and the folders in it, as refinery does.
pub(super) fn on_disk(path: &Path) -> Result<Discovered, FolderError> {
    match fs::metadata(path) {
        Err(error) if error.kind() == io::ErrorKind::NotFound => {
            return Err(FolderError::Missing { path: path.to_owned() });
        }
        Ok(metadata) if !metadata.is_dir() => return Err(FolderError::NotAFolder { path: path.to_owned() }),
        _ => {}
    }
    if path.join(UNFINISHED_PLAN).exists() {
        return Err(FolderError::Unfinished { path: path.to_owned() });
    }
    let mut discovered = Discovered::default();
    discovered.folder(path, &mut Vec::new());
    Ok(discovered)
}

/// Takes files that are a part of the program: their names, with folders before them or without, and their texts.
pub(super) fn embedded(files: &[(&str, &str)]) -> Discovered {
    let mut discovered = Discovered::default();
    for (name, text) in files {
        let path = PathBuf::from(name.replace('\\', "/"));
        discovered.file(&path, || Ok(text.as_bytes().to_vec()));
    }
    discovered
}

/// Takes a folder that is a part of the program, and the folders in it.
pub(super) fn compiled(folder: &include_dir::Dir<'_>) -> Discovered {
    let mut discovered = Discovered::default();
    discovered.compiled(folder);
    discovered
}

impl Discovered {
    /// Looks through one folder; `above` are the real folders in which it lies.
    fn folder(&mut self, path: &Path, above: &mut Vec<PathBuf>) {
        let entered = fs::canonicalize(path).and_then(|real| Ok((real, entries(path)?)));
        let (real, entries) = match entered {
            Ok(entered) => entered,
            Err(error) => return self.problems.push(unreadable(path, &error)),
        };
        if above.contains(&real) {
            return self.problems.push(Problem::Loop { file: path.to_owned(), to: real });
        }
        above.push(real);
        for entry in entries {
            match fs::metadata(&entry) {
                Err(error) => self.problems.push(unreadable(&entry, &error)),
                Ok(metadata) if metadata.is_dir() && is_hidden(&entry) => {}
                Ok(metadata) if metadata.is_dir() => self.folder(&entry, above),
                Ok(metadata) if metadata.is_file() => self.file(&entry, || fs::read(&entry)),
                Ok(_) => self.problems.push(Problem::NotAFile { file: entry }),
            }
        }
        above.pop();
    }

    fn compiled(&mut self, folder: &include_dir::Dir<'_>) {
        for file in folder.files() {
            self.file(file.path(), || Ok(file.contents().to_vec()));
        }
        folder.dirs().filter(|inner| !is_hidden(inner.path())).for_each(|inner| self.compiled(inner));
    }

    /// Takes one file; its bytes are read only if it is a revision's.
    fn file(&mut self, path: &Path, bytes: impl FnOnce() -> io::Result<Vec<u8>>) {
        let file = path.to_owned();
        let Some(name) = path.file_name().unwrap_or_default().to_str() else {
            return self.problems.push(Problem::Name { file, fault: Fault::NotUnicode, suggestion: None });
        };
        match FileName::read(name) {
            FileName::Beside => {}
            FileName::LeftBehind => self.notices.push(format!(
                "{} was left behind by an editor or a merge and is not read; remove it when it is no longer needed",
                file.display()
            )),
            FileName::Refused(fault) => {
                // Nobody is led to write over another file; one that differs in case alone may be the same file.
                let free = |other: &String| other.eq_ignore_ascii_case(name) || !path.with_file_name(other).exists();
                let suggestion = mend::suggestion(name).filter(free);
                self.problems.push(Problem::Name { file, fault, suggestion });
            }
            FileName::Revision(name) => match bytes() {
                Err(error) => self.problems.push(unreadable(path, &error)),
                Ok(bytes) => match text(bytes) {
                    Ok(as_written) => self.files.push(Found { path: file, name, as_written }),
                    Err((line, what)) => self.problems.push(Problem::NotText { file, line, what }),
                },
            },
        }
    }
}

/// The entries of a folder, by name, whatever order the file system has.
fn entries(path: &Path) -> io::Result<Vec<PathBuf>> {
    let mut entries = fs::read_dir(path)?.map(|entry| Ok(entry?.path())).collect::<io::Result<Vec<_>>>()?;
    entries.sort();
    Ok(entries)
}

fn is_hidden(path: &Path) -> bool {
    path.file_name().is_some_and(|name| name.to_string_lossy().starts_with('.'))
}

fn unreadable(path: &Path, error: &io::Error) -> Problem {
    Problem::Unreadable { file: path.to_owned(), why: error.to_string() }
}

/// The text of a file, or the line and the reason why it is none.
fn text(bytes: Vec<u8>) -> Result<String, (usize, &'static str)> {
    if bytes.starts_with(&[0xff, 0xfe]) || bytes.starts_with(&[0xfe, 0xff]) {
        return Err((1, "the file is UTF-16, as some Windows tools write it"));
    }
    let line = |offset: usize, bytes: &[u8]| 1 + memchr::memchr_iter(b'\n', &bytes[..offset]).count();
    // SQLite would stop reading at a zero byte and leave the rest of the script out in silence.
    if let Some(offset) = memchr::memchr(0, &bytes) {
        return Err((line(offset, &bytes), "a zero byte stands here, as in no text"));
    }
    String::from_utf8(bytes).map_err(|error| {
        let offset = error.utf8_error().valid_up_to();
        (line(offset, error.as_bytes()), "a byte here is not UTF-8")
    })
}
