//! Comments in the target on what was not carried over: what the source said, in its own words.

use super::Inferred;
use crate::postgres::names;
use crate::schema::{Column, Index, KeyOf, KeyPart, Table};

/// Adds what the source says of each column and the target does not.
pub(super) fn note(source: &Table, inferred: &mut Inferred) {
    for column in &source.columns {
        let name = names::fitting_column(&column.name);
        let Some(created) = inferred.table.column(&name) else { continue };
        let lost = lost(column, created);
        if lost.is_empty() {
            continue;
        }
        let lost = format!("in the source: {}", lost.join(", "));
        match inferred.comments.iter_mut().find(|(commented, _)| *commented == name) {
            Some((_, comment)) => *comment = format!("{comment}; {lost}"),
            None => inferred.comments.push((name, lost)),
        }
    }
}

fn lost(column: &Column, created: &Column) -> Vec<String> {
    let default = column.default.as_ref().filter(|text| !text.trim().eq_ignore_ascii_case("null"));
    let default = default.filter(|_| created.default.is_none() && created.identity.is_none());
    let generated = column.generated.as_ref().filter(|_| created.generated.is_none());
    let default = default.filter(|_| column.generated.is_none()).map(|text| format!("default {text}"));
    let computed = generated.and_then(|generated| generated.expression.as_ref());
    default.into_iter().chain(computed.map(|text| format!("generated always as ({text})"))).collect()
}

/// An index as the source has it.
pub(super) fn of_index(index: &Index) -> String {
    let part = |part: &KeyPart| {
        let of = match &part.of {
            KeyOf::Column(name) => name.clone(),
            KeyOf::Expression(text) => text.clone(),
        };
        let collation = part.collation.as_ref().map_or_else(String::new, |name| format!(" collate {name}"));
        format!("{of}{collation}{}", if part.descending { " desc" } else { "" })
    };
    let parts: Vec<String> = index.keys.iter().map(part).collect();
    let only = index.predicate.as_ref().map_or_else(String::new, |text| format!(" where {text}"));
    let unique = if index.unique { "unique " } else { "" };
    format!("{unique}index {} on ({}){only}", index.name, parts.join(", "))
}
