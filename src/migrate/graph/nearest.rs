//! The known name that a mistyped one most likely meant.

/// The candidate with the fewest typing errors, if they are few for the word's length; the first by name of several.
pub(crate) fn nearest<'c>(word: &str, candidates: impl IntoIterator<Item = &'c str>) -> Option<String> {
    let most = (word.chars().count() / 3).clamp(1, 3);
    let scored = candidates.into_iter().map(|candidate| (typing_errors(word, candidate), candidate));
    let best = scored.filter(|(errors, _)| *errors <= most).min();
    best.map(|(_, candidate)| candidate.to_owned())
}

/// Says a suggestion after a message, or nothing.
pub(super) fn perhaps(suggestion: Option<&str>) -> String {
    suggestion.map_or_else(String::new, |name| format!("; is `{name}` meant?"))
}

/// Says after a message which known name is nearest, or nothing.
pub(super) fn nearest_here(suggestion: Option<&str>) -> String {
    suggestion.map_or_else(String::new, |name| format!("; the nearest id here is `{name}`"))
}

/// Counts insertions, deletions, replacements and swaps of neighbours between two words, letter case aside.
fn typing_errors(typed: &str, known: &str) -> usize {
    let typed: Vec<char> = typed.to_lowercase().chars().collect();
    let known: Vec<char> = known.to_lowercase().chars().collect();
    let mut rows: Vec<Vec<usize>> = vec![(0..=known.len()).collect()];
    for (line, letter) in typed.iter().enumerate() {
        let mut row = vec![line + 1];
        for (column, other) in known.iter().enumerate() {
            let replaced = rows[line][column] + usize::from(letter != other);
            let mut least = replaced.min(rows[line][column + 1] + 1).min(row[column] + 1);
            let swapped = line > 0 && column > 0 && typed[line - 1] == *other && known[column - 1] == *letter;
            if swapped {
                least = least.min(rows[line - 1][column - 1] + 1);
            }
            row.push(least);
        }
        rows.push(row);
    }
    rows[typed.len()][known.len()]
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn two_swapped_letters_are_one_error() {
        assert_eq!(typing_errors("biling", "billing"), 1);
        assert_eq!(typing_errors("ab12", "ba12"), 1);
        assert_eq!(typing_errors("", "abc"), 3);
    }

    #[test]
    fn of_names_equally_near_the_first_is_suggested_whatever_their_order() {
        assert_eq!(nearest("0", ["10", "00"]), Some("00".to_owned()));
        assert_eq!(nearest("0", ["00", "10"]), Some("00".to_owned()));
    }

    #[test]
    fn a_name_far_away_is_not_suggested() {
        assert_eq!(nearest("bilingg", ["billing", "audit"]), Some("billing".to_owned()));
        assert_eq!(nearest("users", ["billing", "audit"]), None);
    }
}
