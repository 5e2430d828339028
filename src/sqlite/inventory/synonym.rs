//! Words of a check or a generated column that only have another name for the same.
//!
//! Of these alone: elsewhere SQLite holds an expression against that of an index, and does so word by word.

use super::words::{self, is_among};

/// Functions with two names, the one that is told behind the other.
///
/// Source: SQLite, "Built-In Scalar SQL Functions".
const FUNCTIONS: [(&str, &str); 2] = [("ifnull", "coalesce"), ("substring", "substr")];
/// What may follow a value that is compared, so that nothing binds it more tightly than the comparison.
const BEHIND: &str = " ) , and or when then else end ";

/// Gives what has two names the one that is told: functions, and 1 and 0 for the truth that a column is equal to.
///
/// Source: SQLite, "Datatypes In SQLite", 2.1: TRUE and FALSE are other spellings of 1 and 0; but not behind IS.
pub(super) fn plainest(words: Vec<String>) -> Vec<String> {
    let word = |at: usize| words.get(at).map_or("", String::as_str);
    let told = |at: usize| {
        let own = word(at);
        if word(at + 1) == "(" {
            return FUNCTIONS.iter().find(|(known, _)| *known == own).map_or(own, |(_, told)| told);
        }
        let is_compared = at > 1 && is_among(" = <> ", word(at - 1)) && words::is_name(word(at - 2));
        match own {
            "true" if is_compared && is_end(word(at + 1)) => "1",
            "false" if is_compared && is_end(word(at + 1)) => "0",
            own => own,
        }
    };
    (0..words.len()).map(|at| told(at).to_owned()).collect()
}

fn is_end(word: &str) -> bool {
    word.is_empty() || is_among(BEHIND, word)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn worded(sql: &str) -> String {
        let is_name = |word: &str| ["a", "b"].contains(&word);
        words::expression(plainest(words::of(sql, &is_name).expect("it can be cut")))
    }

    #[test]
    fn what_has_two_names_is_told_by_one() {
        for (wording, spelling) in [
            ("coalesce(a, 0) > 0", "ifnull(a, 0) > 0"),
            ("substr(a, 1, 2) = 'x'", "SUBSTRING(a, 1, 2) = 'x'"),
            ("a = 1 and b <> 0", "(a = TRUE) and b != false"),
        ] {
            assert_eq!(worded(spelling), wording);
            assert_eq!(worded(wording), wording);
        }
    }

    #[test]
    fn what_is_no_other_name_stays() {
        for text in ["a is true", "a is not false", "a = \"true\"", "a = 'true'", "a = true + 1", "true = a"] {
            assert_eq!(worded(text), text.replace("\"true\"", "'true'"));
        }
        let of_column = |word: &str| word == "a" || word == "true";
        assert_eq!(plainest(words::of("a = true", &of_column).expect("it can be cut")), ["a", "=", "\"true\""]);
    }
}
