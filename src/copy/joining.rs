//! The references between the target's tables, once the rows are there: built, or put back, and told where rows break them.

use super::CopyError;
use super::finish::{KEPT_ALL_THE_SAME, left_out};
use super::infer::LeftOut;
use super::load::Loaded;
use super::orphans::Policy;
use super::orphans::reference::{Reference, folded_key, is_folded_key, such_as};
use super::plan::Plan;
use super::prepare::{comment_again, restore_foreign_key};
use crate::postgres::ddl::Orphaned;
use crate::postgres::introspect::WordedKey;
use crate::postgres::names::{list, qualified, quote};
use crate::postgres::{PostgresError, Session, ddl};
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
        set_aside: &[WordedKey],
    ) -> Result<(), CopyError> {
        let target = qualified(&self.plan.schema, &table.name);
        for key in &table.foreign_keys {
            let name = key.name.clone().unwrap_or_default();
            let aside = set_aside.iter().find(|aside| aside.name == name);
            let strict = match aside {
                Some(aside) => restore_foreign_key(&target, aside),
                None => ddl::add_foreign_key(&self.plan.schema, &table.name, key),
            };
            let comment = aside.map_or(String::new(), |aside| comment_again(&target, aside));
            let what = format!("build foreign key {name} of {called}");
            let label = format!("{called}.{name}");
            let Err(error) = self.session.execute(&what, format!("{strict}{comment}")).await else {
                // One that was not valid before is put back without a look at the rows.
                if strict.ends_with(NOT_VALID) {
                    self.tell_orphans(called, table, key, false).await?;
                }
                continue;
            };
            // A definition of the application's own that is not back at the end is at least not forgotten.
            let by_hand = aside.map_or(String::new(), |_| format!("; to put it back: {strict}{comment}"));
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
            match self.session.execute(&what, format!("{strict}{NOT_VALID}{comment}")).await {
                Ok(()) => self.tell_orphans(called, table, key, true).await?,
                Err(error) => self.unbuilt.push(explained(left_out("foreign key", label, error)?)),
            }
        }
        Ok(())
    }

    /// Tells of the rows that break a reference which is there, and not valid; of none when all hold, unless the server has said
    /// that some do not.
    async fn tell_orphans(
        &mut self,
        called: &str,
        table: &Table,
        key: &ForeignKey,
        is_broken: bool,
    ) -> Result<(), CopyError> {
        let name = format!("{called}.{}", key.name.as_deref().unwrap_or_default());
        let reason = match self.orphans(called, table, key).await {
            Ok(None) if !is_broken => return Ok(()),
            Ok(None) => format!("rows break it; {KEPT_ALL_THE_SAME}"),
            Ok(Some(reason)) => reason,
            // What is in another schema need not be readable.
            Err(error) => {
                let why = left_out("foreign key", name.clone(), error)?.reason;
                format!("the rows that break it cannot be counted ({why}); {KEPT_ALL_THE_SAME}")
            }
        };
        self.unbuilt.push(LeftOut { kind: "foreign key", name, reason });
        Ok(())
    }

    /// Counts and names the rows that break a reference; none when all hold.
    async fn orphans(
        &mut self,
        called: &str,
        table: &Table,
        key: &ForeignKey,
    ) -> Result<Option<String>, PostgresError> {
        let schema = &self.plan.schema;
        let asked = self.session.texts("read how a key is compared", ddl::parent_collations(schema, key)).await?;
        let collations: Vec<String> = asked.into_iter().flatten().collect();
        let orphaned = Orphaned { schema, table: &table.name, key, collations: &collations };
        let orphans = self.session.number("count orphans", orphaned.count()).await?;
        if orphans == 0 {
            return Ok(None);
        }
        let found = self.plan.references.iter().find(|reference| reference.is(called, self.plan, key));
        let in_words = found.filter(|found| self.all_came(found)).and_then(|found| in_words(found, key, orphans));
        if let Some(words) = in_words {
            return Ok(Some(format!("{words}; {KEPT_ALL_THE_SAME}")));
        }
        let examples = self.such_as(table, orphaned).await?;
        let folded = found.filter(|found| found.folded.rows > 0).map_or(String::new(), |found| {
            let (rows, such_as) = (refer(found.folded.rows), such_as(&found.folded));
            format!("; in the source, {rows} to rows that are equal under its collation alone{such_as}")
        });
        Ok(Some(format!("{}{examples}{folded}; {}", orphaned_words(key, orphans), self.then(table, key))))
    }

    /// Whether of both tables of a reference all rows came that were to come: what the target has is then what was foreseen.
    fn all_came(&self, reference: &Reference) -> bool {
        let came = |at: usize| {
            let (table, loaded) = (self.plan.tables.get(at), self.loaded.get(at));
            table.zip(loaded).is_some_and(|(table, loaded)| loaded.rejects.rows() == table.orphans.set_aside())
        };
        came(reference.child) && came(reference.parent)
    }

    /// Names the first rows that break a reference, as the target has them.
    async fn such_as(&mut self, table: &Table, orphaned: Orphaned<'_>) -> Result<String, PostgresError> {
        let Some(primary) = &table.primary_key else { return Ok(String::new()) };
        let sql = orphaned.name(&primary.columns, EXAMPLES);
        let rows = self.session.texts("name orphans", sql).await?.into_iter().flatten();
        let rows: Vec<String> = rows.map(|row| format!("({row})")).collect();
        Ok(format!(", such as those with ({}) {}", list(&primary.columns), rows.join(", ")))
    }

    /// What to do about orphans that the source does not have: their parents did not arrive.
    fn then(&self, table: &Table, key: &ForeignKey) -> String {
        let parent = self.plan.tables.iter().zip(self.loaded).find(|(parent, _)| key.refers_to(&parent.target));
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
            key.parent_called()
        )
    }

    /// Why PostgreSQL does not have a reference that SQLite lets pass, in words, for the code of its error.
    fn impossible(&self, key: &ForeignKey, code: &str) -> String {
        let (own, parent, referred) = (list(&key.columns), &key.parent_called(), list(&key.parent_columns));
        let parents = self.plan.tables.iter().map(|table| &table.target_table);
        let is_folded = |table: &&Table| key.refers_to(&table.name) && is_folded_key(table, &key.parent_columns);
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

/// The rows that break a reference as the source knows them, when they are as many: those without a parent, and those with one
/// under its collation alone.
fn in_words(found: &Reference, key: &ForeignKey, orphans: i64) -> Option<String> {
    let kept = if found.policy == Policy::Keep { found.found.rows } else { 0 };
    let folded = found.folded.rows;
    if i64::try_from(kept + folded) != Ok(orphans) {
        return None;
    }
    let words = orphaned_words(key, orphans);
    let alone = such_as(&found.folded);
    Some(match (kept, folded) {
        (_, 0) => format!("{words}{}", found.such_as()),
        (0, _) => {
            let (columns, parent) = (list(&key.columns), key.parent_called());
            format!(
                "{} through ({columns}) to rows of {parent} that are equal under the source's collation alone, and not by their \
                 bytes{alone}",
                refer(folded)
            )
        }
        _ => format!(
            "{words}{}; {folded} of them {} to rows that are equal under the source's collation alone{alone}",
            found.such_as(),
            if folded == 1 { "refers" } else { "refer" }
        ),
    })
}

fn orphaned_words(key: &ForeignKey, orphans: i64) -> String {
    let (columns, parent) = (list(&key.columns), key.parent_called());
    let full = if key.match_full { ", or are NULL in part, which MATCH FULL does not allow" } else { "" };
    format!("{} through ({columns}) to rows of {parent} that are not there{full}", refer(orphans.unsigned_abs()))
}

fn refer(rows: u64) -> String {
    counted(rows, "row refers", "rows refer")
}
