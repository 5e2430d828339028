//! What a person chose for single columns: a type, a unit, a zone, and what may be done with values that have no exact form.
//!
//! A choice names its columns by a pattern over `table.column`; of several for one column the last holds.

mod apply;
pub mod file;

pub use apply::{Applied, Chosen};

use std::collections::BTreeSet;

use super::orphans::Policy;
use crate::schema::LogicalType;
use crate::schema::language::read_type;
use crate::schema::pattern::Pattern;
use crate::value::reading::Reading;
use crate::value::relax::Allowance;
use crate::value::time::{NumberUnit, Zone};

/// One choice, for all columns that a pattern means.
#[derive(Clone, Debug, PartialEq)]
pub struct Choice {
    /// How it was said, to name it in messages: `--zone 'log.*=Europe/Berlin'`.
    pub given: String,
    /// The columns, as `table.column`.
    pub columns: Pattern,
    /// What is chosen for them.
    pub what: What,
}

/// What is chosen for a column.
#[derive(Clone, Debug, PartialEq)]
pub enum What {
    /// Its logical type.
    Type(LogicalType),
    /// What its numbers mean where a date or time is expected.
    Unit(NumberUnit),
    /// The zone of its times that say none.
    Zone(Zone),
    /// What may be done with its values that is not exact.
    Allow(Allowance),
    /// What becomes of rows that refer through it to rows that are not there.
    Orphans(Policy),
}

/// Every choice, in the order in which they hold.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Choices(pub Vec<Choice>);

/// What is chosen for one column, and by which choices.
#[derive(Clone, Debug, Default)]
struct Wanted<'c> {
    logical: Option<(usize, &'c LogicalType)>,
    unit: Option<(usize, NumberUnit)>,
    zone: Option<(usize, &'c Zone)>,
    allowed: Vec<(usize, Allowance)>,
    orphans: Option<(usize, Policy)>,
}

impl Choice {
    /// Reads `GLOB=TYPE`, as `--column` takes it.
    pub fn of_type(text: &str) -> Result<Self, String> {
        Self::read("--column", text, '=', |word| parse_type(word).map(What::Type))
    }

    /// Reads `GLOB=UNIT`, as `--unit` takes it.
    pub fn of_unit(text: &str) -> Result<Self, String> {
        Self::read("--unit", text, '=', |word| word.parse().map(What::Unit))
    }

    /// Reads `GLOB=ZONE`, as `--zone` takes it.
    pub fn of_zone(text: &str) -> Result<Self, String> {
        Self::read("--zone", text, '=', |word| word.parse().map(What::Zone))
    }

    /// Reads `GLOB:NAME=HOW`, as `--allow` takes it.
    pub fn of_allowance(text: &str) -> Result<Self, String> {
        Self::read("--allow", text, ':', |word| word.parse().map(What::Allow))
    }

    /// Reads `POLICY` or `GLOB=POLICY`, as `--orphans` takes it.
    pub fn of_orphans(text: &str) -> Result<Self, String> {
        if text.contains('=') {
            return Self::read("--orphans", text, '=', |word| word.parse().map(What::Orphans));
        }
        let what = What::Orphans(text.parse()?);
        Ok(Self { given: format!("--orphans {text}"), columns: Pattern::anything(), what })
    }

    /// Allows something in every column; `given` names the flag.
    pub fn everywhere(given: &str, allowance: Allowance) -> Self {
        Self { given: given.to_owned(), columns: Pattern::anything(), what: What::Allow(allowance) }
    }

    fn read(
        flag: &str,
        text: &str,
        between: char,
        what: impl Fn(&str) -> Result<What, String>,
    ) -> Result<Self, String> {
        let parts = || {
            let at = text.match_indices(between).map(|(at, _)| (&text[..at], &text[at + between.len_utf8()..]));
            at.filter(|(columns, word)| !columns.is_empty() && !word.is_empty())
        };
        // The last that leaves something to choose: a name may hold the character, and so may `nul=replace:C`.
        let read = parts().filter_map(|(columns, word)| Some((columns, what(word).ok()?))).next_back();
        let (columns, what) = match (read, parts().next()) {
            (Some(read), _) => read,
            (None, Some((columns, word))) => (columns, what(word)?),
            (None, None) => return Err(format!("write the columns, `{between}` and what is chosen for them")),
        };
        Ok(Self { given: format!("{flag} '{text}'"), columns: parse_columns(columns)?, what })
    }

    /// Whether every column is meant.
    fn is_everywhere(&self) -> bool {
        matches!(self.columns.text(), "*" | "*.*")
    }
}

impl Choices {
    /// The type that is chosen for a column.
    pub fn type_of(&self, table: &str, column: &str) -> Option<&LogicalType> {
        self.of(table, column).logical.map(|(_, logical)| logical)
    }

    /// The flags that make the choices again, but for those of a type, which a schema file says.
    pub fn beside_types(&self) -> Vec<String> {
        let beside = self.0.iter().filter(|choice| !matches!(choice.what, What::Type(_)));
        let flag = |choice: &Choice| match choice.given.split_once(", [[column]] ") {
            Some((file, _)) if !choice.given.starts_with("--") => format!("--config '{file}'"),
            _ => choice.given.clone(),
        };
        let mut flags: Vec<String> = beside.map(flag).collect();
        let mut seen = BTreeSet::new();
        flags.retain(|flag| seen.insert(flag.clone()));
        flags
    }

    /// The same choices with no orphan set aside and none that stops the work, and those that thereby say nothing: what is
    /// no exception from one that empties references.
    pub fn emptying_alone(&self) -> (Self, Vec<&str>) {
        let (mut choices, mut without_effect, mut is_exception) = (Vec::new(), Vec::new(), false);
        for choice in &self.0 {
            match choice.what {
                What::Orphans(Policy::SetNull) => is_exception = true,
                What::Orphans(_) if is_exception => {
                    choices.push(Choice { what: What::Orphans(Policy::Keep), ..choice.clone() });
                    continue;
                }
                What::Orphans(_) => {
                    without_effect.push(choice.given.as_str());
                    continue;
                }
                _ => {}
            }
            choices.push(choice.clone());
        }
        (Self(choices), without_effect)
    }

    /// What is said of a column's times: the unit of its numbers, the zone of its texts.
    pub fn times_of(&self, table: &str, column: &str) -> Reading {
        let wanted = self.of(table, column);
        let (unit, zone) = (wanted.unit.map(|(_, unit)| unit), wanted.zone.map(|(_, zone)| zone.clone()));
        Reading { unit, zone, ..Reading::default() }
    }

    /// Whether empty text in a column may become NULL.
    pub fn make_empty_null(&self, table: &str, column: &str) -> bool {
        self.of(table, column).allowed.iter().any(|(_, allowance)| matches!(allowance, Allowance::Empty(true)))
    }

    fn of(&self, table: &str, column: &str) -> Wanted<'_> {
        let name = format!("{table}.{column}");
        let mut wanted = Wanted::default();
        for (at, choice) in self.0.iter().enumerate().filter(|(_, choice)| choice.columns.means(&name)) {
            match &choice.what {
                What::Type(logical) => wanted.logical = Some((at, logical)),
                What::Unit(unit) => wanted.unit = Some((at, *unit)),
                What::Zone(zone) => wanted.zone = Some((at, zone)),
                What::Orphans(policy) => wanted.orphans = Some((at, *policy)),
                What::Allow(allowance) => {
                    wanted.allowed.retain(|(_, earlier)| earlier.name() != allowance.name());
                    wanted.allowed.push((at, *allowance));
                }
            }
        }
        wanted
    }
}

/// A pattern of columns: one of all, or a table's and a column's with a full stop between them.
fn parse_columns(text: &str) -> Result<Pattern, String> {
    let pattern: Pattern = text.parse().map_err(str::to_owned)?;
    if pattern.text() == "*" || pattern.text().contains('.') {
        return Ok(pattern);
    }
    Err(format!("`{text}` names no columns; write TABLE.COLUMN, with * for any text: *.{text} or {text}.*"))
}

/// A type of the schema language.
fn parse_type(text: &str) -> Result<LogicalType, String> {
    read_type(text).map_err(|error| format!("{error}; {}", error.help))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::value::time::EpochUnit;

    fn choices(list: impl IntoIterator<Item = Result<Choice, String>>) -> Choices {
        Choices(list.into_iter().collect::<Result<_, _>>().expect("the choices are written right"))
    }

    #[test]
    fn of_several_choices_for_a_column_the_last_holds() {
        let choices = choices([
            Choice::of_type("*.created_at=epoch_s"),
            Choice::of_type("message*.created_at=epoch_ns"),
            Choice::of_zone("*.*=+02:00"),
        ]);
        let type_of = |table: &str| choices.type_of(table, "created_at").cloned();
        assert_eq!(type_of("message_reaction"), Some(LogicalType::Epoch(EpochUnit::Nanos)));
        assert_eq!(type_of("chat"), Some(LogicalType::Epoch(EpochUnit::Seconds)));
        assert_eq!(choices.type_of("chat", "id"), None);
        assert_eq!(choices.of("chat", "id").zone.map(|(at, _)| at), Some(2));
    }

    #[test]
    fn a_name_may_hold_the_character_that_ends_it() {
        let read =
            |choice: Result<Choice, String>| choice.map(|choice| (choice.columns.text().to_owned(), choice.what));
        let expected = |columns: &str, what| Ok((columns.to_owned(), what));
        assert_eq!(read(Choice::of_type("a=1.b=c=text")), expected("a=1.b=c", What::Type(LogicalType::Text)));
        for (given, columns, how) in [
            ("ns:log.a:b:nul=strip", "ns:log.a:b", "nul=strip"),
            ("ns:log.body:nul=replace:?", "ns:log.body", "nul=replace:?"),
            ("log.body:utf8=replace::", "log.body", "utf8=replace::"),
        ] {
            let how = What::Allow(how.parse().expect("it can be allowed"));
            assert_eq!(read(Choice::of_allowance(given)), expected(columns, how), "{given}");
        }
    }

    #[test]
    fn a_choice_that_is_written_wrong_says_how_to_write_it() {
        let said = |choice: Result<Choice, String>| choice.expect_err("it is written wrong");
        assert!(said(Choice::of_type("created_at=epoch_s")).contains("*.created_at"));
        assert!(said(Choice::of_type("a.b=datetime")).contains("timestamp"));
        assert!(said(Choice::of_type("a.b=text not null")).contains("not"));
        assert!(said(Choice::of_unit("a.b=min")).contains("julian"));
        assert!(said(Choice::of_zone("a.b=CEST/Mars")).contains("Europe/Berlin"));
        assert!(said(Choice::of_allowance("a.b=nul=strip")).contains(':'));
        assert!(said(Choice::of_allowance("a.b:nul")).contains("nul=strip"));
        assert!(said(Choice::of_type("=text")).contains('='));
    }
}
