//! What is to be known of a statement by its first words before it runs: how it behaves towards the transaction around it, and
//! whether it may be sent at all.

use crate::schema::Engine;
use crate::schema::language::words::first_words;

/// How many words of a statement are looked at.
const ENOUGH: usize = 40;

/// Why a revision may not reach beyond its database, and what to do.
pub(super) const REACHES: &str = "a revision changes its own database alone, so that its work and its record are committed \
                                  together and nothing else is touched when it is tried; take it out, and do this with a \
                                  program of your own";

/// How a statement behaves towards the transaction around it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Manner {
    /// It runs in a transaction like any other.
    Inside,
    /// The engine refuses it inside a transaction.
    Outside,
    /// It begins a transaction.
    Begins,
    /// It commits a transaction.
    Commits,
    /// It ends a transaction in another way.
    Ends,
    /// It makes a savepoint inside of a transaction, goes back to it or forgets it.
    Marks,
    /// It turns SQLite's foreign keys off or on, which inside a transaction does nothing.
    SwitchesForeignKeys,
}

/// Tells how a statement behaves towards the transaction around it, by its first words.
///
/// Source: PostgreSQL manual, the notes of each command ("cannot be executed inside a transaction block"); SQLite,
/// "VACUUM", "PRAGMA foreign_keys".
pub(crate) fn manner(engine: Engine, text: &str) -> Manner {
    let words = first_words(text, ENOUGH);
    let words: Vec<&str> = words.iter().map(String::as_str).collect();
    match words.as_slice() {
        ["begin", ..] | ["start", "transaction", ..] => Manner::Begins,
        ["commit" | "end", ..] => Manner::Commits,
        ["savepoint" | "release", ..] | ["rollback", "to", ..] | ["rollback", _, "to", ..] => Manner::Marks,
        ["rollback" | "abort", ..] | ["prepare", "transaction", ..] => Manner::Ends,
        ["pragma", pragma, ..] if engine == Engine::Sqlite && pragma.ends_with("foreign_keys") => {
            Manner::SwitchesForeignKeys
        }
        ["vacuum", ..] => Manner::Outside,
        ["attach" | "detach", ..] if engine == Engine::Sqlite => Manner::Outside,
        ["pragma", pragma, ..] if engine == Engine::Sqlite && pragma.ends_with("journal_mode") => Manner::Outside,
        _ if engine == Engine::Postgres && outside_on_postgres(&words) => Manner::Outside,
        _ => Manner::Inside,
    }
}

fn outside_on_postgres(words: &[&str]) -> bool {
    match words {
        ["create" | "drop", "database" | "tablespace" | "subscription", ..] | ["alter", "system", ..] => true,
        ["create" | "drop" | "reindex", ..] => words.contains(&"concurrently"),
        ["alter", "table", ..] => words.contains(&"detach") && words.contains(&"concurrently"),
        ["cluster"] => true,
        _ => false,
    }
}

/// Why a statement of SQLite's reaches for a file other than its database, if it does. What does not stand in its first words
/// SQLite itself refuses when it is asked to run it.
pub(crate) fn reach(text: &str) -> Option<String> {
    let words = first_words(text, ENOUGH);
    let what = match words.iter().map(String::as_str).collect::<Vec<_>>().as_slice() {
        ["attach", ..] => "`attach` opens",
        ["detach", ..] => "`detach` lets go of",
        ["vacuum", rest @ ..] if rest.contains(&"into") => "`vacuum into` writes",
        _ => return None,
    };
    Some(format!("{what} another file: {REACHES}"))
}

/// Why a statement must not be sent, if it must not.
pub(super) fn objection(engine: Engine, sql: &str, in_transaction: bool) -> Option<String> {
    let words = first_words(sql, ENOUGH);
    let first = words.first().map_or("", String::as_str);
    let steers = matches!(manner(engine, sql), Manner::Begins | Manner::Commits | Manner::Ends);
    if steers && in_transaction {
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
    if engine == Engine::Sqlite { reach(sql) } else { None }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn refused(sql: &str, in_transaction: bool) -> Option<String> {
        objection(Engine::Postgres, sql, in_transaction)
    }

    #[test]
    fn a_statement_that_ends_its_transaction_is_refused_inside_one() {
        for sql in ["commit", "  COMMIT;", "-- done\nEnd", "/* a /* b */ */ rollback", "start transaction", "abort"] {
            assert!(refused(sql, true).is_some(), "{sql}");
            assert_eq!(refused(sql, false), None, "{sql}");
        }
        assert!(refused("prepare transaction 'two'", true).is_some());
    }

    #[test]
    fn a_savepoint_and_what_only_sounds_alike_are_let_through() {
        for sql in
            ["savepoint a", "rollback to a", "rollback transaction to savepoint a", "release a", "é", "", "/* open"]
        {
            assert_eq!(refused(sql, true), None, "{sql}");
        }
        assert_eq!(refused("prepare q as select 1", true), None);
        assert_eq!(refused("insert into t values ('commit')", true), None);
    }

    #[test]
    fn rows_that_would_come_from_the_terminal_are_refused() {
        assert!(refused("COPY t (a, b) FROM STDIN with (format csv)", false).is_some_and(|why| why.contains("insert")));
        assert_eq!(refused("copy t from '/data/t.csv'", false), None);
    }

    #[test]
    fn another_file_is_refused_in_and_outside_of_a_transaction() {
        for sql in
            ["attach 'other.db' as other", "-- why\nATTACH DATABASE $1 AS o", "detach other", "vacuum into 'x.db'"]
        {
            assert!(objection(Engine::Sqlite, sql, false).is_some_and(|why| why.contains("another file")), "{sql}");
            assert!(objection(Engine::Sqlite, sql, true).is_some(), "{sql}");
        }
        for sql in ["vacuum", "vacuum main", "select 'attach'", "insert into vacuum values (1)"] {
            assert_eq!(objection(Engine::Sqlite, sql, false), None, "{sql}");
        }
    }

    #[test]
    fn a_statement_that_no_transaction_takes_is_known_by_its_words() {
        let manner = |text| manner(Engine::Postgres, text);
        assert_eq!(manner("create index concurrently i on t (a)"), Manner::Outside);
        assert_eq!(manner("-- why\ncreate unique index concurrently if not exists i on t (a)"), Manner::Outside);
        assert_eq!(manner("vacuum analyze t"), Manner::Outside);
        assert_eq!(manner("alter table t detach partition p concurrently"), Manner::Outside);
        assert_eq!(manner("create index concurrent_i on t (a)"), Manner::Inside);
        assert_eq!(manner("/* x */ BEGIN"), Manner::Begins);
        assert_eq!(manner("commit"), Manner::Commits);
        assert_eq!(manner("savepoint s"), Manner::Marks);
        assert_eq!(manner("rollback to s"), Manner::Marks);
        assert_eq!(manner("rollback"), Manner::Ends);
        assert_eq!(super::manner(Engine::Sqlite, "PRAGMA foreign_keys=OFF"), Manner::SwitchesForeignKeys);
        assert_eq!(super::manner(Engine::Sqlite, "create table pragma_t (a)"), Manner::Inside);
    }
}
