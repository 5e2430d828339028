//! Tells forms of a SQLite expression that look harmless and are not.

use sqlparser::ast::{BinaryOperator, Expr, UnaryOperator, Value};
use sqlparser::keywords::Keyword;
use sqlparser::tokenizer::Token;

/// Writes `<=>` for SQLite's `IS` between two values and `!~~` for `IS NOT`, which the parser does not know: operators
/// that bind as those do, and that SQLite itself does not have. NULL, TRUE, FALSE and `DISTINCT FROM` the parser knows.
pub(super) fn mark_is(tokens: &mut Vec<Token>) {
    tokens.retain(|token| !matches!(token, Token::Whitespace(_)));
    let mut at = 0;
    while at < tokens.len() {
        let negated = is_word(tokens.get(at + 1), &[Keyword::NOT]);
        let asked = tokens.get(at + 1 + usize::from(negated));
        let known = [Keyword::NULL, Keyword::TRUE, Keyword::FALSE, Keyword::DISTINCT];
        if is_word(tokens.get(at), &[Keyword::IS]) && !is_word(asked, &known) {
            let operator = if negated { Token::ExclamationMarkDoubleTilde } else { Token::Spaceship };
            tokens.splice(at..=at + usize::from(negated), [operator]);
        }
        at += 1;
    }
}

fn is_word(token: Option<&Token>, keywords: &[Keyword]) -> bool {
    matches!(token, Some(Token::Word(word)) if word.quote_style.is_none() && keywords.contains(&word.keyword))
}

/// A comparison, a test or a junction without parentheses of its own.
pub(super) fn is_bare_truth(expr: &Expr) -> bool {
    use BinaryOperator as O;
    match expr {
        Expr::IsNull(_) | Expr::IsNotNull(_) | Expr::InList { .. } | Expr::Between { .. } => true,
        Expr::UnaryOp { op, .. } => *op == UnaryOperator::Not,
        Expr::BinaryOp { op, .. } => {
            matches!(
                op,
                O::And
                    | O::Or
                    | O::Eq
                    | O::NotEq
                    | O::Lt
                    | O::LtEq
                    | O::Gt
                    | O::GtEq
                    | O::Spaceship
                    | O::PGNotLikeMatch
            )
        }
        _ => false,
    }
}

/// A value that is written and is no number.
pub(super) fn is_text(expr: &Expr) -> bool {
    matches!(expr, Expr::Value(value) if !matches!(value.value, Value::Number(..)))
}

/// A number that is written and does not fit 32 bits.
pub(super) fn is_large(expr: &Expr) -> bool {
    match expr {
        Expr::Nested(inner) | Expr::UnaryOp { expr: inner, .. } => is_large(inner),
        Expr::Value(value) => {
            matches!(&value.value, Value::Number(digits, _) if digits.parse::<f64>().is_ok_and(|n| n > f64::from(u32::MAX)))
        }
        _ => false,
    }
}

/// The number whose negative is the least of 64 bits: SQLite reads both together.
pub(super) fn is_beyond_by_one(expr: &Expr) -> bool {
    matches!(expr, Expr::Value(value) if matches!(&value.value, Value::Number(digits, _) if digits == "9223372036854775808"))
}
