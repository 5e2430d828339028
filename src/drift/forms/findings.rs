//! What is found when two forms are held against each other: differences, and gaps where nothing can be compared.

use crate::drift::outcome::{Gap, Told};
use crate::schema::Engine;
use crate::schema::inventory::{Grade, Item, Kind};

/// The engine of a gap that lies between what both have.
const BOTH: &str = "both engines";

/// What has been found so far.
#[derive(Default)]
pub(super) struct Findings {
    pub(super) differences: Vec<Told>,
    pub(super) gaps: Vec<Gap>,
}

impl Findings {
    /// Tells what one engine has alone.
    pub(super) fn alone(&mut self, engine: Engine, item: &Item, words: &str) {
        let subject = subject(item, words);
        let difference = if engine == Engine::Sqlite { "missing" } else { "unexpected" };
        let sentence = format!("{subject} on {} alone", engine.name());
        let is_plain_index = item.kind == Kind::Index && item.fact("unique").is_none();
        let grade = if is_plain_index { Grade::Compatible } else { Grade::Breaking };
        self.differences.push(told(item, subject, difference, sentence, grade));
    }

    /// Tells a fact of what both have, which is not the same.
    pub(super) fn otherwise(
        &mut self,
        item: &Item,
        words: &str,
        (fact, grade): (&str, Grade),
        sqlite: Option<String>,
        postgres: Option<String>,
    ) {
        let subject = subject(item, words);
        let shown = |value: &Option<String>| value.clone().unwrap_or_else(|| "nothing".into());
        let sentence = format!("{subject}: {fact} {} on SQLite, {} on PostgreSQL", shown(&sqlite), shown(&postgres));
        let told = told(item, subject, "changed", sentence, grade);
        self.differences.push(Told { fact: Some(fact.to_owned()), expected: sqlite, found: postgres, ..told });
    }

    /// Tells a fact of what both have, where it is not the same, and breaks what counts on it.
    pub(super) fn held(&mut self, item: &Item, words: &str, fact: &str, sqlite: Option<&str>, postgres: Option<&str>) {
        if sqlite != postgres {
            let [sqlite, postgres] = [sqlite, postgres].map(|value| value.map(str::to_owned));
            self.otherwise(item, words, (fact, Grade::Breaking), sqlite, postgres);
        }
    }

    /// Tells what cannot be compared of what both have.
    pub(super) fn incomparable(&mut self, item: &Item, words: &str, what: &str, why: &str) {
        self.gap(BOTH, item, words, what, why);
    }

    /// Tells what one engine has, and the other cannot have alike.
    pub(super) fn gap_of(&mut self, engine: Engine, item: &Item, words: &str, what: &str, why: &str) {
        self.gap(engine.name(), item, words, what, why);
    }

    fn gap(&mut self, engine: &'static str, item: &Item, words: &str, what: &str, why: &str) {
        let subject = subject(item, words);
        self.gaps.push(Gap { subject, engine, what: what.to_owned(), why: why.to_owned() });
    }
}

fn subject(item: &Item, words: &str) -> String {
    match (&item.part_of, item.kind) {
        (None, _) => words.to_owned(),
        (Some(relation), Kind::Column) => format!("{relation}.{words}"),
        (Some(relation), _) => format!("{relation}: {words}"),
    }
}

fn told(item: &Item, subject: String, difference: &'static str, sentence: String, grade: Grade) -> Told {
    let own = item.name.clone().filter(|_| item.part_of.is_none());
    Told {
        sentence,
        subject,
        kind: item.kind,
        relation: item.part_of.clone().or(own),
        name: item.name.clone(),
        difference,
        fact: None,
        expected: None,
        found: None,
        line: None,
        grade,
        mend: None,
    }
}
