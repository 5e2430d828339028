//! Statements that make what the server words no statement for: tables, columns, types, sequences.

use super::heirs;
use super::keys::parts;
use super::mend;
use super::names::{alter_whole, full, object};
use super::numbering;
use super::reload::declared;
use crate::postgres::names::quote;
use crate::schema::inventory::{Inventory, Item, Kind};

/// Facts that no statement of the creation tells; each takes one of its own.
const AFTERWARDS: [&str; 17] = [
    "depends on extension",
    "owned by",
    "row security",
    "enabled",
    "clustered",
    "statistics target",
    "replica identity",
    "compression",
    "storage",
    "options",
    "grants",
    "column grants",
    "sequence grants",
    "comment",
    "column comments",
    "sequence comment",
    "index comment",
];

/// Gives every item its statements, and a relation those of its parts as well.
pub(super) fn complete(inventory: &mut Inventory) {
    let alone: Vec<Option<String>> = inventory.items.iter().map(|item| whole_of(item, inventory)).collect();
    for (item, create) in inventory.items.iter_mut().zip(alone) {
        item.create = create;
    }
    let with_parts: Vec<Option<String>> = inventory
        .items
        .iter()
        .map(|item| match item.part_of.is_none() && item.kind.holds_parts() {
            true => Some([vec![item.create.clone()?], of_parts(item, inventory)].concat().join(";\n")),
            false => item.create.clone(),
        })
        .collect();
    for (item, create) in inventory.items.iter_mut().zip(with_parts) {
        item.create = create;
    }
}

/// The statement that makes an item, and those for what it does not tell.
fn whole_of(item: &Item, inventory: &Inventory) -> Option<String> {
    let first = item.create.clone().or_else(|| statement(item, inventory))?;
    Some([vec![first], afterwards(item, inventory)].concat().join(";\n"))
}

fn afterwards(item: &Item, inventory: &Inventory) -> Vec<String> {
    let told_by_view = matches!(item.kind, Kind::View | Kind::MaterializedView);
    let left = AFTERWARDS.iter().filter(|what| !(told_by_view && matches!(**what, "options" | "storage")));
    let made = left.filter_map(|what| mend::of_fact(item, what, Some(item.fact(what)?), None, inventory));
    numbering::statements(item, inventory).into_iter().chain(made).collect()
}

/// What makes the parts of a relation; its columns come with it, and so do their comments and grants.
fn of_parts(whole: &Item, inventory: &Inventory) -> Vec<String> {
    let Some(name) = whole.name.as_deref() else { return Vec::new() };
    let of_this = |item: &&Item| item.part_of.as_deref() == Some(name);
    let mut statements = Vec::new();
    for item in inventory.items.iter().filter(of_this) {
        match item.kind {
            Kind::Column => statements.extend(afterwards(item, inventory)),
            _ => statements.extend(item.create.clone()),
        }
    }
    statements
}

fn statement(item: &Item, inventory: &Inventory) -> Option<String> {
    let name = item.name.as_deref()?;
    let own = full(name, inventory);
    match item.kind {
        Kind::Enum => {
            Some(format!("create type {own} as enum ({})", item.fact("labels")?.trim_matches(&['(', ')'][..])))
        }
        Kind::Range => Some(format!("create type {own} as range ({})", item.fact("definition")?)),
        Kind::Composite if item.fact("kind").is_some() => Some(format!("create type {own}")),
        Kind::Composite => {
            let fields: Vec<String> = inventory.parts(name, Kind::Column).filter_map(declared).collect();
            Some(format!("create type {own} as ({})", fields.join(", ")))
        }
        Kind::Domain => {
            let mut text = format!("create domain {own} as {}", item.fact("type")?);
            clause(&mut text, " collate ", item.fact("collation"));
            clause(&mut text, " default ", item.fact("default"));
            clause(&mut text, " not null", item.fact("not null").map(|_| ""));
            Some(text)
        }
        Kind::Sequence => Some(sequence(item, &own)),
        Kind::Function => aggregate(item, inventory),
        Kind::Table => table(item, inventory, &own),
        Kind::Column => {
            let part = if inventory.item(Kind::Composite, item.part_of.as_deref()?).is_some() {
                "attribute"
            } else {
                "column"
            };
            Some(format!("{} add {part} {}", alter_whole(item, inventory)?, column(item)?))
        }
        _ => None,
    }
}

fn clause(text: &mut String, word: &str, value: Option<&str>) {
    if let Some(value) = value {
        text.push_str(word);
        text.push_str(value);
    }
}

fn sequence(item: &Item, own: &str) -> String {
    let unlogged = if item.fact("unlogged").is_some() { "unlogged " } else { "" };
    let mut text = format!("create {unlogged}sequence {own}");
    for (word, fact) in [
        (" as ", "type"),
        (" increment by ", "increment"),
        (" minvalue ", "minimum"),
        (" maxvalue ", "maximum"),
        (" start with ", "start"),
        (" cache ", "cache"),
    ] {
        clause(&mut text, word, item.fact(fact));
    }
    clause(&mut text, " cycle", item.fact("cycle").map(|_| ""));
    text
}

/// An aggregate over plain arguments; one over an ordered set takes more than its definition tells.
fn aggregate(item: &Item, inventory: &Inventory) -> Option<String> {
    let definition = item.fact("definition").filter(|_| item.fact("kind") == Some("aggregate"))?;
    let plain = parts(definition).iter().all(|part| !matches!(*part, "ordered set" | "hypothetical"));
    let parallel = item.fact("parallel").map_or(String::new(), |word| format!(", parallel = {word}"));
    let named = object(item, inventory)?;
    plain.then(|| format!("create {named} ({definition}{parallel})"))
}

fn table(item: &Item, inventory: &Inventory, own: &str) -> Option<String> {
    let name = item.name.as_deref()?;
    let unlogged = if item.fact("unlogged").is_some() { "unlogged " } else { "" };
    let mut text = format!("create {unlogged}table {own}");
    match (item.fact("partition of"), item.fact("of type")) {
        (Some(of), _) => text.push_str(&format!(" partition of {of}")),
        (None, Some(of)) => text.push_str(&format!(" of {of}")),
        (None, None) => {
            let own = inventory.parts(name, Kind::Column).filter(|column| !heirs::is_as_inherited(column, inventory));
            let columns: Vec<String> = own.map(column).collect::<Option<_>>()?;
            text.push_str(&format!(" (\n    {}\n)", columns.join(",\n    ")).replace("(\n    \n)", "()"));
        }
    }
    clause(&mut text, " inherits (", item.fact("inherits"));
    clause(&mut text, ")", item.fact("inherits").map(|_| ""));
    clause(&mut text, " partition by ", item.fact("partitioned by"));
    clause(&mut text, " using ", item.fact("access method"));
    clause(&mut text, " tablespace ", item.fact("tablespace").map(quote).as_deref());
    Some(text)
}

/// A column as it stands in `create table`.
fn column(item: &Item) -> Option<String> {
    let mut text = declared(item)?;
    if let Some(serial) = item.fact("numbers rows").and_then(|_| numbering::serial(item)) {
        return Some(format!("{} {serial}", quote(item.name.as_deref()?)));
    }
    if let Some(kind) = item.fact("identity") {
        text.push_str(&format!(" generated {kind} as identity"));
        if let Some(options) = item.fact("sequence") {
            text.push_str(&format!(" ({})", identity_options(options)));
        }
    }
    if let (Some(expression), Some(kept)) = (item.fact("generated"), item.fact("kept")) {
        text.push_str(&format!(" generated always as ({expression}) {kept}"));
    }
    clause(&mut text, " default ", item.fact("default"));
    clause(&mut text, " not null", item.fact("not null").map(|_| ""));
    Some(text)
}

/// The options of an identity's sequence, in the words of `create table`.
fn identity_options(options: &str) -> String {
    let word = |option: &&str| match option.strip_prefix("named ") {
        Some(name) => Some(format!("sequence name {name}")),
        None if option.starts_with("as ") || matches!(*option, "logged" | "unlogged") => None,
        None => Some((*option).to_owned()),
    };
    parts(options).iter().filter_map(word).collect::<Vec<_>>().join(" ")
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::schema::Engine;

    #[test]
    fn a_table_is_made_with_everything_that_is_its_own() {
        let column = |name: &str| Item::new(Kind::Column, Some("t"), Some(name)).with("type", Some("integer"));
        let identity = column("id").with("not null", Some("yes")).with("identity", Some("always"));
        let identity = identity.with("sequence", Some("named s, start with 5"));
        let mut index = Item::new(Kind::Index, Some("t"), Some("i"));
        index.create = Some("CREATE INDEX i ON t USING btree (n)".into());
        let table = Item::new(Kind::Table, None, Some("t")).with("comment", Some("it's"));
        let items = vec![table, identity, column("n").with("comment", Some("x")), index];
        let mut inventory = Inventory { items, ..Inventory::new(Engine::Postgres) };
        complete(&mut inventory);
        let expected = "create table \"t\" (\n    \"id\" integer generated always as identity (sequence name s start with 5) \
                        not null,\n    \"n\" integer\n);\ncomment on table \"t\" is 'it''s';\n\
                        comment on column \"t\".\"n\" is 'x';\nCREATE INDEX i ON t USING btree (n)";
        assert_eq!(inventory.items[0].create.as_deref(), Some(expected));
    }
}
