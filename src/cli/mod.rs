//! The command line: flags exactly as typed.

pub mod assess;
pub mod canonical;
pub mod choice;
pub mod drift;
mod form;
pub mod migrate;
pub mod rejects;
pub mod rules;
pub mod run;
mod system;
pub mod systems;
pub mod ways;

use std::path::PathBuf;

use clap::{ArgAction, Args, Parser, Subcommand, ValueEnum};

use self::assess::AssessArgs;
use self::canonical::CanonicalArgs;
use self::choice::ChoiceArgs;
use self::drift::DriftArgs;
use self::migrate::MigrateCommand;
use self::rejects::RejectsCommand;
use self::rules::RulesArgs;
use self::systems::SystemsArgs;
use self::ways::CopyWays;
use crate::report::Format;
use crate::verify::Extras;

/// Moves databases from SQLite to PostgreSQL, loses nothing, and proves it.
#[derive(Debug, Parser)]
#[command(name = "strait", version, arg_required_else_help = true, disable_help_subcommand = true)]
#[command(
    after_help = "Example: strait rehearse webui.db\n\nExit status: 0 every row is there, exact or changed by a named rule; 1 something needs a person \
                        (rejects, differences); 2 the work could not be done; 130 a \
                        `migrate` command was interrupted (Ctrl-C or SIGTERM)."
)]
pub struct Cli {
    /// What to do.
    #[command(subcommand)]
    pub command: Command,
    /// How much is told.
    #[command(flatten)]
    pub telling: Telling,
}

/// How much is told on standard error.
#[derive(Clone, Copy, Debug, Args)]
pub struct Telling {
    /// Log what is done and why; twice for every statement's purpose (RUST_LOG overrides)
    #[arg(short, long, global = true, action = ArgAction::Count)]
    pub verbose: u8,
    /// Show no progress
    #[arg(short, long, global = true)]
    pub quiet: bool,
    /// The form of log lines
    #[arg(long, global = true, value_enum, default_value_t, value_name = "FORM")]
    pub log_format: LogFormat,
}

/// The form of log lines.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, ValueEnum)]
pub enum LogFormat {
    /// For people.
    #[default]
    Text,
    /// One JSON object a line.
    Json,
}

/// What to do.
#[derive(Debug, Subcommand)]
pub enum Command {
    /// Tell what a copy would do, value by value, before anything moves
    #[command(
        after_help = "Nothing of the target changes. Without a target, one that is empty is taken for granted. Exit status: 0 \
                      a copy can start, and every row would arrive; 1 something needs a decision; 2 it could not be \
                      assessed.\n\nExample: strait assess webui.db postgres://me@localhost/openwebui"
    )]
    Assess(Box<AssessArgs>),
    /// Copy every table of a SQLite database into PostgreSQL, and prove it
    #[command(
        after_help = "Example: strait copy webui.db postgres://me@localhost/openwebui\n\nWith --system or --schema, tables are \
                      created just as the revisions would make them, and rows are cast under the types of the schema; \
                      tables that the source does not have get the rows of the schema file. --system also records the \
                      revisions as applied.\n\nExample: strait copy app.db postgres://me@localhost/app --schema \
                      schemas/app.sql"
    )]
    Copy(Box<CopyArgs>),
    /// Compare a SQLite database with a PostgreSQL one, value by value
    #[command(after_help = "Example: strait verify webui.db postgres://me@localhost/openwebui")]
    Verify(Box<VerifyArgs>),
    /// Try the whole crossing in a private PostgreSQL that is thrown away afterwards
    #[command(after_help = "Example: strait rehearse webui.db --keep")]
    Rehearse(Box<RehearseArgs>),
    /// Look at the rows that copies have set aside, and load those that fit now
    #[command(subcommand)]
    Rejects(Box<RejectsCommand>),
    /// Compare what a database holds with what it should hold
    #[command(
        after_help = "What should be there is made where nothing is, and read as the database is read; nothing of it stays. \
                      Exit status: 0 equal; 1 drift, or pending revisions; 2 it could not be compared.\n\nExamples:\n  strait \
                      drift                                    # the database beside its recorded revision\n  strait drift \
                      --schema schemas/app.sql          # beside a schema file\n  strait drift --expected URL --found \
                      URL         # two databases of one engine\n  strait drift --parity app.db postgres://me@host/app\n  \
                      strait drift --folder --schema schemas/app.sql # no database of yours"
    )]
    Drift(Box<DriftArgs>),
    /// Keep a schema by versioned revisions, on SQLite and PostgreSQL alike
    #[command(subcommand)]
    Migrate(Box<MigrateCommand>),
    /// List the rules by which values are cast, what each changes, and how it is asked for
    #[command(after_help = "Example: strait rules --format json")]
    Rules(RulesArgs),
    /// List the systems that are built in, or write one as files
    #[command(after_help = "Examples:\n  strait systems\n  strait systems export windflow --to .")]
    Systems(SystemsArgs),
}

/// The flags of `copy`.
#[derive(Debug, Args)]
pub struct CopyArgs {
    /// The SQLite database: a path or sqlite:PATH
    pub source: String,
    /// The PostgreSQL database: postgres://USER@HOST/DATABASE; a password is better kept in ~/.pgpass or PGPASSWORD
    #[arg(env = "DATABASE_URL", hide_env_values = true)]
    pub target: String,
    /// How the target is treated.
    #[command(flatten)]
    pub ways: CopyWays,
    /// What ends a copy.
    #[command(flatten)]
    pub ends: CopyEnds,
}

/// What a copy does with a row that has to be set aside, and with a run that was killed.
#[derive(Debug, Args)]
pub struct CopyEnds {
    /// Take back first what an earlier copy into the same schema changed that was killed
    #[arg(long)]
    pub undo_unfinished: bool,
    /// Give up, and put everything back, when more rows than this have to be set aside [default: any number]
    #[arg(long, value_name = "N")]
    pub max_rejects: Option<u64>,
    /// What to do with the first row that has to be set aside: keep it with its reason and go on (keep), or give up and
    /// put everything back (stop, which is --max-rejects 0)
    #[arg(long, value_enum, default_value = "keep", value_name = "WHAT", conflicts_with = "max_rejects")]
    pub on_reject: OnReject,
}

/// What and how much is worked on.
#[derive(Debug, Args)]
pub struct Scope {
    /// The target's schema [default: the connection's own, usually public]
    #[arg(long, value_name = "NAME")]
    pub target_schema: Option<String>,
    /// Leave this source table out, or this column: TABLE.COLUMN (may be given several times)
    #[arg(long, value_name = "TABLE[.COLUMN]")]
    pub exclude: Vec<String>,
    /// How many tables or ranges are handled at once [default: the number of cores, 2 to 4]
    #[arg(short, long, value_name = "N", value_parser = clap::value_parser!(u16).range(1..=64))]
    pub jobs: Option<u16>,
    /// The form of the report on standard output
    #[arg(long, value_enum, default_value_t, value_name = "FORM")]
    pub format: Format,
}

/// The flags of `verify`.
#[derive(Debug, Args)]
pub struct VerifyArgs {
    /// The SQLite database: a path or sqlite:PATH
    pub source: String,
    /// The PostgreSQL database: postgres://USER@HOST/DATABASE
    #[arg(env = "DATABASE_URL", hide_env_values = true)]
    pub target: String,
    /// Whose schema the target has.
    #[command(flatten)]
    pub canonical: CanonicalArgs,
    /// What a source table means that an existing target lacks [default: differ; outside the schema of --system or
    /// --schema: leave-out]
    #[arg(long, value_enum, value_name = "WHAT")]
    pub extra_tables: Option<ExtrasArg>,
    /// What a source column means that the target's table lacks and that holds values
    #[arg(long, value_enum, default_value = "differ", value_name = "WHAT")]
    pub extra_columns: ExtrasArg,
    /// Compare this source table alone (may be given several times)
    #[arg(long, value_name = "TABLE")]
    pub table: Vec<String>,
    /// What was chosen for columns when they were copied.
    #[command(flatten)]
    pub choices: ChoiceArgs,
    /// How much may be used and what is compared.
    #[command(flatten)]
    pub scope: Scope,
}

/// The flags of `rehearse`.
#[derive(Debug, Args)]
pub struct RehearseArgs {
    /// The SQLite database: a path or sqlite:PATH
    pub source: String,
    /// Whose schema the target has.
    #[command(flatten)]
    pub canonical: CanonicalArgs,
    /// With --system: make the tables of this optional branch, which is left out where neither side has them
    #[arg(long, value_name = "LABEL", requires = "system")]
    pub branch: Vec<String>,
    /// Keep the private server until Ctrl-C, and show how to connect to it
    #[arg(long)]
    pub keep: bool,
    /// How text keys compare: by bytes as in SQLite (c), or as the database's default has it
    #[arg(long, value_enum, default_value = "c", value_name = "WHICH")]
    pub collation: CollationArg,
    /// What is chosen for columns.
    #[command(flatten)]
    pub choices: ChoiceArgs,
    /// Leave this source table out, or this column: TABLE.COLUMN (may be given several times)
    #[arg(long, value_name = "TABLE[.COLUMN]")]
    pub exclude: Vec<String>,
    /// How many tables or ranges are handled at once [default: the number of cores, 2 to 4]
    #[arg(short, long, value_name = "N", value_parser = clap::value_parser!(u16).range(1..=64))]
    pub jobs: Option<u16>,
    /// The form of the report on standard output
    #[arg(long, value_enum, default_value_t, value_name = "FORM")]
    pub format: Format,
}

/// `--on-reject`.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub enum OnReject {
    /// Keep the row with its reason, and go on
    Keep,
    /// Give up, and put everything back
    Stop,
}

impl CopyEnds {
    /// How many rows may be set aside; any number when absent.
    fn max_rejects(&self) -> Option<u64> {
        if self.on_reject == OnReject::Stop { Some(0) } else { self.max_rejects }
    }
}

/// `--extra-tables` and `--extra-columns` of `verify`.
#[derive(Clone, Copy, Debug, ValueEnum)]
pub enum ExtrasArg {
    /// The sides differ
    Differ,
    /// The copy left it out by request
    LeaveOut,
}

/// `--collation`.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub enum CollationArg {
    /// By bytes, as in SQLite
    C,
    /// As the database's default has it
    Default,
}

impl From<ExtrasArg> for Extras {
    fn from(argument: ExtrasArg) -> Self {
        match argument {
            ExtrasArg::Differ => Self::Differ,
            ExtrasArg::LeaveOut => Self::LeaveOut,
        }
    }
}

/// Where a source was given, as a path.
pub(crate) type SourcePath = PathBuf;
