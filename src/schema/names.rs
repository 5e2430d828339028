//! Names that both engines can keep, and the one rule by which unnamed constraints and indexes get theirs.

use sha2::{Digest as _, Sha256};

use super::language::reserved::is_reserved;

/// The longest identifier, in bytes. Source: PostgreSQL manual, "Lexical Structure", NAMEDATALEN − 1.
pub const LONGEST: usize = 63;
/// How many hex digits of a hash tell shortened names apart.
const HASH_DIGITS: usize = 8;
/// How the name begins that stands for the empty one.
const UNNAMED: &str = "unnamed";

/// The name under which PostgreSQL can keep an identifier: itself, or its beginning with a hash of the whole.
///
/// The empty name, which SQLite allows, has a word for its beginning.
pub fn fitting(name: &str) -> String {
    if (1..=LONGEST).contains(&name.len()) { name.to_owned() } else { with_hash(name) }
}

/// A text as a literal that both engines read, where a backslash is nothing special.
pub fn literal(text: &str) -> String {
    format!("'{}'", text.replace('\'', "''"))
}

/// What PostgreSQL itself keeps of an identifier when nobody shortens it: its first 63 bytes, without half a character.
///
/// Source: PostgreSQL manual, "Lexical Structure", "Identifiers and Key Words".
pub fn truncated(name: &str) -> &str {
    cut(name, LONGEST)
}

/// The longest beginning of a name that leaves room for a hash of the whole, and the hash.
pub fn with_hash(name: &str) -> String {
    hashed(name, name)
}

/// A name's beginning with a hash of what it stands for.
fn hashed(name: &str, of: &str) -> String {
    let hash = Sha256::digest(of.as_bytes());
    let digits: String = hash.iter().map(|byte| format!("{byte:02x}")).collect();
    let beginning = if name.is_empty() { UNNAMED } else { cut(name, LONGEST - HASH_DIGITS - 1) };
    format!("{beginning}_{}", &digits[..HASH_DIGITS])
}

/// The longest beginning of at most so many bytes that ends between characters.
fn cut(name: &str, bytes: usize) -> &str {
    &name[..name.floor_char_boundary(bytes)]
}

/// The name that a constraint or index gets when it is given none: `table_column_ending`, as PostgreSQL itself has it,
/// shortened to 63 bytes with a hash. Where something else has that name already, it ends in a hash of its parts,
/// which no other list of parts has.
pub fn derived(table: &str, columns: &[String], ending: &str, taken: impl Fn(&str) -> bool) -> String {
    let mut parts = vec![table];
    parts.extend(columns.iter().map(String::as_str));
    parts.push(ending);
    let plain = fitting(&parts.join("_"));
    if !taken(&plain) {
        return plain;
    }
    let mut name = hashed(&parts.join("_"), &parts.join("\0"));
    let mut number = 1;
    while taken(&name) {
        number += 1;
        name = hashed(&parts.join("_"), &format!("{}\0{number}", parts.join("\0")));
    }
    name
}

/// A name as the portable language writes it: quoted only where it must be.
pub fn name(name: &str) -> String {
    let plain = |c: char| c.is_ascii_lowercase() || c.is_ascii_digit() || c == '_';
    let bare = name.chars().all(plain) && !name.starts_with(|c: char| c.is_ascii_digit()) && !name.is_empty();
    if bare && !is_reserved(name) { name.to_owned() } else { quoted(name) }
}

/// A name in quotes, as both engines take it.
pub fn quoted(name: &str) -> String {
    format!("\"{}\"", name.replace('"', "\"\""))
}

/// Names with commas between them, as the portable language writes them.
pub fn list<'n>(names: impl IntoIterator<Item = &'n String>) -> String {
    names.into_iter().map(|entry| name(entry)).collect::<Vec<_>>().join(", ")
}

#[cfg(test)]
mod tests {
    use super::*;

    fn columns(names: &[&str]) -> Vec<String> {
        names.iter().map(|&name| name.to_owned()).collect()
    }

    #[test]
    fn a_derived_name_says_of_what_it_is_and_fits() {
        assert_eq!(derived("user", &columns(&["email"]), "key", |_| false), "user_email_key");
        let long = derived(&"é".repeat(30), &columns(&["email"]), "key", |_| false);
        assert!(long.len() <= LONGEST && long.starts_with("éé"));
    }

    #[test]
    fn tables_and_columns_that_join_to_one_name_get_two() {
        let first = derived("a_b", &columns(&["c"]), "key", |_| false);
        let second = derived("a", &columns(&["b_c"]), "key", |name| name == first);
        assert_eq!(first, "a_b_c_key");
        assert!(second.starts_with("a_b_c_key_") && second.len() == first.len() + 9);
        assert_eq!(second, derived("a", &columns(&["b_c"]), "key", |name| name == first));
        assert_ne!(second, derived("a", &columns(&["b_c"]), "key", |name| name == first || name == second));
    }

    #[test]
    fn a_name_is_quoted_only_where_it_must_be() {
        assert_eq!(name("email"), "email");
        assert_eq!((name("User"), name("order"), name("1a"), name("a\"b")), {
            ("\"User\"".into(), "\"order\"".into(), "\"1a\"".into(), "\"a\"\"b\"".into())
        });
    }
}
