//! A sample of a table's rows, from all over it.

use std::fmt;
use std::str::FromStr;

use super::read::{RowRef, TableRead, Walk};
use super::{Reader, SqliteError};
use crate::value::KeyRange;

/// Into how many parts a table is cut so that a sample is not only its beginning.
const PARTS: u64 = 10;

/// How much of each table is read.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Sample {
    /// At most so many rows.
    Rows(u64),
    /// About so many of a hundred rows, at least one.
    Percent(u64),
}

impl Sample {
    /// How many of so many rows are read.
    pub fn of(self, rows: u64) -> u64 {
        match self {
            Self::Rows(most) => most.min(rows),
            Self::Percent(percent) => {
                let part = u128::from(rows) * u128::from(percent.min(100));
                u64::try_from(part.div_ceil(100)).unwrap_or(rows)
            }
        }
    }
}

impl FromStr for Sample {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        let wrong = || format!("`{text}` is no sample; write a number of rows from 1, or 1% to 100%");
        let (number, is_percent) = text.strip_suffix('%').map_or((text, false), |number| (number, true));
        match (number.trim().parse().map_err(|_| wrong())?, is_percent) {
            (rows @ 1.., false) => Ok(Self::Rows(rows)),
            (percent @ 1..=100, true) => Ok(Self::Percent(percent)),
            _ => Err(wrong()),
        }
    }
}

impl fmt::Display for Sample {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Rows(1) => f.write_str("1 row"),
            Self::Rows(rows) => write!(f, "{rows} rows"),
            Self::Percent(percent) => write!(f, "{percent}%"),
        }
    }
}

/// Walks a table in key order; with a sample, and the number of rows that the table has, parts from all over it. A table
/// without row numbers gives its first rows.
pub fn walk(
    reader: &Reader<'_>,
    read: &TableRead,
    sample: Option<(Sample, u64)>,
    mut visit: impl FnMut(&RowRef<'_>) -> Result<(), SqliteError>,
) -> Result<(), SqliteError> {
    let most = sample.map(|(sample, rows)| (sample.of(rows), rows)).filter(|(most, rows)| most < rows);
    let Some((most, _)) = most else {
        return read.walk(reader, &KeyRange::default(), |row| visit(row).map(|()| Walk::Continue));
    };
    let mut ranges = read.split(reader, PARTS.min(most))?;
    let mut left = most;
    // What ranges with few rows leave over is read from those that have more of them.
    while left > 0 && !ranges.is_empty() {
        let each = left.div_ceil(ranges.len() as u64);
        let mut rests = Vec::new();
        for range in ranges {
            let (most, mut here, mut last) = (each.min(left), 0, None);
            if most == 0 {
                break;
            }
            read.walk(reader, &range, |row| {
                here += 1;
                visit(row)?;
                let is_last = here == most;
                if is_last {
                    last = row.key()?;
                }
                Ok(if is_last { Walk::Stop } else { Walk::Continue })
            })?;
            left -= here;
            rests.extend(last.map(|last| KeyRange { after: Some(last), ..range }));
        }
        let parts = (PARTS.min(left) / (rests.len() as u64).max(1)).max(1);
        let cut = rests.iter().map(|rest| read.split_within(reader, rest, parts));
        ranges = cut.collect::<Result<Vec<_>, _>>()?.concat();
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_sample_is_a_number_of_rows_or_a_part_of_them() {
        let of = |text: &str, rows| text.parse::<Sample>().map(|sample| (sample.of(rows), sample.to_string()));
        assert_eq!(of("100", 5_000), Ok((100, "100 rows".into())));
        assert_eq!(of("100", 50), Ok((50, "100 rows".into())));
        assert_eq!(of("10%", 5), Ok((1, "10%".into())));
        assert_eq!(of("100%", 7), Ok((7, "100%".into())));
        for wrong in ["0", "0%", "101%", "-1", "1.5%", "", "%", "all"] {
            assert!(wrong.parse::<Sample>().is_err(), "{wrong}");
        }
    }
}
