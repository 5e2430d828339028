//! The references between the target's tables, once the rows are there: built, or put back, and told where rows break them.

use super::CopyError;
use super::finish::{KEPT_ALL_THE_SAME, left_out};
use super::infer::LeftOut;
use super::load::Loaded;
use super::orphans::Policy;
use super::orphans::reference::{folded_key, is_folded_key};
use super::plan::Plan;
use super::prepare::restore_foreign_key;
use crate::postgres::names::{list, qualified, quote};
use crate::postgres::{Session, ddl};
use crate::schema::{ForeignKey, Table};
use crate::value::counted;

/// How PostgreSQL ends the definition of a constraint that not all rows are held to.
pub(super) const NOT_VALID: &str = " NOT VALID";
/// How many rows are named as examples.
const EXAMPLES: usize = 3;

/// The references under way.
pub(super) struct Joining<'j> {
    pub(super) session: &'j mut Session,
    pub(super) plan: &'j Plan,
    /// What came of the rows of each table of the plan.
    pub(super) loaded: &'j [Loaded],
    pub(super) unbuilt: &'j mut Vec<LeftOut>,
}

impl Joining<'_> {
    /// Adds a created table's foreign keys, or puts back those that were set aside; `called` is its name in a report.
    pub(super) async fn table(
        &mut self,
        called: &str,
        table: &Table,
        set_aside: &[(String, String)],
    ) -> Result<(), CopyError> {
        let target = qualified(&self.plan.schema, &table.name);
        for key in &table.foreign_keys {
            let name = key.name.clone().unwrap_or_default();
            let aside = set_aside.iter().find(|(aside, _)| *aside == name);
            let strict = match aside {
                Some((_, definition)) => restore_foreign_key(&target, &name, definition),
                None => ddl::add_foreign_key(&self.plan.schema, &table.name, key),
            };
            let what = format!("build foreign key {name} of {called}");
            let label = format!("{called}.{name}");
            let Err(error) = self.session.execute(&what, strict.clone()).await else {
                // One that was not valid before is put back without a look at the rows.
                if strict.ends_with(NOT_VALID) {
                    self.tell_orphans(called, table, key).await?;
                }
                continue;
            };
            // A definition of the application's own that is not back at the end is at least not forgotten.
            let by_hand = aside.map_or(String::new(), |_| format!("; to put it back: {strict}"));
            let explained = |mut left: LeftOut| {
                left.reason.push_str(&by_hand);
                left
            };
            if error.code() != Some("23503") {
                let why = self.impossible(key, error.code().unwrap_or_default());
                let mut told = left_out("foreign key", label, error)?;
                told.reason.push_str(&why);
                self.unbuilt.push(explained(told));
                continue;
            }
            match self.session.execute(&what, format!("{strict}{NOT_VALID}")).await {
                Ok(()) => self.tell_orphans(called, table, key).await?,
                Err(error) => self.unbuilt.push(explained(left_out("foreign key", label, error)?)),
            }
        }
        Ok(())
    }

    /// Tells of the rows that break a reference which is there, and not valid; of none when all hold.
    async fn tell_orphans(&mut self, called: &str, table: &Table, key: &ForeignKey) -> Result<(), CopyError> {
        let orphans =
            self.session.number("count orphans", ddl::count_orphans(&self.plan.schema, &table.name, key)).await?;
        if orphans == 0 {
            return Ok(());
        }
        let found = self.plan.references.iter().find(|reference| reference.is(called, self.plan, key));
        let kept = found.filter(|found| found.policy == Policy::Keep && i64::try_from(found.found.rows) == Ok(orphans));
        let (such_as, then) = match kept {
            Some(found) => (found.such_as(), KEPT_ALL_THE_SAME.to_owned()),
            None => (self.such_as(table, key).await?, self.then(table, key)),
        };
        let name = key.name.clone().unwrap_or_default();
        let reason = orphaned(key, orphans, &such_as, &then);
        self.unbuilt.push(LeftOut { kind: "foreign key", name: format!("{called}.{name}"), reason });
        Ok(())
    }

    /// Names the first rows that break a reference, as the target has them.
    async fn such_as(&mut self, table: &Table, key: &ForeignKey) -> Result<String, CopyError> {
        let Some(primary) = &table.primary_key else { return Ok(String::new()) };
        let sql = ddl::name_orphans(&self.plan.schema, &table.name, key, &primary.columns, EXAMPLES);
        let rows = self.session.texts("name orphans", sql).await?.into_iter().flatten();
        let rows: Vec<String> = rows.map(|row| format!("({row})")).collect();
        Ok(format!(", such as those with ({}) {}", list(&primary.columns), rows.join(", ")))
    }

    /// What to do about orphans that the source does not have: their parents did not arrive.
    fn then(&self, table: &Table, key: &ForeignKey) -> String {
        let parent = self.plan.tables.iter().zip(self.loaded).find(|(parent, _)| parent.target == key.parent);
        let missing = parent.map_or(0, |(_, loaded)| loaded.rejects.rows());
        if missing == 0 {
            return KEPT_ALL_THE_SAME.to_owned();
        }
        let rows = counted(missing, "row was", "rows were");
        let target = qualified(&self.plan.schema, &table.name);
        let name = quote(key.name.as_deref().unwrap_or_default());
        format!(
            "all rows are kept and the constraint is NOT VALID: it holds for new rows; of {}, to which they may refer, {rows} set \
             aside: mend that in the source, load it with `strait rejects retry`, then run `alter table {target} validate \
             constraint {name}`",
            key.parent
        )
    }

    /// Why PostgreSQL does not have a reference that SQLite lets pass, in words, for the code of its error.
    fn impossible(&self, key: &ForeignKey, code: &str) -> String {
        let (own, parent, referred) = (list(&key.columns), &key.parent, list(&key.parent_columns));
        let parents = self.plan.tables.iter().map(|table| &table.target_table);
        let is_folded = |table: &&Table| table.name == *parent && is_folded_key(table, &key.parent_columns);
        match code {
            "42804" => {
                format!("; ({own}) and ({referred}) of {parent} are of different types: change those of one side")
            }
            "42830" if parents.filter(|table| is_folded(table)).count() > 0 => {
                format!("; {}", folded_key(parent, &key.parent_columns))
            }
            "42830" => {
                format!("; no key of {parent} is ({referred}), which SQLite does not ask for: add a unique constraint")
            }
            "42P01" => format!("; table {parent} is not in the target"),
            _ => String::new(),
        }
    }
}

fn orphaned(key: &ForeignKey, orphans: i64, such_as: &str, then: &str) -> String {
    let rows = counted(orphans, "row refers", "rows refer");
    let (columns, parent) = (list(&key.columns), &key.parent);
    format!("{rows} through ({columns}) to rows of {parent} that are not there{such_as}; {then}")
}
