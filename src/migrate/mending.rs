//! Brings what scripts make nearer to what is wanted, statement by statement; everything is rolled back.

use std::collections::BTreeSet;

use super::beside::Beside;
use super::replay::{Place, ReplayError, Scripts};
use crate::database::{Database, DatabaseError, Scope, mend};
use crate::schema::inventory::{Difference, Inventory, What, compare};
use crate::schema::language::block;
use crate::schema::names::quoted;

/// Why the inventory does not describe what lies outside of the home schema.
const ELSEWHERE: &str = "it lies in another schema";

/// What came of statements that were to bring what scripts make nearer to what is wanted.
#[derive(Default)]
pub(crate) struct Tried {
    /// Those that ran, in their order; each can stand in a block for the engine.
    pub(crate) ran: Vec<String>,
    /// What they mended.
    pub(crate) mended: Vec<Difference>,
    /// In what what was made differs nevertheless.
    pub(crate) left: Vec<Difference>,
}

impl Scripts {
    /// Runs the scripts and then statements that bring what they make nearer to what is wanted; everything is rolled back.
    pub(crate) async fn tried(
        &self,
        database: &mut Database,
        place: Place,
        wanted: &Inventory,
    ) -> Result<Tried, ReplayError> {
        database.begin(self.beginning(place)).await?;
        let tried = self.tried_inside(database, place, wanted).await;
        let rolled_back = database.rollback().await;
        let tried = tried?;
        rolled_back?;
        Ok(tried)
    }

    async fn tried_inside(
        &self,
        database: &mut Database,
        place: Place,
        wanted: &Inventory,
    ) -> Result<Tried, ReplayError> {
        // What is wanted is there, with what it has of extensions.
        let mut beside = self.run_in(database, place, self.is_beside(place)).await?.map(Beside::at_home);
        let schema = beside.as_ref().map(|beside| beside.schema.clone());
        let scope = Scope { other_schemas: schema.is_none(), schema };
        let (mut tried, mut done) = (Tried::default(), Vec::new());
        let beyond = beyond(wanted);
        loop {
            if let Some(beside) = &beside {
                beside.stand_in(database).await?;
            }
            let (mut expected, mut made) = (wanted.clone(), database.inventory(&scope).await?);
            database.agree_on_wording_in(&scope, &mut expected, &mut made).await?;
            let differences = compare(&expected, &made);
            let before = done.len();
            for difference in &differences {
                let mend = mend(difference, &expected).filter(|mend| !done.contains(mend));
                // What leads to another schema runs here, and not where that schema is missing.
                let Some(mend) = mend.filter(|mend| !beyond.iter().any(|one| one.is_named_in(mend))) else { continue };
                // One may need another that comes later; then it has its turn again.
                let Some(statements) = block::statements(self.engine, &mend) else { continue };
                let known = beside.as_ref().map(Beside::words);
                if tried.attempt(database, beside.as_mut(), difference, statements).await? {
                    done.push(mend);
                } else if let (Some(beside), Some(known)) = (&mut beside, known) {
                    beside.forget(known);
                }
            }
            if done.len() == before {
                tried.left = differences;
                return Ok(tried);
            }
        }
    }
}

impl Tried {
    /// Runs what would mend a difference, if all of it can be written; of what makes a thing that is missing, as much as can
    /// be run already.
    async fn attempt(
        &mut self,
        database: &mut Database,
        mut beside: Option<&mut Beside>,
        difference: &Difference,
        statements: Vec<String>,
    ) -> Result<bool, DatabaseError> {
        let known = beside.as_ref().map(|beside| beside.words());
        if let Some(beside) = &mut beside {
            beside.find_extensions(database, &statements.join(";\n")).await?;
        }
        let mut ran = if runs(database, &statements.join(";\n")).await? { statements.clone() } else { Vec::new() };
        if ran.is_empty() && difference.what == What::Missing && statements.len() > 1 {
            // Each is judged by its own words: one that grants names what the one that makes does not.
            if let (Some(beside), Some(known)) = (&mut beside, known) {
                beside.forget(known);
            }
            ran = one_by_one(database, beside, statements).await?;
        }
        if ran.is_empty() {
            return Ok(false);
        }
        self.ran.append(&mut ran);
        self.mended.push(difference.clone());
        Ok(true)
    }
}

/// Runs statements as far as they can be run, if the first can; gives those that ran.
async fn one_by_one(
    database: &mut Database,
    mut beside: Option<&mut Beside>,
    statements: Vec<String>,
) -> Result<Vec<String>, DatabaseError> {
    let mut ran = Vec::new();
    for statement in statements {
        let known = beside.as_ref().map(|beside| beside.words());
        if let Some(beside) = &mut beside {
            beside.find_extensions(database, &statement).await?;
        }
        if runs(database, &statement).await? {
            ran.push(statement);
            continue;
        }
        if let (Some(beside), Some(known)) = (&mut beside, known) {
            beside.forget(known);
        }
        if ran.is_empty() {
            break;
        }
    }
    Ok(ran)
}

/// What lies in a schema that is not described.
#[derive(PartialEq, Eq, PartialOrd, Ord)]
struct Beyond {
    schema: String,
    name: String,
}

fn beyond(wanted: &Inventory) -> BTreeSet<Beyond> {
    let elsewhere = wanted.unmanaged.iter().filter(|one| one.why == ELSEWHERE);
    let parted = elsewhere.filter_map(|one| {
        let (schema, name) = one.name.split_once('.')?;
        // A function is told with its arguments.
        let name = name.split_once('(').map_or(name, |(name, _)| name);
        Some(Beyond { schema: schema.to_owned(), name: name.to_owned() })
    });
    parted.collect()
}

impl Beyond {
    /// Tells whether a text names it with its schema, in quotes or not; an alias may have the name of a schema.
    fn is_named_in(&self, text: &str) -> bool {
        let is_word = |c: char| c.is_alphanumeric() || c == '_';
        let written = |name: &str| [name.to_owned(), quoted(name)];
        written(&self.schema)
            .into_iter()
            .flat_map(|schema| written(&self.name).map(|name| format!("{schema}.{name}")))
            .any(|full| {
                text.match_indices(&full).any(|(at, _)| {
                    let (before, after) = (&text[..at], &text[at + full.len()..]);
                    !before.ends_with(is_word) && (full.ends_with('"') || !after.starts_with(is_word))
                })
            })
    }
}

/// Runs statements inside of the open transaction, which goes on as it was when one fails.
async fn runs(database: &mut Database, statements: &str) -> Result<bool, DatabaseError> {
    database.run_script("remember where a statement begins", "savepoint strait_attempt").await?;
    match database.run(statements).await {
        Ok(_) => {
            database.run_script("keep what a statement did", "release savepoint strait_attempt").await?;
            Ok(true)
        }
        Err(said) if said.lost => Ok(false),
        Err(_) => {
            database.run_script("take a statement back", "rollback to savepoint strait_attempt").await?;
            database.run_script("take a statement back", "release savepoint strait_attempt").await?;
            Ok(false)
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_lies_in_another_schema_is_known_by_its_whole_name() {
        let table = Beyond { schema: "other".into(), name: "t".into() };
        let is_named = |text: &str| table.is_named_in(text);
        assert!(is_named("select a from other.t") && is_named("(\"other\".\"t\")") && is_named("select other.t.a"));
        assert!(!is_named("select another.t from another") && !is_named("select other.tt, other.a from x other"));
    }
}
