-- $1: the home schema, $2: whether other schemas, too. The columns of tables and the fields of types: a document for each.
with place as (
    select n.oid, case when n.nspname = $1 then '' else n.nspname || '.' end as prefix
    from pg_catalog.pg_namespace n
    where n.nspname = $1 or $2::boolean and n.nspname not in ('strait', 'information_schema') and n.nspname not like 'pg\_%'
),
relation as (
    select c.oid, c.relname, c.relowner, c.relkind, p.prefix || c.relname as name
    from pg_catalog.pg_class c join place p on p.oid = c.relnamespace
    where c.relkind in ('r', 'p', 'f', 'c') and not exists (
        select from pg_catalog.pg_depend e
        where e.classid = 'pg_catalog.pg_class'::regclass and e.objid = c.oid and e.deptype = 'e')
),
-- The sequence that a column owns, and what is unusual of it.
owned as materialized (
    select d.refobjid as relation, d.refobjsubid as attnum, d.deptype, s.oid, s.relname, s.relacl, s.relowner,
        s.relnamespace, q.seqtypid, e.description, concat_ws(', ',
            case when q.seqincrement <> 1 then 'increment by ' || q.seqincrement end,
            case when q.seqmin <> b.usual_min then 'minvalue ' || q.seqmin end,
            case when q.seqmax <> b.usual_max then 'maxvalue ' || q.seqmax end,
            case when q.seqstart <> case when q.seqincrement > 0 then q.seqmin else q.seqmax end then 'start with ' || q.seqstart end,
            case when q.seqcache <> 1 then 'cache ' || q.seqcache end,
            case when q.seqcycle then 'cycle' end,
            -- Since version 15 a sequence is unlogged with its table, unless somebody says otherwise.
            case when current_setting('server_version_num')::int >= 150000 and (s.relpersistence = 'u') <> (t.relpersistence = 'u')
                then case s.relpersistence when 'u' then 'unlogged' else 'logged' end end) as options
    from pg_catalog.pg_depend d
    join pg_catalog.pg_class t on t.oid = d.refobjid
    join pg_catalog.pg_class s on s.oid = d.objid and s.relkind = 'S'
    join pg_catalog.pg_sequence q on q.seqrelid = s.oid
    cross join lateral (select
        case when q.seqincrement > 0 then 1 else -case q.seqtypid when 'int2'::regtype then 32768
            when 'int4'::regtype then 2147483648 else 9223372036854775808 end end as usual_min,
        case when q.seqincrement < 0 then -1 else case q.seqtypid when 'int2'::regtype then 32767
            when 'int4'::regtype then 2147483647 else 9223372036854775807 end end as usual_max) b
    left join pg_catalog.pg_description e
        on e.objoid = s.oid and e.classoid = 'pg_catalog.pg_class'::regclass and e.objsubid = 0
    where d.classid = 'pg_catalog.pg_class'::regclass and d.refclassid = 'pg_catalog.pg_class'::regclass
      and d.refobjsubid > 0 and d.deptype in ('a', 'i')
),
-- From version 18 on, what forbids NULL is a constraint of its own.
forbidden as materialized (
    select k.conrelid, k.conkey[1] as attnum,
        concat_ws(', ', case when not k.convalidated then 'not valid' end, case when k.connoinherit then 'no inherit' end) as unusual
    from pg_catalog.pg_constraint k
    where k.contype = 'n' and (not k.convalidated or k.connoinherit)
)
select json_build_object(
    'kind', 'column', 'part_of', r.name, 'name', a.attname,
    'facts', json_build_object(
        'type', format_type(a.atttypid, a.atttypmod),
        'collation', case when a.attcollation <> t.typcollation then case
            when pg_collation_is_visible(l.oid) then quote_ident(l.collname)
            else l.collnamespace::regnamespace::text || '.' || quote_ident(l.collname) end end,
        'not null', case when a.attnotnull then coalesce(u.unusual, 'yes') end,
        -- Said by the table itself, too, so that it stays when the parent's goes.
        'own definition', case when a.attinhcount > 0 and a.attislocal then 'yes' end,
        'kept', case a.attgenerated when 's' then 'stored' when 'v' then 'virtual' end,
        'identity', case a.attidentity when 'a' then 'always' when 'd' then 'by default' end,
        'numbers rows', case when x.serial then 'sequence' end,
        'sequence', case when x.numbered then nullif(concat_ws(', ',
            case when length(r.relname || '_' || a.attname || '_seq') < 64
                and (o.relname <> r.relname || '_' || a.attname || '_seq'
                    or o.relnamespace <> (select c.relnamespace from pg_catalog.pg_class c where c.oid = r.oid))
                then 'named ' || o.oid::regclass::text end,
            case when o.seqtypid <> a.atttypid then 'as ' || format_type(o.seqtypid, null) end, nullif(o.options, '')), '') end,
        'storage', case when a.attstorage <> t.typstorage then
            case a.attstorage when 'p' then 'plain' when 'e' then 'external' when 'x' then 'extended' else 'main' end end,
        'compression', case (select attcompression from (select a.*) known) when 'p' then 'pglz' when 'l' then 'lz4' end,
        'statistics target', case when a.attstattarget >= 0 then a.attstattarget::text end,
        'options', (select string_agg(u.text, ', ' order by u.text)
            from unnest(a.attoptions || a.attfdwoptions) u (text)),
        'comment', e.description,
        'sequence comment', case when x.numbered then o.description end),
    'sql', json_build_object(
        'default', case when a.attgenerated = '' and not x.serial then pg_get_expr(d.adbin, d.adrelid, true) end,
        'generated', case when a.attgenerated <> '' then pg_get_expr(d.adbin, d.adrelid, true) end),
    'acls', json_build_object(
        'grants', case when a.attacl is not null then json_build_object(
            'owner', pg_get_userbyid(r.relowner), 'is', a.attacl::text[], 'usual', acldefault('c', r.relowner)::text[]) end,
        'sequence grants', case when x.numbered and o.relacl is not null then json_build_object(
            'owner', pg_get_userbyid(o.relowner), 'is', o.relacl::text[], 'usual', acldefault('s', o.relowner)::text[]) end),
    'drop', case when r.relkind = 'c' then format('alter type %s drop attribute %I', r.oid::regclass, a.attname)
        else format('alter %stable %s drop column %I', case when r.relkind = 'f' then 'foreign ' end, r.oid::regclass, a.attname) end
)::text
from relation r
join pg_catalog.pg_attribute a on a.attrelid = r.oid and a.attnum > 0 and not a.attisdropped
join pg_catalog.pg_type t on t.oid = a.atttypid
left join pg_catalog.pg_collation l on l.oid = a.attcollation
left join pg_catalog.pg_attrdef d on d.adrelid = a.attrelid and d.adnum = a.attnum
left join pg_catalog.pg_description e
    on e.objoid = a.attrelid and e.classoid = 'pg_catalog.pg_class'::regclass and e.objsubid = a.attnum
left join forbidden u on u.conrelid = a.attrelid and u.attnum = a.attnum
-- Where a version does not know the column, this one is meant.
cross join (select null::"char" as attcompression) unknown
left join lateral (
    select * from owned o where o.relation = a.attrelid and o.attnum = a.attnum
      and (o.deptype = 'i' or a.atthasdef
        and pg_get_expr(d.adbin, d.adrelid) = format('nextval(%L::regclass)', o.oid::regclass::text))
    order by o.deptype desc, o.oid limit 1
) o on true
cross join lateral (select o.oid is not null as numbered, coalesce(o.deptype = 'a', false) as serial) x
order by r.relname, a.attnum
