//! The rows of one reference that lead nowhere, in the source and in the target.
//!
//! SQLite compares values as they are stored, and PostgreSQL as they are cast: a row must not be set aside for a reference
//! that holds there. Whatever SQLite finds no parent for is therefore cast, and so are the parents; what even then cannot be
//! compared here is left to the constraint.

use std::collections::HashMap;

use super::reference::Reference;
use super::search::meeting;
use crate::copy::likeness::{Form, Likeness};
use crate::sqlite::faults::each_orphan;
use crate::sqlite::read::{TableRead, Walk};
use crate::sqlite::{Reader, SqliteError};
use crate::value::{Key, KeyRange};

/// The keys of the rows whose reference leads nowhere.
pub(super) fn lost(
    reader: &Reader<'_>,
    reference: &Reference,
    reads: &[TableRead],
) -> Result<Vec<Option<Key>>, SqliteError> {
    let mut own = Likeness::to(reference.casts.iter().map(|(own, of_parent)| (own, of_parent)));
    let mut lost: Vec<(Option<Key>, Option<usize>)> = Vec::new();
    let mut forms: HashMap<Vec<u8>, usize> = HashMap::new();
    each_orphan(reader, &reads[reference.child], meeting(reference, reads), |row| {
        let form = match own.form(row)? {
            // The value becomes NULL, which refers to nothing, or the constraint will tell.
            Form::Null | Form::Unknown => return Ok(()),
            Form::Misfit => None,
            Form::Like { bytes, .. } => Some(match forms.get(bytes) {
                Some(place) => *place,
                None => {
                    let place = forms.len();
                    forms.insert(bytes.to_vec(), place);
                    place
                }
            }),
        };
        lost.push((row.key()?, form));
        Ok(())
    })?;
    let met = met(reader, reference, reads, &forms)?;
    lost.retain(|(_, form)| form.is_none_or(|place| !met[place]));
    Ok(lost.into_iter().map(|(key, _)| key).collect())
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
