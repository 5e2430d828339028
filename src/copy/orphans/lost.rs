//! The rows of one reference that lead nowhere, in the source and in the target.
//!
//! SQLite compares values as they are stored, and PostgreSQL as they are cast: a row must not be set aside for a reference
//! that holds there. Whatever SQLite finds no parent for is therefore cast, and so are the parents; what even then cannot be
//! compared here is left to the constraint.

use std::collections::HashMap;

use super::reference::Reference;
use super::search::meeting;
use crate::copy::likeness::{Form, Likeness};
use crate::copy::matching::ColumnPlan;
use crate::sqlite::faults::each_orphan;
use crate::sqlite::read::{TableRead, Walk};
use crate::sqlite::{Reader, SqliteError};
use crate::value::{Key, KeyRange};

/// Visits the rows whose reference leads nowhere, by their keys.
pub(super) fn lost(
    reader: &Reader<'_>,
    reference: &Reference,
    reads: &[TableRead],
    mut visit: impl FnMut(Option<Key>),
) -> Result<(), SqliteError> {
    let mut own = Likeness::to(reference.casts.iter().map(|(own, of_parent)| (own, of_parent)));
    // Those alone are kept that a parent may be found for yet.
    let mut open: Vec<(Option<Key>, usize)> = Vec::new();
    let mut forms: HashMap<Vec<u8>, usize> = HashMap::new();
    let mut parents_stay = None;
    each_orphan(reader, &reads[reference.child], meeting(reference, reads), |row| {
        let (bytes, may_meet) = match own.form(row)? {
            // The value becomes NULL, which refers to nothing, or the constraint will tell.
            Form::Null | Form::Unknown => return Ok(()),
            Form::Misfit => {
                visit(row.key()?);
                return Ok(());
            }
            Form::Like { bytes, may_meet } => (bytes, may_meet),
        };
        let parents_stay = match parents_stay {
            Some(known) => known,
            None => *parents_stay.insert(stay(reader, reference, reads)?),
        };
        if parents_stay && !may_meet {
            visit(row.key()?);
            return Ok(());
        }
        let place = forms.get(bytes).copied().unwrap_or_else(|| {
            let place = forms.len();
            forms.insert(bytes.to_vec(), place);
            place
        });
        open.push((row.key()?, place));
        Ok(())
    })?;
    let met = met(reader, reference, reads, &forms)?;
    open.into_iter().filter(|(_, place)| !met[*place]).for_each(|(key, _)| visit(key));
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
