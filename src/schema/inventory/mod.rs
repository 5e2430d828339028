//! Everything that a database holds, as facts: what kind of thing, what it is called, and what is true of it.
//!
//! A [`Schema`](super::Schema) is what can be written for both engines; an inventory is what can be seen in one. Each engine's
//! reading normalises what it tells, so that two inventories of one engine say the same exactly when the structures do.
//! Nothing here knows how a difference came to be or in which words it is mended; [`in_turn`] knows in which order.

mod compare;
mod given;
mod grade;
mod kind;
mod pair;
mod turn;

use serde::Serialize;

pub use compare::{Difference, What, compare};
pub use grade::Grade;
pub use kind::Kind;
pub use turn::in_turn;

use super::Engine;

/// What a database holds.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Inventory {
    /// The engine whose words the facts are in.
    pub engine: Engine,
    /// What is there, in the order in which it is best told: a table before its columns, columns in their order.
    pub items: Vec<Item>,
    /// What is there and is not described by facts.
    pub unmanaged: Vec<Unmanaged>,
}

/// One thing in a database.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Item {
    /// What it is.
    pub kind: Kind,
    /// The relation that it is a part of; none where it stands for itself.
    pub part_of: Option<String>,
    /// What it is called; none for a constraint that the engine keeps without a name, which is known by its facts.
    pub name: Option<String>,
    /// What is true of it, in the order in which it is best told. Each `what` occurs once.
    pub facts: Vec<Fact>,
    /// The names of the columns that a view gives, where only the engine can tell them. They are not compared: they follow from
    /// its query.
    pub columns: Option<Vec<String>>,
    /// What it needs while it is there, where the engine tells: a view the columns of its query, a foreign key its key. They are
    /// not compared: they follow from its facts.
    pub uses: Vec<Use>,
    /// The statement that makes it, in the engine's words, where one statement does.
    pub create: Option<String>,
    /// The statement that takes it away, in the engine's words, where one statement does.
    pub drop: Option<String>,
}

/// What a thing needs while it is there.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Use {
    /// A relation or a function, by the name of its item.
    pub of: String,
    /// The column or key that is needed; none where all of it may be.
    pub part: Option<String>,
}

/// Something that is true of a thing.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Fact {
    /// What it is about: `type`, `default`, `on delete`, …; [`grade`](Grade) knows these words.
    pub what: &'static str,
    /// The truth, as it is shown to people and compared.
    pub value: String,
    /// Whether the value is a text of SQL that the engine may word in more than one way.
    pub is_sql: bool,
}

/// Something that is counted and named, and not compared.
#[derive(Clone, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize)]
pub struct Unmanaged {
    /// What it is, in the engine's word.
    pub kind: String,
    /// What it is called.
    pub name: String,
    /// Why it is not compared.
    pub why: String,
}

impl Inventory {
    /// One with nothing in it.
    pub fn new(engine: Engine) -> Self {
        Self { engine, items: Vec::new(), unmanaged: Vec::new() }
    }

    /// Finds a thing that stands for itself.
    pub fn item(&self, kind: Kind, name: &str) -> Option<&Item> {
        self.items.iter().find(|item| item.kind == kind && item.part_of.is_none() && item.name.as_deref() == Some(name))
    }

    /// The parts of a relation of one kind, in their order.
    pub fn parts<'i>(&'i self, relation: &'i str, kind: Kind) -> impl Iterator<Item = &'i Item> {
        self.items.iter().filter(move |item| item.kind == kind && item.part_of.as_deref() == Some(relation))
    }
}

impl Item {
    /// A thing of which nothing is known but what it is.
    pub fn new(kind: Kind, part_of: Option<&str>, name: Option<&str>) -> Self {
        let (part_of, name) = (part_of.map(str::to_owned), name.map(str::to_owned));
        Self { kind, part_of, name, facts: Vec::new(), columns: None, uses: Vec::new(), create: None, drop: None }
    }

    /// Adds a fact; nothing is added for a value that is not there, or empty.
    #[must_use]
    pub fn with(mut self, what: &'static str, value: Option<impl Into<String>>) -> Self {
        self.tell(what, value.map(Into::into), false);
        self
    }

    /// Adds a fact that is a text of SQL.
    #[must_use]
    pub fn with_sql(mut self, what: &'static str, value: Option<impl Into<String>>) -> Self {
        self.tell(what, value.map(Into::into), true);
        self
    }

    /// Adds the word `yes` where something holds.
    #[must_use]
    pub fn when(self, what: &'static str, holds: bool) -> Self {
        self.with(what, holds.then_some("yes"))
    }

    fn tell(&mut self, what: &'static str, value: Option<String>, is_sql: bool) {
        if let Some(value) = value.filter(|value| !value.is_empty()) {
            self.facts.push(Fact { what, value, is_sql });
        }
    }

    /// The value of a fact.
    pub fn fact(&self, what: &str) -> Option<&str> {
        self.facts.iter().find(|fact| fact.what == what).map(|fact| fact.value.as_str())
    }
}
