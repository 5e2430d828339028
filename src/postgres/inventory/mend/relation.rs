//! Facts of tables, views, and what hangs on them: indexes, triggers, rules, policies, statistics.

use super::{Change, anew, grants, inherited, options};
use crate::postgres::inventory::heirs;
use crate::postgres::inventory::keys::parts;
use crate::postgres::inventory::names::{alter_whole, full, object};
use crate::postgres::names::quote;
use crate::schema::inventory::Kind;

pub(super) fn mend(change: &Change<'_>) -> Option<String> {
    match change.item.kind {
        Kind::Table => table(change),
        Kind::View => view(change),
        Kind::MaterializedView => materialized_view(change),
        Kind::Index => index(change),
        Kind::Trigger | Kind::Rule => switched(change),
        Kind::Policy => anew(change),
        Kind::Statistics => statistics(change),
        _ => None,
    }
}

fn several(alter: &str, actions: &[String]) -> Option<String> {
    let statements: Vec<String> = actions.iter().map(|action| format!("{alter} {action}")).collect();
    (!statements.is_empty()).then(|| statements.join(";\n"))
}

fn table(change: &Change<'_>) -> Option<String> {
    let Change { item, expected, found, inventory, .. } = *change;
    let alter = format!("alter table {}", full(item.name.as_deref()?, inventory));
    let actions = match change.what {
        "row security" => row_security(expected.unwrap_or_default(), found.unwrap_or_default()),
        "storage" => options::clauses(expected, found),
        "unlogged" => vec![format!("set {}", if expected.is_some() { "unlogged" } else { "logged" })],
        "replica identity" => vec![format!(
            "replica identity {}",
            match expected {
                None => "default".to_owned(),
                Some(identity) => identity.replacen("index ", "using index ", 1),
            }
        )],
        // A column that is there already would be the table's own as well.
        "inherits" if expected.is_some() && heirs::has_inherited(item, inventory) => return None,
        "inherits" => inherits(expected, found),
        "partition of" => return partition(change),
        "inherited triggers" => return inherited::mend(change),
        "inherited indexes" => return inherited::rename(change),
        "tablespace" => vec![format!("set tablespace {}", quote(expected?))],
        _ => return None,
    };
    several(&alter, &actions)
}

fn row_security(expected: &str, found: &str) -> Vec<String> {
    let switch = |word: &str, on: &str, off: &str| match (expected.contains(word), found.contains(word)) {
        (true, false) => Some(format!("{on} row level security")),
        (false, true) => Some(format!("{off} row level security")),
        _ => None,
    };
    [switch("enabled", "enable", "disable"), switch("forced", "force", "no force")].into_iter().flatten().collect()
}

/// Heirs are told from the first parent on; a change of their order is left alone.
fn inherits(expected: Option<&str>, found: Option<&str>) -> Vec<String> {
    let list = |text: Option<&str>| -> Vec<String> {
        text.map(|text| text.split(", ").map(str::to_owned).collect()).unwrap_or_default()
    };
    let (wanted, there) = (list(expected), list(found));
    let gone = there.iter().filter(|parent| !wanted.contains(parent)).map(|parent| format!("no inherit {parent}"));
    let new = wanted.iter().filter(|parent| !there.contains(parent)).map(|parent| format!("inherit {parent}"));
    gone.chain(new).collect()
}

/// Takes a table out of what it is a partition of, and puts it where it belongs; its rows stay in it.
fn partition(change: &Change<'_>) -> Option<String> {
    let name = full(change.item.name.as_deref()?, change.inventory);
    let gone = match change.found {
        Some(of) => Some(format!("alter table {} detach partition {name}", of_partition(of)?.0)),
        None => None,
    };
    let new = match change.expected {
        Some(of) => of_partition(of)
            .map(|(whole, bound)| Some(format!("alter table {whole} attach partition {name}{bound}")))?,
        None => None,
    };
    Some([gone, new].into_iter().flatten().collect::<Vec<_>>().join(";\n"))
}

/// Splits what a table is a partition of from the bounds that it has in it.
pub(super) fn of_partition(of: &str) -> Option<(&str, &str)> {
    let bound = [" FOR VALUES ", " DEFAULT"].iter().find_map(|word| of.find(word))?;
    Some(of.split_at(bound))
}

fn view(change: &Change<'_>) -> Option<String> {
    let Change { item, expected, found, inventory, .. } = *change;
    let name = full(item.name.as_deref()?, inventory);
    match change.what {
        "options" => several(&format!("alter view {name}"), &options::clauses(expected, found)),
        // Replaced, it keeps its grants and what depends on it; that needs the same columns.
        "definition" => Some(alone(change)?.replacen("create view", "create or replace view", 1)),
        "columns" => anew(change),
        "column comments" => column_comments(change, &name),
        "column grants" => grants::on_columns(change),
        _ => None,
    }
}

/// What makes a relation, without what makes its parts.
fn alone<'c>(change: &Change<'c>) -> Option<&'c str> {
    let Change { item, inventory, .. } = *change;
    let create = item.create.as_deref()?;
    let parts = inventory.items.iter().filter(|part| part.part_of.is_some() && part.part_of == item.name);
    let parts: Vec<&str> = parts.filter_map(|part| part.create.as_deref()).collect();
    Some(create.strip_suffix(&format!(";\n{}", parts.join(";\n"))).unwrap_or(create))
}

/// Comments on a view's columns are told as `column: 'comment', …`.
fn column_comments(change: &Change<'_>, name: &str) -> Option<String> {
    let (wanted, there) = (change.expected.map(parts), change.found.map(parts));
    let (wanted, there) = (wanted.unwrap_or_default(), there.unwrap_or_default());
    let comment = |entry: &str| {
        let at = entry.find(": ")?;
        Some((entry[..at].to_owned(), entry[at + 2..].to_owned()))
    };
    let columns: Vec<(String, String)> = wanted.iter().map(|entry| comment(entry)).collect::<Option<_>>()?;
    let mut statements = Vec::new();
    for entry in &there {
        let (column, _) = comment(entry)?;
        if !columns.iter().any(|(known, _)| *known == column) {
            statements.push(format!("comment on column {name}.{column} is null"));
        }
    }
    let said = columns.iter().map(|(column, text)| format!("comment on column {name}.{column} is {text}"));
    statements.extend(said);
    Some(statements.join(";\n"))
}

fn materialized_view(change: &Change<'_>) -> Option<String> {
    let Change { item, expected, found, inventory, .. } = *change;
    let name = full(item.name.as_deref()?, inventory);
    match change.what {
        "storage" => several(&format!("alter materialized view {name}"), &options::clauses(expected, found)),
        "column comments" => column_comments(change, &name),
        "column grants" => grants::on_columns(change),
        "populated" if expected.is_none() => Some(format!("refresh materialized view {name}")),
        "populated" => Some(format!("refresh materialized view {name} with no data")),
        "definition" | "columns" => anew(change),
        _ => None,
    }
}

fn index(change: &Change<'_>) -> Option<String> {
    let Change { item, expected, found, inventory, .. } = *change;
    let own = object(item, inventory)?;
    match change.what {
        "parameters" => several(&format!("alter {own}"), &options::clauses(expected, found)),
        "valid" if expected.is_none() => Some(format!("reindex {own}")),
        "clustered" if expected.is_some() => {
            Some(format!("{} cluster on {}", alter_whole(item, inventory)?, quote(item.name.as_deref()?)))
        }
        "clustered" => Some(format!("{} set without cluster", alter_whole(item, inventory)?)),
        "statistics target" | "tablespace" | "valid" => None,
        _ => anew(change),
    }
}

/// Triggers and rules can be switched off, and be made anew.
fn switched(change: &Change<'_>) -> Option<String> {
    let Change { item, expected, inventory, .. } = *change;
    if change.what != "enabled" {
        return anew(change);
    }
    let how = switch(expected);
    Some(format!("{} {how} {} {}", alter_whole(item, inventory)?, item.kind.name(), quote(item.name.as_deref()?)))
}

/// The words that switch a trigger or a rule as it should be.
pub(super) fn switch(enabled: Option<&str>) -> &'static str {
    match enabled {
        None | Some("enabled") => "enable",
        Some("no" | "disabled") => "disable",
        Some("replica") => "enable replica",
        Some(_) => "enable always",
    }
}

fn statistics(change: &Change<'_>) -> Option<String> {
    match change.what {
        "statistics target" => {
            let target = change.expected.unwrap_or("-1");
            Some(format!("alter {} set statistics {target}", object(change.item, change.inventory)?))
        }
        _ => anew(change),
    }
}
