//! Computed columns in the portable language: only where PostgreSQL is given the same expression as by the copy.

use crate::copy::plan::TablePlan;
use crate::postgres::expression::is_the_same;
use crate::postgres::wording;
use crate::schema::language::expression::kind::{Kind, kind};
use crate::schema::language::expression::{Expression, Operator, parse_text};
use crate::schema::{Column, LogicalType, Table};

/// Says in the language what a column is computed of; `table` is its table there.
pub(super) fn portable(planned: &TablePlan, column: &Column, table: &Table) -> Option<String> {
    let wanted = column.generated.as_ref()?.expression.as_deref()?;
    let copied = planned.columns.iter().find(|copied| copied.target == column.name)?;
    let own = planned.source.column(&copied.source)?.generated.as_ref()?.expression.as_deref()?;
    let read = [own, wanted].into_iter().filter_map(|text| parse_text(text).ok());
    let mut said = read.map(|read| whole(named(read, planned), column, table));
    let said = said.find(|said| {
        let worded = wording::expression(&said.to_string(), Some(table));
        worded.is_ok_and(|worded| is_the_same(wanted, &worded)) && !uses_collated(said, &planned.target_table)
    })?;
    Some(said.to_string())
}

/// PostgreSQL gives no other collation to a column of which another is computed.
fn uses_collated(said: &Expression, inferred: &Table) -> bool {
    let is_collated = |name: &&str| inferred.column(name).is_some_and(|column| column.collation.is_some());
    said.columns().iter().any(is_collated)
}

/// Names the columns as the target does.
fn named(read: Expression, planned: &TablePlan) -> Expression {
    let names: Vec<String> = read.columns().into_iter().map(str::to_owned).collect();
    names.iter().fold(read, |read, name| {
        let copied = planned.columns.iter().find(|copied| copied.source.eq_ignore_ascii_case(name));
        copied.map_or_else(|| read.clone(), |copied| read.renamed(name, &copied.target))
    })
}

/// Writes the conversions that SQLite makes by itself and the language does not.
fn whole(read: Expression, column: &Column, table: &Table) -> Expression {
    let said = converted(read, table);
    match column.logical {
        LogicalType::BigInt if is_of(&said, Kind::Boolean, table) => {
            Expression::Cast { of: Box::new(said), to: LogicalType::BigInt }
        }
        _ => said,
    }
}

fn converted(read: Expression, table: &Table) -> Expression {
    let boxed = |of: Box<Expression>| Box::new(converted(*of, table));
    match read {
        Expression::Binary { first, operator: operator @ Operator::Concat, second } => {
            let (first, second) = (text(boxed(first), table), text(boxed(second), table));
            Expression::Binary { first, operator, second }
        }
        Expression::Binary { first, operator, second } => {
            Expression::Binary { first: boxed(first), operator, second: boxed(second) }
        }
        Expression::Call { function, arguments } => {
            let arguments = arguments.into_iter().map(|argument| converted(argument, table)).collect();
            Expression::Call { function, arguments }
        }
        Expression::Case { of, branches, otherwise } => {
            let branch = |(when, then)| (converted(when, table), converted(then, table));
            let branches = branches.into_iter().map(branch).collect();
            Expression::Case { of: of.map(boxed), branches, otherwise: otherwise.map(boxed) }
        }
        other => other,
    }
}

fn text(of: Box<Expression>, table: &Table) -> Box<Expression> {
    if is_of(&of, Kind::Whole, table) { Box::new(Expression::Cast { of, to: LogicalType::Text }) } else { of }
}

fn is_of(said: &Expression, wanted: Kind, table: &Table) -> bool {
    kind(said, Some(table)) == Ok(wanted)
}
