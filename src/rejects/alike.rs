//! Finds rows that were set aside by all of their values, in tables whose rows have no key of their own.
//!
//! A row that is stored exactly as a reject was, anywhere in the table, is that row: whatever it is a copy of is the same.
//! Where there is none, the row may have been mended. The one under its row number is taken for it if it differs in the
//! mended column alone; but SQLite numbers rows anew when it compacts a file, and then that row is a neighbour. So the
//! target must lack the row, and lack one like it when the mended column is left out of the comparison, too. When in doubt it
//! is not recognised.

use std::collections::{BTreeSet, HashMap, HashSet};
use std::sync::Arc;

use super::meeting::{Kept, Met, kept};
use super::missing::{Missing, Part};
use super::retry::Open;
use crate::copy::CopyError;
use crate::copy::fingerprint::Fingerprint;
use crate::copy::rows::RowEncoder;
use crate::copy::workers::blocking;
use crate::postgres::Session;
use crate::sqlite::Snapshot;
use crate::sqlite::read::{KeyShape, Walk};
use crate::value::digest::RowHash;
use crate::value::{Key, KeyRange};

/// Rows of the source that are stored alike.
#[derive(Debug, Default)]
pub(super) struct Alike {
    /// Their keys; none where rows have no key.
    pub(super) keys: Vec<Option<Key>>,
    /// What they are in the target, if they have a form there.
    kind: Option<RowHash>,
    /// How many of them are some reject's.
    taken: usize,
}

/// Finds the rows that are stored as is wanted, in one walk through the table.
pub(super) async fn search(
    snapshot: &Arc<Snapshot>,
    part: &Part,
    wanted: HashSet<Fingerprint>,
) -> Result<HashMap<Fingerprint, Alike>, CopyError> {
    let (snapshot, part) = (Arc::clone(snapshot), part.clone());
    blocking(move || {
        let (mut encoder, mut tuple) = (RowEncoder::new(&part.columns, &part.orphans), Vec::new());
        let mut found: HashMap<Fingerprint, Alike> = HashMap::new();
        if wanted.is_empty() {
            return Ok(found);
        }
        part.read.walk(&snapshot.lend(), &KeyRange::default(), |row| {
            let fingerprint = Fingerprint::of_row(row, 0..part.columns.len())?;
            if wanted.contains(&fingerprint) {
                let alike = found.entry(fingerprint).or_default();
                if alike.keys.is_empty() {
                    tuple.clear();
                    alike.kind = encoder.encode(row, &mut tuple)?.ok();
                }
                alike.keys.push(row.key()?);
            }
            Ok(Walk::Continue)
        })?;
        Ok(found)
    })
    .await
}

/// A reject's row as it was stored.
#[derive(Debug)]
struct Wanted {
    whole: Fingerprint,
    /// Its row number, the place of the column that did not fit, and what else is stored.
    mended: Option<(i64, usize, Fingerprint)>,
}

impl Wanted {
    /// None when the reject has other columns than are copied now.
    fn new(kept: &Kept, key: Option<&Key>, part: &Part) -> Option<Self> {
        let literals: Vec<&str> =
            part.columns.iter().map(|column| kept.literal(&column.source)).collect::<Option<_>>()?;
        if literals.len() != kept.row.0.len() {
            return None;
        }
        let place = part.columns.iter().position(|column| Some(&column.source) == kept.column.as_ref());
        let mended = match (key, &part.read.key, place) {
            (Some(Key::Rowid(number)), KeyShape::Rowid(_), Some(place)) => {
                let others = literals.iter().enumerate().filter(|(at, _)| *at != place).map(|(_, literal)| literal);
                Some((*number, place, Fingerprint::of(others)))
            }
            _ => None,
        };
        let are_in_order = kept.row.0.iter().map(|(name, _)| name).eq(part.columns.iter().map(|column| &column.source));
        let whole = match &kept.whole {
            // It is of the columns in the order in which they were read.
            Some(hex) => Fingerprint::parse(hex).filter(|_| are_in_order)?,
            None => Fingerprint::of(literals),
        };
        Some(Self { whole, mended })
    }
}

/// A row that may be a reject's, mended.
#[derive(Clone, Copy, Debug)]
struct Candidate {
    /// The reject's place.
    at: usize,
    number: i64,
    /// The place of the column that did not fit.
    column: usize,
}

/// A search for the rows of one table.
pub(super) struct Finder<'f> {
    pub(super) session: &'f mut Session,
    pub(super) snapshot: &'f Arc<Snapshot>,
    pub(super) part: &'f Part,
}

impl Finder<'_> {
    /// Looks for the rows of some rejects.
    pub(super) async fn find(mut self, rejects: &[&Open]) -> Result<Vec<Met>, CopyError> {
        let wanted = self.wanted(rejects).await?;
        let whole = wanted.iter().flatten().map(|wanted| wanted.whole).collect();
        let found = search(self.snapshot, self.part, whole).await?;
        let candidates = self.candidates(&wanted, &found).await?;
        let keys = candidates.iter().map(|candidate| Key::Rowid(candidate.number)).collect();
        let kinds = self.part.kinds(self.snapshot, keys).await?;
        let all = found.values().filter_map(|alike| alike.kind).chain(kinds.iter().flatten().copied());
        let mut missing = self.part.missing(self.session, self.snapshot, all, &HashSet::new()).await?;
        let (mut met, mut spoken_for) = exact(&wanted, found, &mut missing);
        let candidates: Vec<(Candidate, Option<RowHash>)> = candidates.into_iter().zip(kinds).collect();
        let columns: BTreeSet<usize> = candidates.iter().map(|(candidate, _)| candidate.column).collect();
        for column in columns {
            let of_column: Vec<_> = candidates.iter().filter(|(one, _)| one.column == column).copied().collect();
            for at in self.mended(column, &of_column, &mut missing, &mut spoken_for).await? {
                let (candidate, _) = of_column[at];
                met[candidate.at] = Met::Mended(Key::Rowid(candidate.number));
            }
        }
        Ok(met)
    }

    /// Which of the rows that may have been mended in one column the target lacks, with and without that column.
    async fn mended(
        &mut self,
        column: usize,
        candidates: &[(Candidate, Option<RowHash>)],
        missing: &mut Missing,
        spoken_for: &mut HashSet<i64>,
    ) -> Result<Vec<usize>, CopyError> {
        let name = &self.part.columns[column].source;
        let besides = self.part.only(|column| column.source != *name);
        let keys = candidates.iter().map(|(candidate, _)| Key::Rowid(candidate.number)).collect();
        let others = besides.kinds(self.snapshot, keys).await?;
        let all = others.iter().flatten().copied();
        let mut others_missing = besides.missing(self.session, self.snapshot, all, spoken_for).await?;
        let mut recognised = Vec::new();
        for (at, ((candidate, kind), other)) in candidates.iter().zip(others).enumerate() {
            let Some(other) = other else { continue };
            let is_missing = others_missing.lacks(other) && kind.is_none_or(|kind| missing.lacks(kind));
            if is_missing && spoken_for.insert(candidate.number) {
                others_missing.take(other);
                kind.iter().for_each(|kind| missing.take(*kind));
                recognised.push(at);
            }
        }
        Ok(recognised)
    }

    /// What is looked for, page by page: rows may be large.
    async fn wanted(&mut self, rejects: &[&Open]) -> Result<Vec<Option<Wanted>>, CopyError> {
        let mut wanted = Vec::with_capacity(rejects.len());
        for page in rejects.chunks(super::PAGE as usize) {
            let kept = kept(self.session, page, None).await?;
            wanted.extend(
                page.iter()
                    .map(|reject| Wanted::new(kept.get(&reject.id)?, Key::parse(&reject.key).as_ref(), self.part)),
            );
        }
        Ok(wanted)
    }

    /// Rows that differ from a reject in the mended column alone, where the reject's own is nowhere.
    async fn candidates(
        &self,
        wanted: &[Option<Wanted>],
        found: &HashMap<Fingerprint, Alike>,
    ) -> Result<Vec<Candidate>, CopyError> {
        let mut sought = Vec::new();
        for (at, wanted) in wanted.iter().enumerate() {
            let Some(Wanted { whole, mended: Some((number, column, others)) }) = wanted else { continue };
            if !found.contains_key(whole) {
                sought.push((Candidate { at, number: *number, column: *column }, *others));
            }
        }
        let (snapshot, part) = (Arc::clone(self.snapshot), self.part.clone());
        blocking(move || {
            let mut candidates = Vec::new();
            let keys: Vec<Key> = sought.iter().map(|(candidate, _)| Key::Rowid(candidate.number)).collect();
            part.read.rows(&snapshot.lend(), &keys, |at, row| {
                let (candidate, others) = sought[at];
                let places = (0..part.columns.len()).filter(|at| *at != candidate.column);
                let Some(row) = row else { return Ok(()) };
                if Fingerprint::of_row(row, places)? == others {
                    candidates.push(candidate);
                }
                Ok(())
            })?;
            Ok(candidates)
        })
        .await
    }
}

/// Gives each reject a row that is stored as it was, as long as there are any that the target lacks; tells the numbers of
/// those rows.
fn exact(
    wanted: &[Option<Wanted>],
    mut found: HashMap<Fingerprint, Alike>,
    missing: &mut Missing,
) -> (Vec<Met>, HashSet<i64>) {
    let mut spoken_for = HashSet::new();
    let mut one = |wanted: &Wanted| {
        let alike = found.get_mut(&wanted.whole)?;
        let key = alike.keys.get(alike.taken)?;
        if let Some(kind) = alike.kind {
            if !missing.lacks(kind) {
                return None;
            }
            missing.take(kind);
        }
        alike.taken += 1;
        if let Some(Key::Rowid(number)) = key {
            spoken_for.insert(*number);
        }
        Some(key.clone().map_or(Met::Alike(wanted.whole), Met::Here))
    };
    let met = wanted.iter().map(|wanted| wanted.as_ref().and_then(&mut one).unwrap_or(Met::Strange)).collect();
    (met, spoken_for)
}
