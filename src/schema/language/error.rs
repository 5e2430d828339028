//! Where a script leaves the language, and what to write instead.

use std::fmt;

use super::secret::shown_line;

/// A place in a script.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Position {
    /// Bytes before it.
    pub offset: usize,
    /// The line, from 1.
    pub line: usize,
    /// The column in characters, from 1.
    pub column: usize,
}

impl Position {
    /// The beginning of a script.
    pub const START: Self = Self { offset: 0, line: 1, column: 1 };

    /// The place after one more character.
    pub(super) fn after(self, passed: char) -> Self {
        let offset = self.offset + passed.len_utf8();
        match passed {
            '\n' => Self { offset, line: self.line + 1, column: 1 },
            _ => Self { offset, line: self.line, column: self.column + 1 },
        }
    }
}

impl fmt::Display for Position {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "line {}, column {}", self.line, self.column)
    }
}

/// What in a script is not of the language. The name of the file is the caller's to add.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("{message}")]
pub struct LanguageError {
    /// Where it stands.
    pub position: Position,
    /// The word or sign that is in the way; empty at the end of a statement.
    pub token: String,
    /// What is wrong.
    pub message: String,
    /// What may stand there, or what to do.
    pub help: String,
}

impl LanguageError {
    pub(super) fn new(position: Position, token: &str, message: impl Into<String>, help: impl Into<String>) -> Self {
        Self { position, token: token.to_owned(), message: message.into(), help: help.into() }
    }

    /// The line of the script with a caret under the token, and the help below it.
    pub fn excerpt(&self, text: &str) -> String {
        let (line, before) = shown_line(text, self.position.line, self.position.column).unwrap_or_default();
        let number = self.position.line.to_string();
        // A tab stays a tab, so that the caret stands where the eye expects it.
        let blank = |c: char| if c == '\t' { '\t' } else { ' ' };
        let before: String = before.chars().map(blank).collect();
        let room = line.chars().count().saturating_sub(before.chars().count()).max(1);
        let first_line = self.token.split('\n').next().unwrap_or("");
        let carets = "^".repeat(first_line.chars().count().clamp(1, room));
        let margin = " ".repeat(number.len());
        format!("{margin} |\n{number} | {line}\n{margin} | {before}{carets}\n{margin} = {}", self.help)
    }
}

/// The entry of a list that a word was most likely meant to be.
pub(super) fn nearest<'l>(word: &str, list: &[&'l str]) -> Option<&'l str> {
    let (distance, entry) = list.iter().map(|entry| (distance(word, entry), *entry)).min()?;
    (distance <= 1 + word.chars().count() / 4).then_some(entry)
}

/// How many letters are put in, left out, exchanged or swapped with their neighbour.
///
/// Source: the restricted Damerau–Levenshtein distance.
fn distance(word: &str, other: &str) -> usize {
    let (word, other): (Vec<char>, Vec<char>) = (word.chars().collect(), other.chars().collect());
    let mut rows = vec![vec![0; other.len() + 1]; word.len() + 1];
    for (at, row) in rows.iter_mut().enumerate() {
        row[0] = at;
    }
    rows[0] = (0..=other.len()).collect();
    for i in 1..=word.len() {
        for j in 1..=other.len() {
            let changed = usize::from(word[i - 1] != other[j - 1]);
            let mut least = (rows[i - 1][j] + 1).min(rows[i][j - 1] + 1).min(rows[i - 1][j - 1] + changed);
            if i > 1 && j > 1 && word[i - 1] == other[j - 2] && word[i - 2] == other[j - 1] {
                least = least.min(rows[i - 2][j - 2] + 1);
            }
            rows[i][j] = least;
        }
    }
    rows[word.len()][other.len()]
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_excerpt_points_at_the_token() {
        let position = Position { offset: 23, line: 2, column: 6 };
        let error = LanguageError::new(position, "serial", "no such type", "write int");
        let text = "create table t (\n\tid é serial\n)";
        let shown = LanguageError { position: Position { column: 7, ..position }, ..error }.excerpt(text);
        assert_eq!(shown, "  |\n2 | \tid é serial\n  | \t     ^^^^^^\n  = write int");
    }

    #[test]
    fn an_excerpt_of_a_place_beyond_the_text_does_not_fail() {
        let position = Position { offset: 0, line: 9, column: 40 };
        assert!(LanguageError::new(position, "", "m", "h").excerpt("x").contains('^'));
    }

    #[test]
    fn a_misspelt_word_finds_its_neighbour_and_a_strange_one_finds_none() {
        assert_eq!(nearest("cretae", &["create", "delete"]), Some("create"));
        assert_eq!(nearest("timestam", &["timestamp", "time"]), Some("timestamp"));
        assert_eq!(nearest("geometry", &["text", "int"]), None);
    }
}
