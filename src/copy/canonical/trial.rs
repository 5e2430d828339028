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

/// Tells what of this would stop a copy, over tables that are made for it alone and taken back with all else.
///
/// Tables that are there are left alone: they hold rows, and somebody may be at work on them.
pub(crate) async fn foretell(session: &mut Session, plan: &Plan) -> Result<Vec<Problem>, PostgresError> {
    if !can_foretell(plan) || plan.besides.own_words.is_empty() {
        return Ok(Vec::new());
    }
    let begin = format!("begin; set local lock_timeout = '3s'; {}", look_into(&plan.schema));
    session.execute("begin a trial", begin).await?;
    let problems = foretold(session, plan).await;
    session.execute("end a trial", "rollback".into()).await?;
    problems
}

/// Whether all tables of a plan are still to be made.
pub(crate) fn can_foretell(plan: &Plan) -> bool {
    plan.tables.iter().all(|table| table.create.is_some() && table.add.is_empty())
}

async fn foretold(session: &mut Session, plan: &Plan) -> Result<Vec<Problem>, PostgresError> {
    for (what, sql) in made(plan) {
        if let Some(why) = step(session, "try to make what is filled", &sql).await? {
            return Ok(vec![Problem::new(format!("{what} cannot be made in the target: {why}"))]);
        }
    }
    run(session, plan).await
}

/// What is there before the rows come, as the copy makes it.
fn made(plan: &Plan) -> Vec<(String, String)> {
    let besides = &plan.besides;
    let types = besides.types.iter().map(|made| (format!("type {}", made.name), made.sql.clone()));
    let empty = besides.empty.iter().map(|empty| (&empty.table.name, &empty.creation));
    let filled = plan.tables.iter().filter_map(|table| Some((&table.target, table.create.as_ref()?)));
    let tables = empty.chain(filled).map(|(name, made)| (format!("table {name}"), made.table.join("; ")));
    let collations = besides.collations.iter().map(|script| (script.name.clone(), script.text.clone()));
    types.chain(tables).chain(collations).collect()
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
