//! Makes revisions of files: groups them by name, joins what their headers say, and puts them in a row.

use std::collections::{BTreeMap, HashMap};
use std::path::{Path, PathBuf};

use super::discover::{Discovered, Found};
use super::error::{FolderError, Problem};
use super::header::{Headers, Said, Top};
use super::name::{Kind, RevisionName, Way};
use super::revision::Revision;
use super::script::{Script, Scripts};
use super::{Folder, word};

/// Makes a folder of what was discovered, or tells everything that is wrong with it.
pub(super) fn assemble(path: &Path, discovered: Discovered) -> Result<Folder, FolderError> {
    let Discovered { files, problems, notices } = discovered;
    let mut work = Assembly { problems, notices };
    let mut drafts: Vec<Draft> = Vec::new();
    let mut orphans = Vec::new();
    for group in groups(files) {
        if group.iter().any(|found| found.name.way == Way::Up) {
            drafts.extend(work.draft(group));
        } else {
            orphans.push(group);
        }
    }
    // By the file where the numbers are equal: that is an error, and errors come in a fixed order.
    drafts.sort_by(|one, next| (one.number(), one.revision.path()).cmp(&(next.number(), next.revision.path())));
    work.check_orphans(&orphans, &drafts);
    work.check_numbers(&drafts);
    let revisions = in_a_row(drafts);
    work.check_words(&revisions);
    if !work.problems.is_empty() {
        let mut problems = work.problems;
        problems.sort_by(|one, next| one.file().cmp(next.file()));
        return Err(FolderError::Wrong { path: path.to_owned(), problems });
    }
    Ok(Folder { path: path.to_owned(), revisions, notices: work.notices })
}

/// A revision whose parents may still be unsaid.
struct Draft {
    revision: Revision,
    said_parents: Option<Vec<String>>,
}

impl Draft {
    fn number(&self) -> i64 {
        self.revision.number
    }
}

struct Assembly {
    problems: Vec<Problem>,
    notices: Vec<String>,
}

/// The files that are one revision: one folder, one name.
fn groups(files: Vec<Found>) -> impl Iterator<Item = Vec<Found>> {
    let mut groups: BTreeMap<(PathBuf, String), Vec<Found>> = BTreeMap::new();
    for found in files {
        let folder = found.path.parent().unwrap_or(Path::new("")).to_owned();
        groups.entry((folder, found.name.stem())).or_default().push(found);
    }
    groups.into_values()
}

/// The headers of one of a revision's ways up.
struct Voice {
    file: PathBuf,
    headers: Headers,
}

impl Assembly {
    /// Makes one revision of its files.
    fn draft(&mut self, group: Vec<Found>) -> Option<Draft> {
        let name = RevisionName { way: Way::Up, engine: None, ..group.first()?.name.clone() };
        let (mut up, mut down) = (Scripts::default(), Scripts::default());
        let mut voices = Vec::new();
        for found in group {
            let top = self.top(&found);
            let script = Script::new(found.path.clone(), found.as_written, &top.headers);
            let scripts = if found.name.way == Way::Up { &mut up } else { &mut down };
            if scripts.all().any(|other| other.path == found.path) {
                self.problems.push(Problem::SameName { file: found.path.clone(), other: found.path.clone() });
            }
            scripts.put(found.name.engine, script);
            if found.name.way == Way::Up {
                self.check_only(&found.path, &found.name, &top.headers);
                voices.push(Voice { file: found.path, headers: top.headers });
            }
        }
        self.check_irreversible(&voices, &down);
        self.check_alone(&voices);
        self.check_optional(&voices);
        let said_parents = self.agreed("down_revision", &voices, |headers| &headers.down_revision);
        let revision = Revision {
            id: self.agreed("revision", &voices, |headers| &headers.revision).unwrap_or_else(|| name.stem()),
            number: name.number,
            slug: name.slug.clone(),
            kind: name.kind,
            down_revisions: Vec::new(),
            depends_on: self.agreed("depends_on", &voices, |headers| &headers.depends_on).unwrap_or_default(),
            branches: self.agreed("branch", &voices, |headers| &headers.branch).unwrap_or_default(),
            optional: self.agreed("optional", &voices, |headers| &headers.optional).is_some(),
            replaces: self.agreed("replaces", &voices, |headers| &headers.replaces).unwrap_or_default(),
            irreversible: self.agreed("irreversible", &voices, |headers| &headers.irreversible),
            booked: self.agreed("bookkeeping", &voices, |headers| &headers.bookkeeping),
            only: voices.iter().find_map(|voice| voice.headers.only.as_ref().map(|said| said.value)),
            up,
            down,
            name,
        };
        Some(Draft { revision, said_parents })
    }

    /// Reads a script's headers and tells what is wrong with them.
    fn top(&mut self, found: &Found) -> Top {
        let top = Top::read(&super::checksum::normal(&found.as_written), found.name.way, found.name.engine);
        for (line, fault) in &top.faults {
            self.problems.push(Problem::Header { file: found.path.clone(), line: *line, fault: fault.clone() });
        }
        for line in &top.too_late {
            self.notices.push(format!(
                "{}:{line} looks like a header but is a comment, because SQL stands above it; move it to the top if it is meant",
                found.path.display()
            ));
        }
        top
    }

    /// What the ways up say under a key, if they say the same.
    fn agreed<T: Clone + PartialEq>(
        &mut self,
        key: &'static str,
        voices: &[Voice],
        of: impl Fn(&Headers) -> &Option<Said<T>>,
    ) -> Option<T> {
        let mut said = voices.iter().filter_map(|voice| Some((&voice.file, of(&voice.headers).as_ref()?)));
        let (file, first) = said.next()?;
        for (other, next) in said.filter(|(_, next)| next.value != first.value) {
            let (line, other_line) = (first.line, next.line);
            self.problems.push(Problem::Disagree { key, file: file.clone(), line, other: other.clone(), other_line });
        }
        Some(first.value.clone())
    }

    /// `only` repeats the engine of its file.
    fn check_only(&mut self, file: &Path, name: &RevisionName, headers: &Headers) {
        let (Some(said), Some(engine)) = (&headers.only, name.engine) else { return };
        if said.value != engine {
            let (only, engine) = (word(said.value), engine.name());
            let fault = format!("`only: {only}` stands in a file for {engine}; remove the line, or rename the file");
            self.problems.push(Problem::Header { file: file.to_owned(), line: said.line, fault });
        }
    }

    /// `only` stands in the one way up that there is.
    fn check_alone(&mut self, voices: &[Voice]) {
        let [first, next, ..] = voices else { return };
        for voice in voices {
            let Some(said) = &voice.headers.only else { continue };
            let other = if voice.file == first.file { &next.file } else { &first.file };
            let fault = format!(
                "`only: {}` says that nothing is done on the other engine, but {} is there; remove one of them",
                word(said.value),
                other.display()
            );
            self.problems.push(Problem::Header { file: voice.file.clone(), line: said.line, fault });
        }
    }

    /// What can be taken or left has a name by which it is taken.
    fn check_optional(&mut self, voices: &[Voice]) {
        if voices.iter().any(|voice| voice.headers.branch.is_some()) {
            return;
        }
        for voice in voices {
            let Some(said) = &voice.headers.optional else { continue };
            let fault = "`optional` is said of a branch that has a label; add `-- branch: LABEL`, by which it is taken";
            self.problems.push(Problem::Header { file: voice.file.clone(), line: said.line, fault: fault.into() });
        }
    }

    fn check_irreversible(&mut self, voices: &[Voice], down: &Scripts) {
        let Some(script) = down.all().find(|script| script.has_statement()) else { return };
        for voice in voices {
            if let Some(said) = &voice.headers.irreversible {
                let (file, down) = (voice.file.clone(), script.path.clone());
                self.problems.push(Problem::IrreversibleWithDown { file, line: said.line, down });
            }
        }
    }

    fn check_orphans(&mut self, orphans: &[Vec<Found>], drafts: &[Draft]) {
        for found in orphans.iter().flatten() {
            let expected = found.path.with_file_name(found.name.with(Way::Up, None));
            let same_number = drafts.iter().find(|draft| draft.number() == found.name.number);
            let rename = same_number.map(|draft| {
                let name = draft.revision.name.with(found.name.way, found.name.engine);
                draft.revision.path().with_file_name(name).display().to_string()
            });
            self.problems.push(Problem::NoWayUp { file: found.path.clone(), expected, rename });
        }
    }

    /// A number is the key of refinery's history, for V and U alike.
    fn check_numbers(&mut self, drafts: &[Draft]) {
        let highest = drafts.last().map_or(0, Draft::number);
        for pair in drafts.windows(2).filter(|pair| pair[0].number() == pair[1].number()) {
            let [first, next] = [&pair[0].revision, &pair[1].revision];
            let (file, other) = (first.path().to_owned(), next.path().to_owned());
            if first.stem() == next.stem() {
                self.problems.push(Problem::SameName { file, other });
                continue;
            }
            let free = highest.saturating_add(1);
            let free = format!("{}{free:0width$}__{}", next.kind.letter(), next.slug, width = next.name.digits.len());
            self.problems.push(Problem::SameNumber { number: next.number, file, other, free });
        }
    }

    /// An id or a label names one place.
    fn check_words(&mut self, revisions: &[Revision]) {
        let mut seen: HashMap<&str, &Revision> = HashMap::new();
        for revision in revisions {
            for word in std::iter::once(&revision.id).chain(&revision.branches) {
                let Some(earlier) = seen.insert(word, revision) else { continue };
                // Equal names are told once, with their numbers.
                if earlier.stem() == revision.stem() && earlier.path() != revision.path() {
                    continue;
                }
                self.problems.push(Problem::SameWord {
                    word: word.clone(),
                    file: earlier.path().to_owned(),
                    other: revision.path().to_owned(),
                });
            }
        }
    }
}

/// Gives parents to those who name none: the V of the next lower number.
///
/// Nothing follows a U in silence. refinery runs a U whenever it is new, also below what is applied; if the next V
/// followed it, a database that has that V would pass for having the U too, and it would never run.
fn in_a_row(drafts: Vec<Draft>) -> Vec<Revision> {
    let mut last: Option<String> = None;
    let mut row = Vec::with_capacity(drafts.len());
    for Draft { mut revision, said_parents } in drafts {
        revision.down_revisions = said_parents.unwrap_or_else(|| last.iter().cloned().collect());
        if revision.kind == Kind::Versioned {
            last = Some(revision.id.clone());
        }
        row.push(revision);
    }
    row
}
