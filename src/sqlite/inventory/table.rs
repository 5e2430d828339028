//! A table: its columns, what each of them is, and its options.

use std::collections::{HashMap, HashSet};

use crate::schema::inventory::{Item, Kind as ItemKind};
use crate::sqlite::quote;
use crate::sqlite::text::constraint::{Constraint, Kind};
use crate::sqlite::text::create_table::{self, CreateTable};
use crate::sqlite::text::tokens::{Token, significant};

use super::column::{self, Column};
use super::key::{self, Key};
use super::reference::{self, Reference};
use super::{statement, whole, words};

/// A table as its text tells it.
pub(super) struct Table<'t> {
    pub(super) name: &'t str,
    pub(super) sql: &'t str,
    /// None where the text could not be taken apart.
    create: Option<CreateTable<'t>>,
    columns: Vec<Column>,
    primary_key: Option<Key>,
    uniques: Vec<Key>,
    references: Vec<Reference>,
    strict: bool,
    without_rowid: bool,
}

impl<'t> Table<'t> {
    /// Takes the text of a table apart.
    pub(super) fn read(name: &'t str, sql: &'t str) -> Self {
        let create = create_table::read(sql).ok();
        let mut table = Self {
            name,
            sql,
            columns: Vec::new(),
            primary_key: None,
            uniques: Vec::new(),
            references: Vec::new(),
            strict: create.as_ref().is_some_and(|create| create.has_option("strict")),
            without_rowid: create.as_ref().is_some_and(|create| create.has_option("without")),
            create: None,
        };
        if let Some(create) = create {
            table.columns = create.columns.iter().map(|column| Column::read(sql, column)).collect();
            table.take_keys(&create);
            table.create = Some(create);
        }
        table
    }

    fn take_keys(&mut self, create: &CreateTable<'_>) {
        for (home, constraint) in create.all_constraints() {
            match constraint.kind {
                Kind::PrimaryKey => self.primary_key = Some(Key::read(self.sql, home, constraint)),
                Kind::Unique => self.take_unique(Key::read(self.sql, home, constraint)),
                Kind::ForeignKey => self.references.extend(Reference::read(self.sql, home, constraint)),
                Kind::Deferrable => self.defer_last(constraint),
                _ => {}
            }
        }
        // A unique constraint over the primary key adds nothing, unless that is the rowid, which has no index.
        if let Some(key) = self.primary_key.take() {
            if self.alias_of(&key).is_none() {
                let mut uniques = std::mem::take(&mut self.uniques);
                uniques.retain(|unique| !unique.repeats(&key, self));
                self.uniques = uniques;
            }
            self.primary_key = Some(key);
        }
    }

    /// Two unique constraints over the same columns are one.
    fn take_unique(&mut self, unique: Key) {
        match self.uniques.iter().position(|there| unique.repeats(there, self)) {
            Some(at) => {
                let there = &mut self.uniques[at];
                there.name = there.name.take().or(unique.name);
                there.on_conflict = there.on_conflict.take().or(unique.on_conflict);
            }
            None => self.uniques.push(unique),
        }
    }

    /// A DEFERRABLE clause that stands apart belongs to the foreign key before it.
    fn defer_last(&mut self, constraint: &Constraint) {
        let said = words::of(&self.sql[constraint.body.clone()], &words::always);
        if let (Some(last), Some(defers)) = (self.references.last_mut(), said.and_then(|said| reference::defers(&said)))
        {
            last.deferred = defers;
        }
    }

    /// The columns' names as they are written.
    pub(super) fn column_names(&self) -> impl Iterator<Item = &str> {
        self.columns.iter().map(|column| column.written.as_str())
    }

    /// Tells whether a column has a name, which is worded as facts tell it.
    pub(super) fn has_column(&self, name: &str) -> bool {
        self.columns.iter().any(|column| column.name == name)
    }

    /// Tells whether a word in double quotes is a name in the table's own expressions.
    pub(super) fn knows(&self, word: &str) -> bool {
        ["rowid", "oid", "_rowid_"].iter().any(|own| own.eq_ignore_ascii_case(word))
            || self.columns.iter().any(|column| column.written.eq_ignore_ascii_case(word))
    }

    /// The words of one of its own expressions.
    pub(super) fn words(&self, sql: &str, tokens: &[Token]) -> Vec<String> {
        words::of_own_table(words::of_tokens(sql, tokens, &|word| self.knows(word)), self.name)
    }

    /// The collation of a column when it is not that of bytes.
    pub(super) fn collation_of(&self, column: &str) -> Option<String> {
        self.columns.iter().find(|own| own.name == column)?.collation.clone()
    }

    /// The columns of the primary key.
    pub(super) fn key_columns(&self) -> Vec<String> {
        self.primary_key.iter().flat_map(|key| &key.parts).filter_map(|part| part.column(self)).collect()
    }

    /// The column that is another name for the rowid.
    ///
    /// Source: SQLite, "CREATE TABLE", "ROWIDs and the INTEGER PRIMARY KEY"; of the word DESC it counts only where it stands
    /// in the column's own definition.
    fn alias_of(&self, key: &Key) -> Option<&str> {
        let [part] = key.parts.as_slice() else { return None };
        let name = part.column(self)?;
        let column = self.columns.iter().find(|column| column.name == name)?;
        let is_alias = column.declared == "integer" && !self.without_rowid && !(key.inline && part.descending);
        is_alias.then_some(column.name.as_str())
    }

    /// All items of the table but its indexes and triggers, which come after.
    pub(super) fn items(&self, tables: &[Table<'_>], indexes: &[Item], mentioned: &HashSet<String>) -> Vec<Item> {
        let mut whole_table = Item::new(ItemKind::Table, None, Some(self.name));
        whole_table.create = Some(statement(self.sql));
        whole_table.drop = Some(format!("drop table {}", quote(self.name)));
        let Some(create) = &self.create else {
            return vec![whole_table.with_sql("definition", Some(whole(self.sql)))];
        };
        let mut items = vec![whole_table.when("strict", self.strict).when("without rowid", self.without_rowid)];
        items.extend(self.column_items(create, tables, indexes, mentioned));
        items.extend(self.primary_key.iter().map(|key| self.key_item(key)));
        items.extend(self.uniques.iter().map(|key| key.item(ItemKind::Unique, self)));
        let checks = create.all_constraints().filter(|(_, constraint)| constraint.kind == Kind::Check);
        items.extend(checks.map(|(_, constraint)| key::check(self, self.sql, constraint)));
        items.extend(self.references.iter().map(|reference| reference.item(self, tables)));
        items
    }

    fn key_item(&self, key: &Key) -> Item {
        let mut key_item = key.item(ItemKind::PrimaryKey, self);
        if let Some(alias) = self.alias_of(key) {
            // The rowid has one direction, whatever is written.
            key_item.facts.iter_mut().filter(|fact| fact.what == "columns").for_each(|fact| fact.value = alias.into());
        }
        key_item
    }

    fn column_items(
        &self,
        create: &CreateTable<'_>,
        tables: &[Table<'_>],
        indexes: &[Item],
        mentioned: &HashSet<String>,
    ) -> Vec<Item> {
        let key = self.primary_key.as_ref();
        let alias = key.and_then(|key| self.alias_of(key));
        let in_key: Vec<String> = if self.strict || self.without_rowid { self.key_columns() } else { Vec::new() };
        let used = self.uses(create, tables, indexes);
        let items = self.columns.iter().zip(&create.columns).map(|(own, text)| {
            let numbers = (alias == Some(&own.name)).then(|| {
                if key.is_some_and(|key| key.autoincrement) {
                    column::Numbers::Autoincrement
                } else {
                    column::Numbers::Rowid
                }
            });
            let mut item = own.item(self, numbers, in_key.contains(&own.name));
            let body = &self.sql[text.span.clone()];
            item.create = own.may_be_added.then(|| format!("alter table {} add column {body}", quote(self.name)));
            let own_uses = own_words(body).iter().filter(|word| **word == own.name).count();
            let is_free = used.get(&own.name).is_none_or(|uses| *uses <= own_uses) && !mentioned.contains(&own.name);
            if is_free && !own.is_key && self.columns.len() > 1 {
                item.drop = Some(format!("alter table {} drop column {}", quote(self.name), quote(&own.written)));
            }
            item
        });
        items.collect()
    }

    /// How often each word stands in the table's own text, in its indexes and in what refers to it.
    fn uses(&self, create: &CreateTable<'_>, tables: &[Table<'_>], indexes: &[Item]) -> HashMap<String, usize> {
        let mut uses = HashMap::new();
        let mut note = |word: String| *uses.entry(word).or_insert(0) += 1;
        // Behind the table's name, which may be that of a column.
        own_words(&self.sql[create.name.end..]).into_iter().for_each(&mut note);
        for index in indexes {
            let text = index.create.as_deref().unwrap_or_default();
            own_words(text.split_once('(').map_or(text, |(_, parts)| parts)).into_iter().for_each(&mut note);
        }
        let own = words::name(self.name);
        let referring = tables.iter().filter(|other| other.name != self.name).flat_map(|other| &other.references);
        referring.filter(|reference| reference.parent == own).flat_map(|key| key.parent_columns.clone()).for_each(note);
        uses
    }
}

fn own_words(text: &str) -> Vec<String> {
    let tokens = significant(text).unwrap_or_default();
    words::of_tokens(text, &tokens, &words::always)
}
