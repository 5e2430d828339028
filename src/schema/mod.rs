//! The logical model of a database's structure, the same for both engines.
//!
//! Each engine's `introspect` lifts what it finds into a [`Schema`]; everything that plans, compares or renders
//! works on this model and knows no engine.

pub mod change;
pub mod depth;
pub mod dictionary;
pub mod diff;
pub mod histories;
pub mod inventory;
pub mod language;
pub mod names;
pub mod order;
mod parts;
pub mod pattern;
#[cfg(test)]
pub(crate) mod random;
pub mod replay;
pub mod reverse;

pub use change::{Change, Constraint};
pub use dictionary::{EnumType, LogicalType};

/// One of the two engines.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, serde::Serialize)]
#[serde(rename_all = "lowercase")]
pub enum Engine {
    /// SQLite.
    Sqlite,
    /// PostgreSQL.
    Postgres,
}

impl Engine {
    /// The engine's own name for itself.
    pub fn name(self) -> &'static str {
        match self {
            Self::Sqlite => "SQLite",
            Self::Postgres => "PostgreSQL",
        }
    }
}

/// A database's tables and what surrounds them.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Schema {
    /// The tables, in the order in which the engine lists them.
    pub tables: Vec<Table>,
    /// The enum types, where the engine lists them apart from the columns that have them.
    pub enums: Vec<EnumType>,
    /// Objects that are not tables of rows: views, triggers, shadow tables.
    pub others: Vec<OtherObject>,
}

impl Schema {
    /// Finds a table by its exact name.
    pub fn table(&self, name: &str) -> Option<&Table> {
        self.tables.iter().find(|table| table.name == name)
    }

    /// Finds a table by its name, or by the only name that differs from it in case alone.
    pub fn table_like(&self, name: &str) -> Option<&Table> {
        find_like(&self.tables, name, |table| &table.name)
    }
}

/// One table of rows.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Table {
    /// The name, exactly as the engine keeps it.
    pub name: String,
    /// The columns in their order.
    pub columns: Vec<Column>,
    /// The primary key, if there is one.
    pub primary_key: Option<PrimaryKey>,
    /// Unique constraints other than the primary key.
    pub uniques: Vec<Unique>,
    /// References to other tables.
    pub foreign_keys: Vec<ForeignKey>,
    /// Conditions on rows, as SQL text of the engine.
    pub checks: Vec<Check>,
    /// Indexes that are not the body of a constraint.
    pub indexes: Vec<Index>,
}

impl Table {
    /// Finds a column by its exact name.
    pub fn column(&self, name: &str) -> Option<&Column> {
        self.columns.iter().find(|column| column.name == name)
    }

    /// Finds a column by its name, or by the only name that differs from it in case alone.
    pub fn column_like(&self, name: &str) -> Option<&Column> {
        find_like(&self.columns, name, |column| &column.name)
    }
}

/// One column.
#[derive(Clone, Debug, PartialEq)]
pub struct Column {
    /// The name, exactly as the engine keeps it.
    pub name: String,
    /// What the column means in either engine.
    pub logical: LogicalType,
    /// The type as the engine's own catalogue spells it.
    pub declared: String,
    /// Whether NULL may be stored.
    pub nullable: bool,
    /// The default, as SQL text of the engine.
    pub default: Option<String>,
    /// How the engine computes the value from other columns, if it does.
    pub generated: Option<Generated>,
    /// Whether the engine numbers rows through this column.
    pub identity: Option<Identity>,
    /// A collation other than the engine's own default.
    pub collation: Option<String>,
}

impl Column {
    /// A column of which nothing is known but its name and meaning.
    pub fn new(name: &str, logical: LogicalType) -> Self {
        Self {
            name: name.to_owned(),
            declared: logical.to_string(),
            logical,
            nullable: true,
            default: None,
            generated: None,
            identity: None,
            collation: None,
        }
    }
}

/// How an engine computes a column.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Generated {
    /// The expression, as SQL text of the engine; none where it could not be read.
    pub expression: Option<String>,
    /// Whether the value is stored; else it is computed whenever it is read.
    pub stored: bool,
}

/// How an engine numbers rows.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Identity {
    /// SQLite's `INTEGER PRIMARY KEY`; with `AUTOINCREMENT`, the highest number ever given.
    Rowid {
        /// The number kept in `sqlite_sequence`, if the table has one.
        highest: Option<i64>,
    },
    /// A PostgreSQL sequence, owned by an identity column or called by a default.
    Sequence {
        /// The sequence's name, quoted and with its schema.
        name: String,
    },
}

/// The columns by which a row is known.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PrimaryKey {
    /// The constraint's name, where the engine keeps one.
    pub name: Option<String>,
    /// The columns in the key's own order.
    pub columns: Vec<String>,
}

/// A unique constraint.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Unique {
    /// The constraint's name, where the engine keeps one.
    pub name: Option<String>,
    /// The columns in order.
    pub columns: Vec<KeyPart>,
}

/// A reference from columns of one table to columns of another.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ForeignKey {
    /// The constraint's name, where the engine keeps one.
    pub name: Option<String>,
    /// The referring columns.
    pub columns: Vec<String>,
    /// The table referred to.
    pub parent: String,
    /// The columns referred to; implicit references are resolved to the parent's primary key.
    pub parent_columns: Vec<String>,
    /// What happens on delete, in SQL's words; `NO ACTION` when nothing is said.
    pub on_delete: String,
    /// What happens on update, in SQL's words; `NO ACTION` when nothing is said.
    pub on_update: String,
    /// Whether and how the check waits for the end of the transaction.
    pub deferrable: Deferrable,
    /// The schema of the table referred to, where it is another than the referring table's.
    pub parent_schema: Option<String>,
    /// Whether a key that is NULL in part refers to nothing that may be: PostgreSQL's `MATCH FULL`.
    pub match_full: bool,
}

impl ForeignKey {
    /// Whether it refers to the table of its own schema that has this name.
    pub fn refers_to(&self, table: &str) -> bool {
        self.parent_schema.is_none() && self.parent == table
    }

    /// The table referred to as a person reads it, with its schema where that is another.
    pub fn parent_called(&self) -> String {
        let schema = self.parent_schema.as_ref().map_or(String::new(), |schema| format!("{schema}."));
        format!("{schema}{}", self.parent)
    }
}

/// When a constraint is checked.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Deferrable {
    /// After each statement.
    #[default]
    No,
    /// After each statement, unless a transaction asks to wait.
    InitiallyImmediate,
    /// At the end of the transaction.
    InitiallyDeferred,
}

/// A condition that every row meets.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Check {
    /// The constraint's name, if it has one.
    pub name: Option<String>,
    /// The condition, as SQL text of the engine.
    pub expression: String,
}

/// An index.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Index {
    /// The name.
    pub name: String,
    /// Whether two rows may not agree on its keys.
    pub unique: bool,
    /// What is indexed, in order.
    pub keys: Vec<KeyPart>,
    /// The rows that are indexed, as SQL text of the engine; all when absent.
    pub predicate: Option<String>,
}

/// One part of an index or unique constraint.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct KeyPart {
    /// A column's name or an expression.
    pub of: KeyOf,
    /// Whether the order is descending.
    pub descending: bool,
    /// A collation other than the engine's own default.
    pub collation: Option<String>,
}

/// What a part of a key is computed from.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum KeyOf {
    /// A column.
    Column(String),
    /// An expression, as SQL text of the engine.
    Expression(String),
}

/// An object that is not a table of rows.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct OtherObject {
    /// What it is, in the engine's word: `view`, `trigger`, `virtual table`, `shadow table`.
    pub kind: &'static str,
    /// Its name.
    pub name: String,
    /// Why it is not among the tables, and what becomes of it.
    pub reason: String,
    /// Where it holds what is stored nowhere else: the table behind it with a row for each of its own.
    pub only_copy_in: Option<String>,
}

impl OtherObject {
    /// Tells whether one of these names is its own, and it is one that can be left out by name.
    pub fn is_among(&self, names: &[String]) -> bool {
        self.kind == "virtual table" && names.iter().any(|name| name.eq_ignore_ascii_case(&self.name))
    }

    /// Tells whether it holds what is stored nowhere else, and nobody has left it out by name.
    pub fn is_open(&self, excluded: &[String]) -> bool {
        self.only_copy_in.is_some() && !self.is_among(excluded)
    }
}

fn find_like<'t, T>(items: &'t [T], name: &str, name_of: impl Fn(&T) -> &String) -> Option<&'t T> {
    if let Some(exact) = items.iter().find(|item| name_of(item) == name) {
        return Some(exact);
    }
    let mut similar = items.iter().filter(|item| name_of(item).eq_ignore_ascii_case(name));
    match (similar.next(), similar.next()) {
        (Some(only), None) => Some(only),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn schema(names: &[&str]) -> Schema {
        let table = |name: &&str| Table { name: (*name).to_owned(), ..Table::default() };
        Schema { tables: names.iter().map(table).collect(), ..Schema::default() }
    }

    #[test]
    fn an_exact_name_wins_over_one_that_differs_in_case() {
        let schema = schema(&["User", "user"]);
        assert_eq!(schema.table_like("user").map(|table| table.name.as_str()), Some("user"));
    }

    #[test]
    fn a_name_that_differs_in_case_is_found_only_when_it_is_the_only_one() {
        assert_eq!(schema(&["user"]).table_like("USER").map(|table| table.name.as_str()), Some("user"));
        assert_eq!(schema(&["User", "user"]).table_like("USER"), None);
    }
}
