//! Grants and revocations that make one access list out of another.

use super::Change;
use crate::postgres::inventory::grants::{ALL, EVERYBODY, Grants, OWNER, read, without_option};
use crate::postgres::inventory::keys::parts;
use crate::postgres::inventory::names::{object, whole};
use crate::postgres::names::quote;
use crate::schema::inventory::{Item, Kind};

/// Where a privilege is granted.
struct On {
    /// The columns in parentheses, for a column's own privileges.
    columns: String,
    /// The object.
    object: String,
}

/// Writes what makes the expected list; nothing where the owner's own privileges differ, since the owner has no name here.
pub(super) fn mend(change: &Change<'_>) -> Option<String> {
    grant_and_revoke(change, &on(change)?)
}

/// Does so for the sequence that numbers a column's rows.
pub(super) fn on_sequence(change: &Change<'_>, sequence: &str) -> Option<String> {
    let stand_in = Item::new(Kind::Sequence, None, None);
    let change = Change { item: &stand_in, ..*change };
    grant_and_revoke(&change, &On { columns: String::new(), object: format!("sequence {sequence}") })
}

/// Does so for the columns of a view, which are told as `column (who: what; …), …`.
pub(super) fn on_columns(change: &Change<'_>) -> Option<String> {
    let read = |text: Option<&str>| -> Option<Vec<(String, String)>> {
        let column = |entry: &str| {
            let (name, grants) = entry.strip_suffix(')')?.split_once(" (")?;
            Some((name.to_owned(), grants.to_owned()))
        };
        text.map(parts).unwrap_or_default().into_iter().map(column).collect()
    };
    let (expected, found) = (read(change.expected)?, read(change.found)?);
    let of = |list: &[(String, String)], name: &str| {
        list.iter().find(|(known, _)| known == name).map(|(_, grants)| grants.clone())
    };
    let view = on(change)?.object;
    let stand_in = Item::new(Kind::Column, None, None);
    let mut statements = Vec::new();
    let new = expected.iter().filter(|(name, _)| of(&found, name).is_none());
    for (name, _) in found.iter().chain(new) {
        let (wanted, there) = (of(&expected, name), of(&found, name));
        if wanted != there {
            let change = Change { item: &stand_in, expected: wanted.as_deref(), found: there.as_deref(), ..*change };
            let columns = On { columns: format!(" ({name})"), object: view.clone() };
            statements.push(grant_and_revoke(&change, &columns)?);
        }
    }
    (!statements.is_empty()).then(|| statements.join(";\n"))
}

fn grant_and_revoke(change: &Change<'_>, on: &On) -> Option<String> {
    let (expected, found) = (list(change.item, change.expected)?, list(change.item, change.found)?);
    let of = |list: &Grants, who: &str| list.iter().find(|(known, _)| known == who).map(|(_, may)| may.clone());
    if of(&expected, OWNER) != of(&found, OWNER) {
        return None;
    }
    let mut statements = Vec::new();
    for (who, may) in found.iter().filter(|(who, _)| who != OWNER) {
        let kept = of(&expected, who).unwrap_or_default();
        // What holds with another grant option is revoked and granted again.
        let gone: Vec<&str> = may.iter().filter(|one| !kept.contains(one)).map(|one| without_option(one).0).collect();
        if !gone.is_empty() {
            statements.push(format!("revoke {} from {who}", on.privileges(&gone)));
        }
    }
    for (who, may) in expected.iter().filter(|(who, _)| who != OWNER) {
        let there = of(&found, who).unwrap_or_default();
        for with_option in [false, true] {
            let new = may.iter().filter(|one| !there.contains(one)).map(|one| without_option(one));
            let new: Vec<&str> = new.filter(|(_, option)| *option == with_option).map(|(bare, _)| bare).collect();
            if !new.is_empty() {
                let option = if with_option { " with grant option" } else { "" };
                statements.push(format!("grant {} to {who}{option}", on.privileges(&new)));
            }
        }
    }
    (!statements.is_empty()).then(|| statements.join(";\n"))
}

impl On {
    fn privileges(&self, list: &[&str]) -> String {
        let each: Vec<String> = list.iter().map(|privilege| format!("{privilege}{}", self.columns)).collect();
        format!("{} on {}", each.join(", "), self.object)
    }
}

fn on(change: &Change<'_>) -> Option<On> {
    let (item, inventory) = (change.item, change.inventory);
    match item.kind {
        Kind::Column => {
            let columns = format!(" ({})", quote(item.name.as_deref()?));
            Some(On { columns, object: whole(item, inventory)? })
        }
        Kind::View | Kind::MaterializedView | Kind::ForeignTable | Kind::Table => {
            let named = object(item, inventory)?;
            let name = named.strip_prefix(item.kind.name()).unwrap_or(&named).trim_start().to_owned();
            Some(On { columns: String::new(), object: name })
        }
        Kind::Function if item.fact("kind") == Some("aggregate") => {
            let named = object(item, inventory)?;
            Some(On { columns: String::new(), object: named.replacen("aggregate", "function", 1) })
        }
        _ => Some(On { columns: String::new(), object: object(item, inventory)? }),
    }
}

/// A list as it is told; where nothing is told, the usual one.
fn list(item: &Item, text: Option<&str>) -> Option<Grants> {
    let Some(text) = text else {
        let everybody = match item.kind {
            Kind::Function => vec![(EVERYBODY.to_owned(), vec!["execute".to_owned()])],
            Kind::Enum | Kind::Domain | Kind::Composite | Kind::Range => {
                vec![(EVERYBODY.to_owned(), vec!["usage".to_owned()])]
            }
            _ => Vec::new(),
        };
        let owner = (OWNER.to_owned(), vec![ALL.to_owned()]);
        let owners = if item.kind == Kind::Column { Vec::new() } else { vec![owner] };
        return Some([owners, everybody].concat());
    };
    read(text)
}
