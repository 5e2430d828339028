//! Words expressions of the portable language for PostgreSQL.

use super::names::{literal, quote};
use crate::schema::language::expression::fit::Refusal;
use crate::schema::language::expression::kind::{Kind, kind, kind_of_conversion, meeting};
use crate::schema::language::expression::{Expression, Function, Operator, parse_text};
use crate::schema::{LogicalType, Table};
use crate::value::time::EpochUnit;

const UTC: &str = "now() at time zone 'utc'";

/// Words a default of a column of some type.
pub fn default(text: &str, logical: &LogicalType) -> Result<String, Refusal> {
    use LogicalType as T;
    let since_1970 = "extract(epoch from now())";
    Ok(match (parse_text(text)?, logical) {
        (Expression::Call { function: Function::Now, .. }, logical) => match logical {
            T::Timestamp(_) => format!("({UTC})"),
            T::Epoch(EpochUnit::Seconds) => format!("(floor({since_1970})::bigint)"),
            T::Epoch(EpochUnit::Millis) => format!("(floor({since_1970} * 1000)::bigint)"),
            T::Epoch(EpochUnit::Micros) => format!("(floor({since_1970} * 1000000)::bigint)"),
            T::Epoch(EpochUnit::Nanos) => format!("(floor({since_1970} * 1000000)::bigint * 1000)"),
            _ => "now()".into(),
        },
        (Expression::Call { function: Function::CurrentDate, .. }, _) => format!("(({UTC})::date)"),
        (Expression::Call { function: Function::CurrentTime, .. }, _) => format!("(({UTC})::time)"),
        (Expression::Call { function: Function::RandomUuid, .. }, T::Text) => "(gen_random_uuid()::text)".into(),
        (read, _) => Wording { table: None, folds_ascii: false }.write(&read)?,
    })
}

/// Words a condition, or the expression of a generated column.
pub fn expression(text: &str, table: Option<&Table>) -> Result<String, Refusal> {
    Wording { table, folds_ascii: true }.write(&parse_text(text)?)
}

/// Words the key of an index or its predicate: as an application's query has it, so that the index serves that query.
///
/// `lower` and `upper` therefore fold every letter that the database's own collation knows, not ASCII's alone.
pub fn key(text: &str, table: Option<&Table>) -> Result<String, Refusal> {
    Wording { table, folds_ascii: false }.write(&parse_text(text)?)
}

struct Wording<'t> {
    table: Option<&'t Table>,
    folds_ascii: bool,
}

impl Wording<'_> {
    fn write(&self, expression: &Expression) -> Result<String, Refusal> {
        let not = |negated: &bool| if *negated { "not " } else { "" };
        Ok(match expression {
            Expression::Null => "null".into(),
            Expression::Boolean(truth) => truth.to_string(),
            Expression::Number(digits) => digits.clone(),
            Expression::Text(text) => literal(text),
            Expression::Bytes(digits) => format!("'\\x{digits}'::bytea"),
            Expression::Column(name) => quote(name),
            Expression::Not(of) => format!("not {}", self.operand(of)?),
            Expression::Negative(of) => format!("- {}", self.operand(of)?),
            Expression::Binary { first, operator, second } => self.binary(first, *operator, second)?,
            Expression::Is { of, truth, negated } => {
                let word = truth.map_or("null".to_owned(), |truth| truth.to_string());
                format!("{} is {}{word}", self.operand(of)?, not(negated))
            }
            Expression::In { of, list, negated } => {
                let list = list.iter().map(|item| self.write(item)).collect::<Result<Vec<_>, _>>()?;
                format!("{} {}in ({})", self.operand(of)?, not(negated), list.join(", "))
            }
            Expression::Between { of, low, high, negated } => {
                let (value, low_text, high_text) = (self.ordered(of, low)?, self.operand(low)?, self.operand(high)?);
                format!("{value} {}between {low_text} and {high_text}", not(negated))
            }
            Expression::Like { of, pattern, negated } => {
                format!("{} {}like {}", self.operand(of)?, not(negated), literal(pattern))
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
            Expression::Null
                | Expression::Boolean(_)
                | Expression::Text(_)
                | Expression::Column(_)
                | Expression::Cast { .. }
        ) || matches!(expression, Expression::Number(digits) if !digits.starts_with('-'));
        let text = self.write(expression)?;
        Ok(if bare { text } else { format!("({text})") })
    }

    fn kind(&self, expression: &Expression) -> Result<Kind, Refusal> {
        kind(expression, self.table).or_else(|_| kind_of_conversion(expression, self.table))
    }

    /// The first of two operands whose order is asked; texts are ordered by their bytes, as in SQLite.
    fn ordered(&self, first: &Expression, second: &Expression) -> Result<String, Refusal> {
        let text = self.operand(first)?;
        let kind = meeting((first, self.kind(first)?), (second, self.kind(second)?))?;
        Ok(if kind == Kind::Text { format!("{text} collate \"C\"") } else { text })
    }

    fn binary(&self, first: &Expression, operator: Operator, second: &Expression) -> Result<String, Refusal> {
        let before = if operator.orders() { self.ordered(first, second)? } else { self.operand(first)? };
        Ok(format!("{before} {} {}", operator.word(), self.operand(second)?))
    }

    fn case(
        &self,
        of: Option<&Expression>,
        branches: &[(Expression, Expression)],
        otherwise: Option<&Expression>,
    ) -> Result<String, Refusal> {
        let mut text = "case".to_owned();
        if let Some(of) = of {
            text.push_str(&format!(" {}", self.operand(of)?));
        }
        for (when, then) in branches {
            text.push_str(&format!(" when {} then {}", self.operand(when)?, self.operand(then)?));
        }
        if let Some(otherwise) = otherwise {
            text.push_str(&format!(" else {}", self.operand(otherwise)?));
        }
        Ok(text + " end")
    }

    fn cast(&self, of: &Expression, to: &LogicalType) -> Result<String, Refusal> {
        let text = self.write(of)?;
        // Source: PostgreSQL manual, "Boolean Type": it becomes an integer, and no other number.
        if self.kind(of)? == Kind::Boolean && matches!(to, LogicalType::SmallInt | LogicalType::BigInt) {
            return Ok(format!("cast(cast({text} as integer) as {})", to.postgres_name()));
        }
        Ok(format!("cast({text} as {})", to.postgres_name()))
    }

    fn call(&self, function: Function, arguments: &[Expression]) -> Result<String, Refusal> {
        use Function as F;
        let words = arguments.iter().map(|argument| self.write(argument)).collect::<Result<Vec<_>, _>>()?;
        Ok(match (function, arguments) {
            (F::Lower | F::Upper, [of]) if self.folds_ascii => {
                format!("{}({} collate \"C\")", function.name(), self.operand(of)?)
            }
            (F::Trim, _) => format!("btrim({})", words.join(", ")),
            // The server rounds a double's half to the even number, SQLite away from zero.
            (F::Round, [of]) => {
                let of = self.operand(of)?;
                format!("sign({of}) * floor(abs({of}) + 0.5)")
            }
            (F::Greatest | F::Least, [first, second]) => {
                format!("{}({}, {})", function.name(), self.ordered(first, second)?, words[1])
            }
            (F::CurrentDate | F::CurrentTime, _) => function.name().to_owned(),
            _ => format!("{}({})", function.name(), words.join(", ")),
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::schema::Column;

    fn table() -> Table {
        let columns = vec![
            Column::new("a", LogicalType::Text),
            Column::new("ok", LogicalType::Boolean),
            Column::new("n", LogicalType::BigInt),
            Column::new("d", LogicalType::Double),
        ];
        Table { name: "t".into(), columns, ..Table::default() }
    }

    #[test]
    fn an_expression_means_what_it_means_in_sqlite() {
        let table = table();
        for (portable, expected) in [
            ("a < 'x' and not ok", "(\"a\" collate \"C\" < 'x') and (not \"ok\")"),
            ("a between 'a' and 'b'", "\"a\" collate \"C\" between 'a' and 'b'"),
            ("lower(a) = 'x'", "(lower(\"a\" collate \"C\")) = 'x'"),
            ("n between 1 and 2", "\"n\" between 1 and 2"),
            ("cast(ok as bigint) = 1", "cast(cast(\"ok\" as integer) as bigint) = 1"),
            ("round(d) > -1", "(sign(\"d\") * floor(abs(\"d\") + 0.5)) > (-1)"),
            ("trim(a) like 'x%'", "(btrim(\"a\")) like 'x%'"),
        ] {
            assert_eq!(super::expression(portable, Some(&table)).as_deref(), Ok(expected), "{portable}");
        }
        assert_eq!(key("lower(a)", Some(&table)).as_deref(), Ok("lower(\"a\")"));
    }

    #[test]
    fn the_present_moment_is_utc() {
        for (text, logical, expected) in [
            ("now()", LogicalType::Timestamp(6), "(now() at time zone 'utc')"),
            ("now()", LogicalType::TimestampTz(6), "now()"),
            ("current_date", LogicalType::Date, "((now() at time zone 'utc')::date)"),
            ("now()", LogicalType::Epoch(EpochUnit::Seconds), "(floor(extract(epoch from now()))::bigint)"),
            ("'it''s'", LogicalType::Text, "'it''s'"),
        ] {
            assert_eq!(default(text, &logical).as_deref(), Ok(expected));
        }
    }
}
