//! Keys that are one in the target alone: values that SQLite tells apart and that a cast makes equal.

use std::collections::HashMap;

use crate::copy::likeness::{Form, Likeness};
use crate::copy::matching::ColumnPlan;
use crate::copy::plan::TablePlan;
use crate::sqlite::faults::Broken;
use crate::sqlite::read::{TableRead, Walk};
use crate::sqlite::{Reader, SqliteError};
use crate::value::KeyRange;

/// Of so many keys at most the form is kept: about 100 MB of them.
const MOST: usize = 1_000_000;

/// The rows whose key is that of an earlier row once both are cast; `None` when there are too many keys to look at.
///
/// Where the source holds its rows to the key, only one that a rule changed can meet another: the others are not kept.
pub(super) fn clashes(
    reader: &Reader<'_>,
    table: &TablePlan,
    key: &[&ColumnPlan],
    is_held: bool,
) -> Result<Option<Broken>, SqliteError> {
    let columns = key.iter().map(|column| column.source.clone()).collect();
    let read = TableRead { columns, ..table.read.clone() };
    let mut likeness = Likeness::of(key.iter().copied());
    // The forms that may come twice, with whether one has come yet.
    let mut forms: HashMap<Vec<u8>, bool> = HashMap::new();
    let mut is_known = true;
    read.walk(reader, &KeyRange::default(), |row| {
        match likeness.form(row)? {
            Form::Like { bytes, may_meet } if may_meet || !is_held => {
                forms.entry(bytes.to_vec()).or_insert(false);
            }
            Form::Unknown => is_known = false,
            _ => {}
        }
        is_known &= forms.len() <= MOST;
        Ok(if is_known { Walk::Continue } else { Walk::Stop })
    })?;
    if !is_known {
        return Ok(None);
    }
    let mut broken = Broken::default();
    if forms.is_empty() {
        return Ok(Some(broken));
    }
    read.walk(reader, &KeyRange::default(), |row| {
        if let Form::Like { bytes, .. } = likeness.form(row)?
            && let Some(has_come) = forms.get_mut(bytes)
            && std::mem::replace(has_come, true)
        {
            broken.rows += 1;
            broken.keep_example(row.key()?.as_ref());
        }
        Ok(Walk::Continue)
    })?;
    Ok(Some(broken))
}
