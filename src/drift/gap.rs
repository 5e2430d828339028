//! What one engine has and the other cannot have, with the reason.

use std::collections::HashSet;

use super::apart::is_home;
use super::outcome::Gap;
use crate::schema::Engine;
use crate::schema::inventory::{Inventory, Item, Kind};

/// Lists the gaps between a SQLite database and a PostgreSQL one.
pub(super) fn gaps(sqlite: &Inventory, postgres: &Inventory) -> Vec<Gap> {
    let mut gaps = Vec::new();
    for (own, other) in [(sqlite, postgres), (postgres, sqlite)] {
        let relations: HashSet<String> = other.items.iter().filter_map(relation).collect();
        for item in own.items.iter().filter(|item| !is_home(item)) {
            gaps.extend(of_item(item, own.engine, &relations));
        }
    }
    gaps.sort();
    gaps.dedup();
    gaps
}

fn of_item(item: &Item, engine: Engine, relations: &HashSet<String>) -> Vec<Gap> {
    let gap =
        |what: String, why: &str| Gap { subject: subject(item), engine: engine.name(), what, why: why.to_owned() };
    if let Some(why) = of_kind(item.kind, engine) {
        return vec![gap(item.kind.name().to_owned(), why)];
    }
    // The parts of what the other lacks altogether are told with it.
    if item.part_of.as_ref().is_some_and(|whole| !relations.contains(&whole.to_lowercase())) {
        return Vec::new();
    }
    let told = item.facts.iter().filter_map(|fact| Some((fact, of_fact(item.kind, fact.what, &fact.value, engine)?)));
    told.map(|(fact, why)| gap(format!("{} {}", fact.what, fact.value), why)).collect()
}

/// Why a kind of thing is not to be had in the other engine.
fn of_kind(kind: Kind, engine: Engine) -> Option<&'static str> {
    match (engine, kind) {
        (Engine::Sqlite, Kind::VirtualTable) => Some("PostgreSQL keeps no tables of SQLite's modules"),
        (Engine::Sqlite, _) => None,
        (Engine::Postgres, Kind::Enum) => {
            Some("SQLite has no types of labels; a check of each column keeps them there")
        }
        (Engine::Postgres, Kind::Domain | Kind::Composite | Kind::Range) => Some("SQLite has no types of one's own"),
        (Engine::Postgres, Kind::Function) => Some("SQLite keeps no functions in the database"),
        (Engine::Postgres, Kind::Extension) => Some("SQLite's extensions are loaded by each connection"),
        (Engine::Postgres, Kind::Schema) => Some("SQLite has one schema in a file"),
        (Engine::Postgres, Kind::Sequence) => Some("SQLite numbers rows of one table at a time"),
        (Engine::Postgres, Kind::Exclusion) => Some("SQLite has no constraint by which rows exclude each other"),
        (Engine::Postgres, Kind::Statistics) => Some("SQLite keeps statistics on indexes alone"),
        (Engine::Postgres, Kind::ForeignTable) => Some("SQLite keeps no tables of other servers"),
        (Engine::Postgres, Kind::MaterializedView) => Some("SQLite stores no views"),
        (Engine::Postgres, Kind::Rule) => Some("SQLite rewrites no statements"),
        (Engine::Postgres, Kind::Policy) => Some("SQLite has no row security"),
        (Engine::Postgres, _) => None,
    }
}

/// Why a fact is not to be had in the other engine.
fn of_fact(kind: Kind, fact: &str, value: &str, engine: Engine) -> Option<&'static str> {
    match engine {
        Engine::Sqlite => match fact {
            "collation" => Some("PostgreSQL has no collation of this name"),
            "on conflict" => Some("PostgreSQL has no such clause; a statement says what happens on a conflict"),
            "strict" => Some("PostgreSQL's columns always hold their types"),
            "without rowid" => Some("PostgreSQL has no rowids"),
            "kept" if value == "virtual" => Some("PostgreSQL before 18 stores what it computes"),
            _ => None,
        },
        Engine::Postgres => match fact {
            "grants" => Some("SQLite has no roles"),
            "row security" => Some("SQLite has no row security"),
            "comment" => Some("SQLite keeps no comments apart from its statements"),
            "storage" | "unlogged" | "tablespace" | "replica identity" | "compression" | "statistics target"
            | "parameters" | "clustered" => Some("SQLite stores rows in one way"),
            "partitioned by" => Some("SQLite has no partitions"),
            "inherits" | "no inherit" => Some("SQLite's tables do not inherit"),
            "collation" => Some("SQLite has no collation of this name"),
            "method" => Some("SQLite's indexes are of one kind"),
            "include" => Some("SQLite's indexes hold their keys alone"),
            "nulls not distinct" => Some("SQLite's NULLs are always distinct"),
            "identity" if value == "always" => Some("SQLite lets a number be given"),
            "match" => Some("SQLite knows only simple matches"),
            "deferrable" if matches!(kind, Kind::PrimaryKey | Kind::Unique) => Some("SQLite checks keys at once"),
            "valid" => Some("SQLite checks every row that is written"),
            _ => None,
        },
    }
}

/// Tells whether the other engine cannot have a thing, as a whole or as it is.
pub(super) fn is_inexpressible(item: &Item, engine: Engine) -> bool {
    of_kind(item.kind, engine).is_some() || engine == Engine::Postgres && item.fact("method").is_some()
}

/// SQLite does not tell names apart that differ in case alone.
fn relation(item: &Item) -> Option<String> {
    let is_relation = matches!(
        item.kind,
        Kind::Table | Kind::View | Kind::MaterializedView | Kind::ForeignTable | Kind::VirtualTable
    );
    item.name.as_ref().filter(|_| is_relation).map(|name| name.to_lowercase())
}

fn subject(item: &Item) -> String {
    let name = item.name.as_deref().unwrap_or("without a name");
    match (item.kind, &item.part_of) {
        (Kind::Column, Some(whole)) => format!("{whole}.{name}"),
        (kind, Some(whole)) => format!("{whole}: {} {name}", kind.name()),
        (kind, None) => format!("{} {name}", kind.name()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn inventory(engine: Engine, items: Vec<Item>) -> Inventory {
        Inventory { items, ..Inventory::new(engine) }
    }

    fn table() -> Item {
        Item::new(Kind::Table, None, Some("users"))
    }

    fn told(sqlite: Vec<Item>, postgres: Vec<Item>) -> Vec<String> {
        let gaps = gaps(&inventory(Engine::Sqlite, sqlite), &inventory(Engine::Postgres, postgres));
        gaps.iter().map(|gap| format!("{} ({}): {}", gap.subject, gap.engine, gap.what)).collect()
    }

    #[test]
    fn what_only_one_engine_can_have_is_a_gap() {
        let column = || Item::new(Kind::Column, Some("users"), Some("email")).with("type", Some("text"));
        let sqlite = vec![table().when("strict", true), column().with("collation", Some("NOCASE"))];
        let key = Item::new(Kind::Unique, Some("users"), Some("one"));
        let postgres = vec![
            Item::new(Kind::Enum, None, Some("mood")),
            Item::new(Kind::Table, None, Some("Users")).with("row security", Some("enabled")),
            Item::new(Kind::Column, Some("Users"), Some("Email")),
            key.with("columns", Some("email")).with("deferrable", Some("initially deferred")),
        ];
        assert_eq!(
            told(sqlite, postgres),
            [
                "enum mood (PostgreSQL): enum",
                "table Users (PostgreSQL): row security enabled",
                "table users (SQLite): strict yes",
                "users.email (SQLite): collation NOCASE",
                "users: unique constraint one (PostgreSQL): deferrable initially deferred",
            ]
        );
    }

    #[test]
    fn the_parts_of_what_the_other_lacks_altogether_are_no_gaps() {
        let more = Item::new(Kind::Table, None, Some("search"));
        let column = Item::new(Kind::Column, Some("search"), Some("words")).with("collation", Some("NOCASE"));
        assert_eq!(told(vec![table(), more, column], vec![table()]), [""; 0]);
        assert_eq!(told(vec![table()], vec![table()]), [""; 0]);
    }
}
