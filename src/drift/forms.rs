//! What one engine's form of a revision holds and the other's lacks, though both engines could hold it.
//!
//! Each form is in its engine's words, so that only what both words mean alike is compared: which tables, views, columns,
//! triggers and indexes there are, which columns may not be null, what is unique, what is checked and what refers to what.
//! Types, defaults and the conditions of checks are held against each engine's own form alone.

use std::collections::{BTreeMap, HashSet};

use super::apart::is_home;
use super::gap::is_inexpressible;
use super::outcome::{Comparison, Counts, Told};
use super::{Options, Pattern};
use crate::migrate::folder::Folder;
use crate::schema::Engine;
use crate::schema::inventory::{Grade, Inventory, Item, Kind};

/// What identifies a thing in both engines' words: its relation, what it is, and what is told of it.
type Place = (String, &'static str, String);

/// One thing that a form holds.
struct Said<'i> {
    item: &'i Item,
    /// What is told after the relation, such as `unique (email)`.
    words: String,
    /// Facts that are compared where both have the thing.
    facts: Vec<(&'static str, Option<String>)>,
    /// Whether the other engine cannot have it.
    is_gap: bool,
}

/// Compares the SQLite form with the PostgreSQL form of one revision.
pub(super) fn compare_forms(
    folder: &Folder,
    revisions: &[String],
    sqlite: &Inventory,
    postgres: &Inventory,
    options: &Options,
) -> Comparison {
    let (expected, found) = (Form::of(sqlite, postgres), Form::of(postgres, sqlite));
    let mut differences = alone(&expected.said, &found, Engine::Sqlite);
    differences.extend(alone(&found.said, &expected, Engine::Postgres));
    differences.extend(otherwise(&expected, &found));
    differences.sort_by(|one, other| one.sentence.cmp(&other.sentence));
    let (ignored, differences): (Vec<Told>, Vec<Told>) =
        differences.into_iter().partition(|told| options.ignore.iter().any(|pattern| is_meant(told, pattern)));
    Comparison {
        expected: format!("the form of {} for SQLite", folder.shown()),
        found: format!("the form of {} for PostgreSQL", folder.shown()),
        engine: Engine::Postgres,
        revisions: revisions.to_vec(),
        recorded_by: None,
        pending: Vec::new(),
        file: folder.on_disk(),
        objects: found.said.len(),
        counts: Counts::of(&differences),
        differences,
        unmanaged: Vec::new(),
        ignored: ignored.into_iter().map(|told| told.sentence).collect(),
    }
}

/// All that is compared of one engine's form.
struct Form<'i> {
    engine: Engine,
    relations: HashSet<String>,
    said: BTreeMap<Place, Said<'i>>,
}

impl<'i> Form<'i> {
    fn of(inventory: &'i Inventory, other: &Inventory) -> Self {
        let relations =
            inventory.items.iter().filter(|item| is_relation(item.kind)).filter_map(|item| item.name.as_deref());
        let (relations, engine) = (relations.map(lower).collect(), inventory.engine);
        let mut form = Self { engine, relations, said: BTreeMap::new() };
        let enums = columns_of_enums(other);
        let keys = key_columns(inventory).chain(key_columns(other)).collect();
        let schemas = other_schemas(inventory);
        // SQLite has one schema, which is told as a gap with the schema itself.
        let is_outside = |item: &Item| {
            let whole = item.part_of.as_deref().or(item.name.as_deref()).unwrap_or_default();
            schemas.iter().any(|schema| whole.starts_with(schema))
        };
        for item in inventory.items.iter().filter(|item| !is_outside(item)) {
            form.take(item, inventory, &enums, &keys);
        }
        form
    }

    fn take(&mut self, item: &'i Item, inventory: &Inventory, enums: &HashSet<Column>, keys: &HashSet<Column>) {
        let relation = lower(item.part_of.as_deref().unwrap_or_default());
        let name = item.name.as_deref().unwrap_or_default();
        let columns = item.fact("columns").and_then(plain_columns);
        match item.kind {
            kind if is_relation(kind) => {
                let words = format!("{} {name}", kind.name());
                self.put((lower(name), "relation", String::new()), item, words);
            }
            Kind::Trigger => self.put((relation, "trigger", lower(name)), item, format!("trigger {name}")),
            Kind::Column => {
                self.put((relation.clone(), "column", lower(name)), item, name.to_owned());
                let counts_itself = ["identity", "numbers rows"].iter().any(|fact| item.fact(fact).is_some());
                if item.fact("not null").is_some() && !counts_itself && !keys.contains(&(relation.clone(), lower(name)))
                {
                    self.put((relation, "not null", lower(name)), item, format!("{name} not null"));
                }
            }
            Kind::PrimaryKey | Kind::Unique => {
                let Some(columns) = columns else { return };
                let what = if item.kind == Kind::PrimaryKey { "primary key" } else { "unique" };
                self.put_set(relation, what, columns, item);
            }
            Kind::Index => {
                let is_unique = item.fact("unique").is_some();
                match columns.filter(|_| is_unique && item.fact("where").is_none()) {
                    Some(columns) => self.put_set(relation, "unique", columns, item),
                    None => {
                        let words = format!("{}index {name}", if is_unique { "unique " } else { "" });
                        self.put((relation, "index", lower(&words)), item, words);
                    }
                }
            }
            Kind::ForeignKey => self.take_reference(relation, item),
            Kind::Check => self.take_check(relation, item, inventory, enums),
            _ => {}
        }
    }

    /// A key that is the same whatever the order of its columns and its name.
    fn put_set(&mut self, relation: String, what: &'static str, mut columns: Vec<String>, item: &'i Item) {
        let words = format!("{what} ({})", columns.join(", "));
        columns.sort();
        self.put((relation, what, columns.join(", ")), item, words);
    }

    fn take_reference(&mut self, relation: String, item: &'i Item) {
        let columns = item.fact("columns").map(lower).unwrap_or_default();
        let refers = item.fact("refers to").map(lower).unwrap_or_default();
        let words = format!("foreign key ({columns}) to {refers}");
        let actions = ["on delete", "on update"].map(|action| (action, item.fact(action).map(lower)));
        let said = Said { item, words, facts: actions.to_vec(), is_gap: is_inexpressible(item, self.engine) };
        self.said.insert((relation, "foreign key", format!("{columns} -> {refers}").replace('"', "")), said);
    }

    /// A check is known by the columns that it names: its condition is in the engine's words.
    fn take_check(&mut self, relation: String, item: &'i Item, inventory: &Inventory, enums: &HashSet<Column>) {
        let whole = item.part_of.as_deref().unwrap_or_default();
        let words = words_of(item.fact("expression").unwrap_or_default());
        let known = inventory.parts(whole, Kind::Column).filter_map(|column| column.name.as_deref().map(lower));
        let named: Vec<String> = known.filter(|column| words.contains(column)).collect();
        // PostgreSQL holds such a column to its labels by its type.
        if named.iter().any(|column| enums.contains(&(relation.clone(), column.clone()))) {
            return;
        }
        let columns = named.join(", ");
        let nth = (1..).find(|nth| !self.said.contains_key(&(relation.clone(), "check", format!("{columns} {nth}"))));
        let words = if columns.is_empty() { "a check".to_owned() } else { format!("a check of {columns}") };
        self.put((relation, "check", format!("{columns} {}", nth.unwrap_or(1))), item, words);
    }

    fn put(&mut self, place: Place, item: &'i Item, words: String) {
        let is_gap = is_inexpressible(item, self.engine);
        self.said.entry(place).or_insert(Said { item, words, facts: Vec::new(), is_gap });
    }
}

type Column = (String, String);

/// What one form has and the other lacks.
fn alone(said: &BTreeMap<Place, Said<'_>>, other: &Form<'_>, engine: Engine) -> Vec<Told> {
    let is_told = |place: &Place| {
        let (relation, what, detail) = place;
        // The parts of what the other lacks altogether are told with it.
        let is_whole = *what == "relation" || other.relations.contains(relation);
        // And so is what a column of it may not be.
        let lacks_column =
            *what == "not null" && !other.said.contains_key(&(relation.clone(), "column", detail.clone()));
        is_whole && !lacks_column
    };
    let missing =
        said.iter().filter(|(place, said)| !said.is_gap && !other.said.contains_key(*place) && is_told(place));
    let difference = if engine == Engine::Sqlite { "missing" } else { "unexpected" };
    missing.map(|(_, said)| said.told(difference, format!("{} on {} alone", said.subject(), engine.name()))).collect()
}

/// Facts in which the forms differ of what both have.
fn otherwise(expected: &Form<'_>, found: &Form<'_>) -> Vec<Told> {
    let mut all = Vec::new();
    for (place, said) in &expected.said {
        let Some(other) = found.said.get(place) else { continue };
        for ((fact, is), (_, other)) in said.facts.iter().zip(&other.facts).filter(|(one, other)| one != other) {
            let shown = |value: &Option<String>| value.clone().unwrap_or_else(|| "nothing".into());
            let sentence =
                format!("{}: {fact} {} on SQLite, {} on PostgreSQL", said.subject(), shown(is), shown(other));
            all.push(Told {
                fact: Some((*fact).to_owned()),
                expected: is.clone(),
                found: other.clone(),
                ..said.told("changed", sentence)
            });
        }
    }
    all
}

impl Said<'_> {
    fn subject(&self) -> String {
        match (&self.item.part_of, self.item.kind) {
            (None, _) => self.words.clone(),
            (Some(relation), Kind::Column) => format!("{relation}.{}", self.words),
            (Some(relation), _) => format!("{relation}: {}", self.words),
        }
    }

    fn told(&self, difference: &'static str, sentence: String) -> Told {
        let item = self.item;
        let is_plain_index = item.kind == Kind::Index && item.fact("unique").is_none();
        Told {
            sentence,
            subject: self.subject(),
            kind: item.kind,
            relation: item.part_of.clone().or_else(|| item.name.clone().filter(|_| is_relation(item.kind))),
            name: item.name.clone(),
            difference,
            fact: None,
            expected: None,
            found: None,
            line: None,
            grade: if is_plain_index { Grade::Compatible } else { Grade::Breaking },
            mend: None,
        }
    }
}

/// How the names begin of what lies in a schema of its own.
fn other_schemas(inventory: &Inventory) -> Vec<String> {
    let schemas = inventory.items.iter().filter(|item| item.kind == Kind::Schema && !is_home(item));
    schemas.filter_map(|item| Some(format!("{}.", item.name.as_deref()?))).collect()
}

/// The columns whose type is an enum.
fn columns_of_enums(inventory: &Inventory) -> HashSet<Column> {
    let enums = inventory.items.iter().filter(|item| item.kind == Kind::Enum);
    let enums: HashSet<&str> = enums.filter_map(|item| item.name.as_deref()).collect();
    let columns = inventory.items.iter().filter(|item| item.kind == Kind::Column);
    let columns = columns.filter(|column| {
        let declared = column.fact("type").unwrap_or_default().trim_end_matches("[]").replace('"', "");
        enums.contains(declared.as_str())
    });
    columns.filter_map(|column| Some((lower(column.part_of.as_deref()?), lower(column.name.as_deref()?)))).collect()
}

/// The columns of primary keys; SQLite lets some of them be null, and its form need not say that they may not.
fn key_columns(inventory: &Inventory) -> impl Iterator<Item = Column> {
    let keys = inventory.items.iter().filter(|item| item.kind == Kind::PrimaryKey);
    keys.flat_map(|key| {
        let relation = lower(key.part_of.as_deref().unwrap_or_default());
        let columns = key.fact("columns").and_then(plain_columns).unwrap_or_default();
        columns.into_iter().map(move |column| (relation.clone(), column))
    })
}

fn is_relation(kind: Kind) -> bool {
    matches!(kind, Kind::Table | Kind::View | Kind::MaterializedView | Kind::ForeignTable | Kind::VirtualTable)
}

fn is_meant(told: &Told, pattern: &Pattern) -> bool {
    let both = told.relation.as_ref().zip(told.name.as_ref()).map(|(whole, own)| format!("{whole}.{own}"));
    [told.relation.as_deref(), told.name.as_deref(), both.as_deref()]
        .into_iter()
        .flatten()
        .any(|name| pattern.means(name))
}

/// SQLite does not tell names apart that differ in case alone.
fn lower(name: &str) -> String {
    name.to_lowercase()
}

/// The names in a list of columns, without what is said of each; none where one of them is an expression.
fn plain_columns(list: &str) -> Option<Vec<String>> {
    if list.contains('(') {
        return None;
    }
    let name = |part: &str| match part.trim().strip_prefix('"') {
        Some(quoted) => lower(quoted.split('"').next().unwrap_or_default()),
        None => lower(part.split_whitespace().next().unwrap_or_default()),
    };
    Some(list.split(',').map(name).collect())
}

/// The words of a condition that may be names.
fn words_of(condition: &str) -> HashSet<String> {
    let quoted = condition.split('"').skip(1).step_by(2).map(lower);
    let words = condition.split(|letter: char| !letter.is_alphanumeric() && letter != '_').map(lower);
    quoted.chain(words).collect()
}
