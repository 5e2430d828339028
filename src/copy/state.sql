-- Asked first, because `if not exists` alone still needs the right to create schemas.
do $$ begin
    if not exists (select from pg_catalog.pg_namespace where nspname = 'strait') then
        create schema strait;
    end if;
end $$;
create table if not exists strait.run (
    id bigint generated always as identity primary key,
    target_schema text not null,
    source text not null,
    version text not null,
    started_at timestamptz not null default now(),
    finished_at timestamptz,
    undone_at timestamptz
);
-- How its values were read: a row that was set aside must be read in the same way when it is loaded later.
do $$ begin
    if not exists (select from pg_catalog.pg_attribute where attrelid = 'strait.run'::regclass and attname = 'choices') then
        alter table strait.run add column schema_file text, add column choices json;
    end if;
end $$;
-- What a run changed and how to take it back; carried out last first.
create table if not exists strait.undo (
    id bigint generated always as identity primary key,
    run bigint not null references strait.run,
    reverse text not null
);
-- Rows that were set aside: each stored value as a SQL literal of the source.
create table if not exists strait.reject (
    id bigint generated always as identity primary key,
    run bigint not null references strait.run,
    table_name text not null,
    row_key text not null,
    column_name text,
    reason text not null,
    stored json not null
);
-- Of a row with a value too long to be kept whole: what the whole row is known by, in hex.
do $$ begin
    if not exists (select from pg_catalog.pg_attribute where attrelid = 'strait.reject'::regclass and attname = 'whole') then
        alter table strait.reject add column whole text;
    end if;
end $$;
