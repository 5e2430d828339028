//! SQLite's words for random bytes and for random UUIDs, as PostgreSQL says them.

use crate::schema::LogicalType;

/// 32 random bytes: those of two random UUIDs, whose few fixed bits the hash spreads over all.
const BYTES: &str = "sha256(uuid_send(gen_random_uuid()) || uuid_send(gen_random_uuid()))";
/// How many bytes there are.
const MOST_BYTES: usize = 32;
/// The length of a UUID as text.
const UUID_CHARACTERS: usize = 36;
/// The function of PostgreSQL on which all of this rests; the oldest servers lack it.
pub(in crate::copy) const NEEDED: &str = "gen_random_uuid";

/// The forms of a random UUID that people write, in small letters and without blanks: parts of it come before, between and
/// after the letters that say the variant, in either order of the number's parts.
const UUIDS: [&str; 4] = [
    "lower(hex(randomblob(4)))||'-'||lower(hex(randomblob(2)))||'-4'||substr(lower(hex(randomblob(2))),2)||'-'||substr('89ab',#,1)||substr(lower(hex(randomblob(2))),2)||'-'||lower(hex(randomblob(6)))",
    "lower(hex(randomblob(4))||'-'||hex(randomblob(2))||'-4'||substr(hex(randomblob(2)),2)||'-'||substr('89ab',#,1)||substr(hex(randomblob(2)),2)||'-'||hex(randomblob(6)))",
    "lower(hex(randomblob(4))||'-'||hex(randomblob(2))||'-'||'4'||substr(hex(randomblob(2)),2)||'-'||substr('89ab',#,1)||substr(hex(randomblob(2)),2)||'-'||hex(randomblob(6)))",
    "lower(hex(randomblob(4)))||'-'||lower(hex(randomblob(2)))||'-'||'4'||substr(lower(hex(randomblob(2))),2)||'-'||substr('89ab',#,1)||substr(lower(hex(randomblob(2))),2)||'-'||lower(hex(randomblob(6)))",
];
/// The forms of a random number from 1 to 4.
const ONE_OF_FOUR: [&str; 6] = [
    "abs(random())%4+1",
    "(abs(random())%4)+1",
    "1+(abs(random())%4)",
    "1+abs(random())%4",
    "abs(random()%4)+1",
    "1+abs(random()%4)",
];

/// Gives PostgreSQL's text for a random default; nothing for any other.
pub(super) fn random(text: &str, logical: &LogicalType) -> Option<String> {
    use LogicalType as T;
    let words: String = text.to_lowercase().split_whitespace().collect();
    let fits = |characters: usize| match logical {
        T::Text => true,
        T::Varchar(length) => *length as usize >= characters,
        _ => false,
    };
    let is_small = !["'89AB'", "'AB89'"].iter().any(|letters| text.contains(letters));
    if is_uuid(&words) && (is_small || words.starts_with("lower(hex(randomblob(4))||")) {
        return match logical {
            T::Uuid => Some("gen_random_uuid()".into()),
            _ => fits(UUID_CHARACTERS).then(|| "(gen_random_uuid()::text)".into()),
        };
    }
    let count = |words: &str| {
        let count = words.strip_prefix("randomblob(")?.strip_suffix(')')?.parse::<usize>().ok()?;
        (1..=MOST_BYTES).contains(&count).then_some(count)
    };
    let bytes = |count: usize| format!("substr({BYTES}, 1, {count})");
    let in_hex = |words: &str| {
        let count = count(words.strip_prefix("hex(")?.strip_suffix(')')?)?;
        fits(2 * count).then(|| format!("encode({}, 'hex')", bytes(count)))
    };
    let lower = words.strip_prefix("lower(").and_then(|rest| rest.strip_suffix(')'));
    match logical {
        T::Bytes => count(&words).map(bytes),
        T::Text | T::Varchar(_) => lower.and_then(in_hex).or_else(|| in_hex(&words).map(|hex| format!("upper({hex})"))),
        _ => None,
    }
}

/// Whether words, without blanks and in small letters, make a random UUID of version 4.
fn is_uuid(words: &str) -> bool {
    // The four letters are drawn from in any order.
    let words = words.replace("'ab89'", "'89ab'").replace("'8b9a'", "'89ab'").replace("'ba98'", "'89ab'");
    let made = |form: &str| ONE_OF_FOUR.iter().any(|number| form.replace('#', number) == words);
    UUIDS.iter().any(|form| made(form))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn random_bytes_are_as_many() {
        let bytes = |count| format!("substr({BYTES}, 1, {count})");
        assert_eq!(random("randomblob( 16 )", &LogicalType::Bytes), Some(bytes(16)));
        let hex = format!("encode({}, 'hex')", bytes(8));
        assert_eq!(random("lower(hex(randomblob(8)))", &LogicalType::Text), Some(hex.clone()));
        assert_eq!(random("HEX(RANDOMBLOB(8))", &LogicalType::Text), Some(format!("upper({hex})")));
        for (text, logical) in [
            ("randomblob(0)", LogicalType::Bytes),
            ("randomblob(33)", LogicalType::Bytes),
            ("randomblob(4)", LogicalType::Text),
            ("hex(randomblob(4))", LogicalType::Varchar(7)),
            ("hex(randomblob(4)) || 'x'", LogicalType::Text),
            ("lower(hex(randomblob(16)))", LogicalType::Uuid),
        ] {
            assert_eq!(random(text, &logical), None, "{text}");
        }
    }

    #[test]
    fn a_random_uuid_is_known_in_the_ways_in_which_people_write_it() {
        let written = "lower(hex(randomblob(4))) || '-' || lower(hex(randomblob(2))) || '-4' || \
                       substr(lower(hex(randomblob(2))),2) || '-' || substr('89ab',abs(random()) % 4 + 1, 1) || \
                       substr(lower(hex(randomblob(2))),2) || '-' || lower(hex(randomblob(6)))";
        assert_eq!(random(written, &LogicalType::Text).as_deref(), Some("(gen_random_uuid()::text)"));
        assert_eq!(random(written, &LogicalType::Uuid).as_deref(), Some("gen_random_uuid()"));
        let other = "lower(hex(randomblob(4)) || '-' || hex(randomblob(2)) || '-' || '4' || substr(hex( randomblob(2)), 2) || \
                     '-' || substr('AB89', 1 + (abs(random()) % 4) , 1) || substr(hex(randomblob(2)), 2) || '-' || \
                     hex(randomblob(6)) )";
        assert_eq!(random(other, &LogicalType::Text).as_deref(), Some("(gen_random_uuid()::text)"));
        assert_eq!(random(&written.replace("-4", "-1"), &LogicalType::Text), None);
        assert_eq!(random(&written.replace("89ab", "89AB"), &LogicalType::Text), None, "one letter is large");
        assert_eq!(random(written, &LogicalType::Varchar(35)), None);
    }
}
