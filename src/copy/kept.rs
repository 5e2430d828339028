//! Computed columns that PostgreSQL does not take, or computes otherwise, become plain ones: their values are sent.

use std::sync::Arc;

use super::finish::left_out;
use super::infer::{LeftOut, stored_there, values_copied};
use super::load::{self, Loaded};
use super::matching::{computed_last, sources};
use super::plan::{Plan, TablePlan};
use super::reject::RejectLimit;
use super::{CopyError, computed};
use crate::event::Observer;
use crate::postgres::names::{literal, quote};
use crate::postgres::probe::Probe;
use crate::postgres::{Session, ddl};
use crate::schema::Column;
use crate::sqlite::Snapshot;

/// The first version that makes a computed column plain; before it, the column is made anew.
const DROPS_EXPRESSIONS: i64 = 13_00_00;

impl TablePlan {
    /// The computed columns of a table that is inferred, by their names in the source.
    fn kept(&self) -> Vec<String> {
        let is_inferred = self.create.as_ref().is_some_and(|creation| !creation.is_declared);
        let kept = self.columns.iter().filter(|column| is_inferred && column.computed);
        kept.map(|column| column.source.clone()).collect()
    }

    /// The column of the target for one of the source.
    fn target_of(&self, source: &str) -> Option<&Column> {
        let planned = self.columns.iter().find(|column| column.source == source)?;
        self.target_table.column(&planned.target)
    }
}

/// Asks the server of every computed column whether it takes its expression; those that it refuses become plain.
pub(super) async fn ask(session: &mut Session, plan: &mut Plan) -> Result<(), CopyError> {
    for at in 0..plan.tables.len() {
        for source in plan.tables[at].kept() {
            let table = &plan.tables[at];
            let Some(sql) = table.target_of(&source).and_then(|column| question(table, column)) else { continue };
            let name = format!("{}.{source}", table.source.name);
            let Err(error) = session.execute(&format!("ask for an expression of {name}"), sql).await else { continue };
            let why = left_out("generated column", name, error)?.reason;
            make_plain(plan, at, &source, &why);
        }
    }
    Ok(())
}

/// Computes a column of a row of NULLs: the table itself is not there yet.
fn question(table: &TablePlan, column: &Column) -> Option<String> {
    let expression = column.generated.as_ref()?.expression.as_ref()?;
    let null = |column: &Column| {
        let collation = column.collation.as_ref().map_or_else(String::new, |name| format!(" collate {}", quote(name)));
        format!("null::{}{collation} as {}", column.logical.postgres_name(), quote(&column.name))
    };
    let nulls: Vec<String> = table.target_table.columns.iter().map(null).collect();
    Some(format!("select {expression} from (select {}) as alone", nulls.join(", ")))
}

/// Plans a computed column as a plain one, and tells why.
fn make_plain(plan: &mut Plan, at: usize, source: &str, why: &str) {
    let table = &mut plan.tables[at];
    for planned in table.columns.iter_mut().filter(|column| column.source == source) {
        planned.computed = false;
        if let Some(column) = table.target_table.columns.iter_mut().find(|column| column.name == planned.target) {
            column.generated = None;
        }
    }
    computed_last(&mut table.columns);
    table.read.columns = sources(&table.columns);
    let comment = comment(&plan.schema, table, source);
    if let Some(creation) = &mut table.create {
        creation.table[0] = ddl::create_table(&plan.schema, &table.target_table);
        creation.table.extend(comment);
    }
    let (told, name) = (stored_there(&table.source.name, source), format!("{}.{source}", table.source.name));
    plan.notices.retain(|notice| *notice != told);
    plan.left_out.push(LeftOut { kind: "generated column", name, reason: values_copied(why) });
}

/// A comment with what the source computes the column of.
fn comment(schema: &str, table: &TablePlan, source: &str) -> Option<String> {
    let written = table.source.column(source)?.generated.as_ref()?.expression.as_ref()?;
    let text = format!("in the source: generated always as ({written})");
    Some(ddl::comment_on_column(schema, &table.target, &table.target_of(source)?.name, &text))
}

/// Loads all tables; one of which the server computes other values than the source holds is loaded again, with them.
pub(super) async fn load(
    crew: Vec<Session>,
    snapshot: &Arc<Snapshot>,
    plan: Plan,
    run: i64,
    most_rejects: Option<u64>,
    probe: &Probe,
    observer: &Arc<dyn Observer>,
) -> Result<(Vec<Session>, Arc<Plan>, Vec<Loaded>), CopyError> {
    let (all, limit): (Vec<usize>, _) = ((0..plan.tables.len()).collect(), Arc::new(RejectLimit::new(most_rejects)));
    let mut plan = Arc::new(plan);
    let (mut crew, mut loaded) = load::load(crew, snapshot, &plan, &all, run, &limit, observer).await?;
    let mut again = Vec::new();
    for at in all {
        let in_use = || CopyError::Worker("the plan is still in use".into());
        let (session, changed) = crew.first_mut().zip(Arc::get_mut(&mut plan)).ok_or_else(in_use)?;
        let differing = differing(session, snapshot, &changed.tables[at], &changed.schema, &loaded[at]).await?;
        for source in &differing {
            make_plain(changed, at, source, "it computes other values than the source holds");
        }
        if !differing.is_empty() {
            let sql = begin_again(&changed.schema, &changed.tables[at], &differing, run, probe.version_number);
            session.execute("make computed columns plain", sql).await?;
            again.push(at);
        }
    }
    if !again.is_empty() {
        // They were counted once, and are counted anew.
        let limit = Arc::new(RejectLimit::new(most_rejects));
        let (back, mut parts) = load::load(crew, snapshot, &plan, &again, run, &limit, observer).await?;
        again.iter().for_each(|at| std::mem::swap(&mut loaded[*at], &mut parts[*at]));
        crew = back;
    }
    Ok((crew, plan, loaded))
}

/// The computed columns of a loaded table that hold other values than in the source.
///
/// The proof reads the table once more in the end, and must: what keys, references, views and a schema file's own statements
/// did to the rows is only then to be seen. Without this reading, a column that turns out otherwise would have to be mended
/// under finished keys, with the rows loaded again through all of them.
async fn differing(
    session: &mut Session,
    snapshot: &Arc<Snapshot>,
    table: &TablePlan,
    schema: &str,
    loaded: &Loaded,
) -> Result<Vec<String>, CopyError> {
    if table.kept().is_empty() {
        return Ok(Vec::new());
    }
    let rows = table.rows_of_target(schema);
    let query = format!("select {} from {rows}", table.compared_columns());
    let oids = table.columns.iter().map(|column| column.oid).collect();
    let what = format!("read what the server computes of {}", table.source.name);
    if session.digest(&what, &query, oids, || {}).await? == loaded.digest {
        return Ok(Vec::new());
    }
    let both = computed::Both { snapshot, read: &table.read, orphans: &table.orphans, rows: &rows };
    Ok(sources(&both.differing(session, &table.columns).await?))
}

/// Empties a table that has no keys yet, and makes computed columns of it plain.
fn begin_again(schema: &str, table: &TablePlan, columns: &[String], run: i64, version: i64) -> String {
    let target = table.qualified_target(schema);
    let mut script = format!(
        "begin; truncate {target}; delete from strait.reject where run = {run} and table_name = {};",
        literal(&table.source.name)
    );
    for source in columns {
        let Some(column) = table.target_of(source) else { continue };
        let name = quote(&column.name);
        script.push_str(&if version >= DROPS_EXPRESSIONS {
            format!("alter table {target} alter column {name} drop expression;")
        } else {
            format!("alter table {target} drop column {name}, add column {};", ddl::column(column))
        });
        script.extend(comment(schema, table, source).map(|comment| format!("{comment};")));
    }
    script.push_str("commit");
    script
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::copy::matching::ColumnPlan;
    use crate::copy::orphans::Orphans;
    use crate::schema::{Generated, LogicalType, Table};
    use crate::sqlite::read::{KeyShape, TableRead};

    /// A table whose second column is plain in the target by now, and computed in the source.
    fn made_plain() -> TablePlan {
        let computed = Generated { expression: Some("a || '!'".into()), stored: true };
        let columns = [Column::new("a", LogicalType::Text), Column::new("b", LogicalType::Text)];
        let target_table = Table { name: "t".into(), columns: columns.to_vec(), ..Table::default() };
        let mut source = target_table.clone();
        source.columns[1].generated = Some(computed);
        let planned = columns.iter().map(|column| ColumnPlan::created(&column.name, column)).collect();
        let key = KeyShape::Rowid("rowid".into());
        TablePlan {
            source,
            read: TableRead { table: "t".into(), key, columns: vec!["a".into(), "b".into()] },
            target: "t".into(),
            target_table,
            columns: planned,
            create: None,
            add: Vec::new(),
            empty_first: false,
            set_aside: Vec::new(),
            partitioned: false,
            rows: 0,
            ranges: Vec::new(),
            orphans: Orphans::default(),
        }
    }

    #[test]
    fn a_server_that_cannot_drop_an_expression_makes_the_column_anew() {
        let script = |version| begin_again("public", &made_plain(), &["b".into()], 7, version);
        let begins = "begin; truncate \"public\".\"t\"; delete from strait.reject where run = 7 and table_name = 't';";
        let comment =
            "comment on column \"public\".\"t\".\"b\" is 'in the source: generated always as (a || ''!'')';commit";
        for (version, change) in [
            (12_00_17, "alter table \"public\".\"t\" drop column \"b\", add column \"b\" text;"),
            (13_00_00, "alter table \"public\".\"t\" alter column \"b\" drop expression;"),
        ] {
            assert_eq!(script(version), format!("{begins}{change}{comment}"));
        }
    }
}
