//! Decides what becomes of a source column that has no place in an existing table, by what it holds.

use std::sync::Arc;

use super::choice::Choices;
use super::infer::{self, Inferred, LeftOut};
use super::matching::{Because, Uncopied};
use super::plan::Plan;
use super::workers::blocking;
use super::{CopyError, ExtraColumns};
use crate::schema::{Column, KeyOf, KeyPart, Table};
use crate::sqlite::Snapshot;
use crate::sqlite::profile::profile;
use crate::sqlite::read::TableRead;

/// A source column that is not copied, and what it holds.
pub(super) struct Extra<'t> {
    source: &'t Table,
    uncopied: Uncopied,
    /// The column, as it would be created.
    inferred: Inferred,
    /// The rows that hold a value in it.
    values: u64,
    rows: u64,
}

/// What becomes of such a column.
#[derive(Debug, PartialEq, Eq)]
pub(super) enum Decision {
    /// It is created.
    Add,
    /// It is left out, and a person told so.
    LeaveOut(String),
    /// A person must decide.
    Stop(String),
}

impl<'t> Extra<'t> {
    /// Counts the values of the column, and chooses the type that it would have.
    pub(super) async fn look(
        source: &'t Table,
        uncopied: Uncopied,
        read: &TableRead,
        rows: u64,
        choices: &Choices,
        snapshot: &Arc<Snapshot>,
    ) -> Result<Self, CopyError> {
        let column = source.column(&uncopied.source).cloned();
        let column = column.unwrap_or_else(|| Column::new(&uncopied.source, crate::schema::LogicalType::Text));
        let read = TableRead { columns: vec![column.name.clone()], ..read.clone() };
        let (snapshot, table) = (Arc::clone(snapshot), source.clone());
        let choices = choices.clone();
        let (values, inferred) = blocking(move || {
            let found = profile(&snapshot.lend(), &read, std::slice::from_ref(&column), None, || {})?;
            let profile = found.columns.into_iter().next().unwrap_or_default();
            // A column that is added to rows that are not there yet must allow NULL: a reject's row has none.
            let column = Column { nullable: true, identity: None, ..column };
            Ok((profile.values(), infer::infer_one(&table, &column, &profile, &choices)))
        })
        .await?;
        Ok(Self { source, uncopied, inferred, values, rows })
    }

    /// An empty column is only mentioned, one that holds something needs a word.
    pub(super) fn decide(&self, target: &Table, wanted: ExtraColumns) -> Decision {
        let Self { source: Table { name: table, .. }, uncopied, values, rows, .. } = self;
        let Uncopied { source: column, because } = uncopied;
        match (because, wanted) {
            (Because::Missing, ExtraColumns::Add) => Decision::Add,
            (Because::NoCastRule(_), _) if *values == 0 && *rows > 0 && must_have_a_value(target, column) => {
                Decision::Stop(format!(
                    "column {table}.{column} {because}, must have a value there and has no default; give it a default, \
                     drop NOT NULL or exclude the table (--exclude {table})"
                ))
            }
            _ if *values == 0 => Decision::LeaveOut(uncopied.left_out(table, *values, *rows)),
            (Because::NoCastRule(_), _) => Decision::Stop(format!(
                "column {table}.{column} {because}, and {values} of {rows} rows hold a value; exclude the table \
                 (--exclude {table}) or change the column's type"
            )),
            (_, ExtraColumns::LeaveOut) => Decision::LeaveOut(uncopied.left_out(table, *values, *rows)),
            (Because::Missing, ExtraColumns::Refuse) => Decision::Stop(format!(
                "column {table}.{column} {because}, and {values} of {rows} rows hold a value; say --extra-columns add to \
                 create it or --extra-columns leave-out"
            )),
            (Because::Computed, _) => Decision::Stop(format!(
                "column {table}.{column} {because}, and {values} of {rows} rows hold a value of their own; say \
                 --extra-columns leave-out, or make it an ordinary column there"
            )),
        }
    }

    /// The column among what a report names as left out; none when it holds nothing.
    pub(super) fn left_out(&self) -> Option<LeftOut> {
        (self.values > 0).then(|| self.uncopied.object(&self.source.name, self.values))
    }

    /// The column to create, with its name in the source; what it loses on the way is noted in the plan.
    pub(super) fn added(self, plan: &mut Plan) -> (String, Column) {
        let Self { source, uncopied: Uncopied { source: name, .. }, mut inferred, .. } = self;
        plan.left_out.append(&mut inferred.left_out);
        plan.left_out.extend(lost_with(source, &name));
        let created = inferred.table.columns.into_iter().next();
        (name.clone(), created.unwrap_or_else(|| Column::new(&name, crate::schema::LogicalType::Text)))
    }
}

fn must_have_a_value(target: &Table, column: &str) -> bool {
    target
        .column_like(column)
        .is_some_and(|column| !column.nullable && column.default.is_none() && column.identity.is_none())
}

/// What the source says of a column besides its type, and the target will not.
fn lost_with(source: &Table, column: &str) -> Vec<LeftOut> {
    let reason = "the column is added to a table that exists, without it: add it by hand";
    let lost = |kind, name: String| LeftOut { kind, name: format!("{}.{name}", source.name), reason: reason.into() };
    let named = |name: &Option<String>| name.clone().unwrap_or_else(|| column.to_owned());
    let has = |names: &[String]| names.iter().any(|name| name == column);
    let parts_have = |parts: &[KeyPart]| parts.iter().any(|part| speaks_of(&part.of, column));
    let not_null = source.column(column).filter(|column| !column.nullable).map(|_| lost("not null", column.to_owned()));
    let key = source.primary_key.iter().filter(|key| has(&key.columns));
    let uniques = source.uniques.iter().filter(|unique| parts_have(&unique.columns));
    let indexes = source
        .indexes
        .iter()
        .filter(|index| parts_have(&index.keys) || index.predicate.as_ref().is_some_and(|text| mentions(text, column)));
    let checks = source.checks.iter().filter(|check| mentions(&check.expression, column));
    let references = source.foreign_keys.iter().filter(|key| has(&key.columns));
    not_null
        .into_iter()
        .chain(key.map(|key| lost("primary key", named(&key.name))))
        .chain(uniques.map(|unique| lost("unique", named(&unique.name))))
        .chain(indexes.map(|index| lost("index", index.name.clone())))
        .chain(checks.map(|check| lost("check", named(&check.name))))
        .chain(references.map(|key| lost("foreign key", named(&key.name))))
        .collect()
}

fn speaks_of(of: &KeyOf, column: &str) -> bool {
    match of {
        KeyOf::Column(name) => name.eq_ignore_ascii_case(column),
        KeyOf::Expression(text) => mentions(text, column),
    }
}

/// Whether an expression has a column's name among its words; a name of several words is looked for as it stands.
pub(super) fn mentions(expression: &str, column: &str) -> bool {
    let part_of_word = |c: char| c.is_alphanumeric() || c == '_';
    if !column.chars().all(part_of_word) {
        return expression.to_lowercase().contains(&column.to_lowercase());
    }
    expression.split(|c| !part_of_word(c)).any(|word| word.eq_ignore_ascii_case(column))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_column_is_mentioned_by_a_whole_word() {
        assert!(mentions("length(\"Name\") > 2", "name"));
        assert!(!mentions("rename > 2", "name"));
        assert!(mentions("\"my name\" is null", "my name"));
    }
}
