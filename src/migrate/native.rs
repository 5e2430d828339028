//! What a script in one engine's own SQL means for the statements after it: what it sets for them, drops, or may do twice.

use crate::schema::Engine;
use crate::schema::language::words::first_words;

/// How many words of a statement are looked at.
const ENOUGH: usize = 40;

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

/// Tells whether a statement does no harm when it runs twice.
pub(super) fn may_run_again(text: &str) -> bool {
    let words = first_words(text, ENOUGH);
    matches!(words.first().map(String::as_str), Some("vacuum" | "reindex" | "analyze" | "cluster" | "alter"))
        || words.windows(2).any(|pair| pair[0] == "if" && pair[1] == "exists")
}

#[cfg(test)]
mod tests {
    use super::*;

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
    }

    #[test]
    fn sqlite_names_a_table_in_four_ways() {
        for text in ["drop table [a b]", "drop table `a b`", "drop table \"a b\"", "drop table 'a b'"] {
            assert!(drops_a_table(text), "{text}");
        }
    }
}
