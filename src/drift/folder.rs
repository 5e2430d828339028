//! The folder check: what the revisions make on databases of our own is what the schema file declares, and is so again after
//! all of them were taken down and up.

use std::time::Instant;

use super::contrast::{Sides, contrast};
use super::error::hint;
use super::outcome::{Comparison, DriftReport, Form, Told};
use super::seeds::{Rows, Seeds};
use super::{DriftError, Options};
use crate::database::{Access, Database, Location, PrivateDatabase, Scope, Surroundings};
use crate::event::Observer;
use crate::migrate::graph::{Target, Way};
use crate::migrate::replay::{Place, ReplayError};
use crate::migrate::{self, Declared, MigrateError, Migrator};
use crate::schema::Engine;
use crate::schema::inventory::Inventory;

/// How a folder stands after all was taken down, and after all was made once more.
const DOWN: &str = ", taken down to base";
const AGAIN: &str = ", taken down to base and up again";

/// Replays a folder on private databases and compares with its schema file; without one, the first way up with the second.
pub async fn folder(
    migrator: &Migrator,
    schema: Option<&Declared>,
    engines: &[Engine],
    options: &Options,
    observer: &dyn Observer,
) -> Result<DriftReport, DriftError> {
    let began = Instant::now();
    let ways = migrate::Options { allow_destructive: true, ..migrator.options.clone() };
    let migrator = migrator.clone().with(ways);
    let (mut comparisons, mut beside) = (Vec::new(), Beside::default());
    if schema.is_none() {
        beside.notices.push(
            "no schema file was named, so that only going down and up again was checked; name it with --schema FILE"
                .into(),
        );
    }
    beside.notices.extend(schema.into_iter().flat_map(|declared| declared.schema.remarks.clone()));
    for &engine in engines {
        let mut home = PrivateDatabase::start(engine).await?;
        let check = Check { migrator: &migrator, schema, options, observer, engine };
        let checked = check.run(&mut home, &mut comparisons, &mut beside).await;
        let ended = home.end().await;
        checked?;
        ended?;
    }
    let mut report = DriftReport::new(Form::Folder, comparisons).with_problems(beside.problems);
    report.notices.extend(beside.notices);
    Ok(report.timed(began))
}

/// What is told beside the comparisons of structures.
#[derive(Default)]
struct Beside {
    problems: Vec<String>,
    notices: Vec<String>,
}

/// The check on one engine.
struct Check<'c> {
    migrator: &'c Migrator,
    schema: Option<&'c Declared>,
    options: &'c Options,
    observer: &'c dyn Observer,
    engine: Engine,
}

impl Check<'_> {
    async fn run(
        &self,
        home: &mut PrivateDatabase,
        comparisons: &mut Vec<Comparison>,
        beside: &mut Beside,
    ) -> Result<(), DriftError> {
        let replayed = home.location().clone();
        let base = read(&replayed).await?;
        self.go(&replayed, Way::Up).await?;
        let first = read(&replayed).await?;
        let seeds = self.schema.map(|schema| Seeds::of(schema, self.engine));
        let (mut expected, mut wanted_rows) = (first, Rows::new());
        if let (Some(schema), Some(seeds)) = (self.schema, &seeds) {
            home.anew().await?;
            let declared = declare(schema, home.location()).await?;
            Seeds::insert(schema, home.location()).await?;
            wanted_rows = seeds.read(home.location()).await?;
            let rows = seeds.read(&replayed).await?;
            beside.problems.extend(Seeds::differences(&wanted_rows, &rows, self.engine, ""));
            comparisons.push(self.compare(&declared, expected, &replayed, "").await?);
            expected = declared;
        }
        match self.go(&replayed, Way::Down).await {
            Err(DriftError::Migrate(error)) if matches!(*error, MigrateError::NoWayDown { .. }) => {
                let engine = self.engine.name();
                beside.notices.push(format!("on {engine} going down to base and up again was not tried: {error}"));
                return Ok(());
            }
            gone => gone?,
        }
        comparisons.push(self.compare(&base, read(&replayed).await?, &replayed, DOWN).await?);
        self.go(&replayed, Way::Up).await?;
        let again = read(&replayed).await?;
        comparisons.push(self.compare(&expected, again, &replayed, AGAIN).await?);
        if let Some(seeds) = &seeds {
            let rows = seeds.read(&replayed).await?;
            beside.problems.extend(Seeds::differences(&wanted_rows, &rows, self.engine, AGAIN));
        }
        Ok(())
    }

    async fn go(&self, location: &Location, way: Way) -> Result<(), DriftError> {
        let target = if way == Way::Up { Target::heads() } else { "base".parse().map_err(MigrateError::from)? };
        let mut around = Surroundings::default();
        loop {
            let Err(error) = self.migrator.run(location, way, &target, self.observer).await else { return Ok(()) };
            if !make_role(error.missing_role(), &mut around, location).await? {
                return Err(error.into());
            }
        }
    }

    async fn compare(
        &self,
        expected: &Inventory,
        found: Inventory,
        location: &Location,
        how: &str,
    ) -> Result<Comparison, DriftError> {
        let folder = self.migrator.folder.shown();
        let declared = match (self.schema, how) {
            (_, DOWN) => "nothing".to_owned(),
            (Some(schema), _) => schema.file.clone(),
            (None, _) => format!("{folder} as it went up first"),
        };
        let file = self.schema.map_or_else(|| self.migrator.folder.on_disk(), Declared::on_disk);
        let sides = Sides { expected: declared, found: format!("{folder}{how}"), file };
        let mut database = Database::open(location, Access::Write).await?;
        let compared = contrast(sides, expected.clone(), found, &mut database, &everything(), self.options).await;
        database.close().await;
        let mut comparison = compared?;
        let is_down = how == DOWN;
        comparison.differences.iter_mut().for_each(|told| told.mend = Some(remedy(told, is_down)));
        comparison.revisions = self.migrator.graph.heads().into_iter().map(str::to_owned).collect();
        Ok(match self.schema {
            Some(schema) => comparison.located(schema),
            None => comparison,
        })
    }
}

/// What to do about a difference between files: what makes one of a database of the other stands in a revision, if anywhere.
fn remedy(told: &Told, is_down: bool) -> String {
    let what = match told.difference {
        _ if is_down => return "-- a way down leaves it otherwise than it was: correct that".into(),
        "missing" => "-- write a revision that makes it, or take it out of the schema file",
        "unexpected" => "-- add it to the schema file, or write a revision that takes it away",
        _ => "-- write it so in the schema file, or write a revision that changes it",
    };
    told.mend.as_deref().map_or_else(|| what.to_owned(), |mend| format!("{what}:\n{mend}"))
}

/// Makes in an empty database what a schema file declares, and reads it.
async fn declare(schema: &Declared, location: &Location) -> Result<Inventory, DriftError> {
    let mut around = Surroundings::default();
    loop {
        let mut database = Database::open(location, Access::Write).await?;
        let made = schema.scripts(database.engine())?.made(&mut database, Place::Kept).await;
        database.close().await;
        let source = match made {
            Ok(inventory) => return Ok(inventory),
            Err(source) => source,
        };
        let missing = if let ReplayError::Statement { error, .. } = &source { error.missing_role() } else { None };
        if !make_role(missing, &mut around, location).await? {
            return Err(DriftError::Expected { hint: hint(&source, true), source });
        }
    }
}

/// Makes a role on a private server that a script names and does not make: roles belong to a server. Tells whether that is new.
async fn make_role(role: Option<&str>, around: &mut Surroundings, location: &Location) -> Result<bool, DriftError> {
    if !role.is_some_and(|role| around.name_role(role)) {
        return Ok(false);
    }
    let mut database = Database::open(location, Access::Write).await?;
    let made = database.make_roles(around).await;
    database.close().await;
    Ok(made.map(|()| true)?)
}

async fn read(location: &Location) -> Result<Inventory, DriftError> {
    // A SQLite file that is not there yet is made, as it will be in a moment.
    let mut database = Database::open(location, Access::Write).await?;
    let inventory = database.inventory(&everything()).await;
    database.close().await;
    Ok(inventory?)
}

/// A private database is looked at in all of its schemas.
fn everything() -> Scope {
    Scope { schema: None, other_schemas: true }
}
