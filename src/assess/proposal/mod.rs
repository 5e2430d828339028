//! What a copy would create, as a schema file: to be read, edited, and given back with `--schema`.
//!
//! [`portable`] says it in the portable language as far as that goes; [`own`] says the rest in PostgreSQL's words, in a
//! block; what neither can say is named in the file and in [`Proposal::left_out`].

mod computed;
mod own;
mod portable;

use serde::Serialize;

use crate::copy::choice::Choices;
use crate::copy::infer::{Besides, explain, holds, is_of_a_key};
use crate::copy::plan::{Plan, TablePlan};
use crate::schema::language::write::commented_schema;
use crate::schema::language::{block, read_schema};
use crate::schema::{Column, Engine, Schema, Table};
use crate::sqlite::sample::Sample;
use portable::Portable;

/// A schema file that was made of what a source holds.
#[derive(Clone, Debug, Default, Serialize)]
pub struct Proposal {
    /// The file.
    #[serde(skip)]
    pub text: String,
    /// Where it was written.
    pub file: Option<String>,
    /// Its tables.
    pub tables: u64,
    /// The flags that go on being needed beside it.
    pub flags: Vec<String>,
    /// What it does not say, each with why.
    pub left_out: Vec<String>,
}

/// Writes down the tables that a copy would create by itself; `source` names the database.
pub(super) fn propose(
    plan: &Plan,
    source: &str,
    sample: Option<Sample>,
    choices: &Choices,
) -> Result<Proposal, String> {
    let is_inferred = |table: &&TablePlan| table.create.as_ref().is_some_and(|creation| !creation.is_declared);
    let tables: Vec<&TablePlan> = plan.tables.iter().filter(is_inferred).collect();
    let Portable { schema, own, mut left_out } = portable::say(&tables, &plan.views, &plan.schema);
    left_out.extend(plan.skipped.iter().map(|skipped| format!("table {}: {}", skipped.name, skipped.reason)));
    let there = plan.tables.iter().filter(|table| table.create.is_none());
    left_out.extend(there.map(|table| format!("table {}: the target has it already", table.target)));
    left_out
        .extend(plan.open.iter().chain(&plan.left_out).map(|one| format!("{} {}: {}", one.kind, one.name, one.reason)));
    let flags = choices.beside_types();
    left_out.extend(flags.iter().map(|flag| format!("{flag}: how values are read is the copy's; give it again")));
    let remark = |table: &Table, column: &Column| remark(plan, &tables, table, column, sample.is_some());
    let mut text = commented_schema(&schema, &heading(source, sample, &flags, &left_out), &remark);
    let what = ["What PostgreSQL alone is told; the other engine does not see it.".to_owned()];
    let block = block::write(Engine::Postgres, &what, &own);
    if !block.is_empty() {
        text.push_str(&format!("\n{block}"));
    }
    match read_schema(&text) {
        Ok(_) => Ok(Proposal { text, file: None, tables: schema.tables.len() as u64, flags, left_out }),
        Err(error) => Err(format!("the schema file that was made cannot be read back ({error}); please report it")),
    }
}

/// The lines at the head of the file.
fn heading(source: &str, sample: Option<Sample>, flags: &[String], left_out: &[String]) -> Vec<String> {
    let flags: String = flags.iter().map(|flag| format!(" {flag}")).collect();
    let mut lines = vec![
        format!(
            "What a copy of {source} would create. Edit it, and give it back: strait copy … --schema THIS-FILE{flags}"
        ),
        "Over each column: what it holds, and why it has its type.".into(),
    ];
    lines.extend(sample.map(|sample| {
        format!("The types were chosen from a sample ({sample} of each table): other rows may not fit them.")
    }));
    if !left_out.is_empty() {
        lines.push("Not in this file:".into());
        lines.extend(left_out.iter().map(|one| format!("  {one}")));
    }
    lines
}

/// One line about a column: what it holds, and why it has its type.
fn remark(plan: &Plan, tables: &[&TablePlan], table: &Table, column: &Column, is_sample: bool) -> Option<String> {
    let planned = tables.iter().find(|planned| planned.target == table.name)?;
    let copied = planned.columns.iter().find(|copied| copied.target == column.name)?;
    let at = planned.source.columns.iter().position(|source| source.name == copied.source)?;
    let (source, profile) = (&planned.source.columns[at], plan.profiles.get(&planned.source.name)?.columns.get(at)?);
    let place = format!("{}.{}", planned.source.name, source.name);
    let besides = Besides { is_sample, is_of_a_key: is_of_a_key(&planned.source, &source.name) };
    let why = explain(&place, source, profile, &column.logical, plan.decided_by(planned, copied), besides);
    let declared = if source.declared.is_empty() { "no declared type".to_owned() } else { source.declared.clone() };
    let holds = holds(source, profile);
    Some([declared, holds, why].into_iter().filter(|part| !part.is_empty()).collect::<Vec<_>>().join("; "))
}

/// A schema of one table more, or of the same; used to try what the language takes.
fn with(schema: &Schema, table: &Table) -> Schema {
    let mut schema = schema.clone();
    schema.tables.retain(|known| known.name != table.name);
    schema.tables.push(table.clone());
    schema
}
