//! Which rejects are tried together, in one transaction.

use std::collections::HashMap;

use super::meeting::Met;
use super::retry::Open;
use crate::copy::isolate::Which;

/// How many rows are tried in one transaction.
const MOST: usize = 200;

/// Rejects that are tried together.
#[derive(Debug)]
pub(super) struct Lot {
    /// Their numbers.
    pub(super) ids: Vec<i64>,
    /// Their rows in the source.
    pub(super) which: Which,
    /// The run under which those that are refused are kept again; none where the notes stay as they are.
    pub(super) run: Option<i64>,
}

/// Puts the rejects whose rows were found into lots; they come in the order of their runs.
pub(super) fn lots(rejects: &[Open], met: &[Met]) -> Vec<Lot> {
    let mut lots: Vec<Lot> = Vec::new();
    for (Open { id, run, .. }, met) in rejects.iter().zip(met) {
        let same = |lot: &&mut Lot| lot.run == Some(*run);
        match met {
            Met::Gone | Met::Strange => {}
            // It is loaded as it is now or not at all: what was set aside is not written over with what may be another row.
            Met::Mended(key) => lots.push(Lot { ids: vec![*id], which: Which::Keys(vec![key.clone()]), run: None }),
            Met::Here(key) => {
                let open = lots.iter_mut().rev().find(|lot| same(lot) && matches!(lot.which, Which::Keys(_)));
                match open {
                    Some(Lot { ids, which: Which::Keys(keys), .. }) if ids.len() < MOST => {
                        ids.push(*id);
                        keys.push(key.clone());
                    }
                    _ => lots.push(Lot { ids: vec![*id], which: Which::Keys(vec![key.clone()]), run: Some(*run) }),
                }
            }
            // Each lot is a walk through the whole table, so all of a run are one.
            Met::Alike(fingerprint) => {
                let open = lots.iter_mut().find(|lot| same(lot) && matches!(lot.which, Which::Alike(_)));
                match open {
                    Some(Lot { ids, which: Which::Alike(rows), .. }) => {
                        ids.push(*id);
                        *rows.entry(*fingerprint).or_default() += 1;
                    }
                    _ => {
                        let rows = HashMap::from([(*fingerprint, 1)]);
                        lots.push(Lot { ids: vec![*id], which: Which::Alike(rows), run: Some(*run) });
                    }
                }
            }
        }
    }
    lots
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::copy::fingerprint::Fingerprint;
    use crate::value::Key;

    fn lots_of(met: &[Met]) -> Vec<Lot> {
        let open = |id: usize| Open { id: id as i64, run: 1, table: String::new(), key: String::new() };
        lots(&(0..met.len()).map(open).collect::<Vec<_>>(), met)
    }

    #[test]
    fn rows_with_keys_go_by_the_hundred_and_alike_ones_all_together() {
        let here: Vec<Met> = (0..450).map(|number| Met::Here(Key::Rowid(number))).collect();
        assert_eq!(lots_of(&here).iter().map(|lot| lot.ids.len()).collect::<Vec<_>>(), [200, 200, 50]);
        let alike: Vec<Met> = (0..450).map(|number| Met::Alike(Fingerprint::of([(number % 2).to_string()]))).collect();
        let lots = lots_of(&alike);
        assert_eq!(lots.len(), 1);
        assert!(matches!(&lots[0].which, Which::Alike(rows) if rows.values().eq(&[225, 225])), "{lots:?}");
    }

    #[test]
    fn a_mended_row_goes_alone_and_what_was_not_found_not_at_all() {
        let lots = lots_of(&[Met::Gone, Met::Mended(Key::Rowid(1)), Met::Strange, Met::Mended(Key::Rowid(2))]);
        assert_eq!(
            lots.iter().map(|lot| (lot.ids.clone(), lot.run)).collect::<Vec<_>>(),
            [(vec![1], None), (vec![3], None)]
        );
    }
}
