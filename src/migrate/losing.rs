//! What a statement in one engine's own SQL destroys, as far as its text tells.

use sqlparser::dialect::{Dialect, PostgreSqlDialect, SQLiteDialect};
use sqlparser::tokenizer::{Token, Tokenizer};

use crate::schema::Engine;
use crate::schema::language::words::first_words;
use crate::schema::reverse::Loss;

/// Says what a statement destroys, if it destroys anything.
pub(super) fn losses(engine: Engine, text: &str) -> Vec<Loss> {
    match tokens(engine, text) {
        Some(tokens) => all_losses(engine, &tokens),
        None => {
            let words = first_words(text, usize::MAX);
            let destroys = words.iter().any(|word| matches!(word.as_str(), "drop" | "truncate" | "delete"));
            if destroys { vec![uncounted("what a statement holds that cannot be read")] } else { Vec::new() }
        }
    }
}

/// The index that a statement builds without locking its table, and the table: its schema, where it is written, and name.
pub(super) fn index_built_concurrently(text: &str) -> Option<(String, Option<String>, String)> {
    let tokens = tokens(Engine::Postgres, text)?;
    let mut reader = Reader { engine: Engine::Postgres, rest: &tokens };
    reader.takes("create").then_some(())?;
    reader.takes("unique");
    (reader.takes("index") && reader.takes("concurrently")).then_some(())?;
    reader.skip(&["if", "not", "exists"]);
    let (_, index) = reader.name()?;
    reader.takes("on").then_some(())?;
    reader.takes("only");
    let (schema, table) = reader.name()?;
    Some((index, schema, table))
}

/// A statement's tokens without blanks and comments.
fn tokens(engine: Engine, text: &str) -> Option<Vec<Token>> {
    let dialect: &dyn Dialect = match engine {
        Engine::Sqlite => &SQLiteDialect {},
        Engine::Postgres => &PostgreSqlDialect {},
    };
    let tokens = Tokenizer::new(dialect, text).tokenize().ok()?;
    Some(tokens.into_iter().filter(|token| !matches!(token, Token::Whitespace(_))).collect())
}

fn all_losses(engine: Engine, tokens: &[Token]) -> Vec<Loss> {
    let first = tokens.first().and_then(word).unwrap_or_default();
    match first.as_str() {
        "do" if engine == Engine::Postgres => tokens.iter().flat_map(|token| block_losses(engine, token)).collect(),
        // The body of a trigger or function destroys nothing yet.
        "create" => Vec::new(),
        "drop" => dropped(Reader { engine, rest: tokens }),
        "truncate" => truncated(Reader { engine, rest: tokens }),
        "alter" => altered(Reader { engine, rest: tokens }),
        _ => deleted(engine, tokens),
    }
}

/// What the body of a `do` destroys: statement by statement, each from the first word that may destroy.
fn block_losses(engine: Engine, token: &Token) -> Vec<Loss> {
    let body = match token {
        Token::DollarQuotedString(body) => &body.value,
        Token::SingleQuotedString(body) => body,
        _ => return Vec::new(),
    };
    let Some(tokens) = tokens(engine, body) else { return losses(engine, body) };
    let of_part = |part: &[Token]| {
        let executes = part.iter().any(|token| word(token).as_deref() == Some("execute"));
        let destroys = |token: &Token| match token {
            Token::SingleQuotedString(text) => !losses(engine, text).is_empty(),
            _ => false,
        };
        if executes && part.iter().any(destroys) {
            return vec![uncounted("what a block executes")];
        }
        let starts = |token: &Token| matches!(word(token).as_deref(), Some("drop" | "truncate" | "alter" | "delete"));
        part.iter().position(starts).map_or_else(Vec::new, |start| all_losses(engine, &part[start..]))
    };
    tokens.split(|token| *token == Token::SemiColon).flat_map(of_part).collect()
}

fn dropped(mut reader: Reader<'_>) -> Vec<Loss> {
    reader.takes("drop");
    let cascades = reader.rest.iter().any(|token| word(token).as_deref() == Some("cascade"));
    let kind = reader.rest.first().and_then(word).unwrap_or_default();
    reader.takes(&kind);
    match kind.as_str() {
        "table" => reader.tables(),
        "materialized" => {
            reader.takes("view");
            reader.tables()
        }
        "schema" if cascades => reader.names().map_or_else(
            || vec![uncounted("everything in a schema")],
            |names| names.into_iter().map(|(_, schema)| Loss::Schema { schema }).collect(),
        ),
        "type" | "domain" if cascades => vec![uncounted("the values of every column of a dropped type")],
        "extension" if cascades => vec![uncounted("everything that needs a dropped extension")],
        "owned" | "database" => vec![uncounted("everything in it")],
        _ => Vec::new(),
    }
}

fn truncated(mut reader: Reader<'_>) -> Vec<Loss> {
    reader.takes("truncate");
    reader.takes("table");
    reader.tables()
}

fn altered(mut reader: Reader<'_>) -> Vec<Loss> {
    reader.takes("alter");
    if !reader.takes("table") {
        return Vec::new();
    }
    reader.skip(&["if", "exists", "only"]);
    let table = reader.name();
    let mut depth = 0_i32;
    let ends = |token: &Token| {
        depth += match token {
            Token::LParen => 1,
            Token::RParen => -1,
            _ => 0,
        };
        depth == 0 && *token == Token::Comma
    };
    let engine = reader.engine;
    let actions = reader.rest.split(ends).filter_map(|rest| lost_by_action(Reader { engine, rest }));
    let loss = |(column, narrowed): (Option<String>, bool)| match (&table, column) {
        (Some((schema, table)), Some(column)) => {
            Loss::Written { schema: schema.clone(), table: table.clone(), column: Some(column), narrowed }
        }
        _ => uncounted("the values of a column"),
    };
    actions.map(loss).collect()
}

/// The column whose values an action of `alter table` destroys, and whether a new type does it.
fn lost_by_action(mut reader: Reader<'_>) -> Option<(Option<String>, bool)> {
    if matches!(reader.rest.first(), Some(Token::Mul)) {
        reader.rest = &reader.rest[1..];
    }
    if reader.takes("drop") {
        if reader.takes("constraint") {
            return None;
        }
        reader.skip(&["column", "if", "exists"]);
        return Some((reader.part(), false));
    }
    let retypes = |word: &str| reader.rest.iter().any(|token| self::word(token).as_deref() == Some(word));
    if !(retypes("type") && retypes("using") && reader.takes("alter")) {
        return None;
    }
    reader.takes("column");
    Some((reader.part(), true))
}

/// What every `delete` without a condition takes, wherever it stands in a statement.
fn deleted(engine: Engine, tokens: &[Token]) -> Vec<Loss> {
    let mut found = Vec::new();
    for start in 0..tokens.len() {
        let mut reader = Reader { engine, rest: &tokens[start..] };
        if reader.takes("delete") && reader.takes("from") {
            reader.takes("only");
            let table = reader.name();
            if !reader.is_limited() {
                found.push(table.map_or_else(|| uncounted("the rows of a table"), rows_of));
            }
        }
    }
    found
}

fn rows_of((schema, table): (Option<String>, String)) -> Loss {
    Loss::Written { schema, table, column: None, narrowed: false }
}

fn uncounted(what: &str) -> Loss {
    Loss::Uncounted { what: what.to_owned() }
}

/// A word without quotes, in lower case.
fn word(token: &Token) -> Option<String> {
    match token {
        Token::Word(word) if word.quote_style.is_none() => Some(word.value.to_ascii_lowercase()),
        _ => None,
    }
}

/// Reads a statement's tokens from the left.
struct Reader<'t> {
    engine: Engine,
    rest: &'t [Token],
}

impl Reader<'_> {
    fn takes(&mut self, wanted: &str) -> bool {
        let is_next = self.rest.first().and_then(word).is_some_and(|next| next == wanted);
        if is_next {
            self.rest = &self.rest[1..];
        }
        is_next
    }

    fn skip(&mut self, words: &[&str]) {
        for word in words {
            self.takes(word);
        }
    }

    /// A part of a name, as the engine understands it.
    fn part(&mut self) -> Option<String> {
        let part = match self.rest.first()? {
            Token::Word(word) if word.quote_style.is_none() && self.engine == Engine::Postgres => {
                word.value.to_ascii_lowercase()
            }
            Token::Word(word) => word.value.clone(),
            Token::SingleQuotedString(name) if self.engine == Engine::Sqlite => name.clone(),
            _ => return None,
        };
        self.rest = &self.rest[1..];
        Some(part)
    }

    /// A name, and the schema written before it.
    fn name(&mut self) -> Option<(Option<String>, String)> {
        let (mut schema, mut name) = (None, self.part()?);
        while self.rest.first() == Some(&Token::Period) {
            self.rest = &self.rest[1..];
            schema = Some(std::mem::replace(&mut name, self.part()?));
        }
        Some((schema, name))
    }

    fn names(&mut self) -> Option<Vec<(Option<String>, String)>> {
        self.skip(&["if", "exists"]);
        let mut names = Vec::new();
        loop {
            self.takes("only");
            names.push(self.name()?);
            if self.rest.first() == Some(&Token::Mul) {
                self.rest = &self.rest[1..];
            }
            if self.rest.first() != Some(&Token::Comma) {
                return Some(names);
            }
            self.rest = &self.rest[1..];
        }
    }

    fn tables(&mut self) -> Vec<Loss> {
        let names = self.names();
        names.map_or_else(|| vec![uncounted("the rows of a table")], |names| names.into_iter().map(rows_of).collect())
    }

    /// Tells whether a condition follows that looks at the rows, before the statement ends.
    fn is_limited(&self) -> bool {
        let (mut depth, mut inside) = (0_i32, false);
        for token in self.rest {
            match token {
                Token::LParen => depth += 1,
                Token::RParen if depth == 0 => return false,
                Token::RParen => depth -= 1,
                Token::Word(_) => match word(token).as_deref() {
                    Some("where") if depth == 0 => inside = true,
                    Some("returning") if depth == 0 => return false,
                    Some("true" | "false" | "not" | "null" | "is" | "and" | "or") => {}
                    _ if inside => return true,
                    _ => {}
                },
                _ => {}
            }
        }
        false
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn told(engine: Engine, text: &str) -> Vec<String> {
        losses(engine, text).iter().map(Loss::to_string).collect()
    }

    #[test]
    fn what_a_statement_destroys_is_told_by_its_text() {
        for (text, expected) in [
            ("drop table if exists a, \"B b\" cascade", &["the rows of table a", "the rows of table B b"][..]),
            ("drop table b.t", &["the rows of table b.t"]),
            ("DROP TABLE Users", &["the rows of table users"]),
            ("drop materialized view V", &["the rows of table v"]),
            ("alter table only public.t drop column if exists c", &["the values of column public.t.c"]),
            (
                "alter table t add a int, add b numeric(3, 1), add c int, add d int, drop column e, drop F",
                &["the values of column t.e", "the values of column t.f"],
            ),
            (
                "alter table t alter column c type int using 1",
                &["what the new type of column t.c does not keep of its values"],
            ),
            ("delete from only t", &["the rows of table t"]),
            ("with x as (select 1) delete from t", &["the rows of table t"]),
            ("with x as (delete from t returning *) insert into u select * from x", &["the rows of table t"]),
            ("delete from t where (true) or 1 = 1", &["the rows of table t"]),
            ("delete from t where a = 1", &[]),
            ("truncate t, Only_t", &["the rows of table t", "the rows of table only_t"]),
            ("drop schema s cascade", &["everything in schema s"]),
            ("drop schema s", &[]),
            ("drop type y cascade", &["the values of every column of a dropped type"]),
            ("do $$ begin if true then drop table t; end if; end $$", &["the rows of table t"]),
            ("do $$ begin execute 'drop table t'; end $$", &["what a block executes"]),
            ("alter table t drop constraint c", &[]),
            ("drop index i", &[]),
            ("drop view v", &[]),
            ("alter publication p drop table t", &[]),
            ("insert into t values ('drop table t')", &[]),
        ] {
            assert_eq!(told(Engine::Postgres, text), expected, "{text}");
        }
    }

    #[test]
    fn sqlite_names_a_table_in_four_ways() {
        for text in ["drop table [a b]", "drop table `a b`", "drop table \"a b\"", "drop table 'a b'"] {
            assert_eq!(told(Engine::Sqlite, text), ["the rows of table a b"], "{text}");
        }
        assert_eq!(told(Engine::Sqlite, "create trigger g after insert on t begin delete from u; end"), [""; 0]);
    }

    #[test]
    fn an_index_is_known_with_the_table_as_it_is_written() {
        let text = "create unique index concurrently if not exists Ix on only App.\"T\" (a)";
        assert_eq!(index_built_concurrently(text), Some(("ix".into(), Some("app".into()), "T".into())));
        assert_eq!(index_built_concurrently("create index i on t (a)"), None);
    }
}
