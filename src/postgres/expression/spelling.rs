//! Whether two expressions of PostgreSQL are one but for parentheses and the way in which a conversion is written.

use sqlparser::ast::{CaseWhen, Expr, Function, FunctionArg, FunctionArgExpr, FunctionArguments};
use sqlparser::dialect::PostgreSqlDialect;
use sqlparser::parser::Parser;
use sqlparser::tokenizer::{Token, Tokenizer};

use crate::schema::depth::is_too_deep;

/// Tells whether both say the same; of forms that are not on the list it says no.
pub fn is_the_same(expected: &str, found: &str) -> bool {
    let expected = spelled(expected);
    expected.is_some() && expected == spelled(found)
}

fn spelled(sql: &str) -> Option<String> {
    let tokens = Tokenizer::new(&PostgreSqlDialect {}, sql).tokenize().ok().filter(|tokens| !is_too_deep(tokens))?;
    let mut parser = Parser::new(&PostgreSqlDialect {}).with_tokens(tokens);
    let read = parser.parse_expr().ok()?;
    (parser.peek_token_ref().token == Token::EOF).then(|| spell(&read)).flatten()
}

/// Puts every part into parentheses of its own, so that how tightly operators bind is no matter.
fn spell(expr: &Expr) -> Option<String> {
    Some(match expr {
        Expr::Nested(inner) => spell(inner)?,
        Expr::Identifier(_) | Expr::Value(_) => expr.to_string(),
        Expr::UnaryOp { op, expr } => format!("({op} {})", spell(expr)?),
        Expr::BinaryOp { left, op, right } => format!("({} {op} {})", spell(left)?, spell(right)?),
        Expr::IsNull(of) => format!("({} is null)", spell(of)?),
        Expr::IsNotNull(of) => format!("({} is not null)", spell(of)?),
        Expr::Collate { expr, collation } => format!("({} collate {collation})", spell(expr)?),
        Expr::Cast { expr, data_type, .. } => {
            let word = data_type.to_string().to_lowercase();
            let word = if word == "int" { "integer" } else { word.as_str() };
            format!("cast({} as {word})", spell(expr)?)
        }
        Expr::InList { expr, list, negated } => format!("({} in {negated} ({}))", spell(expr)?, all(list)?),
        Expr::Between { expr, negated, low, high } => {
            format!("({} between {negated} {} and {})", spell(expr)?, spell(low)?, spell(high)?)
        }
        Expr::Case { operand: None, conditions, else_result, .. } => {
            let branch = |CaseWhen { condition, result }: &CaseWhen| {
                Some(format!("when {} then {}", spell(condition)?, spell(result)?))
            };
            let branches = conditions.iter().map(branch).collect::<Option<Vec<_>>>()?.join(" ");
            let otherwise = else_result.as_deref().map_or_else(|| Some("NULL".to_owned()), spell)?;
            format!("case {branches} else {otherwise} end")
        }
        Expr::Substring { expr, substring_from, substring_for, .. } => {
            let place = |place: &Option<Box<Expr>>| place.as_deref().map_or_else(|| Some(String::new()), spell);
            format!("substr({}, {}, {})", spell(expr)?, place(substring_from)?, place(substring_for)?)
        }
        Expr::Function(called) => call(called)?,
        _ => return None,
    })
}

fn all(list: &[Expr]) -> Option<String> {
    Some(list.iter().map(spell).collect::<Option<Vec<_>>>()?.join(", "))
}

fn call(called: &Function) -> Option<String> {
    let FunctionArguments::List(list) = &called.args else { return None };
    let argument = |argument: &FunctionArg| match argument {
        FunctionArg::Unnamed(FunctionArgExpr::Expr(expr)) => spell(expr),
        _ => None,
    };
    let arguments = list.args.iter().map(argument).collect::<Option<Vec<_>>>()?;
    Some(format!("{}({})", called.name.to_string().to_lowercase(), arguments.join(", ")))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn parentheses_and_the_spelling_of_a_conversion_are_no_difference() {
        for (expected, found) in [
            ("(\"n\" > 1)::int::bigint", "cast(cast(\"n\" > 1 as integer) as bigint)"),
            ("('#' || (\"id\")::text)", "'#' || cast(\"id\" as text)"),
            ("(\"n\" * 2) + 1", "\"n\" * 2 + 1"),
            ("case when \"n\" is null then 'x' end", "case when (\"n\" is null) then 'x' else null end"),
            ("upper((btrim(\"a\")) collate \"C\")", "upper((btrim(\"a\")) collate \"C\")"),
        ] {
            assert!(is_the_same(expected, found), "{expected} {found}");
        }
    }

    #[test]
    fn what_binds_otherwise_or_is_not_known_is_another() {
        for (expected, found) in [
            ("(\"n\" + 1) * 2", "\"n\" + 1 * 2"),
            ("upper(\"a\" collate \"C\")", "upper(\"a\")"),
            ("\"n\"::text", "\"n\"::bigint"),
            ("\"j\" -> 'a' is json", "\"j\" -> 'a' is json"),
            ("\"n\" in (1)", "\"n\" not in (1)"),
        ] {
            assert!(!is_the_same(expected, found), "{expected} {found}");
        }
    }
}
