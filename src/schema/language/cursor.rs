//! Walks over the tokens of one statement; every refusal names the place and the token.

use sqlparser::dialect::PostgreSqlDialect;
use sqlparser::tokenizer::{Token, TokenWithSpan, Tokenizer};

use super::error::{LanguageError, Position, nearest};
use super::reserved::is_reserved;
use crate::schema::names::LONGEST;

pub(super) type Parsed<T> = Result<T, LanguageError>;

/// The tokens of one statement, and how far they were read.
///
/// The tokens are sqlparser's, the grammar is the language's own: sqlparser's takes far more than both engines have,
/// and its tree does not tell where each part stood.
pub(super) struct Cursor<'t> {
    text: &'t str,
    base: Position,
    tokens: Vec<TokenWithSpan>,
    next: usize,
    depth: u32,
}

impl<'t> Cursor<'t> {
    pub(super) fn new(text: &'t str, base: Position) -> Parsed<Self> {
        let mut tokenizer = Tokenizer::new(&PostgreSqlDialect {}, text);
        let tokens = tokenizer.tokenize_with_location().map_err(|error| {
            let at = place(text, base, error.location.line, error.location.column);
            LanguageError::new(at, "", format!("this cannot be read: {}", error.message), "write it in standard SQL")
        })?;
        let tokens = tokens.into_iter().filter(|token| !matches!(token.token, Token::Whitespace(_)));
        let tokens = tokens.flat_map(apart_from_sign).collect();
        let cursor = Self { text, base, tokens, next: 0, depth: 0 };
        Ok(cursor)
    }

    pub(super) fn peek(&self) -> Option<&Token> {
        self.tokens.get(self.next).map(|token| &token.token)
    }

    pub(super) fn peek_after(&self, count: usize) -> Option<&Token> {
        self.tokens.get(self.next + count).map(|token| &token.token)
    }

    pub(super) fn pass(&mut self) {
        self.next += 1;
    }

    /// How far was read, to come back to or to point at.
    pub(super) fn mark(&self) -> usize {
        self.next
    }

    /// Goes back to where a mark was made.
    pub(super) fn back_to(&mut self, mark: usize) {
        self.next = mark;
    }

    pub(super) fn at_end(&self) -> bool {
        self.next >= self.tokens.len()
    }

    /// Refuses the next token.
    pub(super) fn refuse(&self, message: impl Into<String>, help: impl Into<String>) -> LanguageError {
        self.refuse_at(self.next, message, help)
    }

    /// Refuses the token at a mark.
    pub(super) fn refuse_at(&self, mark: usize, message: impl Into<String>, help: impl Into<String>) -> LanguageError {
        match self.tokens.get(mark) {
            Some(token) => {
                let (start, end) = (token.span.start, token.span.end);
                let at = place(self.text, self.base, start.line, start.column);
                let after = place(self.text, self.base, end.line, end.column);
                let written =
                    self.text.get(at.offset - self.base.offset..after.offset - self.base.offset).unwrap_or("");
                LanguageError::new(at, written, message, help)
            }
            None => {
                let end = self.text.chars().fold(self.base, Position::after);
                LanguageError::new(end, "", message, help)
            }
        }
    }

    /// Refuses the token among those since a mark that is this word; the first of them when there is none.
    pub(super) fn refuse_word(
        &self,
        mark: usize,
        word: Option<&str>,
        message: impl Into<String>,
        help: impl Into<String>,
    ) -> LanguageError {
        let is_word = |token: &TokenWithSpan| match (&token.token, word) {
            (Token::Word(found), Some(word)) => found.value.eq_ignore_ascii_case(word),
            (token, Some(word)) => token.to_string() == word,
            (_, None) => false,
        };
        let read = &self.tokens[mark.min(self.tokens.len())..self.next.min(self.tokens.len())];
        let found = read.iter().position(is_word).unwrap_or(0);
        self.refuse_at(mark + found, message, help)
    }

    /// The next token in words, for messages.
    pub(super) fn found(&self) -> String {
        self.peek().map_or("the end of the statement".into(), |token| format!("`{token}`"))
    }

    pub(super) fn expected(&self, what: &str) -> LanguageError {
        let help = format!("write {what} here");
        self.refuse(format!("{what} is expected, not {}", self.found()), help)
    }

    /// Says that the next word is none of a list, and which of them may have been meant.
    pub(super) fn none_of(&self, what: &str, list: &[&str]) -> LanguageError {
        let allowed = format!("allowed here: {}", list.join(", "));
        let near = self.word().and_then(|word| nearest(&word, list));
        let help = near.map_or(allowed.clone(), |near| format!("did you mean {near}? {allowed}"));
        self.refuse(format!("{} is no {what}", self.found()), help)
    }

    /// The next token in lower case, if it is a word without quotes.
    pub(super) fn word(&self) -> Option<String> {
        self.word_after(0)
    }

    pub(super) fn word_after(&self, count: usize) -> Option<String> {
        match self.peek_after(count) {
            Some(Token::Word(word)) if word.quote_style.is_none() => Some(word.value.to_lowercase()),
            _ => None,
        }
    }

    pub(super) fn is(&self, word: &str) -> bool {
        self.word().is_some_and(|found| found == word)
    }

    /// Reads some words when all of them are there.
    pub(super) fn eat(&mut self, words: &str) -> bool {
        let count = words.split(' ').count();
        let all = words.split(' ').enumerate().all(|(at, word)| self.word_after(at).is_some_and(|found| found == word));
        if all {
            self.next += count;
        }
        all
    }

    pub(super) fn expect(&mut self, words: &str) -> Parsed<()> {
        for word in words.split(' ') {
            if !self.eat(word) {
                return Err(self.expected(word));
            }
        }
        Ok(())
    }

    pub(super) fn eat_sign(&mut self, sign: &Token) -> bool {
        let found = self.peek() == Some(sign);
        self.next += usize::from(found);
        found
    }

    pub(super) fn expect_sign(&mut self, sign: &Token) -> Parsed<()> {
        if self.eat_sign(sign) { Ok(()) } else { Err(self.expected(&sign.to_string())) }
    }

    /// Reads the end of the statement; what else stands there is refused.
    pub(super) fn expect_end(&self, help: &str) -> Parsed<()> {
        if self.at_end() {
            return Ok(());
        }
        Err(self.refuse(format!("{} does not belong here", self.found()), help))
    }

    /// Reads a name: folded to lower case unless it is quoted, as PostgreSQL has it.
    pub(super) fn name(&mut self, what: &str) -> Parsed<String> {
        let Some(Token::Word(word)) = self.peek() else { return Err(self.expected(what)) };
        let name = match word.quote_style {
            None => word.value.to_ascii_lowercase(),
            Some(_) => word.value.clone(),
        };
        if word.quote_style.is_none() && is_reserved(&name) {
            let help = format!("write {what} here, in double quotes if \"{name}\" is meant to be one");
            return Err(self.refuse(format!("{what} is expected, and `{name}` is a word of SQL"), help));
        }
        if name.is_empty() || name.len() > LONGEST {
            let message = format!("a name has 1 to {LONGEST} bytes; this one has {}", name.len());
            return Err(self.refuse(message, "choose a shorter name, or write one"));
        }
        self.pass();
        if self.peek() == Some(&Token::Period) {
            return Err(self.refuse("a name of the language has one part", "leave out what stands before the dot"));
        }
        Ok(name)
    }

    /// Reads `(name, …)`.
    pub(super) fn names(&mut self, what: &str) -> Parsed<Vec<String>> {
        self.expect_sign(&Token::LParen)?;
        let mut names = vec![self.name(what)?];
        while self.eat_sign(&Token::Comma) {
            names.push(self.name(what)?);
        }
        self.expect_sign(&Token::RParen)?;
        Ok(names)
    }

    /// Reads a text in single quotes.
    pub(super) fn text(&mut self, what: &str) -> Parsed<String> {
        let Some(Token::SingleQuotedString(text)) = self.peek() else { return Err(self.expected(what)) };
        let text = text.clone();
        self.pass();
        Ok(text)
    }

    /// Refuses `if exists` and `if not exists`: a revision's result must not depend on what it finds.
    pub(super) fn refuse_if(&self) -> Parsed<()> {
        if !self.is("if") {
            return Ok(());
        }
        let help = "leave it out; where an older database may differ, use a file of one engine or a block `-- only: …`";
        Err(self.refuse("`if` would make the result depend on what the database holds already", help))
    }

    /// Refuses `cascade` and `restrict`.
    pub(super) fn refuse_behaviour(&self) -> Parsed<()> {
        match self.word().as_deref() {
            Some(word @ ("cascade" | "restrict")) => {
                let help = format!("leave out {word}, and drop what depends on it by name before");
                Err(self.refuse(format!("`{word}` is not of the language: SQLite has none"), help))
            }
            _ => Ok(()),
        }
    }

    /// Goes one level deeper into an expression.
    pub(super) fn deeper(&mut self) -> Parsed<()> {
        self.depth += 1;
        if self.depth > 60 {
            return Err(self.refuse("this is nested too deep", "write it with fewer parentheses"));
        }
        Ok(())
    }

    pub(super) fn shallower(&mut self) {
        self.depth -= 1;
    }
}

/// `a=-1` has two signs: an operator of PostgreSQL's own does not end in a plus or minus.
///
/// Source: PostgreSQL manual, "Lexical Structure", "Operators".
fn apart_from_sign(token: TokenWithSpan) -> Vec<TokenWithSpan> {
    let Token::CustomBinaryOperator(signs) = &token.token else { return vec![token] };
    let (operator, sign) = signs.split_at(signs.len().saturating_sub(1));
    let operator = match operator {
        "=" => Token::Eq,
        "<>" | "!=" => Token::Neq,
        "<" => Token::Lt,
        "<=" => Token::LtEq,
        ">" => Token::Gt,
        ">=" => Token::GtEq,
        "+" => Token::Plus,
        "*" => Token::Mul,
        "/" => Token::Div,
        "%" => Token::Mod,
        "||" => Token::StringConcat,
        _ => return vec![token],
    };
    if sign != "-" {
        return vec![token];
    }
    let mut middle = token.span.end;
    middle.column -= 1;
    let (mut first, mut second) = (token.clone(), token);
    (first.token, first.span.end) = (operator, middle);
    (second.token, second.span.start) = (Token::Minus, middle);
    vec![first, second]
}

/// The place in the script of a line and column of a statement.
fn place(text: &str, base: Position, line: u64, column: u64) -> Position {
    let mut at = base;
    let (mut line_now, mut column_now) = (1, 1);
    for passed in text.chars() {
        if (line_now, column_now) >= (line, column) {
            break;
        }
        at = at.after(passed);
        (line_now, column_now) = if passed == '\n' { (line_now + 1, 1) } else { (line_now, column_now + 1) };
    }
    at
}
