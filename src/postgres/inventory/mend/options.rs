//! Options that are set and reset by name.

use std::collections::BTreeMap;

use crate::postgres::inventory::keys::parts;

/// The clauses that make one list of options, `name=value, …`, out of another: first those to be set, then those to be reset.
pub(super) fn clauses(expected: Option<&str>, found: Option<&str>) -> Vec<String> {
    let (expected, found) = (read(expected), read(found));
    let set = expected.iter().filter(|(name, value)| found.get(*name) != Some(*value));
    let set: Vec<String> = set.map(|(name, value)| format!("{name} = {value}")).collect();
    let reset: Vec<&str> = found.keys().filter(|name| !expected.contains_key(*name)).copied().collect();
    let clause = |word: &str, list: String| (!list.is_empty()).then(|| format!("{word} ({list})"));
    [clause("set", set.join(", ")), clause("reset", reset.join(", "))].into_iter().flatten().collect()
}

fn read(list: Option<&str>) -> BTreeMap<&str, &str> {
    let options = list.map(parts).unwrap_or_default();
    options.into_iter().map(|option| option.split_once('=').unwrap_or((option, "true"))).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_not_expected_is_reset() {
        let list = clauses(
            Some("fillfactor=70, toast.autovacuum_enabled=false"),
            Some("autovacuum_enabled=true, fillfactor=80"),
        );
        let expected = ["set (fillfactor = 70, toast.autovacuum_enabled = false)", "reset (autovacuum_enabled)"];
        assert_eq!(list, expected);
        assert!(clauses(Some("fillfactor=70"), Some("fillfactor=70")).is_empty());
    }
}
