//! `drift`: open, compare, show.

use std::io;
use std::path::PathBuf;
use std::process::ExitCode;

use super::DriftArgs;
use crate::cli::migrate::{FolderArgs, dotenv};
use crate::cli::run::{CliError, shown, status};
use crate::cli::system::{schema_of, schema_path};
use crate::database::Location;
use crate::drift::outcome::DriftReport;
use crate::drift::{self, DriftError, Options};
use crate::event::Observer;
use crate::migrate::{Declared, MigrateError, Migrator, OptionalBranch};
use crate::report::{self, Format};
use crate::schema::Engine;
use crate::systems::SystemError;

/// Compares and shows.
pub(in crate::cli) async fn run(arguments: DriftArgs, observer: &dyn Observer) -> Result<ExitCode, CliError> {
    let mut report = match compare(&arguments, observer).await {
        Ok(report) => report,
        Err(error) => {
            // What could not be done is the error to tell, also when this cannot be written.
            report::drift::show_failure(arguments.format, &error, &mut io::stdout().lock()).ok();
            return Err(error);
        }
    };
    if !arguments.strict && report.reordered() > 0 {
        report.notices.push(ORDER_PASSES.into());
    }
    shown(report::drift::show(arguments.format, &report, &mut io::stdout().lock()))?;
    Ok(status(!report.fails(arguments.fail_on.into(), arguments.strict)))
}

async fn compare(arguments: &DriftArgs, observer: &dyn Observer) -> Result<DriftReport, CliError> {
    let options =
        Options { ignore: arguments.ignore.clone(), scratch: arguments.scratch_url.clone().unwrap_or_default() };
    if let (Some(expected), Some(found)) = (&arguments.expected, &arguments.found) {
        let (expected, found) = (Location::parse(expected)?, Location::parse(found)?);
        return Ok(drift::between(&expected, &found, &options).await?);
    }
    if let Some([sqlite, postgres]) = arguments.parity.as_deref() {
        let (sqlite, postgres) = (Location::parse(sqlite)?, Location::parse(postgres)?);
        return Ok(drift::parity(&arguments.migrator()?, &sqlite, &postgres, &options).await?);
    }
    if arguments.folder {
        let schema = arguments.schema_of_folder()?;
        let engines = arguments.engine.map_or_else(|| vec![Engine::Sqlite, Engine::Postgres], |one| vec![one.into()]);
        return Ok(drift::folder(&arguments.migrator()?, schema.as_ref(), &engines, &options, observer).await?);
    }
    let location = dotenv::or_location(arguments.database_url.as_deref())?;
    let location = location.ok_or_else(|| MigrateError::Usage(NO_DATABASE.into()))?;
    match &arguments.schema {
        Some(file) => {
            let declared = arguments.declared(file.as_ref())?;
            let report = drift::declared(&declared, &location, &options).await?;
            Ok(report.without_left_out(&arguments.optional_branches().await?))
        }
        None => Ok(drift::recorded(&arguments.migrator()?, &location, &options).await?),
    }
}

const ORDER_PASSES: &str = "the order of columns is told and does not count: a column is added at the end, and no engine can move it; \
                            --strict lets it count";
const NO_DATABASE: &str = "no database is named; give --database-url URL, or --expected URL and --found URL, or --parity \
                           SQLITE POSTGRES; --folder needs none";
const NO_SCHEMA: &str = "no schema file is named; give --schema FILE, or --system NAME for schemas/NAME.sql";

impl DriftArgs {
    fn migrator(&self) -> Result<Migrator, CliError> {
        let folder = FolderArgs { dir: self.dir.clone(), system: self.system.clone(), format: Format::Text };
        let options = crate::migrate::Options { dialect: self.dialect.map(Into::into), ..Default::default() };
        Ok(folder.migrator()?.with(options))
    }

    /// The branches that the database may do without, where revisions are named.
    async fn optional_branches(&self) -> Result<Vec<OptionalBranch>, CliError> {
        match (&self.system, &self.dir) {
            (None, None) => Ok(Vec::new()),
            // A schema file of one's own may have no revisions.
            _ => match self.migrator() {
                Err(CliError::System(SystemError::Nowhere { .. })) => Ok(Vec::new()),
                migrator => Ok(migrator?.optional_branches().await?),
            },
        }
    }

    /// The schema file that is named, or the system's own.
    fn declared(&self, file: Option<&PathBuf>) -> Result<Declared, CliError> {
        match (file, &self.system) {
            (Some(file), _) => Ok(Declared::read(file)?),
            (None, Some(system)) => schema_of(system),
            (None, None) => Err(DriftError::Usage(NO_SCHEMA.into()).into()),
        }
    }

    /// The schema file with which a folder is compared: the one that is named, or the system's own where there is one.
    fn schema_of_folder(&self) -> Result<Option<Declared>, CliError> {
        match (&self.schema, &self.system) {
            (Some(file), _) => self.declared(file.as_ref()).map(Some),
            // A folder that is named may have no schema file; what is built in for another is not its.
            (None, Some(system)) if self.dir.is_none() || schema_path(system).exists() => schema_of(system).map(Some),
            (None, _) => Ok(None),
        }
    }
}
