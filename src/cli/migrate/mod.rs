//! The flags of `migrate`, exactly as typed.

pub(super) mod dotenv;
mod dump;
mod folder;
pub mod run;
mod signals;
mod squash;
pub(super) mod values;

use std::path::PathBuf;
use std::time::Duration;

use clap::{Args, Subcommand};

pub use self::dump::DumpArgs;
pub use self::folder::FolderArgs;
pub use self::squash::SquashArgs;
pub use self::values::{BookkeepingArg, DialectArg, EngineArg, InDoubtArg, WayArg};
use self::values::{parse_duration, parse_title};
pub(super) use self::values::{parse_folder, parse_word};

/// The verbs of `migrate`.
#[derive(Debug, Subcommand)]
pub enum MigrateCommand {
    /// Make the files of a new revision, ready to edit
    #[command(after_help = "Example: strait migrate new \"add email to users\"")]
    New(NewArgs),
    /// Apply revisions: all that are pending, or as far as a target; an optional branch is taken by name
    #[command(
        after_help = "Examples:\n  strait migrate up\n  strait migrate up +1\n  strait migrate up V0007__add_email\n  strait \
                      migrate up billing@head\n  strait migrate up --system windflow\n  strait migrate up --sql > up.sql"
    )]
    Up(UpArgs),
    /// Revert revisions: the last one, or as far as a target
    #[command(
        after_help = "Examples:\n  strait migrate down\n  strait migrate down -2\n  strait migrate down V0007__add_email\n  \
                      strait migrate down base"
    )]
    Down(DownArgs),
    /// Revert the last revision and apply it again
    Redo(RunArgs),
    /// Show what `up` or `down` would do, with what each step would destroy
    #[command(after_help = "Examples:\n  strait migrate plan\n  strait migrate plan down -2")]
    Plan(PlanArgs),
    /// Show every revision and its state; a database never seen is left untouched
    Status(StatusArgs),
    /// Show what has run on the database, when, and by whom
    History(WhereArgs),
    /// Show the revisions that the database is at
    Current(CurrentArgs),
    /// Show the last revisions of the folder
    Heads(HeadsArgs),
    /// Show where the folder branches and where branches are merged
    Branches(FolderArgs),
    /// Make a revision that joins several heads
    #[command(after_help = "Example: strait migrate merge --title \"join billing and search\"")]
    Merge(MergeArgs),
    /// Record revisions as applied without running them
    #[command(
        after_help = "Examples:\n  strait migrate stamp heads\n  strait migrate stamp V0003__orders\n  strait migrate \
                      stamp base"
    )]
    Stamp(StampArgs),
    /// Take over the history that another tool has kept in this database
    #[command(after_help = "Example: strait migrate adopt --dry-run")]
    Adopt(AdoptArgs),
    /// Show what is wrong between files, records and tables, and set the records right
    #[command(
        after_help = "Examples:\n  strait migrate repair          # shows the evidence\n  strait migrate repair --yes    # \
                      and writes"
    )]
    Repair(RepairArgs),
    /// Write a revision from the difference between a schema file and the last revision
    #[command(
        after_help = "A column is added at the end of its table, wherever the schema file has it; the order of columns does \
                      not count in `strait drift`. The first revision holds the blocks and rows of the schema file, too; later \
                      ones name those that no revision has.\n\nExample: strait migrate autogenerate \"add email\" --schema \
                      schemas/app.sql"
    )]
    Autogenerate(AutogenerateArgs),
    /// Take every revision up, down and up again on private databases of both engines, with rows in the tables
    #[command(
        after_help = "No database of yours is touched: SQLite is tried in a private folder, PostgreSQL on a private server \
                      of its own. Exits with 1 when a way down does not bring back what was there.\n\nExamples:\n  \
                      strait migrate test\n  strait migrate test --engine sqlite --rows 20"
    )]
    Test(TestArgs),
    /// Join the first revisions of the folder into one
    #[command(after_help = "Example: strait migrate squash V0042__last_of_the_year")]
    Squash(SquashArgs),
    /// Write a database's structure as a schema file
    #[command(
        after_help = "Built again on the same engine, the file makes what the database holds. What the language cannot say \
                      stands in a block for the engine. What no statement brings back is named in the file and on standard \
                      error, as `not carried: …`; then the exit status is 1.\n\nExample: strait migrate dump --to \
                      schemas/app.sql"
    )]
    Dump(DumpArgs),
}

/// Which database is meant.
#[derive(Debug, Args)]
pub struct WhereArgs {
    /// The database: a path, sqlite:PATH or postgres://USER@HOST/DATABASE; also read from .env
    #[arg(long, env = "DATABASE_URL", hide_env_values = true, value_name = "URL")]
    pub database_url: Option<String>,
    /// Where the revisions are.
    #[command(flatten)]
    pub folder: FolderArgs,
}

/// How revisions are run.
#[derive(Debug, Args)]
pub struct RunArgs {
    /// Which database is meant.
    #[command(flatten)]
    pub place: WhereArgs,
    /// Let steps destroy values: tables with rows, columns with values
    #[arg(long)]
    pub allow_destructive: bool,
    /// Run everything, then take it all back
    #[arg(long)]
    pub dry_run: bool,
    /// How long to wait for the lock of another runner
    #[arg(long, value_name = "TIME", default_value = "60s", value_parser = parse_duration)]
    pub wait: Duration,
    /// How long a statement may wait for a lock before the revision is tried again
    #[arg(long, value_name = "TIME", default_value = "3s", value_parser = parse_duration)]
    pub lock_timeout: Duration,
    /// Keep another tool's table of history true as well
    #[arg(long, value_enum, value_name = "TOOL", value_delimiter = ',')]
    pub bookkeeping: Vec<BookkeepingArg>,
    /// What scripts without an engine in their name are written in [default: portable, unless the folder is plainly not]
    #[arg(long, value_enum, value_name = "WHICH")]
    pub dialect: Option<DialectArg>,
}

/// How SQL is printed instead of being run.
#[derive(Debug, Args)]
pub struct OfflineArgs {
    /// Print the SQL that would run, and run nothing
    #[arg(long)]
    pub sql: bool,
    /// With --sql and without a database: the engine
    #[arg(long, value_enum, value_name = "ENGINE", requires = "sql")]
    pub engine: Option<EngineArg>,
    /// With --sql and without a database: where it starts
    #[arg(long, value_name = "REV", requires = "sql", value_parser = parse_word)]
    pub from: Vec<String>,
}

/// The flags of `new`.
#[derive(Debug, Args)]
pub struct NewArgs {
    /// What the revision does, in a few words
    #[arg(value_parser = parse_title)]
    pub title: String,
    /// Make a file for each engine instead of one for both
    #[arg(long)]
    pub per_engine: bool,
    /// The revision that this one follows [default: the last one]; `base` starts anew
    #[arg(long, value_name = "REV", value_parser = parse_word)]
    pub after: Vec<String>,
    /// A label for the branch that begins here
    #[arg(long, value_name = "LABEL", value_parser = parse_word)]
    pub branch: Option<String>,
    /// An installation may leave the branch out
    #[arg(long, requires = "branch")]
    pub optional: bool,
    /// A revision of another branch that must be there first
    #[arg(long, value_name = "REV", value_parser = parse_word)]
    pub depends_on: Vec<String>,
    /// An id of its own [default: the file's name]
    #[arg(long, value_name = "ID", value_parser = parse_word)]
    pub id: Option<String>,
    /// Let a revision that has a child already get another one
    #[arg(long)]
    pub splice: bool,
    /// Number the file by the present time instead of the next number
    #[arg(long)]
    pub timestamp: bool,
    /// Where the revisions are.
    #[command(flatten)]
    pub folder: FolderArgs,
}

/// The flags of `up`.
#[derive(Debug, Args)]
pub struct UpArgs {
    /// How far: heads, REV, +N, REV+N, BRANCH@head [default: all that is pending, but no optional branch that was not taken]
    #[arg(allow_negative_numbers = true, value_parser = parse_word)]
    pub target: Option<String>,
    /// How it is printed instead.
    #[command(flatten)]
    pub offline: OfflineArgs,
    /// How it is run.
    #[command(flatten)]
    pub run: RunArgs,
}

/// The flags of `down`.
#[derive(Debug, Args)]
pub struct DownArgs {
    /// How far: -N, REV, base, BRANCH@base
    #[arg(default_value = "-1", allow_negative_numbers = true, value_parser = parse_word)]
    pub target: String,
    /// How it is printed instead.
    #[command(flatten)]
    pub offline: OfflineArgs,
    /// How it is run.
    #[command(flatten)]
    pub run: RunArgs,
}

/// The flags of `plan`.
#[derive(Debug, Args)]
pub struct PlanArgs {
    /// The direction
    #[arg(value_enum, default_value = "up")]
    pub way: WayArg,
    /// How far [default: all that is pending for up, -1 for down]
    #[arg(allow_negative_numbers = true, value_parser = parse_word)]
    pub target: Option<String>,
    /// Which database is meant.
    #[command(flatten)]
    pub place: WhereArgs,
    /// What scripts without an engine in their name are written in
    #[arg(long, value_enum, value_name = "WHICH")]
    pub dialect: Option<DialectArg>,
}

/// The flags of `status`.
#[derive(Debug, Args)]
pub struct StatusArgs {
    /// Exit with 1 unless everything is applied, but for optional branches that were left out, and nothing is wrong
    #[arg(long)]
    pub check: bool,
    /// Which database is meant.
    #[command(flatten)]
    pub place: WhereArgs,
}

/// The flags of `current`.
#[derive(Debug, Args)]
pub struct CurrentArgs {
    /// Exit with 1 unless the database is at every head of the folder, but for optional branches that were left out
    #[arg(long)]
    pub check: bool,
    /// Which database is meant.
    #[command(flatten)]
    pub place: WhereArgs,
}

/// The flags of `heads`.
#[derive(Debug, Args)]
pub struct HeadsArgs {
    /// Exit with 1 when there is more than one that is not an optional branch's
    #[arg(long)]
    pub check: bool,
    /// Where the revisions are.
    #[command(flatten)]
    pub folder: FolderArgs,
}

/// The flags of `merge`.
#[derive(Debug, Args)]
pub struct MergeArgs {
    /// The revisions to join [default: all heads but those of optional branches]
    #[arg(value_parser = parse_word)]
    pub revisions: Vec<String>,
    /// What the revision does, in a few words
    #[arg(long, default_value = "merge heads", value_parser = parse_title)]
    pub title: String,
    /// Where the revisions are.
    #[command(flatten)]
    pub folder: FolderArgs,
}

/// The flags of `stamp`.
#[derive(Debug, Args)]
pub struct StampArgs {
    /// The revisions: heads, REV, base, BRANCH@head
    #[arg(required = true, value_parser = parse_word)]
    pub target: Vec<String>,
    /// Forget what the version table says first
    #[arg(long)]
    pub purge: bool,
    /// How it is written.
    #[command(flatten)]
    pub record: RecordArgs,
}

/// How records are written.
#[derive(Debug, Args)]
pub struct RecordArgs {
    /// Which database is meant.
    #[command(flatten)]
    pub place: WhereArgs,
    /// Show what would be written, and write nothing
    #[arg(long)]
    pub dry_run: bool,
    /// How long to wait for the lock of another runner
    #[arg(long, value_name = "TIME", default_value = "60s", value_parser = parse_duration)]
    pub wait: Duration,
    /// Keep another tool's table of history true as well
    #[arg(long, value_enum, value_name = "TOOL", value_delimiter = ',')]
    pub bookkeeping: Vec<BookkeepingArg>,
}

/// The flags of `adopt`.
#[derive(Debug, Args)]
pub struct AdoptArgs {
    /// The tool's table, where there are several
    #[arg(long, value_name = "TABLE", value_parser = parse_word)]
    pub table: Option<String>,
    /// Whose rows are meant, where the tool's table serves several applications (Django)
    #[arg(long, value_name = "NAME")]
    pub app: Option<String>,
    /// The revision that the database is at, where the tool's table does not tell
    #[arg(long, value_name = "REV", value_parser = parse_word)]
    pub at: Vec<String>,
    /// How it is written.
    #[command(flatten)]
    pub record: RecordArgs,
}

/// The flags of `repair`.
#[derive(Debug, Args)]
pub struct RepairArgs {
    /// Write what the evidence allows
    #[arg(long)]
    pub yes: bool,
    /// With --yes: vouch for what no evidence shows, such as rows that a script writes
    #[arg(long, requires = "yes")]
    pub accept_unseen: bool,
    /// Whether a statement took effect in which a script without a transaction was interrupted
    #[arg(long, value_enum, value_name = "WHAT")]
    pub in_doubt: Option<InDoubtArg>,
    /// Which database is meant.
    #[command(flatten)]
    pub place: WhereArgs,
    /// How long to wait for the lock of another runner
    #[arg(long, value_name = "TIME", default_value = "60s", value_parser = parse_duration)]
    pub wait: Duration,
    /// What scripts without an engine in their name are written in
    #[arg(long, value_enum, value_name = "WHICH")]
    pub dialect: Option<DialectArg>,
}

/// The flags of `autogenerate`.
#[derive(Debug, Args)]
pub struct AutogenerateArgs {
    /// What the revision does, in a few words
    #[arg(value_parser = parse_title)]
    pub title: String,
    /// The schema file [default: schemas/NAME.sql with --system NAME]
    #[arg(long, value_name = "FILE", value_parser = parse_folder)]
    pub schema: Option<PathBuf>,
    /// Print the revision, and write nothing
    #[arg(long)]
    pub dry_run: bool,
    /// Where the revisions are.
    #[command(flatten)]
    pub folder: FolderArgs,
}

/// The flags of `test`.
#[derive(Debug, Args)]
pub struct TestArgs {
    /// One engine only
    #[arg(long, value_enum, value_name = "ENGINE")]
    pub engine: Option<EngineArg>,
    /// How many rows each table gets
    #[arg(long, value_name = "N", default_value_t = 3)]
    pub rows: u32,
    /// What scripts without an engine in their name are written in
    #[arg(long, value_enum, value_name = "WHICH")]
    pub dialect: Option<DialectArg>,
    /// Where the revisions are.
    #[command(flatten)]
    pub folder: FolderArgs,
}
