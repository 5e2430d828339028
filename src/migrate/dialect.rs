//! Decides what a folder's scripts are written in, where nothing says it.

use super::folder::{Language, Revision};
use super::graph::Way;
use super::prepare::{Dialect, Reader};
use super::state::{Record, Recorded};
use super::{MigrateError, Migrator};
use crate::schema::Engine;

/// Words that SQLite takes in silence and gets wrong: `id serial primary key` leaves every id NULL, a `json` of 1.0 is 1.
const TAKEN_IN_SILENCE: [&str; 9] =
    ["serial", "bigserial", "smallserial", "identity", "timestamptz", "bytea", "json", "jsonb", "uuid"];
/// What the history notes of a script that was taken as the engine's own without anybody saying so.
pub(super) const NATIVE_NOTE: &str = "dialect: native";

impl Migrator {
    /// The dialect of scripts that carry no engine in their name, and what a person should know of the choice.
    ///
    /// Portable SQL is what such a script is written in. But a folder that another tool was written for, with nothing of ours
    /// in it, is taken as it is: when one of its scripts is not portable, all are the connected engine's own. That is decided
    /// before the first of them runs, and stays: a folder does not change its language on the way.
    pub(super) fn dialect(&self, engine: Engine, history: &[Record]) -> Result<(Dialect, Vec<String>), MigrateError> {
        if let Some(dialect) = self.options.dialect {
            return Ok((dialect, Vec::new()));
        }
        if !self.folder.revisions.iter().all(is_plain) {
            return Ok((Dialect::Portable, Vec::new()));
        }
        if history.iter().any(|record| record.notes().any(|note| note == NATIVE_NOTE)) {
            return Ok((Dialect::Native, Vec::new()));
        }
        if history.iter().any(|record| matches!(record.way, Recorded::Up | Recorded::Down)) {
            return Ok((Dialect::Portable, Vec::new()));
        }
        let reader = Reader::new(self, engine, Dialect::Portable);
        for revision in &self.folder.revisions {
            let Some((script, Language::Portable)) = revision.up.for_engine(engine) else { continue };
            let Err(MigrateError::Language { place, .. }) = reader.read(revision, Way::Up) else { continue };
            if engine == Engine::Sqlite && is_taken_in_silence(&script.text) {
                return Ok((Dialect::Portable, Vec::new()));
            }
            let notice = format!(
                "the scripts of {} are taken as {}'s own SQL, because {place} is not portable (--dialect portable says why; \
                 --dialect native says so without this note)",
                self.folder.shown(),
                engine.name()
            );
            return Ok((Dialect::Native, vec![notice]));
        }
        Ok((Dialect::Portable, Vec::new()))
    }
}

/// Whether nothing about a revision is this tool's own: no header, no way down, no engine in a name.
fn is_plain(revision: &Revision) -> bool {
    let only_up = revision.down.is_empty() && revision.up.sqlite.is_none() && revision.up.postgres.is_none();
    let plain_script = |script: &super::folder::Script| script.transaction && script.lock_timeout.is_none();
    let has_block = |script: &super::folder::Script| script.text.contains("-- only:");
    only_up
        && !revision.up.all().any(has_block)
        && revision.up.all().all(plain_script)
        && revision.id == revision.stem()
        && revision.down_revisions.len() < 2
        && revision.depends_on.is_empty()
        && revision.branches.is_empty()
        && revision.replaces.is_empty()
        && revision.irreversible.is_none()
        && revision.only.is_none()
        && revision.booked.is_none()
}

fn is_taken_in_silence(text: &str) -> bool {
    let words = text.split(|c: char| !c.is_alphanumeric() && c != '_');
    words.map(str::to_lowercase).any(|word| TAKEN_IN_SILENCE.contains(&word.as_str()))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::migrate::folder;

    fn dialect(files: &[(&str, &str)], engine: Engine) -> Dialect {
        let migrator = Migrator::new(folder::from_embedded(files).expect("the folder is read")).expect("a graph");
        migrator.dialect(engine, &[]).expect("is decided").0
    }

    #[test]
    fn a_folder_that_another_tool_was_written_for_is_taken_as_it_is() {
        let files = [("V1__notes.sql", "create table notes (id integer primary key autoincrement, body);")];
        assert_eq!(dialect(&files, Engine::Sqlite), Dialect::Native);
        let portable = [("V1__notes.sql", "create table notes (id int primary key, body text);")];
        assert_eq!(dialect(&portable, Engine::Sqlite), Dialect::Portable);
    }

    #[test]
    fn a_folder_with_anything_of_ours_in_it_is_portable() {
        let files = [
            ("V1__notes.sql", "create table notes (id integer primary key autoincrement);"),
            ("V1__notes.down.sql", "drop table notes;"),
        ];
        assert_eq!(dialect(&files, Engine::Sqlite), Dialect::Portable);
    }

    #[test]
    fn a_folder_does_not_change_its_language_on_the_way() {
        let files = [
            ("V1__notes.sql", "create table notes (id int primary key, body text);"),
            ("V2__view.sql", "create view v as select 1;"),
        ];
        let migrator = Migrator::new(folder::from_embedded(&files).expect("is read")).expect("a graph");
        let record = Record::new("V1__notes", Recorded::Up, crate::migrate::state::Outcome::Done);
        let decided = |history: &[Record]| migrator.dialect(Engine::Sqlite, history).expect("is decided").0;
        assert_eq!(decided(&[]), Dialect::Native);
        assert_eq!(decided(std::slice::from_ref(&record)), Dialect::Portable);
        assert_eq!(decided(&[record.with_note(NATIVE_NOTE)]), Dialect::Native);
    }

    #[test]
    fn what_sqlite_would_take_in_silence_and_get_wrong_is_never_its_own() {
        let files = [("V1__notes.sql", "create table notes (id serial primary key);")];
        assert_eq!(dialect(&files, Engine::Sqlite), Dialect::Portable);
        assert_eq!(dialect(&files, Engine::Postgres), Dialect::Native);
    }
}
