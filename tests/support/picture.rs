//! A PostgreSQL database as text: every relation, column, constraint, index, sequence and row; two pictures are equal or something changed.

use super::Database;

/// What the system's own schemas hold is no part of a picture.
const OTHERS: &str = "n.nspname !~ '^pg_' and n.nspname <> 'information_schema'";

/// The whole database, schema `strait` with the notes of runs too.
pub(crate) fn picture(database: &Database) -> String {
    drawn(database, OTHERS)
}

/// The database without the notes of runs.
pub(crate) fn picture_without_notes(database: &Database) -> String {
    drawn(database, &format!("{OTHERS} and n.nspname <> 'strait'"))
}

fn drawn(database: &Database, shown: &str) -> String {
    let parts = [
        format!("select 'schema ' || nspname from pg_namespace n where {shown}"),
        format!(
            "select 'column ' || attrelid::regclass::text || '.' || attname || ' ' || format_type(atttypid, atttypmod) || ' ' \
             || attnotnull from pg_attribute a join pg_class c on c.oid = attrelid join pg_namespace n on n.oid = \
             relnamespace where {shown} and attnum > 0 and not attisdropped"
        ),
        format!(
            "select 'constraint ' || conrelid::regclass::text || '.' || conname || ' ' || convalidated || ' ' || \
             pg_get_constraintdef(o.oid) from pg_constraint o join pg_namespace n on n.oid = connamespace where {shown}"
        ),
        format!(
            "select 'index ' || pg_get_indexdef(c.oid) from pg_class c join pg_namespace n on n.oid = relnamespace where \
             {shown} and relkind = 'i'"
        ),
        format!(
            "select 'sequence ' || c.oid::regclass::text || ' ' || coalesce(pg_sequence_last_value(c.oid)::text, 'unused') from \
             pg_class c join pg_namespace n on n.oid = relnamespace where {shown} and relkind = 'S'"
        ),
        // Rows as text, in the order of their text: a table without a key has no other.
        format!(
            "select 'rows ' || c.oid::regclass::text || ' ' || md5(query_to_xml(format('select * from %s t order by \
             t::text', c.oid::regclass), true, false, '')::text) from pg_class c join pg_namespace n on n.oid = \
             relnamespace where {shown} and relkind = 'r'"
        ),
    ];
    database.psql(&format!("select * from ({}) part(line) order by line", parts.join(" union all ")))
}
