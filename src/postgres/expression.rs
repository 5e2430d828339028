//! Turns a SQLite expression into a PostgreSQL one that means the same, or says why it cannot.
//!
//! A short list of forms is known; everything else is refused, because a condition that is nearly the same is worse
//! than one that is missing and named.

use std::collections::BTreeMap;

use sqlparser::ast::{
    BinaryOperator, Expr, Function, FunctionArg, FunctionArgExpr, FunctionArguments, Ident, UnaryOperator, Value,
};
use sqlparser::dialect::SQLiteDialect;
use sqlparser::parser::Parser;

use super::names::{literal, quote};
use crate::schema::{LogicalType, Table};

mod form;
mod kind;

use form::{is_bare_truth, is_large, is_text};
pub use kind::Meaning;
use kind::{EXACT_BITS, Kind, Typed};

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
    if typed.kind == Kind::Other {
        Err("its key is of a kind that is compared otherwise".into())
    } else {
        Ok(typed.sql)
    }
}

fn parse(sql: &str) -> Result<Expr, String> {
    let mut parser = Parser::new(&SQLiteDialect {}).try_with_sql(sql).map_err(|_| "it cannot be parsed".to_owned())?;
    parser.parse_expr().map_err(|_| "it cannot be parsed".to_owned())
}

impl Columns<'_> {
    fn typed(&self, expr: &Expr) -> Result<Typed, String> {
        match expr {
            Expr::Nested(inner) => self.typed(inner).map(|inner| Typed { sql: format!("({})", inner.sql), ..inner }),
            Expr::Identifier(name) => self.column(name),
            Expr::Value(value) => constant(&value.value),
            Expr::IsNull(inner) => self.is_null(inner, "is null"),
            Expr::IsNotNull(inner) => self.is_null(inner, "is not null"),
            Expr::UnaryOp { op: UnaryOperator::Not, expr } => {
                Ok(Typed::boolean(format!("not ({})", self.boolean(expr)?)))
            }
            Expr::UnaryOp { op: UnaryOperator::Minus, expr } => {
                self.typed(expr)?.negated(matches!(**expr, Expr::Value(_)) && !is_text(expr))
            }
            Expr::BinaryOp { left, op, right } => self.binary(left, op, right),
            Expr::InList { expr, list, negated } => self.in_list(expr, list, *negated),
            Expr::Between { expr, negated, low, high } => {
                let (value, low) = self.comparable(expr, low)?;
                let (_, high) = self.comparable(expr, high)?;
                let not = if *negated { "not " } else { "" };
                Ok(Typed::boolean(format!("{value} {not}between {low} and {high}")))
            }
            Expr::Function(function) => self.function(function),
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
            Expr::Identifier(name) => match self.named(name)? {
                (_, Meaning::WithOtherNulls(why)) => return Err(why.clone()),
                (target, _) => quote(&target),
            },
            _ => self.typed(inner)?.sql,
        };
        Ok(Typed::boolean(format!("{sql} {test}")))
    }

    /// A column's name in the target, and how its values compare there.
    fn named(&self, name: &Ident) -> Result<(String, &Meaning), String> {
        let target = (self.name_of)(&name.value).ok_or_else(|| format!("{} is no column", name.value))?;
        let meaning = self.meanings.get(&target).ok_or_else(|| format!("{} is no column", name.value))?;
        Ok((target, meaning))
    }

    fn column(&self, name: &Ident) -> Result<Typed, String> {
        let (target, meaning) = self.named(name)?;
        let column = self.table.column(&target).ok_or_else(|| format!("{} is no column", name.value))?;
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
            O::And => "and",
            O::Or => "or",
            O::Eq => "=",
            O::NotEq => "<>",
            O::Lt => "<",
            O::LtEq => "<=",
            O::Gt => ">",
            O::GtEq => ">=",
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
        let mut value = None;
        let mut items = Vec::new();
        for item in list {
            let (left, right) = self.comparable(expr, item)?;
            value = Some(left);
            items.push(right);
        }
        let value = value.ok_or("its list is empty")?;
        let not = if negated { "not " } else { "" };
        Ok(Typed::boolean(format!("{value} {not}in ({})", items.join(", "))))
    }

    fn function(&self, function: &Function) -> Result<Typed, String> {
        let name = function.name.to_string().to_lowercase();
        let FunctionArguments::List(list) = &function.args else { return Err(unknown(&name)) };
        let arguments = list.args.iter().map(|argument| match argument {
            FunctionArg::Unnamed(FunctionArgExpr::Expr(expr)) => self.typed(expr),
            _ => Err(unknown(&name)),
        });
        let arguments = arguments.collect::<Result<Vec<_>, _>>()?;
        match (name.as_str(), arguments.as_slice()) {
            // SQLite's own functions fold ASCII letters alone, as the C collation does.
            ("lower" | "upper", [Typed { sql, kind: Kind::Text | Kind::CollatedText }]) => {
                Ok(Typed { sql: format!("{name}({sql} collate \"C\")"), kind: Kind::Text })
            }
            ("length", [Typed { sql, kind: Kind::Text | Kind::CollatedText }]) => {
                Ok(Typed { sql: format!("char_length({sql})"), kind: Kind::Integer { bits: 31, narrow: true } })
            }
            ("abs", [Typed { sql, kind }]) if kind.is_number() => Ok(Typed { sql: format!("abs({sql})"), kind: *kind }),
            ("coalesce" | "ifnull", [first, second]) => {
                let kind = first.kind.either(second.kind).ok_or_else(|| unknown(&name))?;
                Ok(Typed { sql: format!("coalesce({}, {})", first.sql, second.sql), kind })
            }
            _ => Err(unknown(&name)),
        }
    }
}

fn unknown(name: &str) -> String {
    format!("the function {name} has no counterpart on the list")
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

#[cfg(test)]
mod tests {
    use super::*;
    use crate::schema::Column;

    fn table() -> Table {
        let columns = vec![
            Column::new("email", LogicalType::Text),
            Column::new("active", LogicalType::Boolean),
            Column::new("size", LogicalType::BigInt),
            Column::new("data", LogicalType::Json),
            Column::new("nick", LogicalType::Text),
            Column::new("mixed", LogicalType::Text),
            Column::new("emptied", LogicalType::Timestamp(6)),
            Column::new("price", LogicalType::Numeric(None)),
            Column::new("ratio", LogicalType::Double),
            Column::new("large", LogicalType::BigInt),
        ];
        Table { columns, ..Table::default() }
    }

    fn translated(sql: &str) -> Result<String, String> {
        let table = table();
        let meaning = |column: &Column| match column.name.as_str() {
            "nick" => Meaning::Collated,
            "mixed" => Meaning::Otherwise("it is mixed".into()),
            "emptied" => Meaning::WithOtherNulls("it is emptied".into()),
            "large" => Meaning::Large,
            _ => Meaning::Same,
        };
        let meanings = table.columns.iter().map(|column| (column.name.clone(), meaning(column))).collect();
        let name_of = |name: &str| table.column_like(name).map(|column| column.name.clone());
        condition(sql, &Columns { table: &table, name_of: &name_of, meanings: &meanings })
    }

    #[test]
    fn what_is_on_the_list_keeps_its_meaning() {
        for (sqlite, postgres) in [
            ("email IS NOT NULL", "\"email\" is not null"),
            ("(email IS NULL) != (size IS NULL)", "(\"email\" is null) <> (\"size\" is null)"),
            ("active = 1", "\"active\" = true"),
            ("active", "\"active\""),
            ("size", "\"size\" <> 0"),
            ("SIZE > 3 AND (email = 'a' OR active)", "\"size\" > 3 and (\"email\" collate \"C\" = 'a' or \"active\")"),
            ("lower(email) = email", "lower(\"email\" collate \"C\") collate \"C\" = \"email\""),
            ("email IN ('a', 'b')", "\"email\" collate \"C\" in ('a', 'b')"),
            ("length(email) <= 10", "char_length(\"email\") <= 10"),
            ("email BETWEEN 'a' AND 'b'", "\"email\" collate \"C\" between 'a' and 'b'"),
            ("length(nick) + 1 > 2", "char_length(\"nick\")::bigint + 1 > 2"),
            ("mixed IS NULL AND (nick) IS NOT NULL", "\"mixed\" is null and \"nick\" is not null"),
            ("price >= 0.01 OR ratio < 0.1", "\"price\" >= 0.01 or \"ratio\" < 0.1"),
            ("size + 1 > - -5", "\"size\" + 1 > -(-5::bigint)"),
            ("large > 9223372036854775806", "\"large\" > 9223372036854775806"),
            ("coalesce(size, 0) = 0", "coalesce(\"size\", 0) = 0"),
        ] {
            assert_eq!(translated(sqlite).as_deref(), Ok(postgres), "{sqlite}");
        }
    }

    #[test]
    fn a_column_that_compares_otherwise_is_asked_for_null_alone() {
        for sqlite in
            ["mixed > '5'", "lower(mixed) = 'a'", "coalesce(mixed, '') is null", "not mixed", "size > 0 or mixed = ''"]
        {
            assert_eq!(translated(sqlite), Err("it is mixed".into()), "{sqlite}");
        }
        for sqlite in ["emptied IS NULL", "emptied = 'x'"] {
            assert_eq!(translated(sqlite), Err("it is emptied".into()), "{sqlite}");
        }
        assert!(translated("nick = 'a'").is_err());
        assert!(translated("nick BETWEEN 'a' AND 'b'").is_err());
    }

    #[test]
    fn what_one_engine_rounds_or_does_not_hold_is_refused() {
        for sqlite in [
            "price * 3 > 0.3",
            "ratio + 1 > 2",
            "size * 0.1 = 0.3",
            "0.1 + 0.2 = 0.3",
            "size + 9223372036854775807 > 0",
            "size - 4294967296 > 0",
            "size * size > 0",
            "large + 1 > 0",
            "-large < 0",
            "large > ratio",
            "ratio > 9007199254740993",
            "size > 9223372036854775808",
            "price > 0.12345678901234567",
            "ratio < 9e999",
        ] {
            assert!(translated(sqlite).is_err(), "{sqlite}: {:?}", translated(sqlite));
        }
    }

    #[test]
    fn what_is_not_on_the_list_is_refused_with_a_reason() {
        for sqlite in [
            "size = '3'",
            "json_valid(data)",
            "email GLOB 'a*'",
            "gone = 1",
            "active = 2",
            "email",
            "size / 2 = 1",
            "data = data",
            "size = 1 = active",
        ] {
            assert!(translated(sqlite).is_err(), "{sqlite}");
        }
    }
}
