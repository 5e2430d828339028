//! Tables in which another migration tool keeps its history.
//!
//! They are the user's data and are copied like any other. But an application that has made its own schema has filled
//! them too: when both sides tell the same history, such a table counts as empty and the source's rows replace it. And a
//! history whose scripts are written for one engine is not true in the other: the report says what sets it right.

mod restamp;

use std::sync::Arc;

use serde::Serialize;

use super::CopyError;
use super::plan::{Plan, Problem, TablePlan};
use super::prepare::read_texts;
use super::workers::blocking;
use crate::postgres::names::quote;
use crate::schema::histories::HistoryShape;
use crate::schema::{LogicalType, Table, histories};
use crate::sqlite::Snapshot;
use crate::sqlite::faults::count_where;
use crate::sqlite::read::TableRead;

/// A tool whose history is recognised.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct History {
    /// The tool's name.
    pub tool: &'static str,
    /// The column whose set of values is the history.
    pub column: &'static str,
}

/// A history that is copied, and whether it is true in PostgreSQL.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct HistoryNote {
    /// The table's name in the source.
    pub table: String,
    /// The tool's name.
    pub tool: &'static str,
    /// Whether the copied rows mean the same to the tool on PostgreSQL.
    pub stays_true: bool,
    /// What is wrong with the rows as they are in the source.
    pub warnings: Vec<String>,
    /// What to do before the tool is used on PostgreSQL, step by step.
    pub steps: Vec<String>,
}

fn shape_of(table: &Table) -> Option<&'static HistoryShape> {
    let columns: Vec<&str> = table.columns.iter().map(|column| column.name.as_str()).collect();
    histories::recognise(&table.name, &columns)
}

/// Recognises the histories among the tables that are copied, and says what each means on PostgreSQL.
pub(super) async fn notes(
    snapshot: &Arc<Snapshot>,
    schema: &str,
    tables: &[TablePlan],
) -> Result<Vec<HistoryNote>, CopyError> {
    let mut notes = Vec::new();
    for table in tables {
        let Some(shape) = shape_of(&table.source) else { continue };
        let steps = restamp::steps(shape.tool);
        let names_last = steps.iter().any(|step| step.contains("{last}"));
        let (snapshot, read, broken) = (Arc::clone(snapshot), table.read.clone(), shape.row.broken);
        let key = table.source.column_like(shape.row.id).map_or(shape.row.id, |column| &column.name).to_owned();
        let (broken, last) = blocking(move || {
            let reader = snapshot.lend();
            let broken = match broken {
                Some(condition) => count_where(&reader, &read, condition)?,
                None => 0,
            };
            let ids = TableRead { columns: vec![key], ..read };
            Ok((broken, if names_last { ids.greatest(&reader)? } else { None }))
        })
        .await?;
        let target = table.qualified_target(schema);
        let fill =
            |step: &&str| step.replace("{table}", &target).replace("{last}", last.as_deref().unwrap_or("VERSION"));
        let warnings = (broken > 0).then(|| {
            format!("{broken} of its rows tell of a run of {} that did not end well: settle it first", shape.tool)
        });
        notes.push(HistoryNote {
            table: table.source.name.clone(),
            tool: shape.tool,
            stays_true: shape.portable,
            warnings: warnings.into_iter().collect(),
            steps: steps.iter().map(fill).collect(),
        });
    }
    Ok(notes)
}

/// Recognises a history that stays true in another engine.
pub fn recognise(table: &Table) -> Option<History> {
    let shape = shape_of(table)?;
    (shape.portable && shape.table.eq_ignore_ascii_case(&table.name))
        .then_some(History { tool: shape.tool, column: shape.row.id })
}

/// Stops the plan when a revision's name is longer than the target's column takes: a history without it would be false.
///
/// Alembic makes the column for 32 characters, and SQLite never counted them.
pub(super) async fn look_at_widths(
    snapshot: &Arc<Snapshot>,
    plan: &Plan,
    problems: &mut Vec<Problem>,
) -> Result<(), CopyError> {
    for table in plan.tables.iter().filter(|table| table.create.is_none()) {
        let Some(history) = recognise(&table.source) else { continue };
        let planned = table.columns.iter().find(|column| column.source.eq_ignore_ascii_case(history.column));
        let Some((column, LogicalType::Varchar(width))) = planned.map(|column| (column, &column.logical)) else {
            continue;
        };
        let (snapshot, read) = (Arc::clone(snapshot), table.read.clone());
        let names = blocking(move || read_texts(&snapshot, read, history.column)).await?;
        let longest = names.iter().map(|name| name.chars().count()).max().unwrap_or(0);
        if longest > *width as usize {
            problems.push(Problem::new(format!(
                "table {} is the history of {}, and a name in it has {longest} characters where the target takes {width}; widen \
                 the column first: alter table {} alter column {} type varchar({longest})",
                table.target,
                history.tool,
                table.qualified_target(&plan.schema),
                quote(&column.target)
            )));
        }
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::schema::{Column, LogicalType};

    fn table(name: &str, columns: &[&str]) -> Table {
        let column = |name: &&str| Column::new(name, LogicalType::Text);
        Table { name: name.into(), columns: columns.iter().map(column).collect(), ..Table::default() }
    }

    #[test]
    fn a_history_that_stays_true_in_another_engine_is_known() {
        let peewee = recognise(&table("migratehistory", &["id", "name", "migrated_at"]));
        assert_eq!(peewee, Some(History { tool: "peewee", column: "name" }));
        assert_eq!(recognise(&table("migrations", &["id", "from", "to"])), None);
        assert_eq!(recognise(&table("_sqlx_migrations", &["version"])), None);
    }
}
