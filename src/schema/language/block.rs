//! Statements of one engine, as they stand in a block `-- only: …` of a portable file.

use super::scan::{LexemeKind, Lexing, Scanner};
use super::split::split;
use crate::schema::Engine;

/// The statements of a text in an engine's own words, each so that it can stand in a block; none where one cannot.
///
/// Comments around them are left out. One inside that would end the block is written in the other form.
pub fn statements(engine: Engine, sql: &str) -> Option<Vec<String>> {
    let pieces = split(sql, lexing(engine)).ok()?;
    let statements: Vec<String> =
        pieces.iter().map(|piece| without_directives(engine, piece.text)).collect::<Option<_>>()?;
    let block = write(engine, &[], &statements);
    let found = split(&block, Lexing::Portable).ok()?;
    let is_whole = found.iter().map(|piece| piece.text).eq(statements.iter().map(String::as_str));
    is_whole.then_some(statements)
}

/// Writes a block, with remarks at its head; nothing where there is no statement.
pub fn write(engine: Engine, remarks: &[String], statements: &[String]) -> String {
    if statements.is_empty() {
        return String::new();
    }
    let word = match engine {
        Engine::Sqlite => "sqlite",
        Engine::Postgres => "postgres",
    };
    let remarks: String = remarks.iter().map(|line| format!("-- {line}\n")).collect();
    let statements: String = statements.iter().map(|sql| format!("{sql};\n")).collect();
    format!("-- only: {word}\n{remarks}{statements}-- end\n")
}

fn lexing(engine: Engine) -> Lexing {
    match engine {
        Engine::Sqlite => Lexing::Sqlite,
        Engine::Postgres => Lexing::Postgres,
    }
}

/// A statement whose comments say nothing to a reader of blocks.
fn without_directives(engine: Engine, statement: &str) -> Option<String> {
    let mut scanner = Scanner::new(statement, lexing(engine));
    let (mut text, mut from) = (String::new(), 0);
    while let Some(lexeme) = scanner.next().ok()? {
        let said = &statement[lexeme.start.offset..lexeme.end];
        let Some(words) = said.strip_prefix("--").map(str::trim) else { continue };
        if lexeme.kind == LexemeKind::Comment && (words == "end" || words.starts_with("only:")) {
            text.push_str(&statement[from..lexeme.start.offset]);
            text.push_str(&format!("/* {} */", words.replace("*/", "* /")));
            from = lexeme.end;
        }
    }
    Some(text + &statement[from..])
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_words_that_end_a_block_do_no_harm_in_a_statement() {
        let trigger = "create trigger g after insert on t begin\n-- end\nselect 1; -- only: sqlite\nend";
        let written = trigger.replace("-- end", "/* end */").replace("-- only: sqlite", "/* only: sqlite */");
        assert_eq!(statements(Engine::Sqlite, trigger), Some(vec![written]));
        let function = "create function f() returns int language plpgsql as $$\nbegin\n-- end\nreturn 1;\nend $$";
        assert_eq!(statements(Engine::Postgres, function), Some(vec![function.to_owned()]));
    }

    #[test]
    fn several_statements_stand_each_for_itself() {
        let sql = "create table t (a); -- the first\ncreate index i on t (a) -- the second\n";
        let expected = ["create table t (a)", "create index i on t (a)"].map(str::to_owned).to_vec();
        assert_eq!(statements(Engine::Sqlite, sql), Some(expected.clone()));
        let block = write(Engine::Sqlite, &["so it is".to_owned()], &expected);
        assert_eq!(block, "-- only: sqlite\n-- so it is\ncreate table t (a);\ncreate index i on t (a);\n-- end\n");
    }

    #[test]
    fn what_has_no_end_cannot_stand_in_a_block() {
        assert_eq!(statements(Engine::Postgres, "select 'a"), None);
    }
}
