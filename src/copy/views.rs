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
use crate::postgres::names::{fitting, fitting_column, list, literal, qualified, quote};
use crate::schema::language::words::first_words;
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
    /// The same, without a schema.
    anywhere: String,
}

impl View {
    /// The statement that makes it, with names of a target's schema as in the plan.
    pub fn statement(&self) -> &str {
        &self.sql
    }

    /// The statement that makes it in the schema in which a connection looks first.
    pub fn statement_anywhere(&self) -> &str {
        &self.anywhere
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
    // Such a view is carried over, by the file.
    let made = |name: &str| plan.besides.own_words.iter().any(|script| makes_view(&script.text, &fitting(name)));
    let made: Vec<&ViewText> = views.iter().filter(|view| made(&view.name)).collect();
    plan.left_out.retain(|object| object.kind != "view" || made.iter().all(|view| view.name != object.name));
    for view in views.iter().filter(|view| made.iter().all(|made| made.name != view.name)) {
        let worded = if present.contains(&fitting(&view.name)) {
            Err("a view of this name is there and is left as it is".into())
        } else if is_taken(&view.name) {
            Err("its name is taken in the target; create it by hand where it is needed".into())
        } else {
            word(view, plan, views).map_err(|why| format!("{why}; create it by hand where it is needed"))
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

/// Whether a statement makes a view of this name.
fn makes_view(sql: &str, name: &str) -> bool {
    let words = first_words(sql, 4);
    let words: Vec<&str> = words.iter().map(String::as_str).collect();
    let is_view = matches!(words.as_slice(), ["create", "view", ..] | ["create", "or", "replace", "view"]);
    let bare = is_view.then(|| sql.to_ascii_lowercase().find("view").map(|at| sql[at + 4..].trim_start())).flatten();
    let is_plain = name.bytes().all(|byte| byte.is_ascii_lowercase() || byte.is_ascii_digit() || byte == b'_');
    bare.is_some_and(|rest| {
        let plain = rest.split(|letter: char| !(letter.is_alphanumeric() || letter == '_')).next().unwrap_or_default();
        rest.starts_with(&quote(name)) || (is_plain && plain.eq_ignore_ascii_case(name))
    })
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

fn word(view: &ViewText, plan: &Plan, views: &[ViewText]) -> Result<View, String> {
    if let Some(other) = select::one_of(&view.sql, views) {
        return Err(format!("it selects from view {other}, and views of tables alone are made again"));
    }
    let (body, columns) = select::word(&view.sql, plan, Some(&plan.schema))?;
    let (body_anywhere, _) = select::word(&view.sql, plan, None)?;
    if columns != view.columns.len() {
        return Err("its columns cannot be told".into());
    }
    let name = fitting(&view.name);
    let target = qualified(&plan.schema, &name);
    let names = list(view.columns.iter().map(|column| fitting_column(column)));
    let sql = format!("create view {target} ({names}) as {body}");
    let anywhere = format!("create view {} ({names}) as {body_anywhere}", quote(&name));
    Ok(View { name: view.name.clone(), target, sql, anywhere })
}

/// Makes the views; gives back what could not be made.
pub(super) async fn create(session: &mut Session, plan: &Plan, run: i64) -> Result<Vec<LeftOut>, CopyError> {
    let mut unbuilt = Vec::new();
    for View { name, target, sql, .. } in &plan.views {
        let note = note_of_table(run, target, &format!("drop view {target}"));
        let made = session.execute(&format!("create view {name}"), format!("begin; {sql}; {note} commit")).await;
        if let Err(error) = made {
            session.execute("give up a step", "rollback".into()).await?;
            unbuilt.push(left_out("view", name.clone(), error)?);
        }
    }
    Ok(unbuilt)
}
