//! Reads from a stored CREATE statement what no pragma tells: names of constraints, CHECKs, DEFERRABLE, expressions.
//!
//! SQLite takes more than the parser does, so a statement that is beyond it is read part by part ([`parts`]): what one
//! part says oddly hides nothing of the others.

use sqlparser::ast::{
    ColumnOption, ConstraintCharacteristics, CreateTable, DeferrableInitial, Expr, ForeignKeyConstraint, Ident,
    IndexColumn, ObjectName, OrderBySort, Statement, TableConstraint,
};
use sqlparser::dialect::SQLiteDialect;
use sqlparser::parser::Parser;
use sqlparser::tokenizer::Tokenizer;

use crate::schema::depth::is_too_deep;
use crate::schema::{Deferrable, ForeignKey, KeyOf, KeyPart};

mod parts;

/// What the text of a CREATE TABLE adds to the pragmas.
#[derive(Debug, Default)]
pub(super) struct CreateText {
    pub(super) primary_key_name: Option<String>,
    pub(super) checks: Vec<(Option<String>, String)>,
    uniques: Vec<(String, Vec<String>)>,
    collations: Vec<(String, String)>,
    generated: Vec<(String, String)>,
    foreign_keys: Vec<ReferenceText>,
}

#[derive(Debug)]
struct ReferenceText {
    name: Option<String>,
    columns: Vec<String>,
    deferrable: Deferrable,
}

impl CreateText {
    /// The name given to the unique constraint over exactly these columns.
    pub(super) fn unique_name(&self, columns: &[KeyPart]) -> Option<String> {
        let same = |named: &[String]| {
            named.len() == columns.len()
                && named
                    .iter()
                    .zip(columns)
                    .all(|(name, part)| matches!(&part.of, KeyOf::Column(column) if column.eq_ignore_ascii_case(name)))
        };
        self.uniques.iter().find(|(_, named)| same(named)).map(|(name, _)| name.clone())
    }

    /// The collation of a column when it is not that of bytes.
    pub(super) fn collation(&self, column: &str) -> Option<String> {
        let own = self.collations.iter().find(|(name, _)| name.eq_ignore_ascii_case(column));
        own.map(|(_, collation)| collation.clone()).filter(|name| is_not_of_bytes(name))
    }

    /// The expression of which a column is computed.
    pub(super) fn generated(&self, column: &str) -> Option<String> {
        let own = self.generated.iter().find(|(name, _)| name.eq_ignore_ascii_case(column));
        own.map(|(_, expression)| expression.clone())
    }

    /// Adds a foreign key's name and DEFERRABLE clause.
    pub(super) fn complete(&self, key: &mut ForeignKey) {
        let same = |reference: &&ReferenceText| {
            reference.columns.len() == key.columns.len()
                && reference.columns.iter().zip(&key.columns).all(|(text, column)| text.eq_ignore_ascii_case(column))
        };
        if let Some(reference) = self.foreign_keys.iter().find(same) {
            key.name.clone_from(&reference.name);
            key.deferrable = reference.deferrable;
        }
    }

    fn take_reference(&mut self, key: &ForeignKeyConstraint, name: Option<&Ident>, columns: Vec<String>) {
        let name = name.or(key.name.as_ref()).map(|name| name.value.clone());
        self.foreign_keys.push(ReferenceText { name, columns, deferrable: deferrable(key.characteristics) });
    }

    fn take_constraint(&mut self, constraint: TableConstraint) {
        match constraint {
            TableConstraint::PrimaryKey(key) => self.primary_key_name = key.name.map(|name| name.value),
            TableConstraint::Unique(unique) => {
                let columns = unique.columns.iter().map(column_name).collect();
                self.uniques.extend(unique.name.map(|name| (name.value, columns)));
            }
            TableConstraint::Check(check) => {
                self.checks.push((check.name.map(|name| name.value), check.expr.to_string()));
            }
            TableConstraint::ForeignKey(key) => {
                let columns = key.columns.iter().map(|column| column.value.clone()).collect();
                self.take_reference(&key, None, columns);
            }
            _ => {}
        }
    }

    fn take_option(&mut self, column: &Ident, name: Option<Ident>, option: ColumnOption) {
        match option {
            ColumnOption::PrimaryKey(_) => self.primary_key_name = name.map(|name| name.value),
            ColumnOption::Unique(_) => {
                self.uniques.extend(name.map(|name| (name.value, vec![column.value.clone()])));
            }
            ColumnOption::Check(check) => {
                let name = name.or(check.name);
                self.checks.push((name.map(|name| name.value), check.expr.to_string()));
            }
            ColumnOption::Collation(collation) => self.collations.push((column.value.clone(), unquoted(&collation))),
            ColumnOption::Generated { generation_expr: Some(expression), .. } => {
                self.generated.push((column.value.clone(), expression.to_string()));
            }
            ColumnOption::ForeignKey(key) => self.take_reference(&key, name.as_ref(), vec![column.value.clone()]),
            _ => {}
        }
    }

    fn take_table(&mut self, table: CreateTable) {
        for column in table.columns {
            for option in column.options {
                self.take_option(&column.name, option.name, option.option);
            }
        }
        for constraint in table.constraints {
            self.take_constraint(constraint);
        }
    }
}

/// Parses the text of a CREATE TABLE; `None` when it cannot be read.
pub(super) fn parse(sql: &str) -> Option<CreateText> {
    let mut text = CreateText::default();
    if let Some(Statement::CreateTable(table)) = parse_one(sql) {
        text.take_table(table);
        return Some(text);
    }
    for part in parts::of_table(sql)? {
        match (parse_one(&part.statement), part.check) {
            (Some(Statement::CreateTable(table)), _) => text.take_table(table),
            (_, Some(check)) => text.checks.push((part.name, check.to_owned())),
            _ => {}
        }
    }
    Some(text)
}

/// Tells whether a statement that could not be parsed may hold anything that the pragmas do not tell.
pub(super) fn may_hold_more_than_pragmas_tell(sql: &str) -> bool {
    let upper = sql.to_uppercase();
    ["CHECK", "CONSTRAINT", "DEFERRABLE"].iter().any(|word| upper.contains(word))
}

/// Parses a CREATE INDEX and fills in the expressions among its parts; `None` when it cannot be read.
pub(super) fn parse_index(sql: &str, parts: Vec<Option<KeyPart>>) -> Option<(Vec<KeyPart>, Option<String>)> {
    let plain = parts.iter().all(Option::is_some) && !sql.to_uppercase().contains("WHERE");
    if plain {
        return Some((parts.into_iter().flatten().collect(), None));
    }
    let (told, predicate) = match parse_one(sql) {
        Some(Statement::CreateIndex(index)) => {
            (index.columns.iter().map(expression).collect(), index.predicate.map(|predicate| predicate.to_string()))
        }
        _ => cut_index(sql)?,
    };
    if told.len() != parts.len() {
        return None;
    }
    let keys = parts.into_iter().zip(told).map(|(part, told)| part.unwrap_or(told));
    Some((keys.collect(), predicate))
}

/// The parts of an index as they are written.
fn cut_index(sql: &str) -> Option<(Vec<KeyPart>, Option<String>)> {
    let (told, predicate) = parts::of_index(sql)?;
    let told = told.into_iter().map(|part| KeyPart {
        of: KeyOf::Expression(part.expression.to_owned()),
        descending: part.descending,
        collation: part.collation.filter(|name| is_not_of_bytes(name)),
    });
    Some((told.collect(), predicate.map(str::to_owned)))
}

fn expression(text: &IndexColumn) -> KeyPart {
    let (expr, collation) = match &text.column.expr {
        Expr::Collate { expr, collation } => {
            (expr.as_ref(), Some(unquoted(collation)).filter(|name| is_not_of_bytes(name)))
        }
        expr => (expr, None),
    };
    let descending = text.column.options.sort == Some(OrderBySort::Desc);
    KeyPart { of: KeyOf::Expression(expr.to_string()), descending, collation }
}

/// Tells whether a collation is another than that of bytes, which is there without being named.
fn is_not_of_bytes(collation: &str) -> bool {
    !collation.eq_ignore_ascii_case("BINARY")
}

/// A collation's name; in quotes, it is the same name.
fn unquoted(name: &ObjectName) -> String {
    let ident = name.0.last().and_then(|part| part.as_ident());
    ident.map_or_else(|| name.to_string(), |ident| ident.value.clone())
}

fn column_name(column: &IndexColumn) -> String {
    match &column.column.expr {
        Expr::Identifier(name) => name.value.clone(),
        expr => expr.to_string(),
    }
}

fn deferrable(characteristics: Option<ConstraintCharacteristics>) -> Deferrable {
    match characteristics {
        Some(ConstraintCharacteristics { deferrable: Some(true), initially, .. }) => {
            if initially == Some(DeferrableInitial::Deferred) {
                Deferrable::InitiallyDeferred
            } else {
                Deferrable::InitiallyImmediate
            }
        }
        _ => Deferrable::No,
    }
}

fn parse_one(sql: &str) -> Option<Statement> {
    let tokens = Tokenizer::new(&SQLiteDialect {}, sql).tokenize().ok().filter(|tokens| !is_too_deep(tokens))?;
    let mut statements = Parser::new(&SQLiteDialect {}).with_tokens(tokens).parse_statements().ok()?;
    if statements.len() == 1 { statements.pop() } else { None }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn column(name: &str) -> KeyPart {
        KeyPart { of: KeyOf::Column(name.into()), descending: false, collation: None }
    }

    #[test]
    fn names_and_checks_are_read_from_columns_and_from_the_table() {
        let text = parse(
            "create table t (id integer constraint pk primary key, a text constraint ua unique check (a <> ''),
             b int, constraint ub unique (a, b), constraint positive check (b > 0))",
        )
        .expect("parses");
        assert_eq!(text.primary_key_name.as_deref(), Some("pk"));
        assert_eq!(text.unique_name(&[column("A")]).as_deref(), Some("ua"));
        assert_eq!(text.unique_name(&[column("a"), column("b")]).as_deref(), Some("ub"));
        assert_eq!(text.checks, [(None, "a <> ''".into()), (Some("positive".into()), "b > 0".into())]);
    }

    #[test]
    fn a_check_that_is_too_deep_for_a_tree_is_read_as_it_stands() {
        let deep = vec!["a = 1"; 20_000].join(" or ");
        let text = parse(&format!("create table t (a int, constraint deep check ({deep}), constraint u unique (a))"));
        let text = text.expect("its parts are found");
        assert_eq!(text.checks, [(Some("deep".into()), deep.clone())]);
        assert_eq!(text.unique_name(&[column("a")]).as_deref(), Some("u"));
        let index = format!("create index i on t (a) where {deep}");
        let (_, predicate) = parse_index(&index, vec![Some(column("a"))]).expect("it is cut");
        assert_eq!(predicate, Some(deep));
    }

    #[test]
    fn a_deferrable_reference_stays_deferrable() {
        let text =
            parse("create table t (a int, constraint f foreign key (a) references p deferrable initially deferred)")
                .expect("parses");
        assert_eq!(text.foreign_keys[0].deferrable, Deferrable::InitiallyDeferred);
        assert_eq!(text.foreign_keys[0].name.as_deref(), Some("f"));
    }

    #[test]
    fn an_index_keeps_its_expression_and_its_predicate() {
        let (keys, predicate) = parse_index(
            "create unique index i on t (lower(email), b desc) where email is not null",
            vec![None, Some(KeyPart { descending: true, ..column("b") })],
        )
        .expect("parses");
        assert_eq!(keys[0].of, KeyOf::Expression("lower(email)".into()));
        assert!(keys[1].descending);
        assert_eq!(predicate.as_deref(), Some("email IS NOT NULL"));
    }
}
