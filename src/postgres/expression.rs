//! Turns a SQLite expression into a PostgreSQL one that means the same, or says why it cannot.
//!
//! A short list of forms is known; everything else is refused, because a condition that is nearly the same is worse
//! than one that is missing and named.

use std::collections::BTreeMap;

use sqlparser::ast::{BinaryOperator, Expr, UnaryOperator, Value};
use sqlparser::dialect::SQLiteDialect;
use sqlparser::parser::Parser;
use sqlparser::tokenizer::{Token, Tokenizer};

use super::names::{literal, quote};
use crate::schema::depth::{TOO_DEEP, is_too_deep};
use crate::schema::{LogicalType, Table};

mod aggregate;
mod form;
mod function;
mod kind;
mod spelling;
#[cfg(test)]
mod tests;

pub use aggregate::{aggregate, grouping, shown};
use form::{is_bare_truth, is_beyond_by_one, is_large, is_text};
use function::unknown;
pub use kind::Meaning;
use kind::{EXACT_BITS, Kind, Typed};
pub use spelling::is_the_same;

/// What stands between a table and its column in a name, where an expression is over several tables: no name holds this
/// character, the unit separator. In SQL, quotes and a full stop take its place.
pub const WITHIN: char = '\u{1f}';

/// What is told of an expression that the parser does not take.
const UNPARSED: &str = "it cannot be parsed";

/// The columns that an expression may use.
pub struct Columns<'t> {
    /// The table as PostgreSQL will have it.
    pub table: &'t Table,
    /// Gives a source column's name there.
    pub name_of: &'t dyn Fn(&str) -> Option<String>,
    /// How the values of each column compare there, by its name there.
    pub meanings: &'t BTreeMap<String, Meaning>,
}

/// Translates a condition on rows: a CHECK, an index's predicate or a view's condition.
///
/// The error says in a few words which form has no counterpart.
pub fn condition(sql: &str, columns: &Columns<'_>) -> Result<String, String> {
    columns.boolean(&parse(sql)?)
}

/// Translates an index's key.
pub fn key(sql: &str, columns: &Columns<'_>) -> Result<String, String> {
    let typed = columns.typed(&parse(sql)?)?;
    match typed.kind {
        Kind::Other => Err("its key is of a kind that is compared otherwise".into()),
        Kind::Null => Err("its key is always NULL".into()),
        _ => Ok(typed.sql),
    }
}

/// Translates what a column of this type is computed of.
pub fn value(sql: &str, columns: &Columns<'_>, logical: &LogicalType) -> Result<String, String> {
    use LogicalType as T;
    let Typed { sql, kind } = columns.typed(&parse(sql)?)?;
    match (kind, logical) {
        (Kind::Text | Kind::CollatedText, T::Text | T::Varchar(_))
        | (Kind::Integer { .. }, T::BigInt)
        | (Kind::Double, T::Double)
        | (Kind::Boolean, T::Boolean) => Ok(sql),
        (Kind::Integer { bits, .. }, T::Double) if bits <= EXACT_BITS => Ok(sql),
        // A truth value is a number in SQLite.
        (Kind::Boolean, T::BigInt) => Ok(format!("({sql})::int::bigint")),
        _ => Err(format!("what it computes is no {logical} in PostgreSQL")),
    }
}

/// A parser of SQLite's words that knows its `IS` between two values, too.
pub fn parser(sql: &str) -> Result<Parser<'static>, String> {
    let mut tokens = Tokenizer::new(&SQLiteDialect {}, sql).tokenize().map_err(|_| UNPARSED)?;
    if is_too_deep(&tokens) {
        return Err(TOO_DEEP.into());
    }
    form::mark_is(&mut tokens);
    Ok(Parser::new(&SQLiteDialect {}).with_tokens(tokens))
}

fn parse(sql: &str) -> Result<Expr, String> {
    let failed = || UNPARSED.to_owned();
    let mut parser = parser(sql)?;
    let expr = parser.parse_expr().map_err(|_| failed())?;
    if parser.peek_token_ref().token == Token::EOF { Ok(expr) } else { Err(failed()) }
}

impl Columns<'_> {
    fn typed(&self, expr: &Expr) -> Result<Typed, String> {
        match expr {
            Expr::Nested(inner) => self.typed(inner).map(|inner| Typed { sql: format!("({})", inner.sql), ..inner }),
            Expr::Identifier(_) | Expr::CompoundIdentifier(_) => {
                self.column(&column_of(expr).ok_or("it names a column with more than its table")?)
            }
            Expr::Value(value) => constant(&value.value),
            Expr::IsNull(inner) => self.is_null(inner, "is null"),
            Expr::IsNotNull(inner) => self.is_null(inner, "is not null"),
            Expr::UnaryOp { op: UnaryOperator::Not, expr } => {
                Ok(Typed::boolean(format!("not ({})", self.boolean(expr)?)))
            }
            Expr::UnaryOp { op: UnaryOperator::Minus, expr } if is_beyond_by_one(expr) => Ok(Typed::least()),
            Expr::UnaryOp { op: UnaryOperator::Minus, expr } => {
                self.typed(expr)?.negated(matches!(**expr, Expr::Value(_)) && !is_text(expr))
            }
            Expr::BinaryOp { left, op, right } => self.binary(left, op, right),
            Expr::InList { expr, list, negated } => self.in_list(expr, list, *negated),
            Expr::Between { expr, negated, low, high } => {
                let (value, limits) = self.comparable_to_all(expr, [&**low, &**high])?;
                let not = if *negated { "not " } else { "" };
                Ok(Typed::boolean(format!("{value} {not}between {}", limits.join(" and "))))
            }
            Expr::Function(function) => self.function(function),
            Expr::Substring { expr, substring_from: Some(from), substring_for, .. } => {
                self.substring(expr, from, substring_for.as_deref())
            }
            Expr::Trim { trim_where: None, trim_what: None, expr, trim_characters: None } => {
                self.trimmed("btrim", expr)
            }
            Expr::Case { operand: None, conditions, else_result, .. } => self.case(conditions, else_result.as_deref()),
            _ => Err("it has a form that is not on the list of translated ones".into()),
        }
    }

    /// A condition; SQLite takes any number that is not zero for true.
    fn boolean(&self, expr: &Expr) -> Result<String, String> {
        let typed = self.typed(expr)?;
        match typed.kind {
            Kind::Boolean | Kind::Null => Ok(typed.sql),
            Kind::Integer { .. } | Kind::Double | Kind::Decimal => Ok(format!("{} <> 0", typed.sql)),
            Kind::Text | Kind::CollatedText | Kind::Other => Err("it takes a text for a truth value".into()),
        }
    }

    /// One side of a calculation.
    fn number(&self, expr: &Expr) -> Result<Typed, String> {
        if is_large(expr) { Err("it calculates with a number beyond 32 bits".into()) } else { self.typed(expr) }
    }

    /// Whether something is NULL can be asked of any column whose NULLs are the source's.
    fn is_null(&self, inner: &Expr, test: &str) -> Result<Typed, String> {
        let sql = match inner {
            Expr::Nested(inner) => return self.is_null(inner, test),
            Expr::Identifier(_) | Expr::CompoundIdentifier(_) => {
                match self.named(&column_of(inner).unwrap_or_default())? {
                    (_, Meaning::WithOtherNulls(why)) => return Err(why.clone()),
                    (target, _) => quote(&target),
                }
            }
            // A test of a test needs the parentheses.
            _ => format!("({})", self.typed(inner)?.sql),
        };
        Ok(Typed::boolean(format!("{sql} {test}")))
    }

    /// A column's name in the target, and how its values compare there.
    fn named(&self, name: &str) -> Result<(String, &Meaning), String> {
        let unknown = || format!("{} is no column", name.replace(WITHIN, "."));
        let target = (self.name_of)(name).ok_or_else(unknown)?;
        let meaning = self.meanings.get(&target).ok_or_else(unknown)?;
        Ok((target, meaning))
    }

    fn column(&self, name: &str) -> Result<Typed, String> {
        let (target, meaning) = self.named(name)?;
        let column = self.table.column(&target).ok_or_else(|| format!("{name} is no column"))?;
        let kind = match (&column.logical, meaning) {
            (_, Meaning::Otherwise(why) | Meaning::WithOtherNulls(why)) => return Err(why.clone()),
            (LogicalType::Boolean, _) => Kind::Boolean,
            (logical, Meaning::Collated) if logical.is_text() => Kind::CollatedText,
            (logical, _) if logical.is_text() => Kind::Text,
            (LogicalType::SmallInt | LogicalType::Int, _) => Kind::Integer { bits: 31, narrow: true },
            (LogicalType::BigInt, Meaning::Large) => Kind::Integer { bits: 63, narrow: false },
            (LogicalType::BigInt, _) => Kind::Integer { bits: EXACT_BITS, narrow: false },
            (LogicalType::Double, _) => Kind::Double,
            (LogicalType::Numeric(_), _) => Kind::Decimal,
            _ => Kind::Other,
        };
        Ok(Typed { sql: quote(&target), kind })
    }

    fn binary(&self, left: &Expr, op: &BinaryOperator, right: &Expr) -> Result<Typed, String> {
        use BinaryOperator as O;
        let word = match op {
            O::StringConcat => return self.concatenation(left, right),
            O::And => "and",
            O::Or => "or",
            O::Eq => "=",
            O::NotEq => "<>",
            O::Lt => "<",
            O::LtEq => "<=",
            O::Gt => ">",
            O::GtEq => ">=",
            // The last two stand for IS and IS NOT: see `form::mark_is`.
            O::Spaceship => "is not distinct from",
            O::PGNotLikeMatch => "is distinct from",
            O::Plus => "+",
            O::Minus => "-",
            O::Multiply => "*",
            _ => return Err(format!("the operator {op} has no counterpart on the list")),
        };
        match op {
            O::And | O::Or => Ok(Typed::boolean(format!("{} {word} {}", self.operand(left)?, self.operand(right)?))),
            O::Plus | O::Minus | O::Multiply => Typed::calculation(&self.number(left)?, word, &self.number(right)?),
            _ => {
                let (left, right) = self.comparable(left, right)?;
                Ok(Typed::boolean(format!("{left} {word} {right}")))
            }
        }
    }

    /// One side of AND or OR, in parentheses where it is itself one of them.
    fn operand(&self, expr: &Expr) -> Result<String, String> {
        let sql = self.boolean(expr)?;
        let nested = matches!(expr, Expr::BinaryOp { op: BinaryOperator::And | BinaryOperator::Or, .. });
        Ok(if nested { format!("({sql})") } else { sql })
    }

    /// Two expressions of one kind; texts are compared by their bytes, as SQLite does.
    fn comparable(&self, left: &Expr, right: &Expr) -> Result<(String, String), String> {
        if is_bare_truth(left) || is_bare_truth(right) {
            // The two engines group a chain of comparisons otherwise.
            return Err("it compares a comparison that has no parentheses".into());
        }
        let (left, right) = (self.typed(left)?, self.typed(right)?);
        match (left.kind, right.kind) {
            (Kind::Text, Kind::Text) => Ok((format!("{} collate \"C\"", left.sql), right.sql)),
            (Kind::Boolean, Kind::Boolean) => Ok((left.sql, right.sql)),
            (Kind::Boolean, number) if number.is_number() => Ok((left.sql, truth(&right.sql)?)),
            (number, Kind::Boolean) if number.is_number() => Ok((truth(&left.sql)?, right.sql)),
            (first, second) if first.compares_exactly(second) => Ok((left.sql, right.sql)),
            (first, second) if first.is_number() && second.is_number() => {
                Err("it compares a whole number beyond 53 bits with one that is not whole".into())
            }
            (Kind::CollatedText, _) | (_, Kind::CollatedText) => {
                Err("it compares text by its column's own collation, which has no counterpart".into())
            }
            _ => Err("it compares values of different kinds".into()),
        }
    }

    fn in_list(&self, expr: &Expr, list: &[Expr], negated: bool) -> Result<Typed, String> {
        let (value, items) = self.comparable_to_all(expr, list)?;
        let not = if negated { "not " } else { "" };
        Ok(Typed::boolean(format!("{value} {not}in ({})", items.join(", "))))
    }

    /// An expression and several that it is compared with: it must have the same words next to each of them.
    fn comparable_to_all<'e>(
        &self,
        expr: &Expr,
        others: impl IntoIterator<Item = &'e Expr>,
    ) -> Result<(String, Vec<String>), String> {
        let mut value: Option<String> = None;
        let mut worded = Vec::new();
        for other in others {
            let (own, other) = self.comparable(expr, other)?;
            if value.get_or_insert_with(|| own.clone()) != &own {
                return Err("it compares values of different kinds".into());
            }
            worded.push(other);
        }
        Ok((value.ok_or("its list is empty")?, worded))
    }
}

/// The name of a column, alone or within its table.
fn column_of(expr: &Expr) -> Option<String> {
    match expr {
        Expr::Identifier(name) => Some(name.value.clone()),
        Expr::CompoundIdentifier(parts) => match parts.as_slice() {
            [table, column] => Some(format!("{}{WITHIN}{}", table.value, column.value)),
            _ => None,
        },
        _ => None,
    }
}

fn truth(number: &str) -> Result<String, String> {
    match number {
        "0" => Ok("false".into()),
        "1" => Ok("true".into()),
        _ => Err("it compares a boolean with another number than 0 and 1".into()),
    }
}

fn constant(value: &Value) -> Result<Typed, String> {
    match value {
        Value::Number(digits, _) => Typed::literal(digits),
        Value::SingleQuotedString(text) => Ok(Typed { sql: literal(text), kind: Kind::Text }),
        Value::Boolean(truth) => Ok(Typed::boolean(truth.to_string())),
        Value::Null => Ok(Typed { sql: "null".into(), kind: Kind::Null }),
        _ => Err("it holds a literal that is not on the list".into()),
    }
}
