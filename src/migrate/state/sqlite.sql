-- Not `strict`: the application's own SQLite may be older than that, and could then not open its database at all.
-- A row for each head; none at the base.
create table strait_version (
    revision text not null primary key
);
-- What ran, which way, when (UTC) and by whom; rows are only added.
create table strait_history (
    id integer primary key autoincrement,
    revision text not null,
    way text not null,
    outcome text not null,
    statement integer,
    started_at text not null,
    finished_at text not null,
    duration_ms integer,
    applied_by text,
    checksum text,
    tool_version text not null,
    note text
);
