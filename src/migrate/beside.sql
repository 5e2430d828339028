-- $1: schemas in which extensions have put their things, $2: the schema in which scripts are tried. What the former hold that is
-- no extension's and has no name of the latter; indexes are named by statements that change nothing else.
select distinct f.name
from (
    select 'pg_catalog.pg_class'::regclass as class, c.oid, c.relname::text as name, c.relnamespace as schema
    from pg_catalog.pg_class c where c.relkind in ('r', 'p', 'v', 'm', 'f', 'S')
    union all
    select 'pg_catalog.pg_proc'::regclass, p.oid, p.proname::text, p.pronamespace from pg_catalog.pg_proc p
    union all
    select 'pg_catalog.pg_type'::regclass, t.oid, t.typname::text, t.typnamespace
    from pg_catalog.pg_type t where t.typtype in ('e', 'd', 'r') or t.typtype = 'c' and exists (
        select from pg_catalog.pg_class c where c.oid = t.typrelid and c.relkind = 'c')
) f
where f.schema in (select n.oid from pg_catalog.pg_namespace n where n.nspname = any ($1::text[]))
  and not exists (
    select from pg_catalog.pg_depend e where e.classid = f.class and e.objid = f.oid and e.deptype in ('e', 'i'))
  and not exists (
    select from pg_catalog.pg_class c join pg_catalog.pg_namespace n on n.oid = c.relnamespace
    where n.nspname = $2 and c.relname = f.name)
  and not exists (
    select from pg_catalog.pg_proc p join pg_catalog.pg_namespace n on n.oid = p.pronamespace
    where n.nspname = $2 and p.proname = f.name)
  and not exists (
    select from pg_catalog.pg_type t join pg_catalog.pg_namespace n on n.oid = t.typnamespace
    where n.nspname = $2 and t.typname = f.name)
