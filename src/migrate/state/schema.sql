-- A crossing makes the same schema, under the same lock, for its own notes.
select pg_catalog.pg_advisory_xact_lock(1937011297, 0);
-- Asked first, because `if not exists` alone still needs the right to create schemas.
do $$ begin
    if not exists (select from pg_catalog.pg_namespace where nspname = 'strait') then
        create schema strait;
    end if;
end $$;
