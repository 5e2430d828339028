//! Lifts a structure from an engine's words into the portable language, as far as the language goes.
//!
//! What it has no words for is left out here; whoever asks makes the result anew and sees what is missing.

use super::{Database, DatabaseError};
use crate::postgres;
use crate::schema::inventory::Inventory;
use crate::schema::language::expression::foreign::{MAKERS, read_foreign};
use crate::schema::language::expression::{Expression, fit};
use crate::schema::{
    Check, Column, Engine, EnumType, Generated, Index, KeyOf, KeyPart, LogicalType, Schema, Table, Unique,
};
use crate::sqlite::ddl::{declared, wording};

/// What other tools and people declare, and what it means; the first that is a part of the declared name. The rest goes by
/// SQLite's own rule.
///
/// Source: SQLite, "Datatypes", "Determination Of Column Affinity".
const MEANT: [(&str, LogicalType); 18] = [
    ("BOOL", LogicalType::Boolean),
    ("TIMESTAMPTZ", LogicalType::TimestampTz(6)),
    ("TIMESTAMP WITH TIME ZONE", LogicalType::TimestampTz(6)),
    ("TIMESTAMP", LogicalType::Timestamp(6)),
    ("DATETIME", LogicalType::Timestamp(6)),
    ("DATE", LogicalType::Date),
    ("TIME", LogicalType::Time(6)),
    ("UUID", LogicalType::Uuid),
    ("JSON", LogicalType::Json),
    ("INT", LogicalType::BigInt),
    ("CHAR", LogicalType::Text),
    ("CLOB", LogicalType::Text),
    ("TEXT", LogicalType::Text),
    ("BLOB", LogicalType::Bytes),
    ("REAL", LogicalType::Double),
    ("FLOA", LogicalType::Double),
    ("DOUB", LogicalType::Double),
    ("NUM", LogicalType::Numeric(None)),
];

impl Database {
    /// Reads the structure of all tables in the portable language, without what it has no words for; `live` is what the
    /// database holds.
    pub async fn portable_structure(&mut self, live: &Inventory) -> Result<Schema, DatabaseError> {
        let mut structure = self.structure(None).await?;
        let computed = live.items.iter().filter_map(|item| Some((item, item.fact("generated")?)));
        for (item, expression) in computed {
            let table = structure.tables.iter_mut().find(|table| Some(&table.name) == item.part_of.as_ref());
            let columns = table.into_iter().flat_map(|table| &mut table.columns);
            for column in columns.filter(|column| Some(&column.name) == item.name.as_ref()) {
                if let Some(generated) = &mut column.generated {
                    generated.expression = Some(expression.to_owned());
                }
            }
        }
        Ok(lift(self.engine(), &structure))
    }
}

fn lift(engine: Engine, structure: &Schema) -> Schema {
    let mut lifted = Schema::default();
    for known in &structure.tables {
        let mut table = Table { name: known.name.clone(), ..Table::default() };
        table.columns = known.columns.iter().map(|known| column(engine, known)).collect();
        table.primary_key = known.primary_key.clone();
        // Expressions are read against columns that are known already.
        let computed: Vec<Option<Generated>> = table
            .columns
            .iter()
            .zip(&known.columns)
            .map(|(own, known)| generated(engine, own, known, &table))
            .collect();
        table.columns.iter_mut().zip(computed).for_each(|(column, computed)| column.generated = computed);
        table.uniques = known.uniques.iter().filter_map(lift_unique).collect();
        table.checks = known.checks.iter().filter_map(|check| lift_check(engine, check, &table)).collect();
        table.foreign_keys = known.foreign_keys.clone();
        table.indexes = known.indexes.iter().filter_map(|index| lift_index(engine, index, &table)).collect();
        for logical in table.columns.iter().map(|column| &column.logical) {
            if let LogicalType::Enum(known) = logical
                && !lifted.enums.contains(known)
            {
                lifted.enums.push(known.clone());
            }
        }
        lifted.tables.push(table);
    }
    lifted
}

fn column(engine: Engine, known: &Column) -> Column {
    let logical = match engine {
        _ if known.identity.is_some() => numbered(&known.logical),
        Engine::Sqlite => declared::logical(&known.declared).map_or_else(|| meant(&known.declared), in_language),
        Engine::Postgres => in_language(known.logical.clone()),
    };
    let default = known.default.as_deref().filter(|_| known.identity.is_none() && known.generated.is_none());
    Column {
        nullable: known.nullable,
        identity: known.identity.clone(),
        default: default.and_then(|text| lift_default(engine, text, &logical)),
        ..Column::new(&known.name, logical)
    }
}

/// SQLite numbers rows with 64 bits.
fn numbered(logical: &LogicalType) -> LogicalType {
    if logical.is_integer() { logical.clone() } else { LogicalType::BigInt }
}

fn meant(declared: &str) -> LogicalType {
    let upper = declared.to_uppercase();
    let found = MEANT.iter().find(|(part, _)| upper.contains(part));
    match found {
        Some((_, logical)) => logical.clone(),
        None if upper.is_empty() => LogicalType::Bytes,
        None => LogicalType::Text,
    }
}

/// A type of the language; what it lacks becomes text.
fn in_language(logical: LogicalType) -> LogicalType {
    use LogicalType as T;
    match logical {
        T::Char(length) => T::Varchar(length),
        T::Enum(EnumType { name, labels }) => {
            let plain = name.trim_matches('"').replace("\"\"", "\"");
            T::Enum(EnumType { name: plain, labels })
        }
        T::Other(declared) => match declared.strip_suffix("[]") {
            Some(element) => element_of(element).map_or(T::Text, |element| T::Array(Box::new(element))),
            None => T::Text,
        },
        other => other,
    }
}

/// The element of an array, as PostgreSQL's catalogue names it.
fn element_of(declared: &str) -> Option<LogicalType> {
    use LogicalType as T;
    let (name, numbers) = declared.strip_suffix(')').and_then(|rest| rest.split_once('(')).unwrap_or((declared, ""));
    let mut numbers = numbers.split(',').map(|number| number.trim().parse::<u32>().ok());
    let first = numbers.next().flatten();
    Some(match (name.trim(), first, numbers.next().flatten()) {
        ("boolean", ..) => T::Boolean,
        ("smallint", ..) => T::SmallInt,
        ("integer", ..) => T::Int,
        ("bigint", ..) => T::BigInt,
        ("real", ..) => T::Real,
        ("double precision", ..) => T::Double,
        ("numeric", None, _) => T::Numeric(None),
        ("numeric", Some(precision), scale) => {
            T::Numeric(Some((u16::try_from(precision).ok()?, i16::try_from(scale.unwrap_or(0)).ok()?)))
        }
        ("text", ..) => T::Text,
        ("character varying", Some(length), _) => T::Varchar(length),
        ("character varying", None, _) => T::Text,
        ("date", ..) => T::Date,
        ("uuid", ..) => T::Uuid,
        ("bytea", ..) => T::Bytes,
        ("timestamp without time zone", None, _) => T::Timestamp(6),
        ("timestamp with time zone", None, _) => T::TimestampTz(6),
        _ => return None,
    })
}

/// The portable default that the engine words so; else the nearest that fits the column.
fn lift_default(engine: Engine, text: &str, logical: &LogicalType) -> Option<String> {
    let read = read_foreign(engine, text);
    let mut candidates: Vec<Expression> = read.clone().into_iter().collect();
    match &read {
        Some(Expression::Number(digits)) if *logical == LogicalType::Boolean => {
            candidates.insert(0, Expression::Boolean(digits != "0"));
        }
        Some(Expression::Text(digits)) if matches!(logical, LogicalType::Numeric(_)) || logical.is_integer() => {
            candidates.insert(0, Expression::Number(digits.clone()));
        }
        Some(Expression::Text(list)) if list == "[]" => candidates.insert(0, Expression::Text("{}".into())),
        _ => {}
    }
    candidates.extend(MAKERS.map(|function| Expression::Call { function, arguments: Vec::new() }));
    candidates.retain(|candidate| fit::default(candidate, logical).is_ok());
    let worded = |candidate: &&Expression| {
        let candidate = candidate.to_string();
        let worded = match engine {
            Engine::Sqlite => wording::default(&candidate, logical),
            Engine::Postgres => postgres::wording::default(&candidate, logical),
        };
        worded.is_ok_and(|worded| plain(&worded) == plain(text))
    };
    let exact = candidates.iter().find(worded);
    let nearest = || candidates.iter().find(|candidate| Some(*candidate) == read.as_ref()).or(candidates.first());
    let is_call = |one: &Expression| matches!(one, Expression::Call { .. });
    exact.or_else(|| nearest().filter(|one| !is_call(one) || read.as_ref() == Some(one))).map(ToString::to_string)
}

/// A text without the parentheses around it and the blanks in it.
fn plain(text: &str) -> String {
    let inner: String = text.chars().filter(|c| !c.is_whitespace()).collect();
    inner.trim_start_matches('(').trim_end_matches(')').to_lowercase()
}

fn generated(engine: Engine, own: &Column, known: &Column, table: &Table) -> Option<Generated> {
    let text = known.generated.as_ref()?.expression.as_deref()?;
    let read = read_foreign(engine, text).filter(|read| fit::generated(read, &own.logical, Some(table)).is_ok())?;
    Some(Generated { expression: Some(read.to_string()), stored: true })
}

fn lift_unique(known: &Unique) -> Option<Unique> {
    let plain = known.columns.iter().all(|part| matches!(part.of, KeyOf::Column(_)));
    let columns = known.columns.iter().map(|part| KeyPart { descending: false, collation: None, ..part.clone() });
    plain.then(|| Unique { name: known.name.clone(), columns: columns.collect() })
}

fn lift_check(engine: Engine, known: &Check, table: &Table) -> Option<Check> {
    let read = read_foreign(engine, &known.expression)?;
    fit::condition(&read, Some(table)).ok()?;
    Some(Check { name: known.name.clone(), expression: read.to_string() })
}

fn lift_index(engine: Engine, known: &Index, table: &Table) -> Option<Index> {
    let key = |part: &KeyPart| {
        let of = match &part.of {
            KeyOf::Column(name) => KeyOf::Column(name.clone()),
            KeyOf::Expression(text) => {
                let read = read_foreign(engine, text).filter(|read| fit::key(read, Some(table)).is_ok())?;
                KeyOf::Expression(read.to_string())
            }
        };
        Some(KeyPart { of, descending: part.descending, collation: None })
    };
    let predicate = match &known.predicate {
        Some(text) => {
            let read = read_foreign(engine, text).filter(|read| fit::predicate(read, Some(table)).is_ok())?;
            Some(read.to_string())
        }
        None => None,
    };
    let keys = known.keys.iter().map(key).collect::<Option<Vec<_>>>()?;
    Some(Index { name: known.name.clone(), unique: known.unique, keys, predicate })
}
