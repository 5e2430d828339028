//! Puts the tables of a schema file beside those that the target has: what is there is filled, what is not is made.

use std::collections::BTreeMap;

use super::super::infer::unkeyable;
use super::super::plan::{Plan, Problem};
use super::super::{CopyError, CopyOptions};
use super::collation::{self, Collation};
use super::{Besides, Canonical, Creation, EmptyTable, NewType, Script, branch, lift, same};
use crate::postgres::introspect::{Details, Structure};
use crate::postgres::names::{NameBook, literal, qualified};
use crate::postgres::{Address, Session, binary, change};
use crate::schema::language::words::first_words;
use crate::schema::language::{Kind, Statement};
use crate::schema::{Change, Engine, EnumType, Schema, Table};

/// The tables that a copy fills: those that are there, and those that it makes as a schema file says.
#[derive(Debug, Default)]
pub(in super::super) struct Aim {
    /// All of them.
    pub(in super::super) structure: Structure,
    /// How those come to be that are not there, by their names.
    pub(in super::super) creations: BTreeMap<String, Creation>,
}

impl Aim {
    /// What is made of tables that no source table fills.
    pub(in super::super) fn left_empty(self) -> Vec<EmptyTable> {
        let Self { structure, mut creations } = self;
        let empty = structure.schema.tables.into_iter().filter_map(|table| {
            let creation = creations.remove(&table.name)?;
            Some(EmptyTable { table, creation })
        });
        empty.collect()
    }
}

/// What is known of both sides when they meet.
pub(in super::super) struct Meeting<'m> {
    pub(in super::super) options: &'m CopyOptions,
    /// The source's tables.
    pub(in super::super) source: &'m Schema,
    /// The target's names in use.
    pub(in super::super) book: &'m mut NameBook,
    pub(in super::super) problems: &'m mut Vec<Problem>,
}

/// Decides what of a schema file is there and what is made; without a file, the target is what is there.
pub(in super::super) async fn aim(
    target: &mut Option<(&mut Session, &Address)>,
    mut found: Structure,
    meeting: &mut Meeting<'_>,
    plan: &mut Plan,
) -> Result<Aim, CopyError> {
    let Some(canonical) = meeting.options.canonical.as_deref() else {
        return Ok(Aim { structure: found, creations: BTreeMap::new() });
    };
    let declared = &canonical.file.schema;
    let there: Vec<&str> = declared.tables.iter().map(|table| table.name.as_str()).collect();
    let there: Vec<&str> = there.into_iter().filter(|name| found.schema.table(name).is_some()).collect();
    if let Some((_, address)) = target.as_ref().filter(|_| !there.is_empty()) {
        let differences = same::differences(address, &plan.schema, &canonical.file, &there).await?;
        meeting.problems.extend(differences);
    }
    lift(&mut found, declared);
    let is_new = there.is_empty();
    let left_out = canonical.left_out(meeting.source, &meeting.options.exclude, &found.schema);
    plan.notices.extend(left_out.iter().map(|one| branch::sentence(one)));
    plan.besides.left_out = left_out.iter().map(|one| one.label.clone()).collect();
    let is_left_out = |name: &String| left_out.iter().any(|one| one.tables.contains(name));
    plan.besides.types = new_types(target, &plan.schema, canonical, meeting).await?;
    let mut aim = Aim { structure: found, creations: BTreeMap::new() };
    let is_made = |table: &&Table| !there.contains(&table.name.as_str()) && !is_left_out(&table.name);
    for table in declared.tables.iter().filter(is_made) {
        add(&mut aim, table, canonical, &plan.schema, meeting);
    }
    meeting.book.take(declared.names().map(str::to_owned));
    statements(&aim, is_new, canonical, meeting, plan);
    Ok(aim)
}

/// Chooses the file's statements that are run: rows for tables that are made and not in the source, and, in a target that
/// has nothing of the schema, what the file says for PostgreSQL alone.
fn statements(aim: &Aim, is_new: bool, canonical: &Canonical, meeting: &mut Meeting<'_>, plan: &mut Plan) {
    let Besides { seeds, own_words, collations, .. } = &mut plan.besides;
    for statement in &canonical.file.others {
        let table = statement.inserts_into();
        match (&statement.kind, table) {
            // The source's rows are the truth.
            (_, Some(table)) if is_in(meeting.source, &table) => {}
            // And so are those of a table that is there.
            (Kind::Dml, Some(table)) if aim.creations.contains_key(&table) => {
                seeds.push(script("rows", statement, canonical));
            }
            (Kind::Opaque(Engine::Postgres), _) if is_new => {
                let script = script("statement", statement, canonical);
                match collation::read(&statement.text, &canonical.file.schema) {
                    Some(Collation::Run(text)) => collations.push(Script { text, ..script }),
                    Some(Collation::Skip(why)) => {
                        plan.notices.push(format!("the {} is not run: {why}; take it out of the file", script.name));
                    }
                    None => own_words.extend(in_own_words(statement, script, meeting.problems)),
                }
            }
            _ => {}
        }
    }
    let has_own_words = canonical.file.others.iter().any(|statement| statement.kind == Kind::Opaque(Engine::Postgres));
    if has_own_words && !is_new {
        plan.notices.push(format!(
            "tables of {} are there already, so what it says for PostgreSQL alone is taken to be there, too, and is not run",
            canonical.origin
        ));
    }
}

fn is_in(source: &Schema, table: &str) -> bool {
    source.tables.iter().any(|known| known.name.eq_ignore_ascii_case(table))
}

/// Adds a table that will be made.
fn add(aim: &mut Aim, table: &Table, canonical: &Canonical, schema: &str, meeting: &mut Meeting<'_>) {
    let mut problem = |text: String| meeting.problems.push(Problem::new(text));
    let constraints = table.primary_key.iter().filter_map(|key| key.name.as_deref());
    let constraints = constraints.chain(table.uniques.iter().filter_map(|unique| unique.name.as_deref()));
    let names = constraints.chain(table.indexes.iter().map(|index| index.name.as_str()));
    for name in std::iter::once(table.name.as_str()).chain(names).filter(|name| meeting.book.is_taken(name)) {
        problem(format!(
            "`{name}` of {} is the name of another object in the target; rename or drop that one, or name an empty \
             database",
            canonical.origin
        ));
    }
    for column in unkeyable(table) {
        problem(format!(
            "column {}.{column} of {} is part of a key or an index, and PostgreSQL does not compare json; make it jsonb or \
             json_text in the file",
            table.name, canonical.origin
        ));
    }
    match Creation::of_declared(schema, table, &canonical.file.schema) {
        Ok(creation) => drop(aim.creations.insert(table.name.clone(), creation)),
        Err(refusal) => problem(format!("table {} of {}: {refusal}", table.name, canonical.origin)),
    }
    let oids = table.columns.iter().map(|column| binary::oid(&column.logical)).collect();
    aim.structure.details.push(Details { oids, owned: true, ..Details::default() });
    aim.structure.schema.tables.push(table.clone());
}

/// The types of a schema file that are not there; one that is there with other labels is a problem.
async fn new_types(
    target: &mut Option<(&mut Session, &Address)>,
    schema: &str,
    canonical: &Canonical,
    meeting: &mut Meeting<'_>,
) -> Result<Vec<NewType>, CopyError> {
    let mut types = Vec::new();
    for EnumType { name, labels } in &canonical.file.schema.enums {
        let sql = format!(
            "select e.enumlabel::text from pg_type t join pg_enum e on e.enumtypid = t.oid join pg_namespace n on n.oid = \
             t.typnamespace where n.nspname = {} and t.typname = {} order by e.enumsortorder",
            literal(schema),
            literal(name)
        );
        let found = match target {
            Some((session, _)) => session.texts("read an enum type", sql).await?,
            None => Vec::new(),
        };
        let found: Vec<String> = found.into_iter().flatten().collect();
        if found.is_empty() && !meeting.book.is_taken(name) {
            let change = Change::CreateEnum { name: name.clone(), labels: labels.clone() };
            // An enum's labels need no wording, so there is nothing to refuse.
            let sql = change::render(Some(schema), &change, &Schema::default()).unwrap_or_default().join("; ");
            types.push(NewType { name: qualified(schema, name), sql });
        } else if found != *labels {
            meeting.problems.push(Problem::new(format!(
                "type {name} is in the target and is not what {} says; compare them with `strait drift`, rename or drop it, \
                 or name an empty database",
                canonical.origin
            )));
        }
    }
    Ok(types)
}

/// A statement of PostgreSQL's own; the one transaction in which all of them run must not end in their middle.
fn in_own_words(statement: &Statement, script: Script, problems: &mut Vec<Problem>) -> Option<Script> {
    let first = first_words(&statement.text, 1).into_iter().next().unwrap_or_default();
    if ["begin", "start", "commit", "end", "abort", "rollback", "prepare"].contains(&first.as_str()) {
        problems.push(Problem::new(format!(
            "`{first}` in {} would begin or end a transaction, and all of it is run in one; take it out of the file",
            script.name
        )));
        return None;
    }
    Some(script)
}

fn script(what: &str, statement: &Statement, canonical: &Canonical) -> Script {
    Script { name: format!("{what} at {} of {}", statement.at, canonical.origin), text: statement.text.clone() }
}
