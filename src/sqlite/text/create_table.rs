//! The structure of a stored CREATE TABLE: where each column, type, constraint and name stands in its text.

use std::ops::Range;

use super::constraint::{self, Constraint, Kind};
use super::tokens::{Token, significant, tokens, unquoted};

/// A CREATE TABLE as it is written.
#[derive(Debug)]
pub(in crate::sqlite) struct CreateTable<'t> {
    pub(in crate::sqlite) sql: &'t str,
    pub(in crate::sqlite) name: Range<usize>,
    pub(in crate::sqlite) columns: Vec<Column>,
    /// The constraints that stand for themselves, after the columns.
    pub(in crate::sqlite) constraints: Vec<Constraint>,
    /// The place of the parenthesis that ends columns and constraints.
    pub(in crate::sqlite) close: usize,
}

/// A column's definition.
#[derive(Debug)]
pub(in crate::sqlite) struct Column {
    pub(in crate::sqlite) name: String,
    /// The declared type; empty, at the end of the name, where there is none.
    pub(in crate::sqlite) declared: Range<usize>,
    pub(in crate::sqlite) constraints: Vec<Constraint>,
    pub(in crate::sqlite) span: Range<usize>,
}

/// A place where a text is not what SQLite's grammar wants.
#[derive(Debug, PartialEq, Eq)]
pub(in crate::sqlite) struct Unreadable {
    pub(in crate::sqlite) at: usize,
}

impl CreateTable<'_> {
    /// Finds a column by its name, as SQLite does.
    pub(in crate::sqlite) fn column(&self, name: &str) -> Option<&Column> {
        self.columns.iter().find(|column| column.name.eq_ignore_ascii_case(name))
    }

    /// All constraints, with the column that each stands in.
    pub(in crate::sqlite) fn all_constraints(&self) -> impl Iterator<Item = (Option<&Column>, &Constraint)> {
        let inline =
            self.columns.iter().flat_map(|column| column.constraints.iter().map(move |own| (Some(column), own)));
        inline.chain(self.constraints.iter().map(|own| (None, own)))
    }

    /// Tells whether a bare word stands anywhere.
    pub(in crate::sqlite) fn has_word(&self, word: &str) -> bool {
        significant(self.sql)
            .is_ok_and(|tokens| tokens.iter().any(|token| token.text(self.sql).eq_ignore_ascii_case(word)))
    }

    /// Tells whether a word such as STRICT stands after the columns.
    pub(in crate::sqlite) fn has_option(&self, word: &str) -> bool {
        let rest = &self.sql[self.close..];
        significant(rest).is_ok_and(|tokens| tokens.iter().any(|token| token.text(rest).eq_ignore_ascii_case(word)))
    }

    /// The columns of the primary key, wherever it is declared.
    pub(in crate::sqlite) fn primary_key(&self) -> Vec<&str> {
        let key = self.all_constraints().find(|(_, constraint)| matches!(constraint.kind, Kind::PrimaryKey));
        match key {
            Some((Some(column), _)) => vec![&column.name],
            Some((None, constraint)) => constraint.columns.iter().map(String::as_str).collect(),
            None => Vec::new(),
        }
    }

    /// Tells whether a comment stands in a part of the text.
    pub(in crate::sqlite) fn has_comment(&self, part: Range<usize>) -> bool {
        let cut = tokens(self.sql).unwrap_or_default();
        let comments = cut.iter().filter(|token| token.kind == super::tokens::Kind::Comment);
        comments.into_iter().any(|comment| comment.start < part.end && comment.end > part.start)
    }
}

impl Column {
    pub(in crate::sqlite) fn has(&self, kind: Kind) -> bool {
        self.constraints.iter().any(|constraint| constraint.kind == kind)
    }
}

/// Reads the text of a CREATE TABLE as SQLite stores it.
pub(in crate::sqlite) fn read(sql: &str) -> Result<CreateTable<'_>, Unreadable> {
    let tokens = significant(sql).map_err(|at| Unreadable { at })?;
    let mut cursor = Cursor { sql, tokens: &tokens, at: 0 };
    cursor.expect_words(&["create", "table"])?;
    let name = cursor.name()?.span();
    cursor.expect("(")?;
    let mut columns = Vec::new();
    while columns.is_empty() || cursor.take(",") {
        if !columns.is_empty() && constraint::starts(&cursor) {
            break;
        }
        columns.push(column(&mut cursor)?);
    }
    let mut constraints = Vec::new();
    while !cursor.is(")") {
        constraints.push(constraint::of_table(&mut cursor)?);
        // A comma between the constraints of a table may be left out.
        cursor.take(",");
    }
    let close = cursor.expect(")")?.start;
    Ok(CreateTable { sql, name, columns, constraints, close })
}

/// Reads a column's definition that stands alone.
pub(in crate::sqlite) fn read_column(definition: &str) -> Result<Column, Unreadable> {
    alone(definition, column)
}

/// Reads a table's constraint that stands alone.
pub(in crate::sqlite) fn read_constraint(definition: &str) -> Result<Constraint, Unreadable> {
    alone(definition, constraint::of_table)
}

fn alone<T>(text: &str, read: fn(&mut Cursor<'_>) -> Result<T, Unreadable>) -> Result<T, Unreadable> {
    let tokens = significant(text).map_err(|at| Unreadable { at })?;
    let mut cursor = Cursor { sql: text, tokens: &tokens, at: 0 };
    let found = read(&mut cursor)?;
    cursor.peek().map_or(Ok(found), |more| Err(Unreadable { at: more.start }))
}

fn column(cursor: &mut Cursor<'_>) -> Result<Column, Unreadable> {
    let name = cursor.name()?;
    let mut declared = name.end..name.end;
    while cursor.peek().is_some_and(Token::can_name) && !constraint::begins(cursor) {
        let word = cursor.advance()?;
        let start = if declared.is_empty() { word.start } else { declared.start };
        declared = start..word.end;
    }
    if !declared.is_empty() && cursor.is("(") {
        declared.end = cursor.group()?.end;
    }
    let constraints = constraint::of_column(cursor)?;
    let span = name.start..cursor.end_of_last();
    Ok(Column { name: unquoted(name.text(cursor.sql)), declared, constraints, span })
}

/// A walk along the tokens that say something.
pub(in crate::sqlite) struct Cursor<'t> {
    pub(in crate::sqlite) sql: &'t str,
    pub(in crate::sqlite) tokens: &'t [Token],
    pub(in crate::sqlite) at: usize,
}

impl<'t> Cursor<'t> {
    pub(in crate::sqlite) fn peek(&self) -> Option<Token> {
        self.tokens.get(self.at).copied()
    }

    /// The place of the next token, or the end of the text.
    pub(in crate::sqlite) fn place(&self) -> usize {
        self.peek().map_or(self.sql.len(), |token| token.start)
    }

    pub(in crate::sqlite) fn end_of_last(&self) -> usize {
        self.at.checked_sub(1).map_or(0, |last| self.tokens[last].end)
    }

    pub(in crate::sqlite) fn unreadable<T>(&self) -> Result<T, Unreadable> {
        Err(Unreadable { at: self.place() })
    }

    /// Tells whether the tokens ahead are these bare words or symbols.
    pub(in crate::sqlite) fn ahead(&self, words: &[&str]) -> bool {
        let said = self.tokens[self.at.min(self.tokens.len())..].iter().map(|token| token.text(self.sql));
        said.clone().take(words.len()).count() == words.len()
            && said.zip(words).all(|(text, word)| text.eq_ignore_ascii_case(word))
    }

    pub(in crate::sqlite) fn is(&self, word: &str) -> bool {
        self.ahead(&[word])
    }

    pub(in crate::sqlite) fn take(&mut self, word: &str) -> bool {
        self.take_words(&[word])
    }

    pub(in crate::sqlite) fn take_words(&mut self, words: &[&str]) -> bool {
        let there = self.ahead(words);
        self.at += if there { words.len() } else { 0 };
        there
    }

    pub(in crate::sqlite) fn expect(&mut self, word: &str) -> Result<Token, Unreadable> {
        if self.is(word) { self.advance() } else { self.unreadable() }
    }

    pub(in crate::sqlite) fn expect_words(&mut self, words: &[&str]) -> Result<(), Unreadable> {
        if self.take_words(words) { Ok(()) } else { self.unreadable() }
    }

    pub(in crate::sqlite) fn advance(&mut self) -> Result<Token, Unreadable> {
        let token = self.peek().ok_or(Unreadable { at: self.sql.len() })?;
        self.at += 1;
        Ok(token)
    }

    pub(in crate::sqlite) fn name(&mut self) -> Result<Token, Unreadable> {
        if self.peek().is_some_and(Token::can_name) { self.advance() } else { self.unreadable() }
    }

    /// Passes a group in parentheses; gives the tokens between them.
    pub(in crate::sqlite) fn group(&mut self) -> Result<Group<'t>, Unreadable> {
        self.expect("(")?;
        let first = self.at;
        let mut depth = 1;
        while depth > 0 {
            let token = self.advance()?;
            depth = match token.text(self.sql) {
                "(" => depth + 1,
                ")" => depth - 1,
                _ => depth,
            };
        }
        Ok(Group { tokens: &self.tokens[first..self.at - 1], end: self.end_of_last() })
    }
}

/// What stands in parentheses.
pub(in crate::sqlite) struct Group<'t> {
    pub(in crate::sqlite) tokens: &'t [Token],
    pub(in crate::sqlite) end: usize,
}

impl Group<'_> {
    /// The names that begin its parts.
    pub(in crate::sqlite) fn names(&self, sql: &str) -> Vec<String> {
        let begins = |index: usize| index == 0 || self.tokens[index - 1].text(sql) == ",";
        let first = self.tokens.iter().enumerate().filter(|(index, token)| begins(*index) && token.can_name());
        first.map(|(_, token)| unquoted(token.text(sql))).collect()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn parts<'t>(sql: &'t str, constraints: &[Constraint]) -> Vec<(Kind, &'t str)> {
        constraints.iter().map(|own| (own.kind, &sql[own.span.clone()])).collect()
    }

    #[test]
    fn every_part_of_a_column_is_found_where_it_stands() {
        let sql =
            "CREATE TABLE [t] (\"a,\" unsigned big int (1, -2) constraint n not null on conflict fail/* , */default - 5
            references p (x) on delete set default match full not deferrable initially deferred check ((1) , ')')
            constraint lonely, generated, key generated always as (a) stored collate 'x', c null default null)";
        let table = read(sql).expect("it can be read");
        let declared: Vec<_> =
            table.columns.iter().map(|column| (column.name.as_str(), &sql[column.declared.clone()])).collect();
        assert_eq!(declared, [("a,", "unsigned big int (1, -2)"), ("generated", ""), ("key", ""), ("c", "")]);
        let foreign = "references p (x) on delete set default match full not deferrable initially deferred";
        let expected = [
            (Kind::NotNull, "constraint n not null on conflict fail"),
            (Kind::Default, "default - 5"),
            (Kind::ForeignKey, foreign),
            (Kind::Check, "check ((1) , ')')"),
            (Kind::NameAlone, "constraint lonely"),
        ];
        assert_eq!(parts(sql, &table.columns[0].constraints), expected);
        let expected =
            [(Kind::Generated { stored: true }, "generated always as (a) stored"), (Kind::Collate, "collate 'x'")];
        assert_eq!(parts(sql, &table.columns[2].constraints), expected);
        let expected = [(Kind::Null, "null"), (Kind::Default, "default null")];
        assert_eq!(parts(sql, &table.columns[3].constraints), expected);
    }

    #[test]
    fn constraints_of_the_table_need_no_commas() {
        let sql = "CREATE TABLE t(a, b, constraint k primary key (b desc, \"a\" collate x) on conflict replace
            unique (a) check (a), foreign key (b, a) references p constraint last) without rowid, STRICT";
        let table = read(sql).expect("it can be read");
        let expected = [
            (Kind::PrimaryKey, "constraint k primary key (b desc, \"a\" collate x) on conflict replace"),
            (Kind::Unique, "unique (a)"),
            (Kind::Check, "check (a)"),
            (Kind::ForeignKey, "foreign key (b, a) references p"),
            (Kind::NameAlone, "constraint last"),
        ];
        assert_eq!(parts(sql, &table.constraints), expected);
        assert_eq!(table.primary_key(), ["b", "a"]);
        assert!(table.has_option("strict") && table.has_option("rowid") && !table.has_option("primary"));
    }

    #[test]
    fn what_cannot_be_read_is_told_by_its_place() {
        for (sql, at) in [
            ("create table t (a 5)", 18),
            ("create table t (a,)", 18),
            ("create table t (a", 17),
            ("create table t (a ')", 18),
            ("create table t (a not 5)", 18),
            ("create table t as select 1", 15),
            ("create view v as select 1", 0),
        ] {
            assert_eq!(read(sql).expect_err(sql), Unreadable { at }, "{sql}");
        }
    }
}
