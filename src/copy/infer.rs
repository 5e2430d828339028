//! Chooses a target table for a source table of which nothing is known but its declaration and what it holds.
//!
//! Exactness before beauty: a type is chosen only when every stored value fits it; whatever cannot be carried over is
//! named, never turned into something that is nearly the same.

use std::collections::BTreeMap;

use super::choice::Choices;
use crate::postgres::expression::{self, Columns, Meaning};
use crate::postgres::names;
use crate::schema::{Check, Column, KeyOf, LogicalType, Table};
use crate::sqlite::profile::{ColumnProfile, TableProfile};
use crate::value::counted;

mod computed;
mod default;
mod explain;
mod index;
mod keys;
mod meaning;
mod misfit;
mod moment;
pub(super) mod random;
mod read;
mod remark;
mod types;
mod units;

pub use computed::{stored_there, values_copied};
pub use explain::{Besides, DecidedBy, explain, holds};
pub use keys::{carried_keys, unkeyable};
pub(crate) use types::is_time;
pub use units::{are_ticks, mixed, years};

/// A table to be created, and what a person should know about it.
#[derive(Clone, Debug, Default)]
pub struct Inferred {
    /// The table as PostgreSQL will have it; names of constraints and indexes are still to be made unique.
    pub table: Table,
    /// How the values of each column compare there, next to the source.
    pub meanings: BTreeMap<String, Meaning>,
    /// Comments for columns: by name, the text.
    pub comments: Vec<(String, String)>,
    /// What the source says of the whole table and was not carried over, in its own words.
    pub remarks: Vec<String>,
    /// What was not carried over: the object and why.
    pub left_out: Vec<LeftOut>,
    /// Sentences for a person.
    pub notices: Vec<String>,
}

/// Something of the source that the target will not have.
#[derive(Clone, Debug, PartialEq, Eq, serde::Serialize)]
pub struct LeftOut {
    /// What it is: `default`, `check`, `index`, `view`, …
    pub kind: &'static str,
    /// Its name, with its table's where it has one.
    pub name: String,
    /// Why, and what is there instead.
    pub reason: String,
}

/// Chooses the table; text keys and text indexes compare by bytes, as in the source, when `bytewise` is set.
///
/// `is_known` tells whether the source has a table of this name; `choices` is what a person chose for columns.
pub fn infer(
    source: &Table,
    profile: &TableProfile,
    bytewise: bool,
    is_known: &dyn Fn(&str) -> bool,
    choices: &Choices,
) -> Inferred {
    let mut inferred =
        Inferred { table: Table { name: names::fitting(&source.name), ..Table::default() }, ..Inferred::default() };
    for (column, profile) in source.columns.iter().zip(&profile.columns) {
        infer_column(source, column, profile, choices, &mut inferred);
    }
    computed::keep(source, &mut inferred);
    keys::infer_keys(source, profile, &mut inferred);
    index::infer_indexes(source, &mut inferred);
    infer_checks(source, &mut inferred);
    keys::infer_foreign_keys(source, is_known, &mut inferred);
    forget_collations(&mut inferred.table);
    if bytewise {
        collate_keys(&mut inferred.table);
    }
    remark::note(source, &mut inferred);
    inferred
}

/// Chooses one column, for a table that lacks it.
pub fn infer_one(table: &Table, column: &Column, profile: &ColumnProfile, choices: &Choices) -> Inferred {
    let mut inferred = Inferred::default();
    infer_column(table, column, profile, choices, &mut inferred);
    if column.generated.is_some() {
        computed::leave(table, column, "the table is there already", &mut inferred);
    }
    forget_collations(&mut inferred.table);
    inferred
}

fn infer_column(source: &Table, column: &Column, profile: &ColumnProfile, choices: &Choices, inferred: &mut Inferred) {
    let name = names::fitting_column(&column.name);
    let chosen = choices.type_of(&source.name, &column.name).cloned();
    let is_chosen = chosen.is_some();
    let logical = match chosen {
        // What numbers its rows has the type of a row's number.
        _ if column.identity.is_some() => LogicalType::BigInt,
        Some(chosen) => chosen,
        None => match types::choose(&column.declared, profile) {
            // PostgreSQL puts json in no order; a text of the same bytes it does.
            LogicalType::Json if is_of_a_key(source, &column.name) => {
                let place = format!("{}.{}", source.name, column.name);
                inferred
                    .notices
                    .push(format!("column {place} is part of a key, which json cannot be: it becomes text"));
                LogicalType::Text
            }
            chosen => chosen,
        },
    };
    let emptied = choices.make_empty_null(&source.name, &column.name);
    inferred.meanings.insert(name.clone(), meaning::meaning(column, profile, &logical, emptied));
    let place = format!("{}.{}", source.name, column.name);
    let mut departure = types::departure(&place, &column.declared, profile, &logical).filter(|_| !is_chosen);
    let numbers = units::of_numbers(&column.declared, profile, &logical);
    departure = departure.map(|said| said + &numbers.remark);
    inferred.comments.extend(numbers.comment.map(|comment| (name.clone(), comment)));
    inferred.notices.extend(departure.filter(|_| column.identity.is_none()));
    let mut leave = |kind, reason: String| {
        inferred.left_out.push(LeftOut { kind, name: place.clone(), reason });
    };
    let breaks_its_rule = !column.nullable && profile.nulls > 0;
    if breaks_its_rule {
        leave("not null", null_all_the_same(profile.nulls));
    }
    if let Some(collation) = column.collation.as_ref().filter(|_| compares_texts(&logical)) {
        leave("collation", collation_lost(collation, &logical));
    }
    let identity = column.identity.clone().filter(|_| logical == LogicalType::BigInt);
    // SQLite numbers a row whatever default its number has.
    let default =
        column.default.as_deref().filter(|_| column.generated.is_none() && identity.is_none()).and_then(|text| {
            let times = choices.times_of(&source.name, &column.name);
            default::translate(text, &column.declared, &logical, &times)
                .inspect_err(|why| leave("default", format!("`{text}` was dropped: {why}")))
                .ok()
                .flatten()
        });
    inferred.table.columns.push(Column {
        nullable: column.nullable || breaks_its_rule,
        declared: logical.postgres_name(),
        identity,
        generated: None,
        collation: column.collation.clone(),
        name,
        logical,
        default,
    });
}

/// Tells whether a column is part of the primary key or of a unique constraint.
pub fn is_of_a_key(source: &Table, column: &str) -> bool {
    let of_primary = source.primary_key.iter().flat_map(|key| &key.columns).any(|name| name == column);
    let parts = source.uniques.iter().flat_map(|unique| &unique.columns);
    of_primary || parts.into_iter().any(|part| matches!(&part.of, KeyOf::Column(name) if name == column))
}

/// Why a column that SQLite itself would not let be NULL may be so in the target.
fn null_all_the_same(nulls: u64) -> String {
    let rows = counted(nulls, "row holds", "rows hold");
    format!("{rows} NULL all the same; mend them and add it by hand")
}

/// What it means for queries that a column's own collation is not carried; keys and indexes are another matter.
fn collation_lost(collation: &str, logical: &LogicalType) -> String {
    if *logical == LogicalType::Bytes {
        format!("the collation {collation} compares texts alone, and bytea holds them beside blobs")
    } else if collation.eq_ignore_ascii_case("NOCASE") {
        "NOCASE is kept in keys and indexes, as lower(… collate \"C\"); a query that compares the column must fold it so, too"
            .into()
    } else {
        format!("the collation {collation} has no counterpart; queries compare the column's texts as they are")
    }
}

/// Whether a collation has a say in how values of this type compare: in none of numbers, truth values, times and ids.
fn compares_texts(logical: &LogicalType) -> bool {
    logical.is_text() || *logical == LogicalType::Bytes
}

fn infer_checks(source: &Table, inferred: &mut Inferred) {
    let name_of = |name: &str| source.column_like(name).map(|column| names::fitting_column(&column.name));
    for check in &source.checks {
        let columns = Columns { table: &inferred.table, name_of: &name_of, meanings: &inferred.meanings };
        match expression::condition(&check.expression, &columns) {
            Ok(expression) => inferred.table.checks.push(Check { name: check.name.clone(), expression }),
            Err(why) => {
                let name = check.name.clone().unwrap_or_else(|| check.expression.clone());
                inferred.remarks.push(format!("check ({})", check.expression));
                let reason = format!("{why}: add it by hand");
                inferred.left_out.push(LeftOut { kind: "check", name: format!("{}: {name}", source.name), reason });
            }
        }
    }
}

/// Drops the source's own collations once keys, indexes and checks have taken them into account.
fn forget_collations(table: &mut Table) {
    table.columns.iter_mut().for_each(|column| column.collation = None);
}

/// Gives every text column that is part of a key or an index the collation that compares bytes.
fn collate_keys(table: &mut Table) {
    let mut keyed: Vec<String> = table.primary_key.iter().flat_map(|key| key.columns.clone()).collect();
    keyed.extend(table.foreign_keys.iter().flat_map(|key| key.columns.clone()));
    let parts = table.uniques.iter().flat_map(|unique| &unique.columns);
    for part in parts.chain(table.indexes.iter().flat_map(|index| &index.keys)) {
        if let KeyOf::Column(name) = &part.of {
            keyed.push(name.clone());
        }
    }
    for column in &mut table.columns {
        if column.logical.is_text() && keyed.contains(&column.name) {
            column.collation = Some("C".into());
        }
    }
}
