//! What a joined revision says: the headers and scripts of those that it takes the place of, one after the other.

use std::collections::BTreeSet;
use std::path::PathBuf;

use crate::migrate::bookkeeping::{Bookkeeping, tools_said};
use crate::migrate::folder::{self, Booked, Revision, Scripts};
use crate::migrate::prepare::{Dialect, Reader};
use crate::migrate::{MigrateError, Migrator};
use crate::schema::Engine;
use crate::schema::language::write::write_changes;

/// Headers that have no meaning inside of another script.
const HEADERS: [&str; 10] = [
    "revision",
    "down_revision",
    "depends_on",
    "branch",
    "optional",
    "replaces",
    "irreversible",
    "lock_timeout",
    "transaction",
    "bookkeeping",
];
/// The texts of the new files.
pub(super) struct Texts {
    pub(super) up: String,
    /// Or why there is none.
    pub(super) down: Result<String, String>,
}

impl Texts {
    pub(super) fn of(migrator: &Migrator, last: &Revision, joined: &[&Revision]) -> Result<Self, MigrateError> {
        let down = way_down(migrator, joined);
        let mut up = String::new();
        if last.id != last.stem() {
            up.push_str(&format!("-- revision: {}\n", last.id));
        }
        up.push_str("-- down_revision: base\n");
        let labels: BTreeSet<&str> = joined.iter().flat_map(|one| &one.branches).map(String::as_str).collect();
        if !labels.is_empty() {
            up.push_str(&format!("-- branch: {}\n", labels.into_iter().collect::<Vec<_>>().join(", ")));
        }
        if joined.iter().all(|one| migrator.graph.is_optional(&one.id)) {
            up.push_str("-- optional: yes\n");
        }
        if let Some(words) = booked_by(joined) {
            up.push_str(&format!("-- bookkeeping: {words}\n"));
        }
        for one in joined {
            for checksum in one.all_checksums() {
                up.push_str(&format!("-- replaces: {} {checksum}\n", one.id));
            }
            for earlier in &one.replaces {
                up.push_str(&format!("-- replaces: {} {}\n", earlier.id, earlier.checksum));
            }
        }
        if let Err(why) = &down {
            up.push_str(&format!("-- irreversible: {why}\n"));
        }
        up.push_str(&longest_timeout(joined.iter().flat_map(|one| one.up.all())));
        for one in joined {
            up.push_str(&format!("\n-- {}\n{}", one.stem(), both_engines(&one.up)));
        }
        Ok(Self { up, down })
    }

    /// The new files' paths and texts.
    pub(super) fn named(&self, migrator: &Migrator, last: &Revision) -> Vec<(PathBuf, String)> {
        let place = last.path().parent().unwrap_or(&migrator.folder.path);
        let mut files = vec![(place.join(format!("{}.sql", last.stem())), self.up.clone())];
        files.extend(self.down.clone().ok().map(|text| (place.join(format!("{}.down.sql", last.stem())), text)));
        files
    }
}

/// What the joined revisions say of other tools' tables: none tells of them, or those that tell of any.
fn booked_by(joined: &[&Revision]) -> Option<String> {
    if joined.iter().all(|one| one.booked == Some(Booked::Nowhere)) {
        return Some("none".to_owned());
    }
    let tools = tools_said(joined.iter().copied());
    let words: BTreeSet<String> = tools.into_iter().map(Bookkeeping::flag).collect();
    (!words.is_empty()).then(|| words.into_iter().collect::<Vec<_>>().join(", "))
}

/// The ways down in reverse order, derived where there is none.
fn way_down(migrator: &Migrator, joined: &[&Revision]) -> Result<String, String> {
    let reader = Reader::new(migrator, Engine::Postgres, Dialect::Portable);
    let mut text = longest_timeout(joined.iter().flat_map(|one| one.down.all()));
    for one in joined.iter().rev() {
        if let Some(why) = &one.irreversible {
            return Err(format!("{}: {why}", one.stem()));
        }
        text.push_str(&format!("-- {}\n", one.stem()));
        if one.down.all().any(folder::Script::has_statement) {
            text.push_str(&both_engines(&one.down));
        } else {
            let changes = reader.derived_changes(one).map_err(|_| format!("{} has no way down", one.stem()))?;
            text.push_str(&write_changes(&changes));
        }
        text.push('\n');
    }
    Ok(text)
}

/// The header of the longest time that one of some scripts lets a statement wait for a lock.
fn longest_timeout<'s>(scripts: impl Iterator<Item = &'s folder::Script>) -> String {
    let longest = scripts.filter_map(|script| script.lock_timeout).max();
    longest.map_or_else(String::new, |timeout| format!("-- lock_timeout: {}ms\n", timeout.as_millis()))
}

/// Whether one engine runs a script of its own and the other the portable one; or an engine's own script holds the words
/// that would end its block.
pub(super) fn is_mixed(scripts: &Scripts) -> bool {
    let native = || scripts.sqlite.iter().chain(&scripts.postgres);
    let ends_block = |script: &folder::Script| script.text.lines().any(|line| line.trim_start().starts_with("-- end"));
    scripts.portable.is_some() && native().next().is_some() || native().any(ends_block)
}

/// Scripts as a part of a portable one: an engine's own stand in blocks that the other does not see.
fn both_engines(scripts: &Scripts) -> String {
    let block = |engine: &str, script: &Option<folder::Script>| {
        let text = script.as_ref().map(|script| without_headers(&script.text));
        text.map_or(String::new(), |text| format!("-- only: {engine}\n{text}-- end\n"))
    };
    match &scripts.portable {
        Some(portable) => without_headers(&portable.text),
        None => block("sqlite", &scripts.sqlite) + &block("postgres", &scripts.postgres),
    }
}

/// A script without the headers at its top, ended by a semicolon and a line end.
fn without_headers(text: &str) -> String {
    let is_header = |line: &str| {
        let key = line.trim_start().strip_prefix("--").and_then(|rest| rest.split_once(':'));
        key.is_some_and(|(key, _)| HEADERS.contains(&key.trim()))
    };
    let is_top = |line: &&str| line.trim().is_empty() || line.trim_start().starts_with("--");
    let top = text.lines().take_while(is_top).count();
    let kept = text.lines().enumerate().filter(|(at, line)| *at >= top || !is_header(line));
    let mut body: String = kept.map(|(_, line)| format!("{line}\n")).collect();
    let last = body.lines().rev().map(str::trim).find(|line| !line.is_empty() && !line.starts_with("--"));
    if last.is_some_and(|line| !line.ends_with(';')) {
        body.push_str(";\n");
    }
    body
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_headers_at_the_top_of_a_script_are_left_out() {
        let text = "-- why\n-- revision: a\n\n-- branch: b\ninsert into t values ('x\n-- branch: keep me\ny')";
        let body = "-- why\n\ninsert into t values ('x\n-- branch: keep me\ny');\n";
        assert_eq!(without_headers(text).replace(")\n;", ");"), body);
    }
}
