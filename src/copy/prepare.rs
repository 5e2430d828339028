//! Makes the target ready for rows, and writes down how to take back what it changes.

use std::collections::BTreeSet;
use std::sync::Arc;

use super::canonical::{EmptyTable, NewType, ending};
use super::creation::Creation;
use super::plan::{Plan, Problem, TablePlan};
use super::undo::{note_of_table, note_of_type};
use super::workers::blocking;
use super::{CopyError, bookkeeping, outside};
use crate::postgres::introspect::WordedKey;
use crate::postgres::names::{NameBook, list, literal, qualified, quote};
use crate::postgres::probe::Probe;
use crate::postgres::{Address, PostgresError, Session, binary, ddl, introspect};
use crate::schema::{Column, LogicalType, Table};
use crate::sqlite::Snapshot;
use crate::sqlite::read::TableRead;

/// Chooses the schema to work in: the one asked for, else the connection's own.
pub async fn choose_schema(
    session: &mut Session,
    target: &Address,
    probe: &Probe,
    wanted: Option<&str>,
) -> Result<String, CopyError> {
    let Some(wanted) = wanted else {
        return probe.current_schema.clone().ok_or_else(|| {
            let why = "none of the schemas in its search_path exists; name one with --target-schema".into();
            PostgresError::Unsuitable { address: target.to_string(), why }.into()
        });
    };
    if wanted == "strait" {
        let why = "the schema strait holds the tool's own notes; name another with --target-schema".into();
        return Err(PostgresError::Unsuitable { address: target.to_string(), why }.into());
    }
    let sql = format!("select count(*) from pg_namespace where nspname = {}", literal(wanted));
    if session.number("look for the target schema", sql).await? == 0 {
        let why = format!("it has no schema {wanted}; create it first: create schema {}", quote(wanted));
        return Err(PostgresError::Unsuitable { address: target.to_string(), why }.into());
    }
    Ok(wanted.to_owned())
}

/// Checks that the role may create tables in the schema, when the plan has any to create.
pub(super) async fn check_right_to_create(
    session: &mut Session,
    plan: &Plan,
    problems: &mut Vec<Problem>,
) -> Result<(), CopyError> {
    let creates = plan.tables.iter().any(|table| table.create.is_some());
    if !creates && plan.besides.types.is_empty() && plan.besides.empty.is_empty() {
        return Ok(());
    }
    let sql = format!("select has_schema_privilege({}, 'CREATE')::int::bigint", literal(&plan.schema));
    if session.number("ask for the role's rights", sql).await? == 0 {
        problems.push(Problem::new(format!(
            "the role may not create tables in schema {0}; let its owner run: grant create on schema {1} to the role",
            plan.schema,
            quote(&plan.schema)
        )));
    }
    Ok(())
}

/// The names of all relations and constraints with an index in a schema.
pub(super) async fn names_in_use(session: &mut Session, schema: &str) -> Result<NameBook, CopyError> {
    let sql = format!(
        "select relname::text from pg_class where relnamespace = (select oid from pg_namespace where nspname = {0}) \
         union select typname::text from pg_type where typnamespace = (select oid from pg_namespace where nspname = {0}) \
         and not (typtype = 'b' and typcategory = 'A')",
        literal(schema)
    );
    let mut book = NameBook::default();
    book.take(session.texts("read the names in use", sql).await?.into_iter().flatten());
    Ok(book)
}

/// Looks for rows in the tables to be filled, and decides what becomes of them.
pub(super) async fn look_at_rows(
    session: &mut Session,
    snapshot: &Arc<Snapshot>,
    plan: &mut Plan,
    truncate: bool,
    problems: &mut Vec<Problem>,
) -> Result<(), CopyError> {
    let schema = plan.schema.clone();
    let existing: Vec<usize> = (0..plan.tables.len()).filter(|at| plan.tables[*at].create.is_none()).collect();
    if existing.is_empty() {
        return Ok(());
    }
    let has_rows = |at: &usize| {
        let table = &plan.tables[*at];
        format!("select {at}::text where exists (select from {})", table.rows_of_target(&schema))
    };
    let sql = existing.iter().map(has_rows).collect::<Vec<_>>().join(" union all ");
    let filled = session.texts("look for rows in the target", sql).await?;
    let filled: Vec<usize> = filled.into_iter().flatten().filter_map(|at| at.parse().ok()).collect();
    let mut listed = Vec::new();
    for at in filled {
        let table = &mut plan.tables[at];
        match history(session, snapshot, table, &schema).await? {
            History::Same => table.empty_first = true,
            History::Other { tool, explanation } if !truncate => problems.push(Problem::new(format!(
                "table {} is the history of {tool}, and source and target were made by different versions of the \
                 application ({explanation}); bring both to the same version first",
                table.target
            ))),
            _ if truncate => table.empty_first = true,
            _ => {
                let sql = format!("select count(*) from {}", table.rows_of_target(&schema));
                listed.push(format!("{} ({} rows)", table.target, session.number("count rows", sql).await?));
            }
        }
    }
    if !listed.is_empty() {
        problems.push(Problem::new(format!(
            "these tables of the target hold rows: {}; say --on-nonempty truncate to empty all tables that are filled, \
             or name an empty database",
            listed.join(", ")
        )));
    }
    outside::look(session, plan, problems).await
}

enum History {
    /// The table is no history of a tool that is known.
    None,
    /// Both sides tell the same.
    Same,
    /// The sides differ.
    Other { tool: &'static str, explanation: String },
}

async fn history(
    session: &mut Session,
    snapshot: &Arc<Snapshot>,
    table: &TablePlan,
    schema: &str,
) -> Result<History, CopyError> {
    let Some(known) =
        bookkeeping::recognise(&table.source).filter(|_| bookkeeping::recognise(&table.target_table).is_some())
    else {
        return Ok(History::None);
    };
    let sql = format!("select {}::text from {}", quote(known.column), table.rows_of_target(schema));
    let found = session.texts("read the target's migration history", sql).await?;
    let found: BTreeSet<String> = found.into_iter().flatten().collect();
    let (snapshot, read) = (Arc::clone(snapshot), table.read.clone());
    let expected = blocking(move || read_texts(&snapshot, read, known.column)).await?;
    if expected == found {
        return Ok(History::Same);
    }
    let only = |one: &BTreeSet<String>, other: &BTreeSet<String>| {
        let names: Vec<&str> = one.difference(other).map(String::as_str).take(3).collect();
        if names.is_empty() { "nothing".to_owned() } else { names.join(", ") }
    };
    let explanation =
        format!("only in the source: {}; only in the target: {}", only(&expected, &found), only(&found, &expected));
    Ok(History::Other { tool: known.tool, explanation })
}

/// The different texts of one column of a source table.
pub(super) fn read_texts(snapshot: &Snapshot, read: TableRead, column: &str) -> Result<BTreeSet<String>, CopyError> {
    let reader = snapshot.lend();
    let read = TableRead { columns: vec![column.to_owned()], ..read };
    Ok(read.texts(&reader)?.into_iter().collect())
}

/// Creates, alters and empties tables and sets foreign keys aside, all in one transaction.
///
/// The notes are carried out last first: references go, loaded rows go, kept rows return, added columns go, references
/// that were set aside return.
pub async fn prepare(session: &mut Session, plan: &Plan, run: i64) -> Result<(), CopyError> {
    let filled = || plan.tables.iter().filter(|table| table.create.is_none());
    let mut script = String::from("begin;");
    for table in filled() {
        script.push_str(&set_references_aside(plan, table, run));
    }
    // Before the tables, so that they outlive them when all is taken back.
    for NewType { name, sql } in &plan.besides.types {
        script.push_str(&format!("{sql}; {}", note_of_type(run, name)));
    }
    for EmptyTable { table, creation } in &plan.besides.empty {
        script.push_str(&create(&qualified(&plan.schema, &table.name), creation, run));
    }
    // First those with a name that the server may give a sequence: it looks for another then.
    let (sequences, others): (Vec<&TablePlan>, _) =
        plan.tables.iter().partition(|table| table.target.ends_with("_seq"));
    for table in sequences.into_iter().chain(others) {
        if let Some(creation) = &table.create {
            script.push_str(&create(&table.qualified_target(&plan.schema), creation, run));
        }
        script.push_str(&add_columns(plan, table, run));
    }
    if !plan.besides.collations.is_empty() {
        script.push_str(&ending::look_into(&plan.schema));
        script.extend(plan.besides.collations.iter().map(|collation| format!("{}\n;", collation.text)));
    }
    for (at, table) in filled().enumerate() {
        script.push_str(&keep_rows(plan, table, run, at));
    }
    for table in
        plan.tables.iter().map(|table| &table.target_table).chain(plan.besides.empty.iter().map(|empty| &empty.table))
    {
        script.push_str(&note_references(&plan.schema, table, run));
    }
    script.push_str(&empty(plan, &outside::parents(session, plan).await?));
    script.push_str("commit");
    Ok(session.execute("prepare the target", script).await?)
}

fn set_references_aside(plan: &Plan, table: &TablePlan, run: i64) -> String {
    let target = table.qualified_target(&plan.schema);
    let aside = |key: &WordedKey| {
        let drop = format!("alter table {target} drop constraint if exists {}", quote(&key.name));
        let reverse = format!("{drop}; {}{}", restore_foreign_key(&target, key), comment_again(&target, key));
        format!("{drop}; {}", note_of_table(run, &target, &reverse))
    };
    table.set_aside.iter().map(aside).collect()
}

fn create(target: &str, creation: &Creation, run: i64) -> String {
    let note = note_of_table(run, target, &format!("drop table {target}"));
    format!("{}; {note}", creation.table.join("; "))
}

/// Reads of created tables what the server alone decides: the types' numbers, and the names of sequences.
pub(super) async fn learn(session: &mut Session, plan: &mut Plan) -> Result<(), CopyError> {
    let has_declared = |table: &TablePlan| table.create.as_ref().is_some_and(|creation| creation.is_declared);
    if !plan.tables.iter().any(has_declared) && plan.besides.empty.is_empty() {
        return Ok(());
    }
    let made = introspect::introspect(session, &plan.schema).await?;
    let mut problems = Vec::new();
    let place_of = |name: &str| made.schema.tables.iter().position(|table| table.name == name);
    for table in plan.tables.iter_mut().filter(|table| has_declared(table)) {
        let Some(place) = place_of(&table.target) else { continue };
        let found = &made.schema.tables[place];
        learn_sequences(&mut table.target_table, found);
        for column in &mut table.columns {
            if let Some(at) = found.columns.iter().position(|found| found.name == column.target) {
                let oid = made.details[place].oids[at];
                problems.extend(other_type(&table.target, table.target_table.column(&column.target), oid));
                column.oid = oid;
            }
        }
    }
    for EmptyTable { table, .. } in &mut plan.besides.empty {
        if let Some(place) = place_of(&table.name) {
            learn_sequences(table, &made.schema.tables[place]);
        }
    }
    if problems.is_empty() { Ok(()) } else { Err(CopyError::Stopped(problems)) }
}

/// Bytes of one type are never sent to a column of another, which would read them as something else and could not tell.
fn other_type(table: &str, planned: Option<&Column>, oid: u32) -> Option<Problem> {
    let Column { name, logical, .. } = planned?;
    let is_the_servers = matches!(logical, LogicalType::Enum(_) | LogicalType::Other(_) | LogicalType::Array(_));
    (!is_the_servers && binary::oid(logical) != oid).then(|| {
        Problem::new(format!(
            "column {table}.{name} was to be {logical} and was created as another type (number {oid}); take what changes it \
             (a statement for PostgreSQL alone, an event trigger) out of the way"
        ))
    })
}

fn learn_sequences(table: &mut Table, found: &Table) {
    for column in table.columns.iter_mut().filter(|column| column.identity.is_some()) {
        column.identity = found.column(&column.name).and_then(|found| found.identity.clone());
    }
}

fn add_columns(plan: &Plan, table: &TablePlan, run: i64) -> String {
    let target = table.qualified_target(&plan.schema);
    let add = |column: &Column| {
        let reverse = format!("alter table {target} drop column if exists {}", quote(&column.name));
        format!("alter table {target} add column {}; {}", ddl::column(column), note_of_table(run, &target, &reverse))
    };
    table.add.iter().map(add).collect()
}

/// Keeps the rows that will be emptied until the run has ended, and notes that loaded rows go before they return.
fn keep_rows(plan: &Plan, table: &TablePlan, run: i64, at: usize) -> String {
    let (target, rows) = (table.qualified_target(&plan.schema), table.rows_of_target(&plan.schema));
    let mut script = String::new();
    if table.empty_first {
        let kept = format!("strait.{}", quote(&format!("kept_{run}_{at}")));
        let stored = table.target_table.columns.iter().filter(|column| column.generated.is_none());
        let columns = list(stored.map(|column| &column.name));
        let reverse = format!(
            "insert into {target} ({columns}) overriding system value select {columns} from {kept}; drop table {kept}"
        );
        script.push_str(&format!("create table {kept} as select {columns} from {rows};"));
        script.push_str(&note_of_table(run, &target, &reverse));
    }
    let reverse = format!(
        "delete from {rows}; if exists (select from {rows}) then raise exception 'rows of % cannot be removed', {}; end if",
        literal(&target)
    );
    script.push_str(&note_of_table(run, &target, &reverse));
    script
}

/// Notes that a table's references go before any table or row does: they may form a circle.
fn note_references(schema: &str, table: &Table, run: i64) -> String {
    let target = qualified(schema, &table.name);
    let names = table.foreign_keys.iter().filter_map(|key| key.name.as_ref());
    let note = |name: &String| {
        note_of_table(run, &target, &format!("alter table {target} drop constraint if exists {}", quote(name)))
    };
    names.map(note).collect()
}

/// Empties the tables that are to be emptied; those that no table outside refers to all at once, which is faster.
fn empty(plan: &Plan, referred: &BTreeSet<String>) -> String {
    let tables = plan.tables.iter().filter(|table| table.empty_first);
    let (slow, fast): (Vec<&TablePlan>, Vec<&TablePlan>) = tables.partition(|table| referred.contains(&table.target));
    let rows = |table: &&TablePlan| table.rows_of_target(&plan.schema);
    let mut script: String = slow.iter().map(|table| format!("delete from {};", rows(table))).collect();
    if !fast.is_empty() {
        script.push_str(&format!("truncate {};", fast.iter().map(rows).collect::<Vec<_>>().join(", ")));
    }
    script
}

/// SQL that puts a foreign key back that was set aside.
pub(super) fn restore_foreign_key(target: &str, key: &WordedKey) -> String {
    format!("alter table {target} add constraint {} {}", quote(&key.name), key.definition)
}

/// SQL, after another statement, that writes on it again what was written on it.
pub(super) fn comment_again(target: &str, key: &WordedKey) -> String {
    let comment = key.comment.as_ref();
    comment.map_or(String::new(), |text| format!("; {}", ddl::comment_on_constraint(target, &key.name, text)))
}
