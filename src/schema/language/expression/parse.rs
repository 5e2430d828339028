//! Reads an expression.

use sqlparser::tokenizer::Token;

use super::super::cursor::{Cursor, Parsed};
use super::super::error::{LanguageError, Position, nearest};
use super::super::types::logical_type;
use super::{Expression, FUNCTIONS, Function, Operator};
use crate::schema::Schema;

/// The level of `not`, of `is`, of `between`, `in` and `like`, and of a sign.
const NOT: u8 = 3;
const IS: u8 = 4;
const BETWEEN: u8 = 6;
const SIGN: u8 = 10;

/// Functions of one engine, and what to write instead.
const SUGGESTIONS: [(&str, &str); 14] = [
    ("datetime", "write now()"),
    ("strftime", "write now()"),
    ("unixepoch", "write now() as the default of a column of type epoch_s"),
    ("date", "write current_date"),
    ("localtimestamp", "write now()"),
    ("localtime", "write current_time"),
    ("clock_timestamp", "write now()"),
    ("uuid_generate_v4", "write gen_random_uuid()"),
    ("randomblob", "write gen_random_uuid(), as the default of a column of type uuid"),
    ("ifnull", "write coalesce(…)"),
    ("iif", "write case when … then … else … end"),
    ("char_length", "write length(…)"),
    ("substring", "write substr(text, start, count)"),
    ("max", "write greatest(…, …)"),
];

/// Reads an expression that stands alone, as the model keeps it.
pub fn parse_text(text: &str) -> Parsed<Expression> {
    let mut cursor = Cursor::new(text, Position::START)?;
    let read = expression(&mut cursor)?;
    cursor.expect_end("an operator is missing before it")?;
    Ok(read)
}

/// Reads an expression.
pub(in super::super) fn expression(cursor: &mut Cursor<'_>) -> Parsed<Expression> {
    at_least(cursor, 0)
}

/// Reads an expression without comparisons outside of parentheses, as a default has it.
pub(in super::super) fn operand(cursor: &mut Cursor<'_>) -> Parsed<Expression> {
    at_least(cursor, Operator::Concat.level())
}

fn at_least(cursor: &mut Cursor<'_>, level: u8) -> Parsed<Expression> {
    cursor.deeper()?;
    let mut first = prefix(cursor)?;
    loop {
        let before = cursor.mark();
        first = match operator(cursor) {
            Some(operator) if operator.level() >= level => {
                cursor.pass();
                // To the left: the operand after the operator binds more tightly.
                let second = at_least(cursor, operator.level() + 1)?;
                Expression::Binary { first: Box::new(first), operator, second: Box::new(second) }
            }
            Some(_) => break,
            None if level <= IS && cursor.is("is") => is(cursor, first)?,
            None if level <= BETWEEN => {
                let (next, read) = range_or_list(cursor, first)?;
                if !read {
                    cursor.shallower();
                    return Ok(next);
                }
                next
            }
            None => break,
        };
        debug_assert!(cursor.mark() > before);
    }
    cursor.shallower();
    Ok(first)
}

fn operator(cursor: &Cursor<'_>) -> Option<Operator> {
    use Operator as O;
    Some(match cursor.peek()? {
        Token::Eq => O::Equal,
        Token::Neq => O::NotEqual,
        Token::Lt => O::Less,
        Token::LtEq => O::LessOrEqual,
        Token::Gt => O::Greater,
        Token::GtEq => O::GreaterOrEqual,
        Token::StringConcat => O::Concat,
        Token::Plus => O::Add,
        Token::Minus => O::Subtract,
        Token::Mul => O::Multiply,
        Token::Div => O::Divide,
        Token::Mod => O::Remainder,
        Token::Word(_) if cursor.is("or") => O::Or,
        Token::Word(_) if cursor.is("and") => O::And,
        _ => return None,
    })
}

fn is(cursor: &mut Cursor<'_>, of: Expression) -> Parsed<Expression> {
    cursor.expect("is")?;
    let negated = cursor.eat("not");
    if cursor.eat("distinct from") {
        let second = Box::new(at_least(cursor, IS + 1)?);
        let operator = if negated { Operator::NotDistinct } else { Operator::Distinct };
        return Ok(Expression::Binary { first: Box::new(of), operator, second });
    }
    let truth = match cursor.word().as_deref() {
        Some("null") => None,
        Some("true") => Some(true),
        Some("false") => Some(false),
        _ => return Err(cursor.expected("null, true, false or distinct from")),
    };
    cursor.pass();
    Ok(Expression::Is { of: Box::new(of), truth, negated })
}

/// Reads what follows `[not] between | in | like`, when that is there.
fn range_or_list(cursor: &mut Cursor<'_>, of: Expression) -> Parsed<(Expression, bool)> {
    let ahead = usize::from(cursor.is("not"));
    let word = cursor.word_after(ahead).unwrap_or_default();
    if !matches!(word.as_str(), "between" | "in" | "like" | "ilike" | "glob" | "similar" | "regexp") {
        return Ok((of, false));
    }
    let (of, negated) = (Box::new(of), cursor.eat("not"));
    let read = match word.as_str() {
        "between" => {
            cursor.pass();
            let low = Box::new(at_least(cursor, BETWEEN + 1)?);
            cursor.expect("and")?;
            let high = Box::new(at_least(cursor, BETWEEN + 1)?);
            Expression::Between { of, low, high, negated }
        }
        "in" => {
            cursor.pass();
            cursor.expect_sign(&Token::LParen)?;
            if cursor.is("select") {
                return Err(cursor.refuse("a query is not of the language here", "list the values"));
            }
            let list = expressions(cursor)?;
            Expression::In { of, list, negated }
        }
        "like" => {
            cursor.pass();
            Expression::Like { of, pattern: pattern(cursor)?, negated }
        }
        _ => {
            let help = "write like '…', or lower(…) like '…' where case must not matter";
            return Err(cursor.refuse(format!("`{word}` is not of the language"), help));
        }
    };
    Ok((read, true))
}

/// The pattern of `like`: a text without a backslash, with which PostgreSQL escapes and SQLite does not.
fn pattern(cursor: &mut Cursor<'_>) -> Parsed<String> {
    let start = cursor.mark();
    let pattern = cursor.text("a pattern in single quotes")?;
    if pattern.contains('\\') {
        let message = "a backslash escapes in PostgreSQL's patterns and stands for itself in SQLite's";
        return Err(cursor.refuse_at(start, message, "write a pattern without a backslash, or use substr and ="));
    }
    if cursor.is("escape") {
        return Err(cursor.refuse("`escape` is not of the language", "write a pattern without it"));
    }
    Ok(pattern)
}

/// Reads `…, …)`.
fn expressions(cursor: &mut Cursor<'_>) -> Parsed<Vec<Expression>> {
    let mut list = vec![expression(cursor)?];
    while cursor.eat_sign(&Token::Comma) {
        list.push(expression(cursor)?);
    }
    cursor.expect_sign(&Token::RParen)?;
    Ok(list)
}

fn prefix(cursor: &mut Cursor<'_>) -> Parsed<Expression> {
    let read = match cursor.peek() {
        Some(Token::Number(digits, false)) => Expression::Number(digits.to_lowercase()),
        Some(Token::SingleQuotedString(text)) => Expression::Text(text.clone()),
        Some(Token::HexStringLiteral(digits)) => return bytes(cursor, digits.to_lowercase()),
        Some(Token::Minus) => return negative(cursor),
        Some(Token::LParen) => {
            cursor.pass();
            if cursor.is("select") {
                return Err(cursor.refuse("a query is not of the language here", "write it without a query"));
            }
            let inner = expression(cursor)?;
            if cursor.peek() == Some(&Token::Comma) {
                return Err(cursor.refuse("a list of values belongs behind `in`", "compare one value"));
            }
            cursor.expect_sign(&Token::RParen)?;
            return Ok(inner);
        }
        Some(Token::Word(word)) if word.quote_style.is_some() => return column(cursor),
        Some(Token::Word(_)) => return word(cursor),
        _ => return Err(cursor.expected("a value")),
    };
    cursor.pass();
    Ok(read)
}

fn bytes(cursor: &mut Cursor<'_>, digits: String) -> Parsed<Expression> {
    if digits.len() % 2 == 1 || !digits.chars().all(|c| c.is_ascii_hexdigit()) {
        return Err(cursor.refuse("bytes are written as pairs of hex digits", "write x'0a1b'"));
    }
    cursor.pass();
    Ok(Expression::Bytes(digits))
}

fn negative(cursor: &mut Cursor<'_>) -> Parsed<Expression> {
    cursor.pass();
    if let Some(Token::Number(digits, false)) = cursor.peek() {
        let number = format!("-{}", digits.to_lowercase());
        cursor.pass();
        return Ok(Expression::Number(number));
    }
    at_least(cursor, SIGN).map(|of| Expression::Negative(Box::new(of)))
}

fn word(cursor: &mut Cursor<'_>) -> Parsed<Expression> {
    let word = cursor.word().unwrap_or_default();
    let call = |function| Expression::Call { function, arguments: Vec::new() };
    let read = match word.as_str() {
        "null" => Expression::Null,
        "true" => Expression::Boolean(true),
        "false" => Expression::Boolean(false),
        "current_timestamp" => call(Function::Now),
        "current_date" => call(Function::CurrentDate),
        "current_time" => call(Function::CurrentTime),
        "not" => {
            cursor.pass();
            return at_least(cursor, NOT).map(|of| Expression::Not(Box::new(of)));
        }
        "case" => return case(cursor),
        "cast" => return cast(cursor),
        "localtime" | "localtimestamp" => return Err(unknown(cursor, &word)),
        _ if cursor.peek_after(1) == Some(&Token::LParen) => return function(cursor, &word),
        _ => return column(cursor),
    };
    cursor.pass();
    if cursor.peek() == Some(&Token::LParen) {
        return Err(cursor.refuse(format!("`{word}` is written without parentheses"), "leave them out"));
    }
    Ok(read)
}

fn column(cursor: &mut Cursor<'_>) -> Parsed<Expression> {
    cursor.name("a column, a value or a function").map(Expression::Column)
}

fn case(cursor: &mut Cursor<'_>) -> Parsed<Expression> {
    cursor.expect("case")?;
    let of = if cursor.is("when") { None } else { Some(Box::new(expression(cursor)?)) };
    let mut branches = Vec::new();
    while cursor.eat("when") {
        let when = expression(cursor)?;
        cursor.expect("then")?;
        branches.push((when, expression(cursor)?));
    }
    if branches.is_empty() {
        return Err(cursor.expected("when"));
    }
    let otherwise = if cursor.eat("else") { Some(Box::new(expression(cursor)?)) } else { None };
    cursor.expect("end")?;
    Ok(Expression::Case { of, branches, otherwise })
}

fn cast(cursor: &mut Cursor<'_>) -> Parsed<Expression> {
    cursor.expect("cast")?;
    cursor.expect_sign(&Token::LParen)?;
    let of = Box::new(expression(cursor)?);
    cursor.expect("as")?;
    let to = logical_type(cursor, &Schema::default())?;
    cursor.expect_sign(&Token::RParen)?;
    Ok(Expression::Cast { of, to })
}

fn function(cursor: &mut Cursor<'_>, word: &str) -> Parsed<Expression> {
    let Some(&(name, function, least, most)) = FUNCTIONS.iter().find(|(name, ..)| *name == word) else {
        return Err(unknown(cursor, word));
    };
    let start = cursor.mark();
    cursor.pass();
    cursor.pass();
    let arguments = if cursor.eat_sign(&Token::RParen) { Vec::new() } else { expressions(cursor)? };
    if !(usize::from(least)..=usize::from(most)).contains(&arguments.len()) {
        let wanted = match (least, most) {
            (0, _) => "none".to_owned(),
            (least, u8::MAX) => format!("{least} or more"),
            (least, most) if least == most => least.to_string(),
            (least, most) => format!("{least} or {most}"),
        };
        let message = format!("`{name}` is given {} arguments", arguments.len());
        return Err(cursor.refuse_at(start, message, format!("arguments of {name}: {wanted}")));
    }
    Ok(Expression::Call { function, arguments })
}

fn unknown(cursor: &Cursor<'_>, word: &str) -> LanguageError {
    let names: Vec<&str> = FUNCTIONS.iter().map(|(name, ..)| *name).collect();
    let allowed = format!("functions: {}", names.join(", "));
    let instead = SUGGESTIONS.iter().find(|(foreign, _)| *foreign == word).map(|(_, instead)| (*instead).to_owned());
    let near = || nearest(word, &names).map(|near| format!("did you mean {near}?"));
    let help = instead.or_else(near).map_or(allowed.clone(), |first| format!("{first}; {allowed}"));
    cursor.refuse(format!("`{word}` is no function of the language"), help)
}
