//! Lifts a structure from an engine's words into the portable language, as far as the language goes.
//!
//! A column whose type the language does not have keeps its table in the engine's own words, unless the nearest type will do.
//! What else the language has no words for is left out; whoever asks makes the result anew and sees what is missing.

use super::{Database, DatabaseError};
use crate::postgres;
use crate::schema::inventory::Inventory;
use crate::schema::language::expression::foreign::{MAKERS, read_foreign};
use crate::schema::language::expression::{Expression, fit};
use crate::schema::{
    Check, Column, Engine, EnumType, ForeignKey, Generated, Index, KeyOf, KeyPart, LogicalType, Schema, Table, Unique,
};
use crate::sqlite::ddl::{declared, wording};

/// What other tools and people declare, and the nearest to it; the first that is a part of the declared name. The rest goes by
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

/// How near a type of the language must come to the one that a column has.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Nearness {
    /// It is the same when it is made again.
    #[default]
    Same,
    /// It holds the same kind of values.
    Nearest,
}

/// A structure in the portable language.
#[derive(Clone, Debug, Default)]
pub struct Lifted {
    /// What the language has words for.
    pub schema: Schema,
    /// The tables for which it has none, each with the reason.
    pub unsaid: Vec<(String, String)>,
}

impl Database {
    /// Reads the structure of all tables in the portable language; `live` is what the database holds.
    pub async fn portable_structure(&mut self, live: &Inventory, nearness: Nearness) -> Result<Lifted, DatabaseError> {
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
        Ok(lift(self.engine(), &structure, nearness))
    }
}

fn lift(engine: Engine, structure: &Schema, nearness: Nearness) -> Lifted {
    let mut lifted = Lifted::default();
    for known in &structure.tables {
        match lift_table(engine, known, nearness) {
            Ok(table) => {
                for logical in table.columns.iter().map(|column| &column.logical) {
                    if let LogicalType::Enum(known) = logical
                        && !lifted.schema.enums.contains(known)
                    {
                        lifted.schema.enums.push(known.clone());
                    }
                }
                lifted.schema.tables.push(table);
            }
            Err(why) => lifted.unsaid.push((known.name.clone(), why)),
        }
    }
    lifted
}

fn lift_table(engine: Engine, known: &Table, nearness: Nearness) -> Result<Table, String> {
    let mut table = Table { name: known.name.clone(), ..Table::default() };
    for known_column in &known.columns {
        let own = column(engine, known_column, nearness).ok_or_else(|| unsaid(&known.name, known_column))?;
        table.columns.push(own);
    }
    table.primary_key = known.primary_key.clone();
    // Expressions are read against columns that are known already.
    let columns = table.columns.iter().zip(&known.columns);
    let computed: Vec<Option<Generated>> = columns.map(|(own, known)| generated(engine, own, known, &table)).collect();
    table.columns.iter_mut().zip(computed).for_each(|(column, computed)| column.generated = computed);
    table.uniques = known.uniques.iter().filter_map(lift_unique).collect();
    table.checks = known.checks.iter().filter_map(|check| lift_check(engine, check, &table)).collect();
    // The language has no word for the ways in which a key matches.
    let spoken = |key: &ForeignKey| ForeignKey { match_full: false, ..key.clone() };
    table.foreign_keys = known.foreign_keys.iter().map(spoken).collect();
    table.indexes = known.indexes.iter().filter_map(|index| lift_index(engine, index, &table)).collect();
    Ok(table)
}

fn unsaid(table: &str, column: &Column) -> String {
    match column.declared.as_str() {
        "" => format!("{table}.{} has no type", column.name),
        declared => format!("{table}.{} has the type {declared}", column.name),
    }
}

/// A column; none where the language has no type that is near enough.
fn column(engine: Engine, known: &Column, nearness: Nearness) -> Option<Column> {
    let exact = match engine {
        _ if known.identity.is_some() => Some(numbered(&known.logical)),
        Engine::Sqlite => declared::logical(&known.declared).filter(is_of_language),
        Engine::Postgres => of_postgres(&known.logical),
    };
    let logical = match (exact, nearness, engine) {
        (Some(logical), ..) => logical,
        (None, Nearness::Same, _) => return None,
        (None, Nearness::Nearest, Engine::Sqlite) => meant(&known.declared),
        (None, Nearness::Nearest, Engine::Postgres) => nearest(&known.logical),
    };
    let default = known.default.as_deref().filter(|_| known.identity.is_none() && known.generated.is_none());
    Some(Column {
        nullable: known.nullable,
        identity: known.identity.clone(),
        default: default.and_then(|text| lift_default(engine, text, &logical)),
        ..Column::new(&known.name, logical)
    })
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

fn is_of_language(logical: &LogicalType) -> bool {
    !matches!(logical, LogicalType::Char(_) | LogicalType::Other(_))
}

/// The type of the language that PostgreSQL has under another name or under none.
fn of_postgres(logical: &LogicalType) -> Option<LogicalType> {
    use LogicalType as T;
    match logical {
        T::Enum(EnumType { name, labels }) => {
            let plain = name.trim_matches('"').replace("\"\"", "\"");
            Some(T::Enum(EnumType { name: plain, labels: labels.clone() }))
        }
        T::Other(declared) => declared.strip_suffix("[]").and_then(element_of).map(|one| T::Array(Box::new(one))),
        known => Some(known.clone()).filter(is_of_language),
    }
}

fn nearest(logical: &LogicalType) -> LogicalType {
    match logical {
        LogicalType::Char(length) => LogicalType::Varchar(*length),
        _ => LogicalType::Text,
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
