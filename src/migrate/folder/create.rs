//! Makes the files of a new revision, ready to be edited.

use std::fs;
use std::io::Write as _;
use std::path::{Path, PathBuf};

use time::OffsetDateTime;

use super::assemble::assemble;
use super::discover::{Discovered, Found, on_disk};
use super::error::FolderError;
use super::name::{Kind, RevisionName, Way};
use super::revision::Revision;
use super::{Folder, mend};
use crate::schema::Engine;

/// The digits of the first number in a folder.
const WIDTH: usize = 4;
/// The first and the last number that is read as a time: year, month, day, hour, minute, second.
const TIMES: std::ops::Range<i64> = 19_700_101_000_000..100_000_000_000_000;

/// How new revisions are numbered.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Numbering {
    /// One more than the highest.
    Counted,
    /// The time in UTC, to the second.
    Time,
}

/// What a new revision is to be.
#[derive(Clone, Debug, Default)]
pub struct CreateOptions {
    /// Whether each engine gets files of its own.
    pub split: bool,
    /// The id; without it, the file's name.
    pub id: Option<String>,
    /// The parents; none means the one head, and `base` alone that there is no parent.
    pub down_revisions: Vec<String>,
    /// The revisions that must be there before.
    pub depends_on: Vec<String>,
    /// The labels of the branch.
    pub branches: Vec<String>,
    /// Whether an installation may leave the branch out.
    pub optional: bool,
    /// Whether a parent may have another child.
    pub splice: bool,
    /// How it is numbered; without it, as the folder's last revision is.
    pub numbering: Option<Numbering>,
}

/// Writes the files of a new revision and gives their paths, the ways up first. The folder is made if it is missing; no file
/// is ever overwritten.
pub fn create(folder: &Path, title: &str, options: &CreateOptions) -> Result<Vec<PathBuf>, FolderError> {
    let discovered = match on_disk(folder) {
        Err(FolderError::Missing { .. }) => Discovered::default(),
        discovered => discovered?,
    };
    let files = discovered.files.clone();
    let known = assemble(folder, discovered)?;
    let new = draft(&known, title, options)?;
    let all = files.into_iter().chain(new.iter().cloned()).collect();
    // What is written can be read: with the new files, the folder is still without a fault.
    assemble(folder, Discovered { files: all, ..Discovered::default() })?;
    write(folder, &new)?;
    Ok(new.into_iter().map(|found| found.path).collect())
}

/// Decides the files of a new revision.
fn draft(folder: &Folder, title: &str, options: &CreateOptions) -> Result<Vec<Found>, FolderError> {
    let slug = mend::slug(title).ok_or_else(|| FolderError::Title { title: title.to_owned() })?;
    let last = folder.revisions.last();
    let by_time = match options.numbering {
        Some(numbering) => numbering == Numbering::Time,
        None => last.is_some_and(|last| TIMES.contains(&last.number)),
    };
    let number = number(folder, by_time.then(|| time_number(OffsetDateTime::now_utc())))?;
    let width = last.map_or(WIDTH, |last| last.name.digits.len());
    let digits = format!("{number:0width$}");
    let name = RevisionName { kind: Kind::Versioned, number, digits, slug, way: Way::Up, engine: None };
    for id in &options.depends_on {
        known(folder, id)?;
    }
    let parents = parents(folder, options)?;
    let headers = headers(folder, options, &parents, by_time);
    let engines = if options.split { vec![Some(Engine::Sqlite), Some(Engine::Postgres)] } else { vec![None] };
    let merge = parents.len() > 1;
    let ways = if merge { vec![Way::Up] } else { vec![Way::Up, Way::Down] };
    let mut files = Vec::new();
    for way in ways {
        for engine in &engines {
            let name = RevisionName { way, engine: *engine, ..name.clone() };
            let as_written = match way {
                Way::Up if merge => format!("{headers}-- Joins {}; no SQL is needed.\n", parents.join(" and ")),
                Way::Up => format!("{headers}{}", hint_up(&name)),
                Way::Down => hint_down(&name),
            };
            files.push(Found { path: folder.path.join(name.with(way, *engine)), name, as_written });
        }
    }
    Ok(files)
}

/// The next number: the time, or one more than the highest where that is later.
fn number(folder: &Folder, time: Option<i64>) -> Result<i64, FolderError> {
    let none = || FolderError::NoNumber { path: folder.path.clone() };
    let next = match folder.revisions.last() {
        Some(last) => last.number.checked_add(1).ok_or_else(none)?,
        None => i64::from(time.is_none()),
    };
    Ok(time.map_or(next, |time| time.max(next)))
}

/// A time as a number: `20261120120000`.
fn time_number(now: OffsetDateTime) -> i64 {
    let (month, day) = (u8::from(now.month()), now.day());
    let parts = [month, day, now.hour(), now.minute(), now.second()];
    parts.into_iter().fold(i64::from(now.year()), |number, part| number * 100 + i64::from(part))
}

/// The parents of the new revision: those named, else the one head.
fn parents(folder: &Folder, options: &CreateOptions) -> Result<Vec<String>, FolderError> {
    match options.down_revisions.as_slice() {
        [] => {
            let heads = folder.heads();
            if heads.len() > 1 {
                return Err(FolderError::SeveralHeads { path: folder.path.clone(), heads });
            }
            Ok(heads)
        }
        [base] if matches!(base.as_str(), "base" | "none") => Ok(Vec::new()),
        named => {
            for id in named {
                known(folder, id)?;
                let child = folder.revisions.iter().find(|child| child.follows(id) && child.kind == Kind::Versioned);
                if let Some(child) = child.filter(|_| !options.splice) {
                    return Err(FolderError::NotAHead { id: id.clone(), child: child.id.clone() });
                }
            }
            Ok(named.to_vec())
        }
    }
}

fn known<'f>(folder: &'f Folder, id: &str) -> Result<&'f Revision, FolderError> {
    let heads = match folder.heads() {
        heads if heads.is_empty() => "nothing, as there are none".to_owned(),
        heads => heads.join(", "),
    };
    let missing = || FolderError::NoParent { path: folder.path.clone(), id: id.to_owned(), heads };
    folder.revision(id).ok_or_else(missing)
}

/// The headers that the new revision needs.
///
/// Counted numbers clash when two people add a revision at once, so that it is seen. Times do not: there the parent is
/// always written, so that the two are seen as two heads.
fn headers(folder: &Folder, options: &CreateOptions, parents: &[String], by_time: bool) -> String {
    let versioned = folder.revisions.iter().rev().find(|revision| revision.kind == Kind::Versioned);
    let unsaid: Vec<String> = versioned.map(|revision| revision.id.clone()).into_iter().collect();
    let said = if parents.is_empty() { "none".to_owned() } else { parents.join(", ") };
    let mut text = String::new();
    let mut line = |key: &str, value: &str| text.push_str(&format!("-- {key}: {value}\n"));
    if let Some(id) = &options.id {
        line("revision", id);
    }
    if unsaid != parents || by_time {
        line("down_revision", &said);
    }
    if !options.depends_on.is_empty() {
        line("depends_on", &options.depends_on.join(", "));
    }
    if !options.branches.is_empty() {
        line("branch", &options.branches.join(", "));
    }
    if options.optional {
        line("optional", "yes");
    }
    text
}

fn hint_up(name: &RevisionName) -> String {
    match name.engine {
        Some(engine) => format!("-- SQL for {} alone; it is run as it stands.\n\n", engine.name()),
        None => format!(
            "-- Portable SQL for SQLite and PostgreSQL alike, such as\n--   alter table users add column email text;\n\
             -- For one engine alone, write {} or {}.\n\n",
            name.with(Way::Up, Some(Engine::Sqlite)),
            name.with(Way::Up, Some(Engine::Postgres)),
        ),
    }
}

/// A way back can be derived from portable SQL alone: an engine's own is never taken apart.
fn hint_down(name: &RevisionName) -> String {
    let stem = name.stem();
    match name.engine {
        None => format!(
            "-- The way back from {stem}.\n-- As long as there are only comments here, it is derived from the way up, where that \
             loses nothing.\n\n"
        ),
        Some(engine) => {
            let engine = engine.name();
            format!(
                "-- The way back from {stem} on {engine}.\n-- As long as there are only comments here, there is none.\n\n"
            )
        }
    }
}

/// Writes the files, all or none.
fn write(folder: &Path, files: &[Found]) -> Result<(), FolderError> {
    let failed = |path: &Path| {
        let path = path.to_owned();
        move |source| FolderError::Write { path, source }
    };
    fs::create_dir_all(folder).map_err(failed(folder))?;
    for (index, found) in files.iter().enumerate() {
        let created = fs::File::create_new(&found.path);
        let made = created.is_ok();
        let written = created.and_then(|mut file| file.write_all(found.as_written.as_bytes()));
        if let Err(source) = written {
            let mine = files[..index].iter().chain(made.then_some(found));
            // The failure to write is what is told; a file that cannot be removed either is seen at the next reading.
            mine.for_each(|found| drop(fs::remove_file(&found.path)));
            return Err(failed(&found.path)(source));
        }
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;
    use tempfile::TempDir;

    use super::super::read;
    use super::*;

    fn empty() -> TempDir {
        tempfile::tempdir().expect("there is room")
    }

    fn made(folder: &Path, title: &str, options: &CreateOptions) -> Vec<String> {
        let paths = create(folder, title, options).unwrap_or_else(|error| panic!("{error}"));
        paths.iter().map(|path| path.file_name().expect("it has one").to_string_lossy().into_owned()).collect()
    }

    fn refused(folder: &Path, options: &CreateOptions) -> String {
        create(folder, "one more", options).expect_err("is refused").to_string()
    }

    fn after(parents: &[&str]) -> CreateOptions {
        let down_revisions = parents.iter().map(|&parent| parent.to_owned()).collect();
        CreateOptions { down_revisions, ..CreateOptions::default() }
    }

    fn revision(folder: &Path, id: &str) -> Revision {
        let folder = read(folder).unwrap_or_else(|error| panic!("{error}"));
        folder.revisions.into_iter().find(|revision| revision.id == id).unwrap_or_else(|| panic!("no {id}"))
    }

    #[test]
    fn a_newcomer_gets_two_files_and_a_folder() {
        let folder = empty();
        let path = folder.path().join("migrations/app");
        let plain = CreateOptions::default();
        assert_eq!(made(&path, "first", &plain), ["V0001__first.sql", "V0001__first.down.sql"]);
        assert_eq!(made(&path, "Add e-mail!", &plain), ["V0002__add_e_mail.sql", "V0002__add_e_mail.down.sql"]);
        let found = revision(&path, "V0002__add_e_mail");
        assert_eq!(found.down_revisions, ["V0001__first"]);
        assert!(found.up_for(Engine::Sqlite).is_err(), "what nobody wrote is not run");
        assert_eq!(found.down_for(Engine::Sqlite), None);
        assert!(!found.up.all().any(|script| script.text.contains("down_revision")), "a newcomer sees only SQL");
    }

    #[test]
    fn a_number_has_the_width_that_the_folder_uses() {
        let folder = empty();
        fs::write(folder.path().join("V9__x.sql"), "select 1;").expect("can be written");
        assert_eq!(made(folder.path(), "y", &CreateOptions::default())[0], "V10__y.sql");
        fs::write(folder.path().join("U012__x.sql"), "select 1;").expect("can be written");
        assert_eq!(made(folder.path(), "z", &CreateOptions::default())[0], "V013__z.sql");
        assert_eq!(revision(folder.path(), "V013__z").down_revisions, ["V10__y"]);
        fs::write(folder.path().join(format!("V{}__x.sql", i64::MAX)), "select 1;").expect("can be written");
        assert!(refused(folder.path(), &CreateOptions::default()).contains("highest number"));
    }

    #[test]
    fn times_go_on_as_times_and_name_their_parent() {
        let moment = OffsetDateTime::from_unix_timestamp(1_795_176_184).expect("is a time");
        assert_eq!(time_number(moment), 20_261_120_120_304);
        let folder = empty();
        let by_time = CreateOptions { numbering: Some(Numbering::Time), ..CreateOptions::default() };
        let first = made(folder.path(), "a", &by_time);
        let next = made(folder.path(), "b", &CreateOptions::default());
        assert!(first[0].len() == "V20261120120304__a.sql".len() && first[0] < next[0], "{first:?} {next:?}");
        let (first, next) = (first[0].trim_end_matches(".sql"), next[0].trim_end_matches(".sql"));
        let found = revision(folder.path(), next);
        assert_eq!(found.down_revisions, [first]);
        assert!(found.up.all().all(|script| script.text.contains("-- down_revision: ")));
    }

    #[test]
    fn branches_and_merges_say_what_they_follow() {
        let folder = empty();
        let path = folder.path();
        made(path, "a", &CreateOptions { id: Some("a".to_owned()), ..CreateOptions::default() });
        made(path, "b", &CreateOptions::default());
        assert!(refused(path, &after(&["a"])).contains("say --splice"));
        let branches = vec!["side".to_owned()];
        made(path, "c", &CreateOptions { splice: true, branches, ..after(&["a"]) });
        assert_eq!(revision(path, "V0003__c").branches, ["side"]);
        assert!(refused(path, &CreateOptions::default()).contains("several heads (V0002__b, V0003__c)"));
        assert!(refused(path, &after(&["x"])).contains("no revision `x`"));
        let depends_on = vec!["V0002__b".to_owned()];
        made(path, "d", &CreateOptions { depends_on, ..after(&["base"]) });
        let found = revision(path, "V0004__d");
        assert_eq!((found.down_revisions.len(), found.depends_on.len()), (0, 1));
        assert_eq!(made(path, "join", &after(&["V0002__b", "V0003__c"])), ["V0005__join.sql"]);
        let merge = revision(path, "V0005__join");
        assert_eq!(merge.down_revisions, ["V0002__b", "V0003__c"]);
        assert!(merge.up_for(Engine::Sqlite).is_ok());
    }

    #[test]
    fn each_engine_may_have_files_of_its_own() {
        let folder = empty();
        let options = CreateOptions { split: true, id: Some("3f9a".to_owned()), ..CreateOptions::default() };
        let names = made(folder.path(), "x", &options);
        let expected =
            ["V0001__x.sqlite.sql", "V0001__x.postgres.sql", "V0001__x.down.sqlite.sql", "V0001__x.down.postgres.sql"];
        assert_eq!(names, expected);
        assert_eq!(revision(folder.path(), "3f9a").up.all().count(), 2);
    }

    #[test]
    fn nothing_is_written_unless_it_can_be_read_again() {
        let folder = empty();
        let bad = CreateOptions { id: Some("a b".to_owned()), ..CreateOptions::default() };
        assert!(refused(folder.path(), &bad).contains("holds a space"));
        assert!(create(folder.path(), "?!", &CreateOptions::default()).is_err());
        assert_eq!(fs::read_dir(folder.path()).expect("can be read").count(), 0);
        fs::write(folder.path().join("V1_x.sql"), "select 1;").expect("can be written");
        assert!(refused(folder.path(), &CreateOptions::default()).contains("V1__x.sql"));
        assert_eq!(fs::read_dir(folder.path()).expect("can be read").count(), 1);
    }

    #[test]
    fn a_failure_to_write_leaves_nothing_behind() {
        let folder = empty();
        let name = RevisionName::read("V0001__x.sql").expect("is a name");
        let found = |path: PathBuf| Found { path, name: name.clone(), as_written: String::new() };
        let files = [found(folder.path().join("one.sql")), found(folder.path().join("missing/two.sql"))];
        assert!(matches!(write(folder.path(), &files), Err(FolderError::Write { .. })));
        assert_eq!(fs::read_dir(folder.path()).expect("can be read").count(), 0);
        fs::write(folder.path().join("one.sql"), "mine").expect("can be written");
        assert!(write(folder.path(), &files[..1]).is_err());
        assert_eq!(fs::read_to_string(folder.path().join("one.sql")).expect("is there"), "mine");
    }

    proptest! {
        #![proptest_config(ProptestConfig::with_cases(48))]

        #[test]
        fn what_is_made_of_any_title_reads_back(title in "\\PC{0,80}", split: bool) {
            let folder = empty();
            let options = CreateOptions { split, ..CreateOptions::default() };
            match create(folder.path(), &title, &options) {
                Ok(paths) => {
                    let found = read(folder.path()).expect("reads back");
                    prop_assert_eq!(found.revisions.len(), 1);
                    prop_assert_eq!(paths.len(), if split { 4 } else { 2 });
                    prop_assert!(found.notices.is_empty());
                }
                Err(error) => prop_assert!(matches!(error, FolderError::Title { .. }), "{}", error),
            }
        }
    }
}
