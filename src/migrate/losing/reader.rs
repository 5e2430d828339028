//! Reads the tokens of a statement: words, names and literals as the engine understands them.

use sqlparser::dialect::{Dialect, PostgreSqlDialect, SQLiteDialect};
use sqlparser::tokenizer::{Token, Tokenizer};

use crate::schema::Engine;

/// A name, and the schema written before it.
pub(super) type Name = (Option<String>, String);

/// A statement's tokens without blanks and comments.
pub(super) fn tokens(engine: Engine, text: &str) -> Option<Vec<Token>> {
    let dialect: &dyn Dialect = match engine {
        Engine::Sqlite => &SQLiteDialect {},
        Engine::Postgres => &PostgreSqlDialect {},
    };
    let tokens = Tokenizer::new(dialect, text).tokenize().ok()?;
    Some(tokens.into_iter().filter(|token| !matches!(token, Token::Whitespace(_))).collect())
}

/// A word without quotes, in lower case.
pub(super) fn word(token: &Token) -> Option<String> {
    match token {
        Token::Word(word) if word.quote_style.is_none() => Some(word.value.to_ascii_lowercase()),
        _ => None,
    }
}

/// Tells whether a word stands somewhere among tokens.
pub(super) fn has_word(tokens: &[Token], wanted: &str) -> bool {
    tokens.iter().any(|token| word(token).as_deref() == Some(wanted))
}

/// What a literal says, however it is quoted.
pub(super) fn literal(token: &Token) -> Option<&str> {
    match token {
        Token::DollarQuotedString(text) => Some(&text.value),
        Token::SingleQuotedString(text)
        | Token::EscapedStringLiteral(text)
        | Token::UnicodeStringLiteral(text)
        | Token::NationalStringLiteral(text) => Some(text),
        _ => None,
    }
}

/// How deep in parentheses what follows a token stands, told from how deep the token itself does.
pub(super) fn depth_after(depth: i32, token: &Token) -> i32 {
    match token {
        Token::LParen => depth + 1,
        Token::RParen => depth - 1,
        _ => depth,
    }
}

/// Reads a statement's tokens from the left.
pub(super) struct Reader<'t> {
    pub(super) engine: Engine,
    pub(super) rest: &'t [Token],
}

impl Reader<'_> {
    pub(super) fn takes(&mut self, wanted: &str) -> bool {
        let is_next = self.rest.first().and_then(word).is_some_and(|next| next == wanted);
        if is_next {
            self.rest = &self.rest[1..];
        }
        is_next
    }

    pub(super) fn skip(&mut self, words: &[&str]) {
        for word in words {
            self.takes(word);
        }
    }

    /// A part of a name, as the engine understands it.
    pub(super) fn part(&mut self) -> Option<String> {
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
    pub(super) fn name(&mut self) -> Option<Name> {
        let (mut schema, mut name) = (None, self.part()?);
        while self.rest.first() == Some(&Token::Period) {
            self.rest = &self.rest[1..];
            schema = Some(std::mem::replace(&mut name, self.part()?));
        }
        Some((schema, name))
    }

    pub(super) fn names(&mut self) -> Option<Vec<Name>> {
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
}
