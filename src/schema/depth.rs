//! How deep an expression stands in itself, told by its tokens: a tree of it is walked by calls within calls, and one
//! that is too deep for that is never made.

use sqlparser::keywords::Keyword;
use sqlparser::tokenizer::Token;

/// More than SQLite itself takes, which is a thousand. Source: SQLite, "Implementation Limits For SQLite", 5.
const DEEPEST: usize = 1100;

/// What is told of an expression that is too deep.
pub const TOO_DEEP: &str = "it is nested too deep";

/// Whether what these tokens say may be deeper than what is walked here.
///
/// The parser puts each operand of a chain one level below the next; parentheses within each other it limits by itself.
pub fn is_too_deep(tokens: &[Token]) -> bool {
    let mut open = vec![Group::default()];
    for token in tokens {
        match token {
            Token::Whitespace(_) | Token::Number(..) | Token::SingleQuotedString(_) | Token::Period => {}
            Token::LParen => open.push(Group::default()),
            Token::RParen => close(&mut open),
            Token::Comma | Token::SemiColon => open.iter_mut().next_back().into_iter().for_each(Group::part),
            Token::Word(word) => match word.keyword {
                _ if word.quote_style.is_some() => {}
                Keyword::CASE => open.push(Group::default()),
                Keyword::END => close(&mut open),
                Keyword::WHEN | Keyword::THEN | Keyword::ELSE => {
                    open.iter_mut().next_back().into_iter().for_each(Group::part);
                }
                keyword => open.iter_mut().next_back().into_iter().for_each(|group| group.word(keyword)),
            },
            _ => open.iter_mut().next_back().into_iter().for_each(Group::operator),
        }
    }
    while open.len() > 1 {
        close(&mut open);
    }
    open.first().is_some_and(|whole| whole.depth() > DEEPEST)
}

/// Ends the innermost group; one more end than there are beginnings is the parser's matter.
fn close(open: &mut Vec<Group>) {
    if open.len() < 2 {
        return;
    }
    let depth = open.pop().map_or(0, |group| group.depth());
    if let Some(around) = open.last_mut() {
        around.within = around.within.max(depth + 1);
    }
}

/// What stands between two parentheses: chains of OR, in each part of them one of AND, in each part of those the rest.
#[derive(Debug, Default)]
struct Group {
    ors: usize,
    ands: usize,
    most_ands: usize,
    others: usize,
    most_others: usize,
    /// The deepest group within the part that is being read.
    within: usize,
    /// The deepest part so far.
    deepest: usize,
}

impl Group {
    fn word(&mut self, keyword: Keyword) {
        match keyword {
            Keyword::OR => {
                self.ors += 1;
                (self.ands, self.others) = (0, 0);
            }
            Keyword::AND => {
                self.ands += 1;
                self.most_ands = self.most_ands.max(self.ands);
                self.others = 0;
            }
            Keyword::NoKeyword => {}
            // COLLATE, IS, LIKE, …; a name that is spelled like a word counts too much by one.
            _ => self.operator(),
        }
    }

    fn operator(&mut self) {
        self.others += 1;
        self.most_others = self.most_others.max(self.others);
    }

    /// Ends a part, between two commas, that does not deepen the others.
    fn part(&mut self) {
        *self = Self { deepest: self.depth(), ..Self::default() };
    }

    fn depth(&self) -> usize {
        self.deepest.max(self.ors + self.most_ands + self.most_others + self.within)
    }
}

#[cfg(test)]
mod tests {
    use sqlparser::dialect::SQLiteDialect;
    use sqlparser::tokenizer::Tokenizer;

    use super::*;

    fn deep(sql: &str) -> bool {
        is_too_deep(&Tokenizer::new(&SQLiteDialect {}, sql).tokenize().expect("it has tokens"))
    }

    #[test]
    fn a_chain_of_twenty_thousand_is_too_deep_however_it_is_made() {
        let chain = |part: &str, glue: &str| vec![part; 20_000].join(glue);
        for sql in [
            chain("a = 1", " or "),
            chain("a = 1", " AND "),
            chain("a", " || "),
            chain("a", " + "),
            chain("a is null", " is null"),
            format!("a{}", " collate nocase".repeat(20_000)),
            format!("b in (1, 2) and lower(case when {} then 1 end) = 2", chain("a = 1", " or ")),
            format!("create table t (a check ({}), b)", chain("a = 1", " or ")),
            "(".repeat(20_000),
        ] {
            assert!(deep(&sql), "{}", &sql[..60]);
        }
    }

    #[test]
    fn what_is_long_is_not_deep() {
        let many = |part: &str, glue: &str| vec![part; 20_000].join(glue);
        for sql in [
            format!("a in ({})", many("-1", ", ")),
            format!("coalesce({})", many("(a + b)", ",")),
            format!("case {} end", many("when a = 1 and b = 2 then 'c' || d", " ")),
            vec!["(a = 1 and b = 2)"; 999].join(" or "),
            format!("create table t ({})", many("a int not null default 1 check (a > 1 or a is null)", ",")),
        ] {
            assert!(!deep(&sql), "{}", &sql[..60]);
        }
    }
}
