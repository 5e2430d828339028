//! The parts of a table by their names, and who uses a column.

use super::language::expression::parse_text;
use super::{Change, Constraint, ForeignKey, Index, KeyOf, KeyPart, Schema, Table};

impl Schema {
    /// Everything that names a column, in words: of its table, and of others that refer to it.
    pub fn users_of(&self, table: &str, column: &str) -> Vec<String> {
        let refers = |parents: &[String]| parents.iter().any(|name| name == column);
        let others = self.references_to(table).filter(|(_, key)| refers(&key.parent_columns));
        let word = |(child, key): (&Table, &ForeignKey)| {
            format!("reference {} of table {}", key.name.as_deref().unwrap_or("without a name"), child.name)
        };
        let own = self.table(table).map_or_else(Vec::new, |known| known.users_of(column));
        others.map(word).chain(own).collect()
    }
}

impl Constraint {
    /// Its name, if it has one.
    pub fn name(&self) -> Option<&str> {
        match self {
            Self::PrimaryKey(key) => key.name.as_deref(),
            Self::Unique(unique) => unique.name.as_deref(),
            Self::ForeignKey(key) => key.name.as_deref(),
            Self::Check(check) => check.name.as_deref(),
        }
    }

    /// The columns of its table that it names.
    pub fn columns(&self) -> Vec<String> {
        match self {
            Self::PrimaryKey(key) => key.columns.clone(),
            Self::Unique(unique) => unique.columns.iter().flat_map(key_columns).collect(),
            Self::ForeignKey(key) => key.columns.clone(),
            Self::Check(check) => expression_columns(&check.expression),
        }
    }
}

impl Change {
    /// Tells whether names may be free after it that were in use before.
    pub(super) fn frees_names(&self) -> bool {
        matches!(
            self,
            Self::DropEnum { .. }
                | Self::DropTable { .. }
                | Self::RenameTable { .. }
                | Self::DropConstraint { .. }
                | Self::DropIndex { .. }
                | Self::RenameIndex { .. }
        )
    }
}

impl Table {
    /// All constraints, in the order of their kinds.
    pub fn constraints(&self) -> impl Iterator<Item = Constraint> {
        let key = self.primary_key.iter().cloned().map(Constraint::PrimaryKey);
        let uniques = self.uniques.iter().cloned().map(Constraint::Unique);
        let checks = self.checks.iter().cloned().map(Constraint::Check);
        key.chain(uniques).chain(checks).chain(self.foreign_keys.iter().cloned().map(Constraint::ForeignKey))
    }

    /// Finds a constraint by its name.
    pub fn constraint(&self, name: &str) -> Option<Constraint> {
        self.constraints().find(|constraint| constraint.name() == Some(name))
    }

    /// The names of all constraints that have one.
    pub(super) fn constraint_names(&self) -> impl Iterator<Item = &str> {
        let key = self.primary_key.iter().filter_map(|key| key.name.as_deref());
        let uniques = self.uniques.iter().filter_map(|unique| unique.name.as_deref());
        let checks = self.checks.iter().filter_map(|check| check.name.as_deref());
        key.chain(uniques).chain(checks).chain(self.foreign_keys.iter().filter_map(|key| key.name.as_deref()))
    }

    pub(super) fn remove_constraint(&mut self, name: &str) {
        let other = |own: Option<&String>| own.is_none_or(|own| own != name);
        self.primary_key = self.primary_key.take().filter(|key| other(key.name.as_ref()));
        self.uniques.retain(|unique| other(unique.name.as_ref()));
        self.foreign_keys.retain(|key| other(key.name.as_ref()));
        self.checks.retain(|check| other(check.name.as_ref()));
    }

    /// Tells whether rows can be referred to by some columns, in whatever order: a key or unique over exactly these.
    pub(super) fn is_key(&self, columns: &[String]) -> bool {
        let mut wanted = columns.to_vec();
        wanted.sort();
        let same = |mut found: Vec<String>| {
            found.sort();
            found == wanted
        };
        let plain = |parts: &[KeyPart]| {
            parts.iter().map(|part| matches!(&part.of, KeyOf::Column(_)).then(|| key_columns(part))).collect()
        };
        let over = |parts: &[KeyPart]| -> Option<Vec<Vec<String>>> { plain(parts) };
        let indexes = self.indexes.iter().filter(|index| index.unique && index.predicate.is_none());
        self.primary_key.as_ref().is_some_and(|key| same(key.columns.clone()))
            || self.uniques.iter().any(|unique| over(&unique.columns).is_some_and(|found| same(found.concat())))
            || indexes.into_iter().any(|index| over(&index.keys).is_some_and(|found| same(found.concat())))
    }

    /// Everything of the table that names a column, in words.
    pub(super) fn users_of(&self, column: &str) -> Vec<String> {
        let names = |columns: Vec<String>| columns.iter().any(|name| name == column);
        let constraints = self.constraints().filter(|constraint| names(constraint.columns()));
        let mut users: Vec<String> = constraints
            .map(|constraint| format!("constraint {}", constraint.name().unwrap_or("without a name")))
            .collect();
        let indexes = self.indexes.iter().filter(|index| names(index_columns(index)));
        users.extend(indexes.map(|index| format!("index {}", index.name)));
        users.extend(self.generated_on(column));
        users
    }

    /// The expressions of the table that name a column, in words.
    pub(super) fn expressions_on(&self, column: &str) -> Vec<String> {
        let names = |text: &str| expression_columns(text).iter().any(|name| name == column);
        let checks = self.checks.iter().filter(|check| names(&check.expression));
        let mut users: Vec<String> =
            checks.map(|check| format!("constraint {}", check.name.as_deref().unwrap_or("without a name"))).collect();
        let worded = |index: &&Index| {
            index.predicate.as_deref().is_some_and(names)
                || index.keys.iter().any(|key| matches!(&key.of, KeyOf::Expression(text) if names(text)))
        };
        users.extend(self.indexes.iter().filter(worded).map(|index| format!("index {}", index.name)));
        users.extend(self.generated_on(column));
        users
    }

    fn generated_on(&self, column: &str) -> impl Iterator<Item = String> {
        let uses = move |text: &String| expression_columns(text).iter().any(|name| name == column);
        let made = self.columns.iter().filter(move |other| {
            other.generated.as_ref().and_then(|generated| generated.expression.as_ref()).is_some_and(uses)
        });
        made.map(|other| format!("generated column {}", other.name))
    }

    /// Renames a column wherever its table names it.
    pub(super) fn rename_column(&mut self, column: &str, to: &str) {
        for known in &mut self.columns {
            if known.name == column {
                to.clone_into(&mut known.name);
            }
            if let Some(expression) = known.generated.as_mut().and_then(|generated| generated.expression.as_mut()) {
                rename_in_text(expression, column, to);
            }
        }
        self.primary_key.iter_mut().for_each(|key| rename_in(&mut key.columns, column, to));
        self.uniques.iter_mut().for_each(|unique| rename_in_keys(&mut unique.columns, column, to));
        self.checks.iter_mut().for_each(|check| rename_in_text(&mut check.expression, column, to));
        for key in &mut self.foreign_keys {
            rename_in(&mut key.columns, column, to);
            if key.parent == self.name {
                rename_in(&mut key.parent_columns, column, to);
            }
        }
        for index in &mut self.indexes {
            rename_in_keys(&mut index.keys, column, to);
            index.predicate.iter_mut().for_each(|predicate| rename_in_text(predicate, column, to));
        }
    }
}

pub(super) fn index_columns(index: &Index) -> Vec<String> {
    let keys = index.keys.iter().flat_map(key_columns);
    keys.chain(index.predicate.iter().flat_map(|predicate| expression_columns(predicate))).collect()
}

fn key_columns(part: &KeyPart) -> Vec<String> {
    match &part.of {
        KeyOf::Column(name) => vec![name.clone()],
        KeyOf::Expression(text) => expression_columns(text),
    }
}

fn expression_columns(text: &str) -> Vec<String> {
    parse_text(text).map_or_else(|_| Vec::new(), |read| read.columns().into_iter().map(str::to_owned).collect())
}

pub(super) fn rename_in(columns: &mut [String], from: &str, to: &str) {
    columns.iter_mut().filter(|column| *column == from).for_each(|column| to.clone_into(column));
}

fn rename_in_keys(keys: &mut [KeyPart], from: &str, to: &str) {
    for key in keys {
        match &mut key.of {
            KeyOf::Column(name) if name == from => to.clone_into(name),
            KeyOf::Column(_) => {}
            KeyOf::Expression(text) => rename_in_text(text, from, to),
        }
    }
}

/// An expression that is not of the language is left as it is.
fn rename_in_text(text: &mut String, from: &str, to: &str) {
    if let Ok(read) = parse_text(text) {
        *text = read.renamed(from, to).to_string();
    }
}
