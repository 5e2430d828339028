//! The first look at every source table: what it meets in the target, how many rows it has, what they hold.

use std::sync::Arc;

use super::matching::{self, Matching};
use super::workers::blocking;
use super::{CopyError, CopyOptions, in_phase};
use crate::event::{Event, Observer, Phase, RowTicker};
use crate::postgres;
use crate::schema::order::dependency_order;
use crate::schema::{Schema, Table};
use crate::sqlite::profile::{TableProfile, profile};
use crate::sqlite::read::TableRead;
use crate::sqlite::sample::Sample;
use crate::sqlite::{self, Snapshot};

/// The tables in which the runner keeps what it did to a SQLite database.
const OWN_RECORDS: [&str; 3] = ["strait_version", "strait_history", "strait_refinery_history"];

/// What is known of one source table after the first look.
pub(super) struct Draft {
    pub(super) source: Table,
    pub(super) read: TableRead,
    /// The place of the target's table and what it has in common, when it exists.
    pub(super) existing: Option<(usize, Matching)>,
    /// Why the table is not copied, when it is not.
    pub(super) skip: Option<&'static str>,
    /// What is stored, when the table will be created.
    pub(super) profile: Option<TableProfile>,
    pub(super) rows: u64,
}

/// The names among these that no table of the source has: mistyped ones.
pub(crate) fn unknown_names<'n>(names: &'n [String], schema: &Schema) -> Vec<&'n String> {
    let known = |name: &&String| schema.tables.iter().any(|table| table.name.eq_ignore_ascii_case(name));
    names.iter().filter(|name| !known(name)).collect()
}

/// Meets every table with the target's, in dependency order.
pub(super) fn draft(
    structure: &sqlite::introspect::Structure,
    target: &postgres::introspect::Structure,
    options: &CopyOptions,
) -> Vec<Draft> {
    let order = dependency_order(&structure.schema).into_iter().flatten();
    order.map(|at| meet(structure, at, target, options)).collect()
}

fn meet(
    structure: &sqlite::introspect::Structure,
    at: usize,
    target: &postgres::introspect::Structure,
    options: &CopyOptions,
) -> Draft {
    let (source, key) = (&structure.schema.tables[at], &structure.keys[at]);
    let existing = matching::find(target, &source.name, &structure.schema.tables)
        .map(|place| (place, matching::match_columns(source, &target.schema.tables[place], &target.details[place])));
    let columns = match &existing {
        Some((_, matching)) => matching.columns.iter().map(|column| column.source.clone()).collect(),
        None => source.columns.iter().map(|column| column.name.clone()).collect(),
    };
    let skip = if options.exclude.iter().any(|name| name.eq_ignore_ascii_case(&source.name)) {
        Some("excluded by request")
    } else {
        let met = existing.as_ref().map(|(place, _)| &target.schema.tables[*place]);
        why_extra(&source.name, met, target, options).filter(|_| options.leaves_out_extra_tables())
    };
    let read = TableRead { table: source.name.clone(), key: key.clone(), columns };
    Draft { source: source.clone(), read, existing, skip, profile: None, rows: 0 }
}

/// Why a source table is one too many, when it is: for its place in the target, if it has one there.
fn why_extra(
    source: &str,
    met: Option<&Table>,
    target: &postgres::introspect::Structure,
    options: &CopyOptions,
) -> Option<&'static str> {
    match (&options.canonical, met) {
        (Some(canonical), Some(table)) if canonical.has(&table.name) => None,
        (Some(_), _) if OWN_RECORDS.contains(&source) => Some("what strait remembers of the source alone"),
        (Some(_), _) => Some("not in the schema; --extra-tables create copies it, too"),
        (None, None) if !target.schema.tables.is_empty() => Some("not in the target; left out by request"),
        (None, _) => None,
    }
}

/// Counts the rows of every table, and profiles those that will be created, several at once.
pub(super) async fn measure(
    snapshot: &Arc<Snapshot>,
    drafts: Vec<Draft>,
    options: &CopyOptions,
    sample: Option<Sample>,
    observer: &Arc<dyn Observer>,
) -> Result<Vec<Draft>, CopyError> {
    let jobs = options.jobs.max(1);
    let mut hands: Vec<Vec<(usize, Draft)>> = (0..jobs).map(|_| Vec::new()).collect();
    for (at, draft) in drafts.into_iter().enumerate() {
        hands[at % jobs].push((at, draft));
    }
    let work = hands.into_iter().map(|hand| {
        let (snapshot, observer) = (Arc::clone(snapshot), Arc::clone(observer));
        blocking(move || {
            let reader = snapshot.lend();
            hand.into_iter()
                .map(|(at, draft)| Ok((at, look_inside(draft, &reader, sample, &observer)?)))
                .collect::<Result<Vec<_>, CopyError>>()
        })
    });
    let measured = in_phase(observer, Phase::Profile, None, futures::future::try_join_all(work)).await?;
    let mut measured: Vec<(usize, Draft)> = measured.into_iter().flatten().collect();
    measured.sort_by_key(|(at, _)| *at);
    Ok(measured.into_iter().map(|(_, draft)| draft).collect())
}

fn look_inside(
    mut draft: Draft,
    reader: &sqlite::Reader<'_>,
    sample: Option<Sample>,
    observer: &Arc<dyn Observer>,
) -> Result<Draft, CopyError> {
    if let Some(reason) = draft.skip {
        // A damaged table may be left out for that very reason.
        let counted = draft.read.count(reader).ok();
        draft.rows = counted.unwrap_or_default();
        draft.skip = Some(if counted.is_some() { reason } else { "left out by request; its rows cannot be counted" });
        return Ok(draft);
    }
    sqlite::check::check(reader, &draft.read)?;
    draft.rows = draft.read.count(reader)?;
    if draft.existing.is_some() {
        return Ok(draft);
    }
    let table = draft.source.name.as_str();
    observer.notice(&Event::TableStarted { table, rows: draft.rows });
    let mut ticker = RowTicker::new(observer.as_ref(), table);
    let sample = sample.map(|sample| (sample, draft.rows));
    let found = profile(reader, &draft.read, &draft.source.columns, sample, || ticker.row())?;
    drop(ticker);
    observer.notice(&Event::TableFinished { table });
    draft.profile = Some(found);
    Ok(draft)
}
