//! What an expression gives, and refusals of what the two engines would see differently.

use super::fit::{self, Refusal};
pub use super::kinds::Kind;
use super::{Expression, Function, Operator};
use crate::schema::{LogicalType, Table};

/// Tells what an expression over a table's columns gives; without a table the columns' types are not known.
pub fn kind(expression: &Expression, table: Option<&Table>) -> Result<Kind, Refusal> {
    Kinds { table, converts: false }.kind(expression)
}

/// As [`kind`], where a conversion may fail on a row: in `using` of `alter column … type`.
pub fn kind_of_conversion(expression: &Expression, table: Option<&Table>) -> Result<Kind, Refusal> {
    Kinds { table, converts: true }.kind(expression)
}

/// The kind under which two expressions are compared.
pub fn meeting(first: (&Expression, Kind), second: (&Expression, Kind)) -> Result<Kind, Refusal> {
    match (first.1, second.1) {
        (Kind::Document | Kind::List, _) | (_, Kind::Document | Kind::List) => {
            let what = if matches!(first.1, Kind::Document | Kind::List) { first.1 } else { second.1 };
            let message = format!("{} cannot be compared: the engines keep it in other forms", what.words());
            Err(Refusal::new(message, "compare a column of another type"))
        }
        (known, Kind::Null) | (Kind::Null, known) => Ok(known),
        (same, other) if same == other => Ok(same),
        (Kind::Unknown, known) | (known, Kind::Unknown) => Ok(known),
        (one, other) if one.is_number() && other.is_number() => Ok(wider(one, other)),
        (Kind::Text, other) if is_literal(first.0) => fit::literal_of(first.0, other).map(|()| other),
        (other, Kind::Text) if is_literal(second.0) => fit::literal_of(second.0, other).map(|()| other),
        (Kind::Boolean, number) | (number, Kind::Boolean) if number.is_number() => {
            Err(Refusal::new("a boolean is no number", "write true or false instead of 1 or 0"))
        }
        (one, other) => {
            let message = format!("{} and {} are not compared alike by the engines", one.words(), other.words());
            Err(Refusal::new(message, "compare values of one kind; cast(… as …) makes a text of a number"))
        }
    }
}

fn is_literal(expression: &Expression) -> bool {
    matches!(expression, Expression::Text(_))
}

fn wider(one: Kind, other: Kind) -> Kind {
    let order = [Kind::Binary, Kind::Decimal, Kind::Fraction, Kind::Whole];
    order.into_iter().find(|kind| *kind == one || *kind == other).unwrap_or(one)
}

struct Kinds<'t> {
    table: Option<&'t Table>,
    converts: bool,
}

impl Kinds<'_> {
    fn kind(&self, expression: &Expression) -> Result<Kind, Refusal> {
        match expression {
            Expression::Null => Ok(Kind::Null),
            Expression::Boolean(_) => Ok(Kind::Boolean),
            Expression::Number(digits) if digits.contains(['.', 'e']) => Ok(Kind::Fraction),
            Expression::Number(_) => Ok(Kind::Whole),
            Expression::Text(_) => Ok(Kind::Text),
            Expression::Bytes(_) => Ok(Kind::Bytes),
            Expression::Column(name) => self.column(name),
            Expression::Not(of) => self.truth(of).map(|()| Kind::Boolean),
            Expression::Negative(of) => self.number(of, "-"),
            Expression::Binary { first, operator, second } => self.binary(first, *operator, second),
            Expression::Is { of, truth: None, .. } => self.kind(of).map(|_| Kind::Boolean),
            Expression::Is { of, .. } => self.truth(of).map(|()| Kind::Boolean),
            Expression::In { of, list, .. } => {
                list.iter().try_for_each(|item| self.compared(of, item, false))?;
                Ok(Kind::Boolean)
            }
            Expression::Between { of, low, high, .. } => {
                self.compared(of, low, true)?;
                self.compared(of, high, true)?;
                Ok(Kind::Boolean)
            }
            Expression::Like { of, .. } => self.text(of, "like").map(|()| Kind::Boolean),
            Expression::Case { of, branches, otherwise } => self.case(of.as_deref(), branches, otherwise.as_deref()),
            Expression::Cast { of, to } => self.cast(of, to),
            Expression::Call { function, arguments } => self.call(*function, arguments),
        }
    }

    fn column(&self, name: &str) -> Result<Kind, Refusal> {
        let Some(table) = self.table else { return Ok(Kind::Unknown) };
        let column = table.column(name).ok_or_else(|| {
            let columns: Vec<String> = table.columns.iter().map(|column| column.name.clone()).collect();
            let help = format!("columns of {}: {}", table.name, columns.join(", "));
            Refusal::at(name, format!("`{name}` is no column of table {}", table.name), help)
        })?;
        Ok(Kind::of(&column.logical))
    }

    fn truth(&self, expression: &Expression) -> Result<(), Refusal> {
        match self.kind(expression)? {
            Kind::Boolean | Kind::Null | Kind::Unknown => Ok(()),
            other => {
                let message = format!("a condition is expected, and this is {}", other.words());
                Err(Refusal::new(message, "compare it with something"))
            }
        }
    }

    /// A number with which is calculated.
    fn number(&self, expression: &Expression, sign: &str) -> Result<Kind, Refusal> {
        match self.kind(expression)? {
            Kind::Decimal => {
                let message = format!("`{sign}` on a numeric is not exact in SQLite, which has no decimal numbers");
                Err(Refusal::new(message, "calculate with bigint or double, or use blocks `-- only: …`"))
            }
            kind if kind.is_number() => Ok(kind),
            Kind::Unknown => Err(unknown(expression)),
            other => Err(Refusal::new(format!("`{sign}` needs a number, and this is {}", other.words()), "cast it")),
        }
    }

    fn text(&self, expression: &Expression, what: &str) -> Result<(), Refusal> {
        match self.kind(expression)? {
            Kind::Text | Kind::Null | Kind::Unknown => Ok(()),
            other => {
                let message = format!("`{what}` needs a text, and this is {}", other.words());
                Err(Refusal::new(message, "write cast(… as text) around it"))
            }
        }
    }

    fn binary(&self, first: &Expression, operator: Operator, second: &Expression) -> Result<Kind, Refusal> {
        match operator {
            Operator::And | Operator::Or => {
                self.truth(first)?;
                self.truth(second)?;
                Ok(Kind::Boolean)
            }
            Operator::Concat => {
                self.text(first, "||")?;
                self.text(second, "||")?;
                Ok(Kind::Text)
            }
            Operator::Add | Operator::Subtract | Operator::Multiply => {
                let kinds = (self.number(first, operator.word())?, self.number(second, operator.word())?);
                let kind = wider(kinds.0, kinds.1);
                if kind == Kind::Fraction {
                    let message = format!("`{}` on numbers with a point is not exact in SQLite", operator.word());
                    return Err(Refusal::new(message, "calculate with bigint or double"));
                }
                Ok(kind)
            }
            Operator::Divide | Operator::Remainder => self.division(first, operator, second),
            _ => self.compared(first, second, operator.orders()).map(|()| Kind::Boolean),
        }
    }

    /// By zero PostgreSQL fails and SQLite gives NULL: so the divisor is a number that can be seen.
    fn division(&self, first: &Expression, operator: Operator, second: &Expression) -> Result<Kind, Refusal> {
        let word = operator.word();
        let kind = self.number(first, word)?;
        let seen = matches!(second, Expression::Number(digits) if digits.parse().is_ok_and(|n: f64| n != 0.0));
        if !seen {
            let message = format!("`{word}` by zero fails in PostgreSQL and is null in SQLite");
            return Err(Refusal::at(word, message, "divide by a number that is written out and is not 0"));
        }
        let other = self.number(second, word)?;
        match (operator, kind, other) {
            (_, Kind::Whole, Kind::Whole) => Ok(Kind::Whole),
            (Operator::Divide, Kind::Binary, _) => Ok(Kind::Binary),
            _ => Err(Refusal::at(word, format!("`{word}` takes whole numbers here"), "cast(… as double) divides too")),
        }
    }

    fn compared(&self, first: &Expression, second: &Expression, ordered: bool) -> Result<(), Refusal> {
        let kinds = (self.kind(first)?, self.kind(second)?);
        let kind = meeting((first, kinds.0), (second, kinds.1))?;
        self.is_label(first, second)?;
        self.is_label(second, first)?;
        if !ordered || kind.has_order() {
            let blind = ordered && kind == Kind::Text && (kinds.0 == Kind::Unknown || kinds.1 == Kind::Unknown);
            return if blind { Err(unknown(if kinds.0 == Kind::Unknown { first } else { second })) } else { Ok(()) };
        }
        if kind == Kind::Unknown {
            return Err(unknown(first));
        }
        let message = format!("the engines do not order {} alike", kind.words());
        Err(Refusal::new(message, "compare with = and <>, or list the values with in (…)"))
    }

    /// Holds a text beside a column of an enum type to be one of its labels: PostgreSQL takes no other.
    fn is_label(&self, text: &Expression, column: &Expression) -> Result<(), Refusal> {
        let (Expression::Text(text), Expression::Column(name)) = (text, column) else { return Ok(()) };
        let known = self.table.and_then(|table| table.column(name)).map(|column| &column.logical);
        match known {
            Some(LogicalType::Enum(labelled)) if !labelled.labels.contains(text) => {
                let message = format!("'{text}' is no label of type {}", labelled.name);
                Err(Refusal::at(&format!("'{text}'"), message, format!("labels: {}", labelled.labels.join(", "))))
            }
            _ => Ok(()),
        }
    }

    fn case(
        &self,
        of: Option<&Expression>,
        branches: &[(Expression, Expression)],
        otherwise: Option<&Expression>,
    ) -> Result<Kind, Refusal> {
        for (when, _) in branches {
            match of {
                Some(of) => self.compared(of, when, false)?,
                None => self.truth(when)?,
            }
        }
        let results: Vec<&Expression> = branches.iter().map(|(_, then)| then).chain(otherwise).collect();
        self.common(&results)
    }

    /// The one kind of several results.
    fn common(&self, results: &[&Expression]) -> Result<Kind, Refusal> {
        let mut common = (&Expression::Null, Kind::Null);
        let mut other_number = false;
        for &result in results {
            let kind = self.kind(result)?;
            other_number |= kind.is_number() && kind != Kind::Decimal && !matches!(result, Expression::Number(_));
            let met = meeting(common, (result, kind))?;
            common = (if common.1 == Kind::Null { result } else { common.0 }, met);
        }
        if other_number && common.1 == Kind::Decimal {
            return Err(Refusal::new("a numeric is a text in SQLite, other numbers are not", "give one type alone"));
        }
        Ok(common.1)
    }

    fn cast(&self, of: &Expression, to: &LogicalType) -> Result<Kind, Refusal> {
        use LogicalType as T;
        let from = self.kind(of)?;
        match (from, to) {
            (Kind::Null, to) => Ok(Kind::of(to)),
            (Kind::Text | Kind::Whole | Kind::Boolean | Kind::Uuid | Kind::Label, T::Text) => Ok(Kind::Text),
            (Kind::Whole | Kind::Boolean, T::SmallInt | T::Int | T::BigInt) => Ok(Kind::Whole),
            (Kind::Whole | Kind::Fraction | Kind::Binary | Kind::Decimal, T::Double) => Ok(Kind::Binary),
            (Kind::Text, T::SmallInt | T::Int | T::BigInt) if self.converts => Ok(Kind::Whole),
            (Kind::Text, T::Json | T::Jsonb) if self.converts => Ok(Kind::Document),
            (Kind::Unknown, _) => Err(unknown(of)),
            (from, to) => {
                let message = format!("the engines do not turn {} into {} alike", from.words(), to.portable_name());
                let allowed = "casts: to text from whole numbers, booleans, uuids and labels; to int and bigint from \
                               whole numbers and booleans; to double from numbers; in `using` also from text to int, \
                               bigint, json and jsonb";
                Err(Refusal::at("cast", message, allowed))
            }
        }
    }

    fn call(&self, function: Function, arguments: &[Expression]) -> Result<Kind, Refusal> {
        use Function as F;
        let all: Vec<&Expression> = arguments.iter().collect();
        match (function, arguments) {
            (F::Length, [of]) if self.kind(of)? == Kind::Bytes => Ok(Kind::Whole),
            (F::Length, [of]) => self.text(of, function.name()).map(|()| Kind::Whole),
            (F::Lower | F::Upper | F::Trim | F::TrimStart | F::TrimEnd | F::Replace, _) => {
                all.iter().try_for_each(|of| self.text(of, function.name()))?;
                Ok(Kind::Text)
            }
            (F::Abs, [of]) => self.number(of, function.name()),
            (F::Round, [of]) => match self.number(of, function.name())? {
                Kind::Binary => Ok(Kind::Binary),
                _ => Err(Refusal::at("round", "`round` takes a real or double", "leave it out for whole numbers")),
            },
            (F::Substr, [of, places @ ..]) => self.substr(of, places),
            (F::NullIf, [first, second]) => {
                self.compared(first, second, false)?;
                self.kind(first)
            }
            (F::Greatest | F::Least, [first, second]) => {
                self.compared(first, second, true)?;
                match self.common(&all)? {
                    kind @ (Kind::Whole | Kind::Binary | Kind::Text | Kind::Date) => Ok(kind),
                    other => {
                        let message = format!(
                            "`{}` does not choose between values of this kind alike: {}",
                            function.name(),
                            other.words()
                        );
                        Err(Refusal::at(function.name(), message, "write case when … then … else … end"))
                    }
                }
            }
            (F::Coalesce, _) => self.common(&all),
            (F::Now, _) => Ok(Kind::Instant),
            (F::CurrentDate, _) => Ok(Kind::Date),
            (F::CurrentTime, _) => Ok(Kind::Time),
            (F::RandomUuid, _) => Ok(Kind::Uuid),
            _ => Err(Refusal::at(function.name(), format!("`{}` is not given this", function.name()), "see its form")),
        }
    }

    /// A start before the text and a negative count mean other things in each engine.
    fn substr(&self, of: &Expression, places: &[Expression]) -> Result<Kind, Refusal> {
        self.text(of, "substr")?;
        for (place, least) in places.iter().zip([1, 0]) {
            let fits = matches!(place, Expression::Number(digits) if digits.parse().is_ok_and(|n: i64| n >= least));
            if !fits {
                let message = "`substr` takes a start from 1 on and a count from 0 on, as whole numbers written out";
                return Err(Refusal::at("substr", message, "write substr(text, 1, 3)"));
            }
        }
        Ok(Kind::Text)
    }
}

fn unknown(expression: &Expression) -> Refusal {
    let columns = expression.columns();
    let message = match columns.first() {
        Some(column) => format!("the type of column `{column}` is not known here, and the engines differ by type"),
        None => "the type is not known here, and the engines differ by type".to_owned(),
    };
    let help = "create the table in a portable script first, or use blocks `-- only: …`";
    Refusal { word: columns.first().map(|column| (*column).to_owned()), message, help: help.into() }
}
