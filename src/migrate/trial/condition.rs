//! What a condition names: columns, and the texts and numbers that it compares them with.

/// What is named in a condition, in the order in which it stands there.
#[derive(Debug, Default, PartialEq, Eq)]
pub(super) struct Named {
    /// Words that may be columns, in lower case.
    pub(super) words: Vec<String>,
    /// Texts and numbers, as SQL.
    pub(super) values: Vec<String>,
}

/// Reads a condition of either engine.
pub(super) fn named(condition: &str) -> Named {
    let mut named = Named::default();
    let mut rest = condition;
    while let Some(first) = rest.chars().next() {
        let length = match first {
            '\'' => {
                let length = closing(rest, '\'');
                named.values.push(rest[..length].to_owned());
                length
            }
            '"' | '`' => {
                let length = closing(rest, first);
                named.words.push(rest[..length].trim_matches(first).to_lowercase());
                length
            }
            c if c.is_ascii_digit() => {
                let length = span(rest, |c| c.is_ascii_digit() || c == '.');
                named.values.push(rest[..length].to_owned());
                length
            }
            c if c.is_alphabetic() || c == '_' => {
                let length = span(rest, |c| c.is_alphanumeric() || c == '_');
                named.words.push(rest[..length].to_lowercase());
                length
            }
            c => c.len_utf8(),
        };
        rest = &rest[length..];
    }
    named
}

/// How long something quoted is, with both quotes; a doubled quote stands for itself.
fn closing(text: &str, quote: char) -> usize {
    let mut inside = text.char_indices().skip(1).peekable();
    while let Some((at, c)) = inside.next() {
        if c == quote && inside.next_if(|(_, next)| *next == quote).is_none() {
            return at + 1;
        }
    }
    text.len()
}

fn span(text: &str, belongs: impl Fn(char) -> bool) -> usize {
    text.find(|c: char| !belongs(c)).unwrap_or(text.len())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_words_of_either_engine_are_found() {
        let sqlite = named("\"Kind\" in ('a', 'it''s') and n between 1 and 2.5");
        assert_eq!(sqlite.values, ["'a'", "'it''s'", "1", "2.5"]);
        assert_eq!(sqlite.words, ["kind", "in", "and", "n", "between", "and"]);
        let postgres = named("((kind)::text = ANY (ARRAY['a'::text, 'b'::text]))");
        assert_eq!(postgres.values, ["'a'", "'b'"]);
        assert!(postgres.words.contains(&"kind".to_owned()));
        assert_eq!(named("'open é").values, ["'open é"]);
    }
}
