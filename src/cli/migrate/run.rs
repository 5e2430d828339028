//! One function per verb of `migrate`: open, call, show.

use std::collections::BTreeSet;
use std::io::{self, Write as _};
use std::path::PathBuf;
use std::process::ExitCode;

use serde::Serialize;

use super::{
    AdoptArgs, AutogenerateArgs, CurrentArgs, DownArgs, FolderArgs, HeadsArgs, MergeArgs, MigrateCommand, NewArgs,
    OfflineArgs, PlanArgs, RecordArgs, RepairArgs, RunArgs, StampArgs, StatusArgs, TestArgs, UpArgs, WhereArgs, dotenv,
    signals,
};
use crate::cli::run::{CliError, shown, status};
use crate::database::Location;
use crate::event::Observer;
use crate::migrate::adopt::Adoption;
use crate::migrate::folder::{self, CreateOptions, Numbering};
use crate::migrate::graph::{Target, Way};
use crate::migrate::outcome::{BranchesOutcome, MigrateOutcome, StampOutcome};
use crate::migrate::repair::Repair;
use crate::migrate::{MigrateError, Migrator, Options};
use crate::report::{self, Format};
use crate::schema::Engine;

/// Runs a verb; one that changes a database or keeps private ones ends when it is asked to.
pub(in crate::cli) async fn run(command: MigrateCommand, observer: &dyn Observer) -> Result<ExitCode, CliError> {
    use MigrateCommand as Verb;
    let told = match command {
        Verb::Up(_) | Verb::Down(_) | Verb::Redo(_) | Verb::Stamp(_) | Verb::Adopt(_) | Verb::Repair(_) => {
            Some(signals::RUN_STOPPED)
        }
        Verb::Test(_) => Some(signals::TEST_STOPPED),
        _ => None,
    };
    let work = carry_out(command, observer);
    match told {
        Some(told) => signals::unless_stopped(work, told).await,
        None => work.await,
    }
}

async fn carry_out(command: MigrateCommand, observer: &dyn Observer) -> Result<ExitCode, CliError> {
    match command {
        MigrateCommand::New(arguments) => new(arguments),
        MigrateCommand::Up(arguments) => up(arguments, observer).await,
        MigrateCommand::Down(arguments) => down(arguments, observer).await,
        MigrateCommand::Redo(arguments) => redo(arguments, observer).await,
        MigrateCommand::Plan(arguments) => plan(arguments).await,
        MigrateCommand::Status(arguments) => status_of(arguments).await,
        MigrateCommand::History(arguments) => history(arguments).await,
        MigrateCommand::Current(arguments) => current(arguments).await,
        MigrateCommand::Heads(arguments) => heads(arguments),
        MigrateCommand::Branches(arguments) => branches(arguments),
        MigrateCommand::Merge(arguments) => merge(arguments),
        MigrateCommand::Stamp(arguments) => stamp(arguments, observer).await,
        MigrateCommand::Adopt(arguments) => adopt(arguments, observer).await,
        MigrateCommand::Repair(arguments) => repair(arguments, observer).await,
        MigrateCommand::Test(arguments) => test(arguments, observer).await,
        MigrateCommand::Squash(arguments) => super::squash::run(arguments).await,
        MigrateCommand::Autogenerate(arguments) => autogenerate(arguments),
        MigrateCommand::Dump(arguments) => super::dump::run(arguments).await,
    }
}

fn new(arguments: NewArgs) -> Result<ExitCode, CliError> {
    let folder = arguments.folder.to_write("migrate new")?;
    let options = CreateOptions {
        split: arguments.per_engine,
        id: arguments.id,
        down_revisions: arguments.after,
        depends_on: arguments.depends_on,
        branches: arguments.branch.into_iter().collect(),
        optional: arguments.optional,
        splice: arguments.splice,
        numbering: arguments.timestamp.then_some(Numbering::Time),
    };
    let files = folder::create(&folder, &arguments.title, &options).map_err(MigrateError::from)?;
    show(arguments.folder.format, &Made { files }, |made, out| {
        made.files.iter().try_for_each(|file| writeln!(out, "made {}", file.display()))
    })
}

/// The files that were made.
#[derive(Serialize)]
struct Made {
    files: Vec<PathBuf>,
}

async fn up(arguments: UpArgs, observer: &dyn Observer) -> Result<ExitCode, CliError> {
    let target = arguments.target.as_deref().map_or(Ok(Target::due()), str::parse).map_err(MigrateError::from)?;
    go(Way::Up, target, arguments.offline, arguments.run, observer).await
}

async fn down(arguments: DownArgs, observer: &dyn Observer) -> Result<ExitCode, CliError> {
    let target = arguments.target.parse().map_err(MigrateError::from)?;
    go(Way::Down, target, arguments.offline, arguments.run, observer).await
}

async fn go(
    way: Way,
    target: Target,
    offline: OfflineArgs,
    run: RunArgs,
    observer: &dyn Observer,
) -> Result<ExitCode, CliError> {
    let migrator = migrator(&run)?;
    if offline.sql {
        let script = written(&migrator, &run.place, &offline, way, &target).await?;
        shown(io::stdout().lock().write_all(script.as_bytes()))?;
        return Ok(ExitCode::SUCCESS);
    }
    let outcome = migrator.run(&run.place.location()?, way, &target, observer).await?;
    show_outcome(run.place.folder.format, &outcome)
}

/// What would be run on the database that is named, or, from where the flags say, on any.
async fn written(
    migrator: &Migrator,
    place: &WhereArgs,
    offline: &OfflineArgs,
    way: Way,
    target: &Target,
) -> Result<String, CliError> {
    let no_engine = || MigrateError::Usage(NO_ENGINE.into());
    let engine = match offline.engine {
        Some(engine) => engine.into(),
        None => {
            let location = place.location_if_any()?.ok_or_else(no_engine)?;
            if offline.from.is_empty() {
                return Ok(migrator.script(&location, way, target).await?);
            }
            location.engine()
        }
    };
    Ok(migrator.script_from(engine, &offline.from, way, target).await?)
}

const NO_ENGINE: &str = "nothing says for which engine the SQL is; give --database-url URL, or --engine sqlite or \
                         --engine postgres with --from REV when it does not start at base";

async fn redo(arguments: RunArgs, observer: &dyn Observer) -> Result<ExitCode, CliError> {
    let outcome = migrator(&arguments)?.redo(&arguments.place.location()?, observer).await?;
    show_outcome(arguments.place.folder.format, &outcome)
}

fn show_outcome(format: Format, outcome: &MigrateOutcome) -> Result<ExitCode, CliError> {
    show(format, outcome, report::migrate::outcome)
}

async fn plan(arguments: PlanArgs) -> Result<ExitCode, CliError> {
    let way = Way::from(arguments.way);
    let target: Target = match (&arguments.target, way) {
        (None, Way::Up) => Target::due(),
        (target, _) => target.as_deref().unwrap_or("-1").parse().map_err(MigrateError::from)?,
    };
    let options = Options { dialect: arguments.dialect.map(Into::into), ..Options::default() };
    let migrator = arguments.place.folder.migrator()?.with(options);
    let plan = migrator.plan(&arguments.place.location()?, way, &target).await?;
    show(arguments.place.folder.format, &plan, report::migrate::plan)?;
    Ok(if plan.can_be_taken() { ExitCode::SUCCESS } else { ExitCode::from(2) })
}

async fn status_of(arguments: StatusArgs) -> Result<ExitCode, CliError> {
    let migrator = arguments.place.folder.migrator()?;
    let found = migrator.status(&arguments.place.location()?).await?;
    show(arguments.place.folder.format, &found, report::migrate::status)?;
    Ok(status(!arguments.check || found.up_to_date()))
}

async fn history(arguments: WhereArgs) -> Result<ExitCode, CliError> {
    let records = Migrator::history(&arguments.location()?).await?;
    show(arguments.folder.format, &records, |records, out| report::migrate::history(records, out))
}

async fn current(arguments: CurrentArgs) -> Result<ExitCode, CliError> {
    let migrator = arguments.place.folder.migrator()?;
    let found = migrator.status(&arguments.place.location()?).await?;
    show(arguments.place.folder.format, &found.current, |current, out| {
        writeln!(out, "{}", if current.is_empty() { "base".into() } else { current.join("\n") })
    })?;
    let at_heads = migrator.graph.rows_at_due(&found.current).is_ok_and(|due| {
        due.iter().copied().collect::<BTreeSet<_>>() == found.current.iter().map(String::as_str).collect()
    });
    Ok(status(!arguments.check || at_heads))
}

fn heads(arguments: HeadsArgs) -> Result<ExitCode, CliError> {
    let migrator = arguments.folder.migrator()?;
    let heads = migrator.graph.heads();
    show(arguments.folder.format, &heads, |heads, out| heads.iter().try_for_each(|head| writeln!(out, "{head}")))?;
    let required = migrator.graph.required_heads().len();
    if arguments.check && required > 1 {
        shown(writeln!(io::stderr(), "{required} heads; join them with `strait migrate merge`"))?;
    }
    Ok(status(!arguments.check || required <= 1))
}

fn branches(arguments: FolderArgs) -> Result<ExitCode, CliError> {
    let migrator = arguments.migrator()?;
    show(arguments.format, &BranchesOutcome::of(&migrator), report::migrate::branches)
}

fn merge(arguments: MergeArgs) -> Result<ExitCode, CliError> {
    let folder = arguments.folder.to_write("migrate merge")?;
    let migrator = arguments.folder.migrator()?;
    let targets: Vec<Target> =
        arguments.revisions.iter().map(|id| id.parse()).collect::<Result<_, _>>().map_err(MigrateError::from)?;
    let joined = migrator.graph.to_merge(&targets).map_err(MigrateError::from)?;
    let options =
        CreateOptions { down_revisions: joined.into_iter().map(str::to_owned).collect(), ..CreateOptions::default() };
    let files = folder::create(&folder, &arguments.title, &options).map_err(MigrateError::from)?;
    show(arguments.folder.format, &Made { files }, |made, out| {
        made.files.iter().try_for_each(|file| writeln!(out, "made {}", file.display()))
    })
}

async fn stamp(arguments: StampArgs, observer: &dyn Observer) -> Result<ExitCode, CliError> {
    let targets: Vec<Target> =
        arguments.target.iter().map(|id| id.parse()).collect::<Result<_, _>>().map_err(MigrateError::from)?;
    let migrator = recorder(&arguments.record)?;
    let location = arguments.record.place.location()?;
    let outcome = migrator.stamp(&location, &targets, arguments.purge, observer).await?;
    show_stamp(&arguments.record, &outcome)
}

async fn adopt(arguments: AdoptArgs, observer: &dyn Observer) -> Result<ExitCode, CliError> {
    let migrator = recorder(&arguments.record)?;
    let adoption = Adoption { table: arguments.table, app: arguments.app, at: arguments.at };
    let outcome = migrator.adopt(&arguments.record.place.location()?, &adoption, observer).await?;
    show_stamp(&arguments.record, &outcome)
}

fn autogenerate(arguments: AutogenerateArgs) -> Result<ExitCode, CliError> {
    let folder = arguments.folder.to_write("migrate autogenerate")?;
    let schema = match (&arguments.schema, &arguments.folder.system) {
        (Some(file), _) => file.clone(),
        (None, Some(system)) => crate::cli::system::schema_path(system),
        (None, None) => return Err(MigrateError::Usage(NO_SCHEMA.into()).into()),
    };
    let options = Options { dry_run: arguments.dry_run, ..Options::default() };
    let migrator = Migrator::from_folder_or_new(&folder)?.with(options);
    let outcome = migrator.autogenerate(&arguments.title, &schema)?;
    show(arguments.folder.format, &outcome, report::migrate::autogenerate)
}

const NO_SCHEMA: &str = "no schema file is named; give --schema FILE, or --system NAME for schemas/NAME.sql";

async fn repair(arguments: RepairArgs, observer: &dyn Observer) -> Result<ExitCode, CliError> {
    let options = Options { wait: arguments.wait, dialect: arguments.dialect.map(Into::into), ..Options::default() };
    let migrator = arguments.place.folder.migrator()?.with(options);
    let repair = Repair {
        write: arguments.yes,
        accept_unseen: arguments.accept_unseen,
        in_doubt: arguments.in_doubt.map(Into::into),
    };
    let outcome = migrator.repair(&arguments.place.location()?, repair, observer).await?;
    show(arguments.place.folder.format, &outcome, report::migrate::repair)?;
    Ok(status(outcome.clean()))
}

async fn test(arguments: TestArgs, observer: &dyn Observer) -> Result<ExitCode, CliError> {
    let options = Options { dialect: arguments.dialect.map(Into::into), ..Options::default() };
    let migrator = arguments.folder.migrator()?.with(options);
    let engines = arguments.engine.map_or_else(|| vec![Engine::Sqlite, Engine::Postgres], |one| vec![one.into()]);
    let outcome = migrator.test(&engines, arguments.rows, observer).await?;
    show(arguments.folder.format, &outcome, report::trial::outcome)?;
    Ok(status(outcome.passed()))
}

fn show_stamp(arguments: &RecordArgs, outcome: &StampOutcome) -> Result<ExitCode, CliError> {
    show(arguments.place.folder.format, outcome, report::migrate::stamp)
}

fn migrator(arguments: &RunArgs) -> Result<Migrator, CliError> {
    let options = Options {
        allow_destructive: arguments.allow_destructive,
        dry_run: arguments.dry_run,
        wait: arguments.wait,
        lock_timeout: arguments.lock_timeout,
        bookkeeping: arguments.bookkeeping.iter().copied().map(Into::into).collect(),
        dialect: arguments.dialect.map(Into::into),
        lose_down: false,
    };
    Ok(arguments.place.folder.migrator()?.with(options))
}

fn recorder(arguments: &RecordArgs) -> Result<Migrator, CliError> {
    let options = Options {
        dry_run: arguments.dry_run,
        wait: arguments.wait,
        bookkeeping: arguments.bookkeeping.iter().copied().map(Into::into).collect(),
        ..Options::default()
    };
    Ok(arguments.place.folder.migrator()?.with(options))
}

/// Shows an outcome in its form.
pub(in crate::cli) fn show<T: Serialize>(
    format: Format,
    outcome: &T,
    text: impl FnOnce(&T, &mut dyn io::Write) -> io::Result<()>,
) -> Result<ExitCode, CliError> {
    let mut out = io::stdout().lock();
    shown(match format {
        Format::Text => text(outcome, &mut out),
        Format::Json => report::json(outcome, &mut out),
    })?;
    Ok(ExitCode::SUCCESS)
}

impl WhereArgs {
    /// The database that is meant.
    pub(super) fn location(&self) -> Result<Location, CliError> {
        self.location_if_any()?.ok_or_else(|| MigrateError::Usage(NO_DATABASE.into()).into())
    }

    /// The database that is meant, when one is named: by the flag, the environment, or `.env`.
    fn location_if_any(&self) -> Result<Option<Location>, CliError> {
        dotenv::or_location(self.database_url.as_deref())
    }
}

pub(super) const NO_DATABASE: &str = "no database is named; give --database-url URL, or set DATABASE_URL in the environment or in \
                           .env: sqlite:app.db or postgres://USER@HOST/DATABASE";
