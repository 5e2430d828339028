//! The flags of `rejects`, and what they do.

use std::io::{self, Write as _};
use std::process::ExitCode;
use std::sync::Arc;

use clap::{Args, Subcommand, ValueEnum};

use super::canonical::CanonicalArgs;
use super::choice::ChoiceArgs;
use super::run::{CliError, shown, source, status, target};
use crate::copy::default_jobs;
use crate::event::{Event, Observer};
use crate::rejects::retry::{RetryOptions, retry};
use crate::rejects::{self, Selection};
use crate::report::{self, Format};
use crate::value::counted;

/// The verbs of `rejects`.
#[derive(Debug, Subcommand)]
pub enum RejectsCommand {
    /// Count the rows that copies have set aside, by table and reason
    #[command(after_help = "Example: strait rejects list postgres://me@localhost/app")]
    List(ListArgs),
    /// Show rows that were set aside, with every value as it is stored in the source
    #[command(after_help = "Example: strait rejects show postgres://me@localhost/app --table person --limit 5")]
    Show(ShowArgs),
    /// Write the rows that were set aside to standard output, as SQL for SQLite or as lines of JSON
    #[command(
        after_help = "Exit status: 0 every row is written whole; 1 some hold a value that was too long to be kept, and are in the source \
                      alone; 2 it could not be done.\n\nExample: strait rejects export postgres://me@localhost/app > \
                      rejects.sql"
    )]
    Export(ExportArgs),
    /// Read the rows in the source again and load those that fit now
    #[command(
        after_help = "A row is read again by its key, so mend it in the source first, or relax what refused it: the cast rule \
                      (--allow), the type or the constraint of the target. Say what the copy was told of schema files and columns, so that \
                      they are read like the others. Rows that are loaded are no rejects any more; then both sides of \
                      each table are compared.\n\nExit status: 0 none is left and both \
                      sides are equal; 1 some are left, or a table differs; 2 it could not be done.\n\nExample: strait \
                      rejects retry app.db postgres://me@localhost/app"
    )]
    Retry(Box<RetryArgs>),
}

/// Which rejects are meant.
#[derive(Debug, Args)]
pub struct SelectionArgs {
    /// The schema that the copy filled [default: the connection's own, usually public]
    #[arg(long, value_name = "NAME")]
    pub target_schema: Option<String>,
    /// Those of this run alone, by the number that its report gives
    #[arg(long, value_name = "N")]
    pub run: Option<i64>,
    /// Those of this source table alone (may be given several times)
    #[arg(long, value_name = "TABLE")]
    pub table: Vec<String>,
}

impl From<SelectionArgs> for Selection {
    fn from(arguments: SelectionArgs) -> Self {
        Self { schema: arguments.target_schema, run: arguments.run, tables: arguments.table }
    }
}

/// The flags of `rejects list`.
#[derive(Debug, Args)]
pub struct ListArgs {
    /// The PostgreSQL database: postgres://USER@HOST/DATABASE
    #[arg(env = "DATABASE_URL", hide_env_values = true)]
    pub target: String,
    /// Which rejects are meant.
    #[command(flatten)]
    pub selection: SelectionArgs,
    /// The form of the report on standard output
    #[arg(long, value_enum, default_value_t, value_name = "FORM")]
    pub format: Format,
}

/// The flags of `rejects show`.
#[derive(Debug, Args)]
pub struct ShowArgs {
    /// The PostgreSQL database: postgres://USER@HOST/DATABASE
    #[arg(env = "DATABASE_URL", hide_env_values = true)]
    pub target: String,
    /// Which rejects are meant.
    #[command(flatten)]
    pub selection: SelectionArgs,
    /// The most rows to show
    #[arg(long, default_value_t = 20, value_name = "N")]
    pub limit: usize,
    /// The form of the report on standard output
    #[arg(long, value_enum, default_value_t, value_name = "FORM")]
    pub format: Format,
}

/// The flags of `rejects export`.
#[derive(Debug, Args)]
pub struct ExportArgs {
    /// The PostgreSQL database: postgres://USER@HOST/DATABASE
    #[arg(env = "DATABASE_URL", hide_env_values = true)]
    pub target: String,
    /// Which rejects are meant.
    #[command(flatten)]
    pub selection: SelectionArgs,
    /// What is written
    #[arg(long = "as", value_enum, default_value = "sql", value_name = "FORM")]
    pub form: ExportForm,
}

/// `--as`.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub enum ExportForm {
    /// An INSERT for SQLite for each row
    Sql,
    /// An object of JSON for each row, on a line of its own
    Jsonl,
}

/// The flags of `rejects retry`.
#[derive(Debug, Args)]
pub struct RetryArgs {
    /// The SQLite database: a path or sqlite:PATH
    pub source: String,
    /// The PostgreSQL database: postgres://USER@HOST/DATABASE
    #[arg(env = "DATABASE_URL", hide_env_values = true)]
    pub target: String,
    /// Whose schema the target has, as the copy was told.
    #[command(flatten)]
    pub canonical: CanonicalArgs,
    /// Which rejects are meant.
    #[command(flatten)]
    pub selection: SelectionArgs,
    /// What is chosen for columns: those of the copy, and what lets these rows in.
    #[command(flatten)]
    pub choices: ChoiceArgs,
    /// Forget rows whose key the source no longer has: they are no rejects any more
    #[arg(long)]
    pub forget_gone: bool,
    /// Forget rows without a key of their own that are not recognised in the source: they are no rejects any more
    #[arg(long)]
    pub forget_unrecognised: bool,
    /// Take a source that is another file than that of the copy, because the database was moved
    #[arg(long)]
    pub other_file: bool,
    /// How many tables are compared at once [default: the number of cores, 2 to 4]
    #[arg(short, long, value_name = "N", value_parser = clap::value_parser!(u16).range(1..=64))]
    pub jobs: Option<u16>,
    /// The form of the report on standard output
    #[arg(long, value_enum, default_value_t, value_name = "FORM")]
    pub format: Format,
}

impl RejectsCommand {
    /// The form of the report that was asked for.
    pub(super) fn format(&self) -> Format {
        match self {
            Self::List(arguments) => arguments.format,
            Self::Show(arguments) => arguments.format,
            Self::Export(arguments) if arguments.form == ExportForm::Jsonl => Format::Json,
            Self::Export(_) => Format::Text,
            Self::Retry(arguments) => arguments.format,
        }
    }
}

/// Runs a verb.
pub(super) async fn run(command: RejectsCommand, observer: &Arc<dyn Observer>) -> Result<ExitCode, CliError> {
    match command {
        RejectsCommand::List(arguments) => {
            let list = rejects::list(&target(&arguments.target)?, &arguments.selection.into()).await?;
            let mut out = io::stdout().lock();
            shown(match arguments.format {
                Format::Text => report::rejects::list(&list, &mut out),
                Format::Json => report::json(&list, &mut out),
            })?;
            Ok(ExitCode::SUCCESS)
        }
        RejectsCommand::Show(arguments) => show(arguments).await,
        RejectsCommand::Export(arguments) => export(arguments, observer).await,
        RejectsCommand::Retry(arguments) => {
            let (source, target) = (source(&arguments.source)?, target(&arguments.target)?);
            let options = RetryOptions {
                selection: arguments.selection.into(),
                jobs: arguments.jobs.map_or_else(default_jobs, usize::from),
                canonical: arguments.canonical.read(&[]).await?,
                choices: arguments.choices.read()?,
                other_file: arguments.other_file,
                forget_gone: arguments.forget_gone,
                forget_unrecognised: arguments.forget_unrecognised,
            };
            let outcome = retry(&source, &target, &options, observer).await?;
            let mut out = io::stdout().lock();
            shown(match arguments.format {
                Format::Text => report::rejects::retried(&outcome, &mut out),
                Format::Json => report::json(&outcome, &mut out),
            })?;
            Ok(status(outcome.complete))
        }
    }
}

async fn show(arguments: ShowArgs) -> Result<ExitCode, CliError> {
    let mut rows = Vec::new();
    let (target, limit) = (target(&arguments.target)?, arguments.limit);
    rejects::each(&target, &arguments.selection.into(), |kept| {
        if rows.len() < limit {
            rows.push(kept.clone());
        }
        Ok::<_, CliError>(rows.len() < limit)
    })
    .await?;
    let mut out = io::stdout().lock();
    shown(match arguments.format {
        Format::Text => report::rejects::rows(&rows, limit, &mut out),
        Format::Json => report::json(&rows, &mut out),
    })?;
    Ok(ExitCode::SUCCESS)
}

async fn export(arguments: ExportArgs, observer: &Arc<dyn Observer>) -> Result<ExitCode, CliError> {
    let target = target(&arguments.target)?;
    let (mut out, mut in_part) = (io::BufWriter::new(io::stdout()), 0_u64);
    rejects::each(&target, &arguments.selection.into(), |kept| {
        in_part += u64::from(kept.cut().is_some());
        match arguments.form {
            ExportForm::Sql => report::rejects::insert(kept, &mut out)?,
            ExportForm::Jsonl => report::rejects::line(kept, &mut out)?,
        }
        Ok::<_, CliError>(true)
    })
    .await?;
    out.flush()?;
    if in_part > 0 {
        let rows = counted(in_part, "row", "rows");
        let text = format!(
            "{rows} could not be given whole: a value was too long to be kept on the target, and the source has it; the \
             output says which"
        );
        observer.notice(&Event::Notice { text: &text });
    }
    Ok(status(in_part == 0))
}
