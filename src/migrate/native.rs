//! What is to be known of a statement in one engine's own SQL before it runs: whether it may run in a transaction, or
//! steers one itself.

use crate::schema::Engine;
use crate::schema::language::words::first_words;

/// How many words of a statement are looked at.
const ENOUGH: usize = 40;

/// How a statement behaves towards the transaction around it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Manner {
    /// It runs in a transaction like any other.
    Inside,
    /// The engine refuses it inside a transaction.
    Outside,
    /// It begins a transaction.
    Begins,
    /// It commits a transaction.
    Commits,
    /// It steers a transaction in another way.
    Steers,
    /// It turns SQLite's foreign keys off or on, which inside a transaction does nothing.
    SwitchesForeignKeys,
}

/// Tells how a statement behaves towards the transaction around it, by its first words.
///
/// Source: PostgreSQL manual, the notes of each command ("cannot be executed inside a transaction block"); SQLite,
/// "VACUUM", "PRAGMA foreign_keys".
pub(super) fn manner(engine: Engine, text: &str) -> Manner {
    let words = first_words(text, ENOUGH);
    let words: Vec<&str> = words.iter().map(String::as_str).collect();
    match words.as_slice() {
        ["begin", ..] | ["start", "transaction", ..] => Manner::Begins,
        ["commit" | "end", ..] => Manner::Commits,
        ["rollback" | "abort" | "savepoint" | "release", ..] | ["prepare", "transaction", ..] => Manner::Steers,
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

/// Tells whether SQLite's foreign keys must be off around a statement: dropping a table deletes its rows first, and with
/// them those that refer to it.
///
/// Source: SQLite, "SQLite Foreign Key Support", 5.
pub(super) fn drops_a_table(text: &str) -> bool {
    matches!(first_words(text, ENOUGH).as_slice(), [drop, table, ..] if drop == "drop" && table == "table")
}

/// Tells whether a statement may commit by itself, which it can only outside a transaction.
pub(super) fn may_commit(engine: Engine, text: &str) -> bool {
    engine == Engine::Postgres && matches!(first_words(text, 1).first().map(String::as_str), Some("call" | "do"))
}

/// Tells whether a statement sets something for the session that later statements go by.
pub(super) fn sets_session(engine: Engine, text: &str) -> bool {
    const PRAGMAS: [&str; 6] = [
        "legacy_alter_table",
        "recursive_triggers",
        "ignore_check_constraints",
        "writable_schema",
        "case_sensitive_like",
        "busy_timeout",
    ];
    let words = first_words(text, ENOUGH);
    match (engine, words.iter().map(String::as_str).collect::<Vec<_>>().as_slice()) {
        (Engine::Postgres, ["set", "local" | "transaction" | "constraints", ..]) => false,
        (Engine::Postgres, ["set" | "reset", ..] | ["select", "set_config", ..] | ["select", _, "set_config", ..]) => {
            true
        }
        (Engine::Sqlite, ["pragma", pragma, ..]) => PRAGMAS.contains(pragma),
        _ => false,
    }
}

/// Tells whether a statement attaches a file to the session, or lets go of one.
pub(super) fn attaches(text: &str) -> bool {
    matches!(first_words(text, ENOUGH).first().map(String::as_str), Some("attach" | "detach"))
}

/// Tells whether a statement does no harm when it runs twice.
pub(super) fn may_run_again(text: &str) -> bool {
    let words = first_words(text, ENOUGH);
    matches!(words.first().map(String::as_str), Some("vacuum" | "reindex" | "analyze" | "cluster" | "alter"))
        || words.windows(2).any(|pair| pair[0] == "if" && pair[1] == "exists")
}

/// The table into which a statement writes rows, in lower case, as far as its first words tell.
pub(super) fn written_table(text: &str) -> Option<String> {
    let words = first_words(text, ENOUGH);
    match words.iter().map(String::as_str).collect::<Vec<_>>().as_slice() {
        ["insert", "into", table, ..] | ["update", table, ..] | ["delete", "from", table, ..] => {
            Some((*table).to_owned())
        }
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

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
        assert_eq!(manner("savepoint s"), Manner::Steers);
        assert_eq!(super::manner(Engine::Sqlite, "PRAGMA foreign_keys=OFF"), Manner::SwitchesForeignKeys);
        assert_eq!(super::manner(Engine::Sqlite, "create table pragma_t (a)"), Manner::Inside);
    }

    #[test]
    fn what_is_set_for_a_session_is_told_from_what_is_not() {
        for text in ["set search_path = app", "RESET role", "select pg_catalog.set_config('search_path', '', false)"] {
            assert!(sets_session(Engine::Postgres, text), "{text}");
        }
        for text in ["set local search_path = app", "set constraints all deferred", "select 1", "update t set a = 1"] {
            assert!(!sets_session(Engine::Postgres, text), "{text}");
        }
        assert!(sets_session(Engine::Sqlite, "pragma recursive_triggers = on"));
        assert!(!sets_session(Engine::Sqlite, "pragma user_version = 4"));
        assert!(attaches("attach 'other.db' as other") && !attaches("select 'attach'"));
    }

    #[test]
    fn sqlite_names_a_table_in_four_ways() {
        for text in ["drop table [a b]", "drop table `a b`", "drop table \"a b\"", "drop table 'a b'"] {
            assert!(drops_a_table(text), "{text}");
        }
    }
}
