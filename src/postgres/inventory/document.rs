//! What the catalogues' questions answer: a document for each thing, lifted into an item of the inventory.

use std::collections::BTreeMap;

use serde::Deserialize;

use super::grants::{Acl, told};
use super::keys::{first_list, one_line};
use crate::schema::inventory::{Item, Kind};

/// The words for facts, in the order in which they are told.
const WORDS: [&str; 78] = [
    "name",
    "kind",
    "type",
    "arguments",
    "returns",
    "language",
    "of type",
    "partition of",
    "partitioned by",
    "inherits",
    "labels",
    "columns",
    "without overlaps",
    "unique",
    "method",
    "include",
    "where",
    "nulls not distinct",
    "refers to",
    "match",
    "on delete",
    "on update",
    "deferrable",
    "expression",
    "no inherit",
    "enforced",
    "valid",
    "collation",
    "not null",
    "own definition",
    "default",
    "generated",
    "kept",
    "identity",
    "numbers rows",
    "sequence",
    "start",
    "increment",
    "minimum",
    "maximum",
    "cycle",
    "cache",
    "owned by",
    "constraint",
    "command",
    "permissive",
    "roles",
    "using",
    "check",
    "definition",
    "enabled",
    "inherited triggers",
    "inherited indexes",
    "volatility",
    "parallel",
    "strict",
    "security definer",
    "leakproof",
    "cost",
    "rows",
    "settings",
    "transforms",
    "support",
    "depends on extension",
    "populated",
    "row security",
    "replica identity",
    "unlogged",
    "options",
    "storage",
    "parameters",
    "compression",
    "statistics target",
    "access method",
    "tablespace",
    "clustered",
    "server",
    "column defaults",
];
/// Those that come last, whatever they are said of.
const LAST_WORDS: [&str; 7] =
    ["grants", "column grants", "sequence grants", "comment", "column comments", "sequence comment", "index comment"];

/// A thing, as a question answers it.
#[derive(Deserialize)]
pub(super) struct Document {
    kind: Kind,
    part_of: Option<String>,
    name: Option<String>,
    #[serde(default)]
    facts: BTreeMap<String, Option<String>>,
    /// Facts that are texts of SQL.
    #[serde(default)]
    sql: BTreeMap<String, Option<String>>,
    #[serde(default)]
    acls: BTreeMap<String, Option<Acl>>,
    /// Access lists of a view's columns.
    column_acls: Option<Vec<ColumnAcl>>,
    keys: Option<Keys>,
    create: Option<String>,
    drop: Option<String>,
}

#[derive(Deserialize)]
struct ColumnAcl {
    /// Its name, in quotes where it needs them.
    column: String,
    #[serde(flatten)]
    acl: Acl,
}

/// The keys of an index: a text that begins with them.
#[derive(Deserialize)]
struct Keys {
    from: String,
    is_sql: bool,
}

impl Document {
    /// Lifts it; fails with a word for a fact that is not known.
    pub(super) fn lift(mut self) -> Result<Item, String> {
        for (what, acl) in std::mem::take(&mut self.acls) {
            let text = acl.and_then(|acl| told(&acl));
            self.facts.insert(what, text);
        }
        let columns = self.column_acls.take().unwrap_or_default();
        let columns = columns.iter().filter_map(|one| Some(format!("{} ({})", one.column, told(&one.acl)?)));
        self.facts.insert("column grants".into(), Some(columns.collect::<Vec<_>>().join(", ")));
        if let Some(keys) = self.keys.take() {
            let text = first_list(&keys.from).to_owned();
            let facts = if keys.is_sql { &mut self.sql } else { &mut self.facts };
            facts.insert("columns".into(), Some(text));
        }
        if matches!(self.kind, Kind::View | Kind::MaterializedView | Kind::Rule) {
            let told = self.facts.get_mut("definition").into_iter().chain(self.sql.get_mut("definition"));
            told.flatten().for_each(|text| *text = one_line(text));
        }
        let mut item = Item::new(self.kind, self.part_of.as_deref(), self.name.as_deref());
        for what in WORDS.into_iter().chain(LAST_WORDS) {
            let (plain, sql) = (self.facts.remove(what).flatten(), self.sql.remove(what).flatten());
            item = item.with(what, plain).with_sql(what, sql);
        }
        (item.create, item.drop) = (self.create, self.drop);
        match self.facts.into_keys().chain(self.sql.into_keys()).next() {
            Some(unknown) => Err(unknown),
            None => Ok(item),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn lift(text: &str) -> Result<Item, String> {
        serde_json::from_str::<Document>(text).expect("a document").lift()
    }

    #[test]
    fn facts_stand_in_the_order_of_their_words() {
        let item = lift(
            r#"{"kind": "column", "part_of": "t", "name": "c", "drop": null,
                "facts": {"comment": "x", "not null": "yes", "type": "text", "collation": null}, "sql": {"default": "1"}}"#,
        );
        let item = item.expect("all words are known");
        let facts: Vec<(&str, bool)> = item.facts.iter().map(|fact| (fact.what, fact.is_sql)).collect();
        assert_eq!(facts, [("type", false), ("not null", false), ("default", true), ("comment", false)]);
    }

    #[test]
    fn a_word_that_is_not_known_is_not_passed_over() {
        let unknown = lift(r#"{"kind": "table", "name": "t", "facts": {"colour": "blue"}}"#);
        assert_eq!(unknown, Err("colour".into()));
    }
}
