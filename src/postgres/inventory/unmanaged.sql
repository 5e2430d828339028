-- $1: the home schema, $2: whether other schemas are described, too. What is there and is not: kind, name, and why.
with outside as (
    select n.oid, n.nspname || '.' as prefix
    from pg_catalog.pg_namespace n
    where not $2::boolean and n.nspname not in ($1, 'strait', 'information_schema') and n.nspname not like 'pg\_%'
),
-- Any schema of the user's own.
anywhere as (
    select n.oid, case when n.nspname = $1 then '' else n.nspname || '.' end as prefix
    from pg_catalog.pg_namespace n
    where n.nspname not in ('strait', 'information_schema') and n.nspname not like 'pg\_%'
),
-- What belongs to an extension or a type is told there; what has an oid below this one came with the server.
found (class, oid, kind, name, why) as (
    select 'pg_catalog.pg_class'::regclass, c.oid, case c.relkind when 'v' then 'view' when 'm' then 'materialized view'
        when 'f' then 'foreign table' when 'S' then 'sequence' else 'table' end, o.prefix || c.relname, 'it lies in another schema'
    from pg_catalog.pg_class c join outside o on o.oid = c.relnamespace
    where c.relkind in ('r', 'p', 'v', 'm', 'f') or c.relkind = 'S' and not exists (
        select from pg_catalog.pg_depend d
        where d.classid = 'pg_catalog.pg_class'::regclass and d.objid = c.oid and d.refobjsubid > 0 and d.deptype in ('a', 'i'))
    union all
    select 'pg_catalog.pg_class'::regclass, c.oid, case c.relkind when 'v' then 'view' when 'm' then 'materialized view'
        when 'f' then 'foreign table' when 'S' then 'sequence' else 'table' end, 'strait.' || c.relname,
        'it lies in the schema of strait''s own records'
    from pg_catalog.pg_class c
    where c.relnamespace = (select n.oid from pg_catalog.pg_namespace n where n.nspname = 'strait' and $1 <> 'strait')
      and c.relkind in ('r', 'p', 'v', 'm', 'f')
      and c.relname not in ('version', 'history', 'refinery_schema_history', 'run', 'undo', 'reject')
    union all
    select 'pg_catalog.pg_database'::regclass, 16384, 'owner', format('%s of %s object%s', pg_get_userbyid(o.owner), o.objects,
        case when o.objects <> 1 then 's' end), 'owners are not compared'
    from (
        -- Told only where not everything has one owner.
        select w.owner, count(*) as objects, count(*) over () as owners
        from (
            select c.oid, c.relowner as owner, 'pg_catalog.pg_class'::regclass as class
            from pg_catalog.pg_class c join anywhere a on a.oid = c.relnamespace
            where c.relkind in ('r', 'p', 'v', 'm', 'f', 'S') and (a.prefix = '' or $2::boolean)
            union all
            select f.oid, f.proowner, 'pg_catalog.pg_proc'::regclass
            from pg_catalog.pg_proc f join anywhere a on a.oid = f.pronamespace where a.prefix = '' or $2::boolean
            union all
            select t.oid, t.typowner, 'pg_catalog.pg_type'::regclass
            from pg_catalog.pg_type t join anywhere a on a.oid = t.typnamespace
            where t.typtype in ('e', 'd', 'r') and (a.prefix = '' or $2::boolean)
        ) w
        where not exists (
            select from pg_catalog.pg_depend e where e.classid = w.class and e.objid = w.oid and e.deptype in ('e', 'i'))
        group by w.owner
    ) o where o.owners > 1
    union all
    select 'pg_catalog.pg_proc'::regclass, f.oid, case f.prokind when 'p' then 'procedure' when 'a' then 'aggregate' else 'function' end,
        format('%s%s(%s)', o.prefix, f.proname, oidvectortypes(f.proargtypes)), 'it lies in another schema'
    from pg_catalog.pg_proc f join outside o on o.oid = f.pronamespace
    where not exists (
        select from pg_catalog.pg_depend d
        where d.classid = 'pg_catalog.pg_proc'::regclass and d.objid = f.oid and d.deptype = 'i')
    union all
    select 'pg_catalog.pg_type'::regclass, t.oid, case t.typtype when 'e' then 'enum' when 'd' then 'domain' when 'r' then 'range type'
        else 'type' end, o.prefix || t.typname, 'it lies in another schema'
    from pg_catalog.pg_type t join outside o on o.oid = t.typnamespace
    left join pg_catalog.pg_class c on c.oid = t.typrelid
    where t.typtype in ('e', 'd', 'r') or t.typtype = 'c' and c.relkind = 'c' or t.typtype = 'p' and not t.typisdefined
    union all
    select 'pg_catalog.pg_type'::regclass, t.oid, 'base type', a.prefix || t.typname, 'it is made of C functions'
    from pg_catalog.pg_type t join anywhere a on a.oid = t.typnamespace
    where t.typtype = 'b' and t.typelem = 0
    union all
    select 'pg_catalog.pg_event_trigger'::regclass, e.oid, 'event trigger', e.evtname, 'it belongs to the whole database'
    from pg_catalog.pg_event_trigger e
    union all
    select 'pg_catalog.pg_publication'::regclass, p.oid, 'publication', p.pubname, 'replication is set up apart from the structure'
    from pg_catalog.pg_publication p
    union all
    -- Before version 14, not everybody may read its oid.
    select 'pg_catalog.pg_subscription'::regclass, 16384, 'subscription', s.subname, 'replication is set up apart from the structure'
    from pg_catalog.pg_subscription s where s.subdbid = (select d.oid from pg_catalog.pg_database d where d.datname = current_database())
    union all
    select 'pg_catalog.pg_cast'::regclass, c.oid, 'cast', format('%s as %s', format_type(c.castsource, null), format_type(c.casttarget, null)),
        'casts are not compared'
    from pg_catalog.pg_cast c
    union all
    select 'pg_catalog.pg_operator'::regclass, o.oid, 'operator', a.prefix || o.oprname
        || format('(%s, %s)', format_type(o.oprleft, null), format_type(o.oprright, null)), 'operators are not compared'
    from pg_catalog.pg_operator o join anywhere a on a.oid = o.oprnamespace
    union all
    select 'pg_catalog.pg_opclass'::regclass, o.oid, 'operator class', a.prefix || o.opcname, 'operators are not compared'
    from pg_catalog.pg_opclass o join anywhere a on a.oid = o.opcnamespace
    union all
    select 'pg_catalog.pg_opfamily'::regclass, o.oid, 'operator family', a.prefix || o.opfname, 'operators are not compared'
    from pg_catalog.pg_opfamily o join anywhere a on a.oid = o.opfnamespace
    union all
    select 'pg_catalog.pg_collation'::regclass, c.oid, 'collation', a.prefix || c.collname, 'collations are named, not compared'
    from pg_catalog.pg_collation c join anywhere a on a.oid = c.collnamespace
    union all
    select 'pg_catalog.pg_conversion'::regclass, c.oid, 'conversion', a.prefix || c.conname, 'conversions are not compared'
    from pg_catalog.pg_conversion c join anywhere a on a.oid = c.connamespace
    union all
    select 'pg_catalog.pg_ts_config'::regclass, t.oid, 'text search configuration', a.prefix || t.cfgname, 'text search is not compared'
    from pg_catalog.pg_ts_config t join anywhere a on a.oid = t.cfgnamespace
    union all
    select 'pg_catalog.pg_ts_dict'::regclass, t.oid, 'text search dictionary', a.prefix || t.dictname, 'text search is not compared'
    from pg_catalog.pg_ts_dict t join anywhere a on a.oid = t.dictnamespace
    union all
    select 'pg_catalog.pg_ts_parser'::regclass, t.oid, 'text search parser', a.prefix || t.prsname, 'text search is not compared'
    from pg_catalog.pg_ts_parser t join anywhere a on a.oid = t.prsnamespace
    union all
    select 'pg_catalog.pg_ts_template'::regclass, t.oid, 'text search template', a.prefix || t.tmplname, 'text search is not compared'
    from pg_catalog.pg_ts_template t join anywhere a on a.oid = t.tmplnamespace
    union all
    select 'pg_catalog.pg_foreign_data_wrapper'::regclass, w.oid, 'foreign data wrapper', w.fdwname, 'it belongs to the whole database'
    from pg_catalog.pg_foreign_data_wrapper w
    union all
    select 'pg_catalog.pg_foreign_server'::regclass, s.oid, 'foreign server', s.srvname, 'it belongs to the whole database'
    from pg_catalog.pg_foreign_server s
    union all
    select 'pg_catalog.pg_user_mapping'::regclass, m.umid, 'user mapping', m.usename || ' on ' || m.srvname, 'it belongs to the whole database'
    from pg_catalog.pg_user_mappings m
    union all
    select 'pg_catalog.pg_language'::regclass, l.oid, 'language', l.lanname, 'it belongs to the whole database'
    from pg_catalog.pg_language l
    union all
    select 'pg_catalog.pg_am'::regclass, m.oid, 'access method', m.amname, 'it belongs to the whole database'
    from pg_catalog.pg_am m
    union all
    select 'pg_catalog.pg_transform'::regclass, t.oid, 'transform', format('%s for %s', format_type(t.trftype, null), l.lanname),
        'it belongs to the whole database'
    from pg_catalog.pg_transform t join pg_catalog.pg_language l on l.oid = t.trflang
    union all
    select 'pg_catalog.pg_default_acl'::regclass, d.oid, 'default privileges', coalesce(n.nspname || ' ', '')
        || 'of ' || pg_get_userbyid(d.defaclrole) || case d.defaclobjtype when 'r' then ' on tables' when 'S' then ' on sequences'
        when 'f' then ' on functions' when 'T' then ' on types' else ' on schemas' end, 'they concern what is yet to be made'
    from pg_catalog.pg_default_acl d left join pg_catalog.pg_namespace n on n.oid = d.defaclnamespace
    union all
    select 'pg_catalog.pg_database'::regclass, 16384, 'setting', s.text, 'it belongs to the whole database'
    from pg_catalog.pg_db_role_setting r cross join lateral (
        -- A value may be a secret.
        select split_part(c, '=', 1) || coalesce(' of ' || nullif(r.setrole, 0)::regrole, '') as text from unnest(r.setconfig) c) s
    where r.setdatabase = (select d.oid from pg_catalog.pg_database d where d.datname = current_database())
)
select f.kind, f.name, f.why
from found f
where f.oid >= 16384 and not exists (
    select from pg_catalog.pg_depend e where e.classid = f.class and e.objid = f.oid and e.deptype in ('e', 'i'))
order by 1, 2
