//! Writes a database's structure as a schema file, and holds the file against the database: what the language cannot say
//! stands in a block for the engine, and what no statement brings back is named.

use serde::Serialize;

use super::place::trial;
use super::{DriftError, Options};
use crate::database::{Access, Database, Location, Scope};
use crate::migrate::Declared;
use crate::schema::inventory::{Difference, Grade, Inventory, Kind, What};
use crate::schema::language::write::write_schema;
use crate::schema::{Engine, Schema, Table};

/// A schema file that was written of a database.
#[derive(Clone, Debug, Serialize)]
pub struct Dump {
    /// The database, without its password.
    pub database: String,
    /// Its engine.
    pub engine: Engine,
    /// The schema file.
    pub text: String,
    /// How many tables it has.
    pub tables: usize,
    /// How many statements stand in the engine's own block.
    pub own_statements: usize,
    /// What the file does not bring back, each as a sentence.
    pub not_carried: Vec<String>,
}

/// Writes the structure of a database as a schema file. Nothing of it stays in the database.
pub async fn dump(location: &Location, options: &Options) -> Result<Dump, DriftError> {
    let mut database = Database::open(location, Access::Read).await?;
    let live = database.inventory(&Scope::default()).await?;
    let mut schema = database.portable_structure(&live).await?;
    schema.tables.retain(|table| live.item(Kind::Table, &table.name).is_some());
    let schema = admissible(schema);
    let title = format!("{}\n-- The structure of a {} database.\n", first_line(), live.engine.name());
    let portable = write_schema(&schema).replacen(&first_line(), title.trim_end(), 1);
    let scripts = Declared::from_text("the schema file that was written", portable.clone())?.scripts(live.engine)?;
    let tried = trial(&scripts, &mut database, &live, options).await?;
    database.close().await;
    let (block, unwritable): (Vec<String>, Vec<String>) = tried.ran.into_iter().partition(|sql| stays_in_block(sql));
    let mut not_carried = sentences(&tried.left, &live);
    not_carried.extend(unwritable.iter().map(|sql| format!("a statement that would end its block: {}", one_line(sql))));
    let text = portable + &own_block(live.engine, &block) + &remarks(&not_carried);
    // What cannot be read again is no schema file.
    Declared::from_text("the schema file that was written", text.clone())?;
    Ok(Dump {
        database: location.to_string(),
        engine: live.engine,
        text,
        tables: schema.tables.len(),
        own_statements: block.len(),
        not_carried,
    })
}

fn first_line() -> String {
    crate::schema::language::schema_file::FIRST_LINE.to_owned()
}

/// The tables that the language takes, each alone; references to others are left out.
fn admissible(schema: Schema) -> Schema {
    let is_taken = |table: &Table| {
        let alone = Table { foreign_keys: Vec::new(), ..table.clone() };
        let enums = schema.enums.clone();
        let text = write_schema(&Schema { tables: vec![alone], enums, others: Vec::new() });
        Declared::from_text("", text).is_ok()
    };
    let mut tables: Vec<Table> = schema.tables.iter().filter(|table| is_taken(table)).cloned().collect();
    let names: Vec<String> = tables.iter().map(|table| table.name.clone()).collect();
    for table in &mut tables {
        table.foreign_keys.retain(|key| names.contains(&key.parent));
    }
    let mut schema = Schema { tables, ..schema };
    if Declared::from_text("", write_schema(&schema)).is_err() {
        // A reference that the language does not take, such as to columns that are no key there.
        for at in 0..schema.tables.len() {
            let keys = std::mem::take(&mut schema.tables[at].foreign_keys);
            for key in keys {
                schema.tables[at].foreign_keys.push(key);
                if Declared::from_text("", write_schema(&only_references_upto(&schema, at))).is_err() {
                    schema.tables[at].foreign_keys.pop();
                }
            }
        }
    }
    schema
}

/// A schema without the references of tables after one.
fn only_references_upto(schema: &Schema, upto: usize) -> Schema {
    let mut schema = schema.clone();
    schema.tables.iter_mut().skip(upto + 1).for_each(|table| table.foreign_keys.clear());
    schema
}

/// A statement that holds the words by which a block ends cannot stand in one.
fn stays_in_block(sql: &str) -> bool {
    !sql.lines().any(|line| line.trim_start().starts_with("-- end"))
}

fn own_block(engine: Engine, statements: &[String]) -> String {
    if statements.is_empty() {
        return String::new();
    }
    let word = match engine {
        Engine::Sqlite => "sqlite",
        Engine::Postgres => "postgres",
    };
    let list: String = statements.iter().map(|sql| format!("{};\n", sql.trim_end().trim_end_matches(';'))).collect();
    format!("\n-- only: {word}\n{list}-- end\n")
}

fn remarks(not_carried: &[String]) -> String {
    let lines: String = not_carried.iter().map(|line| format!("-- not carried: {line}\n")).collect();
    if lines.is_empty() { lines } else { format!("\n{lines}") }
}

fn sentences(left: &[Difference], live: &Inventory) -> Vec<String> {
    let lost = left.iter().filter(|difference| !is_only_a_name(difference)).map(Difference::sentence);
    let unmanaged = live.unmanaged.iter().map(|one| format!("{} {} ({})", one.kind, one.name, one.why));
    lost.chain(unmanaged).map(|line| one_line(&line)).collect()
}

/// A constraint that had no name got one: nothing is lost by it.
fn is_only_a_name(difference: &Difference) -> bool {
    difference.grade == Grade::Cosmetic
        && matches!(&difference.what, What::Changed { fact, expected: None, .. } if fact == "name")
}

fn one_line(text: &str) -> String {
    text.split_whitespace().collect::<Vec<_>>().join(" ")
}
