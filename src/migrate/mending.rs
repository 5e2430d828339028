//! Brings what scripts make nearer to what is wanted, statement by statement; everything is rolled back.

use std::collections::BTreeSet;

use super::replay::{Place, ReplayError, Scripts};
use crate::database::{Database, DatabaseError, Scope, mend};
use crate::schema::inventory::{Difference, Inventory, What, compare};
use crate::schema::language::block;

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
        let schema = self.run_in(database, place, false).await?;
        let scope = Scope { other_schemas: schema.is_none(), schema };
        let (mut tried, mut done) = (Tried::default(), Vec::new());
        let beyond = beyond(wanted);
        loop {
            let (mut expected, mut made) = (wanted.clone(), database.inventory(&scope).await?);
            database.agree_on_wording_in(&scope, &mut expected, &mut made).await?;
            let differences = compare(&expected, &made);
            let before = done.len();
            for difference in &differences {
                let mend = mend(difference, &expected).filter(|mend| !done.contains(mend));
                // What leads to another schema runs here, and not where that schema is missing.
                let Some(mend) = mend.filter(|mend| !beyond.iter().any(|name| names(mend, name))) else { continue };
                // One may need another that comes later; then it has its turn again.
                if tried.attempt(database, self, difference, &mend).await? {
                    done.push(mend);
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
        scripts: &Scripts,
        difference: &Difference,
        mend: &str,
    ) -> Result<bool, DatabaseError> {
        let Some(statements) = block::statements(scripts.engine, mend) else { return Ok(false) };
        let mut ran = if runs(database, &statements.join(";\n")).await? { statements.clone() } else { Vec::new() };
        if ran.is_empty() && difference.what == What::Missing && statements.len() > 1 {
            for statement in statements {
                if runs(database, &statement).await? {
                    ran.push(statement);
                } else if ran.is_empty() {
                    break;
                }
            }
        }
        if ran.is_empty() {
            return Ok(false);
        }
        self.ran.append(&mut ran);
        self.mended.push(difference.clone());
        Ok(true)
    }
}

/// How names begin of what lies in schemas that are not described.
fn beyond(wanted: &Inventory) -> BTreeSet<String> {
    let schemas = wanted.unmanaged.iter().filter(|one| one.why == ELSEWHERE).filter_map(|one| one.name.split_once('.'));
    schemas.flat_map(|(schema, _)| [format!("{schema}."), format!("\"{schema}\".")]).collect()
}

/// Tells whether a text has a name that begins so, and not at the end of a longer word.
fn names(text: &str, beginning: &str) -> bool {
    let is_word = |c: char| c.is_alphanumeric() || c == '_';
    text.match_indices(beginning).any(|(at, _)| !text[..at].ends_with(is_word))
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
    fn a_schema_s_name_is_a_word() {
        assert!(names("select a from other.t", "other.") && names("(other.f())", "other."));
        assert!(!names("select another.a from another", "other."));
    }
}
