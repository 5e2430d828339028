//! A key of a form: a primary key, a unique constraint or an index, and what it is made of.

use std::collections::HashSet;

use super::condition::{Condition, Verdict, beside};
use super::findings::Findings;
use super::names::{listed, name, parts, words};
use super::relation::Relation;
use crate::drift::gap::is_inexpressible;
use crate::schema::Engine;
use crate::schema::inventory::{Item, Kind};
use crate::schema::language::expression::{Expression, Function};

/// A primary key, a unique constraint or an index.
#[derive(Clone)]
pub(super) struct Key<'i> {
    pub(super) item: &'i Item,
    pub(super) parts: Vec<Part>,
    pub(super) predicate: Option<Condition>,
    /// Whether the other engine has no such index.
    pub(super) is_gap: bool,
}

/// One part of a key.
#[derive(Clone)]
pub(super) struct Part {
    of: Of,
    pub(super) descending: bool,
    /// A collation that takes small and capital letters for the same.
    folds: bool,
    /// What the other engine cannot have of it, and why.
    gap: Option<(String, &'static str)>,
}

#[derive(Clone)]
enum Of {
    Column(String),
    Expression(Condition),
}

impl<'i> Key<'i> {
    /// Reads a key of a table.
    pub(super) fn read(relation: &Relation<'_>, item: &'i Item, truths: &HashSet<String>) -> Self {
        let engine = relation.engine;
        let part = |text: &str| Part::read(relation, text, truths);
        let predicate = item.fact("where").map(|text| Condition::read(engine, text, truths));
        let list = item.fact("columns").unwrap_or_default();
        Self {
            item,
            parts: parts(list).into_iter().map(part).collect(),
            predicate,
            is_gap: is_inexpressible(item, engine),
        }
    }

    pub(super) fn is_unique(&self) -> bool {
        self.item.kind == Kind::Unique || self.item.fact("unique").is_some()
    }

    /// What it is called: by its columns where it holds for all rows, else by its name.
    pub(super) fn words(&self) -> String {
        let columns = self.parts.iter().map(|part| match &part.of {
            Of::Column(name) => Some(name.clone()),
            Of::Expression(_) => None,
        });
        let columns = columns.collect::<Option<Vec<_>>>().filter(|_| self.predicate.is_none());
        let name = self.item.name.as_deref().unwrap_or("without a name");
        match (self.item.kind, self.is_unique(), columns) {
            (Kind::PrimaryKey, _, columns) => format!("primary key ({})", listed(&columns.unwrap_or_default())),
            (_, true, Some(columns)) => format!("unique ({})", listed(&columns)),
            (_, true, None) => format!("unique index {name}"),
            _ => format!("index {name}"),
        }
    }

    /// Holds its parts against those of another, one by one.
    pub(super) fn in_order(&self, other: &Self) -> Verdict {
        if self.parts.len() != other.parts.len() {
            return Verdict::Different;
        }
        let pairs = self.parts.iter().zip(&other.parts);
        worst(pairs.map(|(one, other)| match one.beside(other) {
            Verdict::Same if one.descending != other.descending => Verdict::Different,
            verdict => verdict,
        }))
    }

    /// Whether it is over the same as another, in whatever order.
    pub(super) fn is_over_the_same(&self, other: &Self) -> bool {
        let mut left: Vec<&Part> = other.parts.iter().collect();
        let all = self.parts.iter().all(|part| {
            let at = left.iter().position(|other| part.beside(other) == Verdict::Same);
            at.map(|at| left.remove(at)).is_some()
        });
        all && left.is_empty()
    }

    /// Whether it takes letters for the same where another of its own engine does.
    pub(super) fn folds_as(&self, other: &Self) -> bool {
        let folded = |key: &Self| key.parts.iter().filter(|part| part.folds).count();
        folded(self) == folded(other)
    }

    /// Whether another says by a function what it says by a collation.
    pub(super) fn is_folded_by(&self, other: &Self) -> bool {
        let is_folded = |(one, other): (&Part, &Part)| one.folds == matches!(other.of, Of::Expression(_));
        self.parts.iter().zip(&other.parts).all(is_folded)
    }

    pub(super) fn of_the_same_rows(&self, other: &Self) -> Verdict {
        beside(self.predicate.as_ref(), other.predicate.as_ref())
    }

    /// Tells what its parts have that the other engine cannot have.
    pub(super) fn tell_gaps(&self, engine: Engine, findings: &mut Findings) {
        for (what, why) in self.parts.iter().filter_map(|part| part.gap.as_ref()) {
            findings.gap_of(engine, self.item, &self.words(), what, why);
        }
    }

    /// Tells where a collation stands for what the other says by a function, or does not say.
    pub(super) fn tell_folded(&self, other: &Self, findings: &mut Findings) {
        let is_folded = |(one, other): (&Part, &Part)| one.folds && matches!(other.of, Of::Expression(_));
        if self.parts.iter().zip(&other.parts).any(is_folded) {
            let why = "PostgreSQL has no collation of this name, and lower() folds more letters than ASCII's";
            findings.incomparable(self.item, &self.words(), "collate nocase beside lower()", why);
        }
    }
}

/// The worst of some verdicts: different before unknown.
pub(super) fn worst(verdicts: impl Iterator<Item = Verdict>) -> Verdict {
    verdicts.fold(Verdict::Same, |worst, verdict| match (worst, verdict) {
        (Verdict::Different, _) | (_, Verdict::Different) => Verdict::Different,
        (Verdict::Unknown, _) | (_, Verdict::Unknown) => Verdict::Unknown,
        _ => Verdict::Same,
    })
}

impl Part {
    fn read(relation: &Relation<'_>, text: &str, truths: &HashSet<String>) -> Self {
        let engine = relation.engine;
        let (head, rest) = text.split_at(head_end(text));
        let of = match head.ends_with(')') {
            true => {
                let inside = head.strip_prefix('(').and_then(|text| text.strip_suffix(')')).unwrap_or(head);
                Of::Expression(Condition::read(engine, inside, truths))
            }
            false => Of::Column(name(head)),
        };
        let mut part = Self { of, descending: false, folds: false, gap: None };
        let mut collation = None;
        let mut said = words(rest).into_iter();
        while let Some(word) = said.next() {
            match word.to_lowercase().as_str() {
                "asc" => {}
                "desc" => part.descending = true,
                "collate" => collation = said.next().map(name),
                "nulls" => {
                    let place = said.next().unwrap_or_default().to_lowercase();
                    part.gap = Some((format!("nulls {place}"), "SQLite's indexes take NULL for the least value"));
                }
                class => part.gap = Some((format!("operator class {class}"), "SQLite's indexes compare in one way")),
            }
        }
        part.collate(relation, collation);
        part
    }

    /// Notes a collation of its own, or its column's; that of bytes is both engines'.
    fn collate(&mut self, relation: &Relation<'_>, own: Option<String>) {
        let said = own.clone().filter(|name| !matches!(name.as_str(), "binary" | "c" | "posix"));
        if relation.engine == Engine::Postgres {
            self.gap = said
                .map(|name| (format!("collation {name}"), "SQLite has no collation of this name"))
                .or(self.gap.take());
            return;
        }
        let of_column = || match &self.of {
            Of::Column(column) => relation.columns().get(column)?.fact("collation").map(name),
            Of::Expression(_) => None,
        };
        self.folds = own.or_else(of_column).as_deref() == Some("nocase");
        self.gap = said.map(|name| (format!("collation {name}"), "PostgreSQL has no collation of this name"));
    }

    /// Holds a part of SQLite's against one of PostgreSQL's.
    fn beside(&self, other: &Self) -> Verdict {
        match (&self.of, &other.of) {
            (Of::Column(one), Of::Column(other)) if one == other => Verdict::Same,
            (Of::Column(one), Of::Expression(other)) if self.folds && is_lower(other, one) => Verdict::Same,
            (Of::Expression(one), Of::Expression(other)) => one.beside(other),
            _ => Verdict::Different,
        }
    }
}

/// Tells whether a condition is `lower(column)`.
fn is_lower(condition: &Condition, column: &str) -> bool {
    let Some(Expression::Call { function: Function::Lower, arguments }) = &condition.shared else { return false };
    matches!(arguments.as_slice(), [Expression::Column(name)] if name == column)
}

/// Where the column or the expression ends with which a part begins.
fn head_end(text: &str) -> usize {
    words(text).first().map_or(0, |word| word.len())
}
