//! An expression as SQLite reads it, worded anew: only the parentheses are left that its operators need.
//!
//! Parentheses are nothing but the order in which operators are taken, so that two texts get one wording only where SQLite
//! takes them alike. Source: SQLite, "SQL Language Expressions", "Operators"; `parse.y`, the precedences and `expr`.

mod operand;
#[cfg(test)]
mod tests;

/// How deep groups may stand in each other; SQLite's own limit is that of operators, a thousand.
const DEEPEST: usize = 2000;

/// How tightly something holds together, loosest first. A test for null, LIKE, BETWEEN and IN are taken as `=` is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
enum Level {
    Or,
    And,
    Not,
    Equal,
    Compare,
    Bits,
    Sum,
    Product,
    Concat,
    Collate,
    Sign,
    Whole,
}

impl Level {
    /// The next tighter one.
    fn tighter(self) -> Self {
        match self {
            Self::Or => Self::And,
            Self::And => Self::Not,
            Self::Not => Self::Equal,
            Self::Equal => Self::Compare,
            Self::Compare => Self::Bits,
            Self::Bits => Self::Sum,
            Self::Sum => Self::Product,
            Self::Product => Self::Concat,
            Self::Concat => Self::Collate,
            Self::Collate => Self::Sign,
            Self::Sign | Self::Whole => Self::Whole,
        }
    }

    /// That of an operator between two operands.
    fn of(operator: &str) -> Option<Self> {
        Some(match operator {
            "or" => Self::Or,
            "and" => Self::And,
            "=" | "<>" => Self::Equal,
            "<" | "<=" | ">" | ">=" => Self::Compare,
            "&" | "|" | "<<" | ">>" => Self::Bits,
            "+" | "-" => Self::Sum,
            "*" | "/" | "%" => Self::Product,
            "||" | "->" | "->>" => Self::Concat,
            _ => return None,
        })
    }
}

/// A part of an expression in its new words.
struct Phrase {
    words: Vec<String>,
    level: Level,
    /// Where the word of a relation stands that could have NOT before it.
    relation: Option<usize>,
}

impl Phrase {
    fn whole(words: Vec<String>) -> Self {
        Self::of(words, Level::Whole)
    }

    fn of(words: Vec<String>, level: Level) -> Self {
        Self { words, level, relation: None }
    }

    /// Its words where something as tight must stand.
    fn within(self, level: Level) -> Vec<String> {
        if self.level >= level { self.words } else { grouped(self.words) }
    }

    /// Itself before an operator and what stands behind that.
    fn followed(self, level: Level, rest: impl IntoIterator<Item = String>) -> Self {
        let mut words = self.within(level);
        words.extend(rest);
        Self::of(words, level)
    }

    /// Its opposite. Source: SQLite, `parse.y`, `expr`: of `not a in …` and `a not in …` the same is made, and so of LIKE and
    /// its kin and of BETWEEN.
    fn negated(self) -> Self {
        let Some(place) = self.relation else {
            let words = [owned(["not"]), self.within(Level::Not)].concat();
            return Self::of(words, Level::Not);
        };
        let mut words = self.words;
        words.insert(place, "not".to_owned());
        Self::of(words, self.level)
    }
}

fn grouped(inside: Vec<String>) -> Vec<String> {
    let mut words = vec!["(".to_owned()];
    words.extend(inside);
    words.push(")".to_owned());
    words
}

fn owned<const N: usize>(words: [&str; N]) -> Vec<String> {
    words.map(str::to_owned).to_vec()
}

/// Words an expression anew; none where it holds something that is not read here.
pub(super) fn worded(words: &[String]) -> Option<Vec<String>> {
    let mut reader = Reader { words, at: 0, depth: 0 };
    let phrase = reader.expression(Level::Or)?;
    (reader.at == words.len()).then_some(phrase.words)
}

/// Words an expression anew that is nothing but the name of a column.
pub(super) fn name(words: &[String]) -> Option<Vec<String>> {
    let worded = worded(words)?;
    let mut reader = Reader { words: &worded, at: 0, depth: 0 };
    let name = reader.name()?;
    (reader.at == worded.len()).then_some(name)
}

/// Takes the collation off with which an expression ends as a whole, and words the rest anew.
pub(super) fn without_collation(words: &[String]) -> Option<(Vec<String>, Option<String>)> {
    let (mut words, mut collation) = (words.to_vec(), None);
    loop {
        let mut reader = Reader { words: &words, at: 0, depth: 0 };
        let phrase = reader.expression(Level::Or)?;
        if reader.at != words.len() {
            return None;
        }
        let ends = phrase.level == Level::Collate;
        words = phrase.words;
        if !ends {
            return Some((words, collation));
        }
        // Of several the last counts.
        let name = words.pop();
        collation = collation.or(name);
        words.pop();
    }
}

/// A walk along the words of an expression.
struct Reader<'w> {
    words: &'w [String],
    at: usize,
    depth: usize,
}

impl Reader<'_> {
    fn peek(&self, ahead: usize) -> &str {
        self.words.get(self.at + ahead).map_or("", String::as_str)
    }

    fn take(&mut self, word: &str) -> bool {
        let there = self.peek(0) == word;
        self.at += usize::from(there);
        there
    }

    fn expect(&mut self, word: &str) -> Option<()> {
        self.take(word).then_some(())
    }

    /// An operand and the operators behind it that are at least so tight.
    fn expression(&mut self, at_least: Level) -> Option<Phrase> {
        self.depth += 1;
        if self.depth > DEEPEST {
            return None;
        }
        let mut phrase = self.operand()?;
        loop {
            let operator = self.peek(0).to_owned();
            let level = match operator.as_str() {
                "collate" => Level::Collate,
                "is" | "isnull" | "notnull" | "not" | "in" | "between" | "like" | "glob" | "regexp" | "match" => {
                    Level::Equal
                }
                operator => match Level::of(operator) {
                    Some(level) => level,
                    None => break,
                },
            };
            if level < at_least {
                break;
            }
            self.at += 1;
            phrase = self.after(phrase, &operator, level)?;
        }
        self.depth -= 1;
        Some(phrase)
    }

    /// What an operator makes of the operand before it.
    fn after(&mut self, operand: Phrase, operator: &str, level: Level) -> Option<Phrase> {
        match operator {
            "isnull" => Some(operand.followed(level, owned(["is", "null"]))),
            "notnull" => Some(operand.followed(level, owned(["is", "not", "null"]))),
            "collate" => {
                let name = self.words.get(self.at)?.clone();
                self.at += 1;
                Some(operand.followed(level, ["collate".to_owned(), name]))
            }
            "is" => self.identity(operand),
            "not" if self.take("null") => Some(operand.followed(level, owned(["is", "not", "null"]))),
            "not" => {
                let operator = self.words.get(self.at)?.clone();
                self.at += 1;
                self.relation(operand, &operator, true)
            }
            "in" | "between" | "like" | "glob" | "regexp" | "match" => self.relation(operand, operator, false),
            _ => {
                let mut rest = vec![operator.to_owned()];
                rest.extend(self.expression(level.tighter())?.within(level.tighter()));
                Some(operand.followed(level, rest))
            }
        }
    }

    /// IS and its forms; IS NOT DISTINCT FROM is another word for IS.
    fn identity(&mut self, operand: Phrase) -> Option<Phrase> {
        let mut negated = self.take("not");
        if self.peek(0) == "distinct" && self.peek(1) == "from" {
            self.at += 2;
            negated = !negated;
        }
        let mut rest = owned(["is"]);
        if negated {
            rest.push("not".to_owned());
        }
        rest.extend(self.expression(Level::Compare)?.within(Level::Compare));
        Some(operand.followed(Level::Equal, rest))
    }

    /// IN, BETWEEN and LIKE with its kin, perhaps behind NOT.
    fn relation(&mut self, operand: Phrase, operator: &str, negated: bool) -> Option<Phrase> {
        let mut rest = owned([operator]);
        match operator {
            "in" => rest.extend(self.members()?),
            "between" => {
                rest.extend(self.expression(Level::Not)?.within(Level::Compare));
                self.expect("and")?;
                rest.push("and".to_owned());
                rest.extend(self.expression(Level::Compare)?.within(Level::Compare));
            }
            "like" | "glob" | "regexp" | "match" => {
                rest.extend(self.expression(Level::Compare)?.within(Level::Bits));
                if self.take("escape") {
                    rest.push("escape".to_owned());
                    rest.extend(self.expression(Level::Compare)?.within(Level::Bits));
                }
            }
            _ => return None,
        }
        let first = operand.within(Level::Equal);
        let relation = Some(first.len());
        let phrase = Phrase { words: [first, rest].concat(), level: Level::Equal, relation };
        Some(if negated { phrase.negated() } else { phrase })
    }

    /// What follows IN: a list, a query or the name of a table.
    fn members(&mut self) -> Option<Vec<String>> {
        if self.is_query() {
            return self.group();
        }
        if self.take("(") {
            return Some(grouped(self.list()?));
        }
        let name = self.name()?;
        (self.peek(0) != "(").then_some(name)
    }
}
