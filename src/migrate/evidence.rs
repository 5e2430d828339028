//! Evidence: in what the structure that revisions make differs from the one that is there.

use std::collections::BTreeSet;

use super::prepare::{Dialect, Reader};
use super::replay::{Place, ReplayError};
use super::session::Session;
use super::{MigrateError, Migrator};
use crate::database::{Database, DatabaseError, Scope};
use crate::schema::Engine;
use crate::schema::inventory::{Difference, Grade, Inventory, Kind, What, compare};

impl Session<'_> {
    /// In what the database differs from what some revisions make on an empty one; says why when they cannot be run so.
    pub(super) async fn evidence(
        &mut self,
        revisions: &BTreeSet<&str>,
    ) -> Result<Result<Vec<String>, String>, MigrateError> {
        let scripts = match self.migrator.scripts(&self.reader(), self.engine, revisions) {
            Ok(scripts) => scripts,
            Err(error) => return Ok(Err(error.to_string())),
        };
        let database = self.database.as_mut().ok_or(MigrateError::Usage("there is no database".into()))?;
        let made = match self.engine {
            Engine::Sqlite => scripts.made(&mut Database::scratch().await?, Place::Inside).await,
            Engine::Postgres => scripts.made(database, Place::Beside).await,
        };
        let expected = match made {
            Ok(expected) => expected,
            Err(error) => return Ok(Err(in_words(&error))),
        };
        let mut found = database.inventory(&Scope::default()).await?;
        let foreign: Vec<&str> = self.found.iter().map(|found| found.table.as_str()).collect();
        // What the revisions make is compared, whoever keeps it.
        let is_hidden = |name: &str| foreign.contains(&name) && expected.item(Kind::Table, name).is_none();
        found.items.retain(|item| {
            let own = if item.kind == Kind::Table { item.name.as_deref() } else { None };
            ![own, item.part_of.as_deref()].into_iter().flatten().any(is_hidden)
        });
        Ok(Ok(differences(expected, found, database).await?))
    }
}

fn in_words(error: &ReplayError) -> String {
    match std::error::Error::source(error) {
        Some(cause) if !error.to_string().contains(&cause.to_string()) => format!("{error}: {cause}"),
        _ => error.to_string(),
    }
}

/// What some revisions of a portable folder make where nothing is; fails with the reason when they cannot be run there.
pub(super) async fn made(
    migrator: &Migrator,
    revisions: &BTreeSet<&str>,
    database: &mut Database,
    place: Place,
) -> Result<Inventory, String> {
    let engine = database.engine();
    let reader = Reader::new(migrator, engine, Dialect::Portable);
    let scripts = migrator.scripts(&reader, engine, revisions).map_err(|error| error.to_string())?;
    scripts.made(database, place).await.map_err(|error| in_words(&error))
}

/// Says in what two structures of one engine differ, a line for each difference that a script makes; the database words what
/// both say.
///
/// The order of columns is none: no engine can put a column back where it was. Nor is what people grant and note by hand.
pub(super) async fn differences(
    mut expected: Inventory,
    mut found: Inventory,
    database: &mut Database,
) -> Result<Vec<String>, DatabaseError> {
    let mut differences = compare(&expected, &found);
    if differences.iter().any(is_made) {
        database.agree_on_wording(&mut expected, &mut found).await?;
        differences = compare(&expected, &found);
    }
    Ok(differences.iter().filter(|difference| is_made(difference)).map(Difference::sentence).collect())
}

fn is_made(difference: &Difference) -> bool {
    match &difference.what {
        What::Order { .. } => false,
        What::Changed { fact, .. } => fact != "grants" && (difference.grade > Grade::Cosmetic || fact == "name"),
        What::Missing | What::Unexpected => true,
    }
}

pub(super) fn is_ours(table: &str) -> bool {
    matches!(table, "strait_version" | "strait_history" | "strait_refinery_history")
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::schema::inventory::Item;

    fn told(expected: &[Item], found: &[Item]) -> Vec<String> {
        let of = |items: &[Item]| {
            let table = Item::new(Kind::Table, None, Some("t"));
            let items = std::iter::once(table).chain(items.iter().cloned()).collect();
            Inventory { items, ..Inventory::new(Engine::Sqlite) }
        };
        let differences = compare(&of(expected), &of(found));
        differences.iter().filter(|difference| is_made(difference)).map(Difference::sentence).collect()
    }

    fn column(name: &str) -> Item {
        Item::new(Kind::Column, Some("t"), Some(name)).with("type", Some("TEXT"))
    }

    #[test]
    fn every_difference_is_named_once() {
        let expected = [column("a"), column("b").when("not null", true)];
        assert_eq!(
            told(&expected, &[column("b"), column("c")]),
            ["t.a is missing", "t.b: not null yes → none", "t.c is there and should not be"]
        );
    }

    #[test]
    fn the_order_of_columns_and_what_people_note_is_no_difference() {
        let noted = column("a").with("comment", Some("x")).with("grants", Some("r"));
        assert_eq!(told(&[column("a"), column("b")], &[column("b"), noted]), [""; 0]);
        let index = |unique| Item::new(Kind::Index, Some("t"), Some("i")).when("unique", unique);
        assert_eq!(told(&[index(false)], &[index(true)]), ["t: index i: unique none → yes"]);
    }
}
