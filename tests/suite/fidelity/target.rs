//! What a target holds, in the words of `psql`: its rows and its structure.

use std::fmt::Write as _;

use super::exact::text;
use crate::support::Database;

/// A row that is longer is shown by its beginning, its length and its hash.
const LONGEST_ROW: usize = 400;

/// Empties a database for the next case: no schema, type or note of another one stays.
pub(super) fn empty(target: &Database) {
    let schemas = target.psql(
        "select quote_ident(nspname) from pg_namespace where nspname !~ '^pg_' and nspname <> 'information_schema'",
    );
    let drops: String = schemas.lines().map(|schema| format!("drop schema {schema} cascade; ")).collect();
    target.psql(&format!("set client_min_messages = warning; {drops} create schema public;"));
}

/// Columns, keys, indexes, comments, sequences, views: a line for each.
pub(super) fn structure(target: &Database) -> String {
    let text = target.psql(include_str!("structure.sql"));
    if text.is_empty() { text } else { format!("{text}\n") }
}

/// Every row of every table as PostgreSQL writes rows: nothing between commas is NULL, `""` is an empty text.
pub(super) fn rows(target: &Database) -> String {
    let tables = target.psql(
        "select encode(convert_to(quote_ident(nspname) || '.' || quote_ident(relname), 'UTF8'), 'hex') from pg_class c join pg_namespace n on n.oid = \
         relnamespace where relkind in ('r', 'p') and nspname !~ '^pg_' and nspname not in ('information_schema', 'strait') \
         order by nspname collate \"C\", relname collate \"C\"",
    );
    let mut script = String::from(
        "set timezone = 'UTC'; set bytea_output = 'hex'; set intervalstyle = 'postgres'; set datestyle = 'ISO';\n",
    );
    // A name may hold a line break.
    for table in tables.lines().map(text) {
        let called = table.strip_prefix("public.").unwrap_or(&table).replace('\'', "''");
        writeln!(
            script,
            "select '{called}'; select case when length(r) <= {LONGEST_ROW} then '  ' || r else '  ' || left(r, 60) || '… (' || \
             length(r) || ' characters, md5 ' || md5(r) || ')' end from (select \"the row\"::text collate \"C\" as r from {table} \"the row\") x \
             order by r;"
        )
        .expect("a text grows");
    }
    let text = target.psql(&script);
    if text.is_empty() { text } else { format!("{text}\n") }
}
