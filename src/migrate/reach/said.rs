//! What a statement says: its words and signs, its texts, and the code that some of the texts hold.

use sqlparser::dialect::PostgreSqlDialect;
use sqlparser::tokenizer::{Token, Tokenizer};

/// A statement, or a text in one that is run.
pub(super) struct Said {
    /// Its words and signs, without blanks and comments.
    pub(super) tokens: Vec<Token>,
    /// Whether it stands in a text that a statement holds.
    pub(super) is_body: bool,
}

/// Reads a statement, and every text in it that may be run; none where one cannot be read.
pub(super) fn read(statement: &str) -> Option<Vec<Said>> {
    let mut read = vec![Said { tokens: tokens(statement)?, is_body: false }];
    let mut at = 0;
    while let Some(said) = read.get(at) {
        let bodies: Vec<&str> = match said.holds_code() {
            true => said.texts().collect(),
            false => Vec::new(),
        };
        let bodies = bodies.into_iter().map(|text| Some(Said { tokens: tokens(text)?, is_body: true }));
        let bodies = bodies.collect::<Option<Vec<_>>>()?;
        read.extend(bodies);
        at += 1;
    }
    Some(read)
}

fn tokens(text: &str) -> Option<Vec<Token>> {
    let tokens = Tokenizer::new(&PostgreSqlDialect {}, text).tokenize().ok()?;
    Some(tokens.into_iter().filter(|token| !matches!(token, Token::Whitespace(_))).collect())
}

impl Said {
    /// The words without quotes, in lower case, each with what follows it.
    pub(super) fn words(&self) -> impl Iterator<Item = (String, &[Token])> {
        self.tokens.iter().enumerate().filter_map(|(at, token)| Some((word(token)?, &self.tokens[at + 1..])))
    }

    /// What its texts say, however they are quoted.
    pub(super) fn texts(&self) -> impl Iterator<Item = &str> {
        self.tokens.iter().filter_map(|token| match token {
            Token::DollarQuotedString(text) => Some(text.value.as_str()),
            Token::SingleQuotedString(text)
            | Token::EscapedStringLiteral(text)
            | Token::UnicodeStringLiteral(text)
            | Token::NationalStringLiteral(text) => Some(text),
            _ => None,
        })
    }

    /// Whether it has a text with escapes, which is not what it seems.
    pub(super) fn has_escapes(&self) -> bool {
        self.tokens.iter().any(|token| matches!(token, Token::EscapedStringLiteral(_)))
    }

    /// Whether its texts may be run: those of a block, and of what makes a function.
    fn holds_code(&self) -> bool {
        let mut words = self.words();
        let is_block = match self.is_body {
            true => words.any(|(word, _)| word == "do"),
            false => words.next().is_some_and(|(word, _)| word == "do"),
        };
        is_block
            || self.words().any(|(word, after)| {
                let next = after.first().and_then(self::word).unwrap_or_default();
                matches!(word.as_str(), "create" | "replace") && matches!(next.as_str(), "function" | "procedure")
            })
    }
}

/// A word as it would be found, in lower case: also one in quotes.
pub(super) fn word(token: &Token) -> Option<String> {
    match token {
        Token::Word(word) => Some(word.value.to_lowercase()),
        _ => None,
    }
}

/// Tells whether a word of a block begins a statement that reads or writes a file of the server's, or runs a program there:
/// none of it comes back.
pub(super) fn leaves_the_server(word: &str, after: &[Token]) -> bool {
    let is_text = |token: &Token| {
        matches!(
            token,
            Token::SingleQuotedString(_)
                | Token::EscapedStringLiteral(_)
                | Token::UnicodeStringLiteral(_)
                | Token::DollarQuotedString(_)
        )
    };
    let is_file = |pair: &[Token]| {
        let begins = self::word(&pair[0]).is_some_and(|word| matches!(word.as_str(), "to" | "from"));
        begins && (is_text(&pair[1]) || self::word(&pair[1]).as_deref() == Some("program"))
    };
    match word {
        "copy" => {
            let end = after.iter().position(|token| *token == Token::SemiColon).unwrap_or(after.len());
            after[..end].windows(2).any(is_file)
        }
        "load" => after.first().is_some_and(is_text),
        _ => false,
    }
}

/// Tells whether what stands in the parentheses names a sequence so plainly that it is the home schema's: as one text without a
/// full stop, or as that of a table's column.
pub(super) fn names_plainly(after: &[Token]) -> bool {
    let is_plain = |token: &Token| matches!(token, Token::SingleQuotedString(text) if !text.contains('.'));
    let ends = |token: Option<&Token>| matches!(token, Some(Token::Comma | Token::RParen));
    let Some((Token::LParen, mut rest)) = after.split_first() else { return false };
    if let [schema, Token::Period, own @ ..] = rest
        && word(schema).as_deref() == Some("pg_catalog")
    {
        rest = own;
    }
    match rest {
        [name, Token::DoubleColon, kind, after @ ..] if is_plain(name) => word(kind).is_some() && ends(after.first()),
        [name, after @ ..] if is_plain(name) => ends(after.first()),
        [asks, Token::LParen, table, Token::Comma, column, Token::RParen, after @ ..] => {
            word(asks).as_deref() == Some("pg_get_serial_sequence")
                && is_plain(table)
                && is_plain(column)
                && ends(after.first())
        }
        _ => false,
    }
}
