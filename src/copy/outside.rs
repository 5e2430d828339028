//! Tables of the target that a copy leaves alone and that refer to tables which it empties.

use std::collections::BTreeSet;

use super::CopyError;
use super::plan::{Plan, Problem};
use crate::postgres::Session;
use crate::postgres::names::{literal, qualified};

/// Stops the plan when rows of such a table would lose what they refer to.
pub(super) async fn look(session: &mut Session, plan: &Plan, problems: &mut Vec<Problem>) -> Result<(), CopyError> {
    for (child, parent) in references(session, plan).await? {
        let sql = format!("select count(*) from (select from {child} limit 1) one");
        if session.number("look for rows that refer to the target", sql).await? > 0 {
            problems.push(Problem::new(format!(
                "table {child} of the target holds rows and refers to {parent}, whose rows are to be removed, and the copy does \
                 not fill it; empty it first"
            )));
        }
    }
    Ok(())
}

/// The tables to be emptied that such a table refers to: the server does not truncate them, whether it holds rows or not.
pub(super) async fn parents(session: &mut Session, plan: &Plan) -> Result<BTreeSet<String>, CopyError> {
    Ok(references(session, plan).await?.into_iter().map(|(_, parent)| parent).collect())
}

async fn references(session: &mut Session, plan: &Plan) -> Result<Vec<(String, String)>, CopyError> {
    let emptied: Vec<&str> = plan.tables.iter().filter(|table| table.empty_first).map(|table| &*table.target).collect();
    let mut found = Vec::new();
    for parent in emptied {
        let own: Vec<String> = plan.tables.iter().map(|table| oid(plan, &table.target)).collect();
        // The partitions of such a table are emptied and filled with it.
        let sql = format!(
            "with recursive own (oid) as (select unnest(array[{}]::oid[]) union select c.oid from own join pg_inherits i on \
             i.inhparent = own.oid join pg_class c on c.oid = i.inhrelid and c.relispartition) select distinct \
             conrelid::regclass::text from pg_constraint where contype = 'f' and confrelid = {} and conrelid not in (select oid \
             from own)",
            own.join(", "),
            oid(plan, parent)
        );
        let children = session.texts("look for tables that refer to the target", sql).await?.into_iter().flatten();
        found.extend(children.map(|child| (child, parent.to_owned())));
    }
    Ok(found)
}

/// SQL for a table's number; NULL would hide every other one, and zero is no table.
fn oid(plan: &Plan, table: &str) -> String {
    format!("coalesce(to_regclass({}), 0)", literal(&qualified(&plan.schema, table)))
}
