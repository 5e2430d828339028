//! The proof from both databases as they are now: digests of both sides, compared table by table.
//!
//! The source's digest comes from casting and encoding its rows as a copy does; the target's from the tuples that it
//! returns. Both are hashed by one hasher over the same bytes.

pub mod outcome;
mod unmet;

use std::path::Path;
use std::sync::Arc;
use std::time::Instant;

use crate::copy::canonical::{Canonical, lift};
use crate::copy::choice::{Applied, Choices, Chosen};
use crate::copy::draft::unknown_names;
use crate::copy::matching::{self, Matching};
use crate::copy::orphans::reference::{Reference, Side, references};
use crate::copy::orphans::{self, Orphans, Policy};
use crate::copy::plan::{Problem, read_structure};
use crate::copy::recorded::{Recorded, follow, recorded};
use crate::copy::reject::RejectSummary;
use crate::copy::rows::RowEncoder;
use crate::copy::stream::set_aside;
use crate::copy::units;
use crate::copy::workers::{blocking, crew, dismiss, in_parallel};
use crate::copy::{CopyError, Sides, computed, exclude, in_phase, open, undo};
use crate::event::{Event, Observer, Phase, RowTicker};
use crate::postgres::names::{list, literal, rows_of};
use crate::postgres::{Address, Session, introspect};
use crate::schema::{Schema, Table};
use crate::sqlite::read::{TableRead, Walk};
use crate::sqlite::{self, Snapshot};
use crate::value::KeyRange;
use crate::value::digest::RangeDigest;
use outcome::{Comparison, Counted, Told, VerifyReport};
use unmet::{only_in_target, open_questions};

/// What a person may choose about a verification.
#[derive(Clone, Debug, Default)]
pub struct VerifyOptions {
    /// How many tables are compared at once.
    pub jobs: usize,
    /// The target's schema; the connection's own when absent.
    pub schema: Option<String>,
    /// The schema file whose types both sides are read under.
    pub canonical: Option<Arc<Canonical>>,
    /// Source tables to leave out, by name, and columns, as TABLE.COLUMN.
    pub exclude: Vec<String>,
    /// The source tables to compare, by name; all when empty.
    pub only: Vec<String>,
    /// What a source table means that a target with tables of its own lacks; by itself the sides differ, unless the table
    /// is outside the schema file.
    pub extra_tables: Option<Extras>,
    /// What a source column means that is not copied and holds values.
    pub extra_columns: Extras,
    /// What was chosen for single columns, as for the copy.
    pub choices: Choices,
}

/// What something means that the source has and the target does not.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Extras {
    /// The sides differ.
    #[default]
    Differ,
    /// A copy left it out by request.
    LeaveOut,
}

impl VerifyOptions {
    /// What is excluded, and the tables that are not to be compared.
    fn absent(&self, source: &Schema) -> Vec<String> {
        let others = source.tables.iter().map(|table| &table.name);
        let others = others.filter(|name| !self.only.is_empty() && !is_named(&self.only, name));
        self.exclude.iter().chain(others).cloned().collect()
    }

    /// Whether a table that the target lacks is one that a copy leaves out.
    fn leaves_out(&self, table: &str, found: &introspect::Structure) -> bool {
        let declared = self.canonical.as_ref().map(|canonical| canonical.has_like(table));
        match (self.extra_tables, declared) {
            (_, Some(true)) => false,
            (extras, Some(false)) => extras != Some(Extras::Differ),
            // As for a copy: into a target without tables, all of them would have been created.
            (extras, None) => extras == Some(Extras::LeaveOut) && !found.schema.tables.is_empty(),
        }
    }
}

/// One table of the source with what it meets in the target.
struct Pair {
    read: TableRead,
    /// The target's table, quoted with its schema, and what both have in common; `None` when there is no such table.
    target: Option<(String, Matching)>,
    /// The rows that do not arrive as they are for their references, as a person chose.
    orphans: Orphans,
}

impl Pair {
    /// Both sides, when there is a table in the target.
    fn side<'p>(&'p self, found: &'p introspect::Structure, source: &Schema) -> Option<Side<'p>> {
        let place = matching::find(found, &self.read.table, &source.tables)?;
        Some(self.beside(&found.schema.tables[place]))
    }

    fn beside<'p>(&'p self, target: &'p Table) -> Side<'p> {
        let columns = self.target.as_ref().map_or(&[][..], |(_, matching)| &matching.columns);
        Side { read: &self.read, columns, target, created: false }
    }
}

/// Compares a SQLite database with a PostgreSQL one, table by table.
pub async fn verify(
    source: &Path,
    target: &Address,
    options: &VerifyOptions,
    observer: &Arc<dyn Observer>,
) -> Result<VerifyReport, CopyError> {
    let started = Instant::now();
    let Sides { snapshot, mut session, schema, .. } =
        open(source, options.jobs, target, options.schema.as_deref()).await?;
    let structure = read_structure(&snapshot).await?;
    let absent = options.absent(&structure.schema);
    let (structure, mut excluded) = exclude::leave_out(&snapshot, structure, &absent).await?;
    let unknown = unknown_names(&options.only, &structure.schema).into_iter();
    let no_table = |name: &String| Problem::new(format!("--table {name}: the source has no such table"));
    excluded.problems.extend(unknown.map(no_table));
    if !excluded.problems.is_empty() {
        return Err(CopyError::Stopped(excluded.problems));
    }
    let mut found = introspect::introspect(&mut session, &schema).await?;
    if let Some(canonical) = &options.canonical {
        lift(&mut found, &canonical.file.schema);
    }
    let meant = |pair: &Pair| options.only.is_empty() || is_named(&options.only, &pair.read.table);
    let (absent, pairs): (Vec<Pair>, Vec<Pair>) =
        meet(&structure, &found, &schema).into_iter().partition(|pair| is_named(&options.exclude, &pair.read.table));
    let (extra, mut pairs): (Vec<Pair>, Vec<Pair>) =
        pairs.into_iter().partition(|pair| pair.target.is_none() && options.leaves_out(&pair.read.table, &found));
    if pairs.is_empty() {
        let problem = Problem::new("every table of the source is left out: there is nothing to compare".into());
        return Err(CopyError::Stopped(vec![problem]));
    }
    let (applied, references) = follow_choices(&mut pairs, &options.choices, &structure.schema, &found)?;
    if references.iter().any(|reference| matches!(reference.policy, Policy::Reject | Policy::SetNull)) {
        let reads = pairs.iter().map(|pair| pair.read.clone()).collect();
        let (references, orphans) = orphans::find(&snapshot, reads, references, options.jobs).await?;
        orphans::refuse_to_empty(&references)?;
        pairs.iter_mut().zip(orphans).for_each(|(pair, orphans)| pair.orphans = orphans);
    }
    let Applied { chosen, notices: unfollowed, .. } = applied;
    let chosen: Vec<Chosen> = excluded.chosen().into_iter().chain(chosen).collect();
    pairs.retain(meant);
    let mut notices: Vec<String> = snapshot.missing_wal().into_iter().chain(unfollowed).collect();
    let noted = recorded(&mut session, &schema, snapshot.path()).await?;
    let unfinished = undo::unfinished_stories(&mut session, &schema).await?;
    let (pairs, units) = judge_numbers(&snapshot, pairs, &structure.schema, noted).await?;
    notices.extend(units);
    if let Some(canonical) = &options.canonical {
        notices.push(format!("both sides are read under the types of {}", canonical.origin));
    }
    let others = structure.schema.others.iter().filter(|other| other.is_among(&options.exclude));
    let by_request = |name: &String| format!("table {name} is excluded by request");
    let excluded_tables = absent.iter().filter(|pair| meant(pair)).map(|pair| &pair.read.table);
    notices.extend(excluded_tables.chain(others.map(|other| &other.name)).map(by_request));
    let extra_table = |pair: &Pair| format!("table {} is not in the target and is left out", pair.read.table);
    notices.extend(extra.iter().filter(|pair| meant(pair)).map(extra_table));
    if options.only.is_empty() {
        notices.extend(only_in_target(&structure, &found));
    }
    notices.extend(chosen.iter().map(Chosen::line));
    for notice in &notices {
        observer.notice(&Event::Notice { text: notice });
    }
    let workers = one_state(&mut session, target, options.jobs.min(pairs.len().max(1))).await?;
    let compared = compare_all(workers, &snapshot, pairs, options.extra_columns, observer).await?;
    session.close().await;
    let (mut tables, told): (Vec<Comparison>, Vec<Told>) = compared.into_iter().unzip();
    if options.only.is_empty() {
        tables.extend(open_questions(&snapshot, &structure.schema, &options.exclude).await?);
    }
    let mut left_out = excluded.left_out;
    for mut told in told {
        told.notices.iter().for_each(|text| observer.notice(&Event::Notice { text }));
        notices.append(&mut told.notices);
        left_out.append(&mut told.left_out);
    }
    Ok(VerifyReport::new(
        snapshot.path(),
        target,
        &schema,
        tables,
        chosen,
        Told { notices, left_out, unfinished },
        started.elapsed(),
    ))
}

/// Has numbers that become times read as the copy noted, or judges them over whole columns as it would; gives what is to
/// be known of it.
async fn judge_numbers(
    snapshot: &Arc<Snapshot>,
    mut pairs: Vec<Pair>,
    source: &Schema,
    noted: Vec<Recorded>,
) -> Result<(Vec<Pair>, Vec<String>), CopyError> {
    let (snapshot, source) = (Arc::clone(snapshot), source.clone());
    blocking(move || {
        let (reader, mut notices) = (snapshot.lend(), Vec::new());
        for Pair { read, target, .. } in &mut pairs {
            let (Some(table), Some((_, matching))) = (source.table(&read.table), target) else { continue };
            notices.extend(follow(&noted, &read.table, &mut matching.columns));
            let found = units::settle(&reader, table, read, None, &mut matching.columns, None)?;
            notices.extend(found.into_iter().filter(|found| found.unit.is_some()).map(|found| found.notice));
        }
        Ok((pairs, notices))
    })
    .await
}

/// Puts what a person chose on the columns of both sides, and finds the references whose orphans are spoken of.
fn follow_choices(
    pairs: &mut [Pair],
    choices: &Choices,
    source: &Schema,
    found: &introspect::Structure,
) -> Result<(Applied, Vec<Reference>), CopyError> {
    let mut applied = Applied::default();
    for Pair { read, target, .. } in pairs.iter_mut() {
        if let Some((_, matching)) = target {
            choices.apply(&read.table, &mut matching.columns, true, &mut applied);
        }
    }
    let nothing = Table::default();
    let sides: Vec<Side<'_>> =
        pairs.iter().map(|pair| pair.side(found, source).unwrap_or_else(|| pair.beside(&nothing))).collect();
    let references = references(&sides, choices, &mut applied);
    choices.finish(&mut applied, source);
    if applied.problems.is_empty() { Ok((applied, references)) } else { Err(CopyError::Stopped(applied.problems)) }
}

fn is_named(names: &[String], table: &str) -> bool {
    names.iter().any(|name| name.eq_ignore_ascii_case(table))
}

fn meet(structure: &sqlite::introspect::Structure, found: &introspect::Structure, schema: &str) -> Vec<Pair> {
    let pair = |(source, key): (&crate::schema::Table, &sqlite::read::KeyShape)| {
        let target = matching::find(found, &source.name, &structure.schema.tables).map(|place| {
            let table = &found.schema.tables[place];
            let rows = rows_of(schema, &table.name, found.details[place].partitioned);
            (rows, matching::match_columns(source, table, &found.details[place]))
        });
        let columns = target.as_ref().map_or_else(Vec::new, |(_, matching)| columns_to_read(matching));
        let read = TableRead { table: source.name.clone(), key: key.clone(), columns };
        Pair { read, target, orphans: Orphans::default() }
    };
    structure.schema.tables.iter().zip(&structure.keys).map(pair).collect()
}

/// The columns to compare, and after them those that are only asked whether they hold anything.
fn columns_to_read(matching: &Matching) -> Vec<String> {
    let uncopied = matching.uncopied.iter().map(|column| column.source.clone());
    matching.columns.iter().map(|column| column.source.clone()).chain(uncopied).collect()
}

/// Connects workers that all see the state that the first session sees.
async fn one_state(session: &mut Session, target: &Address, workers: usize) -> Result<Vec<Session>, CopyError> {
    let begin = "begin isolation level repeatable read, read only";
    session.execute("begin a snapshot", begin.into()).await?;
    let exported = session.texts("share the snapshot", "select pg_export_snapshot()".into()).await?;
    let name = exported.into_iter().flatten().next().unwrap_or_default();
    let settings = format!("{begin}; set transaction snapshot {}", literal(&name));
    crew(target, workers, &settings).await
}

async fn compare_all(
    workers: Vec<Session>,
    snapshot: &Arc<Snapshot>,
    pairs: Vec<Pair>,
    extra_columns: Extras,
    observer: &Arc<dyn Observer>,
) -> Result<Vec<(Comparison, Told)>, CopyError> {
    let jobs: Vec<(usize, Pair)> = pairs.into_iter().enumerate().collect();
    let work = {
        let (snapshot, observer) = (Arc::clone(snapshot), Arc::clone(observer));
        move |session, (at, pair): (usize, Pair)| {
            let (snapshot, observer) = (Arc::clone(&snapshot), Arc::clone(&observer));
            async move {
                let (session, compared) = compare(session, snapshot, pair, extra_columns, observer).await?;
                Ok((session, (at, compared)))
            }
        }
    };
    let (workers, mut compared) = in_phase(observer, Phase::Verify, None, in_parallel(workers, jobs, work)).await?;
    dismiss(workers).await;
    compared.sort_by_key(|(at, _)| *at);
    Ok(compared.into_iter().map(|(_, comparison)| comparison).collect())
}

/// Reads both sides of one table at once; gives what they are to each other, and what a person should know of it.
async fn compare(
    mut session: Session,
    snapshot: Arc<Snapshot>,
    pair: Pair,
    extra_columns: Extras,
    observer: Arc<dyn Observer>,
) -> Result<(Session, (Comparison, Told)), CopyError> {
    let Pair { read, target, orphans } = pair;
    let orphans = Arc::new(orphans);
    let table = read.table.clone();
    observer.notice(&Event::TableStarted { table: &table, rows: 0 });
    let Some((target, matching)) = target else {
        let rows = blocking(move || Ok(read.count(&snapshot.lend())?)).await?;
        return Ok((session, (Comparison::missing(table, rows), Told::default())));
    };
    let matching = Arc::new(matching);
    let reading = {
        let (snapshot, matching, read, observer) =
            (Arc::clone(&snapshot), Arc::clone(&matching), read.clone(), Arc::clone(&observer));
        let orphans = Arc::clone(&orphans);
        tokio::spawn(blocking(move || count_source(&snapshot, &read, &matching, &orphans, &observer)))
    };
    let query = format!("select {} from {target}", list(matching.columns.iter().map(|column| &column.target)));
    let oids = matching.columns.iter().map(|column| column.oid).collect();
    let found = session.digest(&format!("read table {table} back"), &query, oids, || {}).await?;
    let counted = reading.await.map_err(|error| CopyError::Worker(error.to_string()))??;
    observer.notice(&Event::TableFinished { table: &table });
    let expected = counted.digest;
    let (mut comparison, told) = Comparison::new(table, &matching, extra_columns, counted, found);
    if expected.rows == found.rows && expected != found {
        let both = computed::Both { snapshot: &snapshot, read: &read, orphans: &orphans, rows: &target };
        let differing = both.differing(&mut session, &matching.columns).await?;
        if !differing.is_empty() {
            // Partitioned or not, it is named by itself: `only` is for reading alone.
            let named = target.strip_prefix("only ").unwrap_or(&target);
            comparison.why = Some(computed::told(&read.table, named, &differing));
        }
    }
    Ok((session, (comparison, told)))
}

/// Casts and hashes every row of a source table, as a copy would.
fn count_source(
    snapshot: &Snapshot,
    read: &TableRead,
    matching: &Matching,
    orphans: &Orphans,
    observer: &Arc<dyn Observer>,
) -> Result<Counted, CopyError> {
    let reader = snapshot.lend();
    sqlite::check::check(&reader, read)?;
    let mut encoder = RowEncoder::new(&matching.columns, orphans);
    let (mut tuple, mut digest, mut rejects) = (Vec::new(), RangeDigest::default(), RejectSummary::default());
    let mut values = vec![0; matching.uncopied.len()];
    let mut ticker = RowTicker::new(observer.as_ref(), &read.table);
    read.walk(&reader, &KeyRange::default(), |row| {
        tuple.clear();
        match encoder.encode(row, &mut tuple)? {
            Ok(hash) => digest.add_row(hash),
            Err(misfit) => rejects.count(&read.table, &set_aside(&matching.columns, row, misfit)?),
        }
        for (at, values) in values.iter_mut().enumerate() {
            *values += u64::from(!row.is_null(matching.columns.len() + at)?);
        }
        ticker.row();
        Ok(Walk::Continue)
    })?;
    Ok(Counted { digest, tally: encoder.tally, rejects, values })
}
