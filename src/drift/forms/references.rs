//! Foreign keys of both forms: which column refers to which, and what happens to those who refer.

use super::findings::Findings;
use super::names::{listed, lower, name, names, without_quoted};
use super::relation::Relation;
use crate::schema::Engine;
use crate::schema::inventory::{Item, Kind};

/// A foreign key; its pairs of columns stand in the order of their names, whatever the order in which they were written.
struct Reference<'i> {
    item: &'i Item,
    parent: String,
    pairs: Vec<(String, String)>,
    words: String,
}

impl<'i> Reference<'i> {
    fn read(item: &'i Item) -> Self {
        let columns = item.fact("columns").map(names).unwrap_or_default();
        let refers = item.fact("refers to").unwrap_or_default();
        let (parent, list) = match refers.strip_suffix(')').and_then(|text| text.rsplit_once(" (")) {
            Some((parent, list)) => (parent, names(list)),
            None => (refers, Vec::new()),
        };
        let parent = name(parent);
        let mut shown = parent.clone();
        if !list.is_empty() {
            shown.push_str(&format!(" ({})", listed(&list)));
        }
        let words = format!("foreign key ({}) to {shown}", listed(&columns));
        let others = list.into_iter().map(Some).chain(std::iter::repeat(None));
        let mut pairs: Vec<(String, String)> =
            columns.into_iter().zip(others).map(|(own, other)| (own, other.unwrap_or_default())).collect();
        pairs.sort();
        Self { item, parent, pairs, words }
    }

    /// Whether it refers to a table of another schema, which is named with it.
    fn leads_elsewhere(&self) -> bool {
        let refers = without_quoted(self.item.fact("refers to").unwrap_or_default());
        refers.split(" (").next().is_some_and(|parent| parent.contains('.'))
    }

    fn is(&self, other: &Self) -> bool {
        (&self.parent, &self.pairs) == (&other.parent, &other.pairs)
    }
}

/// Compares the foreign keys of one table.
pub(super) fn compare(sqlite: &Relation<'_>, postgres: &Relation<'_>, findings: &mut Findings) {
    let mut others: Vec<Reference<'_>> = postgres.parts(Kind::ForeignKey).map(Reference::read).collect();
    for reference in sqlite.parts(Kind::ForeignKey).map(Reference::read) {
        match others.iter().position(|other| other.is(&reference)) {
            Some(at) => facts(&reference, &others.remove(at), findings),
            None => findings.alone(Engine::Sqlite, reference.item, &reference.words),
        }
    }
    for reference in others {
        if reference.leads_elsewhere() {
            let why = "SQLite has one schema in a file";
            findings.gap_of(Engine::Postgres, reference.item, &reference.words, "a table of another schema", why);
            continue;
        }
        findings.alone(Engine::Postgres, reference.item, &reference.words);
    }
}

fn facts(own: &Reference<'_>, other: &Reference<'_>, findings: &mut Findings) {
    for action in ["on delete", "on update"] {
        let [is, there] = [own.item, other.item].map(|item| item.fact(action).map(lower));
        let (verb, columns) = match there.as_deref().and_then(|text| text.split_once(" (")) {
            Some((verb, columns)) => (Some(verb), Some(columns)),
            None => (there.as_deref(), None),
        };
        findings.held(own.item, &own.words, action, is.as_deref(), verb);
        if let Some(columns) = columns {
            let what = format!("{action} of {}", columns.trim_end_matches(')'));
            findings.gap_of(
                Engine::Postgres,
                other.item,
                &other.words,
                &what,
                "SQLite does so to all columns of the key",
            );
        }
    }
    let (is, there) = (own.item.fact("deferrable"), other.item.fact("deferrable"));
    if there == Some("initially immediate") && is.is_none() {
        let why = "SQLite puts off all keys of a transaction, or those that are always put off";
        findings.gap_of(Engine::Postgres, other.item, &other.words, "deferrable initially immediate", why);
    } else {
        findings.held(own.item, &own.words, "deferrable", is, there);
    }
    if let Some(how) = other.item.fact("enabled") {
        findings.held(own.item, &own.words, "enabled", None, Some(how));
    }
}
