//! Views of the source that are plain: columns of one table, with or without a condition. They are made again; every other
//! one is named.

use std::collections::BTreeSet;

use sqlparser::ast::{Expr, Query, Select, SelectItem, SetExpr, Statement, TableFactor};
use sqlparser::dialect::SQLiteDialect;
use sqlparser::parser::Parser;

use super::CopyError;
use super::finish::left_out;
use super::infer::LeftOut;
use super::plan::{Plan, TablePlan};
use super::undo::note_of_table;
use crate::postgres::Session;
use crate::postgres::expression::{self, Columns};
use crate::postgres::names::{fitting, fitting_column, list, literal, qualified};
use crate::sqlite::introspect::ViewText;

/// A view to make when the rows are there.
#[derive(Debug)]
pub struct View {
    /// Its name in the source.
    pub name: String,
    /// Its name in the target, quoted and with its schema.
    target: String,
    /// The statement that makes it.
    sql: String,
}

/// Words the views that are plain and whose names are free; in the plan, the others stay among what is left out.
///
/// `present` names the views that the target has.
pub(super) fn plan_views(
    views: &[ViewText],
    present: &BTreeSet<String>,
    is_taken: &dyn Fn(&str) -> bool,
    plan: &mut Plan,
) {
    for view in views {
        let worded = if present.contains(&fitting(&view.name)) {
            Err("a view of this name is there and is left as it is".into())
        } else if is_taken(&view.name) {
            Err("its name is taken in the target; create it by hand where it is needed".into())
        } else {
            word(view, plan).map_err(|why| format!("{why}; create it by hand where it is needed"))
        };
        match worded {
            Ok(worded) => {
                plan.left_out.retain(|object| !(object.kind == "view" && object.name == view.name));
                plan.views.push(worded);
            }
            Err(why) => {
                let listed = plan.left_out.iter_mut().find(|object| object.kind == "view" && object.name == view.name);
                if let Some(object) = listed {
                    object.reason = why;
                }
            }
        }
    }
}

/// The names of the target's views.
pub(super) async fn present(session: &mut Session, schema: &str) -> Result<BTreeSet<String>, CopyError> {
    let sql = format!(
        "select relname::text from pg_class where relkind in ('v', 'm') and relnamespace = (select oid from pg_namespace \
         where nspname = {})",
        literal(schema)
    );
    Ok(session.texts("read the names of views", sql).await?.into_iter().flatten().collect())
}

fn word(view: &ViewText, plan: &Plan) -> Result<View, String> {
    let select = parse(&view.sql).ok_or("it is more than columns of one table with a condition")?;
    let table = source_of(&select, plan)?;
    let columns = projection(&select, table)?;
    if columns.len() != view.columns.len() {
        return Err("its columns cannot be told".into());
    }
    let name_of = |name: &str| {
        let stored = table.source.column_like(name)?;
        table.columns.iter().find(|column| column.source == stored.name).map(|column| column.target.clone())
    };
    let selected = columns.iter().map(|name| name_of(name).ok_or_else(|| format!("{name} is no column of its table")));
    let selected: Vec<String> = selected.collect::<Result<_, _>>()?;
    let meanings = table.create.as_ref().map(|creation| creation.meanings.clone()).unwrap_or_default();
    let known = Columns { table: &table.target_table, name_of: &name_of, meanings: &meanings };
    let condition = select
        .selection
        .as_ref()
        .map(|condition| expression::condition(&condition.to_string(), &known).map(|sql| format!(" where {sql}")));
    let target = qualified(&plan.schema, &fitting(&view.name));
    let sql = format!(
        "create view {target} ({}) as select {} from {}{}",
        list(view.columns.iter().map(|column| fitting_column(column))),
        list(&selected),
        table.qualified_target(&plan.schema),
        condition.transpose()?.unwrap_or_default()
    );
    Ok(View { name: view.name.clone(), target, sql })
}

/// The body of a view that is no more than a selection from one table.
fn parse(sql: &str) -> Option<Select> {
    let mut statements = Parser::parse_sql(&SQLiteDialect {}, sql).ok()?;
    let Some(Statement::CreateView(view)) = statements.pop() else { return None };
    let Query { with: None, body, order_by: None, limit_clause: None, .. } = *view.query else { return None };
    let SetExpr::Select(select) = *body else { return None };
    let bare = Select {
        projection: select.projection.clone(),
        from: select.from.clone(),
        selection: select.selection.clone(),
        ..Parser::new(&SQLiteDialect {}).try_with_sql("select 1").ok()?.parse_query().ok()?.body.as_select()?.clone()
    };
    // Whatever else a selection may have (distinct, groups, windows) makes it another one.
    (bare.to_string() == select.to_string()).then_some(*select)
}

/// The one table that it selects from, which the copy itself makes.
fn source_of<'p>(select: &Select, plan: &'p Plan) -> Result<&'p TablePlan, String> {
    let [from] = select.from.as_slice() else { return Err("it joins tables".into()) };
    let TableFactor::Table { name, .. } = &from.relation else { return Err("it selects from a query".into()) };
    let [part] = name.0.as_slice() else { return Err("it names a table with its schema".into()) };
    let name = part.as_ident().map(|name| name.value.clone()).unwrap_or_default();
    let plain = from.joins.is_empty() && from.relation.to_string() == part.to_string();
    let table = plan.tables.iter().find(|table| table.source.name.eq_ignore_ascii_case(&name));
    match table {
        _ if !plain => Err("it joins tables or gives one another name".into()),
        Some(table) if table.create.as_ref().is_some_and(|creation| !creation.is_declared) => Ok(table),
        Some(_) => Err("its table is the target's own".into()),
        None => Err(format!("it selects from {name}, which is no table that is copied")),
    }
}

/// The source columns that it shows, in their order.
fn projection(select: &Select, table: &TablePlan) -> Result<Vec<String>, String> {
    let mut columns = Vec::new();
    for item in &select.projection {
        match item {
            SelectItem::Wildcard(options) if options.to_string().is_empty() => {
                columns.extend(table.source.columns.iter().map(|column| column.name.clone()));
            }
            SelectItem::UnnamedExpr(Expr::Identifier(name))
            | SelectItem::ExprWithAlias { expr: Expr::Identifier(name), .. } => columns.push(name.value.clone()),
            _ => return Err("it computes something".into()),
        }
    }
    Ok(columns)
}

/// Makes the views; gives back what could not be made.
pub(super) async fn create(session: &mut Session, plan: &Plan, run: i64) -> Result<Vec<LeftOut>, CopyError> {
    let mut unbuilt = Vec::new();
    for View { name, target, sql } in &plan.views {
        let note = note_of_table(run, target, &format!("drop view {target}"));
        let made = session.execute(&format!("create view {name}"), format!("begin; {sql}; {note} commit")).await;
        if let Err(error) = made {
            session.execute("give up a step", "rollback".into()).await?;
            unbuilt.push(left_out("view", name.clone(), error)?);
        }
    }
    Ok(unbuilt)
}
