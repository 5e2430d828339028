//! Views of the source that are plain: columns and what is computed of them, from tables that are joined, in groups, with
//! or without a condition. They are made again where every part means the same; every other one is named.

mod select;

use std::collections::BTreeSet;

use super::CopyError;
use super::finish::left_out;
use super::infer::LeftOut;
use super::plan::Plan;
use super::undo::note_of_table;
use crate::postgres::Session;
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

impl View {
    /// The statement that makes it, with names of a target's schema as in the plan.
    pub fn statement(&self) -> &str {
        &self.sql
    }
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
    let (body, columns) = select::word(&view.sql, plan)?;
    if columns != view.columns.len() {
        return Err("its columns cannot be told".into());
    }
    let target = qualified(&plan.schema, &fitting(&view.name));
    let names = list(view.columns.iter().map(|column| fitting_column(column)));
    let sql = format!("create view {target} ({names}) as {body}");
    Ok(View { name: view.name.clone(), target, sql })
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
