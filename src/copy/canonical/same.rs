//! Holds tables that are there against a schema file: the server builds what the file says, and both are read alike.

use super::super::CopyError;
use super::super::plan::Problem;
use super::collation::{self, Collation};
use crate::database::{Access, Begin, Database, DatabaseError, Location, Scope, Worded};
use crate::postgres::Address;
use crate::postgres::names::quote;
use crate::schema::inventory::{Difference, Grade, Inventory, Kind, What, compare};
use crate::schema::language::words::first_words;
use crate::schema::language::{self, SchemaFile};
use crate::schema::{Change, Engine, Schema};

/// Where the file's tables are built to be looked at; it is rolled back.
const SCRATCH: &str = "strait_scratch";
const NO_RIGHT: &str = "tables of the schema are in the target, and the role may not create the schema strait_scratch (rolled \
                        back at once) in which they are compared with what the file says; let an administrator run: grant \
                        create on database … to the role, or leave the schema out to fill the tables as they are";
/// So many differences are told one by one.
const TOLD: usize = 10;

/// Says in what tables differ from what a schema file says, in one problem; in none when they do not.
pub(super) async fn differences(
    target: &Address,
    schema: &str,
    file: &SchemaFile,
    tables: &[&str],
) -> Result<Option<Problem>, CopyError> {
    let mut database = Database::open(&Location::Postgres(Box::new(target.clone())), Access::Write).await?;
    if !may_try(&mut database).await? {
        return Ok(Some(Problem::new(NO_RIGHT.into())));
    }
    database.begin(Begin::default()).await?;
    let read = read_both(&mut database, schema, file).await;
    let rolled_back = database.rollback().await;
    let (mut expected, mut found) = read?;
    rolled_back?;
    for inventory in [&mut expected, &mut found] {
        inventory.items.retain(|item| {
            item.part_of.as_ref().or(item.name.as_ref()).is_some_and(|table| tables.contains(&table.as_str()))
        });
    }
    database.agree_on_wording(&mut expected, &mut found).await?;
    database.close().await;
    let mut differences = compare(&expected, &found);
    // A name or an order of columns keeps no row from its place.
    differences.retain(|difference| difference.grade != Grade::Cosmetic && !is_forgiven(difference));
    Ok((!differences.is_empty()).then(|| worded(&differences)))
}

async fn may_try(database: &mut Database) -> Result<bool, DatabaseError> {
    let sql = "select has_database_privilege(current_database(), 'CREATE')::text";
    let rows = database.query("ask for the role's rights", sql, &[]).await?;
    Ok(rows.into_iter().flatten().flatten().any(|answer| answer == "true"))
}

/// Whether a constraint is there and not validated, as a copy leaves it where rows break it, or a trigger is not there:
/// neither keeps a row from its place.
fn is_forgiven(difference: &Difference) -> bool {
    match (&difference.kind, &difference.what) {
        (Kind::Check | Kind::ForeignKey, What::Changed { fact, expected: None, .. }) => fact == "valid",
        (Kind::Trigger, What::Missing) => true,
        _ => false,
    }
}

async fn read_both(
    database: &mut Database,
    schema: &str,
    file: &SchemaFile,
) -> Result<(Inventory, Inventory), DatabaseError> {
    look_into(database, schema).await?;
    let found = database.inventory(&Scope { schema: Some(schema.to_owned()), other_schemas: false }).await?;
    database.run_script("make a schema to try the schema file in", &format!("create schema {SCRATCH}")).await?;
    look_into(database, SCRATCH).await?;
    let mut before = Schema::default();
    for change in changes(&file.schema) {
        // What PostgreSQL has no words for is told by those who create the table.
        let Ok(worded) = Worded::new(Engine::Postgres, &change, &before) else { continue };
        let made = database.change(&worded).await;
        made.map_err(|source| DatabaseError::Statement {
            what: "try the schema file".into(),
            location: database.location().to_owned(),
            source,
        })?;
        before.apply(&change).ok();
    }
    for statement in own_words(file, schema) {
        run_if_it_can(database, &statement).await?;
    }
    let expected = database.inventory(&Scope { schema: Some(SCRATCH.into()), other_schemas: false }).await?;
    Ok((expected, found))
}

/// What the file says of its tables for PostgreSQL alone, as a copy runs it; not what is worded for a schema of its own, nor
/// what is done to rows.
fn own_words(file: &SchemaFile, schema: &str) -> Vec<String> {
    let own = file.others.iter().filter(|statement| statement.kind == language::Kind::Opaque(Engine::Postgres));
    let structural = own.filter(|statement| {
        let names_schema = [format!("{schema}."), format!("{}.", quote(schema))];
        let first = first_words(&statement.text, 2);
        let first: Vec<&str> = first.iter().map(String::as_str).collect();
        matches!(first.as_slice(), ["alter", "table" | "sequence" | "index"] | ["comment", _] | ["create", _])
            && !names_schema.iter().any(|name| statement.text.contains(name))
    });
    let worded = structural.filter_map(|statement| match collation::read(&statement.text, &file.schema) {
        Some(Collation::Run(text)) => Some(text),
        Some(Collation::Skip(_)) => None,
        None => Some(statement.text.clone()),
    });
    worded.collect()
}

/// Runs a statement in a step of its own; one that the server refuses was refused at the end of a copy, too.
async fn run_if_it_can(database: &mut Database, statement: &str) -> Result<(), DatabaseError> {
    database.run_script("try the schema file", "savepoint own_words").await?;
    let end = if database.run(statement).await.is_ok() { "release" } else { "rollback to" };
    database.run_script("try the schema file", &format!("{end} savepoint own_words")).await.map(drop)
}

async fn look_into(database: &mut Database, schema: &str) -> Result<(), DatabaseError> {
    let sql = format!("set local search_path = {}", quote(schema));
    database.run_script("look into a schema", &sql).await.map(drop)
}

/// What makes a schema of nothing.
fn changes(declared: &Schema) -> Vec<Change> {
    crate::schema::diff::diff(&Schema::default(), declared)
}

fn worded(differences: &[Difference]) -> Problem {
    let mut lines: Vec<String> = differences.iter().take(TOLD).map(Difference::sentence).collect();
    if differences.len() > TOLD {
        lines.push(format!("and {} more", differences.len() - TOLD));
    }
    Problem::new(format!(
        "tables of the schema are in the target and are not what it says ({}); see all of it with `strait drift`, bring the \
         target to the schema, name an empty database, or leave the schema out to fill the tables as they are",
        lines.join("; ")
    ))
}
