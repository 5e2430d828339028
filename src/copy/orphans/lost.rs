//! The rows of one reference that lead nowhere, in the source and in the target.
//!
//! SQLite compares values as they are stored, and PostgreSQL as they are cast: a row must not be set aside for a reference
//! that holds there. Whatever SQLite finds no parent for is therefore cast, and so are the parents; what even then cannot be
//! compared here is left to the constraint. Nor is a row an orphan that SQLite finds a parent for under NOCASE alone: the
//! constraint does not hold for it, which is told, and nothing becomes of it.

use std::collections::HashMap;

use super::reference::Reference;
use super::search::meeting;
use crate::copy::likeness::{Form, Likeness};
use crate::copy::matching::ColumnPlan;
use crate::sqlite::faults::each_orphan;
use crate::sqlite::read::{TableRead, Walk};
use crate::sqlite::{Reader, SqliteError};
use crate::value::{Key, KeyRange};

/// A row that the constraint does not hold for.
pub(super) struct Lost {
    pub(super) key: Option<Key>,
    /// Whether it leads to a row in the source, under the collation there: such a row is no orphan.
    pub(super) is_folded: bool,
}

/// Visits the rows whose reference leads nowhere, and those for which it holds in the source alone.
pub(super) fn lost(
    reader: &Reader<'_>,
    reference: &Reference,
    reads: &[TableRead],
    mut visit: impl FnMut(Lost),
) -> Result<(), SqliteError> {
    let mut own = Likeness::to(reference.casts.iter().map(|(own, of_parent)| (own, of_parent)));
    // Those alone are kept that a parent may be found for yet.
    let mut open: Vec<(Lost, usize)> = Vec::new();
    let mut forms: HashMap<Vec<u8>, usize> = HashMap::new();
    let mut parents_stay = None;
    each_orphan(reader, &reads[reference.child], meeting(reference, reads), |row, is_folded| {
        let lost = Lost { key: row.key()?, is_folded };
        let (bytes, may_meet) = match own.form(row)? {
            Form::Null { all: false } if reference.match_full => {
                visit(lost);
                return Ok(());
            }
            // The value becomes NULL, which refers to nothing, or the constraint will tell.
            Form::Null { .. } | Form::Unknown => return Ok(()),
            // It does not arrive; and an orphan that does not fit is one.
            Form::Misfit => {
                if !is_folded {
                    visit(lost);
                }
                return Ok(());
            }
            Form::Like { bytes, may_meet } => (bytes, may_meet),
        };
        let parents_stay = match parents_stay {
            Some(known) => known,
            None => *parents_stay.insert(stay(reader, reference, reads)?),
        };
        // Where the parents are no key of the source, one that is equal byte for byte may stand beside the others.
        if parents_stay && !may_meet && !is_folded {
            visit(lost);
            return Ok(());
        }
        let is_again = |(last, _): &(Lost, usize)| last.is_folded && last.key.is_some() && last.key == lost.key;
        if is_folded && open.last().is_some_and(is_again) {
            return Ok(());
        }
        let place = forms.get(bytes).copied().unwrap_or_else(|| {
            let place = forms.len();
            forms.insert(bytes.to_vec(), place);
            place
        });
        open.push((lost, place));
        Ok(())
    })?;
    let met = met(reader, reference, reads, &forms)?;
    open.into_iter().filter(|(_, place)| !met[*place]).for_each(|(lost, _)| visit(lost));
    Ok(())
}

/// Whether the values that a reference leads to are in the target as they are stored, and compared there as they are here.
fn stay(reader: &Reader<'_>, reference: &Reference, reads: &[TableRead]) -> Result<bool, SqliteError> {
    let is_one_type = |(own, of_parent): &(ColumnPlan, ColumnPlan)| own.logical.stored() == of_parent.logical.stored();
    let mut stay = reference.casts.iter().all(is_one_type);
    if stay {
        let mut of_parent = Likeness::to(reference.casts.iter().map(|(own, of_parent)| (of_parent, own)));
        let read = TableRead { columns: reference.parent_columns.clone(), ..reads[reference.parent].clone() };
        read.walk(reader, &KeyRange::default(), |row| {
            stay = !matches!(of_parent.form(row)?, Form::Like { may_meet: true, .. });
            Ok(if stay { Walk::Continue } else { Walk::Stop })
        })?;
    }
    Ok(stay)
}

/// Which of some forms a row of the parent comes to.
fn met(
    reader: &Reader<'_>,
    reference: &Reference,
    reads: &[TableRead],
    forms: &HashMap<Vec<u8>, usize>,
) -> Result<Vec<bool>, SqliteError> {
    let mut met = vec![false; forms.len()];
    if forms.is_empty() {
        return Ok(met);
    }
    let mut of_parent = Likeness::to(reference.casts.iter().map(|(own, of_parent)| (of_parent, own)));
    let read = TableRead { columns: reference.parent_columns.clone(), ..reads[reference.parent].clone() };
    read.walk(reader, &KeyRange::default(), |row| {
        if let Form::Like { bytes, .. } = of_parent.form(row)?
            && let Some(place) = forms.get(bytes)
        {
            met[*place] = true;
        }
        Ok(Walk::Continue)
    })?;
    Ok(met)
}
