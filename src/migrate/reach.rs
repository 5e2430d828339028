//! Whether a script that is tried beside a database in use could reach into it: what it changes there may not come back, as
//! the number of a sequence, and is locked until the trial ends.

use std::borrow::Cow;
use std::ops::Range;

mod lists;
mod said;

use sqlparser::tokenizer::Token;

use self::lists::{PREDEFINED, is_of_the_system, leads_elsewhere};
use self::said::Said;
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
/// Settings that say how patient or talkative a session is.
const PATIENCE: [&str; 5] = [
    "lock_timeout",
    "statement_timeout",
    "idle_in_transaction_session_timeout",
    "transaction_timeout",
    "client_min_messages",
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
    let reaches = |into: &str| Err(ReplayError::Reaches { script: script.to_owned(), into: format!("`{into}`") });
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
        let into = "default privileges, which hold for whatever is made later in the whole database".into();
        return Err(ReplayError::Reaches { script: script.to_owned(), into });
    }
    if matches!(first, "create" | "alter" | "drop") && ELSEWHERE.contains(&second) {
        return reaches(second);
    }
    if text.contains("u&\"") || text.contains("u&'") {
        return reaches("u&");
    }
    // Whoever gets a right is named last; a role that is itself granted is the server's.
    let gets_rights = is_about_rights(statement) && words_of(&text).any(|word| word == "on") || second == "policy";
    let Some(said) = said::read(statement) else {
        return match schemas.iter().find(|schema| names(&text, schema)).map(String::as_str).or(unread(&text)) {
            Some(into) => reaches(into),
            None => Ok(()),
        };
    };
    for said in &said {
        if said.has_escapes() && text.contains('\\') {
            return reaches("\\");
        }
        if let Some(word) = leading(said, first, gets_rights) {
            return reaches(&word);
        }
        if let Some(schema) = schemas.iter().find(|schema| is_named(said, schema)) {
            return reaches(schema);
        }
    }
    Ok(())
}

/// What a statement or a text in it leads to that does not stand there, if it does.
fn leading(said: &Said, first: &str, gets_rights: bool) -> Option<String> {
    let sets = said.is_body || matches!(first, "create" | "alter" | "drop");
    let is_let_through = |word: &str| gets_rights && PREDEFINED.contains(&word);
    let leads = |(word, after): &(String, &[Token])| {
        let next = after.first().and_then(said::word);
        let is_called = after.first() == Some(&Token::LParen);
        // Numbers of a sequence do not come back.
        (word.starts_with("setval") || word.starts_with("nextval")) && !said::names_plainly(after)
            || leads_elsewhere(word)
            || is_of_the_system(word, is_called) && !is_let_through(word)
            || sets && runs(word, next.as_deref(), said.is_body)
            || said.is_body && said::leaves_the_server(word, after)
    };
    said.words().find(leads).map(|(word, _)| word)
}

/// What an unreadable text may lead to, by its mere words.
fn unread(text: &str) -> Option<&str> {
    let leads = |word: &&str| {
        matches!(*word, "setval" | "nextval" | "execute" | "reset" | "set" | "copy" | "load")
            || leads_elsewhere(word)
            || is_of_the_system(word, true)
    };
    words_of(text).find(leads)
}

pub(super) fn words_of(text: &str) -> impl Iterator<Item = &str> {
    text.split(|letter: char| !(letter.is_alphanumeric() || letter == '_')).filter(|word| !word.is_empty())
}

/// Tells whether a word and the next run a text that is put together, or choose where names are looked up. A trigger executes a
/// function by its name; what is reset in parentheses is a table's.
fn runs(word: &str, next: Option<&str>, is_body: bool) -> bool {
    match word {
        "execute" => {
            is_body && next.is_none() || next.is_some_and(|next| !matches!(next, "function" | "procedure" | "on"))
        }
        "set" => matches!(next, Some("schema" | "role" | "session")),
        "reset" => next.is_some_and(|next| is_body || matches!(next, "all" | "role" | "session")),
        _ => false,
    }
}

/// Tells whether something stands behind a schema's name, or such a name in a text, which may be run or be read as a name. What
/// is only a table's name with a column after it is taken for a schema, too.
fn is_named(said: &Said, schema: &str) -> bool {
    let is_before_a_stop = |pair: &[Token]| {
        pair[1] == Token::Period && said::word(&pair[0]).is_some_and(|word| word == schema.to_lowercase())
    };
    said.tokens.windows(2).any(is_before_a_stop) || said.texts().any(|text| names(&text.to_lowercase(), schema))
}

/// Tells whether a schema's name stands in a text, in quotes or not, with a full stop after it.
fn names(text: &str, schema: &str) -> bool {
    let schema = schema.to_lowercase();
    let is_part = |letter: char| letter.is_alphanumeric() || matches!(letter, '_' | '$');
    let is_written = |name: &str| {
        text.match_indices(name).any(|(at, _)| {
            let (before, after) = (&text[..at], &text[at + name.len()..]);
            let after = after.strip_prefix('"').unwrap_or(after).trim_start();
            after.starts_with('.') && !before.ends_with(is_part)
        })
    };
    is_written(&schema) || schema.contains('"') && is_written(&schema.replace('"', "\"\""))
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
        let schemas = ["public".to_owned(), "Else where".to_owned(), "Has \"quotes".to_owned()];
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
            "select setval(format('%I.%I', 'public', 't_id_seq'), 5)",
            "select setval('public'||'.t_id_seq', 5)",
            "select setval('pub'\n'lic.t_id_seq', 5)",
            "select setval(concat_ws('.', 'public', 't_id_seq'), 5)",
            "select setval(E'\\x70ublic.t_id_seq', 5)",
            "select \"setval\"(x::regclass, 5) from t",
            "do $$ declare s text := 'public'; begin perform setval((s||'.t_id_seq')::regclass, 5); end $$",
            "do $$ begin perform nextval(lower('PUBLIC.t_id_seq')); end $$",
            "do $$ begin create function f() returns void language sql as $f$ select setval(x, 1) $f$; end $$",
            "create function f(regclass) returns bigint language sql as 'select nextval($1)'",
            "create aggregate g (bigint) (sfunc = nextval, stype = regclass)",
            "insert into public/**/.t(v) values (1)",
            "delete from public/**/.t",
            "delete from public -- all\n . t",
            "drop table \"Has \"\"quotes\".t",
            "select 'x'::regclass, '\"Has \"\"quotes\".t'::regclass",
            "select ts_stat('select nextval(x)')",
            "alter table t set schema x",
            "insert into t (n) select count(*) from pg_class",
            "select pg_terminate_backend(1)",
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
            "do $$ declare copy text := 'x'; load int; begin insert into t (copy) values (copy); end $$",
            "set local lock_timeout = '3s'",
            "SET statement_timeout TO 0",
            "set session idle_in_transaction_session_timeout = 0",
            "analyze public.t",
            "lock table t in share mode",
            "grant select on t to pg_monitor, pg_read_all_data",
            "revoke all on all tables in schema s from pg_read_all_data",
            "select setval('t_id_seq', 3), nextval('\"T_id_seq\"'::regclass)",
            "select pg_catalog.setval(pg_catalog.pg_get_serial_sequence('t', 'id'), 3)",
            "create table t (id bigint default nextval('s'), pg_id int, lo_price int, reset boolean)",
            "update users set role = 'set role x'",
            "insert into t (v) values ('Reset password'), ('execute it'), ('public')",
            "create table t (id int) -- public.t; reset all",
            "/* execute x */ alter table t reset (fillfactor)",
            "insert into t (pg_id, lo_price) select pg_id, lo_price from u",
        ] {
            assert!(!is_refused(statement), "{statement}");
        }
    }
    #[test]
    fn files_and_programs_are_seen_in_bodies_too() {
        for statement in [
            "do $$ begin copy t to program 'echo x >> f'; end $$",
            "do $$ begin copy t (a, b) from '/tmp/f' with (format csv); end $$",
            "do 'begin copy (select 1) to program $p$echo x$p$; end'",
            "create function f() returns void language sql as $f$ copy t from program 'cat f' $f$",
            "do $$ begin load 'library'; end $$",
            "copy t to '/tmp/f'",
            "select lo_export(1, '/tmp/f')",
            "do $$ begin perform pg_read_file('f'); perform dblink('c', 's'); end $$",
        ] {
            assert!(refuse("V1", statement, &["public".to_owned()]).is_err(), "{statement}");
        }
    }
}
