//! What a statement of a script may not do, because the runner would lose hold of its own transaction or connection.

use crate::schema::language::words::first_words;
/// Why a statement must not be sent, if it must not.
pub(super) fn objection(sql: &str, in_transaction: bool) -> Option<String> {
    let words = first_words(sql, 24);
    let [first, second, third] = [0, 1, 2].map(|index| words.get(index).map_or("", String::as_str));
    let stands_alone = match first {
        "begin" | "commit" | "end" | "abort" => true,
        // `rollback to` goes back to a savepoint of the script's own.
        "rollback" => second != "to" && third != "to",
        "start" => second == "transaction",
        "prepare" => second == "transaction",
        _ => false,
    };
    if stands_alone && in_transaction {
        return Some(format!(
            "`{first}` would end the transaction in which the script and its record are committed together; take it out, \
             or mark the script `-- transaction: none`"
        ));
    }
    let stream = words.iter().find(|word| matches!(word.as_str(), "stdin" | "stdout"));
    if let ("copy", Some(stream)) = (first, stream) {
        return Some(format!(
            "`copy` with `{stream}` needs psql; write `insert` instead, or copy from a file of the server"
        ));
    }
    None
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_statement_that_ends_its_transaction_is_refused_inside_one() {
        for sql in ["commit", "  COMMIT;", "-- done\nEnd", "/* a /* b */ */ rollback", "start transaction", "abort"] {
            assert!(objection(sql, true).is_some(), "{sql}");
            assert_eq!(objection(sql, false), None, "{sql}");
        }
        assert!(objection("prepare transaction 'two'", true).is_some());
    }

    #[test]
    fn a_savepoint_and_what_only_sounds_alike_are_let_through() {
        for sql in
            ["savepoint a", "rollback to a", "rollback transaction to savepoint a", "release a", "é", "", "/* open"]
        {
            assert_eq!(objection(sql, true), None, "{sql}");
        }
        assert_eq!(objection("prepare q as select 1", true), None);
        assert_eq!(objection("insert into t values ('commit')", true), None);
    }

    #[test]
    fn rows_that_would_come_from_the_terminal_are_refused() {
        assert!(
            objection("COPY t (a, b) FROM STDIN with (format csv)", false).is_some_and(|why| why.contains("insert"))
        );
        assert_eq!(objection("copy t from '/data/t.csv'", false), None);
    }
}
