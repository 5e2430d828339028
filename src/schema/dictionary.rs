//! The logical types: what a column means, its name in the portable language, and PostgreSQL's name for it.

use std::fmt;

use serde::Serialize;

use super::names as portable;
use crate::value::time::EpochUnit;

/// What a column means in either engine.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum LogicalType {
    /// True or false.
    Boolean,
    /// A whole number of 16 bits.
    SmallInt,
    /// A whole number of 32 bits.
    Int,
    /// A whole number of 64 bits.
    BigInt,
    /// A whole number of 64 bits that counts units since 1970-01-01 UTC.
    Epoch(EpochUnit),
    /// A binary number of 32 bits.
    Real,
    /// A binary number of 64 bits.
    Double,
    /// A decimal number; with digits in all and after the point when bounded.
    Numeric(Option<(u16, i16)>),
    /// Text of any length.
    Text,
    /// Text of at most so many characters.
    Varchar(u32),
    /// Text padded with blanks to so many characters.
    Char(u32),
    /// JSON kept as it was written.
    Json,
    /// JSON kept by its meaning.
    Jsonb,
    /// JSON kept in a text column.
    JsonText,
    /// A day.
    Date,
    /// A time of day, with so many digits after the second's point.
    Time(u8),
    /// A day and time in UTC without a zone, with so many digits after the second's point.
    Timestamp(u8),
    /// An instant, with so many digits after the second's point.
    TimestampTz(u8),
    /// A 128-bit identifier.
    Uuid,
    /// Bytes.
    Bytes,
    /// One of a list of labels.
    Enum(EnumType),
    /// A list of values of one type.
    Array(Box<LogicalType>),
    /// A type that has no cast rule yet, in the engine's own word.
    Other(String),
}

/// A type whose values are labels in an order.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct EnumType {
    /// The type's name.
    pub name: String,
    /// The labels in their order.
    pub labels: Vec<String>,
}

impl LogicalType {
    /// Tells whether values are text whose order depends on a collation.
    pub fn is_text(&self) -> bool {
        matches!(self, Self::Text | Self::Varchar(_) | Self::Char(_) | Self::JsonText)
    }

    /// Tells whether values are whole numbers.
    pub fn is_integer(&self) -> bool {
        matches!(self, Self::SmallInt | Self::Int | Self::BigInt | Self::Epoch(_))
    }

    /// The type as PostgreSQL keeps it: what a column of it is read back as.
    pub fn stored(&self) -> Self {
        match self {
            Self::Epoch(_) => Self::BigInt,
            Self::JsonText => Self::Text,
            Self::Array(element) => Self::Array(Box::new(element.stored())),
            other => other.clone(),
        }
    }

    /// Names the type as PostgreSQL's DDL does.
    pub fn postgres_name(&self) -> String {
        match self {
            Self::Boolean => "boolean".into(),
            Self::SmallInt => "smallint".into(),
            Self::Int => "integer".into(),
            Self::BigInt | Self::Epoch(_) => "bigint".into(),
            Self::Real => "real".into(),
            Self::Double => "double precision".into(),
            Self::Numeric(None) => "numeric".into(),
            Self::Numeric(Some((precision, scale))) => format!("numeric({precision},{scale})"),
            Self::Text | Self::JsonText | Self::Enum(_) => "text".into(),
            Self::Varchar(length) => format!("varchar({length})"),
            Self::Char(length) => format!("char({length})"),
            Self::Json => "json".into(),
            Self::Jsonb => "jsonb".into(),
            Self::Date => "date".into(),
            Self::Time(digits) => with_digits("time", *digits),
            Self::Timestamp(digits) => with_digits("timestamp", *digits),
            Self::TimestampTz(digits) => with_digits("timestamptz", *digits),
            Self::Uuid => "uuid".into(),
            Self::Bytes => "bytea".into(),
            Self::Array(element) => format!("{}[]", element.postgres_name()),
            Self::Other(name) => name.clone(),
        }
    }

    /// Names the type as the portable language does.
    pub fn portable_name(&self) -> String {
        match self {
            Self::Int => "int".into(),
            Self::Double => "double".into(),
            Self::Bytes => "bytes".into(),
            Self::Epoch(_) | Self::JsonText => self.to_string(),
            Self::Enum(labelled) => portable::name(&labelled.name),
            Self::Array(element) => format!("{}[]", element.portable_name()),
            other => other.postgres_name(),
        }
    }
}

/// Six digits are what PostgreSQL keeps when nothing is said.
fn with_digits(name: &str, digits: u8) -> String {
    if digits == 6 { name.to_owned() } else { format!("{name}({digits})") }
}

impl fmt::Display for LogicalType {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Epoch(unit) => write!(f, "epoch_{}", unit.name()),
            Self::JsonText => f.write_str("json_text"),
            Self::Enum(labelled) => write!(f, "enum({} labels)", labelled.labels.len()),
            Self::Array(element) => write!(f, "{element}[]"),
            other => f.write_str(&other.postgres_name()),
        }
    }
}

impl Serialize for LogicalType {
    fn serialize<S: serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(self)
    }
}
