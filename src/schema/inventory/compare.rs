//! In what two inventories of one engine differ. Everything that differs is told, whether or not it could be mended.

use std::collections::{HashMap, HashSet};

use serde::Serialize;

use super::given::is_by_rule;
use super::pair::{Called, Pairs, known_as};
use super::{Grade, Inventory, Item, Kind};
use crate::schema::Engine;

/// One thing that is not what it should be.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Difference {
    /// What it is.
    pub kind: Kind,
    /// The relation that it is a part of.
    pub part_of: Option<String>,
    /// What it is called.
    pub name: Option<String>,
    /// In what it differs.
    #[serde(flatten)]
    pub what: What,
    /// How much that matters.
    pub grade: Grade,
    /// The statement that would mend it, in the engine's words, where there is one.
    pub mend: Option<String>,
}

/// In what a thing differs.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case", tag = "difference")]
pub enum What {
    /// It should be there.
    Missing,
    /// It should not be there.
    Unexpected,
    /// Something else is true of it.
    Changed {
        /// What about.
        fact: String,
        /// What should be true; none for nothing.
        expected: Option<String>,
        /// What is; none for nothing.
        found: Option<String>,
    },
    /// Its columns stand in another order.
    Order {
        /// Those columns that both have, as they should stand.
        expected: Vec<String>,
        /// As they do.
        found: Vec<String>,
    },
}

/// Says in what an inventory differs from the one that is expected, relation by relation, in the order of the items.
///
/// What is missing or unexpected as a whole is told once, not part by part.
pub fn compare(expected: &Inventory, found: &Inventory) -> Vec<Difference> {
    let pairs = Pairs::of(expected, found);
    let (wanted, there) = (Relations::of(expected), Relations::of(found));
    let mut differences = Vec::new();
    for (at, item) in expected.items.iter().enumerate() {
        match pairs.partner[at] {
            Some(other) => facts(item, &found.items[other], &mut differences),
            None if wanted.whole(item).is_some_and(|whole| pairs.partner[whole].is_none()) => {}
            None => differences.push(difference(item, What::Missing)),
        }
        if matches!(item.kind, Kind::Table | Kind::ForeignTable | Kind::Composite) && pairs.partner[at].is_some() {
            order(item, &wanted, &there, &mut differences);
        }
    }
    for (at, item) in found.items.iter().enumerate() {
        if !pairs.taken[at] && there.whole(item).is_none_or(|whole| pairs.taken[whole]) {
            let mut unexpected = difference(item, What::Unexpected);
            // Those who know nothing of it are refused.
            if must_be_given(item) {
                unexpected.grade = Grade::Breaking;
            }
            differences.push(unexpected);
        }
    }
    differences
}

impl Difference {
    /// The name by which a report calls it: `users.email`, `view totals`, `users: check age_is_positive`.
    pub fn subject(&self) -> String {
        let name = self.name.as_deref();
        match (self.kind, &self.part_of, name) {
            (Kind::Column, Some(table), Some(name)) => format!("{table}.{name}"),
            (kind, Some(table), Some(name)) => format!("{table}: {} {name}", kind.name()),
            (kind, Some(table), None) => format!("{table}: {}", kind.name()),
            (kind, None, name) => format!("{} {}", kind.name(), name.unwrap_or_default()).trim_end().to_owned(),
        }
    }

    /// One line that says all: `users.email: type varchar(40) → varchar(50)`.
    pub fn sentence(&self) -> String {
        let subject = self.subject();
        match &self.what {
            What::Missing => format!("{subject} is missing"),
            What::Unexpected => format!("{subject} is there and should not be"),
            What::Changed { fact, expected, found } => {
                let say = |value: &Option<String>| value.clone().unwrap_or_else(|| "none".into());
                format!("{subject}: {fact} {} → {}", say(expected), say(found))
            }
            What::Order { expected, found } => {
                format!("{subject}: order of columns {} → {}", expected.join(", "), found.join(", "))
            }
        }
    }
}

fn difference(item: &Item, what: What) -> Difference {
    let mend = match what {
        What::Missing => item.create.clone(),
        What::Unexpected => item.drop.clone(),
        What::Changed { .. } | What::Order { .. } => None,
    };
    Difference {
        kind: item.kind,
        part_of: item.part_of.clone(),
        name: item.name.clone().or_else(|| signature(item)),
        grade: Grade::of(item.kind, &what),
        what,
        mend,
    }
}

/// What a nameless constraint is known by.
fn signature(item: &Item) -> Option<String> {
    let first = item.fact("columns").or_else(|| item.fact("expression"));
    first.map(|text| if text.starts_with('(') { text.to_owned() } else { format!("({text})") })
}

/// A column that must be given a value by whoever inserts a row.
fn must_be_given(item: &Item) -> bool {
    item.kind == Kind::Column
        && item.fact("not null").is_some()
        && ["default", "generated", "identity", "numbers rows"].iter().all(|fact| item.fact(fact).is_none())
}

fn facts(expected: &Item, found: &Item, differences: &mut Vec<Difference>) {
    let mut whats: Vec<&'static str> = expected.facts.iter().map(|fact| fact.what).collect();
    whats.extend(found.facts.iter().map(|fact| fact.what).filter(|what| expected.fact(what).is_none()));
    let mut changed = |fact: &str, before: Option<&str>, after: Option<&str>| {
        if before != after {
            let (fact, expected_value, found_value) =
                (fact.to_owned(), before.map(str::to_owned), after.map(str::to_owned));
            let what = What::Changed { fact, expected: expected_value, found: found_value };
            differences.push(difference(expected, what));
        }
    };
    // A name is a fact only of what could go without one.
    match expected.kind.may_be_nameless() {
        true if is_by_rule(expected, found) => {}
        true => changed("name", expected.name.as_deref(), found.name.as_deref()),
        false => changed("spelling", expected.name.as_deref(), found.name.as_deref()),
    }
    for what in whats {
        changed(what, expected.fact(what), found.fact(what));
    }
}

fn order(table: &Item, expected: &Relations<'_>, found: &Relations<'_>, differences: &mut Vec<Difference>) {
    let (all_wanted, all_there) = (expected.columns(table), found.columns(table));
    let both = |columns: &[Called<'_>], others: &[Called<'_>]| -> Vec<String> {
        let others: HashSet<&str> = others.iter().map(AsRef::as_ref).collect();
        columns.iter().filter(|column| others.contains(column.as_ref())).map(ToString::to_string).collect()
    };
    let (wanted, there) = (both(all_wanted, all_there), both(all_there, all_wanted));
    if wanted != there {
        differences.push(difference(table, What::Order { expected: wanted, found: there }));
    }
}

/// The relations of an inventory, each with its columns.
struct Relations<'i> {
    engine: Engine,
    places: HashMap<Called<'i>, usize>,
    columns: HashMap<Called<'i>, Vec<Called<'i>>>,
}

impl<'i> Relations<'i> {
    fn of(inventory: &'i Inventory) -> Self {
        let engine = inventory.engine;
        let mut relations = Self { engine, places: HashMap::new(), columns: HashMap::new() };
        for (at, item) in inventory.items.iter().enumerate() {
            let called = |name: &'i Option<String>| name.as_deref().map(|name| known_as(engine, name));
            match (called(&item.part_of), called(&item.name)) {
                (None, Some(name)) if item.kind.holds_parts() => {
                    relations.places.entry(name).or_insert(at);
                }
                (Some(whole), Some(name)) if item.kind == Kind::Column => {
                    relations.columns.entry(whole).or_default().push(name);
                }
                _ => {}
            }
        }
        relations
    }

    /// The place of the relation that an item is a part of, where it is there.
    fn whole(&self, item: &Item) -> Option<usize> {
        let whole = known_as(self.engine, item.part_of.as_deref()?);
        self.places.get(whole.as_ref()).copied()
    }

    fn columns(&self, relation: &Item) -> &[Called<'i>] {
        let name = relation.name.as_deref().map(|name| known_as(self.engine, name));
        name.and_then(|name| self.columns.get(name.as_ref())).map_or(&[], Vec::as_slice)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::schema::Engine;

    fn of(items: Vec<Item>) -> Inventory {
        Inventory { items, ..Inventory::new(Engine::Sqlite) }
    }

    fn table() -> Item {
        Item::new(Kind::Table, None, Some("t"))
    }

    fn column(name: &str) -> Item {
        Item::new(Kind::Column, Some("t"), Some(name)).with("type", Some("TEXT"))
    }

    fn check(name: Option<&str>, expression: &str) -> Item {
        Item::new(Kind::Check, Some("t"), name).with_sql("expression", Some(expression))
    }

    fn told(expected: Vec<Item>, found: Vec<Item>) -> Vec<String> {
        compare(&of(expected), &of(found)).iter().map(Difference::sentence).collect()
    }

    #[test]
    fn a_table_that_is_missing_is_told_once() {
        assert_eq!(told(vec![table(), column("a")], vec![]), ["table t is missing"]);
        assert_eq!(told(vec![], vec![table(), column("a")]), ["table t is there and should not be"]);
    }

    #[test]
    fn a_change_says_what_was_and_what_is() {
        let found = column("a").with("default", Some("'x'"));
        let differences = compare(&of(vec![table(), column("a")]), &of(vec![table(), found]));
        assert_eq!(differences[0].sentence(), "t.a: default none → 'x'");
        assert_eq!(differences[0].grade, Grade::Breaking);
    }

    #[test]
    fn the_order_of_columns_is_compared_among_those_that_both_have() {
        let expected = vec![table(), column("a"), column("b"), column("c")];
        let found = vec![table(), column("c"), column("x"), column("a")];
        assert_eq!(
            told(expected, found),
            ["table t: order of columns a, c → c, a", "t.b is missing", "t.x is there and should not be"]
        );
    }

    #[test]
    fn nameless_constraints_are_known_by_what_they_say() {
        let expected = vec![table(), check(None, "a > 0"), check(None, "b > 0")];
        let same = vec![table(), check(None, "b > 0"), check(None, "a > 0")];
        assert_eq!(told(expected.clone(), same), [""; 0]);
        let changed = vec![table(), check(None, "b > 0"), check(None, "a > 1")];
        assert_eq!(told(expected.clone(), changed), ["t: check (a > 0): expression a > 0 → a > 1"]);
        let named = vec![table(), check(None, "b > 0"), check(Some("positive"), "a > 0")];
        assert_eq!(told(expected.clone(), named), ["t: check (a > 0): name none → positive"]);
        let fewer = vec![table(), check(None, "b > 0")];
        assert_eq!(told(expected, fewer), ["t: check (a > 0) is missing"]);
    }

    #[test]
    fn two_constraints_with_names_of_their_own_are_two() {
        let expected = vec![table(), check(Some("one"), "a > 0")];
        let found = vec![table(), check(Some("two"), "a > 1")];
        assert_eq!(told(expected, found), ["t: check one is missing", "t: check two is there and should not be"]);
    }

    #[test]
    fn a_column_that_must_be_given_is_in_the_way() {
        let extra = |item: Item| compare(&of(vec![table()]), &of(vec![table(), item]))[0].grade;
        assert_eq!(extra(column("x")), Grade::Compatible);
        assert_eq!(extra(column("x").when("not null", true)), Grade::Breaking);
        assert_eq!(extra(column("x").when("not null", true).with("default", Some("1"))), Grade::Compatible);
    }
}
