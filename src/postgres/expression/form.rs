//! Tells forms of a SQLite expression that look harmless and are not.

use sqlparser::ast::{BinaryOperator, Expr, UnaryOperator, Value};

/// A comparison, a test or a junction without parentheses of its own.
pub(super) fn is_bare_truth(expr: &Expr) -> bool {
    use BinaryOperator as O;
    match expr {
        Expr::IsNull(_) | Expr::IsNotNull(_) | Expr::InList { .. } | Expr::Between { .. } => true,
        Expr::UnaryOp { op, .. } => *op == UnaryOperator::Not,
        Expr::BinaryOp { op, .. } => {
            matches!(op, O::And | O::Or | O::Eq | O::NotEq | O::Lt | O::LtEq | O::Gt | O::GtEq)
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
