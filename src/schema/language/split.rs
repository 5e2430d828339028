//! Splits a script into its statements, each with its place.

use super::error::{LanguageError, Position};
use super::scan::{Lexeme, LexemeKind, Lexing, Scanner};
use crate::schema::Engine;

/// One statement of a script.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Piece<'t> {
    /// The statement, without the comments around it and without its semicolon.
    pub text: &'t str,
    /// Where it begins.
    pub at: Position,
    /// The engine that alone runs it, when it stands in a block `-- only: …`.
    pub only: Option<Engine>,
}

/// Splits a script into statements. Blocks `-- only: …` … `-- end` are known in the portable language alone.
pub fn split(text: &str, lexing: Lexing) -> Result<Vec<Piece<'_>>, LanguageError> {
    let mut scanner = Scanner::new(text, lexing);
    let mut splitter = Splitter { text, lexing, pieces: Vec::new(), open: None, block: None };
    while let Some(lexeme) = scanner.next()? {
        splitter.take(lexeme)?;
        scanner.lexing = splitter.lexing();
    }
    splitter.finish()
}

struct Splitter<'t> {
    text: &'t str,
    lexing: Lexing,
    pieces: Vec<Piece<'t>>,
    open: Option<Open>,
    block: Option<(Engine, Position)>,
}

/// A statement that has begun.
struct Open {
    start: Position,
    end: usize,
    /// The first words, in lower case.
    words: Vec<String>,
    parentheses: Vec<Position>,
    /// `begin` and `case` that wait for their `end`.
    bodies: Vec<Position>,
    previous: String,
}

impl<'t> Splitter<'t> {
    /// How the text is read from here on.
    fn lexing(&self) -> Lexing {
        match self.block {
            Some((Engine::Sqlite, _)) => Lexing::Sqlite,
            Some((Engine::Postgres, _)) => Lexing::Postgres,
            None => self.lexing,
        }
    }

    fn take(&mut self, lexeme: Lexeme) -> Result<(), LanguageError> {
        let text = &self.text[lexeme.start.offset..lexeme.end];
        match lexeme.kind {
            LexemeKind::Comment if self.lexing == Lexing::Portable => return self.directive(text, lexeme.start),
            LexemeKind::Comment => return Ok(()),
            LexemeKind::Symbol(';') if self.open.as_ref().is_none_or(Open::may_end) => {
                self.close();
                return Ok(());
            }
            _ => {}
        }
        let lexing = self.lexing();
        self.open.get_or_insert_with(|| Open::at(lexeme.start)).take(lexeme, text, lexing);
        Ok(())
    }

    fn close(&mut self) {
        if let Some(open) = self.open.take() {
            let text = &self.text[open.start.offset..open.end];
            self.pieces.push(Piece { text, at: open.start, only: self.block.map(|(engine, _)| engine) });
        }
    }

    /// Opens or closes a block when a comment says so.
    fn directive(&mut self, comment: &str, at: Position) -> Result<(), LanguageError> {
        let Some(words) = comment.strip_prefix("--").map(str::trim) else { return Ok(()) };
        let only = words.strip_prefix("only:").map(str::trim);
        if only.is_none() && words != "end" {
            return Ok(());
        }
        let refuse = |message: &str, help: &str| Err(LanguageError::new(at, comment.trim_end(), message, help));
        if self.open.is_some() {
            return refuse(
                "a block begins and ends between statements",
                "end the statement before it with a semicolon",
            );
        }
        match (only, self.block) {
            (Some("sqlite"), None) => self.block = Some((Engine::Sqlite, at)),
            (Some("postgres"), None) => self.block = Some((Engine::Postgres, at)),
            (Some(_), None) => return refuse("no engine has this name", "write -- only: sqlite or -- only: postgres"),
            (Some(_), Some(_)) => return refuse("the block before it is still open", "write -- end before this line"),
            (None, Some(_)) => self.block = None,
            (None, None) => return refuse("no block is open here", "remove this line, or open one with -- only: …"),
        }
        Ok(())
    }

    fn finish(mut self) -> Result<Vec<Piece<'t>>, LanguageError> {
        if let Some(open) = &self.open {
            if let Some(&at) = open.parentheses.last() {
                return Err(LanguageError::new(at, "(", "this parenthesis is not closed", "close it with )"));
            }
            if let Some(&at) = open.bodies.last() {
                let token = if open.previous.is_empty() { "" } else { "begin" };
                return Err(LanguageError::new(at, token, "this body has no end", "close it with end"));
            }
        }
        if let Some((_, at)) = self.block.filter(|_| self.open.is_none()) {
            return Err(LanguageError::new(at, "-- only:", "this block has no end", "write -- end after it"));
        }
        if let Some((_, at)) = self.block {
            let help = "end its last statement with a semicolon, and write -- end after it";
            return Err(LanguageError::new(at, "-- only:", "this block has no end", help));
        }
        self.close();
        Ok(self.pieces)
    }
}

impl Open {
    fn at(start: Position) -> Self {
        let (parentheses, bodies) = (Vec::new(), Vec::new());
        Self { start, end: start.offset, words: Vec::new(), parentheses, bodies, previous: String::new() }
    }

    fn may_end(&self) -> bool {
        self.parentheses.is_empty() && self.bodies.is_empty()
    }

    fn take(&mut self, lexeme: Lexeme, text: &str, lexing: Lexing) {
        self.end = lexeme.end;
        let previous = std::mem::replace(&mut self.previous, text.to_lowercase());
        match lexeme.kind {
            LexemeKind::Symbol('(') => self.parentheses.push(lexeme.start),
            LexemeKind::Symbol(')') => drop(self.parentheses.pop()),
            LexemeKind::Word => {
                let word = self.previous.clone();
                if self.words.len() < 5 {
                    self.words.push(word.clone());
                }
                // `new.end` is a column.
                if previous != "." {
                    self.body(&word, &previous, lexeme.start, lexing);
                }
            }
            _ => {}
        }
    }

    /// Follows `begin … end` of a SQLite trigger and `begin atomic … end` of a PostgreSQL function.
    fn body(&mut self, word: &str, previous: &str, at: Position, lexing: Lexing) {
        let opens = match lexing {
            Lexing::Sqlite => word == "begin" && self.bodies.is_empty() && self.is_trigger(),
            Lexing::Postgres => word == "atomic" && previous == "begin" && self.starts_with("create"),
            Lexing::Portable => false,
        };
        match word {
            _ if opens => self.bodies.push(at),
            "case" if !self.bodies.is_empty() => self.bodies.push(at),
            "end" => drop(self.bodies.pop()),
            _ => {}
        }
    }

    fn starts_with(&self, word: &str) -> bool {
        self.words.first().is_some_and(|first| first == word)
    }

    fn is_trigger(&self) -> bool {
        self.starts_with("create") && self.words.iter().take(3).any(|word| word == "trigger")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn texts(text: &str, lexing: Lexing) -> Vec<&str> {
        split(text, lexing).expect("is split").into_iter().map(|piece| piece.text).collect()
    }

    fn fault(text: &str, lexing: Lexing) -> (usize, usize, String) {
        let error = split(text, lexing).expect_err("is refused");
        (error.position.line, error.position.column, error.token)
    }

    #[test]
    fn a_statement_knows_where_it_begins() {
        let pieces = split("-- é\n  select 1 ;; \n\tselect 'ü'; select 2", Lexing::Portable).expect("is split");
        let places: Vec<_> = pieces.iter().map(|p| (p.text, p.at.line, p.at.column, p.at.offset)).collect();
        assert_eq!(places, [("select 1", 2, 3, 8), ("select 'ü'", 3, 2, 22), ("select 2", 3, 14, 35)]);
    }

    #[test]
    fn quotes_and_comments_hide_semicolons() {
        for lexing in [Lexing::Portable, Lexing::Sqlite, Lexing::Postgres] {
            assert_eq!(texts("select 'a;''b', \"c;\"\"\" -- ;\n, /* ; */ 1; x", lexing).len(), 2, "{lexing:?}");
        }
        assert_eq!(texts("do $$ a; $b$ ; $$; select E'\\';'; $f1$;$f$;$f1$", Lexing::Postgres).len(), 3);
        assert_eq!(texts("select [a;b], `c;``d`; x", Lexing::Sqlite).len(), 2);
        assert_eq!(texts("select e'\\'; x", Lexing::Sqlite).len(), 2);
        assert_eq!(texts("/* a /* ; */ ; */ select $1; x", Lexing::Postgres), ["select $1", "x"]);
        assert_eq!(texts("/* a /* ; */ select 1; x", Lexing::Sqlite), ["select 1", "x"]);
    }

    #[test]
    fn a_body_is_part_of_its_statement() {
        let trigger = "create temp trigger t after update on a begin
            update a set x = case when new.end then 1 else 2 end; delete from b; end";
        assert_eq!(texts(&format!("{trigger}; select 1"), Lexing::Sqlite), [trigger, "select 1"]);
        let function = "create function f() returns int begin atomic select 1; select case 1 when 1 then 2 end; end";
        assert_eq!(texts(&format!("{function}; select 1"), Lexing::Postgres), [function, "select 1"]);
        assert_eq!(texts("begin; select 1; end;", Lexing::Postgres), ["begin", "select 1", "end"]);
        assert_eq!(texts("create rule r as on insert to t do (a; b); c", Lexing::Postgres).len(), 2);
    }

    #[test]
    fn a_block_is_one_engine_s_and_is_read_as_it_reads() {
        let text =
            "select 1;\n-- only: sqlite\nselect [a;b];\n-- end\n--only:  postgres\nselect $$;$$;\n-- end\nselect 2";
        let pieces: Vec<_> =
            split(text, Lexing::Portable).expect("is split").into_iter().map(|p| (p.text, p.only)).collect();
        let (sqlite, postgres) = (Some(Engine::Sqlite), Some(Engine::Postgres));
        let expected = [("select 1", None), ("select [a;b]", sqlite), ("select $$;$$", postgres), ("select 2", None)];
        assert_eq!(pieces, expected);
    }

    #[test]
    fn what_has_no_end_is_found_where_it_begins() {
        for (text, lexing, line, column, token) in [
            ("a;\n  'b", Lexing::Portable, 2, 3, "'"),
            ("é \"b", Lexing::Portable, 1, 3, "\""),
            ("/* a", Lexing::Sqlite, 1, 1, "/*"),
            ("x /* /* */ */", Lexing::Portable, 1, 6, "/*"),
            ("/* /* */", Lexing::Postgres, 1, 1, "/*"),
            ("do $a$ $b$", Lexing::Postgres, 1, 4, "$a$"),
            ("select [a", Lexing::Sqlite, 1, 8, "["),
            ("create table t (\n a (", Lexing::Portable, 2, 4, "("),
            ("create trigger t begin select 1;", Lexing::Sqlite, 1, 18, "begin"),
            ("-- only: sqlite\nselect 1;", Lexing::Portable, 1, 1, "-- only:"),
            ("-- only: sqlite\nselect 1\n-- end", Lexing::Portable, 3, 1, "-- end"),
            ("-- only: mysql\n-- end", Lexing::Portable, 1, 1, "-- only: mysql"),
            ("select 1;\n-- end", Lexing::Portable, 2, 1, "-- end"),
            ("-- only: sqlite\n-- only: postgres", Lexing::Portable, 2, 1, "-- only: postgres"),
        ] {
            assert_eq!(fault(text, lexing), (line, column, token.to_owned()), "{text}");
        }
    }
}
