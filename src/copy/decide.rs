//! Decides for one table after the other: fill the one that is there, or create it.

use std::sync::Arc;

use super::canonical::meet::Aim;
use super::creation::Creation;
use super::draft::Draft;
use super::extra::{Decision, Extra};
use super::infer::{self, Inferred, LeftOut};
use super::joining::NOT_VALID;
use super::matching::{self, ColumnPlan, Matching};
use super::orphans::Orphans;
use super::plan::{Plan, Problem, SkippedTable, TablePlan};
use super::workers::blocking;
use super::{CopyError, CopyOptions};
use crate::postgres;
use crate::postgres::introspect::Details;
use crate::postgres::names::{NameBook, fitting, qualified};
use crate::schema::{Identity, Table};
use crate::sqlite::Snapshot;
use crate::sqlite::read::TableRead;
use crate::value::KeyRange;

/// A range is worth a stream of its own from so many rows on.
const ROWS_PER_STREAM: u64 = 10_000;
/// How many streams a large table is cut into for each worker: enough that no worker ends long before the others.
const STREAMS_PER_JOB: u64 = 4;
/// PostgreSQL's limit. Source: PostgreSQL manual, "PostgreSQL Limits".
const MOST_COLUMNS: usize = 1600;

/// The decisions so far: names given, problems met.
pub(super) struct Decide<'o> {
    options: &'o CopyOptions,
    book: NameBook,
    named: Vec<Named>,
    /// Whether the server makes random UUIDs.
    pub(super) makes_uuids: bool,
    pub(super) problems: Vec<Problem>,
}

/// The name of a source table in the target, and of those columns that are called otherwise there.
struct Named {
    source: String,
    target: String,
    columns: Vec<(String, String)>,
    /// Whether the target will not have it.
    is_absent: bool,
}

impl<'o> Decide<'o> {
    pub(super) fn new(book: NameBook, options: &'o CopyOptions) -> Self {
        Self { options, book, named: Vec::new(), makes_uuids: true, problems: Vec::new() }
    }

    /// Gives every table to be created its name, before any index or constraint can take it; notes those that are there.
    pub(super) fn take_table_names(&mut self, drafts: &[Draft], target: &postgres::introspect::Structure) {
        for draft in drafts {
            let source = draft.source.name.clone();
            if let Some((place, matching)) = &draft.existing {
                let columns = matching.columns.iter().map(|column| (column.source.clone(), column.target.clone()));
                let (target, columns) = (target.schema.tables[*place].name.clone(), columns.collect());
                self.named.push(Named { source, target, columns, is_absent: false });
            } else if draft.skip.is_none() {
                let own = |named: &Named| named.target == fitting(&source);
                if self.book.is_taken(&source) && !self.named.iter().any(own) {
                    self.problem(format!(
                        "`{source}` is a view or another object in the target, not a table; rename or drop it, or \
                         exclude the table (--exclude {source})"
                    ));
                }
                let target = self.book.give(&source);
                self.named.push(Named { source, target, columns: Vec::new(), is_absent: false });
            } else {
                self.named.push(Named { target: fitting(&source), source, columns: Vec::new(), is_absent: true });
            }
        }
    }

    /// Decides for one table and adds it to the plan.
    pub(super) async fn table(
        &mut self,
        draft: Draft,
        snapshot: &Arc<Snapshot>,
        aim: &mut Aim,
        plan: &mut Plan,
    ) -> Result<(), CopyError> {
        if let Some(reason) = draft.skip {
            plan.skipped.push(SkippedTable { name: draft.source.name, rows: draft.rows, reason: reason.into() });
            return Ok(());
        }
        let mut table = if draft.existing.is_some() {
            self.fill(draft, snapshot, aim, plan).await?
        } else {
            self.create(draft, !aim.structure.schema.tables.is_empty(), plan)
        };
        table.ranges = self.ranges(&table, snapshot).await?;
        plan.tables.push(table);
        Ok(())
    }

    /// Whether something in the target has a name, or will have it.
    pub(super) fn is_taken(&self, name: &str) -> bool {
        self.book.is_taken(name)
    }

    fn problem(&mut self, text: String) {
        self.problems.push(Problem::new(text));
    }

    async fn fill(
        &mut self,
        draft: Draft,
        snapshot: &Arc<Snapshot>,
        Aim { structure: target, creations }: &mut Aim,
        plan: &mut Plan,
    ) -> Result<TablePlan, CopyError> {
        let Draft { source, mut read, existing, rows, .. } = draft;
        let (place, mut matching) = existing.unwrap_or_default();
        let (target_table, details) = (&target.schema.tables[place], &target.details[place]);
        let mut add = Vec::new();
        for uncopied in std::mem::take(&mut matching.uncopied) {
            let extra = Extra::look(&source, uncopied, &read, rows, &self.options.choices, snapshot).await?;
            match extra.decide(target_table, self.options.extra_columns) {
                Decision::Add => add.push(extra.added(plan)),
                Decision::LeaveOut(notice) => {
                    plan.notices.push(notice);
                    plan.left_out.extend(extra.left_out());
                }
                Decision::Stop(problem) => self.problem(problem),
            }
        }
        matching.columns.extend(add.iter().map(|(name, column)| ColumnPlan::created(name, column)));
        matching::computed_last(&mut matching.columns);
        read.columns = matching::sources(&matching.columns);
        self.check_matching(&source, &matching);
        self.check_rights(target_table, details);
        plan.notices.extend(remarks(target_table, details, &matching));
        Ok(TablePlan {
            target: target_table.name.clone(),
            target_table: target_table.clone(),
            columns: matching.columns,
            create: creations.remove(&target_table.name),
            add: add.into_iter().map(|(_, column)| column).collect(),
            empty_first: false,
            set_aside: details.foreign_keys.clone(),
            partitioned: details.partitioned,
            source,
            read,
            rows,
            ranges: Vec::new(),
            orphans: Orphans::default(),
        })
    }

    fn check_matching(&mut self, source: &Table, matching: &Matching) {
        if matching.columns.is_empty() {
            self.problem(format!(
                "table {0} of the target has no column of the source's table; exclude it (--exclude {0}) or rename it",
                source.name
            ));
        }
        for column in &matching.required {
            self.problem(format!(
                "column {}.{column} of the target must have a value, has no default, and the source has no such column; \
                 give it a default or drop NOT NULL",
                source.name
            ));
        }
    }

    fn check_rights(&mut self, target: &Table, details: &Details) {
        if !details.foreign_keys.is_empty() && !details.owned {
            self.problem(format!(
                "table {} has foreign keys, which are set aside during the load, and the role does not own it; connect \
                 as its owner",
                target.name
            ));
        }
    }

    fn create(&mut self, draft: Draft, application_owned: bool, plan: &mut Plan) -> TablePlan {
        let Draft { source, read, profile, rows, .. } = draft;
        let is_known = |table: &str| self.named.iter().any(|named| named.source == table);
        let profile = profile.unwrap_or_default();
        let mut inferred =
            infer::infer(&source, &profile, self.options.bytewise_keys, &is_known, &self.options.choices);
        if source.columns.len() > MOST_COLUMNS {
            self.problem(format!(
                "table {} has {} columns and PostgreSQL allows {MOST_COLUMNS}; exclude it (--exclude {0})",
                source.name,
                source.columns.len()
            ));
        }
        for column in infer::unkeyable(&inferred.table) {
            let place = format!("{}.{column}", source.name);
            self.problem(format!(
                "column {place} is part of a key, and PostgreSQL does not compare json; choose jsonb or text for it \
                 (--column '{place}=jsonb')"
            ));
        }
        self.name(&source, &plan.schema, &mut inferred);
        self.forget_references_to_absent(&source, &mut inferred);
        if !self.makes_uuids {
            forget_random_defaults(&source, &mut inferred);
        }
        plan.left_out.append(&mut inferred.left_out);
        plan.notices.append(&mut inferred.notices);
        if application_owned {
            let place = if self.options.canonical.is_some() { "schema" } else { "target" };
            plan.notices.push(format!("table {} is not in the {place} and is created there", source.name));
        }
        if inferred.table.name != source.name {
            plan.notices.push(format!("table {} is named {} in the target", source.name, inferred.table.name));
        }
        for (column, created) in source.columns.iter().zip(&inferred.table.columns) {
            if column.name != created.name {
                plan.notices
                    .push(format!("column {}.{} is named {} in the target", source.name, column.name, created.name));
            }
        }
        let columns = matching::columns_of_created(&source, &inferred.table);
        let read = TableRead { columns: matching::sources(&columns), ..read };
        TablePlan {
            target: inferred.table.name.clone(),
            target_table: inferred.table.clone(),
            columns,
            create: Some(Creation::of_inferred(&plan.schema, &inferred)),
            add: Vec::new(),
            empty_first: false,
            set_aside: Vec::new(),
            partitioned: false,
            source,
            read,
            rows,
            ranges: Vec::new(),
            orphans: Orphans::default(),
        }
    }

    /// Gives everything about a created table a name that is its own in the schema, by one rule.
    fn name(&mut self, source: &Table, schema: &str, inferred: &mut Inferred) {
        let named = |table: &str| self.named.iter().find(|named| named.source == table);
        let Inferred { table, notices, .. } = inferred;
        table.name = named(&source.name).map_or_else(|| fitting(&source.name), |named| named.target.clone());
        for (key, stored) in
            table.foreign_keys.iter_mut().zip(infer::carried_keys(source, &|parent| named(parent).is_some()))
        {
            let Some(parent) = named(&stored.parent) else { continue };
            key.parent.clone_from(&parent.target);
            for (column, stored) in key.parent_columns.iter_mut().zip(&stored.parent_columns) {
                if let Some((_, name)) = parent.columns.iter().find(|(source, _)| source == stored) {
                    column.clone_from(name);
                }
            }
        }
        let base = table.name.clone();
        for column in table.columns.iter_mut().filter(|column| column.identity.is_some()) {
            // Left to itself the server would take a name that a table still to be created has in the source.
            let sequence = self.book.give(&format!("{base}_{}_seq", column.name));
            column.identity = Some(Identity::Sequence { name: qualified(schema, &sequence) });
        }
        let mut give = |book: &mut NameBook, kind: &str, called: Option<String>, otherwise: &dyn Fn() -> String| {
            let name = book.give(&called.clone().unwrap_or_else(otherwise));
            if let Some(called) = called.filter(|called| *called != name) {
                notices.push(format!("{kind} {called} of table {} is named {name} in the target", source.name));
            }
            name
        };
        if let Some(key) = &mut table.primary_key {
            key.name = Some(give(&mut self.book, "constraint", key.name.take(), &|| format!("{base}_pkey")));
        }
        for unique in &mut table.uniques {
            let otherwise = || format!("{base}_{}_key", part_names(&unique.columns));
            unique.name = Some(give(&mut self.book, "constraint", unique.name.clone(), &otherwise));
        }
        for index in &mut table.indexes {
            index.name = give(&mut self.book, "index", Some(index.name.clone()), &String::new);
        }
        // Constraints without an index need a name that is unique in their table alone.
        let mut own = NameBook::default();
        for check in &mut table.checks {
            check.name = Some(give(&mut own, "constraint", check.name.take(), &|| format!("{base}_check")));
        }
        for key in &mut table.foreign_keys {
            let otherwise = || format!("{base}_{}_fkey", key.columns.join("_"));
            key.name = Some(give(&mut own, "constraint", key.name.clone(), &otherwise));
        }
    }

    /// Leaves out the references to tables that a person left out.
    fn forget_references_to_absent(&self, source: &Table, inferred: &mut Inferred) {
        let Inferred { table, left_out, .. } = inferred;
        table.foreign_keys.retain(|key| {
            let absent = self.named.iter().find(|named| named.is_absent && named.target == key.parent);
            let Some(parent) = absent else { return true };
            left_out.push(LeftOut {
                kind: "foreign key",
                name: format!("{}.{}", source.name, key.name.as_deref().unwrap_or_default()),
                reason: format!("it refers to {}, which is left out by request", parent.source),
            });
            false
        });
    }

    async fn ranges(&self, table: &TablePlan, snapshot: &Arc<Snapshot>) -> Result<Vec<KeyRange>, CopyError> {
        let most = STREAMS_PER_JOB * self.options.jobs as u64;
        let parts = (table.rows / ROWS_PER_STREAM).clamp(1, most);
        if parts == 1 || self.options.jobs == 1 {
            return Ok(vec![KeyRange::default()]);
        }
        let (snapshot, read) = (Arc::clone(snapshot), table.read.clone());
        blocking(move || Ok(read.split(&snapshot.lend(), parts)?)).await
    }
}

/// Drops the defaults for which the server is too old.
fn forget_random_defaults(source: &Table, inferred: &mut Inferred) {
    for column in &mut inferred.table.columns {
        if column.default.as_ref().is_some_and(|default| default.contains(infer::random::NEEDED)) {
            column.default = None;
            let reason = format!("it needs {}, which PostgreSQL has from version 13 on", infer::random::NEEDED);
            inferred.left_out.push(LeftOut {
                kind: "default",
                name: format!("{}.{}", source.name, column.name),
                reason,
            });
        }
    }
}

/// What a person should know of a table that is filled.
fn remarks(target: &Table, details: &Details, matching: &Matching) -> Vec<String> {
    let compared = matching.columns.iter().filter(|column| column.computed).map(|column| &column.target);
    let computed = compared
        .chain(&matching.computed)
        .map(|column| format!("column {}.{column} is computed by the server and not copied", target.name));
    let triggers = (!details.triggers.is_empty()).then(|| {
        let names = details.triggers.join(", ");
        format!("table {} has triggers ({names}); they fire for the rows that are loaded", target.name)
    });
    let not_valid = details.foreign_keys.iter().filter(|key| key.definition.ends_with(NOT_VALID)).map(|key| {
        let name = &key.name;
        format!(
            "foreign key {}.{name} of the target is NOT VALID, and stays so; once all rows hold, `alter table … validate \
             constraint` makes it valid",
            target.name
        )
    });
    computed.chain(triggers).chain(not_valid).collect()
}

fn part_names(parts: &[crate::schema::KeyPart]) -> String {
    let name = |part: &crate::schema::KeyPart| match &part.of {
        crate::schema::KeyOf::Column(name) => name.clone(),
        crate::schema::KeyOf::Expression(_) => "expr".into(),
    };
    parts.iter().map(name).collect::<Vec<_>>().join("_")
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::schema::{Column, LogicalType};

    #[test]
    fn a_server_that_makes_no_uuids_gets_no_default_that_needs_them() {
        let column = |name: &str, default: Option<&str>| Column {
            default: default.map(str::to_owned),
            ..Column::new(name, LogicalType::Text)
        };
        let columns = vec![column("id", Some("(gen_random_uuid())::text")), column("b", Some("'x'"))];
        let table = Table { name: "t".into(), columns, ..Table::default() };
        let mut inferred = Inferred { table: table.clone(), ..Inferred::default() };
        forget_random_defaults(&table, &mut inferred);
        let defaults: Vec<_> = inferred.table.columns.iter().map(|column| column.default.as_deref()).collect();
        assert_eq!(defaults, [None, Some("'x'")]);
        let told: Vec<_> =
            inferred.left_out.iter().map(|one| format!("{} {}: {}", one.kind, one.name, one.reason)).collect();
        assert_eq!(told, ["default t.id: it needs gen_random_uuid, which PostgreSQL has from version 13 on"]);
    }
}
