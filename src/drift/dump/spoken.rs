//! Which tables the portable language takes, together, and why not the others.

use std::collections::BTreeSet;

use crate::schema::language::read_schema;
use crate::schema::language::write::write_schema;
use crate::schema::{Engine, EnumType, ForeignKey, LogicalType, Schema, Table};

/// What stands in the portable language, and what in the engine's own words.
pub(super) struct Spoken {
    /// The engine.
    pub(super) engine: Engine,
    /// What the language takes.
    pub(super) schema: Schema,
    /// The other tables, each with the reason.
    pub(super) unsaid: Vec<(String, String)>,
}

/// A table that the language refuses, or one of its references, with the reason.
struct Refused {
    table: String,
    key: Option<ForeignKey>,
    why: String,
}

impl Spoken {
    /// Parts the tables that the language takes from those that it does not; some are known to be of the latter.
    pub(super) fn of(engine: Engine, schema: Schema, unsaid: Vec<(String, String)>) -> Self {
        let mut spoken = Self { engine, schema, unsaid };
        spoken.settle();
        spoken
    }

    /// Puts tables, each with the reason, into the engine's own words.
    pub(super) fn leave_out(&mut self, tables: Vec<(String, String)>) {
        for (table, why) in tables {
            if self.schema.table(&table).is_some() {
                self.take_out(&table, why);
            }
        }
        self.settle();
    }

    fn take_out(&mut self, table: &str, why: String) {
        self.schema.tables.retain(|known| known.name != table);
        self.unsaid.push((table.to_owned(), why));
    }

    /// Takes out what the language refuses, until it takes the rest.
    fn settle(&mut self) {
        loop {
            self.follow_references();
            let Some(Refused { table, key, why }) = self.first_refused() else { break };
            match key {
                // PostgreSQL takes a reference afterwards.
                Some(key) if self.engine == Engine::Postgres => self.drop_reference(&table, &key),
                _ => self.take_out(&table, format!("{table}: {why}")),
            }
        }
        self.schema.enums = used(&self.schema, &self.schema.tables);
    }

    /// A table whose parent is not of the language can be neither on SQLite, where a reference stands in the table.
    fn follow_references(&mut self) {
        let there: BTreeSet<String> = self.schema.tables.iter().map(|table| table.name.clone()).collect();
        if self.engine == Engine::Postgres {
            let tables = self.schema.tables.iter_mut();
            let is_there = |key: &ForeignKey| key.parent_schema.is_none() && there.contains(&key.parent);
            return tables.for_each(|table| table.foreign_keys.retain(&is_there));
        }
        let leads_out = |table: &Table| {
            let key = table.foreign_keys.iter().find(|key| !there.contains(&key.parent))?;
            Some((table.name.clone(), format!("{} refers to {}, which stands here", table.name, key.parent)))
        };
        let out: Vec<(String, String)> = self.schema.tables.iter().filter_map(leads_out).collect();
        if !out.is_empty() {
            out.into_iter().for_each(|(table, why)| self.take_out(&table, why));
            self.follow_references();
        }
    }

    fn drop_reference(&mut self, table: &str, key: &ForeignKey) {
        let tables = self.schema.tables.iter_mut().filter(|known| known.name == table);
        tables.for_each(|known| known.foreign_keys.retain(|other| other != key));
    }

    /// The first table that the language refuses beside those before it, or the first reference, with the reason.
    fn first_refused(&self) -> Option<Refused> {
        refusal(&self.schema)?;
        let alone = |table: &Table| Table { foreign_keys: Vec::new(), ..table.clone() };
        let mut so_far = Schema::default();
        for table in &self.schema.tables {
            so_far.tables.push(alone(table));
            so_far.enums = used(&self.schema, &so_far.tables);
            if let Some(why) = refusal(&so_far) {
                return Some(Refused { table: table.name.clone(), key: None, why });
            }
        }
        for (at, table) in self.schema.tables.iter().enumerate() {
            for key in &table.foreign_keys {
                so_far.tables[at].foreign_keys.push(key.clone());
                if let Some(why) = refusal(&so_far) {
                    return Some(Refused { table: table.name.clone(), key: Some(key.clone()), why });
                }
            }
        }
        None
    }
}

/// The types that some tables use.
fn used(schema: &Schema, tables: &[Table]) -> Vec<EnumType> {
    let is_used = |name: &str| {
        let mut columns = tables.iter().flat_map(|table| &table.columns);
        columns.any(|column| matches!(&column.logical, LogicalType::Enum(known) if known.name == name))
    };
    schema.enums.iter().filter(|known| is_used(&known.name)).cloned().collect()
}

/// Why the language refuses a schema; none where it takes it.
fn refusal(schema: &Schema) -> Option<String> {
    read_schema(&write_schema(schema)).err().map(|error| error.message)
}
