//! Columns that are computed from others: PostgreSQL computes them, too, where what it computes is known to be the same.

use super::{Inferred, LeftOut};
use crate::copy::extra::mentions;
use crate::postgres::expression::{self, Columns, Meaning};
use crate::postgres::names;
use crate::schema::{Column, ForeignKey, Generated, Table};

/// Keeps computed columns computed, and says of the others why not; their values are copied.
pub(super) fn keep(source: &Table, inferred: &mut Inferred) {
    for column in source.columns.iter().filter(|column| column.generated.is_some()) {
        match translate(source, column, inferred) {
            Ok(expression) => compute(source, column, expression, inferred),
            Err(why) => leave(source, column, &why, inferred),
        }
    }
}

/// Says why the values of a computed column are copied.
pub(super) fn leave(source: &Table, column: &Column, why: &str, inferred: &mut Inferred) {
    let name = format!("{}.{}", source.name, column.name);
    inferred.left_out.push(LeftOut { kind: "generated column", name, reason: values_copied(why) });
}

/// What becomes of a computed column that PostgreSQL does not compute.
pub fn values_copied(why: &str) -> String {
    format!("its values are copied; PostgreSQL does not compute them: {why}")
}

/// What becomes of a computed column that the source does not store.
pub fn stored_there(table: &str, column: &str) -> String {
    format!("column {table}.{column} is computed whenever it is read, and stored in PostgreSQL")
}

fn compute(source: &Table, column: &Column, expression: String, inferred: &mut Inferred) {
    let is_stored = column.generated.as_ref().is_some_and(|generated| generated.stored);
    let name = names::fitting_column(&column.name);
    if let Some(created) = inferred.table.columns.iter_mut().find(|created| created.name == name) {
        created.generated = Some(Generated { expression: Some(expression), stored: true });
    }
    if !is_stored {
        inferred.notices.push(stored_there(&source.name, &column.name));
    }
}

fn translate(source: &Table, column: &Column, inferred: &Inferred) -> Result<String, String> {
    let written = column.generated.as_ref().and_then(|generated| generated.expression.as_deref());
    let written = written.ok_or("its expression could not be read")?;
    let is_computed = |other: &&Column| other.generated.is_some() && mentions(written, &other.name);
    if let Some(other) = source.columns.iter().find(is_computed) {
        return Err(format!("it uses {}, which is computed itself", other.name));
    }
    let is_written = |key: &&ForeignKey| key.columns.contains(&column.name) && writes(key);
    if let Some(key) = source.foreign_keys.iter().find(is_written) {
        return Err(format!("its reference to {} writes to it when a row there changes or goes", key.parent));
    }
    let name = names::fitting_column(&column.name);
    let created = inferred.table.column(&name).ok_or("it has no column")?;
    if let Some(Meaning::Otherwise(why) | Meaning::WithOtherNulls(why)) = inferred.meanings.get(&name) {
        return Err(why.clone());
    }
    let name_of = |name: &str| source.column_like(name).map(|column| names::fitting_column(&column.name));
    let columns = Columns { table: &inferred.table, name_of: &name_of, meanings: &inferred.meanings };
    expression::value(written, &columns, &created.logical)
}

/// Whether a reference changes the rows that refer.
///
/// Source: PostgreSQL manual, "CREATE TABLE", "REFERENCES": a generated column takes no such action.
fn writes(key: &ForeignKey) -> bool {
    let sets = |action: &str| action.to_uppercase().starts_with("SET ");
    sets(&key.on_delete) || sets(&key.on_update) || key.on_update.eq_ignore_ascii_case("CASCADE")
}
