//! Walks a script word by word, knowing what quotes and comments hide.

use super::error::{LanguageError, Position};

/// Whose quotes and comments a script has.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Lexing {
    /// The portable language: what both engines read alike.
    Portable,
    /// SQLite's.
    Sqlite,
    /// PostgreSQL's.
    Postgres,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum LexemeKind {
    Word,
    Quoted,
    Comment,
    Symbol(char),
}

/// One piece of a script that is not blank.
#[derive(Clone, Copy, Debug)]
pub(super) struct Lexeme {
    pub(super) kind: LexemeKind,
    pub(super) start: Position,
    /// The byte after it.
    pub(super) end: usize,
}

/// Reads a script from its beginning; how it reads may change between two lexemes.
pub(super) struct Scanner<'t> {
    text: &'t str,
    pub(super) lexing: Lexing,
    at: Position,
}

impl<'t> Scanner<'t> {
    pub(super) fn new(text: &'t str, lexing: Lexing) -> Self {
        let mut scanner = Self { text, lexing, at: Position::START };
        if text.starts_with('\u{feff}') {
            // The mark of an editor is no character of the first line.
            scanner.at.offset = '\u{feff}'.len_utf8();
        }
        scanner
    }

    /// The next lexeme; none at the end.
    pub(super) fn next(&mut self) -> Result<Option<Lexeme>, LanguageError> {
        while self.peek().is_some_and(char::is_whitespace) {
            self.pass();
        }
        let start = self.at;
        let Some(first) = self.peek() else { return Ok(None) };
        let kind = match first {
            '-' if self.rest().starts_with("--") => self.line_comment(),
            '/' if self.rest().starts_with("/*") => self.block_comment(start)?,
            '\'' => self.quoted('\'', false, "text")?,
            '"' => self.quoted('"', false, "name")?,
            '`' if self.lexing == Lexing::Sqlite => self.quoted('`', false, "name")?,
            '[' if self.lexing == Lexing::Sqlite => self.bracketed(start)?,
            '$' if self.lexing != Lexing::Sqlite => self.dollar(start)?,
            first if first.is_alphanumeric() || first == '_' => self.word()?,
            other => {
                self.pass();
                LexemeKind::Symbol(other)
            }
        };
        Ok(Some(Lexeme { kind, start, end: self.at.offset }))
    }

    fn rest(&self) -> &'t str {
        &self.text[self.at.offset..]
    }

    fn peek(&self) -> Option<char> {
        self.rest().chars().next()
    }

    fn pass(&mut self) {
        if let Some(passed) = self.peek() {
            self.at = self.at.after(passed);
        }
    }

    fn pass_all(&mut self, bytes: usize) {
        let end = self.at.offset + bytes;
        while self.at.offset < end {
            self.pass();
        }
    }

    fn line_comment(&mut self) -> LexemeKind {
        self.pass_all(self.rest().find('\n').unwrap_or(self.rest().len()));
        LexemeKind::Comment
    }

    fn block_comment(&mut self, start: Position) -> Result<LexemeKind, LanguageError> {
        let mut depth = 0;
        loop {
            let nests = depth == 0 || self.lexing != Lexing::Sqlite;
            if nests && self.rest().starts_with("/*") {
                if depth == 1 && self.lexing == Lexing::Portable {
                    let help = "end the outer comment first, or begin each line with --";
                    return Err(LanguageError::new(self.at, "/*", "a comment in a comment ends early in SQLite", help));
                }
                depth += 1;
                self.pass_all(2);
            } else if self.rest().starts_with("*/") {
                depth -= 1;
                self.pass_all(2);
            } else if self.peek().is_none() {
                return Err(LanguageError::new(start, "/*", "this comment has no end", "write */ where it ends"));
            } else {
                self.pass();
            }
            if depth == 0 {
                return Ok(LexemeKind::Comment);
            }
        }
    }

    fn quoted(&mut self, quote: char, escapes: bool, what: &str) -> Result<LexemeKind, LanguageError> {
        let start = self.at;
        self.pass();
        loop {
            match self.peek() {
                None => {
                    let (message, help) = (format!("this {what} has no end"), format!("close it with {quote}"));
                    return Err(LanguageError::new(start, &quote.to_string(), message, help));
                }
                Some('\\') if escapes => {
                    self.pass();
                    self.pass();
                }
                Some(found) if found == quote => {
                    self.pass();
                    if self.peek() != Some(quote) {
                        return Ok(LexemeKind::Quoted);
                    }
                    self.pass();
                }
                Some(_) => self.pass(),
            }
        }
    }

    fn bracketed(&mut self, start: Position) -> Result<LexemeKind, LanguageError> {
        let Some(length) = self.rest().find(']') else {
            return Err(LanguageError::new(start, "[", "this name has no end", "close it with ]"));
        };
        self.pass_all(length + 1);
        Ok(LexemeKind::Quoted)
    }

    /// `$tag$ … $tag$`, or a sign that stands for itself.
    fn dollar(&mut self, start: Position) -> Result<LexemeKind, LanguageError> {
        let tag_length = self.rest()[1..].find('$').filter(|&length| is_tag(&self.rest()[1..=length]));
        let Some(length) = tag_length else {
            self.pass();
            return Ok(LexemeKind::Symbol('$'));
        };
        let mark = &self.rest()[..length + 2];
        let Some(body) = self.rest()[mark.len()..].find(mark) else {
            let help = format!("close it with {mark}");
            return Err(LanguageError::new(start, mark, "this text has no end", help));
        };
        self.pass_all(mark.len() + body + mark.len());
        Ok(LexemeKind::Quoted)
    }

    fn word(&mut self) -> Result<LexemeKind, LanguageError> {
        let start = self.at.offset;
        while self.peek().is_some_and(|c| c.is_alphanumeric() || c == '_' || c == '$') {
            self.pass();
        }
        let escaped = self.text[start..self.at.offset].eq_ignore_ascii_case("e") && self.peek() == Some('\'');
        if escaped && self.lexing != Lexing::Sqlite {
            return self.quoted('\'', true, "text");
        }
        Ok(LexemeKind::Word)
    }
}

/// A tag is like a name without a dollar sign, or nothing. Source: PostgreSQL manual, "Dollar-Quoted String Constants".
fn is_tag(text: &str) -> bool {
    !text.starts_with(|c: char| c.is_ascii_digit()) && text.chars().all(|c| c.is_alphanumeric() || c == '_')
}
