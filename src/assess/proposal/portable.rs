//! Tables that were inferred, in the portable language: what it takes, tried piece by piece; the rest is PostgreSQL's own.

use super::{computed, own, with};
use crate::copy::orphans::reference::unbuildable;
use crate::copy::plan::TablePlan;
use crate::copy::views::View;
use crate::postgres::wording;
use crate::schema::language::expression::{fit, parse_text};
use crate::schema::language::write::write_change;
use crate::schema::language::{block, parse_after};
use crate::schema::order::dependency_order;
use crate::schema::{Change, Column, Constraint, Engine, ForeignKey, Generated, Identity, Index, KeyOf, Schema, Table};

/// What is said, how, and what is not.
#[derive(Debug, Default)]
pub(super) struct Portable {
    /// The tables in the portable language.
    pub(super) schema: Schema,
    /// Statements of PostgreSQL's own.
    pub(super) own: Vec<String>,
    /// What neither says.
    pub(super) left_out: Vec<String>,
}

/// Says tables as they were inferred, whose expressions are PostgreSQL's.
pub(super) fn say(tables: &[&TablePlan], views: &[View], schema: &str) -> Portable {
    let mut said = Portable::default();
    let mut kept = Vec::new();
    for planned in tables {
        if let Some(table) = said.table(planned, schema) {
            said.schema = with(&said.schema, &table);
            kept.push(*planned);
        }
    }
    for planned in &kept {
        for key in &planned.target_table.foreign_keys {
            said.foreign_key(planned, key, tables, schema);
        }
    }
    said.own.extend(views.iter().map(own::view));
    let order = dependency_order(&said.schema).into_iter().flatten();
    said.schema.tables = order.map(|at| said.schema.tables[at].clone()).collect();
    // Collations come first: a column's keys are built with them.
    said.own.sort_by_key(|sql| !is_collation(sql));
    let Portable { own, left_out, .. } = &mut said;
    own.retain(|sql| {
        let can_stand = block::statements(Engine::Postgres, sql).is_some_and(|read| read.len() == 1);
        if !can_stand {
            left_out.push(own::unsaid(sql));
        }
        can_stand
    });
    said
}

fn is_collation(sql: &str) -> bool {
    sql.contains(" alter column ") && sql.ends_with(" collate \"C\"")
}

impl Portable {
    /// Whether the language takes a change of what is said so far; else why not.
    fn takes(&self, change: &Change) -> Result<(), String> {
        let read = parse_after(&write_change(change), &self.schema);
        read.map_err(|error| format!("{}; {}", error.message, error.help))?;
        self.schema.clone().apply(change).map_err(|error| error.to_string())
    }

    /// Says a table without its references; nothing when the language has no such table.
    fn table(&mut self, planned: &TablePlan, schema: &str) -> Option<Table> {
        let inferred = &planned.target_table;
        let mut table = Table {
            name: inferred.name.clone(),
            columns: inferred.columns.iter().map(bare).collect(),
            primary_key: inferred.primary_key.clone(),
            ..Table::default()
        };
        if let Err(why) = self.takes(&Change::CreateTable(table.clone())) {
            let source = &planned.source.name;
            self.left_out.push(format!("table {source}: {why}; --extra-tables create copies it beside the file's"));
            return None;
        }
        for (at, column) in inferred.columns.iter().enumerate() {
            let source = planned.columns.iter().find(|copied| copied.target == column.name);
            let source = source.and_then(|copied| planned.source.column(&copied.source));
            self.own.extend(own::collation(&table, column));
            if let Some(wanted) = &column.default {
                match portable_default(source, wanted, column) {
                    Some(text) => table.columns[at].default = Some(text),
                    None => self.own.push(own::default(&table, column, wanted)),
                }
            }
            if column.generated.is_some() {
                self.computed(planned, column, at, &mut table);
            }
        }
        self.keys(inferred, &mut table, schema);
        self.own.extend(own::comments(schema, planned));
        Some(table)
    }

    /// Says of what a column is computed; it is an ordinary one where the language says nothing that is the same.
    fn computed(&mut self, planned: &TablePlan, column: &Column, at: usize, table: &mut Table) {
        let mut tried = table.clone();
        let expression = computed::portable(planned, column, table);
        tried.columns[at].generated = expression.map(|text| Generated { expression: Some(text), stored: true });
        if tried.columns[at].generated.is_some() && self.takes(&Change::CreateTable(tried.clone())).is_ok() {
            *table = tried;
        } else {
            let name = format!("{}.{}", planned.source.name, column.name);
            self.left_out.push(format!("generated column {name}: its values are copied, and it is an ordinary column"));
        }
    }

    /// Adds unique constraints, indexes and checks.
    fn keys(&mut self, inferred: &Table, table: &mut Table, schema: &str) {
        for unique in &inferred.uniques {
            let tried = Table { uniques: vec![unique.clone()], ..table.clone() };
            match self.takes(&Change::CreateTable(tried)) {
                Ok(()) => table.uniques.push(unique.clone()),
                Err(_) => self.own.push(own::unique(schema, table, unique)),
            }
        }
        for index in &inferred.indexes {
            let change = Change::CreateIndex { table: table.name.clone(), index: index.clone() };
            let after = Self { schema: with(&self.schema, table), ..Self::default() };
            match after.takes(&change) {
                Ok(()) if is_plain(index) => table.indexes.push(index.clone()),
                _ => self.own.push(own::index(schema, table, index)),
            }
        }
        // In the language a check is there before the rows, and sets those aside that break it; here it comes after them.
        self.own.extend(inferred.checks.iter().flat_map(|check| own::check(schema, table, check)));
    }

    /// Says a reference; one to a table that the file does not have may lead to one that is copied beside the file's.
    fn foreign_key(&mut self, planned: &TablePlan, key: &ForeignKey, tables: &[&TablePlan], schema: &str) {
        let name = format!("{}.{}", planned.source.name, key.columns.join(", "));
        let parent = tables.iter().find(|parent| key.refers_to(&parent.target));
        if let Some(why) = parent.and_then(|parent| unbuildable(key, &planned.target_table, &parent.side())) {
            self.left_out.push(format!("foreign key {name}: {why}"));
            return;
        }
        let constraint = Constraint::ForeignKey(key.clone());
        let taken = match self.schema.table(&key.parent).filter(|_| key.parent_schema.is_none()) {
            Some(_) => self.takes(&Change::AddConstraint { table: planned.target.clone(), constraint }),
            None => Err(format!("table {} is not in this file", key.parent_called())),
        };
        let table = self.schema.tables.iter_mut().find(|table| table.name == planned.target);
        match (taken, table) {
            (Ok(()), Some(table)) => table.foreign_keys.push(key.clone()),
            (Err(_), _) if parent.is_some() => {
                self.own.extend(own::foreign_key(schema, &planned.target, key));
            }
            (Err(why), _) => self.left_out.push(format!("foreign key {name}: {why}")),
            (Ok(()), None) => {}
        }
    }
}

/// A column with its type alone.
fn bare(column: &Column) -> Column {
    let identity = column.identity.is_some().then_some(Identity::Rowid { highest: None });
    Column { nullable: column.nullable, identity, ..Column::new(&column.name, column.logical.clone()) }
}

fn is_plain(index: &Index) -> bool {
    let plain = |of: &KeyOf| matches!(of, KeyOf::Column(_));
    index.predicate.is_none() && index.keys.iter().all(|key| plain(&key.of) && key.collation.is_none())
}

/// A default in the language that becomes just this one in PostgreSQL.
fn portable_default(source: Option<&Column>, wanted: &str, column: &Column) -> Option<String> {
    let own = source.and_then(|source| source.default.as_deref());
    let candidates = own.into_iter().chain([wanted, "now()"]);
    let mut read = candidates.filter_map(|text| parse_text(text).ok());
    let read = read.find(|read| {
        let worded = wording::default(&read.to_string(), &column.logical);
        fit::default(read, &column.logical).is_ok()
            && worded.is_ok_and(|worded| bare_text(&worded) == bare_text(wanted))
    })?;
    Some(read.to_string())
}

/// An expression without the parentheses around it.
fn bare_text(text: &str) -> &str {
    let text = text.trim();
    match text.strip_prefix('(').and_then(|rest| rest.strip_suffix(')')) {
        Some(inner) if !inner.contains(['(', ')']) => inner.trim(),
        _ => text,
    }
}
