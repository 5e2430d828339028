//! Facts of constraints: some can be altered, the others are added anew.

use super::{Change, anew};
use crate::postgres::inventory::names::alter_whole;
use crate::postgres::names::quote;
use crate::schema::inventory::Kind;

pub(super) fn mend(change: &Change<'_>) -> Option<String> {
    let Change { item, expected, found, inventory, .. } = *change;
    if !item.kind.may_be_nameless() {
        return None;
    }
    let alter = alter_whole(item, inventory)?;
    let name = quote(item.name.as_deref()?);
    let is_reference = item.kind == Kind::ForeignKey;
    match (change.what, expected, found) {
        ("name", Some(expected), Some(found)) => {
            Some(format!("{alter} rename constraint {} to {}", quote(found), quote(expected)))
        }
        ("valid", None, _) => Some(format!("{alter} validate constraint {name}")),
        ("deferrable", expected, _) if is_reference => {
            let word = expected.map_or_else(|| "not deferrable".into(), |when| format!("deferrable {when}"));
            Some(format!("{alter} alter constraint {name} {word}"))
        }
        ("clustered", Some(_), _) => Some(format!("{alter} cluster on {name}")),
        ("clustered", None, _) => Some(format!("{alter} set without cluster")),
        ("index comment", expected, _) => {
            let text = expected.map_or_else(|| "null".into(), crate::postgres::names::literal);
            Some(format!("comment on index {name} is {text}"))
        }
        // Made anew, it is checked for the rows that came while it was not. What should be off has no name to switch off by.
        ("enabled", None, _) => anew(change),
        ("name" | "tablespace" | "parameters" | "enabled", ..) => None,
        _ => anew(change),
    }
}
