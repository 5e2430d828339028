//! Puts new files in the place of old ones so that a crash at any moment leaves the old folder, or one that is finished by
//! doing it again.
//!
//! The new files are written into a hidden folder, and then the plan: with its name the swap is decided. Before that nothing
//! has changed; after it, nobody takes the folder for what it is until every step of the plan is done, in any number of
//! attempts.

use std::fs::{self, File};
use std::io::{self, Write as _};
use std::path::{Path, PathBuf};

use serde::{Deserialize, Serialize};

use super::SquashOutcome;
use crate::migrate::folder::{UNFINISHED, UNFINISHED_PLAN};

/// What is to be done, with paths inside of the folder.
#[derive(Debug, Serialize, Deserialize)]
struct Plan {
    revision: String,
    joined: Vec<String>,
    notices: Vec<String>,
    /// The files that go.
    old: Vec<PathBuf>,
    /// The files that come; each waits in the hidden folder under its number.
    new: Vec<PathBuf>,
}

/// One step; to take it again does nothing.
#[derive(Debug)]
enum Step {
    Remove(PathBuf),
    Place {
        from: PathBuf,
        to: PathBuf,
    },
    /// The plan is done, and forgotten.
    Forget(PathBuf),
}

/// Writes down what is to be done; when this has returned, [`finish`] does it, now or after a crash.
pub(super) fn decide(folder: &Path, outcome: &SquashOutcome, texts: &[String]) -> io::Result<()> {
    let inside = |path: &PathBuf| path.strip_prefix(folder).map_or_else(|_| path.clone(), Path::to_owned);
    let plan = Plan {
        revision: outcome.revision.clone(),
        joined: outcome.joined.clone(),
        notices: outcome.notices.clone(),
        old: outcome.removed.iter().filter(|path| !outcome.made.contains(path)).map(inside).collect(),
        new: outcome.made.iter().map(inside).collect(),
    };
    let waiting = folder.join(UNFINISHED);
    fs::create_dir_all(&waiting)?;
    for (number, text) in texts.iter().enumerate() {
        write(&waiting.join(number.to_string()), text.as_bytes())?;
    }
    let draft = waiting.join("draft");
    write(&draft, &serde_json::to_vec_pretty(&plan)?)?;
    fs::rename(draft, folder.join(UNFINISHED_PLAN))?;
    sync(&waiting)?;
    sync(folder)
}

/// Does what a plan says that is not done yet; none where there is no plan.
pub(super) fn finish(folder: &Path) -> io::Result<Option<SquashOutcome>> {
    let plan = match fs::read(folder.join(UNFINISHED_PLAN)) {
        Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(None),
        plan => plan?,
    };
    let plan: Plan = serde_json::from_slice(&plan)?;
    plan.steps(folder).iter().try_for_each(Step::take)?;
    let (made, removed) = (plan.new.iter(), plan.old.iter());
    let full = |path: &PathBuf| folder.join(path);
    let made: Vec<PathBuf> = made.map(full).collect();
    let text = made.first().map(fs::read_to_string).transpose()?.unwrap_or_default();
    Ok(Some(SquashOutcome {
        revision: plan.revision,
        joined: plan.joined,
        notices: plan.notices,
        removed: removed.map(full).collect(),
        made,
        text,
        dry_run: false,
    }))
}

impl Plan {
    fn steps(&self, folder: &Path) -> Vec<Step> {
        let waiting = folder.join(UNFINISHED);
        let mut steps: Vec<Step> = self.old.iter().map(|path| Step::Remove(folder.join(path))).collect();
        let new = self.new.iter().enumerate();
        steps.extend(
            new.map(|(number, path)| Step::Place { from: waiting.join(number.to_string()), to: folder.join(path) }),
        );
        steps.push(Step::Forget(folder.to_owned()));
        steps
    }
}

impl Step {
    fn take(&self) -> io::Result<()> {
        match self {
            Self::Remove(path) => unless_done(fs::remove_file(path))?,
            Self::Place { from, to } => unless_done(fs::rename(from, to))?,
            Self::Forget(folder) => {
                sync(folder)?;
                unless_done(fs::remove_file(folder.join(UNFINISHED_PLAN)))?;
                unless_done(fs::remove_dir_all(folder.join(UNFINISHED)))?;
                return sync(folder);
            }
        }
        let (Self::Remove(path) | Self::Place { to: path, .. } | Self::Forget(path)) = self;
        path.parent().map_or(Ok(()), sync)
    }
}

/// What is not there any more was done before.
fn unless_done(step: io::Result<()>) -> io::Result<()> {
    match step {
        Err(error) if error.kind() == io::ErrorKind::NotFound => Ok(()),
        step => step,
    }
}

fn write(path: &Path, text: &[u8]) -> io::Result<()> {
    let mut file = File::create(path)?;
    file.write_all(text)?;
    file.sync_all()
}

/// Makes the names in a folder last, where the system can.
fn sync(folder: &Path) -> io::Result<()> {
    let folder = if folder.as_os_str().is_empty() { Path::new(".") } else { folder };
    if cfg!(unix) { File::open(folder)?.sync_all() } else { Ok(()) }
}

#[cfg(test)]
mod tests {
    use tempfile::TempDir;

    use super::*;
    use crate::migrate::folder;

    const FIRST: &str = "create table a (id int);";

    /// A folder of two revisions, one in a folder of its own, and what is to become of them.
    fn begun() -> (TempDir, SquashOutcome) {
        let home = TempDir::new().expect("a folder can be made");
        let path = |name: &str| home.path().join(name);
        fs::create_dir(path("inner")).expect("a folder can be made");
        for name in ["V1__a.sql", "V1__a.down.sql", "inner/V2__b.sql", "inner/V2__b.sqlite.sql"] {
            fs::write(path(name), FIRST).expect("it can be written");
        }
        let outcome = SquashOutcome {
            revision: "V2__b".into(),
            joined: vec!["V1__a".into(), "V2__b".into()],
            made: vec![path("inner/V2__b.sql"), path("inner/V2__b.down.sql")],
            removed: ["V1__a.sql", "V1__a.down.sql", "inner/V2__b.sql", "inner/V2__b.sqlite.sql"].map(path).to_vec(),
            text: "up".into(),
            notices: Vec::new(),
            dry_run: false,
        };
        (home, outcome)
    }

    /// Every file with its text, the hidden ones, too.
    fn files(folder: &Path) -> Vec<(PathBuf, String)> {
        let mut files = Vec::new();
        for entry in fs::read_dir(folder).expect("it can be read").flatten() {
            match fs::read_to_string(entry.path()) {
                Ok(text) => files.push((entry.path(), text)),
                Err(_) => files.extend(self::files(&entry.path())),
            }
        }
        files.sort();
        files
    }

    #[test]
    fn after_a_crash_at_any_step_the_folder_is_refused_and_then_finished() {
        let (home, outcome) = begun();
        decide(home.path(), &outcome, &["up".into(), "down".into()]).expect("it is decided");
        let plan: Plan =
            serde_json::from_slice(&fs::read(home.path().join(UNFINISHED_PLAN)).expect("there")).expect("a plan");
        for taken in 0..plan.steps(home.path()).len() {
            let (home, outcome) = begun();
            decide(home.path(), &outcome, &["up".into(), "down".into()]).expect("it is decided");
            let steps = plan.steps(home.path());
            steps[..taken].iter().try_for_each(Step::take).expect("they can be taken");
            let refused = folder::read(home.path()).expect_err("it is half done").to_string();
            assert!(refused.contains("strait migrate squash"), "{refused}");
            let finished = finish(home.path()).expect("it can be finished").expect("there is a plan");
            assert_eq!((finished.made, finished.text.as_str()), (outcome.made, "up"));
            let path = |name: &str| home.path().join(name);
            let expected =
                [(path("inner/V2__b.down.sql"), "down".to_owned()), (path("inner/V2__b.sql"), "up".to_owned())];
            assert_eq!(files(home.path()), expected, "after {taken} steps");
            assert!(finish(home.path()).expect("nothing to do").is_none());
        }
    }

    #[test]
    fn a_crash_before_the_decision_changes_nothing() {
        let (home, outcome) = begun();
        fs::create_dir(home.path().join(UNFINISHED)).expect("a folder can be made");
        for half in ["0", "draft"] {
            fs::write(home.path().join(UNFINISHED).join(half), "ha").expect("it can be written");
        }
        assert!(finish(home.path()).expect("nothing to do").is_none());
        assert_eq!(folder::read(home.path()).expect("it is the old folder").revisions.len(), 2);
        decide(home.path(), &outcome, &["up".into(), "down".into()]).expect("it is decided anew");
        finish(home.path()).expect("it can be finished");
        assert_eq!(files(home.path()).len(), 2);
    }
}
