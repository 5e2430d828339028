//! What a person leaves out of the source: tables by their names, and single columns as TABLE.COLUMN.
//!
//! A column that is left out is gone from the structure before anything is decided: what needs it is named by whoever
//! finds it missing. So is one that nobody but its application can read, of which a person must say so.

use std::sync::Arc;

use super::CopyError;
use super::choice::Chosen;
use super::infer::LeftOut;
use super::plan::Problem;
use super::workers::blocking;
use crate::schema::{Column, ForeignKey, Schema, Table};
use crate::sqlite::introspect::Structure;
use crate::sqlite::read::{TableRead, Walk};
use crate::sqlite::unreadable::{self, Unreadable};
use crate::sqlite::{Reader, Snapshot, SqliteError};
use crate::value::{KeyRange, counted};

/// What became of the columns that are left out.
#[derive(Debug, Default)]
pub(crate) struct Excluded {
    /// The columns, with those of tables that are left out as a whole, by table and name.
    pub(crate) columns: Vec<(String, String)>,
    /// They, and what goes with them, as a report names it.
    pub(crate) left_out: Vec<LeftOut>,
    /// Names that mean nothing, and columns of which a person must decide.
    pub(crate) problems: Vec<Problem>,
}

/// Takes the columns out of a source's structure that a person left out, and those that cannot be read.
pub(crate) async fn leave_out(
    snapshot: &Arc<Snapshot>,
    mut structure: Structure,
    names: &[String],
) -> Result<(Structure, Excluded), CopyError> {
    let (snapshot, names) = (Arc::clone(snapshot), names.to_vec());
    blocking(move || {
        let excluded = take_out(&snapshot.lend(), &mut structure, &names)?;
        Ok((structure, excluded))
    })
    .await
}

fn take_out(reader: &Reader<'_>, structure: &mut Structure, names: &[String]) -> Result<Excluded, SqliteError> {
    let (mut excluded, mut chosen) = (Excluded::default(), Vec::new());
    let is_other =
        |name: &String| structure.schema.others.iter().any(|other| other.is_among(std::slice::from_ref(name)));
    for name in names.iter().filter(|name| structure.schema.table_like(name).is_none() && !is_other(name)) {
        match column_named(name, &structure.schema) {
            Some((table, column)) if is_of_key(table, &column.name) => {
                excluded.problem(format!(
                    "--exclude {name}: rows are known by their primary key, of which the column is a part; leave it in, or \
                     exclude the table (--exclude '{}')",
                    table.name
                ));
            }
            Some((table, column)) => chosen.push((table.name.clone(), column.name.clone())),
            None => excluded.problem(format!("--exclude {name}: the source has no such table, and no such column")),
        }
    }
    for Unreadable { table, column, function } in unreadable::find(reader, &structure.schema) {
        let is_absent = names.iter().any(|name| name.eq_ignore_ascii_case(&table));
        if !is_absent && !chosen.iter().any(|one| (&one.0, &one.1) == (&table, &column)) {
            excluded.problem(format!(
                "column {table}.{column} is computed by {function}, a function of the application, whenever it is read, and \
                 cannot be read without it; leave the column out (--exclude '{table}.{column}')"
            ));
        }
        chosen.retain(|one| (&one.0, &one.1) != (&table, &column));
        let why = format!("left out by request; {function}, a function of the application, computes it");
        excluded.take(structure, &table, &column, (!is_absent).then_some(why));
    }
    for (table, column) in chosen {
        if structure.schema.table(&table).is_some_and(|known| known.columns.len() == 1) {
            excluded.problem(format!("--exclude leaves no column of {table}; exclude the table (--exclude '{table}')"));
            continue;
        }
        // A damaged column may be left out for that very reason.
        let values = values_in(reader, structure, &table, &column).map(|values| counted(values, "value", "values"));
        let values = values.unwrap_or_else(|_| "values that cannot be counted".into());
        excluded.take(structure, &table, &column, Some(format!("{values} left out by request")));
    }
    Ok(excluded)
}

/// The column that is meant by TABLE.COLUMN; either name may hold full stops.
fn column_named<'s>(name: &str, schema: &'s Schema) -> Option<(&'s Table, &'s Column)> {
    let mut places = name.match_indices('.').map(|(at, _)| (&name[..at], &name[at + 1..]));
    places.find_map(|(table, column)| {
        let table = schema.table_like(table)?;
        Some((table, table.column_like(column)?))
    })
}

fn is_of_key(table: &Table, column: &str) -> bool {
    table.primary_key.as_ref().is_some_and(|key| key.columns.iter().any(|name| name == column))
}

/// The rows that hold a value in a column.
fn values_in(reader: &Reader<'_>, structure: &Structure, table: &str, column: &str) -> Result<u64, SqliteError> {
    let at = structure.schema.tables.iter().position(|known| known.name == table);
    let Some(key) = at.and_then(|at| structure.keys.get(at)) else { return Ok(0) };
    let read = TableRead { table: table.to_owned(), key: key.clone(), columns: vec![column.to_owned()] };
    let mut values = 0;
    read.walk(reader, &KeyRange::default(), |row| {
        values += u64::from(!row.is_null(0)?);
        Ok(Walk::Continue)
    })?;
    Ok(values)
}

impl Excluded {
    fn problem(&mut self, text: String) {
        self.problems.push(Problem::new(text));
    }

    /// How the columns stand among what was chosen for columns.
    pub(crate) fn chosen(&self) -> Vec<Chosen> {
        self.columns.iter().map(|(table, column)| Chosen::to_leave_out(table, column)).collect()
    }

    /// Takes a column away, and the references that are made of it or lead to it; without a reason, in silence.
    fn take(&mut self, structure: &mut Structure, table: &str, column: &str, why: Option<String>) {
        let uses = |of: &Table, key: &ForeignKey| {
            let is_own = of.name == table && key.columns.iter().any(|name| name == column);
            is_own || key.parent == table && key.parent_columns.iter().any(|name| name == column)
        };
        let place = format!("{table}.{column}");
        for known in &mut structure.schema.tables {
            let lost = known.foreign_keys.iter().filter(|key| why.is_some() && uses(known, key)).map(|key| LeftOut {
                kind: "foreign key",
                name: format!("{}.{}", known.name, key.name.clone().unwrap_or_else(|| key.columns.join(", "))),
                reason: format!("column {place} is left out"),
            });
            self.left_out.extend(lost.collect::<Vec<_>>());
            let keys = std::mem::take(&mut known.foreign_keys);
            known.foreign_keys = keys.into_iter().filter(|key| !uses(known, key)).collect();
            if known.name == table {
                known.columns.retain(|known| known.name != column);
            }
        }
        if let Some(reason) = why {
            self.left_out.push(LeftOut { kind: "column", name: place, reason });
            self.columns.push((table.to_owned(), column.to_owned()));
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::schema::LogicalType;

    #[test]
    fn a_column_is_named_with_its_table_whatever_the_names_hold() {
        let table = |name: &str, columns: &[&str]| Table {
            name: name.into(),
            columns: columns.iter().map(|name| Column::new(name, LogicalType::Text)).collect(),
            ..Table::default()
        };
        let schema = Schema { tables: vec![table("a.b", &["c", "d.e"]), table("a", &["x"])], ..Schema::default() };
        let named = |name: &str| column_named(name, &schema).map(|(table, column)| (&*table.name, &*column.name));
        assert_eq!(named("a.b.c"), Some(("a.b", "c")));
        assert_eq!(named("A.B.D.E"), Some(("a.b", "d.e")));
        assert_eq!(named("a.x"), Some(("a", "x")));
        assert_eq!(named("a.c"), None);
        assert_eq!(named("x"), None);
    }
}
