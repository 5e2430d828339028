//! The keys of an inferred table: primary, unique and foreign.

use std::collections::BTreeSet;

use super::{Inferred, LeftOut, index};
use crate::postgres::names;
use crate::schema::{ForeignKey, Index, KeyOf, KeyPart, LogicalType, PrimaryKey, Table, Unique};
use crate::sqlite::profile::TableProfile;

/// Takes over the primary key and what is unique, as far as the values allow.
pub(super) fn infer_keys(source: &Table, profile: &TableProfile, inferred: &mut Inferred) {
    if let Some(key) = &source.primary_key {
        let holds_null = |name: &String| {
            let at = source.columns.iter().position(|column| &column.name == name);
            at.is_some_and(|at| profile.columns.get(at).is_some_and(|column| column.nulls > 0))
        };
        let columns: Vec<String> = key.columns.iter().map(|name| names::fitting_column(name)).collect();
        if key.columns.iter().any(holds_null) {
            let reason = "a key column holds NULL, which SQLite allows; the target has a unique constraint instead";
            inferred.left_out.push(LeftOut { kind: "primary key", name: source.name.clone(), reason: reason.into() });
            let columns = columns.into_iter().map(plain_part).collect();
            inferred.table.uniques.push(Unique { name: None, columns });
        } else {
            for name in &columns {
                if let Some(column) = inferred.table.columns.iter_mut().find(|column| &column.name == name) {
                    column.nullable = false;
                }
            }
            let name = key.name.clone();
            inferred.table.primary_key = Some(PrimaryKey { name, columns });
        }
    }
    for unique in &source.uniques {
        let is_absent = |of: &KeyOf| matches!(of, KeyOf::Column(name) if source.column_like(name).is_none());
        if unique.columns.iter().any(|part| is_absent(&part.of)) {
            let name = format!("{}.{}", source.name, unique.name.clone().unwrap_or_else(|| names_of(&unique.columns)));
            let reason = "a column of it is left out".to_owned();
            inferred.left_out.push(LeftOut { kind: "unique", name, reason });
            continue;
        }
        // A column's own collation changes what is equal: only an index can say that.
        if unique.columns.iter().any(|part| part.collation.is_some()) {
            let name = unique.name.clone().unwrap_or_else(|| format!("{}_key", source.name));
            let index = Index { name, unique: true, keys: unique.columns.clone(), predicate: None };
            index::infer_index(source, &index, inferred);
            continue;
        }
        let columns: Vec<KeyPart> = unique
            .columns
            .iter()
            .map(|part| KeyPart { of: renamed(&part.of), descending: false, collation: None })
            .collect();
        let repeats_primary_key = inferred.table.primary_key.as_ref().is_some_and(|key| {
            key.columns.iter().map(|name| KeyOf::Column(name.clone())).eq(columns.iter().map(|part| part.of.clone()))
        });
        if !repeats_primary_key || unique.name.is_some() {
            inferred.table.uniques.push(Unique { name: unique.name.clone(), columns });
        }
    }
}

fn names_of(parts: &[KeyPart]) -> String {
    let name = |part: &KeyPart| match &part.of {
        KeyOf::Column(name) | KeyOf::Expression(name) => name.clone(),
    };
    parts.iter().map(name).collect::<Vec<_>>().join(", ")
}

fn renamed(of: &KeyOf) -> KeyOf {
    match of {
        KeyOf::Column(name) => KeyOf::Column(names::fitting_column(name)),
        KeyOf::Expression(text) => KeyOf::Expression(text.clone()),
    }
}

fn plain_part(column: String) -> KeyPart {
    KeyPart { of: KeyOf::Column(column), descending: false, collation: None }
}

/// The columns of a table's keys and indexes that are json, which PostgreSQL neither orders nor compares.
pub fn unkeyable(table: &Table) -> BTreeSet<&str> {
    let parts = table.uniques.iter().flat_map(|unique| &unique.columns);
    let parts = parts.chain(table.indexes.iter().flat_map(|index| &index.keys));
    let names = parts.filter_map(|part| match &part.of {
        KeyOf::Column(name) => Some(name),
        KeyOf::Expression(_) => None,
    });
    let names = table.primary_key.iter().flat_map(|key| &key.columns).chain(names);
    let is_json = |name: &&String| table.column(name).is_some_and(|column| column.logical == LogicalType::Json);
    names.filter(is_json).map(String::as_str).collect()
}

/// Takes over the references that lead somewhere, and names the others.
pub(super) fn infer_foreign_keys(source: &Table, is_known: &dyn Fn(&str) -> bool, inferred: &mut Inferred) {
    for key in &source.foreign_keys {
        if let Some(reason) = dangling(key, is_known) {
            let own = key.name.clone().unwrap_or_else(|| key.columns.join(", "));
            let name = format!("{}.{own}", source.name);
            inferred.left_out.push(LeftOut { kind: "foreign key", name, reason });
        }
    }
    for key in carried_keys(source, is_known) {
        let mut key = key.clone();
        key.parent = names::fitting(&key.parent);
        for column in key.columns.iter_mut().chain(&mut key.parent_columns) {
            *column = names::fitting_column(column);
        }
        inferred.table.foreign_keys.push(key);
    }
}

/// The foreign keys that an inferred table has, in its order.
pub fn carried_keys<'s>(
    source: &'s Table,
    is_known: &'s dyn Fn(&str) -> bool,
) -> impl Iterator<Item = &'s ForeignKey> + use<'s> {
    source.foreign_keys.iter().filter(|key| dangling(key, is_known).is_none())
}

/// Why a foreign key refers to nothing that there is; SQLite does not mind as long as it does not look.
fn dangling(key: &ForeignKey, is_known: &dyn Fn(&str) -> bool) -> Option<String> {
    let parent = &key.parent;
    if !is_known(parent) {
        return Some(format!("the source has no table {parent}"));
    }
    match key.parent_columns.len() {
        0 => Some(format!("the parent {parent} has no primary key, so the reference names no column")),
        columns if columns != key.columns.len() => {
            Some(format!("the primary key of the parent {parent} has another number of columns"))
        }
        _ => None,
    }
}
