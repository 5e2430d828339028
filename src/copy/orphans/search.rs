//! Looks for orphans until no more are found: a row that is set aside makes orphans of those that refer to it.

use std::collections::btree_map::Entry;
use std::collections::{BTreeMap, HashMap};
use std::sync::Arc;

use futures::{StreamExt as _, TryStreamExt as _};

use super::lost::{Lost, lost};
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
            let (mut keys, mut folded) = (Vec::new(), Broken::default());
            lost(reader, &shared[at], &reads, |Lost { key, is_folded }| match is_folded {
                true => add(&mut folded, key.as_ref()),
                false => keys.push(key),
            })?;
            Ok((keys, folded))
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
    let Reference { columns, parent_columns, match_full, .. } = reference;
    Meeting { columns, parent: &reads[reference.parent], parent_columns, match_full: *match_full }
}

/// The orphans of a reference, and the rows for which it holds in the source alone.
type Found = (Vec<Option<Key>>, Broken);

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
    fn begin(&mut self, lost: Vec<(usize, Found)>) {
        // Those first that are set aside: what becomes of their references does not matter any more.
        let (rejected, emptied): (Vec<_>, Vec<_>) =
            lost.into_iter().partition(|(at, _)| self.references[*at].policy == Policy::Reject);
        for (at, (keys, folded)) in rejected.into_iter().chain(emptied) {
            self.references[at].folded = folded;
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
                let reference = &self.references[at];
                let mut lost = Vec::new();
                for child in found.of(&key)? {
                    let parents = child.as_ref().map_or(Ok(Vec::new()), |child| found.parents_of(child))?;
                    if parents.iter().flatten().all(|parent| self.is_gone(reference, parent)) {
                        lost.push(child);
                    }
                }
                lost.into_iter().for_each(|child| self.mark(at, child, true));
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

    /// Counts the orphans of a reference of which nothing becomes, those with it that refer to rows which do not arrive; and
    /// the rows for which it holds in the source alone.
    fn count(&self, at: usize, reader: &Reader<'_>, reads: &[TableRead]) -> Result<(Broken, Broken), SqliteError> {
        let (reference, mut found, mut folded) = (&self.references[at], Broken::default(), Broken::default());
        let arrives = |key: Option<&Key>| {
            let fate = key.and_then(|key| self.fates[reference.child].get(key));
            !matches!(fate, Some(Fate::SetAside { .. }))
        };
        lost(reader, reference, reads, |Lost { key, is_folded }| {
            if arrives(key.as_ref()) {
                add(if is_folded { &mut folded } else { &mut found }, key.as_ref());
            }
        })?;
        if !self.fates[reference.parent].is_empty() {
            self.follow(reference, reader, reads, |child| {
                if arrives(child.as_ref()) {
                    add(&mut found, child.as_ref());
                }
            })?;
        }
        Ok((found, folded))
    }

    /// Visits the rows that refer to rows of which none arrives.
    fn follow(
        &self,
        reference: &Reference,
        reader: &Reader<'_>,
        reads: &[TableRead],
        mut visit: impl FnMut(Option<Key>),
    ) -> Result<(), SqliteError> {
        // The row at hand, and whether all of its parents so far are gone: they come one after the other.
        let mut at_hand: Option<(Key, bool)> = None;
        each_meeting(reader, &reads[reference.child], meeting(reference, reads), |child, parent| {
            let is_gone = parent.is_some_and(|parent| self.is_gone(reference, &parent));
            match (child, &mut at_hand) {
                (None, _) if is_gone => visit(None),
                (None, _) => {}
                (Some(child), Some((known, all_gone))) if *known == child => *all_gone &= is_gone,
                (Some(child), at_hand) => {
                    if let Some((known, true)) = at_hand.replace((child, is_gone)) {
                        visit(Some(known));
                    }
                }
            }
        })?;
        if let Some((known, true)) = at_hand {
            visit(Some(known));
        }
        Ok(())
    }

    fn end(mut self, counted: Vec<(usize, (Broken, Broken))>) -> (Vec<Reference>, Vec<Orphans>) {
        for (at, (found, folded)) in counted {
            (self.references[at].found, self.references[at].folded) = (found, folded);
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
