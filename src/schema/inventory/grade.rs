//! How much a difference matters to those who use the database.

use serde::Serialize;

use super::{Difference, Kind, What};

/// How much a difference matters.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Grade {
    /// No statement behaves otherwise: a comment, the order of columns, the name of a constraint.
    Cosmetic,
    /// Whatever works with the expected structure works with the one that is there; it may be slower, or more is allowed.
    Compatible,
    /// A statement that works with the expected structure may fail, or mean something else.
    Breaking,
}

impl Grade {
    /// What it is called.
    pub fn name(self) -> &'static str {
        match self {
            Self::Cosmetic => "cosmetic",
            Self::Compatible => "compatible",
            Self::Breaking => "breaking",
        }
    }

    /// The grade of a difference.
    pub(super) fn of(kind: Kind, what: &What) -> Self {
        match what {
            What::Missing => of_missing(kind),
            What::Unexpected => of_unexpected(kind),
            // A value of the type is written by the places of its fields: `row(1, 2)`.
            What::Order { .. } if kind == Kind::Composite => Self::Breaking,
            What::Order { .. } => Self::Cosmetic,
            What::Changed { fact, .. } if kind == Kind::Statistics && fact != "comment" => Self::Compatible,
            What::Changed { fact, expected, found } => of_fact(fact, expected.as_deref(), found.as_deref()),
        }
    }
}

impl Difference {
    /// What data goes when the difference is mended, whatever its grade: `its rows go`. Nothing is taken away but what should
    /// not be there.
    pub fn loses(&self) -> Option<&'static str> {
        let What::Unexpected = self.what else { return None };
        match self.kind {
            Kind::Table | Kind::VirtualTable => Some("its rows go"),
            Kind::Column => Some("its values go"),
            Kind::Schema => Some("all that is in it goes"),
            _ => None,
        }
    }
}

fn of_missing(kind: Kind) -> Grade {
    match kind {
        Kind::Index | Kind::Statistics => Grade::Compatible,
        _ => Grade::Breaking,
    }
}

/// What is there besides takes nothing away, unless it refuses or changes rows.
fn of_unexpected(kind: Kind) -> Grade {
    match kind {
        Kind::PrimaryKey
        | Kind::Unique
        | Kind::Check
        | Kind::ForeignKey
        | Kind::Exclusion
        | Kind::Trigger
        | Kind::Rule
        | Kind::Policy => Grade::Breaking,
        _ => Grade::Compatible,
    }
}

fn of_fact(fact: &str, expected: Option<&str>, found: Option<&str>) -> Grade {
    match fact {
        "comment" | "column comments" | "sequence comment" | "index comment" | "name" | "spelling"
        | "inherited indexes" => Grade::Cosmetic,
        "method"
        | "parameters"
        | "include"
        | "storage"
        | "compression"
        | "statistics target"
        | "cache"
        | "clustered"
        | "tablespace"
        | "valid"
        | "own definition"
        | "depends on extension" => Grade::Compatible,
        // NULL that is allowed where it should not be refuses no statement, but those who read do not expect it.
        "type" if widens(expected, found) => Grade::Compatible,
        "grants" if allows_more(expected, found) => Grade::Compatible,
        _ => Grade::Breaking,
    }
}

/// Tells whether nobody may do less than expected: `role: right, right; role: right`. Nothing said is the engine's default.
fn allows_more(expected: Option<&str>, found: Option<&str>) -> bool {
    let rights = |text: Option<&'_ str>| -> Vec<String> {
        let of_role = |(role, rights): (&str, &str)| {
            rights.split(',').map(|right| format!("{}: {}", role.trim(), right.trim())).collect::<Vec<_>>()
        };
        text.into_iter()
            .flat_map(|text| text.split(';'))
            .filter_map(|part| part.rsplit_once(':'))
            .flat_map(of_role)
            .collect()
    };
    let found = rights(found);
    match expected {
        None => found.iter().any(|right| right == "owner: all"),
        expected => rights(expected).iter().all(|right| found.contains(right)),
    }
}

/// Tells whether one type holds every value of the other, as the same kind of value.
fn widens(expected: Option<&str>, found: Option<&str>) -> bool {
    let (Some(expected), Some(found)) = (expected, found) else { return false };
    let length = |text: &str| -> Option<u64> {
        let inside =
            text.strip_suffix(')')?.split_once('(').filter(|(name, _)| name.to_lowercase().contains("char"))?;
        inside.1.parse().ok()
    };
    let name = |text: &str| text.split('(').next().unwrap_or(text).trim().to_lowercase();
    match (length(expected), length(found)) {
        (Some(narrow), Some(wide)) => name(expected) == name(found) && narrow <= wide,
        (Some(_), None) => found.eq_ignore_ascii_case("text") || name(found) == name(expected),
        _ => false,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn rights_that_are_added_take_nothing_away() {
        let grade = |expected, found| of_fact("grants", expected, found);
        assert_eq!(grade(None, Some("owner: all; reader: select")), Grade::Compatible);
        assert_eq!(grade(Some("owner: all; a: select"), Some("owner: all; a: select, insert")), Grade::Compatible);
        assert_eq!(grade(Some("owner: all; a: select"), Some("owner: all")), Grade::Breaking);
        assert_eq!(grade(Some("owner: all; a: select"), None), Grade::Breaking);
        assert_eq!(grade(None, Some("reader: select")), Grade::Breaking);
    }

    #[test]
    fn what_goes_with_a_thing_that_should_not_be_there_is_told() {
        let loses = |kind, what| {
            let (part_of, name, grade, mend) = (None, Some("x".to_owned()), Grade::Compatible, None);
            Difference { kind, part_of, name, what, grade, mend }.loses()
        };
        let unexpected = || What::Unexpected;
        assert_eq!(loses(Kind::Table, unexpected()), Some("its rows go"));
        assert_eq!(Grade::of(Kind::Table, &unexpected()), Grade::Compatible);
        assert_eq!(Grade::of(Kind::View, &unexpected()), Grade::Compatible);
        assert_eq!(loses(Kind::Column, unexpected()), Some("its values go"));
        assert_eq!(loses(Kind::View, unexpected()), None);
        assert_eq!(loses(Kind::Table, What::Missing), None);
    }

    #[test]
    fn a_wider_text_is_compatible_and_a_narrower_one_breaks() {
        let grade = |expected: &str, found: &str| of_fact("type", Some(expected), Some(found));
        assert_eq!(grade("character varying(40)", "character varying(50)"), Grade::Compatible);
        assert_eq!(grade("varchar(40)", "text"), Grade::Compatible);
        assert_eq!(grade("varchar(50)", "varchar(40)"), Grade::Breaking);
        assert_eq!(grade("text", "varchar(40)"), Grade::Breaking);
        assert_eq!(grade("numeric(10,2)", "numeric(12,2)"), Grade::Breaking);
    }
}
