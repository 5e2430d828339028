//! Expressions of the language: defaults, checks, generated columns, keys of indexes, predicates and conversions.
//!
//! A small set of forms, each with one meaning that both engines can give it. `parse` reads them, `text` writes them
//! back in one canonical spelling, `kind` tells what they give and refuses what the engines would see differently.

pub mod fit;
pub mod foreign;
pub mod kind;
mod kinds;
mod parse;
mod text;

pub use parse::parse_text;
pub(super) use parse::{expression, operand};

use crate::schema::LogicalType;

/// An expression of the language.
#[derive(Clone, Debug, PartialEq)]
pub enum Expression {
    /// NULL.
    Null,
    /// True or false.
    Boolean(bool),
    /// A number as it is written, with its sign.
    Number(String),
    /// A text.
    Text(String),
    /// Bytes, in lower-case hex.
    Bytes(String),
    /// A column of the row.
    Column(String),
    /// The opposite of a truth.
    Not(Box<Expression>),
    /// A number with the other sign.
    Negative(Box<Expression>),
    /// Two operands and an operator between them.
    Binary {
        /// The operand before the operator.
        first: Box<Expression>,
        /// The operator.
        operator: Operator,
        /// The operand after the operator.
        second: Box<Expression>,
    },
    /// `is [not] null | true | false`.
    Is {
        /// What is tested.
        of: Box<Expression>,
        /// What it is tested for; none is NULL.
        truth: Option<bool>,
        /// Whether the test is turned round.
        negated: bool,
    },
    /// `[not] in (…)`.
    In {
        /// What is looked for.
        of: Box<Expression>,
        /// Where it is looked for.
        list: Vec<Expression>,
        /// Whether the test is turned round.
        negated: bool,
    },
    /// `[not] between … and …`.
    Between {
        /// What is tested.
        of: Box<Expression>,
        /// The least value.
        low: Box<Expression>,
        /// The greatest value.
        high: Box<Expression>,
        /// Whether the test is turned round.
        negated: bool,
    },
    /// `[not] like '…'`, with a difference between small and capital letters.
    Like {
        /// What is tested.
        of: Box<Expression>,
        /// The pattern, with `%` and `_`.
        pattern: String,
        /// Whether the test is turned round.
        negated: bool,
    },
    /// `case … end`.
    Case {
        /// What the branches are compared with; none where they are conditions.
        of: Option<Box<Expression>>,
        /// Each `when` with its `then`.
        branches: Vec<(Expression, Expression)>,
        /// `else`.
        otherwise: Option<Box<Expression>>,
    },
    /// `cast(… as …)`.
    Cast {
        /// What is converted.
        of: Box<Expression>,
        /// To which type.
        to: LogicalType,
    },
    /// A function of the list.
    Call {
        /// The function.
        function: Function,
        /// What it is given.
        arguments: Vec<Expression>,
    },
}

/// An operator between two operands.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Operator {
    /// `or`
    Or,
    /// `and`
    And,
    /// `=`
    Equal,
    /// `<>`
    NotEqual,
    /// `<`
    Less,
    /// `<=`
    LessOrEqual,
    /// `>`
    Greater,
    /// `>=`
    GreaterOrEqual,
    /// `is distinct from`
    Distinct,
    /// `is not distinct from`
    NotDistinct,
    /// `||`
    Concat,
    /// `+`
    Add,
    /// `-`
    Subtract,
    /// `*`
    Multiply,
    /// `/`
    Divide,
    /// `%`
    Remainder,
}

impl Operator {
    /// Its spelling, which is the same in both engines.
    pub fn word(self) -> &'static str {
        match self {
            Self::Or => "or",
            Self::And => "and",
            Self::Equal => "=",
            Self::NotEqual => "<>",
            Self::Less => "<",
            Self::LessOrEqual => "<=",
            Self::Greater => ">",
            Self::GreaterOrEqual => ">=",
            Self::Distinct => "is distinct from",
            Self::NotDistinct => "is not distinct from",
            Self::Concat => "||",
            Self::Add => "+",
            Self::Subtract => "-",
            Self::Multiply => "*",
            Self::Divide => "/",
            Self::Remainder => "%",
        }
    }

    /// How tightly it binds. Source: PostgreSQL manual, "Operator Precedence".
    fn level(self) -> u8 {
        match self {
            Self::Or => 1,
            Self::And => 2,
            Self::Distinct | Self::NotDistinct => 4,
            Self::Equal | Self::NotEqual | Self::Less | Self::LessOrEqual | Self::Greater | Self::GreaterOrEqual => 5,
            Self::Concat => 7,
            Self::Add | Self::Subtract => 8,
            Self::Multiply | Self::Divide | Self::Remainder => 9,
        }
    }

    /// Tells whether it asks which operand comes first.
    pub fn orders(self) -> bool {
        matches!(self, Self::Less | Self::LessOrEqual | Self::Greater | Self::GreaterOrEqual)
    }

    /// Tells whether it compares.
    pub fn compares(self) -> bool {
        matches!(self.level(), 4 | 5)
    }
}

/// A function that both engines have, or can be given.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Function {
    /// Small letters; ASCII's alone.
    Lower,
    /// Capital letters; ASCII's alone.
    Upper,
    /// How many characters or bytes.
    Length,
    /// A number without its sign.
    Abs,
    /// The nearest whole number; halves away from zero.
    Round,
    /// A text without blanks around it.
    Trim,
    /// A text without blanks before it.
    TrimStart,
    /// A text without blanks after it.
    TrimEnd,
    /// A part of a text, from a character on.
    Substr,
    /// A text with one part exchanged wherever it is.
    Replace,
    /// The first that is not NULL.
    Coalesce,
    /// NULL where two are equal.
    NullIf,
    /// The greater of two.
    Greatest,
    /// The lesser of two.
    Least,
    /// The moment.
    Now,
    /// Today, in UTC.
    CurrentDate,
    /// The time of day, in UTC.
    CurrentTime,
    /// A random identifier, version 4.
    RandomUuid,
}

/// Every function with its name and how many arguments it takes.
pub(super) const FUNCTIONS: [(&str, Function, u8, u8); 18] = [
    ("lower", Function::Lower, 1, 1),
    ("upper", Function::Upper, 1, 1),
    ("length", Function::Length, 1, 1),
    ("abs", Function::Abs, 1, 1),
    ("round", Function::Round, 1, 1),
    ("trim", Function::Trim, 1, 1),
    ("ltrim", Function::TrimStart, 1, 1),
    ("rtrim", Function::TrimEnd, 1, 1),
    ("substr", Function::Substr, 2, 3),
    ("replace", Function::Replace, 3, 3),
    ("coalesce", Function::Coalesce, 2, u8::MAX),
    ("nullif", Function::NullIf, 2, 2),
    ("greatest", Function::Greatest, 2, 2),
    ("least", Function::Least, 2, 2),
    ("now", Function::Now, 0, 0),
    ("current_date", Function::CurrentDate, 0, 0),
    ("current_time", Function::CurrentTime, 0, 0),
    ("gen_random_uuid", Function::RandomUuid, 0, 0),
];

impl Function {
    /// Its name in the language.
    pub fn name(self) -> &'static str {
        FUNCTIONS.iter().find(|(_, function, _, _)| *function == self).map_or("", |(name, ..)| name)
    }

    /// Tells whether each call may give another value.
    pub fn varies(self) -> bool {
        matches!(self, Self::Now | Self::CurrentDate | Self::CurrentTime | Self::RandomUuid)
    }
}

impl Expression {
    /// The parts of which it is made, one level down.
    pub fn parts(&self) -> Vec<&Expression> {
        match self {
            Self::Null | Self::Boolean(_) | Self::Number(_) | Self::Text(_) | Self::Bytes(_) | Self::Column(_) => {
                Vec::new()
            }
            Self::Not(of) | Self::Negative(of) => vec![of.as_ref()],
            Self::Is { of, .. } | Self::Like { of, .. } | Self::Cast { of, .. } => vec![of.as_ref()],
            Self::Binary { first, second, .. } => vec![first.as_ref(), second.as_ref()],
            Self::In { of, list, .. } => std::iter::once(of.as_ref()).chain(list).collect(),
            Self::Between { of, low, high, .. } => vec![of.as_ref(), low.as_ref(), high.as_ref()],
            Self::Case { of, branches, otherwise } => {
                let pairs = branches.iter().flat_map(|(when, then)| [when, then]);
                of.as_deref().into_iter().chain(pairs).chain(otherwise.as_deref()).collect()
            }
            Self::Call { arguments, .. } => arguments.iter().collect(),
        }
    }

    /// The columns it names.
    pub fn columns(&self) -> Vec<&str> {
        match self {
            Self::Column(name) => vec![name.as_str()],
            other => other.parts().into_iter().flat_map(Self::columns).collect(),
        }
    }

    /// The same with other names of columns.
    pub fn renamed(&self, from: &str, to: &str) -> Self {
        let again = |of: &Self| Box::new(of.renamed(from, to));
        match self {
            Self::Column(name) if name == from => Self::Column(to.to_owned()),
            Self::Not(of) => Self::Not(again(of)),
            Self::Negative(of) => Self::Negative(again(of)),
            Self::Binary { first, operator, second } => {
                Self::Binary { first: again(first), operator: *operator, second: again(second) }
            }
            Self::Is { of, truth, negated } => Self::Is { of: again(of), truth: *truth, negated: *negated },
            Self::In { of, list, negated } => {
                let list = list.iter().map(|item| item.renamed(from, to)).collect();
                Self::In { of: again(of), list, negated: *negated }
            }
            Self::Between { of, low, high, negated } => {
                Self::Between { of: again(of), low: again(low), high: again(high), negated: *negated }
            }
            Self::Like { of, pattern, negated } => {
                Self::Like { of: again(of), pattern: pattern.clone(), negated: *negated }
            }
            Self::Case { of, branches, otherwise } => {
                let pair = |(when, then): &(Self, Self)| (when.renamed(from, to), then.renamed(from, to));
                Self::Case {
                    of: of.as_deref().map(again),
                    branches: branches.iter().map(pair).collect(),
                    otherwise: otherwise.as_deref().map(again),
                }
            }
            Self::Cast { of, to: logical } => Self::Cast { of: again(of), to: logical.clone() },
            Self::Call { function, arguments } => {
                let arguments = arguments.iter().map(|argument| argument.renamed(from, to)).collect();
                Self::Call { function: *function, arguments }
            }
            other => other.clone(),
        }
    }
}
