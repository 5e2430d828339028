//! Whether a script that is tried beside a database in use could reach into it: what it changes there may not come back, as
//! the number of a sequence, and is locked until the trial ends.

use super::replay::ReplayError;
use crate::database::{Database, DatabaseError};

const SCHEMAS: &str = "select nspname::text from pg_catalog.pg_namespace \
                       where nspname not like 'pg\\_%' and nspname <> 'information_schema'";

/// The schemas of a PostgreSQL database that scripts could name.
pub(super) async fn schemas(database: &mut Database) -> Result<Vec<String>, DatabaseError> {
    let rows = database.query("list the schemas", SCHEMAS, &[]).await?;
    Ok(rows.into_iter().flatten().flatten().collect())
}

/// Refuses a statement that names one of these schemas, or chooses for itself where names are looked up.
pub(super) fn refuse(script: &str, statement: &str, schemas: &[String]) -> Result<(), ReplayError> {
    let text = statement.to_lowercase();
    let reaches = |into: &str| ReplayError::Reaches { script: script.to_owned(), into: into.to_owned() };
    if text.contains("search_path") {
        return Err(reaches("search_path"));
    }
    match schemas.iter().find(|schema| names(&text, &schema.to_lowercase())) {
        Some(schema) => Err(reaches(schema)),
        None => Ok(()),
    }
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

#[cfg(test)]
mod tests {
    use super::*;

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
        ] {
            assert!(is_refused(statement), "{statement}");
        }
        for statement in ["create table republic.t (id int)", "select 'public'", "create table public_notes (id int)"] {
            assert!(!is_refused(statement), "{statement}");
        }
    }
}
