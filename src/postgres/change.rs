//! Renders changes of the portable language as PostgreSQL's statements.

use super::ddl;
use super::names::{literal, qualified, quote};
use super::wording;
use crate::schema::language::convert::{Conversion, conversion};
use crate::schema::language::expression::fit::Refusal;
use crate::schema::{Change, Check, Column, Constraint, ForeignKey, Index, KeyOf, KeyPart, LogicalType, Schema, Table};

type Rendered = Result<Vec<String>, Refusal>;

/// Renders a change as the statements that make it, in order; `before` is the schema on which it is made.
///
/// A reference to a table that is created later is added when that table is: so a cycle of references needs nothing
/// but its tables. Without a prefix, names are found by the session's `search_path`.
pub fn render(prefix: Option<&str>, change: &Change, before: &Schema) -> Rendered {
    Renderer { prefix, before }.change(change)
}

struct Renderer<'r> {
    prefix: Option<&'r str>,
    before: &'r Schema,
}

impl Renderer<'_> {
    fn change(&self, change: &Change) -> Rendered {
        let one = |sql: String| Ok(vec![sql]);
        match change {
            Change::CreateEnum { name, labels } => {
                let labels: Vec<String> = labels.iter().map(|label| literal(label)).collect();
                one(format!("create type {} as enum ({})", self.named(name), labels.join(", ")))
            }
            Change::DropEnum { name } => one(format!("drop type {}", self.named(name))),
            Change::CreateTable(table) => self.create_table(table),
            Change::DropTable { table } => one(format!("drop table {}", self.named(table))),
            Change::RenameTable { table, to } => one(self.alter(table, &format!("rename to {}", quote(to)))),
            Change::AddColumn { table, column } => {
                let mut known = self.before.table(table).cloned();
                known.iter_mut().for_each(|known| known.columns.push(column.clone()));
                one(self.alter(table, &format!("add column {}", self.column(column, known.as_ref())?)))
            }
            Change::DropColumn { table, column } => one(self.alter(table, &format!("drop column {}", quote(column)))),
            Change::RenameColumn { table, column, to } => {
                one(self.alter(table, &format!("rename column {} to {}", quote(column), quote(to))))
            }
            Change::SetType { table, column, logical, using } => {
                one(self.set_type(table, column, logical, using.as_deref())?)
            }
            Change::SetDefault { table, column, default } => {
                one(self.alter(table, &self.set_default(table, column, default.as_deref())?))
            }
            Change::SetNullable { table, column, nullable } => {
                let action = if *nullable { "drop" } else { "set" };
                one(self.alter(table, &format!("alter column {} {action} not null", quote(column))))
            }
            Change::SetIdentity { table, column, numbers: true } => Ok(self.number_rows(table, column)),
            Change::SetIdentity { table, column, numbers: false } => {
                one(self.alter(table, &format!("alter column {} drop identity", quote(column))))
            }
            Change::DropExpression { table, column } => {
                one(self.alter(table, &format!("alter column {} drop expression", quote(column))))
            }
            Change::AddConstraint { table, constraint } => {
                one(self.add(table, constraint, self.before.table(table))?)
            }
            Change::DropConstraint { table, name } => {
                one(self.alter(table, &format!("drop constraint {}", quote(name))))
            }
            Change::CreateIndex { table, index } => one(self.create_index(table, index)?),
            Change::DropIndex { name } => one(format!("drop index {}", self.named(name))),
            Change::RenameIndex { name, to } => {
                one(format!("alter index {} rename to {}", self.named(name), quote(to)))
            }
        }
    }

    fn named(&self, name: &str) -> String {
        self.prefix.map_or_else(|| quote(name), |prefix| qualified(prefix, name))
    }

    fn alter(&self, table: &str, action: &str) -> String {
        format!("alter table {} {action}", self.named(table))
    }

    fn create_table(&self, table: &Table) -> Rendered {
        let mut lines =
            table.columns.iter().map(|column| self.column(column, Some(table))).collect::<Result<Vec<_>, _>>()?;
        for constraint in table.constraints() {
            if !matches!(constraint, Constraint::ForeignKey(_)) {
                lines.push(self.constraint(&constraint, Some(table))?);
            }
        }
        let created = format!("create table {} (\n  {}\n)", self.named(&table.name), lines.join(",\n  "));
        let ready = |key: &&ForeignKey| key.parent == table.name || self.before.table(&key.parent).is_some();
        let own = table.foreign_keys.iter().filter(ready).map(|key| (table.name.as_str(), key));
        let waiting = self.before.references_to(&table.name).map(|(child, key)| (child.name.as_str(), key));
        let mut statements = vec![created];
        statements.extend(own.chain(waiting).map(|(child, key)| self.add_foreign_key(child, key)));
        Ok(statements)
    }

    fn add_foreign_key(&self, table: &str, key: &ForeignKey) -> String {
        self.alter(table, &format!("add {}", self.foreign_key(key)))
    }

    /// A type as a column has it; enum types live in a schema, as tables do.
    fn logical(&self, logical: &LogicalType) -> String {
        match logical {
            LogicalType::Enum(labelled) => self.named(&labelled.name),
            other => other.postgres_name(),
        }
    }

    fn column(&self, column: &Column, table: Option<&Table>) -> Result<String, Refusal> {
        let default = column.default.as_deref().map(|text| wording::default(text, &column.logical)).transpose()?;
        // The name is quoted already, where it has a prefix.
        let logical = LogicalType::Other(self.logical(&column.logical));
        let mut sql = ddl::column(&Column { default, logical, generated: None, ..column.clone() });
        if let Some(text) = column.generated.as_ref().and_then(|generated| generated.expression.as_deref()) {
            sql.push_str(&format!(" generated always as ({}) stored", wording::expression(text, table)?));
        }
        Ok(sql)
    }

    fn constraint(&self, constraint: &Constraint, table: Option<&Table>) -> Result<String, Refusal> {
        let name = constraint.name().map_or(String::new(), |name| format!("constraint {} ", quote(name)));
        Ok(match constraint {
            Constraint::PrimaryKey(key) => format!("{name}primary key ({})", super::names::list(&key.columns)),
            Constraint::Unique(unique) => format!("{name}unique ({})", keys(&unique.columns, table)?),
            Constraint::Check(Check { expression, .. }) => {
                format!("{name}check ({})", wording::expression(expression, table)?)
            }
            Constraint::ForeignKey(key) => self.foreign_key(key),
        })
    }

    fn foreign_key(&self, key: &ForeignKey) -> String {
        match &key.parent_schema {
            Some(schema) => ddl::foreign_key(&qualified(schema, &key.parent), key),
            None => ddl::foreign_key(&self.named(&key.parent), key),
        }
    }

    fn add(&self, table: &str, constraint: &Constraint, known: Option<&Table>) -> Result<String, Refusal> {
        Ok(self.alter(table, &format!("add {}", self.constraint(constraint, known)?)))
    }

    /// Gives a column a sequence that goes on after the highest number that is there.
    fn number_rows(&self, table: &str, column: &str) -> Vec<String> {
        let (own, name) = (quote(column), self.named(table));
        let sequence = format!("pg_get_serial_sequence({}, {})", literal(&name), literal(column));
        vec![
            self.alter(table, &format!("alter column {own} add generated by default as identity")),
            // The highest number may be the last that the type has.
            format!("select setval({sequence}, greatest(max({own}), 1), coalesce(max({own}) >= 1, false)) from {name}"),
        ]
    }

    fn create_index(&self, table: &str, index: &Index) -> Result<String, Refusal> {
        let known = self.before.table(table);
        let unique = if index.unique { "unique " } else { "" };
        let predicate = match &index.predicate {
            Some(text) => format!(" where {}", wording::key(text, known)?),
            None => String::new(),
        };
        let (name, table, keys) = (quote(&index.name), self.named(table), keys(&index.keys, known)?);
        Ok(format!("create {unique}index {name} on {table} ({keys}){predicate}"))
    }

    fn known(&self, table: &str, column: &str) -> Option<&Column> {
        self.before.table(table)?.column(column)
    }

    fn set_default(&self, table: &str, column: &str, default: Option<&str>) -> Result<String, Refusal> {
        let Some(text) = default else { return Ok(format!("alter column {} drop default", quote(column))) };
        // A script is refused where the type is not known and the default depends on it.
        let logical = self.known(table, column).map_or(LogicalType::Text, |known| known.logical.clone());
        Ok(format!("alter column {} set default {}", quote(column), wording::default(text, &logical)?))
    }

    /// The default is taken away meanwhile: it would have to be cast, and some casts are none that a default gets.
    fn set_type(&self, table: &str, column: &str, to: &LogicalType, using: Option<&str>) -> Result<String, Refusal> {
        let known = self.known(table, column);
        let using = match using {
            Some(text) => Some(wording::expression(text, self.before.table(table))?),
            None => known.and_then(|known| self.converted(&known.logical, to, column)),
        };
        let using = using.map_or(String::new(), |using| format!(" using {using}"));
        let own = quote(column);
        let mut actions = vec![format!("alter column {own} type {}{using}", self.logical(to))];
        if let Some(default) = known.and_then(|known| known.default.as_deref()) {
            actions.insert(0, format!("alter column {own} drop default"));
            actions.push(format!("alter column {own} set default {}", wording::default(default, to)?));
        }
        Ok(self.alter(table, &actions.join(", ")))
    }

    /// How values become ones of the new type where the server wants to be told.
    fn converted(&self, from: &LogicalType, to: &LogicalType, column: &str) -> Option<String> {
        use LogicalType as T;
        let own = quote(column);
        match (from, to) {
            (T::JsonText, T::Json | T::Jsonb) | (T::Text, T::Enum(_)) => Some(format!("{own}::{}", self.logical(to))),
            (T::Timestamp(_), T::TimestampTz(_)) | (T::TimestampTz(_), T::Timestamp(_)) => {
                Some(format!("{own} at time zone 'utc'"))
            }
            (_, T::Varchar(length)) if conversion(from, to) == Some(Conversion::Narrows) => {
                Some(ddl::strict_length(&own, *length))
            }
            // An explicit cast would bend what does not fit; the one by assignment fails, as it should.
            _ => None,
        }
    }
}

fn keys(keys: &[KeyPart], table: Option<&Table>) -> Result<String, Refusal> {
    let word = |part: &KeyPart| -> Result<String, Refusal> {
        let of = match &part.of {
            KeyOf::Expression(text) => KeyOf::Expression(wording::key(text, table)?),
            KeyOf::Column(name) => KeyOf::Column(name.clone()),
        };
        Ok(ddl::key_part(&KeyPart { of, ..part.clone() }))
    };
    Ok(keys.iter().map(word).collect::<Result<Vec<_>, _>>()?.join(", "))
}
