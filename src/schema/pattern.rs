//! Patterns by which a person names tables, columns and other things: `*` is any text, `?` any character.

use std::str::FromStr;

/// A pattern; case means nothing to it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Pattern {
    text: String,
    parts: Vec<char>,
}

impl FromStr for Pattern {
    type Err = &'static str;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        match text.trim() {
            "" => Err("name a table, or what it begins with: tmp_*"),
            text => Ok(Self { text: text.to_owned(), parts: text.to_lowercase().chars().collect() }),
        }
    }
}

impl Pattern {
    /// The pattern that means everything.
    pub fn anything() -> Self {
        Self { text: "*".into(), parts: vec!['*'] }
    }

    /// The pattern as it was written.
    pub fn text(&self) -> &str {
        &self.text
    }

    /// Tells whether a whole name is meant.
    pub fn means(&self, name: &str) -> bool {
        let name: Vec<char> = name.to_lowercase().chars().collect();
        let (mut at, mut in_name) = (0, 0);
        // Where the last star stands, and up to where it has taken the name.
        let mut star: Option<(usize, usize)> = None;
        while in_name < name.len() {
            match self.parts.get(at) {
                Some('*') => {
                    star = Some((at, in_name));
                    at += 1;
                }
                Some(part) if *part == '?' || *part == name[in_name] => {
                    at += 1;
                    in_name += 1;
                }
                _ => {
                    let Some((stands, taken)) = star else { return false };
                    star = Some((stands, taken + 1));
                    (at, in_name) = (stands + 1, taken + 1);
                }
            }
        }
        self.parts[at..].iter().all(|part| *part == '*')
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn means(pattern: &str, name: &str) -> bool {
        pattern.parse::<Pattern>().expect("a pattern").means(name)
    }

    #[test]
    fn a_star_is_any_text_and_a_question_mark_one_character() {
        for (pattern, name) in [
            ("tmp_*", "TMP_a"),
            ("*", ""),
            ("a*b*c", "aXbYbZc"),
            ("users.?", "users.x"),
            ("été*", "Étés"),
            ("a**", "a"),
        ] {
            assert!(means(pattern, name), "{pattern} {name}");
        }
        for (pattern, name) in [("tmp_*", "a_tmp_"), ("users", "users2"), ("users.?", "users."), ("a*b", "abc")] {
            assert!(!means(pattern, name), "{pattern} {name}");
        }
    }

    #[test]
    fn an_empty_pattern_is_none() {
        assert!(" ".parse::<Pattern>().is_err());
    }
}
