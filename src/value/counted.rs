//! Counts in a sentence.

use std::fmt::Display;

/// A count before the words for one, or for any other number: `1 row holds`, `3 rows hold`.
pub fn counted<N: Display + PartialEq + From<u8>>(count: N, one: &str, several: &str) -> String {
    let words = if count == N::from(1) { one } else { several };
    format!("{count} {words}")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn one_is_told_from_all_other_numbers() {
        assert_eq!(counted(1_u64, "row holds", "rows hold"), "1 row holds");
        assert_eq!(counted(0_u64, "row holds", "rows hold"), "0 rows hold");
        assert_eq!(counted(21_usize, "check", "checks"), "21 checks");
    }
}
