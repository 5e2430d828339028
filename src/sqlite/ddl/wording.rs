//! Words expressions of the portable language for SQLite.

use super::moment;
use crate::schema::language::expression::fit::Refusal;
use crate::schema::language::expression::kind::{Kind, kind, kind_of_conversion, meeting};
use crate::schema::language::expression::{Expression, Function, Operator, parse_text};
use crate::schema::names::literal;
use crate::schema::{LogicalType, Table};
use crate::sqlite::quote;

/// Words a default of a column of some type, as `create table` has it.
pub fn default(text: &str, logical: &LogicalType) -> Result<String, Refusal> {
    use LogicalType as T;
    let read = parse_text(text)?;
    Ok(match (&read, logical) {
        (Expression::Call { function, .. }, logical) if function.varies() => moment::default(*function, logical),
        // As text, so that every digit stays.
        (Expression::Number(digits), T::Numeric(_)) => format!("'{digits}'"),
        (Expression::Text(_), T::Array(_)) => "'[]'".into(),
        _ => Wording { table: None }.write(&read)?,
    })
}

/// Words a condition, the expression of a generated column, the key of an index or its predicate.
pub fn expression(text: &str, table: Option<&Table>) -> Result<String, Refusal> {
    Wording { table }.write(&parse_text(text)?)
}

struct Wording<'t> {
    table: Option<&'t Table>,
}

impl Wording<'_> {
    fn write(&self, expression: &Expression) -> Result<String, Refusal> {
        let not = |negated: &bool| if *negated { "not " } else { "" };
        Ok(match expression {
            Expression::Null => "null".into(),
            Expression::Boolean(truth) => u8::from(*truth).to_string(),
            Expression::Number(digits) => digits.clone(),
            Expression::Text(text) => literal(text),
            Expression::Bytes(digits) => format!("x'{digits}'"),
            Expression::Column(name) => quote(name),
            Expression::Not(of) => format!("not {}", self.operand(of)?),
            Expression::Negative(of) => format!("- {}", self.operand(of)?),
            Expression::Binary { first, operator, second } => self.binary(first, *operator, second)?,
            Expression::Is { of, truth, negated } => {
                let word = truth.map_or("null".to_owned(), |truth| truth.to_string());
                format!("{} is {}{word}", self.operand(of)?, not(negated))
            }
            Expression::In { of, list, negated } => self.in_list(of, list, *negated)?,
            Expression::Between { of, low, high, negated } => {
                let ((value, low), (_, high)) = (self.pair(of, low)?, self.pair(of, high)?);
                format!("{value} {}between {low} and {high}", not(negated))
            }
            Expression::Like { of, pattern, negated } => {
                format!("{} {}glob {}", self.operand(of)?, not(negated), literal(&glob(pattern)))
            }
            Expression::Case { of, branches, otherwise } => self.case(of.as_deref(), branches, otherwise.as_deref())?,
            Expression::Cast { of, to } => self.cast(of, to)?,
            Expression::Call { function, arguments } => self.call(*function, arguments)?,
        })
    }

    /// An operand, in parentheses unless it is one word.
    fn operand(&self, expression: &Expression) -> Result<String, Refusal> {
        let bare = matches!(
            expression,
            Expression::Null | Expression::Boolean(_) | Expression::Text(_) | Expression::Column(_)
        ) || matches!(expression, Expression::Number(digits) if !digits.starts_with('-'));
        let text = self.write(expression)?;
        Ok(if bare { text } else { format!("({text})") })
    }

    fn kind(&self, expression: &Expression) -> Result<Kind, Refusal> {
        kind(expression, self.table).or_else(|_| kind_of_conversion(expression, self.table))
    }

    /// Two operands in the form in which SQLite compares what they mean.
    fn pair(&self, first: &Expression, second: &Expression) -> Result<(String, String), Refusal> {
        let kinds = (self.kind(first)?, self.kind(second)?);
        let met = meeting((first, kinds.0), (second, kinds.1))?;
        Ok((self.compared(first, kinds.0, met)?, self.compared(second, kinds.1, met)?))
    }

    fn compared(&self, expression: &Expression, own: Kind, met: Kind) -> Result<String, Refusal> {
        let text = self.operand(expression)?;
        Ok(match met {
            // Text beside a number would be compared digit by digit.
            Kind::Whole | Kind::Fraction | Kind::Binary | Kind::Decimal
                if matches!(own, Kind::Decimal | Kind::Unknown) =>
            {
                format!("cast({} as numeric)", bare(&text))
            }
            // The same moment has several spellings. Days as a number tell milliseconds apart.
            Kind::Timestamp | Kind::Instant if own != Kind::Null => format!("julianday({})", bare(&text)),
            _ => text,
        })
    }

    fn binary(&self, first: &Expression, operator: Operator, second: &Expression) -> Result<String, Refusal> {
        let (before, after) =
            if operator.compares() { self.pair(first, second)? } else { (self.operand(first)?, self.operand(second)?) };
        Ok(format!("{before} {} {after}", operator.word()))
    }

    fn in_list(&self, of: &Expression, list: &[Expression], negated: bool) -> Result<String, Refusal> {
        let mut value = self.operand(of)?;
        let mut items = Vec::new();
        for item in list {
            let pair = self.pair(of, item)?;
            // A NULL in the list tells nothing of how to compare.
            if *item != Expression::Null {
                value = pair.0;
            }
            items.push(pair.1);
        }
        Ok(format!("{value} {}in ({})", if negated { "not " } else { "" }, items.join(", ")))
    }

    /// Branches as conditions of their own, so that each is compared as it must be.
    fn case(
        &self,
        of: Option<&Expression>,
        branches: &[(Expression, Expression)],
        otherwise: Option<&Expression>,
    ) -> Result<String, Refusal> {
        let mut results = branches.iter().map(|(_, then)| then).chain(otherwise);
        let decimal = results.any(|result| self.kind(result).is_ok_and(|kind| kind == Kind::Decimal));
        let mut text = "case".to_owned();
        for (when, then) in branches {
            let condition = match of {
                Some(of) => self.binary(of, Operator::Equal, when)?,
                None => self.write(when)?,
            };
            text.push_str(&format!(" when {condition} then {}", self.result(then, decimal)?));
        }
        if let Some(otherwise) = otherwise {
            text.push_str(&format!(" else {}", self.result(otherwise, decimal)?));
        }
        Ok(text + " end")
    }

    /// One of several results; a number among numerics is a text, as they are.
    fn result(&self, expression: &Expression, decimal: bool) -> Result<String, Refusal> {
        match expression {
            Expression::Number(digits) if decimal => Ok(literal(digits)),
            other => self.operand(other),
        }
    }

    fn cast(&self, of: &Expression, to: &LogicalType) -> Result<String, Refusal> {
        use LogicalType as T;
        let (own, text, operand) = (self.kind(of)?, self.write(of)?, self.operand(of)?);
        Ok(match (own, to) {
            (Kind::Boolean, T::Text) => format!("case when {operand} then 'true' when not {operand} then 'false' end"),
            (Kind::Text, to) if to.is_integer() => moment::strict_whole(&text, to),
            (Kind::Text, T::Json | T::Jsonb) => moment::strict_json(&text),
            (_, to) if to.is_integer() => format!("cast({text} as integer)"),
            (_, T::Double) => format!("cast({text} as real)"),
            _ => format!("cast({text} as text)"),
        })
    }

    fn call(&self, function: Function, arguments: &[Expression]) -> Result<String, Refusal> {
        use Function as F;
        let words = arguments.iter().map(|argument| self.write(argument)).collect::<Result<Vec<_>, _>>()?;
        let decimal = || arguments.iter().any(|argument| self.kind(argument).is_ok_and(|kind| kind == Kind::Decimal));
        Ok(match (function, arguments, words.as_slice()) {
            (F::Coalesce, ..) if decimal() => {
                let results = arguments.iter().map(|argument| self.result(argument, true));
                format!("coalesce({})", results.collect::<Result<Vec<_>, _>>()?.join(", "))
            }
            (F::NullIf, [first, second], [value, _]) => {
                format!("case when {} then null else {value} end", self.binary(first, Operator::Equal, second)?)
            }
            // PostgreSQL passes over NULL, SQLite gives NULL.
            (F::Greatest, _, [first, second]) => {
                format!("max(coalesce({first}, {second}), coalesce({second}, {first}))")
            }
            (F::Least, _, [first, second]) => format!("min(coalesce({first}, {second}), coalesce({second}, {first}))"),
            _ => format!("{}({})", function.name(), words.join(", ")),
        })
    }
}

/// A text without the parentheses that `operand` put around it.
fn bare(operand: &str) -> &str {
    operand.strip_prefix('(').and_then(|rest| rest.strip_suffix(')')).unwrap_or(operand)
}

/// The pattern of `glob` that matches what a pattern of `like` does: SQLite's `like` passes over small and capital.
fn glob(pattern: &str) -> String {
    let sign = |c: char| match c {
        '%' => "*".to_owned(),
        '_' => "?".to_owned(),
        '*' | '?' | '[' => format!("[{c}]"),
        other => other.to_string(),
    };
    pattern.chars().map(sign).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::schema::Column;

    fn table() -> Table {
        let columns = vec![
            Column::new("a", LogicalType::Text),
            Column::new("ok", LogicalType::Boolean),
            Column::new("price", LogicalType::Numeric(Some((9, 2)))),
            Column::new("at", LogicalType::Timestamp(6)),
        ];
        Table { name: "t".into(), columns, ..Table::default() }
    }

    #[test]
    fn an_expression_means_what_it_means_in_postgresql() {
        let table = table();
        for (portable, expected) in [
            ("ok = true", "\"ok\" = 1"),
            ("ok is not false", "\"ok\" is not false"),
            ("price > 9.5", "cast(\"price\" as numeric) > 9.5"),
            ("price between 1 and 10", "cast(\"price\" as numeric) between 1 and 10"),
            ("price in (1, null)", "cast(\"price\" as numeric) in (1, null)"),
            ("at > '2020-01-01 00:00:00'", "julianday(\"at\") > julianday('2020-01-01 00:00:00')"),
            ("a like 'x_%*'", "\"a\" glob 'x?*[*]'"),
            ("cast(ok as text) = 'true'", "(case when \"ok\" then 'true' when not \"ok\" then 'false' end) = 'true'"),
            ("case a when 'x' then 1 else 2 end = 1", "(case when \"a\" = 'x' then 1 else 2 end) = 1"),
            ("(a || 'x') = a and not (ok or ok)", "((\"a\" || 'x') = \"a\") and (not (\"ok\" or \"ok\"))"),
        ] {
            assert_eq!(expression(portable, Some(&table)).as_deref(), Ok(expected), "{portable}");
        }
        assert_eq!(expression("size > 3", None).as_deref(), Ok("cast(\"size\" as numeric) > 3"));
    }

    #[test]
    fn a_default_is_a_value_of_its_column() {
        for (text, logical, expected) in [
            ("true", LogicalType::Boolean, "1"),
            ("1.50", LogicalType::Numeric(Some((9, 2))), "'1.50'"),
            ("1.50", LogicalType::Double, "1.50"),
            ("'{}'", LogicalType::Array(Box::new(LogicalType::Int)), "'[]'"),
            ("x'0a'", LogicalType::Bytes, "x'0a'"),
        ] {
            assert_eq!(default(text, &logical).as_deref(), Ok(expected));
        }
    }
}
