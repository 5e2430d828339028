//! Looks for orphans until no more are found: a row that is set aside makes orphans of those that refer to it.

use std::collections::HashMap;
use std::sync::Arc;

use futures::{StreamExt as _, TryStreamExt as _};

use super::lost::lost;
use super::reference::Reference;
use super::{Fate, Orphans, Policy};
use crate::copy::CopyError;
use crate::copy::workers::blocking;
use crate::sqlite::faults::{Broken, Meeting, each_meeting};
use crate::sqlite::read::TableRead;
use crate::sqlite::{Reader, Snapshot};
use crate::value::Key;

/// Finds the orphans of all references, and what becomes of the rows of each table that is read.
pub async fn find(
    snapshot: &Arc<Snapshot>,
    reads: Vec<TableRead>,
    references: Vec<Reference>,
    jobs: usize,
) -> Result<(Vec<Reference>, Vec<Orphans>), CopyError> {
    let reads = Arc::new(reads);
    let places = (0..references.len()).collect::<Vec<_>>();
    let (acting, others): (Vec<usize>, Vec<usize>) =
        places.into_iter().partition(|at| matches!(references[*at].policy, Policy::Reject | Policy::SetNull));
    let references = Arc::new(references);
    let lost = scan(snapshot, &reads, &references, acting, jobs).await?;
    let mut search = Search::new(&reads, &references);
    // Those first that are set aside: what becomes of their references does not matter any more.
    for policy in [Policy::Reject, Policy::SetNull] {
        for (at, keys) in lost.iter().filter(|(at, _)| references[*at].policy == policy) {
            keys.iter().for_each(|key| search.mark(*at, key.as_ref(), false));
        }
    }
    let (search, kept) = {
        let (snapshot, reads) = (Arc::clone(snapshot), Arc::clone(&reads));
        blocking(move || {
            search.spread(&snapshot.lend(), &reads)?;
            Ok((search, others))
        })
        .await?
    };
    let mut search = search;
    for (at, keys) in scan(snapshot, &reads, &references, kept, jobs).await? {
        keys.iter().for_each(|key| search.count(at, key.as_ref()));
    }
    let (snapshot, reads) = (Arc::clone(snapshot), Arc::clone(&reads));
    blocking(move || {
        search.count_those_left_behind(&snapshot.lend(), &reads)?;
        Ok(search.end())
    })
    .await
}

/// The orphans of some references, each with the key of its row; several references at once.
async fn scan(
    snapshot: &Arc<Snapshot>,
    reads: &Arc<Vec<TableRead>>,
    references: &Arc<Vec<Reference>>,
    places: Vec<usize>,
    jobs: usize,
) -> Result<Vec<(usize, Vec<Option<Key>>)>, CopyError> {
    let jobs_of = places.into_iter().map(|at| {
        let (snapshot, reads, references) = (Arc::clone(snapshot), Arc::clone(reads), Arc::clone(references));
        blocking(move || Ok((at, lost(&snapshot.lend(), &references[at], &reads)?)))
    });
    futures::stream::iter(jobs_of).buffered(jobs.max(1)).try_collect().await
}

pub(super) fn meeting<'m>(reference: &'m Reference, reads: &'m [TableRead]) -> Meeting<'m> {
    Meeting { columns: &reference.columns, parent: &reads[reference.parent], parent_columns: &reference.parent_columns }
}

/// A search under way.
struct Search {
    references: Vec<Reference>,
    fates: Vec<HashMap<String, Fate>>,
    /// How often the fates of each table have changed.
    changes: Vec<u64>,
}

impl Search {
    fn new(reads: &[TableRead], references: &[Reference]) -> Self {
        Self {
            references: references.to_vec(),
            fates: vec![HashMap::new(); reads.len()],
            changes: vec![0; reads.len()],
        }
    }

    /// Counts an orphan that is not set aside for another reference.
    fn count(&mut self, at: usize, key: Option<&Key>) {
        let child = self.references[at].child;
        let fate = key.and_then(|key| self.fates[child].get(&key.to_string()));
        if !matches!(fate, Some(Fate::SetAside { .. })) {
            add(&mut self.references[at].found, key);
        }
    }

    /// Notes what becomes of an orphan.
    fn mark(&mut self, at: usize, key: Option<&Key>, parent_does_not_arrive: bool) {
        let Reference { child, policy, .. } = self.references[at];
        let Some(key) = key else { return add(&mut self.references[at].found, None) };
        let fates = &mut self.fates[child];
        let written = key.to_string();
        match (fates.get_mut(&written), policy) {
            (Some(Fate::SetAside { .. }), _) => return,
            (Some(Fate::Nulled(references)), Policy::SetNull) if references.contains(&at) => return,
            (Some(Fate::Nulled(references)), Policy::SetNull) => references.push(at),
            (None, Policy::SetNull) => {
                fates.insert(written, Fate::Nulled(vec![at]));
            }
            _ => {
                fates.insert(written, Fate::SetAside { reference: at, parent_does_not_arrive });
            }
        }
        self.changes[child] += 1;
        add(&mut self.references[at].found, Some(key));
    }

    /// Marks the rows that refer to rows which do not arrive, until there are no more.
    fn spread(&mut self, reader: &Reader<'_>, reads: &[TableRead]) -> Result<(), CopyError> {
        let mut seen = vec![0; self.references.len()];
        loop {
            let stale = |at: &usize| {
                let reference = &self.references[*at];
                let acts = matches!(reference.policy, Policy::Reject | Policy::SetNull);
                acts && self.changes[reference.parent] > seen[*at]
            };
            let Some(at) = (0..self.references.len()).find(stale) else { return Ok(()) };
            seen[at] = self.changes[self.references[at].parent];
            self.follow(at, reader, reads, |search, key| search.mark(at, key, true))?;
        }
    }

    /// Counts the rows that refer to rows which do not arrive, where that stops the copy.
    fn count_those_left_behind(&mut self, reader: &Reader<'_>, reads: &[TableRead]) -> Result<(), CopyError> {
        for at in 0..self.references.len() {
            let Reference { policy, parent, .. } = self.references[at];
            if policy == Policy::Stop && self.changes[parent] > 0 {
                self.follow(at, reader, reads, |search, key| search.count(at, key))?;
            }
        }
        Ok(())
    }

    /// Visits the rows that refer to a row which does not arrive as it is.
    fn follow(
        &mut self,
        at: usize,
        reader: &Reader<'_>,
        reads: &[TableRead],
        mut visit: impl FnMut(&mut Self, Option<&Key>),
    ) -> Result<(), CopyError> {
        let reference = self.references[at].clone();
        each_meeting(reader, &reads[reference.child], meeting(&reference, reads), |child, parent| {
            if self.is_gone(&reference, parent.as_ref()) {
                visit(self, child.as_ref());
            }
        })?;
        Ok(())
    }

    /// Whether a row does not arrive with what a reference names.
    fn is_gone(&self, reference: &Reference, parent: Option<&Key>) -> bool {
        let fate = parent.and_then(|key| self.fates[reference.parent].get(&key.to_string()));
        match fate {
            Some(Fate::SetAside { .. }) => true,
            Some(Fate::Nulled(references)) => {
                let nulled = |at: &usize| &self.references[*at].columns;
                references.iter().flat_map(nulled).any(|name| reference.parent_columns.contains(name))
            }
            None => false,
        }
    }

    fn end(self) -> (Vec<Reference>, Vec<Orphans>) {
        let names: Vec<(Vec<String>, String)> = self
            .references
            .iter()
            .map(|reference| (reference.columns.clone(), reference.parent_table.clone()))
            .collect();
        let orphans = self.fates.into_iter().map(|fates| {
            let references = if fates.is_empty() { Vec::new() } else { names.clone() };
            Orphans { fates, references }
        });
        (self.references, orphans.collect())
    }
}

fn add(found: &mut Broken, key: Option<&Key>) {
    found.rows += 1;
    found.keep_example(key);
}
