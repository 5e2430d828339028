//! Texts of SQL as the server words them: where a list ends, and the names that it holds.

/// What stands before the parenthesis that closes a list which is already open.
pub(super) fn first_list(text: &str) -> &str {
    let mut depth = 0_u32;
    let mut quote = None;
    for (at, character) in text.char_indices() {
        match (quote, character) {
            // A doubled quote ends a quotation and begins another at once.
            (Some(open), found) if open == found => quote = None,
            (Some(_), _) => {}
            (None, '\'' | '"') => quote = Some(character),
            (None, '(') => depth += 1,
            (None, ')') if depth == 0 => return &text[..at],
            (None, ')') => depth -= 1,
            (None, _) => {}
        }
    }
    text
}

/// A text on one line: the server breaks the definition of a view into many. What stands in quotes is kept.
pub(super) fn one_line(text: &str) -> String {
    let (mut line, mut quote, mut breaks) = (String::with_capacity(text.len()), None, false);
    for character in text.chars() {
        match (quote, character) {
            (None, '\n') => breaks = true,
            (None, ' ') if breaks => {}
            _ => {
                if std::mem::take(&mut breaks) && !line.is_empty() {
                    line.push(' ');
                }
                quote = match (quote, character) {
                    (Some(open), found) if open == found => None,
                    (None, '\'' | '"') => Some(character),
                    _ => quote,
                };
                line.push(character);
            }
        }
    }
    line
}

/// The parts of a text between commas that stand outside of quotes and parentheses.
pub(super) fn parts(text: &str) -> Vec<&str> {
    let (mut parts, mut rest) = (Vec::new(), text);
    loop {
        let end = comma(rest);
        parts.push(rest[..end.unwrap_or(rest.len())].trim());
        match end {
            Some(end) => rest = &rest[end + 1..],
            None => return parts,
        }
    }
}

fn comma(text: &str) -> Option<usize> {
    let mut depth = 0_i32;
    let mut quote = None;
    text.char_indices().find_map(|(at, character)| {
        match (quote, character) {
            (Some(open), found) if open == found => quote = None,
            (Some(_), _) => {}
            (None, '\'' | '"') => quote = Some(character),
            (None, '(' | '[') => depth += 1,
            (None, ')' | ']') => depth -= 1,
            (None, ',') if depth == 0 => return Some(at),
            (None, _) => {}
        }
        None
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_list_ends_at_its_own_parenthesis() {
        assert_eq!(first_list("a DESC, lower(b)) WHERE (c)"), "a DESC, lower(b)");
        assert_eq!(first_list("\"odd)name\", (b || ')'::text)) INCLUDE (c)"), "\"odd)name\", (b || ')'::text)");
        assert_eq!(first_list("\"a\"\")\")"), "\"a\"\")\"");
    }

    #[test]
    fn a_definition_stands_on_one_line_and_what_is_quoted_stays() {
        let text = " SELECT a,\n    b\n   FROM t\n  WHERE c = 'x\n  y'::text\n";
        assert_eq!(one_line(text), " SELECT a, b FROM t WHERE c = 'x\n  y'::text");
    }

    #[test]
    fn a_comma_inside_something_divides_nothing() {
        assert_eq!(parts("'a', 'b,c', 'it''s, d'"), ["'a'", "'b,c'", "'it''s, d'"]);
        assert_eq!(parts("\"x,y\" numeric(10,2), b text"), ["\"x,y\" numeric(10,2)", "b text"]);
    }
}
