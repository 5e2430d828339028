//! Looks for orphans until no more are found: a row that is set aside makes orphans of those that refer to it.

use std::collections::btree_map::Entry;
use std::collections::{BTreeMap, HashMap};
use std::sync::Arc;

use futures::{StreamExt as _, TryStreamExt as _};

use super::lost::lost;
use super::reference::Reference;
use super::{Fate, Leads, Orphans, Policy};
use crate::copy::CopyError;
use crate::copy::workers::blocking;
use crate::sqlite::children::Children;
use crate::sqlite::faults::{Broken, Meeting, each_meeting};
use crate::sqlite::read::TableRead;
use crate::sqlite::{Reader, Snapshot, SqliteError};
use crate::value::Key;

/// Finds the orphans of all references, and what becomes of the rows of each table that is read.
pub async fn find(
    snapshot: &Arc<Snapshot>,
    reads: Vec<TableRead>,
    references: Vec<Reference>,
    jobs: usize,
) -> Result<(Vec<Reference>, Vec<Orphans>), CopyError> {
    let reads = Arc::new(reads);
    let (acting, others): (Vec<usize>, Vec<usize>) = (0..references.len()).partition(|at| acts(&references[*at]));
    let mut search = Search::new(&reads, references);
    let shared = Arc::new(search.references.clone());
    let lost = in_parallel(snapshot, acting, jobs, {
        let reads = Arc::clone(&reads);
        move |reader, at| {
            let mut keys = Vec::new();
            lost(reader, &shared[at], &reads, |key| keys.push(key))?;
            Ok(keys)
        }
    })
    .await?;
    let (snapshot_of_search, reads_of_search) = (Arc::clone(snapshot), Arc::clone(&reads));
    let search = blocking(move || {
        search.begin(lost);
        search.spread(&snapshot_of_search.lend(), &reads_of_search)?;
        Ok(search)
    })
    .await?;
    let search = Arc::new(search);
    let counted = in_parallel(snapshot, others, jobs, {
        let search = Arc::clone(&search);
        move |reader, at| search.count(at, reader, &reads)
    })
    .await?;
    Ok(Arc::unwrap_or_clone(search).end(counted))
}

/// Whether the orphans of a reference do not arrive as they are.
fn acts(reference: &Reference) -> bool {
    matches!(reference.policy, Policy::Reject | Policy::SetNull)
}

/// Looks at several references at once.
async fn in_parallel<T: Send + 'static>(
    snapshot: &Arc<Snapshot>,
    places: Vec<usize>,
    jobs: usize,
    look: impl Fn(&Reader<'_>, usize) -> Result<T, SqliteError> + Clone + Send + 'static,
) -> Result<Vec<(usize, T)>, CopyError> {
    let jobs_of = places.into_iter().map(|at| {
        let (snapshot, look) = (Arc::clone(snapshot), look.clone());
        blocking(move || Ok((at, look(&snapshot.lend(), at)?)))
    });
    futures::stream::iter(jobs_of).buffered(jobs.max(1)).try_collect().await
}

pub(super) fn meeting<'m>(reference: &'m Reference, reads: &'m [TableRead]) -> Meeting<'m> {
    Meeting { columns: &reference.columns, parent: &reads[reference.parent], parent_columns: &reference.parent_columns }
}

/// A search under way.
#[derive(Clone)]
struct Search {
    references: Vec<Reference>,
    fates: Vec<HashMap<Key, Fate>>,
    /// The rows, each with its table, of which those that refer to them are not asked for yet.
    news: Vec<(usize, Key)>,
}

impl Search {
    fn new(reads: &[TableRead], references: Vec<Reference>) -> Self {
        Self { references, fates: vec![HashMap::new(); reads.len()], news: Vec::new() }
    }

    /// Marks the rows that lead nowhere.
    fn begin(&mut self, lost: Vec<(usize, Vec<Option<Key>>)>) {
        // Those first that are set aside: what becomes of their references does not matter any more.
        let (rejected, emptied): (Vec<_>, Vec<_>) =
            lost.into_iter().partition(|(at, _)| self.references[*at].policy == Policy::Reject);
        for (at, keys) in rejected.into_iter().chain(emptied) {
            keys.into_iter().for_each(|key| self.mark(at, key, false));
        }
    }

    /// Notes what becomes of an orphan.
    fn mark(&mut self, at: usize, key: Option<Key>, parent_does_not_arrive: bool) {
        let Reference { child, policy, .. } = self.references[at];
        let Some(key) = key else { return add(&mut self.references[at].found, None) };
        let set_aside = || Fate::SetAside { reference: at, parent_does_not_arrive };
        match (self.fates[child].get_mut(&key), policy) {
            (Some(Fate::SetAside { .. }), _) => return,
            (Some(Fate::Nulled(references)), Policy::SetNull) if references.contains(&at) => return,
            (Some(Fate::Nulled(references)), Policy::SetNull) => references.push(at),
            (Some(fate), _) => *fate = set_aside(),
            (None, policy) => {
                let fate = if policy == Policy::SetNull { Fate::Nulled(vec![at]) } else { set_aside() };
                self.fates[child].insert(key.clone(), fate);
            }
        }
        add(&mut self.references[at].found, Some(&key));
        if self.references.iter().any(|reference| acts(reference) && reference.parent == child) {
            self.news.push((child, key));
        }
    }

    /// Marks the rows that refer to rows which do not arrive, until there are no more; each row is asked for once.
    fn spread(&mut self, reader: &Reader<'_>, reads: &[TableRead]) -> Result<(), SqliteError> {
        let mut children: BTreeMap<usize, Children<'_>> = BTreeMap::new();
        while let Some((table, key)) = self.news.pop() {
            for at in 0..self.references.len() {
                let reference = &self.references[at];
                if !(acts(reference) && reference.parent == table && self.is_gone(reference, &key)) {
                    continue;
                }
                let found = match children.entry(at) {
                    Entry::Occupied(known) => known.into_mut(),
                    Entry::Vacant(place) => {
                        let read = &reads[reference.child];
                        place.insert(Children::note(reader, read, meeting(reference, reads), at)?)
                    }
                };
                found.of(&key)?.into_iter().for_each(|child| self.mark(at, child, true));
            }
        }
        children.into_values().try_for_each(Children::forget)
    }

    /// Whether a row does not arrive with what a reference names.
    fn is_gone(&self, reference: &Reference, parent: &Key) -> bool {
        match self.fates[reference.parent].get(parent) {
            Some(Fate::SetAside { .. }) => true,
            Some(Fate::Nulled(references)) => {
                let nulled = |at: &usize| &self.references[*at].emptied;
                references.iter().flat_map(nulled).any(|name| reference.parent_columns.contains(name))
            }
            None => false,
        }
    }

    /// Counts the orphans of a reference of which nothing becomes, those with it that refer to rows which do not arrive.
    fn count(&self, at: usize, reader: &Reader<'_>, reads: &[TableRead]) -> Result<Broken, SqliteError> {
        let (reference, mut found) = (&self.references[at], Broken::default());
        let mut count = |key: Option<Key>| {
            let fate = key.as_ref().and_then(|key| self.fates[reference.child].get(key));
            if !matches!(fate, Some(Fate::SetAside { .. })) {
                add(&mut found, key.as_ref());
            }
        };
        lost(reader, reference, reads, &mut count)?;
        if !self.fates[reference.parent].is_empty() {
            each_meeting(reader, &reads[reference.child], meeting(reference, reads), |child, parent| {
                if parent.is_some_and(|parent| self.is_gone(reference, &parent)) {
                    count(child);
                }
            })?;
        }
        Ok(found)
    }

    fn end(mut self, counted: Vec<(usize, Broken)>) -> (Vec<Reference>, Vec<Orphans>) {
        for (at, found) in counted {
            self.references[at].found = found;
        }
        let leads = |reference: &Reference| Leads {
            columns: reference.columns.clone(),
            emptied: reference.emptied.clone(),
            parent: reference.parent_table.clone(),
        };
        let leads: Arc<[Leads]> = self.references.iter().map(leads).collect();
        let orphans = |fates| Orphans { fates: Arc::new(fates), references: Arc::clone(&leads) };
        let orphans = self.fates.into_iter().map(orphans).collect();
        (self.references, orphans)
    }
}

fn add(found: &mut Broken, key: Option<&Key>) {
    found.rows += 1;
    found.keep_example(key);
}
