//! What a verification returns.

use std::collections::BTreeMap;
use std::path::Path;
use std::time::Duration;

use serde::Serialize;

use crate::copy::matching::{Because, Matching};
use crate::copy::reject::{ReasonCount, RejectSummary};
use crate::postgres::Address;
use crate::value::digest::RangeDigest;
use crate::value::rule::{Nature, Tally};

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
    /// Whether every table is equal.
    pub equal: bool,
    /// One for each table of the source.
    pub tables: Vec<Comparison>,
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
    /// Every value is the same once named rules have changed it.
    EqualAfterRules,
    /// Something differs.
    Different,
    /// The sides cannot be compared.
    NotComparable,
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
            rejected: 0,
            reasons: Vec::new(),
            digest_source: None,
            digest_target: None,
        }
    }

    pub(super) fn new(name: String, matching: &Matching, counted: Counted, found: RangeDigest) -> Self {
        let Counted { digest, tally, rejects } = counted;
        let normalised = tally.by_rule(|nature| nature != Nature::Warned);
        let (verdict, why) = judge(matching, digest, found, rejects.rows(), !normalised.is_empty());
        Self {
            name,
            verdict,
            why,
            source_rows: digest.rows + rejects.rows(),
            target_rows: found.rows,
            normalised,
            rejected: rejects.rows(),
            reasons: rejects.reasons,
            digest_source: Some(digest),
            digest_target: Some(found),
        }
    }
}

fn judge(
    matching: &Matching,
    expected: RangeDigest,
    found: RangeDigest,
    rejected: u64,
    changed: bool,
) -> (Verdict, Option<String>) {
    if let Some(uncopied) = matching.uncopied.first() {
        let verdict = match uncopied.because {
            Because::NoCastRule(_) => Verdict::NotComparable,
            Because::Missing | Because::Computed => Verdict::Different,
        };
        return (verdict, Some(format!("column {} {}", uncopied.source, uncopied.because)));
    }
    if expected.rows != found.rows {
        let aside = if rejected == 0 { String::new() } else { format!(" besides {rejected} that have no form there") };
        let why = format!("{} rows in the source{aside}, {} in the target", expected.rows, found.rows);
        return (Verdict::Different, Some(why));
    }
    if expected != found {
        return (Verdict::Different, Some("as many rows on both sides, but not the same values".into()));
    }
    if rejected > 0 {
        return (Verdict::Different, Some(format!("{rejected} rows of the source have no form in the target")));
    }
    (if changed { Verdict::EqualAfterRules } else { Verdict::Equal }, None)
}

impl VerifyReport {
    pub(super) fn new(
        source: &Path,
        target: &Address,
        schema: &str,
        tables: Vec<Comparison>,
        notices: Vec<String>,
        took: Duration,
    ) -> Self {
        let same = |table: &Comparison| matches!(table.verdict, Verdict::Equal | Verdict::EqualAfterRules);
        Self {
            version: env!("CARGO_PKG_VERSION"),
            source: source.display().to_string(),
            target: target.to_string(),
            schema: schema.to_owned(),
            equal: tables.iter().all(same),
            tables,
            notices,
            seconds: took.as_secs_f64(),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::copy::matching::Uncopied;

    fn digest(rows: u64, sum: u64) -> RangeDigest {
        RangeDigest { rows, sum: (sum, 0) }
    }

    #[test]
    fn a_verdict_is_never_a_bare_ok() {
        let same = Matching::default();
        assert_eq!(judge(&same, digest(1, 1), digest(1, 1), 0, false), (Verdict::Equal, None));
        assert_eq!(judge(&same, digest(1, 1), digest(1, 1), 0, true), (Verdict::EqualAfterRules, None));
        assert_eq!(judge(&same, digest(1, 1), digest(1, 2), 0, false).0, Verdict::Different);
        assert_eq!(judge(&same, digest(1, 1), digest(2, 1), 0, false).0, Verdict::Different);
        assert_eq!(judge(&same, digest(1, 1), digest(1, 1), 1, false).0, Verdict::Different);
        let without =
            |because| Matching { uncopied: vec![Uncopied { source: "a".into(), because }], ..Matching::default() };
        let lacking = judge(&without(Because::Missing), digest(1, 1), digest(1, 1), 0, false);
        assert_eq!(lacking, (Verdict::Different, Some("column a is not in the target".into())));
        let unknown = judge(&without(Because::NoCastRule("inet".into())), digest(1, 1), digest(1, 1), 0, false);
        assert_eq!(unknown.0, Verdict::NotComparable);
    }
}
