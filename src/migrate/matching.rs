//! Which revision a row of another tool's history means.

use super::bookkeeping::Entry;
use super::folder::Revision;

/// The revision that a row means: by its id, by its number and its words, or by its words alone where only one revision has
/// them.
pub(super) fn meant<'r>(entry: &Entry, revisions: &'r [Revision]) -> Option<&'r Revision> {
    if let Some(same) = revisions.iter().find(|revision| revision.id == entry.id) {
        return Some(same);
    }
    let name = Name::of(entry);
    let numbered = |number: i64| revisions.iter().find(move |revision| revision.number == number);
    let mut known = false;
    for (number, words) in &name.readings {
        let Some(revision) = numbered(*number) else { continue };
        if words.is_empty() || *words == plain(&revision.slug) {
            return Some(revision);
        }
        // A year at the beginning of a date is no number of a revision.
        known |= name.readings.last().is_some_and(|(whole, _)| whole == number);
    }
    let mut alike = revisions.iter().filter(|revision| !name.words.is_empty() && plain(&revision.slug) == name.words);
    match (alike.next(), alike.next()) {
        (Some(only), None) if !known => Some(only),
        _ => None,
    }
}

/// What a tool calls a revision, taken apart.
#[derive(Debug, PartialEq, Eq)]
struct Name {
    /// The number at its beginning with the words that follow: up to the first separator, and with all that is a number.
    readings: Vec<(i64, String)>,
    /// The words alone.
    words: String,
}

impl Name {
    /// `001_initial`, `V1__initial.sql`, `2014_10_12_000000_create_users`, `m20220101_000001_create_table`.
    fn of(entry: &Entry) -> Self {
        let id = without_extension(&entry.id);
        let rest = id.strip_prefix(['V', 'v', 'U', 'm']).filter(|rest| rest.starts_with(|c: char| c.is_ascii_digit()));
        let id = rest.unwrap_or(id);
        // TypeORM ends a name with its id, the moment; a short number at the end is a word of the name.
        let moment = Some(&entry.id).filter(|id| id.len() >= 10 && id.chars().all(|c| c.is_ascii_digit()));
        let without = |name: &str| moment.and_then(|id| name.strip_suffix(id.as_str())).map(plain);
        let own_words = entry.name.as_deref().map(|name| without(name).unwrap_or_else(|| plain(name)));
        let words = |rest: &str| own_words.clone().unwrap_or_else(|| plain(rest));
        // No revision of ours is numbered `1.1`.
        if id.trim_start_matches(|c: char| c.is_ascii_digit()).starts_with('.') {
            return Self { readings: Vec::new(), words: String::new() };
        }
        let first = id.find(|c: char| !c.is_ascii_digit()).unwrap_or(id.len());
        let all = id.find(|c: char| !(c.is_ascii_digit() || matches!(c, '_' | '-'))).unwrap_or(id.len());
        let joined: String = id[..all].chars().filter(char::is_ascii_digit).collect();
        let readings = [(id[..first].parse(), words(&id[first..])), (joined.parse(), words(&id[all..]))];
        let readings = readings.into_iter().filter_map(|(number, words)| Some((number.ok()?, words))).collect();
        Self { readings, words: words(&id[all..]) }
    }
}

/// A file's extension is no part of its name; what follows a full stop in a number is.
fn without_extension(id: &str) -> &str {
    let is_extension = |end: &str| end.len() <= 3 && end.starts_with(|c: char| c.is_ascii_alphabetic());
    id.rsplit_once('.').filter(|(_, end)| is_extension(end)).map_or(id, |(stem, _)| stem)
}

/// Words as they are compared: some tools write `AddEmail`, some `add email`.
fn plain(words: &str) -> String {
    words.chars().filter(|c| c.is_alphanumeric()).flat_map(char::to_lowercase).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::migrate::folder;

    fn entry(id: &str, name: Option<&str>) -> Entry {
        Entry { id: id.into(), name: name.map(Into::into), group: None, checksum: None }
    }

    /// The id of the revision that a row means.
    fn found(files: &[&str], id: &str, name: Option<&str>) -> Option<String> {
        let files: Vec<(&str, &str)> = files.iter().map(|file| (*file, "select 1;")).collect();
        let folder = folder::from_embedded(&files).expect("the folder is read");
        meant(&entry(id, name), &folder.revisions).map(|revision| revision.id.clone())
    }

    #[test]
    fn a_revision_is_known_however_its_tool_writes_it() {
        for (file, id, name) in [
            ("V0001__initial.sql", "001_initial", None),
            ("V0001__initial.sql", "V0001__initial", None),
            ("V2__add_email.sql", "V2__add_email.sql", None),
            ("V2__add_email.sql", "2", Some("add email")),
            ("V3__create_users_table.sql", "2014_10_12_000000_create_users_table", None),
            ("V20141012000000__create_users_table.sql", "2014_10_12_000000_create_users_table", None),
            ("V20261120120000__anything.sql", "20261120120000", None),
            ("V20220101000001__create_table.sql", "m20220101_000001_create_table", None),
            ("V20230101000000__create_user.sql", "20230101000000-create-user.js", None),
            ("V1623456789012__add_email.sql", "1623456789012", Some("AddEmail1623456789012")),
            ("V7__2fa_codes.sql", "0007_2fa_codes", None),
            ("V1__x1.sql", "1", Some("x1")),
            ("V1__v1.sql", "1", Some("v1")),
            ("V2__phase2.sql", "2", Some("phase2")),
            ("V7__add_users.sql", "Add users", None),
        ] {
            let id_of_file = file.trim_end_matches(".sql").to_owned();
            assert_eq!(found(&[file, "V9000__other.sql"], id, name), Some(id_of_file), "{id} {name:?}");
        }
    }

    #[test]
    fn a_number_with_other_words_is_another_revision() {
        assert_eq!(found(&["V1__initial.sql"], "001_first", None), None);
        assert_eq!(found(&["V1__initial.sql"], "1", Some("first")), None);
        assert_eq!(found(&["V1__initial.sql"], "1.1", Some("initial")), None);
        // An id of Alembic's that begins with digits.
        assert_eq!(found(&["V7__initial.sql"], "7e5b5dc7342b", None), None);
    }

    #[test]
    fn words_that_two_revisions_share_mean_neither() {
        assert_eq!(found(&["V1__fix.sql", "V2__fix.sql"], "fix", None), None);
        assert_eq!(found(&["V1__fix.sql", "V2__fix.sql"], "0002_fix", None), Some("V2__fix".into()));
        assert_eq!(found(&["V1__initial.sql", "V2__fix.sql"], "0001_fix", None), None);
    }
}
