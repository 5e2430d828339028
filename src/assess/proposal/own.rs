//! What PostgreSQL alone is told of a table that the portable language does not say, as statements for a block.

use crate::copy::plan::TablePlan;
use crate::copy::views::View;
use crate::postgres::ddl;
use crate::postgres::names::{literal, qualified, quote};
use crate::schema::{Check, Column, ForeignKey, Index, Table, Unique};

/// Takes the schema off a table's name: a file is for any.
fn anywhere(sql: &str, schema: &str, table: &str) -> String {
    sql.replacen(&qualified(schema, table), &quote(table), 1)
}

fn alter(table: &Table, column: &Column, action: &str) -> String {
    format!("alter table {} alter column {} {action}", quote(&table.name), quote(&column.name))
}

/// That a text column compares otherwise than the database's default has it.
pub(super) fn collation(table: &Table, column: &Column) -> Option<String> {
    let collation = column.collation.as_ref()?;
    let action = format!("type {} collate {}", column.logical.postgres_name(), quote(collation));
    Some(alter(table, column, &action))
}

pub(super) fn default(table: &Table, column: &Column, default: &str) -> String {
    alter(table, column, &format!("set default {default}"))
}

pub(super) fn unique(schema: &str, table: &Table, unique: &Unique) -> String {
    let alone = Table { name: table.name.clone(), uniques: vec![unique.clone()], ..Table::default() };
    anywhere(&ddl::add_uniques(schema, &alone).concat(), schema, &table.name)
}

pub(super) fn index(schema: &str, table: &Table, index: &Index) -> String {
    anywhere(&ddl::create_index(schema, &table.name, index), schema, &table.name)
}

/// A condition that holds for new rows whatever the old ones are, and then for all if they meet it: as the copy has it.
pub(super) fn check(schema: &str, table: &Table, check: &Check) -> Vec<String> {
    let add = anywhere(&ddl::add_check(schema, &table.name, check), schema, &table.name);
    in_two_steps(&table.name, add, check.name.as_deref())
}

/// A reference that the language does not take.
pub(super) fn foreign_key(schema: &str, table: &str, key: &ForeignKey) -> Vec<String> {
    let add = anywhere(&ddl::add_foreign_key(schema, table, key), schema, table);
    in_two_steps(table, anywhere(&add, schema, &key.parent), key.name.as_deref())
}

fn in_two_steps(table: &str, add: String, name: Option<&str>) -> Vec<String> {
    let validate = name.map(|name| format!("alter table {} validate constraint {}", quote(table), quote(name)));
    std::iter::once(format!("{add} not valid")).chain(validate).collect()
}

/// A view that the copy would make.
pub(super) fn view(view: &View) -> String {
    view.statement_anywhere().to_owned()
}

/// The comments that the copy would write on what the source says and the target does not.
///
/// What a column's numbers count is not among them: it stands over the column, and a person may give that another type.
pub(super) fn comments(schema: &str, planned: &TablePlan) -> Vec<String> {
    let creation = planned.create.iter().flat_map(|creation| &creation.table);
    let comments = creation.filter(|sql| sql.starts_with("comment on "));
    let comments = comments.map(|sql| anywhere(sql, schema, &planned.target));
    comments.filter_map(|sql| of_the_source(&sql)).collect()
}

fn of_the_source(comment: &str) -> Option<String> {
    const SOURCE: &str = "in the source: ";
    let (on, text) = comment.split_once(" is '")?;
    let lost = text.strip_prefix(SOURCE).or_else(|| text.split_once(&format!("; {SOURCE}")).map(|(_, lost)| lost))?;
    Some(format!("{on} is '{SOURCE}{lost}"))
}

/// What a statement is about that cannot stand in a block.
pub(super) fn unsaid(sql: &str) -> String {
    format!("a statement that cannot stand in a block: {}", literal(&sql.replace(['\n', '\r'], " ")))
}
