//! Where somebody wants to go, as it is typed: `head`, `+1`, `billing@head`, `8c01-2`.

use std::fmt;
use std::str::FromStr;

use super::PlanError;

/// A place in the graph, perhaps on one branch, perhaps some steps away from it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Target {
    /// A branch label, or a revision whose line is meant.
    pub branch: Option<String>,
    /// The place itself.
    pub point: Point,
    /// Steps up (positive) or down (negative) from it.
    pub steps: Option<i32>,
}

/// A place that needs no counting.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Point {
    /// Where the database is; only with steps.
    Here,
    /// The one head.
    Head,
    /// Every head.
    Heads,
    /// Every head but those of optional branches of which nothing is applied; not to be typed.
    Due,
    /// Before the first revision.
    Base,
    /// A full id, the beginning of one, or a branch label.
    Revision(String),
}

impl Target {
    /// The one head.
    pub fn head() -> Self {
        Self { branch: None, point: Point::Head, steps: None }
    }

    /// Every head.
    pub fn heads() -> Self {
        Self { point: Point::Heads, ..Self::head() }
    }

    /// All that is pending: every head, but none of an optional branch that was not taken.
    pub fn due() -> Self {
        Self { point: Point::Due, ..Self::head() }
    }

    /// Before the first revision.
    pub fn base() -> Self {
        Self { point: Point::Base, ..Self::head() }
    }

    /// A revision by its id.
    pub fn revision(id: &str) -> Self {
        Self { point: Point::Revision(id.to_owned()), ..Self::head() }
    }

    /// Refuses a target that counts steps, where only a place makes sense.
    pub(super) fn refuse_steps(&self, purpose: &'static str) -> Result<(), PlanError> {
        if self.steps.is_some() || self.point == Point::Here {
            return Err(PlanError::StepsNotAllowed { target: self.to_string(), purpose });
        }
        Ok(())
    }
}

impl FromStr for Target {
    type Err = PlanError;

    fn from_str(typed: &str) -> Result<Self, PlanError> {
        let unreadable = |why| PlanError::Unreadable { target: typed.to_owned(), why };
        let (branch, place) = match typed.split_once('@') {
            Some((branch, place)) => (Some(branch), place),
            None => (None, typed),
        };
        if branch.is_some_and(|branch| branch.is_empty() || branch.contains(['+', '-'])) {
            return Err(unreadable("before the @ stands the name of a branch"));
        }
        if matches!(branch, Some("head" | "heads" | "base")) {
            return Err(unreadable("head, heads and base name no branch; they stand after the @"));
        }
        let (name, steps) = match place.find(['+', '-']) {
            Some(sign) => {
                let steps = place[sign..].parse().map_err(|_| unreadable("a whole number follows + or -"))?;
                (&place[..sign], Some(steps))
            }
            None => (place, None),
        };
        let point = match (name, steps) {
            ("", None) => return Err(unreadable("no revision is named")),
            ("", Some(_)) => Point::Here,
            ("head", _) => Point::Head,
            ("heads", _) => Point::Heads,
            ("base", _) => Point::Base,
            (name, _) if name.contains(['@', ':', ',']) || name.contains(char::is_whitespace) => {
                return Err(unreadable("a revision's id holds no @, no colon, no comma and no blank"));
            }
            (name, _) => Point::Revision(name.to_owned()),
        };
        Ok(Self { branch: branch.map(str::to_owned), point, steps })
    }
}

impl fmt::Display for Target {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if let Some(branch) = &self.branch {
            write!(f, "{branch}@")?;
        }
        match &self.point {
            Point::Here => Ok(()),
            Point::Head => f.write_str("head"),
            Point::Heads => f.write_str("heads"),
            Point::Due => f.write_str("all that is pending"),
            Point::Base => f.write_str("base"),
            Point::Revision(name) => f.write_str(name),
        }?;
        self.steps.map_or(Ok(()), |steps| write!(f, "{steps:+}"))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_target_reads_back_as_it_was_typed() {
        let typed = ["head", "heads", "base", "8c01", "+1", "-2", "8c01+3", "head-1", "billing@head", "billing@-1"];
        for typed in typed.into_iter().chain(["billing@base", "billing@8c01", "billing@8c01-2", "billing@+2"]) {
            assert_eq!(typed.parse::<Target>().expect("it is a target").to_string(), typed);
        }
    }

    #[test]
    fn what_is_no_target_is_refused() {
        for typed in ["", "@head", "billing@", "+", "8c01+", "+1x", "a b", "a@b@c", "head@+1", "a:b", "+99999999999"] {
            assert!(typed.parse::<Target>().is_err(), "{typed} was read");
        }
    }
}
