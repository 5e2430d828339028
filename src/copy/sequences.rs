//! Sets every sequence so that the next number is one more than the highest ever given, whoever uses it.

use std::collections::BTreeMap;

use super::CopyError;
use super::finish::left_out;
use super::infer::LeftOut;
use super::matching::ColumnPlan;
use super::plan::{Plan, TablePlan};
use super::undo::note_of_sequence;
use crate::postgres::names::{qualified, quote};
use crate::postgres::{Session, ddl};
use crate::schema::Identity;

/// What one sequence has to be ahead of.
#[derive(Default)]
struct Users {
    /// The columns that take numbers from it, for the report.
    columns: Vec<String>,
    /// SQL that gives the highest number of each column, and the numbers that the source remembers.
    numbers: Vec<String>,
    /// Whether the sequence was there before the run.
    existed: bool,
}

/// Sets all sequences, and notes for a run that may yet be undone where they stood; gives back what could not be set.
pub(crate) async fn follow(session: &mut Session, plan: &Plan, run: Option<i64>) -> Result<Vec<LeftOut>, CopyError> {
    let mut unset = Vec::new();
    for (sequence, users) in users(plan) {
        let noted = run.filter(|_| users.existed);
        let note = noted.map_or_else(String::new, |run| note_of_sequence(run, &sequence));
        let script = format!("begin; {note} {}; commit", ddl::set_sequence(&sequence, &users.numbers));
        let name = users.columns.join(", ");
        if let Err(error) = session.execute(&format!("set the sequence of {name}"), script).await {
            session.execute("give up a step", "rollback".into()).await?;
            unset.push(left_out("sequence", name, error)?);
        }
    }
    Ok(unset)
}

/// All sequences with the columns that use them: one may serve several tables.
fn users(plan: &Plan) -> BTreeMap<String, Users> {
    let mut sequences: BTreeMap<String, Users> = BTreeMap::new();
    for table in &plan.tables {
        for planned in &table.columns {
            let found = table.target_table.column(&planned.target).and_then(|column| column.identity.as_ref());
            let Some(Identity::Sequence { name }) = found else { continue };
            let users = sequences.entry(name.clone()).or_default();
            users.columns.push(format!("{}.{}", table.source.name, planned.source));
            users.existed |= table.create.is_none();
            let rows = table.rows_of_target(&plan.schema);
            users.numbers.push(format!("(select max({}) from {rows})", quote(&planned.target)));
            users.numbers.extend(highest_given(table, planned).map(|number| format!("{number}::bigint")));
        }
    }
    for table in plan.besides.empty.iter().map(|empty| &empty.table) {
        for column in &table.columns {
            let Some(Identity::Sequence { name }) = &column.identity else { continue };
            let users = sequences.entry(name.clone()).or_default();
            users.columns.push(format!("{}.{}", table.name, column.name));
            let rows = qualified(&plan.schema, &table.name);
            users.numbers.push(format!("(select max({}) from {rows})", quote(&column.name)));
        }
    }
    sequences
}

/// The highest number that the source remembers for a column, when the column is what its rows are numbered by.
fn highest_given(table: &TablePlan, planned: &ColumnPlan) -> Option<i64> {
    match table.source.column(&planned.source)?.identity {
        Some(Identity::Rowid { highest }) => highest,
        _ => None,
    }
}
