//! What a file says for PostgreSQL alone is tried on the created tables before a row is in them, and taken back: a
//! statement that cannot run is not found out when all rows are there.

use super::super::CopyError;
use super::super::plan::{Plan, Problem};
use super::Script;
use super::ending::look_into;
use crate::postgres::{PostgresError, Session, ddl};
use crate::schema::language::words::first_words;

/// Statements that work on rows, or may: without any they can fail that do not later.
const OF_ROWS: [&str; 10] = ["insert", "update", "delete", "select", "with", "merge", "do", "call", "copy", "truncate"];

/// Runs everything that comes after the rows, with no rows, and takes it back; stops with the statements that fail.
pub(in super::super) async fn try_out(session: &mut Session, plan: &Plan) -> Result<(), CopyError> {
    if plan.besides.own_words.is_empty() {
        return Ok(());
    }
    session.execute("begin a trial", format!("begin; {}", look_into(&plan.schema))).await?;
    let problems = run(session, plan).await;
    session.execute("end a trial", "rollback".into()).await?;
    match problems? {
        problems if problems.is_empty() => Ok(()),
        problems => Err(CopyError::Stopped(problems)),
    }
}

async fn run(session: &mut Session, plan: &Plan) -> Result<Vec<Problem>, PostgresError> {
    // What fails of these is told by those who build it.
    for sql in built(plan) {
        step(session, "try what comes after the rows", &sql).await?;
    }
    let mut problems = Vec::new();
    for Script { name, text } in &plan.besides.own_words {
        let refused = step(session, &format!("try the {name}"), text).await?;
        let first = first_words(text, 1);
        if let Some(why) = refused.filter(|_| !first.iter().any(|first| OF_ROWS.contains(&first.as_str()))) {
            problems.push(Problem::new(format!(
                "the {name} fails already on tables without rows: {why}; take it out of the file, or mend it there"
            )));
        }
    }
    Ok(problems)
}

/// Keys, rows of the file, references and views, in their order.
fn built(plan: &Plan) -> Vec<String> {
    let created = plan.tables.iter().filter_map(|table| Some((&table.target_table, table.create.as_ref()?)));
    let created: Vec<_> =
        created.chain(plan.besides.empty.iter().map(|empty| (&empty.table, &empty.creation))).collect();
    let keys = created.iter().flat_map(|(_, creation)| creation.keys.iter().map(|build| build.sql.clone()));
    let seeds = plan.besides.seeds.iter().map(|seed| seed.text.clone());
    let references = created.iter().flat_map(|(table, _)| {
        table.foreign_keys.iter().map(|key| ddl::add_foreign_key(&plan.schema, &table.name, key))
    });
    let views = plan.views.iter().map(|view| view.statement().to_owned());
    keys.chain(seeds).chain(references).chain(views).collect()
}

/// Runs a statement; where the server refuses it, gives what it says, and all is as before it.
async fn step(session: &mut Session, what: &str, sql: &str) -> Result<Option<String>, PostgresError> {
    let script = format!("savepoint trial; {sql}\n; release savepoint trial");
    match session.execute(what, script).await {
        Ok(()) => Ok(None),
        Err(PostgresError::Statement { source, .. }) if source.code().is_some() => {
            session.execute("give up a step", "rollback to savepoint trial".into()).await?;
            Ok(Some(source.to_string()))
        }
        Err(error) => Err(error),
    }
}
