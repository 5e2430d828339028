-- A row for each head; none at the base.
create table strait.version (
    revision text primary key
);
-- What ran, which way, when and by whom; rows are only added.
create table strait.history (
    id bigint generated always as identity primary key,
    revision text not null,
    way text not null,
    outcome text not null,
    statement integer,
    started_at timestamptz not null,
    finished_at timestamptz not null,
    duration_ms bigint,
    applied_by text,
    checksum text,
    tool_version text not null,
    note text
);
