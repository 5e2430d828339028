//! Headers: comments at the top of a script that say what its file's name cannot.

use std::time::Duration;

use super::booked::{Booked, booked};
use super::key::{Key, Named, key_of};
use super::name::Way;
use crate::schema::Engine;

/// Words that name a place in the graph, and so can be no id.
const RESERVED: [&str; 5] = ["head", "heads", "base", "current", "none"];
/// Characters that mean something where ids are written, or that come from a list in another language.
const REFUSED: [char; 13] = ['@', ':', '+', ',', '"', '\'', '`', '(', ')', '[', ']', ';', '\\'];
/// PostgreSQL keeps its timeouts as milliseconds in a signed number of 32 bits.
const LONGEST_TIMEOUT: Duration = Duration::from_millis(i32::MAX as u64);
/// What other tools write into their scripts, which would be a comment here, and what to do instead.
const MARKERS: [(&str, &str); 6] = [
    ("-- migrate:down", OWN_FILE),
    ("-- +goose down", OWN_FILE),
    ("-- +migrate down", OWN_FILE),
    ("-- no-transaction", NO_TRANSACTION),
    ("-- +goose no transaction", NO_TRANSACTION),
    ("-- disable_ddl_transaction", NO_TRANSACTION),
];
const OWN_FILE: &str =
    "begins a way down, which would run with the way up; move it into a file `….down.sql` of its own";
const NO_TRANSACTION: &str = "is only a comment here; write `-- transaction: none`";

/// A revision whose place another one takes.
#[derive(Clone, Debug, PartialEq, Eq, serde::Serialize)]
pub struct Replaced {
    /// The id of the revision that is no more.
    pub id: String,
    /// The checksum that it had.
    pub checksum: String,
}

/// A value and the line where it stands.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Said<T> {
    pub(super) line: usize,
    pub(super) value: T,
}

/// All that the headers of one script say.
#[derive(Debug, Default)]
pub(super) struct Headers {
    pub(super) revision: Option<Said<String>>,
    pub(super) down_revision: Option<Said<Vec<String>>>,
    pub(super) depends_on: Option<Said<Vec<String>>>,
    pub(super) branch: Option<Said<Vec<String>>>,
    pub(super) optional: Option<Said<()>>,
    pub(super) irreversible: Option<Said<String>>,
    pub(super) replaces: Option<Said<Vec<Replaced>>>,
    pub(super) only: Option<Said<Engine>>,
    pub(super) bookkeeping: Option<Said<Booked>>,
    pub(super) no_transaction: Option<Said<()>>,
    pub(super) lock_timeout: Option<Said<Duration>>,
}

/// What was found at the top of a script.
#[derive(Debug, Default)]
pub(super) struct Top {
    pub(super) headers: Headers,
    /// What is wrong: the line, and what to do.
    pub(super) faults: Vec<(usize, String)>,
    /// Lines that would be headers if no SQL stood above them.
    pub(super) too_late: Vec<usize>,
}

impl Top {
    /// Reads the headers of a script that goes this way, on this engine or on both.
    pub(super) fn read(text: &str, way: Way, engine: Option<Engine>) -> Self {
        let mut top = Self::default();
        let mut region = Region::Open;
        for (index, line) in text.lines().enumerate() {
            let (line, number) = (line.trim(), index + 1);
            let small = line.to_ascii_lowercase();
            for (_, told) in MARKERS.iter().filter(|(marker, _)| small.starts_with(marker)) {
                top.faults.push((number, format!("`{line}` {told}")));
            }
            region = region.after(line);
            let named = line.strip_prefix("--").and_then(key_of);
            // In portable SQL, `-- only: postgres` opens a block of statements for one engine.
            if engine.is_none() && matches!(named, Some((Named::Known(Key::Only), _))) {
                region = Region::Closed;
            }
            top.take(region, number, named, way);
        }
        top
    }

    fn take(&mut self, region: Region, line: usize, named: Option<(Named, &str)>, way: Way) {
        match (region, named) {
            (Region::Open, Some((Named::Known(key), text))) => {
                let taken = allowed(key, way).and_then(|()| self.headers.take(key, text, line));
                self.faults.extend(taken.err().map(|fault| (line, fault)));
            }
            (Region::Open, Some((Named::Near(written, key), _))) => self.faults.push((
                line,
                format!("`{written}:` is no header; write `-- {}: …`, or word the comment without a colon", key.word()),
            )),
            (Region::Closed, Some((Named::Known(key), _))) if key != Key::Only => self.too_late.push(line),
            _ => {}
        }
    }
}

/// Where a line stands: headers end where SQL begins.
#[derive(Clone, Copy)]
enum Region {
    Open,
    Comment,
    Closed,
}

impl Region {
    fn after(self, line: &str) -> Self {
        let inside = matches!(self, Self::Comment) || matches!(self, Self::Open) && line.starts_with("/*");
        match (self, line.split_once("*/")) {
            (Self::Closed, _) => Self::Closed,
            (_, Some((_, ""))) if inside => Self::Open,
            (_, Some(_)) if inside => Self::Closed,
            (_, None) if inside => Self::Comment,
            _ if line.is_empty() || line.starts_with("--") => Self::Open,
            _ => Self::Closed,
        }
    }
}

impl Headers {
    fn take(&mut self, key: Key, text: &str, line: usize) -> Result<(), String> {
        match key {
            Key::Revision => once(&mut self.revision, key, line, id(text)?),
            Key::DownRevision => once(&mut self.down_revision, key, line, parents(text)?),
            Key::DependsOn => once(&mut self.depends_on, key, line, ids(text)?),
            Key::Branch => once(&mut self.branch, key, line, ids(text)?),
            Key::Optional if text == "yes" => once(&mut self.optional, key, line, ()),
            Key::Optional => {
                Err("`optional` takes one value, `yes`; without it every installation has the branch".into())
            }
            Key::Irreversible => once(&mut self.irreversible, key, line, reason(text)?),
            Key::Only => once(&mut self.only, key, line, engine(text)?),
            Key::Bookkeeping => once(&mut self.bookkeeping, key, line, booked(text)?),
            Key::LockTimeout => once(&mut self.lock_timeout, key, line, timeout(text)?),
            Key::Transaction if text == "none" => once(&mut self.no_transaction, key, line, ()),
            Key::Transaction => {
                Err("`transaction` takes one value, `none`; without it a script is one transaction".into())
            }
            Key::Replaces => {
                let said = self.replaces.get_or_insert(Said { line, value: Vec::new() });
                said.value.extend(replaced(text)?);
                Ok(())
            }
        }
    }
}

/// A way down shares everything with its way up but how it runs.
fn allowed(key: Key, way: Way) -> Result<(), String> {
    if way == Way::Up || matches!(key, Key::Transaction | Key::LockTimeout) {
        return Ok(());
    }
    Err(format!("`{}` is said by the way up, for both ways; move the line there", key.word()))
}

fn once<T>(slot: &mut Option<Said<T>>, key: Key, line: usize, value: T) -> Result<(), String> {
    if let Some(said) = slot {
        return Err(format!("`{}` is said in line {} already; say it once", key.word(), said.line));
    }
    *slot = Some(Said { line, value });
    Ok(())
}

/// Checks that a text can be the id of a revision or the label of a branch.
pub(super) fn id(text: &str) -> Result<String, String> {
    if text.is_empty() {
        return Err("an id is missing after the colon".to_owned());
    }
    if RESERVED.contains(&text.to_ascii_lowercase().as_str()) {
        return Err(format!("`{text}` names a place in the graph and can be no id; take another word"));
    }
    if text.contains(char::is_whitespace) {
        return Err(format!("{text:?} holds a space; write one id, or several with commas between them"));
    }
    if let Some(c) = text.chars().find(|c| c.is_control() || REFUSED.contains(c)) {
        return Err(format!("{c:?} may not stand in an id; write ids plainly, several with commas between them"));
    }
    if text.starts_with('-') || text.contains("..") {
        return Err(format!("`{text}` begins with `-` or holds `..`, as no id does; take another word"));
    }
    Ok(text.to_owned())
}

fn ids(text: &str) -> Result<Vec<String>, String> {
    let ids: Vec<String> = text.split(',').map(|part| id(part.trim())).collect::<Result<_, _>>()?;
    let twice = ids.iter().enumerate().find(|(index, id)| ids[..*index].contains(id));
    twice.map_or(Ok(()), |(_, id)| Err(format!("`{id}` is named twice; name it once")))?;
    Ok(ids)
}

/// The parents; `none` and `base` mean that there is none.
fn parents(text: &str) -> Result<Vec<String>, String> {
    if matches!(text, "none" | "base") { Ok(Vec::new()) } else { ids(text) }
}

fn reason(text: &str) -> Result<String, String> {
    if text.is_empty() {
        return Err("say why after `irreversible:`; it is shown to whoever tries the way down".to_owned());
    }
    Ok(text.to_owned())
}

fn engine(text: &str) -> Result<Engine, String> {
    match text {
        "sqlite" => Ok(Engine::Sqlite),
        "postgres" => Ok(Engine::Postgres),
        _ => Err(format!("`only: {text}` names no engine; write `sqlite` or `postgres`")),
    }
}

fn replaced(text: &str) -> Result<Vec<Replaced>, String> {
    let one = |part: &str| {
        let mut words = part.split_whitespace();
        let (Some(name), Some(checksum), None) = (words.next(), words.next(), words.next()) else {
            return Err(format!(
                "`{}` is not an id and its checksum; write `-- replaces: ID CHECKSUM, …`",
                part.trim()
            ));
        };
        let hexadecimal = checksum.len() == 64 && checksum.bytes().all(|byte| byte.is_ascii_hexdigit());
        let checksum = hexadecimal.then(|| checksum.to_ascii_lowercase());
        let checksum =
            checksum.ok_or_else(|| format!("what follows `{name}` is no checksum of 64 hexadecimal digits"))?;
        Ok(Replaced { id: id(name)?, checksum })
    };
    text.split(',').map(one).collect()
}

fn timeout(text: &str) -> Result<Duration, String> {
    let fault =
        || format!("`{text}` is no span of time; write a whole number with its unit, such as 500ms, 3s or 2min");
    let digits = text.bytes().take_while(u8::is_ascii_digit).count();
    let (number, unit) = text.split_at(digits);
    let unit_ms = match unit.trim() {
        "ms" => 1,
        "s" => 1_000,
        "min" => 60_000,
        _ => return Err(fault()),
    };
    let ms = number.parse::<u64>().ok().and_then(|number| number.checked_mul(unit_ms)).ok_or_else(fault)?;
    let span = Duration::from_millis(ms);
    if span.is_zero() || span > LONGEST_TIMEOUT {
        return Err(format!("`{text}` is not between 1ms and {}s", LONGEST_TIMEOUT.as_secs()));
    }
    Ok(span)
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn headers(text: &str) -> Headers {
        let top = Top::read(text, Way::Up, None);
        assert_eq!(top.faults, [], "{text}");
        top.headers
    }

    fn fault(text: &str) -> String {
        let top = Top::read(text, Way::Up, Some(Engine::Sqlite));
        assert_eq!(top.faults.len(), 1, "{text}: {:?}", top.faults);
        top.faults[0].1.clone()
    }

    #[test]
    fn headers_stand_in_the_comments_above_the_sql() {
        let text = "\n-- Adds the mail address.\n/* licence:\n   revision: not this */\n-- revision: 3f9a1c7d2b44\n\
                    --down_revision : a, b-1\n-- depends_on: c\n-- branch: billing, more\n-- transaction: none\n\
                    -- lock_timeout: 3s\n-- irreversible: the old names: gone\nselect 1;\n";
        let found = headers(text);
        assert_eq!(found.revision, Some(Said { line: 5, value: "3f9a1c7d2b44".to_owned() }));
        assert_eq!(found.down_revision.map(|said| said.value), Some(vec!["a".to_owned(), "b-1".to_owned()]));
        assert_eq!(found.depends_on.map(|said| said.value), Some(vec!["c".to_owned()]));
        assert_eq!(found.branch.map(|said| said.value.len()), Some(2));
        assert_eq!(found.no_transaction.map(|said| said.line), Some(9));
        assert_eq!(found.lock_timeout.map(|said| said.value), Some(Duration::from_secs(3)));
        assert_eq!(found.irreversible.map(|said| said.value), Some("the old names: gone".to_owned()));
    }

    #[test]
    fn a_base_has_no_parents() {
        for text in ["-- down_revision: none", "-- down_revision: base"] {
            assert_eq!(headers(text).down_revision.map(|said| said.value), Some(Vec::new()));
        }
    }

    #[test]
    fn replaced_revisions_may_take_several_lines() {
        let sum = "ab".repeat(32);
        let found = headers(&format!("-- replaces: a {sum}, b {sum}\n-- replaces: c {sum}\n")).replaces;
        let ids: Vec<String> = found.expect("is said").value.into_iter().map(|replaced| replaced.id).collect();
        assert_eq!(ids, ["a", "b", "c"]);
        assert!(fault("-- replaces: a").contains("ID CHECKSUM"));
        assert!(fault("-- replaces: a beef").contains("64 hexadecimal"));
    }

    #[test]
    fn a_header_below_sql_is_told_and_not_taken() {
        let top = Top::read("select 1;\n-- transaction: none\n", Way::Up, None);
        assert_eq!((top.headers.no_transaction, top.too_late), (None, vec![2]));
        let top = Top::read("-- only: postgres\n-- transaction: none\nselect 1;\n-- end\n", Way::Up, None);
        assert_eq!((top.headers.only, top.headers.no_transaction, top.too_late), (None, None, vec![2]));
        let top = Top::read("/* x */ select 1;\n-- branch: b\n", Way::Up, None);
        assert_eq!(top.too_late, [2]);
    }

    #[test]
    fn a_way_down_says_only_how_it_runs() {
        let top = Top::read("-- transaction: none\n-- lock_timeout: 1s\n-- revision: a\n", Way::Down, None);
        assert!(top.headers.no_transaction.is_some() && top.headers.lock_timeout.is_some());
        assert!(top.faults[0].1.contains("move the line there"), "{:?}", top.faults);
    }

    #[test]
    fn a_wrong_header_says_what_to_do() {
        for (text, told) in [
            ("-- down_revison: a", "write `-- down_revision: …`"),
            ("-- Revision: a", "write `-- revision: …`"),
            ("-- revision:", "missing"),
            ("-- revision: a b", "commas"),
            ("-- revision: head", "no id"),
            ("-- revision: a@b", "'@'"),
            ("-- revision: a..b", "`..`"),
            ("-- revision: -a", "`-`"),
            ("-- down_revision: ('a', 'b')", "'('"),
            ("-- down_revision: a,", "missing"),
            ("-- down_revision: a, a", "twice"),
            ("-- down_revision: a, none", "no id"),
            ("-- revision: a\n-- revision: b", "line 1 already"),
            ("-- transaction: off", "`none`"),
            ("-- optional: no", "`yes`"),
            ("-- lock_timeout: 3", "3s"),
            ("-- lock_timeout: 0s", "between"),
            ("-- lock_timeout: 99999999999999999999s", "no span"),
            ("-- lock_timeout: 36000min", "between"),
            ("-- irreversible:", "say why"),
            ("-- only: mysql", "no engine"),
            ("select 1;\n-- migrate:down\nselect 2;", "a file `….down.sql` of its own"),
            ("-- no-transaction\nselect 1;", "`-- transaction: none`"),
        ] {
            let fault = fault(text);
            assert!(fault.contains(told), "{text}: {fault}");
        }
    }

    proptest! {
        #[test]
        fn any_text_is_read_or_refused(text in "(\\PC|\n|-- |/\\*|\\*/|revision: ){0,60}") {
            let top = Top::read(&text, Way::Up, None);
            prop_assert!(top.faults.iter().all(|(line, _)| *line <= text.lines().count()));
        }
    }
}
