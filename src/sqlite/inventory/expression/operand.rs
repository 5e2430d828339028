//! What an operator takes: a value, a name, a call, a case, or something in parentheses.

use super::{Level, Phrase, Reader, grouped, owned};
use crate::sqlite::inventory::words;

impl Reader<'_> {
    /// Reads what an operator stands before or behind.
    pub(super) fn operand(&mut self) -> Option<Phrase> {
        let word = self.words.get(self.at)?.clone();
        match word.as_str() {
            "not" => {
                self.at += 1;
                Some(self.expression(Level::Not)?.negated())
            }
            "-" | "+" | "~" => {
                self.at += 1;
                let operand = self.expression(Level::Sign)?.within(Level::Sign);
                Some(Phrase::of([vec![word], operand].concat(), Level::Sign))
            }
            "(" => self.in_parentheses(),
            "case" => self.case(),
            "exists" => {
                self.at += 1;
                let mut words = vec![word];
                words.extend(if self.is_query() { self.group()? } else { return None });
                Some(Phrase::whole(words))
            }
            "cast" if self.peek(1) == "(" => self.cast(),
            "raise" if self.peek(1) == "(" => None,
            "null" | "true" | "false" | "current_time" | "current_date" | "current_timestamp" => {
                self.at += 1;
                Some(Phrase::whole(vec![word]))
            }
            _ => self.atom(word),
        }
    }

    /// A number, a text, a name or a call.
    fn atom(&mut self, word: String) -> Option<Phrase> {
        let first = word.chars().next()?;
        if first.is_ascii_digit() || first == '\'' || word.starts_with("x'") {
            self.at += 1;
            return Some(Phrase::whole(vec![word]));
        }
        let mut words = self.name()?;
        if words.len() == 1 && self.take("(") {
            let arguments = self.arguments(&words[0])?;
            words.extend(grouped(arguments));
            if matches!(self.peek(0), "filter" | "over") {
                return None;
            }
        }
        Some(Phrase::whole(words))
    }

    /// What a function is given; ALL says nothing, and neither does the star, without which `count` looks odd.
    ///
    /// Source: SQLite, `parse.y`, `expr`: of `name(*)` and `name()` the same is made.
    fn arguments(&mut self, function: &str) -> Option<Vec<String>> {
        let mut arguments = Vec::new();
        if self.peek(0) == "*" && self.peek(1) == ")" {
            self.at += 2;
        } else {
            if !self.take("all") {
                arguments.extend(self.take("distinct").then(|| "distinct".to_owned()));
            }
            arguments.extend(self.list()?);
        }
        if arguments.is_empty() && function == "count" {
            arguments.push("*".to_owned());
        }
        Some(arguments)
    }

    /// A name, with those before it.
    pub(super) fn name(&mut self) -> Option<Vec<String>> {
        let mut words = Vec::new();
        loop {
            let word = self.words.get(self.at)?;
            if !words::is_name(word) {
                return None;
            }
            words.push(word.clone());
            self.at += 1;
            if !self.take(".") {
                return Some(words);
            }
            words.push(".".to_owned());
        }
    }

    /// Something in parentheses: a query, a row of values, or one expression, which needs none by itself.
    fn in_parentheses(&mut self) -> Option<Phrase> {
        if self.is_query() {
            return self.group().map(Phrase::whole);
        }
        self.at += 1;
        let first = self.expression(Level::Or)?;
        if self.take(")") {
            return Some(first);
        }
        self.expect(",")?;
        let mut words = first.words;
        words.push(",".to_owned());
        words.extend(self.list()?);
        Some(Phrase::whole(grouped(words)))
    }

    /// Expressions with commas between them, and the parenthesis that ends them, which is left out.
    pub(super) fn list(&mut self) -> Option<Vec<String>> {
        let mut words = Vec::new();
        if self.take(")") {
            return Some(words);
        }
        loop {
            words.extend(self.expression(Level::Or)?.words);
            if self.take(")") {
                return Some(words);
            }
            self.expect(",")?;
            words.push(",".to_owned());
        }
    }

    fn case(&mut self) -> Option<Phrase> {
        let mut words = Vec::new();
        loop {
            let word = self.words.get(self.at)?.clone();
            self.at += 1;
            let ends = word == "end";
            words.push(word);
            if ends {
                return Some(Phrase::whole(words));
            }
            if !(words.len() == 1 && self.peek(0) == "when") {
                words.extend(self.expression(Level::Or)?.words);
            }
            if !matches!(self.peek(0), "when" | "then" | "else" | "end") {
                return None;
            }
        }
    }

    fn cast(&mut self) -> Option<Phrase> {
        self.at += 2;
        let mut words = self.expression(Level::Or)?.words;
        if self.peek(0) != "as" {
            return None;
        }
        // A type with numbers holds parentheses of its own.
        let (start, mut depth) = (self.at, 1_usize);
        while depth > 0 {
            match self.words.get(self.at)?.as_str() {
                "(" => depth += 1,
                ")" => depth -= 1,
                _ => {}
            }
            self.at += 1;
        }
        words.extend_from_slice(&self.words[start..self.at - 1]);
        let mut cast = owned(["cast"]);
        cast.extend(grouped(words));
        Some(Phrase::whole(cast))
    }

    pub(super) fn is_query(&self) -> bool {
        self.peek(0) == "(" && matches!(self.peek(1), "select" | "values" | "with")
    }

    /// A group in parentheses as it stands.
    pub(super) fn group(&mut self) -> Option<Vec<String>> {
        let (start, mut depth) = (self.at, 0_usize);
        loop {
            match self.words.get(self.at)?.as_str() {
                "(" => depth += 1,
                ")" => depth -= 1,
                _ => {}
            }
            self.at += 1;
            if depth == 0 {
                return Some(words::without_needless(self.words[start..self.at].to_vec()));
            }
        }
    }
}
