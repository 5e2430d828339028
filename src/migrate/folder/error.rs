//! What can be wrong with a folder of revisions, told with the place and the way out.

use std::fmt;
use std::path::{Path, PathBuf};

use super::name::{ENDINGS, Fault};
use crate::schema::Engine;

/// Why a folder of revisions could not be used.
#[derive(Debug, thiserror::Error)]
pub enum FolderError {
    /// There is no such folder.
    #[error("there is no folder {}; `strait migrate new \"first\"` makes it, or name another with --dir", path.display())]
    Missing {
        /// The folder as given.
        path: PathBuf,
    },
    /// A squash was interrupted while files changed places.
    #[error("a squash of {} was interrupted; run `strait migrate squash` again, which finishes it", path.display())]
    Unfinished {
        /// The folder as given.
        path: PathBuf,
    },
    /// The path is not a folder.
    #[error("{} is not a folder; give the folder that holds the revisions", path.display())]
    NotAFolder {
        /// The path as given.
        path: PathBuf,
    },
    /// Files of the folder cannot be taken; all of them are told at once.
    #[error("{}", told(path, problems))]
    Wrong {
        /// The folder as given.
        path: PathBuf,
        /// What is wrong, file by file.
        problems: Vec<Problem>,
    },
    /// A revision is written for the other engine alone, and nothing says that this is meant.
    #[error(
        "{} has no way up for {}; write {}, or put the line `-- only: {}` at the top of {} if nothing is to be done on {}",
        file.display(), engine.name(), wanted.display(), super::word(other(*engine)), file.display(), engine.name()
    )]
    OtherEngine {
        /// The file for the other engine.
        file: PathBuf,
        /// The engine that has none.
        engine: Engine,
        /// The file that is missing.
        wanted: PathBuf,
    },
    /// A way up holds no statement.
    #[error(
        "{} holds no statement, and would be recorded as applied; write its SQL, or `select 1;` if nothing is to be done",
        file.display()
    )]
    NoStatement {
        /// The file.
        file: PathBuf,
    },
    /// A title gives no name.
    #[error(
        "the title {title:?} holds no letter and no digit, so no file can be named after it; say what the revision does"
    )]
    Title {
        /// The title as given.
        title: String,
    },
    /// A new revision names another one that is not there.
    #[error("there is no revision `{id}` in {}; its revisions end in {heads}", path.display())]
    NoParent {
        /// The folder.
        path: PathBuf,
        /// The id as given.
        id: String,
        /// The heads, as a list.
        heads: String,
    },
    /// The folder has several heads, so that it is not clear which one a new revision follows.
    #[error(
        "{} has several heads ({}): say which one the new revision follows, or join them with `strait migrate merge`",
        path.display(), heads.join(", ")
    )]
    SeveralHeads {
        /// The folder.
        path: PathBuf,
        /// The heads.
        heads: Vec<String>,
    },
    /// The parent has a child already.
    #[error(
        "revision `{id}` is followed by `{child}`, so that a new revision after it opens a branch; say --splice if that is \
         meant, or follow a head"
    )]
    NotAHead {
        /// The parent as given.
        id: String,
        /// Its child.
        child: String,
    },
    /// No number is left.
    #[error("{} has a revision with the highest number there is, so that none can follow; renumber it", path.display())]
    NoNumber {
        /// The folder.
        path: PathBuf,
    },
    /// A file or the folder could not be written.
    #[error("cannot write {}; see that its folder can be written and that no such file is there", path.display())]
    Write {
        /// The file or folder.
        path: PathBuf,
        /// Why.
        source: std::io::Error,
    },
}

/// One thing that is wrong with a folder.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum Problem {
    /// A file's name is not that of a revision.
    #[error("{} is no revision: {fault}; {}", file.display(), way_out(file, fault, suggestion.as_deref()))]
    Name {
        /// The file.
        file: PathBuf,
        /// What is wrong with its name.
        fault: Fault,
        /// A name that would do.
        suggestion: Option<String>,
    },
    /// A file or a folder could not be read.
    #[error("{} cannot be read ({why}); give yourself the right to read it, or take it out of the folder", file.display())]
    Unreadable {
        /// The file or folder.
        file: PathBuf,
        /// What the system says.
        why: String,
    },
    /// A pipe, a socket or a device.
    #[error("{} is neither a file nor a folder; take it out of the folder", file.display())]
    NotAFile {
        /// The path.
        file: PathBuf,
    },
    /// A symbolic link leads back to a folder above it.
    #[error("{} is a link that leads back to {}, without an end; remove it", file.display(), to.display())]
    Loop {
        /// The link.
        file: PathBuf,
        /// Where it leads.
        to: PathBuf,
    },
    /// A file's bytes are no text.
    #[error("{}:{line}: {what}; save the file as UTF-8", file.display())]
    NotText {
        /// The file.
        file: PathBuf,
        /// The line, from 1.
        line: usize,
        /// What stands there instead.
        what: &'static str,
    },
    /// A header is wrong.
    #[error("{}:{line}: {fault}", file.display())]
    Header {
        /// The file.
        file: PathBuf,
        /// The line, from 1.
        line: usize,
        /// What is wrong, and what to do.
        fault: String,
    },
    /// Two files of one revision say different things.
    #[error(
        "{}:{line} and {}:{other_line} say different things under `{key}`; both are the same revision: say it once, or the \
         same in both", file.display(), other.display()
    )]
    Disagree {
        /// The header.
        key: &'static str,
        /// The one file.
        file: PathBuf,
        /// Its line.
        line: usize,
        /// The other file.
        other: PathBuf,
        /// Its line.
        other_line: usize,
    },
    /// Two files have one name, in two folders.
    #[error(
        "{} and {} have the same name; a revision's files lie in one folder, and those for one engine end in .sqlite.sql and \
         .postgres.sql", file.display(), other.display()
    )]
    SameName {
        /// The one file.
        file: PathBuf,
        /// The other file.
        other: PathBuf,
    },
    /// Two revisions have one number.
    #[error(
        "{} and {} both have the number {number}; the one that came later takes a number that is free, \
         such as {free}", file.display(), other.display()
    )]
    SameNumber {
        /// The number.
        number: i64,
        /// The one file.
        file: PathBuf,
        /// The other file.
        other: PathBuf,
        /// The beginning of a name that is free.
        free: String,
    },
    /// Two revisions have one id, or two have one branch label, or one's label is another's id.
    #[error("{} and {} are both called `{word}`; each id and each branch label has one place: rename one", file.display(), other.display())]
    SameWord {
        /// The id or label.
        word: String,
        /// The one file.
        file: PathBuf,
        /// The other file.
        other: PathBuf,
    },
    /// A way down without its way up.
    #[error("{} is a way down without a way up; {}", file.display(), orphan(expected, rename.as_deref()))]
    NoWayUp {
        /// The file.
        file: PathBuf,
        /// The way up that would belong to it.
        expected: PathBuf,
        /// The name it would have if it belongs to the way up of the same number.
        rename: Option<String>,
    },
    /// A way down for a revision that says it has none.
    #[error("{}:{line} says `irreversible`, but {} is a way down; remove one of them", file.display(), down.display())]
    IrreversibleWithDown {
        /// The way up.
        file: PathBuf,
        /// The header's line.
        line: usize,
        /// The way down.
        down: PathBuf,
    },
}

impl Problem {
    /// The file that it is about, the first if there are two.
    pub fn file(&self) -> &Path {
        match self {
            Self::Name { file, .. }
            | Self::Unreadable { file, .. }
            | Self::NotAFile { file }
            | Self::Loop { file, .. }
            | Self::NotText { file, .. }
            | Self::Header { file, .. }
            | Self::Disagree { file, .. }
            | Self::SameName { file, .. }
            | Self::SameNumber { file, .. }
            | Self::SameWord { file, .. }
            | Self::NoWayUp { file, .. }
            | Self::IrreversibleWithDown { file, .. } => file,
        }
    }
}

fn told(path: &Path, problems: &[Problem]) -> String {
    if let [problem] = problems {
        return problem.to_string();
    }
    let lines: Vec<String> = problems.iter().map(|problem| format!("\n- {problem}")).collect();
    let place = if path.as_os_str().is_empty() { super::EMBEDDED.into() } else { path.to_string_lossy() };
    format!("{} things are wrong in {place}:{}", problems.len(), lines.concat())
}

fn way_out(file: &Path, fault: &Fault, suggestion: Option<&str>) -> String {
    match (fault, suggestion) {
        (_, Some(name)) => format!("rename it to {}", file.with_file_name(name).display()),
        (Fault::Rust | Fault::Python, None) => {
            "write what it does as SQL, in a file named as V0002__add_email.sql is".to_owned()
        }
        (_, None) => "name it as V0002__add_email.sql is named, or take it out of the folder".to_owned(),
    }
}

fn orphan(expected: &Path, rename: Option<&str>) -> String {
    match rename {
        Some(name) => format!("if it belongs to the revision of the same number, rename it to {name}"),
        None => format!("write {}, or remove this file", expected.display()),
    }
}

/// The other one of the two engines.
pub(super) fn other(engine: Engine) -> Engine {
    match engine {
        Engine::Sqlite => Engine::Postgres,
        Engine::Postgres => Engine::Sqlite,
    }
}

impl fmt::Display for Fault {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::NotUnicode => f.write_str("its name is not Unicode"),
            Self::Extension => f.write_str("its name does not end in `.sql`, in small letters"),
            Self::Rust => f.write_str("it is a revision written in Rust, and only SQL can be run here"),
            Self::Python => f.write_str("it is a revision written in Python, and only SQL can be run here"),
            Self::Fraction => f.write_str("a revision's number is whole; give each file a number of its own"),
            Self::SmallLetter => f.write_str("its first letter is a capital V (or U) in a revision"),
            Self::FirstLetter => f.write_str("it does not begin with V (or U) and a number"),
            Self::NoNumber => f.write_str("no number follows its first letter"),
            Self::TooLarge => write!(f, "its number is larger than {}", i64::MAX),
            Self::Separator => f.write_str("two underscores stand between number and name"),
            Self::NoSlug => f.write_str("it has a number but no name"),
            Self::Character(c) => write!(f, "{c:?} may not stand in its name, only letters, digits and underscores"),
            Self::Ending(ending) => {
                let known: Vec<String> = ENDINGS.iter().map(|(ending, ..)| format!(".{ending}")).collect();
                write!(f, "`.{ending}` is none of the endings {}", known.join(", "))
            }
        }
    }
}
