//! The references between tables that are copied, in the source's names, with what is chosen for their orphans.

use super::Policy;
use crate::copy::choice::{Applied, Choices};
use crate::copy::extra::mentions;
use crate::copy::matching::ColumnPlan;
use crate::copy::plan::{Plan, TablePlan};
use crate::postgres::names;
use crate::schema::{Column, ForeignKey, KeyOf, KeyPart, LogicalType, Table};
use crate::sqlite::faults::Broken;
use crate::sqlite::read::{KeyShape, TableRead};
use crate::value::counted;

/// A reference of a table that is copied to one that is copied.
#[derive(Clone, Debug)]
pub struct Reference {
    /// The table, by its place among those that are copied, and by its name in the source.
    pub child: usize,
    /// Its name in the source.
    pub table: String,
    /// The referring columns.
    pub columns: Vec<String>,
    /// The table referred to, by its place.
    pub parent: usize,
    /// Its name in the source.
    pub parent_table: String,
    /// Its columns, in the same order.
    pub parent_columns: Vec<String>,
    /// How the values of each pair of columns are cast: the referring one's, and those that it refers to.
    pub casts: Vec<(ColumnPlan, ColumnPlan)>,
    /// Whether a key that is NULL in part is an orphan, too.
    pub match_full: bool,
    /// The referring columns that become NULL where the reference is emptied; none when it cannot be. One NULL is enough:
    /// a reference with a NULL in it refers to nothing, unless it must match in full.
    pub emptied: Vec<String>,
    /// Whether the rows of the table can be told apart.
    pub can_be_told_apart: bool,
    /// What becomes of orphans.
    pub policy: Policy,
    /// The orphans.
    pub found: Broken,
    /// The rows that refer to one as SQLite compares them, under the parent's collation, and to none by their bytes: they are
    /// no orphans, and the constraint does not hold for them.
    pub folded: Broken,
}

impl Reference {
    /// Whether this is a foreign key of the target's, of the table with this name in the source.
    pub fn is(&self, table: &str, plan: &Plan, key: &ForeignKey) -> bool {
        let is_parent = plan.tables.get(self.parent).is_some_and(|parent| key.refers_to(&parent.target));
        let child = plan.tables.get(self.child).filter(|child| child.source.name == table);
        let named = |child: &TablePlan| key.columns.iter().map(|name| child.side().source_of(name)).collect();
        is_parent && child.and_then(named).is_some_and(|columns: Vec<String>| columns == self.columns)
    }

    /// Says how many rows refer to none, and names the first of them.
    pub fn told(&self) -> String {
        let (rows, verb) = rows_refer(self.found.rows);
        format!(
            "{rows} of {} {verb} through ({}) to rows of {} that are not there{}",
            self.table,
            list(&self.columns),
            self.parent_table,
            self.such_as()
        )
    }

    /// Says of orphans that are kept what becomes of them, when there are any.
    pub fn kept(&self) -> Option<String> {
        let kept = self.policy == Policy::Keep && self.found.rows > 0;
        kept.then(|| {
            format!(
                "{}; all rows are kept and the constraint will be NOT VALID; --orphans reject, set-null or stop does otherwise",
                self.told()
            )
        })
    }

    /// Says of rows that hold in the source alone what becomes of them, when there are any.
    pub fn kept_folded(&self) -> Option<String> {
        let (rows, verb) = rows_refer(self.folded.rows);
        (self.folded.rows > 0).then(|| {
            format!(
                "{} of {} {} through ({}) to rows of {} that are equal under the source's collation alone{}: they are kept, and \
                 the constraint will be NOT VALID",
                rows,
                self.table,
                verb,
                list(&self.columns),
                self.parent_table,
                such_as(&self.folded)
            )
        })
    }

    /// Names the first orphans.
    pub fn such_as(&self) -> String {
        such_as(&self.found)
    }
}

fn rows_refer(rows: u64) -> (String, &'static str) {
    (counted(rows, "row", "rows"), if rows == 1 { "refers" } else { "refer" })
}

/// Names the first of some rows.
pub fn such_as(rows: &Broken) -> String {
    let keys: Vec<String> = rows.examples.iter().map(ToString::to_string).collect();
    if keys.is_empty() { String::new() } else { format!(", such as {}", keys.join(", ")) }
}

/// Names between commas, as a person reads them.
pub(super) fn list(names: &[String]) -> String {
    names.join(", ")
}

/// One table of both sides.
#[derive(Clone, Copy, Debug)]
pub struct Side<'s> {
    /// How the source's rows are read.
    pub read: &'s TableRead,
    /// Its columns and where they go.
    pub columns: &'s [ColumnPlan],
    /// The target's table.
    pub target: &'s Table,
    /// Whether the copy creates it.
    pub created: bool,
}

impl<'s> Side<'s> {
    /// A target's column, when it is copied.
    fn planned(&self, target: &str) -> Option<&'s ColumnPlan> {
        self.columns.iter().find(|column| column.target == target)
    }

    /// The source's name of a target's column, when it is copied.
    pub fn source_of(&self, target: &str) -> Option<String> {
        self.planned(target).map(|column| column.source.clone())
    }
}

/// Finds the references that can be built, and what is chosen for each.
pub fn references(sides: &[Side<'_>], choices: &Choices, applied: &mut Applied) -> Vec<Reference> {
    let mut references = Vec::new();
    for (child, side) in sides.iter().enumerate() {
        for key in &side.target.foreign_keys {
            references.extend(reference(sides, child, key, choices, applied));
        }
    }
    references
}

fn reference(
    sides: &[Side<'_>],
    child: usize,
    key: &ForeignKey,
    choices: &Choices,
    applied: &mut Applied,
) -> Option<Reference> {
    let side = &sides[child];
    let parent = sides.iter().position(|parent| key.refers_to(&parent.target.name))?;
    let columns: Vec<String> = key.columns.iter().map(|name| side.source_of(name)).collect::<Option<_>>()?;
    let parent_columns: Vec<String> =
        key.parent_columns.iter().map(|name| sides[parent].source_of(name)).collect::<Option<_>>()?;
    if columns.is_empty() || columns.len() != parent_columns.len() {
        return None;
    }
    if side.created && unbuildable(key, side.target, &sides[parent]).is_some() {
        return None;
    }
    let planned = |(own, of_parent): (&String, &String)| {
        Some((side.planned(own)?.clone(), sides[parent].planned(of_parent)?.clone()))
    };
    let casts = key.columns.iter().zip(&key.parent_columns).map(planned).collect::<Option<_>>()?;
    let built: Vec<&ForeignKey> =
        side.target.foreign_keys.iter().filter(|other| is_built(sides, side, other)).collect();
    let may_be_emptied = |name: &&String| may_be_emptied(side.target, &built, key, name);
    let mut emptied: Vec<String> =
        key.columns.iter().filter(may_be_emptied).filter_map(|name| side.source_of(name)).collect();
    if key.match_full && emptied.len() < key.columns.len() {
        emptied.clear();
    }
    Some(Reference {
        child,
        table: side.read.table.clone(),
        policy: choices.orphans(&side.read.table, &columns, applied),
        columns,
        parent,
        parent_table: sides[parent].read.table.clone(),
        parent_columns,
        casts,
        match_full: key.match_full,
        emptied,
        can_be_told_apart: side.read.key != KeyShape::Unreachable,
        found: Broken::default(),
        folded: Broken::default(),
    })
}

/// Whether the target has a foreign key, or will have it.
fn is_built(sides: &[Side<'_>], side: &Side<'_>, key: &ForeignKey) -> bool {
    let mut parents = sides.iter().filter(|parent| key.refers_to(&parent.target.name));
    !side.created || parents.any(|parent| unbuildable(key, side.target, parent).is_none())
}

/// Whether a column of a reference may become NULL: it needs no value, and nothing else is lost with it.
fn may_be_emptied(table: &Table, built: &[&ForeignKey], key: &ForeignKey, name: &str) -> bool {
    let must_have_a_value = table.column(name).is_some_and(|column| !column.nullable || column.generated.is_some());
    let is_key = table.primary_key.as_ref().is_some_and(|primary| primary.columns.iter().any(|column| column == name));
    let leads = |key: &ForeignKey| (key.columns.clone(), key.parent_called());
    let is_same = |other: &ForeignKey| leads(other) == leads(key);
    let mut others = built.iter().filter(|other| !is_same(other));
    let stands_in_another = others.any(|other| other.columns.iter().any(|column| column == name));
    let is_used = table.columns.iter().any(|column| uses(column, name));
    !(must_have_a_value || is_key || stands_in_another || is_used)
}

/// Whether the server computes a column from another one.
fn uses(column: &Column, name: &str) -> bool {
    let expression = column.generated.as_ref().and_then(|generated| generated.expression.as_deref());
    expression.is_some_and(|expression| mentions(expression, name))
}

/// Why a created table's foreign key cannot be built, when its definition is the reason.
pub fn unbuildable(key: &ForeignKey, own: &Table, parent: &Side<'_>) -> Option<String> {
    let parent_name = &parent.read.table;
    if is_folded_key(parent.target, &key.parent_columns) {
        return Some(format!("{}: the constraint is not built", folded_key(parent_name, &key.parent_columns)));
    }
    if !is_unique(parent.target, &key.parent_columns) {
        return Some(format!(
            "{} of {parent_name} is no key there, and PostgreSQL refers to keys alone: the constraint is not built",
            list(&key.parent_columns)
        ));
    }
    let types = |table: &Table, name: &String| table.column(name).map(|column| column.logical.stored());
    key.columns.iter().zip(&key.parent_columns).find_map(|(column, of_parent)| {
        let child = types(own, column)?;
        let above = types(parent.target, of_parent)?;
        (!may_refer(&child, &above)).then(|| {
            format!(
                "{column} becomes {} and {of_parent} of {parent_name} becomes {}, which PostgreSQL does not compare: the \
                 constraint is not built",
                child.postgres_name(),
                above.postgres_name()
            )
        })
    })
}

/// Whether columns are a key of a table only as NOCASE folds them.
pub fn is_folded_key(table: &Table, names: &[String]) -> bool {
    let is_of = |part: &KeyPart, name: &String| match &part.of {
        KeyOf::Column(column) => column == name,
        KeyOf::Expression(text) => text.contains("lower(") && mentions(text, name),
    };
    let covers = |keys: &[KeyPart]| names.iter().all(|name| keys.iter().any(|part| is_of(part, name)));
    let whole = table.indexes.iter().filter(|index| index.unique && index.predicate.is_none());
    let mut folded = whole.filter(|index| index.keys.len() == names.len() && covers(&index.keys));
    !is_unique(table, names) && folded.next().is_some()
}

/// Why no reference goes to such a key, and how there can be one: what is different under NOCASE is so by its bytes, too.
pub fn folded_key(parent: &str, names: &[String]) -> String {
    let columns = names::list(names);
    format!(
        "({columns}) of {parent} is a key under NOCASE, which is kept as a unique index on lower(…), and PostgreSQL refers to \
         columns alone: for a reference by bytes, run `alter table {} add unique ({columns})` in the target, and add it",
        names::quote(parent)
    )
}

fn is_unique(table: &Table, columns: &[String]) -> bool {
    let sorted = |mut names: Vec<String>| {
        names.sort();
        names
    };
    let wanted = sorted(columns.to_vec());
    keys(table).any(|key| sorted(key) == wanted)
}

/// The columns of a table's keys: the primary key, unique constraints, unique indexes of all rows.
pub fn keys(table: &Table) -> impl Iterator<Item = Vec<String>> {
    let whole = table.indexes.iter().filter(|index| index.unique && index.predicate.is_none());
    let primary = table.primary_key.iter().map(|key| key.columns.clone());
    let uniques = table.uniques.iter().filter_map(|unique| columns(&unique.columns));
    primary.chain(uniques).chain(whole.filter_map(|index| columns(&index.keys)))
}

/// The columns of a key's parts, when they are columns.
pub fn columns(parts: &[KeyPart]) -> Option<Vec<String>> {
    let column = |part: &KeyPart| match &part.of {
        KeyOf::Column(name) => Some(name.clone()),
        KeyOf::Expression(_) => None,
    };
    parts.iter().map(column).collect()
}

/// Whether PostgreSQL lets values of one type refer to those of another: the same kind, or one that it widens by itself.
///
/// Source: PostgreSQL manual, "Type Conversion"; `ATAddForeignKeyConstraint` looks for the parent's own equality.
fn may_refer(child: &LogicalType, parent: &LogicalType) -> bool {
    use LogicalType as T;
    let is_whole = |logical: &T| matches!(logical, T::SmallInt | T::Int | T::BigInt);
    let is_binary = |logical: &T| matches!(logical, T::Real | T::Double);
    match (child, parent) {
        (child, parent) if is_whole(child) => is_whole(parent) || is_binary(parent) || matches!(parent, T::Numeric(_)),
        (T::Numeric(_), parent) => is_binary(parent) || matches!(parent, T::Numeric(_)),
        (child, parent) if is_binary(child) => is_binary(parent),
        (child, parent) if child.is_text() => parent.is_text(),
        (child, parent) => std::mem::discriminant(child) == std::mem::discriminant(parent),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_reference_goes_to_the_same_kind_or_a_wider_one() {
        use LogicalType as T;
        for (child, parent) in
            [(T::Int, T::BigInt), (T::BigInt, T::SmallInt), (T::Int, T::Numeric(None)), (T::Text, T::Varchar(3))]
        {
            assert!(may_refer(&child, &parent), "{child} {parent}");
        }
        for (child, parent) in
            [(T::Text, T::BigInt), (T::Numeric(None), T::BigInt), (T::Double, T::Int), (T::Uuid, T::Text)]
        {
            assert!(!may_refer(&child, &parent), "{child} {parent}");
        }
    }
}
