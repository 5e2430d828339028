//! Which rejects wait for which: the rows that they refer to were set aside themselves.

use std::collections::HashMap;
use std::sync::Arc;

use crate::copy::CopyError;
use crate::copy::orphans::reference::Reference;
use crate::copy::workers::blocking;
use crate::schema::order::components;
use crate::sqlite::read::TableRead;
use crate::sqlite::{Reader, Snapshot, SqliteError};
use crate::value::Key;

/// The row of a reject: its table's place among those of the references, and its key.
pub(super) type Row = (usize, Key);

/// For each row, the places of those that it refers to; itself is not among them. How the tables of the rows are read comes
/// with their places.
pub(super) async fn links(
    snapshot: &Arc<Snapshot>,
    reads: Vec<(usize, TableRead)>,
    references: Vec<Reference>,
    rows: Vec<Row>,
) -> Result<Vec<Vec<usize>>, CopyError> {
    let snapshot = Arc::clone(snapshot);
    blocking(move || {
        let reads: HashMap<usize, TableRead> = reads.into_iter().collect();
        let (reader, mut links) = (snapshot.lend(), vec![Vec::new(); rows.len()]);
        let is_met = |table: usize| rows.iter().any(|row| row.0 == table);
        for one in references.iter().filter(|one| is_met(one.child) && is_met(one.parent)) {
            let mut parents: HashMap<Vec<String>, Vec<usize>> = HashMap::new();
            for (place, values) in stored(&reader, &reads[&one.parent], one.parent, &one.parent_columns, &rows)? {
                parents.entry(values).or_default().push(place);
            }
            for (place, values) in stored(&reader, &reads[&one.child], one.child, &one.columns, &rows)? {
                let others = parents.get(&values).into_iter().flatten().filter(|parent| **parent != place);
                links[place].extend(others);
            }
        }
        Ok(links)
    })
    .await
}

/// What some columns of those rows hold that are of this table; rows with a NULL among them refer to nothing.
fn stored(
    reader: &Reader<'_>,
    read: &TableRead,
    table: usize,
    columns: &[String],
    rows: &[Row],
) -> Result<Vec<(usize, Vec<String>)>, SqliteError> {
    let own = rows.iter().enumerate().filter(|(_, row)| row.0 == table);
    let (places, keys): (Vec<usize>, Vec<Key>) = own.map(|(place, row)| (place, row.1.clone())).unzip();
    let (read, mut found) = (TableRead { columns: columns.to_vec(), ..read.clone() }, Vec::new());
    read.rows(reader, &keys, |at, row| {
        let Some(row) = row else { return Ok(()) };
        let literals = (0..columns.len()).map(|column| Ok(row.stored(column)?.to_string()));
        let literals = literals.collect::<Result<Vec<String>, SqliteError>>()?;
        if literals.iter().all(|literal| literal != "NULL") {
            found.push((places[at], literals));
        }
        Ok(())
    })?;
    Ok(found)
}

/// Rows that must go in together, each lot after those that it waits for; rows that wait for none are no lot.
pub(super) fn lots_that_wait(links: &[Vec<usize>]) -> Vec<Vec<usize>> {
    let mut lots = components(links);
    lots.retain(|lot| lot.iter().any(|row| !links[*row].is_empty()));
    lots
}

/// The places of all rows, each after those that it waits for.
pub(super) fn parents_first(links: &[Vec<usize>]) -> Vec<usize> {
    components(links).concat()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_chain_goes_from_its_end_and_a_circle_together() {
        // 0 → 1 → 2, 3 ⇄ 4, 5 alone.
        let links = [vec![1], vec![2], vec![], vec![4], vec![3], vec![]];
        assert_eq!(parents_first(&links), [2, 1, 0, 3, 4, 5]);
        assert_eq!(lots_that_wait(&links), [vec![1], vec![0], vec![3, 4]]);
    }
}
