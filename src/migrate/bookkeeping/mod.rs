//! Other tools' tables of history, kept true beside our own in the revision's own transaction, so that the application or
//! its old tool goes on working.

mod alembic;
mod find;
mod peewee;
mod refinery;
mod unbooked;

use std::collections::{BTreeMap, BTreeSet};

pub(super) use find::{Entry, Found, find};
use unbooked::{Unbooked, is_unbooked};

use super::Migrator;
use super::apply::{Failure, Manner, Ready};
use super::error::MigrateError;
use super::folder::{Booked, Revision};
use super::matching::meant;
use super::state::{Record, Recorded};
use crate::database::Database;
use crate::schema::Engine;

/// A tool whose table can be kept true.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Bookkeeping {
    /// `alembic_version`: the heads.
    Alembic,
    /// `migratehistory`: a row for each revision.
    Peewee,
    /// `refinery_schema_history`: a row for each numbered revision, with refinery's checksum.
    Refinery,
}

impl Bookkeeping {
    /// The tool's name, as the shapes of histories have it.
    pub fn tool(self) -> &'static str {
        match self {
            Self::Alembic => "Alembic",
            Self::Peewee => "peewee",
            Self::Refinery => "refinery",
        }
    }

    /// The tool that is called so on the command line and in headers.
    pub(super) fn by_word(word: &str) -> Option<Self> {
        TOOLS.into_iter().find(|tool| tool.flag() == word)
    }

    /// Its word on the command line.
    pub(super) fn flag(self) -> String {
        self.tool().to_lowercase()
    }

    /// The table of this tool that is meant where there are several: the one that says what ours does, then the one with
    /// the tool's usual name. Tables in other applications' schemas are theirs.
    fn table_among<'f>(self, found: &'f [Found], rows: &[&BTreeSet<String>]) -> Option<&'f Found> {
        let mut of_tool: Vec<&Found> =
            found.iter().filter(|found| found.near && found.shape.tool == self.tool()).collect();
        let is_equal = |found: &Found| self == Self::Alembic && rows.contains(&&found.ids());
        of_tool.sort_by_key(|found| (!is_equal(found), found.table != self.usual_table()));
        of_tool.first().copied()
    }

    /// A table that is to be kept true must be true.
    fn refuse_disagreement(self, found: &Found, ours: &Ours<'_>) -> Result<(), MigrateError> {
        if self == Self::Alembic {
            return Err(differs(found, ours.rows));
        }
        let revisions = &ours.migrator.folder.revisions;
        let theirs: BTreeSet<&str> =
            found.entries.iter().filter_map(|entry| meant(entry, revisions)).map(|one| one.id.as_str()).collect();
        let has_row = |one: &&&Revision| self != Self::Refinery || one.refinery_checksums(ours.engine).is_some();
        let lacking: Vec<&str> =
            ours.applied.iter().filter(has_row).map(|one| one.id.as_str()).filter(|id| !theirs.contains(id)).collect();
        let is_ours = |id: &&str| ours.applied.iter().any(|one| one.id == **id);
        let ahead: Vec<&str> = theirs.iter().copied().filter(|id| !is_ours(id)).collect();
        let what = match (lacking.is_empty(), ahead.is_empty()) {
            (true, true) => return Ok(()),
            (false, _) => format!("lacks {}", lacking.join(", ")),
            (true, false) => format!("tells of {}, which strait's own records do not", ahead.join(", ")),
        };
        Err(MigrateError::BookkeepingUntrue {
            tool: self.tool(),
            table: found.table.clone(),
            what,
            mend: self.stamp_at(ours.rows),
        })
    }

    fn no_table(self, rows: &BTreeSet<String>) -> MigrateError {
        MigrateError::Usage(format!(
            "there is no table of {} in this database, and revisions are applied already: make it first with `{}`",
            self.tool(),
            self.stamp_at(rows)
        ))
    }

    /// The command that makes its table say what ours does.
    fn stamp_at(self, rows: &BTreeSet<String>) -> String {
        let at = if rows.is_empty() { "base".into() } else { rows.iter().cloned().collect::<Vec<_>>().join(" ") };
        format!("strait migrate stamp {at} --bookkeeping {}", self.flag())
    }

    fn usual_table(self) -> &'static str {
        match self {
            Self::Alembic => "alembic_version",
            Self::Peewee => "migratehistory",
            Self::Refinery => "refinery_schema_history",
        }
    }
}

/// All of them.
const TOOLS: [Bookkeeping; 3] = [Bookkeeping::Alembic, Bookkeeping::Peewee, Bookkeeping::Refinery];

/// What stands in a note of the history before the names of tables.
const KEPT_NOTE: &str = "kept: ";

/// One table that is kept true.
#[derive(Clone, Debug)]
pub(super) struct Book {
    tool: Bookkeeping,
    /// The table's name, quoted, with its schema where it was found in one.
    table: String,
    /// The table as people know it.
    shown: String,
    /// The declared type of its column of versions, where the table was found.
    version_type: Option<String>,
    /// What the table calls revisions of which it tells already, by their ids.
    names: BTreeMap<String, String>,
}

/// What our own records say.
pub(super) struct Ours<'m> {
    pub(super) migrator: &'m Migrator,
    pub(super) engine: Engine,
    /// The version rows.
    pub(super) rows: &'m BTreeSet<String>,
    /// The revisions that were applied, parents first.
    pub(super) applied: &'m [&'m Revision],
    /// The history, oldest first.
    pub(super) history: &'m [Record],
}

/// The tables that are kept true during a run.
#[derive(Clone, Debug, Default)]
pub(super) struct Books {
    books: Vec<Book>,
    /// The revisions that none of the tables tells of.
    unbooked: Option<Unbooked>,
    /// What a person should know.
    pub(super) notices: Vec<String>,
}

impl Books {
    /// Chooses the tables for a run: those asked for, and Alembic's when it stands where ours does. Where it stands at
    /// another of our revisions, Alembic has moved the database.
    pub(super) fn open(wanted: &[Bookkeeping], found: &[Found], ours: &Ours<'_>) -> Result<Self, MigrateError> {
        let mut books = Self { unbooked: Unbooked::of(ours.migrator), ..Self::default() };
        let (rows, applied) = (books.without(ours.rows), booked(ours.applied));
        let ours = &Ours { rows: &rows, applied: &applied, ..*ours };
        let revisions = &ours.migrator.folder.revisions;
        let said = tools_said(revisions);
        for tool in TOOLS {
            let asked = wanted.contains(&tool);
            match tool.table_among(found, &[ours.rows]) {
                Some(found) if tool == Bookkeeping::Alembic && found.ids() == *ours.rows => {
                    books.books.push(Book::of(tool, found, revisions));
                }
                Some(found) if asked || tool == Bookkeeping::Alembic && has_moved(found, ours) => {
                    tool.refuse_disagreement(found, ours)?;
                    books.books.push(Book::of(tool, found, revisions));
                }
                Some(_) if !said.is_empty() && !said.contains(&tool) => {}
                Some(found) => books.notices.push(not_kept(tool, found, ours.rows)),
                None if (asked || said.contains(&tool)) && ours.rows.is_empty() => books.books.push(Book::fresh(tool)),
                None if asked => return Err(tool.no_table(ours.rows)),
                None => {}
            }
        }
        Ok(books)
    }

    /// Chooses the tables for a stamp: those asked for, and Alembic's when it stands where ours did or will.
    pub(super) fn for_stamp(
        wanted: &[Bookkeeping],
        found: &[Found],
        before: &BTreeSet<String>,
        after: &BTreeSet<String>,
        migrator: &Migrator,
    ) -> Self {
        let mut books = Self { unbooked: Unbooked::of(migrator), ..Self::default() };
        let (before, after) = (&books.without(before), &books.without(after));
        let revisions = &migrator.folder.revisions;
        let said = tools_said(revisions);
        for tool in TOOLS {
            let asked = wanted.contains(&tool);
            match tool.table_among(found, &[after, before]) {
                Some(found) if asked => books.books.push(Book::of(tool, found, revisions)),
                Some(found) if tool == Bookkeeping::Alembic && [before, after].contains(&&found.ids()) => {
                    books.books.push(Book::of(tool, found, revisions));
                }
                Some(_) if !said.is_empty() && !said.contains(&tool) => {}
                Some(found) => books.notices.push(not_kept(tool, found, after)),
                // At base, the first revision makes the table itself.
                None if asked || said.contains(&tool) && !after.is_empty() => books.books.push(Book::fresh(tool)),
                None => {}
            }
        }
        books
    }

    /// What the history notes of a step: the tables that were kept true with it.
    pub(super) fn note(&self) -> Option<String> {
        let tables: Vec<&str> = self.books.iter().map(|book| book.shown.as_str()).collect();
        (!tables.is_empty()).then(|| format!("{KEPT_NOTE}{}", tables.join(", ")))
    }

    /// Runs the script through refinery where its table is kept, so that the row is its own; tells whether it did.
    pub(super) async fn run(
        &self,
        database: &mut Database,
        ready: &Ready<'_>,
        revisions: &[Revision],
        manner: Manner,
    ) -> Result<bool, Failure> {
        match self.books.iter().find(|book| book.tool == Bookkeeping::Refinery) {
            Some(_) if is_unbooked(ready.revision) => Ok(false),
            Some(book) => refinery::run(book, database, ready, revisions, manner).await,
            None => Ok(false),
        }
    }

    /// Writes what a step means in each table, inside the step's transaction; `before` are our version rows before it.
    pub(super) async fn record(
        &self,
        database: &mut Database,
        ready: &Ready<'_>,
        before: &BTreeSet<String>,
        script_booked: bool,
    ) -> Result<(), MigrateError> {
        let change = &ready.step.version;
        let change = self.unbooked.as_ref().map_or_else(|| change.clone(), |own| own.change(before, change));
        for book in &self.books {
            match book.tool {
                Bookkeeping::Alembic if change.is_empty() => {}
                Bookkeeping::Alembic => alembic::record(book, database, &change).await?,
                _ if is_unbooked(ready.revision) => {}
                Bookkeeping::Peewee => peewee::record(book, database, ready.revision, ready.step.way).await?,
                Bookkeeping::Refinery if script_booked => {}
                Bookkeeping::Refinery => refinery::record(book, database, ready.revision, ready.step.way).await?,
            }
        }
        Ok(())
    }

    /// Brings each table to what a stamp says: the heads, and the revisions that are applied, parents first.
    pub(super) async fn stamp(
        &self,
        database: &mut Database,
        heads: &BTreeSet<String>,
        applied: &[&Revision],
        revisions: &[Revision],
    ) -> Result<(), MigrateError> {
        let (heads, applied) = (self.without(heads), booked(applied));
        for book in &self.books {
            match book.tool {
                Bookkeeping::Alembic => alembic::set(book, database, &heads).await?,
                Bookkeeping::Peewee => peewee::set(book, database, &applied, revisions).await?,
                Bookkeeping::Refinery => refinery::set(book, database, &applied, revisions).await?,
            }
        }
        Ok(())
    }

    /// Our version rows as other tools know them.
    fn without(&self, rows: &BTreeSet<String>) -> BTreeSet<String> {
        self.unbooked.as_ref().map_or_else(|| rows.clone(), |unbooked| unbooked.without(rows))
    }
}

/// The revisions of which other tools' tables tell.
fn booked<'r>(revisions: &[&'r Revision]) -> Vec<&'r Revision> {
    revisions.iter().copied().filter(|revision| !is_unbooked(revision)).collect()
}

/// The tools whose tables a folder says it keeps true.
pub(super) fn tools_said<'r>(revisions: impl IntoIterator<Item = &'r Revision>) -> Vec<Bookkeeping> {
    let said = revisions.into_iter().filter_map(|revision| match &revision.booked {
        Some(Booked::By(tools)) => Some(tools.clone()),
        _ => None,
    });
    said.flatten().collect()
}

impl Book {
    fn of(tool: Bookkeeping, found: &Found, revisions: &[Revision]) -> Self {
        let (table, shown) = (found.quoted.clone(), found.table.clone());
        let name = |entry: &Entry| Some((meant(entry, revisions)?.id.clone(), entry.id.clone()));
        let names = found.entries.iter().filter_map(name).collect();
        Self { tool, table, shown, version_type: found.id_type.clone(), names }
    }

    /// A table that does not exist yet.
    fn fresh(tool: Bookkeeping) -> Self {
        let shown = tool.usual_table().to_owned();
        Self { tool, table: shown.clone(), shown, version_type: None, names: BTreeMap::new() }
    }

    /// Makes the table as its tool does, when it is not there.
    async fn ensure(&self, database: &mut Database, columns: &str) -> Result<(), MigrateError> {
        if self.version_type.is_some() {
            return Ok(());
        }
        let sql = format!("create table if not exists {} ({columns})", self.table);
        database.execute(&format!("create table {}", self.shown), &sql, &[]).await?;
        Ok(())
    }
}

/// Whether Alembic's table, which is kept true without being asked for, speaks of this folder's revisions and says
/// something else than ours. An empty one does when it was ours to keep: then Alembic has gone down to base.
fn has_moved(found: &Found, ours: &Ours<'_>) -> bool {
    match found.entries.is_empty() {
        true => ours.history.iter().any(|record| was_kept(&found.table, record)),
        false => found.entries.iter().all(|entry| ours.migrator.graph.contains(&entry.id)),
    }
}

/// Whether a record says that a table was kept true with it, or that another tool's history was taken over.
fn was_kept(table: &str, record: &Record) -> bool {
    let names = |note: &str| note.strip_prefix(KEPT_NOTE).is_some_and(|kept| kept.split(", ").any(|one| one == table));
    record.way == Recorded::Adopt || record.notes().any(names)
}

/// Alembic's table stands elsewhere than ours.
fn differs(found: &Found, rows: &BTreeSet<String>) -> MigrateError {
    MigrateError::BookkeepingDiffers {
        mend: Bookkeeping::Alembic.stamp_at(rows),
        tool: found.shape.tool,
        table: found.table.clone(),
        theirs: in_words(&found.ids()),
        ours: in_words(rows),
    }
}

/// Tells of a table that is left as it is.
fn not_kept(tool: Bookkeeping, found: &Found, rows: &BTreeSet<String>) -> String {
    let (table, name, flag) = (&found.table, tool.tool(), tool.flag());
    match tool {
        Bookkeeping::Alembic => format!(
            "table {table} of {name} says {} and strait's own says {}; it is left as it is: if {name} or the application \
             still reads it, set it right with `strait migrate stamp REV --bookkeeping {flag}`",
            in_words(&found.ids()),
            in_words(rows)
        ),
        _ => format!(
            "table {table} of {name} is left as it is; if {name} or the application still reads it, add --bookkeeping {flag}"
        ),
    }
}

/// Version rows as they stand in a sentence.
pub(super) fn in_words(rows: &BTreeSet<String>) -> String {
    if rows.is_empty() { "base".into() } else { rows.iter().cloned().collect::<Vec<_>>().join(", ") }
}
