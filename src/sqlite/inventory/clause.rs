//! The clauses of a query in a view or a trigger, worded anew: new names with AS, joins without words that say nothing, and
//! what it is ordered and grouped by as expressions.
//!
//! A column of a view that is given no name is called by its own text, which therefore stays. What cannot be read stays, too.

use super::expression;
use super::words::{self, RESERVED, is_among};

/// Words and signs before which a list ends.
const BEHIND: &str = " ; ) from where group having order limit union except intersect returning begin ";
/// Words before which the name of a table or a query ends, and what is said of how it is joined begins.
const JOINS: &str = " , join natural left right full cross on using indexed not ";

/// How a clause is worded, behind the words with which it begins.
type Reword = fn(&[String]) -> Vec<String>;

/// Words each clause anew.
pub(super) fn worded(words: Vec<String>) -> Vec<String> {
    let words = joins(words);
    let mut all = Vec::with_capacity(words.len());
    let mut at = 0;
    while at < words.len() {
        all.push(words[at].clone());
        at += 1;
        let Some(reword) = clause(&words, at) else { continue };
        let end = at + end(&words[at..], BEHIND);
        all.extend(reword(&words[at..end]));
        at = end;
    }
    all
}

/// How what follows a place is worded, where a clause begins there.
fn clause(words: &[String], at: usize) -> Option<Reword> {
    let word = |back: usize| at.checked_sub(back).map_or("", |place| words[place].as_str());
    match (word(2), word(1)) {
        (_, "select") => Some(results),
        ("distinct", "from") => None,
        (_, "from") => Some(sources),
        ("order", "by") => Some(|list| each(list, order)),
        ("group", "by") => Some(|list| each(list, expression::worded)),
        _ => None,
    }
}

/// INNER and OUTER say nothing.
fn joins(words: Vec<String>) -> Vec<String> {
    let mut rest = words.into_iter().peekable();
    let mut kept = Vec::with_capacity(rest.len());
    while let Some(word) = rest.next() {
        let is_needless = matches!(word.as_str(), "inner" | "outer") && rest.peek().is_some_and(|next| next == "join");
        if !is_needless {
            kept.push(word);
        }
    }
    kept
}

/// Where the first of some words stands outside of all parentheses.
fn end(words: &[String], behind: &str) -> usize {
    let mut depth = 0_usize;
    for (at, word) in words.iter().enumerate() {
        // IS DISTINCT FROM is an operator.
        let is_operator = word == "from" && at > 0 && words[at - 1] == "distinct";
        match word.as_str() {
            word if depth == 0 && is_among(behind, word) && !is_operator => return at,
            "(" => depth += 1,
            ")" => depth = depth.saturating_sub(1),
            _ => {}
        }
    }
    words.len()
}

/// Words what stands between commas one by one; what cannot be read stays, but for the queries in it.
fn each(list: &[String], reword: fn(&[String]) -> Option<Vec<String>>) -> Vec<String> {
    let (mut all, mut rest) = (Vec::with_capacity(list.len()), list);
    loop {
        let one = end(rest, " , ");
        all.extend(reword(&rest[..one]).unwrap_or_else(|| worded(rest[..one].to_vec())));
        if one == rest.len() {
            return all;
        }
        all.push(",".to_owned());
        rest = &rest[one + 1..];
    }
}

/// The columns of a result.
fn results(list: &[String]) -> Vec<String> {
    let head = usize::from(list.first().is_some_and(|word| matches!(word.as_str(), "distinct" | "all")));
    [list[..head].to_vec(), each(&list[head..], named)].concat()
}

/// An expression with the name that is given to it; none where it is given none.
fn named(words: &[String]) -> Option<Vec<String>> {
    let (name, before) = words.split_last()?;
    let name = as_name(name)?;
    let (said, before) = match before {
        [before @ .., as_] if as_ == "as" => (true, before),
        before => (false, before),
    };
    let (last, read) = (before.last()?, expression::worded(before));
    // What stands behind a parenthesis can be nothing else.
    let is_name = said || read.is_some() && expression::worded(words).is_none() || last == ")";
    let expression = read.unwrap_or_else(|| worded(before.to_vec()));
    is_name.then(|| [expression, vec!["as".to_owned(), name]].concat())
}

/// A word that may be a name; a text is one where a name must stand.
fn as_name(word: &str) -> Option<String> {
    let first = word.chars().next()?;
    match first {
        '\'' => Some(words::written_name(word)),
        _ if first == '"' || first == '_' || first.is_alphabetic() => {
            (!is_among(RESERVED, word)).then(|| word.to_owned())
        }
        _ => None,
    }
}

/// What a result is ordered by: rising is the usual direction, and NULL the least value.
fn order(words: &[String]) -> Option<Vec<String>> {
    let (mut rest, mut nulls) = (words, None);
    if let [before @ .., word, place] = rest
        && word == "nulls"
        && matches!(place.as_str(), "first" | "last")
    {
        (rest, nulls) = (before, Some(place.as_str()));
    }
    let mut falls = false;
    if let [before @ .., direction] = rest
        && !before.is_empty()
        && matches!(direction.as_str(), "asc" | "desc")
    {
        (rest, falls) = (before, direction == "desc");
    }
    let mut all = expression::worded(rest)?;
    all.extend(falls.then(|| "desc".to_owned()));
    let usual = if falls { "last" } else { "first" };
    if let Some(place) = nulls.filter(|place| *place != usual) {
        all.extend(["nulls".to_owned(), place.to_owned()]);
    }
    Some(all)
}

/// The tables and queries from which something is read, and how they are joined.
fn sources(list: &[String]) -> Vec<String> {
    let (mut all, mut rest) = (Vec::with_capacity(list.len()), list);
    loop {
        let source = end(rest, JOINS);
        all.extend(renamed(&rest[..source]));
        let next = end(&rest[source..], " , join ");
        let stops = source + next == rest.len();
        all.extend(worded(rest[source..source + next].to_vec()));
        if stops {
            return all;
        }
        all.push(rest[source + next].clone());
        rest = &rest[source + next + 1..];
    }
}

/// A table or a query with the name that is given to it.
fn renamed(words: &[String]) -> Vec<String> {
    let mut own = match words {
        [open, ..] if open == "(" => 0,
        [_, dot, _, ..] if dot == "." => 3,
        _ => words.len().min(1),
    };
    if words.get(own).is_some_and(|word| word == "(") {
        own += 2 + end(&words[own + 1..], " ) ");
    }
    let Some((source, given)) = words.split_at_checked(own) else { return words.to_vec() };
    let name = match given {
        [name] => as_name(name),
        [as_, name] if as_ == "as" => as_name(name),
        _ => None,
    };
    let given = name.map_or_else(|| given.to_vec(), |name| vec!["as".to_owned(), name]);
    [worded(source.to_vec()), given].concat()
}

#[cfg(test)]
mod tests {
    use super::super::words::{always, of, statement};

    fn worded(sql: &str) -> String {
        statement(of(sql, &always).expect("it can be cut"))
    }

    /// The program that SQLite makes of a query, without the comment in its last column; none of what is no whole statement.
    fn program(sql: &str) -> Option<Vec<String>> {
        let connection = rusqlite::Connection::open_in_memory().expect("a database in memory");
        let tables = ["t", "u", "w"].map(|name| format!("create table {name} (a, b);")).concat();
        connection.execute_batch(&tables).expect("tables can be made");
        if sql.starts_with("insert") {
            return None;
        }
        let mut statement = connection.prepare(&format!("explain {sql}")).expect("it is a query");
        let mut rows = statement.raw_query();
        let mut program = Vec::new();
        while let Some(row) = rows.next().expect("a program can be read") {
            let part = |column| format!("{:?}", row.get_ref(column).expect("it has the column"));
            program.push((1..7).map(part).collect::<Vec<_>>().join(" "));
        }
        Some(program)
    }

    #[test]
    fn words_that_may_be_left_out_say_nothing() {
        for (wording, spellings) in [
            (
                "select a as x, b + 1 as y from t",
                &["select a x, (b + 1) y from t", "select a 'x', b+1 as \"y\" from t"][..],
            ),
            ("select u.a from t as u join w as v on u.a = v.a", &["select u.a from t u inner join w v on (u.a = v.a)"]),
            ("select a from t left join u using (a)", &["select a from t left outer join u using (a)"]),
            ("select t.a from t, main.u as w", &["select t.a from t, main.u w"]),
            (
                "select a from t order by a, b + 1 desc",
                &["select a from t order by (a) asc, (b + (1)) desc nulls last"],
            ),
            ("select count(*) as n from t group by a, b", &["select count(*) n from t group by (a), ((b))"]),
            ("select x.b from (select a as b from t) as x", &["select x.b from (select a b from t) x"]),
            ("select (select b as c from u) as d from t", &["select (select b c from u) d from t"]),
            (
                "select row_number() over (order by a) as n from t",
                &["select row_number() over (order by (a)) n from t"],
            ),
            ("select case when a > 1 then b end as c from t", &["select case when (a) > 1 then b end c from t"]),
            (
                "insert into u select a as b from t where a > 1.0; end",
                &["insert into u select a b from t where a > 1e0; end"],
            ),
            ("select a is not b as c from t", &["select a is distinct from (b) c from t"]),
        ] {
            for spelling in spellings {
                assert_eq!(worded(spelling), wording, "{spelling}");
                assert_eq!(program(spelling), program(wording), "{spelling}");
            }
            assert_eq!(worded(wording), wording);
        }
    }

    #[test]
    fn what_says_something_stays() {
        for sql in [
            "select (a) from t",
            "select (a + 1), t.* from t cross join u",
            "select a from t natural join u order by b desc nulls first",
            "select a from t indexed by i where a is null",
            "select a from t order by sum(b) over (order by a rows between 1 preceding and current row)",
            "select a collate nocase from t order by a collate nocase limit 1 offset 2",
            "select window from t as window",
        ] {
            assert_eq!(worded(sql), sql);
        }
    }
}
