//! Evidence: the structure that revisions make, beside the one that is there.

use std::collections::BTreeSet;
use std::fmt::Debug;

use super::apply::{Failure, Manner, Ready, run_statements};
use super::folder::Revision;
use super::graph::{Step, VersionChange, Way};
use super::prepare::{Dialect, Reader};
use super::session::{Session, ready};
use super::{MigrateError, Migrator};
use crate::database::{Begin, Database, DatabaseError, ForeignKeys, Object};
use crate::schema::{Column, Engine, Identity, Schema, Table};

/// The schema in which revisions are run on PostgreSQL to see what they make; it is rolled back.
const SCRATCH_SCHEMA: &str = "strait_scratch";

/// What revisions make: tables, and what is no table.
#[derive(Debug)]
pub(super) struct Made {
    schema: Schema,
    objects: Vec<Object>,
}

impl Made {
    /// Says in what another differs from this one.
    pub(super) fn differences(&self, found: &Self) -> Vec<String> {
        let mut lines = differences(&self.schema, &found.schema);
        let same = |object: &Object, other: &Object| object.kind == other.kind && object.name == other.name;
        for object in &self.objects {
            match found.objects.iter().find(|other| same(object, other)) {
                None => lines.push(format!("{} {} is missing", object.kind, object.name)),
                Some(other) if other.definition != object.definition => {
                    lines.push(format!("{} {} is made of something else", object.kind, object.name));
                }
                Some(_) => {}
            }
        }
        let strange = found.objects.iter().filter(|one| !self.objects.iter().any(|other| same(one, other)));
        lines.extend(strange.map(|one| format!("{} {} is there and should not be", one.kind, one.name)));
        lines
    }
}

impl Session<'_> {
    /// The structure that some revisions make on this engine: run on an empty database in memory, or in a schema of its own
    /// inside a transaction that is rolled back. Fails with the reason when they cannot be run so.
    pub(super) async fn expected_structure(&mut self, revisions: &BTreeSet<&str>) -> Result<Made, String> {
        let steps = ordered(self.migrator, revisions);
        let ready = self.ready(steps).map_err(|error| error.to_string())?;
        if let Some(outside) = ready.iter().find(|one| one.program.statements.iter().any(|one| one.outside)) {
            return Err(format!("{} holds a statement that runs only outside a transaction", outside.step.id));
        }
        if self.engine == Engine::Sqlite {
            let mut scratch = Database::scratch().await.map_err(|error| error.to_string())?;
            return made_by(&mut scratch, &ready, None).await;
        }
        let database = self.database.as_mut().ok_or("there is no database")?;
        made_by(database, &ready, Some(SCRATCH_SCHEMA)).await
    }

    /// The structure of the tables that are there, without those of this tool, and without those of other tools' histories
    /// that are not expected.
    pub(super) async fn found_structure(&mut self, expected: &Made) -> Result<Made, MigrateError> {
        let database = self.database.as_mut().ok_or(MigrateError::Usage("there is no database".into()))?;
        let mut found = database.structure(None).await?;
        let foreign: Vec<&str> = self.found.iter().map(|found| found.table.as_str()).collect();
        found.tables.retain(|table| {
            let is_meant = expected.schema.table(&table.name).is_some() || !foreign.contains(&table.name.as_str());
            is_meant && !is_ours(&table.name)
        });
        let objects = objects(database, None).await?;
        Ok(Made { schema: found, objects })
    }
}

/// The structure that some revisions make on an empty SQLite database; fails with the reason when they cannot be run.
pub(super) async fn made_on_sqlite(migrator: &Migrator, revisions: &BTreeSet<&str>) -> Result<Schema, String> {
    let reader = Reader::new(migrator, Engine::Sqlite, Dialect::Portable);
    let ready = ready(migrator, &reader, ordered(migrator, revisions)).map_err(|error| error.to_string())?;
    let mut scratch = Database::scratch().await.map_err(|error| error.to_string())?;
    made_by(&mut scratch, &ready, None).await.map(|made| made.schema)
}

/// The ways up of some revisions, parents first.
fn ordered(migrator: &Migrator, revisions: &BTreeSet<&str>) -> Vec<Step> {
    let all = migrator.graph.pending(&[]).unwrap_or_default();
    let beside = migrator.folder.revisions.iter().filter(|revision| !migrator.graph.contains(&revision.id));
    let after = |parent: Option<&str>| {
        let follows = move |one: &&Revision| parent.map_or(one.down_revisions.is_empty(), |parent| one.follows(parent));
        beside.clone().filter(follows).map(|one| one.id.as_str()).collect::<Vec<_>>()
    };
    let in_line = all.into_iter().flat_map(|id| [vec![id], after(Some(id))].concat());
    let wanted = after(None).into_iter().chain(in_line).filter(|id| revisions.contains(id));
    wanted.map(|id| Step { id: id.to_owned(), way: Way::Up, version: VersionChange::default() }).collect()
}

/// Runs some ways up, reads the structure, and takes everything back.
async fn made_by(database: &mut Database, ready: &[Ready<'_>], schema: Option<&str>) -> Result<Made, String> {
    let begin = Begin { foreign_keys: ForeignKeys::Off, ..Begin::default() };
    database.begin(begin).await.map_err(|error| error.to_string())?;
    let made = run_all(database, ready, schema).await;
    let rolled_back = database.rollback().await.map_err(|error| error.to_string());
    let made = made?;
    rolled_back.map(|()| made)
}

async fn run_all(database: &mut Database, ready: &[Ready<'_>], schema: Option<&str>) -> Result<Made, String> {
    let manner = Manner { allow_destructive: true, ..Manner::default() };
    let mut home = None;
    if let Some(schema) = schema {
        home = current_schema(database).await.map_err(|error| error.to_string())?;
        let sql = format!("create schema {schema}");
        database.run_script("make a schema to try the revisions in", &sql).await.map_err(|error| error.to_string())?;
    }
    for one in ready {
        stand_in(database, schema).await?;
        run_statements(database, one, manner).await.map_err(|failure| match failure {
            Failure::Statement { error, .. } => format!("{} cannot be run anew: {error}", one.step.id),
            Failure::Database(error) => format!("{} cannot be run anew: {error}", one.step.id),
            Failure::Other(error) => format!("{} cannot be run anew: {error}", one.step.id),
        })?;
    }
    stand_in(database, schema).await?;
    let structure = database.structure(schema).await.map_err(|error| error.to_string())?;
    let objects = objects(database, home.as_deref()).await.map_err(|error| error.to_string())?;
    Ok(Made { schema: structure, objects })
}

/// Lists what is no table, named and worded as if the schema that names are looked up in had no name; what is in the
/// schema that it stands for is left out.
async fn objects(database: &mut Database, stands_for: Option<&str>) -> Result<Vec<Object>, DatabaseError> {
    let mut objects = database.objects().await?;
    let here = current_schema(database).await?;
    if let Some(hidden) = stands_for {
        objects.retain(|one| {
            let (name, place) =
                one.name.rsplit_once(" on ").map_or((one.name.as_str(), ""), |(name, table)| (name, table));
            let inside = |name: &str| name.strip_prefix(hidden).is_some_and(|rest| rest.starts_with('.'));
            !inside(name) && !inside(place)
        });
    }
    objects.retain(|one| !(one.kind == "schema" && [here.as_deref(), stands_for].contains(&Some(one.name.as_str()))));
    if let Some(here) = here {
        let prefix = format!("{here}.");
        objects.iter_mut().for_each(|one| one.definition = one.definition.replace(&prefix, ""));
    }
    Ok(objects)
}

/// The schema in which unqualified names are looked up first; none on SQLite.
async fn current_schema(database: &mut Database) -> Result<Option<String>, DatabaseError> {
    if database.engine() == Engine::Sqlite {
        return Ok(None);
    }
    let rows = database.query("ask for the schema of unqualified names", "select current_schema()", &[]).await?;
    Ok(rows.into_iter().flatten().flatten().next())
}

/// Makes unqualified names mean a schema, until the settings are forgotten.
async fn stand_in(database: &mut Database, schema: Option<&str>) -> Result<(), String> {
    let Some(schema) = schema else { return Ok(()) };
    let sql = format!("set local search_path = {schema}");
    let done = database.run_script("look into the schema in which revisions are tried", &sql).await;
    done.map(drop).map_err(|error| error.to_string())
}

pub(super) fn is_ours(table: &str) -> bool {
    matches!(table, "strait_version" | "strait_history" | "strait_refinery_history")
}

/// Says in what two structures of one engine differ, a line for each difference. The order of columns is none: no engine
/// can put a column back where it was.
pub(super) fn differences(expected: &Schema, found: &Schema) -> Vec<String> {
    let mut lines = Vec::new();
    for table in &expected.tables {
        match found.table(&table.name) {
            Some(there) => table_differences(table, there, &mut lines),
            None => lines.push(format!("table {} is missing", table.name)),
        }
    }
    let strange = found.tables.iter().filter(|table| expected.table(&table.name).is_none());
    lines.extend(strange.map(|table| format!("table {} is there and should not be", table.name)));
    lines
}

fn table_differences(expected: &Table, found: &Table, lines: &mut Vec<String>) {
    let name = &expected.name;
    for column in &expected.columns {
        match found.column(&column.name) {
            Some(there) => column_differences(name, column, there, lines),
            None => lines.push(format!("{name}.{} is missing", column.name)),
        }
    }
    let strange = found.columns.iter().filter(|column| expected.column(&column.name).is_none());
    lines.extend(strange.map(|column| format!("{name}.{} is there and should not be", column.name)));
    let key = |table: &Table| table.primary_key.as_ref().map(|key| key.columns.clone());
    if key(expected) != key(found) {
        lines.push(format!("{name}: the primary key differs"));
    }
    same(name, "unique constraint", &expected.uniques, &found.uniques, lines);
    same(name, "foreign key", &expected.foreign_keys, &found.foreign_keys, lines);
    same(name, "check", &expected.checks, &found.checks, lines);
    same(name, "index", &expected.indexes, &found.indexes, lines);
}

fn column_differences(table: &str, expected: &Column, found: &Column, lines: &mut Vec<String>) {
    let name = format!("{table}.{}", expected.name);
    if !expected.declared.eq_ignore_ascii_case(&found.declared) {
        lines.push(format!("{name}: type {} → {}", expected.declared, found.declared));
    }
    if expected.nullable != found.nullable {
        lines.push(format!("{name}: {}", if found.nullable { "NULL is allowed" } else { "NULL is not allowed" }));
    }
    let own_default = |column: &Column| column.default.clone().filter(|_| column.identity.is_none());
    if own_default(expected) != own_default(found) {
        lines.push(format!("{name}: the default differs"));
    }
    let numbered =
        |column: &Column| column.identity.as_ref().map(|identity| matches!(identity, Identity::Rowid { .. }));
    if numbered(expected) != numbered(found) {
        lines.push(format!("{name}: the numbering of rows differs"));
    }
    if expected.collation != found.collation || expected.generated != found.generated {
        lines.push(format!("{name}: the collation or the way it is computed differs"));
    }
}

/// Names what only one side has; the order means nothing.
fn same<T: PartialEq + Debug + Named>(table: &str, kind: &str, expected: &[T], found: &[T], lines: &mut Vec<String>) {
    for one in expected.iter().filter(|one| !found.contains(one)) {
        lines.push(format!("{table}: {kind} {} is missing or differs", one.called()));
    }
    for one in found.iter().filter(|one| !expected.contains(one)) {
        if !expected.iter().any(|other| other.called() == one.called()) {
            lines.push(format!("{table}: {kind} {} is there and should not be", one.called()));
        }
    }
}

/// What a part of a table is called in a message.
trait Named {
    fn called(&self) -> String;
}

impl Named for crate::schema::Unique {
    fn called(&self) -> String {
        self.name.clone().unwrap_or_else(|| "without a name".into())
    }
}

impl Named for crate::schema::ForeignKey {
    fn called(&self) -> String {
        self.name.clone().unwrap_or_else(|| format!("({}) → {}", self.columns.join(", "), self.parent))
    }
}

impl Named for crate::schema::Check {
    fn called(&self) -> String {
        self.name.clone().unwrap_or_else(|| "without a name".into())
    }
}

impl Named for crate::schema::Index {
    fn called(&self) -> String {
        self.name.clone()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::schema::{Index, LogicalType};

    fn schema(columns: &[(&str, bool)]) -> Schema {
        let column =
            |(name, nullable): &(&str, bool)| Column { nullable: *nullable, ..Column::new(name, LogicalType::Text) };
        let table = Table { name: "t".into(), columns: columns.iter().map(column).collect(), ..Table::default() };
        Schema { tables: vec![table], ..Schema::default() }
    }

    #[test]
    fn every_difference_is_named_once() {
        let (expected, found) = (schema(&[("a", true), ("b", false)]), schema(&[("b", true), ("c", true)]));
        let lines = differences(&expected, &found);
        assert_eq!(lines, ["t.a is missing", "t.b: NULL is allowed", "t.c is there and should not be"]);
    }

    #[test]
    fn the_order_of_columns_and_indexes_is_no_difference() {
        let (mut expected, mut found) = (schema(&[("a", true), ("b", true)]), schema(&[("b", true), ("a", true)]));
        let index = |name: &str| Index { name: name.into(), unique: false, keys: Vec::new(), predicate: None };
        expected.tables[0].indexes = vec![index("i"), index("j")];
        found.tables[0].indexes = vec![index("j"), index("i")];
        assert_eq!(differences(&expected, &found), [""; 0]);
        found.tables[0].indexes[0].unique = true;
        assert_eq!(differences(&expected, &found), ["t: index j is missing or differs"]);
    }
}
