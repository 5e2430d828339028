//! Why the runner could not do its work.

use super::folder::FolderError;
use super::graph::{GraphError, PlanError};
use super::place::Place;
use crate::database::{DatabaseError, LocationError, StatementError};
use crate::schema::language::LanguageError;

/// Why the runner could not do its work.
#[derive(Debug, thiserror::Error)]
pub enum MigrateError {
    /// The folder of revisions is not in order.
    #[error(transparent)]
    Folder(#[from] FolderError),
    /// The revisions do not hang together.
    #[error(transparent)]
    Graph(#[from] GraphError),
    /// There is no way from here to there.
    #[error(transparent)]
    Plan(#[from] PlanError),
    /// The database's location has no meaning.
    #[error(transparent)]
    Location(#[from] LocationError),
    /// The database could not be used.
    #[error(transparent)]
    Database(#[from] DatabaseError),
    /// A script is not portable SQL.
    #[error("{place}: {error}\n{excerpt}")]
    Language {
        /// File, line and column.
        place: Place,
        /// What is wrong and what to do.
        error: Box<LanguageError>,
        /// The line, with a mark under the token.
        excerpt: String,
    },
    /// The engine refused a statement.
    #[error("{place}: {engine} refuses this statement: {error}\n{excerpt}{kept}")]
    Statement {
        /// File, line and column.
        place: Place,
        /// The engine's name.
        engine: &'static str,
        /// What the engine says.
        error: Box<StatementError>,
        /// The line, with a mark where the engine points, and a line end; nothing where there is no file.
        excerpt: String,
        /// What is left behind, and what to do.
        kept: String,
    },
    /// A step's transaction could not begin, be recorded or be committed.
    #[error("{what}")]
    Step {
        /// The revision, and what is left of it.
        what: String,
        /// What failed, and what to do.
        source: DatabaseError,
    },
    /// A script steers the transaction that holds it.
    #[error("{file}:{line}: `{word}` steers a transaction, and {hint}")]
    SteersTransaction {
        /// The file.
        file: String,
        /// The line, from 1.
        line: usize,
        /// The statement's first word.
        word: String,
        /// Why it may not, and what to do.
        hint: &'static str,
    },
    /// A statement runs only outside a transaction.
    #[error(
        "{place}: the engine runs this statement only outside a transaction: write `-- transaction: none` at the top of \
         the file; better, give the statement a revision of its own"
    )]
    OutsideTransaction {
        /// File, line and column.
        place: Place,
    },
    /// A statement would open or write a file other than the database.
    #[error("{place}: {why}")]
    Reaches {
        /// File, line and column.
        place: Place,
        /// Why not, and what to do.
        why: String,
    },
    /// Values would be lost.
    #[error("{place}: this would destroy {what}; {kept}: {hint}")]
    Destructive {
        /// File, line and column; or the revision, where the way down was derived.
        place: Place,
        /// What would be lost, with counts.
        what: String,
        /// What is left behind.
        kept: String,
        /// What to do.
        hint: &'static str,
    },
    /// There is no way down.
    #[error("{revision} cannot be taken back: {why}")]
    NoWayDown {
        /// The revision.
        revision: String,
        /// Why, and what to do.
        why: String,
    },
    /// The database and the folder disagree.
    #[error("{database} and {folder} disagree; nothing was changed{}", bullets(.problems))]
    Disagree {
        /// The database, without its password.
        database: String,
        /// The folder.
        folder: String,
        /// What is wrong, each with what to do.
        problems: Vec<String>,
    },
    /// Another tool has kept this database's history so far.
    #[error(
        "{database} has a history of {tool} in table {table}, and strait has never worked on it: take it over with \
         `strait migrate adopt`, or, if that table means nothing any more, run `strait migrate stamp base` first"
    )]
    NotAdopted {
        /// The database, without its password.
        database: String,
        /// The tool.
        tool: &'static str,
        /// Its table.
        table: String,
    },
    /// The other tool's table no longer says what ours does.
    #[error(
        "table {table} of {tool} says {theirs} and strait's own says {ours}: somebody else has moved the database; if \
         {tool}'s table is right, take it over with `strait migrate adopt`; if strait's own is, run `{mend}`"
    )]
    BookkeepingDiffers {
        /// The tool.
        tool: &'static str,
        /// Its table.
        table: String,
        /// What its table says.
        theirs: String,
        /// What our table says.
        ours: String,
        /// The command that makes its table say what ours does.
        mend: String,
    },
    /// The other tool's table does not tell of the same revisions as ours.
    #[error(
        "table {table} of {tool} {what}; nothing was changed: make it say what strait's own records say with `{mend}`, or, \
         if the table is right, take it over with `strait migrate adopt`"
    )]
    BookkeepingUntrue {
        /// The tool.
        tool: &'static str,
        /// Its table.
        table: String,
        /// In what it differs.
        what: String,
        /// The command that sets it right.
        mend: String,
    },
    /// A revision has no place in the other tool's table.
    #[error("{revision} has no place in table {table} of {tool}: {why}")]
    NotBookable {
        /// The revision.
        revision: String,
        /// The tool.
        tool: &'static str,
        /// Its table.
        table: String,
        /// Why, and what to do.
        why: String,
    },
    /// An interrupted script stands in the way.
    #[error("{revision} was interrupted on its way {way} after {done} of its statements; {hint}")]
    Interrupted {
        /// The revision.
        revision: String,
        /// `up` or `down`.
        way: &'static str,
        /// How many statements had run.
        done: usize,
        /// What to do.
        hint: String,
    },
    /// A foreign key is broken by a revision.
    #[error("{revision} would leave rows that refer to nothing ({what}); nothing of it was kept: {hint}")]
    BrokenReferences {
        /// The revision.
        revision: String,
        /// Tables and counts.
        what: String,
        /// What to do.
        hint: &'static str,
    },
    /// Another program moved the database while we were at work.
    #[error(
        "{database} was moved by another program while this one was at work: it stands at {found} and was expected at \
         {expected}; nothing of {revision} was kept: look with `strait migrate status` and run the command again"
    )]
    Moved {
        /// The database, without its password.
        database: String,
        /// The revision that was about to run.
        revision: String,
        /// Where it was expected to stand.
        expected: String,
        /// Where it stands.
        found: String,
    },
    /// A history could not be taken over.
    #[error("cannot take over the history of {tool} in table {table}: {why}")]
    Adopt {
        /// The tool.
        tool: &'static str,
        /// Its table.
        table: String,
        /// Why, and what to do.
        why: String,
    },
    /// No private PostgreSQL could be had to test on.
    #[error("the revisions cannot be tested on PostgreSQL; with --engine sqlite they are tested on SQLite alone")]
    NoPrivateServer {
        /// Why, and what to install.
        source: Box<DatabaseError>,
    },
    /// refinery could not keep its own table.
    #[error("refinery refuses: {0}")]
    Refinery(String),
    /// What was asked for makes no sense here.
    #[error("{0}")]
    Usage(String),
}

impl MigrateError {
    /// The role that PostgreSQL does not know, where that is why a statement was refused.
    pub(crate) fn missing_role(&self) -> Option<&str> {
        if let Self::Statement { error, .. } = self { error.missing_role() } else { None }
    }

    /// Says where a script is not portable SQL.
    pub(crate) fn language(file: &str, text: &str, error: LanguageError) -> Self {
        let place = Place { file: file.to_owned(), at: Some((error.position.line, error.position.column)) };
        Self::Language { place, excerpt: error.excerpt(text), error: Box::new(error) }
    }
}

fn bullets(lines: &[String]) -> String {
    lines.iter().map(|line| format!("\n  - {line}")).collect()
}
