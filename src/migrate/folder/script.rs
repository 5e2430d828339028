//! The scripts of a revision: one for both engines, or one for each.

use std::path::PathBuf;
use std::time::Duration;

use super::checksum::{self, normal};
use super::header::Headers;
use crate::schema::Engine;

/// What a script is written in.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Language {
    /// The schema file's language and DML that both engines take.
    Portable,
    /// The engine's own SQL.
    Native,
}

/// One file of SQL.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Script {
    /// The file.
    pub path: PathBuf,
    /// Its text with line ends as on Unix and without a byte order mark; its lines are those of the file.
    pub text: String,
    /// Whether it runs as one transaction; not so with `-- transaction: none`.
    pub transaction: bool,
    /// How long it may wait for a lock, where it says so.
    pub lock_timeout: Option<Duration>,
    /// The text as it is in the file, where that differs.
    as_written: Option<String>,
}

/// The scripts of one way, up or down.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Scripts {
    /// The one for both engines.
    pub portable: Option<Script>,
    /// The one for SQLite, which takes the portable one's place there.
    pub sqlite: Option<Script>,
    /// The one for PostgreSQL, which takes the portable one's place there.
    pub postgres: Option<Script>,
}

impl Script {
    pub(super) fn new(path: PathBuf, as_written: String, headers: &Headers) -> Self {
        let text = normal(&as_written).into_owned();
        Self {
            path,
            transaction: headers.no_transaction.is_none(),
            lock_timeout: headers.lock_timeout.as_ref().map(|said| said.value),
            as_written: (text != as_written).then_some(as_written),
            text,
        }
    }

    /// The text as it is in the file: with its line ends and its byte order mark.
    pub fn as_written(&self) -> &str {
        self.as_written.as_deref().unwrap_or(&self.text)
    }

    /// Tells whether there is anything to run, besides comments.
    pub fn has_statement(&self) -> bool {
        let mut rest = self.text.as_str();
        loop {
            rest = rest.trim_start_matches(|c: char| c.is_whitespace() || c == ';');
            rest = if rest.starts_with("--") {
                rest.split_once('\n').map_or("", |(_, after)| after)
            } else if rest.starts_with("/*") {
                after_comment(rest)
            } else {
                return !rest.is_empty();
            };
        }
    }
}

/// What follows a block comment, which PostgreSQL lets hold others.
fn after_comment(text: &str) -> &str {
    let mut depth = 0_usize;
    let mut rest = text;
    loop {
        if let Some(after) = rest.strip_prefix("/*") {
            (depth, rest) = (depth + 1, after);
        } else if let Some(after) = rest.strip_prefix("*/") {
            (depth, rest) = (depth - 1, after);
            if depth == 0 {
                return rest;
            }
        } else {
            let mut letters = rest.chars();
            if letters.next().is_none() {
                return "";
            }
            rest = letters.as_str();
        }
    }
}

impl Scripts {
    /// The script that runs on an engine, and what it is written in.
    pub fn for_engine(&self, engine: Engine) -> Option<(&Script, Language)> {
        let native = self.native(engine).map(|script| (script, Language::Native));
        native.or_else(|| self.portable.as_ref().map(|script| (script, Language::Portable)))
    }

    /// The script that is written for one engine.
    pub fn native(&self, engine: Engine) -> Option<&Script> {
        match engine {
            Engine::Sqlite => self.sqlite.as_ref(),
            Engine::Postgres => self.postgres.as_ref(),
        }
    }

    /// All scripts, the portable one first.
    pub fn all(&self) -> impl Iterator<Item = &Script> {
        [&self.portable, &self.sqlite, &self.postgres].into_iter().flatten()
    }

    /// Tells whether there is none.
    pub fn is_empty(&self) -> bool {
        self.all().next().is_none()
    }

    pub(super) fn put(&mut self, engine: Option<Engine>, script: Script) {
        let place = match engine {
            None => &mut self.portable,
            Some(Engine::Sqlite) => &mut self.sqlite,
            Some(Engine::Postgres) => &mut self.postgres,
        };
        *place = Some(script);
    }

    /// The SHA-256 of all texts, in hexadecimal digits: the same for every checkout, another after every edit.
    pub fn whole_checksum(&self) -> String {
        checksum::sha256(self.labelled().into_iter())
    }

    /// The SHA-256 of the text that runs on an engine, labelled by what it is written for.
    pub fn checksum(&self, engine: Engine) -> String {
        checksum::sha256(self.labelled().into_iter().filter(|(label, _)| self.label(engine) == Some(*label)))
    }

    /// The checksums of the text that runs on an engine: alone, and with any of the other texts, which may have come later.
    pub fn checksums(&self, engine: Engine) -> Vec<String> {
        let texts = self.labelled();
        let with =
            |some: usize| texts.iter().enumerate().filter(move |(at, _)| some & (1 << at) != 0).map(|(_, text)| *text);
        let own = |some: &usize| self.label(engine).is_none_or(|label| with(*some).any(|(other, _)| other == label));
        (0..1_usize << texts.len()).filter(own).map(|some| checksum::sha256(with(some))).collect()
    }

    /// What the script is written for that runs on an engine.
    fn label(&self, engine: Engine) -> Option<&'static str> {
        match (self.native(engine), engine) {
            (Some(_), Engine::Sqlite) => Some("sqlite"),
            (Some(_), Engine::Postgres) => Some("postgres"),
            (None, _) => self.portable.as_ref().map(|_| "portable"),
        }
    }

    fn labelled(&self) -> Vec<(&'static str, &str)> {
        let all = [("portable", &self.portable), ("sqlite", &self.sqlite), ("postgres", &self.postgres)];
        all.into_iter().filter_map(|(label, script)| Some((label, script.as_ref()?.text.as_str()))).collect()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn script(text: &str) -> Script {
        Script::new(PathBuf::from("V1__x.sql"), text.to_owned(), &Headers::default())
    }

    #[test]
    fn comments_alone_are_no_statement() {
        for text in ["", "\n ;; \n", "-- a", "-- a\n/* b /* c */ d */ ;\n-- e\n", "/* never closed", "/*"] {
            assert!(!script(text).has_statement(), "{text:?}");
        }
        for text in ["select 1", "-- a\nselect 1;", "/* a */ select 1", "/* /* */ */ x", "'--'"] {
            assert!(script(text).has_statement(), "{text:?}");
        }
    }

    #[test]
    fn an_engine_s_own_script_takes_the_portable_one_s_place() {
        let mut scripts = Scripts::default();
        assert_eq!(scripts.for_engine(Engine::Sqlite), None);
        scripts.put(None, script("portable"));
        scripts.put(Some(Engine::Sqlite), script("sqlite"));
        let (found, language) = scripts.for_engine(Engine::Sqlite).expect("there is one");
        assert_eq!((found.text.as_str(), language), ("sqlite", Language::Native));
        let (found, language) = scripts.for_engine(Engine::Postgres).expect("there is one");
        assert_eq!((found.text.as_str(), language), ("portable", Language::Portable));
    }

    #[test]
    fn a_text_has_unix_line_ends_and_remembers_its_own() {
        let script = script("\u{feff}a;\r\nb;\r\n");
        assert_eq!((script.text.as_str(), script.as_written()), ("a;\nb;\n", "\u{feff}a;\r\nb;\r\n"));
    }

    #[test]
    fn a_text_for_one_engine_is_another_than_the_same_for_both() {
        let (mut one, mut both) = (Scripts::default(), Scripts::default());
        one.put(Some(Engine::Sqlite), script("a"));
        both.put(None, script("a"));
        assert_ne!(one.checksum(Engine::Sqlite), both.checksum(Engine::Sqlite));
    }

    #[test]
    fn a_script_for_the_other_engine_is_no_edit() {
        let mut scripts = Scripts::default();
        scripts.put(None, script("a"));
        let (before, whole_before) = (scripts.checksum(Engine::Sqlite), scripts.whole_checksum());
        assert_eq!(before, whole_before);
        scripts.put(Some(Engine::Postgres), script("b"));
        assert_eq!(scripts.checksum(Engine::Sqlite), before);
        assert!(scripts.checksums(Engine::Sqlite).contains(&scripts.whole_checksum()), "an earlier record's form");
        assert!(!scripts.checksums(Engine::Postgres).contains(&before));
        scripts.put(None, script("c"));
        assert!(!scripts.checksums(Engine::Sqlite).contains(&before));
    }
}
