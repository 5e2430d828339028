//! Reads the structure of a PostgreSQL schema from its catalogues into the logical model.

use serde::Deserialize;

use super::{PostgresError, Session};
use crate::schema::{
    Check, Column, Deferrable, EnumType, ForeignKey, Generated, Identity, Index, KeyOf, KeyPart, LogicalType,
    PrimaryKey, Schema, Table, Unique,
};

/// The structure of a target, with what only PostgreSQL knows of each table.
#[derive(Debug, Default)]
pub struct Structure {
    /// The logical model.
    pub schema: Schema,
    /// What only PostgreSQL knows; one for each table of the schema.
    pub details: Vec<Details>,
}

/// What only PostgreSQL knows of a table.
#[derive(Clone, Debug, Default)]
pub struct Details {
    /// The oid of each column's type, as `record_send` writes it.
    pub oids: Vec<u32>,
    /// Whether the connected role may alter the table.
    pub owned: bool,
    /// Whether its rows live in partitions.
    pub partitioned: bool,
    /// Triggers of the user's own that are enabled.
    pub triggers: Vec<String>,
    /// Each foreign key, as the server words it.
    pub foreign_keys: Vec<WordedKey>,
    /// The columns whose equality is not that of bytes: `citext`, a collation that is not deterministic.
    pub folding: Vec<String>,
}

/// A foreign key as the server words it.
#[derive(Clone, Debug)]
pub struct WordedKey {
    /// Its name.
    pub name: String,
    /// What stands behind the name.
    pub definition: String,
    /// What somebody has written on it.
    pub comment: Option<String>,
}

/// Reads all ordinary tables of one schema.
pub async fn introspect(session: &mut Session, schema: &str) -> Result<Structure, PostgresError> {
    let what = "read the structure of the target";
    let answer = session.text(what, include_str!("introspect.sql"), &[schema]).await?.unwrap_or_default();
    let relations: Vec<Relation> = serde_json::from_str(&answer).map_err(|error| PostgresError::Unsuitable {
        address: "the target".into(),
        why: format!("its catalogues cannot be read ({error})"),
    })?;
    let (tables, details) = relations.into_iter().map(Relation::lift).unzip();
    Ok(Structure { schema: Schema { tables, ..Schema::default() }, details })
}

#[derive(Deserialize)]
struct Relation {
    name: String,
    owned: bool,
    partitioned: bool,
    triggers: Vec<String>,
    columns: Vec<Attribute>,
    constraints: Vec<Constraint>,
    indexes: Vec<IndexRow>,
}

#[derive(Deserialize)]
struct Attribute {
    name: String,
    oid: u32,
    declared: String,
    base: String,
    kind: char,
    modifier: i32,
    nullable: bool,
    default: Option<String>,
    generated: Option<Computed>,
    sequence: Option<String>,
    collation: Option<String>,
    folds: bool,
    labels: Option<Vec<String>>,
}

#[derive(Deserialize)]
struct Computed {
    expression: Option<String>,
    stored: bool,
}

#[derive(Deserialize)]
struct Constraint {
    name: String,
    kind: char,
    columns: Option<Vec<String>>,
    parent: Option<String>,
    parent_schema: Option<String>,
    parent_columns: Option<Vec<String>>,
    on_delete: char,
    on_update: char,
    deferrable: bool,
    deferred: bool,
    full: bool,
    definition: String,
    comment: Option<String>,
    expression: Option<String>,
}

#[derive(Deserialize)]
struct IndexRow {
    name: String,
    unique: bool,
    keys: Vec<String>,
    columns: Vec<Option<String>>,
    options: Vec<i16>,
    predicate: Option<String>,
}

impl Relation {
    fn lift(self) -> (Table, Details) {
        let mut details =
            Details { owned: self.owned, partitioned: self.partitioned, triggers: self.triggers, ..Details::default() };
        let mut table = Table { name: self.name, ..Table::default() };
        for attribute in self.columns {
            details.oids.push(attribute.oid);
            details.folding.extend(attribute.folds.then(|| attribute.name.clone()));
            table.columns.push(attribute.lift());
        }
        for constraint in self.constraints {
            constraint.lift(&mut table, &mut details);
        }
        table.indexes = self.indexes.into_iter().map(IndexRow::lift).collect();
        (table, details)
    }
}

impl Attribute {
    fn lift(self) -> Column {
        let logical = if self.kind == 'e' {
            LogicalType::Enum(EnumType { name: self.declared.clone(), labels: self.labels.unwrap_or_default() })
        } else {
            logical_type(&self.base, self.modifier, &self.declared)
        };
        Column {
            logical,
            name: self.name,
            declared: self.declared,
            nullable: self.nullable,
            default: self.default,
            generated: self
                .generated
                .map(|computed| Generated { expression: computed.expression, stored: computed.stored }),
            identity: self.sequence.map(|name| Identity::Sequence { name }),
            collation: self.collation,
        }
    }
}

/// The types of whose lists values can be cast; the server calls the type of a list by its element, with a line before.
const LISTED: [&str; 14] = [
    "bool",
    "int2",
    "int4",
    "int8",
    "float4",
    "float8",
    "numeric",
    "text",
    "varchar",
    "date",
    "time",
    "timestamp",
    "timestamptz",
    "uuid",
];

/// What a type of the catalogue means, with its modifier (−1 when it has none).
///
/// Source: PostgreSQL, `src/backend/utils/adt/{varchar,numeric,timestamp}.c`: the layout of type modifiers.
fn logical_type(name: &str, modifier: i32, declared: &str) -> LogicalType {
    use LogicalType as T;
    let digits = u8::try_from(modifier).unwrap_or(6);
    let length = || u32::try_from(modifier - 4).ok();
    match name {
        "bool" => T::Boolean,
        "int2" => T::SmallInt,
        "int4" => T::Int,
        "int8" => T::BigInt,
        "float4" => T::Real,
        "float8" => T::Double,
        "numeric" if modifier >= 4 => T::Numeric(Some(numeric_bounds(modifier))),
        "numeric" => T::Numeric(None),
        "text" | "citext" => T::Text,
        "varchar" => length().map_or(T::Text, T::Varchar),
        "bpchar" => length().map_or(T::Text, T::Char),
        "json" => T::Json,
        "jsonb" => T::Jsonb,
        "date" => T::Date,
        "time" => T::Time(digits),
        "timestamp" => T::Timestamp(digits),
        "timestamptz" => T::TimestampTz(digits),
        "uuid" => T::Uuid,
        "bytea" => T::Bytes,
        _ => match name.strip_prefix('_').filter(|element| LISTED.contains(element)) {
            Some(element) => T::Array(Box::new(logical_type(element, modifier, declared))),
            None => T::Other(declared.to_owned()),
        },
    }
}

fn numeric_bounds(modifier: i32) -> (u16, i16) {
    let bits = modifier - 4;
    // The scale is a signed number of 11 bits.
    let scale = ((bits & 0x7ff) ^ 0x400) - 0x400;
    (u16::try_from(bits >> 16 & 0xffff).unwrap_or(u16::MAX), i16::try_from(scale).unwrap_or(0))
}

impl Constraint {
    fn lift(self, table: &mut Table, details: &mut Details) {
        let columns = self.columns.unwrap_or_default();
        match self.kind {
            'p' => table.primary_key = Some(PrimaryKey { name: Some(self.name), columns }),
            'u' => {
                let columns = columns.into_iter().map(plain_part).collect();
                table.uniques.push(Unique { name: Some(self.name), columns });
            }
            'c' => {
                let expression = self.expression.unwrap_or(self.definition);
                table.checks.push(Check { name: Some(self.name), expression });
            }
            _ => {
                let (name, definition, comment) = (self.name.clone(), self.definition, self.comment);
                details.foreign_keys.push(WordedKey { name, definition, comment });
                table.foreign_keys.push(ForeignKey {
                    name: Some(self.name),
                    columns,
                    parent: self.parent.unwrap_or_default(),
                    parent_columns: self.parent_columns.unwrap_or_default(),
                    on_delete: action(self.on_delete).into(),
                    on_update: action(self.on_update).into(),
                    deferrable: match (self.deferrable, self.deferred) {
                        (false, _) => Deferrable::No,
                        (true, false) => Deferrable::InitiallyImmediate,
                        (true, true) => Deferrable::InitiallyDeferred,
                    },
                    parent_schema: self.parent_schema,
                    match_full: self.full,
                });
            }
        }
    }
}

/// Source: PostgreSQL manual, "pg_constraint".
fn action(code: char) -> &'static str {
    match code {
        'c' => "CASCADE",
        'n' => "SET NULL",
        'd' => "SET DEFAULT",
        'r' => "RESTRICT",
        _ => "NO ACTION",
    }
}

impl IndexRow {
    fn lift(self) -> Index {
        let parts = self.keys.into_iter().zip(self.columns).zip(self.options);
        let keys = parts.map(|((text, column), option)| KeyPart {
            of: column.map_or(KeyOf::Expression(text), KeyOf::Column),
            // Source: PostgreSQL, `src/include/catalog/pg_index.h`: INDOPTION_DESC.
            descending: option & 1 == 1,
            collation: None,
        });
        Index { name: self.name, unique: self.unique, keys: keys.collect(), predicate: self.predicate }
    }
}

fn plain_part(column: String) -> KeyPart {
    KeyPart { of: KeyOf::Column(column), descending: false, collation: None }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_modifier_tells_length_and_digits() {
        assert_eq!(logical_type("varchar", 259, ""), LogicalType::Varchar(255));
        assert_eq!(logical_type("varchar", -1, ""), LogicalType::Text);
        assert_eq!(logical_type("timestamp", 0, ""), LogicalType::Timestamp(0));
        assert_eq!(logical_type("timestamptz", -1, ""), LogicalType::TimestampTz(6));
        assert_eq!(logical_type("numeric", 655_366, ""), LogicalType::Numeric(Some((10, 2))));
        assert_eq!(logical_type("numeric", (3 << 16 | 0x7fe) + 4, ""), LogicalType::Numeric(Some((3, -2))));
        assert_eq!(logical_type("inet", -1, "inet"), LogicalType::Other("inet".into()));
    }

    #[test]
    fn a_list_is_known_by_its_element() {
        let list = |element| LogicalType::Array(Box::new(element));
        assert_eq!(logical_type("_varchar", 44, "varchar(40)[]"), list(LogicalType::Varchar(40)));
        assert_eq!(logical_type("_text", -1, "text[]"), list(LogicalType::Text));
        assert_eq!(logical_type("_inet", -1, "inet[]"), LogicalType::Other("inet[]".into()));
    }
}
