//! Notes of how to take back what a run changes, and the taking back.
//!
//! Every change of the target that is not a row is written down with its reverse in the transaction that makes it. A run
//! that ends in success forgets them; one that fails carries them out, last first, in one transaction. A run that was
//! killed leaves them: the next one stops and says so, and carries them out only when it is told to, because by then
//! somebody else may have come to rely on what is there.

use std::sync::Arc;

use super::CopyError;
use super::plan::Problem;
use super::state::{self, end_sessions};
use crate::event::{Event, Observer};
use crate::postgres::Session;
use crate::postgres::names::literal;

/// SQL that notes a reverse.
pub fn note(run: i64, reverse: &str) -> String {
    format!("insert into strait.undo (run, reverse) values ({run}, {});", literal(reverse))
}

/// SQL that notes a reverse of a table's change, to be carried out only while the name still means this very table.
///
/// `action` is one or more statements as PL/pgSQL has them.
pub fn note_of_table(run: i64, target: &str, action: &str) -> String {
    let (target, action) = (literal(target), literal(action));
    format!(
        "insert into strait.undo (run, reverse) select {run}, format('do %L', format('begin if to_regclass(%L)::oid = %s \
         then %s; end if; end', {target}, {target}::regclass::oid, {action}));"
    )
}

/// SQL that notes that a type goes again, while the name still means this very type; it is quoted as SQL has it.
pub fn note_of_type(run: i64, name: &str) -> String {
    let quoted = literal(name);
    format!(
        "insert into strait.undo (run, reverse) select {run}, format('do %L', format('begin if to_regtype(%L)::oid = %s then \
         drop type %s; end if; end', {quoted}, {quoted}::regtype::oid, {quoted}));"
    )
}

/// SQL that notes where a sequence of the target stands; its name is quoted as SQL has it.
pub fn note_of_sequence(run: i64, name: &str) -> String {
    let quoted = literal(name);
    format!(
        "insert into strait.undo (run, reverse) select {run}, format('do %L', format('begin if to_regclass(%L) is not null \
         then perform setval(%L, %s, %L); end if; end', {quoted}, {quoted}, last_value, is_called)) from {name};"
    )
}

/// A run that neither ended nor was taken back.
struct Unfinished {
    run: i64,
    /// What a person knows it by.
    story: String,
}

/// Names the runs into a schema that did not end, for one who only looks on; none where the role may not read the notes.
pub(crate) async fn unfinished_stories(session: &mut Session, schema: &str) -> Result<Vec<String>, CopyError> {
    if !(state::may_read(session, "run").await? && state::may_read(session, "undo").await?) {
        return Ok(Vec::new());
    }
    Ok(read_unfinished(session, schema).await?.into_iter().map(|unfinished| unfinished.story).collect())
}

/// Deals with runs into a schema that were killed: takes them back when asked to, else stops and names them.
pub async fn settle_unfinished(
    session: &mut Session,
    schema: &str,
    take_back: bool,
    observer: &Arc<dyn Observer>,
) -> Result<(), CopyError> {
    let unfinished = find_unfinished(session, schema).await?;
    if !take_back && !unfinished.is_empty() {
        let problem = |unfinished: &Unfinished| {
            Problem::new(format!(
                "an earlier copy did not end ({}), and what it changed is still there; say --undo-unfinished to take it \
                 back first: tables that it made are dropped, and tables that it was filling are as they were before it. \
                 To keep everything as it is now instead: delete from strait.undo where run = {}",
                unfinished.story, unfinished.run
            ))
        };
        return Err(CopyError::Stopped(unfinished.iter().map(problem).collect()));
    }
    for Unfinished { run, story } in unfinished {
        end_sessions(session, run).await?;
        undo(session, run).await?;
        observer.notice(&Event::Notice { text: &format!("an earlier copy that did not end was undone ({story})") });
    }
    Ok(())
}

async fn find_unfinished(session: &mut Session, schema: &str) -> Result<Vec<Unfinished>, CopyError> {
    if !state::notes_exist(session).await? {
        return Ok(Vec::new());
    }
    read_unfinished(session, schema).await
}

async fn read_unfinished(session: &mut Session, schema: &str) -> Result<Vec<Unfinished>, CopyError> {
    let sql = format!(
        "select r.id || ' run ' || r.id || ' of ' || r.source || ', begun ' || to_char(r.started_at at time zone 'utc', \
         'YYYY-MM-DD HH24:MI') || ' UTC' from strait.run r where r.target_schema = {} and r.finished_at is null and exists \
         (select from strait.undo u where u.run = r.id) order by r.id desc",
        literal(schema)
    );
    let rows = session.texts("look for unfinished runs", sql).await?;
    let unfinished = rows.into_iter().flatten().filter_map(|row| {
        let (run, story) = row.split_once(' ')?;
        Some(Unfinished { run: run.parse().ok()?, story: story.to_owned() })
    });
    Ok(unfinished.collect())
}

/// Takes a run back, all of it or nothing.
pub async fn undo(session: &mut Session, run: i64) -> Result<(), CopyError> {
    let sql = format!("select reverse from strait.undo where run = {run} order by id desc");
    let reverses: Vec<String> = session.texts("read what is to be undone", sql).await?.into_iter().flatten().collect();
    let forget = format!(
        "delete from strait.undo where run = {run}; delete from strait.reject where run = {run}; \
         update strait.run set undone_at = now() where id = {run}"
    );
    let script = reverses.iter().map(|reverse| format!("{reverse};")).collect::<String>();
    let undone = session.execute("undo a run", format!("begin; {script} {forget}; commit")).await;
    if undone.is_err() {
        // The reason is told already; the session is not used again when this fails too.
        session.execute("give up the undoing", "rollback".into()).await.ok();
    }
    Ok(undone?)
}
