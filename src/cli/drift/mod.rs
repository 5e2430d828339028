//! The flags of `drift`, exactly as typed.

pub mod run;

use std::path::PathBuf;

use clap::{Args, ValueEnum};

use super::migrate::{DialectArg, EngineArg};
use crate::database::{Location, may_hold_password};
use crate::drift::Scratch;
use crate::report::drift::DriftFormat;
use crate::schema::inventory::Grade;
use crate::schema::pattern::Pattern;

/// The flags of `drift`.
#[derive(Debug, Args)]
pub struct DriftArgs {
    /// The database: a path, sqlite:PATH or postgres://USER@HOST/DATABASE; also read from .env
    #[arg(long, env = "DATABASE_URL", hide_env_values = true, value_name = "URL")]
    pub database_url: Option<String>,
    /// The folder of revisions [default: migrations]
    #[arg(long, value_name = "FOLDER", value_parser = super::migrate::parse_folder)]
    pub dir: Option<PathBuf>,
    /// The system that is meant: the folder of that name inside and the schema file schemas/NAME.sql, or what is built in
    /// where they are not there (see `strait systems`)
    #[arg(long, value_name = "NAME", value_parser = super::migrate::parse_word)]
    pub system: Option<String>,
    /// Compare with a schema file instead of the recorded revisions [default with --system NAME: schemas/NAME.sql]
    #[arg(long, value_name = "FILE", num_args = 0..=1, value_parser = super::migrate::parse_folder)]
    pub schema: Option<Option<PathBuf>>,
    /// With --found: the database that is as it should be
    #[arg(long, value_name = "URL", requires = "found",
          conflicts_with_all = ["schema", "parity", "folder", "system", "dir", "dialect"])]
    pub expected: Option<String>,
    /// With --expected: the database, of the same engine, that is compared with it
    #[arg(long, value_name = "URL", requires = "expected")]
    pub found: Option<String>,
    /// Hold a SQLite and a PostgreSQL database at one revision each against its own engine's form of it
    #[arg(long, num_args = 2, value_names = ["SQLITE", "POSTGRES"], conflicts_with_all = ["schema", "folder"])]
    pub parity: Option<Vec<String>>,
    /// Replay the folder on private databases, down and up again, and compare with the schema file; no database of yours
    #[arg(long)]
    pub folder: bool,
    /// With --folder: one engine only
    #[arg(long, value_enum, value_name = "ENGINE", requires = "folder")]
    pub engine: Option<EngineArg>,
    /// Where on PostgreSQL the expected structure is made: an empty database, or `private` for a server of our own [default:
    /// in the database itself, rolled back]
    #[arg(long, value_name = "URL|private", value_parser = parse_scratch, conflicts_with = "folder")]
    pub scratch_url: Option<Scratch>,
    /// Pass over what differs in what is called so, such as tmp_* or users.note; it is counted and named
    #[arg(long, value_name = "GLOB")]
    pub ignore: Vec<Pattern>,
    /// Exit with 1 only for differences of this grade and worse
    #[arg(long, value_enum, value_name = "GRADE", default_value = "cosmetic")]
    pub fail_on: GradeArg,
    /// Let the order of a table's columns count; it is told in any case
    #[arg(long)]
    pub strict: bool,
    /// What scripts without an engine in their name are written in
    #[arg(long, value_enum, value_name = "WHICH")]
    pub dialect: Option<DialectArg>,
    /// The form of the report on standard output
    #[arg(long, value_enum, default_value_t, value_name = "FORM")]
    pub format: DriftFormat,
}

/// `--fail-on`.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub enum GradeArg {
    /// Any difference
    Cosmetic,
    /// More is allowed, or slower, than should be
    Compatible,
    /// A statement may fail or mean something else
    Breaking,
}

impl From<GradeArg> for Grade {
    fn from(argument: GradeArg) -> Self {
        match argument {
            GradeArg::Cosmetic => Self::Cosmetic,
            GradeArg::Compatible => Self::Compatible,
            GradeArg::Breaking => Self::Breaking,
        }
    }
}

pub(super) fn parse_scratch(text: &str) -> Result<Scratch, String> {
    match text {
        "private" => Ok(Scratch::Private),
        url => match Location::parse(url) {
            Ok(location @ Location::Postgres(_)) => Ok(Scratch::At(location)),
            Ok(_) => Err("write it as postgres://USER@HOST/DATABASE, or `private`".into()),
            Err(_) if may_hold_password(url) => Err("this is no address of a PostgreSQL database".into()),
            Err(error) => Err(error.to_string()),
        },
    }
}
