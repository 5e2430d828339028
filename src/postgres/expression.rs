//! Turns a SQLite expression into a PostgreSQL one that means the same, or says why it cannot.
//!
//! A short list of forms is known; everything else is refused, because a condition that is nearly the same is worse
//! than one that is missing and named.

use sqlparser::ast::{
    BinaryOperator, Expr, Function, FunctionArg, FunctionArgExpr, FunctionArguments, Ident, UnaryOperator, Value,
};
use sqlparser::dialect::SQLiteDialect;
use sqlparser::parser::Parser;

use super::names::{literal, quote};
use crate::schema::{LogicalType, Table};

/// A PostgreSQL expression and what kind of value it gives.
struct Typed {
    sql: String,
    kind: Kind,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Kind {
    Boolean,
    Number,
    Text,
    /// A text column that SQLite compares otherwise than by bytes.
    CollatedText,
    Null,
    Other,
}

/// Translates a condition on rows: a CHECK or an index's predicate.
///
/// `table` is the table as PostgreSQL will have it; `name_of` gives a source column's name there.
/// The error says in a few words which form has no counterpart.
pub fn condition(sql: &str, table: &Table, name_of: &dyn Fn(&str) -> Option<String>) -> Result<String, String> {
    let translator = Translator { table, name_of };
    translator.boolean(&parse(sql)?)
}

/// Translates an index's key.
pub fn key(sql: &str, table: &Table, name_of: &dyn Fn(&str) -> Option<String>) -> Result<String, String> {
    Translator { table, name_of }.typed(&parse(sql)?).map(|typed| typed.sql)
}

fn parse(sql: &str) -> Result<Expr, String> {
    let mut parser = Parser::new(&SQLiteDialect {}).try_with_sql(sql).map_err(|_| "it cannot be parsed".to_owned())?;
    parser.parse_expr().map_err(|_| "it cannot be parsed".to_owned())
}

struct Translator<'t> {
    table: &'t Table,
    name_of: &'t dyn Fn(&str) -> Option<String>,
}

impl Translator<'_> {
    fn typed(&self, expr: &Expr) -> Result<Typed, String> {
        match expr {
            Expr::Nested(inner) => self.typed(inner).map(|inner| Typed { sql: format!("({})", inner.sql), ..inner }),
            Expr::Identifier(name) => self.column(name),
            Expr::Value(value) => constant(&value.value),
            Expr::IsNull(inner) => self.is_null(inner, "is null"),
            Expr::IsNotNull(inner) => self.is_null(inner, "is not null"),
            Expr::UnaryOp { op: UnaryOperator::Not, expr } => Ok(boolean(format!("not ({})", self.boolean(expr)?))),
            Expr::UnaryOp { op: UnaryOperator::Minus, expr } => Ok(number(format!("-{}", self.number(expr)?))),
            Expr::BinaryOp { left, op, right } => self.binary(left, op, right),
            Expr::InList { expr, list, negated } => self.in_list(expr, list, *negated),
            Expr::Between { expr, negated, low, high } => {
                let (low, value) = self.comparable(low, expr)?;
                let (high, _) = self.comparable(high, expr)?;
                let not = if *negated { "not " } else { "" };
                Ok(boolean(format!("{value} {not}between {low} and {high}")))
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
            Kind::Number => Ok(format!("{} <> 0", typed.sql)),
            Kind::Text | Kind::CollatedText | Kind::Other => Err("it takes a text for a truth value".into()),
        }
    }

    fn number(&self, expr: &Expr) -> Result<String, String> {
        let typed = self.typed(expr)?;
        if typed.kind == Kind::Number {
            Ok(typed.sql)
        } else {
            Err("it calculates with something that is no number".into())
        }
    }

    fn is_null(&self, inner: &Expr, test: &str) -> Result<Typed, String> {
        Ok(boolean(format!("{} {test}", self.typed(inner)?.sql)))
    }

    fn column(&self, name: &Ident) -> Result<Typed, String> {
        let target = (self.name_of)(&name.value).ok_or_else(|| format!("{} is no column", name.value))?;
        let column = self.table.column(&target).ok_or_else(|| format!("{} is no column", name.value))?;
        let kind = match &column.logical {
            LogicalType::Boolean => Kind::Boolean,
            logical if logical.is_text() && column.collation.is_some() => Kind::CollatedText,
            logical if logical.is_text() => Kind::Text,
            logical if logical.is_integer() => Kind::Number,
            LogicalType::Real | LogicalType::Double | LogicalType::Numeric(_) => Kind::Number,
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
            O::And | O::Or => Ok(boolean(format!("{} {word} {}", self.operand(left)?, self.operand(right)?))),
            O::Plus | O::Minus | O::Multiply => {
                Ok(number(format!("{} {word} {}", self.number(left)?, self.number(right)?)))
            }
            _ => {
                let (left, right) = self.comparable(left, right)?;
                Ok(boolean(format!("{left} {word} {right}")))
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
        let (left, right) = (self.typed(left)?, self.typed(right)?);
        match (left.kind, right.kind) {
            (Kind::Text, Kind::Text) => Ok((format!("{} collate \"C\"", left.sql), right.sql)),
            (Kind::Number, Kind::Number) | (Kind::Boolean, Kind::Boolean) => Ok((left.sql, right.sql)),
            (Kind::Boolean, Kind::Number) => Ok((left.sql, truth(&right.sql)?)),
            (Kind::Number, Kind::Boolean) => Ok((truth(&left.sql)?, right.sql)),
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
        Ok(boolean(format!("{value} {not}in ({})", items.join(", "))))
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
                Ok(number(format!("char_length({sql})")))
            }
            ("abs", [Typed { sql, kind: Kind::Number }]) => Ok(number(format!("abs({sql})"))),
            ("coalesce" | "ifnull", [first, second]) if first.kind == second.kind => {
                Ok(Typed { sql: format!("coalesce({}, {})", first.sql, second.sql), kind: first.kind })
            }
            _ => Err(unknown(&name)),
        }
    }
}

fn unknown(name: &str) -> String {
    format!("the function {name} has no counterpart on the list")
}

fn boolean(sql: String) -> Typed {
    Typed { sql, kind: Kind::Boolean }
}

fn number(sql: String) -> Typed {
    Typed { sql, kind: Kind::Number }
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
        Value::Number(digits, _) => Ok(number(digits.clone())),
        Value::SingleQuotedString(text) => Ok(Typed { sql: literal(text), kind: Kind::Text }),
        Value::Boolean(truth) => Ok(boolean(truth.to_string())),
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
        ];
        Table { columns, ..Table::default() }
    }

    fn translated(sql: &str) -> Result<String, String> {
        let table = table();
        condition(sql, &table, &|name| table.column_like(name).map(|column| column.name.clone()))
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
        ] {
            assert_eq!(translated(sqlite).as_deref(), Ok(postgres), "{sqlite}");
        }
    }

    #[test]
    fn what_is_not_on_the_list_is_refused_with_a_reason() {
        for sqlite in
            ["size = '3'", "json_valid(data)", "email GLOB 'a*'", "gone = 1", "active = 2", "email", "size / 2 = 1"]
        {
            assert!(translated(sqlite).is_err(), "{sqlite}");
        }
    }
}
