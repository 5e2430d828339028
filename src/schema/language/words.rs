//! The first words of a statement, by which much can be told of it without reading it whole.

/// The first words of a statement in lower case; blanks, comments and everything else between them mean nothing.
pub fn first_words(sql: &str, count: usize) -> Vec<String> {
    let mut words = Vec::new();
    let mut rest = sql;
    while words.len() < count && !rest.is_empty() {
        if rest.starts_with("--") {
            rest = rest.find('\n').map_or("", |end| &rest[end..]);
        } else if rest.starts_with("/*") {
            rest = after_comment(rest);
        } else {
            let end = rest.find(|c: char| !(c.is_alphanumeric() || c == '_')).unwrap_or(rest.len());
            if end > 0 {
                words.push(rest[..end].to_ascii_lowercase());
            }
            let next = if end > 0 { end } else { rest.chars().next().map_or(1, char::len_utf8) };
            rest = &rest[next..];
        }
    }
    words
}

/// What follows a comment; PostgreSQL's may hold others.
fn after_comment(sql: &str) -> &str {
    let (mut depth, mut at) = (0_usize, 0);
    while let Some(next) = sql.as_bytes().get(at..at + 2) {
        match next {
            b"/*" => (depth, at) = (depth + 1, at + 2),
            b"*/" => (depth, at) = (depth.saturating_sub(1), at + 2),
            _ => at += 1,
        }
        if depth == 0 {
            return &sql[at..];
        }
    }
    ""
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn comments_and_signs_are_no_words() {
        assert_eq!(first_words("-- a\n/* b /* c */ d */ Drop TABLE \"X\".y;", 9), ["drop", "table", "x", "y"]);
        assert_eq!(first_words("/* open", 9), [""; 0]);
        assert_eq!(first_words("a b c", 2), ["a", "b"]);
    }
}
