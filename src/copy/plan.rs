//! Decides what goes where, before anything is changed.

use std::collections::BTreeMap;
use std::fmt;
use std::sync::Arc;

use serde::Serialize;

use super::bookkeeping::{self, HistoryNote};
use super::canonical::Besides;
use super::canonical::meet::{self, Meeting};
use super::canonical::standing;
use super::choice::{Applied, Chosen};
use super::creation::Creation;
use super::decide::Decide;
use super::infer::{DecidedBy, LeftOut};
use super::matching::ColumnPlan;
use super::orphans::reference::{Reference, Side, references};
use super::orphans::{self, Orphans};
use super::views::View;
use super::workers::blocking;
use super::{CopyError, CopyOptions, OnNonempty, draft, exclude, kept, prepare, units, views};
use crate::event::Observer;
use crate::postgres::introspect::WordedKey;
use crate::postgres::names::{qualified, rows_of};
use crate::postgres::{self, Address, Session};
use crate::schema::{Column, OtherObject, Schema, Table};
use crate::sqlite::profile::TableProfile;
use crate::sqlite::read::TableRead;
use crate::sqlite::sample::Sample;
use crate::sqlite::{self, Snapshot};
use crate::value::KeyRange;

/// Everything that a copy will do.
#[derive(Debug)]
pub struct Plan {
    /// The target's schema.
    pub schema: String,
    /// The tables to copy, parents before children.
    pub tables: Vec<TablePlan>,
    /// What is made besides them.
    pub besides: Besides,
    /// The references between the tables, and what becomes of rows that refer to none.
    pub references: Vec<Reference>,
    /// The views that are made when the rows are there.
    pub views: Vec<View>,
    /// Source tables that are not copied.
    pub skipped: Vec<SkippedTable>,
    /// Histories of migration tools among the tables.
    pub histories: Vec<HistoryNote>,
    /// What the target will not have.
    pub left_out: Vec<LeftOut>,
    /// What the target will not have either, though it is stored nowhere else and nobody has left it out.
    pub open: Vec<LeftOut>,
    /// What was chosen for columns.
    pub chosen: Vec<Chosen>,
    /// What is stored in tables that the copy creates, by their names in the source.
    pub profiles: BTreeMap<String, TableProfile>,
    /// Sentences for a person.
    pub notices: Vec<String>,
}

/// What a copy will do with one table.
#[derive(Debug)]
pub struct TablePlan {
    /// The source table.
    pub source: Table,
    /// How its rows are read; the columns are those of `columns`.
    pub read: TableRead,
    /// The target table's name.
    pub target: String,
    /// The target as it is, or as it will be created.
    pub target_table: Table,
    /// The columns to copy, in the order in which they are read.
    pub columns: Vec<ColumnPlan>,
    /// How the table comes to be; `None` when it exists.
    pub create: Option<Creation>,
    /// Columns to add to a table that exists, or that a schema file describes.
    pub add: Vec<Column>,
    /// Whether the target's rows are removed first.
    pub empty_first: bool,
    /// Foreign keys of the target that are set aside during the load.
    pub set_aside: Vec<WordedKey>,
    /// Whether the target's rows live in partitions.
    pub partitioned: bool,
    /// The number of rows in the source.
    pub rows: u64,
    /// The ranges that are loaded, each as a stream of its own.
    pub ranges: Vec<KeyRange>,
    /// The rows that do not arrive as they are for their references.
    pub orphans: Orphans,
}

impl TablePlan {
    /// The target table, quoted, with its schema.
    pub fn qualified_target(&self, schema: &str) -> String {
        qualified(schema, &self.target)
    }

    /// Both sides of the table.
    pub fn side(&self) -> Side<'_> {
        let (read, columns, target) = (&self.read, &*self.columns, &self.target_table);
        Side { read, columns, target, created: self.create.is_some() }
    }

    /// The target table as a source of rows: itself alone, without tables that inherit from it.
    pub fn rows_of_target(&self, schema: &str) -> String {
        rows_of(schema, &self.target, self.partitioned)
    }

    /// The target columns in the order in which they are sent, quoted; those that the server computes are not.
    pub fn target_columns(&self) -> String {
        postgres::names::list(self.columns.iter().filter(|column| !column.computed).map(|column| &column.target))
    }

    /// The target columns in the order in which they are read back and compared, quoted.
    pub fn compared_columns(&self) -> String {
        postgres::names::list(self.columns.iter().map(|column| &column.target))
    }
}

impl Plan {
    /// The number of streams of all tables.
    pub fn streams(&self) -> usize {
        self.tables.iter().map(|table| table.ranges.len()).sum()
    }

    /// How values are read, for the run's notes: as a person chose, and as numbers show.
    pub(super) fn noted(&self) -> Vec<Chosen> {
        let columns =
            self.tables.iter().flat_map(|table| table.columns.iter().map(|column| (&table.source.name, column)));
        let shown = columns.filter_map(|(table, column)| {
            column.reading.shown.map(|shown| Chosen::of_shown(table, &column.source, shown))
        });
        self.chosen.iter().cloned().chain(shown).collect()
    }

    /// By what the type of a column was decided.
    pub fn decided_by(&self, table: &TablePlan, column: &ColumnPlan) -> DecidedBy {
        let is_it = |one: &Chosen| (&one.table, &one.column) == (&table.source.name, &column.source);
        let is_added = table.add.iter().any(|added| added.name == column.target);
        match &table.create {
            _ if self.chosen.iter().any(|one| is_it(one) && one.logical.is_some()) => DecidedBy::Person,
            None if !is_added => DecidedBy::Target,
            Some(creation) if creation.is_declared && !is_added => DecidedBy::SchemaFile,
            _ => DecidedBy::Profile,
        }
    }

    /// The number of rows that will be read.
    pub fn rows(&self) -> u64 {
        self.tables.iter().map(|table| table.rows).sum()
    }
}

/// A source table that is not copied.
#[derive(Clone, Debug, Serialize)]
pub struct SkippedTable {
    /// The table.
    pub name: String,
    /// Its rows.
    pub rows: u64,
    /// Why.
    pub reason: String,
}

/// Something that needs a person's decision.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Problem(String);

impl Problem {
    /// Words a problem: what, where, and what to do.
    pub fn new(text: String) -> Self {
        Self(text)
    }
}

impl fmt::Display for Problem {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

/// Makes the plan; stops with all problems at once when something needs a decision.
pub async fn plan(
    snapshot: &Arc<Snapshot>,
    session: &mut Session,
    target: &Address,
    schema: &str,
    options: &CopyOptions,
    observer: &Arc<dyn Observer>,
) -> Result<Plan, CopyError> {
    let (plan, problems) = foresee(snapshot, Some((session, target)), schema, options, None, observer).await?;
    if problems.is_empty() { Ok(plan) } else { Err(CopyError::Stopped(problems)) }
}

/// Makes the plan as far as it goes, and names all that needs a decision first. Without a target, one that is empty is
/// taken for granted; without a sample, all rows are looked at.
pub async fn foresee(
    snapshot: &Arc<Snapshot>,
    mut target: Option<(&mut Session, &Address)>,
    schema: &str,
    options: &CopyOptions,
    sample: Option<Sample>,
    observer: &Arc<dyn Observer>,
) -> Result<(Plan, Vec<Problem>), CopyError> {
    let (structure, excluded) = exclude::leave_out(snapshot, read_structure(snapshot).await?, &options.exclude).await?;
    let (open, left_out) = others(&structure.schema, &options.exclude);
    let mut plan = Plan {
        schema: schema.to_owned(),
        tables: Vec::new(),
        besides: Besides::default(),
        references: Vec::new(),
        views: Vec::new(),
        skipped: Vec::new(),
        histories: Vec::new(),
        left_out: left_out.into_iter().chain(excluded.left_out.iter().cloned()).collect(),
        open,
        chosen: Vec::new(),
        profiles: BTreeMap::new(),
        notices: structure.unread.clone(),
    };
    let (mut found, mut book, mut present, mut problems) = Default::default();
    if let Some((session, _)) = &mut target {
        found = postgres::introspect::introspect(session, schema).await?;
        book = prepare::names_in_use(session, schema).await?;
        present = views::present(session, schema).await?;
    }
    let source = &structure.schema;
    let mut meeting = Meeting { options, source, book: &mut book, problems: &mut problems };
    let mut aim = meet::aim(&mut target, found, &mut meeting, &mut plan).await?;
    if let Some(canonical) = &options.canonical {
        problems.extend(standing::problems(canonical, &structure, snapshot, options).await?);
    }
    let drafts = draft::draft(&structure, &aim.structure, options);
    let drafts = draft::measure(snapshot, drafts, options, sample, observer).await?;
    let mut decide = Decide::new(book, options);
    if let Some((session, _)) = &mut target {
        // By the name that a default has for it: an extension may have one of its own in another schema.
        let sql = "select (to_regprocedure('pg_catalog.gen_random_uuid()') is not null)::int::bigint";
        decide.makes_uuids = session.number("look for random UUIDs", sql.into()).await? > 0;
    }
    decide.take_table_names(&drafts, &aim.structure);
    for draft in drafts {
        let profile = draft.profile.clone().map(|profile| (draft.source.name.clone(), profile));
        plan.profiles.extend(profile);
        decide.table(draft, snapshot, &mut aim, &mut plan).await?;
    }
    if let Some((session, _)) = &mut target {
        kept::ask(session, &mut plan).await?;
    }
    views::plan_views(&structure.views, &present, &|name| decide.is_taken(name), &mut plan);
    plan.besides.empty = aim.left_empty();
    plan.histories = bookkeeping::notes(snapshot, schema, &plan.tables).await?;
    problems.extend(decide.problems);
    problems.extend(follow_choices(&mut plan, snapshot, options, source, excluded.chosen(), sample).await?);
    problems.extend(excluded.problems);
    problems.extend(orphans::look(snapshot, &mut plan, options.jobs).await?);
    if let Some((session, _)) = target {
        let truncate = options.on_nonempty == OnNonempty::Truncate;
        prepare::check_right_to_create(session, &plan, &mut problems).await?;
        prepare::look_at_rows(session, snapshot, &mut plan, truncate, &mut problems).await?;
        bookkeeping::look_at_widths(snapshot, &plan, &mut problems).await?;
    }
    Ok((plan, problems))
}

/// Puts what a person chose on the columns of the plan, and what the numbers of times show; gives the choices that cannot
/// be followed.
async fn follow_choices(
    plan: &mut Plan,
    snapshot: &Arc<Snapshot>,
    options: &CopyOptions,
    source: &Schema,
    excluded: Vec<Chosen>,
    sample: Option<Sample>,
) -> Result<Vec<Problem>, CopyError> {
    let mut applied = Applied::default();
    applied.chosen.extend(excluded);
    for table in &mut plan.tables {
        options.choices.apply(&table.source.name, &mut table.columns, table.create.is_none(), &mut applied);
    }
    let sides: Vec<Side<'_>> = plan.tables.iter().map(TablePlan::side).collect();
    plan.references = references(&sides, &options.choices, &mut applied);
    options.choices.finish(&mut applied, source);
    plan.notices.extend(applied.chosen.iter().map(Chosen::line));
    plan.notices.append(&mut applied.notices);
    for table in &mut plan.tables {
        let (lent, known) = (Arc::clone(snapshot), plan.profiles.get(&table.source.name).cloned());
        let (own, read, mut columns) = (table.source.clone(), table.read.clone(), table.columns.clone());
        let sample = sample.map(|sample| (sample, table.rows));
        let (columns, found) = blocking(move || {
            let found = units::settle(&lent.lend(), &own, &read, known.as_ref(), &mut columns, sample)?;
            Ok((columns, found))
        })
        .await?;
        table.columns = columns;
        for found in found {
            applied.take_unit(&table.source.name, &found);
            plan.notices.push(found.notice);
        }
    }
    plan.chosen = applied.chosen;
    Ok(applied.problems)
}

/// Reads the source's structure on a thread of its own; without tables it is rather the wrong file.
pub async fn read_structure(snapshot: &Arc<Snapshot>) -> Result<sqlite::introspect::Structure, CopyError> {
    let reading = Arc::clone(snapshot);
    let structure = blocking(move || Ok(sqlite::introspect::introspect(&reading.lend())?)).await?;
    if structure.schema.tables.is_empty() {
        let why = "it holds no tables; check the path".to_owned();
        return Err(sqlite::SqliteError::Unreadable { path: snapshot.path().to_owned(), why }.into());
    }
    Ok(structure)
}

/// Names what is no table: what is open, and what is left out.
fn others(schema: &Schema, excluded: &[String]) -> (Vec<LeftOut>, Vec<LeftOut>) {
    let told = |other: &OtherObject| {
        let is_declared = other.only_copy_in.is_some() && other.is_among(excluded);
        let reason = if is_declared { "excluded by request".to_owned() } else { other.reason.clone() };
        LeftOut { kind: other.kind, name: other.name.clone(), reason }
    };
    let (open, left_out): (Vec<&OtherObject>, Vec<_>) = schema.others.iter().partition(|other| other.is_open(excluded));
    (open.into_iter().map(told).collect(), left_out.into_iter().map(told).collect())
}
