//! A table that a copy creates: what makes it ready for rows, and what is built when they are there.

use std::collections::BTreeMap;

use super::infer::Inferred;
use crate::postgres::expression::Meaning;
use crate::postgres::{change, ddl};
use crate::schema::language::expression::fit::Refusal;
use crate::schema::{Change, Constraint, Schema, Table};

/// The SQL by which a table comes to be. Its references to other tables are built after all of it.
#[derive(Clone, Debug, Default)]
pub struct Creation {
    /// The table without keys, and its comments.
    pub table: Vec<String>,
    /// Its keys and indexes, those first that others rely on.
    pub keys: Vec<Build>,
    /// Whether a schema file describes it.
    pub is_declared: bool,
    /// How the values of each column compare, next to the source; nothing for a table of a schema file.
    pub meanings: BTreeMap<String, Meaning>,
}

/// One thing to build on a table that holds its rows.
#[derive(Clone, Debug)]
pub struct Build {
    /// What it is, in a word.
    pub kind: &'static str,
    /// Its name.
    pub name: String,
    /// The statement that builds it.
    pub sql: String,
}

impl Creation {
    /// Words a table that was inferred from the source.
    pub fn of_inferred(schema: &str, inferred: &Inferred) -> Self {
        let table = &inferred.table;
        let comment = |(column, text): &(String, String)| ddl::comment_on_column(schema, &table.name, column, text);
        let mut creation = Self { table: vec![ddl::create_table(schema, table)], ..Self::default() };
        creation.meanings.clone_from(&inferred.meanings);
        creation.table.extend(inferred.comments.iter().map(comment));
        if !inferred.remarks.is_empty() {
            let text = format!("in the source: {}", inferred.remarks.join(", "));
            creation.table.push(ddl::comment_on_table(schema, &table.name, &text));
        }
        if let (Some(sql), Some(key)) = (ddl::add_primary_key(schema, table), &table.primary_key) {
            creation.build("primary key", key.name.as_deref(), sql);
        }
        for (sql, unique) in ddl::add_uniques(schema, table).into_iter().zip(&table.uniques) {
            creation.build("unique constraint", unique.name.as_deref(), sql);
        }
        for index in &table.indexes {
            creation.build("index", Some(&index.name), ddl::create_index(schema, &table.name, index));
        }
        for check in &table.checks {
            creation.build("check", check.name.as_deref(), ddl::add_check(schema, &table.name, check));
        }
        creation
    }

    /// Words a table of a schema file, just as a revision would; fails with what PostgreSQL has no words for.
    ///
    /// Its checks are there before the rows: a row that one refuses is set aside, and the structure is the file's whatever
    /// the rows are.
    pub fn of_declared(schema: &str, table: &Table, declared: &Schema) -> Result<Self, Refusal> {
        let bare = Table {
            primary_key: None,
            uniques: Vec::new(),
            foreign_keys: Vec::new(),
            indexes: Vec::new(),
            ..table.clone()
        };
        let word = |change: Change, before: &Schema| change::render(Some(schema), &change, before);
        // Into an empty schema: what refers to the table is built later, and by us.
        let table_alone = word(Change::CreateTable(bare), &Schema::default())?;
        let mut creation = Self { table: table_alone, is_declared: true, ..Self::default() };
        for constraint in table.constraints() {
            let kind = match constraint {
                Constraint::PrimaryKey(_) => "primary key",
                Constraint::Unique(_) => "unique constraint",
                Constraint::Check(_) | Constraint::ForeignKey(_) => continue,
            };
            let name = constraint.name().map(str::to_owned);
            let sql = word(Change::AddConstraint { table: table.name.clone(), constraint }, declared)?.join("; ");
            creation.build(kind, name.as_deref(), sql);
        }
        for index in &table.indexes {
            let change = Change::CreateIndex { table: table.name.clone(), index: index.clone() };
            creation.build("index", Some(&index.name), word(change, declared)?.join("; "));
        }
        Ok(creation)
    }

    fn build(&mut self, kind: &'static str, name: Option<&str>, sql: String) {
        self.keys.push(Build { kind, name: name.unwrap_or(kind).to_owned(), sql });
    }
}
