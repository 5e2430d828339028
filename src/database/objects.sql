-- Everything that is no table of the schema in which names are looked up: kind, name, definition.
with home as (
    select n.oid, case when n.nspname = current_schema() then '' else n.nspname || '.' end as prefix
    from pg_catalog.pg_namespace n
    where n.nspname not in ('strait', 'information_schema') and n.nspname not like 'pg\_%'
),
brought as (
    select d.classid, d.objid from pg_catalog.pg_depend d where d.deptype = 'e'
),
relation as (
    select c.oid, c.relkind, h.prefix, h.prefix || c.relname as name
    from pg_catalog.pg_class c join home h on h.oid = c.relnamespace
    where not exists (select from brought b where b.classid = 'pg_catalog.pg_class'::regclass and b.objid = c.oid)
)
select case r.relkind when 'v' then 'view' when 'm' then 'materialized view' when 'f' then 'foreign table' else 'table' end,
    r.name,
    case when r.relkind in ('v', 'm') then pg_get_viewdef(r.oid) else (
        select string_agg(a.attname || ' ' || format_type(a.atttypid, a.atttypmod), ', ' order by a.attname)
        from pg_catalog.pg_attribute a where a.attrelid = r.oid and a.attnum > 0 and not a.attisdropped) end
from relation r where r.relkind in ('v', 'm', 'f') or r.relkind in ('r', 'p') and r.prefix <> ''
union all
select 'sequence', r.name, format('%s %s %s %s', s.seqstart, s.seqincrement, s.seqmin, s.seqmax)
from relation r join pg_catalog.pg_sequence s on s.seqrelid = r.oid
where not exists (
    select from pg_catalog.pg_depend d
    where d.classid = 'pg_catalog.pg_class'::regclass and d.objid = r.oid and d.refobjsubid > 0 and d.deptype in ('a', 'i'))
union all
select case t.typtype when 'e' then 'enum' when 'd' then 'domain' when 'r' then 'range' else 'type' end,
    h.prefix || t.typname,
    coalesce(
        (select string_agg(quote_literal(e.enumlabel), ', ' order by e.enumsortorder)
         from pg_catalog.pg_enum e where e.enumtypid = t.oid),
        (select string_agg(pg_get_constraintdef(k.oid), ' ' order by k.conname)
         from pg_catalog.pg_constraint k where k.contypid = t.oid),
        '') || case when t.typtype = 'd' then ' ' || format_type(t.typbasetype, t.typtypmod) else '' end
from pg_catalog.pg_type t join home h on h.oid = t.typnamespace
left join pg_catalog.pg_class c on c.oid = t.typrelid
where (t.typtype in ('e', 'd', 'r') or t.typtype = 'c' and c.relkind = 'c')
    and not exists (select from brought b where b.classid = 'pg_catalog.pg_type'::regclass and b.objid = t.oid)
union all
select 'function', h.prefix || p.proname || '(' || pg_get_function_identity_arguments(p.oid) || ')', p.prosrc
from pg_catalog.pg_proc p join home h on h.oid = p.pronamespace
where not exists (select from brought b where b.classid = 'pg_catalog.pg_proc'::regclass and b.objid = p.oid)
    -- A range type makes its own.
    and not exists (
        select from pg_catalog.pg_depend d
        where d.classid = 'pg_catalog.pg_proc'::regclass and d.objid = p.oid and d.deptype = 'i')
union all
select 'trigger', t.tgname || ' on ' || r.name, pg_get_triggerdef(t.oid)
from pg_catalog.pg_trigger t join relation r on r.oid = t.tgrelid where not t.tgisinternal
union all
select 'policy', p.polname || ' on ' || r.name,
    concat_ws(' ', pg_get_expr(p.polqual, p.polrelid), pg_get_expr(p.polwithcheck, p.polrelid))
from pg_catalog.pg_policy p join relation r on r.oid = p.polrelid
union all
select 'schema', n.nspname, '' from pg_catalog.pg_namespace n join home h on h.oid = n.oid where n.nspname <> 'public'
union all
select 'extension', e.extname, '' from pg_catalog.pg_extension e where e.extname <> 'plpgsql'
order by 1, 2
