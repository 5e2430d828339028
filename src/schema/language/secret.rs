//! Passwords in a script, which are not shown where a line of it is.

const HIDDEN: &str = "***";

/// A line of a script as it may be shown, and the part of it that stands before a column; both count from 1.
pub fn shown_line(text: &str, line: usize, column: usize) -> Option<(String, String)> {
    let start: usize = text.split_inclusive('\n').take(line.checked_sub(1)?).map(str::len).sum();
    let own = text.split('\n').nth(line - 1)?;
    let before = own.char_indices().nth(column.saturating_sub(1)).map_or(own.len(), |(at, _)| at);
    let of = |text: &str| text.split('\n').nth(line - 1).unwrap_or_default().trim_end_matches('\r').to_owned();
    Some((of(&without_passwords(text)), of(&without_passwords(&text[..start + before]))))
}

/// A text without what stands after the word `password`; its lines stay as they are.
pub fn without_passwords(text: &str) -> String {
    const WORD: &str = "password";
    let lower = text.to_ascii_lowercase();
    let (mut shown, mut done) = (String::with_capacity(text.len()), 0);
    while let Some(found) = lower[done..].find(WORD) {
        let after = done + found + WORD.len();
        let secret = secret_after(&text[after..]);
        let (start, end) = secret.map_or((after, after), |(start, end)| (after + start, after + end));
        shown.push_str(&text[done..start]);
        if start < end {
            shown.push_str(HIDDEN);
            shown.extend(text[start..end].chars().filter(|c| *c == '\n'));
        }
        done = end;
    }
    shown + &text[done..]
}

/// Where a password begins and ends in what follows the word.
fn secret_after(rest: &str) -> Option<(usize, usize)> {
    // The name of a column or of a key may be quoted.
    let quoted = usize::from(rest.starts_with('"'));
    let sign = rest[quoted..].find(|c: char| !(c.is_whitespace() || matches!(c, '=' | ':'))).map(|at| at + quoted)?;
    if sign == 0 {
        return None;
    }
    let value = &rest[sign..];
    let (opening, closing) = quotes(value).unwrap_or_default();
    if closing.is_empty() {
        // In the words of a connection it may stand without quotes.
        let ends = |c: char| c.is_whitespace() || matches!(c, '\'' | '"' | ';' | ',' | ')' | '&');
        let end = value.find(ends).unwrap_or(value.len());
        return (&rest[..sign] == "=").then_some((sign, sign + end));
    }
    let start = sign + opening;
    Some((start, start + end_of(&rest[start..], closing)))
}

/// How long the opening quote of a literal is, and what closes it.
fn quotes(value: &str) -> Option<(usize, &str)> {
    let prefix =
        value.find(['\'', '"', '$']).filter(|at| *at <= 2 && value[..*at].chars().all(|c| "eEnNuU&".contains(c)))?;
    let literal = &value[prefix..];
    if let Some(after) = literal.strip_prefix('$') {
        let tag = after.find('$')? + 2;
        return Some((prefix + tag, &literal[..tag]));
    }
    // Inside a literal, quotes are written twice.
    let doubled = literal.starts_with("''") && literal[2..].starts_with(|c: char| c.is_alphanumeric());
    let length = if doubled { 2 } else { 1 };
    Some((prefix + length, &literal[..length]))
}

/// Where a literal ends that a quote closes; all of the text where none does.
fn end_of(text: &str, closing: &str) -> usize {
    let mut at = 0;
    while let Some(next) = text[at..].chars().next() {
        let doubled = closing.len() == 1 && text[at..].starts_with(&closing.repeat(2));
        if !doubled && text[at..].starts_with(closing) {
            return at;
        }
        // A backslash may escape the quote: more is hidden then, never less.
        let escaped = next == '\\' && closing.len() == 1 && text[at + 1..].starts_with(closing);
        at += if doubled || escaped { 2 } else { next.len_utf8() };
    }
    text.len()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_stands_after_the_word_password_is_hidden() {
        for (text, expected) in [
            ("create role r PASSWORD 'top''s' login", "create role r PASSWORD '***' login"),
            ("alter role r encrypted password E'to\\'p' x", "alter role r encrypted password E'***' x"),
            ("password $q$to'p$q$;", "password $q$***$q$;"),
            ("options (user 'u', password\n 't\np')", "options (user 'u', password\n '***\n')"),
            ("connection 'host=h password=top dbname=d'", "connection 'host=h password=*** dbname=d'"),
            ("connection 'host=h password=''t p'' dbname=d'", "connection 'host=h password=''***'' dbname=d'"),
            ("'{\"password\": \"top\"}'", "'{\"password\": \"***\"}'"),
            ("password 'open", "password '***"),
        ] {
            assert_eq!(without_passwords(text), expected);
        }
    }

    #[test]
    fn what_is_no_password_is_shown() {
        for text in ["password text default 'x'", "password_hash = 'x'", "select 'é', password from t", "password"] {
            assert_eq!(without_passwords(text), text);
        }
    }

    #[test]
    fn a_line_is_shown_with_the_mark_where_it_belongs() {
        let (line, before) = shown_line("x;\r\nalter role r password 'secret' nope\r\n", 2, 32).expect("is a line");
        assert_eq!(line, "alter role r password '***' nope");
        assert_eq!(before, "alter role r password '***' ");
        assert_eq!(shown_line("x", 3, 1), None);
    }
}
