//! Keeps a step from destroying values that nobody said may go.

use super::apply::{Failure, Ready, left_behind};
use super::error::MigrateError;
use super::graph::Way;
use super::place::Place;
use super::program::Statement;
use crate::database::{BrokenReferences, Database, DatabaseError};
use crate::schema::reverse::Loss;

/// Refuses a statement that would destroy values, and counts them.
pub(super) async fn refuse_losses(database: &mut Database, ready: &Ready<'_>, index: usize) -> Result<(), Failure> {
    let statement = &ready.program.statements[index];
    let mut found = Vec::new();
    for loss in &statement.losses {
        match database.count_lost(loss).await? {
            Some(0) => {}
            Some(count) => found.push(counted(loss, count)),
            None => found.push(format!("{loss}, which cannot be counted")),
        }
    }
    if found.is_empty() {
        return Ok(());
    }
    let hint = match ready.step.way {
        Way::Up => "save what is still needed, then allow it with --allow-destructive",
        Way::Down => "this is what its way down means; allow it with --allow-destructive",
    };
    let kept = match ready.program.transaction {
        true => format!("nothing was changed by {}", ready.step.id),
        false => left_behind(ready, index),
    };
    let place = Place::of(&ready.program, statement, None);
    Err(MigrateError::Destructive { place, what: found.join(", "), kept, hint }.into())
}

/// Warns of a statement that is only written down: what it destroys cannot be counted.
pub(super) fn warn_of_losses(database: &mut Database, statement: &Statement) {
    let losses: Vec<String> = statement.losses.iter().map(Loss::to_string).collect();
    if !losses.is_empty() {
        database.remark(&format!("warning: what follows destroys {}", losses.join(", ")));
    }
}

fn counted(loss: &Loss, count: u64) -> String {
    let plural = if count == 1 { "" } else { "s" };
    let table = loss.full_table();
    match (loss, loss.column()) {
        (Loss::Schema { schema }, _) => format!("{count} table{plural} of schema {schema}"),
        (Loss::Referring { .. }, _) => format!("{count} row{plural} of tables that refer to table {table}"),
        (_, None) => format!("{count} row{plural} of table {table}"),
        (Loss::Repeated { .. }, Some(column)) => {
            format!("repeated keys in {count} document{plural} of column {column} of table {table}")
        }
        (_, Some(column)) if loss.is_narrowed() => {
            format!("what the new type does not keep of {count} value{plural} of column {column} of table {table}")
        }
        (_, Some(column)) => format!("{count} value{plural} of column {column} of table {table}"),
    }
}

/// How many rows refer to nothing, as SQLite is asked.
const BROKEN: &str =
    "select \"table\" as child, parent, count(*) as broken from pragma_foreign_key_check group by 1, 2";

/// Has a script that is only written down note which rows refer to nothing; here, there are none.
pub(super) async fn note_broken_references(database: &mut Database) -> Result<Vec<BrokenReferences>, DatabaseError> {
    let sql = format!("create temp table strait_broken as {BROKEN}");
    database.execute("note what refers to nothing", &sql, &[]).await?;
    Ok(Vec::new())
}

/// Has a script that is only written down fail when more rows refer to nothing than before.
pub(super) async fn demand_references(database: &mut Database) -> Result<(), DatabaseError> {
    database.remark("fails when rows refer to nothing that did not before");
    // SQLite raises errors of a script's own in triggers alone; what is no JSON is an error everywhere.
    let sql = format!(
        "select json('broken: ' || child) from ({BROKEN}) as now where broken > coalesce((select was.broken from \
         temp.strait_broken as was where was.child = now.child and was.parent is now.parent), 0)"
    );
    database.execute("demand that nothing refers to nothing", &sql, &[]).await?;
    database.execute("forget what referred to nothing", "drop table temp.strait_broken", &[]).await.map(drop)
}

/// Names rows that refer to nothing and did not before.
pub(super) fn newly_broken(before: &[BrokenReferences], after: &[BrokenReferences]) -> Vec<String> {
    let was = |now: &BrokenReferences| {
        before.iter().find(|was| was.table == now.table && was.parent == now.parent).map_or(0, |was| was.rows)
    };
    let grown = after.iter().filter(|now| now.rows > was(now));
    grown.map(|now| format!("{} of table {} to {}", now.rows - was(now), now.table, now.parent)).collect()
}
