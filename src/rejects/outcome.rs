//! What is told of rejects: counts, single rows, and what a retry came to.

use std::collections::BTreeMap;
use std::fmt;

use serde::de::{MapAccess, Visitor};
use serde::ser::SerializeMap as _;
use serde::{Deserialize, Deserializer, Serialize, Serializer};

use super::attempt::Pass;
use crate::copy::reject::ReasonCount;
use crate::postgres::Address;
use crate::value::Stored;
use crate::value::rule::Nature;
use crate::value::tally::Tally;
use crate::verify::outcome::Verdict;

/// The rejects of a target.
#[derive(Debug, Serialize)]
pub struct RejectList {
    /// The version of the tool.
    pub version: &'static str,
    /// The target, without its password.
    pub target: String,
    /// The schema that the copies filled.
    pub schema: String,
    /// How many rows there are in all.
    pub rows: u64,
    /// One for each run, table, column and reason.
    pub reasons: Vec<Reasons>,
}

impl RejectList {
    pub(super) fn new(target: &Address, schema: String, reasons: Vec<Reasons>) -> Self {
        let rows = reasons.iter().map(|reason| reason.rows).sum();
        Self { version: env!("CARGO_PKG_VERSION"), target: target.to_string(), schema, rows, reasons }
    }
}

/// How many rows of a table one run set aside for one reason.
#[derive(Debug, Deserialize, Serialize)]
pub struct Reasons {
    /// The run's number on the target.
    pub run: i64,
    /// The source of the run, as it was given.
    pub source: String,
    /// When the run began, in UTC.
    pub begun: String,
    /// The table's name in the source.
    pub table: String,
    /// The column whose value does not fit, when one can be named.
    pub column: Option<String>,
    /// Why.
    pub reason: String,
    /// How many rows.
    pub rows: u64,
    /// The keys of the first three.
    pub examples: Vec<String>,
}

/// A row that was set aside.
#[derive(Clone, Debug, Deserialize, Serialize)]
pub struct Kept {
    /// Its number among all rejects of the target.
    pub id: i64,
    /// The run that set it aside.
    pub run: i64,
    /// The table's name in the source.
    pub table: String,
    /// What the row is known by in the source.
    pub key: String,
    /// The column whose value does not fit, when one can be named.
    pub column: Option<String>,
    /// Why.
    pub reason: String,
    /// Each column's value as an SQL literal of the source, in the order in which they were read.
    pub row: Literals,
}

impl Kept {
    /// The column whose value was too long to be kept whole, if there is one.
    pub fn cut(&self) -> Option<&str> {
        let cut = self.row.0.iter().find(|(_, literal)| Stored::parse(literal).is_none());
        cut.map(|(column, _)| column.as_str())
    }
}

/// Columns and their values as SQL literals, in order.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Literals(pub Vec<(String, String)>);

impl Serialize for Literals {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let mut map = serializer.serialize_map(Some(self.0.len()))?;
        for (name, literal) in &self.0 {
            map.serialize_entry(name, literal)?;
        }
        map.end()
    }
}

impl<'de> Deserialize<'de> for Literals {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_map(InOrder)
    }
}

struct InOrder;

impl<'de> Visitor<'de> for InOrder {
    type Value = Literals;

    fn expecting(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str("columns and their literals")
    }

    fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<Literals, A::Error> {
        let mut literals = Vec::new();
        while let Some(entry) = map.next_entry()? {
            literals.push(entry);
        }
        Ok(Literals(literals))
    }
}

/// What a retry came to.
#[derive(Debug, Serialize)]
pub struct RetryReport {
    /// The version of the tool.
    pub version: &'static str,
    /// The source file.
    pub source: String,
    /// The target, without its password.
    pub target: String,
    /// The target's schema.
    pub schema: String,
    /// Whether no reject is left of what was tried, and both sides are equal.
    pub complete: bool,
    /// One for each table that had rejects, parents before children.
    pub tables: Vec<Retried>,
    /// Sentences for a person.
    pub notices: Vec<String>,
    /// The whole run's time in seconds.
    pub seconds: f64,
}

/// What became of the rejects of one table.
#[derive(Debug, Serialize)]
pub struct Retried {
    /// The table's name in the source.
    pub name: String,
    /// How many rejects were looked at.
    pub tried: u64,
    /// How many of them are in the target now.
    pub loaded: u64,
    /// How many are no longer in the source: rejects still, unless they were to be forgotten.
    pub gone: u64,
    /// Whether those that are gone were forgotten.
    pub gone_forgotten: bool,
    /// How many have no key of their own, and led to no row that is certain to be theirs: rejects still, unless they were to
    /// be forgotten.
    pub not_recognised: u64,
    /// Whether those that were not recognised were forgotten.
    pub unrecognised_forgotten: bool,
    /// How many were set aside again.
    pub kept: u64,
    /// Values of the loaded rows that a rule changed, by rule.
    pub normalised: BTreeMap<&'static str, u64>,
    /// Why those were set aside again, with a few keys.
    pub reasons: Vec<ReasonCount>,
    /// Why none could be tried, when none could.
    pub untried_because: Option<String>,
    /// What both sides of the whole table are to each other now; nothing when nothing was changed.
    pub verdict: Option<Verdict>,
}

impl Retried {
    pub(super) fn new(name: &str, tried: u64) -> Self {
        Self {
            name: name.to_owned(),
            tried,
            loaded: 0,
            gone: 0,
            gone_forgotten: false,
            not_recognised: 0,
            unrecognised_forgotten: false,
            kept: tried,
            normalised: BTreeMap::new(),
            reasons: Vec::new(),
            untried_because: None,
            verdict: None,
        }
    }

    /// Of a table whose rejects cannot be tried.
    pub(super) fn untried(name: &str, rejects: u64, why: &str) -> Self {
        Self { untried_because: Some(why.to_owned()), ..Self::new(name, rejects) }
    }

    /// Whether the target was changed.
    pub(super) fn moved(&self) -> bool {
        let unrecognised = self.unrecognised_forgotten && self.not_recognised > 0;
        self.loaded > 0 || self.gone_forgotten && self.gone > 0 || unrecognised
    }

    /// The rejects that are left.
    pub fn left(&self) -> u64 {
        let of = |rows: u64, are_forgotten: bool| if are_forgotten { 0 } else { rows };
        self.kept + of(self.not_recognised, self.unrecognised_forgotten) + of(self.gone, self.gone_forgotten)
    }

    /// Takes over what came of one pass.
    pub(super) fn take(&mut self, pass: &Pass) {
        self.add(pass.loaded, &pass.tally);
        // What is not forgotten is met again by the next pass.
        let so_far = |before: u64, now: u64, are_forgotten: bool| if are_forgotten { before + now } else { now };
        self.gone = so_far(self.gone, pass.gone, self.gone_forgotten);
        self.not_recognised = so_far(self.not_recognised, pass.strange, self.unrecognised_forgotten);
        self.kept = pass.kept.rows();
        self.reasons.clone_from(&pass.kept.reasons);
    }

    /// Counts rows that were loaded, and the rules that were applied to them.
    pub(super) fn add(&mut self, rows: u64, tally: &Tally) {
        self.loaded += rows;
        for (rule, count) in tally.by_rule(|nature| nature != Nature::Warned) {
            *self.normalised.entry(rule).or_default() += count;
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_row_keeps_the_order_of_its_columns() {
        let text = r#"{"z":"1","a":"'x'","m":"NULL"}"#;
        let row: Literals = serde_json::from_str(text).expect("it is an object");
        assert_eq!(serde_json::to_string(&row).expect("it can be written"), text);
    }
}
