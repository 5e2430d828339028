//! Names as facts write them, in whichever engine's words: in quotes where they are no plain words.

/// A name as both engines know it: SQLite does not tell names apart that differ in case alone.
pub(super) fn lower(name: &str) -> String {
    name.to_lowercase()
}

/// The parts of a list between commas that stand outside of quotes and parentheses.
pub(super) fn parts(list: &str) -> Vec<&str> {
    let (mut parts, mut start) = (Vec::new(), 0);
    for (at, _) in outside(list).filter(|(_, character)| *character == ',') {
        parts.push(list[start..at].trim());
        start = at + 1;
    }
    parts.push(list[start..].trim());
    parts.retain(|part| !part.is_empty());
    parts
}

/// The words of a text; what stands in quotes or parentheses belongs to one, and a comma stands alone.
pub(super) fn words(text: &str) -> Vec<&str> {
    let (mut words, mut start) = (Vec::new(), 0);
    for (at, character) in outside(text).filter(|(_, character)| *character == ',' || character.is_whitespace()) {
        words.push(&text[start..at]);
        words.push(if character == ',' { "," } else { "" });
        start = at + character.len_utf8();
    }
    words.push(&text[start..]);
    words.retain(|word| !word.is_empty());
    words
}

/// The names in a list.
pub(super) fn names(list: &str) -> Vec<String> {
    parts(list).into_iter().map(|part| name(part.split_at(name_end(part)).0)).collect()
}

/// A name without its quotes.
pub(super) fn name(text: &str) -> String {
    let inside = text.strip_prefix('"').and_then(|rest| rest.strip_suffix('"'));
    lower(&inside.map_or_else(|| text.to_owned(), |inside| inside.replace("\"\"", "\"")))
}

/// Names as they are told and compared, so that one with a comma is not taken for two.
pub(super) fn listed(names: &[String]) -> String {
    let told = |name: &String| match name.chars().all(|letter| letter.is_alphanumeric() || letter == '_') {
        true => name.clone(),
        false => format!("\"{}\"", name.replace('"', "\"\"")),
    };
    names.iter().map(told).collect::<Vec<_>>().join(", ")
}

/// Where a name ends with which a text begins: at the end of its quotes, or of its letters.
pub(super) fn name_end(text: &str) -> usize {
    let Some(inside) = text.strip_prefix('"') else {
        return text.find(|letter: char| !letter.is_alphanumeric() && !"_$".contains(letter)).unwrap_or(text.len());
    };
    let mut letters = inside.char_indices().peekable();
    while let Some((at, letter)) = letters.next() {
        if letter == '"' && letters.next_if(|(_, next)| *next == '"').is_none() {
            return at + 2;
        }
    }
    text.len()
}

/// A text with nothing in its quotes, so that its words may be looked at.
pub(super) fn without_quoted(text: &str) -> String {
    let mut quote = None;
    let keep = |letter: char| {
        let is_kept = quote.is_none_or(|open| open == letter);
        match quote {
            Some(open) if open == letter => quote = None,
            None if matches!(letter, '\'' | '"') => quote = Some(letter),
            _ => {}
        }
        is_kept.then_some(letter)
    };
    text.chars().filter_map(keep).collect()
}

/// The characters outside of quotes and parentheses, with their places.
fn outside(text: &str) -> impl Iterator<Item = (usize, char)> {
    let (mut quote, mut depth) = (None, 0_usize);
    text.char_indices().filter(move |(_, letter)| {
        match (quote, *letter) {
            (Some(open), letter) if open == letter => quote = None,
            (Some(_), _) => {}
            (None, '\'' | '"') => quote = Some(*letter),
            (None, '(' | '[') => depth += 1,
            (None, ')' | ']') => depth = depth.saturating_sub(1),
            (None, _) => return depth == 0,
        }
        false
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_comma_in_a_name_makes_no_two_of_it() {
        assert_eq!(names("a, \"x,y\" desc, \"B \"\"c\""), ["a", "x,y", "b \"c"]);
        assert_ne!(listed(&names("\"x,y\"")), listed(&names("x, y")));
        assert_eq!(listed(&names("a, \"x,y\"")), "a, \"x,y\"");
        assert_eq!(parts("lower(a, b), c desc"), ["lower(a, b)", "c desc"]);
        assert_eq!(
            words("update of a, \"b c\" on t when (a > 1)"),
            ["update", "of", "a", ",", "\"b c\"", "on", "t", "when", "(a > 1)"]
        );
        assert_eq!(without_quoted("a = 'like' or \"b\"\"c\" > 1"), "a = '' or \"\"\"\" > 1");
    }
}
