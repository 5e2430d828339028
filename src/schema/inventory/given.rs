//! Whether a constraint without a name and one with the name that the language gives are the same constraint.

use super::{Item, Kind};
use crate::schema::names::derived;

/// Tells whether one of two constraints has no name, and the other the one that it gets where it is given none.
pub(super) fn is_by_rule(expected: &Item, found: &Item) -> bool {
    match (expected.name.as_deref(), found.name.as_deref()) {
        (Some(name), None) => is_derived(expected, name),
        (None, Some(name)) => is_derived(found, name),
        _ => false,
    }
}

fn is_derived(item: &Item, name: &str) -> bool {
    let Some(table) = item.part_of.as_deref() else { return false };
    candidates(item).iter().any(|(columns, ending)| {
        let plain = derived(table, columns, ending, |_| false);
        // Where that name was taken already, it ends in a hash.
        plain.eq_ignore_ascii_case(name)
            || derived(table, columns, ending, |taken| taken == plain).eq_ignore_ascii_case(name)
    })
}

/// What a name may be made of: facts tell the columns of a key, and a check is named after its only column, or after none.
fn candidates(item: &Item) -> Vec<(Vec<String>, &'static str)> {
    let columns = || item.fact("columns").unwrap_or_default().split(", ").map(str::to_owned).collect();
    match item.kind {
        Kind::PrimaryKey => vec![(Vec::new(), "pkey")],
        Kind::Unique => vec![(columns(), "key")],
        Kind::ForeignKey => vec![(columns(), "fkey")],
        Kind::Check => {
            let part_of_name = |c: char| !c.is_alphanumeric() && c != '_';
            let words = item.fact("expression").unwrap_or_default().split(part_of_name);
            let named = words.filter(|word| !word.is_empty()).map(|word| (vec![word.to_owned()], "check"));
            named.chain([(Vec::new(), "check")]).collect()
        }
        _ => Vec::new(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn item(kind: Kind, name: Option<&str>) -> Item {
        Item::new(kind, Some("Users"), name)
            .with("columns", Some("first, last"))
            .with_sql("expression", Some("age > 0 and last <> ''"))
    }

    #[test]
    fn the_name_that_the_language_gives_is_none_of_its_own() {
        for (kind, own, other) in [
            (Kind::PrimaryKey, "Users_pkey", "users_key"),
            (Kind::Unique, "Users_first_last_key", "Users_first_key"),
            (Kind::ForeignKey, "users_first_last_fkey", "users_fkey"),
            (Kind::Check, "Users_check", "Users_size_check"),
            (Kind::Check, "Users_age_check", "age_is_positive"),
        ] {
            let (nameless, by_rule, by_hand) = (item(kind, None), item(kind, Some(own)), item(kind, Some(other)));
            assert!(is_by_rule(&nameless, &by_rule) && is_by_rule(&by_rule, &nameless), "{own}");
            assert!(!is_by_rule(&nameless, &by_hand) && !is_by_rule(&by_rule, &by_hand), "{other}");
        }
    }
}
