//! The functions that mean the same in both engines, and what puts texts together.

use sqlparser::ast::{
    BinaryOperator, CaseWhen, Expr, Function, FunctionArg, FunctionArgExpr, FunctionArguments, UnaryOperator, Value,
};

use super::Columns;
use super::kind::{Kind, Typed};

impl Columns<'_> {
    pub(super) fn function(&self, function: &Function) -> Result<Typed, String> {
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
                Ok(Typed { sql: format!("char_length({sql})"), kind: Kind::Integer { bits: 31, narrow: true } })
            }
            ("abs", [number]) if number.kind.is_number() => Ok(number.absolute()),
            ("coalesce" | "ifnull", [first, second]) => {
                let kind = first.kind.either(second.kind).ok_or_else(|| unknown(&name))?;
                Ok(Typed { sql: format!("coalesce({}, {})", first.sql, second.sql), kind })
            }
            ("ltrim" | "rtrim", [Typed { sql, kind: Kind::Text | Kind::CollatedText }]) => {
                Ok(text(format!("{name}({sql})")))
            }
            ("replace", [of, what, with]) if [of, what, with].iter().all(|one| one.is_text()) => {
                // With a collation said, columns of different ones may meet.
                Ok(text(format!("replace({} collate \"C\", {}, {})", of.sql, what.sql, with.sql)))
            }
            ("iif", [condition, first, second]) if condition.kind == Kind::Boolean => {
                let kind = first.kind.either(second.kind).ok_or_else(|| unknown(&name))?;
                let sql = format!("case when {} then {} else {} end", condition.sql, first.sql, second.sql);
                Ok(Typed { sql, kind })
            }
            _ => Err(unknown(&name)),
        }
    }

    /// A part of a text, from a place that is written and counted from its beginning: SQLite counts from 0 or from the end
    /// otherwise than PostgreSQL.
    pub(super) fn substring(&self, of: &Expr, from: &Expr, length: Option<&Expr>) -> Result<Typed, String> {
        let of = self.typed(of)?;
        let is_counted = |expr: &Expr, least: u32| written_number(expr).is_some_and(|number| number >= least);
        if !of.is_text() || !is_counted(from, 1) || length.is_some_and(|length| !is_counted(length, 0)) {
            return Err("it takes a part of a text that is not counted from its beginning".into());
        }
        let length = length.map_or_else(String::new, |length| format!(", {length}"));
        Ok(text(format!("substr({}, {from}{length})", of.sql)))
    }

    /// A text without the blanks at its ends; both engines take the blank alone.
    pub(super) fn trimmed(&self, function: &str, of: &Expr) -> Result<Typed, String> {
        let of = self.typed(of)?;
        if of.is_text() { Ok(text(format!("{function}({})", of.sql))) } else { Err(unknown("trim")) }
    }

    /// Two texts one after the other; whole numbers are written alike in both engines.
    pub(super) fn concatenation(&self, left: &Expr, right: &Expr) -> Result<Typed, String> {
        Ok(text(format!("({} || {})", self.part(left)?, self.part(right)?)))
    }

    fn part(&self, expr: &Expr) -> Result<String, String> {
        let is_whole = match expr {
            // What binds closer is another matter in SQLite than in the parser, unless parentheses say it.
            Expr::BinaryOp { op, .. } => *op == BinaryOperator::StringConcat,
            Expr::UnaryOp { op, .. } => *op != UnaryOperator::Minus,
            _ => true,
        };
        let part = self.typed(expr)?;
        match part.kind {
            Kind::Text | Kind::CollatedText if is_whole => Ok(part.sql),
            Kind::Integer { .. } if is_whole => Ok(format!("({})::text", part.sql)),
            _ => Err("it puts together something that is written otherwise as a text".into()),
        }
    }

    /// One of several values, by conditions.
    pub(super) fn case(&self, whens: &[CaseWhen], otherwise: Option<&Expr>) -> Result<Typed, String> {
        let mut kind: Option<Kind> = None;
        let mut sql = String::from("case");
        let mut result = |expr: &Expr| -> Result<String, String> {
            let typed = self.typed(expr)?;
            kind = match (kind, typed.kind) {
                (known, Kind::Null) => known,
                (None, found) => Some(found),
                (Some(known), found) => Some(known.either(found).ok_or("its cases are values of different kinds")?),
            };
            Ok(typed.sql)
        };
        for CaseWhen { condition, result: then } in whens {
            sql.push_str(&format!(" when {} then {}", self.boolean(condition)?, result(then)?));
        }
        if let Some(otherwise) = otherwise {
            sql.push_str(&format!(" else {}", result(otherwise)?));
        }
        let kind = kind.ok_or("all of its cases are NULL")?;
        Ok(Typed { sql: format!("{sql} end"), kind })
    }
}

fn text(sql: String) -> Typed {
    Typed { sql, kind: Kind::Text }
}

/// A whole number that is written and that PostgreSQL takes for a place or a length: one of 32 bits with a sign.
fn written_number(expr: &Expr) -> Option<u32> {
    let Expr::Value(value) = expr else { return None };
    let Value::Number(digits, _) = &value.value else { return None };
    digits.parse::<i32>().ok()?.try_into().ok()
}

pub(super) fn unknown(name: &str) -> String {
    format!("the function {name} has no counterpart on the list")
}
