//! What a verification returns.

use std::collections::BTreeMap;
use std::path::Path;
use std::time::Duration;

use serde::Serialize;

use super::Extras;
use crate::copy::choice::Chosen;
use crate::copy::infer::LeftOut;
use crate::copy::matching::{Because, Matching, Uncopied};
use crate::copy::outcome::{ColumnReport, column_reports};
use crate::copy::reject::{ReasonCount, RejectSummary};
use crate::postgres::Address;
use crate::value::counted;
use crate::value::digest::RangeDigest;
use crate::value::rule::Nature;
use crate::value::tally::Tally;

/// The outcome of a verification.
#[derive(Debug, Serialize)]
pub struct VerifyReport {
    /// The version of the tool.
    pub version: &'static str,
    /// The source file.
    pub source: String,
    /// The target, without its password.
    pub target: String,
    /// The target's schema.
    pub schema: String,
    /// Whether every table is equal, and nothing else is open.
    pub equal: bool,
    /// One for each table of the source.
    pub tables: Vec<Comparison>,
    /// What was chosen for columns, each that deviates.
    pub chosen: Vec<Chosen>,
    /// Columns with values that were not compared, since a copy leaves them out by request.
    pub left_out: Vec<LeftOut>,
    /// Copies into the target's schema that did not end, so that the target may lack what they build last.
    pub unfinished: Vec<String>,
    /// Sentences for a person.
    pub notices: Vec<String>,
    /// The whole run's time in seconds.
    pub seconds: f64,
}

/// What the comparison of one table found.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum Verdict {
    /// Every value is the same.
    Equal,
    /// Every value is the same once named rules have written it in another form.
    EqualAfterRules,
    /// Every value is the same once named rules have taken a part of some.
    EqualAfterLoss,
    /// Something differs.
    Different,
    /// The sides cannot be compared.
    NotComparable,
}

impl Verdict {
    /// Tells whether nothing differs.
    pub fn is_equal(self) -> bool {
        matches!(self, Self::Equal | Self::EqualAfterRules | Self::EqualAfterLoss)
    }
}

/// One table's comparison.
#[derive(Debug, Serialize)]
pub struct Comparison {
    /// The table's name in the source.
    pub name: String,
    /// What was found.
    pub verdict: Verdict,
    /// Why, in a sentence, unless the table is equal.
    pub why: Option<String>,
    /// Rows in the source.
    pub source_rows: u64,
    /// Rows in the target.
    pub target_rows: u64,
    /// Values that a rule changes on the way, by rule.
    pub normalised: BTreeMap<&'static str, u64>,
    /// Those of them that lose a part, by rule.
    pub lossy: BTreeMap<&'static str, u64>,
    /// Every rule by column, with the keys of the first rows that met it.
    pub columns: Vec<ColumnReport>,
    /// Source rows that have no form in the target.
    pub rejected: u64,
    /// Why, with a few keys.
    pub reasons: Vec<ReasonCount>,
    /// The digest of the source's rows.
    pub digest_source: Option<RangeDigest>,
    /// The digest of the target's rows.
    pub digest_target: Option<RangeDigest>,
}

/// The source's side of a comparison.
pub(super) struct Counted {
    pub(super) digest: RangeDigest,
    pub(super) tally: Tally,
    pub(super) rejects: RejectSummary,
    /// The rows that hold a value in each column that is not copied.
    pub(super) values: Vec<u64>,
}

/// What a person should know of a comparison.
#[derive(Default)]
pub(super) struct Told {
    pub(super) notices: Vec<String>,
    pub(super) left_out: Vec<LeftOut>,
    /// Copies that did not end; of the whole target, not of a table.
    pub(super) unfinished: Vec<String>,
}

impl Comparison {
    pub(super) fn missing(name: String, rows: u64) -> Self {
        Self {
            name,
            verdict: Verdict::Different,
            why: Some("the target has no such table".into()),
            source_rows: rows,
            target_rows: 0,
            normalised: BTreeMap::new(),
            lossy: BTreeMap::new(),
            columns: Vec::new(),
            rejected: 0,
            reasons: Vec::new(),
            digest_source: None,
            digest_target: None,
        }
    }

    /// Of what is no table and nowhere in the target.
    pub(super) fn open(name: String, why: String, rows: u64) -> Self {
        Self { verdict: Verdict::NotComparable, why: Some(why), ..Self::missing(name, rows) }
    }

    /// Judges a table; gives what a person should know of it, too.
    pub(super) fn new(
        name: String,
        matching: &Matching,
        extra_columns: Extras,
        counted: Counted,
        found: RangeDigest,
    ) -> (Self, Told) {
        let Counted { digest, tally, rejects, values } = counted;
        let normalised = tally.by_rule(|nature| nature != Nature::Warned);
        let lossy = tally.by_rule(|nature| nature == Nature::Lossy);
        let changed = match (normalised.is_empty(), lossy.is_empty()) {
            (true, _) => Verdict::Equal,
            (false, true) => Verdict::EqualAfterRules,
            (false, false) => Verdict::EqualAfterLoss,
        };
        let source_rows = digest.rows + rejects.rows();
        let weighed = weigh(matching, &values, extra_columns);
        let notices = remarks(&name, matching, &weighed, source_rows);
        let without = weighed.iter().filter(|weighed| !weighed.differs && weighed.values > 0);
        let left_out = without.map(|weighed| weighed.uncopied.object(&name, weighed.values)).collect();
        let (verdict, why) =
            differing_column(&weighed).unwrap_or_else(|| judge(digest, found, rejects.rows(), changed));
        let comparison = Self {
            name,
            verdict,
            why,
            source_rows,
            target_rows: found.rows,
            normalised,
            lossy,
            columns: column_reports(&matching.columns, &tally),
            rejected: rejects.rows(),
            reasons: rejects.reasons,
            digest_source: Some(digest),
            digest_target: Some(found),
        };
        (comparison, Told { notices, left_out, unfinished: Vec::new() })
    }
}

/// A column that is not copied, the values that it holds, and whether they make the sides differ.
struct Weighed<'m> {
    uncopied: &'m Uncopied,
    values: u64,
    differs: bool,
}

/// Asks what a copy asks: a column that holds nothing, or is left out by request, is only mentioned.
fn weigh<'m>(matching: &'m Matching, values: &[u64], extra_columns: Extras) -> Vec<Weighed<'m>> {
    let weigh = |(uncopied, values): (&'m Uncopied, &u64)| {
        let asked_for = extra_columns == Extras::LeaveOut && !matches!(uncopied.because, Because::NoCastRule(_));
        Weighed { uncopied, values: *values, differs: *values > 0 && !asked_for }
    };
    matching.uncopied.iter().zip(values).map(weigh).collect()
}

fn remarks(table: &str, matching: &Matching, weighed: &[Weighed<'_>], rows: u64) -> Vec<String> {
    let left_out = weighed.iter().filter(|weighed| !weighed.differs);
    let (computed, only_in_target) = (matching.computed.iter(), matching.unfed.iter());
    left_out
        .map(|weighed| weighed.uncopied.left_out(table, weighed.values, rows))
        .chain(computed.map(|column| format!("column {table}.{column} is computed by the server and not compared")))
        .chain(
            only_in_target.map(|column| format!("column {table}.{column} is only in the target and was not looked at")),
        )
        .collect()
}

fn differing_column(weighed: &[Weighed<'_>]) -> Option<(Verdict, Option<String>)> {
    let Weighed { uncopied, values, .. } = weighed.iter().find(|weighed| weighed.differs)?;
    let verdict = match uncopied.because {
        Because::NoCastRule(_) => Verdict::NotComparable,
        Because::Missing | Because::Computed => Verdict::Different,
    };
    let rows = counted(*values, "row holds", "rows hold");
    Some((verdict, Some(format!("column {} {}, and {rows} a value", uncopied.source, uncopied.because))))
}

/// Judges digests; sides that do not differ are equal after what changed the source's values.
fn judge(expected: RangeDigest, found: RangeDigest, rejected: u64, equal: Verdict) -> (Verdict, Option<String>) {
    if expected.rows != found.rows {
        let aside = if rejected == 0 { String::new() } else { format!(" besides {rejected} without a form there") };
        let rows = counted(expected.rows, "row", "rows");
        let why = format!("{rows} in the source{aside}, {} in the target", found.rows);
        return (Verdict::Different, Some(why));
    }
    if expected != found {
        return (Verdict::Different, Some("as many rows on both sides, but not the same values".into()));
    }
    if rejected > 0 {
        let rows = counted(rejected, "row of the source has", "rows of the source have");
        return (Verdict::Different, Some(format!("{rows} no form in the target")));
    }
    (equal, None)
}

impl VerifyReport {
    pub(super) fn new(
        source: &Path,
        target: &Address,
        schema: &str,
        tables: Vec<Comparison>,
        chosen: Vec<Chosen>,
        told: Told,
        took: Duration,
    ) -> Self {
        let same = |table: &Comparison| table.verdict.is_equal();
        Self {
            version: env!("CARGO_PKG_VERSION"),
            source: source.display().to_string(),
            target: target.to_string(),
            schema: schema.to_owned(),
            equal: tables.iter().all(same) && told.unfinished.is_empty(),
            tables,
            chosen,
            left_out: told.left_out,
            unfinished: told.unfinished,
            notices: told.notices,
            seconds: took.as_secs_f64(),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn digest(rows: u64, sum: u64) -> RangeDigest {
        RangeDigest { rows, sum: (sum, 0) }
    }

    #[test]
    fn a_verdict_is_never_a_bare_ok() {
        for equal in [Verdict::Equal, Verdict::EqualAfterRules, Verdict::EqualAfterLoss] {
            assert_eq!(judge(digest(1, 1), digest(1, 1), 0, equal), (equal, None));
            assert_eq!(judge(digest(1, 1), digest(1, 2), 0, equal).0, Verdict::Different);
            assert_eq!(judge(digest(1, 1), digest(2, 1), 0, equal).0, Verdict::Different);
            assert_eq!(judge(digest(1, 1), digest(1, 1), 1, equal).0, Verdict::Different);
        }
    }

    #[test]
    fn a_column_that_is_not_copied_differs_by_what_it_holds() {
        let verdict = |because: Because, values, extra_columns| {
            let uncopied = vec![Uncopied { source: "a".into(), because }];
            let matching = Matching { uncopied, computed: vec!["c".into()], ..Matching::default() };
            let weighed = weigh(&matching, &[values], extra_columns);
            let told = remarks("t", &matching, &weighed, 2);
            assert!(told.contains(&"column t.c is computed by the server and not compared".to_owned()));
            let differing = differing_column(&weighed);
            assert_eq!(told.len(), if differing.is_some() { 1 } else { 2 });
            differing.map(|(verdict, _)| verdict)
        };
        let unknown = || Because::NoCastRule("inet".into());
        assert_eq!(verdict(Because::Missing, 0, Extras::Differ), None);
        assert_eq!(verdict(Because::Missing, 1, Extras::Differ), Some(Verdict::Different));
        assert_eq!(verdict(Because::Missing, 1, Extras::LeaveOut), None);
        assert_eq!(verdict(Because::Computed, 1, Extras::Differ), Some(Verdict::Different));
        assert_eq!(verdict(unknown(), 0, Extras::Differ), None);
        assert_eq!(verdict(unknown(), 1, Extras::LeaveOut), Some(Verdict::NotComparable));
    }
}
