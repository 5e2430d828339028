//! Constants with casts that change nothing, without which the server words them alike.

/// The cast of a constant that goes by another type to the one that is compared.
const ROUNDABOUT: &str = "::character varying::text";

/// A default without casts to what its column is anyway; none where there is no such thing in it.
///
/// A column's type is what its default becomes in any case. Source: PostgreSQL manual, "Value Storage".
pub(super) fn plain_default(default: &str, column: &str) -> Option<String> {
    let (constant, casts) = default.split_at(constant_end(default)?);
    let mut casts = casts.strip_prefix("::")?.split("::");
    if constant.starts_with('\'') && is_of_text(column) {
        return casts.all(|cast| changes_no_text(constant, cast, column)).then(|| constant.to_owned());
    }
    let number = constant.trim_matches('\'');
    let plain = match number.parse::<i64>() {
        Ok(value) if bits(column).is_some() => casts.all(|cast| bits(cast).is_some_and(|bits| fits(value, bits))),
        _ => !constant.starts_with('\'') && is_of_fractions(column) && casts.all(|cast| cast == column),
    };
    plain.then(|| number.to_owned())
}

/// Takes the way round by another type from the constants of a statement.
pub(super) fn straight(sql: &str) -> String {
    let (mut text, mut rest) = (String::with_capacity(sql.len()), sql);
    while let Some(start) = rest.find(['\'', '"']) {
        let end = start + quoted_end(&rest[start..]);
        text.push_str(&rest[..end]);
        let is_text = rest[start..].starts_with('\'');
        rest = &rest[end..];
        if let Some(after) = rest.strip_prefix(ROUNDABOUT).filter(|after| is_text && !after.starts_with(['[', '('])) {
            text.push_str("::text");
            rest = after;
        }
    }
    text + rest
}

/// Where the constant ends with which a text begins.
fn constant_end(text: &str) -> Option<usize> {
    if text.starts_with('\'') {
        return Some(quoted_end(text));
    }
    let end = text.find("::")?;
    let is_number = text.starts_with(|first: char| first.is_ascii_digit())
        && text[..end].chars().all(|digit| digit.is_ascii_digit() || digit == '.');
    is_number.then_some(end)
}

/// Where what is quoted ends, behind its last quote; a quote in it is doubled.
fn quoted_end(text: &str) -> usize {
    let quote = text.chars().next().unwrap_or('\'');
    let mut letters = text.char_indices().skip(1).peekable();
    while let Some((at, letter)) = letters.next() {
        if letter == quote && letters.next_if(|(_, next)| *next == quote).is_none() {
            return at + 1;
        }
    }
    text.len()
}

fn is_of_text(kind: &str) -> bool {
    kind == "text" || kind == "character varying" || kind.starts_with("character varying(")
}

/// A cast to a text with a length cuts what is longer, which to store would fail.
fn changes_no_text(constant: &str, cast: &str, column: &str) -> bool {
    let length = || cast.strip_prefix("character varying(")?.strip_suffix(')')?.parse::<usize>().ok();
    let held = constant.trim_matches('\'').replace("''", "'").chars().count();
    matches!(cast, "text" | "character varying") || cast == column && length().is_some_and(|length| held <= length)
}

fn is_of_fractions(kind: &str) -> bool {
    matches!(kind, "real" | "double precision") || kind.starts_with("numeric")
}

fn bits(kind: &str) -> Option<u32> {
    match kind {
        "smallint" => Some(16),
        "integer" => Some(32),
        "bigint" => Some(64),
        _ => None,
    }
}

fn fits(value: i64, bits: u32) -> bool {
    let most = i64::MAX >> (64 - bits);
    (-most - 1..=most).contains(&value)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_default_needs_no_cast_to_what_its_column_is() {
        for (default, column, expected) in [
            ("'x'::text", "character varying(10)", "'x'"),
            ("'it''s'::character varying", "text", "'it''s'"),
            ("'x'::character varying(3)", "character varying(3)", "'x'"),
            ("'a::b'::text", "text", "'a::b'"),
            ("0::bigint", "bigint", "0"),
            ("'-1'::integer::bigint", "bigint", "-1"),
            ("'0'::smallint", "integer", "0"),
            ("0.5::double precision", "double precision", "0.5"),
            ("1.00::numeric(5,2)", "numeric(5,2)", "1.00"),
        ] {
            assert_eq!(plain_default(default, column).as_deref(), Some(expected), "{default} of {column}");
        }
    }

    #[test]
    fn a_cast_that_changes_something_stays() {
        for (default, column) in [
            ("'long'::character varying(3)", "character varying(3)"),
            ("'x'::character varying(3)", "text"),
            ("'x '::bpchar", "text"),
            ("70000::smallint", "integer"),
            ("'0.1'::real", "double precision"),
            ("0.5::numeric(5,0)", "numeric"),
            ("'1'::text", "integer"),
            ("1", "integer"),
            ("now()", "timestamp with time zone"),
            ("'now'::text::date", "date"),
            ("'x'::text || 'y'::text", "text"),
            ("lower('x'::text)", "text"),
        ] {
            assert_eq!(plain_default(default, column), None, "{default} of {column}");
        }
    }

    #[test]
    fn constants_go_the_straight_way() {
        for (sql, expected) in [
            (
                "v = 'x'::character varying::text and w = 'it''s'::character varying::text",
                "v = 'x'::text and w = 'it''s'::text",
            ),
            ("v = '''::character varying::text'", "v = '''::character varying::text'"),
            ("\"a\"::character varying::text", "\"a\"::character varying::text"),
            ("'{}'::character varying::text[]", "'{}'::character varying::text[]"),
            ("'x'::character varying(3)::text", "'x'::character varying(3)::text"),
        ] {
            assert_eq!(straight(sql), expected);
        }
    }
}
