//! Writes a database's structure as a schema file, and holds the file against the database.
//!
//! A table that the portable language would make otherwise stands in a block for the engine, word for word, with the reason;
//! so does what the language has no words for. What no statement brings back is named.

mod extensions;
mod spoken;

use std::collections::BTreeSet;

use serde::Serialize;

use self::extensions::Extensions;
use self::spoken::Spoken;
use super::apart::is_home;
use super::contrast::{Sides, contrast};
use super::place::{Made, make, trial};
use super::{DriftError, Options, Scratch};
use crate::database::{Access, Database, Location, Nearness, Scope};
use crate::migrate::Declared;
use crate::migrate::mending::Tried;
use crate::migrate::replay::ReplayError;
use crate::schema::Engine;
use crate::schema::inventory::{Difference, Inventory, Kind, Unmanaged, What};
use crate::schema::language::block;
use crate::schema::language::schema_file::FIRST_LINE;
use crate::schema::language::write::write_schema;

/// The name of the file while it is not yet one.
const WRITTEN: &str = "the schema file that was written";
/// What the inventory calls a table that comes and goes with its virtual table.
const SHADOW: &str = "shadow table";
/// How the sentence ends of what is not there.
const MISSING: &str = " is missing";
/// What may help where something could not be made beside the database.
const APART: &str = "; --scratch-url private may take it along";

/// A schema file that was written of a database.
#[derive(Clone, Debug, Serialize)]
pub struct Dump {
    /// The database, without its password.
    pub database: String,
    /// Its engine.
    pub engine: Engine,
    /// The schema file.
    pub text: String,
    /// How many tables it has in the portable language.
    pub tables: usize,
    /// Why tables stand in the engine's own words, a sentence for each.
    pub own_tables: Vec<String>,
    /// How many statements stand in the engine's own block.
    pub own_statements: usize,
    /// What the file does not bring back, each as a sentence.
    pub not_carried: Vec<String>,
}

/// Writes the structure of a database as a schema file. Nothing of it stays in the database.
///
/// With the nearest types, tables are kept in the portable language although it makes them otherwise, and what becomes of
/// them is named.
pub async fn dump(location: &Location, nearness: Nearness, options: &Options) -> Result<Dump, DriftError> {
    let mut database = Database::open(location, Access::Read).await?;
    // Other schemas cannot be made beside the database.
    let scope = Scope { schema: None, other_schemas: !matches!(options.scratch, Scratch::Beside) };
    let live = database.inventory(&scope).await?;
    let extensions = Extensions::of(&live, options);
    let (spoken, tried) = settled(&mut database, &live, nearness, options).await?;
    let mut statements = extensions.statements;
    statements.extend(tried.ran);
    let own_tables: Vec<String> = spoken.unsaid.iter().map(|(_, why)| one_line(why)).collect();
    let text = written(&spoken, &own_tables, &statements);
    let is_beside = live.engine == Engine::Postgres && matches!(options.scratch, Scratch::Beside);
    let left = tried.left.iter().map(Difference::sentence).collect();
    let mut not_carried = checked(&text, left, &live, &mut database, &scope, options).await?;
    if is_beside {
        not_carried.iter_mut().filter(|line| line.ends_with(MISSING)).for_each(|line| line.push_str(APART));
    }
    not_carried.extend(other_schemas(&mut database, &scope, &extensions.schemas).await?);
    database.close().await;
    not_carried.extend(live.unmanaged.iter().filter(|one| one.kind != SHADOW).map(unmanaged));
    let not_carried: Vec<String> = not_carried.iter().map(|line| one_line(line)).collect();
    Ok(Dump {
        database: location.to_string(),
        engine: live.engine,
        text: text + &remarks(&not_carried),
        tables: spoken.schema.tables.len(),
        own_tables,
        own_statements: statements.len(),
        not_carried,
    })
}

/// Finds the tables that the portable language makes as they are, and the statements that make the rest.
async fn settled(
    database: &mut Database,
    live: &Inventory,
    nearness: Nearness,
    options: &Options,
) -> Result<(Spoken, Tried), DriftError> {
    let mut lifted = database.portable_structure(live, nearness).await?;
    let is_there = |table: &str| live.item(Kind::Table, table).is_some();
    lifted.schema.tables.retain(|table| is_there(&table.name));
    lifted.unsaid.retain(|(table, _)| is_there(table));
    let mut spoken = Spoken::of(live.engine, lifted.schema, lifted.unsaid);
    loop {
        let text = write_schema(&spoken.schema);
        let scripts = Declared::from_text(WRITTEN, text)?.scripts(live.engine)?;
        let tried = trial(&scripts, database, live, options).await?;
        let changed = made_otherwise(&tried, &spoken);
        if changed.is_empty() || nearness == Nearness::Nearest {
            return Ok((spoken, tried));
        }
        spoken.leave_out(changed);
    }
}

/// The tables that the portable language makes otherwise than they are, each with the reason.
///
/// What is added afterwards, as an index, does not count; nor does what a statement made good, unless it made another column.
fn made_otherwise(tried: &Tried, spoken: &Spoken) -> Vec<(String, String)> {
    let made_good = tried.mended.iter().filter(|one| changes_type(one));
    let left = tried.left.iter().filter(|one| belongs_to_table(one.kind));
    let mut seen = BTreeSet::new();
    let reason = |difference: &Difference| {
        let table = match difference.kind {
            Kind::Table => difference.name.as_deref()?,
            _ => difference.part_of.as_deref()?,
        };
        let is_new = spoken.schema.table(table).is_some() && seen.insert(table.to_owned());
        is_new.then(|| (table.to_owned(), format!("the language would change it: {}", difference.sentence())))
    };
    left.chain(made_good).filter_map(reason).collect()
}

fn changes_type(difference: &Difference) -> bool {
    difference.kind == Kind::Column && matches!(&difference.what, What::Changed { fact, .. } if fact == "type")
}

/// Whether a thing is made with its table, and not after it.
fn belongs_to_table(kind: Kind) -> bool {
    use Kind::{Check, Column, Exclusion, ForeignKey, PrimaryKey, Table, Unique};
    matches!(kind, Table | Column | PrimaryKey | Unique | Check | ForeignKey | Exclusion)
}

/// The file: what is portable, then what is the engine's own.
fn written(spoken: &Spoken, own_tables: &[String], statements: &[String]) -> String {
    let title = format!("{FIRST_LINE}\n-- The structure of a {} database.", spoken.engine.name());
    let portable = write_schema(&spoken.schema).replacen(FIRST_LINE, &title, 1);
    let reasons: Vec<String> = own_tables.iter().map(|why| format!("as it was written: {why}")).collect();
    match block::write(spoken.engine, &reasons, statements) {
        block if block.is_empty() => portable,
        block => format!("{portable}\n{block}"),
    }
}

/// Builds the file and says in what that differs from what the database holds; what a trial has left where the file cannot be
/// built beside it.
async fn checked(
    text: &str,
    mut left: Vec<String>,
    live: &Inventory,
    database: &mut Database,
    scope: &Scope,
    options: &Options,
) -> Result<Vec<String>, DriftError> {
    // What cannot be read again is no schema file.
    let scripts = Declared::from_text(WRITTEN, text.to_owned())?.scripts(live.engine)?;
    let Made { inventory: made, mut site } = match make(&scripts, database, options).await {
        Err(DriftError::Expected { source: ReplayError::Reaches { .. }, .. }) => return Ok(left),
        // A file that is of little use as it is may still be mended by hand.
        Err(DriftError::Expected { source, .. }) => {
            left.push(format!("the file as a whole: {source}"));
            return Ok(left);
        }
        made => made?,
    };
    let sides = Sides { expected: database.location().to_owned(), found: WRITTEN.into(), file: None };
    let wording = site.as_mut().map_or(database, |site| &mut site.database);
    let everything = Options::default();
    let compared = contrast(sides, live.clone(), made, wording, scope, &everything).await;
    if let Some(site) = site {
        site.end().await?;
    }
    Ok(compared?.differences.into_iter().map(|told| told.sentence).collect())
}

/// Names the schemas that are not looked into, but for those that some extensions bring along.
async fn other_schemas(database: &mut Database, scope: &Scope, carried: &[String]) -> Result<Vec<String>, DriftError> {
    if scope.other_schemas || database.engine() == Engine::Sqlite {
        return Ok(Vec::new());
    }
    let all = database.inventory(&Scope { schema: None, other_schemas: true }).await?;
    let schemas = all.items.iter().filter(|item| item.kind == Kind::Schema && !is_home(item));
    let names = schemas.filter_map(|item| item.name.clone()).filter(|name| !carried.contains(name));
    Ok(names.map(|name| format!("schema {name} is missing; --scratch-url private takes it along")).collect())
}

fn unmanaged(one: &Unmanaged) -> String {
    format!("{} {} ({})", one.kind, one.name, one.why)
}

fn remarks(not_carried: &[String]) -> String {
    let lines: String = not_carried.iter().map(|line| format!("-- not carried: {line}\n")).collect();
    if lines.is_empty() { lines } else { format!("\n{lines}") }
}

fn one_line(text: &str) -> String {
    text.split_whitespace().collect::<Vec<_>>().join(" ")
}
