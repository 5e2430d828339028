//! Writes an expression in its one canonical spelling.

use std::fmt;

use super::Expression;
use crate::schema::names::name;

impl Expression {
    /// How tightly its outermost operator binds; what needs no parentheses anywhere binds tightest.
    fn level(&self) -> u8 {
        match self {
            Self::Binary { operator, .. } => operator.level(),
            Self::Not(_) => 3,
            Self::Is { .. } => 4,
            Self::In { .. } | Self::Between { .. } | Self::Like { .. } => 6,
            Self::Negative(_) => 10,
            _ => 11,
        }
    }
}

/// An operand, in parentheses where it binds less tightly than it must.
struct Operand<'e>(&'e Expression, u8);

impl fmt::Display for Operand<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if self.0.level() < self.1 { write!(f, "({})", self.0) } else { write!(f, "{}", self.0) }
    }
}

fn list(f: &mut fmt::Formatter<'_>, items: &[Expression]) -> fmt::Result {
    for (at, item) in items.iter().enumerate() {
        write!(f, "{}{item}", if at == 0 { "" } else { ", " })?;
    }
    Ok(())
}

impl fmt::Display for Expression {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let not = |negated: &bool| if *negated { "not " } else { "" };
        match self {
            Self::Null => f.write_str("null"),
            Self::Boolean(truth) => write!(f, "{truth}"),
            Self::Number(digits) => f.write_str(digits),
            Self::Text(text) => write!(f, "'{}'", text.replace('\'', "''")),
            Self::Bytes(digits) => write!(f, "x'{digits}'"),
            Self::Column(column) => f.write_str(&name(column)),
            Self::Not(of) => write!(f, "not {}", Operand(of, 3)),
            Self::Negative(of) => write!(f, "-({of})"),
            Self::Binary { first, operator, second } => {
                // What compares has no left and right in PostgreSQL; a reader need not know it either.
                let own = operator.level();
                let left = own + u8::from(operator.compares());
                write!(f, "{} {} {}", Operand(first, left), operator.word(), Operand(second, own + 1))
            }
            Self::Is { of, truth, negated } => {
                let word = truth.map_or("null".to_owned(), |truth| truth.to_string());
                write!(f, "{} is {}{word}", Operand(of, 5), not(negated))
            }
            Self::In { of, list: items, negated } => {
                write!(f, "{} {}in (", Operand(of, 7), not(negated))?;
                list(f, items)?;
                f.write_str(")")
            }
            Self::Between { of, low, high, negated } => {
                write!(f, "{} {}between {} and {}", Operand(of, 7), not(negated), Operand(low, 7), Operand(high, 7))
            }
            Self::Like { of, pattern, negated } => {
                write!(f, "{} {}like '{}'", Operand(of, 7), not(negated), pattern.replace('\'', "''"))
            }
            Self::Case { of, branches, otherwise } => {
                f.write_str("case")?;
                of.iter().try_for_each(|of| write!(f, " {of}"))?;
                branches.iter().try_for_each(|(when, then)| write!(f, " when {when} then {then}"))?;
                otherwise.iter().try_for_each(|otherwise| write!(f, " else {otherwise}"))?;
                f.write_str(" end")
            }
            Self::Cast { of, to } => write!(f, "cast({of} as {})", to.portable_name()),
            Self::Call { function, arguments } => {
                f.write_str(function.name())?;
                if matches!(function, super::Function::CurrentDate | super::Function::CurrentTime) {
                    return Ok(());
                }
                f.write_str("(")?;
                list(f, arguments)?;
                f.write_str(")")
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::super::{Operator, parse_text};
    use super::*;

    fn spelt(text: &str) -> String {
        let read = parse_text(text).unwrap_or_else(|error| panic!("{text}: {error}"));
        let spelt = read.to_string();
        assert_eq!(parse_text(&spelt).as_ref(), Ok(&read), "{spelt}");
        spelt
    }

    #[test]
    fn an_expression_has_one_spelling() {
        for (text, expected) in [
            ("((A)) IS  NOT NULL", "a is not null"),
            ("a+1*2-(3-b)>=-4 And not c Or d", "a + 1 * 2 - (3 - b) >= -4 and not c or d"),
            ("(a or b) and not (c and d)", "(a or b) and not (c and d)"),
            ("\"Order\" <> 'it''s'", "\"Order\" <> 'it''s'"),
            ("a NOT BETWEEN 1 and (2)", "a not between 1 and 2"),
            ("lower( a )in('x','y')", "lower(a) in ('x', 'y')"),
            ("not a like 'x%'", "not a like 'x%'"),
            ("case a when 1 then 'x' else null end = b", "case a when 1 then 'x' else null end = b"),
            ("case when a is true then 1 end", "case when a is true then 1 end"),
            ("CURRENT_TIMESTAMP", "now()"),
            ("current_date", "current_date"),
            ("cast(a as varchar(3)) || 'x'", "cast(a as varchar(3)) || 'x'"),
            ("(a = b) = (c < d)", "(a = b) = (c < d)"),
            ("a is distinct from b", "a is distinct from b"),
            ("- a * 2", "-(a) * 2"),
            ("-1", "-1"),
            ("x'0A'", "x'0a'"),
        ] {
            assert_eq!(spelt(text), expected);
        }
    }

    #[test]
    fn operators_bind_as_postgresql_has_it() {
        assert_eq!(spelt("a || b = c"), "a || b = c");
        assert!(matches!(
            parse_text("not a = b").expect("parses"),
            Expression::Not(of) if matches!(*of, Expression::Binary { operator: Operator::Equal, .. })
        ));
        assert!(matches!(
            parse_text("a in (1) and b").expect("parses"),
            Expression::Binary { operator: Operator::And, .. }
        ));
    }
}
