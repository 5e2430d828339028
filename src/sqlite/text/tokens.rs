//! The tokens of SQLite's SQL, with their places in the text, cut exactly as SQLite cuts them.

use std::ops::Range;

/// What a token is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(in crate::sqlite) enum Kind {
    Space,
    Comment,
    /// A keyword or a bare name: SQLite itself tells them apart only by where they stand.
    Word,
    /// A name in double quotes, brackets or backticks.
    Quoted,
    /// A text in single quotes; where a name must stand, SQLite takes it as one.
    Text,
    Blob,
    Number,
    Parameter,
    Symbol,
}

/// A token and its bytes.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(in crate::sqlite) struct Token {
    pub(in crate::sqlite) kind: Kind,
    pub(in crate::sqlite) start: usize,
    pub(in crate::sqlite) end: usize,
}

impl Token {
    pub(in crate::sqlite) fn span(self) -> Range<usize> {
        self.start..self.end
    }

    pub(in crate::sqlite) fn text(self, sql: &str) -> &str {
        &sql[self.span()]
    }

    /// Tells whether it says something to the parser.
    pub(in crate::sqlite) fn is_significant(self) -> bool {
        !matches!(self.kind, Kind::Space | Kind::Comment)
    }

    /// Tells whether it can stand where a name must.
    pub(in crate::sqlite) fn can_name(self) -> bool {
        matches!(self.kind, Kind::Word | Kind::Quoted | Kind::Text)
    }
}

/// Cuts a text into tokens; the error is the place of what SQLite would not take.
///
/// Source: SQLite's `tokenize.c`, `sqlite3GetToken`.
pub(in crate::sqlite) fn tokens(sql: &str) -> Result<Vec<Token>, usize> {
    let bytes = sql.as_bytes();
    let mut cut = Vec::new();
    let mut start = 0;
    while start < bytes.len() {
        let (kind, length) = next(&bytes[start..]).ok_or(start)?;
        let end = start + length;
        if !sql.is_char_boundary(end) {
            return Err(start);
        }
        cut.push(Token { kind, start, end });
        start = end;
    }
    Ok(cut)
}

/// The tokens that say something to the parser.
pub(in crate::sqlite) fn significant(sql: &str) -> Result<Vec<Token>, usize> {
    Ok(tokens(sql)?.into_iter().filter(|token| token.is_significant()).collect())
}

/// A name without its quotes.
pub(in crate::sqlite) fn unquoted(text: &str) -> String {
    let Some(quote @ ('"' | '\'' | '`' | '[')) = text.chars().next() else { return text.to_owned() };
    let inside = text.get(1..text.len() - 1).unwrap_or_default();
    if quote == '[' {
        return inside.to_owned();
    }
    inside.replace(&format!("{quote}{quote}"), &quote.to_string())
}

/// Tells whether two texts say the same: equal but for spaces and the places of comments.
pub(in crate::sqlite) fn say_the_same(expected: &str, found: &str) -> bool {
    let read = |sql: &str| {
        let cut = tokens(sql).ok()?;
        let of = |wanted: fn(&Token) -> bool| {
            cut.iter().copied().filter(wanted).map(|token| token.text(sql).to_owned()).collect::<Vec<_>>()
        };
        Some((of(|token| token.is_significant()), of(|token| token.kind == Kind::Comment)))
    };
    match (read(expected), read(found)) {
        (Some(expected), Some(found)) => expected == found,
        _ => false,
    }
}

fn next(bytes: &[u8]) -> Option<(Kind, usize)> {
    let at = |index: usize| bytes.get(index).copied().unwrap_or(0);
    match bytes[0] {
        b' ' | b'\t' | b'\n' | 0x0c | b'\r' => Some((Kind::Space, run(bytes, 0, is_space))),
        b'-' if at(1) == b'-' => Some((Kind::Comment, run(bytes, 2, |byte| byte != b'\n'))),
        b'/' if at(1) == b'*' && at(2) != 0 => Some((Kind::Comment, block_comment(bytes))),
        b'-' if at(1) == b'>' => Some((Kind::Symbol, if at(2) == b'>' { 3 } else { 2 })),
        quote @ (b'\'' | b'"' | b'`') => quoted(bytes, quote),
        b'[' => Some((Kind::Quoted, memchr::memchr(b']', bytes)? + 1)),
        b'x' | b'X' if at(1) == b'\'' => blob(bytes),
        b'0'..=b'9' => number(bytes),
        b'.' if at(1).is_ascii_digit() => number(bytes),
        b'?' => Some((Kind::Parameter, run(bytes, 1, |byte| byte.is_ascii_digit()))),
        b'$' | b'@' | b':' | b'#' => {
            let length = run(bytes, 1, is_name);
            (length > 1).then_some((Kind::Parameter, length))
        }
        0xef if bytes.starts_with(b"\xef\xbb\xbf") => Some((Kind::Space, 3)),
        byte if is_name(byte) => Some((Kind::Word, run(bytes, 1, is_name))),
        _ => symbol(bytes),
    }
}

fn symbol(bytes: &[u8]) -> Option<(Kind, usize)> {
    let pairs: [&[u8]; 8] = [b"==", b"<=", b"<>", b"<<", b">=", b">>", b"!=", b"||"];
    if pairs.iter().any(|pair| bytes.starts_with(pair)) {
        return Some((Kind::Symbol, 2));
    }
    b"-();+*/%=<>|,&~.".contains(&bytes[0]).then_some((Kind::Symbol, 1))
}

fn quoted(bytes: &[u8], quote: u8) -> Option<(Kind, usize)> {
    let mut index = 1;
    loop {
        index += memchr::memchr(quote, &bytes[index..])? + 1;
        if bytes.get(index) != Some(&quote) {
            return Some((if quote == b'\'' { Kind::Text } else { Kind::Quoted }, index));
        }
        index += 1;
    }
}

fn blob(bytes: &[u8]) -> Option<(Kind, usize)> {
    let digits = run(bytes, 2, |byte| byte.is_ascii_hexdigit());
    (bytes.get(digits) == Some(&b'\'') && digits.is_multiple_of(2)).then_some((Kind::Blob, digits + 1))
}

fn number(bytes: &[u8]) -> Option<(Kind, usize)> {
    let at = |index: usize| bytes.get(index).copied().unwrap_or(0);
    let is_digit = |byte: u8| byte.is_ascii_digit() || byte == b'_';
    let end = if bytes[0] == b'0' && matches!(at(1), b'x' | b'X') && at(2).is_ascii_hexdigit() {
        run(bytes, 3, |byte| byte.is_ascii_hexdigit() || byte == b'_')
    } else {
        let mut end = run(bytes, 0, is_digit);
        if at(end) == b'.' {
            end = run(bytes, end + 1, is_digit);
        }
        let signed = usize::from(matches!(at(end + 1), b'+' | b'-'));
        if matches!(at(end), b'e' | b'E') && at(end + 1 + signed).is_ascii_digit() {
            end = run(bytes, end + 2 + signed, is_digit);
        }
        end
    };
    (!is_name(at(end))).then_some((Kind::Number, end))
}

fn block_comment(bytes: &[u8]) -> usize {
    // The slash of `/*/` does not close what it opens; SQLite takes an unclosed comment to the end.
    memchr::memmem::find(&bytes[2..], b"*/").map_or(bytes.len(), |found| found + 4)
}

fn run(bytes: &[u8], from: usize, belongs: impl Fn(u8) -> bool) -> usize {
    let rest = bytes.get(from..).unwrap_or_default();
    from + rest.iter().position(|byte| !belongs(*byte)).unwrap_or(rest.len())
}

fn is_space(byte: u8) -> bool {
    matches!(byte, b' ' | b'\t' | b'\n' | 0x0b | 0x0c | b'\r')
}

fn is_name(byte: u8) -> bool {
    byte.is_ascii_alphanumeric() || byte == b'_' || byte == b'$' || byte >= 0x80
}

#[cfg(test)]
mod tests {
    use super::*;

    fn cut(sql: &str) -> Vec<(Kind, &str)> {
        let found = tokens(sql).expect("the text can be cut");
        found.into_iter().filter(|token| token.kind != Kind::Space).map(|token| (token.kind, token.text(sql))).collect()
    }

    #[test]
    fn each_kind_of_token_ends_where_sqlite_ends_it() {
        let expected = [
            (Kind::Word, "a$1"),
            (Kind::Text, "'it''s'"),
            (Kind::Quoted, "\"a\"\"b\""),
            (Kind::Quoted, "[a\"]"),
            (Kind::Quoted, "``"),
            (Kind::Blob, "x'0f'"),
            (Kind::Number, "1_0.5e-3"),
            (Kind::Number, "0xFf"),
            (Kind::Number, ".5"),
            (Kind::Parameter, "?1"),
            (Kind::Comment, "-- c ' \""),
            (Kind::Comment, "/*/ d */"),
            (Kind::Symbol, "->>"),
            (Kind::Symbol, "||"),
            (Kind::Word, "été"),
            (Kind::Comment, "/* open"),
        ];
        let sql = expected.iter().map(|(_, text)| *text).collect::<Vec<_>>().join(" ").replace("' \" ", "' \"\n");
        assert_eq!(cut(&sql), expected);
    }

    #[test]
    fn what_sqlite_would_not_take_is_told_by_its_place() {
        for sql in ["a 'open", "a \"open", "a [open", "a x'0'", "a 1a", "a ]", "a {", "a @"] {
            assert_eq!(tokens(sql), Err(2), "{sql}");
        }
    }

    #[test]
    fn a_name_is_read_without_its_quotes() {
        for (text, name) in
            [("\"a\"\"b\"", "a\"b"), ("[a\"\"b]", "a\"\"b"), ("`a``b`", "a`b"), ("'it''s'", "it's"), ("a", "a")]
        {
            assert_eq!(unquoted(text), name);
        }
    }

    #[test]
    fn spaces_say_nothing_and_comments_must_stay() {
        assert!(say_the_same("a int, -- one\n b", "a int , b -- one"));
        assert!(!say_the_same("a int, -- one\n b", "a int, b"));
        assert!(!say_the_same("a 'x  y'", "a 'x y'"));
    }
}
