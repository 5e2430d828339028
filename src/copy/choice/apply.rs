//! Puts choices on the columns of a plan, and finds those that mean nothing there.

use std::collections::BTreeSet;

use serde::{Deserialize, Serialize};

use super::{Choice, Choices, Wanted, What};
use crate::copy::matching::ColumnPlan;
use crate::copy::orphans::Policy;
use crate::copy::plan::Problem;
use crate::copy::units::FoundUnit;
use crate::migrate::graph::nearest::nearest;
use crate::schema::{LogicalType, Schema};
use crate::value::relax::Allowance;
use crate::value::time::{NumberUnit, ShownUnit};

/// What stands among the choices of a column whose numbers showed their unit by themselves.
const AS_SHOWN: &str = "as its numbers show";

/// What was chosen for one column that deviates from what would be done by itself.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize, Serialize)]
pub struct Chosen {
    /// The source's table; `*` for every one.
    pub table: String,
    /// The column; `*` for every one.
    pub column: String,
    /// The type under which its values are read.
    #[serde(rename = "type")]
    pub logical: Option<String>,
    /// What its numbers mean.
    pub unit: Option<String>,
    /// What its numbers showed of their unit by themselves, each by its size.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub shown: Option<String>,
    /// The zone of its times that say none.
    pub zone: Option<String>,
    /// What is allowed.
    pub allowed: Vec<String>,
    /// What becomes of rows that refer through it to rows that are not there.
    #[serde(default)]
    pub orphans: Option<String>,
    /// Whether it is left out.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub excluded: bool,
    /// The choices that say so.
    pub by: Vec<String>,
}

/// What became of the choices.
#[derive(Debug, Default)]
pub struct Applied {
    /// The columns that deviate.
    pub chosen: Vec<Chosen>,
    /// The choices that cannot be followed.
    pub problems: Vec<Problem>,
    /// What is to be known of choices that came to nothing.
    pub notices: Vec<String>,
    /// The choices that name a column of a table that is copied or compared, those that hold for one, and those that
    /// changed how one is read.
    named: BTreeSet<usize>,
    met: BTreeSet<usize>,
    followed: BTreeSet<usize>,
}

impl Applied {
    /// Takes in the unit in which all numbers of a column are read, as they themselves show.
    pub(crate) fn take_unit(&mut self, table: &str, found: &FoundUnit) {
        let Some(unit) = found.unit else { return };
        let place = self.chosen.iter().position(|one| (one.table.as_str(), &one.column) == (table, &found.column));
        let at = place.unwrap_or_else(|| {
            self.chosen.push(Chosen::nothing(table, &found.column));
            self.chosen.len() - 1
        });
        self.chosen[at].unit = Some(unit.to_string());
        self.chosen[at].by.push(AS_SHOWN.into());
    }
}

impl Chosen {
    /// Chooses nothing yet.
    fn nothing(table: &str, column: &str) -> Self {
        Self {
            table: table.to_owned(),
            column: column.to_owned(),
            logical: None,
            unit: None,
            shown: None,
            zone: None,
            allowed: Vec::new(),
            orphans: None,
            excluded: false,
            by: Vec::new(),
        }
    }

    /// Notes that a column is left out.
    pub(crate) fn to_leave_out(table: &str, column: &str) -> Self {
        let by = vec![format!("--exclude '{table}.{column}'")];
        Self { excluded: true, by, ..Self::nothing(table, column) }
    }

    /// Notes what the numbers of a column show of their unit.
    pub(crate) fn of_shown(table: &str, column: &str, shown: ShownUnit) -> Self {
        Self { shown: Some(shown.to_string()), by: vec![AS_SHOWN.into()], ..Self::nothing(table, column) }
    }

    /// Whether its numbers told of their unit, and no person.
    pub(crate) fn is_as_shown(&self) -> bool {
        self.by.iter().any(|by| by == AS_SHOWN)
    }

    /// How the numbers of the column are read, where anything was noted of it.
    pub(crate) fn found_unit(&self) -> Option<FoundUnit> {
        let unit = self.unit.as_ref().and_then(|unit| unit.parse().ok());
        let shown = self.shown.as_ref().and_then(|shown| shown.parse().ok());
        let column = self.column.clone();
        (unit.is_some() || shown.is_some()).then(|| FoundUnit { column, unit, shown, notice: String::new() })
    }

    /// The flags that say how the column's values are read.
    pub(crate) fn flags(&self) -> String {
        let said = [("--column", &self.logical), ("--unit", &self.unit), ("--zone", &self.zone)];
        let flag = |(flag, said): (&str, &Option<String>)| {
            said.as_ref().map(|said| format!("{flag} '{}.{}={said}'", self.table, self.column))
        };
        said.into_iter().filter_map(flag).collect::<Vec<_>>().join(" ")
    }

    /// Says it in a line.
    pub fn line(&self) -> String {
        let what = match (self.table.as_str(), self.column.as_str()) {
            ("*", "*") => "every column".to_owned(),
            (table, column) => format!("column {table}.{column}"),
        };
        let logical = self.logical.as_ref().map(|logical| format!("read as {logical}"));
        let unit = self.unit.as_ref().map(|unit| match unit.as_str() {
            "julian" => "numbers are julian days".to_owned(),
            unit => format!("numbers count {unit}"),
        });
        let zone = self.zone.as_ref().map(|zone| format!("times without a zone are in {zone}"));
        let allowed = (!self.allowed.is_empty()).then(|| format!("allowed: {}", self.allowed.join(", ")));
        let orphans = self.orphans.as_ref().map(|policy| format!("orphans: {policy}"));
        let excluded = self.excluded.then(|| "left out".to_owned());
        let parts: Vec<String> = [logical, unit, zone, allowed, orphans, excluded].into_iter().flatten().collect();
        format!("{what}: {} ({})", parts.join("; "), self.by.join(", "))
    }
}

impl Choices {
    /// Puts the choices on the columns of one table that is copied or compared; whether the target has it already decides
    /// what is said of a type that cannot be chosen.
    pub fn apply(&self, table: &str, columns: &mut [ColumnPlan], is_there: bool, applied: &mut Applied) {
        for column in columns {
            let name = format!("{table}.{}", column.source);
            let naming = self.0.iter().enumerate().filter(|(_, choice)| choice.columns.means(&name));
            applied.named.extend(naming.map(|(at, _)| at));
            let wanted = self.of(table, &column.source);
            let met = wanted.logical.map(|(at, _)| at).into_iter();
            let met = met.chain(wanted.unit.map(|(at, _)| at)).chain(wanted.zone.map(|(at, _)| at));
            let met = met.chain(wanted.orphans.map(|(at, _)| at));
            applied.met.extend(met.chain(wanted.allowed.iter().map(|(at, _)| *at)));
            self.read(table, column, &wanted, is_there, applied);
        }
    }

    /// Changes how one column is read.
    fn read(&self, table: &str, column: &mut ColumnPlan, wanted: &Wanted<'_>, is_there: bool, applied: &mut Applied) {
        let mut chosen = Chosen::nothing(table, &column.source);
        let mut by = BTreeSet::new();
        if let Some((at, logical)) = wanted.logical {
            match retype(column, logical, is_there) {
                Ok(()) => {
                    chosen.logical = Some(logical.to_string());
                    by.insert(at);
                }
                Err(why) => {
                    let place = format!("column {table}.{}", column.source);
                    applied.problems.push(Problem::new(format!("{}: {place} {why}", self.0[at].given)));
                }
            }
        }
        if let Some((at, unit)) = wanted.unit.filter(|_| takes_unit(&column.logical)) {
            column.reading.unit = Some(unit);
            chosen.unit = Some(unit.to_string());
            by.insert(at);
        }
        if let Some((at, zone)) = wanted.zone.filter(|_| takes_zone(&column.logical)) {
            column.reading.zone = Some(zone.clone());
            chosen.zone = Some(zone.to_string());
            by.insert(at);
        }
        for (at, allowance) in wanted.allowed.iter().filter(|(_, allowance)| takes(&column.logical, *allowance)) {
            allowance.apply(&mut column.reading.allowed);
            applied.followed.insert(*at);
            // What holds everywhere is said once.
            if !self.0[*at].is_everywhere() {
                chosen.allowed.push(allowance.to_string());
                by.insert(*at);
            }
        }
        applied.followed.extend(&by);
        chosen.by = by.iter().map(|at| self.0[*at].given.clone()).collect();
        // One entry of a file may say several things.
        chosen.by.dedup();
        if !by.is_empty() {
            applied.chosen.push(chosen);
        }
    }

    /// What is chosen for the orphans of a reference, by the last choice that names one of its columns.
    pub fn orphans(&self, table: &str, columns: &[String], applied: &mut Applied) -> Policy {
        let chosen = columns.iter().filter_map(|column| self.of(table, column).orphans).max_by_key(|(at, _)| *at);
        let Some((at, policy)) = chosen else { return Policy::default() };
        // A choice that a later one overrides is as good as one that holds.
        let names = |choice: &Choice| columns.iter().any(|column| choice.columns.means(&format!("{table}.{column}")));
        let naming = self.0.iter().enumerate().filter(|(_, choice)| matches!(choice.what, What::Orphans(_)));
        applied.followed.extend(naming.filter(|(_, choice)| names(choice)).map(|(at, _)| at));
        if !self.0[at].is_everywhere() {
            let by = vec![self.0[at].given.clone()];
            let nothing = Chosen::nothing(table, &columns.join(", "));
            applied.chosen.push(Chosen { orphans: Some(policy.to_string()), by, ..nothing });
        }
        policy
    }

    /// Ends with the choices that were met by no column, or changed none, and with those that hold everywhere.
    pub fn finish(&self, applied: &mut Applied, source: &Schema) {
        for (at, choice) in self.0.iter().enumerate() {
            match &choice.what {
                What::Allow(allowance) if choice.is_everywhere() => {
                    let allowed = vec![allowance.to_string()];
                    applied.chosen.push(Chosen {
                        allowed,
                        by: vec![choice.given.clone()],
                        ..Chosen::nothing("*", "*")
                    });
                }
                What::Orphans(policy) if choice.is_everywhere() => {
                    let orphans = Some(policy.to_string());
                    applied.chosen.push(Chosen {
                        orphans,
                        by: vec![choice.given.clone()],
                        ..Chosen::nothing("*", "*")
                    });
                }
                _ if !is_met(choice, source) => applied.problems.push(unmet(choice, source)),
                _ if !applied.named.contains(&at) => {
                    let text = format!(
                        "{}: no column that it names is copied or compared, so it changes nothing",
                        choice.given
                    );
                    applied.notices.push(text);
                }
                _ if applied.met.contains(&at) && !applied.followed.contains(&at) && applied.problems.is_empty() => {
                    let text = format!("{}: it means nothing to any column that it names", choice.given);
                    applied.problems.push(Problem::new(format!("{text}; {}", help(&choice.what))));
                }
                _ => {}
            }
        }
    }
}

/// Gives a column the type that is chosen, where what the target stores for it is the same.
fn retype(column: &mut ColumnPlan, wanted: &LogicalType, is_there: bool) -> Result<(), String> {
    match (wanted, &column.logical) {
        // A column that counts in a unit of its own goes on doing so: the choice says what is stored.
        (LogicalType::Epoch(unit), found @ LogicalType::Epoch(_)) if wanted != found => {
            column.reading.unit = Some(NumberUnit::Epoch(*unit));
        }
        (LogicalType::Epoch(unit), found) if is_moment(found) => column.reading.unit = Some(NumberUnit::Epoch(*unit)),
        (wanted, found) if wanted.stored() == found.stored() => column.logical = wanted.clone(),
        (wanted, found) if !is_there => {
            return Err(format!(
                "is created as {}, which does not keep {wanted}: it numbers its table's rows, or a schema file says so; \
                 leave the choice out",
                found.postgres_name()
            ));
        }
        (wanted, found) => {
            return Err(format!(
                "is of type {0} in the target, which does not keep {wanted}; change the target's type first, or choose one \
                 that is kept as {0}",
                found.postgres_name()
            ));
        }
    }
    Ok(())
}

fn is_moment(logical: &LogicalType) -> bool {
    use LogicalType as T;
    matches!(logical, T::Date | T::Time(_) | T::Timestamp(_) | T::TimestampTz(_))
}

fn takes_unit(logical: &LogicalType) -> bool {
    is_moment(logical) || matches!(logical, LogicalType::Epoch(_))
}

fn takes_zone(logical: &LogicalType) -> bool {
    use LogicalType as T;
    match logical {
        T::Timestamp(_) | T::TimestampTz(_) | T::Epoch(_) => true,
        T::Array(element) => takes_zone(element),
        _ => false,
    }
}

/// Whether values of a type can be such that an allowance matters.
fn takes(logical: &LogicalType, allowance: Allowance) -> bool {
    use LogicalType as T;
    let is_document = matches!(logical, T::Json | T::Jsonb | T::JsonText);
    match (allowance, logical) {
        (Allowance::Nul(_) | Allowance::Utf8(_), T::Array(_) | T::Enum(_)) => true,
        (_, T::Array(element)) => takes(element, allowance),
        (Allowance::Nonzero(_), logical) => *logical == T::Boolean,
        (Allowance::Nul(_) | Allowance::Utf8(_), logical) => logical.is_text() || is_document,
        (Allowance::JsonEscapes(_) | Allowance::Nan(_) | Allowance::Nested(_), _) => is_document,
        (Allowance::Ns(_), logical) => {
            matches!(logical, T::Time(_) | T::Timestamp(_) | T::TimestampTz(_) | T::Epoch(_))
        }
        (Allowance::Empty(_), T::JsonText) => true,
        (Allowance::Empty(_), logical) => !logical.is_text() && !matches!(logical, T::Bytes | T::Enum(_) | T::Other(_)),
    }
}

fn is_met(choice: &Choice, source: &Schema) -> bool {
    names(source).any(|name| choice.columns.means(&name))
}

fn names(source: &Schema) -> impl Iterator<Item = String> {
    source.tables.iter().flat_map(|table| {
        let name = |column: &crate::schema::Column| format!("{}.{}", table.name, column.name);
        table.columns.iter().map(name).collect::<Vec<_>>()
    })
}

/// Words that no column of the source is meant, with the name that is nearest.
fn unmet(choice: &Choice, source: &Schema) -> Problem {
    let wanted = choice.columns.text();
    let known: Vec<String> = names(source).collect();
    let near = nearest(wanted, known.iter().map(String::as_str)).or_else(|| {
        // With stars in it the whole is too far from any name: each side of the full stop is asked for alone.
        let (table, column) = wanted.rsplit_once('.')?;
        let tables = source.tables.iter().map(|found| found.name.as_str());
        let columns = source.tables.iter().flat_map(|found| &found.columns).map(|found| found.name.as_str());
        let replaced = |word: &str, near: Option<String>| match near {
            Some(near) if !word.contains('*') => near,
            _ => word.to_owned(),
        };
        let guess =
            format!("{}.{}", replaced(table, nearest(table, tables)), replaced(column, nearest(column, columns)));
        let pattern: crate::schema::pattern::Pattern = guess.parse().ok()?;
        known.iter().any(|name| pattern.means(name)).then_some(guess)
    });
    let perhaps = near.map_or_else(String::new, |near| format!("; is `{near}` meant?"));
    Problem::new(format!("{}: the source has no column that `{wanted}` names{perhaps}", choice.given))
}

fn help(what: &What) -> &'static str {
    match what {
        What::Type(_) => "leave it out",
        What::Unit(_) => "a unit is for columns whose type is a date, a time or epoch_*; give them one with --column",
        What::Zone(_) => "a zone is for columns whose type is timestamp, timestamptz or epoch_*",
        What::Orphans(_) => "what becomes of orphans is for columns of a foreign key to a table that is copied, too",
        What::Allow(_) => "`strait rules` lists the types for which it is",
    }
}
