//! The texts that come with edits: each is held to be what it should, so that it cannot reach beyond its place.

use super::error::{AlterError, excerpt};
use crate::sqlite::text::constraint::{Constraint, Kind};
use crate::sqlite::text::create_table::{self, Column, Unreadable};
use crate::sqlite::text::tokens::{self, significant};

/// Reads the definition of a column that is to be added.
pub(super) fn column(definition: &str) -> Result<Column, AlterError> {
    create_table::read_column(definition).map_err(|bad| refused(definition, "the definition of a column", bad.at))
}

/// Reads the definition of a constraint that is to be added.
pub(super) fn constraint(definition: &str) -> Result<Constraint, AlterError> {
    create_table::read_constraint(definition)
        .map_err(|bad| refused(definition, "the definition of a constraint", bad.at))
}

/// Reads a declared type, which may be empty.
pub(super) fn declared(text: &str) -> Result<&str, AlterError> {
    const BEFORE: &str = "x ";
    let whole = format!("{BEFORE}{text}");
    let refuse = |at: usize| refused(text, "a type", at.saturating_sub(BEFORE.len()));
    let column = create_table::read_column(&whole).map_err(|Unreadable { at }| refuse(at))?;
    match column.constraints.first() {
        Some(constraint) => Err(refuse(constraint.span.start)),
        None if column.declared.is_empty() => Ok(""),
        None => Ok(&text[column.declared.start - BEFORE.len()..column.declared.end - BEFORE.len()]),
    }
}

/// Words a default: anything that is not one literal must stand in parentheses.
pub(super) fn default(text: &str) -> Result<String, AlterError> {
    let bare = format!("default {}", text.trim());
    let column = create_table::read_column(&format!("x {bare}")).ok();
    let is_bare = column.is_some_and(|column| {
        // SQLite would take one bare word that is no literal for a text.
        column.constraints.len() == 1 && column.has(Kind::Default) && column.declared.is_empty()
    });
    if is_bare { Ok(bare) } else { Ok(format!("default {}", expression(text)?)) }
}

/// Puts an expression into parentheses.
pub(super) fn expression(text: &str) -> Result<String, AlterError> {
    let cut = significant(text).map_err(|at| refused(text, "an expression", at))?;
    let mut depth = 0_i32;
    let beyond = cut.iter().find(|token| {
        let symbol = token.text(text);
        depth += i32::from(symbol == "(") - i32::from(symbol == ")");
        depth < 0 || symbol == ";"
    });
    let bad = beyond.map(|token| token.start).or((depth > 0 || cut.is_empty()).then_some(text.len()));
    if let Some(at) = bad {
        return Err(refused(text, "an expression", at));
    }
    // A comment at the end would swallow the parenthesis.
    let last = tokens::tokens(text).ok().and_then(|cut| cut.last().copied());
    let end = if last.is_some_and(|last| last.kind == tokens::Kind::Comment) { "\n" } else { "" };
    Ok(format!("({text}{end})"))
}

fn refused(definition: &str, wanted: &'static str, at: usize) -> AlterError {
    AlterError::Definition { definition: definition.to_owned(), wanted, at, found: excerpt(definition, at) }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_type_is_nothing_but_a_type() {
        for good in ["", "int", "unsigned big int", "\"my, type\" (10, -2)", "'x'"] {
            assert_eq!(declared(&format!("{good} /* c */")).expect("it is a type"), good);
        }
        for (bad, at) in
            [("int, z int", 3), ("int not null", 4), ("int) strict", 3), ("int (", 5), ("int default 1", 4)]
        {
            let error = declared(bad).expect_err(bad);
            assert!(matches!(error, AlterError::Definition { at: found, .. } if found == at), "{bad}: {error:?}");
        }
    }

    #[test]
    fn a_default_that_is_no_literal_stands_in_parentheses() {
        for (text, clause) in [
            ("5", "default 5"),
            (" -5 ", "default -5"),
            ("(1)", "default (1)"),
            ("x'00'", "default x'00'"),
            ("1 + 1", "default (1 + 1)"),
            ("(1) + (1)", "default ((1) + (1))"),
            ("-(1)", "default (-(1))"),
            ("5 not null", "default (5 not null)"),
            ("1 + 1 -- two", "default (1 + 1 -- two\n)"),
        ] {
            assert_eq!(default(text).expect("it is a default"), clause);
        }
    }

    #[test]
    fn an_expression_stays_in_its_parentheses() {
        for (bad, at) in [("1) , (2", 1), ("(1", 2), ("1; drop table t", 1), ("", 0), ("'open", 0), ("-- nothing", 10)]
        {
            let error = expression(bad).expect_err(bad);
            assert!(matches!(error, AlterError::Definition { at: found, .. } if found == at), "{bad}: {error:?}");
        }
    }
}
