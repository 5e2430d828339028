//! One edit as a splice of the stored CREATE TABLE text: everything else in the text stays as it was written.

use std::ops::Range;

use super::error::{AlterError, excerpt};
use super::{Edit, definition};
use crate::sqlite::quote;
use crate::sqlite::text::constraint::{Constraint, Kind};
use crate::sqlite::text::create_table::{self, Column, CreateTable, Unreadable};
use crate::sqlite::text::tokens::{self, significant, unquoted};

/// The text of a table after an edit.
pub(super) fn edited(sql: &str, edit: &Edit) -> Result<String, AlterError> {
    let table = read(sql)?;
    match edit {
        Edit::RenameTable { to } => Ok(replaced(sql, table.name, &quote(to))),
        Edit::RenameColumn { name, to } => rename_column(&table, name, to),
        Edit::AddColumn { definition } => add_column(&table, definition),
        Edit::DropColumn { name } => Ok(without_column(&table, find(&table, name)?)),
        Edit::SetType { name, declared, .. } => {
            Ok(set_type(&table, find(&table, name)?, definition::declared(declared)?))
        }
        Edit::SetNotNull { name, nullable } => set_not_null(&table, find(&table, name)?, *nullable),
        Edit::SetDefault { name, default } => {
            let clause = default.as_deref().map(definition::default).transpose()?;
            set_clause(&table, find(&table, name)?, Kind::Default, clause)
        }
        Edit::SetCollation { name, collation } => {
            let clause = collation.as_deref().map(|collation| format!("collate {}", quote(collation)));
            set_clause(&table, find(&table, name)?, Kind::Collate, clause)
        }
        Edit::DropExpression { name } => {
            let column = find(&table, name)?;
            let is_it = |own: &&Constraint| matches!(own.kind, Kind::Generated { .. });
            let own = column.constraints.iter().filter(is_it).map(|own| own.span.clone());
            Ok(without_words(sql, own.collect()))
        }
        Edit::AddConstraint { definition } => add_constraint(&table, definition),
        Edit::DropConstraint { name } => drop_constraint(&table, name),
    }
}

/// Reads a table's text, or says where it cannot be read.
pub(super) fn read(sql: &str) -> Result<CreateTable<'_>, AlterError> {
    create_table::read(sql).map_err(|Unreadable { at }| {
        let name = significant(sql).ok().and_then(|cut| cut.get(2).copied());
        let table = name.map_or_else(String::new, |token| unquoted(token.text(sql)));
        AlterError::Unreadable { table, at, found: excerpt(sql, at) }
    })
}

/// The name that a table's text gives it.
pub(super) fn name(table: &CreateTable<'_>) -> String {
    unquoted(&table.sql[table.name.clone()])
}

/// Finds a column, or says which there are.
pub(super) fn find<'t>(table: &'t CreateTable<'_>, column: &str) -> Result<&'t Column, AlterError> {
    table.column(column).ok_or_else(|| {
        let known = table.columns.iter().map(|column| column.name.as_str()).collect::<Vec<_>>().join(", ");
        AlterError::NoColumn { table: name(table), column: column.to_owned(), known }
    })
}

/// Finds the one constraint of a name.
pub(super) fn named<'t>(
    table: &'t CreateTable<'_>,
    wanted: &str,
) -> Result<(Option<&'t Column>, &'t Constraint), AlterError> {
    let is_it = |name: &String| name.eq_ignore_ascii_case(wanted);
    let mut found: Vec<_> =
        table.all_constraints().filter(|(_, constraint)| constraint.name.as_ref().is_some_and(is_it)).collect();
    let (table_name, wanted) = (name(table), wanted.to_owned());
    match (found.pop(), found.len()) {
        (Some(only), 0) => Ok(only),
        (Some(_), others) => Err(AlterError::ConstraintExists { table: table_name, name: wanted, count: others + 1 }),
        (None, _) => {
            let names: Vec<_> = table.all_constraints().filter_map(|(_, own)| own.name.as_deref()).collect();
            let known =
                if names.is_empty() { "none has a name".into() } else { format!("it has {}", names.join(", ")) };
            Err(AlterError::NoConstraint { table: table_name, name: wanted, known })
        }
    }
}

fn replaced(sql: &str, part: Range<usize>, with: &str) -> String {
    format!("{}{with}{}", &sql[..part.start], &sql[part.end..])
}

/// Renames a column where it is defined and in the keys of the table; SQLite itself finds the other places.
fn rename_column(table: &CreateTable<'_>, column: &str, to: &str) -> Result<String, AlterError> {
    find(table, column)?;
    let cut = significant(table.sql).unwrap_or_default();
    let is_it = |text: &str| unquoted(text).eq_ignore_ascii_case(column);
    let body = cut.iter().rev().filter(|token| token.start > table.name.end && token.end <= table.close);
    let names =
        body.filter(|token| token.can_name() && token.kind != tokens::Kind::Text && is_it(token.text(table.sql)));
    Ok(names.fold(table.sql.to_owned(), |sql, token| replaced(&sql, token.span(), &quote(to))))
}

/// Adds a column after the last one, where SQLite itself puts it: after the comments of that one.
fn add_column(table: &CreateTable<'_>, definition: &str) -> Result<String, AlterError> {
    let column = definition::column(definition)?;
    if table.column(&column.name).is_some() {
        return Err(AlterError::ColumnExists { table: name(table), column: column.name });
    }
    let last = table.columns.last().map_or(table.name.end, |column| column.span.end);
    let place = next_significant(table.sql, last);
    Ok(replaced(table.sql, place..place, &format!(", {}", &definition[column.span])))
}

fn add_constraint(table: &CreateTable<'_>, definition: &str) -> Result<String, AlterError> {
    let constraint = definition::constraint(definition)?;
    if let Some(wanted) = &constraint.name {
        let is_it = |own: &Constraint| own.name.as_ref().is_some_and(|own| own.eq_ignore_ascii_case(wanted));
        let count = table.all_constraints().filter(|(_, own)| is_it(own)).count();
        if count > 0 {
            return Err(AlterError::ConstraintExists { table: name(table), name: wanted.clone(), count });
        }
    }
    let added = format!(", {}", &definition[constraint.span]);
    Ok(replaced(table.sql, table.close..table.close, &added))
}

fn drop_constraint(table: &CreateTable<'_>, wanted: &str) -> Result<String, AlterError> {
    let (column, constraint) = named(table, wanted)?;
    let Some(column) = column else { return Ok(without_item(table.sql, constraint.span.clone())) };
    let after = column.constraints.iter().skip_while(|own| own.span.start <= constraint.span.start);
    // A DEFERRABLE apart from its foreign key would become that of another one.
    let tied = after.take_while(|own| constraint.kind == Kind::ForeignKey && own.kind != Kind::ForeignKey);
    let apart = tied.filter(|own| own.kind == Kind::Deferrable).map(|own| own.span.clone());
    let parts = std::iter::once(constraint.span.clone()).chain(apart).collect();
    Ok(without_words(table.sql, parts))
}

fn set_type(table: &CreateTable<'_>, column: &Column, declared: &str) -> String {
    match (column.declared.is_empty(), declared.is_empty()) {
        (true, true) => table.sql.to_owned(),
        (true, false) => replaced(table.sql, column.declared.clone(), &format!(" {declared}")),
        (false, true) => without_words(table.sql, vec![column.declared.clone()]),
        (false, false) => replaced(table.sql, column.declared.clone(), declared),
    }
}

fn set_not_null(table: &CreateTable<'_>, column: &Column, nullable: bool) -> Result<String, AlterError> {
    let in_key = table.primary_key().iter().any(|key| key.eq_ignore_ascii_case(&column.name));
    let never =
        [("rowid", "a WITHOUT ROWID table keeps free of nulls"), ("strict", "a STRICT table keeps free of nulls")];
    if let Some((_, why)) = never.iter().find(|(word, _)| nullable && in_key && table.has_option(word)) {
        return Err(AlterError::KeyIsNeverNull { table: name(table), column: column.name.clone(), why });
    }
    if nullable {
        return Ok(without_words(table.sql, spans(column, Kind::NotNull)));
    }
    if column.has(Kind::NotNull) {
        return Ok(table.sql.to_owned());
    }
    // A bare NULL says the contrary; SQLite ignores it, a reader would not.
    let sql = without_words(table.sql, spans(column, Kind::Null));
    let table = read(&sql)?;
    Ok(with_clause(&table, find(&table, &column.name)?, "not null"))
}

/// Sets or removes a clause that a column has once.
fn set_clause(
    table: &CreateTable<'_>,
    column: &Column,
    kind: Kind,
    clause: Option<String>,
) -> Result<String, AlterError> {
    let mut old = spans(column, kind);
    let Some(clause) = clause else { return Ok(without_words(table.sql, old)) };
    let Some(last) = old.pop() else { return Ok(with_clause(table, column, &clause)) };
    // SQLite heeds the last of several.
    let sql = replaced(table.sql, last, &clause);
    Ok(without_words(&sql, old))
}

fn spans(column: &Column, kind: Kind) -> Vec<Range<usize>> {
    column.constraints.iter().filter(|own| own.kind == kind).map(|own| own.span.clone()).collect()
}

/// Puts a clause at the end of a column, but not after a name that would become its own.
fn with_clause(table: &CreateTable<'_>, column: &Column, clause: &str) -> String {
    let dangling = column.constraints.last().is_some_and(|own| own.kind == Kind::NameAlone);
    let place = if dangling { column.declared.end } else { column.span.end };
    replaced(table.sql, place..place, &format!(" {clause}"))
}

/// Removes words of a column, each with the space before it.
fn without_words(sql: &str, mut parts: Vec<Range<usize>>) -> String {
    parts.sort_by_key(|part| std::cmp::Reverse(part.start));
    parts.into_iter().fold(sql.to_owned(), |sql, part| {
        let before = sql[..part.start].trim_end_matches(is_space);
        let kept = if ends_in_comment(&sql, before.len()) { &sql[..part.start] } else { before };
        let rest = &sql[part.end..];
        let parted =
            rest.is_empty() || rest.starts_with(is_space) || rest.starts_with([',', ')']) || kept.ends_with(is_space);
        format!("{kept}{}{rest}", if parted { "" } else { " " })
    })
}

/// Removes a column, with one comma.
fn without_column(table: &CreateTable<'_>, column: &Column) -> String {
    let last = table.columns.last().is_some_and(|last| last.span == column.span);
    if last {
        return without_item(table.sql, column.span.clone());
    }
    let comma = next_significant(table.sql, column.span.end);
    let after = &table.sql[comma + 1..];
    let gap = after.len() - after.trim_start_matches(is_space).len();
    let between = &table.sql[column.span.end..comma];
    let between = if between.trim_matches(is_space).is_empty() { "" } else { between };
    replaced(table.sql, column.span.start..comma + 1 + gap, between)
}

/// Removes what stands last among its like, with the comma before it where nothing else needs that.
fn without_item(sql: &str, part: Range<usize>) -> String {
    let cut = significant(sql).unwrap_or_default();
    let before = cut.iter().rev().find(|token| token.end <= part.start).map(|token| token.span());
    let comma = before.filter(|before| &sql[before.clone()] == ",");
    let next = next_significant(sql, part.end);
    let needed = !sql[next..].starts_with([',', ')']);
    match comma.filter(|_| !needed) {
        Some(comma) => {
            let between = &sql[comma.end..part.start];
            let between = if between.trim_matches(is_space).is_empty() { "" } else { between };
            format!("{}{between}{}", &sql[..comma.start], &sql[part.end..])
        }
        None => replaced(sql, part, ""),
    }
}

fn next_significant(sql: &str, from: usize) -> usize {
    let rest = &sql[from..];
    significant(rest).ok().and_then(|cut| cut.first().map(|token| from + token.start)).unwrap_or(sql.len())
}

fn ends_in_comment(sql: &str, at: usize) -> bool {
    let cut = tokens::tokens(sql).unwrap_or_default();
    cut.iter().any(|token| token.kind == tokens::Kind::Comment && token.start < at && at <= token.end)
}

fn is_space(character: char) -> bool {
    matches!(character, ' ' | '\t' | '\n' | '\x0b' | '\x0c' | '\r')
}

#[cfg(test)]
mod tests {
    use super::*;

    fn dropped(sql: &str, constraint: &str) -> String {
        edited(sql, &Edit::DropConstraint { name: constraint.into() }).expect("it can be dropped")
    }

    #[test]
    fn words_do_not_grow_together() {
        let sql = "CREATE TABLE t (a text collate nocase constraint c check(1)unique, b)";
        assert_eq!(dropped(sql, "c"), "CREATE TABLE t (a text collate nocase unique, b)");
        let sql = "CREATE TABLE t (a constraint c check(1)/* kept */, b)";
        assert_eq!(dropped(sql, "c"), "CREATE TABLE t (a /* kept */, b)");
    }

    #[test]
    fn a_comma_stays_where_the_next_constraint_needs_it() {
        let sql = "CREATE TABLE t (a, constraint c check (1) constraint d check (2), check (3))";
        assert_eq!(dropped(sql, "c"), "CREATE TABLE t (a,  constraint d check (2), check (3))");
        assert_eq!(dropped(sql, "d"), "CREATE TABLE t (a, constraint c check (1) , check (3))");
    }

    #[test]
    fn comments_stay_where_a_column_goes() {
        let drop = |name: &str| {
            let sql = "CREATE TABLE t (a, -- one\n b /* two */, -- three\n c -- four\n, check (a))";
            edited(sql, &Edit::DropColumn { name: name.into() }).expect("it can be dropped")
        };
        assert_eq!(drop("b"), "CREATE TABLE t (a, -- one\n  /* two */-- three\n c -- four\n, check (a))");
        assert_eq!(drop("c"), "CREATE TABLE t (a, -- one\n b /* two */ -- three\n  -- four\n, check (a))");
    }

    #[test]
    fn a_clause_does_not_take_a_lonely_name() {
        let sql = "CREATE TABLE t (a int constraint lonely, b)";
        let default = Edit::SetDefault { name: "a".into(), default: Some("1".into()) };
        assert_eq!(edited(sql, &default).expect("ok"), "CREATE TABLE t (a int default 1 constraint lonely, b)");
    }

    #[test]
    fn a_deferrable_clause_goes_with_its_foreign_key() {
        let sql = "CREATE TABLE t (a constraint f references p not null deferrable initially deferred, b references q)";
        assert_eq!(dropped(sql, "f"), "CREATE TABLE t (a not null, b references q)");
    }
}
