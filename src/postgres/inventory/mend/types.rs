//! Facts of types, sequences and functions.

use super::{Change, anew};
use crate::postgres::inventory::keys::parts;
use crate::postgres::inventory::names::{full, object};
use crate::schema::inventory::Kind;

pub(super) fn mend(change: &Change<'_>) -> Option<String> {
    match change.item.kind {
        Kind::Enum => labels(change),
        Kind::Domain => domain(change),
        Kind::Sequence => sequence(change),
        Kind::Function => function(change),
        _ => None,
    }
}

/// Adds labels that are missing, each before the one that follows it; one that is too many cannot be taken away.
fn labels(change: &Change<'_>) -> Option<String> {
    let (wanted, there) = (parts(change.expected?), parts(change.found?));
    let kept: Vec<&str> = wanted.iter().copied().filter(|label| there.contains(label)).collect();
    if change.what != "labels" || kept != there {
        return None;
    }
    let name = full(change.item.name.as_deref()?, change.inventory);
    let mut statements = Vec::new();
    for (at, label) in wanted.iter().enumerate().filter(|(_, label)| !there.contains(label)) {
        let follower = wanted[at..].iter().find(|other| there.contains(other));
        let place = follower.map_or(String::new(), |other| format!(" before {other}"));
        statements.push(format!("alter type {name} add value {label}{place}"));
    }
    (!statements.is_empty()).then(|| statements.join(";\n"))
}

fn domain(change: &Change<'_>) -> Option<String> {
    let action = match (change.what, change.expected) {
        ("default", Some(text)) => format!("set default {text}"),
        ("default", None) => "drop default".into(),
        ("not null", Some(_)) => "set not null".into(),
        ("not null", None) => "drop not null".into(),
        _ => return None,
    };
    Some(format!("alter {} {action}", object(change.item, change.inventory)?))
}

fn sequence(change: &Change<'_>) -> Option<String> {
    let option = match (change.what, change.expected) {
        ("type", text) => format!("as {}", text.unwrap_or("bigint")),
        ("start", text) => format!("start with {}", text.or(change.item.fact("minimum")).unwrap_or("1")),
        ("increment", text) => format!("increment by {}", text.unwrap_or("1")),
        ("minimum", Some(text)) => format!("minvalue {text}"),
        ("minimum", None) => "no minvalue".into(),
        ("maximum", Some(text)) => format!("maxvalue {text}"),
        ("maximum", None) => "no maxvalue".into(),
        ("cycle", Some(_)) => "cycle".into(),
        ("cycle", None) => "no cycle".into(),
        ("cache", text) => format!("cache {}", text.unwrap_or("1")),
        ("unlogged", Some(_)) => "set unlogged".into(),
        ("unlogged", None) => "set logged".into(),
        ("owned by", text) => format!("owned by {}", text.unwrap_or("none")),
        _ => return None,
    };
    Some(format!("alter {} {option}", object(change.item, change.inventory)?))
}

/// A function is replaced as a whole where its arguments and its result stay the same.
fn function(change: &Change<'_>) -> Option<String> {
    match change.what {
        "kind" | "arguments" | "returns" => anew(change),
        _ if change.item.fact("kind") == Some("aggregate") => anew(change),
        _ => change.item.create.clone(),
    }
}
