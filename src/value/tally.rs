//! Counts of the rules that casts applied, column by column, with the keys of the first rows that met each.

use std::collections::BTreeMap;

use super::Key;
use super::rule::{Nature, Rule};

/// How many keys are kept as examples for one column and rule.
const EXAMPLES: usize = 3;

/// Counts of the rules applied, column by column.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Tally {
    counts: Vec<[u64; Rule::COUNT]>,
    changed_rows: u64,
    examples: BTreeMap<(usize, Rule), Vec<String>>,
}

impl Tally {
    /// Makes an empty tally for so many columns.
    pub fn new(columns: usize) -> Self {
        Self { counts: vec![[0; Rule::COUNT]; columns], ..Self::default() }
    }

    /// Counts the rules that were applied to one row, each with its column; tells whether the row's key is wanted as an
    /// example.
    pub fn count_row(&mut self, applied: &[(usize, Rule)]) -> bool {
        let (mut changed, mut wanted) = (false, false);
        for (column, rule) in applied {
            let count = &mut self.counts[*column][*rule as usize];
            *count += 1;
            wanted |= *count <= EXAMPLES as u64;
            changed |= rule.nature() != Nature::Warned;
        }
        self.changed_rows += u64::from(changed);
        wanted
    }

    /// Keeps the key of a row as an example of its rules; a row without a key can be none.
    pub fn keep_examples(&mut self, applied: &[(usize, Rule)], key: Option<&Key>) {
        let Some(key) = key else { return };
        for met in applied {
            let keys = self.examples.entry(*met).or_default();
            if keys.len() < EXAMPLES {
                keys.push(key.to_string());
            }
        }
    }

    /// The rows of which at least one value was changed.
    pub fn changed_rows(&self) -> u64 {
        self.changed_rows
    }

    /// Adds another tally of the same columns.
    pub fn add(&mut self, other: &Self) {
        self.changed_rows += other.changed_rows;
        self.counts.resize(self.counts.len().max(other.counts.len()), [0; Rule::COUNT]);
        for (mine, theirs) in self.counts.iter_mut().zip(&other.counts) {
            for (count, more) in mine.iter_mut().zip(theirs) {
                *count += more;
            }
        }
        for (met, keys) in &other.examples {
            let mine = self.examples.entry(*met).or_default();
            mine.extend(keys.iter().take(EXAMPLES.saturating_sub(mine.len())).cloned());
        }
    }

    /// The rules of one column that were applied, with their counts.
    pub fn of_column(&self, column: usize) -> impl Iterator<Item = (Rule, u64)> {
        let counts = self.counts.get(column).copied().unwrap_or([0; Rule::COUNT]);
        Rule::ALL.into_iter().zip(counts).filter(|(_, count)| *count > 0)
    }

    /// The keys of the first rows in which a rule was applied to a column.
    pub fn examples(&self, column: usize, rule: Rule) -> &[String] {
        self.examples.get(&(column, rule)).map_or(&[], Vec::as_slice)
    }

    /// The sums over all columns of the rules that match, by name.
    pub fn by_rule(&self, wanted: impl Fn(Nature) -> bool) -> BTreeMap<&'static str, u64> {
        let mut sums = BTreeMap::new();
        for column in 0..self.counts.len() {
            for (rule, count) in self.of_column(column).filter(|(rule, _)| wanted(rule.nature())) {
                *sums.entry(rule.name()).or_default() += count;
            }
        }
        sums
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_tally_counts_by_column_and_sums_by_rule() {
        let mut tally = Tally::new(2);
        tally.count_row(&[(0, Rule::TextFromInteger), (1, Rule::TextFromInteger)]);
        tally.count_row(&[(1, Rule::JsonUnreadableEscape)]);
        tally.count_row(&[]);
        assert_eq!(tally.changed_rows(), 1);
        assert_eq!(tally.of_column(1).count(), 2);
        assert_eq!(tally.by_rule(|nature| nature != Nature::Warned), [("text: from an integer", 2)].into());
        assert_eq!(tally.by_rule(|nature| nature == Nature::Warned).len(), 1);
    }

    #[test]
    fn the_first_three_keys_are_kept_and_more_are_not_asked_for() {
        let mut whole = Tally::new(1);
        for stream in 0..3 {
            let mut tally = Tally::new(1);
            for row in 0..5 {
                let applied = [(0, Rule::TextFromReal)];
                if tally.count_row(&applied) {
                    tally.keep_examples(&applied, Some(&Key::Rowid(stream * 10 + row)));
                }
            }
            assert_eq!(tally.examples(0, Rule::TextFromReal).len(), EXAMPLES);
            whole.add(&tally);
        }
        assert_eq!(whole.examples(0, Rule::TextFromReal), ["rowid 0", "rowid 1", "rowid 2"]);
        assert_eq!(whole.of_column(0).next(), Some((Rule::TextFromReal, 15)));
        assert!(whole.examples(0, Rule::TextPadded).is_empty());
    }
}
