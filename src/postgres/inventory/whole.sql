-- $1: the home schema, $2: whether other schemas, too. The schemas themselves, and the extensions: a document for each.
-- The home has no name of its own: it stands for any.
select json_build_object(
    'kind', 'schema', 'name', case when n.nspname <> $1 then n.nspname else '' end,
    'facts', json_build_object('comment', nullif(d.description, case n.nspname when 'public' then 'standard public schema' end)),
    'acls', json_build_object('grants', case when n.nspacl is not null then json_build_object(
        'owner', pg_get_userbyid(n.nspowner), 'is', n.nspacl::text[],
        -- What everybody may do in the schema that every database is born with, and in one that stands for it.
        -- Source: PostgreSQL manual, "Schemas and Privileges".
        'usual', acldefault('n', n.nspowner)::text[] || case when n.nspname = 'public' or n.nspname like 'strait\_scratch\_%' then array[
            case when current_setting('server_version_num')::int >= 150000 then '=U/' else '=UC/' end
            || pg_get_userbyid(n.nspowner)] end) end),
    'create', case when n.nspname <> $1 then format('create schema %I', n.nspname) end,
    'drop', case when n.nspname <> $1 then format('drop schema %I', n.nspname) end)::text
from pg_catalog.pg_namespace n
left join pg_catalog.pg_description d
    on d.objoid = n.oid and d.classoid = 'pg_catalog.pg_namespace'::regclass and d.objsubid = 0
where n.nspname = $1 or $2::boolean and n.nspname not in ('strait', 'information_schema') and n.nspname not like 'pg\_%'
    and not exists (
        select from pg_catalog.pg_depend e
        where e.classid = 'pg_catalog.pg_namespace'::regclass and e.objid = n.oid and e.deptype = 'e')
union all
select json_build_object('kind', 'extension', 'name', e.extname,
    'create', format('create extension %I', e.extname)
        || case when n.nspname not in ($1, 'pg_catalog') then format(' schema %I', n.nspname) else '' end,
    'drop', format('drop extension %I', e.extname))::text
from pg_catalog.pg_extension e
join pg_catalog.pg_namespace n on n.oid = e.extnamespace
where e.extname <> 'plpgsql'
