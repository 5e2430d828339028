//! What a statement of a trigger writes, worded anew: the values of INSERT and UPDATE as expressions.

use super::{clause, expression};

/// REPLACE is another word for INSERT OR REPLACE. Source: SQLite, "REPLACE".
pub(super) fn replacing(words: Vec<String>) -> Vec<String> {
    let mut all: Vec<String> = Vec::with_capacity(words.len());
    let mut rest = words.into_iter().peekable();
    while let Some(word) = rest.next() {
        let is_whole = word == "replace" && rest.peek().is_some_and(|next| next == "into");
        if is_whole && all.last().is_none_or(|before| before != "or") {
            all.extend(["insert", "or"].map(str::to_owned));
        }
        all.push(word);
    }
    all
}

/// One of the assignments behind SET: a name, or some in parentheses, and what is written there.
pub(super) fn assigned(words: &[String]) -> Option<Vec<String>> {
    let place = clause::end(words, " = ");
    let (names, value) = words.split_at_checked(place + 1)?;
    Some([names.to_vec(), expression::worded(value)?].concat())
}

/// The rows behind VALUES, and what happens where one of them is there already.
pub(super) fn rows(words: &[String]) -> Vec<String> {
    let (rows, conflict) = words.split_at(clause::end(words, " on "));
    [clause::each(rows, row), clause::worded(conflict.to_vec())].concat()
}

fn row(words: &[String]) -> Option<Vec<String>> {
    let [open, values @ .., close] = words else { return None };
    let is_row = open == "(" && close == ")" && clause::end(values, " ) ") == values.len();
    is_row.then(|| [vec![open.clone()], clause::each(values, expression::worded), vec![close.clone()]].concat())
}

#[cfg(test)]
mod tests {
    use super::super::words::{always, of, statement};

    fn worded(sql: &str) -> String {
        statement(of(sql, &always).expect("it can be cut"))
    }

    #[test]
    fn what_is_written_gets_one_wording() {
        for (wording, spellings) in [
            ("insert or replace into t values (1)", &["replace into t values ((1))"][..]),
            (
                "insert into t(a, b) values (new.a + 1, 'x'), (2, 3)",
                &["insert into t (a, b) values ((new.a + 1), (('x'))), ((2), 3)"],
            ),
            (
                "insert into t values (new.a) on conflict(a) where a > 0 do update set a = 1, b = excluded.a + 1 where a > 1; end",
                &[
                    "insert into t values ((new.a)) on conflict(a) where (a > 0) do update set a = (1), b = (excluded.a + 1) where (a > 1); end",
                ],
            ),
            (
                "update t set a = new.a + 1, b = 'x' where a = 1; end",
                &["update t set a = (new.a + 1), b = ('x') where (a = 1); end"],
            ),
            ("update t set (a, b) = (1, 2)", &["update t set (a, b) = ((1), (2))"]),
            ("update t set a = (select max(a) from t)", &["update t set a = ((select max(a) from t))"]),
            ("update t set a = b = 1", &["update t set a = (b = 1)"]),
        ] {
            for spelling in spellings {
                assert_eq!(worded(spelling), wording, "{spelling}");
            }
            assert_eq!(worded(wording), wording);
        }
    }

    #[test]
    fn what_writes_something_else_stays() {
        for sql in [
            "insert into t values (1, 2)",
            "insert into t values ((1, 2) = (3, 4))",
            "update t set a = replace(a, 'x', 'y')",
            "update t set a = raise(ignore)",
            "insert into t default values",
        ] {
            assert_eq!(worded(sql), sql);
        }
    }
}
