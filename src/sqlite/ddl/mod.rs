//! Renders changes of the portable language for SQLite: as statements, or as edits of a table.

pub mod declared;

mod moment;
mod retype;
mod table;
pub mod wording;

pub use super::alter::Edit;

use crate::schema::language::expression::fit::Refusal;
use crate::schema::{Change, Column, Constraint, Index, LogicalType, Schema, Table};
use crate::sqlite::quote;

/// What SQLite does for a change.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Action {
    /// Runs a statement.
    Sql(String),
    /// Edits a table, natively or by building it anew.
    Alter {
        /// The table, by its name before.
        table: String,
        /// The edits, in their order.
        edits: Vec<Edit>,
    },
}

/// Renders a change as the actions that make it, in order; `before` is the schema on which it is made.
///
/// Enum types live in checks of the columns that have them: to make one or to remove one is no action.
pub fn render(change: &Change, before: &Schema) -> Result<Vec<Action>, Refusal> {
    let edits = |table: &str, edits: Vec<Edit>| vec![Action::Alter { table: table.to_owned(), edits }];
    let sql = |sql: String| vec![Action::Sql(sql)];
    let known = |table: &str, column: &str| before.table(table).and_then(|known| known.column(column));
    Ok(match change {
        Change::CreateEnum { .. } | Change::DropEnum { .. } => Vec::new(),
        Change::CreateTable(table) => sql(table::create(table)?),
        Change::DropTable { table } => sql(format!("drop table {}", quote(table))),
        Change::RenameTable { table, to } => {
            let mut all: Vec<Edit> = before.table(table).map_or_else(Vec::new, |known| renamed_checks(known, to));
            all.push(Edit::RenameTable { to: to.clone() });
            edits(table, all)
        }
        Change::AddColumn { table, column } => {
            let mut known = before.table(table).cloned();
            known.iter_mut().for_each(|known| known.columns.push(column.clone()));
            edits(table, vec![Edit::AddColumn { definition: table::column(table, column, known.as_ref())? }])
        }
        Change::DropColumn { table, column } => {
            let mut all: Vec<Edit> =
                known(table, column).and_then(|known| drop_check(table, known)).into_iter().collect();
            all.push(Edit::DropColumn { name: column.clone() });
            edits(table, all)
        }
        Change::RenameColumn { table, column, to } => edits(table, rename_column(before, table, column, to)),
        Change::SetType { table, column, logical, using } => {
            let all = retype::edits(before, table, column, logical, using.as_deref())?;
            if all.is_empty() { Vec::new() } else { edits(table, all) }
        }
        Change::SetDefault { table, column, default } => {
            // A script is refused where the type is not known and the default depends on it.
            let logical = known(table, column).map_or(LogicalType::Text, |known| known.logical.clone());
            let default = default.as_deref().map(|text| wording::default(text, &logical)).transpose()?;
            edits(table, vec![Edit::SetDefault { name: column.clone(), default }])
        }
        Change::SetNullable { table, column, nullable } => {
            edits(table, vec![Edit::SetNotNull { name: column.clone(), nullable: *nullable }])
        }
        Change::SetIdentity { table, column, numbers } => edits(table, numbered(before, table, column, *numbers)?),
        Change::DropExpression { table, column } => edits(table, vec![Edit::DropExpression { name: column.clone() }]),
        // The key of a column that numbers rows came with it, by the usual name.
        Change::AddConstraint { table, constraint: Constraint::PrimaryKey(key) } if numbers_rows(before, table) => {
            let usual = table::usual_key_name(table);
            let other = key.name.as_ref().filter(|name| **name != usual);
            other.map_or_else(Vec::new, |_| {
                let add = Edit::AddConstraint { definition: table::primary_key(key, true) };
                edits(table, vec![Edit::DropConstraint { name: usual }, add])
            })
        }
        Change::AddConstraint { table, constraint } => {
            edits(table, vec![Edit::AddConstraint { definition: table::constraint(constraint, before.table(table))? }])
        }
        Change::DropConstraint { table, name } => edits(table, vec![Edit::DropConstraint { name: name.clone() }]),
        Change::CreateIndex { table, index } => sql(table::index(table, index, before.table(table))?),
        Change::DropIndex { name } => sql(drop_index(name)),
        Change::RenameIndex { name, to } => rename_index(before, name, to)?,
    })
}

/// The portable default of which a default in a CREATE statement was made, and a type that it was made for.
pub fn made_default(text: &str) -> Option<(&'static str, LogicalType)> {
    moment::made(text)
}

fn drop_index(name: &str) -> String {
    format!("drop index {}", quote(name))
}

/// SQLite renames no index: it is made anew.
fn rename_index(before: &Schema, name: &str, to: &str) -> Result<Vec<Action>, Refusal> {
    for table in &before.tables {
        if let Some(index) = table.indexes.iter().find(|index| index.name == name) {
            let renamed = Index { name: to.to_owned(), ..index.clone() };
            let created = table::index(&table.name, &renamed, Some(table))?;
            return Ok(vec![Action::Sql(drop_index(name)), Action::Sql(created)]);
        }
    }
    Err(Refusal {
        word: Some(name.to_owned()),
        message: format!("what index {name} is made of is not known here, and SQLite cannot rename it"),
        help: "drop it and create it under its new name".into(),
    })
}

fn numbers_rows(before: &Schema, table: &str) -> bool {
    before.table(table).is_some_and(|known| known.columns.iter().any(|column| column.identity.is_some()))
}

/// A column numbers rows where it is declared INTEGER and its key says so.
fn numbered(before: &Schema, table: &str, column: &str, numbers: bool) -> Result<Vec<Edit>, Refusal> {
    let known = before.table(table).and_then(|known| Some((known.column(column)?, known.primary_key.as_ref()?)));
    let Some((known, key, name)) = known.and_then(|(known, key)| Some((known, key, key.name.clone()?))) else {
        return Err(Refusal {
            word: Some(column.to_owned()),
            message: format!(
                "the type and the key of {table}.{column} are not known here, and SQLite numbers rows by them"
            ),
            help: "create the table in a portable script first, or use blocks `-- only: …`".into(),
        });
    };
    let declared = if numbers { "INTEGER".into() } else { declared::declared(&known.logical) };
    Ok(vec![
        Edit::DropConstraint { name },
        Edit::SetType { name: column.to_owned(), declared, using: None },
        Edit::SetNotNull { name: column.to_owned(), nullable: false },
        Edit::AddConstraint { definition: table::primary_key(key, numbers) },
    ])
}

/// The check of an enum column is named after table and column, so it follows their names.
fn drop_check(table: &str, column: &Column) -> Option<Edit> {
    let is_enum = matches!(column.logical, LogicalType::Enum(_));
    is_enum.then(|| Edit::DropConstraint { name: table::enum_check_name(table, &column.name) })
}

fn renamed_checks(table: &Table, to: &str) -> Vec<Edit> {
    let edits = table.columns.iter().flat_map(|column| {
        let add = table::enum_check(to, column).map(|definition| Edit::AddConstraint { definition });
        [drop_check(&table.name, column), add]
    });
    edits.flatten().collect()
}

fn rename_column(before: &Schema, table: &str, column: &str, to: &str) -> Vec<Edit> {
    let rename = Edit::RenameColumn { name: column.to_owned(), to: to.to_owned() };
    let Some(known) = before.table(table).and_then(|known| known.column(column)) else { return vec![rename] };
    let renamed = Column { name: to.to_owned(), ..known.clone() };
    let add = table::enum_check(table, &renamed).map(|definition| Edit::AddConstraint { definition });
    drop_check(table, known).into_iter().chain([rename]).chain(add).collect()
}
