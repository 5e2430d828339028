//! Rows as texts, and whether they came back from a way up and down.

use std::collections::BTreeMap;

use crate::schema::reverse::Loss;

/// The rows of one table.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(super) struct Rows {
    pub(super) columns: Vec<String>,
    pub(super) rows: Vec<Vec<Option<String>>>,
}

/// The rows of all tables, by the tables' names.
pub(super) type All = BTreeMap<String, Rows>;

/// The rows at the moments of one revision's trial.
#[derive(Clone, Copy)]
pub(super) struct Moments<'a> {
    /// Before the way up.
    pub(super) before: &'a All,
    /// After the way up.
    pub(super) after: &'a All,
    /// After empty tables were filled.
    pub(super) filled: &'a All,
    /// After the way down.
    pub(super) back: &'a All,
}

/// What became of rows.
#[derive(Debug, Default, PartialEq, Eq)]
pub(super) struct Fate {
    /// What is not as it was, and should be.
    pub(super) differences: Vec<String>,
    /// What the way up destroys, so that no way down brings it back.
    pub(super) notes: Vec<String>,
}

impl Moments<'_> {
    /// Says what became of the rows that were there before the way up.
    pub(super) fn fate(self, losses: &[Loss]) -> Fate {
        let mut fate = Fate::default();
        for (table, was) in self.before {
            if let Some(is) = self.back.get(table) {
                self.fate_of(table, was, is, losses, &mut fate);
            }
        }
        fate
    }

    fn fate_of(self, table: &str, was: &Rows, is: &Rows, losses: &[Loss], fate: &mut Fate) {
        let after = self.after.get(table);
        if after.is_none() && losses.iter().any(|loss| loss.column().is_none() && same(loss.table(), table)) {
            if !was.differences(table, is, &was.common(is)).is_empty() {
                fate.notes.push(format!("its way up drops table {table}: the rows do not come back with it"));
            }
            return;
        }
        let lost = |column: &&String| {
            let stays = after.is_some_and(|after| after.columns.contains(column));
            losses.iter().any(|loss| {
                // A table that is there afterwards has its columns; the new type of one may hold less than the old.
                let meant = same(loss.table(), table) && loss.column().is_some_and(|own| same(own, column));
                meant && (!stays || loss.is_narrowed())
            })
        };
        let (lost, kept): (Vec<&String>, Vec<&String>) = was.common(is).into_iter().partition(lost);
        for column in lost {
            if !was.differences(table, is, &[column]).is_empty() {
                fate.notes.push(format!(
                    "its way up drops {table}.{column}, or a part of its values: they do not come back with it"
                ));
            }
        }
        fate.differences.extend(self.expected(table, was, is, &kept));
    }

    /// Where rows came in between, those are expected that were there then; if the way up had changed the old ones, only
    /// their number is known.
    fn expected(self, table: &str, was: &Rows, is: &Rows, kept: &[&String]) -> Vec<String> {
        let (Some(after), Some(filled)) = (self.after.get(table), self.filled.get(table)) else {
            return was.differences(table, is, kept);
        };
        if after == filled {
            return was.differences(table, is, kept);
        }
        let there: Vec<&String> = kept.iter().copied().filter(|column| after.columns.contains(column)).collect();
        let untouched = was.differences(table, after, &there).is_empty();
        filled.differences(table, is, if untouched { &there } else { &[] })
    }
}

fn same(name: &str, other: &str) -> bool {
    name.eq_ignore_ascii_case(other)
}

impl Rows {
    /// The columns that both have.
    fn common<'r>(&'r self, other: &Self) -> Vec<&'r String> {
        self.columns.iter().filter(|column| other.columns.contains(column)).collect()
    }

    /// Says in what another's rows differ over some columns, whatever their order, without any value.
    fn differences(&self, table: &str, found: &Self, columns: &[&String]) -> Vec<String> {
        let (expected, there) = (self.rows.len(), found.rows.len());
        if expected != there {
            return vec![format!("table {table}: {expected} rows before, {there} after")];
        }
        let differs = |columns: &[&String]| self.sorted(columns) != found.sorted(columns);
        let lines: Vec<String> = columns
            .iter()
            .filter(|column| differs(&[**column]))
            .map(|column| format!("{table}.{column}: the values are not what they were"))
            .collect();
        if lines.is_empty() && differs(columns) {
            return vec![format!("table {table}: the values of its rows belong together otherwise than before")];
        }
        lines
    }

    fn sorted(&self, columns: &[&String]) -> Vec<Vec<Option<&str>>> {
        let places: Vec<usize> =
            columns.iter().filter_map(|column| self.columns.iter().position(|own| own == *column)).collect();
        let mut rows: Vec<Vec<Option<&str>>> = self
            .rows
            .iter()
            .map(|row| places.iter().map(|&at| row.get(at).and_then(Option::as_deref)).collect())
            .collect();
        rows.sort_unstable();
        rows
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn all(columns: &[&str], rows: &[&[&str]]) -> All {
        let row = |row: &&[&str]| row.iter().map(|value| Some((*value).to_owned())).collect();
        let columns = columns.iter().map(|&column| column.to_owned()).collect();
        All::from([("t".to_owned(), Rows { columns, rows: rows.iter().map(row).collect() })])
    }

    fn fate(before: &All, after: &All, filled: &All, back: &All, losses: &[Loss]) -> Fate {
        Moments { before, after, filled, back }.fate(losses)
    }

    #[test]
    fn rows_that_came_back_in_another_order_are_the_same() {
        let (before, back) =
            (all(&["a", "b"], &[&["1", "x"], &["2", "y"]]), all(&["b", "a"], &[&["y", "2"], &["x", "1"]]));
        assert_eq!(fate(&before, &before, &before, &back, &[]), Fate::default());
    }

    #[test]
    fn rows_that_are_gone_are_counted_and_changed_values_named_by_their_column() {
        let before = all(&["a", "b"], &[&["1", "x"], &["2", "y"]]);
        let fewer = all(&["a", "b"], &[&["1", "x"]]);
        assert_eq!(fate(&before, &before, &before, &fewer, &[]).differences, ["table t: 2 rows before, 1 after"]);
        let other = all(&["a", "b"], &[&["1", "x"], &["2", "z"]]);
        let told = fate(&before, &before, &before, &other, &[]).differences;
        assert_eq!(told, ["t.b: the values are not what they were"]);
        let swapped = all(&["a", "b"], &[&["1", "y"], &["2", "x"]]);
        let told = fate(&before, &before, &before, &swapped, &[]).differences;
        assert_eq!(told, ["table t: the values of its rows belong together otherwise than before"]);
    }

    #[test]
    fn what_the_way_up_drops_is_a_note_and_no_difference() {
        let (before, after) = (all(&["a", "b"], &[&["1", "x"]]), all(&["a"], &[&["1"]]));
        let back = all(&["a", "b"], &[&["1", "?"]]);
        let found = fate(&before, &after, &after, &back, &[Loss::Column { table: "T".into(), column: "b".into() }]);
        assert_eq!(found.differences, [""; 0]);
        assert_eq!(found.notes, ["its way up drops t.b, or a part of its values: they do not come back with it"]);
        let found =
            fate(&before, &All::new(), &All::new(), &all(&["a", "b"], &[]), &[Loss::Table { table: "t".into() }]);
        assert_eq!(found.notes, ["its way up drops table t: the rows do not come back with it"]);
        assert_eq!(fate(&before, &after, &after, &back, &[]).differences.len(), 1);
    }

    #[test]
    fn rows_that_came_in_between_are_expected_too() {
        let (before, filled) = (all(&["a"], &[&["1"]]), all(&["a"], &[&["1"], &["2"]]));
        assert_eq!(fate(&before, &before, &filled, &filled, &[]), Fate::default());
        assert_eq!(fate(&before, &before, &filled, &before, &[]).differences, ["table t: 2 rows before, 1 after"]);
        let changed = all(&["a"], &[&["10"]]);
        let both = all(&["a"], &[&["10"], &["2"]]);
        assert_eq!(fate(&before, &changed, &both, &filled, &[]), Fate::default());
    }
}
