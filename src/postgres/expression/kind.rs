//! What kind of value an expression gives, and which kinds PostgreSQL compares as SQLite does.

/// How a column's values compare in PostgreSQL, next to how they do in SQLite.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Meaning {
    /// Alike.
    Same,
    /// Alike; among its whole numbers are some that no binary number of 64 bits holds.
    Large,
    /// By their bytes, where SQLite follows the column's own collation.
    Collated,
    /// Otherwise, for this reason; NULL is NULL in both.
    Otherwise(String),
    /// Otherwise, for this reason, and values have become NULL.
    WithOtherNulls(String),
}

/// A PostgreSQL expression and what kind of value it gives.
pub(super) struct Typed {
    pub(super) sql: String,
    pub(super) kind: Kind,
}

/// A kind of value.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Kind {
    Boolean,
    /// A whole number, at most 2 to the power of `bits`; PostgreSQL calculates narrow ones in 32 bits.
    Integer {
        bits: u32,
        narrow: bool,
    },
    Double,
    /// A number of decimal digits.
    Decimal,
    Text,
    /// A text column that SQLite compares otherwise than by bytes.
    CollatedText,
    Null,
    Other,
}

/// The bits of whole numbers that a binary number of 64 bits holds exactly.
pub(super) const EXACT_BITS: u32 = f64::MANTISSA_DIGITS;

/// The bits of a whole number that is calculated: one less than PostgreSQL has, so that the negative one fits, too.
const MOST_BITS: u32 = 62;

impl Kind {
    pub(super) fn is_number(self) -> bool {
        matches!(self, Self::Integer { .. } | Self::Double | Self::Decimal)
    }

    /// Whether two numbers are compared by their exact values in both engines.
    ///
    /// Source: PostgreSQL manual, "Operator Type Resolution": a whole number next to a binary one becomes binary.
    pub(super) fn compares_exactly(self, other: Self) -> bool {
        match (self, other) {
            (Self::Integer { .. }, Self::Integer { .. }) => true,
            (Self::Integer { bits, .. }, number) | (number, Self::Integer { bits, .. }) => {
                number.is_number() && bits <= EXACT_BITS
            }
            _ => self.is_number() && other.is_number(),
        }
    }

    /// The kind of a value that is one of two.
    pub(super) fn either(self, other: Self) -> Option<Self> {
        match (self, other) {
            (Self::Integer { bits, narrow }, Self::Integer { bits: more, narrow: too }) => {
                Some(Self::Integer { bits: bits.max(more), narrow: narrow && too })
            }
            (Self::Double, number) | (number, Self::Double) if self.compares_exactly(other) => {
                Some(if number.is_number() { Self::Double } else { number })
            }
            _ if self.compares_exactly(other) => Some(Self::Decimal),
            (Self::Other, _) => None,
            _ => (self == other).then_some(self),
        }
    }
}

impl Typed {
    pub(super) fn is_text(&self) -> bool {
        matches!(self.kind, Kind::Text | Kind::CollatedText)
    }

    pub(super) fn boolean(sql: String) -> Self {
        Self { sql, kind: Kind::Boolean }
    }

    /// A number as it is written, where both engines read the same value from it.
    pub(super) fn literal(digits: &str) -> Result<Self, String> {
        if let Ok(number) = digits.parse::<i64>() {
            let bits = number.unsigned_abs().next_power_of_two().trailing_zeros();
            return Ok(Self { sql: digits.to_owned(), kind: Kind::Integer { bits, narrow: bits <= 31 } });
        }
        let mantissa = digits.split(['e', 'E']).next().unwrap_or_default();
        let significant = mantissa.bytes().filter(u8::is_ascii_digit).count();
        let is_finite = digits.parse::<f64>().is_ok_and(|number| number.is_finite());
        // That many digits a binary number of 64 bits gives back as they were.
        if significant <= f64::DIGITS as usize && is_finite {
            Ok(Self { sql: digits.to_owned(), kind: Kind::Decimal })
        } else {
            Err("it holds a number that SQLite rounds".into())
        }
    }

    /// A calculation of two whole numbers; more than 64 bits end in a real in SQLite, and in an error in PostgreSQL.
    pub(super) fn calculation(first: &Self, word: &str, second: &Self) -> Result<Self, String> {
        let (Kind::Integer { bits, narrow }, Kind::Integer { bits: more, narrow: too }) = (first.kind, second.kind)
        else {
            return Err(if first.kind.is_number() && second.kind.is_number() {
                "it calculates with numbers that are not whole, which SQLite rounds otherwise".into()
            } else {
                "it calculates with something that is no number".into()
            });
        };
        let bits = if word == "*" { bits + more } else { bits.max(more) + 1 };
        if bits > MOST_BITS {
            return Err("what it calculates may not fit 64 bits".into());
        }
        let first = if narrow && too { first.widened() } else { first.sql.clone() };
        Ok(Self { sql: format!("{first} {word} {}", second.sql), kind: Kind::Integer { bits, narrow: false } })
    }

    /// The number with its sign changed.
    pub(super) fn negated(&self, is_literal: bool) -> Result<Self, String> {
        let sql = match self.kind {
            Kind::Decimal if is_literal && self.sql.parse() == Ok(0.0) => {
                return Err("it holds a zero below zero, which is none in PostgreSQL".into());
            }
            _ if is_literal => self.sql.clone(),
            // SQLite takes it from zero, so that no zero is below zero.
            Kind::Double => return Ok(Self { sql: format!("(0 - {})", self.sql), kind: Kind::Double }),
            Kind::Integer { bits, .. } if bits > MOST_BITS => {
                return Err("what it calculates may not fit 64 bits".into());
            }
            Kind::Integer { narrow: true, .. } => self.widened(),
            kind if kind.is_number() => self.sql.clone(),
            _ => return Err("it calculates with something that is no number".into()),
        };
        // Two dashes would begin a comment.
        let sql = if sql.starts_with('-') { format!("-({sql})") } else { format!("-{sql}") };
        Ok(Self { sql, kind: self.kind })
    }

    /// The number without its sign.
    pub(super) fn absolute(&self) -> Self {
        match self.kind {
            // The least of 32 bits has no counterpart above zero there.
            Kind::Integer { bits, narrow: true } => {
                Self { sql: format!("abs({})", self.widened()), kind: Kind::Integer { bits, narrow: false } }
            }
            kind => Self { sql: format!("abs({})", self.sql), kind },
        }
    }

    /// The least whole number of 64 bits.
    pub(super) fn least() -> Self {
        Self { sql: format!("'{}'::bigint", i64::MIN), kind: Kind::Integer { bits: 63, narrow: false } }
    }

    fn widened(&self) -> String {
        format!("{}::bigint", self.sql)
    }
}
