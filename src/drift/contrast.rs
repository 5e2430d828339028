//! Compares two inventories, once the engine has worded alike what it words in more than one way.

use super::outcome::{Comparison, Counts, Told};
use super::{DriftError, Options, apart};
use crate::database::{Database, Scope, mend_in_turn};
use crate::schema::inventory::{Inventory, compare};

/// What is told where two spellings of one thing may be taken for two things.
const NOT_WORDED: &str = "{found}: this user may make neither a temporary table nor a schema there, with which the server would \
                          have worded both sides alike; where a text of SQL differs, it may be one thing written in two ways: \
                          compare again with --scratch-url private";

/// What is compared, in words.
pub(super) struct Sides {
    /// What should be.
    pub(super) expected: String,
    /// What is.
    pub(super) found: String,
    /// The file or folder that says what should be, where one does.
    pub(super) file: Option<String>,
}

/// Compares what was read within a scope; the database words what both say, and nothing is left in it.
pub(super) async fn contrast(
    sides: Sides,
    mut expected: Inventory,
    mut found: Inventory,
    database: &mut Database,
    scope: &Scope,
    options: &Options,
) -> Result<Comparison, DriftError> {
    let mut there = std::mem::take(&mut found.unmanaged);
    there.extend(apart::histories(&expected, &mut found));
    let unmanaged = apart::sides(std::mem::take(&mut expected.unmanaged), there);
    let mut differences = compare(&expected, &found);
    let mut notices = Vec::new();
    // What is the same in the first wording needs no other.
    if !differences.is_empty() {
        if !database.agree_on_wording_in(scope, &mut expected, &mut found).await? {
            notices.push(NOT_WORDED.replace("{found}", &sides.found));
        }
        differences = compare(&expected, &found);
    }
    let (differences, ignored) = apart::ignored(differences, &options.ignore);
    let differences = mend_in_turn(differences, &expected, &found);
    let differences: Vec<Told> = differences.into_iter().map(Told::from).collect();
    Ok(Comparison {
        expected: sides.expected,
        found: sides.found,
        engine: found.engine,
        revisions: Vec::new(),
        recorded_by: None,
        pending: Vec::new(),
        file: sides.file,
        objects: found.items.len(),
        counts: Counts::of(&differences),
        differences,
        unmanaged,
        ignored,
        notices,
    })
}
