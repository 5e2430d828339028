//! The indexes of an inferred table: their parts, their conditions and the collations that they compare by.

use super::{Inferred, LeftOut, collation_lost, compares_texts, remark};
use crate::postgres::expression::{self, Columns};
use crate::postgres::names;
use crate::schema::{Index, KeyOf, KeyPart, LogicalType, Table};

/// Takes over the indexes that PostgreSQL can hold, and names the others.
pub(super) fn infer_indexes(source: &Table, inferred: &mut Inferred) {
    for index in &source.indexes {
        infer_index(source, index, inferred);
    }
}

/// Takes over one index, or names it.
pub(super) fn infer_index(source: &Table, index: &Index, inferred: &mut Inferred) {
    let name_of = |name: &str| source.column_like(name).map(|column| names::fitting_column(&column.name));
    let columns = Columns { table: &inferred.table, name_of: &name_of, meanings: &inferred.meanings };
    let keys: Result<Vec<KeyPart>, String> = index.keys.iter().map(|part| index_part(part, &columns)).collect();
    let predicate = index.predicate.as_ref().map(|text| expression::condition(text, &columns)).transpose();
    match (keys, predicate) {
        (Ok(keys), Ok(predicate)) => inferred.table.indexes.push(Index { keys, predicate, ..index.clone() }),
        (Err(why), _) | (_, Err(why)) => {
            let lost = if index.unique { "; its uniqueness is not kept" } else { "" };
            inferred.remarks.push(remark::of_index(index));
            let reason = format!("{why}{lost}: create it by hand");
            inferred.left_out.push(LeftOut { kind: "index", name: format!("{}.{}", source.name, index.name), reason });
        }
    }
}

fn index_part(part: &KeyPart, columns: &Columns<'_>) -> Result<KeyPart, String> {
    let of = match &part.of {
        KeyOf::Column(name) => {
            let Some(name) = (columns.name_of)(name) else { return Err(format!("column {name} is left out")) };
            if let Some(LogicalType::Json) = columns.table.column(&name).map(|column| &column.logical) {
                return Err(format!("column {name} is json, which PostgreSQL cannot index"));
            }
            KeyOf::Column(name)
        }
        KeyOf::Expression(text) => KeyOf::Expression(expression::key(text, columns)?),
    };
    let column = match &of {
        KeyOf::Column(name) => columns.table.column(name),
        KeyOf::Expression(_) => None,
    };
    let is_compared = |_: &&str| column.is_none_or(|column| compares_texts(&column.logical));
    match part.collation.as_deref().filter(is_compared) {
        None => Ok(KeyPart { of, descending: part.descending, collation: None }),
        Some(collation) if column.is_some_and(|column| column.logical == LogicalType::Bytes) => {
            Err(collation_lost(collation, &LogicalType::Bytes))
        }
        // NOCASE folds ASCII letters alone, as `lower` does under the C collation.
        Some(collation) if collation.eq_ignore_ascii_case("NOCASE") => {
            let inner = match of {
                KeyOf::Column(name) => names::quote(&name),
                KeyOf::Expression(text) => text,
            };
            let of = KeyOf::Expression(format!("lower({inner} collate \"C\")"));
            Ok(KeyPart { of, descending: part.descending, collation: None })
        }
        Some(collation) => Err(format!("the collation {collation} has no counterpart")),
    }
}
