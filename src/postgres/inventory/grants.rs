//! Who may do what: access lists, told relative to the owner.

use serde::Deserialize;

/// The access list of one thing, in the server's form: `grantee=letters/grantor`.
///
/// Source: PostgreSQL manual, "Privileges".
#[derive(Deserialize)]
pub(super) struct Acl {
    /// The owner's name.
    owner: String,
    /// What holds.
    is: Vec<String>,
    /// What holds where nobody has said anything.
    usual: Vec<String>,
}

/// What stands for the owner, whoever that is, and for everybody.
pub(super) const OWNER: &str = "owner";
pub(super) const EVERYBODY: &str = "public";
/// What stands for every privilege that the owner has from the start.
pub(super) const ALL: &str = "all";

const WITH_OPTION: &str = " with grant option";

/// Who may do what, an entry for each, the owner and everybody first.
pub(super) type Grants = Vec<(String, Vec<String>)>;

/// Tells an access list; nothing where it is the usual one.
pub(super) fn told(acl: &Acl) -> Option<String> {
    let (is, usual) = (grants(&acl.is, &acl.owner), grants(&acl.usual, &acl.owner));
    if is == usual {
        return None;
    }
    let own = |grants: &Grants| grants.iter().find(|(who, _)| who == OWNER).map(|(_, may)| may.clone());
    let entries = is.iter().map(|(who, may)| match who.as_str() {
        OWNER if own(&usual).as_ref() == Some(may) => format!("{OWNER}: {ALL}"),
        _ => format!("{who}: {}", may.join(", ")),
    });
    let entries: Vec<String> = entries.collect();
    Some(if entries.is_empty() { "nobody".into() } else { entries.join("; ") })
}

/// Reads what [`told`] tells; nothing for a text that it does not tell.
pub(super) fn read(text: &str) -> Option<Grants> {
    if text == "nobody" {
        return Some(Vec::new());
    }
    let entry = |entry: &str| {
        let (who, may) = entry.rsplit_once(": ")?;
        Some((who.to_owned(), may.split(", ").map(str::to_owned).collect()))
    };
    text.split("; ").map(entry).collect()
}

/// Splits a privilege from its grant option.
pub(super) fn without_option(privilege: &str) -> (&str, bool) {
    privilege.strip_suffix(WITH_OPTION).map_or((privilege, false), |bare| (bare, true))
}

/// Several grantors may have given the same: it is told once.
fn grants(list: &[String], owner: &str) -> Grants {
    let mut all: Vec<(u8, String, Vec<String>)> = Vec::new();
    for (grantee, letters) in list.iter().filter_map(|entry| entry_of(entry)) {
        let (rank, who) = match grantee.as_str() {
            "" => (1, EVERYBODY.to_owned()),
            grantee if grantee == owner => (0, OWNER.to_owned()),
            grantee => (2, quoted(grantee)),
        };
        let may = privileges(letters);
        match all.iter_mut().find(|(_, known, _)| *known == who) {
            Some((_, _, known)) => known.extend(may),
            None => all.push((rank, who, may)),
        }
    }
    all.sort();
    all.into_iter()
        .map(|(_, who, mut may)| {
            may.sort();
            may.dedup();
            (who, may)
        })
        .collect()
}

/// The grantee and the letters of `grantee=letters/grantor`, with the grantee's quotes taken off.
fn entry_of(entry: &str) -> Option<(String, &str)> {
    let Some(inside) = entry.strip_prefix('"') else {
        let (grantee, rest) = entry.split_once('=')?;
        return Some((grantee.to_owned(), rest.split('/').next()?));
    };
    let (mut name, mut rest) = (String::new(), inside);
    loop {
        let (before, after) = rest.split_once('"')?;
        name.push_str(before);
        match after.strip_prefix('"') {
            Some(after) => {
                name.push('"');
                rest = after;
            }
            None => return Some((name, after.strip_prefix('=')?.split('/').next()?)),
        }
    }
}

fn privileges(letters: &str) -> Vec<String> {
    let mut list: Vec<String> = Vec::new();
    for letter in letters.chars() {
        match (letter, list.last_mut()) {
            ('*', Some(last)) => last.push_str(WITH_OPTION),
            _ => list.push(word(letter).map_or_else(|| letter.to_string(), str::to_owned)),
        }
    }
    list
}

fn word(letter: char) -> Option<&'static str> {
    Some(match letter {
        'r' => "select",
        'a' => "insert",
        'w' => "update",
        'd' => "delete",
        'D' => "truncate",
        'x' => "references",
        't' => "trigger",
        'm' => "maintain",
        'X' => "execute",
        'U' => "usage",
        'C' => "create",
        _ => return None,
    })
}

/// A role's name as it is written in SQL; one that needs no quotes has none, unless it would be taken for a word of ours.
fn quoted(name: &str) -> String {
    let plain = name.starts_with(|c: char| c.is_ascii_lowercase() || c == '_')
        && name.chars().all(|c| c.is_ascii_lowercase() || c.is_ascii_digit() || c == '_')
        && !matches!(name, OWNER | EVERYBODY | "nobody" | "user" | "group" | "all" | "current_user" | "session_user");
    if plain { name.to_owned() } else { crate::postgres::names::quote(name) }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn table(is: &[&str]) -> Option<String> {
        let own = |list: &[&str]| list.iter().map(|&entry| entry.to_owned()).collect();
        told(&Acl { owner: "me".into(), is: own(is), usual: own(&["me=arwdDxt/me"]) })
    }

    #[test]
    fn the_usual_list_is_no_fact() {
        assert_eq!(table(&["me=arwdDxt/me"]), None);
        assert_eq!(table(&["me=arwdDxt/me", "=r/me"]), Some("owner: all; public: select".into()));
        assert_eq!(table(&[]), Some("nobody".into()));
    }

    #[test]
    fn privileges_are_words_and_a_grant_option_stays_with_its_own() {
        let list = table(&["me=r/me", "reader=r*w/me", "\"Odd \"\"x\"\"=\"=d/me"]);
        let expected = "owner: select; \"Odd \"\"x\"\"=\": delete; reader: select with grant option, update";
        assert_eq!(list.as_deref(), Some(expected));
        let read = read(expected).expect("it is told so");
        assert_eq!(read[2].1, ["select with grant option", "update"]);
        assert_eq!(without_option("select with grant option"), ("select", true));
    }
}
