//! A database beside its own revisions, or beside a schema file.

use std::time::Instant;

use super::contrast::{Sides, contrast};
use super::outcome::{Comparison, DriftReport, Form};
use super::place::{Made, make};
use super::{DriftError, Options, apart};
use crate::database::{Access, Database, Location, Scope};
use crate::migrate::replay::Scripts;
use crate::migrate::{Declared, Migrator};
use crate::schema::inventory::Inventory;

/// Compares a database with what its recorded revisions make; those that are pending are named.
///
/// Where another tool has kept the records, they are read. Nothing of it stays in the database.
pub async fn recorded(migrator: &Migrator, location: &Location, options: &Options) -> Result<DriftReport, DriftError> {
    let began = Instant::now();
    let looked = look(migrator, location, options).await?;
    let mut report = DriftReport::new(Form::Recorded, vec![looked.comparison]).with_problems(looked.problems);
    report.notices.extend(looked.notices);
    Ok(report.timed(began))
}

/// Compares a database with what a schema file declares. Nothing of it stays in the database.
pub async fn declared(schema: &Declared, location: &Location, options: &Options) -> Result<DriftReport, DriftError> {
    let began = Instant::now();
    let mut database = Database::open(location, Access::Read).await?;
    let scripts = schema.scripts(database.engine())?;
    let sides = Sides { expected: schema.file.clone(), found: database.location().to_owned(), file: schema.on_disk() };
    let (comparison, ..) = beside(sides, &scripts, &mut database, options).await?;
    database.close().await;
    Ok(DriftReport::new(Form::Declared, vec![comparison.located(schema)]).timed(began))
}

/// One database beside its recorded revisions.
pub(super) struct Looked {
    pub(super) comparison: Comparison,
    pub(super) problems: Vec<String>,
    pub(super) notices: Vec<String>,
    /// What was found in it.
    pub(super) inventory: Inventory,
    /// What its recorded revisions make.
    pub(super) form: Inventory,
}

/// Compares one database with what its recorded revisions make.
pub(super) async fn look(migrator: &Migrator, location: &Location, options: &Options) -> Result<Looked, DriftError> {
    let mut place = migrator.whereabouts(location).await?;
    let folder = migrator.folder.shown();
    let at = if place.heads.is_empty() { "base".to_owned() } else { place.heads.join(", ") };
    let sides = Sides {
        expected: format!("{folder} at {at}"),
        found: place.database.location().to_owned(),
        file: migrator.folder.on_disk(),
    };
    let (mut comparison, form, inventory) = beside(sides, &place.scripts, &mut place.database, options).await?;
    if !place.known && !apart::is_empty(&inventory) {
        return Err(DriftError::Usage(format!(
            "{location} was never migrated by strait, and holds no history of another tool that means {folder}; say where \
             it is with `strait migrate stamp REV`, or name what it should be with --schema FILE"
        )));
    }
    place.database.close().await;
    let mut notices = place.notices;
    if let Some(from) = &place.from {
        notices.push(format!(
            "strait has no records in {location}; table {} of {} says where it is (take it over with `strait migrate adopt`)",
            from.table, from.tool
        ));
    }
    (comparison.revisions, comparison.pending, comparison.recorded_by) = (place.heads, place.pending, place.from);
    Ok(Looked { comparison, problems: place.problems, notices, inventory, form })
}

/// Compares a database with what scripts make; gives what they make and what was found in it, too.
async fn beside(
    sides: Sides,
    scripts: &Scripts,
    database: &mut Database,
    options: &Options,
) -> Result<(Comparison, Inventory, Inventory), DriftError> {
    let Made { inventory: mut expected, mut site } = make(scripts, database, options).await?;
    // Other schemas are looked at where the scripts make some, which they could not beside the database.
    let other_schemas = site.is_some() && apart::has_other_schemas(&expected);
    let scope = Scope { schema: None, other_schemas };
    let found = database.inventory(&scope).await?;
    if site.is_none() {
        apart::forget_surroundings(&mut expected);
    }
    let wording = site.as_mut().map_or(&mut *database, |site| &mut site.database);
    let comparison = contrast(sides, expected.clone(), found.clone(), wording, &scope, options).await;
    if let Some(site) = site {
        site.end().await?;
    }
    Ok((comparison?, expected, found))
}
