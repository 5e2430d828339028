//! Whether a script that is tried beside a database in use could reach into it: what it changes there may not come back, as
//! the number of a sequence, and is locked until the trial ends.

use std::borrow::Cow;
use std::ops::Range;

use super::replay::ReplayError;
use crate::database::{Database, DatabaseError};
use crate::schema::language::words::first_words;

const SCHEMAS: &str = "select nspname::text from pg_catalog.pg_namespace \
                       where nspname not like 'pg\\_%' and nspname <> 'information_schema'";

/// The schemas of a PostgreSQL database that scripts could name.
pub(super) async fn schemas(database: &mut Database) -> Result<Vec<String>, DatabaseError> {
    let rows = database.query("list the schemas", SCHEMAS, &[]).await?;
    Ok(rows.into_iter().flatten().flatten().collect())
}

/// What a statement may begin with: what it does stays in the schema in which it is tried.
const KNOWN: [&str; 15] = [
    "create", "alter", "drop", "do", "comment", "insert", "update", "delete", "with", "merge", "select", "truncate",
    "grant", "revoke", "values",
];
/// What is not the schema's own: it is there for the whole database or the server.
const ELSEWHERE: [&str; 16] = [
    "schema",
    "role",
    "user",
    "group",
    "database",
    "system",
    "tablespace",
    "event",
    "publication",
    "subscription",
    "server",
    "foreign",
    "owned",
    "default",
    "language",
    "large",
];
/// What may lead to names that do not stand in the text.
const LEADS: [&str; 6] = ["search_path", "set_config", "information_schema", "dblink", "u&\"", "u&'"];
/// What is called `pg_` and leads nowhere.
const HARMLESS: [&str; 6] =
    ["pg_get_serial_sequence", "pg_catalog", "pg_sleep", "pg_temp", "pg_trgm", "pg_input_is_valid"];

/// Settings that say how patient or talkative a session is.
const PATIENCE: [&str; 5] = [
    "lock_timeout",
    "statement_timeout",
    "idle_in_transaction_session_timeout",
    "transaction_timeout",
    "client_min_messages",
];
/// The roles that every server has. Source: PostgreSQL manual, "Predefined Roles".
const PREDEFINED: [&str; 16] = [
    "pg_checkpoint",
    "pg_create_subscription",
    "pg_database_owner",
    "pg_execute_server_program",
    "pg_maintain",
    "pg_monitor",
    "pg_read_all_data",
    "pg_read_all_settings",
    "pg_read_all_stats",
    "pg_read_server_files",
    "pg_signal_autovacuum_worker",
    "pg_signal_backend",
    "pg_stat_scan_tables",
    "pg_use_reserved_connections",
    "pg_write_all_data",
    "pg_write_server_files",
];

/// Tells whether a statement makes nothing that could be looked at: it need not be run where scripts are tried, and then it
/// neither waits for what is in use nor holds it up.
pub(super) fn makes_nothing(statement: &str) -> bool {
    let words = first_words(statement, 3);
    match words.iter().map(String::as_str).collect::<Vec<_>>().as_slice() {
        ["analyze" | "analyse" | "lock", ..] => true,
        ["set", "local" | "session", setting, ..] | ["set", setting, ..] => PATIENCE.contains(setting),
        _ => false,
    }
}

/// Refuses a statement that could reach beyond the schema in which it is tried: one that names one of these schemas or asks the
/// catalogue for names, chooses where names are looked up, or is of a kind whose reach cannot be told from its text.
pub(super) fn refuse(script: &str, statement: &str, schemas: &[String]) -> Result<(), ReplayError> {
    let text = statement.to_lowercase();
    let reaches = |into: &str| Err(ReplayError::Reaches { script: script.to_owned(), into: into.to_owned() });
    let words = first_words(statement, 2);
    let mut words = words.iter().map(String::as_str);
    let (first, second) = (words.next().unwrap_or_default(), words.next().unwrap_or_default());
    if makes_nothing(statement) {
        return Ok(());
    }
    if !KNOWN.contains(&first) {
        return reaches(first);
    }
    if (first, second) == ("alter", "default") {
        return reaches("default privileges, which hold for whatever is made later in the whole database");
    }
    if matches!(first, "create" | "alter" | "drop") && ELSEWHERE.contains(&second) {
        return reaches(second);
    }
    if let Some(lead) = LEADS.iter().find(|lead| text.contains(**lead)) {
        return reaches(lead);
    }
    // Whoever gets a right is named last; a role that is itself granted is the server's.
    let gets_rights = is_about_rights(statement) && words_of(&text).any(|word| word == "on") || second == "policy";
    let is_let_through = |word: &str| gets_rights && PREDEFINED.contains(&word);
    if let Some(word) = words_of(&text).find(|word| leads(word) && !is_let_through(word)) {
        return reaches(word);
    }
    // A text with escapes is not what it seems.
    if first == "do" && text.contains('\\') {
        return reaches(first);
    }
    if let Some((word, _)) = words_of(&text).zip(words_of(&text).skip(1)).find(|(word, next)| runs(word, next)) {
        return reaches(word);
    }
    match schemas.iter().find(|schema| names(&text, &schema.to_lowercase())) {
        Some(schema) => reaches(schema),
        None => Ok(()),
    }
}

pub(super) fn words_of(text: &str) -> impl Iterator<Item = &str> {
    text.split(|letter: char| !(letter.is_alphanumeric() || letter == '_')).filter(|word| !word.is_empty())
}

/// Tells whether two words run a text that is put together, or choose where names are looked up. A trigger executes a function
/// by its name.
fn runs(word: &str, next: &str) -> bool {
    match word {
        "execute" => !matches!(next, "function" | "procedure" | "on"),
        "set" => matches!(next, "schema" | "role" | "session"),
        "reset" => true,
        _ => false,
    }
}

fn leads(word: &str) -> bool {
    (word.starts_with("pg_") || word.starts_with("lo_")) && !HARMLESS.contains(&word)
}

/// Tells whether a name stands in a text, in quotes or not, with a full stop after it: also in a literal, which may be run or
/// be read as a name. What is only a table's name with a column after it is taken for a schema, too.
fn names(text: &str, schema: &str) -> bool {
    let is_part = |letter: char| letter.is_alphanumeric() || matches!(letter, '_' | '$');
    text.match_indices(schema).any(|(at, _)| {
        let (before, after) = (&text[..at], &text[at + schema.len()..]);
        let after = after.strip_prefix('"').unwrap_or(after).trim_start();
        after.starts_with('.') && !before.ends_with(is_part)
    })
}

/// A statement that says who may do what in the home schema, said of the schema that stands for it.
pub(super) fn in_its_stead<'t>(statement: &'t str, home: &str, schema: &str) -> Cow<'t, str> {
    if !is_about_rights(statement) {
        return statement.into();
    }
    match schemas_named(statement).into_iter().find(|(_, name)| name == home) {
        Some((place, _)) => format!("{}{schema}{}", &statement[..place.start], &statement[place.end..]).into(),
        None => statement.into(),
    }
}

fn is_about_rights(statement: &str) -> bool {
    matches!(first_words(statement, 1).first().map(String::as_str), Some("grant" | "revoke"))
}

/// The names that follow the word `schema`, and where they stand.
fn schemas_named(statement: &str) -> Vec<(Range<usize>, String)> {
    let lower = statement.to_ascii_lowercase();
    let is_part = |letter: char| letter.is_alphanumeric() || matches!(letter, '_' | '$');
    let name = |(at, word): (usize, &str)| {
        let after = &statement[at + word.len()..];
        let begin = statement.len() - after.trim_start().len();
        if after.trim_start().len() == after.len() || lower[..at].ends_with(is_part) {
            return None;
        }
        let rest = &statement[begin..];
        match rest.strip_prefix('"') {
            Some(inside) => inside.find('"').map(|end| (begin..begin + end + 2, inside[..end].to_owned())),
            None => {
                let end = rest.find(|letter| !is_part(letter)).unwrap_or(rest.len());
                Some((begin..begin + end, rest[..end].to_lowercase()))
            }
        }
    };
    lower.match_indices("schema").filter_map(name).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn rights_in_the_home_are_said_of_what_stands_for_it() {
        let said = |statement: &'static str| in_its_stead(statement, "public", "s").into_owned();
        assert_eq!(said("grant usage on schema public to x"), "grant usage on schema s to x");
        assert_eq!(
            said("GRANT select ON ALL TABLES IN SCHEMA \"public\" TO x"),
            "GRANT select ON ALL TABLES IN SCHEMA s TO x"
        );
        assert_eq!(said("grant usage on schema other to public"), "grant usage on schema other to public");
        assert_eq!(said("comment on schema public is 'x'"), "comment on schema public is 'x'");
    }

    #[test]
    fn a_schema_is_seen_however_it_is_written() {
        let schemas = ["public".to_owned(), "Else where".to_owned()];
        let is_refused = |statement: &str| refuse("V1", statement, &schemas).is_err();
        for statement in [
            "select setval('public.t_id_seq', 10)",
            "insert into PUBLIC.t values (1)",
            "drop table \"public\".t",
            "drop table \"Else where\" . t",
            "do $$ begin execute 'drop table public.t'; end $$",
            "set search_path to public",
            "alter function f() set search_path = ''",
            "set schema 'public'",
            "reset all",
            "call f()",
            "do 'begin set schema ''x''; end'",
            "do E'begin \\x65xecute x; end'",
            "do $$ begin execute x; end $$",
            "drop schema if exists public cascade",
            "alter default privileges grant select on tables to x",
            "insert into U&\"\\0070ublic\".t values (1)",
            "grant pg_monitor to x",
            "set local role x",
            "set session authorization x",
            "set work_mem = '1GB'",
            "vacuum t",
            "select setval(format('%I.%I', schemaname, sequencename), 1) from pg_sequences",
            "create function f() returns void language plpgsql as 'begin execute x; end'",
        ] {
            assert!(is_refused(statement), "{statement}");
        }
        for statement in [
            "create table republic.t (id int)",
            "select 'public'",
            "create table public_notes (id int)",
            "select setval(pg_get_serial_sequence('t', 'id'), 3)",
            "create trigger g before insert on t for each row execute function f()",
            "insert into t (id) values (1) on conflict do nothing",
            "do $$ begin update t set id = 2; end $$",
            "set local lock_timeout = '3s'",
            "SET statement_timeout TO 0",
            "set session idle_in_transaction_session_timeout = 0",
            "analyze public.t",
            "lock table t in share mode",
            "grant select on t to pg_monitor, pg_read_all_data",
            "revoke all on all tables in schema s from pg_read_all_data",
        ] {
            assert!(!is_refused(statement), "{statement}");
        }
    }
}
