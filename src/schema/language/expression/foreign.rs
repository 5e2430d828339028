//! Reads an expression in an engine's own words, where it says something that the language says, too.
//!
//! What is nearly of the language is read as if it were: whoever asks holds the result against the engine, which words it again.

use sqlparser::ast::{
    BinaryOperator, Expr, Function as Called, FunctionArg, FunctionArgExpr, FunctionArguments, UnaryOperator, Value,
};
use sqlparser::dialect::{Dialect, PostgreSqlDialect, SQLiteDialect};
use sqlparser::parser::Parser;

use super::{Expression, FUNCTIONS, Function, Operator};
use crate::schema::Engine;

/// Reads an expression; none where the language has no such thing.
pub fn read_foreign(engine: Engine, sql: &str) -> Option<Expression> {
    let dialect: &dyn Dialect = match engine {
        Engine::Sqlite => &SQLiteDialect {},
        Engine::Postgres => &PostgreSqlDialect {},
    };
    let mut parser = Parser::new(dialect).try_with_sql(sql).ok()?;
    let read = parser.parse_expr().ok()?;
    expression(&read)
}

fn expression(read: &Expr) -> Option<Expression> {
    let boxed = |of: &Expr| expression(of).map(Box::new);
    let is = |of: &Expr, truth: Option<bool>, negated: bool| Some(Expression::Is { of: boxed(of)?, truth, negated });
    match read {
        Expr::Nested(inner) | Expr::Collate { expr: inner, .. } => expression(inner),
        Expr::AtTimeZone { timestamp, .. } => expression(timestamp),
        Expr::Cast { expr, .. } => cast(expr),
        Expr::Identifier(name) => Some(Expression::Column(name.value.clone())),
        Expr::Value(value) => constant(&value.value),
        Expr::IsNull(of) => is(of, None, false),
        Expr::IsNotNull(of) => is(of, None, true),
        Expr::IsTrue(of) => is(of, Some(true), false),
        Expr::IsNotTrue(of) => is(of, Some(true), true),
        Expr::IsFalse(of) => is(of, Some(false), false),
        Expr::IsNotFalse(of) => is(of, Some(false), true),
        Expr::UnaryOp { op: UnaryOperator::Not, expr } => Some(Expression::Not(boxed(expr)?)),
        Expr::UnaryOp { op: UnaryOperator::Minus, expr } => match expression(expr)? {
            Expression::Number(digits) if !digits.starts_with('-') => Some(Expression::Number(format!("-{digits}"))),
            other => Some(Expression::Negative(Box::new(other))),
        },
        Expr::BinaryOp { left, op: BinaryOperator::PGLikeMatch, right } => like(left, right, false),
        Expr::BinaryOp { left, op: BinaryOperator::PGNotLikeMatch, right } => like(left, right, true),
        Expr::BinaryOp { left, op, right } => {
            Some(Expression::Binary { first: boxed(left)?, operator: operator(op)?, second: boxed(right)? })
        }
        Expr::Like { negated, expr, pattern, escape_char: None, .. } => like(expr, pattern, *negated),
        Expr::InList { expr, list, negated } => {
            Some(Expression::In { of: boxed(expr)?, list: all(list)?, negated: *negated })
        }
        Expr::AnyOp { left, compare_op: BinaryOperator::Eq, right, .. } => member(left, right, false),
        Expr::AllOp { left, compare_op: BinaryOperator::NotEq, right } => member(left, right, true),
        Expr::Between { expr, negated, low, high } => {
            Some(Expression::Between { of: boxed(expr)?, low: boxed(low)?, high: boxed(high)?, negated: *negated })
        }
        Expr::Function(called) => call(called),
        _ => None,
    }
}

/// PostgreSQL writes the type of every literal, and of a varchar that is compared as text.
fn cast(inner: &Expr) -> Option<Expression> {
    match expression(inner)? {
        Expression::Text(text) if is_number(&text) && matches!(inner, Expr::Nested(_)) => {
            Some(Expression::Number(text))
        }
        other => Some(other),
    }
}

fn is_number(text: &str) -> bool {
    text.parse::<f64>().is_ok() && text.starts_with(|c: char| c.is_ascii_digit() || c == '-')
}

fn constant(value: &Value) -> Option<Expression> {
    match value {
        Value::Number(digits, _) => Some(Expression::Number(digits.clone())),
        Value::SingleQuotedString(text) => Some(Expression::Text(text.clone())),
        Value::HexStringLiteral(digits) => Some(Expression::Bytes(digits.to_lowercase())),
        Value::Boolean(truth) => Some(Expression::Boolean(*truth)),
        Value::Null => Some(Expression::Null),
        _ => None,
    }
}

fn operator(op: &BinaryOperator) -> Option<Operator> {
    use BinaryOperator as O;
    Some(match op {
        O::And => Operator::And,
        O::Or => Operator::Or,
        O::Eq => Operator::Equal,
        O::NotEq => Operator::NotEqual,
        O::Lt => Operator::Less,
        O::LtEq => Operator::LessOrEqual,
        O::Gt => Operator::Greater,
        O::GtEq => Operator::GreaterOrEqual,
        O::Plus => Operator::Add,
        O::Minus => Operator::Subtract,
        O::Multiply => Operator::Multiply,
        O::Divide => Operator::Divide,
        O::Modulo => Operator::Remainder,
        O::StringConcat => Operator::Concat,
        _ => return None,
    })
}

fn like(of: &Expr, pattern: &Expr, negated: bool) -> Option<Expression> {
    match expression(pattern)? {
        Expression::Text(pattern) => Some(Expression::Like { of: Box::new(expression(of)?), pattern, negated }),
        _ => None,
    }
}

/// `a = any (array[…])`, as which PostgreSQL keeps `a in (…)`.
fn member(of: &Expr, list: &Expr, negated: bool) -> Option<Expression> {
    match list {
        Expr::Nested(inner) | Expr::Cast { expr: inner, .. } => member(of, inner, negated),
        Expr::Array(array) => Some(Expression::In { of: Box::new(expression(of)?), list: all(&array.elem)?, negated }),
        _ => None,
    }
}

fn all(list: &[Expr]) -> Option<Vec<Expression>> {
    list.iter().map(expression).collect()
}

fn call(called: &Called) -> Option<Expression> {
    let name = called.name.to_string().to_lowercase();
    let arguments = match &called.args {
        FunctionArguments::List(list) => list.args.iter().map(argument).collect::<Option<Vec<_>>>()?,
        FunctionArguments::None => Vec::new(),
        FunctionArguments::Subquery(_) => return None,
    };
    // In which SQLite compares moments.
    if name == "julianday" && arguments.len() == 1 {
        return arguments.into_iter().next();
    }
    let name = match name.as_str() {
        "char_length" | "character_length" => "length",
        "btrim" => "trim",
        "substring" => "substr",
        "current_timestamp" => "now",
        other => other,
    };
    let (_, function, least, most) = FUNCTIONS.iter().find(|(known, ..)| *known == name)?;
    let fits = (usize::from(*least)..=usize::from(*most)).contains(&arguments.len());
    fits.then_some(Expression::Call { function: *function, arguments })
}

fn argument(argument: &FunctionArg) -> Option<Expression> {
    match argument {
        FunctionArg::Unnamed(FunctionArgExpr::Expr(expr)) => expression(expr),
        _ => None,
    }
}

/// What a default may call, for those who look which call an engine's words mean.
pub const MAKERS: [Function; 4] = [Function::Now, Function::CurrentDate, Function::CurrentTime, Function::RandomUuid];

#[cfg(test)]
mod tests {
    use super::*;

    fn read(engine: Engine, sql: &str) -> Option<String> {
        read_foreign(engine, sql).map(|read| read.to_string())
    }

    #[test]
    fn what_postgres_makes_of_an_expression_is_read_again() {
        for (sql, expected) in [
            ("'new'::text", "'new'"),
            ("((name)::text <> ''::text)", "name <> ''"),
            (
                "((state)::text = ANY ((ARRAY['a'::character varying, 'b'::character varying])::text[]))",
                "state in ('a', 'b')",
            ),
            ("(now() AT TIME ZONE 'utc'::text)", "now()"),
            ("((price > (0)::numeric) AND (at IS NOT NULL))", "price > 0 and at is not null"),
            ("(name ~~ 'a%'::text)", "name like 'a%'"),
            ("lower(name)", "lower(name)"),
            ("'-1'::integer", "'-1'"),
        ] {
            assert_eq!(read(Engine::Postgres, sql).as_deref(), Some(expected), "{sql}");
        }
        for sql in ["nextval('s'::regclass)", "(a ~ 'x'::text)", "my_function(a)", "(data ->> 'x'::text)"] {
            assert_eq!(read(Engine::Postgres, sql), None, "{sql}");
        }
    }

    #[test]
    fn what_sqlite_keeps_is_read_again() {
        for (sql, expected) in [
            ("\"name\" <> ''", "name <> ''"),
            ("julianday(\"at\") > julianday(\"since\")", "at > since"),
            ("(\"a\" in (1, 2))", "a in (1, 2)"),
            ("x'00FF'", "x'00ff'"),
        ] {
            assert_eq!(read(Engine::Sqlite, sql).as_deref(), Some(expected), "{sql}");
        }
    }
}
