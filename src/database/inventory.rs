//! Everything that a database holds, read as facts.

use super::{Connection, Database, DatabaseError};
use crate::postgres;
use crate::postgres::inventory::Reach;
use crate::schema::inventory::{Difference, Inventory, Item, Kind};
use crate::schema::{Engine, KeyOf, KeyPart, Table};

/// What of a database is read.
#[derive(Clone, Debug, Default)]
pub struct Scope {
    /// The schema that is meant, on PostgreSQL; none for the one in which unqualified names are created. What is in it is
    /// named and worded without it.
    pub schema: Option<String>,
    /// Whether what other schemas hold is described, too; else it is counted as unmanaged.
    pub other_schemas: bool,
}

impl Database {
    /// Reads everything that the database holds, without this tool's own tables.
    pub async fn inventory(&mut self, scope: &Scope) -> Result<Inventory, DatabaseError> {
        let in_transaction = self.in_transaction();
        if let Connection::Postgres(writer) = &mut self.connection {
            return Ok(postgres::inventory::read(writer, reach(scope, in_transaction)).await?);
        }
        let structure = self.structure(scope.schema.as_deref()).await?;
        let mut inventory = Inventory::new(self.engine());
        structure.tables.iter().for_each(|table| lift(table, &mut inventory));
        Ok(inventory)
    }

    /// Has the engine word those texts of SQL in which two inventories differ until its wording no longer changes, so that
    /// two spellings of one thing become the same text. What is made for it is rolled back.
    pub async fn agree_on_wording(
        &mut self,
        expected: &mut Inventory,
        found: &mut Inventory,
    ) -> Result<(), DatabaseError> {
        self.agree_on_wording_in(&Scope::default(), expected, found).await
    }

    /// Does so for inventories that were read with a scope of their own.
    pub async fn agree_on_wording_in(
        &mut self,
        scope: &Scope,
        expected: &mut Inventory,
        found: &mut Inventory,
    ) -> Result<(), DatabaseError> {
        let in_transaction = self.in_transaction();
        match &mut self.connection {
            Connection::Postgres(writer) => {
                let reach = reach(scope, in_transaction);
                Ok(postgres::inventory::agree_on_wording(writer, reach, expected, found).await?)
            }
            Connection::Sqlite { .. } | Connection::Offline => Ok(()),
        }
    }
}

/// Writes the statements that would make a difference vanish, in the engine's words; `expected` is the inventory that should
/// be. Nothing where they cannot be written, or would lose something.
pub fn mend(difference: &Difference, expected: &Inventory) -> Option<String> {
    match expected.engine {
        Engine::Postgres => postgres::inventory::mend::mend(difference, expected),
        Engine::Sqlite => difference.mend.clone(),
    }
}

fn reach(scope: &Scope, in_transaction: bool) -> Reach<'_> {
    Reach { schema: scope.schema.as_deref(), other_schemas: scope.other_schemas, in_transaction }
}

fn lift(table: &Table, inventory: &mut Inventory) {
    let name = table.name.as_str();
    if name.starts_with("strait_") && inventory.engine == Engine::Sqlite {
        return;
    }
    let part = |kind: Kind, name: Option<&str>| Item::new(kind, Some(&table.name), name);
    let items = &mut inventory.items;
    items.push(Item::new(Kind::Table, None, Some(name)));
    for column in &table.columns {
        let item = part(Kind::Column, Some(&column.name)).with("type", Some(column.declared.as_str()));
        items.push(item.when("not null", !column.nullable).with_sql("default", column.default.as_deref()));
    }
    if let Some(key) = &table.primary_key {
        items.push(part(Kind::PrimaryKey, key.name.as_deref()).with("columns", Some(key.columns.join(", "))));
    }
    for unique in &table.uniques {
        items.push(part(Kind::Unique, unique.name.as_deref()).with("columns", Some(keys(&unique.columns))));
    }
    for check in &table.checks {
        items.push(part(Kind::Check, check.name.as_deref()).with_sql("expression", Some(check.expression.as_str())));
    }
    for key in &table.foreign_keys {
        let refers = format!("{} ({})", key.parent, key.parent_columns.join(", "));
        let item = part(Kind::ForeignKey, key.name.as_deref()).with("columns", Some(key.columns.join(", ")));
        items.push(item.with("refers to", Some(refers)).with("on delete", Some(key.on_delete.as_str())));
    }
    for index in &table.indexes {
        let item = part(Kind::Index, Some(&index.name)).with("columns", Some(keys(&index.keys)));
        items.push(item.when("unique", index.unique).with_sql("where", index.predicate.as_deref()));
    }
}

fn keys(parts: &[KeyPart]) -> String {
    let word = |part: &KeyPart| match &part.of {
        KeyOf::Column(name) => name.clone(),
        KeyOf::Expression(text) => format!("({text})"),
    };
    parts.iter().map(word).collect::<Vec<_>>().join(", ")
}
