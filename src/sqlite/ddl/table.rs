//! Words tables, columns, constraints and indexes.

use super::declared::declared;
use super::wording;
use crate::schema::language::expression::fit::Refusal;
use crate::schema::names::fitting;
use crate::schema::names::literal;
use crate::schema::{
    Column, Constraint, Deferrable, ForeignKey, Index, KeyOf, KeyPart, LogicalType, PrimaryKey, Table,
};
use crate::sqlite::quote;

/// `create table` with everything but its indexes; references may lead to tables that come later.
pub(super) fn create(table: &Table) -> Result<String, Refusal> {
    let columns = table.columns.iter().map(|own| column(&table.name, own, Some(table)));
    let mut lines = columns.collect::<Result<Vec<_>, _>>()?;
    let numbered = table.columns.iter().any(|column| column.identity.is_some());
    for own in table.constraints() {
        // The key of a numbered table stands in its column.
        if !(numbered && matches!(own, Constraint::PrimaryKey(_))) {
            lines.push(constraint(&own, Some(table))?);
        }
    }
    Ok(format!("create table {} (\n  {}\n)", quote(&table.name), lines.join(",\n  ")))
}

/// A column as `create table` and `add column` have it.
pub(super) fn column(table: &str, column: &Column, known: Option<&Table>) -> Result<String, Refusal> {
    let name = quote(&column.name);
    if column.identity.is_some() {
        let key = known.and_then(|known| known.primary_key.as_ref()).and_then(|key| key.name.as_deref());
        let key = key.map_or_else(|| usual_key_name(table), str::to_owned);
        let key = format!("constraint {} ", quote(&key));
        // Only this spelling numbers rows, and only AUTOINCREMENT gives no number twice, as a sequence does not.
        return Ok(format!("{name} INTEGER not null {key}primary key autoincrement"));
    }
    let mut sql = format!("{name} {}", declared(&column.logical));
    if !column.nullable {
        sql.push_str(" not null");
    }
    if let Some(default) = &column.default {
        sql.push_str(&format!(" default {}", wording::default(default, &column.logical)?));
    }
    if let Some(text) = column.generated.as_ref().and_then(|generated| generated.expression.as_deref()) {
        sql.push_str(&format!(" generated always as ({}) stored", wording::expression(text, known)?));
    }
    if let Some(check) = enum_check(table, column) {
        sql.push_str(&format!(" {check}"));
    }
    Ok(sql)
}

/// The name of the key that comes with a column that numbers rows.
pub(super) fn usual_key_name(table: &str) -> String {
    fitting(&format!("{table}_pkey"))
}

/// A primary key as a constraint of its table; it may number the rows.
pub(super) fn primary_key(key: &PrimaryKey, numbers: bool) -> String {
    let name = key.name.as_ref().map_or(String::new(), |name| format!("constraint {} ", quote(name)));
    format!("{name}primary key ({}{})", list(&key.columns), if numbers { " autoincrement" } else { "" })
}

/// The name of the check that holds a column to the labels of its enum type.
pub(super) fn enum_check_name(table: &str, column: &str) -> String {
    fitting(&format!("{table}_{column}_enum"))
}

/// The check that holds a column to the labels of its enum type; none for other columns.
pub(super) fn enum_check(table: &str, column: &Column) -> Option<String> {
    let LogicalType::Enum(labelled) = &column.logical else { return None };
    let labels: Vec<String> = labelled.labels.iter().map(|label| literal(label)).collect();
    let name = quote(&enum_check_name(table, &column.name));
    Some(format!("constraint {name} check ({} in ({}))", quote(&column.name), labels.join(", ")))
}

/// A constraint of a table, with its name.
pub(super) fn constraint(constraint: &Constraint, table: Option<&Table>) -> Result<String, Refusal> {
    let name = constraint.name().map_or(String::new(), |name| format!("constraint {} ", quote(name)));
    Ok(match constraint {
        Constraint::PrimaryKey(key) => primary_key(key, false),
        Constraint::Unique(unique) => format!("{name}unique ({})", keys(&unique.columns, table)?),
        Constraint::Check(check) => format!("{name}check ({})", wording::expression(&check.expression, table)?),
        Constraint::ForeignKey(key) => format!("{name}{}", foreign_key(key)),
    })
}

fn foreign_key(key: &ForeignKey) -> String {
    let (columns, referred) = (list(&key.columns), list(&key.parent_columns));
    let mut sql = format!("foreign key ({columns}) references {} ({referred})", quote(&key.parent));
    for (event, action) in [("delete", &key.on_delete), ("update", &key.on_update)] {
        if action != "NO ACTION" {
            sql.push_str(&format!(" on {event} {}", action.to_lowercase()));
        }
    }
    sql.push_str(match key.deferrable {
        Deferrable::No => "",
        Deferrable::InitiallyImmediate => " deferrable initially immediate",
        Deferrable::InitiallyDeferred => " deferrable initially deferred",
    });
    sql
}

/// `create index`.
pub(super) fn index(table: &str, index: &Index, known: Option<&Table>) -> Result<String, Refusal> {
    let unique = if index.unique { "unique " } else { "" };
    let predicate = match &index.predicate {
        Some(text) => format!(" where {}", wording::expression(text, known)?),
        None => String::new(),
    };
    let (name, table, keys) = (quote(&index.name), quote(table), keys(&index.keys, known)?);
    Ok(format!("create {unique}index {name} on {table} ({keys}){predicate}"))
}

fn keys(keys: &[KeyPart], table: Option<&Table>) -> Result<String, Refusal> {
    let word = |part: &KeyPart| -> Result<String, Refusal> {
        let of = match &part.of {
            KeyOf::Column(name) => quote(name),
            KeyOf::Expression(text) => format!("({})", wording::expression(text, table)?),
        };
        Ok(if part.descending { format!("{of} desc") } else { of })
    };
    Ok(keys.iter().map(word).collect::<Result<Vec<_>, _>>()?.join(", "))
}

fn list(columns: &[String]) -> String {
    columns.iter().map(|column| quote(column)).collect::<Vec<_>>().join(", ")
}
