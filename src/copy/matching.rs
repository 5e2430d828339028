//! Matches a source table with the target's table of the same name, column by column.

use std::fmt;

use super::infer::LeftOut;
use crate::postgres::binary;
use crate::postgres::introspect::{Details, Structure};
use crate::postgres::names::{fitting, fitting_column};
use crate::schema::names::truncated;
use crate::schema::{Column, LogicalType, Table};
use crate::value::counted;
use crate::value::reading::Reading;

/// A source column and where it goes.
#[derive(Clone, Debug)]
pub struct ColumnPlan {
    /// The column's name in the source.
    pub source: String,
    /// The column's name in the target.
    pub target: String,
    /// The type that drives the cast.
    pub logical: LogicalType,
    /// The oid of the target column's type.
    pub oid: u32,
    /// How its values are read.
    pub reading: Reading,
    /// Whether the server computes it, as the source does: it is not sent, and compared with what the source holds.
    pub computed: bool,
    /// Whether the server alone knows which of its values are equal: `citext`, a collation that is not deterministic.
    pub folds: bool,
}

impl ColumnPlan {
    /// Plans a column that will be created.
    pub fn created(source: &str, target: &Column) -> Self {
        Self {
            source: source.to_owned(),
            target: target.name.clone(),
            logical: target.logical.clone(),
            oid: binary::oid(&target.logical),
            reading: Reading::default(),
            computed: target.generated.is_some(),
            folds: false,
        }
    }
}

/// A source column that goes nowhere: what it holds, if anything, needs a word.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Uncopied {
    /// The column's name in the source.
    pub source: String,
    /// Why it goes nowhere.
    pub because: Because,
}

/// Why a source column goes nowhere.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Because {
    /// The target lacks it.
    Missing,
    /// The source stores it, and the target's server computes it.
    Computed,
    /// The target's type, by name, has no cast rule.
    NoCastRule(String),
}

impl fmt::Display for Because {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Missing => f.write_str("is not in the target"),
            Self::Computed => f.write_str("is computed by the server in the target"),
            Self::NoCastRule(name) => {
                write!(f, "is of type {name} in the target, for which there is no cast rule yet")
            }
        }
    }
}

impl Uncopied {
    /// The column among what a report names as left out.
    pub(crate) fn object(&self, table: &str, values: u64) -> LeftOut {
        let values = counted(values, "value", "values");
        let (name, reason) = (format!("{table}.{}", self.source), format!("{values} left out by request"));
        LeftOut { kind: "column", name, reason }
    }

    /// Says that the column is left out, with what it holds.
    pub fn left_out(&self, table: &str, values: u64, rows: u64) -> String {
        let Self { source, because } = self;
        match values {
            0 => format!("column {table}.{source} {because}; it holds nothing and is left out"),
            _ => format!(
                "column {table}.{source} {because} and is left out by request: {values} of {} a value",
                counted(rows, "row holds", "rows hold")
            ),
        }
    }
}

/// What a pair of tables has in common, and what not.
#[derive(Debug, Default)]
pub struct Matching {
    /// The columns to copy, in the source's order.
    pub columns: Vec<ColumnPlan>,
    /// The other columns of the source, unless both sides compute them.
    pub uncopied: Vec<Uncopied>,
    /// Target columns that the server computes, as the source does, and for which there is no cast rule: they are neither copied
    /// nor compared.
    pub computed: Vec<String>,
    /// Target columns without a source, without a default, that must not be NULL.
    pub required: Vec<String>,
    /// All target columns without a source.
    pub unfed: Vec<String>,
}

/// Finds the place of the target's table for one of the source's tables: its name, its name as this copy or PostgreSQL
/// itself keeps it, or the only name that differs in case.
pub fn find(target: &Structure, source: &str, tables: &[Table]) -> Option<usize> {
    let found = target.schema.table(source).or_else(|| target.schema.table(&fitting(source)));
    let found = found.or_else(|| target.schema.table_like(source)).or_else(|| {
        let names = tables.iter().map(|table| &table.name);
        target.schema.table_like(truncated_alone(source, names)?)
    })?;
    target.schema.tables.iter().position(|table| table.name == found.name)
}

/// A long name as PostgreSQL itself keeps it, when no other of these names is kept so, too.
fn truncated_alone<'n>(name: &'n str, all: impl Iterator<Item = &'n String>) -> Option<&'n str> {
    let kept = truncated(name);
    let alike = all.filter(|other| truncated(other).eq_ignore_ascii_case(kept)).count();
    (kept.len() < name.len() && alike <= 1).then_some(kept)
}

/// Matches the columns of a pair of tables.
pub fn match_columns(source: &Table, target: &Table, details: &Details) -> Matching {
    let mut matching = Matching::default();
    let mut used = Vec::new();
    for column in &source.columns {
        let found = target.column(&column.name).or_else(|| target.column(&fitting_column(&column.name)));
        let found = found.or_else(|| target.column_like(&column.name)).or_else(|| {
            let names = source.columns.iter().map(|column| &column.name);
            target.column_like(truncated_alone(&column.name, names)?)
        });
        let Some(place) = found.and_then(|found| target.columns.iter().position(|column| column.name == found.name))
        else {
            matching.leave(column, Because::Missing);
            continue;
        };
        used.push(place);
        matching.take(column, &target.columns[place], details, details.oids[place]);
    }
    let unfed = target.columns.iter().enumerate().filter(|(place, _)| !used.contains(place)).map(|(_, column)| column);
    matching.unfed = unfed.clone().map(|column| column.name.clone()).collect();
    let required = unfed.filter(|column| {
        !column.nullable && column.default.is_none() && column.identity.is_none() && column.generated.is_none()
    });
    matching.required = required.map(|column| column.name.clone()).collect();
    computed_last(&mut matching.columns);
    matching
}

/// Plans the columns of a table that will be created; `created` has the source's columns in their order.
pub fn columns_of_created(source: &Table, created: &Table) -> Vec<ColumnPlan> {
    let pairs = source.columns.iter().zip(&created.columns);
    let mut columns: Vec<_> = pairs.map(|(source, target)| ColumnPlan::created(&source.name, target)).collect();
    computed_last(&mut columns);
    columns
}

/// Puts those columns last that the server computes: what is sent of a row is then its beginning.
pub fn computed_last(columns: &mut [ColumnPlan]) {
    columns.sort_by_key(|column| column.computed);
}

/// The source's names of columns, to read them in this order.
pub fn sources(columns: &[ColumnPlan]) -> Vec<String> {
    columns.iter().map(|column| column.source.clone()).collect()
}

impl Matching {
    fn take(&mut self, source: &Column, target: &Column, details: &Details, oid: u32) {
        match &target.logical {
            _ if target.generated.is_some() && source.generated.is_none() => {
                return self.leave(source, Because::Computed);
            }
            LogicalType::Other(_) if target.generated.is_some() => return self.computed.push(target.name.clone()),
            LogicalType::Other(name) => return self.leave(source, Because::NoCastRule(name.clone())),
            _ => {}
        }
        self.columns.push(ColumnPlan {
            source: source.name.clone(),
            target: target.name.clone(),
            logical: target.logical.clone(),
            oid,
            reading: Reading::default(),
            computed: target.generated.is_some(),
            folds: details.folding.contains(&target.name),
        });
    }

    fn leave(&mut self, source: &Column, because: Because) {
        self.uncopied.push(Uncopied { source: source.name.clone(), because });
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::schema::Generated;

    fn column(name: &str, nullable: bool) -> Column {
        Column { nullable, ..Column::new(name, LogicalType::Text) }
    }

    fn table(columns: Vec<Column>) -> Table {
        Table { name: "t".into(), columns, ..Table::default() }
    }

    #[test]
    fn columns_are_matched_by_name_whatever_their_order() {
        let source = table(vec![column("a", true), column("B", true), column("gone", true)]);
        let mut computed = column("computed", false);
        computed.generated = Some(Generated { expression: None, stored: true });
        let target = table(vec![column("b", true), column("needed", false), column("a", true), computed]);
        let details = Details { oids: vec![1, 2, 3, 4], ..Details::default() };
        let matching = match_columns(&source, &target, &details);
        let pairs: Vec<_> = matching.columns.iter().map(|c| (c.source.as_str(), c.target.as_str(), c.oid)).collect();
        assert_eq!(pairs, [("a", "a", 3), ("B", "b", 1)]);
        assert_eq!(matching.uncopied, [Uncopied { source: "gone".into(), because: Because::Missing }]);
        assert_eq!(matching.required, ["needed"]);
        assert_eq!(matching.unfed, ["needed", "computed"]);
    }

    #[test]
    fn a_name_that_postgresql_cut_is_found_when_it_can_be_no_other() {
        let long = "a".repeat(62);
        let (first, second) = (format!("{long}é"), format!("{long}ß"));
        assert_eq!(truncated_alone(&first, [&first].into_iter()), Some(long.as_str()));
        assert_eq!(truncated_alone(&first, [&first, &second].into_iter()), None);
        assert_eq!(truncated_alone(&long, [&long].into_iter()), None);
    }

    #[test]
    fn only_what_both_sides_compute_is_left_to_the_server() {
        let computed =
            |name| Column { generated: Some(Generated { expression: None, stored: true }), ..column(name, true) };
        let unknown = Column { logical: LogicalType::Other("inet".into()), ..column("address", true) };
        let source = table(vec![computed("both"), column("stored", true), column("address", true)]);
        let target = table(vec![computed("both"), computed("stored"), unknown]);
        let details = Details { oids: vec![1, 2, 3], ..Details::default() };
        let matching = match_columns(&source, &target, &details);
        let computed: Vec<_> =
            matching.columns.iter().map(|column| (column.source.as_str(), column.computed)).collect();
        assert_eq!(computed, [("both", true)]);
        let reasons: Vec<_> = matching.uncopied.into_iter().map(|uncopied| uncopied.because).collect();
        assert_eq!(reasons, [Because::Computed, Because::NoCastRule("inet".into())]);
    }
}
