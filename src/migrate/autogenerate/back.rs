//! The way down of a generated revision, where none can be derived from its way up.

use crate::migrate::MigrateError;
use crate::migrate::prepare::{Stuck, taken_back};
use crate::migrate::program::Program;
use crate::schema::language::words::first_words;
use crate::schema::language::write::write_changes;
use crate::schema::{Engine, Schema, diff};

/// What becomes of the way down.
pub(super) enum Back {
    /// It is derived from the way up.
    Derived,
    /// It is written beside the way up.
    Written(String),
    /// A person writes it; a sentence for each engine that has none.
    Missing(Vec<String>),
}

/// Looks for the way back from what a text makes of a structure; `is_whole` says whether nothing but changes is in the text.
pub(super) fn back(text: &str, now: &Schema, reached: &Schema, is_whole: bool) -> Result<Back, MigrateError> {
    let mut missing = Vec::new();
    for engine in [Engine::Sqlite, Engine::Postgres] {
        let up = Program::portable("the generated revision", text, engine, true, now)?;
        if let Err(Stuck { at, why }) = taken_back(engine, &up, now.clone()) {
            let words = first_words(&up.statements[at].text, 4).join(" ");
            missing.push(format!(
                "on {} this revision has no way down: what begins with `{words}` {why}; write its .down.sql",
                engine.name()
            ));
        }
    }
    let (changes, refused) = diff::difference(reached, now);
    Ok(match missing.is_empty() {
        true => Back::Derived,
        false if is_whole && refused.is_empty() => Back::Written(write_changes(&changes)),
        false => Back::Missing(missing),
    })
}
