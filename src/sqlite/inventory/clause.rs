//! The clauses of a query in a view or a trigger, worded anew: new names with AS, joins without words that say nothing, and
//! what it is ordered, grouped and limited by as expressions.
//!
//! A computed column of a view that is given no name is called by its own text, which therefore stays. What cannot be read
//! stays, too. What a statement of a trigger writes is worded in [`assignment`].

use super::words::{self, RESERVED, is_among};
use super::{assignment, expression};

/// Words and signs before which a list ends.
const BEHIND: &str = " ; ) from where group having order limit union except intersect returning begin ";
/// Words before which the name of a table or a query ends, and what is said of how it is joined begins.
const JOINS: &str = " , join natural left right full cross on using indexed not ";

/// How a clause is worded, behind the words with which it begins.
type Reword = fn(&[String]) -> Vec<String>;

/// Words each clause anew.
pub(super) fn worded(words: Vec<String>) -> Vec<String> {
    let words = assignment::replacing(joins(words));
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
        ("group" | "partition", "by") => Some(|list| each(list, expression::worded)),
        (_, "limit") => Some(limit),
        (_, "set") => Some(|list| each(list, assignment::assigned)),
        (_, "values") => Some(assignment::rows),
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
pub(super) fn end(words: &[String], behind: &str) -> usize {
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
pub(super) fn each(list: &[String], reword: fn(&[String]) -> Option<Vec<String>>) -> Vec<String> {
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

/// The columns of a result; ALL says nothing.
fn results(list: &[String]) -> Vec<String> {
    let result = |words: &[String]| named(words).or_else(|| expression::name(words));
    match list {
        [all, rest @ ..] if all == "all" => each(rest, result),
        [distinct, rest @ ..] if distinct == "distinct" => [vec![distinct.clone()], each(rest, result)].concat(),
        list => each(list, result),
    }
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
    // A column is called by its own name anyway.
    let renames = expression != [name.as_str()];
    is_name.then(|| if renames { [expression, vec!["as".to_owned(), name]].concat() } else { expression })
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

/// How many rows are given, and behind how many others; before a comma the latter stands first.
fn limit(list: &[String]) -> Vec<String> {
    let number = |words: &[String]| expression::worded(words).unwrap_or_else(|| worded(words.to_vec()));
    let place = end(list, " , offset ");
    let (first, second) = (number(&list[..place]), list.get(place + 1..).map(number));
    let (count, offset) = match second {
        Some(second) if list[place] == "," => (second, Some(first)),
        second => (first, second),
    };
    let offset = offset.map(|offset| [vec!["offset".to_owned()], offset].concat());
    [count, offset.unwrap_or_default()].concat()
}

/// The tables and queries from which something is read, and how they are joined.
///
/// Source: SQLite, `parse.y`, `joinop`: a comma is another spelling of JOIN. CROSS JOIN asks for an order of reading.
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
        all.push("join".to_owned());
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
    let given = name.map_or_else(|| worded(given.to_vec()), |name| vec!["as".to_owned(), name]);
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
            (
                "select t.a from t join main.u as w join u",
                &["select t.a from t, main.u w, u", "select t.a from t inner join main.u w join u"],
            ),
            ("select t.a from t join u left join w on u.b = w.b", &["select t.a from t, u left join w on (u.b = w.b)"]),
            (
                "select a from t limit 2 offset 1",
                &["select a from t limit 1, 2", "select a from t limit (2) offset (1)"],
            ),
            ("select a from t limit 2 + 1", &["select a from t limit (2 + 1)"]),
            (
                "select a, b from t",
                &["select all a, b from t", "select (a), (b) as b from t", "select a as a, b b from t"],
            ),
            ("select distinct t.a from t", &["select distinct (t.a) from t"]),
            ("select count(*) as n, count(a) as m from t", &["select count() n, count(all (a)) m from t"]),
            (
                "select a from t where a not in (select a from u)",
                &["select a from t where not a in (select (a) from u)"],
            ),
            (
                "select sum(a) over (partition by b, a order by a) as s from t",
                &["select sum(a) over (partition by (b), (a) order by (a) asc) s from t"],
            ),
            (
                "select row_number() over w as n from t window w as (order by a)",
                &["select row_number() over w as n from t window w as (order by (a) asc)"],
            ),
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
            "select (a + 1), t.* from t cross join u",
            "select b as a, t.a as a from t",
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
